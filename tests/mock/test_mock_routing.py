"""Paths, names, methods and parameters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from ghpackages.testing import MockGitHub, MockOptions, MockOwner, Request

Connect = Callable[..., httpx.AsyncClient]

DOCS = "https://docs.github.com/rest/packages/packages#"


async def test_a_slash_in_a_name_arrives_encoded_once(acme: MockOwner, client: httpx.AsyncClient) -> None:
    acme.add_package("container", "web/api")
    paths = ["web%2Fapi", "web%2fapi", "web/api", "web%252Fapi"]

    statuses = [(await client.get(f"/orgs/acme/packages/container/{path}")).status_code for path in paths]
    assert statuses == [200, 200, 404, 404]


async def test_npm_packages_go_without_their_scope_and_maven_by_group_and_artifact(
    acme: MockOwner, client: httpx.AsyncClient
) -> None:
    acme.add_package("npm", "left-pad")
    acme.add_package("maven", "com.example.core")
    names = [
        "npm/left-pad",
        "npm/%40acme%2Fleft-pad",
        "maven/com.example.core",
        "maven/core",
        "maven/com.example%3Acore",
    ]
    statuses = [(await client.get(f"/orgs/acme/packages/{name}")).status_code for name in names]

    assert statuses == [200, 404, 200, 404, 404]


def test_dot_segments_that_nobody_collapsed_name_nothing(server: MockGitHub, acme: MockOwner) -> None:
    acme.add_package("npm", "left-pad")
    headers = {"user-agent": "x", "authorization": f"Bearer {server.token}"}
    for path in ("/users/../orgs/acme/packages/npm/left-pad", "/users/%2E%2E/packages", "/orgs/acme/packages/npm/."):
        assert server.handle(Request("GET", path, "package_type=npm", headers)).status == 404


async def test_a_name_encoded_twice_is_another_name(acme: MockOwner, client: httpx.AsyncClient) -> None:
    acme.add_package("container", "web%2Fapi")

    assert (await client.get("/orgs/acme/packages/container/web%2Fapi")).status_code == 404
    assert (await client.get("/orgs/acme/packages/container/web%252Fapi")).json()["name"] == "web%2Fapi"


async def test_the_url_of_a_package_leads_back_to_it(acme: MockOwner, client: httpx.AsyncClient) -> None:
    acme.add_package("container", "a/b%2Fc é?#")
    (package,) = (await client.get("/orgs/acme/packages?package_type=container")).json()

    assert package["id"] == (await client.get(package["url"])).json()["id"]


async def test_the_query_may_be_left_in_the_raw_path(server: MockGitHub, connect: Connect) -> None:
    async def older_transport(scope: dict[str, object], receive: object, send: object) -> None:
        scope["raw_path"] = b"/user/packages?package_type=npm"
        await server(scope, receive, send)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    transport = httpx.ASGITransport(app=older_transport)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    headers = {"Authorization": f"token {server.token}"}
    async with httpx.AsyncClient(transport=transport, base_url="https://api.github.com", headers=headers) as client:
        assert (await client.get("/user/packages?package_type=npm")).status_code == 200


async def test_organisation_names_are_not_case_sensitive(acme: MockOwner, client: httpx.AsyncClient) -> None:
    acme.add_package("npm", "left-pad")
    package = (await client.get("/orgs/aCME/packages/npm/left-pad")).json()

    assert package["url"] == "https://api.github.com/orgs/Acme/packages/npm/left-pad"


@pytest.mark.parametrize(
    "path", ["/orgs/acme/packages/npm/left-pad/", "/orgs/acme/packages/?package_type=npm", "//orgs/acme/packages"]
)
async def test_a_trailing_slash_or_an_empty_segment_gives_404(
    acme: MockOwner, client: httpx.AsyncClient, path: str
) -> None:
    acme.add_package("npm", "left-pad")

    assert (await client.get(f"https://api.github.com{path}")).json()["message"] == "Not Found"


@pytest.mark.parametrize("path", ["/", "/orgs/acme", "/users/acme/packages?package_type=npm", "/orgs/octocat/packages"])
@pytest.mark.usefixtures("acme")
async def test_other_paths_and_the_wrong_kind_of_owner_give_404(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path, params={"package_type": "npm"})).status_code == 404


@pytest.mark.parametrize("path", ["/orgs/acme/packages", "/user/packages/npm/left-pad/restore", "/anything"])
async def test_other_methods_give_404(client: httpx.AsyncClient, path: str) -> None:
    assert [(await client.request(method, path)).status_code for method in ("PUT", "PATCH")] == [404, 404]


async def test_head_answers_like_get_without_a_body(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.user.add_package("npm", "left-pad")
    got = await client.get("/user/packages/npm/left-pad")
    head = await client.head("/user/packages/npm/left-pad")

    assert (200, b"", got.headers["etag"]) == (head.status_code, head.content, head.headers["etag"])
    assert got.headers["content-length"] == head.headers["content-length"]


async def test_options_names_the_methods_of_a_path(client: httpx.AsyncClient) -> None:
    response = await client.options("/orgs/acme/packages/npm/left-pad")

    assert (response.status_code, response.headers["allow"]) == (204, "GET, HEAD, DELETE")


@pytest.mark.parametrize("query", ["", "package_type=", "package_type=nmp", "package_type=npm&visibility=secret"])
@pytest.mark.usefixtures("acme")
async def test_a_missing_or_wrong_parameter_gives_422(client: httpx.AsyncClient, query: str) -> None:
    response = await client.get(f"/orgs/acme/packages?{query}")

    assert (response.status_code, response.json()["message"].startswith("Invalid request.")) == (422, True)


async def test_a_wrong_package_type_in_the_path_or_state_gives_422(acme: MockOwner, client: httpx.AsyncClient) -> None:
    acme.add_package("npm", "left-pad")
    paths = ["nmp/left-pad", "npm/left-pad/versions?state=gone"]

    assert [(await client.get(f"/orgs/acme/packages/{path}")).status_code for path in paths] == [422, 422]


@pytest.mark.parametrize(
    ("owner", "slugs"),
    [
        (
            "orgs/acme",
            [
                "list-packages-for-an-organization",
                "get-a-package-for-an-organization",
                "delete-a-package-for-an-organization",
                "restore-a-package-for-an-organization",
                "list-package-versions-for-a-package-owned-by-an-organization",
                "get-a-package-version-for-an-organization",
                "delete-package-version-for-an-organization",
                "restore-package-version-for-an-organization",
                "get-list-of-conflicting-packages-during-docker-migration-for-organization",
            ],
        ),
        (
            "users/octocat",
            [
                "list-packages-for-a-user",
                "get-a-package-for-a-user",
                "delete-a-package-for-a-user",
                "restore-a-package-for-a-user",
                "list-package-versions-for-a-package-owned-by-a-user",
                "get-a-package-version-for-a-user",
                "delete-package-version-for-a-user",
                "restore-package-version-for-a-user",
                "get-list-of-conflicting-packages-during-docker-migration-for-user",
            ],
        ),
        (
            "user",
            [
                "list-packages-for-the-authenticated-users-namespace",
                "get-a-package-for-the-authenticated-user",
                "delete-a-package-for-the-authenticated-user",
                "restore-a-package-for-the-authenticated-user",
                "list-package-versions-for-a-package-owned-by-the-authenticated-user",
                "get-a-package-version-for-the-authenticated-user",
                "delete-a-package-version-for-the-authenticated-user",
                "restore-a-package-version-for-the-authenticated-user",
                "get-list-of-conflicting-packages-during-docker-migration-for-authenticated-user",
            ],
        ),
    ],
)
async def test_errors_point_to_the_operation_in_the_documentation(
    server: MockGitHub, connect: Connect, owner: str, slugs: list[str]
) -> None:
    client = connect(server, token="")
    package = f"/{owner}/packages/npm/left-pad"
    asked = [
        ("GET", f"/{owner}/packages"),
        ("GET", package),
        ("DELETE", package),
        ("POST", f"{package}/restore"),
        ("GET", f"{package}/versions"),
        ("GET", f"{package}/versions/1"),
        ("DELETE", f"{package}/versions/1"),
        ("POST", f"{package}/versions/1/restore"),
        ("GET", f"/{owner}/docker/conflicts"),
    ]
    found = [(await client.request(method, path)).json()["documentation_url"] for method, path in asked]

    assert [DOCS + slug for slug in slugs] == found


async def test_packages_can_be_filtered_by_visibility(acme: MockOwner, client: httpx.AsyncClient) -> None:
    for visibility in ("public", "private", "internal"):
        acme.add_package("npm", visibility, visibility=visibility)
        acme.add_package("maven", visibility, visibility=visibility)

    async def names(package_type: str, visibility: str) -> set[str]:
        path = f"/orgs/acme/packages?package_type={package_type}&visibility={visibility}"
        return {package["name"] for package in (await client.get(path)).json()}

    assert {"internal"} == await names("npm", "internal")
    assert {"internal", "private"} == await names("maven", "internal")
    assert {"public"} == await names("maven", "public")


@pytest.mark.parametrize(
    ("options", "order"),
    [
        ({}, "bca"),
        ({"package_order": "oldest"}, "bca"),
        ({"package_order": "newest"}, "acb"),
        ({"package_order": "name"}, "abc"),
    ],
)
async def test_packages_come_oldest_first_unless_another_order_is_chosen(
    connect: Connect, options: MockOptions, order: str
) -> None:
    server = MockGitHub(**options)
    for name, month in (("c", 2), ("b", 1), ("a", 3)):
        server.user.add_package("npm", name, created_at=datetime(2025, month, 1, tzinfo=UTC))
    found = (await connect(server).get("/user/packages?package_type=npm")).json()

    assert [package["name"] for package in found] == [*order]


async def test_packages_that_were_made_at_the_same_time_come_in_order_of_their_ids(
    acme: MockOwner, client: httpx.AsyncClient
) -> None:
    made = [acme.add_package("npm", name).id for name in "cab"]

    assert made == [package["id"] for package in (await client.get("/orgs/acme/packages?package_type=npm")).json()]


async def test_state_can_be_ignored_for_the_versions_of_a_user(connect: Connect) -> None:
    server = MockGitHub(user_versions_state=False)
    server.user.add_package("npm", "left-pad").add_versions(2)
    paths = [f"{owner}/packages/npm/left-pad/versions?state=deleted" for owner in ("/users/octocat", "/user")]

    assert [len((await connect(server).get(path)).json()) for path in paths] == [2, 0]


async def test_enterprise_server_has_the_api_under_a_prefix_and_web_pages_elsewhere(connect: Connect) -> None:
    server = MockGitHub(prefix="/api/v3", rate_limit=None)
    server.user.add_package("npm", "left-pad").add_versions(2)
    client = connect(server)
    host = "https://github.acme.com"
    inside = await client.get(f"{host}/api/v3/users/octocat/packages/npm/left-pad/versions?per_page=1")
    outside = await client.get(f"{host}/user/packages")

    assert f"{host}/api/v3/user/583231/packages/npm/left-pad/versions?per_page=1&page=2" == inside.links["next"]["url"]
    assert inside.json()[0]["url"].startswith(f"{host}/api/v3/users/octocat/")
    assert inside.json()[0]["html_url"].startswith(f"{host}/users/octocat/")
    assert (outside.status_code, outside.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (await client.get(inside.links["next"]["url"])).status_code == 200


async def test_a_renamed_owner_redirects_to_the_numeric_path(acme: MockOwner, client: httpx.AsyncClient) -> None:
    acme.add_package("container", "web/api")
    acme.rename("ajax")
    path = "/orgs/acme/packages/container/web%2Fapi"
    answers = [await client.get(f"{path}?a=b"), await client.delete(path)]
    target = "https://api.github.com/organizations/363514/packages/container/web%2Fapi"

    assert [one.status_code for one in answers] == [301, 307]
    assert [f"{target}?a=b", target] == [one.headers["location"] for one in answers]
    assert (await client.get(target)).json()["owner"]["login"] == "ajax"


async def test_renamed_owners_can_be_gone(connect: Connect) -> None:
    server = MockGitHub(rename_redirects=False)
    server.add_org("acme").rename("ajax")

    assert (await connect(server).get("/orgs/acme/packages?package_type=npm")).status_code == 404


def test_requests_can_be_answered_without_any_transport(server: MockGitHub) -> None:
    request = Request("GET", "/user/packages", "package_type=npm", {"user-agent": "x"})

    assert server.handle(request).status == 401
