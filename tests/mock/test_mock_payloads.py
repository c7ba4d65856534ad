"""What the 27 operations answer, field by field."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from ghpackages.testing import MockGitHub, MockOwner

Connect = Callable[..., httpx.AsyncClient]

PACKAGE = {"id", "name", "package_type", "visibility", "url", "html_url", "version_count", "created_at", "updated_at"}
VERSION = {"id", "name", "url", "package_html_url", "created_at", "updated_at"}
OWNER = {
    "avatar_url",
    "events_url",
    "followers_url",
    "following_url",
    "gists_url",
    "gravatar_id",
    "html_url",
    "id",
    "node_id",
    "login",
    "organizations_url",
    "received_events_url",
    "repos_url",
    "site_admin",
    "starred_url",
    "subscriptions_url",
    "type",
    "url",
}
REPOSITORY = {
    "archive_url",
    "assignees_url",
    "blobs_url",
    "branches_url",
    "collaborators_url",
    "comments_url",
    "commits_url",
    "compare_url",
    "contents_url",
    "contributors_url",
    "deployments_url",
    "description",
    "downloads_url",
    "events_url",
    "fork",
    "forks_url",
    "full_name",
    "git_commits_url",
    "git_refs_url",
    "git_tags_url",
    "hooks_url",
    "html_url",
    "id",
    "node_id",
    "issue_comment_url",
    "issue_events_url",
    "issues_url",
    "keys_url",
    "labels_url",
    "languages_url",
    "merges_url",
    "milestones_url",
    "name",
    "notifications_url",
    "owner",
    "private",
    "pulls_url",
    "releases_url",
    "stargazers_url",
    "statuses_url",
    "subscribers_url",
    "subscription_url",
    "tags_url",
    "teams_url",
    "trees_url",
    "url",
}
CREATED = datetime(2025, 4, 3, 20, 50, 20, tzinfo=UTC)

OWNERS = ["/orgs/acme", "/users/octocat", "/user", "/organizations/363514", "/user/583231"]


@pytest.fixture(params=OWNERS)
def owner_path(request: pytest.FixtureRequest, server: MockGitHub, acme: MockOwner) -> str:
    """Give each way to name an owner, each owner having the same packages."""
    for owner in (acme, server.user):
        package = owner.add_package("container", "web/api", repository="web", created_at=CREATED, conflict=True)
        package.add_version(tags=["latest"], created_at=CREATED)
        package.add_version(created_at=CREATED)
    return str(request.param)


def check_package(package: dict[str, Any], *, without: str = "") -> None:
    """Hold a package to the fields that GitHub's description requires."""
    assert PACKAGE - {without} <= package.keys()
    assert package["owner"].keys() >= OWNER
    assert package["repository"].keys() >= REPOSITORY
    assert package["repository"]["owner"].keys() >= OWNER


async def first_version(client: httpx.AsyncClient, owner_path: str) -> dict[str, Any]:
    """Give the newest version of the package."""
    versions = (await client.get(f"{owner_path}/packages/container/web%2Fapi/versions")).json()
    version: dict[str, Any] = versions[0]
    return version


async def test_conflicts_are_listed(client: httpx.AsyncClient, owner_path: str) -> None:
    (package,) = (await client.get(f"{owner_path}/docker/conflicts")).json()
    check_package(package)


async def test_packages_are_listed(client: httpx.AsyncClient, owner_path: str) -> None:
    (package,) = (await client.get(f"{owner_path}/packages?package_type=container")).json()
    check_package(package, without="version_count")


async def test_a_package_is_shown(client: httpx.AsyncClient, owner_path: str) -> None:
    check_package((await client.get(f"{owner_path}/packages/container/web%2Fapi")).json())


async def test_versions_are_listed(client: httpx.AsyncClient, owner_path: str) -> None:
    for version in (await client.get(f"{owner_path}/packages/container/web%2Fapi/versions")).json():
        assert VERSION | {"html_url", "metadata"} == version.keys()


async def test_a_version_is_shown_as_it_is_listed(client: httpx.AsyncClient, owner_path: str) -> None:
    version = await first_version(client, owner_path)

    found = await client.get(f"{owner_path}/packages/container/web%2Fapi/versions/{version['id']}")
    assert version == found.json()


async def test_a_version_is_deleted_and_restored(client: httpx.AsyncClient, owner_path: str) -> None:
    version = await first_version(client, owner_path)
    path = f"{owner_path}/packages/container/web%2Fapi/versions/{version['id']}"

    answers = [await client.delete(path), await client.get(path), await client.post(f"{path}/restore")]
    assert [(204, b""), (404, answers[1].content), (204, b"")] == [(one.status_code, one.content) for one in answers]
    assert version == (await client.get(path)).json()


