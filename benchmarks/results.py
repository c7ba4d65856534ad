"""The results of a run, as `benchmarks.json` stores them, and the statistics that everything else is based on."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Self, cast

from benchmarks.tasks import CONTENDERS, TASKS, TASKS_BY_KEY, Contender, Quantity, Task

Json = dict[str, Any]

MAXIMUM_SPREAD = 0.15
SLOW_LOOP, MAXIMUM_SLOW_LOOPS = 1.1, 0.1


def spread(values: Iterable[float]) -> float:
    """The interquartile range as a part of the median; 0 of fewer than two values."""
    found = list(values)
    if len(found) < 2:
        return 0.0
    lower, middle, upper = quantiles(found, method="inclusive")
    return (upper - lower) / middle if middle else 0.0


@dataclass
class Figure:
    """What was measured of one contender and task: the quantities of each round, or why there are none."""

    contender: str
    task: str
    problem: str | None = None
    rounds: list[Json] = field(default_factory=list[Json])

    def values(self, quantity: Quantity) -> list[float]:
        return [once[quantity] for once in self.rounds if once[quantity] is not None]

    def median(self, quantity: Quantity) -> float | None:
        values = self.values(quantity)
        return median(values) if values and not self.problem else None

    @property
    def is_noisy(self) -> bool:
        """Whether the quantity that the task is judged by varies too much from round to round."""
        return not self.problem and spread(self.values(TASKS_BY_KEY[self.task].judged)) > MAXIMUM_SPREAD


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

    def median(self, contender: str, task: str, quantity: Quantity) -> float | None:
        figure = self.find(contender, task)
        return figure.median(quantity) if figure else None

    @property
    def tasks(self) -> list[Task]:
        measured = {figure.task for figure in self.figures}
        return [task for task in TASKS if task.key in measured]

    @property
    def contenders(self) -> list[Contender]:
        return [contender for contender in CONTENDERS if contender.key in self.installed]

    @property
    def loops(self) -> list[float]:
        return [once["loop"] for figure in self.figures for once in figure.rounds]

    @property
    def slow_loops(self) -> float:
        """The part of the reference loops that took more than 1.1 × their lower quartile."""
        quartile = quantiles(self.loops, method="inclusive")[0]
        return sum(loop > SLOW_LOOP * quartile for loop in self.loops) / len(self.loops)

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
