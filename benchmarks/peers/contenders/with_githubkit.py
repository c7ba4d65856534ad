"""githubkit by its typed REST methods, and its paginator where one page comes after the other.

Its cache of responses is off: it would only keep what is asked for once.
"""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
# (what it imports is installed where it is measured only)

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
from benchmarks.peers.contenders._pages import Count, all_pages, last_page, total
from benchmarks.peers.facts import PackageRow, VersionCount
from benchmarks.peers.names import AUDITED, LISTED
from githubkit import GitHub, Response
from githubkit.versions.latest.models import Package, PackageVersion


def connect(url: str, concurrency: int) -> GitHub[Any]:
    """One client for everything."""
    github = GitHub("made-up", base_url=url, http_cache=False, timeout=30)
    _ = github.rest.packages  # its module is loaded when it is first needed
    return github


async def list_packages(github: GitHub[Any], concurrency: int) -> list[Package]:
    """One after the other, or all pages through one semaphore."""
    if concurrency == 1:
        return [package async for package in stream_packages(github)]
    pages = await all_packages(github, LISTED, asyncio.Semaphore(concurrency))
    return [package for page in pages for package in page]


async def all_packages(github: GitHub[Any], org: str, permits: asyncio.Semaphore) -> list[list[Package]]:
    """All pages of the packages of an organisation."""

    async def get(page: int) -> tuple[list[Package], int]:
        async with permits:
            response = await github.rest.packages.async_list_packages_for_organization(
                org, package_type="container", per_page=100, page=page
            )
            return response.parsed_data, last_page(response.headers.get("link"))

    return await all_pages(get)


def stream_packages(github: GitHub[Any]) -> AsyncIterator[Package]:
    """One after the other."""
    listing = github.rest.packages.async_list_packages_for_organization
    return aiter(github.rest.paginate(listing, org=LISTED, package_type="container", per_page=100))


def row(package: Package) -> PackageRow:
    """What is checked of a listed package."""
    return package.id, package.name, package.visibility == "private", package.repository.id


async def audit(github: GitHub[Any], concurrency: int) -> list[VersionCount]:
    """All pages of all packages through one semaphore, each counted when it comes."""
    permits = asyncio.Semaphore(concurrency)
    listing = github.rest.packages.async_get_all_package_versions_for_package_owned_by_org

    async def audit_package(name: str) -> VersionCount:
        async def get(page: int) -> tuple[Count[Any], int]:
            async with permits:
                response = await listing("container", name, AUDITED, per_page=100, page=page)
                return count(response.parsed_data), last_page(response.headers.get("link"))

        return total(name, await all_pages(get))

    packages = await all_packages(github, AUDITED, permits)
    return await asyncio.gather(*(audit_package(package.name) for page in packages for package in page))


def count(versions: list[PackageVersion]) -> Count[Any]:
    """What is counted of a page."""
    created = [version.created_at for version in versions]
    tagged = sum(1 for version in versions if version.metadata.container.tags)
    return Count(len(versions), tagged, min(created), max(created))


def decoder(kind: str) -> Callable[[bytes], list[Any]]:
    """What `Response.parsed_data` does."""
    model = list[Package] if kind == "package" else list[PackageVersion]
    return lambda body: Response(httpx.Response(200, content=body), model).parsed_data
