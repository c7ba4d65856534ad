"""Each of the 27 operations of the document, called raw and through the owner interface, against the mock server."""

from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, cast

import httpx
import pytest
import yaml

from ghpackages import UNSET, DecodeError, GitHubPackages, NotFoundError, Owner, Package, PackageVersion
from ghpackages.testing import MockGitHub, MockOwner, faults

DOCUMENT = yaml.safe_load((Path(__file__).parents[2] / "openapi" / "github-packages.yaml").read_text("utf-8"))
OPERATIONS = {
    operation["operationId"]: (method.upper(), path)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
}
TYPE, NAME = "container", "web/api"


class Ids(NamedTuple):
    """A version that is there, and one that was deleted."""

    active: int
    deleted: int


# What each operation takes in its path after the owner, in its query, and how the owner interface calls it.
Call = tuple[Callable[[Ids], tuple[Any, ...]], dict[str, Any], Callable[[Owner, Ids], Awaitable[Any]]]
CALLS: dict[str, Call] = {
    "list_packages": (
        lambda ids: (),
        {"package_type": TYPE, "visibility": "private", "page": 1, "per_page": 100},
        lambda owner, ids: owner.packages(TYPE, visibility="private").collect(),
    ),
    "get_package": (lambda ids: (TYPE, NAME), {}, lambda owner, ids: owner.get_package(TYPE, NAME)),
    "delete_package": (lambda ids: (TYPE, NAME), {}, lambda owner, ids: owner.delete_package(TYPE, NAME)),
    "restore_package": (
        lambda ids: (TYPE, "gone"),
        {"token": "made-up"},
        lambda owner, ids: owner.restore_package(TYPE, "gone", token="made-up"),
    ),
    "list_package_versions": (
        lambda ids: (TYPE, NAME),
        {"page": 1, "per_page": 100, "state": "active"},
        lambda owner, ids: owner.versions(TYPE, NAME).collect(),
    ),
    "get_package_version": (
        lambda ids: (TYPE, NAME, ids.active),
        {},
        lambda owner, ids: owner.get_version(TYPE, NAME, ids.active),
    ),
    "delete_package_version": (
        lambda ids: (TYPE, NAME, ids.active),
        {},
        lambda owner, ids: owner.delete_version(TYPE, NAME, ids.active),
    ),
    "restore_package_version": (
        lambda ids: (TYPE, NAME, ids.deleted),
        {},
        lambda owner, ids: owner.restore_version(TYPE, NAME, ids.deleted),
    ),
    "list_docker_migration_conflicts": (lambda ids: (), {}, lambda owner, ids: owner.docker_conflicts()),
}


def fill(owner: MockOwner) -> Ids:
    """Two versions that are there, one that was deleted, a deleted package, a conflict."""
    package = owner.add_package(TYPE, NAME, repository="web")
    first = package.add_version(tags=("1.0", "latest"))
    package.add_version(tags=("2.0",))
    deleted = package.add_version(tags=("3.0",))
    package.delete_version(deleted)
    gone = owner.add_package(TYPE, "gone")
    gone.add_version(tags=("1.0",))
    gone.delete()
    owner.add_package("docker", "moved", visibility="public", repository="web", conflict=True)
    return Ids(first.id, deleted.id)


class Stage:
    """A filled server, a client on it, and the three owners with ids of their versions."""

    def __init__(self, api_version: str) -> None:
        self.api_version = api_version
        self.server = MockGitHub()
        self.ids = {
            "org": fill(self.server.add_org("acme")),
            "user": (octocat := fill(self.server.user)),
            "authenticated_user": octocat,
        }
        transport = httpx.ASGITransport(app=self.server)
        self.github = GitHubPackages(
            self.server.token, transport=transport, points_per_minute=None, api_version=api_version
        )
        self.owners = {
            "org": self.github.org("acme"),
            "user": self.github.user("octocat"),
            "authenticated_user": self.github.me(),
        }
        self.names = {"org": ("acme",), "user": ("octocat",), "authenticated_user": ()}


