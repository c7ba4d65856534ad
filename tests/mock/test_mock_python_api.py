"""Filling a server from Python."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import get_type_hints

import pytest

from ghpackages.testing import Behaviour, MockGitHub, MockOptions, MockOwner


def test_every_switch_is_a_keyword_and_every_keyword_a_switch() -> None:
    assert get_type_hints(Behaviour) == get_type_hints(MockOptions)


MISTAKES: dict[str, Callable[[MockGitHub, MockOwner], object]] = {
    "package type": lambda server, acme: acme.add_package("nmp", "a"),
    "visibility": lambda server, acme: acme.add_package("npm", "a", visibility="secret"),
    "package name": lambda server, acme: acme.add_package("npm", ".."),
    "same package": lambda server, acme: (acme.add_package("npm", "a"), acme.add_package("npm", "a")),
    "same owner": lambda server, acme: server.add_user("ACME"),
    "same id": lambda server, acme: server.add_user("other", id=363_514),
    "owner name": lambda server, acme: server.add_org("a/b"),
    "unknown owner": lambda server, acme: server.owner("nobody"),
    "same token": lambda server, acme: server.add_token(server.token),
    "empty token": lambda server, acme: server.add_token(" "),
    "token of nobody": lambda server, acme: server.add_token(login="nobody"),
    "kind of token": lambda server, acme: server.add_token(kind="odd"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    "tags of npm": lambda server, acme: acme.add_package("npm", "a").add_version(tags=["latest"]),
    "conflict of npm": lambda server, acme: acme.add_package("npm", "a", conflict=True),
    "naive date": lambda server, acme: acme.add_package("npm", "a", created_at=datetime(2026, 1, 1)),
    "negative number": lambda server, acme: acme.add_package("npm", "a").add_versions(-1),
    "member of a user": lambda server, acme: server.user.add_member("hubot"),
    "prefix": lambda server, acme: MockGitHub(prefix="api/v3"),
    "rate limit": lambda server, acme: MockGitHub(rate_limit=-1),
    "short pages": lambda server, acme: MockGitHub(short_pages=100),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes_are_refused(
    server: MockGitHub, acme: MockOwner, mistake: Callable[[MockGitHub, MockOwner], object]
) -> None:
    with pytest.raises(ValueError, match=r"."):
        mistake(server, acme)


def test_a_version_name_is_unique_while_active(acme: MockOwner) -> None:
    package = acme.add_package("npm", "a")
    first = package.add_version(name="1.0.0")
    with pytest.raises(ValueError, match=r"1\.0\.0"):
        package.add_version(name="1.0.0")

    package.delete_version(first)
    package.add_version(name="1.0.0")
    with pytest.raises(ValueError, match=r"1\.0\.0"):
        package.restore_version(first)


def test_a_package_is_deleted_or_restored_once(acme: MockOwner) -> None:
    package = acme.add_package("npm", "a")
    package.delete()
    with pytest.raises(ValueError, match="deleted already"):
        package.delete()

    package.restore()
    with pytest.raises(ValueError, match="not deleted"):
        package.restore()


def test_many_versions_are_dated_one_by_one(acme: MockOwner) -> None:
    package = acme.add_package("container", "web")
    start = datetime(2026, 1, 1, tzinfo=UTC)
    package.add_versions(5, first_at=start, step=timedelta(days=1), tags=lambda index: [f"v{index}"])
    newest, *_, oldest = package.versions.newest(0, 5)

    assert (start + timedelta(days=4), ("v4",)) == (newest.created_at, newest.tags)
    assert (start, ("v0",)) == (oldest.created_at, oldest.tags)


@pytest.mark.parametrize("package_type", ["npm", "container"])
def test_many_versions_can_be_added_repeatedly(acme: MockOwner, package_type: str) -> None:
    package = acme.add_package(package_type, "web")
    package.add_versions(150)
    package.add_version()
    package.add_versions(150)

    assert len({version.name for version in package.versions}) == 301


def test_versions_are_found_in_order_however_they_are_added(acme: MockOwner) -> None:
    package = acme.add_package("npm", "a")
    dates = [datetime(2026, 1, day, tzinfo=UTC) for day in (3, 1, 2)]
    for date in dates:
        package.add_version(created_at=date)

    assert sorted(dates, reverse=True) == [version.created_at for version in package.versions.newest(0, 9)]


def test_a_linked_repository_is_made_once(acme: MockOwner) -> None:
    packages = [acme.add_package("npm", name, repository="web") for name in ("a", "b")]
    packages[1].link(None)

    assert acme.repository("web") is packages[0].repository
    assert packages[1].repository is None


def test_octocat_is_there_from_the_start(server: MockGitHub) -> None:
    assert server.user is server.add_user("octocat") is server.owner("OctoCat")


def test_a_former_member_sees_nothing(server: MockGitHub, acme: MockOwner) -> None:
    acme.remove_member("octocat")

    assert acme.role_of(server.user) is None
    with pytest.raises(ValueError, match="octocat"):
        acme.remove_member("octocat")


def test_a_renamed_user_stays_a_member(server: MockGitHub, acme: MockOwner) -> None:
    server.user.rename("octavia")

    assert acme.role_of(server.user) == "admin"
    assert acme.members == {"octavia": "admin"}


def test_whoever_the_user_is_they_own_new_tokens_and_administer_new_organisations(server: MockGitHub) -> None:
    server.user.rename("octavia")
    org = server.add_org("other")

    assert server.add_token()
    assert org.role_of(server.user) == "admin"


def test_things_can_be_given_the_ids_that_they_have_elsewhere(server: MockGitHub, acme: MockOwner) -> None:
    package = acme.add_package("npm", "a", id=12)
    version = package.add_version(id=34)
    repository = acme.add_repository("web", id=56)
    for again in (
        lambda: acme.add_package("npm", "b", id=12),
        lambda: package.add_version(id=34),
        lambda: acme.add_repository("b", id=56),
        lambda: acme.add_package("npm", "b", id=0),
    ):
        with pytest.raises(ValueError, match="id"):
            again()

    assert (package.id, version.id, repository.id) == (12, 34, 56)
    assert acme.add_package("npm", "c", id=acme.add_package("npm", "b").id + 37).id != acme.add_package("npm", "d").id


def test_a_copy_of_a_server_goes_its_own_way(server: MockGitHub, acme: MockOwner) -> None:
    package = acme.add_package("container", "web")
    package.add_versions(10)
    (version,) = package.versions.newest(0, 1)
    version.tags = ("both",)
    held = package.versions.newest(1, 2)
    copied = deepcopy(server).owner("acme").packages[0]
    for one in copied.versions.newest(0, 2):
        one.tags = ("copy",)
        copied.delete_version(one)

    assert (held[0].tags, version.tags, package.versions.count()) == ((), ("both",), 10)
    assert copied.versions.count() == 8


def test_tokens_are_made_up_anew_after_one_was_revoked(server: MockGitHub) -> None:
    first, second = server.add_token(), server.add_token()
    server.revoke_token(first)

    assert server.add_token() not in {first, second, server.token}
