"""The results of a run, as `benchmarks.json` stores them, and the statistics that everything else is based on."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any, Self, cast

from benchmarks.data import Json
from benchmarks.tasks import CONTENDERS, TASKS, TASKS_BY_KEY, Contender, Quantity, Task

MAXIMUM_SPREAD = 0.15
SLOW_LOOP, MAXIMUM_SLOW_LOOPS, QUIET_ROUNDS = 1.1, 0.1, 2
"""A reference loop is slow beyond 1.1 × the quiet one; a machine with more than 10 % of such loops was not quiet."""


def spread(values: Iterable[float]) -> float:
    """The interquartile range as a part of the median; 0 of fewer than two values."""
    found = list(values)
    if len(found) < 2:
        return 0.0
    lower, middle, upper = quantiles(found, method="inclusive")
    return (upper - lower) / middle if middle else 0.0


@dataclass
class Figure:
    """What was measured of one contender and task: the quantities of each round, or why there are none.

    Cores that are shared with other machines change their speed for seconds at a time. So each round has the times of
    one loop before and after the work, and values are read with respect to `quiet`, the time of an undisturbed loop.
    """

    contender: str
    task: str
    problem: str | None = None
    rounds: list[Json] = field(default_factory=list[Json])

    def values(self, quantity: Quantity, quiet: float) -> list[float]:
        """The values of all rounds; of wall seconds those of quiet rounds, if there are enough.

        CPU seconds are scaled to the speed of a quiet core. Wall seconds can't be, as latency does not scale. Whether a
        round counts depends on the loops around it alone, never on its own value.
        """
        if quantity == "cpu":
            return [once["cpu"] * quiet / mean(once["loops"]) for once in self.rounds]
        rounds = self._quiet_rounds(quiet) if quantity == "seconds" and self.is_quiet(quiet) else self.rounds
        return [once[quantity] for once in rounds if once[quantity] is not None]

    def _quiet_rounds(self, quiet: float) -> list[Json]:
        return [once for once in self.rounds if max(once["loops"]) <= SLOW_LOOP * quiet]

    def is_quiet(self, quiet: float) -> bool:
        """Whether enough rounds were quiet for wall seconds."""
        least = 1 if TASKS_BY_KEY[self.task].is_measured_once else QUIET_ROUNDS
        return len(self._quiet_rounds(quiet)) >= least

    def is_noisy(self, quiet: float) -> bool:
        """Whether to measure again: its judged quantity varies too much, or too few rounds were quiet."""
        task = TASKS_BY_KEY[self.task]
        if self.problem or task.is_measured_once:
            return False
        lacks_quiet = task.judged == "seconds" and not self.is_quiet(quiet)
        return lacks_quiet or spread(self.values(task.judged, quiet)) > MAXIMUM_SPREAD


def loops_of(figures: Iterable[Figure]) -> list[float]:
    return [loop for figure in figures for once in figure.rounds for loop in once["loops"]]


def quiet_loop(figures: Iterable[Figure]) -> float:
    """The lower decile of the reference loops."""
    loops = loops_of(figures)
    return quantiles(loops, n=10, method="inclusive")[0] if len(loops) > 1 else 1.0


@dataclass
class Installed:
    """The versions of a contender as it was installed, or why it was not."""

    versions: dict[str, str]
    problem: str | None = None


@dataclass
class Results:
    """All results of a run; `installed` is by contender, `simulation` what an audit under GitHub's limits takes."""

    date: str
    rounds: int
    is_pinned: bool
    machine: Json
    installed: dict[str, Installed]
    figures: list[Figure]
    simulation: Json | None = None

    def find(self, contender: str, task: str) -> Figure | None:
        return next((each for each in self.figures if (each.contender, each.task) == (contender, task)), None)

    @cached_property
    def quiet(self) -> float:
        return quiet_loop(self.figures)

    def values(self, contender: str, task: str, quantity: Quantity) -> list[float]:
        figure = self.find(contender, task)
        return figure.values(quantity, self.quiet) if figure and not figure.problem else []

    def median(self, contender: str, task: str, quantity: Quantity) -> float | None:
        values = self.values(contender, task, quantity)
        return median(values) if values else None

    @property
    def tasks(self) -> list[Task]:
        measured = {figure.task for figure in self.figures}
        return [task for task in TASKS if task.key in measured]

    @property
    def contenders(self) -> list[Contender]:
        return [contender for contender in CONTENDERS if contender.key in self.installed]

    @property
    def slow_loops(self) -> float:
        """The part of the reference loops that were slow."""
        loops = loops_of(self.figures)
        return sum(loop > SLOW_LOOP * self.quiet for loop in loops) / len(loops) if loops else 0.0

    def to_json(self) -> str:
        """JSON with one line for each member, contender and figure, so that two runs can be compared with diff."""
        members = [f"  {json.dumps(key)}: {_lines(value)}" for key, value in asdict(self).items()]
        return "{\n" + ",\n".join(members) + "\n}\n"

    @classmethod
    def read(cls, path: Path) -> Self:
        data = json.loads(path.read_text("utf-8"))
        installed = {key: Installed(**each) for key, each in data.pop("installed").items()}
        return cls(installed=installed, figures=[Figure(**each) for each in data.pop("figures")], **data)


def _lines(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"    {json.dumps(item)}" for item in cast("list[Any]", value)) + "\n  ]"
    return json.dumps(value)
