"""Proof that nothing shifted while a listing was read, which numbered pages can't promise by themselves.

An item that is deleted on a page that was read already pulls another one across a border, unseen. So the first page is
read, then the last one that its Link names, then those between, then the last and the first one again. The reading
counts only if both are unchanged, no id was seen twice, as many were seen as so many full pages have, and nothing on a
later page is as new as the newest of the first page. A simulation of all ways in which a few items can be added at the
front, and deleted anywhere, in the meantime found this sound.

Where no last page is told, everything is read twice in the same order, and must be the same.
"""

import logging
from collections.abc import Sequence
from typing import Generic

from ..exceptions import IncompleteListingError, ServerError, UsageError
from ._ahead import PageFetcher
from ._listing import Listing, Page, T, is_too_much, smaller

logger = logging.getLogger("ghpackages")

ATTEMPTS = 5
"""How often a listing that shifts is read."""


class _ShiftedError(Exception):
    """The listing changed while it was read."""


class ConsistentReading(Generic[T]):
    """Reads a whole listing, so that nothing shifted meanwhile."""

    def __init__(self, listing: Listing[T], per_page: int, ahead: int) -> None:
        self._listing, self.per_page, self._ahead = listing, per_page, ahead
        self._read: dict[int, Page[T]] = {}
        self.least = 0  # how many items there are at least, as far as the server told
        self._is_closed = False
        self._fetch: PageFetcher[T] | None = None

    async def pages(self) -> list[Page[T]]:
        """All pages; none if the window is too small for them.

        A page that is too much for the server is not put together from pieces, which are read one after the other;
        instead the whole listing is read with smaller pages.

        Raises:
            IncompleteListingError: The listing shifted each time.
        """
        attempts = 0
        while attempts < ATTEMPTS:
            self._read.clear()
            try:
                return await self._attempt()
            except _ShiftedError:
                attempts += 1
                logger.info("%s shifted while it was read", self._listing.name)
            except ServerError as error:
                if not is_too_much(error) or not (size := smaller(self.per_page)):
                    raise
                logger.warning("%s failed with %d: asking for %d at a time", self._listing.name, error.status, size)
                self.per_page = size
        raise self._error()

    def _error(self) -> IncompleteListingError:
        items = len({id_ for page in self._read.values() for id_ in page.ids})
        return IncompleteListingError(
            "shifted", self._listing.name, items=items, pages=len(self._read), last_page=max(self._read, default=0)
        )

    async def _attempt(self) -> list[Page[T]]:
        first = await self._page(1)
        if first.is_last:
            return [first]
        if first.last_number is None or first.last_number < 2:
            return await self._twice(first)
        self.least = (first.last_number - 1) * self.per_page + 1
        if not self._listing.shows(first.last_number, self.per_page):
            return []
        last = await self._page(first.last_number)
        pages = [first, *await self._middle(first, last), last]
        if len(pages) > 2:
            await self._check_again(last)
        await self._check_again(first)
        return pages

    async def _middle(self, first: Page[T], last: Page[T]) -> list[Page[T]]:
        """The pages between. All that are known are checked at once, so that a shift costs no more than it must."""
        newest, seen = max(item.created_at for item in first), set(first.ids)

        def check(page: Page[T], size: int) -> None:
            _check(len(page) == size and all(item.created_at < newest for item in page))
            _add_new(seen, page.ids)

        _check(len(first) == self.per_page == len(seen) and last.is_last)
        check(last, len(last))
        fetch, pages = PageFetcher(self._page, self._ahead), list[Page[T]]()
        self._fetch = fetch
        try:
            for number in range(2, last.number):
                pages.append(await fetch.page(number, last.number - 1))
                check(pages[-1], self.per_page)
        finally:
            await fetch.aclose()
        return pages

    async def _twice(self, first: Page[T]) -> list[Page[T]]:
        pages, seen = [first], set[int]()
        _add_new(seen, first.ids)
        while not pages[-1].is_last:
            number = len(pages) + 1
            if not self._listing.shows(number, self.per_page):
                self.least = len(seen)
                return []
            page = await self._page(number)
            _add_new(seen, page.ids)
            pages.append(page)
        for page in pages:
            await self._check_again(page)
        return pages

    async def aclose(self) -> None:
        """Ask for no more pages, and wait until nothing is in flight."""
        self._is_closed = True
        if self._fetch:
            await self._fetch.aclose()

    async def _page(self, number: int) -> Page[T]:
        if self._is_closed:
            raise UsageError("the iterator was closed while it read the listing")
        page = await self._listing.whole(number, self.per_page)
        self._read.setdefault(number, page)
        return page

    async def _check_again(self, page: Page[T]) -> None:
        again = await self._page(page.number)
        _check(again.ids == page.ids and again.is_last == page.is_last)


def _add_new(seen: set[int], ids: Sequence[int]) -> None:
    """Remember the ids of a page, none of which may have been seen, on another page or on this one."""
    count = len(seen) + len(ids)
    seen.update(ids)
    _check(len(seen) == count)


def _check(holds: bool) -> None:
    if not holds:
        raise _ShiftedError
