"""Results of a run that never was, in the form of docs/benchmarks.json: changed by tests as they need it."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from benchmarks.peers.results import Results, read

Json = dict[str, Any]
CONTENDERS = {
    "ghpackages": ("ghpackages", True),
    "ghpackages-fast": ("ghpackages[fast]", True),
    "generated": ("openapi-python-client, unchanged", True),
    "githubkit": ("githubkit", True),
    "gidgethub": ("gidgethub on aiohttp", False),
    "httpx": ("httpx, dicts", False),
    "aiohttp": ("aiohttp + orjson, dicts", False),
    "cattrs": ("cattrs + orjson", True),
    "msgspec": ("msgspec structs", True),
    "orjson": ("orjson, dicts", False),
    "python": ("Python itself", False),
}
TASKS = {  # label, limit, concurrency, least requests
    "import": ("import", None, None, None),
    "ready": ("ready to call", None, None, None),
    "first-call": ("first call", None, None, None),
    "decode-package": ("decode a package", None, None, None),
    "decode-version": ("decode a version", None, None, None),
    "list": ("list, 0 ms", None, 1, 100),
    "list-16": ("list, 100 ms, 16 at once", 0.8, 16, 100),
    "stream": ("stream", None, 1, 100),
    "audit-0ms-1": ("audit, 0 ms, 1 at once", None, 1, 639),
    "audit-0ms-16": ("audit, 0 ms, 16 at once", None, 16, 639),
    "audit-0ms-64": ("audit, 0 ms, 64 at once", None, 64, 639),
    "audit-0ms-100": ("audit, 0 ms, 100 at once", None, 100, 639),
    "audit-50ms-1": ("audit, 50 ms, 1 at once", 31.95, 1, 639),
    "audit-50ms-16": ("audit, 50 ms, 16 at once", 2.0, 16, 639),
    "audit-50ms-64": ("audit, 50 ms, 64 at once", 0.5, 64, 639),
    "audit-50ms-100": ("audit, 50 ms, 100 at once", 0.35, 100, 639),
}
DECODE = ("decode-package", "decode-version")
SECONDS: Mapping[str, Mapping[str, float]] = {
    "import": {
        "python": 0.0001, "ghpackages": 0.021, "ghpackages-fast": 0.022, "generated": 0.1, "githubkit": 0.15,
        "gidgethub": 0.12, "httpx": 0.079, "aiohttp": 0.11,
    },
    "ready": {
        "ghpackages": 0.095, "ghpackages-fast": 0.19, "generated": 0.128, "githubkit": 0.22, "gidgethub": 0.14,
        "httpx": 0.09, "aiohttp": 0.12,
    },
    "first-call": {
        "ghpackages": 0.11, "ghpackages-fast": 0.2, "generated": 0.14, "githubkit": 0.3, "gidgethub": 0.15,
        "httpx": 0.1, "aiohttp": 0.13,
    },
    "decode-package": {
        "ghpackages": 22e-6, "ghpackages-fast": 11e-6, "generated": 45e-6, "githubkit": 33.9e-6, "cattrs": 16.4e-6,
        "msgspec": 5.3e-6, "orjson": 5.7e-6,
    },
    "decode-version": {
        "ghpackages": 2.6e-6, "ghpackages-fast": 2.1e-6, "generated": 7.4e-6, "githubkit": 5.2e-6, "cattrs": 3.5e-6,
        "msgspec": 0.48e-6, "orjson": 0.7e-6,
    },
}  # fmt: skip
ASKING = {  # for every task that asks: so many seconds for each contender
    "ghpackages": (0.5, 0.9, 0.5, 0.9, 0.75, 0.8, 0.9, 33.1, 2.1, 0.75, 0.7),
    "ghpackages-fast": (0.3, 0.85, 0.3, 0.5, 0.4, 0.41, 0.42, 32.6, 2.05, 0.67, 0.52),
    "generated": (0.758, 1.192, 0.75, 1.7, 1.728, 1.9, 2.021, 34.0, 2.6, 1.942, 1.761),
    "githubkit": (1.019, 1.471, 1.0, 2.1, 2.116, 2.3, 2.458, 35.0, 3.1, 2.668, 2.654),
    "gidgethub": (0.311, 0.9, 0.31, 0.24, 0.242, 0.25, 0.267, 32.3, 2.1, 0.74, 0.614),
    "httpx": (0.405, 0.93, 0.4, 1.0, 1.205, 1.3, 1.445, 33.0, 2.3, 1.409, 1.215),
    "aiohttp": (0.164, 0.835, 0.16, 0.13, 0.134, 0.15, 0.161, 32.2, 2.03, 0.685, 0.506),
}
LAYERS = ("connections", "transports", "parsing", "decoding", "pages", "audit", "collector")
BREAKDOWN = {  # cumulative seconds, by contender and requests at once
    ("ghpackages", 16): (0.3, 0.35, 0.45, 0.6, 0.62, 0.7, 0.8),
    ("ghpackages", 100): (0.3, 0.36, 0.46, 0.61, 0.63, 0.71, 0.82),
    ("ghpackages-fast", 16): (0.144, 0.19, 0.21, 0.3, 0.32, 0.38, 0.4),
    ("ghpackages-fast", 100): (0.15, 0.2, 0.22, 0.31, 0.305, 0.38, 0.42),
}
MEGABYTES = {"ghpackages": 5.6, "ghpackages-fast": 5.4, "generated": 17.0, "githubkit": 78.0}


def _figure(contender: str, task: str, seconds: float) -> Json:
    _, _, concurrency, least = TASKS[task]
    once = {
        "seconds": seconds,
        "requests": least,
        "connections": concurrency,
        "megabytes": MEGABYTES.get(contender, 9.0) if task in {"list", "stream"} else None,
    }
    around = [once, {**once, "seconds": seconds * 1.02}, {**once, "seconds": seconds * 0.99}]
    return {"contender": contender, "task": task, "problem": None, "rounds": around}


def run() -> Json:
    """A run in which every target is met."""
    asking = [task for task, (_, _, _, least) in TASKS.items() if least]
    seconds = dict(SECONDS) | {task: {who: ASKING[who][index] for who in ASKING} for index, task in enumerate(asking)}
    return {
        "schema": 1,
        "date": "2026-11-22",
        "rounds": 3,
        "pinned": True,
        "machine": {"processor": "Made-up 9000", "cores": 2, "system": "Linux 6.1", "python": "3.11.7"},
        "contenders": [
            {"key": key, "label": label, "typed": typed, "versions": {key: "1.2.3"}, "problem": None}
            for key, (label, typed) in CONTENDERS.items()
        ],
        "tasks": [
            {"key": key, "label": label, "limit": limit, "concurrency": concurrency, "least_requests": least}
            for key, (label, limit, concurrency, least) in TASKS.items()
        ],
        "figures": [_figure(who, task, value) for task, values in seconds.items() for who, value in values.items()],
        "simulation": {
            "requests": 10002, "refused": 0, "seconds": 7204.0, "least": 7200.0, "refused_without_governor": 9102,
        },
        "breakdown": [
            {
                "contender": who,
                "concurrency": concurrency,
                "layers": [{"name": name, "seconds": value} for name, value in zip(LAYERS, values, strict=True)],
            }
            for (who, concurrency), values in BREAKDOWN.items()
        ],
    }  # fmt: skip


RUN = run()


def changed() -> Json:
    """The same, of one's own to change."""
    return deepcopy(RUN)


def results() -> Results:
    """The same, read."""
    return read(RUN)


def figure(data: Json, contender: str, task: str) -> Json:
    """One figure, to be changed."""
    (found,) = (each for each in data["figures"] if (each["contender"], each["task"]) == (contender, task))
    return found


def put(data: Json, contender: str, task: str, quantity: str, *values: float | None) -> None:
    """Set what was measured, and how many rounds there are."""
    target = figure(data, contender, task)
    target["rounds"] = [{**target["rounds"][0], quantity: value} for value in values]


def uninstalled(data: Json, contender: str, reason: str) -> None:
    """Take all figures of a contender away, because it could not be installed."""
    (found,) = (each for each in data["contenders"] if each["key"] == contender)
    found["problem"] = reason
    data["figures"] = [each for each in data["figures"] if each["contender"] != contender]
