"""Cancellation costs nothing but the call: whatever is interrupted, and in whichever turn of the event loop."""

import asyncio
import gc
import importlib.util
import os
import random
import re
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from math import inf
from typing import Any

import anyio
import httpx
import pytest
import trustme
from tests.core.wire import client
from tests.transport.interruptions import (
    INTERRUPTIONS,
    NAME,
    PROBE,
    SECONDS,
    Call,
    Slow,
    Unhurried,
    cancel_after,
    delete,
    get,
    now,
    prompt,
    seeded,
    some_work,
    turns,
    until,
)
from tests.transport.limited_server import Answer
from tests.transport.loopback import Asked, Server, serving
from tests.transport.virtual_clock import on_virtual_clock

from ghpackages import GitHubPackages, UsageError

pytestmark = pytest.mark.usefixtures("quick_gc")

KINDS = 2 if importlib.util.find_spec("aiohttp") else 1
"""How many kinds of connections there are: with `fast`, those for reading are aiohttp's, the others httpx's."""


async def check_as_good_as_new(github: GitHubPackages, server: Server) -> None:
    """As many calls as may be made at once, of either kind, are made at once, and nothing is left over."""
    gc.collect()  # what was dropped may be in a circle with an error
    tasks = {asyncio.current_task(), *server.tasks}
    await until(lambda: asyncio.all_tasks() <= tasks | server.tasks, f"running: {asyncio.all_tasks() - tasks}")
    most = KINDS * github.concurrency
    await until(lambda: server.open <= most, f"more than {most} connections open")
    acme = github.org("acme")
    async with asyncio.timeout(SECONDS):
        await asyncio.gather(*(acme.get_package("container", PROBE) for _ in range(github.concurrency)))
        await asyncio.gather(*(acme.delete_version("container", PROBE, 1) for _ in range(github.concurrency)))
    await until(lambda: server.open <= most, f"more than {most} connections open after as many calls")
    assert github.rate_limit.paused_until is None


