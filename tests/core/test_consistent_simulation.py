"""Consistent listings against every story in which a few things happen while they are read.

A story begins with a few items on pages of one or two. Before each further answer nothing, one or several things
happen: an item is added, or any item is deleted. The paginator itself asks for pages; where it has asked for several,
they are answered in every order. Whatever it accepts must hold each item exactly once that was there all the time, and
nothing that never was there. A story ends when the listing is to be read again, as then it begins anew.

Stories that differ only in what the paginator can't see are tried once. An item has no id until an answer has it, and
then the next number; so far it is only a place in the order of the server. And where a listing is read twice, items
have no date, and fail when they are asked for one: so what holds there holds whatever the order is, newest first,
oldest first, by name or none, for ties, too. Where the dates count, all of them are tried that compare differently.

All stories of a size are tried. `GHPACKAGES_STORIES=1` lets one more thing happen in each, which takes some minutes.
"""

import asyncio
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import product

import httpx
import pytest
from attrs import define, field, frozen
from tests.core.held import settle
from tests.core.shifting import BEGIN, Tells, link
from tests.transport.virtual_clock import VirtualClockLoop

from ghpackages.pagination import Answer, Listing, Paginator

MORE = int(os.environ.get("GHPACKAGES_STORIES", "0"))

Entry = tuple[int, int, bool]
"""What the server has: an id, 0 as long as no answer had it; when it was created; whether it was there all the time."""

State = tuple[tuple[Entry, ...], int]
"""All that it has, and when the newest was created that it ever had."""

Told = tuple[int, tuple[tuple[int, int], ...], int]
"""The number of a page, what is on it (ids and seconds), and how many pages there are."""


@cache
def headers_of(page: int, pages: int, per_page: int, tells: Tells) -> httpx.Headers:
    return httpx.Headers(link(page, pages, per_page, tells))


@frozen
class Item:
    """What a listing has."""

    id: int
    second: int

    @property
    def created_at(self) -> datetime:
        """When it was created, if that may be known."""
        assert self.second >= 0, "the date of an item in a listing that is read twice does not count"
        return BEGIN + timedelta(seconds=self.second)


UNDATED = -1

SHIFTED, FALLS_BACK = "shifted", "not known to come newest first"
"""What the paginator says when it reads again, as it did or twice."""


def happenings(state: State, *, anywhere: bool) -> Iterator[State]:
    """Any item is deleted, or one is added: in the second of the newest that there ever was, or one later."""
    entries, newest = state
    for index in range(len(entries)):
        yield (entries[:index] + entries[index + 1 :], newest)
    for second in {newest, newest if newest == UNDATED else newest + 1}:
        for index in range(len(entries) + 1 if anywhere else 1):
            yield (*entries[:index], (0, second, False), *entries[index:]), second


@define(eq=False)
class Point:
    """Where a reading stands after some answers.

    Attributes:
        answers: The answers.
        names: How many items have got an id.
        waiting: The pages that were asked for and not answered yet; none when the reading is over.
        accepted: The ids that were given; None if none were, or not yet.
        next: Where it stands after each further answer.
        tried: From which states it was tried, with how many things left to happen.
    """

    answers: tuple[Told, ...]
    names: int
    waiting: tuple[int, ...] = ()
    accepted: tuple[int, ...] | None = None
    next: dict[Told, "Point"] = field(factory=dict[Told, "Point"])
    tried: dict[State, int] = field(factory=dict[State, int])


class _ReadAgainError(Exception):
    """The paginator began anew."""


class _Watch(logging.Handler):
    """Notices when the paginator says one of these things about a listing: then a story is over."""

    def __init__(self, *ends: str) -> None:
        super().__init__()
        self._ends = ends
        self.is_over = False

    def emit(self, record: logging.LogRecord) -> None:
        self.is_over = self.is_over or any(end in record.msg for end in self._ends)


