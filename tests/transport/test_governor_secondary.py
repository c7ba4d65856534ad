"""Secondary refusals: one answer pauses everything, once, and afterwards nobody storms."""

import asyncio

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
)
from tests.transport.virtual_clock import EPOCH, on_virtual_clock, run

from ghpackages import SecondaryRateLimitError
from ghpackages.transport._governor import Concurrency
from ghpackages.transport._limits import Wait


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("after", ["30", date(30.75)])
@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
def test_a_refused_request_is_sent_again_after_the_pause(status: int, after: str, method: str):
    async def main() -> tuple[int, list[float]]:
        server = Server([lambda: refused(status, retry_after=after, date=date(0)), ok])
        response = await governed(server).request(method, URL)
        return response.status_code, server.arrivals

    answered, arrivals = run(main())
    assert answered == 200
    assert arrivals == [0, pytest.approx(30, abs=1)]


@on_virtual_clock
async def test_a_date_without_the_servers_clock_goes_by_ours():
    server = Server([lambda: refused(retry_after=date(20)), ok])
    await governed(server).get(URL)
    assert server.arrivals == [0, pytest.approx(20, abs=1)]


@pytest.mark.parametrize("after", ["0", date(-500)])
def test_a_pause_that_is_over_already_still_takes_a_second(after: str):
    async def main() -> list[float]:
        server = Server([lambda: refused(retry_after=after), ok])
        await governed(server).get(URL)
        return server.arrivals

    assert run(main()) == [0, 1]


@on_virtual_clock
async def test_without_retry_after_a_pause_is_60_s_and_doubles():
    server = Server([refused, refused, refused, ok, refused, ok])
    client = governed(server, max_wait=3900)
    await client.get(URL)
    await client.get(URL)
    assert server.arrivals == [0, 60, 180, 420, 420, 480]


@on_virtual_clock
async def test_one_refusal_pauses_everything():
    server = Server([lambda: refused(retry_after=30), ok])
    client = governed(server)
    first = asyncio.create_task(client.get(URL))
    await asyncio.sleep(1)
    await send(client, "GET", "DELETE", "GET")
    await first
    assert server.arrivals == [0, 30, 30, 30, 30]


@on_virtual_clock
async def test_a_burst_of_refusals_counts_once():
    seen: list[float] = []

    def script(request: httpx.Request) -> httpx.Response:
        seen.append(now())
        return refused() if len(seen) <= 16 else ok()

    waits: list[Wait] = []
    server = Server(script, latency=0.5)
    client = governed(server, concurrency=Concurrency(16), on_wait=waits.append)
    await send(client, *["GET"] * 40)
    assert seen[:17] == [0] * 16 + [60.5]
    assert [(wait.reason, wait.seconds) for wait in waits] == [("secondary", 60)]


@on_virtual_clock
async def test_nobody_is_sent_between_a_refusal_and_its_pause():
    # Requests stand in line for a permit that the refusal itself sets free.
    server = Server([lambda: refused(retry_after=10), ok])
    await send(governed(server, concurrency=Concurrency(1)), *["GET"] * 5)
    assert server.arrivals == [0] + [10] * 5


@on_virtual_clock
async def test_after_a_pause_one_goes_first_and_then_ever_more():
    server = Server([lambda: refused(retry_after=10), ok], latency=1)
    client = governed(server)
    first = asyncio.create_task(client.get(URL))
    await asyncio.sleep(1.5)
    await send(client, *["GET"] * 30)
    await first
    assert [server.arrivals.count(11 + wave) for wave in range(5)] == [1, 2, 4, 8, 16]


@on_virtual_clock
async def test_a_first_request_that_is_refused_again_keeps_the_others_back():
    server = Server([lambda: refused(retry_after=10), lambda: refused(retry_after=10), ok])
    client = governed(server)
    first = asyncio.create_task(client.get(URL))
    await asyncio.sleep(1)
    await send(client, *["GET"] * 5)
    await first
    assert server.arrivals == [0, 10] + [20] * 6


@on_virtual_clock
async def test_a_first_request_that_fails_is_followed_by_another():
    def script(request: httpx.Request) -> httpx.Response:
        if len(server.arrivals) == 2:
            raise httpx.ConnectError("gone")
        return refused(retry_after=10) if len(server.arrivals) == 1 else ok()

    server = Server(script)
    client = governed(server)
    results = await send(client, "GET")
    assert [httpx.ConnectError] == [type(result) for result in results]
    await send(client, "GET")
    assert server.arrivals == [0, 10, 10]


@on_virtual_clock
async def test_a_server_in_trouble_gets_no_more_at_once():
    server = Server([lambda: refused(retry_after=10), lambda: httpx.Response(502)], latency=1)
    client = governed(server)
    await send(client, "GET")
    await send(client, *["GET"] * 5)
    assert server.arrivals == [0, 11, 12, 13, 14, 15, 16]


@on_virtual_clock
async def test_a_cancelled_first_request_hands_over_to_the_next():
    server = Server([lambda: refused(retry_after=10), ok], latency=5)
    client = governed(server)
    first = asyncio.create_task(client.get(URL))
    await asyncio.sleep(6)
    second = asyncio.create_task(client.get(URL))
    await asyncio.sleep(10)  # the first one is under way again
    assert server.arrivals == [0, 15]
    first.cancel()
    assert (await second).status_code == 200
    assert server.arrivals == [0, 15, 16]


