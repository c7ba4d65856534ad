"""Listings, page by page or item by item, that are complete or raise.

What counts as proof that a page is the last one, in this order:

- it is empty;
- it has a Link header about pages, and that names no next page;
- there is no such header, and the page is shorter than `per_page`: on *list versions* only, because *list packages* has
  been seen to send short pages in the middle (https://github.com/octokit/octokit.net/issues/2987).

A full page without a Link header is no proof: *list packages* has been seen without the header for years
(https://github.com/octokit/core.js/issues/695), so the next page is asked for.

A page that fails with 502 or 504, which GitHub answers after 10 seconds, is asked for in pieces: page 3 of 100 becomes
pages 5 and 6 of 50 (https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api). The last piece then
proves what the page would.
"""

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Generic, Literal, Protocol, Self, TypeVar

import httpx
from attrs import evolve, field, frozen

from . import _window
from .exceptions import DecodeError, IncompleteListingError, ServerError

logger = logging.getLogger("ghpackages")

MIN_PIECE = 5
"""The least items that a page is asked for, when the server fails to give more."""

Proof = Literal["empty page", "no next link", "short page"]
"""Why a page is known to be the last one."""


class HasId(Protocol):
    """What can be listed: its id tells it from all others of the listing."""

    id: int


T = TypeVar("T", bound=HasId)

Fetch = Callable[[int, int], Awaitable[tuple[list[T], httpx.Headers]]]
"""Asks for a page by its number and size; gives its items and headers, or raises."""


@frozen
class Page(Generic[T]):
    """One page of a listing.

    Attributes:
        items: The items, in the order of the server.
        number: The number of the page, from 1.
        per_page: How many items were asked for.
        is_last: Whether the page is known to be the last one.
        proof: Why it is; None if it is not.
        headers: The headers of the answer.
    """

    items: tuple[T, ...]
    number: int
    per_page: int
    is_last: bool
    proof: Proof | None
    headers: httpx.Headers = field(repr=False, eq=False)

    def __iter__(self) -> Iterator[T]:
        """The items."""
        return iter(self.items)

    def __len__(self) -> int:
        """How many items the page has."""
        return len(self.items)


@frozen
class Listing(Generic[T]):
    """One listing of the server: how to ask for its pages, and what is known of it.

    Attributes:
        name: What is listed, for people.
        fetch: Asks for a page.
        has_window: Whether GitHub shows no page with page × per_page > 10000.
        short_page_is_last: Whether a page shorter than asked for, without a Link header, is the last one.
    """

    name: str
    fetch: Fetch[T]
    has_window: bool
    short_page_is_last: bool

    async def page(self, number: int, per_page: int) -> Page[T]:
        """Ask for one page, if need be in pieces; an item that shifted from one piece to the next is given once."""
        page = await self._page(number, per_page)
        items = {item.id: item for item in page.items}
        return page if len(items) == len(page) else evolve(page, items=tuple(items.values()))

    async def _page(self, number: int, per_page: int) -> Page[T]:
        try:
            items, headers = await self.fetch(number, per_page)
        except ServerError as error:
            page = await self._in_pieces(number, per_page, error) if error.status in {502, 504} else None
            if page is None:
                raise
            return page
        proof = self._proof(len(items), per_page, page_links(headers))
        return Page(tuple(items), number, per_page, proof is not None, proof, headers)

    async def _in_pieces(self, number: int, per_page: int, error: ServerError) -> Page[T] | None:
        """A page that is too much for the server at once; None if it has no pieces, or if they don't make it up."""
        size = max((size for size in range(MIN_PIECE, per_page) if per_page % size == 0), default=0)
        if not size:
            return None
        logger.warning("page %d of %s failed with %d: asking for %d at a time", number, self.name, error.status, size)
        count = per_page // size
        parts: list[Page[T]] = []
        while len(parts) < count and not (parts and parts[-1].is_last):
            part = await self._page((number - 1) * count + len(parts) + 1, size)
            if part.items and parts and len(parts[-1]) < size:
                return None  # a gap: the server counts in another way, so something may be missing there
            parts.append(part)
        last, items = parts[-1], tuple(item for part in parts for item in part)
        # The numbers in a Link count pieces.
        headers = httpx.Headers([(name, value) for name, value in last.headers.raw if name.lower() != b"link"])
        return Page(items, number, per_page, last.is_last, last.proof, headers)

    def _proof(self, count: int, per_page: int, links: Mapping[str, int]) -> Proof | None:
        if count == 0:
            return "empty page"
        if links:
            return None if "next" in links else "no next link"
        if self.short_page_is_last and count < per_page:
            return "short page"
        return None

    def shows(self, number: int, per_page: int) -> bool:
        """Whether the server shows this page at all."""
        return not self.has_window or _window.fits(number, per_page)


