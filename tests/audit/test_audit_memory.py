"""How much memory audits take: no more for large organisations than for small ones."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Callable
from functools import partial
from random import Random

import httpx
from tests.transport.organisation import NEWEST, OnDemand, Organisation

from ghpackages import GitHubPackages
from ghpackages.audit import audit

MB = 1_000_000


class Scale(httpx.AsyncBaseTransport):
    """Measures now and then, and lets answers overtake each other, so that what came too early must be kept."""

    def __init__(self, inner: httpx.AsyncBaseTransport, *, in_order: bool) -> None:
        self._inner = inner
        latency = Random(7)  # noqa: S311 (a load, no secret)
        self._latency = (lambda: 0.5) if in_order else partial(latency.expovariate, 2)
        self._requests = 0
        self.held = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(self._latency())
        self._requests += 1
        if self._requests % 10 == 0:
            gc.collect()  # cycles that wait for it would make the numbers a matter of luck
            self.held = max(self.held, tracemalloc.get_traced_memory()[0])
        return await self._inner.handle_async_request(request)


async def weigh(
    packages: int, size: Callable[[int], int], *, per_page: int = 100, in_order: bool = False, concurrency: int = 4
) -> int:
    """The most memory that an audit holds which keeps only counts, in bytes."""
    organisation = Organisation(packages, size)
    scale = Scale(OnDemand(organisation), in_order=in_order)
    gc.freeze()  # what was there before need not be searched again and again
    tracemalloc.start()
    try:
        async with GitHubPackages(
            "made-up", transport=scale, trust_env=False, points_per_minute=None, concurrency=concurrency
        ) as github:
            recipe = audit(github, "acme", types=["container"], per_page=per_page, concurrency=concurrency)
            results = aiter(recipe)
            async for _ in results:
                pass
        assert tracemalloc.get_traced_memory()[1] < 20 * MB
    finally:
        tracemalloc.stop()
        gc.unfreeze()
    totals = results.totals
    assert (totals.packages, totals.versions, totals.tagged) == (packages, organisation.versions, organisation.tagged)
    assert (totals.untagged, totals.oldest) == (organisation.versions - organisation.tagged, organisation.oldest)
    assert (totals.newest, totals.requests, results.is_complete) == (NEWEST, totals.least_requests, True)
    return scale.held


async def test_three_times_as_many_packages_take_no_more_memory() -> None:
    await weigh(20, lambda _: 3, per_page=10)  # what is loaded and cached once
    small, large = [await weigh(packages, lambda _: 3, per_page=10) for packages in (250, 750)]

    assert large - small < 0.15 * MB  # 500 results would take six times as much


async def test_a_package_in_flight_takes_at_most_100_bytes_a_version() -> None:
    await weigh(1, lambda _: 300)  # what is loaded and cached once
    small, large = [await weigh(1, lambda _, size=size: size, in_order=True) for size in (2_000, 7_000)]

    assert (large - small) / 5_000 < 100


async def test_large_packages_that_are_read_side_by_side_stay_small() -> None:
    await weigh(1, lambda _: 300)  # what is loaded and cached once

    assert await weigh(16, lambda _: 300, concurrency=16) < 10 * MB
