"""How long an audit takes that GitHub's limits hold back, and whether one request is refused: on a virtual clock.

python benchmarks/simulation.py [--json]
"""

import asyncio
import json
import sys
import time
from functools import cache, partial
from pathlib import Path
from typing import cast

import httpx
from attrs import frozen

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, only its own folder would be known

from tests.transport.limited_server import Answer, LimitedServer
from tests.transport.virtual_clock import VirtualClockLoop

from ghpackages import GitHubPackages
from ghpackages.audit import audit

PACKAGES, VERSIONS, PER_PAGE = 200, 5_000, 100
REQUESTS = PACKAGES // PER_PAGE + PACKAGES * VERSIONS // PER_PAGE
HOURLY = 5_000
LEAST = (REQUESTS - 1) // HOURLY * 3600.0
"""Seconds: each full budget of an hour but the last costs its hour; what is left fits into the first minute."""
WORKERS = 16


@frozen
class Outcome:
    """What a run came to.

    Attributes:
        seconds: How long it took on the virtual clock.
        took: The same on the real one.
        succeeded: Requests that were answered as they should.
        versions: Versions that a complete audit saw.
        refused: Requests that the server refused, by limit.
        at_once: The most requests under way at the same time.
    """

    seconds: float
    took: float
    succeeded: int
    versions: int
    refused: dict[str, int]
    at_once: int


@cache
def page_of(kind: str, page: int, pages: int, size: int = PER_PAGE) -> Answer:
    """A page of packages or versions, with the Link that GitHub would send; each package has the same versions."""
    first = (page - 1) * PER_PAGE
    items = [(package if kind == "packages" else version)(first + number) for number in range(1, size + 1)]
    numbers = {"next": page + 1, "last": pages} if page < pages else {"prev": page - 1, "first": 1}
    base = f"https://api.github.com/organizations/363514/{kind}?per_page={PER_PAGE}"
    link = ", ".join(f'<{base}&page={number}>; rel="{relation}"' for relation, number in numbers.items())
    return json.dumps(items).encode(), {"Link": link}


def package(number: int) -> dict[str, object]:
    """A container package as GitHub lists it."""
    url = f"https://api.github.com/orgs/acme/packages/container/package-{number}"
    return {
        "id": number,
        "name": f"package-{number}",
        "package_type": "container",
        "visibility": "private",
        "url": url,
        "html_url": url,
        "created_at": "2026-01-03T10:20:30Z",
        "updated_at": "2026-01-03T10:20:30Z",
    }


def version(number: int) -> dict[str, object]:
    """A container version as GitHub lists it."""
    url = f"https://api.github.com/orgs/acme/packages/container/any/versions/{number}"
    metadata: dict[str, object] = {"package_type": "container", "container": {"tags": []}}
    return {
        "id": number,
        "name": f"sha256:{number:064x}",
        "url": url,
        "package_html_url": url,
        "metadata": metadata,
        "created_at": "2026-01-03T10:20:30Z",
        "updated_at": "2026-01-03T10:20:30Z",
    }


def organisation(request: httpx.Request, *, size: int) -> Answer:
    """What the server answers: 200 packages of 5,000 versions each, or of fewer if its pages are shorter."""
    page = int(request.url.params["page"])
    if request.url.path.endswith("/versions"):
        return page_of("versions", page, VERSIONS // PER_PAGE, size)
    return page_of("packages", page, PACKAGES // PER_PAGE)


async def governed_audit(server: LimitedServer) -> int:
    """The audit as users run it; gives how many versions it saw."""
    async with GitHubPackages("made-up", transport=server, trust_env=False) as github:
        report = await audit(github, "acme", types=["container"]).collect()
    return report.totals.versions if report.complete else 0


async def bare_audit(server: LimitedServer) -> int:
    """The same requests without anything in between, by 16 workers."""
    base = "https://api.github.com/orgs/acme/packages"
    urls = [f"{base}?page={page + 1}" for page in range(PACKAGES // PER_PAGE)]
    urls += [
        f"{base}/container/package-{number + 1}/versions?page={page + 1}"
        for number in range(PACKAGES)
        for page in range(VERSIONS // PER_PAGE)
    ]
    todo = iter(urls)
    async with httpx.AsyncClient(transport=server, trust_env=False) as client, asyncio.TaskGroup() as group:

        async def work() -> None:
            for url in todo:
                await client.get(url)

        for _ in range(WORKERS):
            group.create_task(work())
    return 0


async def run(*, governed: bool, size: int) -> Outcome:
    """Audit once."""
    loop = cast("VirtualClockLoop", asyncio.get_running_loop())
    server = LimitedServer(loop.wall_clock, content=partial(organisation, size=size), hourly=HOURLY)
    began = time.perf_counter()
    versions = await (governed_audit if governed else bare_audit)(server)
    took = time.perf_counter() - began
    return Outcome(loop.time(), took, server.answers[200], versions, dict(server.refusals), server.most_at_once)


def simulate(*, governed: bool, size: int = PER_PAGE) -> Outcome:
    """Run it on a clock of its own, with so many versions on a page: fewer take less time here, and none there."""
    with asyncio.Runner(loop_factory=VirtualClockLoop) as runner:
        return runner.run(run(governed=governed, size=size))


def table() -> str:
    """Both runs side by side."""
    lines = [
        f"{REQUESTS:,} requests, {HOURLY:,} an hour, 900 points in 60 s, no latency: at least {LEAST:,.0f} s",
        f"{'':<18}{'answered':>10}{'refused':>10}{'virtual s':>12}{'× least':>10}{'real s':>8}  refused by",
    ]
    for name, governed in (("with governor", True), ("without", False)):
        once = simulate(governed=governed)
        least = f"{once.seconds / LEAST:.4f}" if once.succeeded == REQUESTS else "failed"
        refused = ", ".join(f"{limit} {count:,}" for limit, count in once.refused.items()) or "nothing"
        count = sum(once.refused.values())
        numbers = f"{once.succeeded:>10,}{count:>10,}{once.seconds:>12,.1f}{least:>10}{once.took:>8.1f}"
        lines.append(f"{name:<18}{numbers}  {refused}")
    return "\n".join(lines)


def figures() -> dict[str, int | float]:
    """What both runs come to, for the report of the benchmark."""
    governed, bare = simulate(governed=True), simulate(governed=False)
    return {
        "requests": governed.succeeded,
        "refused": sum(governed.refused.values()),
        "seconds": governed.seconds,
        "least": LEAST,
        "refused_without_governor": sum(bare.refused.values()),
    }


if __name__ == "__main__":
    sys.stdout.write(f"{json.dumps(figures()) if '--json' in sys.argv else table()}\n")
