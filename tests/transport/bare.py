"""Owners on transports of a test's own, without those that `GitHubPackages` adds."""

from types import TracebackType
from typing import Self

import httpx

from ghpackages import Owner
from ghpackages_api.client import Client


class Bare:
    """What sends with a token through one transport, and does nothing else."""

    concurrency = 16

    def __init__(
        self,
        token: str | None,
        *,
        transport: httpx.AsyncBaseTransport,
        base_url: str = "https://api.github.com",
        timeout: float = 30.0,
    ) -> None:
        headers = {"User-Agent": "test"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self.api = Client(base_url, transport=transport, timeout=timeout, headers=headers)

    def org(self, name: str) -> Owner:
        return Owner(self, "org", name)

    def with_options(self, *, max_wait: float) -> Self:
        """The same: nothing is waited for."""
        return self

    async def __aenter__(self) -> Self:
        await self.api.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.api.__aexit__(kind, error, trace)
