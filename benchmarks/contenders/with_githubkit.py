"""githubkit by its typed REST methods, and by its paginator where one page comes after another.

Its cache of responses is off: every page is requested only once.
"""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
# (what it imports is installed only where it is measured)

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from benchmarks.contenders._pages import Page, Pages, last_page
from benchmarks.data import AUDITED, LISTED
from githubkit import GitHub, Response
from githubkit.versions.latest.models import Package, PackageVersion


class Paginated(Pages):
    """Pages, one after another by the paginator."""

    def __init__(self, github: GitHub[Any]) -> None:
        self._github = github
        super().__init__(self.get_packages, self.get_versions)

    async def get_packages(self, org: str, page: int) -> Page:
        response = await self._github.rest.packages.async_list_packages_for_organization(
            org, package_type="container", per_page=100, page=page
        )
        return response.parsed_data, last_page(response.headers.get("link"))

    async def get_versions(self, name: str, page: int) -> Page:
        response = await self._github.rest.packages.async_get_all_package_versions_for_package_owned_by_org(
            "container", name, AUDITED, per_page=100, page=page
        )
        return response.parsed_data, last_page(response.headers.get("link"))

    async def list_packages(self, concurrency: int) -> list[Package]:
        if concurrency == 1:
            return [package async for package in self.stream_packages()]
        return await super().list_packages(concurrency)

    def stream_packages(self) -> AsyncIterator[Package]:
        listing = self._github.rest.packages.async_list_packages_for_organization
        return aiter(self._github.rest.paginate(listing, org=LISTED, package_type="container", per_page=100))


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncGenerator[Paginated]:
    async with GitHub("made-up", base_url=url, http_cache=False, timeout=30) as github:
        _ = github.rest.packages  # its module is loaded on first use
        yield Paginated(github)


def decoder(kind: str) -> Callable[[bytes], list[Any]]:
    """What `Response.parsed_data` does."""
    model = list[Package] if kind == "package" else list[PackageVersion]
    return lambda body: Response(httpx.Response(200, content=body), model).parsed_data
