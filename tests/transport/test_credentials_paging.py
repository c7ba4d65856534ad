"""Of a paging link only the number counts: its path may differ, and another origin is never asked."""

import httpx
import pytest
from tests.core.wire import Recorder, client, package, pages_of

ITEMS = [package(number) for number in range(2)]


def link(target: str, relation: str = "next") -> str:
    return f'<{target}>; rel="{relation}"'


@pytest.mark.parametrize(
    "target",
    [
        *("https://evil.example.com/organizations/7/packages?page=2", "//evil.example.com/x?page=2"),
        *(
            "http://api.github.com/x?page=2",
            "https://api.github.com:8443/x?page=2",
            "https://api.github.com@evil.example.com/",
        ),
    ],
)
@pytest.mark.parametrize("relation", ["next", "last", "prev first"])
async def test_a_paging_link_to_another_origin_is_never_followed(target: str, relation: str):
    """Of a Link only the number of the page counts: behind a gateway a server names itself."""
    server = Recorder(pages_of(ITEMS, link=link(target, relation)))
    async with client(server, token="planted-marker") as github:
        page = await github.org("acme").packages("npm").page(1)
        await github.org("acme").packages("npm").page(2)
    assert [item.id for item in page] == [0, 1]
    assert {(str(request.url.copy_with(query=None)), request.url.host) for request in server.requests} == {
        ("https://api.github.com/orgs/acme/packages", "api.github.com")
    }


@pytest.mark.parametrize(
    "target",
    [
        *("https://api.github.com/organizations/7/packages?page=1", "https://API.github.com:443/x?page=1", "?page=1"),
        *("/organizations/7/packages?page=1", "https://[::1"),
    ],
)
async def test_the_same_origin_is_fine_whatever_the_path(target: str):
    server = Recorder(pages_of(ITEMS, link=link(target, "last")))
    async with client(server) as github:
        page = await github.org("acme").packages("npm").page(1)
    assert len(page) == 2


async def test_links_about_other_things_may_lead_anywhere():
    header = link("https://developer.github.com/changes?page=2", "deprecation")
    async with client(Recorder(pages_of(ITEMS, link=header))) as github:
        assert (await github.org("acme").packages("npm").page(1)).proof is None


async def test_raw_calls_get_the_header_as_it_is():
    server = Recorder(lambda request: httpx.Response(200, json=[], headers={"Link": link("https://evil.example.com/")}))
    async with client(server) as github:
        assert (await github.api.get_async_httpx_client().get("/orgs/acme/packages")).status_code == 200
