"""The server gives the like of every recorded answer of the real API: `recorded_forms` has what those look like."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.mock.recorded_forms import ANY_HEADERS, form, package, version

from ghpackages.testing import EPOCH, MockGitHub, MockPackage, TokenKind, faults

Connect = Callable[..., httpx.AsyncClient]

API = "https://api.github.com"
DOCS = "https://docs.github.com/rest/packages/packages#"
ME, ORG = "users/octocat/packages/container/web", "orgs/acme/packages/container/web"
MAVEN, NPM = "users/octocat/packages/maven/com.example.web", "orgs/acme/packages/npm/left-pad"
SCOPES = ("delete:packages", "repo", "write:packages")


@pytest.fixture
def server() -> MockGitHub:
    """Give a server with an organisation and a user that own nothing."""
    return made()


def made(**options: Any) -> MockGitHub:
    server = MockGitHub(clock=lambda: EPOCH, **options)
    server.add_org("acme", id=363_514)
    return server


def add(server: MockGitHub, path: str, **given: Any) -> MockPackage:
    """Add a package by its canonical path."""
    _, login, _, package_type, name = path.split("/")
    return server.owner(login).add_package(package_type, name, **given)


# --- a package


@pytest.mark.parametrize(
    ("asked", "path", "linked"),
    [
        pytest.param("user/packages/container/web", ME, {}, id="setUp, testAuthUserGetPackage"),
        pytest.param("users/octocat/packages/container/web", ME, {}, id="testUserGetPackage"),
        pytest.param(ORG, ORG, None, id="testOrgGetPackage"),
        pytest.param("user/packages/maven/com.example.web", MAVEN, {"description": "A library"}, id="maven-package"),
    ],
)
async def test_a_recorded_package(
    server: MockGitHub, connect: Connect, asked: str, path: str, linked: dict[str, str] | None
) -> None:
    if linked is not None:
        server.user.add_repository("hello", **linked)
    add(server, path, repository=None if linked is None else "hello").add_versions(2)
    answer = await connect(server, server.add_token(scopes=SCOPES)).get(asked)

    assert form(answer.json()) == package(path, count=True, linked=linked is not None, described=bool(linked))


# --- a list of packages


async def test_recorded_headers(connect: Connect) -> None:
    server = made(compression=True)
    add(server, ME)
    token = server.add_token(scopes=SCOPES, expires_at=EPOCH + timedelta(days=7))
    headers = (await connect(server, token).get("user/packages/container/web")).headers

    assert ANY_HEADERS.items() <= dict(headers).items()
    assert re.fullmatch(r'W/"[0-9a-f]{64}"', headers["etag"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", headers["github-authentication-token-expiration"])
    assert re.fullmatch(r"[0-9A-F]{4}(:[0-9A-F]+){4}", headers["x-github-request-id"])
    assert {"x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-used"} <= headers.keys()


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("user/packages", id="testAuthUserGetPackages"),
        pytest.param("users/octocat/packages", id="testUserGetPackages"),
    ],
)
async def test_a_recorded_page_of_a_users_packages(server: MockGitHub, client: httpx.AsyncClient, asked: str) -> None:
    server.user.add_repository("hello", description="A tool")
    for number in range(152):
        linked = "hello" if number == 31 else None
        add(server, ME.replace("web", f"web-{number}"), created_at=EPOCH + timedelta(hours=number), repository=linked)
    answer = await client.get(f"{asked}?package_type=container&page=2")
    items = answer.json()

    assert [item["name"] for item in items[:2]] == ["web-30", "web-31"]
    for item in items[:2]:
        path = ME.replace("web", item["name"])
        assert form(item) == package(path, linked=item["name"] == "web-31")
    url = f"{API}/user/packages?package_type=container&page=%d&per_page=30"
    assert answer.headers["link"] == ", ".join(
        f'<{url % page}>; rel="{relation}"' for relation, page in [("next", 3), ("prev", 1), ("first", 1), ("last", 6)]
    )


@pytest.mark.parametrize("recording", ["testGetOrgPackages", "testOrgGetPackages"])
async def test_a_recorded_page_that_says_the_last_one_is_zero(connect: Connect, recording: str) -> None:
    server = made(package_order="name")
    for name in (*(f"a-{number}" for number in range(30)), "test-pkg2", "test-pkg"):
        add(server, ORG.replace("web", name))
    server.fault(faults.Link(next=None, prev=None, first=None, last=0))
    answer = await connect(server).get("orgs/acme/packages?package_type=container&page=2")

    names = ["test-pkg", "test-pkg2"]
    assert form(answer.json()) == [package(ORG.replace("web", name)) for name in names]
    url = f"{API}/organizations/363514/packages?package_type=container&page=0&per_page=30"
    assert answer.headers["link"] == f'<{url}>; rel="last"'


BEFORE_2025 = faults.MissingFields("owner.user_view_type", "repository.owner.user_view_type")


async def test_recorded_packages_of_2024_user_containers(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.user.add_repository("hello", description="An image")
    for name, day in (("other-image", 2), ("some-image", 1)):
        add(server, ME.replace("web", name), repository="hello", created_at=datetime(2024, 3, day, tzinfo=UTC))
    server.fault(BEFORE_2025)
    answer = await client.get("users/octocat/packages?package_type=container")

    paths = [ME.replace("web", name) for name in ("some-image", "other-image")]
    assert form(answer.json()) == [package(path, linked=True, view_type=False) for path in paths]
    assert "link" not in answer.headers


async def test_a_recorded_package_of_2024_org_containers_aws(server: MockGitHub, client: httpx.AsyncClient) -> None:
    add(server, ORG)
    server.fault(BEFORE_2025)
    answer = await client.get("orgs/acme/packages?package_type=container&per_page=1")

    assert form(answer.json()) == [package(ORG, view_type=False)]


# --- versions


@pytest.mark.parametrize(
    ("asked", "path", "tagged"),
    [
        pytest.param("user/packages/container/web", ME, False, id="testAuthUserGetPackageVersion"),
        pytest.param("users/octocat/packages/container/web", ME, True, id="testGetVersion"),
        pytest.param("users/octocat/packages/container/web", ME, False, id="testUserGetPackageVersion"),
        pytest.param(ORG, ORG, False, id="testOrgGetPackageVersion"),
    ],
)
async def test_a_recorded_version(
    server: MockGitHub, client: httpx.AsyncClient, asked: str, path: str, tagged: bool
) -> None:
    one = add(server, path).add_version(tags=["v1.10.0-alpha.0-88-g42f9b84"] if tagged else [])

    assert form((await client.get(f"{asked}/versions/{one.id}")).json()) == version(path, tagged=tagged)


Added = dict[str, Any]
TAGGED: Added = {"tags": ["latest"]}
LICENSED: Added = {"license": "MIT"}
DESCRIBED: Added = {"description": "A library"}


@pytest.mark.parametrize(
    ("asked", "path", "added"),
    [
        pytest.param("user", ME, [TAGGED, {}, {}, {"tags": ["a", "b"]}, {}], id="testAuthUserListPackageVersions"),
        pytest.param("users/octocat", ME, [TAGGED, {}, {}, {"tags": ["a", "b"]}, {}], id="testListVersions"),
        pytest.param("users/octocat", ME, [TAGGED, {}, {}, {"tags": ["a", "b"]}, {}], id="testUserListPackageVersions"),
        pytest.param("orgs/acme", ORG, [TAGGED, TAGGED], id="testOrgListPackageVersions"),
        pytest.param("users/octocat", ME, [TAGGED] * 3, id="user-container-versions"),
        pytest.param(
            "orgs/acme",
            ORG,
            [TAGGED | DESCRIBED, TAGGED | DESCRIBED, DESCRIBED],
            id="org-container-versions-description",
        ),
        pytest.param("orgs/acme", ORG, [TAGGED | LICENSED | DESCRIBED], id="org-container-version-license"),
        pytest.param("orgs/acme", ORG, [TAGGED], id="org-container-version-2023"),
        pytest.param("user", ME, [TAGGED], id="me-container-version"),
        pytest.param("user", ME, [TAGGED], id="me-container-versions-single-page"),
        pytest.param("orgs/acme", ORG, [TAGGED, {}], id="org-container-versions-2026"),
        pytest.param("orgs/acme", ORG, [TAGGED] * 3, id="org-container-versions-2022"),
        pytest.param(
            "user", MAVEN, [LICENSED | DESCRIBED] * 3 + [LICENSED] + [LICENSED | DESCRIBED] * 26, id="maven-versions"
        ),
        pytest.param("users/octocat", MAVEN, [{}], id="maven-versions-2022-no-license"),
        pytest.param("orgs/acme", NPM, [{}] * 4, id="npm-versions-org-scoped"),
    ],
)
async def test_recorded_versions(
    server: MockGitHub, client: httpx.AsyncClient, asked: str, path: str, added: list[Added]
) -> None:
    owner, _, rest = path.partition("/packages/")
    web = add(server, path, repository="hello" if owner.startswith("users") else None)
    for days, given in enumerate(added):
        web.add_version(created_at=EPOCH - timedelta(days=days), **given)
    answer = await client.get(f"{asked}/packages/{rest}/versions")
    items = answer.json()

    has_tags = "/container/" in path
    assert [form(item) for item in items] == [
        version(path, *(given.keys() - {"tags"}), tagged="tags" in given if has_tags else None) for given in added
    ]
    assert items == sorted(items, key=lambda item: item["created_at"], reverse=True)
    assert "link" not in answer.headers


async def test_recorded_versions_without_metadata_npm_versions_metadata_empty(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    add(server, NPM).add_versions(4)
    server.fault(faults.MissingFields("metadata.package_type"))

    assert form((await client.get(f"{NPM}/versions")).json()) == [version(NPM) | {"metadata": {}}]


async def test_a_recorded_version_without_addresses_container_version_without_urls(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    web = add(server, ME)
    for tags in ([], ["latest"]):
        web.add_version(tags=tags)
    server.fault(faults.MissingFields("url", "html_url", "package_html_url", item=1))
    whole = version(ME, tagged=False)
    bare = {key: whole[key] for key in ("id", "name", "created_at", "updated_at", "metadata")}

    assert form((await client.get("user/packages/container/web/versions")).json()) == [version(ME, tagged=True), bare]


@pytest.mark.parametrize(
    ("page", "links"),
    [
        pytest.param(1, {"next": 2, "last": 2}, id="org-container-versions-page1"),
        pytest.param(2, {"prev": 1, "first": 1}, id="org-container-versions-page2"),
        pytest.param(3, {"prev": 2, "first": 1, "last": 2}, id="org-container-versions-page3"),
    ],
)
async def test_a_recorded_page_of_versions(
    server: MockGitHub, client: httpx.AsyncClient, page: int, links: dict[str, int]
) -> None:
    add(server, ORG).add_versions(102, tags=lambda index: [f"v{index}"])
    answer = await client.get(f"{ORG}/versions?page={page}&per_page=100")

    assert form(answer.json()) == ([] if page == 3 else [version(ORG, tagged=True)])
    url = f"{API}/organizations/363514/packages/container/web/versions?page=%d&per_page=100"
    assert answer.headers["link"] == ", ".join(f'<{url % number}>; rel="{name}"' for name, number in links.items())


# --- refusals

NOT_FOR_APPS = {"x-accepted-github-permissions": "allows_permissionless_access=true"}


@pytest.mark.parametrize(
    ("asked", "kind", "status", "message", "slug"),
    [
        pytest.param(
            *("orgs/acme", "installation", 400, "Invalid argument.", "list-packages-for-an-organization"),
            id="err-list-400-integration-org",
        ),
        pytest.param(
            *("users/octocat", "actions", 400, "Invalid argument.", "list-packages-for-a-user"),
            id="err-list-400-integration-user",
        ),
        pytest.param(
            *("user", "app-user", 403, "Resource not accessible by integration"),
            "list-packages-for-the-authenticated-users-namespace",
            id="err-list-403-app-user-token",
        ),
    ],
)
async def test_a_recorded_refusal_of_an_apps_token(
    server: MockGitHub, connect: Connect, asked: str, kind: TokenKind, status: int, message: str, slug: str
) -> None:
    client = connect(server, server.add_token(kind=kind))
    answer = await client.get(f"{asked}/packages?package_type=container")

    assert answer.status_code == status
    assert answer.json() == {"message": message, "documentation_url": DOCS + slug, "status": str(status)}
    assert NOT_FOR_APPS.items() <= dict(answer.headers).items()


async def test_a_recorded_refusal_for_want_of_a_scope_err_list_403_scope(server: MockGitHub, connect: Connect) -> None:
    client = connect(server, server.add_token(scopes=["gist", "read:org", "repo", "workflow"]))
    answer = await client.get("user/packages?package_type=container")

    assert answer.status_code == 403
    assert answer.json() == {
        "message": "You need at least read:packages scope to list packages.",
        "documentation_url": f"{DOCS}list-packages-for-the-authenticated-users-namespace",
        "status": "403",
    }
    assert answer.headers["x-oauth-scopes"] == "gist, read:org, repo, workflow"
    assert answer.headers["x-accepted-oauth-scopes"] == ""


LAST_TAGGED = "You cannot delete the last tagged version of a package. You must delete the package instead."
POPULAR = (
    "Publicly visible package versions with more than 5000 downloads cannot be deleted. "
    "Contact GitHub support for further assistance."
)
BODY = "Invalid request.\n\nFor 'links/0/schema', {} is not a null."
DELETE_MINE = "delete-a-package-version-for-the-authenticated-user"
DELETE_A_USERS = "delete-package-version-for-a-user"


@pytest.mark.parametrize(
    ("asked", "content", "error_status", "status", "message", "slug"),
    [
        pytest.param(
            *("GET users/octocat/packages/container/app", b"", True, 404, "Package not found."),
            "get-a-package-for-a-user",
            id="err-get-404-user",
        ),
        pytest.param(
            *("GET orgs/nowhere/packages?package_type=container", b"", False, 404, "Not Found"),
            "list-packages-for-an-organization",
            id="err-org-404",
        ),
        pytest.param(
            *("DELETE users/octocat/packages/container/web/versions/7", b"", True, 400, LAST_TAGGED, DELETE_A_USERS),
            id="err-delete-version-400-last-tagged",
        ),
        pytest.param(
            *("DELETE user/packages/container/popular/versions/9", b"", True, 400, POPULAR, DELETE_MINE),
            id="err-delete-version-400-downloads",
        ),
        pytest.param(
            *("DELETE users/octocat/packages/container/web/versions/5", b"", True, 404, "Package version not found."),
            DELETE_A_USERS,
            id="err-delete-version-404",
        ),
        pytest.param(
            *("DELETE user/packages/container/web/versions/7", b"{}", False, 422, BODY, DELETE_MINE),
            id="err-delete-version-422-body",
        ),
    ],
)
async def test_a_recorded_refusal(
    connect: Connect, asked: str, content: bytes, error_status: bool, status: int, message: str, slug: str
) -> None:
    server = made(error_status=error_status)
    add(server, ME).add_version(id=7, tags=["latest"])
    popular = add(server, ME.replace("web", "popular"), visibility="public")
    popular.add_version(id=9, downloads=5_001)
    method, _, path = asked.partition(" ")
    answer = await connect(server).request(method, path, content=content)

    docs = DOCS.replace("packages/packages", "reference/packages") if status == 422 else DOCS
    shown = {"status": str(status)} if error_status else {}
    assert answer.status_code == status
    assert answer.json() == {"message": message, "documentation_url": docs + slug, **shown}
