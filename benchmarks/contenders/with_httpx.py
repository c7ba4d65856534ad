"""httpx as it comes: one client, its default limits, dictionaries of the standard library's json."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial

import httpx
from benchmarks.peers.contenders._dicts import QUERY, GetPath, Json, audit, list_packages, row, stream_packages
from benchmarks.peers.contenders._pages import last_page

__all__ = ["audit", "connect", "decoder", "list_packages", "row", "stream_packages"]

HEADERS = {
    "Accept": "application/vnd.github+json",
    "Authorization": "Bearer made-up",
    "X-GitHub-Api-Version": "2022-11-28",
}


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncGenerator[GetPath]:
    """One client for everything."""
    async with httpx.AsyncClient(base_url=url, headers=HEADERS, timeout=30) as client:
        yield partial(get_page, client)


async def get_page(client: httpx.AsyncClient, path: str, page: int) -> tuple[list[Json], int]:
    """A page, and the number of the last one."""
    response = await client.get(path, params={**QUERY, "page": str(page)})
    return response.raise_for_status().json(), last_page(response.headers.get("link"))


def decoder(kind: str) -> Callable[[bytes], list[Json]]:
    """What `Response.json` does."""
    return lambda body: httpx.Response(200, content=body).json()
