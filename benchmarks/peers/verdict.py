"""What the figures have to show, and whether they do.

Each number is judged by itself, on medians of the same run; of connections and requests every single round counts.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from attrs import frozen
from benchmarks.peers.results import NotMeasuredError, Results
from benchmarks.peers.tasks import TASKS
from benchmarks.peers.units import duration, significant

Relation = Literal["≥", ">", "≤", "="]
DEFAULT, FAST = "ghpackages", "ghpackages-fast"
INSTALLS = {DEFAULT: "default", FAST: "fast"}
SUBJECTS = {task.key: task.label for task in TASKS} | {
    "decode-package": "decode a package",
    "decode-version": "decode a version",
}
OTHERS = {
    "generated": "the unchanged generator",
    "cattrs": "cattrs",
    "githubkit": "githubkit",
    "aiohttp": "raw aiohttp",
}
AT_ONCE = tuple(task.key for task in TASKS if (task.concurrency or 1) > 1)
"""The tasks with 16 to 100 requests at once."""
ASKING = tuple(task.key for task in TASKS if task.least_requests is not None)
"""The tasks that ask for pages."""


@frozen
class Bound:
    """What a value must keep to.

    Attributes:
        relation: How it stands to the number.
        number: The border.
        unit: Of both.
    """

    relation: Relation
    number: float
    unit: str = "×"

    def holds(self, value: float) -> bool:
        """Whether a value keeps to it; the last digits of floating-point numbers decide nothing."""
        value = round(value, 9)
        holds = {
            "≥": value >= self.number,
            ">": value > self.number,
            "≤": value <= self.number,
            "=": value == self.number,
        }
        return holds[self.relation]

    def write(self, value: float) -> str:
        """A value with three digits, and with more if it would seem to be on the other side of the border."""
        digits = (significant(value, count) for count in range(3, 10))
        honest = (text for text in digits if self.holds(float(text.replace(",", ""))) == self.holds(value))
        return f"{next(honest, repr(value))} {self.unit}"

    def __str__(self) -> str:
        return f"{self.relation} {self.number:g} {self.unit}"


@frozen
class Measured:
    """A value.

    Attributes:
        value: In the unit of its bound.
        source: What it was computed from.
    """

    value: float
    source: str


@frozen
class Target:
    """One number that has to be reached.

    Attributes:
        key: Names it, for texts that quote it.
        figure: What it is, in words.
        bound: What it has to keep to.
        compute: How it follows from the results; raises NotMeasuredError where it does not.
    """

    key: str
    figure: str
    bound: Bound
    compute: Callable[[Results], Measured]


@frozen
class Verdict:
    """What came of a target.

    Attributes:
        target: This.
        measured: The value, if there is one.
        problem: Why there is none, otherwise.
    """

    target: Target
    measured: Measured | None
    problem: str | None

    @property
    def met(self) -> bool | None:
        """Whether it was reached; None if that is not known."""
        return self.target.bound.holds(self.measured.value) if self.measured else None


def _quotient(above: tuple[str, float], below: tuple[str, float], task: str, other_task: str | None = None) -> Measured:
    """How one median stands to another, each with its name."""
    (name, value), (other, divisor) = above, below
    if min(value, divisor) <= 0:
        raise NotMeasuredError(f"{name} and {other} can't be compared: no time was measured")
    source = f"{name} {duration(task, value)}, {other} {duration(other_task or task, divisor)}"
    return Measured(value / divisor, source)


def _faster(ours: str, other: str, task: str, bound: Bound) -> Target:
    """How many times as fast as another contender."""

    def compute(results: Results) -> Measured:
        mine = results.summary(ours, task).median
        return _quotient((OTHERS[other], results.summary(other, task).median), (INSTALLS[ours], mine), task)

    figure = f"{SUBJECTS[task]}, {INSTALLS[ours]}: times as fast as {OTHERS[other]}"
    return Target(f"{task}-{INSTALLS[ours]}-to-{other}", figure, bound, compute)


def _beside(ours: str, other: str, task: str, times: float) -> Target:
    """How many times the seconds of another contender."""

    def compute(results: Results) -> Measured:
        mine = results.summary(ours, task).median
        return _quotient((INSTALLS[ours], mine), (OTHERS[other], results.summary(other, task).median), task)

    figure = f"{SUBJECTS[task]}, {INSTALLS[ours]}: times the seconds of {OTHERS[other]}"
    return Target(f"{task}-{INSTALLS[ours]}-to-{other}", figure, Bound("≤", times), compute)


def _within(ours: str, task: str, times: float) -> Target:
    """How many times the limit."""

    def compute(results: Results) -> Measured:
        limit = results.task(task).limit
        if limit is None:
            raise NotMeasuredError(f"“{results.task(task).label}” has no limit in this run")
        return _quotient((INSTALLS[ours], results.summary(ours, task).median), ("limit", limit), task)

    figure = f"{SUBJECTS[task]}, {INSTALLS[ours]}: times the limit"
    return Target(f"{task}-{INSTALLS[ours]}-to-limit", figure, Bound("≤", times), compute)


def _connections(results: Results, ours: str, task: str) -> Measured:
    """How many times as many connections as requests at once, in the worst round."""
    what, opened = results.task(task), max(results.summary(ours, task, "connections").values)
    if not what.concurrency:
        raise NotMeasuredError(f"“{what.label}” has no concurrency in this run")
    return Measured(opened / what.concurrency, f"{opened:g} for {what.concurrency} at once in “{what.label}”")


def _requests(results: Results, ours: str, task: str) -> Measured:
    """By how many requests a task departs from the least that it needs, in the worst round."""
    what, counts = results.task(task), results.summary(ours, task, "requests").values
    least = what.least_requests
    if least is None:
        raise NotMeasuredError(f"how many requests “{what.label}” needs at least is not known")
    count = max(counts, key=lambda count: abs(count - least))
    return Measured(abs(count - least), f"{count:,.0f} where {least:,} are needed in “{what.label}”")


Judge = Callable[[Results, str, str], Measured]


def _worst(key: str, figure: str, bound: Bound, judge: Judge, ours: str, tasks: Sequence[str]) -> Target:
    """The highest value of several tasks. Where one is missing, only a border that is passed already is certain."""

    def compute(results: Results) -> Measured:
        found, missing = _tried(results, judge, ours, tasks)
        worst = max(found, key=lambda measured: measured.value, default=None)
        if worst and (not missing or not bound.holds(worst.value)):
            return Measured(worst.value, f"worst of {len(found)} tasks: {worst.source}")
        raise NotMeasuredError("; ".join(dict.fromkeys(missing)))

    return Target(
        f"{key}-{INSTALLS[ours]}", f"{figure}, {INSTALLS[ours]}, worst round of all such tasks", bound, compute
    )


def _tried(results: Results, judge: Judge, ours: str, tasks: Iterable[str]) -> tuple[list[Measured], list[str]]:
    """The values that there are, and why others are not."""
    found: list[Measured] = []
    missing: list[str] = []
    for task in tasks:
        try:
            found.append(judge(results, ours, task))
        except NotMeasuredError as reason:
            missing.append(str(reason))
    return found, missing


def _memory(ours: str, megabytes: float) -> Target:
    """How much memory streaming takes."""

    def compute(results: Results) -> Measured:
        return Measured(results.summary(ours, "stream", "megabytes").median, "growth of the peak resident memory")

    figure = f"memory to stream 10,000 packages, {INSTALLS[ours]}"
    return Target(f"memory-{INSTALLS[ours]}", figure, Bound("≤", megabytes, "MB"), compute)


def _import(results: Results) -> Measured:
    return Measured(results.summary(DEFAULT, "import").median * 1e3, "beyond bare Python")


def _ready(results: Results) -> Measured:
    mine, other = results.summary(DEFAULT, "ready").median, results.summary("httpx", "import").median
    return _quotient(("ready", mine), ("import httpx", other), "ready", "import")


TARGETS = (
    _faster(DEFAULT, "generated", "decode-package", Bound("≥", 1.8)),
    _faster(DEFAULT, "generated", "decode-version", Bound("≥", 2.5)),
    _faster(FAST, "generated", "decode-package", Bound("≥", 3.6)),
    _faster(FAST, "generated", "decode-version", Bound("≥", 3.4)),
    _faster(FAST, "cattrs", "decode-package", Bound(">", 1)),
    _faster(FAST, "cattrs", "decode-version", Bound(">", 1)),
    _faster(FAST, "githubkit", "decode-package", Bound("≥", 2)),
    _faster(FAST, "githubkit", "decode-version", Bound("≥", 2)),
    _faster(DEFAULT, "generated", "list", Bound("≥", 1.4)),
    _faster(FAST, "generated", "list", Bound("≥", 2.3)),
    _faster(FAST, "githubkit", "list", Bound("≥", 3)),
    _within(DEFAULT, "list-16", 1.15),
    _within(FAST, "list-16", 1.08),
    _faster(FAST, "githubkit", "audit-0ms-16", Bound("≥", 5)),
    _faster(FAST, "githubkit", "audit-0ms-100", Bound("≥", 5)),
    _beside(FAST, "aiohttp", "audit-0ms-16", 3.5),
    _beside(FAST, "aiohttp", "audit-0ms-100", 3.5),
    _within(DEFAULT, "audit-50ms-64", 1.6),
    _within(FAST, "audit-50ms-64", 1.4),
    _within(DEFAULT, "audit-50ms-100", 2.1),
    _within(FAST, "audit-50ms-100", 1.6),
    *(
        _worst("connections", "connections, 16 to 100 at once", Bound("≤", 1.05), _connections, ours, AT_ONCE)
        for ours in INSTALLS
    ),
    *(
        _worst("requests", "requests off the least possible", Bound("=", 0, "requests"), _requests, ours, ASKING)
        for ours in INSTALLS
    ),
    *(_memory(ours, 6) for ours in INSTALLS),
    Target("import-default", "`import ghpackages`, default, beyond bare Python", Bound("≤", 30, "ms"), _import),
    Target("ready-default", "ready to call, default: times the seconds of `import httpx`", Bound("≤", 1.3), _ready),
)


def judge(results: Results) -> tuple[Verdict, ...]:
    """What came of each target, in order."""
    return tuple(_verdict(target, results) for target in TARGETS)


def _verdict(target: Target, results: Results) -> Verdict:
    try:
        return Verdict(target, target.compute(results), None)
    except NotMeasuredError as reason:
        return Verdict(target, None, str(reason))
