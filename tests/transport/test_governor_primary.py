"""The primary limit: the server tells what is left, and all wait together when nothing is."""

import asyncio
import logging
from math import inf

import httpx
import pytest
from tests.transport.governed import (
    URL,
    Server,
    approximately,
    budget,
    concurrency_of,
    date,
    governed,
    governor_of,
    now,
    ok,
    refused,
    send,
    used_up,
)
from tests.transport.virtual_clock import EPOCH, on_virtual_clock, run

from ghpackages import PrimaryRateLimitError
from ghpackages.transport._governor import Concurrency
from ghpackages.transport._limits import RateLimit, Wait


class Hours:
    """A server's own count: `limit` requests in each hour of so many seconds."""

    def __init__(self, limit: int, seconds: float = 100) -> None:
        self.limit, self.seconds, self.used, self.refusals = limit, seconds, 0, 0
        self.ends = seconds

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if now() >= self.ends:
            self.ends, self.used = now() + self.seconds, 0
        self.used += 1
        if self.used > self.limit:
            self.refusals += 1
            return used_up(self.ends, date=date(now()))
        return ok(**budget(self.limit - self.used, self.ends, self.limit), date=date(now()))


@on_virtual_clock
async def test_all_wait_together_for_the_reset_and_none_is_refused():
    hours = Hours(30)
    server = Server(hours, latency=0.01)
    client = governed(server, max_wait=200)
    await client.get(URL)
    await send(client, *["GET"] * 69)
    assert hours.refusals == 0
    assert [sum(low <= each < low + 90 for each in server.arrivals) for low in (0, 100, 200)] == [30, 30, 10]
    assert now() < 205


@on_virtual_clock
async def test_a_reserve_is_left_to_others():
    hours = Hours(30)
    client = governed(Server(hours), reserve=10, max_wait=200)
    for _ in range(20):
        await client.get(URL)
    assert (hours.used, governor_of(client).rate_limit.remaining) == (20, 10)
    await client.get(URL)
    assert now() >= 100


@on_virtual_clock
async def test_requests_in_flight_are_counted_as_if_they_had_been():
    server = Server([lambda: ok(**budget(5, 100))], latency=1)
    client = governed(server, max_wait=200)
    await client.get(URL)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await send(client, *["GET"] * 20)
    assert len(server.arrivals) == 1 + 5


@on_virtual_clock
async def test_a_refusal_waits_for_the_reset_and_is_repeated():
    server = Server([lambda: used_up(50), ok])
    assert (await governed(server).get(URL)).status_code == 200
    assert server.arrivals[1] == pytest.approx(50, abs=1.5)


@pytest.mark.parametrize("status", [403, 429])
def test_a_refusal_has_either_status(status: int):
    async def main() -> int:
        server = Server([lambda: refused(status, "API rate limit exceeded", **budget(0, 20)), ok])
        return (await governed(server).delete(URL)).status_code

    assert run(main()) == 200


@on_virtual_clock
async def test_the_servers_clock_is_not_ours():
    # It is 1,000 s ahead.
    server = Server([lambda: ok(**budget(0, 1050), date=date(1000)), ok])
    client = governed(server)
    await send(client, "GET")
    await send(client, "GET")
    assert 50 <= server.arrivals[1] < 52.5


@on_virtual_clock
async def test_answers_that_were_overtaken_change_nothing():
    told = [budget(7, 100), budget(9, 100), budget(5000, 3700), budget(6, 100)]
    client = governed(Server([lambda headers=headers: ok(**headers) for headers in told]))
    left: list[int | None] = []
    for _ in told:
        await client.get(URL)
        left.append(governor_of(client).rate_limit.remaining)
    assert left == [7, 7, 5000, 5000]


