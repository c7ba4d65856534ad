"""Pages of a listing at the same time: what anyone writes around a client that has only one page at a time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from benchmarks.peers.facts import VersionCount

T = TypeVar("T")
P = TypeVar("P")
V = TypeVar("V")
Date = TypeVar("Date", str, datetime)

GetPage = Callable[[int], Awaitable[tuple[T, int]]]
"""Gives what is on a page, and the number of the last one."""

_LAST = re.compile(r'[?&]page=(\d+)[^>]*>; rel="last"')


def last_page(link: str | None) -> int:
    """The number of the last page by a Link header."""
    found = _LAST.search(link or "")
    return int(found[1]) if found else 1


def permitted(get: GetPage[T], permits: asyncio.Semaphore) -> GetPage[T]:
    """The same, at most so many at once."""

    async def wait(page: int) -> tuple[T, int]:
        async with permits:
            return await get(page)

    return wait


async def all_pages(get: GetPage[T]) -> list[T]:
    """The first page, which tells the last, and then all others at once; `get` sees to how many that really are."""
    first, last = await get(1)
    others = await asyncio.gather(*map(get, range(2, last + 1)))
    return [first, *(page for page, _ in others)]


async def items_at_once(get: GetPage[list[T]], permits: asyncio.Semaphore) -> list[T]:
    """The items of all pages."""
    return [item for page in await all_pages(permitted(get, permits)) for item in page]


async def items_in_turn(get: GetPage[list[T]]) -> AsyncIterator[T]:
    """The same, one page after the other."""
    page, last = 0, 1
    while page < last:
        page += 1
        items, last = await get(page)
        for item in items:
            yield item


@dataclass(slots=True)
class Count(Generic[Date]):
    """What is counted of one page of versions.

    Attributes:
        versions: How many there are.
        tagged: How many have a tag.
        oldest: The earliest `created_at`.
        newest: The latest.
    """

    versions: int
    tagged: int
    oldest: Date
    newest: Date


def counted(created: list[Date], tagged: int) -> Count[Date]:
    """What is counted of a page, by the dates of its versions."""
    return Count(len(created), tagged, min(created), max(created))


def total(name: str, counts: list[Count[Date]]) -> VersionCount:
    """What the pages of one package come to."""
    versions, tagged = sum(each.versions for each in counts), sum(each.tagged for each in counts)
    oldest, newest = min(each.oldest for each in counts), max(each.newest for each in counts)
    return name, versions, tagged, versions - tagged, oldest, newest


@dataclass(frozen=True)
class Audit(Generic[P, V, Date]):
    """An audit of all pages of all packages through one semaphore; each is counted when it comes.

    Attributes:
        get_packages: Gives a page of packages.
        get_versions: Gives a page of versions of a package, by its name.
        name_of: The name of a package.
        count: What is counted of a page of versions.
    """

    get_packages: GetPage[list[P]]
    get_versions: Callable[[str, int], Awaitable[tuple[list[V], int]]]
    name_of: Callable[[P], str]
    count: Callable[[list[V]], Count[Date]]

    async def run(self, concurrency: int) -> list[VersionCount]:
        """The counts of all packages, with so many requests at once."""
        permits = asyncio.Semaphore(concurrency)
        packages = await items_at_once(self.get_packages, permits)
        return await asyncio.gather(*(self._of_package(self.name_of(package), permits) for package in packages))

    async def _of_package(self, name: str, permits: asyncio.Semaphore) -> VersionCount:
        async def get(page: int) -> tuple[Count[Date], int]:
            async with permits:
                versions, last = await self.get_versions(name, page)
            return self.count(versions), last

        return total(name, await all_pages(get))