@pytest.fixture(params=["2022-11-28", "2026-03-10"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    stage = Stage(request.param)
    async with stage.github:
        yield stage


def split(operation: str) -> tuple[str, str]:
    action, _, kind = operation.partition("_for_")
    return action, kind


def check_result(stage: Stage, action: str, result: Any) -> None:
    if action.startswith(("delete", "restore")):
        assert result is None
    elif action == "list_packages":
        assert [package.name for package in result] == [NAME]
        check_shape(*result)
    elif action == "list_docker_migration_conflicts":
        assert [package.name for package in result] == ["moved"]
        check_shape(*result)
    elif action == "get_package":
        assert isinstance(result, Package)
        assert (result.name, result.version_count) == (NAME, 2)
        check_shape(result)
    elif action == "list_package_versions":
        assert len(result) == 2
    else:
        assert isinstance(result, PackageVersion)
        assert result.metadata


def check_shape(*packages: Package) -> None:
    """No API version tells whether a repository has downloads, though the older one is said to."""
    shown = [package.repository.has_downloads for package in packages if package.repository]
    assert shown == [UNSET for _ in packages]


def check_request(stage: Stage, operation: str) -> None:
    method, path = OPERATIONS[operation]
    request = stage.server.requests[-1]
    owner, *rest = path.removeprefix("/").split("/")
    assert request.method == method
    assert request.headers["x-github-api-version"] == stage.api_version
    assert request.path.startswith(f"/{owner}/")
    assert len(request.path.split("/")) == len(path.split("/"))
    assert rest[-1].startswith("{") or request.path.endswith(f"/{rest[-1]}")


def test_the_document_has_the_27_operations_that_are_called_here():
    assert len(OPERATIONS) == 27
    assert {split(operation)[0] for operation in OPERATIONS} == set(CALLS)


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_each_operation_works_as_a_raw_call(stage: Stage, operation: str):
    action, kind = split(operation)
    path, query, _ = CALLS[action]
    module = import_module(f"ghpackages_api.api.packages.{operation}")
    arguments = (*stage.names[kind], *path(stage.ids[kind]))
    check_result(stage, action, await module.asyncio(*arguments, client=stage.github.api, **query))
    check_request(stage, operation)


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_each_operation_works_as_a_detailed_raw_call(stage: Stage, operation: str):
    action, kind = split(operation)
    path, query, _ = CALLS[action]
    module = import_module(f"ghpackages_api.api.packages.{operation}")
    arguments = (*stage.names[kind], *path(stage.ids[kind]))
    response = await module.asyncio_detailed(*arguments, client=stage.github.api, **query)
    assert response.status_code == (204 if action.startswith(("delete", "restore")) else 200)
    assert response.headers["x-ratelimit-remaining"] == "4999"
    assert response.headers["x-github-api-version-selected"] == stage.api_version
    check_result(stage, action, response.parsed)


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_each_operation_works_through_the_owner_interface(stage: Stage, operation: str):
    action, kind = split(operation)
    *_, call = CALLS[action]
    check_result(stage, action, await call(stage.owners[kind], stage.ids[kind]))
    check_request(stage, operation)


@pytest.mark.parametrize("kind", ["org", "user", "authenticated_user"])
async def test_what_was_deleted_is_gone_and_comes_back(stage: Stage, kind: str):
    owner, version = stage.owners[kind], stage.ids[kind].active
    await owner.delete_version(TYPE, NAME, version)
    assert version not in [found.id for found in await owner.versions(TYPE, NAME).collect()]
    assert version in [found.id for found in await owner.versions(TYPE, NAME, state="deleted").collect()]
    await owner.restore_version(TYPE, NAME, version)
    assert version in [found.id for found in await owner.versions(TYPE, NAME).collect()]
    await owner.delete_package(TYPE, NAME)
    assert await owner.packages(TYPE).collect() == []
    await owner.restore_package(TYPE, NAME)
    assert (await owner.get_package(TYPE, NAME)).version_count == 2


@pytest.mark.parametrize("kind", ["org", "user", "authenticated_user"])
async def test_an_error_is_the_same_through_owners_and_raw_calls(stage: Stage, kind: str):
    module = import_module(f"ghpackages_api.api.packages.get_package_for_{kind}")
    with pytest.raises(NotFoundError) as raw:
        await module.asyncio(*stage.names[kind], "npm", "nope", client=stage.github.api)
    with pytest.raises(NotFoundError) as owned:
        await stage.owners[kind].get_package("npm", "nope")
    assert raw.value.message == owned.value.message == "Package not found."
    detailed = await module.asyncio_detailed(*stage.names[kind], "npm", "nope", client=stage.github.api)
    assert (detailed.status_code, detailed.parsed.message) == (404, "Package not found.")


async def test_the_example_organisation_is_read_to_the_last_version():
    server = MockGitHub.octo_org()
    expected = {(p.package_type, p.name): p.versions.count("active") for p in server.owner("octo-org").packages}
    found: dict[tuple[str, str], int] = {}
    async with GitHubPackages(server.token, transport=httpx.ASGITransport(app=server)) as github:
        owner = github.org("octo-org")
        async for package in owner.packages():
            versions = await owner.versions(package.package_type, package.name).collect()
            found[package.package_type, package.name] = len(versions)
    assert found == expected
    assert len(found) >= 150
    assert found["container", "web/api"] == 3000


@pytest.mark.parametrize("options", [{"packages_link": False}, {"packages_link": False, "short_pages": 3}])
async def test_listings_are_complete_without_links_and_with_short_pages(options: dict[str, Any]):
    server = MockGitHub.octo_org(**options)
    async with GitHubPackages(server.token, transport=httpx.ASGITransport(app=server)) as github:
        found = await github.org("octo-org").packages(per_page=10).collect()
    assert len(found) == len(server.owner("octo-org").packages)


async def test_enterprise_server_is_served_under_its_prefix():
    server = MockGitHub.octo_org(prefix="/api/v3", rate_limit=None)
    options: dict[str, Any] = {"transport": httpx.ASGITransport(app=server)}
    async with GitHubPackages(server.token, base_url="https://ghe.example.com/api/v3/", **options) as github:
        assert len(await github.org("OCTO-ORG").packages("container").collect()) > 10
    async with GitHubPackages(server.token, base_url="https://ghe.example.com", **options) as github:
        with pytest.raises(DecodeError, match="ends with /api/v3"):
            await github.org("octo-org").packages("container").collect()


@pytest.mark.parametrize(
    ("api_version", "present"), [("2022-11-28", True), ("2022-11-28", False), ("2026-03-10", False)]
)
async def test_both_api_versions_are_understood(api_version: str, present: bool):
    server = MockGitHub()
    if present:  # as described, though not as recorded
        server.fault(
            faults.Items(lambda item: cast("dict[str, object]", item["repository"]).update(has_downloads=True))
        )
    server.add_org("acme").add_package("npm", "left-pad", repository="web").add_version()
    transport = httpx.ASGITransport(app=server)
    async with GitHubPackages(server.token, transport=transport, api_version=api_version) as github:
        package = await github.org("acme").get_package("npm", "left-pad")
    assert package.repository
    assert ("has_downloads" in package.repository.to_dict()) is present
