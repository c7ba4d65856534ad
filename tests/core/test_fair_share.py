"""Who asks for much takes turns with who asks for little: a long listing holds nobody up, and is not held up itself.

Few requests are in flight at once, and the server answers when it is told to; what counts is the order in which they
reach it.
"""

import asyncio
import contextlib

import httpx
import pytest
from tests.core.held import Held, settle
from tests.core.wire import client, package, pages_of, version

from ghpackages import GitHubPackages, Package, PackageVersion, Paginator

CONCURRENCY = 4
LONG = [version(number) for number in range(1, 41)]
SHORT = [version(number) for number in range(1, 5)]


def what(request: httpx.Request) -> str:
    """The package that a request is about, and if it lists versions, the page."""
    *_, name = request.url.path.removesuffix("/versions").split("/")
    return f"{name} {request.url.params['page']}" if "page" in request.url.params else name


def answer(request: httpx.Request) -> httpx.Response:
    """Long and short listings, by the name of the package, and packages."""
    if "page" not in request.url.params:
        return httpx.Response(200, json=package(1))
    return pages_of(LONG if what(request).startswith("long") else SHORT)(request)


def listing(github: GitHubPackages, name: str) -> Paginator[PackageVersion]:
    return github.org("acme").versions("container", name, per_page=1)


async def consume(github: GitHubPackages, name: str) -> int:
    """Read a listing, asking far ahead; gives how many pages it has."""
    async with contextlib.aclosing(listing(github, name).pages(ahead=16)) as pages:
        return len([page async for page in pages])


async def begin(server: Held, github: GitHubPackages, name: str) -> asyncio.Task[int]:
    """Begin to read a listing, up to where much of it waits for its turn."""
    task = asyncio.create_task(consume(github, name))
    await settle()
    while f"{name} 1" not in server.in_flight:
        await step(server)
    await server.answer(f"{name} 1")
    return task


def ask(github: GitHubPackages, *names: str) -> list[asyncio.Task[Package]]:
    """Ask for packages, all at once."""
    return [asyncio.create_task(github.org("acme").get_package("container", name)) for name in names]


async def step(server: Held) -> None:
    """Answer the request that has waited longest."""
    await server.answer(server.in_flight[0])


async def finish(server: Held, *tasks: asyncio.Task[object]) -> None:
    await server.answer_all()
    await asyncio.gather(*tasks)


async def test_single_requests_go_before_what_was_asked_ahead():
    server = Held(answer, what)
    async with client(server, concurrency=CONCURRENCY) as github:
        long = await begin(server, github, "long")
        assert server.in_flight == ["long 2", "long 3", "long 4", "long 5"]
        small = ask(github, "one", "two", "three")
        await settle()
        for _ in range(3):
            await step(server)
        assert server.asked[5:] == ["one", "two", "three"]
        await finish(server, long, *small)


async def test_a_short_listing_goes_before_what_was_asked_ahead():
    server = Held(answer, what)
    async with client(server, concurrency=CONCURRENCY) as github:
        long = await begin(server, github, "long")
        short = asyncio.create_task(consume(github, "short"))
        await settle()
        before = len(server.asked)
        while not short.done():
            await step(server)
        others = [name for name in server.asked[before:] if name.startswith("long")]
        assert await short == 4
        assert len(others) <= 3 * CONCURRENCY  # those that went while its first page was on its way, and its turns
        await finish(server, long)


async def test_a_newcomer_waits_for_no_more_than_one_page_of_each_long_listing():
    server = Held(answer, what)
    async with client(server, concurrency=CONCURRENCY) as github:
        long = [await begin(server, github, f"long{number}") for number in range(5)]
        before = len(server.asked)
        small = ask(github, "one", "two")
        await settle()
        for _ in range(len(long) + 2):
            await step(server)
        assert {"one", "two"} < set(server.asked[before:])
        await finish(server, *long, *small)


