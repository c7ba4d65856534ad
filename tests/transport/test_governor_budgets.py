"""Points and changes, which GitHub counts without telling what is left: nothing is spread, nothing is too much."""

import asyncio
import random
from collections import Counter
from itertools import pairwise

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.transport.governed import Server, approximately, concurrency_of, governed, now, send
from tests.transport.limited_server import LimitedServer
from tests.transport.virtual_clock import on_virtual_clock, run, wall_clock

from ghpackages import SecondaryRateLimitError
from ghpackages.transport._governor import Concurrency, Governor


@on_virtual_clock
async def test_the_first_900_go_at_once_and_the_next_when_the_server_has_forgotten_them():
    server = Server()
    await send(governed(server), *["GET"] * 2000)
    assert Counter(approximately(server.arrivals)) == {0: 900, 60: 900, 120: 200}


@on_virtual_clock
async def test_what_was_not_used_is_not_lost():
    server = Server()
    client = governed(server)
    await send(client, *["GET"] * 300)
    await asyncio.sleep(30)
    await send(client, *["GET"] * 900)
    assert Counter(approximately(server.arrivals)) == {0: 300, 30: 600, 60: 300}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_costs_one_point(method: str):
    async def main() -> list[float]:
        server = Server()
        await send(governed(server, points_per_minute=10), *[method] * 11)
        return approximately(server.arrivals)

    assert run(main()) == [0] * 10 + [60]


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_changing_costs_five(method: str):
    async def main() -> list[float]:
        server = Server()
        await send(governed(server, points_per_minute=10), method, *["GET"] * 6)
        return approximately(server.arrivals)

    assert run(main()) == [0] * 6 + [60]


@on_virtual_clock
async def test_changes_are_a_second_apart_and_reading_passes_them():
    server = Server()
    await send(governed(server), "DELETE", "DELETE", "GET", "POST", "GET")
    came = list(zip(server.methods, approximately(server.arrivals), strict=True))
    assert came == [("DELETE", 0), ("GET", 0), ("GET", 0), ("DELETE", 1), ("POST", 2)]


@on_virtual_clock
async def test_changes_are_a_second_apart_for_the_server_too_however_long_they_are_under_way():
    server = Server(latency=0.7)
    await send(governed(server), "DELETE", "DELETE")
    assert approximately(server.arrivals) == [0, 1.7]


@on_virtual_clock
async def test_at_most_500_changes_go_in_an_hour():
    server = Server()
    client = governed(server, max_wait=3900)
    for _ in range(501):
        await client.delete("https://api.github.com/")
    assert server.arrivals[499] == pytest.approx(499, abs=1)
    assert server.arrivals[500] == pytest.approx(3600, abs=1)


@on_virtual_clock
async def test_a_wait_for_changes_beyond_max_wait_is_an_error_at_once_and_reading_goes_on():
    client = governed(Server())
    for _ in range(500):
        await client.delete("https://api.github.com/")
    before = now()
    deleted, read = await send(client, "DELETE", "GET")
    assert isinstance(deleted, SecondaryRateLimitError)
    assert deleted.retry_after == pytest.approx(3600 - before, abs=1)
    assert isinstance(read, httpx.Response)
    assert now() == before


@on_virtual_clock
async def test_a_change_is_not_starved_by_reading():
    server = Server()
    client = governed(server, points_per_minute=10)
    await send(client, *["GET"] * 8, "DELETE", *["GET"] * 50)
    assert server.methods[:9] == ["GET"] * 8 + ["DELETE"]
    assert approximately(server.arrivals)[8] == 60


@on_virtual_clock
async def test_without_points_nothing_is_counted_as_for_enterprise_server():
    server = Server()
    await send(governed(server, points_per_minute=None), *["GET"] * 2000, *["DELETE"] * 600)
    assert set(server.arrivals) == {0}


@on_virtual_clock
async def test_a_points_wait_beyond_max_wait_is_an_error_at_once():
    client = governed(Server(), max_wait=5, points_per_minute=5)
    *_, last = await send(client, *["GET"] * 6)
    assert isinstance(last, SecondaryRateLimitError)
    assert now() == 0


@pytest.mark.parametrize("options", [{"points_per_minute": 4}, {"reserve": -1}])
def test_limits_under_which_nothing_could_be_sent_are_refused(options: dict[str, int]):
    with pytest.raises(ValueError, match="must"):
        Governor(**options)


@pytest.mark.parametrize("limit", [0, 101])
def test_concurrency_is_from_1_to_100(limit: int):
    with pytest.raises(ValueError, match="from 1 to 100"):
        Concurrency(limit)


METHODS = st.lists(st.sampled_from(["GET", "GET", "GET", "HEAD", "DELETE", "POST"]), min_size=1, max_size=150)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    methods=METHODS,
    points=st.integers(5, 60),
    workers=st.integers(1, 20),
    slow=st.floats(0, 40),
    together=st.booleans(),
)
def test_the_server_never_sees_too_much_and_nobody_starves(
    seed: int, methods: list[str], points: int, workers: int, slow: float, together: bool
):
    chance = random.Random(seed)  # noqa: S311 - no secrets

    async def main() -> None:
        server = LimitedServer(
            wall_clock,
            points=points,
            to_server=lambda: chance.uniform(0, slow),
            from_server=lambda: chance.uniform(0, slow),
        )
        client = governed(server, points_per_minute=points, concurrency=Concurrency(workers), max_wait=3900)

        async def late(method: str) -> httpx.Response:
            await asyncio.sleep(0 if together else chance.uniform(0, 100))
            return await client.request(method, "https://api.github.com/")

        answers = await asyncio.gather(*(late(method) for method in methods))
        assert [answer.status_code for answer in answers] == [200] * len(methods)
        assert not server.refusals
        assert server.most_at_once <= workers
        assert concurrency_of(client).in_use == 0
        changes = [when for when, method in server.arrivals if method in {"POST", "DELETE"}]
        assert all(later - earlier >= 1 for earlier, later in pairwise(changes))
        # Each request holds its points while under way and for a minute, so this is what even one after another take.
        spent = sum(5 if method in {"POST", "DELETE"} else 1 for method in methods)
        assert now() <= 101 + (spent / max(1, points - 4) + 1) * (60 + 2 * slow) + len(methods) * (2 * slow + 1.1)

    run(main())


@on_virtual_clock
async def test_at_full_size_the_server_never_sees_more_than_900_in_any_60_seconds():
    chance = random.Random(3)  # noqa: S311 - no secrets
    server = LimitedServer(
        wall_clock, to_server=lambda: chance.expovariate(2), from_server=lambda: chance.expovariate(2)
    )
    await send(governed(server), *["GET"] * 4000)
    assert not server.refusals
    assert now() < 4 * 60 * 1.2
