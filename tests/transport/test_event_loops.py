"""A client works in one event loop at a time, until it is closed."""

import asyncio
import gc
import json
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import inf
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.wire import Recorder, client, package
from tests.transport.interruptions import (
    NAME,
    READERS,
    SECONDS,
    SMALL,
    Call,
    Reader,
    Shifting,
    cancel_after,
    collect,
    collect_audit,
    delete,
    get,
    items,
    prompt,
    results,
    seeded,
    turns,
    until,
)
from tests.transport.loopback import Answer, Asked, Server, answer, serving, silent
from tests.transport.virtual_clock import run

from ghpackages import GitHubPackages, GitHubPackagesError, PackageType, UsageError
from ghpackages.audit import audit
from ghpackages.transport import Token
from ghpackages.transport._connections import connections
from ghpackages_api.api.packages import get_package_for_org


@contextmanager
def elsewhere(give: Answer) -> Iterator[Server]:
    """A server in a thread of its own, which outlives the event loops of its clients."""
    started: queue.Queue[tuple[Server, asyncio.AbstractEventLoop, asyncio.Event]] = queue.Queue()

    async def serve() -> None:
        async with serving(give) as server:
            end = asyncio.Event()
            started.put((server, asyncio.get_running_loop(), end))
            await end.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    server, loop, end = started.get()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join()


def client_of(server: Server, token: Token = "made-up-token") -> GitHubPackages:  # noqa: S107 - made up
    """A client of a server."""
    return GitHubPackages(token, base_url=str(server.url), trust_env=False)


@pytest.fixture
def nothing_dropped_open() -> Iterator[None]:
    """Warnings of what is dropped are raised in this test."""
    yield
    gc.collect()


async def some_of_everything(github: GitHubPackages, concurrency: int) -> None:
    await asyncio.gather(*(call(github) for call in (get, delete) for _ in range(3 * concurrency)))
    assert len(await github.org("acme").versions("container", NAME, per_page=4).collect()) == SMALL.size(3)
    assert (await audit(github, "acme", types=["container"], per_page=4).collect()).complete


def test_a_client_can_be_used_in_one_event_loop_after_the_other(nothing_dropped_open: None):
    with elsewhere(prompt) as server:
        github = client_of(server)
        for _ in range(3):
            asyncio.run(some_of_everything(github, 4))
        asyncio.run(github.aclose())


def test_tasks_that_wait_for_a_new_token_in_one_event_loop_do_not_hold_up_those_in_the_next(nothing_dropped_open: None):
    async def refuse(asked: Asked) -> bytes:
        return await prompt(asked) if "new" in asked.headers["authorization"] else answer(401, b'{"message": "No."}')

    async def token() -> str:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0)
        return "old" if calls <= 4 else "new"

    with elsewhere(refuse) as server:
        calls = 0
        github = client_of(server, token)
        for _ in range(3):
            calls = 0
            asyncio.run(asyncio.wait_for(some_of_everything(github, 4), SECONDS))
        asyncio.run(github.aclose())


def test_a_pause_that_began_in_one_event_loop_ends_in_the_next(nothing_dropped_open: None):
    async def refuse_once(asked: Asked) -> bytes:
        if len(server.asked) == 1:
            return answer(429, b'{"message": "You have exceeded a secondary rate limit."}', retry_after="1")
        return await prompt(asked)

    with elsewhere(refuse_once) as server:
        github = client_of(server)
        with pytest.raises(TimeoutError):
            asyncio.run(asyncio.wait_for(get(github), 0.2))
        asyncio.run(asyncio.wait_for(get(github), SECONDS))
        asyncio.run(github.aclose())


class AtOnce(httpx.AsyncBaseTransport):
    """Counts how many requests are under way at once."""

    now = most = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.01)
        self.now -= 1
        return httpx.Response(200, json=package(1))


def test_what_another_event_loop_never_finished_is_forgotten(nothing_dropped_open: None):
    async def begin() -> None:
        unfinished.extend(asyncio.ensure_future(get(github)) for _ in range(6))
        await turns(20)

    async def go_on() -> None:
        async with asyncio.timeout(SECONDS):
            await get(github)
            unfinished.clear()
            gc.collect()  # what is closed then gives back permits that it does not hold any more
            transport.now = transport.most = 0
            await asyncio.gather(*(get(github) for _ in range(6)))

    transport, unfinished = AtOnce(), list["asyncio.Future[None]"]()
    github = client(transport, concurrency=2, points_per_minute=900)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(begin())
    loop.close()
    asyncio.run(go_on())
    assert transport.most == 2


@pytest.mark.parametrize("begun", [*range(0, 20, 2), 40])
def test_what_another_event_loop_never_finished_is_collected_without_a_word(begun: int, nothing_dropped_open: None):
    async def begin() -> list["asyncio.Task[None]"]:
        tasks = [asyncio.create_task(get(github)) for _ in range(6)]
        await turns(begun)
        for task in tasks:
            task._log_destroy_pending = False  # type: ignore[attr-defined] # that is asyncio's word, and right
        return tasks

    github = client(AtOnce(), concurrency=2, points_per_minute=900)
    loop = asyncio.new_event_loop()
    unfinished = loop.run_until_complete(begin())
    loop.close()
    unfinished.clear()
    gc.collect()
    asyncio.run(asyncio.wait_for(get(github), SECONDS))


