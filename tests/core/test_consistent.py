"""What a consistent listing asks for, what it refuses to believe, and when it gives up."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from tests.core.held import Held, settle
from tests.core.shifting import Shelf, Tells, date, link
from tests.core.wire import Handler, Recorder, client, package, pages_of, version

from ghpackages import (
    GitHubPackages,
    IncompleteListingError,
    NotFoundError,
    Package,
    PackageVersion,
    Paginator,
    ServerError,
)

TWO_A_PAGE = 2


def versions(github: GitHubPackages, per_page: int = TWO_A_PAGE) -> Paginator[PackageVersion]:
    return github.org("acme").versions("container", "web", per_page=per_page, consistent=True)


def packages(github: GitHubPackages, per_page: int = TWO_A_PAGE) -> Paginator[Package]:
    return github.org("acme").packages("container", per_page=per_page, consistent=True)


def asked(server: Recorder) -> list[int]:
    """The pages that were asked for, in order."""
    return [int(request.url.params["page"]) for request in server.requests]


async def ids_of_versions(server: Recorder, per_page: int = TWO_A_PAGE) -> list[int]:
    async with client(server) as github:
        return [item.id async for item in versions(github, per_page)]


# What it costs


@pytest.mark.parametrize(
    ("count", "tells", "pages"),
    [
        (0, "last", [1]),
        (1, "last", [1]),
        (2, "last", [1, 2, 1, 2]),  # a full page without a Link is no proof
        (3, "last", [1, 2, 1]),
        (4, "last", [1, 2, 1]),
        (5, "last", [1, 3, 2, 3, 1]),
        (10, "last", [1, 5, 2, 3, 4, 5, 1]),
        (1, "next", [1]),
        (3, "next", [1, 2, 1, 2]),
        (6, "next", [1, 2, 3, 1, 2, 3]),
        (1, "nothing", [1]),
        (3, "nothing", [1, 2, 1, 2]),
        (4, "nothing", [1, 2, 3, 1, 2, 3]),
    ],
)
async def test_versions_cost_what_is_promised(count: int, tells: Tells, pages: list[int]):
    server = Recorder(Shelf(count, tells=tells))
    assert await ids_of_versions(server) == list(range(count, 0, -1))
    assert asked(server) == pages


@pytest.mark.parametrize(
    ("count", "tells", "pages"),
    [
        (0, "last", [1]),
        (1, "last", [1, 2, 1, 2]),  # a short page without a Link is none either
        (3, "last", [1, 2, 1]),
        (10, "last", [1, 5, 2, 3, 4, 5, 1]),
        (4, "next", [1, 2, 1, 2]),
        (3, "nothing", [1, 2, 3, 1, 2, 3]),
    ],
)
async def test_packages_cost_what_is_promised(count: int, tells: Tells, pages: list[int]):
    server = Recorder(Shelf(count, package, tells))
    async with client(server) as github:
        assert [item.id async for item in packages(github)] == list(range(count, 0, -1))
    assert asked(server) == pages


async def test_a_large_listing_costs_two_requests_more():
    server = Recorder(Shelf(2_450))
    assert await ids_of_versions(server, per_page=100) == list(range(2_450, 0, -1))
    assert Counter(asked(server)) == Counter({1: 2, 25: 2}) + Counter(range(2, 25))


async def test_the_pages_in_the_middle_are_asked_for_together():
    server = Held(Shelf(12))
    async with client(server, concurrency=3) as github:
        task = asyncio.create_task(versions(github).collect())
        await settle()
        await server.answer("1")
        assert server.in_flight == ["6"]
        await server.answer("6")
        assert server.in_flight == ["2", "3", "4"]
        await server.answer("4", "3", "5", "2")
        assert server.in_flight == ["6"]
        await server.answer("6")
        assert server.in_flight == ["1"]
        await server.answer("1")
        assert [item.id for item in await task] == list(range(12, 0, -1))
    assert server.most == 3


async def test_nothing_is_given_before_it_is_proven():
    server = Held(Shelf(5))
    async with client(server) as github:
        task = asyncio.create_task(anext(aiter(versions(github))))
        await settle()
        for page in ("1", "3", "2", "3"):
            await server.answer(page)
            assert not task.done()
        await server.answer("1")
        assert (await task).id == 5


async def test_cancelling_leaves_nothing_in_flight():
    server = Held(Shelf(20))
    async with client(server) as github:
        task = asyncio.create_task(versions(github).collect())
        await settle()
        await server.answer("1", "10")
        assert len(server.in_flight) > 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert server.in_flight == []


@pytest.mark.parametrize(
    ("count", "tells", "proofs"),
    [
        (0, "last", ["empty page"]),
        (1, "last", ["short page"]),
        (3, "last", [None, "no next link"]),
        (6, "last", [None, None, "no next link"]),
        (6, "nothing", [None, None, None, "empty page"]),
    ],
)
async def test_pages_keep_their_numbers_and_their_proof(count: int, tells: Tells, proofs: list[str | None]):
    async with client(Recorder(Shelf(count, tells=tells))) as github:
        pages = [page async for page in versions(github).pages()]
    assert [page.proof for page in pages] == proofs
    assert [page.is_last for page in pages] == [proof is not None for proof in proofs]
    assert [(page.number, page.per_page) for page in pages] == [(n + 1, TWO_A_PAGE) for n in range(len(proofs))]
    assert [item.id for page in pages for item in page] == list(range(count, 0, -1))


async def test_a_limit_takes_the_first_items_of_what_is_proven():
    server = Recorder(Shelf(10))
    async with client(server) as github:
        assert [item.id for item in await versions(github).collect(limit=3)] == [10, 9, 8]
    assert asked(server) == [1, 5, 2, 3, 4, 5, 1]


async def test_each_iteration_proves_anew():
    server = Recorder(Shelf(3))
    async with client(server) as github:
        listing = versions(github)
        assert await listing.collect() == await listing.collect()
    assert asked(server) == [1, 2, 1, 1, 2, 1]


async def test_another_start_page_than_the_first_is_refused():
    server = Recorder(Shelf(10))
    async with client(server) as github:
        with pytest.raises(ValueError, match="consistent"):
            github.org("acme").versions("container", "web", start_page=2, consistent=True)
        with pytest.raises(ValueError, match="consistent"):
            github.org("acme").packages("container", start_page=2, consistent=True)
    assert server.requests == []


async def test_all_six_types_are_proven_each_by_itself():
    shelves = {"npm": Shelf(3, package), "maven": Shelf(0, package), "rubygems": Shelf(5, package)}

    def handler(request: httpx.Request) -> httpx.Response:
        kind = request.url.params["package_type"]
        return shelves[kind](request) if kind in shelves else httpx.Response(200, json=[])

    server = Recorder(handler)
    async with client(server) as github:
        listing = github.org("acme").packages(per_page=TWO_A_PAGE, consistent=True)
        found = [(page.number, [item.id for item in page]) async for page in listing.pages()]
    assert [each for each in found if each[1]] == [(1, [3, 2]), (2, [1]), (1, [5, 4]), (2, [3, 2]), (3, [1])]
    types = [request.url.params["package_type"] for request in server.requests]
    pages = {kind: [page for each, page in zip(types, asked(server), strict=True) if each == kind] for kind in types}
    assert pages == {kind: [1] for kind in pages} | {"npm": [1, 2, 1], "rubygems": [1, 3, 2, 3, 1]}
    assert len(pages) == 6


# What shifts


class Happening:
    """Answers with what a shelf has, on which things happen right after some of the first answers.

    Args:
        shelf: What there is.
        after: What happens after the answer of this number.
    """

    def __init__(self, shelf: Shelf, after: Mapping[int, Callable[[Shelf], object]]) -> None:
        self.shelf, self.after = shelf, after
        self.answers = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        response = self.shelf(request)
        self.answers += 1
        self.after.get(self.answers, lambda shelf: None)(self.shelf)
        return response


def do(*steps: tuple[str, *tuple[Any, ...]]) -> Callable[[Shelf], None]:
    """Several things at once: `("delete", 3)`, `("add",)`, `("tie",)`."""

    def happen(shelf: Shelf) -> None:
        for step, *ids in steps:
            shelf.delete(*ids) if step == "delete" else shelf.add(tie=step == "tie")

    return happen


SHIFTS: dict[str, tuple[int, int, dict[int, Callable[[Shelf], None]]]] = {
    # items, items a page, what happens after which answer
    "an item of a page that was read is deleted, before the last page": (5, 2, {1: do(("delete", 5))}),
    "an item of a page that was read is deleted, before the middle": (5, 2, {2: do(("delete", 4))}),
    "an item in the middle is deleted before it is read": (7, 2, {2: do(("delete", 4))}),
    "an item of the first page is deleted before it is read again": (5, 2, {4: do(("delete", 5))}),
    "the only item of the last page is deleted": (5, 2, {3: do(("delete", 1))}),
    "one of two items of the last page is deleted": (6, 2, {3: do(("delete", 1))}),
    "an item is added before the last page is read": (5, 2, {1: do(("add",))}),
    "so many are added that the last page has a next one": (5, 2, {1: do(("add",), ("add",))}),
    "so many are added that the last page has a next one when it is read again": (6, 2, {3: do(("add",))}),
    "an item is added at the end of the reading": (5, 2, {4: do(("add",))}),
    "an item is added, and one deleted": (6, 2, {2: do(("add",), ("delete", 3))}),
    "an item is added and deleted again, so that another is seen twice": (
        5,
        2,
        {2: do(("add",)), 3: do(("delete", 6))},
    ),
    "a page in the middle falls short": (4, 1, {1: do(("delete", 3)), 3: do(("delete", 2))}),
    "new items hide others and go again": (3, 1, {2: do(("add",), ("add",)), 3: do(("delete", 4, 5))}),
    "the same, in the same second as the newest": (3, 1, {2: do(("tie",), ("add",)), 3: do(("delete", 4, 5))}),
    "an item of the first of two pages is deleted": (3, 2, {1: do(("delete", 3))}),
    "an item is added before the second of two pages": (3, 2, {1: do(("add",))}),
}


@pytest.mark.parametrize("make", [version, package])
@pytest.mark.parametrize(("count", "per_page", "after"), SHIFTS.values(), ids=SHIFTS)
async def test_a_listing_that_shifted_is_read_again(
    count: int, per_page: int, after: dict[int, Callable[[Shelf], None]], make: Callable[..., dict[str, Any]]
):
    shelf = Shelf(count, make)
    server, undisturbed = Recorder(Happening(shelf, after)), Recorder(shelf)
    async with client(server) as github, client(undisturbed) as afterwards:
        if make is version:
            found = [item.id for item in await versions(github, per_page).collect()]
            await versions(afterwards, per_page).collect()
        else:
            found = [item.id for item in await packages(github, per_page).collect()]
            await packages(afterwards, per_page).collect()
    assert found == shelf.ids
    again = asked(undisturbed)
    assert asked(server)[-len(again) :] == again
    assert max(after) <= len(asked(server)) - len(again) <= 6


@pytest.mark.parametrize(
    ("tells", "after"),
    [
        ("next", {2: do(("delete", 6))}),
        ("next", {3: do(("add",))}),
        ("next", {3: do(("delete", 3))}),
        ("nothing", {1: do(("delete", 5))}),
        ("nothing", {4: do(("delete", 1, 2))}),
        ("nothing", {5: do(("add",))}),
    ],
)
async def test_what_is_read_twice_and_differs_is_read_again(tells: Tells, after: dict[int, Callable[[Shelf], None]]):
    shelf = Shelf(6, tells=tells)
    server = Recorder(Happening(shelf, after))
    assert await ids_of_versions(server) == shelf.ids
    assert asked(server).count(1) > 2


@pytest.mark.parametrize("attempts", [2, 3, 4, 5])
async def test_it_is_tried_five_times(attempts: int):
    """Two pages take three answers; something is added before the last one, but for the last attempt."""
    shelf = Shelf(30)
    server = Recorder(Happening(shelf, {3 * number - 1: do(("add",)) for number in range(1, attempts)}))
    assert await ids_of_versions(server, per_page=20) == shelf.ids
    assert asked(server) == [1, 2, 1] * attempts


async def test_it_is_not_tried_a_sixth_time():
    shelf = Shelf(30)
    server = Recorder(Happening(shelf, {3 * number - 1: do(("add",)) for number in range(1, 6)}))
    with pytest.raises(IncompleteListingError):
        await ids_of_versions(server, per_page=20)
    assert asked(server) == [1, 2, 1] * 5


# Giving up


def dated(number: int, second: int) -> dict[str, Any]:
    return version(number, created_at=date(second))


def strange(*pages: list[dict[str, Any]], last: int | None = None) -> Handler:
    """A server that gives these pages, whatever they are; `last` is what it calls the last one."""

    def handler(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        items = pages[number - 1] if number <= len(pages) else []
        headers = link(number, last or len(pages), TWO_A_PAGE, "last")
        return httpx.Response(200, json=items, headers=headers)

    return handler


def always_more(request: httpx.Request) -> httpx.Response:
    """Whatever page is the last one, it has a next one when it is read."""
    number = int(request.url.params["page"])
    items = [dated(1_000 - 2 * number, 1_000 - 2 * number), dated(999 - 2 * number, 999 - 2 * number)]
    links = [("next", number + 1), ("last", 3)]
    told = ", ".join(f'<https://api.github.com/x?page={page}>; rel="{name}"' for name, page in links)
    return httpx.Response(200, json=items, headers={"Link": told})


def flickering() -> Handler:
    """The last page is the same each time, but each second time it has a next one."""
    answers = Counter[str]()
    good = strange([dated(6, 6), dated(5, 5)], [dated(4, 4), dated(3, 3)], [dated(2, 2), dated(1, 1)])

    def handler(request: httpx.Request) -> httpx.Response:
        page = request.url.params["page"]
        answers[page] += 1
        response = good(request)
        if page == "3" and answers[page] % 2 == 0:
            response.headers["Link"] = '<https://api.github.com/x?page=4>; rel="next"'
        return response

    return handler


def never_the_same() -> Handler:
    """Something is added after each answer."""
    shelf = Shelf(3)
    return Happening(shelf, {answer: do(("add",)) for answer in range(1, 200)})


def growing_twice() -> Handler:
    shelf = Shelf(3, tells="nothing")
    return Happening(shelf, {answer: do(("add",)) for answer in range(1, 400, 3)})


NEVER = {
    "all created in the same second": strange([dated(5, 7), dated(4, 7)], [dated(3, 7), dated(2, 7)], [dated(1, 7)]),
    "the last item as new as the first": strange([dated(3, 7), dated(2, 6)], [dated(1, 7)]),
    "an id on two pages in the middle": strange(
        [dated(9, 9), dated(8, 8)], [dated(7, 7), dated(6, 6)], [dated(6, 6), dated(5, 5)], [dated(4, 4)]
    ),
    "an id on the first and the last page": strange([dated(3, 3), dated(2, 2)], [dated(2, 2)]),
    "an id twice on a page": strange([dated(3, 3), dated(3, 3)], [dated(2, 2)]),
    "a short page in the middle": strange([dated(5, 5), dated(4, 4)], [dated(3, 3)], [dated(2, 2)]),
    "a short first page": strange([dated(5, 5)], [dated(4, 4), dated(3, 3)]),
    "a last page that always has a next one": always_more,
    "a last page that has a next one each second time": flickering(),
    "a newer item on a later page": strange([dated(3, 3), dated(2, 2)], [dated(4, 4)]),
    "something new after each answer": never_the_same(),
    "something new while it is read twice": growing_twice(),
}


@pytest.mark.parametrize("handler", NEVER.values(), ids=NEVER)
async def test_what_shifts_each_time_is_given_up_with_nothing_given(handler: Handler):
    server = Recorder(handler)
    given = []
    async with client(server) as github:
        with pytest.raises(IncompleteListingError, match="each time") as caught:
            async for item in versions(github):
                given.append(item.id)
    assert given == []
    error = caught.value
    assert (error.reason, error.listing, error.missing) == ("shifted", "versions of container/web of acme", ())
    assert error.pages > 0
    assert error.items > 0
    assert error.last_page > 1
    assert "versions of container/web of acme" in str(error)
    assert asked(server).count(1) in {5, 10}  # five attempts, each with page 1 once or twice


@pytest.mark.parametrize("tells", ["next", "nothing"])
async def test_a_server_that_ignores_the_page_number_is_not_asked_for_ever(tells: Tells):
    shelf = Shelf(8, tells=tells)

    def handler(request: httpx.Request) -> httpx.Response:
        assert len(server.requests) < 100
        first = shelf.page(1, TWO_A_PAGE)
        first.headers.update(link(int(request.url.params["page"]), 1_000, TWO_A_PAGE, tells))
        return first

    server = Recorder(handler)
    with pytest.raises(IncompleteListingError):
        await ids_of_versions(server)


async def test_an_attempt_that_can_not_succeed_any_more_is_not_read_to_its_end():
    """The last page has a next one: then nothing else needs to be asked for."""
    server = Recorder(always_more)
    with pytest.raises(IncompleteListingError):
        await ids_of_versions(server)
    assert asked(server) == [1, 3] * 5


# Errors


def weak(handler: Handler, most: int) -> Recorder:
    """A server that can't give more than so many items at once."""

    def answer(request: httpx.Request) -> httpx.Response:
        if int(request.url.params["per_page"]) > most:
            return httpx.Response(502, json={"message": "Server Error"})
        return handler(request)

    return Recorder(answer)


