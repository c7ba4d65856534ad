"""What openapi-python-client makes of our document without our templates, through its async functions.

`nox -s bench` generates it under the name `unchanged_api` into the environment of this contender.
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
from benchmarks.peers.contenders._pages import Audit, items_at_once, items_in_turn, last_page
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
    return await items_at_once(partial(get_packages, client, LISTED), asyncio.Semaphore(concurrency))


def stream_packages(client: AuthenticatedClient) -> AsyncIterator[Package]:
    """One page after the other."""
    return items_in_turn(partial(get_packages, client, LISTED))


def row(package: Package) -> PackageRow:
    """What is checked of a listed package."""
    return package.id, package.name, package.visibility is PackageVisibility.PRIVATE, package.repository.id


async def audit(client: AuthenticatedClient, concurrency: int) -> list[VersionCount]:
    """All pages of all packages through one semaphore, each counted when it comes."""

    async def get_versions(name: str, page: int) -> tuple[list[PackageVersion], int]:
        response = await list_package_versions_for_org.asyncio_detailed(
            AUDITED, PackageType.CONTAINER, name, client=client, per_page=100, page=page
        )
        return response.parsed, last_page(response.headers.get("link"))

    return await Audit(partial(get_packages, client, AUDITED), get_versions, attrgetter("name"), count).run(concurrency)


def decoder(kind: str) -> Callable[[bytes], list[Any]]:
    """What its endpoints do with a response."""
    endpoint = {"package": list_packages_for_org, "version": list_package_versions_for_org}[kind]
    client = AuthenticatedClient("http://127.0.0.1", token="made-up")  # noqa: S106 (it is)
    return lambda body: endpoint._parse_response(client=client, response=httpx.Response(200, content=body))