@pytest.mark.parametrize("status", [200, 401, 503])
@pytest.mark.parametrize("call", [get, delete])
def test_what_goes_on_in_one_event_loop_after_another_one_was_used_succeeds_or_is_refused(
    call: Call, status: int, nothing_dropped_open: None
):
    async def at_first(asked: Asked) -> bytes:
        return answer(status, b'{"message": "No."}') if status > 200 and len(server.asked) <= 4 else await prompt(asked)

    async def token() -> str:
        return "made-up-token"

    async def begin() -> list["asyncio.Task[None]"]:
        tasks = [asyncio.create_task(call(github)) for _ in range(4)]
        await until(lambda: len(server.asked) >= 4, "not sent")
        return tasks

    async def use() -> None:
        await asyncio.gather(*(call(github) for _ in range(2)))

    async def finish(tasks: list["asyncio.Task[None]"]) -> list[BaseException | None]:
        async with asyncio.timeout(SECONDS):
            return await asyncio.gather(*tasks, return_exceptions=True)

    with elsewhere(at_first) as server:
        github = client_of(server, token)
        with asyncio.Runner() as first:
            tasks = first.run(begin())
            asyncio.run(use())
            errors = first.run(finish(tasks))
            first.run(github.aclose())
    assert [error for error in errors if not (error is None or isinstance(error, UsageError))] == []


def test_a_client_is_refused_in_a_second_event_loop_while_the_first_one_runs(nothing_dropped_open: None):
    def second() -> None:
        with pytest.raises(UsageError, match="event loop"):
            asyncio.run(get(github))

    async def first() -> None:
        asking = asyncio.create_task(get(github))
        await asyncio.to_thread(arrived.wait, SECONDS)
        await asyncio.to_thread(second)
        may_answer.set()
        await asking
        await get(github)
        await github.aclose()

    async def when_allowed(asked: Asked) -> bytes:
        arrived.set()
        await asyncio.to_thread(may_answer.wait, SECONDS)
        return await prompt(asked)

    arrived, may_answer = threading.Event(), threading.Event()
    with elsewhere(when_allowed) as server:
        github = client_of(server)
        asyncio.run(first())


class Hanging(httpx.AsyncBaseTransport):
    """Answers so many requests, and no more until it is told to.

    Args:
        answer_to: What it answers.
        left: How many.
    """

    def __init__(self, answer_to: Callable[[httpx.Request], tuple[bytes, dict[str, str]]], left: float) -> None:
        self._answer_to, self.left = answer_to, left

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.left -= 1
        if self.left < 0:
            await asyncio.Event().wait()
        content, headers = self._answer_to(request)
        return httpx.Response(200, headers={"Content-Type": "application/json", **headers}, content=content)


@pytest.mark.parametrize("answered", range(6))
@pytest.mark.parametrize("reader", READERS)
def test_an_iterator_of_another_event_loop_goes_on_or_fails(reader: Reader, answered: int, nothing_dropped_open: None):
    listing = SMALL.answer if reader is results else Shifting(seeded(3), steady=True)
    seen: list[Any] = []

    async def go_through() -> None:
        async for result in iterator:
            seen.append(result)

    iterator = reader(client(Hanging(listing, inf)))
    asyncio.run(go_through())
    expected, seen = seen, []
    transport = Hanging(listing, answered)
    iterator = reader(client(transport, concurrency=2))
    with suppress(TimeoutError):  # some listings are over with the fourth response
        asyncio.run(asyncio.wait_for(go_through(), 0.05))
    assert answered > 3 or len(seen) < len(expected)
    transport.left = inf
    with suppress(GitHubPackagesError):
        asyncio.run(asyncio.wait_for(go_through(), SECONDS))
        assert len(seen) == len(expected)


async def enter(github: GitHubPackages) -> None:
    async with github:
        pass


async def restore(github: GitHubPackages) -> None:
    await github.org("acme").restore_version("container", NAME, 1)


async def one_page(github: GitHubPackages) -> None:
    await github.org("acme").versions("container", NAME).page(1)


async def raw(github: GitHubPackages) -> None:
    await get_package_for_org.asyncio(package_type=PackageType.NPM, package_name="x", org="acme", client=github.api)


async def plan_audit(github: GitHubPackages) -> None:
    await audit(github, "acme").plan()


def step(reader: Reader) -> Call:
    async def take(github: GitHubPackages) -> None:
        await anext(reader(github))

    take.__name__ = reader.__name__
    return take


CALLS = [get, delete, restore, one_page, raw, enter, collect_audit, plan_audit, *map(step, READERS)]


@pytest.mark.parametrize("call", CALLS)
def test_without_asyncio_there_is_one_clear_error(call: Call, nothing_dropped_open: None):
    github = GitHubPackages("made-up-token", base_url="http://127.0.0.1:1", trust_env=False)
    with pytest.raises(UsageError, match="asyncio"):
        call(github).send(None)


