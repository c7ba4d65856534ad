"""What an interrupted iterator yields is what an uninterrupted one does, or an error."""

import asyncio
import gc
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

import anyio
import httpx
import pytest
from tests.core.wire import Recorder, client, package
from tests.transport.interruptions import (
    READERS,
    SMALL,
    Reader,
    Shifting,
    Slow,
    consistent,
    get,
    results,
    seeded,
    turns,
)
from tests.transport.virtual_clock import run

from ghpackages import GitHubPackages, GitHubPackagesError, Page, RequestCount, UsageError, count_requests
from ghpackages.audit import PackageAudit

Interruption = Callable[[Coroutine[Any, Any, None]], Awaitable[None]]


def slow_client(reader: Reader, choose: random.Random, *, steady: bool = False) -> GitHubPackages:
    """A client for something to read that is the same for the same state of `choose`, however long it takes."""
    listing = Shifting(choose, steady=steady)
    return client(Slow(choose, SMALL.answer if reader is results else listing), concurrency=choose.choice([1, 2, 4]))


async def read(iterator: AsyncIterator[Any], interrupt: Callable[[], Interruption | None]) -> tuple[list[Any], str]:
    """Return what an iterator yields while its `anext` is interrupted time and again, and how it ends."""
    seen: list[Any] = []

    async def take() -> None:
        seen.append(identity(await anext(iterator)))

    while True:
        interruption = interrupt()
        try:
            await (interruption(take()) if interruption else take())
        except StopAsyncIteration:
            return seen, "complete"
        except GitHubPackagesError as error:
            return seen, type(error).__name__


def identity(result: Any) -> object:
    if isinstance(result, Page):
        return result.number, tuple(result.ids)
    if isinstance(result, PackageAudit):
        return result.package.id, result.versions, len(result.matches), result.complete
    return result.id


async def cut_short(choose: random.Random, taking: Coroutine[Any, Any, None]) -> None:
    """Interrupt a step of an iterator in one of several ways, perhaps only once it has ended."""
    way = choose.randrange(4)
    if way == 0:
        with suppress(TimeoutError):
            async with asyncio.timeout(choose.random()):
                await taking
    elif way == 1:
        with anyio.move_on_after(choose.random()):
            await taking
    else:
        task = asyncio.ensure_future(taking)
        await asyncio.sleep(choose.choice([0, choose.random()]))
        await turns(choose.randrange(10))
        task.cancel()
        if way == 3:
            await turns(choose.randrange(10))
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def some_interruptions(choose: random.Random) -> Callable[[], Interruption | None]:
    """Return what interrupts at first often, and then no more."""
    left = choose.randint(1, 20)

    def interrupt() -> Interruption | None:
        nonlocal left
        left -= 1
        return partial(cut_short, choose) if left >= 0 and choose.random() < 0.7 else None

    return interrupt


def run_seeds(block: int, check: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    """Run a check with each of 20 seeds on a virtual clock."""
    for seed in range(20 * block, 20 * block + 20):
        try:
            run(check(seed))
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("block", range(10))
def test_an_interrupted_iterator_goes_on_or_fails(reader: Reader, block: int):
    async def check(seed: int) -> None:
        choose = seeded(seed)
        steady = choose.random() < (0.7 if reader is consistent else 0.3)
        async with slow_client(reader, seeded(seed), steady=steady) as github:
            expected, end = await read(reader(github), lambda: None)
        async with slow_client(reader, seeded(seed), steady=steady) as github:
            seen, ended = await read(reader(github), some_interruptions(choose))
        if steady or ended == "complete":
            assert (seen, ended) == (expected, end)
        assert seen == expected[: len(seen)]

    run_seeds(block, check)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("block", range(5))
def test_a_second_consumer_is_refused_and_the_first_gets_everything(reader: Reader, block: int):
    async def check(seed: int) -> None:
        choose = seeded(seed)
        async with slow_client(reader, seeded(seed), steady=True) as github:
            expected = await read(reader(github), lambda: None)
        async with slow_client(reader, seeded(seed), steady=True) as github:
            iterator = reader(github)
            first = asyncio.create_task(read(iterator, lambda: None))
            await asyncio.sleep(choose.choice([0, choose.random(), choose.random() * 3]))
            await turns(choose.randrange(20))
            if not first.done():
                with pytest.raises(UsageError, match="needs an iterator of its own") as caught:
                    await anext(iterator)
                assert isinstance(caught.value, RuntimeError)
            assert await first == expected

    run_seeds(block, check)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("block", range(5))
def test_who_waits_while_the_iterator_is_closed_gets_an_error(reader: Reader, block: int):
    async def check(seed: int) -> None:
        choose = seeded(seed)
        async with slow_client(reader, choose, steady=True) as github:
            iterator = reader(github)
            reading = asyncio.create_task(read(iterator, lambda: None))
            await asyncio.sleep(choose.choice([0, choose.random(), choose.random() * 3]))
            await turns(choose.randrange(20))
            was_done = reading.done()
            await iterator.aclose()  # type: ignore[attr-defined]
            _, end = await reading
            assert end == ("complete" if was_done else "UsageError")
            with pytest.raises(StopAsyncIteration):
                await anext(iterator)

    run_seeds(block, check)


async def test_a_count_in_a_generator_that_is_closed_elsewhere_ends_there(quiet: None):
    async def counting() -> AsyncGenerator[RequestCount, None]:
        with count_requests() as count:
            yield count

    async with client(Recorder(lambda request: httpx.Response(200, json=package(1)))) as github:
        ask = partial(get, github)
        may_close = asyncio.Event()

        async def close() -> None:
            await may_close.wait()
            await generator.aclose()

        with count_requests() as outer:
            closing = asyncio.create_task(close())
            generator = counting()
            inner = await anext(generator)
            await ask()
            may_close.set()
            await closing
            await ask()
    assert inner.requests == 1
    assert outer.requests == 2


async def test_a_count_in_a_generator_that_is_dropped_ends_there(quiet: None):
    async def counting() -> AsyncGenerator[RequestCount, None]:
        with count_requests() as count:
            yield count

    async with client(Recorder(lambda request: httpx.Response(200, json=package(1)))) as github:
        async for each in counting():
            count = each
            await get(github)
            break
        gc.collect()
        await turns(3)
        await get(github)
    assert count.requests == 1
