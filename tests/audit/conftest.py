"""Fixtures for the tests of the audit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import httpx
import pytest
from tests.transport.virtual_clock import VirtualClockLoop

from ghpackages import GitHubPackages
from ghpackages.testing import EPOCH, MockGitHub

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)

Connect = Callable[..., GitHubPackages]


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run on a virtual clock, on which the waits before another attempt take no time."""
    return {"virtual clock": VirtualClockLoop}


@pytest.fixture
def server() -> MockGitHub:
    """Give a server with an empty organisation, whose clock stands still."""
    server = MockGitHub(clock=lambda: NOW, rate_limit=None)
    server.add_org("acme")
    return server


@pytest.fixture(scope="module")
def octo() -> MockGitHub:
    """Give the example organisation."""
    return MockGitHub.octo_org(clock=lambda: EPOCH, rate_limit=None)


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Give a function that makes clients of a server, with something around its transport if need be."""
    async with AsyncExitStack() as stack:

        def make(
            server: MockGitHub, around: Callable[[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport] | None = None
        ) -> GitHubPackages:
            transport: httpx.AsyncBaseTransport = httpx.ASGITransport(app=server)
            github = GitHubPackages(server.token, transport=around(transport) if around else transport, trust_env=False)
            stack.push_async_callback(github.aclose)
            return github

        yield make


@pytest.fixture
def github(server: MockGitHub, connect: Connect) -> GitHubPackages:
    """Give a client of the server."""
    return connect(server)