def test_under_trio_there_is_one_clear_error(nothing_dropped_open: None):
    trio = pytest.importorskip("trio")
    github = GitHubPackages("made-up-token", base_url="http://127.0.0.1:1", trust_env=False)
    for call in CALLS:
        with pytest.raises(UsageError, match="asyncio"):
            trio.run(call, github)


@pytest.fixture(params=["httpx", "fast", "own"])
def closable(request: pytest.FixtureRequest) -> GitHubPackages:
    """A client with connections of either kind, or with a transport of one's own."""
    if request.param == "fast":
        pytest.importorskip("aiohttp", reason="the extra fast is not installed")
    if request.param == "own":
        return client(Recorder(lambda request: httpx.Response(200, json=[])))
    url = httpx.URL("http://127.0.0.1:1")
    inner = connections(url, proxy=None, verify=True, trust_env=False, fast=request.param == "fast")
    return GitHubPackages("made-up-token", base_url=str(url), transport=inner, trust_env=False)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("entered", [True, False])
async def test_a_closed_client_and_its_views_are_closed(
    closable: GitHubPackages, call: Call, entered: bool, quiet: None
):
    view = closable.with_options(token="another-token")
    if entered:
        await closable.__aenter__()
    await closable.aclose()
    await closable.aclose()
    for each in (closable, view, closable.with_options(retries=0), view.with_options(max_wait=1)):
        with pytest.raises(UsageError) as caught:
            await call(each)
        assert str(caught.value) == "this client is closed"


@pytest.mark.parametrize("call", [get, delete, step(items), collect_audit])
async def test_closing_a_client_ends_what_is_under_way_with_an_error(call: Call):
    async with serving(silent) as server:
        github = client_of(server)
        calling = asyncio.create_task(call(github))
        await server.was_asked.wait()
        await github.aclose()
        async with asyncio.timeout(SECONDS):
            with pytest.raises(GitHubPackagesError):
                await calling


@settings(max_examples=60, deadline=None)
@given(
    answers=st.lists(st.sampled_from([200, 204, 401, 429, 503]), max_size=8),
    latency=st.sampled_from([0, 0.1, 1]),
    closed_at=st.floats(0, 4),
    concurrency=st.sampled_from([1, 2, 8]),
    calls=st.lists(st.sampled_from([get, delete, collect, collect_audit]), min_size=1, max_size=6),
    by_view=st.booleans(),
)
def test_after_a_client_or_a_view_was_closed_nothing_more_is_sent(
    answers: list[int], latency: float, closed_at: float, concurrency: int, calls: list[Call], by_view: bool
):
    async def give(request: httpx.Request) -> httpx.Response:
        assert not closed
        await asyncio.sleep(latency)
        status = left.pop() if left else 200
        if status == 200:
            content, headers = SMALL.answer(request) if "page=" in str(request.url) else (json.dumps(package(3)), {})
            return httpx.Response(200, content=content, headers=headers)
        return httpx.Response(status, json={"message": "You have exceeded a secondary rate limit."})

    async def token() -> str:
        await asyncio.sleep(0.01)
        return "made-up-token"

    async def main() -> None:
        nonlocal closed
        github = client(httpx.MockTransport(give), concurrency=concurrency, max_wait=inf, token=token)
        used = github.with_options(retries=2) if by_view and collect_audit not in calls else github
        tasks = [asyncio.create_task(call(used)) for call in calls]
        await asyncio.sleep(closed_at)
        await used.aclose()
        closed = True
        for error in await asyncio.gather(*tasks, return_exceptions=True):
            assert error is None or isinstance(error, GitHubPackagesError)
        await github.aclose()

    left, closed = answers[:], False
    run(main())


@pytest.mark.parametrize("calls", [[get] * 4, [delete] * 4, [get, delete] * 4], ids=["get", "delete", "both"])
def test_closing_a_client_can_be_cancelled_at_the_end_of_an_event_loop_and_still_closes_it(
    calls: list[Call], nothing_dropped_open: None
):
    async def main(count: int) -> None:
        await asyncio.gather(*(call(github) for call in calls))
        was_done.append(await cancel_after(count, github.aclose()))

    was_done = [False]
    with elsewhere(prompt) as server:
        gc.disable()  # what is not closed stays open
        try:
            while not was_done[-1]:
                github = client_of(server)
                asyncio.run(main(len(was_done) - 1))
                asyncio.run(until(lambda: server.open == 0, f"open, when cancelled in turn {len(was_done) - 2}"))
        finally:
            gc.enable()


async def test_closing_a_view_closes_nothing_else(quiet: None):
    async with serving(prompt) as server, client_of(server) as github:
        view, other = github.with_options(max_wait=1), github.with_options(max_wait=2)
        await get(view)
        async with view:
            await get(view)
        with pytest.raises(UsageError, match="closed"):
            await get(view)
        await get(other)
        await get(github)
        assert server.accepted == 1
