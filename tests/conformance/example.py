"""A walk through the whole example organisation: data of the size and variety of a real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, cast
from urllib.parse import quote

import httpx

from ghpackages.testing import EPOCH, MockGitHub

from .world import OWNERS, PACKAGE_TYPES, address

__all__ = ["walk"]

Answers = AsyncIterator[tuple[str, httpx.Response]]


async def walk(prefix: str) -> Answers:
    """Read everything there is, for all three kinds of owner: operation and answer."""
    server = MockGitHub.octo_org(clock=lambda: EPOCH, prefix=prefix, rate_limit=None)
    headers = {"Authorization": f"Bearer {server.token}"}
    transport = httpx.ASGITransport(app=server)
    async with httpx.AsyncClient(transport=transport, base_url=address(prefix), headers=headers) as client:
        for kind, owner in OWNERS.items():
            yield f"list_docker_migration_conflicts_for_{kind}", await client.get(f"{owner}/docker/conflicts")
            for package_type in PACKAGE_TYPES:
                async for found in _packages(client, kind, f"{owner}/packages", package_type):
                    yield found


async def _packages(client: httpx.AsyncClient, kind: str, packages: str, package_type: str) -> Answers:
    async for page in _pages(client, f"{packages}?package_type={package_type}"):
        yield f"list_packages_for_{kind}", page
        for package in cast("list[dict[str, Any]]", page.json()):
            url = f"{packages}/{package_type}/{quote(package['name'], safe='')}"
            yield f"get_package_for_{kind}", await client.get(url)
            async for found in _versions(client, kind, f"{url}/versions"):
                yield found


async def _versions(client: httpx.AsyncClient, kind: str, versions: str) -> Answers:
    for state in ("active", "deleted"):
        async for page in _pages(client, f"{versions}?state={state}"):
            yield f"list_package_versions_for_{kind}", page
            if state == "active" and page.json():
                yield f"get_package_version_for_{kind}", await client.get(f"{versions}/{page.json()[0]['id']}")


async def _pages(client: httpx.AsyncClient, url: str) -> AsyncIterator[httpx.Response]:
    """Follow `next`, and ask for one page beyond the end."""
    page = await client.get(f"{url}&per_page=100")
    number = 1
    while page.json():
        yield page
        number += 1
        page = await client.get(f"{url}&per_page=100&page={number}")
    yield page
