"""Who takes part in the benchmark, and what is measured, as plain data."""

from dataclasses import dataclass
from math import ceil
from typing import Literal

from benchmarks.data import AUDIT_REQUESTS, LISTING_REQUESTS

Kind = Literal["start", "decode", "list", "stream", "audit"]
Quantity = Literal["seconds", "cpu", "requests", "connections", "megabytes"]
QUANTITIES: tuple[Quantity, ...] = ("seconds", "cpu", "requests", "connections", "megabytes")


@dataclass(frozen=True)
class Contender:
    """A client or a decoder.

    Attributes:
        key: Its name on the command line and in the results.
        label: Its name in the report.
        module: The module of `benchmarks.contenders` with its code.
        distributions: The distributions whose versions the report names.
        is_typed: Whether it returns objects with typed attributes, not dictionaries.
        tasks: The prefix of the tasks that it takes part in; empty for all.
    """

    key: str
    label: str
    module: str
    distributions: tuple[str, ...]
    is_typed: bool = True
    tasks: str = ""


@dataclass(frozen=True)
class Task:
    """Something to measure.

    Attributes:
        key: Its name on the command line and in the results.
        label: Its name in the report.
        kind: How it is measured.
        latency: Seconds from a request to its response.
        concurrency: The number of requests at once; 0 where none are sent.
        least_requests: The least possible number of requests.
        is_measured_once: Whether one round is enough, because it takes long and hardly varies.
    """

    key: str
    label: str
    kind: Kind
    latency: float = 0.0
    concurrency: int = 0
    least_requests: int = 0
    is_measured_once: bool = False

    @property
    def judged(self) -> Quantity:
        """Wall seconds say how well latency is used; where there is none, CPU seconds say the same with less noise."""
        return "seconds" if self.latency else "cpu"

    @property
    def limit(self) -> float | None:
        """The wall seconds that latency alone demands: rounds of requests × latency."""
        if not self.latency:
            return None
        first = 1 if self.kind == "list" else 0  # only the first page says how many there are
        return round((first + ceil((self.least_requests - first) / self.concurrency)) * self.latency, 3)


def _audit(milliseconds: int, concurrency: int) -> Task:
    return Task(
        *(f"audit-{milliseconds}ms-{concurrency}", f"audit, {milliseconds} ms, {concurrency} at once", "audit"),
        latency=milliseconds / 1000,
        concurrency=concurrency,
        least_requests=AUDIT_REQUESTS,
        is_measured_once=bool(milliseconds) and concurrency == 1,
    )


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
CONTENDERS = (
    Contender("ghpackages", "ghpackages", "with_ghpackages", OURS),
    Contender("ghpackages-fast", "ghpackages[fast]", "with_ghpackages", (*OURS, "aiohttp", "httpx-aiohttp", "orjson")),
    Contender(
        *("generated", "openapi-python-client, unchanged", "with_generated"),
        ("openapi-python-client", "httpx", "attrs"),
    ),
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
"""What `--short` measures: the figures that changes of the code are compared by."""
