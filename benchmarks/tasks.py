"""What is measured, and of whom."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Literal

Kind = Literal["snippet", "decode", "list", "stream", "audit"]

LISTING_REQUESTS, AUDIT_REQUESTS = 100, 639


@dataclass(frozen=True)
class Contender:
    """Whose work is measured.

    Attributes:
        key: Its name on the command line and in the results.
        label: Its name for people.
        module: The module of `contenders` that has its code.
        distributions: What is installed for it, whose versions the results tell.
        is_typed: Whether it gives objects with typed attributes.
        tasks: The tasks that it takes part in: all, or those whose key begins so.
    """

    key: str
    label: str
    module: str
    distributions: tuple[str, ...]
    is_typed: bool
    tasks: str = ""


@dataclass(frozen=True)
class Task:
    """What is measured.

    Attributes:
        key: Its name on the command line and in the results.
        label: Its name for people.
        kind: How it is measured.
        latency: Seconds from request to response.
        concurrency: Requests at once; None where there is only one at a time, or none.
        limit: The seconds that it takes at least, by rounds of requests and latency; None without latency.
        least_requests: The requests that it takes at least; None where they are not looked at.
        first_round_only: Whether one round is enough, because it takes long and hardly varies.
    """

    key: str
    label: str
    kind: Kind
    latency: float = 0.0
    concurrency: int | None = None
    limit: float | None = None
    least_requests: int | None = None
    first_round_only: bool = False


def _audit(latency: float, concurrency: int) -> Task:
    milliseconds = round(latency * 1000)
    return Task(
        key=f"audit-{milliseconds}ms-{concurrency}",
        label=f"audit, {milliseconds} ms, {concurrency} at once",
        kind="audit",
        latency=latency,
        concurrency=concurrency,
        limit=round(ceil(AUDIT_REQUESTS / concurrency) * latency, 3) if latency else None,
        least_requests=AUDIT_REQUESTS,
        first_round_only=bool(latency) and concurrency == 1,
    )


def _list_at_once(concurrency: int, latency: float) -> Task:
    return Task(
        key=f"list-{concurrency}",
        label=f"list 10,000 packages, {round(latency * 1000)} ms, {concurrency} at once",
        kind="list",
        latency=latency,
        concurrency=concurrency,
        limit=round((1 + ceil((LISTING_REQUESTS - 1) / concurrency)) * latency, 3),  # the first page tells the last
        least_requests=LISTING_REQUESTS,
    )


TASKS = (
    Task("import", "import", "snippet"),
    Task("ready", "ready to call", "snippet"),
    Task("first-call", "first call", "snippet"),
    Task("decode-package", "decode, per package", "decode"),
    Task("decode-version", "decode, per version", "decode"),
    Task("list", "list 10,000 packages, 0 ms, one page after another", "list", 0, 1, None, LISTING_REQUESTS),
    _list_at_once(16, 0.1),
    Task("stream", "stream 10,000 packages, 0 ms", "stream", 0, 1, None, LISTING_REQUESTS),
    *(_audit(latency, concurrency) for latency in (0.0, 0.05) for concurrency in (1, 16, 64, 100)),
)

OURS = ("ghpackages", "httpx", "attrs")
CONTENDERS = (
    Contender("ghpackages", "ghpackages", "with_ghpackages", OURS, True),
    Contender(
        *("ghpackages-fast", "ghpackages[fast]", "with_ghpackages"),
        (*OURS, "aiohttp", "httpx-aiohttp", "orjson"),
        is_typed=True,
    ),
    Contender(
        *("generated", "openapi-python-client, unchanged", "with_generated"),
        ("openapi-python-client", "httpx", "attrs"),
        is_typed=True,
    ),
    Contender(
        "githubkit", "githubkit", "with_githubkit", ("githubkit", "githubkit-schemas", "httpx", "pydantic"), True
    ),
    Contender("gidgethub", "gidgethub on aiohttp", "with_gidgethub", ("gidgethub", "aiohttp"), False),
    Contender("httpx", "httpx, dicts", "with_httpx", ("httpx",), False),
    Contender("aiohttp", "aiohttp + orjson, dicts", "with_aiohttp", ("aiohttp", "orjson"), False),
    Contender("cattrs", "cattrs + orjson", "with_cattrs", ("cattrs", "attrs", "orjson"), True, "decode-"),
    Contender("msgspec", "msgspec structs", "with_msgspec", ("msgspec",), True, "decode-"),
    Contender("orjson", "orjson, dicts", "with_orjson", ("orjson",), False, "decode-"),
    Contender("python", "Python alone", "with_python", (), False, "import"),
)


def task(key: str) -> Task:
    """A task by its key."""
    return next(task for task in TASKS if task.key == key)


def contender(key: str) -> Contender:
    """A contender by its key."""
    return next(contender for contender in CONTENDERS if contender.key == key)