@on_virtual_clock
async def test_a_pause_beyond_max_wait_is_the_servers_error_at_once():
    server = Server([lambda: refused(retry_after=90)])
    client = governed(server)
    with pytest.raises(SecondaryRateLimitError) as caught:
        await client.get(URL)
    assert now() == 0
    assert caught.value.status == 403
    assert caught.value.retry_after == 90
    with pytest.raises(SecondaryRateLimitError) as caught:  # and the next one isn't even sent
        await client.delete(URL)
    assert len(server.arrivals) == 1
    assert caught.value.retry_at is not None
    assert caught.value.retry_at.timestamp() == pytest.approx(EPOCH + 90, abs=1)


@on_virtual_clock
async def test_a_doubled_pause_beyond_max_wait_says_when():
    with pytest.raises(SecondaryRateLimitError) as caught:
        await governed(Server([refused])).get(URL)
    assert now() == 60
    assert caught.value.retry_at is not None
    assert caught.value.retry_at.timestamp() == EPOCH + 180


@on_virtual_clock
async def test_a_request_that_is_refused_ten_times_is_given_up():
    server = Server([lambda: refused(retry_after=1)])
    with pytest.raises(SecondaryRateLimitError):
        await governed(server).get(URL)
    assert len(server.arrivals) == 10


@pytest.mark.parametrize("status", [400, 401, 404, 422, 500, 502])
def test_other_errors_are_handed_on(status: int):
    async def main() -> tuple[int, int]:
        server = Server([lambda: httpx.Response(status, json={"message": "no"})])
        return (await governed(server).get(URL)).status_code, len(server.arrivals)

    assert run(main()) == (status, 1)


@on_virtual_clock
async def test_a_missing_right_is_handed_on_with_its_body():
    server = Server([lambda: refused(403, "Resource not accessible by integration", **budget(0, 3000))])
    response = await governed(server).get(URL)
    assert response.json() == {"message": "Resource not accessible by integration"}


@on_virtual_clock
async def test_a_tenant_knows_nothing_of_the_pause_of_another():
    refusing, kind = Server([lambda: refused(retry_after=50), ok]), Server()
    concurrency = Concurrency(1)
    paused = asyncio.create_task(governed(refusing, concurrency=concurrency).get(URL))
    await asyncio.sleep(1)
    other = governed(kind, concurrency=concurrency)
    await send(other, *["GET"] * 20)
    assert now() == 1
    assert governor_of(other).rate_limit.paused_until is None
    assert (await paused).status_code == 200
    assert concurrency_of(other).in_use == 0


@on_virtual_clock
async def test_the_pause_is_shown():
    client = governed(Server([lambda: refused(retry_after=50), ok]))
    task = asyncio.create_task(client.get(URL))
    await asyncio.sleep(1)
    state = governor_of(client).rate_limit
    assert state.reason == "secondary"
    assert state.paused_until is not None
    assert state.paused_until.timestamp() == EPOCH + 50
    await task
    assert governor_of(client).rate_limit.paused_until is None


@on_virtual_clock
async def test_points_of_refused_requests_count_too():
    server = Server([lambda: refused(retry_after=10), ok])
    client = governed(server, points_per_minute=5, concurrency=Concurrency(1))
    await send(client, *["GET"] * 5)
    assert approximately(server.arrivals) == [0, 10, 10, 10, 10, 60]


@on_virtual_clock
async def test_the_date_in_retry_after_is_by_the_servers_clock():
    server = Server([lambda: refused(retry_after=date(1020), date=date(1000)), ok])
    await governed(server).get(URL)
    assert server.arrivals == [0, 20]


@on_virtual_clock
async def test_a_refused_request_keeps_its_place():
    order: list[str] = []

    def script(request: httpx.Request) -> httpx.Response:
        order.append(request.url.path)
        return refused(retry_after=10) if len(order) == 1 else ok()

    client = governed(Server(script), concurrency=Concurrency(1))
    await asyncio.gather(*(client.get(f"https://api.github.com/{number}") for number in range(5)))
    assert order == ["/0", "/0", "/1", "/2", "/3", "/4"]


@on_virtual_clock
async def test_the_hasty_behind_the_patient_are_told_when_a_pause_begins():
    server = Server([lambda: refused(retry_after=90), ok], latency=1)
    concurrency = Concurrency(1)
    patient = governed(server, max_wait=3900, concurrency=concurrency)
    hasty = governed(server, governor=governor_of(patient), concurrency=concurrency)
    waiting = [asyncio.create_task(patient.get(URL)) for _ in range(3)]
    await asyncio.sleep(0)
    (result,) = await send(hasty, "GET")
    assert isinstance(result, SecondaryRateLimitError)
    assert now() == 1
    await asyncio.gather(*waiting)


@on_virtual_clock
async def test_a_pause_is_told_and_a_trickle_of_points_is_not():
    waits: list[Wait] = []
    server = Server(latency=0.3)
    client = governed(server, points_per_minute=20, concurrency=Concurrency(2), on_wait=waits.append)
    await send(client, *["GET"] * 60)
    assert [wait.reason for wait in waits] == ["points", "points"]
