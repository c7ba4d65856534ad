"""That an audit keeps as many requests under way as it may: on a virtual clock, on which only answers take time."""

import asyncio
from math import ceil

import httpx
import pytest
from tests.transport.virtual_clock import VirtualClockLoop

from ghpackages import GitHubPackages
from ghpackages.audit import audit
from ghpackages.testing import MockGitHub


class Late(httpx.AsyncBaseTransport):
    """Gives each answer after a second."""

    def __init__(self, server: MockGitHub) -> None:
        self._inner = httpx.ASGITransport(app=server)
        self.requests = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        await asyncio.sleep(1)
        return await self._inner.handle_async_request(request)


@pytest.mark.parametrize("concurrency", [1, 4, 16, 64, 100])
def test_an_audit_takes_two_seconds_more_than_its_requests_at_most(octo: MockGitHub, concurrency: int) -> None:
    late = Late(octo)

    async def run() -> float:
        github = GitHubPackages(
            octo.token, transport=late, trust_env=False, concurrency=concurrency, points_per_minute=None
        )
        async with github:
            report = await audit(github, "octo-org", types=["container"]).collect()
            assert report.complete
            return asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=VirtualClockLoop) as runner:
        took = runner.run(run())
    # The first page of packages comes alone, and the last requests may leave places empty.
    assert took <= ceil(late.requests / concurrency) + 2
