"""aiohttp with orjson: one session, as many connections as requests at once, dictionaries."""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
# (what it imports is installed where it is measured only)

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial

import aiohttp
import orjson
from benchmarks.peers.contenders._dicts import QUERY, GetPath, Json, audit, list_packages, row, stream_packages
from benchmarks.peers.contenders._pages import last_page

__all__ = ["audit", "connect", "decoder", "list_packages", "row", "stream_packages"]

HEADERS = {
    "Accept": "application/vnd.github+json",
    "Authorization": "Bearer made-up",
    "User-Agent": "benchmark",
    "X-GitHub-Api-Version": "2022-11-28",
}


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncGenerator[GetPath]:
    """One session for everything."""
    connector = aiohttp.TCPConnector(limit=concurrency)
    async with aiohttp.ClientSession(url, headers=HEADERS, connector=connector, raise_for_status=True) as session:
        yield partial(get_page, session)


async def get_page(session: aiohttp.ClientSession, path: str, page: int) -> tuple[list[Json], int]:
    """A page, and the number of the last one."""
    async with session.get(path, params={**QUERY, "page": str(page)}) as response:
        return orjson.loads(await response.read()), last_page(response.headers.get("Link"))


def decoder(kind: str) -> Callable[[bytes], list[Json]]:
    """What orjson does."""
    return orjson.loads
