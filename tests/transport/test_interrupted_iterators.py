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
from ghpackages.transport import TokenSource

Interruption = Callable[[Coroutine[Any, Any, None]], Awaitable[None]]


def slow_client(reader: Reader, choose: random.Random, *, steady: bool = False, **options: Any) -> GitHubPackages:
    """A client for something to read that is the same for the same state of `choose`, however long it takes."""
    listing = Shifting(choose, steady=steady)
    transport = Slow(choose, SMALL.answer if reader is results else listing)
    return client(transport, concurrency=choose.choice([1, 2, 4]), **options)


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
def test_who_waits_while_the_iterator_is_closed_gets_an_error_and_nothing_more_is_sent(reader: Reader, block: int):
    async def check(seed: int) -> None:
        choose = seeded(seed)
        with count_requests() as count:
            async with slow_client(reader, choose, steady=True) as github:
                iterator = reader(github)
                reading = asyncio.create_task(read(iterator, lambda: None))
                await asyncio.sleep(choose.choice([0, choose.random(), choose.random() * 3]))
                await turns(choose.randrange(20))
                was_done = reading.done()
                await iterator.aclose()  # type: ignore[attr-defined]
                sent = count.requests
                _, end = await reading
                assert end == ("complete" if was_done else "UsageError")
                assert count.requests == sent
                with pytest.raises(StopAsyncIteration):
                    await anext(iterator)

    run_seeds(block, check)


@pytest.mark.parametrize("block", range(10))
def test_an_audit_whose_task_is_cancelled_by_others_loses_nothing_without_an_error(block: int):
    ends: set[str] = set()

    async def check(seed: int) -> None:
        choose = seeded(seed)
        async with slow_client(results, seeded(seed)) as github:
            expected, _ = await read(results(github), lambda: None)
        async with slow_client(results, seeded(seed)) as github:
            others = asyncio.all_tasks()
            reading = asyncio.create_task(read(results(github), lambda: None))
            await asyncio.sleep(choose.choice([0, choose.random(), choose.random() * 3]))
            await turns(choose.randrange(20))
            tasks = sorted(
                asyncio.all_tasks() - others - {reading}, key=lambda task: (len(task.get_name()), task.get_name())
            )
            if tasks:
                choose.choice(tasks).cancel()
            seen, end = await reading
        whole = [result for result in seen if result[-1]]  # the others have an error
        assert whole == [result for result in expected if result in whole]
        assert end == "UsageError" or whole != seen or (seen, end) == (expected, "complete")
        ends.add(end)

    run_seeds(block, check)
    assert ends == {"complete", "UsageError"}


class FailingSource:
    """A callable for the token that fails at one of its calls."""

    def __init__(self, fail: TokenSource, at: int) -> None:
        self._fail, self._left = fail, at

    def __call__(self) -> Awaitable[str]:
        self._left -= 1
        return self._fail() if self._left == 0 else self._give()

    async def _give(self) -> str:
        return "made-up"

    @property
    def has_failed(self) -> bool:
        return self._left <= 0


def stop() -> Awaitable[str]:
    raise StopIteration


async def stop_async() -> str:
    raise StopAsyncIteration


async def no_tokens() -> AsyncGenerator[str, None]:
    for token in ():
        yield token


def exhausted() -> Awaitable[str]:
    return anext(no_tokens())


async def cancelled() -> str:
    raise asyncio.CancelledError


async def cancelled_elsewhere() -> str:
    task = asyncio.ensure_future(asyncio.sleep(1, "made-up"))
    task.cancel()
    return await task


@pytest.mark.parametrize("fail", [stop, stop_async, exhausted, cancelled, cancelled_elsewhere])
@pytest.mark.parametrize("reader", READERS)
def test_a_callable_for_the_token_that_fails_in_an_odd_way_ends_nothing_as_if_complete(
    reader: Reader, fail: TokenSource
):
    async def check(at: int) -> bool:
        async with slow_client(reader, seeded(3), steady=True) as github:
            expected, _ = await read(reader(github), lambda: None)
        source = FailingSource(fail, at)
        async with slow_client(reader, seeded(3), steady=True, token=source) as github:
            iterator, seen = reader(github), list[Any]()
            try:
                async for result in iterator:
                    seen.append(identity(result))
            except RuntimeError:
                assert source.has_failed
                rest, _ = await read(iterator, lambda: None)
                assert (seen, rest) == (expected[: len(seen)], [] if reader is results else expected[len(seen) :])
                assert not getattr(iterator, "is_complete", False)
                await iterator.aclose()  # type: ignore[attr-defined]
            else:  # it did not fail, or for a page ahead of its turn, which was asked for again
                assert seen == expected
        return source.has_failed

    at = 1
    while run(check(at)):
        at += 1
    assert at > 3


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
