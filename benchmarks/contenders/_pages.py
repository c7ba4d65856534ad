"""All pages, several at once: the code that users write around a client that returns one page at a time."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from benchmarks.data import AUDITED, LISTED, Json, VersionCount

Page = tuple[list[Any], int]  # the items, and the number of the last page
GetPage = Callable[[str, int], Awaitable[Page]]
Count = tuple[int, int, Any, Any]  # of a page of versions: versions, tagged, the oldest and the newest `created_at`

QUERY = {"package_type": "container", "per_page": "100"}  # a listing of versions ignores the type
ACCEPT, VERSION, TOKEN = "application/vnd.github+json", "2022-11-28", "Bearer made-up"
HEADERS = {"Accept": ACCEPT, "Authorization": TOKEN, "X-GitHub-Api-Version": VERSION}

_LAST = re.compile(r'[?&]page=(\d+)[^>]*>; rel="last"')


def last_page(link: str | None) -> int:
    """Return the number of the last page according to a Link header."""
    found = _LAST.search(link or "")
    return int(found[1]) if found else 1


async def all_pages(get: Callable[[int], Awaitable[tuple[Any, int]]]) -> list[Any]:
    """Get the first page, which says how many there are, and then all others at once."""
    first, last = await get(1)
    others = await asyncio.gather(*map(get, range(2, last + 1)))
    return [first, *(page for page, _ in others)]


class Pages:
    """Lists, streams and audits by single pages of objects, whose attributes all libraries name alike.

    Args:
        packages: Returns a page of an organisation's packages.
        versions: Returns a page of the versions of a package of the audited organisation.
    """

    iterates = False  # whether the library itself lists one page after another

    def __init__(self, packages: GetPage, versions: GetPage) -> None:
        self._packages, self._versions = packages, versions

    async def list_packages(self, concurrency: int) -> list[Any]:
        if self.iterates and concurrency == 1:
            return [package async for package in self.stream_packages()]
        return await self._list(LISTED, asyncio.Semaphore(concurrency))

    async def stream_packages(self) -> AsyncIterator[Any]:
        """Yield all packages, one page after another."""
        page, last = 0, 1
        while page < last:
            page += 1
            items, last = await self._packages(LISTED, page)
            for item in items:
                yield item

    async def audit(self, concurrency: int) -> list[VersionCount]:
        """Read all pages of all packages through one semaphore; each is counted when it arrives."""
        permits = asyncio.Semaphore(concurrency)
        packages = await self._list(AUDITED, permits)
        return await asyncio.gather(*(self._audit(self._name(package), permits) for package in packages))

    async def _list(self, org: str, permits: asyncio.Semaphore) -> list[Any]:
        async def get(page: int) -> Page:
            async with permits:
                return await self._packages(org, page)

        return [item for page in await all_pages(get) for item in page]

    async def _audit(self, name: str, permits: asyncio.Semaphore) -> VersionCount:
        async def get(page: int) -> tuple[Count, int]:
            async with permits:
                versions, last = await self._versions(name, page)
            return self._count(versions), last

        versions, tagged, oldest, newest = zip(*await all_pages(get), strict=True)
        return name, sum(versions), sum(tagged), sum(versions) - sum(tagged), min(oldest), max(newest)

    def _name(self, package: Any) -> str:
        return package.name

    def _count(self, versions: list[Any]) -> Count:
        tagged = sum(1 for version in versions if version.metadata.container.tags)
        created = [version.created_at for version in versions]
        return len(created), tagged, min(created), max(created)


class PagesOfDicts(Pages):
    """The same with dictionaries, by a function that returns a page of a path."""

    def __init__(self, get: GetPage) -> None:
        audited = f"/orgs/{AUDITED}/packages/container"
        super().__init__(
            lambda org, page: get(f"/orgs/{org}/packages", page),
            lambda name, page: get(f"{audited}/{name}/versions", page),
        )

    def _name(self, package: Json) -> str:
        return package["name"]

    def _count(self, versions: list[Json]) -> Count:  # the dates are strings of one form, so they compare as they are
        tagged = sum(1 for version in versions if version["metadata"]["container"]["tags"])
        created = [version["created_at"] for version in versions]
        return len(created), tagged, min(created), max(created)