@asynccontextmanager
async def client_and_server(
    choose: random.Random, concurrency: int, tls: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[tuple[GitHubPackages, Server]]:
    unhurried = Unhurried(choose, concurrency)
    async with serving(unhurried, tls=tls) as server:
        server.split = unhurried.split
        options = {"base_url": str(server.url), "trust_env": False, "concurrency": concurrency} | options
        async with GitHubPackages("made-up-token", **options) as github:
            yield github, server


@pytest.mark.parametrize("seed", range(25))
async def test_after_any_interruptions_a_client_is_as_good_as_new(seed: int, quiet: None):
    choose = seeded(seed)
    async with client_and_server(choose, choose.choice([1, 2, 4])) as (github, server):
        for _ in range(4):
            interrupted = 0
            while interrupted < 25:
                at_once = choose.randint(1, 4)
                async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as group:
                    for _ in range(at_once):
                        work = some_work(choose)(github)
                        group.create_task(choose.choice(INTERRUPTIONS)(choose, work))
                interrupted += at_once
            await check_as_good_as_new(github, server)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server_side(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="module")
def client_side(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def without_gc() -> Iterator[None]:
    """What is not closed stays open."""
    gc.disable()
    yield
    gc.enable()


def one_at_a_time(url: httpx.URL, **options: Any) -> GitHubPackages:
    """A client of one connection of each kind."""
    options = {"concurrency": 1, "timeout": SECONDS, "trust_env": False} | options
    return GitHubPackages("made-up-token", base_url=str(url), **options)


@pytest.mark.parametrize("again", [None, 0, 1], ids=["once", "twice at once", "again in the next turn"])
@pytest.mark.parametrize("call", [get, delete])
@pytest.mark.parametrize("way", ["http", "https", "proxy"])
async def test_a_call_can_be_cancelled_in_any_turn(
    way: str,
    call: Call,
    again: int | None,
    server_side: ssl.SSLContext,
    client_side: ssl.SSLContext,
    without_gc: None,
    quiet: None,
):
    was_done, count = False, 0
    async with serving(prompt, tls=None if way == "http" else server_side) as server, serving() as proxy:
        proxy_url = str(proxy.url) if way == "proxy" else None
        while not was_done:
            async with one_at_a_time(server.url, verify=client_side, proxy=proxy_url) as github:
                was_done = await cancel_after(count, call(github), again)
                async with asyncio.timeout(SECONDS):
                    await call(github)
                await until(lambda: max(server.open, proxy.open) <= 1, f"open, when cancelled in turn {count}")
            count += 1
    assert count > 10


@pytest.mark.parametrize("call", [get, delete])
async def test_a_handshake_that_never_ends_can_be_cancelled(
    call: Call, client_side: ssl.SSLContext, without_gc: None, quiet: None
):
    async with serving() as server, one_at_a_time(server.url.copy_with(scheme="https"), verify=client_side) as github:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.02):
                    await call(github)
            assert server.accepted
            await until(lambda: server.open == 0, "open, when cancelled during the handshake")


@pytest.mark.parametrize("call", [get, delete])
async def test_a_new_handshake_can_be_cancelled_in_any_turn_although_the_last_connection_is_fresh(
    call: Call, server_side: ssl.SSLContext, client_side: ssl.SSLContext, without_gc: None, quiet: None
):
    async def last_one(asked: Asked) -> bytes:
        return (await prompt(asked)).replace(b"\r\n", b"\r\nconnection: close\r\n", 1)

    was_done, count = False, 0
    async with serving(last_one, tls=server_side) as server:
        while not was_done:
            async with one_at_a_time(server.url, verify=client_side) as github:
                await call(github)
                was_done = await cancel_after(count, call(github))
                await until(lambda: server.open == 0, f"open, when cancelled in turn {count}")
            count += 1
    assert count > 10


@pytest.mark.parametrize("call", [get, delete])
async def test_leaving_a_client_within_a_cancelled_scope_closes_its_connections(
    call: Call, without_gc: None, quiet: None
):
    async with serving(prompt) as server:
        for count in range(40):
            with anyio.CancelScope() as scope:
                async with GitHubPackages("made-up-token", base_url=str(server.url), trust_env=False) as github:
                    await asyncio.gather(*(call(github) for _ in range(4)))
                    calls = [asyncio.ensure_future(call(github)) for _ in range(4)]
                    await turns(count)
                    scope.cancel()
                    await asyncio.gather(*calls)
            await asyncio.wait(calls)
            await until(lambda: server.open == 0, f"open, when cancelled in turn {count}")


@pytest.mark.parametrize("call", [get, delete])
async def test_closing_a_client_can_be_cancelled_in_any_turn_and_still_closes_it(
    call: Call, without_gc: None, quiet: None
):
    was_done, count = False, 0
    async with serving(prompt) as server:
        while not was_done:
            github = GitHubPackages("made-up-token", base_url=str(server.url), trust_env=False)
            await asyncio.gather(*(call(github) for _ in range(4)))
            was_done = await cancel_after(count, github.aclose())
            await github.aclose()
            await until(lambda: server.open == 0, f"open, when closing was cancelled in turn {count}")
            count += 1


@pytest.mark.parametrize("call", [get, delete])
@pytest.mark.parametrize("way", ["http", "https", "proxy"])
async def test_a_client_can_be_closed_in_any_turn_while_it_connects(
    way: str, call: Call, server_side: ssl.SSLContext, client_side: ssl.SSLContext, without_gc: None, quiet: None
):
    was_done, count = False, 0
    async with serving(prompt, tls=None if way == "http" else server_side) as server, serving() as proxy:
        options: dict[str, Any] = {"verify": client_side, "proxy": str(proxy.url) if way == "proxy" else None}
        while not was_done:
            github = GitHubPackages("made-up-token", base_url=str(server.url), trust_env=False, **options)
            calls = [asyncio.create_task(call(github)) for _ in range(3)]
            await turns(count)
            was_done = all(each.done() for each in calls)
            async with asyncio.timeout(SECONDS):
                await github.aclose()
                for error in await asyncio.gather(*calls, return_exceptions=True):
                    assert error is None or isinstance(error, UsageError), f"when closed in turn {count}: {error!r}"
            await until(lambda: server.open + proxy.open == 0, f"open, when closed in turn {count}")
            count += 1
    assert count > 10


@pytest.mark.parametrize("seed", range(10))
@on_virtual_clock
async def test_cancelled_requests_leave_the_budget_as_it_is(seed: int):
    choose, budget, sent = seeded(seed), 40, list[float]()
    tasks, cancelling = list[asyncio.Task[None]](), set[asyncio.Task[None]]()

    def note(request: httpx.Request) -> Answer:
        """Cancel some of those who wait longest, about when the next one may go."""
        sent.append(now())
        if choose.random() < 0.5:
            cancelling.add(asyncio.ensure_future(cancel_some()))
        return b"[]", {}

    async def cancel_some() -> None:
        await asyncio.sleep(choose.choice([0, 60.001]))
        await turns(choose.randrange(8))
        for task in [task for task in tasks if not task.done()][: choose.randint(1, 4)]:
            task.cancel()

    async def ask(github: GitHubPackages) -> None:
        await github.org("acme").versions("container", NAME).page(1)

    async def ask_now_or_later(github: GitHubPackages) -> None:
        await asyncio.sleep(choose.choice([0, 0, 0, choose.random() * 100]))
        await asyncio.wait_for(ask(github), choose.choice([None, None, 0, choose.random() * 60]))

    options: dict[str, Any] = {"points_per_minute": budget, "concurrency": choose.choice([1, 4, 16]), "max_wait": inf}
    async with client(Slow(choose, note), **options) as github:
        tasks += [asyncio.create_task(ask_now_or_later(github)) for _ in range(200)]
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*cancelling)
        await asyncio.sleep(61)
        before, count = now(), len(sent)
        await asyncio.gather(*(ask(github) for _ in range(budget)))
        assert len(sent) - count == budget
        assert now() - before < budget
        assert all(later - earlier > 60 for earlier, later in zip(sent, sent[budget:], strict=False))
        assert github.rate_limit.paused_until is None
        await asyncio.gather(*cancelling)


