"""Pages of a listing at the same time: what anyone writes around a client that has only one page at a time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from benchmarks.peers.facts import VersionCount

T = TypeVar("T")
Date = TypeVar("Date", str, datetime)

_LAST = re.compile(r'[?&]page=(\d+)[^>]*>; rel="last"')


def last_page(link: str | None) -> int:
    """The number of the last page by a Link header."""
    found = _LAST.search(link or "")
    return int(found[1]) if found else 1


async def all_pages(get: Callable[[int], Awaitable[tuple[T, int]]]) -> list[T]:
    """The first page, which tells the last, and then all others at once; `get` sees to how many that really are."""
    first, last = await get(1)
    others = await asyncio.gather(*map(get, range(2, last + 1)))
    return [first, *(page for page, _ in others)]


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


def total(name: str, counts: list[Count[Date]]) -> VersionCount:
    """What the pages of one package come to."""
    versions, tagged = sum(each.versions for each in counts), sum(each.tagged for each in counts)
    oldest, newest = min(each.oldest for each in counts), max(each.newest for each in counts)
    return name, versions, tagged, versions - tagged, oldest, newest
