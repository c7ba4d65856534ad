"""Rate limits that refuse on demand, and the secondary ones by the real numbers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest
from tests.mock.asking import in_process
from tests.transport.virtual_clock import on_virtual_clock

from ghpackages.testing import MockClock, MockGitHub, faults

LIST = "/user/packages?package_type=npm"
MINUTE = timedelta(minutes=1)

Connect = Callable[..., httpx.AsyncClient]


@pytest.fixture
def clock(server: MockGitHub) -> MockClock:
    server.clock = clock = MockClock()
    return clock


async def counts(client: httpx.AsyncClient, number: int, method: str = "GET", path: str = LIST) -> Counter[int]:
    return Counter([(await client.request(method, path)).status_code for _ in range(number)])


# --- on demand


@pytest.mark.parametrize("status", [403, 429])
async def test_the_primary_limit_answers_403_or_429_with_nothing_remaining(
    server: MockGitHub, client: httpx.AsyncClient, clock: MockClock, status: Any
) -> None:
    server.fault(faults.PrimaryRefusal(600, status))
    response = await client.get(LIST)

    assert response.status_code == status
    assert response.json()["message"].startswith("API rate limit exceeded for user ID 583231")
    assert response.headers["x-ratelimit-remaining"] == "0"
    assert int(response.headers["x-ratelimit-reset"]) == clock.now.timestamp() + 600
    assert "retry-after" not in response.headers


async def test_the_primary_limit_ends_with_the_hour_of_the_token(
    server: MockGitHub, client: httpx.AsyncClient, clock: MockClock
) -> None:
    server.fault(faults.PrimaryRefusal(), nth=[1, 3])
    early, fine, late = [(clock.advance(MINUTE), await client.get(LIST))[1] for _ in range(3)]
    resets = [answer.headers["x-ratelimit-reset"] for answer in (early, fine, late)]

    assert int(resets[0]) == (clock.now - 2 * MINUTE).timestamp() + 3600
    assert resets[1] == resets[2] != resets[0]


async def test_without_a_token_the_primary_limit_names_the_address(server: MockGitHub, connect: Connect) -> None:
    server.fault(faults.PrimaryRefusal())

    assert (await connect(server, token="").get(LIST)).json()["message"].endswith("for 127.0.0.1.")


@pytest.mark.parametrize("status", [403, 429])
async def test_a_secondary_limit_answers_403_or_429_with_a_message_and_room_in_the_headers(
    server: MockGitHub, client: httpx.AsyncClient, status: Any
) -> None:
    server.fault(faults.SecondaryRefusal(90, status), nth=2)
    await client.get(LIST)
    response = await client.get(LIST)

    assert response.status_code == status
    assert response.json()["message"].startswith("You have exceeded a secondary rate limit.")
    assert response.headers["retry-after"] == "90"
    assert response.headers["x-ratelimit-remaining"] == "4999"


async def test_the_first_answer_of_all_tells_nothing_of_an_hour_that_has_not_begun(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.fault(faults.SecondaryRefusal())

    assert "x-ratelimit-remaining" not in (await client.get(LIST)).headers


@pytest.mark.parametrize("effect", [faults.PrimaryRefusal, faults.SecondaryRefusal])
async def test_retry_after_can_be_an_http_date_or_absent(
    server: MockGitHub, client: httpx.AsyncClient, clock: MockClock, effect: Any
) -> None:
    server.fault([effect(90, retry_after=form) for form in ("date", "absent", "seconds")])
    date, absent, seconds = [(await client.get(LIST)).headers.get("retry-after") for _ in range(3)]

    assert parsedate_to_datetime(date or "") == clock.now + timedelta(seconds=90)
    assert (absent, seconds) == (None, "90")


async def test_a_date_to_retry_after_is_never_too_early(
    server: MockGitHub, client: httpx.AsyncClient, clock: MockClock
) -> None:
    clock.now += timedelta(milliseconds=300)
    server.fault(faults.SecondaryRefusal(1, retry_after="date"))

    assert parsedate_to_datetime((await client.get(LIST)).headers["retry-after"]) >= clock.now + timedelta(seconds=1)


# --- enforced


@pytest.mark.usefixtures("clock")
async def test_900_points_a_minute_are_900_requests_that_read(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Limits())

    assert await counts(client, 903) == {200: 900, 403: 3}


async def test_reading_costs_1_point_and_a_change_5(
    server: MockGitHub, client: httpx.AsyncClient, clock: MockClock
) -> None:
    server.fault(faults.Limits(points=12))

    assert await counts(client, 3, "DELETE", "/user/packages/npm/none") == {404: 2, 403: 1}
    assert await counts(client, 3) == {200: 2, 403: 1}


async def test_points_come_back_one_by_one_after_a_minute(
    server: MockGitHub, client: httpx.AsyncClient, clock: MockClock
) -> None:
    server.fault(faults.Limits(points=2, status=429))
    await client.get(LIST)
    clock.advance(MINUTE / 2)
    await client.get(LIST)
    refused = await client.get(LIST)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
    clock.advance(MINUTE / 2)

    assert await counts(client, 2) == {200: 1, 429: 1}


@pytest.mark.usefixtures("clock")
async def test_80_changes_a_minute_are_allowed(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Limits())

    assert await counts(client, 82, "POST", "/user/packages/npm/none/restore") == {404: 80, 403: 2}
    assert await counts(client, 1) == {200: 1}


async def test_500_changes_an_hour_are_allowed(server: MockGitHub, client: httpx.AsyncClient, clock: MockClock) -> None:
    server.fault(faults.Limits())
    found: Counter[int] = Counter()
    for _ in range(7):
        found += await counts(client, 80, "DELETE", "/user/packages/npm/none")
        clock.advance(MINUTE)
    assert found == {404: 500, 403: 60}
    refused = await client.delete("/user/packages/npm/none")
    clock.advance(timedelta(seconds=int(refused.headers["retry-after"])))

    assert await counts(client, 1, "DELETE", "/user/packages/npm/none") == {404: 1}


@on_virtual_clock
async def test_100_requests_at_once_are_allowed() -> None:
    server = MockGitHub()
    server.fault(faults.Limits())
    server.fault(faults.Latency(1))
    async with in_process(server) as client:
        answers = await asyncio.gather(*[client.get(LIST) for _ in range(103)])
        later = await client.get(LIST)

    assert Counter(answer.status_code for answer in answers) == {200: 100, 403: 3}
    assert {answer.headers.get("retry-after") for answer in answers} == {None, "60"}
    assert later.status_code == 200


@pytest.mark.usefixtures("clock")
async def test_each_token_has_limits_of_its_own(server: MockGitHub, connect: Connect) -> None:
    server.fault(faults.Limits(points=2))
    clients = [connect(server), connect(server, server.add_token())]

    assert [await counts(client, 3) for client in clients] == [{200: 2, 403: 1}] * 2


@pytest.mark.usefixtures("clock")
async def test_what_is_refused_costs_nothing_of_the_hour(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Limits(points=1))
    await counts(client, 5)
    server.clear_faults()

    assert (await client.get(LIST)).headers["x-ratelimit-used"] == "2"


@pytest.mark.usefixtures("clock")
async def test_how_long_to_wait_and_how_to_say_it_can_be_set(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Limits(points=0, wait=7))
    assert (await client.get(LIST)).headers["retry-after"] == "7"
    server.clear_faults()
    server.fault(faults.Limits(points=0, retry_after="absent"))

    assert "retry-after" not in (await client.get(LIST)).headers