async def test_long_listings_share_equally_from_the_moment_on_that_the_second_one_comes():
    server = Held(answer, what)
    async with client(server, concurrency=CONCURRENCY) as github:
        first = await begin(server, github, "long1")
        for _ in range(8):
            await step(server)
        second = await begin(server, github, "long2")
        before = len(server.asked)
        for _ in range(20):
            await step(server)
        shares = [sum(name.startswith(long) for name in server.asked[before:]) for long in ("long1", "long2")]
        assert sum(shares) == 20
        assert min(shares) >= 8
        await finish(server, first, second)


async def test_the_pages_of_a_listing_keep_their_order():
    server = Held(answer, what)
    async with client(server, concurrency=CONCURRENCY) as github:
        long = await begin(server, github, "long")
        small: list[asyncio.Task[Package]] = []
        while not long.done():
            small += ask(github, "small")
            await settle()
            await step(server)
        assert [name for name in server.asked if name.startswith("long")] == [f"long {n}" for n in range(1, 41)]
        await finish(server, long, *small)


async def test_a_stream_of_single_requests_does_not_starve_a_long_listing():
    """Ten of them wait at any time, each of which came later than the pages that wait; one in 30 must be a page."""
    server = Held(answer, what)
    async with client(server, concurrency=CONCURRENCY) as github:
        long = await begin(server, github, "long")
        small = ask(github, *["small"] * 10)
        await settle()
        before = len(server.asked)
        for _ in range(200):
            await step(server)
            small = [task for task in small if not task.done()] + ask(github, "small")
            await settle()
        went = server.asked[before:]
        assert all(any(name != "small" for name in went[at : at + 30]) for at in range(len(went) - 30))
        await finish(server, long, *small)


async def test_a_stream_of_short_listings_does_not_starve_a_long_listing():
    server = Held(answer, what)
    async with client(server, concurrency=CONCURRENCY) as github:
        long = await begin(server, github, "long")
        streams = [asyncio.create_task(consume(github, "short")) for _ in range(6)]
        await settle()
        before = len(server.asked)
        for _ in range(200):
            await step(server)
            streams = [task if not task.done() else asyncio.create_task(consume(github, "short")) for task in streams]
            await settle()
        went = server.asked[before:]
        assert all(any(name.startswith("long") for name in went[at : at + 40]) for at in range(len(went) - 40))
        await finish(server, long, *streams)


async def test_views_with_one_token_take_turns_too():
    server = Held(answer, what)
    async with client(server, concurrency=CONCURRENCY) as github:
        long = await begin(server, github, "long")
        small = ask(github.with_options(timeout=5), "one", "two")
        await settle()
        await step(server)
        await step(server)
        assert server.asked[5:] == ["one", "two"]
        await finish(server, long, *small)


async def test_all_that_wait_and_fly_can_be_cancelled_at_once():
    server = Held(answer, what)
    async with client(server, concurrency=1) as github:
        small = ask(github, "one", "two", "three")
        await settle()
        for task in small:
            task.cancel()
        ended = await asyncio.gather(*small, return_exceptions=True)
        assert [type(each) for each in ended] == [asyncio.CancelledError] * 3
        await finish(server, *ask(github, "four"))
    assert server.asked == ["one", "four"]


async def test_a_request_that_is_answered_while_the_next_one_is_cancelled_is_not_disturbed():
    server = Held(answer, what)
    async with client(server, concurrency=1) as github:
        one, two, three = ask(github, "one", "two", "three")
        await settle()
        answered = asyncio.create_task(server.answer("one"))
        asyncio.get_running_loop().call_soon(two.cancel)  # its turn comes before it knows
        await answered
        assert (await one).id == 1
        with pytest.raises(asyncio.CancelledError):
            await two
        await finish(server, three)
    assert server.asked == ["one", "three"]


async def test_who_leaves_gives_their_turns_back():
    server = Held(answer, what)
    async with client(server, concurrency=CONCURRENCY) as github:
        first = await begin(server, github, "long1")
        second = await begin(server, github, "long2")
        first.cancel()
        await settle()
        assert first.cancelled()
        assert len(server.in_flight) == CONCURRENCY
        assert all(name.startswith("long2") for name in server.in_flight)
        await finish(server, second)
