"""Fixtures for the tests with clients of others."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tests.interop.served import Served

from ghpackages.testing import MockGitHub, running


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """Serve the example organisation as it is, rate limit and all."""
    server = MockGitHub.octo_org()
    async with running(server) as url:
        yield Served(server, url)
