"""Permits: bounded, in turn, held until a body is read, and never lost, whoever is cancelled when."""

import asyncio
import random

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.transport.governed import (
    URL,
    Body,
    Server,
    budget,
    concurrency_of,
    governed,
    governor_of,
    now,
    ok,
    refused,
    send,
    used_up,
)
from tests.transport.virtual_clock import on_virtual_clock, run

from ghpackages.transport._governor import Concurrency


@on_virtual_clock
async def test_no_more_than_that_many_are_under_way():
    server = Server(latency=1)
    await send(governed(server, concurrency=Concurrency(7)), *["GET"] * 20)
    assert server.most_at_once == 7
    assert server.arrivals == [0] * 7 + [1] * 7 + [2] * 6


@on_virtual_clock
async def test_requests_go_in_the_order_in_which_they_came():
    order: list[str] = []

    def script(request: httpx.Request) -> httpx.Response:
        order.append(request.url.path)
        return ok()

    client = governed(Server(script, latency=1), concurrency=Concurrency(2))
    await asyncio.gather(*(client.get(f"https://api.github.com/{number:02}") for number in range(20)))
    assert order == sorted(order)


@on_virtual_clock
async def test_tenants_take_turns():
    order: list[str] = []

    def script(request: httpx.Request) -> httpx.Response:
        order.append(request.url.path)
        return ok()

    server, concurrency = Server(script, latency=1), Concurrency(1)
    many, few = governed(server, concurrency=concurrency), governed(server, concurrency=concurrency)
    await asyncio.gather(
        *(many.get("https://api.github.com/many") for _ in range(50)),
        *(few.get("https://api.github.com/few") for _ in range(3)),
    )
    assert order[:7] == ["/many", "/many", "/few", "/many", "/few", "/many", "/few"]


@on_virtual_clock
async def test_a_permit_is_held_until_the_body_is_read():
    body = Body()
    client = governed(Server([lambda: httpx.Response(200, stream=body)]))
    sending = asyncio.ensure_future(client.get(URL))
    await asyncio.sleep(1.5)
    assert concurrency_of(client).in_use == 1
    assert (await sending).content == b"[ ]"
    assert concurrency_of(client).in_use == 0
    assert body.closed


@on_virtual_clock
async def test_a_body_that_breaks_gives_its_permit_back():
    client = governed(Server([lambda: httpx.Response(200, stream=Body(breaks=True))]))
    with pytest.raises(httpx.ReadError):
        await client.get(URL)
    assert concurrency_of(client).in_use == 0


@pytest.mark.parametrize("status", [403, 429])
def test_a_refusal_whose_body_breaks_gives_its_permit_back(status: int):
    async def main() -> None:
        client = governed(Server([lambda: httpx.Response(status, stream=Body(breaks=True)), ok]))
        with pytest.raises(httpx.ReadError):
            await client.get(URL)
        assert concurrency_of(client).in_use == 0
        assert (await client.get(URL)).status_code == 200

    run(main())


@on_virtual_clock
async def test_a_refusal_with_a_slow_body_is_recognised():
    body = b'{"message": "You have exceeded a secondary rate limit."}'

    class Slow(Body):
        async def __aiter__(self):
            await asyncio.sleep(2)
            yield body

    server = Server([lambda: httpx.Response(403, stream=Slow()), ok])
    assert (await governed(server).get(URL)).status_code == 200
    assert server.arrivals == [0, 62]


