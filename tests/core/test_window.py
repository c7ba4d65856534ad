"""The guard refuses pages beyond page × per_page = 10000 before anything is sent."""

import httpx
import pytest
from tests.core.wire import Recorder, client, pages_of

from ghpackages import GitHubPackages, PageWindowError
from ghpackages.transport import WindowGuardTransport
from ghpackages_api.api.packages import (
    list_package_versions_for_org,
    list_packages_for_authenticated_user,
    list_packages_for_org,
    list_packages_for_user,
)


def empty(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=[])


RAW_CALLS = {
    "org": lambda github, **page: list_packages_for_org.asyncio("acme", client=github.api, package_type="npm", **page),
    "user": lambda github, **page: list_packages_for_user.asyncio(
        "octocat", client=github.api, package_type="npm", **page
    ),
    "me": lambda github, **page: list_packages_for_authenticated_user.asyncio_detailed(
        client=github.api, package_type="npm", **page
    ),
}


def owner_of(github: GitHubPackages, kind: str):
    return {"org": github.org("acme"), "user": github.user("octocat"), "me": github.me()}[kind]


@pytest.mark.parametrize("kind", RAW_CALLS)
@pytest.mark.parametrize(("page", "per_page"), [(101, 100), (334, 30), (10_001, 1), (5_001, 2)])
async def test_beyond_the_window_nothing_is_sent(kind: str, page: int, per_page: int):
    server = Recorder(empty)
    async with client(server) as github:
        with pytest.raises(PageWindowError) as caught:
            await RAW_CALLS[kind](github, page=page, per_page=per_page)
        with pytest.raises(PageWindowError):
            await owner_of(github, kind).packages("npm", per_page=per_page).page(page)
        with pytest.raises(PageWindowError):
            owner_of(github, kind).packages("npm", per_page=per_page, start_page=page)
    assert server.requests == []
    assert isinstance(caught.value, ValueError)
    assert (caught.value.page, caught.value.per_page, caught.value.limit) == (page, per_page, 10_000)


@pytest.mark.parametrize("kind", RAW_CALLS)
@pytest.mark.parametrize(("page", "per_page"), [(100, 100), (333, 30), (10_000, 1), (2_500, 4)])
async def test_up_to_the_window_pages_are_asked_for(kind: str, page: int, per_page: int):
    server = Recorder(empty)
    async with client(server) as github:
        await RAW_CALLS[kind](github, page=page, per_page=per_page)
        await owner_of(github, kind).packages("npm", per_page=per_page).page(page)
    assert len(server.requests) == 2


async def test_a_raw_per_page_over_100_counts_as_the_100_that_the_server_makes_of_it():
    server = Recorder(empty)
    async with client(server) as github:
        await RAW_CALLS["org"](github, page=100, per_page=500)
        with pytest.raises(PageWindowError) as caught:
            await RAW_CALLS["org"](github, page=101, per_page=500)
    assert len(server.requests) == 1
    assert caught.value.per_page == 100


async def test_a_raw_call_without_per_page_counts_the_default_of_30():
    server = Recorder(empty)
    async with client(server) as github:
        await RAW_CALLS["org"](github, page=333)
        with pytest.raises(PageWindowError):
            await RAW_CALLS["org"](github, page=334)
    assert len(server.requests) == 1


async def test_list_versions_is_not_guarded():
    server = Recorder(empty)
    async with client(server) as github:
        await list_package_versions_for_org.asyncio(
            "acme", "container", "web", client=github.api, page=1_000, per_page=100
        )
    assert len(server.requests) == 1


async def test_a_package_called_packages_is_not_guarded():
    server = Recorder(pages_of([]))
    async with client(server) as github:
        await github.org("acme").versions("npm", "packages").page(5_000)
    assert len(server.requests) == 1


BASES = [
    "https://api.github.com",
    "https://api.acme.ghe.com",
    "https://ghe.example/api/v3",
    "https://gateway.example/github",
    "https://gateway.example/a/b/api/v3",
    "https://orgs.example/orgs/x",
    "https://gateway.example/user/packages",
    "https://gateway.example/m%C3%BC/packages/npm",
]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("kind", RAW_CALLS)
async def test_the_guard_holds_behind_any_path_prefix(kind: str, base: str):
    server = Recorder(empty)
    async with client(server, base_url=base) as github:
        await RAW_CALLS[kind](github, page=100, per_page=100)
        with pytest.raises(PageWindowError):
            await RAW_CALLS[kind](github, page=101, per_page=100)
    assert len(server.requests) == 1


@pytest.mark.parametrize("base", BASES)
async def test_other_operations_are_not_guarded_behind_any_path_prefix(base: str):
    server = Recorder(pages_of([]))
    async with client(server, base_url=base) as github:
        await github.org("acme").versions("npm", "user/packages").page(5_000)
        await github.org("packages").versions("npm", "orgs/x/packages").page(5_000)
        await github.me().versions("container", "packages").page(5_000)
        path = github.api.get_async_httpx_client().base_url.raw_path.decode().rstrip("/")
        http = github.api.get_async_httpx_client()
        await http.get("/orgs/acme/packages/npm/user%2Fpackages", params={"page": 5_000, "per_page": 100})
    assert [request.url.raw_path.decode().startswith(path) for request in server.requests] == [True] * 4


@pytest.mark.parametrize("prefix", ["", "/api/v3", "/github"])
@pytest.mark.parametrize(
    "path", ["/orgs/acme/packages", "/organizations/1/packages", "/user/packages", "/user/7/packages"]
)
async def test_the_guard_works_alone_around_any_transport(prefix: str, path: str):
    server = Recorder(empty)
    async with httpx.AsyncClient(transport=WindowGuardTransport(server), base_url="https://example.com") as http:
        await http.get(f"{prefix}{path}", params={"page": 100, "per_page": 100})
        with pytest.raises(PageWindowError):
            await http.get(f"{prefix}{path}", params={"page": 101, "per_page": 100})
        await http.get(f"{prefix}{path}", params={"page": "x"})
        await http.delete(f"{prefix}{path}", params={"page": 101, "per_page": 100})
    assert len(server.requests) == 3
    assert server.closed
