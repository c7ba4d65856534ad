"""Listings are complete or raise."""

import asyncio
import pickle

import httpx
import pytest
from attrs.exceptions import FrozenInstanceError
from tests.core.wire import Recorder, client, package, pages_of, version

from ghpackages import IncompleteListingError, PageWindowError, ServerError
from ghpackages.pagination import page_links

PACKAGES = [package(number) for number in range(1, 251)]
VERSIONS = [version(number) for number in range(1, 251)]


async def test_items_come_in_server_order_across_pages():
    server = Recorder(pages_of(PACKAGES))
    async with client(server) as github:
        names = [item.name async for item in github.org("acme").packages("container")]
    assert names == [item["name"] for item in PACKAGES]
    assert len(server.requests) == 3


async def test_pages_tell_number_size_and_proof():
    async with client(Recorder(pages_of(PACKAGES))) as github:
        pages = [page async for page in github.org("acme").packages("container").pages()]
    assert [(page.number, len(page), page.per_page) for page in pages] == [(1, 100, 100), (2, 100, 100), (3, 50, 100)]
    assert [page.proof for page in pages] == [None, None, "no next link"]
    assert [page.is_last for page in pages] == [False, False, True]
    assert [item.id for item in pages[2]] == list(range(201, 251))


async def test_without_a_link_a_full_page_of_packages_means_go_on():
    server = Recorder(pages_of(PACKAGES[:200], link=False))
    async with client(server) as github:
        pages = [page async for page in github.org("acme").packages("container").pages()]
    assert [(len(page), page.proof) for page in pages] == [(100, None), (100, None), (0, "empty page")]


async def test_without_a_link_a_short_page_of_packages_is_no_proof():
    server = Recorder(pages_of(PACKAGES[:3], link=False))
    async with client(server) as github:
        assert len(await github.org("acme").packages("container").collect()) == 3
    assert len(server.requests) == 2


async def test_without_a_link_a_short_page_of_versions_is_the_end():
    server = Recorder(pages_of(VERSIONS[:3], link=False))
    async with client(server) as github:
        pages = [page async for page in github.org("acme").versions("container", "web").pages()]
    assert [(len(page), page.proof) for page in pages] == [(3, "short page")]
    assert len(server.requests) == 1


async def test_without_a_link_a_full_page_of_versions_means_go_on():
    server = Recorder(pages_of(VERSIONS[:200], link=False))
    async with client(server) as github:
        assert len(await github.org("acme").versions("container", "web").collect()) == 200
    assert len(server.requests) == 3


async def test_a_link_that_only_announces_a_deprecation_says_nothing_about_pages():
    server = Recorder(pages_of(VERSIONS[:200], link='<https://developer.github.com/changes>; rel="deprecation"'))
    async with client(server) as github:
        assert len(await github.org("acme").versions("container", "web").collect()) == 200


async def test_an_empty_page_ends_a_listing_even_if_its_link_names_page_zero():
    link = '<https://api.github.com/organizations/1/packages?page=0>; rel="last"'
    server = Recorder(pages_of([], link=link))
    async with client(server) as github:
        (page,) = [page async for page in github.org("acme").packages("npm").pages()]
    assert page.proof == "empty page"


async def test_an_item_that_shifted_to_the_next_page_is_given_once():
    def shifting(request: httpx.Request) -> httpx.Response:
        items = PACKAGES if request.url.params["page"] == "1" else [package(999), *PACKAGES]
        return pages_of(items)(request)

    async with client(Recorder(shifting)) as github:
        ids = [item.id async for item in github.org("acme").packages("container")]
        pages = [page async for page in github.org("acme").packages("container").pages()]
    assert ids == list(range(1, 251))
    assert [len(page) for page in pages] == [100, 99, 51]


async def test_a_server_that_ignores_the_page_number_is_not_asked_for_ever():
    server = Recorder(pages_of(VERSIONS, link=False, ignores_page=True))
    seen = []
    async with client(server) as github:
        with pytest.raises(IncompleteListingError, match="repeated a page") as caught:
            async for item in github.user("octocat").versions("container", "web"):
                seen.append(item.id)
    assert seen == list(range(1, 101))
    assert (caught.value.reason, caught.value.items, caught.value.pages) == ("repeated", 100, 2)


