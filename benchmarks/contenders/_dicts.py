"""What contenders share that give dictionaries: they differ in how they come by a page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from operator import itemgetter
from typing import Any

from benchmarks.peers.contenders._pages import Audit, Count, counted, items_at_once, items_in_turn
from benchmarks.peers.facts import PackageRow, VersionCount
from benchmarks.peers.names import AUDITED, LISTED

Json = dict[str, Any]

GetPath = Callable[[str, int], Awaitable[tuple[list[Json], int]]]
"""Gives a page of a path, and the number of the last one."""

QUERY = {"package_type": "container", "per_page": "100"}
"""What every page is asked for with, besides its number; a listing of versions takes no notice of the type."""


async def list_packages(get: GetPath, concurrency: int) -> list[Json]:
    """All pages through one semaphore."""
    return await items_at_once(partial(get, f"/orgs/{LISTED}/packages"), asyncio.Semaphore(concurrency))


def stream_packages(get: GetPath) -> AsyncIterator[Json]:
    """One page after the other."""
    return items_in_turn(partial(get, f"/orgs/{LISTED}/packages"))


def row(package: Json) -> PackageRow:
    """What is checked of a listed package."""
    return package["id"], package["name"], package["visibility"] == "private", package["repository"]["id"]


async def audit(get: GetPath, concurrency: int) -> list[VersionCount]:
    """All pages of all packages through one semaphore, each counted when it comes."""
    packages = f"/orgs/{AUDITED}/packages"

    def get_versions(name: str, page: int) -> Awaitable[tuple[list[Json], int]]:
        return get(f"{packages}/container/{name}/versions", page)

    return await Audit(partial(get, packages), get_versions, itemgetter("name"), count).run(concurrency)


def count(versions: list[Json]) -> Count[str]:
    """Dates are texts of one form, so that they can be compared as they are."""
    tagged = sum(1 for version in versions if version["metadata"]["container"]["tags"])
    return counted([version["created_at"] for version in versions], tagged)
