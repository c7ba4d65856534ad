"""The targets: what the figures of ghpackages have to reach."""

import operator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from statistics import median
from typing import Literal

from benchmarks.results import Results
from benchmarks.tasks import CONTENDERS, TASKS_BY_KEY, Task

DEFAULT, FAST = "ghpackages", "ghpackages-fast"
NOT_MEASURED = "not part of this run"
LABELS = {contender.key: contender.label for contender in CONTENDERS}
LABELS.update({DEFAULT: "default", FAST: "fast", "generated": "the unchanged generator", "aiohttp": "raw aiohttp"})
LABELS.update({"least": "least possible", "limit": "the limit"})
RELATIONS = {"≥": operator.ge, ">": operator.gt, "≤": operator.le, "=": operator.eq}


@dataclass(frozen=True)
class Target:
    """A bound for one number of ours. Ratios are of medians; of connections and requests the worst round counts."""

    ours: str
    quantity: Literal["time", "requests", "connections", "megabytes"]  # CPU time, or wall time where there is latency
    relation: Literal["≥", ">", "≤", "="]  # with "≥" and ">" of the other ÷ ours, else of ours ÷ the other
    bound: float  # a factor; without an other, a value in seconds or MB
    other: str  # another contender, "limit", "concurrency", "least" or nothing
    task: str  # a pattern; if several match, the worst counts
    other_task: str = ""  # of the other contender, where it is not the same

    def holds(self, value: float) -> bool:
        """Whether a value keeps to the bound; the last digits of floating-point numbers decide nothing."""
        return RELATIONS[self.relation](round(value, 9), self.bound)

    @property
    def label(self) -> str:
        task = TASKS_BY_KEY.get(self.task)
        time = "wall time" if task and task.latency else "CPU time"
        quantity = {"time": time, "megabytes": "memory"}.get(self.quantity, self.quantity)
        other = LABELS.get(self.other, self.other)
        if self.other_task:
            other = f"`import {self.other}`"
        if self.relation in "≥>":
            quantity = f"{quantity} of {other} ÷ ours"
        elif other:
            quantity = f"{quantity} ÷ {other}"
        return f"{task.label if task else 'all tasks'}, {LABELS[self.ours]}: {quantity}"


TARGETS = (
    Target(DEFAULT, "time", "≥", 1.8, "generated", "decode-package"),
    Target(DEFAULT, "time", "≥", 2.5, "generated", "decode-version"),
    Target(FAST, "time", "≥", 3.6, "generated", "decode-package"),
    Target(FAST, "time", "≥", 3.4, "generated", "decode-version"),
    Target(FAST, "time", ">", 1, "cattrs", "decode-package"),
    Target(FAST, "time", ">", 1, "cattrs", "decode-version"),
    Target(FAST, "time", "≥", 2, "githubkit", "decode-package"),
    Target(FAST, "time", "≥", 2, "githubkit", "decode-version"),
    Target(DEFAULT, "time", "≥", 1.4, "generated", "list"),
    Target(FAST, "time", "≥", 2.3, "generated", "list"),
    Target(FAST, "time", "≥", 4, "githubkit", "list"),
    Target(DEFAULT, "time", "≤", 1.15, "limit", "list-16"),
    Target(FAST, "time", "≤", 1.08, "limit", "list-16"),
    Target(FAST, "time", "≥", 5.5, "githubkit", "audit-0ms-16"),
    Target(FAST, "time", "≤", 2.5, "aiohttp", "audit-0ms-16"),
    Target(FAST, "time", "≥", 5.3, "githubkit", "audit-0ms-100"),
    Target(FAST, "time", "≤", 3.5, "aiohttp", "audit-0ms-100"),
    Target(DEFAULT, "time", "≤", 1.6, "limit", "audit-50ms-64"),
    Target(FAST, "time", "≤", 1.2, "limit", "audit-50ms-64"),
    Target(DEFAULT, "time", "≤", 2.1, "limit", "audit-50ms-100"),
    Target(FAST, "time", "≤", 1.5, "limit", "audit-50ms-100"),
    *(Target(ours, "connections", "≤", 1, "concurrency", "*") for ours in (DEFAULT, FAST)),
    *(Target(ours, "requests", "=", 1, "least", "*") for ours in (DEFAULT, FAST)),
    *(Target(ours, "megabytes", "≤", 6, "", "stream") for ours in (DEFAULT, FAST)),
    Target(DEFAULT, "time", "≤", 0.03, "", "import"),
    Target(DEFAULT, "time", "≤", 1.3, "httpx", "ready", "import"),
)


@dataclass(frozen=True)
class Outcome:
    """The result of a target: a value, or the reason why there is none."""

    target: Target
    value: float | None = None
    reason: str = ""

    @property
    def is_met(self) -> bool | None:
        return None if self.value is None else self.target.holds(self.value)


def evaluate(target: Target, results: Results) -> Outcome:
    """Compare a target with the results of all its tasks in the run; a missing figure never hides a missed bound."""
    values, reason = list[float](), ""
    for task in results.tasks:
        if fnmatchcase(task.key, target.task) and (task.least_requests or target.task != "*"):
            found = _values(target, task, results)
            reason = reason or (found if isinstance(found, str) else "")
            values += [] if isinstance(found, str) else found
    worst = max(values, key=lambda value: (not target.holds(value), value), default=None)
    if worst is None or (reason and target.holds(worst)):
        return Outcome(target, reason=reason or NOT_MEASURED)
    return Outcome(target, worst)


def _values(target: Target, task: Task, results: Results) -> list[float] | str:
    """Return the values for one task, or the reason why there are none."""
    quantity = task.judged if target.quantity == "time" else target.quantity
    values = results.values(target.ours, task.key, quantity)
    if target.quantity not in {"connections", "requests"}:
        values = [median(values)] if values else []
    if not values:
        return _reason(results, target.ours, task.key)
    if not target.other:
        return values
    numbers = {"limit": task.limit, "concurrency": task.concurrency, "least": task.least_requests}
    key = target.other_task or task.key
    other = numbers.get(target.other) or results.median(target.other, key, task.judged)
    if not other:
        return _reason(results, target.other, key)
    return [other / value if target.relation in "≥>" else value / other for value in values if value]


def _reason(results: Results, contender: str, task: str) -> str:
    installed, figure = results.installed.get(contender), results.find(contender, task)
    if installed and installed.problem:
        return f"{LABELS[contender]} is not installed"
    return f"{LABELS[contender]} failed" if figure and figure.problem else NOT_MEASURED
