"""aiohttp with orjson: one session, as many connections as requests at once, dictionaries."""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
from benchmarks.contenders._pages import HEADERS, QUERY, Page, PagesOfDicts, last_page


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncGenerator[PagesOfDicts, None]:
    options = {"headers": {**HEADERS, "User-Agent": "benchmark"}, "raise_for_status": True}
    async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=concurrency), **options) as session:

        async def get_page(path: str, page: int) -> Page:
            async with session.get(path, params={**QUERY, "page": str(page)}) as response:
                return orjson.loads(await response.read()), last_page(response.headers.get("Link"))

        yield PagesOfDicts(get_page)


def decoder(kind: str) -> Any:
    return orjson.loads
