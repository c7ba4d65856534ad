"""An audit of 1,000,000 versions in 10,000 packages that keeps only counts: whether they are exact, time and memory.

python benchmarks/large_audit.py [--mock-server]

With --mock-server the pages come from the mock server, in another process, instead of from a transport in this one.
"""

import asyncio
import multiprocessing
import resource
import sys
import time
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
Source = httpx.AsyncBaseTransport | str  # a transport, or the base URL of a server


async def count(source: Source, token: str) -> tuple[Totals, bool]:
    """Audit the containers of `acme`, and return only the sums and whether they are complete."""
    url, transport = (source, None) if isinstance(source, str) else (None, source)
    async with GitHubPackages(token, base_url=url, transport=transport, trust_env=False, points_per_minute=0) as github:
        results = aiter(audit(github, "acme", types=["container"]))
        async for _ in results:
            pass
        return results.totals, results.is_complete


def measure(expected: Organisation, source: Source, token: str = "made-up") -> str:  # noqa: S107 (it is)
    """Audit once, after a small audit that loads and caches what is needed only once, and return a report."""
    asyncio.run(count(OnDemand(Organisation(20, lambda _: 150)), "made-up"))
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    totals, is_complete = asyncio.run(count(source, token))
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    counts = {
        "packages": (totals.packages, expected.packages),
        "versions": (totals.versions, expected.versions),
        "tagged": (totals.tagged, expected.tagged),
        "untagged": (totals.untagged, expected.versions - expected.tagged),
        "newest": (totals.newest, NEWEST),
        "oldest": (totals.oldest, expected.oldest),
        "requests": (totals.requests, totals.least_requests),
        "complete": (is_complete, True),
    }
    lines = [
        f"{name:<10}{f'{value:,}' if type(value) is int else str(value):>26}  "
        f"{'exact' if value == right else f'WRONG: {right}'}"
        for name, (value, right) in counts.items()
    ]
    lines.append(f"{'seconds':<10}{seconds:>26,.1f}  {totals.versions / seconds:,.0f} versions a second")
    megabytes = (after - before) * (1 if sys.platform == "darwin" else 1024) / 1e6
    return "\n".join([*lines, f"{'memory':<10}{megabytes:>23,.1f} MB  growth of the peak resident memory"])


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
    if "--mock-server" not in arguments:
        print(measure(LARGE, OnDemand(LARGE)))
        return
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve_mock, args=(theirs,), daemon=True)
    process.start()
    print(measure(LARGE, *ours.recv()))
    process.terminate()


if __name__ == "__main__":
    main(sys.argv)
