"""The client that a command uses: of GitHub, or of a mock server in the same process."""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

import httpx
from attrs import frozen

from ghpackages import GitHubPackages, Wait
from ghpackages.testing import EPOCH, MockGitHub

MAX_WAIT = 3900.0
"""Seconds; a rate limit ends after an hour at the latest."""

REASONS = {
    "points": "the limit of requests a minute",
    "changes": "the limit of changes",
    "primary": "the next hour's requests",
    "secondary": "the pause that GitHub asks for",
}

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
        quiet: Whether nothing is said of waiting.
        concurrency: How many requests are made at once.
    """

    base_url: str | None
    api_version: str
    timeout: float
    max_wait: float
    demo: bool
    quiet: bool
    concurrency: int = 16


@asynccontextmanager
async def connected(connection: Connection) -> AsyncGenerator[GitHubPackages, None]:
    """Give a client; the token comes from the environment, or from the mock server.

    Raises:
        ValueError: The connection can't be meant.
    """
    async with _demo(connection) if connection.demo else _real(connection) as github:
        yield github


def _real(connection: Connection) -> GitHubPackages:
    return GitHubPackages(
        base_url=connection.base_url,
        api_version=connection.api_version,
        timeout=connection.timeout,
        max_wait=connection.max_wait,
        concurrency=connection.concurrency,
        on_wait=None if connection.quiet else tell_wait,
    )


def tell_wait(wait: Wait) -> None:
    """Say on standard error that requests wait, why, and until when."""
    sys.stderr.write("\r\x1b[K" if sys.stderr.isatty() else "")
    sys.stderr.write(f"ghpackages: waiting until {wait.until:%H:%M:%S} UTC for {REASONS[wait.reason]}\n")
    sys.stderr.flush()


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
        points_per_minute=0,
    )
