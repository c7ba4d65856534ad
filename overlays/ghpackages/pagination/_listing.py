"""One listing of the server: how its pages are asked for, and what proves that one is the last.

What counts as proof, in this order:

- the page is empty;
- it has a Link header about pages, and that names no next page;
- there is no such header, and the page is shorter than `per_page`: on *list versions* only, because *list packages* has
  been seen to send short pages in the middle (https://github.com/octokit/octokit.net/issues/2987).

A full page without a Link header is no proof: *list packages* has been seen without the header for years
(https://github.com/octokit/core.js/issues/695), so the next page is asked for.

A page that fails with 502 or 504, which GitHub answers after 10 seconds, is asked for in pieces: page 3 of 100 becomes
pages 5 and 6 of 50 (https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api). The last piece then
proves what the page would.

An item that can't be decoded costs that item: the page has the others, and says so. Only a page of which nothing can be
decoded fails as a whole.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Generic, Literal, Protocol, TypeVar

import httpx
from attrs import evolve, field, frozen

from .. import _window
from .._flows import one_operation
from ..exceptions import APIError, DecodeError, ServerError
from ._links import hidden_organizations, page_links

logger = logging.getLogger("ghpackages")

MIN_PIECE = 5
"""The least items that a page is asked for, when the server fails to give more."""

Proof = Literal["empty page", "no next link", "short page"]
"""Why a page is known to be the last one."""


class Item(Protocol):
    """What can be listed: its id tells it from all others of the listing."""

    id: int
    created_at: datetime


T = TypeVar("T", bound=Item)


@frozen
class Answer(Generic[T]):
    """What the server has answered.

    Attributes:
        items: The items that can be decoded.
        headers: The headers.
        undecodable: Why others can't be decoded; None if there are none.
        refused: Why this listing can't be had, while others perhaps can; None if it can.
    """

    items: Sequence[T]
    headers: httpx.Headers
    undecodable: DecodeError | None = None
    refused: APIError | None = None


class RefusedError(Exception):
    """The server refuses a listing. An error of the same kind that a callable for the token raises is none."""

    def __init__(self, error: APIError) -> None:
        super().__init__(str(error))
        self.error = error


Fetch = Callable[[int, int], Awaitable[Answer[T]]]
"""Asks for a page by its number and size, or raises."""


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
        last_number: The number of the last page, as the Link header tells it; None if it doesn't.
        undecodable: Why items are left out, the first that can't be decoded; None if all could be.
        hidden: The ids of the organisations that single sign-on hides from this token; None if it hides nothing.
    """

    items: tuple[T, ...]
    number: int
    per_page: int
    is_last: bool
    proof: Proof | None
    headers: httpx.Headers = field(repr=False, eq=False)
    last_number: int | None = None
    undecodable: DecodeError | None = None
    hidden: tuple[int, ...] | None = None

    def __iter__(self) -> Iterator[T]:
        """The items."""
        return iter(self.items)

    def __len__(self) -> int:
        """How many items the page has."""
        return len(self.items)

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the items."""
        return tuple([item.id for item in self.items])


@frozen
class Listing(Generic[T]):
    """One listing of the server: how to ask for its pages, and what is known of it.

    Attributes:
        name: What is listed, for people.
        fetch: Asks for a page.
        has_window: Whether GitHub shows no page with page × per_page > 10000.
        short_page_is_last: Whether a page shorter than asked for, without a Link header, is the last one.
        newest_first: Whether the newest items come first as a rule, and new ones are added there.
        parts: Listings that together have the same items, to be read instead if this one exceeds the window.
    """

    name: str
    fetch: Fetch[T]
    has_window: bool
    short_page_is_last: bool
    newest_first: bool
    parts: "tuple[Listing[T], ...]" = ()

    async def page(self, number: int, per_page: int) -> Page[T]:
        """Ask for one page, if need be in pieces; an item that shifted from one piece to the next is given once."""
        with one_operation():
            page = await self._page(number, per_page)
        if len({item.id for item in page.items}) == len(page):
            return page
        return evolve(page, items=tuple({item.id: item for item in page.items}.values()))

    async def whole(self, number: int, per_page: int) -> Page[T]:
        """Ask for one page, with one request."""
        try:
            answer = await self.fetch(number, per_page)
        except DecodeError as failure:
            failure.page = number
            raise
        if answer.refused:
            raise RefusedError(answer.refused)
        links, error = page_links(answer.headers), answer.undecodable
        if error:
            error.page = number
        proof = self._proof(len(answer.items) + (error.failed if error else 0), per_page, links)
        return Page(
            tuple(answer.items),
            number,
            per_page,
            proof is not None,
            proof,
            answer.headers,
            links.get("last"),
            error,
            hidden_organizations(answer.headers),
        )

    async def _page(self, number: int, per_page: int) -> Page[T]:
        try:
            return await self.whole(number, per_page)
        except ServerError as error:
            page = await self._in_pieces(number, per_page, error) if is_too_much(error) else None
            if page is None:
                raise
            return page

    async def _in_pieces(self, number: int, per_page: int, error: ServerError) -> Page[T] | None:
        """A page that is too much for the server at once; None if it has no pieces, or if they don't make it up."""
        size = smaller(per_page)
        if not size:
            return None
        logger.warning("page %d of %s failed with %d: asking for %d at a time", number, self.name, error.status, size)
        count = per_page // size
        parts: list[Page[T]] = []
        while len(parts) < count and not (parts and parts[-1].is_last):
            part = await self._page((number - 1) * count + len(parts) + 1, size)
            if part.items and parts and _received(parts[-1]) < size:
                return None  # a gap: the server counts in another way, so something may be missing there
            parts.append(part)
        last, items = parts[-1], tuple(item for part in parts for item in part)
        hidden = [id_ for part in parts for id_ in part.hidden or ()]
        # The numbers in a Link count pieces.
        headers = httpx.Headers([(name, value) for name, value in last.headers.raw if name.lower() != b"link"])
        return Page(
            items,
            number,
            per_page,
            last.is_last,
            last.proof,
            headers,
            last.last_number and -(-last.last_number // count),
            _first_failure(parts, number, count),
            None if all(part.hidden is None for part in parts) else tuple(dict.fromkeys(hidden)),
        )

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

    def clip(self, number: int, per_page: int) -> int:
        """The last page up to this one that the server shows."""
        return min(number, _window.last_page(per_page)) if self.has_window else number


def _received(page: Page[T]) -> int:
    """How many items came."""
    return len(page) + (page.undecodable.failed if page.undecodable else 0)


def _first_failure(parts: Sequence[Page[T]], number: int, count: int) -> DecodeError | None:
    """Why items are left out of the page that is made of these parts."""
    failures = [(part, part.undecodable) for part in parts if part.undecodable]
    if not failures:
        return None
    part, first = failures[0]
    first.failed = sum(error.failed for _, error in failures)
    first.index = (first.index or 0) + (part.number - 1) % count * part.per_page
    first.page = number
    return first


def is_too_much(error: ServerError) -> bool:
    """Whether the server may do with less: it gave up after 10 seconds."""
    return error.status in {502, 504}


def smaller(per_page: int) -> int:
    """The next smaller size of which a page can be put together; 0 if there is none."""
    return max((size for size in range(MIN_PIECE, per_page) if per_page % size == 0), default=0)
