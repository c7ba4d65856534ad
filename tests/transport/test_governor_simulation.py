"""The simulation in benchmarks/ keeps its promise, and so do others of servers that take fewer requests at once."""

import asyncio
import random

import httpx
import pytest
from benchmarks import simulation
from tests.transport.governed import governed, now, refused, send
from tests.transport.limited_server import LimitedServer
from tests.transport.virtual_clock import run, wall_clock

from ghpackages.transport._governor import Concurrency


def test_an_audit_of_10002_requests_is_never_refused_and_hardly_slower_than_the_limits_allow():
    outcome = simulation.simulate(governed=True, size=10)
    assert (simulation.REQUESTS, simulation.LEAST) == (10_002, 7_200)
    assert outcome.succeeded == 10_002
    assert outcome.versions == 100_000
    assert outcome.refused == {}
    assert outcome.seconds <= 1.02 * 7_200


def test_without_a_governor_it_is_refused():
    outcome = simulation.simulate(governed=False, size=10)
    assert sum(outcome.refused.values()) > 9_000
    assert outcome.succeeded < 10_002


# --- servers that take fewer at once than are tried


def limited(takes: int, latency: float, *, varies: bool = False, **options: object) -> LimitedServer:
    """A server that takes so many at once, a third of whose latency is the way to it."""
    chance = random.Random(1)  # noqa: S311 - no secrets

    def part(share: float) -> float:
        return latency * share * (chance.uniform(0.5, 1.5) if varies else 1)

    return LimitedServer(
        wall_clock,
        hourly=10**9,
        concurrency=takes,
        to_server=lambda: part(1 / 3),
        from_server=lambda: part(2 / 3),
        **options,  # type: ignore[arg-type]
    )


def client(server: httpx.AsyncBaseTransport, concurrency: int, points: int = 900) -> httpx.AsyncClient:
    return governed(server, concurrency=Concurrency(concurrency), max_wait=10**9, points_per_minute=points)


def ideal(requests: int, takes: int, latency: float) -> float:
    """The seconds that so many take at least, with 900 points a minute."""
    return max(requests * latency / takes, (requests - 1) // 900 * 60)


@pytest.mark.parametrize(
    ("takes", "concurrency", "latency", "options"),
    [
        (8, 16, 0.2, {}),
        (8, 16, 0.2, {"varies": True, "counts_arrived": True}),
        (8, 64, 0.5, {"retry_after": 1}),
        (4, 16, 0.5, {"varies": True, "retry_after": None}),
        (10, 100, 0.1, {"varies": True}),
        (25, 64, 0.5, {"counts_arrived": True}),
        (25, 100, 0.1, {"retry_after": None}),
        (1, 16, 0.2, {}),
    ],
)
def test_a_server_that_takes_fewer_at_once_costs_a_pause_and_no_more(
    takes: int, concurrency: int, latency: float, options: dict[str, object]
):
    async def main() -> float:
        server = limited(takes, latency, **options)
        await send(client(server, concurrency), *["GET"] * 3000)
        assert server.answers[200] == 3000
        return now()

    assert run(main()) <= 1.5 * ideal(3000, takes, latency)


def test_two_processes_share_what_a_server_takes():
    async def main() -> float:
        server = limited(100, 0.5)
        await asyncio.gather(*(send(client(server, 64, 450), *["GET"] * 1500) for _ in range(2)))
        assert server.answers[200] == 3000
        return now()

    assert run(main()) <= 2 * ideal(3000, 100, 0.5)


def test_a_limit_that_was_lifted_is_found_again():
    async def main() -> int:
        server = limited(8, 0.2, points=10**9)
        asking = client(server, 64, 10**9)
        await send(asking, *["GET"] * 200)
        server.concurrency, server.most_at_once = 100, 0
        while now() < 2 * 3600:
            await send(asking, *["GET"] * 200)
            await asyncio.sleep(300)
        return server.most_at_once

    assert run(main()) == 64


def test_points_that_other_processes_use_up_do_not_lower_how_many_are_made_at_once():
    async def main() -> int:
        server = limited(100, 0.2, points=450)
        asking = client(server, 16)
        await send(asking, *["GET"] * 5000)
        assert server.refusals["points"] > 10
        server.most_at_once = 0
        await send(asking, *["GET"] * 200)
        return server.most_at_once

    assert run(main()) == 16


def test_a_refusal_of_the_only_request_says_nothing_of_how_many_are_taken():
    async def main() -> int:
        at_once = most = asked = 0

        class Server(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                nonlocal at_once, most, asked
                asked, at_once = asked + 1, at_once + 1
                most = max(most, at_once)
                await asyncio.sleep(0.2)
                at_once -= 1
                return refused(retry_after=5) if asked == 1 else httpx.Response(200)

        asking = client(Server(), 16)
        await send(asking, "GET")
        await send(asking, *["GET"] * 200)
        return most

    assert run(main()) == 16
