"""How long an audit takes under GitHub's limits, and how many requests are refused, on a virtual clock.

python benchmarks/simulation.py [--json]
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, Python would find only its own folder

from tests.transport.limited_server import LimitedServer
from tests.transport.organisation import BASE, Organisation
from tests.transport.virtual_clock import VirtualClockLoop

from ghpackages import GitHubPackages
from ghpackages.audit import audit

PACKAGES, PAGES, PER_PAGE, HOURLY, WORKERS = 200, 50, 100, 5_000, 16
REQUESTS = PACKAGES // PER_PAGE + PACKAGES * PAGES
LEAST = (REQUESTS - 1) // HOURLY * 3600.0
"""Seconds: each full budget of an hour takes its hour, except the last; the rest fits into the first minute."""


@dataclass(frozen=True)
class Outcome:
    """Seconds on the virtual clock, requests, versions of a complete audit, and refusals by limit."""

    seconds: float
    succeeded: int
    versions: int
    refused: dict[str, int]


async def governed_audit(server: LimitedServer) -> int:
    async with GitHubPackages("made-up", transport=server, trust_env=False) as github:
        report = await audit(github, "acme", types=["container"]).collect()
    return report.totals.versions if report.complete else 0


async def bare_audit(server: LimitedServer) -> int:
    """Send the same requests without a governor, by 16 workers."""
    paths = [f"?page={page + 1}" for page in range(PACKAGES // PER_PAGE)]
    listings = [f"/container/package-{number + 1}/versions?page=" for number in range(PACKAGES)]
    paths += [f"{listing}{page + 1}" for listing in listings for page in range(PAGES)]
    todo = iter(paths)
    async with httpx.AsyncClient(transport=server, trust_env=False) as client, asyncio.TaskGroup() as group:

        async def work() -> None:
            for path in todo:
                await client.get(BASE + path)

        for _ in range(WORKERS):
            group.create_task(work())
    return 0


def simulate(*, governed: bool, size: int = PER_PAGE) -> Outcome:
    """Audit once; with fewer versions on a page this takes less time on the real clock, and none on the virtual one."""

    async def run() -> Outcome:
        loop = cast("VirtualClockLoop", asyncio.get_running_loop())
        organisation = Organisation(PACKAGES, lambda _: PAGES * size, versions_per_page=size)
        server = LimitedServer(loop.wall_clock, content=organisation.answer, hourly=HOURLY)
        versions = await (governed_audit if governed else bare_audit)(server)
        return Outcome(loop.time(), server.answers[200], versions, dict(server.refusals))

    with asyncio.Runner(loop_factory=VirtualClockLoop) as runner:
        return runner.run(run())


def main(arguments: list[str]) -> str:
    governed, bare = simulate(governed=True), simulate(governed=False)
    refused, without = sum(governed.refused.values()), sum(bare.refused.values())
    if "--json" in arguments:
        figures = {"requests": governed.succeeded, "seconds": governed.seconds, "least": LEAST}
        return json.dumps({**figures, "refused": refused, "refused_without_governor": without})
    return f"""\
{REQUESTS:,} requests, {HOURLY:,} an hour, 900 points in 60 s, no latency: at least {LEAST:,.0f} s
with governor: {governed.seconds:,.1f} s, {governed.seconds / LEAST:.4f} × the least, {refused:,} refused
without: {bare.succeeded:,} answered, {without:,} refused, {dict(bare.refused)}"""


if __name__ == "__main__":
    print(main(sys.argv))
