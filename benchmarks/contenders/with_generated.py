"""The code that openapi-python-client generates from our document without our templates, by its async functions.

`nox -s bench` generates it into the environment of this contender, under the name `unchanged_api`.
"""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from benchmarks.contenders._pages import Page, Pages, last_page
from benchmarks.data import AUDITED
from unchanged_api import AuthenticatedClient
from unchanged_api.api.packages import list_package_versions_for_org, list_packages_for_org
from unchanged_api.models import PackageType

TYPE = PackageType.CONTAINER


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncGenerator[Pages, None]:
    async with AuthenticatedClient(url, token="made-up", timeout=httpx.Timeout(30)) as client:  # noqa: S106 (it is)

        async def packages(org: str, page: int) -> Page:
            listing = list_packages_for_org.asyncio_detailed
            response = await listing(org, client=client, package_type=TYPE, per_page=100, page=page)
            return response.parsed, last_page(response.headers.get("link"))

        async def versions(name: str, page: int) -> Page:
            listing = list_package_versions_for_org.asyncio_detailed
            response = await listing(AUDITED, TYPE, name, client=client, per_page=100, page=page)
            return response.parsed, last_page(response.headers.get("link"))

        yield Pages(packages, versions)


def decoder(kind: str) -> Any:
    """What its endpoint functions do with a response."""
    endpoint = {"package": list_packages_for_org, "version": list_package_versions_for_org}[kind]
    client = AuthenticatedClient("http://127.0.0.1", token="made-up")  # noqa: S106 (it is)
    return lambda body: endpoint._parse_response(client=client, response=httpx.Response(200, content=body))
