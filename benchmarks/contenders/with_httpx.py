"""httpx with its defaults: one client, its own limits, dictionaries by the standard library's json."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import httpx
from benchmarks.contenders._pages import QUERY, Json, Page, PagesOfDicts, last_page

HEADERS = {
    "Accept": "application/vnd.github+json",
    "Authorization": "Bearer made-up",
    "X-GitHub-Api-Version": "2022-11-28",
}


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncGenerator[PagesOfDicts]:
    async with httpx.AsyncClient(base_url=url, headers=HEADERS, timeout=30) as client:

        async def get_page(path: str, page: int) -> Page:
            response = await client.get(path, params={**QUERY, "page": str(page)})
            return response.raise_for_status().json(), last_page(response.headers.get("link"))

        yield PagesOfDicts(get_page)


def decoder(kind: str) -> Callable[[bytes], list[Json]]:
    """What `Response.json` does."""
    return lambda body: httpx.Response(200, content=body).json()
