"""gidgethub on aiohttp. Its listing is `getiter`, which follows `next` only: one page comes after another.

Several pages at once need the number of the last one, which gidgethub does not return. `_request`, its documented
extension point (https://gidgethub.readthedocs.io/en/latest/abc.html), takes it from the Link header.
"""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp
from benchmarks.contenders._pages import QUERY, Json, Page, PagesOfDicts, last_page
from benchmarks.data import LISTED
from gidgethub import sansio
from gidgethub.aiohttp import GitHubAPI


class PagedGitHub(GitHubAPI):
    """Keeps the number of the last page of each response."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._last: dict[str, int] = {}

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        status, received, content = await super()._request(method, url, headers, body)
        self._last[url] = last_page(received.get("Link"))
        return status, received, content

    async def get_page(self, path: str, page: int) -> Page:
        url = f"{self.base_url}{path}?{urlencode(QUERY)}&page={page}"
        items = await self.getitem(url)
        return items, self._last.pop(url)


class Iterated(PagesOfDicts):
    """Pages, one after another by `getiter`."""

    iterates = True

    def __init__(self, github: PagedGitHub) -> None:
        super().__init__(github.get_page)
        self._github = github

    def stream_packages(self) -> AsyncIterator[Json]:
        return self._github.getiter(f"/orgs/{LISTED}/packages?{urlencode(QUERY)}")


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncGenerator[Iterated, None]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=concurrency)) as session:
        yield Iterated(PagedGitHub(session, "benchmark", oauth_token="made-up", base_url=url))  # noqa: S106 (it is)


def decoder(kind: str) -> Any:
    """What it does with every response."""
    headers = {"content-type": "application/json; charset=utf-8"}
    return lambda body: sansio.decipher_response(200, headers, body)[0]