@pytest.mark.parametrize("link", [True, False])
@pytest.mark.parametrize("kinds", [("container",), ()])
@pytest.mark.parametrize("by_page", [True, False])
async def test_after_a_repeated_page_the_error_is_raised_until_the_iterator_is_closed(
    by_page: bool, kinds: tuple[str, ...], link: bool
):
    def stuck(request: httpx.Request) -> httpx.Response:
        """Answer with the second page in place of the next four."""
        number = int(request.url.params["page"])
        first = 200 if number > 6 else 100 * (min(number, 2) - 1)
        headers = {"Link": f'<https://api.github.com/x?page={number + 1}>; rel="next"'} if link and number <= 6 else {}
        return httpx.Response(200, json=PACKAGES[first : first + 100], headers=headers)

    async with client(Recorder(stuck)) as github:
        packages = github.org("acme").packages(*kinds)
        iterator = packages.pages() if by_page else aiter(packages)
        errors: list[IncompleteListingError] = []
        for _ in range(3):
            with pytest.raises(IncompleteListingError, match="repeated a page") as caught:
                while True:
                    await anext(iterator)
            errors.append(caught.value)
        await iterator.aclose()
        with pytest.raises(StopAsyncIteration):
            await anext(iterator)
    assert errors == errors[:1] * 3


@pytest.mark.parametrize(("per_page", "pages"), [(100, 100), (30, 333)])
async def test_the_end_of_the_window_raises_after_the_last_item_that_can_be_had(per_page: int, pages: int):
    server = Recorder(pages_of([package(number) for number in range(1, 10_101)]))
    seen = 0
    async with client(server) as github:
        with pytest.raises(IncompleteListingError) as caught:
            async for _ in github.org("acme").packages("container", per_page=per_page):
                seen += 1
    assert seen == per_page * pages
    assert (caught.value.reason, caught.value.items, caught.value.last_page) == ("window", seen, pages)
    assert len(server.requests) == pages


async def test_exactly_the_window_is_complete_if_a_link_says_so_and_else_can_not_be_proven():
    items = [package(number) for number in range(1, 10_001)]
    async with client(Recorder(pages_of(items))) as github:
        assert len(await github.org("acme").packages("container").collect()) == 10_000
    async with client(Recorder(pages_of(items, link=False))) as github:
        with pytest.raises(IncompleteListingError):
            await github.org("acme").packages("container").collect()


async def test_list_versions_has_no_window():
    server = Recorder(pages_of([version(number) for number in range(1, 10_151)]))
    async with client(server) as github:
        assert len(await github.org("acme").versions("container", "web").collect()) == 10_150
        assert len(await github.org("acme").versions("container", "web").page(102)) == 50


async def test_packages_without_a_type_go_through_all_six():
    def one_each(request: httpx.Request) -> httpx.Response:
        kind = request.url.params["package_type"]
        return pages_of([package(len(kind) * 100, package_type=kind)], link=False)(request)

    server = Recorder(one_each)
    async with client(server) as github:
        found = await github.org("acme").packages().collect()
    assert {item.package_type for item in found} == {"npm", "maven", "rubygems", "docker", "nuget", "container"}
    assert len(found) == 6


async def test_one_page_without_a_type_makes_no_sense():
    async with client(Recorder(pages_of([]))) as github:
        with pytest.raises(ValueError, match="package_type"):
            await github.org("acme").packages().page(1)
        with pytest.raises(ValueError, match="package_type"):
            github.org("acme").packages(start_page=2)


async def test_one_page_is_given_as_it_is():
    server = Recorder(pages_of(PACKAGES))
    async with client(server) as github:
        page = await github.org("acme").packages("container", per_page=10).page(7)
    assert [item.id for item in page.items] == list(range(61, 71))
    assert server.targets == ["GET /orgs/acme/packages?package_type=container&page=7&per_page=10"]


