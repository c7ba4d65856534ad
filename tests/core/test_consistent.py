"""What a consistent listing asks for, what it refuses to believe, and when it gives up."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from tests.core.held import Held, settle
from tests.core.shifting import Shelf, Tells, date, link
from tests.core.wire import Handler, Recorder, client, package, version

from ghpackages import (
    DecodeError,
    GitHubPackages,
    IncompleteListingError,
    NotFoundError,
    Package,
    PackageVersion,
    Paginator,
    ServerError,
    UsageError,
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
        (2, "last", [1, 2, 1]),  # a full page without a Link is no proof
        (3, "last", [1, 2, 1]),
        (4, "last", [1, 2, 1]),
        (5, "last", [1, 3, 2, 3, 1]),
        (10, "last", [1, 5, 2, 3, 4, 5, 1]),
        (1, "next", [1]),
        (3, "next", [1, 2, 1, 2]),
        (6, "next", [1, 2, 3, 1, 2, 3]),
        (1, "nothing", [1]),
        (3, "nothing", [1, 2, 1, 2]),
        (4, "nothing", [1, 2, 3, 1, 2]),  # there is nothing on page 3 to be found again
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
        (1, "last", [1, 2, 1]),  # a short page without a Link is none either
        (3, "last", [1, 2, 1, 2]),
        (10, "last", [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]),
        (4, "next", [1, 2, 1, 2]),
        (3, "nothing", [1, 2, 3, 1, 2]),
    ],
)
async def test_packages_cost_what_is_promised(count: int, tells: Tells, pages: list[int]):
    server = Recorder(Shelf(count, package, tells))
    async with client(server) as github:
        assert [item.id async for item in packages(github)] == list(range(count, 0, -1))
    assert asked(server) == pages


async def test_a_large_listing_of_versions_costs_two_requests_more():
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


async def test_packages_are_read_page_after_page_and_then_all_together():
    server = Held(Shelf(12, package))
    async with client(server, concurrency=4) as github:
        task = asyncio.create_task(packages(github).collect())
        await settle()
        for page in ("1", "2", "3", "4", "5", "6"):
            assert server.in_flight == [page]
            await server.answer(page)
        assert server.in_flight == ["1", "2", "3", "4"]
        await server.answer("4", "2", "1", "5", "6", "3")
        assert [item.id for item in await task] == list(range(12, 0, -1))
    assert server.most == 4


async def test_what_was_pushed_behind_the_pages_of_the_first_reading_is_looked_for_there_and_no_further():
    shelf = Shelf(5, package)
    server = Recorder(Happening(shelf, {3: do(*[("add",)] * 4), 5: do(*[("add", "last")] * 9)}))
    async with client(server) as github:
        assert [item.id async for item in packages(github)] == [5, 4, 3, 2, 1]
    assert asked(server) == [1, 2, 3, 1, 2, 3, 4, 5]


BEFORE_THE_PROOF = [(versions, version, ["1", "3", "2", "3"], "1"), (packages, package, ["1", "2", "3", "1", "2"], "3")]


@pytest.mark.parametrize(("listing", "make", "before", "last"), BEFORE_THE_PROOF, ids=["versions", "packages"])
async def test_nothing_is_given_before_it_is_proven(
    listing: Callable[[GitHubPackages], Paginator[Any]], make: Any, before: list[str], last: str
):
    server = Held(Shelf(5, make))
    async with client(server) as github:
        task = asyncio.create_task(anext(aiter(listing(github))))
        await settle()
        for page in before:
            await server.answer(page)
            assert not task.done()
        await server.answer(last)
        assert (await task).id == 5


PHASES: dict[str, tuple[Callable[[GitHubPackages], Paginator[Any]], Any, list[str], list[str]]] = {
    "from both ends, at the ends": (versions, version, ["1"], ["4"]),
    "from both ends, in the middle": (versions, version, ["1", "4"], ["2", "3"]),
    "from both ends, at the ends again": (versions, version, ["1", "4", "2", "3"], ["4"]),
    "first reading": (packages, package, ["1"], ["2"]),
    "second reading": (packages, package, ["1", "2", "3", "4", "2"], ["1", "3", "4"]),
}


@pytest.mark.parametrize(("listing", "make", "answers", "in_flight"), PHASES.values(), ids=PHASES)
async def test_cancelling_leaves_nothing_in_flight(
    listing: Callable[[GitHubPackages], Paginator[Any]], make: Any, answers: list[str], in_flight: list[str]
):
    server = Held(Shelf(8, make))
    async with client(server) as github:
        task = asyncio.create_task(listing(github).collect())
        await settle()
        await server.answer(*answers)
        assert server.in_flight == in_flight
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert server.in_flight == []
        assert server.cancelled == in_flight


@pytest.mark.parametrize(("listing", "make", "answers", "in_flight"), PHASES.values(), ids=PHASES)
async def test_closing_asks_for_no_more_and_ends_the_reading(
    listing: Callable[[GitHubPackages], Paginator[Any]], make: Any, answers: list[str], in_flight: list[str]
):
    server = Held(Shelf(8, make))
    async with client(server) as github:
        pages = listing(github).pages()
        task = asyncio.create_task(anext(pages))
        await settle()
        await server.answer(*answers)
        await pages.aclose()
        await server.answer_all()
        with pytest.raises(UsageError, match="closed"):
            await task
        assert len(server.asked) == len(answers) + len(in_flight)
        with pytest.raises(StopAsyncIteration):
            await anext(pages)


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
    assert pages == {kind: [1] for kind in pages} | {"npm": [1, 2, 1, 2], "rubygems": [1, 2, 3, 1, 2, 3]}
    assert len(pages) == 6


# What shifts


class Happening:
    """Answers with what a shelf has, on which things happen right after some of the first answers.

    Args:
        shelf: What there is.
        after: What happens after the answer of this number.

    Attributes:
        states: The ids that it had, from the first answer to the last.
    """

    def __init__(self, shelf: Shelf, after: Mapping[int, Callable[[Shelf], object]]) -> None:
        self.shelf, self.after = shelf, after
        self.answers = 0
        self.states = [shelf.ids]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        response = self.shelf(request)
        self.answers += 1
        if self.answers in self.after:
            self.after[self.answers](self.shelf)
            self.states.append(self.shelf.ids)
        return response


def do(*steps: tuple[str, *tuple[Any, ...]]) -> Callable[[Shelf], None]:
    """Several things at once: `("delete", 3)`, `("add",)`, `("add", "last")`, `("tie",)`."""

    def happen(shelf: Shelf) -> None:
        for step, *args in steps:
            if step == "delete":
                shelf.delete(*args)
            else:
                shelf.add(tie=step == "tie", at=len(shelf.items) if args else 0)

    return happen


def delete_first(shelf: Shelf) -> None:
    """Delete the item that is listed first."""
    shelf.delete(shelf.ids[0])


SHIFTS: dict[str, tuple[int, int, dict[int, Callable[[Shelf], None]], list[int], list[int]]] = {
    # items, items a page, what happens after which answer, the pages that are asked for of versions and of packages
    "an item of a page that was read is deleted, before the last page": (
        5,
        2,
        {1: do(("delete", 5))},
        [1, 3, 2, 3, 1, 1, 2, 1],
        [1, 2, 1, 2, 1, 2, 1, 2],
    ),
    "an item of a page that was read is deleted, before the middle": (
        5,
        2,
        {2: do(("delete", 4))},
        [1, 3, 2, 1, 2, 1],
        [1, 2, 3, 1, 2, 1, 2, 1, 2],
    ),
    "an item in the middle is deleted before it is read": (
        7,
        2,
        {2: do(("delete", 4))},
        [1, 4, 2, 3, 1, 3, 2, 3, 1],
        [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3],
    ),
    "an item of the first page is deleted before it is read again": (
        5,
        2,
        {4: do(("delete", 5))},
        [1, 3, 2, 3, 1, 1, 2, 1],
        [1, 2, 3, 1, 2, 3, 1, 2, 1, 2],
    ),
    "the only item of the last page is deleted": (
        5,
        2,
        {3: do(("delete", 1))},
        [1, 3, 2, 3, 1, 2, 1],
        [1, 2, 3, 1, 2, 3, 1, 2, 1, 2],
    ),
    "one of two items of the last page is deleted": (
        6,
        2,
        {3: do(("delete", 1))},
        [1, 3, 2, 3, 1, 3, 2, 3, 1],
        [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3],
    ),
    "an item is added before the last page is read": (
        5,
        2,
        {1: do(("add",))},
        [1, 3, 2, 1, 3, 2, 3, 1],
        [1, 2, 1, 2, 3, 1, 2, 3],
    ),
    "so many are added that the last page has a next one": (
        5,
        2,
        {1: do(("add",), ("add",))},
        [1, 3, 1, 4, 2, 3, 4, 1],
        [1, 2, 1, 2, 3, 4, 1, 2, 3, 4],
    ),
    "so many are added that the last page has a next one when it is read again": (
        6,
        2,
        {3: do(("add",))},
        [1, 3, 2, 3, 1, 4, 2, 3, 4, 1],
        [1, 2, 3, 1, 2, 3, 4],
    ),
    "an item is added at the end of the reading": (
        5,
        2,
        {4: do(("add",))},
        [1, 3, 2, 3, 1, 1, 3, 2, 3, 1],
        [1, 2, 3, 1, 2, 3],
    ),
    "an item is added, and one deleted": (
        6,
        2,
        {2: do(("add",), ("delete", 3))},
        [1, 3, 2, 1, 3, 2, 3, 1],
        [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3],
    ),
    "an item is added and deleted again, so that another is seen twice": (
        5,
        2,
        {2: do(("add",)), 3: do(("delete", 6))},
        [1, 3, 2, 1, 3, 2, 3, 1],
        [1, 2, 3, 1, 2, 3, 1, 2, 3],
    ),
    "a page in the middle falls short": (
        4,
        1,
        {1: do(("delete", 3)), 3: do(("delete", 2))},
        [1, 4, 2, 3, 1, 2, 1, 2],
        [1, 2, 3, 1, 2, 3, 1, 2, 1, 2],
    ),
    "new items hide others and go again": (
        3,
        1,
        {2: do(("add",), ("add",)), 3: do(("delete", 4, 5))},
        [1, 3, 2, 1, 2, 3, 1, 2, 3],
        [1, 2, 3, 1, 2, 3, 1, 2, 3],
    ),
    "the same, in the same second as the newest": (
        3,
        1,
        {2: do(("tie",), ("add",)), 3: do(("delete", 4, 5))},
        [1, 3, 2, 1, 2, 3, 1, 2, 3],
        [1, 2, 3, 1, 2, 3, 1, 2, 3],
    ),
    "an item of the first of two pages is deleted": (
        3,
        2,
        {1: do(("delete", 3))},
        [1, 2, 1, 1, 2, 1],
        [1, 2, 1, 2, 1, 2, 1],
    ),
    "an item is added before the second of two pages": (3, 2, {1: do(("add",))}, [1, 2, 1, 2, 1], [1, 2, 1, 2, 1, 2]),
}


@pytest.mark.parametrize("make", [version, package])
@pytest.mark.parametrize(("count", "per_page", "after", "of_versions", "of_packages"), SHIFTS.values(), ids=SHIFTS)
async def test_a_listing_that_shifted_is_read_again(
    count: int,
    per_page: int,
    after: dict[int, Callable[[Shelf], None]],
    of_versions: list[int],
    of_packages: list[int],
    make: Callable[..., dict[str, Any]],
):
    happening = Happening(Shelf(count, make), after)
    server = Recorder(happening)
    async with client(server) as github:
        listing = versions(github, per_page) if make is version else packages(github, per_page)
        found = [item.id for item in await listing.collect()]
    assert found in happening.states
    assert asked(server) == (of_versions if make is version else of_packages)


@pytest.mark.parametrize(
    ("tells", "after", "pages"),
    [
        ("next", {2: do(("delete", 6))}, [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]),
        ("next", {3: do(("delete", 3))}, [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]),
        ("nothing", {1: do(("delete", 5))}, [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]),
        ("nothing", {4: do(("delete", 1, 2))}, [1, 2, 3, 4, 1, 2, 3, 1, 2, 3, 1, 2]),
    ],
)
async def test_versions_that_are_read_twice_and_shift_are_read_again(
    tells: Tells, after: dict[int, Callable[[Shelf], None]], pages: list[int]
):
    shelf = Shelf(6, tells=tells)
    server = Recorder(Happening(shelf, after))
    assert await ids_of_versions(server) == shelf.ids
    assert asked(server) == pages


ATTEMPTS = {
    # Items are listed 20 a page. Something is added to versions before the last answer of an attempt, or one of the
    # packages that an attempt has seen is deleted.
    "from both ends": (versions, version, 30, [1, 2, 1], 2, do(("add",))),
    "twice": (packages, package, 39, [1, 2, 1, 2], 2, delete_first),
}


@pytest.mark.parametrize("attempts", [2, 3, 4, 5, 6])
@pytest.mark.parametrize(("listing", "make", "count", "pages", "answer", "happen"), ATTEMPTS.values(), ids=ATTEMPTS)
async def test_it_is_tried_five_times(
    listing: Callable[..., Paginator[Any]],
    make: Any,
    count: int,
    pages: list[int],
    answer: int,
    happen: Callable[[Shelf], None],
    attempts: int,
):
    shelf = Shelf(count, make)
    shifts = {len(pages) * number + answer: happen for number in range(attempts - 1)}
    server = Recorder(Happening(shelf, shifts))
    async with client(server) as github:
        if attempts <= 5:
            assert [item.id async for item in listing(github, 20)] == shelf.ids
        else:
            with pytest.raises(IncompleteListingError):
                await listing(github, 20).collect()
    assert asked(server) == pages * min(attempts, 5)


async def test_what_must_be_read_twice_after_all_is_still_tried_five_times():
    """The versions come oldest first; each time one is deleted that was seen."""
    shelf = Shelf(39)
    shelf.items.reverse()
    server = Recorder(Happening(shelf, {3 + 4 * number: delete_first for number in range(4)}))
    assert await ids_of_versions(server, per_page=20) == shelf.ids
    assert asked(server) == [1] + [1, 2, 1, 2] * 5


# Giving up


def dated(number: int, second: int, make: Any = version) -> dict[str, Any]:
    payload: dict[str, Any] = make(number, created_at=date(second))
    return payload


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


def never_the_same(make: Any) -> Handler:
    """Something is added after each answer."""
    shelf = Shelf(3, make)
    return Happening(shelf, {answer: do(("add",)) for answer in range(1, 200)})


def growing_twice(make: Any) -> Handler:
    shelf = Shelf(3, make, tells="nothing")
    return Happening(shelf, {answer: do(("add",)) for answer in range(1, 400, 3)})


IN_ANY_ORDER: dict[str, tuple[list[list[dict[str, Any]]], list[int]]] = {
    # what is on the pages, and which are asked for before it is found that all must be read twice
    "all created in the same second": ([[dated(5, 7), dated(4, 7)], [dated(3, 7), dated(2, 7)], [dated(1, 7)]], [1, 3]),
    "the last item as new as the first": ([[dated(3, 7), dated(2, 6)], [dated(1, 7)]], [1, 2]),
    "oldest first": ([[dated(1, 1), dated(2, 2)], [dated(3, 3)]], [1]),
    "the newest first, but no order after it": (
        [[dated(9, 9), dated(1, 1)], [dated(2, 2), dated(8, 8)], [dated(3, 3)]],
        [1, 3, 2],
    ),
    "a newer item on a later page": ([[dated(3, 3), dated(2, 2)], [dated(4, 4)]], [1, 2]),
    "a newer item in the middle": ([[dated(3, 3), dated(2, 2)], [dated(4, 4), dated(5, 1)], [dated(6, 0)]], [1, 3, 2]),
    "a short page in the middle": ([[dated(5, 5), dated(4, 4)], [dated(3, 3)], [dated(2, 2)]], [1, 3, 2]),
    "a short first page": ([[dated(5, 5)], [dated(4, 4), dated(3, 3)]], [1]),
}


@pytest.mark.parametrize(("pages", "before"), IN_ANY_ORDER.values(), ids=IN_ANY_ORDER)
async def test_versions_that_do_not_come_newest_first_on_full_pages_are_read_twice(
    pages: list[list[dict[str, Any]]], before: list[int]
):
    server = Recorder(strange(*pages))
    assert await ids_of_versions(server) == [item["id"] for page in pages for item in page]
    assert asked(server) == before + [*range(1, len(pages) + 1)] * 2


def ordered(order: str, make: Any, tells: Tells) -> Shelf:
    """250 items: the ids from 249 to 0 if they come newest first."""
    shelf = Shelf(250, make, tells)
    oldest_first = list(range(250))
    ids = {
        "oldest first": oldest_first,
        "newest first": oldest_first[::-1],
        "by name": sorted(oldest_first, key=str),
        "in no order": [number * 97 % 250 for number in oldest_first],
    }
    shelf.items = [(id_, id_) for id_ in ids[order]]
    return shelf


ORDERS = ["oldest first", "newest first", "by name", "in no order"]
TWICE_OF = {"last": [1, 2, 3, 1, 2, 3], "next": [1, 2, 3, 1, 2, 3], "nothing": [1, 2, 3, 4, 1, 2, 3]}


@pytest.mark.parametrize("tells", ["last", "next", "nothing"])
@pytest.mark.parametrize("same_second", [False, True])
@pytest.mark.parametrize("order", ORDERS)
async def test_packages_are_proven_at_once_whatever_their_order(order: str, same_second: bool, tells: Tells):
    shelf = ordered(order, package, tells)
    if same_second:
        shelf.items = [(id_, 7) for id_, _ in shelf.items]
    server = Recorder(shelf)
    async with client(server) as github:
        assert [item.id async for item in packages(github, 100)] == shelf.ids
    assert asked(server) == TWICE_OF[tells]


@pytest.mark.parametrize("tells", ["last", "next", "nothing"])
@pytest.mark.parametrize("same_second", [False, True])
@pytest.mark.parametrize("order", ORDERS)
async def test_versions_are_proven_at_once_whatever_their_order(order: str, same_second: bool, tells: Tells):
    shelf = ordered(order, version, tells)
    if same_second:
        shelf.items = [(id_, 7) for id_, _ in shelf.items]
    server = Recorder(shelf)
    assert await ids_of_versions(server, 100) == shelf.ids
    if tells == "last":
        first = [1, 3] if same_second else [1, 3, 2, 3, 1] if order == "newest first" else [1]
        assert asked(server) == first + [1, 2, 3, 1, 2, 3] * (same_second or order != "newest first")
    else:
        assert asked(server) == [1, 2, 3, 1, 2, 3]  # a short page without a Link is the last one


def repeating(make: Any, *pages: list[int]) -> Handler:
    """A server that gives these ids, the greater the newer."""
    return strange(*([dated(number, number, make) for number in page] for page in pages))


NEVER: dict[str, Callable[[Any], Handler]] = {
    "an id on two pages in the middle": lambda make: repeating(make, [9, 8], [7, 6], [6, 5], [4]),
    "an id on the first and the last page": lambda make: repeating(make, [3, 2], [2]),
    "an id twice on a page": lambda make: repeating(make, [3, 3], [2]),
    "an id twice on the only page": lambda make: repeating(make, [3, 3]),
    "something new after each answer": never_the_same,
    "something new while it is read twice": growing_twice,
}
NEVER_FROM_BOTH_ENDS = {
    "a last page that always has a next one": always_more,
    "a last page that has a next one each second time": flickering(),
}
GIVEN_UP = [
    *(pytest.param(handler(version), versions, id=f"versions, {name}") for name, handler in NEVER.items()),
    *(pytest.param(handler(package), packages, id=f"packages, {name}") for name, handler in NEVER.items()),
    *(pytest.param(handler, versions, id=f"versions, {name}") for name, handler in NEVER_FROM_BOTH_ENDS.items()),
]


@pytest.mark.parametrize(("handler", "listing"), GIVEN_UP)
async def test_what_shifts_each_time_is_given_up_with_nothing_given(
    handler: Handler, listing: Callable[[GitHubPackages], Paginator[Any]]
):
    server = Recorder(handler)
    given = []
    async with client(server) as github:
        with pytest.raises(IncompleteListingError, match="each time") as caught:
            async for item in listing(github):
                given.append(item.id)
    assert given == []
    error = caught.value
    name = "versions of container/web of acme" if listing is versions else "container packages of acme"
    assert (error.reason, error.listing, error.missing) == ("shifted", name, ())
    assert min(error.pages, error.items, error.last_page) > 0
    assert name in str(error)
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


@pytest.mark.parametrize(("listing", "make"), [(versions, version), (packages, package)])
@pytest.mark.parametrize("tells", ["last", "next", "nothing"])
@pytest.mark.parametrize("most", [50, 5])
@pytest.mark.parametrize("count", [0, 50, 51, 120])
async def test_a_server_that_can_not_give_large_pages_is_asked_for_small_ones(
    count: int, most: int, tells: Tells, listing: Callable[..., Paginator[Any]], make: Any
):
    shelf = Shelf(count, make, tells)
    async with client(weak(shelf, most)) as github:
        assert [item.id async for item in listing(github, 100)] == shelf.ids


@pytest.mark.parametrize("failing", [1, 2])
async def test_one_page_of_either_reading_that_is_too_much_makes_all_pages_smaller(failing: int):
    shelf = Shelf(250, package)

    def handler(request: httpx.Request) -> httpx.Response:
        is_large = request.url.params["per_page"] == "100"
        return httpx.Response(502) if is_large and asked(server).count(2) >= failing else shelf(request)

    server = Recorder(handler)
    async with client(server, retries=0) as github:
        pages = [page async for page in packages(github, per_page=100).pages()]
    assert [item.id for page in pages for item in page] == shelf.ids
    assert [(page.number, page.per_page) for page in pages] == [(number, 50) for number in range(1, 6)]
    assert asked(server)[-10:] == [1, 2, 3, 4, 5] * 2


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


def undecodable(pages: list[int], at: int) -> Handler:
    """Lists three pages of two, of which one item has no id in the answer of this number and those after it."""
    shelf = Shelf(6, package)

    def handler(request: httpx.Request) -> httpx.Response:
        response = shelf(request)
        pages.append(int(request.url.params["page"]))
        if len(pages) < at:
            return response
        items: list[dict[str, Any]] = response.json()
        del items[-1]["id"]
        return httpx.Response(200, json=items, headers={"Link": response.headers["Link"]})

    return handler


@pytest.mark.parametrize(("at", "asked_for"), [(1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (4, [1, 2, 3, 1, 2, 3])])
async def test_an_item_that_can_not_be_decoded_is_raised_at_once_and_nothing_given(at: int, asked_for: list[int]):
    pages: list[int] = []
    given = []
    async with client(Recorder(undecodable(pages, at))) as github:
        with pytest.raises(DecodeError, match="id is missing") as caught:
            async for item in packages(github):
                given.append(item.id)
    assert given == []
    assert pages == asked_for
    assert caught.value.page == asked_for[at - 1]


@pytest.mark.parametrize("bad", [1, 2, 3])
async def test_so_is_one_among_versions_that_are_read_from_both_ends(bad: int):
    shelf = Shelf(6)

    def handler(request: httpx.Request) -> httpx.Response:
        response = shelf(request)
        if request.url.params["page"] != str(bad):
            return response
        items: list[dict[str, Any]] = response.json()
        return httpx.Response(200, json=[items[0], None], headers={"Link": response.headers["Link"]})

    server = Recorder(handler)
    with pytest.raises(DecodeError):
        await ids_of_versions(server)
    order = [1, 3, 2]
    assert asked(server) == order[: order.index(bad) + 1]


@pytest.mark.parametrize("hiding", ["1", "2"])
async def test_what_single_sign_on_hides_is_told_after_everything_was_given(hiding: str):
    shelf = Shelf(3, package)

    def handler(request: httpx.Request) -> httpx.Response:
        response = shelf(request)
        if request.url.params["page"] == hiding:
            response.headers["X-GitHub-SSO"] = "partial-results; organizations=21955855,20582480"
        return response

    given = []
    server = Recorder(handler)
    async with client(server) as github:
        with pytest.raises(IncompleteListingError) as caught:
            async for item in packages(github):
                given.append(item.id)
    assert given == [3, 2, 1]
    assert (caught.value.reason, caught.value.organizations) == ("single-sign-on", (20582480, 21955855))
    assert asked(server) == [1, 2, 1, 2]


def window(shown: int, tells: Tells) -> Handler:
    """A server with so many pages of one package each, which has 100 asked for, as short ones have been seen."""

    def handler(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        assert number <= 100, "the guard must not let this through"
        items = [package(number)] if number <= shown else []
        return httpx.Response(200, json=items, headers=link(number, shown, 100, tells))

    return handler


@pytest.mark.parametrize(("tells", "pages"), [("last", 1), ("next", 100), ("nothing", 100)])
async def test_what_exceeds_the_window_can_not_be_proven_and_gives_nothing(tells: Tells, pages: int):
    server = Recorder(window(101, tells))
    given = []
    async with client(server) as github:
        with pytest.raises(IncompleteListingError) as caught:
            async for item in packages(github, per_page=100):
                given.append(item.id)
    assert caught.value.reason == "window"
    assert given == []
    assert asked(server) == [*range(1, pages + 1)]


@pytest.mark.parametrize(("shown", "tells"), [(100, "last"), (100, "next"), (99, "nothing")])
async def test_what_the_window_just_shows_is_proven(shown: int, tells: Tells):
    server = Recorder(window(shown, tells))
    async with client(server) as github:
        assert [item.id async for item in packages(github, per_page=100)] == [*range(1, shown + 1)]
    assert asked(server) == [*range(1, 101), *range(1, shown + 1)]


async def test_what_is_pushed_out_of_the_window_meanwhile_can_not_be_proven():
    """After the first reading one is added; the next attempt finds that there are too many."""
    shelf = Shelf(100, package)

    def handler(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        response = shelf.page(number, 1)
        if len(server.requests) == 100:
            shelf.add()
        return response

    server = Recorder(handler)
    async with client(server) as github:
        with pytest.raises(IncompleteListingError) as caught:
            await packages(github, per_page=100).collect()
    assert caught.value.reason == "window"
    assert asked(server) == [*range(1, 101), *range(1, 101), 1]
