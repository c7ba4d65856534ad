"""Proof that nothing shifted while a listing was read, which numbered pages can't promise by themselves.

An item that is deleted on a page that was read already pulls another one across a border, unseen. Two protocols exclude
that. Simulations of all ways in which a few items can be added and deleted in the meantime found both sound.

- *Read twice*, whatever the order is, and wherever items are added. The first reading goes from page to page, one after
  the other. It counts if it has no id twice and all its items are in the second reading: as the items keep their order,
  one can only be skipped if another that was seen before is deleted, or if an id comes twice. Of the second reading
  it only matters that the items are still there, so its pages are asked for at once, and no more of them than needed.
- *From both ends*, for listings that are known to come newest first: the first page, the last one that its Link names,
  those between, at once, then the last and the first one again. It counts if both are unchanged, no id was seen twice,
  all pages except the last are full, and nothing on a later page is as new as the newest of the first one: then nothing
  that was seen was added meanwhile, and there were just as many items when the last page came. That rests on new items
  having the newest dates, so a listing that is in another order after all is read twice.
"""

import logging
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from itertools import pairwise
from typing import Generic

from ..exceptions import IncompleteListingError, ServerError, UsageError
from ._ahead import PageFetcher
from ._listing import Item, Listing, Page, T, is_too_much, smaller

logger = logging.getLogger("ghpackages")

ATTEMPTS = 5
"""How often a listing that shifts is read."""


class _ShiftedError(Exception):
    """The listing changed while it was read."""


class _UnexpectedOrderError(Exception):
    """The listing does not come newest first, or its pages are not full."""