@pytest.mark.parametrize("tells", ["last", "next", "nothing"])
@pytest.mark.parametrize("most", [50, 5])
@pytest.mark.parametrize("count", [0, 50, 51, 120])
async def test_a_server_that_can_not_give_large_pages_is_asked_for_small_ones(count: int, most: int, tells: Tells):
    shelf = Shelf(count, tells=tells)
    assert await ids_of_versions(weak(shelf, most), per_page=100) == shelf.ids


async def test_one_page_that_is_too_much_makes_all_pages_smaller():
    shelf = Shelf(250)

    def handler(request: httpx.Request) -> httpx.Response:
        too_much = (request.url.params["page"], request.url.params["per_page"]) == ("2", "100")
        return httpx.Response(504) if too_much else shelf(request)

    server = Recorder(handler)
    async with client(server) as github:
        pages = [page async for page in versions(github, per_page=100).pages()]
    assert [item.id for page in pages for item in page] == shelf.ids
    assert {request.url.params["per_page"] for request in server.requests} == {"100", "50"}
    assert [page.proof for page in pages] == [None] * 4 + ["no next link"]


async def test_a_shift_while_pages_are_small_is_seen_too():
    shelf = Shelf(250)
    happening = Happening(shelf, {3: do(("delete", 249))})
    assert await ids_of_versions(weak(happening, 50), per_page=100) == shelf.ids
    assert 249 not in shelf.ids


async def test_what_fails_with_the_smallest_pages_is_raised():
    server = weak(Shelf(250), 4)
    with pytest.raises(ServerError):
        await ids_of_versions(server, per_page=100)


async def test_another_error_is_raised_and_nothing_given():
    shelf = Shelf(20)

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404, json={}) if request.url.params["page"] == "4" else shelf(request)

    given = []
    async with client(Recorder(handler)) as github:
        with pytest.raises(NotFoundError):
            async for item in versions(github):
                given.append(item.id)
    assert given == []


TOO_MANY = [package(number) for number in range(1, 12_001)]


async def test_what_exceeds_the_window_can_not_be_proven_and_gives_nothing():
    server = Recorder(lambda request: pages_of(TOO_MANY)(request))
    given = []
    async with client(server) as github:
        with pytest.raises(IncompleteListingError) as caught:
            async for item in packages(github, per_page=100):
                given.append(item.id)
    assert caught.value.reason == "window"
    assert given == []