async def test_a_package_is_deleted_and_restored(client: httpx.AsyncClient, owner_path: str) -> None:
    path = f"{owner_path}/packages/container/web%2Fapi"
    before = (await client.get(path)).json()

    assert (await client.delete(path)).status_code == 204
    assert [(await client.get(path + rest)).status_code for rest in ("", "/versions")] == [404, 404]
    assert (await client.post(f"{path}/restore?token=any")).status_code == 204
    assert before == (await client.get(path)).json()


async def test_an_unlinked_container_in_a_list_looks_as_recorded(server: MockGitHub, connect: Connect) -> None:
    user = server.add_user("test-user", id=1_024_025)
    package = user.add_package("container", "test-pkg5", created_at=CREATED)
    package.add_version(created_at=datetime(2025, 5, 3, 1, 5, 57, tzinfo=UTC))
    client = connect(server, server.add_token(login="test-user"))
    (found,) = (await client.get("/user/packages?package_type=container")).json()
    owner = {key: found["owner"][key] for key in ("login", "id", "type", "user_view_type", "site_admin")}

    assert {
        "id": package.id,
        "name": "test-pkg5",
        "package_type": "container",
        "owner": found["owner"],
        "visibility": "private",
        "url": "https://api.github.com/users/test-user/packages/container/test-pkg5",
        "created_at": "2025-04-03T20:50:20Z",
        "updated_at": "2025-05-03T01:05:57Z",
        "html_url": "https://github.com/users/test-user/packages/container/package/test-pkg5",
    } == found
    assert list(owner.values()) == ["test-user", 1_024_025, "User", "public", False]


async def test_an_untagged_container_version_looks_as_recorded(server: MockGitHub, client: httpx.AsyncClient) -> None:
    version = server.user.add_package("container", "web/api").add_version(name="sha256:33", created_at=CREATED)
    (found,) = (await client.get("/user/packages/container/web%2Fapi/versions")).json()
    html = "https://github.com/users/octocat/packages/container"

    assert {
        "id": version.id,
        "name": "sha256:33",
        "url": f"https://api.github.com/users/octocat/packages/container/web%2Fapi/versions/{version.id}",
        "package_html_url": f"{html}/package/web%2Fapi",
        "created_at": "2025-04-03T20:50:20Z",
        "updated_at": "2025-04-03T20:50:20Z",
        "html_url": f"{html}/web%2Fapi/{version.id}",
        "metadata": {"package_type": "container", "container": {"tags": []}},
    } == found


async def test_a_maven_version_looks_as_recorded(server: MockGitHub, client: httpx.AsyncClient) -> None:
    package = server.user.add_package("maven", "com.example.core-utils", repository="core-utils")
    package.add_version(name="21.29.002", created_at=CREATED, license="MIT", description="Utility classes")
    (found,) = (await client.get("/user/packages/maven/com.example.core-utils/versions")).json()
    page = f"https://github.com/octocat/core-utils/packages/{package.id}"

    assert found["metadata"] == {"package_type": "maven"}
    assert (page, f"{page}?version=21.29.002") == (found["package_html_url"], found["html_url"])
    assert (found["license"], found["description"]) == ("MIT", "Utility classes")


@pytest.mark.parametrize("package_type", ["npm", "nuget", "rubygems", "container"])
@pytest.mark.parametrize("repository", ["web", None])
async def test_linked_npm_nuget_and_rubygems_packages_are_shown_below_their_owner_and_versions_by_id(
    acme: MockOwner, client: httpx.AsyncClient, package_type: str, repository: str | None
) -> None:
    version = acme.add_package(package_type, "left-pad", repository=repository).add_version()
    path, page = f"/orgs/Acme/packages/{package_type}", f"https://github.com/orgs/Acme/packages/{package_type}"
    (listed,) = (await client.get(f"{path}/left-pad/versions")).json()

    assert (await client.get(f"{path}/left-pad")).json()["html_url"] == f"{page}/package/left-pad"
    assert (listed["package_html_url"], listed["html_url"]) == (
        f"{page}/package/left-pad",
        f"{page}/left-pad/{version.id}",
    )


