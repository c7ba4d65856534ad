"""A page that is too much for the server comes in pieces, with nothing lost or doubled."""

from collections.abc import Callable

import httpx
import pytest
from tests.core.wire import Recorder, client, package, pages_of, version

from ghpackages import GitHubPackages, PageWindowError, ServerError
from ghpackages.pagination import page_links

VERSIONS = [version(number) for number in range(1, 251)]
PACKAGES = [package(number) for number in range(1, 251)]
Handler = Callable[[httpx.Request], httpx.Response]


def weak(handler: Handler, most: int, status: int = 502) -> Recorder:
    """A server that can't give more than so many items at once."""

    def answer(request: httpx.Request) -> httpx.Response:
        if int(request.url.params["per_page"]) > most:
            return httpx.Response(status, json={"message": "Server Error"})
        return handler(request)

    return Recorder(answer)


def asked(server: Recorder) -> list[str]:
    """What was asked for, in order; attempts at the same are one."""
    pages = [f"{request.url.params['page']} of {request.url.params['per_page']}" for request in server.requests]
    return [page for page, before in zip(pages, [None, *pages], strict=False) if page != before]


async def ids_of_versions(server: Recorder, per_page: int = 100) -> list[int]:
    async with client(server) as github:
        return [item.id async for item in github.org("acme").versions("container", "web", per_page=per_page)]


async def ids_of_packages(server: Recorder, per_page: int = 100) -> list[int]:
    async with client(server) as github:
        return [item.id async for item in github.org("acme").packages("container", per_page=per_page)]


@pytest.mark.parametrize("status", [502, 504])
@pytest.mark.parametrize("link", [True, False])
@pytest.mark.parametrize("most", [99, 50, 25, 5])
@pytest.mark.parametrize("count", [0, 1, 5, 49, 50, 51, 100, 101, 150, 200, 250])
async def test_nothing_is_lost_or_doubled(count: int, most: int, link: bool, status: int):
    expected = list(range(1, count + 1))
    assert await ids_of_versions(weak(pages_of(VERSIONS[:count], link=link), most, status)) == expected
    assert await ids_of_packages(weak(pages_of(PACKAGES[:count], link=link), most, status)) == expected


@pytest.mark.parametrize("per_page", range(1, 101))
async def test_any_page_size_is_divided_or_given_up(per_page: int):
    server = weak(pages_of(VERSIONS), per_page - 1)
    if any(per_page % size == 0 for size in range(5, per_page)):
        assert await ids_of_versions(server, per_page) == list(range(1, 251))
    else:
        with pytest.raises(ServerError):
            await ids_of_versions(server, per_page)
        assert asked(server) == [f"1 of {per_page}"]


async def test_pieces_are_divided_further_and_asked_for_in_order():
    server = weak(pages_of(VERSIONS), 25)
    async with client(server) as github:
        page = await github.org("acme").versions("container", "web").page(2)
    assert [item.id for item in page] == list(range(101, 201))
    halves = ["3 of 50", "5 of 25", "6 of 25", "4 of 50", "7 of 25", "8 of 25"]
    assert asked(server) == ["2 of 100", *halves]


async def test_only_the_page_that_fails_comes_in_pieces():
    def second_fails(request: httpx.Request) -> httpx.Response:
        if (request.url.params["page"], request.url.params["per_page"]) == ("2", "100"):
            return httpx.Response(504)
        return pages_of(VERSIONS)(request)

    server = Recorder(second_fails)
    assert await ids_of_versions(server) == list(range(1, 251))
    assert {*asked(server)} == {"1 of 100", "2 of 100", "3 of 100", "3 of 50", "4 of 50"}


