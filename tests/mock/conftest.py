"""Fixtures for the tests of the mock server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import httpx
import pytest

from ghpackages.testing import MockGitHub, MockOwner

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)

Connect = Callable[..., httpx.AsyncClient]


@pytest.fixture
def server() -> MockGitHub:
    """Give an empty server whose clock stands still."""
    return MockGitHub(clock=lambda: NOW)


@pytest.fixture
def acme(server: MockGitHub) -> MockOwner:
    """Give an empty organisation."""
    return server.add_org("Acme", id=363_514)


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Give a function that makes clients of a server, by default with its ready-made token."""
    async with AsyncExitStack() as stack:

        def make(server: MockGitHub, token: str | None = None, **headers: str) -> httpx.AsyncClient:
            given = {"Authorization": f"Bearer {token or server.token}", **headers} if token != "" else headers
            transport = httpx.ASGITransport(app=server)
            client = httpx.AsyncClient(transport=transport, base_url="https://api.github.com", headers=given)
            stack.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def client(server: MockGitHub, connect: Connect) -> httpx.AsyncClient:
    """Give a client with a token that may do everything."""
    return connect(server)
