"""Who takes part in the benchmark, and what is measured, as plain data."""

from dataclasses import dataclass
from math import ceil
from typing import Literal, get_args

from benchmarks.data import AUDIT_REQUESTS, LISTING_REQUESTS

Kind = Literal["start", "decode", "list", "stream", "audit"]
Quantity = Literal["seconds", "cpu", "requests", "connections", "megabytes"]
QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)


@dataclass(frozen=True)
class Contender:
    """A client or a decoder."""

    key: str
    label: str
    module: str  # of benchmarks.contenders
    distributions: tuple[str, ...]  # whose versions the report names
    is_typed: bool = True  # whether it returns objects with typed attributes, not dictionaries
    tasks: str = ""  # the prefix of the tasks that it takes part in


@dataclass(frozen=True)
class Task:
    """Something to measure."""

    key: str
    label: str
    kind: Kind
    latency: float = 0.0  # seconds from a request to its response
    concurrency: int = 0  # requests at once
    least_requests: int = 0  # the least possible number; 0 where none are sent
    is_measured_once: bool = False  # because it takes long and hardly varies

    @property
    def judged(self) -> Quantity:
        """Wall seconds with latency, which show how well it is used; without, CPU seconds: the work of the client."""
        return "seconds" if self.latency else "cpu"

    @property
    def limit(self) -> float | None:
        """The wall seconds that latency alone demands: rounds of requests × latency."""
        if not self.latency:
            return None
        first = 1 if self.kind == "list" else 0  # only the first page says how many there are
        return round((first + ceil((self.least_requests - first) / self.concurrency)) * self.latency, 3)


def _audit(milliseconds: int, at_once: int) -> Task:
    key, label = f"audit-{milliseconds}ms-{at_once}", f"audit, {milliseconds} ms, {at_once} at once"
    is_measured_once = bool(milliseconds) and at_once == 1
    return Task(key, label, "audit", milliseconds / 1000, at_once, AUDIT_REQUESTS, is_measured_once)


TASKS = (
    Task("import", "import", "start"),
    Task("ready", "ready to call", "start"),
    Task("first-call", "first package", "start"),
    Task("decode-package", "decode a package", "decode"),
    Task("decode-version", "decode a version", "decode"),
    Task("list", "list 10,000 packages, 0 ms, one page after another", "list", 0, 1, LISTING_REQUESTS),
    Task("list-16", "list 10,000 packages, 100 ms, 16 at once", "list", 0.1, 16, LISTING_REQUESTS),
    Task("stream", "stream 10,000 packages, 0 ms", "stream", 0, 1, LISTING_REQUESTS),
    *(_audit(milliseconds, concurrency) for milliseconds in (0, 50) for concurrency in (1, 16, 64, 100)),
)

OURS = ("ghpackages", "httpx", "attrs")
FAST = (*OURS, "aiohttp", "orjson")
GENERATED = ("openapi-python-client", "httpx", "attrs")
CONTENDERS = (
    Contender("ghpackages", "ghpackages", "with_ghpackages", OURS),
    Contender("ghpackages-fast", "ghpackages[fast]", "with_ghpackages", FAST),
    Contender("generated", "openapi-python-client, unchanged", "with_generated", GENERATED),
    Contender("githubkit", "githubkit", "with_githubkit", ("githubkit", "githubkit-schemas", "httpx", "pydantic")),
    Contender("gidgethub", "gidgethub on aiohttp", "with_gidgethub", ("gidgethub", "aiohttp"), is_typed=False),
    Contender("httpx", "httpx, dicts", "with_httpx", ("httpx",), is_typed=False),
    Contender("aiohttp", "aiohttp + orjson, dicts", "with_aiohttp", ("aiohttp", "orjson"), is_typed=False),
    Contender("cattrs", "cattrs + orjson", "with_cattrs", ("cattrs", "attrs", "orjson"), tasks="decode-"),
    Contender("msgspec", "msgspec structs", "with_msgspec", ("msgspec",), tasks="decode-"),
    Contender("orjson", "orjson, dicts", "with_orjson", ("orjson",), is_typed=False, tasks="decode-"),
)
TASKS_BY_KEY = {task.key: task for task in TASKS}
CONTENDERS_BY_KEY = {contender.key: contender for contender in CONTENDERS}

SHORT_ROUNDS = 3
SHORT_CONTENDERS = ("ghpackages", "ghpackages-fast", "githubkit", "httpx", "aiohttp")
SHORT_TASKS = (
    *("decode-package", "decode-version", "list", "list-16", "stream"),
    *("audit-0ms-16", "audit-0ms-100", "audit-50ms-64", "audit-50ms-100"),
)
"""The part that `--short` measures: the figures used to compare changes."""
