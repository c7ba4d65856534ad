"""`python -m tests.transport.chaos [CALLS] [--seed N]`: calls over real sockets that fail in every way.

The client has connections of its own, those of httpx or, with the extra `fast`, of aiohttp. Behind the wire is the mock
server, which is asked what is true. Exit code 1, with the seed that repeats it, if a result is wrong, the token can be
read anywhere, an error is none of ours, or anything is left over.
"""

import argparse
import asyncio
import gc
import importlib.util
import logging
import os
import random
import traceback
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import httpx
from attrs import define, field
from tests.transport.chaos_faults import AFTER, FAULTS, LIES, LOOP, TRIED, Exchange, Fault, is_about_version
from tests.transport.interruptions import PROBE, SECONDS, Unhurried, until
from tests.transport.loopback import Asked, Server, abort, fine, running
from tests.transport.model import Action, Model, seeded

from ghpackages import GitHubPackages, GitHubPackagesError
from ghpackages.testing import EPOCH, MockClock, MockGitHub
from ghpackages.transport import SkippingClock

TOKEN = "ghp_planted0marker0of0forty0characters00"
CALLS, SHARE, TIMEOUT = 25, 0.4, 0.05
"""Calls of a package, the share of requests that are spoilt, and the seconds of silence that the client bears."""
LONGEST = 6_000
KINDS = 2 if importlib.util.find_spec("aiohttp") else 1
"""How many kinds of connections there are."""
FOREIGN = {"httpcore", "h11", "anyio", "aiohttp"}
FILES = Path("/proc/self/fd")
TRUE = Fault(Exchange.say, works=AFTER)


@define
class Wire:
    """What the wire does to the requests about one package."""

    choose: random.Random
    faults: list[str]
    effects: Counter[str] = field(factory=Counter[str])
    """How often the server did what was asked, by method and path."""
    spoilt: list[str] = field(factory=list[str])
    lasting: str | None = None
    """What the next request meets, too: a gateway that knows no version knows no package, either."""
    is_in_doubt: bool = False
    """Whether the answer to a change was spoilt last, so that a look-up comes."""
    publishes: bool = False
    """Whether the package, which was deleted, is published anew when the next request comes."""

    def next(self, asked: Asked) -> Fault:
        """The fault for a request: all that fit in turn, and more lies to look-ups."""
        name, self.lasting = self.lasting, None
        is_look_up = asked.method == "GET" and self.is_in_doubt
        self.is_in_doubt = is_look_up
        if name is None and self.choose.random() >= SHARE:
            return TRUE
        self.is_in_doubt |= asked.method != "GET"
        if name is None and is_look_up and self.choose.random() < 0.7:
            name = self.choose.choice([name for name in LIES if FAULTS[name].fits(asked)])
        if name is None:
            name = next(name for name in self.faults if FAULTS[name].fits(asked))
            self.faults.remove(name)
            self.faults.append(name)
        self.lasting = name if "404" in name and asked.method == "GET" and is_about_version(asked) else None
        self.spoilt.append(name)
        return FAULTS[name]


class ChaoticServer(Server):
    """Asks the mock server, and spoils its answers.

    Args:
        github: The mock server.
        choose: Decides what comes how.
        at_once: How many can ask at once.
    """

    def __init__(self, github: MockGitHub, choose: random.Random, at_once: int) -> None:
        super().__init__(fine, "http")
        self.github = github
        self.elsewhere = Server(fine, "http")
        self.wires: dict[str, Wire] = {}
        self.requests = self.published = 0
        self._inside = httpx.ASGITransport(app=github)
        self._unhurried = Unhurried(choose, at_once)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        asked = Asked.parse(await reader.readuntil(b"\r\n\r\n"))
        self.requests += 1
        data, end = await self._answer(asked)
        size = 1 if end == "slowly" else len(data)
        for part in (data[place : place + size] for place in range(0, len(data), size or 1)):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)
        if end == "silence":
            await reader.read()
        if end == "reset":
            abort(writer)
        return end in {"", "slowly"}

    async def _answer(self, asked: Asked) -> tuple[bytes, str]:
        """What is sent, and what becomes of the connection then."""
        if PROBE in asked.target:
            return await self._unhurried(asked), ""
        if asked.target == LOOP:
            return f"HTTP/1.1 302 Found\r\nLocation: {LOOP}\r\nContent-Length: 0\r\n\r\n".encode(), ""
        package = asked.target.split("/")[5].partition("?")[0]
        wire = self.wires[package]
        if wire.publishes and asked.method == "GET":
            wire.publishes = False
            if self.github.owner("acme").package("npm", package) is None:
                self._publish(package)
        fault = wire.next(asked)
        works = asked.method == "GET" or wire.choose.choice(fault.works)
        reply = await self._served(asked, wire) if works else httpx.Response(204)
        is_gone = asked.method == "DELETE" and self.github.owner("acme").package("npm", package) is None
        if is_gone and works and fault is not TRUE:
            when = wire.choose.choice(["never", "now", "at the look-up", "at the look-up"])
            wire.publishes = when == "at the look-up"
            if when == "now":
                self._publish(package)
        if fault.has_body and not reply.content:
            reply = httpx.Response(500, json={"message": "Server Error"})
        return fault.spoil(Exchange(asked, reply, wire.choose, str(self.elsewhere.url))), fault.end

    async def _served(self, asked: Asked, wire: Wire) -> httpx.Response:
        request = httpx.Request(asked.method, self.url.join(asked.target), headers=asked.headers)
        reply = await self._inside.handle_async_request(request)
        await reply.aread()
        if reply.status_code == 204:
            wire.effects[f"{asked.method} {asked.target}"] += 1
        return reply

    def _publish(self, name: str) -> None:
        """Publish a package anew, of whose deletion the client does not know yet."""
        self.github.owner("acme").add_package("npm", name).add_versions(3)
        self.published += 1