class ConsistentReader(Generic[T]):
    """Gives the pages of one listing after it has read them all so that nothing shifted meanwhile.

    A page that is too much for the server is not put together from pieces, which are read one after the other; instead
    the whole listing is read with smaller pages.

    Attributes:
        exceeds_window: Whether there are more items than the window shows; then no page is given.
        least: How many items there are at least, as far as the server told.
        items: How many items were given.
        last_page: The number of the last page that was given.
        is_stuck: Whether the server gives one page again and again; never here.
    """

    is_stuck = False

    def __init__(self, listing: Listing[T], per_page: int, ahead: int) -> None:
        self._listing, self._per_page, self._ahead = listing, per_page, ahead
        self._is_newest_first = listing.newest_first
        self._read = dict[int, Page[T]]()
        self._proven: deque[Page[T]] | None = None
        self._is_closed = False
        self._fetch: PageFetcher[T] | None = None
        self.exceeds_window = False
        self.least = self.items = self.last_page = 0

    async def next(self, _wanted: int | None) -> Page[T] | None:
        """The next page; None if there is none.

        Raises:
            IncompleteListingError: The listing shifted each time.
            DecodeError: An item can't be decoded.
        """
        if self._proven is None:
            self._proven = deque(await self._prove())
            self.exceeds_window = not self._proven
        if not self._proven:
            return None
        page = self._proven.popleft()
        self.items += len(page)
        self.last_page = page.number
        return page

    async def aclose(self) -> None:
        """Ask for no more pages, and wait until nothing is in flight."""
        self._is_closed = True
        if self._fetch:
            await self._fetch.aclose()

    async def _prove(self) -> Sequence[Page[T]]:
        """All pages; none if the window is too small for them."""
        attempts = 0
        while attempts < ATTEMPTS:
            self._read.clear()
            try:
                return await self._attempt()
            except _ShiftedError:
                attempts += 1
                logger.info("%s shifted while it was read", self._listing.name)
            except _UnexpectedOrderError:
                self._is_newest_first = False
                logger.info("%s is not known to come newest first: reading it twice", self._listing.name)
            except ServerError as error:
                if not is_too_much(error) or not (size := smaller(self._per_page)):
                    raise
                logger.warning("%s failed with %d: asking for %d at a time", self._listing.name, error.status, size)
                self._per_page = size
        items = len({id_ for page in self._read.values() for id_ in page.ids})
        raise IncompleteListingError(
            "shifted", self._listing.name, items=items, pages=len(self._read), last_page=max(self._read, default=0)
        )

    async def _attempt(self) -> Sequence[Page[T]]:
        first = await self._page(1)
        _add_new(set(), first.ids)
        if first.is_last:
            return [first]
        if first.last_number and first.last_number > 1:
            self.least = (first.last_number - 1) * self._per_page + 1
            if not self._listing.shows(first.last_number, self._per_page):
                return []
            if self._is_newest_first:
                return await self._from_both_ends(first, first.last_number)
        return await self._twice(first)

    async def _from_both_ends(self, first: Page[T], last_number: int) -> Sequence[Page[T]]:
        _expect(len(first) == self._per_page and _is_newest_first(first))
        last = await self._page(last_number)
        _check(last.is_last)
        pages = [first, *await self._middle(first, last), last]
        _expect(_is_newest_first(item for page in pages for item in page))
        if len(pages) > 2:
            await self._check_again(last)
        await self._check_again(first)
        return pages

    async def _middle(self, first: Page[T], last: Page[T]) -> list[Page[T]]:
        """The pages between. All that are known are checked at once, so that a shift costs no more than it must."""
        newest, seen = max(item.created_at for item in first), set[int]()

        def check(page: Page[T], size: int) -> None:
            _add_new(seen, page.ids)
            _expect(len(page) == size and all(item.created_at < newest for item in page))

        _add_new(seen, first.ids)
        check(last, len(last))
        pages = list[Page[T]]()
        async with aclosing(self._together(2, last.number - 1)) as between:
            async for page in between:
                pages.append(page)
                check(page, self._per_page)
        return pages

    async def _twice(self, first: Page[T]) -> Sequence[Page[T]]:
        pages, seen = [first], set[int]()
        _add_new(seen, first.ids)
        while not pages[-1].is_last:
            number = len(pages) + 1
            if not self._listing.shows(number, self._per_page):
                self.least = len(seen)
                return []
            page = await self._page(number)
            _add_new(seen, page.ids)
            pages.append(page)
        await self._find_again(seen, sum(len(page) > 0 for page in pages))
        return pages

    async def _find_again(self, ids: set[int], count: int) -> None:
        """Check that all items are still there: on the first `count` pages, or pushed to those after them."""
        missing, number, is_last = set(ids), count, False
        async with aclosing(self._together(1, count)) as pages:
            async for page in pages:
                missing.difference_update(page.ids)
                is_last = page.is_last
        while missing and not is_last and self._listing.shows(number := number + 1, self._per_page):
            page = await self._page(number)
            missing.difference_update(page.ids)
            is_last = page.is_last
        _check(not missing)

    async def _together(self, first: int, last: int) -> AsyncGenerator[Page[T]]:
        """Some pages in order, asked for at the same time."""
        fetch = self._fetch = PageFetcher(self._page, self._ahead)
        try:
            for number in range(first, last + 1):
                yield await fetch.page(number, last)
        finally:
            await fetch.aclose()

    async def _page(self, number: int) -> Page[T]:
        if self._is_closed:
            raise UsageError("the iterator was closed while it read the listing")
        page = await self._listing.whole(number, self._per_page)
        if page.undecodable:
            raise page.undecodable
        self._read.setdefault(number, page)
        return page

    async def _check_again(self, page: Page[T]) -> None:
        again = await self._page(page.number)
        _check(again.ids == page.ids and again.is_last == page.is_last)


def _is_newest_first(items: Iterable[Item]) -> bool:
    return all(one.created_at >= other.created_at for one, other in pairwise(items))


def _add_new(seen: set[int], ids: Sequence[int]) -> None:
    """Remember the ids of a page, none of which may have been seen, on another page or on this one."""
    count = len(seen) + len(ids)
    seen.update(ids)
    _check(len(seen) == count)


def _check(holds: bool) -> None:
    if not holds:
        raise _ShiftedError


def _expect(holds: bool) -> None:
    if not holds:
        raise _UnexpectedOrderError
