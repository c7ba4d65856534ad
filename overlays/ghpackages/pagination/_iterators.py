"""Going through one or more listings, page by page or item by item."""

from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial
from typing import Generic, Self

from attrs import define, evolve, field, frozen

from ..exceptions import IncompleteListingError, IncompleteReason, UsageError
from ._ahead import PageFetcher
from ._consistent import ConsistentReading
from ._links import page_links
from ._listing import Listing, Page, T
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
    """Gives the pages of one listing, until one is proven to be the last or the window ends."""

    def __init__(self, listing: Listing[T], per_page: int, start_page: int, fetch: PageFetcher[T]) -> None:
        self._listing, self._per_page, self._number, self._fetch = listing, per_page, start_page, fetch
        self._last = 0
        self._previous: tuple[int, ...] = ()
        self._repeats = 0
        self._is_over = False
        self.exceeds_window = False
        self.items = 0
        self.least = 0  # how many items the listing has at least, as far as it was told

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
        if self._is_over:
            self._fetch.cancel()
        return page

    def repeats(self, page: Page[T], ids: tuple[int, ...]) -> bool:
        """Whether the server gives a page again instead of the next one: it would be asked for ever."""
        is_same = bool(ids) and ids == self._previous
        self._previous = ids
        self._repeats = self._repeats + 1 if is_same else 0
        return is_same and self._repeats > (REPEATS if page_links(page.headers) else 0)

    def _shows(self, number: int) -> bool:
        return self._listing.shows(number, self._per_page)

    def _reach(self, wanted: int | None) -> int:
        """The last page that is known to be there, shown and needed."""
        needed = self._last if wanted is None else self._number + -(-wanted // self._per_page) - 1
        return self._listing.clip(min(needed, self._last), self._per_page)

    def cancel(self) -> None:
        """Cancel what is in flight."""
        self._fetch.cancel()

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


class PageIterator(AsyncIterator[Page[T]]):
    """The pages of one or more listings, one listing after the other.

    Leave it through `aclose`, which `contextlib.aclosing` calls: that cancels what is in flight and returns when it has
    ended. An iterator that is just dropped, as by `break`, is cancelled too, but a moment later. After `anext` was
    interrupted, as by a timeout, the next one returns the page that was not returned.
    """

    def __init__(self, listings: Sequence[Listing[T]], how: How) -> None:
        self._listings: deque[Listing[T] | _Split] = deque(listings)
        self._how = how
        self._reader: _Reader[T] | None = None
        self._seen = Seen()
        self._missing: dict[str, int] = {}  # what could not be read to its end, and the last page read
        self._split: _Split | None = None
        self._items = self._pages = 0
        self._reading: ConsistentReading[T] | None = None
        self._failure: IncompleteListingError | None = None
        self._is_waiting = self._is_closed = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Page[T]:
        """Return the next page.

        Raises:
            UsageError: Another task waits for the next page, or the iterator was closed meanwhile.
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
        if self._failure:
            raise self._failure
        while self._listings:
            listing = self._listings[0]
            if isinstance(listing, _Split):
                self._end_parts(listing)
                continue
            reader = self._reader = self._reader or await self._open(listing)
            page = await reader.next(None if self._how.limit is None else self._how.limit - self._items)
            if self._is_closed:
                raise UsageError("the iterator was closed while it waited for a page")
            if page is not None:
                return self._give(listing, reader, page)
            await reader.aclose()
            self._end(listing, reader)
        if self._missing:
            raise self._error("window", ", ".join(self._missing), max(self._missing.values()))
        return None

    async def _open(self, listing: Listing[T]) -> _Reader[T]:
        how = self._how
        if not how.consistent:
            ask = partial(listing.page, per_page=how.per_page)
            return _Reader(listing, how.per_page, how.start_page, PageFetcher(ask, how.ahead))
        reading = self._reading = ConsistentReading(listing, how.per_page, how.ahead)
        proven = {page.number: page for page in await reading.pages()}

        async def recall(number: int) -> Page[T]:
            return proven.pop(number)

        reader = _Reader(listing, reading.per_page, 1, PageFetcher(recall, 0))
        reader.exceeds_window, reader.least = not proven, reading.least
        return reader

    def _give(self, listing: Listing[T], reader: _Reader[T], page: Page[T]) -> Page[T]:
        self._pages += 1
        ids = page.ids
        if reader.repeats(page, ids):
            reader.cancel()
            self._failure = self._error("repeated", listing.name, reader.last_page)
            raise self._failure
        if self._split:
            self._split.add(ids)
        again = self._seen.add(ids)
        fresh = tuple(item for item in page.items if item.id not in again) if again else page.items
        self._items += len(fresh)
        return evolve(page, items=fresh) if again else page

    def _end(self, listing: Listing[T], reader: _Reader[T]) -> None:
        """Go on with the next listing, or with the parts of the one that exceeds the window."""
        self._listings.popleft()
        self._reader = None
        if listing.parts and reader.exceeds_window:
            self._split = _Split(listing.name, max(reader.least, reader.items))
            self._listings.extendleft([self._split, *reversed(listing.parts)])
            return
        if reader.exceeds_window:
            self._missing[listing.name] = reader.last_page
        if not self._split:
            self._seen = Seen()
        elif reader.exceeds_window:
            self._split.is_cut = True

    def _end_parts(self, whole: _Split) -> None:
        self._listings.popleft()
        if whole.count < whole.least and not whole.is_cut:
            self._missing.setdefault(f"{whole.name} of another visibility", 0)
        self._split, self._seen = None, Seen()

    def _error(self, reason: IncompleteReason, listing: str, last_page: int) -> IncompleteListingError:
        return IncompleteListingError(
            reason,
            listing,
            items=self._items,
            pages=self._pages,
            last_page=last_page,
            missing=tuple(self._missing),
        )

    async def aclose(self) -> None:
        """Cancel what is in flight, and wait until it has ended. Nothing more is given then."""
        self._is_closed = True
        self._failure = None
        self._listings.clear()
        self._missing.clear()
        if self._reading:
            await self._reading.aclose()
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