class Delayed(Server):
    """Gives answers that are each under way for a time of their own; the last one at once."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        await asyncio.sleep(float(response.headers.get("x-seconds", 0)))
        return response


@pytest.mark.parametrize("left", [(1, 0), (0, 1)])
@pytest.mark.parametrize("dates", [(5, 1), (1, 6)])
def test_the_answer_that_was_under_way_for_the_shortest_time_says_when_the_hour_ends(
    left: tuple[int, int], dates: tuple[int, int]
):
    # They come after 5 s and 6 s, one of them late; the first to be counted may be the last to come.
    async def main() -> list[float]:
        def answer(i: int) -> httpx.Response:
            return ok(**budget(left[i], 100), date=date(dates[i]), x_seconds=5 + i)

        server = Delayed([lambda: answer(0), lambda: answer(1), ok])
        client = governed(server, max_wait=200)
        await send(client, "GET", "GET")
        await send(client, "GET")
        return approximately(server.arrivals)

    assert run(main()) == [0, 0, 101]


@on_virtual_clock
async def test_the_limit_of_another_resource_is_not_ours():
    server = Server([lambda: ok(**{**budget(0, 3600), "x_ratelimit_resource": "search"})])
    client = governed(server)
    await send(client, "GET", "GET")
    assert server.arrivals == [0, 0]
    assert governor_of(client).rate_limit == RateLimit()


ODD = [
    {},
    {"x_ratelimit_remaining": "0"},
    {"x_ratelimit_remaining": "none", "x_ratelimit_reset": "²"},
    {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "9" * 40},
    {"date": "yesterday", "retry_after": "soon"},
]


@pytest.mark.parametrize("headers", ODD)
def test_missing_or_odd_headers_are_no_error(headers: dict[str, str]):
    async def main() -> list[float]:
        encoded = [(name.replace("_", "-"), value.encode("utf-8")) for name, value in headers.items()]
        server = Server([lambda: httpx.Response(200, json=[], headers=[(n.encode(), v) for n, v in encoded])])
        client = governed(server)
        await client.get(URL)
        await client.get(URL)
        return server.arrivals

    assert run(main()) == [0, 0]


@on_virtual_clock
async def test_the_live_state_is_shown():
    client = governed(Server([lambda: ok(**budget(4990, 3000)), lambda: ok(**budget(0, 3000))]))
    assert governor_of(client).rate_limit == RateLimit()
    await client.get(URL)
    state = governor_of(client).rate_limit
    assert (state.limit, state.remaining, state.used, state.paused_until) == (5000, 4990, 10, None)
    assert state.reset is not None
    assert state.reset.timestamp() == int(EPOCH + 3000)
    await client.get(URL)
    state = governor_of(client).rate_limit
    assert state.reason == "primary"
    assert state.paused_until is not None
    assert state.paused_until.timestamp() == pytest.approx(EPOCH + 3001, abs=1)


@on_virtual_clock
async def test_a_wait_beyond_max_wait_is_an_error_at_once_and_nothing_is_sent():
    server = Server([lambda: ok(**budget(0, 3000))])
    client = governed(server)
    await client.get(URL)
    with pytest.raises(PrimaryRateLimitError) as caught:
        await client.get(URL)
    assert len(server.arrivals) == 1
    assert now() == 0
    assert caught.value.retry_at is not None
    assert caught.value.retry_at.timestamp() == pytest.approx(EPOCH + 3001, abs=1)
    assert caught.value.retry_after == pytest.approx(3001, abs=1)
    assert str(caught.value.response.request.url) == URL


@on_virtual_clock
async def test_those_who_were_waiting_already_get_the_error_at_once_too():
    server = Server([lambda: used_up(3000)], latency=1)
    client = governed(server, concurrency=Concurrency(2))
    results = await send(client, *["GET"] * 20)
    assert now() == 1
    assert len(server.arrivals) == 2
    assert [PrimaryRateLimitError] * 20 == [type(result) for result in results]
    assert all(result.retry_at for result in results if isinstance(result, PrimaryRateLimitError))


@on_virtual_clock
async def test_each_view_has_its_own_patience():
    server = Server([lambda: ok(**budget(0, 3000)), ok])
    patient = governed(server, max_wait=3900)
    hasty = governed(server, governor=governor_of(patient))
    await patient.get(URL)
    waiting = asyncio.create_task(patient.get(URL))
    await asyncio.sleep(1)
    (result,) = await send(hasty, "GET")
    assert isinstance(result, PrimaryRateLimitError)
    assert now() == 1
    assert (await waiting).status_code == 200
    assert approximately([now()])[0] >= 3000


@on_virtual_clock
async def test_a_wait_is_told_once_and_logged_without_a_token(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    waits: list[Wait] = []
    client = governed(Server([lambda: ok(**budget(0, 50)), ok]), on_wait=waits.append)
    client.headers["Authorization"] = "Bearer marker-token"
    await client.get(URL)
    await send(client, *["GET"] * 5)
    assert [("primary", pytest.approx(50, abs=1.5))] == [(wait.reason, wait.seconds) for wait in waits]
    assert waits[0].until.timestamp() == pytest.approx(EPOCH + 50, abs=1.5)
    records = [record for record in caplog.records if record.name == "ghpackages"]
    assert [record.levelno for record in records] == [logging.INFO]
    assert "primary" in records[0].getMessage()
    assert "marker-token" not in caplog.text


@on_virtual_clock
async def test_an_on_wait_that_fails_harms_nobody(caplog: pytest.LogCaptureFixture):
    def fails(wait: Wait) -> None:
        raise ZeroDivisionError

    client = governed(Server([lambda: used_up(5), ok]), on_wait=fails)
    assert (await client.get(URL)).status_code == 200
    assert "ZeroDivisionError" in caplog.text


class Interrupt(BaseException):
    """What no `except Exception` catches."""


@pytest.mark.parametrize("error", [Interrupt, asyncio.CancelledError])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("raising", range(1, 4))
@pytest.mark.parametrize("at_once", [1, 3])
def test_an_on_wait_that_interrupts_holds_up_nobody(
    error: type[BaseException], method: str, raising: int, at_once: int
):
    async def main() -> None:
        calls = 0

        def interrupts(wait: Wait) -> None:
            nonlocal calls
            calls += 1
            if calls == raising:
                raise error

        server = Server([lambda: used_up(5), lambda: used_up(50), lambda: used_up(500), ok], latency=1)
        client = governed(server, concurrency=Concurrency(1), on_wait=interrupts, max_wait=inf)
        reported: list[BaseException | None] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context.get("exception")))
        for response in await send(client, *[method] * at_once):
            assert isinstance(response, httpx.Response)
        assert calls >= raising
        assert [type(each) for each in reported] == ([Interrupt] if error is Interrupt else [])
        assert (await client.request(method, URL)).status_code == 200
        assert concurrency_of(client).in_use == 0

    run(main())


@on_virtual_clock
async def test_headers_that_vanish_after_the_reset_leave_no_brake():
    server = Server([lambda: ok(**budget(0, 10)), ok], latency=1)
    client = governed(server)
    await send(client, "GET")
    await send(client, *["GET"] * 200)
    server.arrivals.clear()
    await send(client, *["GET"] * 50)
    assert len(set(server.arrivals)) == 1


@on_virtual_clock
async def test_a_refusal_whose_reset_is_past_waits_a_minute():
    server = Server([lambda: used_up(-100), ok])
    await governed(server).get(URL)
    assert server.arrivals == [0, 60]


@on_virtual_clock
async def test_the_most_exact_of_the_answers_tells_the_reset():
    # Dates show whole seconds, here half a second late on average: the best one is hardly late.
    server = Server(lambda request: ok(**budget(100 - len(server.arrivals), 50), date=date(now())))
    client = governed(server)
    for _ in range(99):
        await asyncio.sleep(0.11)
        await client.get(URL)
    await client.get(URL)
    await client.get(URL)
    assert server.arrivals[-1] - 50 < 1.2
