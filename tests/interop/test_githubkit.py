"""githubkit (https://github.com/yanyongyu/githubkit) on the mock server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest
from tests.interop.served import ORG, PACKAGE_TYPES, USER, Inventory, Served, without

githubkit = pytest.importorskip("githubkit", reason="githubkit is not installed: `nox -s interop` installs it")

SLASHED = "container web/api"
LIBRARY = "npm octo-http"


@pytest.fixture
async def github(served: Served) -> AsyncIterator[Any]:
    async with githubkit.GitHub(served.server.token, base_url=served.url) as github:
        yield github


def plain(response: Any) -> list[dict[str, Any]]:
    """Worked around: its models require `version_count` and know no internal packages, and so lose whole pages."""
    return response.json()


def parts(name: str) -> tuple[str, str]:
    """Worked around: it puts names into paths as they are, so that one with a slash would be another path."""
    package_type, _, package_name = name.partition(" ")
    return package_type, quote(package_name, safe="")


async def everything(github: Any, list_packages: Any, list_versions: Any, **asked: Any) -> Inventory:
    found: Inventory = {}
    owner = {key: value for key, value in asked.items() if key != "per_page"}
    for kind in PACKAGE_TYPES:
        packages = github.rest.paginate(list_packages, map_func=plain, package_type=kind, per_page=100, **owner)
        async for package in packages:
            name = f"{kind} {package['name']}"
            package_type, package_name = parts(name)
            versions = github.rest.paginate(
                list_versions, package_type=package_type, package_name=package_name, **asked
            )
            found[name] = [version.id async for version in versions]
    return found


async def everything_of_the_organisation(github: Any) -> Inventory:
    packages = github.rest.packages
    list_versions = packages.async_get_all_package_versions_for_package_owned_by_org
    return await everything(github, packages.async_list_packages_for_organization, list_versions, org=ORG, per_page=100)


async def test_it_lists_all_packages_and_versions_of_the_organisation(served: Served, github: Any):
    assert await everything_of_the_organisation(github) == await served.ours()


async def test_it_lists_all_packages_and_versions_of_a_user(served: Served, github: Any):
    packages = github.rest.packages
    served.server.user.add_package("npm", "long").add_versions(100)
    # Worked around: it has no `page` and `per_page` here, as the description has none; but it follows Link.
    list_versions = packages.async_get_all_package_versions_for_package_owned_by_user
    found = await everything(github, packages.async_list_packages_for_user, list_versions, username=USER)
    assert found == await served.ours("user")
    assert len(found["npm long"]) == 100


@pytest.mark.parametrize("name", [SLASHED, LIBRARY])
async def test_it_deletes_and_restores_a_version(served: Served, github: Any, name: str):
    before = await everything_of_the_organisation(github)
    version = before[name][1]
    place = (*parts(name), ORG, version)
    await github.rest.packages.async_delete_package_version_for_org(*place)
    assert await served.ours() == without(before, name, version)
    assert await everything_of_the_organisation(github) == without(before, name, version)
    await github.rest.packages.async_restore_package_version_for_org(*place)
    assert await served.ours() == await everything_of_the_organisation(github) == before


@pytest.mark.parametrize("name", [SLASHED, LIBRARY])
async def test_it_deletes_and_restores_a_package(served: Served, github: Any, name: str):
    before = await everything_of_the_organisation(github)
    place = (*parts(name), ORG)
    await github.rest.packages.async_delete_package_for_org(*place)
    assert name not in await served.ours()
    assert name not in await everything_of_the_organisation(github)
    await github.rest.packages.async_restore_package_for_org(*place)
    assert await served.ours() == await everything_of_the_organisation(github) == before


async def test_it_reads_refusals_as_such(github: Any):
    with pytest.raises(githubkit.exception.RequestFailed) as refused:
        await github.rest.packages.async_get_package_for_organization("npm", "nothing", ORG)
    assert refused.value.response.status_code == 404
    assert refused.value.response.json()["message"] == "Package not found."


async def test_without_the_workarounds_it_is_wrong_by_itself(github: Any):
    packages = github.rest.packages
    with pytest.raises(ValueError, match="version_count"):
        (await packages.async_list_packages_for_organization(ORG, package_type="npm")).parsed_data  # noqa: B018
    with pytest.raises(githubkit.exception.RequestFailed):
        await packages.async_get_package_for_organization("container", "web/api", ORG)
