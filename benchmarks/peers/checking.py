"""What a right result is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, cast

from benchmarks.peers import data
from benchmarks.peers.children import MeasurementError
from benchmarks.peers.tasks import Task

Json = dict[str, Any]

QUANTITIES = ("seconds", "requests", "connections", "megabytes")


@dataclass(frozen=True)
class Expected:
    """What a right result comes to, by kind of task."""

    listing: Json
    audit: Json
    packages: list[int]
    versions: list[int]
    name: str

    @classmethod
    @cache
    def compute(cls) -> Expected:
        """From the data itself."""
        large = next(package for package in data.audited() if len(package.versions) >= data.PER_PAGE)
        return cls(
            asdict(data.expected_listing()),
            data.expected_audit(),
            [json.loads(package.item)["id"] for package in data.listed()[: data.PER_PAGE]],
            [json.loads(version)["id"] for version in large.versions[: data.PER_PAGE]],
            data.audited()[0].name,
        )

    def of(self, task: Task) -> object:
        """What the facts of a measurement must be."""
        if task.kind == "decode":
            return self.packages if task.key == "decode-package" else self.versions
        return self.audit if task.kind == "audit" else self.listing


def check(found: Json, expected: object) -> Json:
    """The quantities of a measurement.

    Raises:
        MeasurementError: The result is not right.
    """
    confirm(found["facts"], expected)
    return {key: found[key] for key in QUANTITIES}


def confirm(facts: object, expected: object) -> None:
    """See that a result is right.

    Raises:
        MeasurementError: It is not.
    """
    if facts != expected:
        raise MeasurementError(f"wrong result: {describe(facts, expected)}")


def describe(found: object, expected: object) -> str:
    """How a result differs from the right one, in one line."""
    if isinstance(found, dict) and isinstance(expected, dict):
        there, right = cast("Json", found), cast("Json", expected)
        keys = sorted(key for key in there.keys() | right.keys() if there.get(key) != right.get(key))
        more = f" (and {len(keys) - 1} more)" if len(keys) > 1 else ""
        return f"{keys[0]} is {there.get(keys[0])}, not {right.get(keys[0])}{more}"
    return f"{str(cast('object', found))[:60]} instead of {str(expected)[:60]}"
