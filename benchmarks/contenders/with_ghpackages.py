"""ghpackages by its public API; where the extra `fast` is installed, it uses that by itself."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from benchmarks.data import AUDITED, LISTED, VersionCount

from ghpackages import GitHubPackages, Package, PackageVersion
from ghpackages.audit import audit
from ghpackages_runtime.client import decode_list


class Client:
    """The tasks; the client itself limits the requests at once."""

    def __init__(self, github: GitHubPackages) -> None:
        self._github = github

    async def list_packages(self, concurrency: int) -> list[Package]:
        return await self._github.org(LISTED).packages("container").collect()

    def stream_packages(self) -> AsyncIterator[Package]:
        return aiter(self._github.org(LISTED).packages("container"))

    async def audit(self, concurrency: int) -> list[VersionCount]:
        report = await audit(self._github, AUDITED, types=["container"]).collect()
        return [
            (one.package.name, one.versions, one.tagged or 0, one.untagged or 0, one.oldest or "", one.newest or "")
            for one in report.packages
        ]


@asynccontextmanager
async def connect(url: str, concurrency: int) -> AsyncGenerator[Client, None]:
    """Without a budget of points, the default for servers other than github.com."""
    async with GitHubPackages("made-up", base_url=url, concurrency=concurrency) as github:
        yield Client(github)


def decoder(kind: str) -> Callable[[bytes], list[Any]]:
    """What its endpoint functions do with a response."""
    model: Any = Package if kind == "package" else PackageVersion
    return lambda body: decode_list(model.from_dict, model.__name__, httpx.Response(200, content=body))
