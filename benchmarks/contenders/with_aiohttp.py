"""aiohttp with orjson: one session, as many connections as requests at once, dictionaries."""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
# (what it imports is installed only where it is measured)

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import aiohttp
import orjson
from benchmarks.contenders._pages import QUERY, Json, Page, PagesOfDicts, last_page

HEADERS = {
    "Accept": "application/vnd.github+json",
    "Authorization": "Bearer made-up",
    "User-Agent": "benchmark",
    "X-GitHub-Api-Version": "2022-11-28",
}


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncGenerator[PagesOfDicts]:
    connector = aiohttp.TCPConnector(limit=concurrency)
    async with aiohttp.ClientSession(url, headers=HEADERS, connector=connector, raise_for_status=True) as session:

        async def get_page(path: str, page: int) -> Page:
            async with session.get(path, params={**QUERY, "page": str(page)}) as response:
                return orjson.loads(await response.read()), last_page(response.headers.get("Link"))

        yield PagesOfDicts(get_page)


def decoder(kind: str) -> Callable[[bytes], list[Json]]:
    return orjson.loads
