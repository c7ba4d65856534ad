"""One measurement, in a process that does nothing else and has only the contender installed.

python -m benchmarks.measure CONTENDER TASK URL

Prints one line of JSON: the quantities of `tasks.QUANTITIES`, each of which may be null, `loops`, and `facts`, by which
the result is checked. Of this project it imports only modules without dependencies.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

from benchmarks.data import AUDITED, LISTED, Json, ListingFacts, audit_facts, row
from benchmarks.tasks import CONTENDERS_BY_KEY, TASKS_BY_KEY, Kind, Task

CHUNKS, LEAST_SECONDS = 5, 0.3
STATUS = Path("/proc/self/status")


def reference_loop() -> float:
    """Return the seconds of a fixed loop, the best of three: they show how fast this core is at the moment."""
    best, total = 1.0, 0
    for _ in range(3):
        began = time.perf_counter()
        for number in range(200_000):
            total += number & 7
        best = min(best, time.perf_counter() - began)
    return best


def stopwatch() -> Callable[[], Json]:
    """Return a function that returns the wall and CPU seconds since now."""
    wall, cpu = time.perf_counter(), time.process_time()
    return lambda: {"cpu": time.process_time() - cpu, "seconds": time.perf_counter() - wall}


def get(url: str) -> bytes:
    with urlopen(url, timeout=60) as response:  # noqa: S310 (it is always our own server)
        return response.read()


def page(url: str, kind: str, per_page: int) -> bytes:
    """Return a page of packages or versions."""
    if kind == "package":
        return get(f"{url}/orgs/{LISTED}/packages?package_type=container&per_page={per_page}")
    packages = json.loads(get(f"{url}/orgs/{AUDITED}/packages?package_type=container&per_page=10"))
    name = next(package["name"] for package in packages if package["version_count"] >= 100)
    return get(f"{url}/orgs/{AUDITED}/packages/container/{name}/versions?per_page={per_page}")


def measure_decoding(module: Any, task: Task, url: str) -> Json:
    """Decode a page of 100 again and again: the median of five loops of 0.3 s or more, divided by the items."""
    kind = task.key.removeprefix("decode-")
    decode, body = module.decoder(kind), page(url, kind, 100)
    facts = [item["id"] if hasattr(item, "keys") else item.id for item in decode(body)]
    times = 1
    while (seconds := time_decoding(decode, body, times)["seconds"]) < LEAST_SECONDS:
        times = max(times + 1, int(times * min(10, 1.1 * LEAST_SECONDS / seconds)))
    chunks = [time_decoding(decode, body, times) for _ in range(CHUNKS)]
    found = {key: median(chunk[key] for chunk in chunks) / times / len(facts) for key in ("seconds", "cpu")}
    return {**found, "facts": facts}


def time_decoding(decode: Callable[[bytes], object], body: bytes, times: int) -> Json:
    watch = stopwatch()
    for _ in range(times):
        decode(body)
    return watch()


def resident(key: str, *, reset_peak: bool = False) -> int | None:
    """`VmRSS` or `VmHWM` of this process in bytes; None except on Linux: https://docs.kernel.org/filesystems/proc.html."""
    if not STATUS.exists():
        return None
    if reset_peak:
        Path("/proc/self/clear_refs").write_text("5")
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{key}:"))
    return int(line.split()[1]) * 1024


async def measure_requests(module: Any, task: Task, url: str) -> Json:
    """List, stream or audit with a client that has not opened a connection yet.

    One package and one version are decoded first, so that models that are made on first use exist; their cost is part
    of the task "first-call".
    """
    for kind in ("package", "version"):
        module.decoder(kind)(page(url, kind, 1))
    get(f"{url}/-/reset?latency={task.latency}")
    async with module.connect(url, task.concurrency) as client:
        before = resident("VmRSS", reset_peak=True)
        found = await work(task.kind, client, task.concurrency)
        peak = resident("VmHWM")
    counts = json.loads(get(f"{url}/-/counts"))
    megabytes = None if before is None or peak is None else round((peak - before) / 1e6, 2)
    return {**found, "megabytes": megabytes, "requests": counts["requests"], "connections": counts["connections"]}


async def work(kind: Kind, client: Any, concurrency: int) -> Json:
    facts, watch = ListingFacts(), stopwatch()
    if kind == "list":
        packages = await client.list_packages(concurrency)
        return {**watch(), "facts": vars(ListingFacts(map(row, packages)))}
    if kind == "stream":
        async for package in client.stream_packages():
            facts.add(row(package))
        return {**watch(), "facts": vars(facts)}
    counts = await client.audit(concurrency)
    return {**watch(), "facts": audit_facts(counts)}


def measure(contender: str, task: str, url: str) -> Json:
    what = TASKS_BY_KEY[task]
    module = import_module(f"benchmarks.contenders.{CONTENDERS_BY_KEY[contender].module}")
    before = reference_loop()
    if what.kind == "decode":
        found = measure_decoding(module, what, url)
    else:
        found = asyncio.run(measure_requests(module, what, url))
    return {**found, "loops": [before, reference_loop()]}


if __name__ == "__main__":
    print(json.dumps(measure(*sys.argv[1:])))
