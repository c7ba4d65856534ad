"""An audit of 10,000 packages and 1,000,000 versions that keeps only counts: exact, how long, how much memory.

python benchmarks/large_audit.py [--trace] [--mock-server]

With --trace memory is measured by tracemalloc too, which makes it several times slower. With --mock-server the pages
come from the mock server, in a process of its own and over a socket, instead of from a transport in the same process.
"""

import asyncio
import multiprocessing
import resource
import sys
import time
import tracemalloc
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
from attrs import frozen

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, only its own folder would be known

from benchmarks.on_demand import NEWEST, OnDemand, Organisation, created

from ghpackages import GitHubPackages
from ghpackages.audit import Totals, audit
from ghpackages.testing import MockGitHub, serve


def size(number: int) -> int:
    """How many versions a package has: few have many, many have few, and 10,000 of them together 1,000,000."""
    for every, versions in ((1000, 20_000), (100, 2_000), (10, 300)):
        if number % every == 0:
            return versions
    return 30 if number % 10 == 1 else 40


LARGE = Organisation(10_000, size)
TOKEN = "made-up"  # noqa: S105 (it is)


@frozen
class Measured:
    """What a run came to.

    Attributes:
        totals: What the audit counted.
        is_complete: Whether it says that this is all.
        seconds: How long it took.
        resident: By how many bytes the resident memory of the process grew, at its peak.
        traced: By how many bytes Python's memory grew, at its peak; None if that was not measured.
    """

    totals: Totals
    is_complete: bool
    seconds: float
    resident: int
    traced: int | None


Source = httpx.AsyncBaseTransport | str
"""Where pages come from: a transport, or the base URL of a server."""


async def count(source: Source, owner: str, token: str) -> tuple[Totals, bool]:
    """Audit the containers of an owner, and keep nothing but the sums."""
    url, transport = (source, None) if isinstance(source, str) else (None, source)
    async with GitHubPackages(token, base_url=url, transport=transport, trust_env=False, points_per_minute=0) as github:
        results = aiter(audit(github, owner, types=["container"]))
        async for _ in results:
            pass
        return results.totals, results.is_complete


def measure(source: Source, owner: str = "acme", token: str = TOKEN, *, trace: bool = False) -> Measured:
    """Audit once. A small audit is made before, so that what is loaded and cached only once is not counted.

    Args:
        source: Any transport, or the base URL of a server.
        owner: Whose containers are audited.
        token: A token that the source knows.
        trace: Whether memory is measured by tracemalloc, too.
    """
    asyncio.run(count(OnDemand(Organisation(20, lambda _: 150)), "acme", TOKEN))
    if trace:
        tracemalloc.start()
    start, before = time.perf_counter(), peak_resident()
    totals, is_complete = asyncio.run(count(source, owner, token))
    seconds, after = time.perf_counter() - start, peak_resident()
    traced = tracemalloc.get_traced_memory()[1] if trace else None
    tracemalloc.stop()
    return Measured(totals, is_complete, seconds, after - before, traced)


def peak_resident() -> int:
    """The most memory that the process has had so far, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def report(found: Measured, expected: Organisation) -> str:
    """What was found, and whether it is right."""
    totals = found.totals
    counts = {
        "packages": (totals.packages, expected.packages),
        "versions": (totals.versions, expected.versions),
        "tagged": (totals.tagged, expected.tagged),
        "untagged": (totals.untagged, expected.versions - expected.tagged),
        "newest": (totals.newest, NEWEST),
        "oldest": (totals.oldest, expected.oldest),
        "requests": (totals.requests, totals.least_requests),
        "complete": (found.is_complete, True),
    }
    lines = [
        f"{name:<10}{value if isinstance(value, bool) or not isinstance(value, int) else f'{value:,}'!s:>26}  "
        f"{'exact' if value == wanted else f'WRONG: {wanted}'}"
        for name, (value, wanted) in counts.items()
    ]
    lines.append(f"{'seconds':<10}{found.seconds:>26,.1f}  {totals.versions / found.seconds:,.0f} versions a second")
    lines.append(f"{'memory':<10}{found.resident / 1e6:>23,.1f} MB  by which the resident memory grew, at its peak")
    if found.traced is not None:
        lines.append(f"{'':<10}{found.traced / 1e6:>23,.1f} MB  the same of Python's own, by tracemalloc")
    return "\n".join(lines)


def mock_of(organisation: Organisation) -> MockGitHub:
    """A mock server that has the same."""
    server = MockGitHub(rate_limit=None)
    acme = server.add_org("acme")
    for number in range(1, organisation.packages + 1):
        size = organisation.size(number)
        package = acme.add_package("container", f"team/package-{number}")
        package.add_versions(
            size,
            first_at=created(size),
            step=timedelta(minutes=1),
            tags=lambda index, size=size: () if (size - index) % 3 != 1 else (f"v{size - index}",),
        )
    return server


def serve_mock(organisation: Organisation, ready: Connection) -> None:
    """Serve a mock server, and tell where it is and its token."""
    server = mock_of(organisation)
    asyncio.run(serve(server, on_ready=lambda url: ready.send((url, server.token))))


@contextmanager
def mock_server(organisation: Organisation) -> Generator[tuple[str, str], None, None]:
    """Run a mock server in a process of its own, and give its base URL and token."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve_mock, args=(organisation, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def main(arguments: list[str]) -> None:
    """Measure, and say what came of it."""
    trace = "--trace" in arguments
    if "--mock-server" in arguments:
        with mock_server(LARGE) as (url, token):
            found = measure(url, token=token, trace=trace)
    else:
        found = measure(OnDemand(LARGE), trace=trace)
    sys.stdout.write(f"{report(found, LARGE)}\n")


if __name__ == "__main__":
    main(sys.argv)