class Jumps(SkippingClock):
    """A clock that jumps over pauses of any length."""

    def __init__(self, clock: MockClock, choose: random.Random) -> None:
        super().__init__(lambda seconds: clock.advance(timedelta(seconds=seconds)))
        self._choose = choose

    def jitter(self) -> float:
        return self._choose.random()


@define
class Tally:
    """What was done."""

    calls: int = 0
    requests: int = 0
    unknown: int = 0
    published: int = 0
    faults: Counter[str] = field(factory=Counter[str])
    errors: Counter[str] = field(factory=Counter[str])

    def __str__(self) -> str:
        kinds, errors = (
            "".join(f"\n  {name:34}{count:7,}" for name, count in sorted(counts.items()))
            for counts in (self.faults, self.errors)
        )
        return (
            f"{self.calls:,} calls in {self.requests:,} requests. {self.faults.total():,} answers were spoilt:{kinds}\n"
            f"{self.calls - self.errors.total():,} results, all right. {self.errors.total():,} errors:{errors}\n"
            f"{self.unknown:,} of them in doubt; {self.published:,} packages published anew meanwhile"
        )


class Witness(Model):
    """Asks the server after each call whether it did what the call says."""

    WEIGHTS = (20, 15, 15, 15, 5, 10, 20)

    def __init__(self, github: GitHubPackages, server: ChaoticServer, name: str, seed: str, tally: Tally) -> None:
        super().__init__(github, server.github, name, seed)
        self.server = server.github
        self.wire = server.wires[name]
        self.tally = tally
        self.is_gone = False

    async def perform(self, action: Action) -> None:
        action = self.bring_back if self.is_gone else action
        failure: GitHubPackagesError | None = None
        before = len(self.wire.spoilt)
        try:
            try:
                await action()
            except GitHubPackagesError as error:
                failure = error
            self.compare(failure)
            self.look_at(failure)
            assert failure is None or len(self.wire.spoilt) > before, "an error although nothing was spoilt"
        except Exception as error:
            spoilt = ", ".join(self.wire.spoilt[before:])
            error.add_note(f"{self.name}, call {self.calls}, {action.__name__}: {failure!r} after {spoilt}")
            raise
        self.tally.calls += 1
        if failure is not None:
            self.tally.errors[type(failure).__name__] += 1
            self.tally.unknown += failure.outcome == "unknown"

    async def bring_back(self) -> None:
        """Unless the name is taken: it could not be told from a restoration whose answer is lost."""
        if self.server.owner("acme").package("npm", self.name) is None:
            await super().bring_back()

    def compare(self, failure: GitHubPackagesError | None) -> None:
        """What was to take effect did so once, and nothing else did, unless an error says that it may have."""
        assert not self.expected - self.wire.effects, "what did not take effect is said to have done so"
        more = self.wire.effects - self.expected
        if more:
            assert failure is not None, "done twice"
            assert failure.outcome == "unknown", f"took effect, although the error does not say so: {more}"
            assert more == {f"{failure.method} {httpx.URL(failure.url).path}": 1}, f"done beside: {more}"  # type: ignore[attr-defined]
            self.expected += more
        self.wire.publishes, self.wire.is_in_doubt, self.wire.lasting = False, False, None
        package = self.server.owner("acme").package("npm", self.name)
        self.is_gone = package is None
        if package is not None:
            self.active = {each.id for each in package.versions if each.deleted_at is None}
            self.deleted = {each.id for each in package.versions if each.deleted_at is not None}

    def look_at(self, failure: GitHubPackagesError | None) -> None:
        """An error is short, and shows neither the token nor frames of what sends it; no more does a result."""
        assert TOKEN not in repr(self.result), "the token in a result"
        if failure is None:
            return
        text = str(failure)
        assert text.isprintable(), "an error of several lines"
        assert len(text) <= LONGEST, "an error that is too long"
        for each in linked(failure):
            assert not any(TOKEN in shown for shown in written(each)), "the token in an error"
            files = [frame.filename for frame in traceback.extract_tb(each.__traceback__)]
            assert not [name for name in files if FOREIGN & set(Path(name).parts)], f"frames of connections: {files}"


