"""What openapi-python-client makes of our document without our templates, through its async functions.

`nox -s bench` generates it under the name `unchanged_api` into the environment of this contender.
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
from unchanged_api import AuthenticatedClient
from unchanged_api.api.packages import list_package_versions_for_org, list_packages_for_org
from unchanged_api.models import Package, PackageType, PackageVersion, PackageVisibility


def connect(url: str, concurrency: int) -> AuthenticatedClient:
    """One client for everything."""
    return AuthenticatedClient(url, token="made-up", timeout=httpx.Timeout(30))  # noqa: S106 (it is)


async def get_packages(client: AuthenticatedClient, org: str, page: int) -> tuple[list[Package], int]:
    """A page, and the number of the last one."""
    response = await list_packages_for_org.asyncio_detailed(
        org, client=client, package_type=PackageType.CONTAINER, per_page=100, page=page
    )
    return response.parsed, last_page(response.headers.get("link"))


async def list_packages(client: AuthenticatedClient, concurrency: int) -> list[Package]:
    """All pages through one semaphore."""
    permits = asyncio.Semaphore(concurrency)

    async def get(page: int) -> tuple[list[Package], int]:
        async with permits:
            return await get_packages(client, LISTED, page)

    return [package for page in await all_pages(get) for package in page]


async def stream_packages(client: AuthenticatedClient) -> AsyncIterator[Package]:
    """One page after the other."""
    page, last = 0, 1
    while page < last:
        page += 1
        packages, last = await get_packages(client, LISTED, page)
        for package in packages:
            yield package


def row(package: Package) -> PackageRow:
    """What is checked of a listed package."""
    return package.id, package.name, package.visibility is PackageVisibility.PRIVATE, package.repository.id


async def audit(client: AuthenticatedClient, concurrency: int) -> list[VersionCount]:
    """All pages of all packages through one semaphore, each counted when it comes."""
    permits = asyncio.Semaphore(concurrency)

    async def get(page: int) -> tuple[list[Package], int]:
        async with permits:
            return await get_packages(client, AUDITED, page)

    async def audit_package(name: str) -> VersionCount:
        async def get_versions(page: int) -> tuple[Count[Any], int]:
            async with permits:
                response = await list_package_versions_for_org.asyncio_detailed(
                    AUDITED, PackageType.CONTAINER, name, client=client, per_page=100, page=page
                )
                return count(response.parsed), last_page(response.headers.get("link"))

        return total(name, await all_pages(get_versions))

    packages = [package for page in await all_pages(get) for package in page]
    return await asyncio.gather(*(audit_package(package.name) for package in packages))


def count(versions: list[PackageVersion]) -> Count[Any]:
    """What is counted of a page."""
    created = [version.created_at for version in versions]
    tagged = sum(1 for version in versions if version.metadata.container.tags)
    return Count(len(versions), tagged, min(created), max(created))


def decoder(kind: str) -> Callable[[bytes], list[Any]]:
    """What its endpoints do with a response."""
    endpoint = {"package": list_packages_for_org, "version": list_package_versions_for_org}[kind]
    client = AuthenticatedClient("http://127.0.0.1", token="made-up")  # noqa: S106 (it is)
    return lambda body: endpoint._parse_response(client=client, response=httpx.Response(200, content=body))
