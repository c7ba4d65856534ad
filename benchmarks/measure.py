"""One measurement, in a process that does nothing else and has nothing installed but the contender.

python -m benchmarks.peers.measure CONTENDER TASK --url http://127.0.0.1:8000 [--core 1]

Prints one line of JSON: `seconds`, `requests`, `connections`, `megabytes` (each may be null) and `facts`, which say
what was found. Of this project it imports only what has no dependencies.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

from benchmarks.peers.facts import ListingFacts, audit_facts
from benchmarks.peers.names import AUDITED, LISTED
from benchmarks.peers.tasks import Contender, Task, contender, task

Json = dict[str, Any]

CHUNKS, LEAST_SECONDS = 5, 0.3
CLEAR, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


def ask(url: str) -> bytes:
    """The body at an address of the server."""
    with urlopen(url, timeout=60) as response:  # noqa: S310 (only our own server is asked)
        return response.read()


def page(url: str, kind: str, per_page: int = 100) -> bytes:
    """A page of packages or versions, to be decoded."""
    if kind == "package":
        return ask(f"{url}/orgs/{LISTED}/packages?package_type=container&per_page={per_page}")
    packages = json.loads(ask(f"{url}/orgs/{AUDITED}/packages?package_type=container&per_page=10"))
    name = next(package["name"] for package in packages if package["version_count"] >= 100)
    return ask(f"{url}/orgs/{AUDITED}/packages/container/{name}/versions?per_page={per_page}")


def id_of(item: Any) -> int:
    """The id of a decoded package or version, be it a dictionary or an object."""
    return item["id"] if hasattr(item, "keys") else item.id


def measure_decoding(module: Any, task: Task, url: str) -> Json:
    """The seconds for each item of a page of 100: the median of five loops of 0.3 s and more."""
    kind = task.key.removeprefix("decode-")
    decode, body = module.decoder(kind), page(url, kind)
    facts = [id_of(item) for item in decode(body)]
    times = calibrate(decode, body)
    seconds = median(time_loop(decode, body, times) for _ in range(CHUNKS)) / times / len(facts)
    return {"seconds": seconds, "facts": facts}


def calibrate(decode: Callable[[bytes], object], body: bytes) -> int:
    """How many times a page must be decoded so that it takes long enough to be measured."""
    times = 1
    while (seconds := time_loop(decode, body, times)) < LEAST_SECONDS:
        times = max(times + 1, int(times * min(10, 1.1 * LEAST_SECONDS / seconds)))
    return times


def time_loop(decode: Callable[[bytes], object], body: bytes, times: int) -> float:
    """How long it takes to decode a page so many times."""
    began = time.perf_counter()
    for _ in range(times):
        decode(body)
    return time.perf_counter() - began


def resident(key: str) -> int | None:
    """`VmRSS` or `VmHWM` of this process, in bytes; None where there is no Linux."""
    if not STATUS.exists():
        return None
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{key}:"))
    return int(line.split()[1]) * 1024


def forget_peak() -> None:
    """Let the peak of the resident memory begin anew.

    Source: https://docs.kernel.org/filesystems/proc.html
    """
    if CLEAR.exists():
        CLEAR.write_text("5")


async def measure_work(module: Any, task: Task, url: str) -> Json:
    """List, stream or audit, with a client that has never opened a connection.

    One package and one version are decoded before, so that models which are made when they are first needed are there:
    what that costs is in `first-call`.
    """
    for kind in ("package", "version"):
        module.decoder(kind)(page(url, kind, 1))
    ask(f"{url}/-/reset?latency={task.latency}")
    async with module.connect(url, task.concurrency) as client:
        forget_peak()
        before = resident("VmRSS")
        seconds, facts = await WORK[task.kind](module, client, task)
        peak = resident("VmHWM")
    counts = json.loads(ask(f"{url}/-/counts"))
    megabytes = None if before is None or peak is None else round((peak - before) / 1e6, 2)
    return {"seconds": seconds, "megabytes": megabytes, "facts": facts} | {
        key: counts[key] for key in ("requests", "connections")
    }


async def listing(module: Any, client: Any, task: Task) -> tuple[float, Any]:
    """All packages, kept; what they come to is computed after the clock has stopped."""
    began = time.perf_counter()
    packages = await module.list_packages(client, task.concurrency)
    seconds = time.perf_counter() - began
    return seconds, asdict(ListingFacts.of(map(module.row, packages)))


async def streaming(module: Any, client: Any, task: Task) -> tuple[float, Any]:
    """All packages, none kept."""
    facts = ListingFacts()
    began = time.perf_counter()
    async for package in module.stream_packages(client):
        facts.add(module.row(package))
    return time.perf_counter() - began, asdict(facts)


async def auditing(module: Any, client: Any, task: Task) -> tuple[float, Any]:
    """The versions of all packages, counted."""
    began = time.perf_counter()
    counts = await module.audit(client, task.concurrency)
    return time.perf_counter() - began, audit_facts(counts)


WORK = {"list": listing, "stream": streaming, "audit": auditing}


def measure(contender: Contender, task: Task, url: str) -> Json:
    """Measure once."""
    module = import_module(f"benchmarks.peers.contenders.{contender.module}")
    if task.kind == "decode":
        return measure_decoding(module, task, url)
    return asyncio.run(measure_work(module, task, url))


def main() -> None:
    """Read the command line, measure, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers.measure")
    parser.add_argument("contender", type=contender)
    parser.add_argument("task", type=task)
    parser.add_argument("--url", required=True, help="where the server is")
    parser.add_argument("--core", type=int, help="run on this core only")
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    result: Json = {"seconds": None, "requests": None, "connections": None, "megabytes": None}
    result |= measure(options.contender, options.task, options.url)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
