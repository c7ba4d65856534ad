"""An audit of 1,000,000 versions in 10,000 packages that keeps only counts: whether they are exact, time and memory.

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
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, Python would find only its own folder

from tests.transport.organisation import NEWEST, OnDemand, Organisation, created

from ghpackages import GitHubPackages
from ghpackages.audit import Totals, audit
from ghpackages.testing import MockGitHub, serve


def size(number: int) -> int:
    """Versions of a package: few have many, many have few, and 10,000 packages have 1,000,000."""
    for every, versions in ((1000, 20_000), (100, 2_000), (10, 300)):
        if number % every == 0:
            return versions
    return 30 if number % 10 == 1 else 40


LARGE = Organisation(10_000, size)


@dataclass(frozen=True)
class Measured:
    """The counts, whether they are complete, and how many bytes the peak memory grew, in all and traced."""

    totals: Totals
    is_complete: bool
    seconds: float
    resident: int
    traced: int | None


async def count(source: httpx.AsyncBaseTransport | str, token: str) -> tuple[Totals, bool]:
    """Audit the containers of `acme`, from a transport or a base URL, and keep nothing but the sums."""
    url, transport = (source, None) if isinstance(source, str) else (None, source)
    async with GitHubPackages(token, base_url=url, transport=transport, trust_env=False, points_per_minute=0) as github:
        results = aiter(audit(github, "acme", types=["container"]))
        async for _ in results:
            pass
        return results.totals, results.is_complete


def measure(source: httpx.AsyncBaseTransport | str, token: str = "made-up", *, trace: bool = False) -> Measured:  # noqa: S107 (it is)
    """Audit once, after a small audit that loads and caches what is needed only once."""
    asyncio.run(count(OnDemand(Organisation(20, lambda _: 150)), "made-up"))
    if trace:
        tracemalloc.start()
    start, before = time.perf_counter(), peak_resident()
    totals, is_complete = asyncio.run(count(source, token))
    seconds, after = time.perf_counter() - start, peak_resident()
    traced = tracemalloc.get_traced_memory()[1] if trace else None
    tracemalloc.stop()
    return Measured(totals, is_complete, seconds, after - before, traced)


def peak_resident() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def report(found: Measured, expected: Organisation) -> str:
    """Return what was found, and whether it is correct."""
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
        f"{name:<10}{f'{value:,}' if type(value) is int else str(value):>26}  "
        f"{'exact' if value == right else f'WRONG: {right}'}"
        for name, (value, right) in counts.items()
    ]
    lines.append(f"{'seconds':<10}{found.seconds:>26,.1f}  {totals.versions / found.seconds:,.0f} versions a second")
    lines.append(f"{'memory':<10}{found.resident / 1e6:>23,.1f} MB  growth of the peak resident memory")
    if found.traced is not None:
        lines.append(f"{'':<10}{found.traced / 1e6:>23,.1f} MB  peak of Python's own, by tracemalloc")
    return "\n".join(lines)


def serve_mock(ready: Connection) -> None:
    """Serve the same from the mock server, and send its base URL and token."""
    server = MockGitHub(rate_limit=None)
    acme = server.add_org("acme")
    for number in range(1, LARGE.packages + 1):
        versions = size(number)
        acme.add_package("container", f"team/package-{number}").add_versions(
            versions,
            first_at=created(versions),
            step=timedelta(minutes=1),
            tags=lambda index, versions=versions: () if (versions - index) % 3 != 1 else (f"v{versions - index}",),
        )
    asyncio.run(serve(server, on_ready=lambda url: ready.send((url, server.token))))


def main(arguments: list[str]) -> None:
    trace, process = "--trace" in arguments, None
    source: tuple[httpx.AsyncBaseTransport | str, str] = OnDemand(LARGE), "made-up"
    if "--mock-server" in arguments:
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=serve_mock, args=(theirs,), daemon=True)
        process.start()
        source = ours.recv()
    print(report(measure(*source, trace=trace), LARGE))
    if process:
        process.terminate()


if __name__ == "__main__":
    main(sys.argv)