async def test_start_page_begins_in_the_middle():
    async with client(Recorder(pages_of(PACKAGES))) as github:
        assert [item.id async for item in github.org("acme").packages("container", start_page=3)] == list(
            range(201, 251)
        )


async def test_collect_stops_asking_at_its_limit():
    server = Recorder(pages_of(PACKAGES))
    async with client(server) as github:
        packages = github.org("acme").packages("container")
        assert len(await packages.collect(limit=100)) == 100
        assert len(server.requests) == 1
        assert await packages.collect(limit=0) == []
        assert len(server.requests) == 1
        with pytest.raises(ValueError, match="negative"):
            await packages.collect(limit=-1)


async def test_a_paginator_is_a_recipe_that_two_tasks_may_iterate():
    async with client(Recorder(pages_of(PACKAGES))) as github:
        packages = github.org("acme").packages("container")
        first, second = await asyncio.gather(packages.collect(), packages.collect())
    assert first == second
    assert len(first) == 250


async def test_a_paginator_is_frozen_and_shows_what_it_lists():
    async with client(Recorder(pages_of(PACKAGES))) as github:
        packages = github.org("acme").packages("container")
        with pytest.raises(FrozenInstanceError):
            packages.per_page = 5  # type: ignore[misc]
    assert "container packages of acme" in repr(packages)


@pytest.mark.parametrize("per_page", [0, -1, 101])
async def test_a_per_page_that_can_not_be_valid_is_refused(per_page: int):
    async with client(Recorder(pages_of([]))) as github:
        with pytest.raises(ValueError, match="per_page"):
            github.org("acme").packages("container", per_page=per_page)


@pytest.mark.parametrize("number", [0, -3])
async def test_a_page_below_one_is_refused(number: int):
    server = Recorder(pages_of([]))
    async with client(server) as github:
        with pytest.raises(ValueError, match="counted from 1"):
            await github.org("acme").versions("container", "web").page(number)
        with pytest.raises(ValueError, match="counted from 1"):
            github.org("acme").versions("container", "web", start_page=number)
    assert server.requests == []


async def test_an_error_in_the_middle_is_raised_after_what_came_before():
    def failing(request: httpx.Request) -> httpx.Response:
        return pages_of(PACKAGES)(request) if request.url.params["page"] == "1" else httpx.Response(502, text="oops")

    seen = []
    async with client(Recorder(failing)) as github:
        with pytest.raises(ServerError):
            async for item in github.org("acme").packages("container"):
                seen.append(item.id)
    assert len(seen) == 100


def test_the_errors_of_listings_survive_pickling():
    window = pickle.loads(pickle.dumps(PageWindowError(101, 100, 10_000)))  # noqa: S301 (our own bytes)
    assert (window.page, window.per_page, window.limit) == (101, 100, 10_000)
    error = IncompleteListingError("window", "npm packages of acme", items=10_000, pages=100, last_page=100)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)
    assert (str(copy), copy.reason, copy.items) == (str(error), "window", 10_000)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("", {}),
        ('<https://api.github.com/organizations/363514/packages?page=2&per_page=1>; rel="next"', {"next": 2}),
        ('<https://x/?page=3>; rel="next", <https://x/?page=1>; rel="prev"', {"next": 3, "prev": 1}),
        ("<https://x/?a=1,2&page=3>; rel=next", {"next": 3}),
        ('<https://x/?page=9>; title="a, b"; rel="last first"', {"last": 9, "first": 9}),
        ('<https://x/?page=2>; REL="NEXT"', {"next": 2}),
        ('<https://developer.github.com/v3>; rel="deprecation"; type="text/html"', {}),
        ('<https://x/?page=zwei>; rel="next"', {}),
        ('<https://x/?since=5>; rel="next"', {}),
        ("nonsense", {}),
        ("<https://[>; rel=next", {}),
    ],
)
def test_link_headers_are_read_for_page_numbers_only(link: str, expected: dict[str, int]):
    assert page_links(httpx.Headers({"link": link})) == expected
