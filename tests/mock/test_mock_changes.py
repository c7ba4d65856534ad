"""Deleting and restoring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from ghpackages.testing import MockGitHub, MockOwner, MockPackage

Connect = Callable[..., httpx.AsyncClient]

POPULAR = (
    "Publicly visible package versions with more than 5000 downloads cannot be deleted. "
    "Contact GitHub support for further assistance."
)


def path_of(package: MockPackage, version_id: int | None = None) -> str:
    """Give the path of a package or a version."""
    path = f"/orgs/acme/packages/{package.package_type}/{package.name.replace('/', '%2F')}"
    return path if version_id is None else f"{path}/versions/{version_id}"


async def outcome(request: httpx.Response) -> tuple[int, str]:
    """Give status and message."""
    return request.status_code, request.json()["message"] if request.content else ""


@pytest.mark.parametrize("package_type", ["maven", "nuget"])
async def test_the_last_version_of_maven_and_nuget_stays(
    acme: MockOwner, client: httpx.AsyncClient, package_type: str
) -> None:
    package = acme.add_package(package_type, "core")
    versions = [package.add_version() for _ in range(2)]
    message = "You cannot delete the last version of a package. You must delete the package instead."

    assert await outcome(await client.delete(path_of(package, versions[0].id))) == (204, "")
    assert (400, message) == await outcome(await client.delete(path_of(package, versions[1].id)))


async def test_the_last_tagged_version_of_a_container_stays(acme: MockOwner, client: httpx.AsyncClient) -> None:
    package = acme.add_package("container", "web/api")
    tagged = [package.add_version(tags=[tag]) for tag in ("v1", "v2")]
    untagged = package.add_version()
    message = "You cannot delete the last tagged version of a package. You must delete the package instead."

    assert await outcome(await client.delete(path_of(package, tagged[0].id))) == (204, "")
    assert (400, message) == await outcome(await client.delete(path_of(package, tagged[1].id)))
    assert await outcome(await client.delete(path_of(package, untagged.id))) == (204, "")


async def test_with_the_last_version_of_npm_the_package_goes(acme: MockOwner, client: httpx.AsyncClient) -> None:
    package = acme.add_package("npm", "left-pad")
    version = package.add_version()

    assert await outcome(await client.delete(path_of(package, version.id))) == (204, "")
    assert await outcome(await client.get(path_of(package))) == (404, "Package not found.")


async def test_which_types_keep_their_last_version_is_a_choice(connect: Connect) -> None:
    server = MockGitHub(last_version_refused=["rubygems"])
    package = server.add_org("acme").add_package("rubygems", "core")

    assert (await connect(server).delete(path_of(package, package.add_version().id))).status_code == 400


async def test_a_deleted_version_cannot_be_deleted_again(acme: MockOwner, client: httpx.AsyncClient) -> None:
    package = acme.add_package("npm", "left-pad")
    package.add_versions(3)
    version = package.add_version()

    await client.delete(path_of(package, version.id))
    assert await outcome(await client.delete(path_of(package, version.id))) == (404, "Package version not found.")


@pytest.mark.parametrize(("visibility", "downloads", "status"), [("public", 5001, 400), ("public", 5000, 204)])
async def test_popular_public_versions_stay(
    acme: MockOwner, client: httpx.AsyncClient, visibility: str, downloads: int, status: int
) -> None:
    package = acme.add_package("npm", "left-pad", visibility=visibility)
    package.add_version()
    version = package.add_version(downloads=downloads)

    assert (status, POPULAR if status == 400 else "") == await outcome(
        await client.delete(path_of(package, version.id))
    )


async def test_a_public_package_with_a_popular_version_stays(acme: MockOwner, client: httpx.AsyncClient) -> None:
    package = acme.add_package("npm", "left-pad", visibility="public", downloads=5001)
    package.add_version()
    assert await outcome(await client.delete(path_of(package))) == (400, POPULAR)

    package.visibility = "private"
    assert await outcome(await client.delete(path_of(package))) == (204, "")


async def test_whether_a_popular_version_keeps_its_whole_package_is_a_choice(connect: Connect) -> None:
    server = MockGitHub(popular_packages_refused=False)
    package = server.add_org("acme").add_package("npm", "left-pad", visibility="public", downloads=5001)
    version = package.add_version()
    client = connect(server)

    assert await outcome(await client.delete(path_of(package, version.id))) == (400, POPULAR)
    assert await outcome(await client.delete(path_of(package))) == (204, "")


async def test_reading_is_no_download(acme: MockOwner, client: httpx.AsyncClient) -> None:
    package = acme.add_package("npm", "left-pad", visibility="public")
    package.add_version()
    version = package.add_version(downloads=5000)
    for path in (path_of(package), f"{path_of(package)}/versions", path_of(package, version.id)):
        await client.get(path)

    assert version.downloads == 5000
    assert (await client.delete(path_of(package, version.id))).status_code == 204


@pytest.mark.parametrize("body", ["{}", '{"a": 1}'])
async def test_a_deletion_with_a_json_body_is_invalid_even_with_an_empty_object(
    acme: MockOwner, client: httpx.AsyncClient, body: str
) -> None:
    package = acme.add_package("npm", "left-pad")
    message = f"Invalid request.\n\nFor 'links/0/schema', {body} is not a null."

    refused = await client.request("DELETE", path_of(package), content=body)
    assert await outcome(refused) == (422, message)
    assert refused.json()["documentation_url"] == (
        "https://docs.github.com/rest/reference/packages#delete-a-package-for-an-organization"
    )
    assert (await client.get(path_of(package))).status_code == 200


async def test_a_body_makes_no_difference_to_a_restoration(acme: MockOwner, client: httpx.AsyncClient) -> None:
    package = acme.add_package("npm", "left-pad")
    package.delete()

    assert (await client.post(f"{path_of(package)}/restore", json={})).status_code == 204


@pytest.mark.parametrize(("days", "status"), [(30, 204), (31, 404)])
async def test_packages_can_be_restored_for_30_days(
    server: MockGitHub, acme: MockOwner, client: httpx.AsyncClient, days: int, status: int
) -> None:
    package = acme.add_package("npm", "left-pad")
    package.delete(at=server.clock() - timedelta(days=days))

    assert (status, "" if status == 204 else "Package not found.") == await outcome(
        await client.post(f"{path_of(package)}/restore")
    )


@pytest.mark.parametrize(("days", "status"), [(30, 204), (31, 404)])
async def test_versions_can_be_restored_for_30_days(
    server: MockGitHub, acme: MockOwner, client: httpx.AsyncClient, days: int, status: int
) -> None:
    package = acme.add_package("npm", "left-pad")
    version = package.add_version(deleted_at=server.clock() - timedelta(days=days))

    assert (status, "" if status == 204 else "Package version not found.") == await outcome(
        await client.post(f"{path_of(package, version.id)}/restore")
    )


@pytest.mark.parametrize("status", [404, 403])
async def test_a_name_in_use_prevents_restoring(connect: Connect, status: int) -> None:
    server = MockGitHub(restore_refused_status=status)
    acme = server.add_org("acme")
    acme.add_package("npm", "left-pad").delete()
    package = acme.add_package("npm", "left-pad")
    version = package.add_version(name="1.0.0")
    package.delete_version(version)
    package.add_version(name="1.0.0")
    paths = [path_of(package), path_of(package, version.id)]

    assert [status, status] == [(await connect(server).post(f"{path}/restore")).status_code for path in paths]


async def test_what_never_existed_cannot_be_restored(acme: MockOwner, client: httpx.AsyncClient) -> None:
    package = acme.add_package("npm", "left-pad")
    paths = ["/orgs/acme/packages/npm/right-pad", path_of(package, 1)]
    found = [await outcome(await client.post(f"{path}/restore")) for path in paths]

    assert found == [(404, "Package not found."), (404, "Package version not found.")]


async def test_deleted_versions_move_to_the_deleted_list(acme: MockOwner, client: httpx.AsyncClient) -> None:
    package = acme.add_package("container", "web/api")
    ids = [package.add_version().id for _ in range(4)]
    await client.delete(path_of(package, ids[2]))
    await client.delete(path_of(package, ids[0]))

    async def listed(state: str) -> list[int]:
        versions = (await client.get(f"{path_of(package)}/versions?state={state}")).json()
        return [version["id"] for version in versions]

    assert ([ids[3], ids[1]], [ids[2], ids[0]]) == (await listed("active"), await listed("deleted"))
    await client.post(f"{path_of(package, ids[2])}/restore")
    assert ([ids[3], ids[2], ids[1]], [ids[0]]) == (await listed("active"), await listed("deleted"))
