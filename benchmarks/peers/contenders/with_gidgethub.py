"""gidgethub on aiohttp. `getiter` is its listing; it follows `next` only, so one page comes after the other.

To ask for several pages at once the last one must be known, which gidgethub does not tell: `_request`, its documented
point to extend (https://gidgethub.readthedocs.io/en/latest/abc.html), notes it from the Link header.
"""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
# (what it imports is installed where it is measured only)

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from benchmarks.peers.contenders._pages import Count, all_pages, last_page, total
from benchmarks.peers.facts import PackageRow, VersionCount
from benchmarks.peers.names import AUDITED, LISTED
from gidgethub import sansio
from gidgethub.aiohttp import GitHubAPI

Json = dict[str, Any]


class PagedGitHub(GitHubAPI):
    """Knows the last page of each listing that it has seen a page of."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._last: dict[str, int] = {}

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        status, received, content = await super()._request(method, url, headers, body)
        self._last[url] = last_page(received.get("Link"))
        return status, received, content

    async def get_page(self, path: str, page: int) -> tuple[list[Json], int]:
        """A page, and the number of the last one."""
        url = f"{self.base_url}{path}?package_type=container&per_page=100&page={page}"
        items = await self.getitem(url)
        return items, self._last.pop(url)


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncIterator[PagedGitHub]:
    """One session for everything."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=concurrency)) as session:
        yield PagedGitHub(session, "benchmark", oauth_token="made-up", base_url=url)  # noqa: S106 (it is)


async def list_packages(github: PagedGitHub, concurrency: int) -> list[Json]:
    """One after the other, or all pages through one semaphore."""
    if concurrency == 1:
        return [package async for package in stream_packages(github)]
    permits = asyncio.Semaphore(concurrency)

    async def get(page: int) -> tuple[list[Json], int]:
        async with permits:
            return await github.get_page(f"/orgs/{LISTED}/packages", page)

    return [package for page in await all_pages(get) for package in page]


def stream_packages(github: PagedGitHub) -> AsyncIterator[Json]:
    """One after the other."""
    return github.getiter(f"/orgs/{LISTED}/packages?package_type=container&per_page=100")


def row(package: Json) -> PackageRow:
    """What is checked of a listed package."""
    return package["id"], package["name"], package["visibility"] == "private", package["repository"]["id"]


async def audit(github: PagedGitHub, concurrency: int) -> list[VersionCount]:
    """All pages of all packages through one semaphore, each counted when it comes."""
    permits = asyncio.Semaphore(concurrency)

    async def get_packages(page: int) -> tuple[list[Json], int]:
        async with permits:
            return await github.get_page(f"/orgs/{AUDITED}/packages", page)

    async def audit_package(name: str) -> VersionCount:
        async def get_versions(page: int) -> tuple[Count[str], int]:
            async with permits:
                versions, last = await github.get_page(f"/orgs/{AUDITED}/packages/container/{name}/versions", page)
            return count(versions), last

        return total(name, await all_pages(get_versions))

    packages = [package for page in await all_pages(get_packages) for package in page]
    return await asyncio.gather(*(audit_package(package["name"]) for package in packages))


def count(versions: list[Json]) -> Count[str]:
    """Dates are texts of one form, so that they can be compared as they are."""
    created = [version["created_at"] for version in versions]
    tagged = sum(1 for version in versions if version["metadata"]["container"]["tags"])
    return Count(len(versions), tagged, min(created), max(created))


def decoder(kind: str) -> Callable[[bytes], list[Json]]:
    """What it does with every response."""
    headers = {"content-type": "application/json; charset=utf-8"}
    return lambda body: sansio.decipher_response(200, headers, body)[0]