async def test_license_and_description_stand_where_they_were_recorded(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.user.add_package("container", "web").add_version(license="MIT", description="A web server")
    (version,) = (await client.get("/user/packages/container/web/versions")).json()

    assert [*version] == [
        *("id", "name", "url", "package_html_url", "license", "created_at", "updated_at", "description"),
        *("html_url", "metadata"),
    ]


async def test_what_is_unset_is_absent_and_never_null(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.user.add_package("npm", "left-pad").add_version()
    (version,) = (await client.get("/user/packages/npm/left-pad/versions")).json()

    assert {"license", "description", "deleted_at"}.isdisjoint(version)
    assert "repository" not in (await client.get("/user/packages/npm/left-pad")).json()


async def test_a_deleted_version_tells_when(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.user.add_package("npm", "left-pad").add_version(deleted_at=CREATED)
    (version,) = (await client.get("/user/packages/npm/left-pad/versions?state=deleted")).json()

    assert version["deleted_at"] == "2025-04-03T20:50:20Z"


async def test_only_active_versions_count(server: MockGitHub, client: httpx.AsyncClient) -> None:
    package = server.user.add_package("npm", "left-pad")
    package.add_versions(3)
    package.add_version(deleted_at=CREATED)

    assert (await client.get("/user/packages/npm/left-pad")).json()["version_count"] == 3


@pytest.mark.parametrize("key", ["tag", "tags"])
async def test_docker_tags_can_have_either_key(connect: Connect, key: Any) -> None:
    server = MockGitHub(docker_metadata=key)
    server.user.add_package("docker", "web").add_version(tags=["v1", "latest"])
    (version,) = (await connect(server).get("/user/packages/docker/web/versions")).json()

    assert {"package_type": "docker", "docker": {key: ["v1", "latest"]}} == version["metadata"]


async def test_has_downloads_is_absent_under_both_api_versions_and_nothing_else_differs_between_them(
    server: MockGitHub, connect: Connect
) -> None:
    server.user.add_package("npm", "left-pad", repository="left-pad").add_versions(2)
    paths = ["packages?package_type=npm", "packages/npm/left-pad", "packages/npm/left-pad/versions", "docker/conflicts"]
    clients = [connect(server, **{"X-GitHub-Api-Version": version}) for version in ("2022-11-28", "2026-03-10")]
    found = [[(await client.get(f"/user/{path}")).json() for path in paths] for client in clients]

    assert found[0] == found[1]
    assert "has_downloads" not in found[0][1]["repository"]


async def test_a_single_package_has_a_version_count_and_one_in_a_list_has_none(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.user.add_package("container", "web").add_versions(3)
    (listed,) = (await client.get("/user/packages?package_type=container")).json()
    single = (await client.get("/user/packages/container/web")).json()

    assert {**listed, "version_count": 3} == single


async def test_the_url_of_a_package_names_the_owner_however_it_is_asked_for(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.user.add_package("npm", "left-pad").add_version()
    for owner in ("/user", "/users/OctoCat", "/user/583231"):
        package = (await client.get(f"{owner}/packages/npm/left-pad")).json()
        (version,) = (await client.get(f"{owner}/packages/npm/left-pad/versions")).json()
        assert package["url"] == "https://api.github.com/users/octocat/packages/npm/left-pad"
        assert version["url"].startswith(f"{package['url']}/versions/")


async def test_the_user_view_type_of_an_owner_is_shown(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.user.add_package("npm", "left-pad")

    assert (await client.get("/user/packages/npm/left-pad")).json()["owner"]["user_view_type"] == "public"


async def test_list_items_can_have_a_version_count(connect: Connect) -> None:
    server = MockGitHub(list_version_count=True)
    server.user.add_package("npm", "left-pad").add_versions(3)
    (package,) = (await connect(server).get("/user/packages?package_type=npm")).json()

    assert package["version_count"] == 3


@pytest.mark.parametrize("shown", ["internal", "private"])
async def test_internal_packages_can_be_shown_as_private(connect: Connect, shown: Any) -> None:
    server = MockGitHub(internal_shown_as=shown)
    server.user.add_package("npm", "left-pad", visibility="internal")

    assert shown == (await connect(server).get("/user/packages/npm/left-pad")).json()["visibility"]


async def test_addresses_follow_the_host_of_the_request(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.user.add_package("container", "web")
    hosts = ["http://127.0.0.1:8000", "https://api.octo.ghe.com"]
    found = [(await client.get(f"{host}/user/packages/container/web")).json() for host in hosts]

    assert [f"{host}/users/octocat/packages/container/web" for host in hosts] == [one["url"] for one in found]
    assert [one["owner"]["html_url"] for one in found] == ["https://github.com/octocat", "https://octo.ghe.com/octocat"]


async def test_texts_are_sent_as_utf8(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.user.add_package("npm", "left-pad").add_version(description='wide "ü" → 漢')
    response = await client.get("/user/packages/npm/left-pad/versions")

    assert json.loads(response.content)[0]["description"] == 'wide "ü" → 漢'
    assert "漢".encode() in response.content
