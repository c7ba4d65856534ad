"""githubkit by its typed REST methods, and its paginator where one page comes after the other.

Its cache of responses is off: it would only keep what is asked for once.
"""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
# (what it imports is installed where it is measured only)

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from operator import attrgetter
from typing import Any

import httpx
from benchmarks.peers.contenders._objects import count
from benchmarks.peers.contenders._pages import Audit, items_at_once, last_page
from benchmarks.peers.facts import PackageRow, VersionCount
from benchmarks.peers.names import AUDITED, LISTED
from githubkit import GitHub, Response
from githubkit.versions.latest.models import Package, PackageVersion


def connect(url: str, concurrency: int) -> GitHub[Any]:
    """One client for everything."""
    github = GitHub("made-up", base_url=url, http_cache=False, timeout=30)
    _ = github.rest.packages  # its module is loaded when it is first needed
    return github


async def get_packages(github: GitHub[Any], org: str, page: int) -> tuple[list[Package], int]:
    """A page, and the number of the last one."""
    response = await github.rest.packages.async_list_packages_for_organization(
        org, package_type="container", per_page=100, page=page
    )
    return response.parsed_data, last_page(response.headers.get("link"))


async def list_packages(github: GitHub[Any], concurrency: int) -> list[Package]:
    """One after the other, or all pages through one semaphore."""
    if concurrency == 1:
        return [package async for package in stream_packages(github)]
    return await items_at_once(partial(get_packages, github, LISTED), asyncio.Semaphore(concurrency))


def stream_packages(github: GitHub[Any]) -> AsyncIterator[Package]:
    """One after the other."""
    listing = github.rest.packages.async_list_packages_for_organization
    return aiter(github.rest.paginate(listing, org=LISTED, package_type="container", per_page=100))


def row(package: Package) -> PackageRow:
    """What is checked of a listed package."""
    return package.id, package.name, package.visibility == "private", package.repository.id


async def audit(github: GitHub[Any], concurrency: int) -> list[VersionCount]:
    """All pages of all packages through one semaphore, each counted when it comes."""
    listing = github.rest.packages.async_get_all_package_versions_for_package_owned_by_org

    async def get_versions(name: str, page: int) -> tuple[list[PackageVersion], int]:
        response = await listing("container", name, AUDITED, per_page=100, page=page)
        return response.parsed_data, last_page(response.headers.get("link"))

    return await Audit(partial(get_packages, github, AUDITED), get_versions, attrgetter("name"), count).run(concurrency)


def decoder(kind: str) -> Callable[[bytes], list[Any]]:
    """What `Response.parsed_data` does."""
    model = list[Package] if kind == "package" else list[PackageVersion]
    return lambda body: Response(httpx.Response(200, content=body), model).parsed_data