@pytest.mark.parametrize(
    ("count", "link", "proofs"),
    [
        (100, True, ["no next link"]),
        (101, True, [None, "no next link"]),
        (30, True, ["short page"]),  # one piece holds all, and then there is no Link
        (60, True, ["no next link"]),
        (60, False, ["short page"]),
        (50, False, ["empty page"]),
        (100, False, [None, "empty page"]),
        (0, False, ["empty page"]),
    ],
)
async def test_the_last_piece_proves_what_the_page_would(count: int, link: bool, proofs: list[str | None]):
    async with client(weak(pages_of(VERSIONS[:count], link=link), 50)) as github:
        pages = [page async for page in github.org("acme").versions("container", "web").pages()]
    assert [page.proof for page in pages] == proofs
    assert [page.is_last for page in pages] == [proof is not None for proof in proofs]
    assert [(page.number, page.per_page) for page in pages] == [(number + 1, 100) for number in range(len(proofs))]


async def test_pieces_beyond_the_last_one_are_not_asked_for():
    server = weak(pages_of(VERSIONS[:7], link=False), 25)
    assert await ids_of_versions(server) == list(range(1, 8))
    assert asked(server) == ["1 of 100", "1 of 50", "1 of 25"]


async def test_the_links_of_pieces_are_not_mistaken_for_those_of_pages():
    async with client(weak(pages_of(VERSIONS), 50)) as github:
        page = await github.org("acme").versions("container", "web").page(1)
    assert page_links(page.headers) == {}
    assert page.headers["content-type"] == "application/json"


async def test_an_item_that_shifts_from_piece_to_piece_is_given_once():
    def shifting(request: httpx.Request) -> httpx.Response:
        items = VERSIONS if request.url.params["page"] == "1" else [version(999), *VERSIONS]
        return pages_of(items)(request)

    async with client(weak(shifting, 50)) as github:
        page = await github.org("acme").versions("container", "web").page(1)
    assert [item.id for item in page] == list(range(1, 100))


async def test_a_server_that_counts_in_another_way_loses_nothing_in_silence():
    """Pages that fall three items short each, with nothing skipped: their borders don't fit those of pieces."""

    def short(request: httpx.Request) -> httpx.Response:
        page, per_page = int(request.url.params["page"]), int(request.url.params["per_page"]) - 3
        return httpx.Response(200, json=PACKAGES[(page - 1) * per_page : page * per_page])

    assert await ids_of_packages(Recorder(short)) == list(range(1, 251))
    with pytest.raises(ServerError):
        await ids_of_packages(weak(short, 50))


@pytest.mark.parametrize("status", [500, 503, 404])
async def test_other_failures_are_raised(status: int):
    server = Recorder(lambda request: httpx.Response(status))
    with pytest.raises(Exception, match=str(status)):
        await ids_of_versions(server)
    assert asked(server) == ["1 of 100"]


async def test_what_fails_in_the_smallest_piece_is_raised(caplog: pytest.LogCaptureFixture):
    server = Recorder(lambda request: httpx.Response(502))
    with pytest.raises(ServerError) as caught:
        await ids_of_versions(server)
    assert caught.value.status == 502
    assert asked(server) == ["1 of 100", "1 of 50", "1 of 25", "1 of 5"]
    warnings = [record.message for record in caplog.records if record.message.startswith("page")]
    assert warnings[0] == "page 1 of versions of container/web of acme failed with 502: asking for 50 at a time"


async def test_the_window_is_the_same_in_pieces():
    items = [package(number) for number in range(1, 10_001)]
    server = weak(pages_of(items), 50)
    async with client(server) as github:
        page = await github.org("acme").packages("container").page(100)
        assert [item.id for item in page] == list(range(9_901, 10_001))
        assert page.proof == "no next link"
        with pytest.raises(PageWindowError):
            await github.org("acme").packages("container").page(101)
    assert asked(server) == ["100 of 100", "199 of 50", "200 of 50"]


async def test_pages_go_on_after_pieces_for_a_user_and_for_me():
    for owner in (GitHubPackages.me, lambda github: github.user("octocat")):
        async with client(weak(pages_of(VERSIONS), 50)) as github:
            assert len(await owner(github).versions("container", "web").collect()) == 250
