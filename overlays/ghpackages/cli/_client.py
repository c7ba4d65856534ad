"""The client that a command uses: of GitHub, or of a mock server in the same process."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import httpx
from attrs import frozen

from ghpackages import GitHubPackages, Wait
from ghpackages.testing import EPOCH, MockGitHub

DEMO_NOW: datetime = EPOCH
"""The time of the demonstration, so that its results are always the same."""


@frozen
class Connection:
    """Where requests go.

    Attributes:
        base_url: Where the API is; None for what the environment says.
        api_version: The API version to ask for.
        timeout: In seconds.
        max_wait: How long to wait for a rate limit, in seconds.
        demo: Whether the mock server answers.
        concurrency: How many requests are made at once.
    """

    base_url: str | None
    api_version: str
    timeout: float
    max_wait: float
    demo: bool
    concurrency: int = 16


@asynccontextmanager
async def connected(connection: Connection, on_wait: Callable[[Wait], object]) -> AsyncGenerator[GitHubPackages, None]:
    """Give a client; the token comes from the environment, or from the mock server.

    Args:
        connection: Where requests go.
        on_wait: Is told when requests wait for a rate limit.

    Raises:
        ValueError: The connection can't be meant.
    """
    async with _demo(connection) if connection.demo else _real(connection, on_wait) as github:
        yield github


def _real(connection: Connection, on_wait: Callable[[Wait], object]) -> GitHubPackages:
    return GitHubPackages(
        base_url=connection.base_url,
        api_version=connection.api_version,
        timeout=connection.timeout,
        max_wait=connection.max_wait,
        concurrency=connection.concurrency,
        on_wait=on_wait,
    )


def _demo(connection: Connection) -> GitHubPackages:
    if connection.base_url is not None:
        raise ValueError("--demo asks a mock server of its own: leave out --base-url")
    server = MockGitHub.octo_org(clock=lambda: DEMO_NOW, rate_limit=None)
    transport = httpx.ASGITransport(app=server)
    return GitHubPackages(
        server.token,
        api_version=connection.api_version,
        timeout=connection.timeout,
        transport=transport,
        trust_env=False,
        concurrency=connection.concurrency,
        points_per_minute=None,
    )
