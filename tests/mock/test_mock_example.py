"""The example organisation."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest

from ghpackages.testing import EPOCH, MockGitHub, MockOwner, Request

PACKAGE_TYPES = ("container", "docker", "maven", "npm", "nuget", "rubygems")

# Changes whenever the example does: note that in the changelog, others may rely on the data.
FINGERPRINT = "5474fc17e5cb2ffcaee93e63c31c5e89bbba19bf937e1c1acb1c7cae69a14196"


@pytest.fixture(scope="module")
def octo() -> MockOwner:
    """Give the example organisation, not to be changed."""
    return MockGitHub.octo_org().owner("octo-org")


def fingerprint(server: MockGitHub) -> str:
    """Hash everything that the example's packages and versions show."""
    digest = sha256()
    headers = {"host": "api.github.com", "user-agent": "test", "authorization": f"Bearer {server.token}"}
    for owner in (server.owner("octo-org"), server.user):
        kind = "orgs" if owner.type == "Organization" else "users"
        for package in owner.packages:
            path = f"/{kind}/{owner.login}/packages/{package.package_type}/{package.name.replace('/', '%2F')}"
            for asked in (path, f"{path}/versions"):
                digest.update(server.handle(Request("GET", asked, "per_page=100", headers)).body)
    return digest.hexdigest()


def test_it_is_the_same_everywhere() -> None:
    assert fingerprint(MockGitHub.octo_org()) == FINGERPRINT


def test_another_seed_makes_another_one() -> None:
    assert fingerprint(MockGitHub.octo_org(seed=1)) != FINGERPRINT


def test_it_has_the_size_of_a_real_organisation(octo: MockOwner) -> None:
    assert len(octo.packages) == 164
    assert sum(package.versions.count() for package in octo.packages) == 13_973
    assert set(PACKAGE_TYPES) == {package.package_type for package in octo.packages}
    assert {"public", "private", "internal"} == {package.visibility for package in octo.packages}


def test_one_container_has_exactly_3000_active_versions(octo: MockOwner) -> None:
    package = octo.package("container", "web/api")

    assert package is not None
    assert 3000 == package.versions.count() == max(one.versions.count() for one in octo.packages)


def test_some_packages_have_a_single_version(octo: MockOwner) -> None:
    assert any(package.versions.count() == 1 for package in octo.packages)


def test_some_packages_are_unlinked(octo: MockOwner) -> None:
    assert {True, False} == {package.repository is None for package in octo.packages}


def test_images_are_untagged_tagged_and_tagged_repeatedly(octo: MockOwner) -> None:
    package = octo.package("container", "web/api")

    assert package is not None
    assert {0, 1, 2} <= {len(version.tags) for version in package.versions}
    assert [sum("latest" in version.tags for version in package.versions)] == [1]


def test_no_tag_is_on_two_active_versions(octo: MockOwner) -> None:
    for package in octo.packages:
        tags = [tag for version in package.versions if version.deleted_at is None for tag in version.tags]
        assert len(set(tags)) == len(tags)


def test_deletions_are_recent_and_long_ago(octo: MockOwner) -> None:
    deletions = [one.deleted_at for package in octo.packages for one in package.versions if one.deleted_at]

    assert {True, False} == {EPOCH - at <= timedelta(days=30) for at in deletions}
    deleted = octo.deleted_package("container", "web/legacy")
    assert deleted is not None


def test_everything_happened_in_order_in_three_years(octo: MockOwner) -> None:
    for package in octo.packages:
        assert EPOCH - timedelta(days=3 * 365) <= package.created_at <= package.updated_at <= EPOCH
        for version in package.versions:
            assert package.created_at <= version.created_at <= version.updated_at
            assert version.created_at <= (version.deleted_at or EPOCH) <= EPOCH


def test_octocat_administers_it_and_has_packages_too() -> None:
    server = MockGitHub.octo_org()

    assert server.owner("octo-org").role_of(server.user) == "admin"
    assert len(server.user.packages) == 7
    assert {"octo-org", "octocat", "hubot", "monalisa"} == {owner.login for owner in server.owners}