def linked(error: BaseException) -> list[BaseException]:
    """An error, and all that led to it."""
    found: list[BaseException] = [error]
    for each in found:
        found += [one for one in (each.__cause__, each.__context__) if one is not None and one not in found]
    return found


def written(error: BaseException) -> Iterator[str]:
    """Whatever may be written of an error: variables of its frames, its attributes, and the request it is about."""
    yield from traceback.TracebackException.from_exception(error, capture_locals=True).format(chain=False)
    yield repr(vars(error))
    response = getattr(error, "response", None)
    for request in (vars(error).get("_request"), response and response.request):
        yield repr(request and (request.url, request.headers.raw, request.extensions))
    if response is not None:
        yield repr((response.headers.raw, response.content, response.extensions))


class Logged(logging.Handler):
    """Looks for the token in all that is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        # What a server repeats in a header is in httpcore's own log of it.
        if TOKEN in text and not text.startswith("receive_response_headers.complete"):
            self.leaks.append(f"{record.name}: {record.getMessage()}")


async def check_nothing_is_left(github: GitHubPackages, server: ChaoticServer) -> None:
    """As many calls as may be made at once are made at once, and no task or connection is left over."""
    gc.collect()  # what was dropped may be in a circle with an error
    tasks = asyncio.all_tasks()
    here = {asyncio.current_task()}
    await until(lambda: asyncio.all_tasks() <= here | server.tasks, f"running: {tasks - server.tasks - here}")
    most = KINDS * github.concurrency
    await until(lambda: server.open <= most, f"more than {most} connections open")
    # Of another token, since a secondary limit lets a token do less at once.
    acme = github.with_options(token="another-token", timeout=SECONDS).org("acme")
    async with asyncio.timeout(SECONDS):
        await asyncio.gather(*(acme.get_package("container", PROBE) for _ in range(github.concurrency)))
        await asyncio.gather(*(acme.delete_version("container", PROBE, 1) for _ in range(github.concurrency)))
    await until(lambda: server.open <= most, f"more than {most} connections open after as many calls")


async def run(seed: int, tally: Tally, calls: int) -> None:
    """Make so many calls of each of 1, 2, 4 or 8 packages at once, with a client and a server of their own."""
    choose = seeded(seed)
    names = [f"package-{number}" for number in range(2 ** (seed % 4))]
    clock = MockClock(EPOCH)
    mock = MockGitHub(clock=clock, rate_limit=None)
    mock.add_org("acme")
    mock.add_token(TOKEN)
    server = ChaoticServer(mock, choose, len(names))
    faults = choose.sample(TRIED, len(TRIED))
    for number, name in enumerate(names):
        first = number * len(faults) // len(names)
        server.wires[name] = Wire(seeded(f"{seed} {name}"), faults[first:] + faults[:first])
    kind = type("Jumping", (GitHubPackages,), {"_clock": Jumps(clock, choose)})
    async with running(server), running(server.elsewhere):
        github: GitHubPackages = kind(
            TOKEN, base_url=str(server.url), trust_env=False, concurrency=len(names), timeout=TIMEOUT
        )
        async with github:
            async with asyncio.TaskGroup() as group:
                for name in names:
                    group.create_task(Witness(github, server, name, f"{seed} {name}", tally).work(calls))
            await check_nothing_is_left(github, server)
        await until(lambda: server.open == 0, "open, although the client is closed")
    assert server.elsewhere.accepted == 0, "another origin was asked"
    tally.requests, tally.published = tally.requests + server.requests, tally.published + server.published
    tally.faults.update(name for wire in server.wires.values() for name in wire.spoilt)


async def chaos(calls: int, seed: int = 1) -> Tally:
    """Make at least so many calls, in runs with one seed after the other; a failure names the seed."""
    tally, reports, root = Tally(), list[object](), logging.getLogger()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reports.append(context))
    logged, level = Logged(), root.level
    root.addHandler(logged)
    root.setLevel(logging.DEBUG)
    try:
        while tally.calls < calls:
            files = open_files()
            try:
                await run(seed, tally, CALLS)
                assert not reports, reports
                assert not logged.leaks, "\n".join(logged.leaks)
                await until(lambda files=files: open_files() <= files, "open files")  # type: ignore[misc]
            except BaseException as error:
                error.add_note(f"To repeat it: python -m tests.transport.chaos 1 --seed {seed}")
                raise
            seed += 1
    finally:
        root.removeHandler(logged)
        root.setLevel(level)
    return tally


def open_files() -> int:
    return len(os.listdir(FILES)) if FILES.exists() else 0  # noqa: PTH208


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.transport.chaos", description="Calls in a hostile world.")
    parser.add_argument("calls", type=int, nargs="?", default=12_000, help="how many at least (default: 12000)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first run (default: 1)")
    options = parser.parse_args()
    began = perf_counter()
    tally = asyncio.run(chaos(options.calls, options.seed))
    kind = "aiohttp and httpx" if KINDS == 2 else "httpx"
    print(f"{tally}\n{perf_counter() - began:.0f} s, with {kind}, {len(FAULTS)} kinds of faults")


if __name__ == "__main__":
    main()