INTERRUPTED = """
import asyncio, gc, random, signal, sys, threading
from tests.transport import interruptions
from tests.transport.loopback import serving
from ghpackages import GitHubPackages, UsageError

choose = random.Random(sys.argv[1])
way, ports = sys.argv[2], []

async def serve():
    async with serving(interruptions.prompt) as server:
        ports.append(server.port)
        await asyncio.Event().wait()

async def work(github):
    while True:
        async with asyncio.TaskGroup() as group:
            for _ in range(6):
                group.create_task(interruptions.some_work(choose)(github))

async def main():
    threading.Timer(choose.random() * 0.05, signal.raise_signal, (signal.SIGINT,)).start()
    github = GitHubPackages("made-up-token", base_url=f"http://127.0.0.1:{ports[0]}", trust_env=False, concurrency=4)
    if way == "closed":
        async with github:
            await work(github)
    await work(github)

threading.Thread(target=asyncio.run, args=(serve(),), daemon=True).start()
while not ports:
    pass
for _ in range(12):
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        gc.collect()
    else:
        raise AssertionError("not interrupted")
asyncio.run(main())
"""
COMPLAINTS = re.compile("Warning|never awaited|never retrieved|was destroyed|Exception ignored")


@pytest.mark.parametrize("way", ["closed", "dropped"])
def test_after_ctrl_c_nothing_is_complained_about(way: str):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(  # noqa: S603 - ours
                    [sys.executable, "-X", "dev", "-W", "error", "-c", INTERRUPTED, str(seed), way],
                    stderr=subprocess.PIPE,
                    text=True,
                    env=environment,
                )
            )
            for seed in range(2)
        ]
        written = [process.communicate(timeout=60)[1] for process in processes]
    for text in written:
        assert text.rstrip().endswith("KeyboardInterrupt")
        assert not COMPLAINTS.search(text), text
