"""httpx as it comes: one client, its default limits, dictionaries of the standard library's json."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
from benchmarks.peers.contenders._pages import Count, all_pages, last_page, total
from benchmarks.peers.facts import PackageRow, VersionCount
from benchmarks.peers.names import AUDITED, LISTED

Json = dict[str, Any]


HEADERS = {
    "Accept": "application/vnd.github+json",
    "Authorization": "Bearer made-up",
    "X-GitHub-Api-Version": "2022-11-28",
}


def connect(url: str, concurrency: int) -> httpx.AsyncClient:
    """One client for everything."""
    return httpx.AsyncClient(base_url=url, headers=HEADERS, timeout=30)


async def get_page(client: httpx.AsyncClient, path: str, page: int) -> tuple[list[Json], int]:
    """A page, and the number of the last one."""
    response = await client.get(path, params={"package_type": "container", "per_page": 100, "page": page})
    return response.raise_for_status().json(), last_page(response.headers.get("link"))


async def list_packages(client: httpx.AsyncClient, concurrency: int) -> list[Json]:
    """All pages through one semaphore."""
    permits = asyncio.Semaphore(concurrency)

    async def get(page: int) -> tuple[list[Json], int]:
        async with permits:
            return await get_page(client, f"/orgs/{LISTED}/packages", page)

    return [package for page in await all_pages(get) for package in page]


async def stream_packages(client: httpx.AsyncClient) -> AsyncIterator[Json]:
    """One page after the other."""
    page, last = 0, 1
    while page < last:
        page += 1
        packages, last = await get_page(client, f"/orgs/{LISTED}/packages", page)
        for package in packages:
            yield package


def row(package: Json) -> PackageRow:
    """What is checked of a listed package."""
    return package["id"], package["name"], package["visibility"] == "private", package["repository"]["id"]


async def audit(client: httpx.AsyncClient, concurrency: int) -> list[VersionCount]:
    """All pages of all packages through one semaphore, each counted when it comes."""
    permits = asyncio.Semaphore(concurrency)

    async def get_packages(page: int) -> tuple[list[Json], int]:
        async with permits:
            return await get_page(client, f"/orgs/{AUDITED}/packages", page)

    async def audit_package(name: str) -> VersionCount:
        async def get_versions(page: int) -> tuple[Count[str], int]:
            async with permits:
                versions, last = await get_page(client, f"/orgs/{AUDITED}/packages/container/{name}/versions", page)
            return count(versions), last

        return total(name, await all_pages(get_versions))

    packages = [package for page in await all_pages(get_packages) for package in page]
    return await asyncio.gather(*(audit_package(package["name"]) for package in packages))


def count(versions: list[Json]) -> Count[str]:
    """Dates are texts of one form, so that they can be compared as they are."""
    created = [version["created_at"] for version in versions]
    tagged = sum(1 for version in versions if version["metadata"]["container"]["tags"])
    return Count(len(versions), tagged, min(created), max(created))


def decoder(kind: str) -> Callable[[bytes], list[Json]]:
    """What `Response.json` does."""
    return lambda body: httpx.Response(200, content=body).json()
