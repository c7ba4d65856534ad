"""Work that clients do, the ways in which it is interrupted, and a server that is never in a hurry."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing, suppress
from functools import partial
from typing import Any

import anyio
import httpx
from tests.core.wire import package
from tests.core.wire import version as one_version
from tests.transport.limited_server import Answer
from tests.transport.loopback import Asked, answer
from tests.transport.organisation import Organisation, version

from ghpackages import GitHubPackages
from ghpackages.audit import audit

SMALL = Organisation(packages=3, size=lambda number: 4 * number, versions_per_page=4)
NAME = "team/package-3"
SECONDS = 5.0
"""How long anything may take at most that should take milliseconds: a stuck connection takes 30."""
PROBE = "probe"
"""The package that `Unhurried` answers about only when as many ask for it as can at once."""

Call = Callable[[GitHubPackages], Coroutine[Any, Any, None]]
Interruption = Callable[[random.Random, Coroutine[Any, Any, object]], Awaitable[None]]


async def prompt(asked: Asked) -> bytes:
    """Answer for a small organisation at once."""
    body, headers = content(asked)
    return answer(body=body, **headers) if asked.method == "GET" else b"HTTP/1.1 204 No Content\r\n\r\n"


def content(asked: Asked) -> Answer:
    """Return body and headers of an answer."""
    if "page=" not in asked.target:
        _, is_version, number = asked.target.rpartition("/versions/")
        return httpx.Response(200, json=one_version(int(number)) if is_version else package(3)).content, {}
    here = f"http://{asked.headers['host']}"
    body, headers = SMALL.answer(httpx.Request("GET", f"{here}{asked.target}"))
    return body, {name: value.replace("https://api.github.com", here) for name, value in headers.items()}


class Unhurried:
    """Answers for a small organisation: often late, in chunks, or in pieces.

    Args:
        choose: Decides what comes how.
        at_once: How many can ask at once.
    """

    def __init__(self, choose: random.Random, at_once: int) -> None:
        self._choose = choose
        self._all_ask = asyncio.Barrier(at_once)

    async def __call__(self, asked: Asked) -> bytes:
        if PROBE in asked.target:
            await self._all_ask.wait()
        elif self._choose.random() < 0.5:
            await asyncio.sleep(self._choose.random() * 0.002)
        if asked.method == "GET" and self._choose.random() < 0.3:
            body, headers = content(asked)
            return chunked(body, **headers)
        return await prompt(asked)

    def split(self, data: bytes) -> list[bytes]:
        """Cut an answer anywhere."""
        cut = self._choose.randrange(2 * len(data))
        return [part for part in (data[:cut], data[cut:]) if part]


def chunked(body: bytes, **headers: str) -> bytes:
    """An answer whose body comes in two chunks."""
    half = len(body) // 2
    parts = [part for part in (body[:half], body[half:]) if part]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    lines = "".join(f"{name}: {value}\r\n" for name, value in {"Content-Type": "application/json", **headers}.items())
    return f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{lines}\r\n".encode() + chunks


class Slow(httpx.AsyncBaseTransport):
    """Answers after a while; what is cancelled takes a while to end, as closing a connection does.

    Args:
        choose: Decides how long.
        answer_to: What it answers.
    """

    def __init__(self, choose: random.Random, answer_to: Callable[[httpx.Request], Answer]) -> None:
        self._choose, self._answer_to = choose, answer_to

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            await asyncio.sleep(self._choose.choice([0, self._choose.random()]))
        except asyncio.CancelledError:
            await asyncio.sleep(self._choose.choice([0, 0.1]))
            raise
        content, headers = self._answer_to(request)
        return httpx.Response(200, headers={"Content-Type": "application/json", **headers}, content=content)


class Shifting:
    """Answers for a listing of versions that shrinks or grows while it is read; each page is always the same.

    Args:
        choose: Decides how.
        steady: Whether it does neither.
    """

    PER_PAGE = 5

    def __init__(self, choose: random.Random, *, steady: bool) -> None:
        self.pages = choose.randint(1, 8)
        self._length = choose.randint(1, self.PER_PAGE)
        self._last = {number: self.pages if steady else choose.randint(number + 1, 10) for number in range(1, 9)}

    def __call__(self, request: httpx.Request) -> Answer:
        number = int(request.url.params["page"])
        length = 0 if number > self.pages else self._length if number == self.pages else self.PER_PAGE
        first = (number - 1) * self.PER_PAGE + 1
        body = f"[{','.join(version(1, each) for each in range(first, first + length))}]".encode()
        relations = {"next": number + 1, "last": self._last[number]} if number < self.pages else {"first": 1}
        target = str(request.url.copy_with(query=None))
        return body, {"Link": ", ".join(f'<{target}?page={page}>; rel="{name}"' for name, page in relations.items())}


async def get(github: GitHubPackages) -> None:
    await github.org("acme").get_package("container", NAME)


async def delete(github: GitHubPackages) -> None:
    await github.org("acme").delete_version("container", NAME, 1)


async def collect(github: GitHubPackages) -> None:
    versions = await github.org("acme").versions("container", NAME, per_page=4).collect()
    assert len(versions) == SMALL.size(3)


async def collect_audit(github: GitHubPackages) -> None:
    await audit(github, "acme").collect()


async def iterate(choose: random.Random, github: GitHubPackages) -> None:
    """Go through a listing or an audit, to the end or not, with and without closing it."""
    versions = github.org("acme").versions("container", NAME, per_page=4, consistent=choose.random() < 0.3)
    results: AsyncIterator[object] = choose.choice(
        [
            lambda: aiter(versions),
            lambda: versions.pages(),
            lambda: aiter(audit(github, "acme", types=["container"], per_page=4, consistent=choose.random() < 0.3)),
        ]
    )()
    last = choose.randrange(4) if choose.random() < 0.5 else None
    if choose.random() < 0.5:
        await go_through(results, last)
    else:
        async with aclosing(results) as closing:  # type: ignore[type-var]
            await go_through(closing, last)


async def go_through(results: AsyncIterator[object], last: int | None) -> None:
    number = 0
    async for _ in results:
        if number == last:
            break
        number += 1


def items(github: GitHubPackages) -> AsyncIterator[Any]:
    return aiter(github.org("acme").versions("container", NAME, per_page=Shifting.PER_PAGE))


def pages(github: GitHubPackages) -> AsyncIterator[Any]:
    return github.org("acme").versions("container", NAME, per_page=Shifting.PER_PAGE).pages()


def consistent(github: GitHubPackages) -> AsyncIterator[Any]:
    return aiter(github.org("acme").versions("container", NAME, per_page=Shifting.PER_PAGE, consistent=True))


def results(github: GitHubPackages) -> AsyncIterator[Any]:
    return aiter(audit(github, "acme", types=["container"], per_page=4, all_versions=True))


Reader = Callable[[GitHubPackages], AsyncIterator[Any]]
READERS: list[Reader] = [items, pages, consistent, results]


def some_work(choose: random.Random) -> Call:
    """Return a call, a listing or an audit."""
    return choose.choice([get, delete, collect, *[partial(iterate, choose)] * 3])


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - no secret


def now() -> float:
    return asyncio.get_running_loop().time()


async def until(condition: Callable[[], object], what: str) -> None:
    """Let turns of the event loop pass until something holds."""
    try:
        async with asyncio.timeout(SECONDS):
            while not condition():  # noqa: ASYNC110 - nothing reports it
                await asyncio.sleep(0)
    except TimeoutError:
        raise AssertionError(f"still {what}") from None


class SiblingError(Exception):
    """What a sibling in a task group raises."""


async def turns(count: int) -> None:
    """Let so many turns of the event loop pass."""
    for _ in range(count):
        await asyncio.sleep(0)


async def leave_alone(choose: random.Random, work: Coroutine[Any, Any, object]) -> None:
    await work


async def cancel(choose: random.Random, work: Coroutine[Any, Any, object]) -> None:
    await cancel_after(choose.randrange(61), work)


async def cancel_twice(choose: random.Random, work: Coroutine[Any, Any, object]) -> None:
    await cancel_after(choose.randrange(61), work, choose.randrange(6))


async def cancel_after(count: int, work: Coroutine[Any, Any, object], again: int | None = None) -> bool:
    """Cancel work after so many turns of the event loop, and perhaps once more; return whether it was done before."""
    task = asyncio.create_task(work)
    await turns(count)
    was_done = task.done()
    task.cancel()
    if again is not None:
        await turns(again)
        task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()
    return was_done


async def time_out(choose: random.Random, work: Coroutine[Any, Any, object]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(choose.random() * 0.005):
            await work


async def wait_for(choose: random.Random, work: Coroutine[Any, Any, object]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.ensure_future(work), choose.random() * 0.005)


async def fail_beside(choose: random.Random, work: Coroutine[Any, Any, object]) -> None:
    async def fail() -> None:
        await turns(choose.randrange(61))
        raise SiblingError

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(work)
            group.create_task(fail())
    except* SiblingError:
        pass


async def move_on(choose: random.Random, work: Coroutine[Any, Any, object]) -> None:
    with anyio.move_on_after(choose.random() * 0.005):
        await work


async def cancel_scope(choose: random.Random, work: Coroutine[Any, Any, object]) -> None:
    with anyio.CancelScope() as scope:

        async def cancel_it() -> None:
            await turns(choose.randrange(61))
            scope.cancel()

        cancelling = asyncio.create_task(cancel_it())
        await work
    await cancelling


INTERRUPTIONS: list[Interruption] = [
    *(leave_alone, cancel, cancel_twice, time_out, wait_for, fail_beside, move_on, cancel_scope),
]