@on_virtual_clock
async def test_cancelling_is_immediate_while_waiting_for_a_limit():
    client = governed(Server([lambda: refused(retry_after=50), ok]))
    tasks = [asyncio.create_task(client.get(URL)) for _ in range(20)]
    await asyncio.sleep(1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert now() == 1
    assert concurrency_of(client).in_use == 0


@on_virtual_clock
async def test_cancelling_is_immediate_while_a_body_is_read():
    client = governed(Server([lambda: httpx.Response(200, stream=Body())]))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await client.get(URL)
    assert now() == 1.5
    assert concurrency_of(client).in_use == 0


@on_virtual_clock
async def test_one_who_is_cancelled_when_its_turn_has_come_passes_it_on():
    server = Server(latency=1)
    client = governed(server, concurrency=Concurrency(1))

    async def first() -> None:
        await client.get(URL)
        second.cancel()  # in the same step of the loop that gave the permit to it

    leader = asyncio.create_task(first())
    await asyncio.sleep(0)
    second, third = (asyncio.create_task(client.get(URL)) for _ in range(2))
    assert (await third).status_code == 200
    await leader
    assert second.cancelled()
    assert len(server.arrivals) == 2
    assert concurrency_of(client).in_use == 0


@on_virtual_clock
async def test_a_failure_to_connect_gives_its_permit_back():
    def script(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    client = governed(Server(script), concurrency=Concurrency(1))
    results = await send(client, *["GET"] * 3)
    assert [httpx.ConnectError] * 3 == [type(result) for result in results]
    assert concurrency_of(client).in_use == 0


@on_virtual_clock
async def test_a_request_without_an_answer_may_have_been_counted():
    def script(request: httpx.Request) -> httpx.Response:
        if len(server.arrivals) == 2:
            raise httpx.ReadTimeout("late")
        return ok(**budget(7, 100))

    server = Server(script)
    client = governed(server)
    await send(client, "GET")
    await send(client, "GET")
    assert governor_of(client).rate_limit.remaining == 6


@on_virtual_clock
async def test_closing_closes_what_is_inside():
    class Closing(Server):
        closed = False

        async def aclose(self) -> None:
            self.closed = True

    server = Closing()
    await governed(server).aclose()
    assert server.closed


@on_virtual_clock
async def test_it_works_around_transports_that_answer_at_once():
    client = governed(httpx.MockTransport(lambda request: httpx.Response(200, json=[1])), concurrency=Concurrency(1))
    assert [response.json() for response in await send(client, *["GET"] * 10)] == [[1]] * 10  # type: ignore[union-attr]
    assert concurrency_of(client).in_use == 0


@on_virtual_clock
async def test_it_works_around_an_asgi_application():
    async def app(scope: object, receive: object, send: object) -> None:
        await asyncio.sleep(0.1)
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"[1]"})  # type: ignore[operator]

    client = governed(httpx.ASGITransport(app), concurrency=Concurrency(2))
    assert [response.json() for response in await send(client, *["GET"] * 10)] == [[1]] * 10  # type: ignore[union-attr]
    assert concurrency_of(client).in_use == 0


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 60), workers=st.integers(1, 10))
def test_whoever_is_cancelled_whenever_nothing_is_left_behind_and_nobody_is_stuck(seed: int, count: int, workers: int):
    chance = random.Random(seed)  # noqa: S311 - no secrets

    class Chaos(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(chance.choice([0, chance.random()]))
            headers = budget(chance.randrange(20), now() + 30)
            kinds = [
                lambda: ok(**headers),
                lambda: httpx.Response(200, stream=Body()),
                lambda: httpx.Response(502),
                lambda: refused(retry_after=chance.randrange(3)),
                lambda: httpx.Response(429, stream=Body(breaks=chance.random() < 0.5)),
                lambda: used_up(now() + 30),
            ]
            if chance.random() < 0.1:
                raise httpx.ReadError("chaos")
            return chance.choices(kinds, [10, 3, 1, 1, 1, 1])[0]()

    async def main() -> None:
        client = governed(Chaos(), concurrency=Concurrency(workers), points_per_minute=chance.choice([None, 30]))

        async def one() -> None:
            await asyncio.sleep(chance.choice([0, 0, chance.uniform(0, 40)]))
            async with asyncio.timeout(chance.choice([None, None, chance.uniform(0, 40)])):
                await client.request(chance.choice(["GET", "GET", "DELETE"]), URL)

        await asyncio.gather(*(one() for _ in range(count)), return_exceptions=True)
        governor = governor_of(client)
        assert concurrency_of(client).in_use == 0
        assert (governor._unanswered, governor._flying, governor._lanes) == (0, 0, ([], []))

    run(main())