class Stories:
    """All stories of a size.

    Args:
        seconds: When the items were created that are there at first, in the order of the server.
        per_page: How many items a page has.
        most: How many things happen at most.
        tells: What Link headers say.
        newest_first: Whether the listing is said to come newest first.
        short_page_is_last: Whether a short page without a Link is the last one.
        anywhere: Whether items can be added anywhere, or else at the front only.
        falls_back: Whether a story goes on when the paginator finds that it must read twice.
    """

    def __init__(
        self,
        seconds: Sequence[int],
        per_page: int,
        most: int,
        tells: Tells,
        *,
        newest_first: bool = False,
        short_page_is_last: bool = False,
        anywhere: bool = True,
        falls_back: bool = True,
    ) -> None:
        self._start: State = tuple((0, second, True) for second in seconds), max(seconds)
        self._per_page, self._most, self._tells = per_page, most, tells
        self._happen = cache(lambda state: tuple(happenings(state, anywhere=anywhere)))
        listing: Listing[Item] = Listing("a story", self._fetch, False, short_page_is_last, newest_first)
        self._paginator = Paginator((listing,), per_page, consistent=True)
        self._waiting: dict[int, asyncio.Future[Told]] = {}
        self._watch = _Watch(SHIFTED) if falls_back else _Watch(SHIFTED, FALLS_BACK)
        self.tried = self.accepted = 0

    def try_all(self) -> None:
        """Try them; fails at the first one that is accepted and must not be."""
        logger = logging.getLogger("ghpackages")
        level = logger.level
        logger.addHandler(self._watch)
        logger.setLevel(logging.INFO)
        try:
            with asyncio.Runner(loop_factory=VirtualClockLoop) as runner:
                self._loop = runner.get_loop()
                start, state = self._answer(Point((), 0), self._start, 1)
                self._go_on(start, state, self._most)
        finally:
            logger.removeHandler(self._watch)
            logger.setLevel(level)
        logging.getLogger("stories").info("%d stories, %d accepted", self.tried, self.accepted)

    def _go_on(self, point: Point, state: State, left: int) -> None:
        if point.tried.get(state, -1) >= left:
            return
        point.tried[state] = left
        if not point.waiting:
            self._judge(point, state)
            return
        for page in point.waiting:
            self._go_on(*self._answer(point, state, page), left)
        if left:
            for changed in self._happen(state):
                self._go_on(point, changed, left - 1)

    def _judge(self, point: Point, state: State) -> None:
        self.tried += 1
        if point.accepted is None:
            return
        self.accepted += 1
        assert len(set(point.accepted)) == len(point.accepted), point.answers
        there = {id_ for id_, _, all_the_time in state[0] if all_the_time}
        assert there <= set(point.accepted), (point.answers, state)
        assert set(point.accepted) <= {id_ for _, items, _ in point.answers for id_, _ in items}

    def _answer(self, point: Point, state: State, page: int) -> tuple[Point, State]:
        """Where the reading stands after this answer; the items of it have ids then."""
        told, state, names = self._tell(state, page, point.names)
        if told not in point.next:
            after = Point((*point.answers, told), names)
            point.next[told] = after
            self._loop.run_until_complete(self._read(after, state))
        return point.next[told], state

    def _tell(self, state: State, page: int, names: int) -> tuple[Told, State, int]:
        begin, end = (page - 1) * self._per_page, page * self._per_page
        shown, (entries, newest) = list[Entry](), state
        for id_, second, all_the_time in entries[begin:end]:
            names += not id_
            shown.append((id_ or names, second, all_the_time))
        items = tuple((id_, second) for id_, second, _ in shown)
        told = page, items, -(-len(entries) // self._per_page)
        return told, ((*entries[:begin], *shown, *entries[end:]), newest), names

    async def _fetch(self, page: int, per_page: int) -> Answer[Item]:
        if self._watch.is_over:
            raise _ReadAgainError
        assert page not in self._waiting
        self._waiting[page] = asyncio.get_running_loop().create_future()
        try:
            _, items, pages = await self._waiting[page]
        finally:
            del self._waiting[page]
        return Answer([Item(*each) for each in items], headers_of(page, pages, per_page, self._tells))

    async def _read(self, point: Point, state: State) -> None:
        """Let the paginator read as far as the answers go, and then until nothing happens any more."""
        self._watch.is_over = False
        reading = asyncio.ensure_future(self._paginator.collect())
        for told in point.answers:
            await settle()
            self._waiting[told[0]].set_result(told)
        await settle()
        while not reading.done():
            point.waiting = tuple(self._waiting)
            told, state, names = self._tell(state, point.waiting[0], point.names)
            point.next[told] = point = Point((*point.answers, told), names)
            self._waiting[told[0]].set_result(told)
            await settle()
        with suppress(_ReadAgainError):
            point.accepted = tuple(item.id for item in await reading)


def in_all_orders(count: int) -> list[tuple[int, ...]]:
    """The seconds of so many items in all orders, with all ties; those that compare alike once."""
    return [each for each in product(range(count), repeat=count) if set(each) == set(range(max(each) + 1))]


# Items, items a page, things that happen. Found by dropping the conditions of the protocols one by one.
READ_TWICE = [(1, 1, 2), (2, 1, 2), (2, 2, 3), (3, 2, 2), (3, 2, 3), (4, 2, 2)]
READ_TWICE_LARGE = [(3, 1, 2), (5, 2, 2)]  # only here it shows that the first reading must go from page to page
FROM_BOTH_ENDS = [
    (1, 2, 4), (2, 1, 4), (3, 1, 4), (4, 1, 3), (3, 2, 4), (4, 2, 4), (5, 2, 3), (6, 2, 2), (7, 2, 2), (8, 2, 1)
]  # fmt: skip
FROM_BOTH_ENDS_IN_ANY_ORDER = [(2, 1, 3), (3, 1, 3), (3, 2, 2), (4, 2, 2)]
FALLING_BACK = [(2, 1, 1), (3, 1, 1), (3, 2, 1)]


@pytest.mark.parametrize("short_page_is_last", [True, False])
@pytest.mark.parametrize("tells", ["last", "next", "nothing"])
@pytest.mark.parametrize(("count", "per_page", "most"), READ_TWICE)
def test_what_is_read_twice_has_each_item_that_was_there_all_the_time_once(
    count: int, per_page: int, most: int, tells: Tells, short_page_is_last: bool
):
    stories = Stories([UNDATED] * count, per_page, most + MORE, tells, short_page_is_last=short_page_is_last)
    stories.try_all()
    assert stories.accepted > 0


@pytest.mark.parametrize(("count", "per_page", "most"), READ_TWICE_LARGE)
def test_what_is_read_twice_on_more_pages_has_it_too(count: int, per_page: int, most: int):
    stories = Stories([UNDATED] * count, per_page, most + MORE, "last")
    stories.try_all()
    assert stories.accepted > 0


@pytest.mark.parametrize("tells", ["next", "nothing"])
def test_what_comes_newest_first_is_read_twice_where_no_last_page_is_named(tells: Tells):
    """Else the dates would be asked for."""
    stories = Stories([UNDATED] * 3, 2, 2 + MORE, tells, newest_first=True, short_page_is_last=True)
    stories.try_all()
    assert stories.accepted > 0


from_both_ends = partial(Stories, tells="last", newest_first=True, short_page_is_last=True)


@pytest.mark.parametrize(("count", "per_page", "most"), FROM_BOTH_ENDS)
def test_what_is_read_from_both_ends_has_each_item_that_was_there_all_the_time_once(
    count: int, per_page: int, most: int
):
    stories = from_both_ends(range(count, 0, -1), per_page, most + MORE, anywhere=False, falls_back=False)
    stories.try_all()
    assert stories.accepted > 0


@pytest.mark.parametrize(("count", "per_page", "most"), FROM_BOTH_ENDS_IN_ANY_ORDER)
def test_what_is_read_from_both_ends_has_it_in_every_order_and_with_additions_anywhere(
    count: int, per_page: int, most: int
):
    accepted = 0
    for seconds in in_all_orders(count):
        stories = from_both_ends(seconds, per_page, most + MORE, falls_back=False)
        stories.try_all()
        accepted += stories.accepted
    assert accepted > 0


@pytest.mark.parametrize(("count", "per_page", "most"), FALLING_BACK)
def test_what_is_read_from_both_ends_and_then_twice_has_it_in_every_order(count: int, per_page: int, most: int):
    for seconds in in_all_orders(count):
        stories = from_both_ends(seconds, per_page, most + MORE)
        stories.try_all()
        assert stories.accepted > 0
