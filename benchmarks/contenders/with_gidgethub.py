"""gidgethub on aiohttp. `getiter` is its listing; it follows `next` only, so one page comes after the other.

To ask for several pages at once the last one must be known, which gidgethub does not tell: `_request`, its documented
point to extend (https://gidgethub.readthedocs.io/en/latest/abc.html), notes it from the Link header.
"""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
# (what it imports is installed where it is measured only)

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp
from benchmarks.peers.contenders import _dicts
from benchmarks.peers.contenders._dicts import Json, row
from benchmarks.peers.contenders._pages import last_page
from benchmarks.peers.facts import VersionCount
from benchmarks.peers.names import LISTED
from gidgethub import sansio
from gidgethub.aiohttp import GitHubAPI

__all__ = ["audit", "connect", "decoder", "list_packages", "row", "stream_packages"]


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
        url = f"{self.base_url}{path}?{urlencode(_dicts.QUERY)}&page={page}"
        items = await self.getitem(url)
        return items, self._last.pop(url)


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncGenerator[PagedGitHub]:
    """One session for everything."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=concurrency)) as session:
        yield PagedGitHub(session, "benchmark", oauth_token="made-up", base_url=url)  # noqa: S106 (it is)


async def list_packages(github: PagedGitHub, concurrency: int) -> list[Json]:
    """One after the other, or all pages through one semaphore."""
    if concurrency == 1:
        return [package async for package in stream_packages(github)]
    return await _dicts.list_packages(github.get_page, concurrency)


def stream_packages(github: PagedGitHub) -> AsyncIterator[Json]:
    """One after the other."""
    return github.getiter(f"/orgs/{LISTED}/packages?{urlencode(_dicts.QUERY)}")


async def audit(github: PagedGitHub, concurrency: int) -> list[VersionCount]:
    """All pages of all packages through one semaphore, each counted when it comes."""
    return await _dicts.audit(github.get_page, concurrency)


def decoder(kind: str) -> Callable[[bytes], list[Json]]:
    """What it does with every response."""
    headers = {"content-type": "application/json; charset=utf-8"}
    return lambda body: sansio.decipher_response(200, headers, body)[0]
