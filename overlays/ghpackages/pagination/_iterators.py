"""Going through one or more listings, page by page or item by item."""

from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from copy import copy
from functools import partial
from typing import Generic, Self

from attrs import define, evolve, field, frozen

from ..exceptions import (
    APIError,
    DecodeError,
    GitHubPackagesError,
    IncompleteListingError,
    UsageError,
)
from ._ahead import PageFetcher
from ._consistent import ConsistentReader
from ._links import page_links
from ._listing import Listing, Page, RefusedError, T
from ._seen import Seen

REPEATS = 2
"""How often in a row a server may give the same page although its Link leads on."""


@frozen
class How:
    """How listings are read.

    Attributes:
        per_page: Items per page.
        start_page: The page to begin with.
        ahead: How many pages are asked for ahead.
        consistent: Whether nothing may shift meanwhile.
        limit: How many items are wanted; None for all.
    """

    per_page: int
    start_page: int
    ahead: int
    consistent: bool
    limit: int | None = None


class _Reader(Generic[T]):
    """Gives the pages of one listing, until one is proven to be the last or the window ends.

    Attributes:
        exceeds_window: Whether there are, or may be, more items than the window shows.
        least: How many items there are at least, as far as the server told.
        items: How many items were given.
        is_stuck: Whether the server gives a page again instead of the next one: it would be asked for ever.
    """

    def __init__(self, listing: Listing[T], per_page: int, start_page: int, fetch: PageFetcher[T]) -> None:
        self._listing, self._per_page, self._number, self._fetch = listing, per_page, start_page, fetch
        self._last = 0
        self._previous: tuple[int, ...] = ()
        self._repeats = 0
        self._is_over = False
        self.exceeds_window = self.is_stuck = False
        self.items = self.least = 0

    @property
    def last_page(self) -> int:
        """The number of the last page that was read."""
        return self._number - 1

    async def next(self, wanted: int | None) -> Page[T] | None:
        """The next page; None if there is none, or none that is shown. None that `wanted` items don't need."""
        if not self._is_over and not self._shows(self._number):
            self.exceeds_window = True
        if self._is_over or self.exceeds_window:
            return None
        page = await self._fetch.page(self._number, self._reach(wanted))
        self._number += 1
        self.items += len(page)
        self._last = max(self._last, page.last_number or 0)
        self.least = max(self.least, (self._last - 1) * self._per_page + 1)
        self._is_over = page.is_last  # nothing is waited for from here on: an interruption would lose the page
        # Known before the end is reached, so that the parts can be read at once.
        self.exceeds_window = bool(self._listing.parts) and not self._is_over and not self._shows(self._last)
        self.is_stuck = self._repeats_itself(page)
        if self._is_over or self.is_stuck:
            self._fetch.cancel()
        return page

    def _repeats_itself(self, page: Page[T]) -> bool:
        ids, previous = page.ids, self._previous
        self._previous = ids
        self._repeats = self._repeats + 1 if ids and ids == previous else 0
        return self._repeats > (REPEATS if page_links(page.headers) else 0)

    def _shows(self, number: int) -> bool:
        return self._listing.shows(number, self._per_page)

    def _reach(self, wanted: int | None) -> int:
        """The last page that is known to be there, shown and needed."""
        needed = self._last if wanted is None else self._number + -(-wanted // self._per_page) - 1
        return self._listing.clip(min(needed, self._last), self._per_page)

    async def aclose(self) -> None:
        """Cancel what is in flight, and wait until it has ended."""
        await self._fetch.aclose()


@define(eq=False)
class _Split:
    """Stands behind the parts of a listing: together they must have as many items as the whole has at least.

    Attributes:
        name: The whole listing.
        least: How many items it has at least.
        count: How many different ones the parts had so far.
        is_cut: Whether a part could not be read to its end.
    """

    name: str
    least: int
    count: int = 0
    is_cut: bool = False
    _seen: Seen = field(factory=Seen)

    def add(self, ids: Sequence[int]) -> None:
        """Count the items of a page."""
        self.count += len(ids) - len(self._seen.add(ids))


@define(eq=False)
class _Gaps:
    """What is known to be missing from what was given, by listing: it is told after everything that can be had.

    Attributes:
        refused: Why a listing was refused.
        windows: The last page that was read of a listing that could not be read to its end.
        organizations: The ids of the organisations that single sign-on hides from the token.
        undecodable: The first item that can't be decoded, and how many there are.
    """

    refused: dict[str, APIError] = field(factory=dict[str, APIError])
    windows: dict[str, int] = field(factory=dict[str, int])
    organizations: dict[str, set[int]] = field(factory=dict[str, set[int]])
    undecodable: dict[str, DecodeError] = field(factory=dict[str, DecodeError])

    def add(self, listing: str, page: Page[T]) -> None:
        """Take note of what a page lacks."""
        if page.hidden is not None:
            self.organizations.setdefault(listing, set()).update(page.hidden)
        if (error := page.undecodable) is None:
            return
        if listing in self.undecodable:
            self.undecodable[listing].failed += error.failed
        else:
            self.undecodable[listing] = first = copy(error)  # the page keeps its own
            first.decoded = ()

    def error(self, items: int, pages: int, last_page: int) -> GitHubPackagesError | None:
        """The error that says it: the first, with the others as notes; None if nothing is missing."""
        incomplete = partial(IncompleteListingError, items=items, pages=pages)
        errors: list[GitHubPackagesError] = []
        distinct = dict[str, APIError]()
        for refusal in self.refused.values():
            distinct.setdefault(refusal.message, refusal)
        errors += distinct.values()
        if missing := tuple(self.windows):
            last = max(self.windows.values())
            errors.append(incomplete("window", ", ".join(missing), last_page=last, missing=missing))
        if hiding := ", ".join(self.organizations):
            ids = tuple(sorted(set[int]().union(*self.organizations.values())))
            errors.append(incomplete("single-sign-on", hiding, last_page=last_page, organizations=ids))
        if self.undecodable:
            undecodable, *more = self.undecodable.values()
            undecodable.failed += sum(error.failed for error in more)
            errors.append(undecodable)
        if pages and self.refused:  # where nothing was given, the first error says enough
            errors[0].add_note(f"refused: {', '.join(self.refused)}")
        for error in errors[1:] if pages else ():
            errors[0].add_note(f"also: {error}")
        return errors[0] if errors else None


class PageIterator(AsyncIterator[Page[T]]):
    """The pages of one or more listings, one listing after the other.

    Leave it through `aclose`, which `contextlib.aclosing` calls: that cancels what is in flight and returns when it has
    ended. An iterator that is just dropped, as by `break`, is cancelled too, but a moment later. After `anext` was
    interrupted, as by a timeout, the next one returns the page that was not returned.
    """

    def __init__(self, listings: Sequence[Listing[T]], how: How) -> None:
        self._listings: deque[Listing[T] | _Split] = deque(listings)
        self._is_only = len(listings) == 1
        self._how = how
        self._reader: _Reader[T] | ConsistentReader[T] | None = None
        self._seen = Seen()
        self._split: _Split | None = None
        self._items = self._pages = self._last_page = 0
        self._gaps = _Gaps()
        self._failure: GitHubPackagesError | None = None
        self._is_waiting = self._is_closed = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Page[T]:
        """Return the next page.

        Raises:
            UsageError: Another task waits for the next page, or the iterator was closed meanwhile.
            IncompleteListingError: After the last page: something is missing.
            DecodeError: After the last page: items of others can't be decoded. At once, if nothing of this one can be.
        """
        if self._is_waiting:
            raise UsageError("another task is waiting for the next page: each consumer needs an iterator of its own")
        self._is_waiting = True
        try:
            page = await self._next()
        finally:
            self._is_waiting = False
        if page is None:
            raise StopAsyncIteration
        return page

    async def _next(self) -> Page[T] | None:
        while self._listings and not self._failure:
            listing = self._listings[0]
            if isinstance(listing, _Split):
                self._end_parts(listing)
                continue
            reader = self._reader = self._reader or self._open(listing)
            refused: APIError | None = None
            page: Page[T] | None = None
            try:
                page = await reader.next(None if self._how.limit is None else self._how.limit - self._items)
            except RefusedError as refusal:
                refused = refusal.error
            if refused and self._is_only and not self._split:
                raise refused
            if self._is_closed:
                raise UsageError("the iterator was closed while it waited for a page")
            if page is not None:
                return self._give(listing, reader, page)
            await reader.aclose()
            if refused:
                self._gaps.refused[listing.name] = refused
            self._end(listing, reader, is_refused=refused is not None)
        if not self._is_closed:
            self._failure = self._failure or self._gaps.error(self._items, self._pages, self._last_page)
        if self._failure:
            raise self._failure
        return None

    def _open(self, listing: Listing[T]) -> _Reader[T] | ConsistentReader[T]:
        how = self._how
        if how.consistent:
            return ConsistentReader(listing, how.per_page, how.ahead)
        ask = partial(listing.page, per_page=how.per_page)
        return _Reader(listing, how.per_page, how.start_page, PageFetcher(ask, how.ahead))

    def _give(self, listing: Listing[T], reader: _Reader[T] | ConsistentReader[T], page: Page[T]) -> Page[T]:
        self._pages += 1
        self._last_page = reader.last_page
        self._gaps.add(listing.name, page)
        if reader.is_stuck:
            self._failure = IncompleteListingError(
                "repeated", listing.name, items=self._items, pages=self._pages, last_page=reader.last_page
            )
            raise self._failure
        ids = page.ids
        if self._split:
            self._split.add(ids)
            self._split.is_cut = self._split.is_cut or page.undecodable is not None
        again = self._seen.add(ids)
        fresh = tuple(item for item in page.items if item.id not in again) if again else page.items
        self._items += len(fresh)
        return evolve(page, items=fresh) if again else page

    def _end(self, listing: Listing[T], reader: _Reader[T] | ConsistentReader[T], *, is_refused: bool = False) -> None:
        """Go on with the next listing, or with the parts of the one that exceeds the window."""
        self._listings.popleft()
        self._reader = None
        if listing.parts and reader.exceeds_window:
            self._split = _Split(listing.name, max(reader.least, reader.items))
            self._gaps.undecodable.pop(listing.name, None)  # the parts have these items, too
            self._listings.extendleft([self._split, *reversed(listing.parts)])
            return
        if reader.exceeds_window:
            self._gaps.windows[listing.name] = reader.last_page
        if not self._split:
            self._seen = Seen()
        elif reader.exceeds_window or is_refused:
            self._split.is_cut = True

    def _end_parts(self, whole: _Split) -> None:
        self._listings.popleft()
        if whole.count < whole.least and not whole.is_cut:
            self._gaps.windows.setdefault(f"{whole.name} of another visibility", 0)
        self._split, self._seen = None, Seen()

    async def aclose(self) -> None:
        """Cancel what is in flight, and wait until it has ended. Nothing more is given then."""
        self._is_closed = True
        self._failure = None
        self._listings.clear()
        if self._reader:
            await self._reader.aclose()


class ItemIterator(AsyncIterator[T]):
    """The items of pages. Leave it as you would leave `PageIterator`."""

    def __init__(self, pages: PageIterator[T]) -> None:
        self._pages = pages
        self._items: Iterator[T] = iter(())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            self._items = iter((await anext(self._pages)).items)

    async def aclose(self) -> None:
        """Cancel what is in flight, and wait until it has ended. Nothing more is given then."""
        self._items = iter(())
        await self._pages.aclose()
