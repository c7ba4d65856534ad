"""githubkit by its typed REST methods, and by its paginator where one page comes after another.

Its cache of responses is off: every page is requested only once.
"""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from benchmarks.contenders._pages import Page, Pages, last_page
from benchmarks.data import AUDITED, LISTED
from githubkit import GitHub, Response
from githubkit.versions.latest.models import Package, PackageVersion


class Paginated(Pages):
    """Pages, one after another by the paginator."""

    iterates = True

    def __init__(self, github: GitHub[Any]) -> None:
        super().__init__(self.get_packages, self.get_versions)
        self._github = github

    async def get_packages(self, org: str, page: int) -> Page:
        listing = self._github.rest.packages.async_list_packages_for_organization
        response = await listing(org, package_type="container", per_page=100, page=page)
        return response.parsed_data, last_page(response.headers.get("link"))

    async def get_versions(self, name: str, page: int) -> Page:
        listing = self._github.rest.packages.async_get_all_package_versions_for_package_owned_by_org
        response = await listing("container", name, AUDITED, per_page=100, page=page)
        return response.parsed_data, last_page(response.headers.get("link"))

    def stream_packages(self) -> AsyncIterator[Package]:
        listing = self._github.rest.packages.async_list_packages_for_organization
        return aiter(self._github.rest.paginate(listing, org=LISTED, package_type="container", per_page=100))


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncGenerator[Paginated, None]:
    async with GitHub("made-up", base_url=url, http_cache=False, timeout=30) as github:
        _ = github.rest.packages  # its module is loaded on first use
        yield Paginated(github)


def decoder(kind: str) -> Any:
    """What `Response.parsed_data` does."""
    model = list[Package] if kind == "package" else list[PackageVersion]
    return lambda body: Response(httpx.Response(200, content=body), model).parsed_data