@frozen
class Paginator(Generic[T]):
    """A recipe for a listing: nothing is sent until it is iterated, and each iteration starts anew.

        async for package in owner.packages("container"): ...

    Iterating raises `IncompleteListingError` if the listing can't be shown to be complete, after everything that can be
    had; and whatever a request raises. No item is given twice, even if the pages shift while they are read.

    Attributes:
        per_page: Items per page, 1 to 100.
        start_page: The page to begin with, from 1.
    """

    _listings: tuple[Listing[T], ...] = field(repr=lambda listings: repr([listing.name for listing in listings]))
    per_page: int = _window.MAX_PER_PAGE
    start_page: int = 1

    def __attrs_post_init__(self) -> None:
        """Refuse what can't be valid, before anything is sent."""
        check_page(self.start_page, self.per_page)
        if len(self._listings) > 1 and self.start_page != 1:
            raise ValueError("start_page needs a package_type: each type has pages of its own")
        if any(listing.has_window for listing in self._listings):
            _window.check(self.start_page, self.per_page)

    def __aiter__(self) -> "ItemIterator[T]":
        """All items, in the order of the server."""
        return ItemIterator(self.pages())

    def pages(self) -> "PageIterator[T]":
        """All pages, in order. An item that an earlier page had is left out."""
        return PageIterator(self._listings, self.per_page, self.start_page)

    async def page(self, number: int) -> Page[T]:
        """One page, as it is.

        Raises:
            ValueError: `number` is below 1, or there is no single listing because no package type was given.
            PageWindowError: GitHub does not show this page. Nothing was sent.
        """
        check_page(number, self.per_page)
        if len(self._listings) != 1:
            raise ValueError("page() needs a package_type: each type has pages of its own")
        if self._listings[0].has_window:
            _window.check(number, self.per_page)
        return await self._listings[0].page(number, self.per_page)

    async def collect(self, limit: int | None = None) -> list[T]:
        """All items in a list, or the first `limit` ones.

        Raises:
            ValueError: `limit` is negative.
        """
        if limit is not None and limit < 0:
            raise ValueError(f"limit must not be negative: {limit}")
        items: list[T] = []
        if limit == 0:
            return items
        async for item in self:
            items.append(item)
            if len(items) == limit:
                break
        return items


class PageIterator(AsyncIterator[Page[T]]):
    """Gives the pages of one or more listings, one after the other."""

    def __init__(self, listings: Sequence[Listing[T]], per_page: int, start_page: int) -> None:
        self._listings = list(listings)
        self._per_page = per_page
        self._number = start_page
        self._seen: set[int] = set()
        self._previous: tuple[int, ...] = ()
        self._pages = 0

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Page[T]:
        if not self._listings:
            raise StopAsyncIteration
        listing = self._listings[0]
        if not listing.shows(self._number, self._per_page):
            raise self._incomplete(listing, "window")
        page = await listing.page(self._number, self._per_page)
        self._pages += 1
        self._check_progress(listing, page)
        fresh = tuple(item for item in page.items if item.id not in self._seen)
        self._seen.update(item.id for item in fresh)
        self._number += 1
        if page.is_last:
            self._next_listing()
        if len(fresh) == len(page.items):
            return page
        return Page(fresh, page.number, page.per_page, page.is_last, page.proof, page.headers)

    def _next_listing(self) -> None:
        del self._listings[0]
        self._number = 1
        self._seen.clear()
        self._previous = ()

    def _check_progress(self, listing: Listing[T], page: Page[T]) -> None:
        """A server that ignores the page number would be asked for ever."""
        ids = tuple(item.id for item in page.items)
        if ids and ids == self._previous and not page_links(page.headers):
            raise self._incomplete(listing, "repeated")
        self._previous = ids

    def _incomplete(self, listing: Listing[T], reason: Literal["window", "repeated"]) -> IncompleteListingError:
        return IncompleteListingError(
            reason, listing.name, items=len(self._seen), pages=self._pages, last_page=self._number - 1
        )


class ItemIterator(AsyncIterator[T]):
    """Gives the items of pages."""

    def __init__(self, pages: AsyncIterator[Page[T]]) -> None:
        self._pages = pages
        self._items: Iterator[T] = iter(())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            self._items = iter((await anext(self._pages)).items)


def check_page(page: int, per_page: int) -> None:
    """Refuse numbers that can't be valid.

    Raises:
        ValueError: `page` is below 1, or `per_page` is not from 1 to 100.
    """
    if page < 1:
        raise ValueError(f"pages are counted from 1: {page}")
    if not 1 <= per_page <= _window.MAX_PER_PAGE:
        raise ValueError(f"per_page must be from 1 to {_window.MAX_PER_PAGE}: {per_page}")


_LINK = re.compile(r"<([^<>]*)>([^<]*?)(?=,\s*<|$)")
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)


_PAGING = {"next", "prev", "first", "last"}


def page_links(headers: httpx.Headers) -> dict[str, int]:
    """The page numbers of a Link header by relation: next, prev, first, last. Others, such as deprecation, don't count.

    Only the numbers are used, never the targets: those name the owner in another way (`/organizations/{id}/…`), and a
    target elsewhere must not be followed.
    """
    found: dict[str, int] = {}
    for target, parameters in _LINK.findall(headers.get("link", "")):
        number = _page_number(target)
        for relation in _relations(parameters):
            if relation in _PAGING and number is not None:
                found.setdefault(relation, number)
    return found


def check_links(response: httpx.Response) -> None:
    """Refuse a paging link to another origin, although no target is followed: something between answers in its place.

    Raises:
        DecodeError: There is one.
    """
    here = response.request.url
    for target, parameters in _LINK.findall(response.headers.get("link", "")):
        if not _PAGING.intersection(_relations(parameters)):
            continue
        try:
            there = here.join(target)
        except (httpx.InvalidURL, ValueError):
            continue  # no page number can be read from it either
        if (there.scheme, there.host, there.port) != (here.scheme, here.host, here.port):
            places = [f"{url.scheme}://{url.netloc.decode('ascii')}" for url in (there, here)]
            error = DecodeError("the header Link", "", target, "leads to {}, which is not {}".format(*places))
            error.response = response
            raise error


def _relations(parameters: str) -> list[str]:
    return [name for quoted, bare in _REL.findall(parameters) for name in (quoted or bare).lower().split()]


def _page_number(target: str) -> int | None:
    try:
        value = httpx.URL(target).params.get("page", "")
    except httpx.InvalidURL:
        return None
    return int(value) if value.isdecimal() else None
