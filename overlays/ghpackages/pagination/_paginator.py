"""`Paginator`: a recipe for a listing."""

from contextlib import aclosing
from typing import Generic

from attrs import field, frozen

from .. import _window
from ..exceptions import GitHubPackagesError
from ._ahead import LOOK_AHEAD
from ._iterators import How, ItemIterator, PageIterator
from ._listing import Listing, Page, RefusedError, T


@frozen
class Paginator(Generic[T]):
    """A recipe for a listing: nothing is sent until it is iterated, and each iteration starts anew.

        async for package in owner.packages("container"): ...

    Iterating raises `IncompleteListingError` if the listing can't be shown to be complete, after everything that can be
    had; and whatever a request raises. No item is given twice, even if the pages shift while they are read.

    Attributes:
        per_page: Items per page, 1 to 100.
        start_page: The page to begin with, from 1.
        consistent: Whether iterating also proves that nothing shifted while the listing was read. Pages are given only
            when that is proven, so all of a listing are held in memory.
    """

    _listings: tuple[Listing[T], ...] = field(repr=lambda listings: repr([listing.name for listing in listings]))
    per_page: int = _window.MAX_PER_PAGE
    start_page: int = 1
    consistent: bool = False
    _ahead: int = field(default=LOOK_AHEAD, repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse what can't be valid, before anything is sent."""
        check_page(self.start_page, self.per_page)
        if len(self._listings) > 1 and self.start_page != 1:
            raise ValueError("start_page needs a package_type: each type has pages of its own")
        if self.start_page != 1 and (self.consistent or any(listing.parts for listing in self._listings)):
            raise ValueError("consistent and beyond_window are about whole listings: they need start_page=1")
        if any(listing.has_window for listing in self._listings):
            _window.check(self.start_page, self.per_page)

    def __aiter__(self) -> ItemIterator[T]:
        """All items, in the order of the server. Break out of the loop, or use `contextlib.aclosing`, to stop early."""
        return ItemIterator(self.pages())

    def pages(self, *, ahead: int | None = None) -> PageIterator[T]:
        """All pages, in order. An item that an earlier page had is left out.

        Once the second page is wanted, and the first one told how many there are, further ones are asked for at the
        same time.

        Args:
            ahead: At most so many pages are asked for ahead of the one that is wanted, and kept until it is their turn;
                0 asks for one after the other. Omitted, it is twice the client's concurrency, and 32 at most, so that
                there is always one to ask for while others are decoded.

        Raises:
            ValueError: `ahead` is negative.
        """
        return self._pages(self._ahead if ahead is None else ahead)

    def _pages(self, ahead: int, limit: int | None = None) -> PageIterator[T]:
        if ahead < 0:
            raise ValueError(f"ahead must not be negative: {ahead}")
        return PageIterator(self._listings, How(self.per_page, self.start_page, ahead, self.consistent, limit))

    async def page(self, number: int) -> Page[T]:
        """One page, as it is.

        Raises:
            DecodeError: An item can't be decoded; the error has the others.
            ValueError: `number` is below 1, or there is no single listing because no package type was given.
            PageWindowError: GitHub does not show this page. Nothing was sent.
        """
        check_page(number, self.per_page)
        if len(self._listings) != 1:
            raise ValueError("page() needs a package_type: each type has pages of its own")
        if self._listings[0].has_window:
            _window.check(number, self.per_page)
        error: GitHubPackagesError | None
        try:
            page = await self._listings[0].page(number, self.per_page)
            error = page.undecodable
            if error is None:
                return page
        except RefusedError as refusal:
            error = refusal.error
        raise error

    async def collect(self, limit: int | None = None) -> list[T]:
        """All items in a list, or the first `limit` ones; no page is asked for that these don't need.

        Raises:
            ValueError: `limit` is negative.
        """
        if limit is not None and limit < 0:
            raise ValueError(f"limit must not be negative: {limit}")
        items: list[T] = []
        if limit == 0:
            return items
        async with aclosing(self._pages(self._ahead, limit)) as pages:
            async for page in pages:
                items += page.items
                if limit is not None and len(items) >= limit:
                    break
        return items[:limit]


def check_page(page: int, per_page: int) -> None:
    """Refuse numbers that can't be valid.

    Raises:
        ValueError: `page` is below 1, or `per_page` is not from 1 to 100.
    """
    if page < 1:
        raise ValueError(f"pages are counted from 1: {page}")
    if not 1 <= per_page <= _window.MAX_PER_PAGE:
        raise ValueError(f"per_page must be from 1 to {_window.MAX_PER_PAGE}: {per_page}")
