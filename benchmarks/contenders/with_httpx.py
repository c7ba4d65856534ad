"""httpx with its defaults: one client, its own limits, dictionaries by the standard library's json."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import httpx
from benchmarks.contenders._pages import HEADERS, QUERY, Json, Page, PagesOfDicts, last_page


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncGenerator[PagesOfDicts, None]:
    async with httpx.AsyncClient(base_url=url, headers=HEADERS, timeout=30) as client:

        async def get_page(path: str, page: int) -> Page:
            response = await client.get(path, params={**QUERY, "page": str(page)})
            return response.raise_for_status().json(), last_page(response.headers.get("link"))

        yield PagesOfDicts(get_page)


def decoder(kind: str) -> Callable[[bytes], list[Json]]:
    return lambda body: httpx.Response(200, content=body).json()
