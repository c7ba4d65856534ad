"""The whole benchmark: each round measures each task of each contender once, in another order each time."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib import import_module
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers.checking import QUANTITIES, Expected, Json, check, confirm
from benchmarks.peers.children import ROOT, Cores, MeasurementError, run_child, serving
from benchmarks.peers.snippets import program
from benchmarks.peers.tasks import CONTENDERS, TASKS, Contender, Task
from benchmarks.peers.units import duration

COMPLETE, PARTIAL = ROOT / "docs" / "benchmarks.json", ROOT / "build" / "benchmarks" / "benchmarks.json"
VERSIONS = (
    "import json, sys; from importlib.metadata import distributions;"
    "print(json.dumps({each.name.lower(): each.version for each in distributions()}))"
)


@dataclass
class Environment:
    """Where a contender is installed.

    Attributes:
        python: Its Python.
        problem: Why it is not installed.
        versions: Versions of what is not installed as a distribution, such as the generator of a package.
    """

    python: str = sys.executable
    problem: str | None = None
    versions: dict[str, str] = field(default_factory=dict[str, str])


Measure = Callable[[Contender, Task], Json]
"""Measures once; gives the quantities, or raises MeasurementError."""


def measure_in(environments: Mapping[str, Environment], url: str, expected: Expected, cores: Cores) -> Measure:
    """How a measurement is made by a fresh process in the environment of the contender."""

    def measure(contender: Contender, task: Task) -> Json:
        python = environments[contender.key].python
        if task.kind == "snippet":
            return measure_snippet(python, program(contender.module, task.key, url, expected.name), cores)
        command = [python, "-m", "benchmarks.peers.measure", contender.key, task.key, "--url", url]
        return check(result_of(run_child(command, cores)), expected.of(task))

    return measure


def result_of(line: str) -> Any:
    """What a child printed.

    Raises:
        MeasurementError: That is no JSON.
    """
    try:
        return json.loads(line)
    except ValueError as cause:
        raise MeasurementError(f"printed no result: {line[:80]!r}") from cause


def measure_snippet(python: str, code: str, cores: Cores) -> Json:
    """The seconds that a snippet takes in a Python that runs for nothing else: the median of five.

    Once before it is run for nothing, so that all modules are compiled.
    """
    command = [python, "-P", "-c", code]  # with -P it does not look for modules where it is started
    times = [result_of(run_child(command, cores)) for _ in range(6)]
    return dict.fromkeys(QUANTITIES) | {"seconds": median(times[1:])}


def rotated(contenders: Sequence[Contender], number: int) -> list[Contender]:
    """The contenders in the order of a round: who is first in one is last in the next."""
    start = number % len(contenders) if contenders else 0
    return [*contenders[start:], *contenders[:start]]


def takes_part(contender: Contender, task: Task) -> bool:
    """Whether a contender has this task."""
    return task.key.startswith(contender.tasks)


@dataclass
class Figures:
    """All that was measured, by contender and task, in the order in which it was first asked for."""

    rounds: dict[tuple[str, str], list[Json]] = field(default_factory=dict[tuple[str, str], list[Json]])
    problems: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def measure(self, contender: Contender, task: Task, measure: Measure) -> str:
        """Measure once more, unless it failed already; gives what is to be told of it."""
        key = contender.key, task.key
        found = self.rounds.setdefault(key, [])
        if key in self.problems:
            return f"failed before: {self.problems[key]}"
        try:
            found.append(measure(contender, task))
        except MeasurementError as failure:
            self.problems[key] = str(failure)
            return f"FAILED: {failure}"
        return line_of(task, found[-1])

    def as_json(self) -> list[Json]:
        """The figures of the results."""
        return [
            {"contender": contender, "task": task, "problem": self.problems.get((contender, task)), "rounds": rounds}
            for (contender, task), rounds in self.rounds.items()
        ]


def line_of(task: Task, quantities: Json) -> str:
    """A measurement for people."""
    text = duration(task.key, quantities["seconds"])
    others = [f"{quantities[key]} {key}" for key in QUANTITIES[1:] if quantities[key] is not None]
    return ", ".join([text, *others])


def tell(text: str) -> None:
    """Progress."""
    print(text, file=sys.stderr, flush=True)


def run_round(
    number: int, contenders: Sequence[Contender], tasks: Sequence[Task], figures: Figures, measure: Measure
) -> None:
    """Measure each task of each contender once."""
    for task in tasks:
        if number and task.first_round_only:
            continue
        for contender in rotated(contenders, number):
            if takes_part(contender, task):
                tell(f"{number + 1}. {task.key:<15} {contender.key:<16} {figures.measure(contender, task, measure)}")


def measure_rounds(
    rounds: int,
    contenders: Sequence[Contender],
    tasks: Sequence[Task],
    figures: Figures,
    environments: Mapping[str, Environment],
    cores: Cores,
) -> None:
    """Measure everything so many times, each round with a server of its own."""
    expected = Expected.compute()
    for number in range(rounds):
        with serving(cores) as url:
            run_round(number, contenders, tasks, figures, measure_in(environments, url, expected, cores))


def installed(contender: Contender, environment: Environment) -> Json:
    """A contender of the results: what is installed of it, or why nothing is."""
    found: dict[str, str] = {}
    if not environment.problem:
        try:
            found = result_of(run_child([environment.python, "-c", VERSIONS], Cores())) | environment.versions
        except MeasurementError as failure:
            environment.problem = str(failure)
    return {
        "key": contender.key,
        "label": contender.label,
        "typed": contender.is_typed,
        "versions": {name: found[name] for name in contender.distributions if name in found},
        "problem": environment.problem,
    }


def machine() -> Json:
    """Where this runs."""
    names = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    processor = next((line.partition(": ")[2] for line in names if line.startswith("model name")), "")
    release = ".".join(platform.release().split("-")[0].split(".")[:2])
    return {
        "processor": processor or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {release}",
        "python": platform.python_version(),
    }


def simulate(environment: Environment) -> Json | None:
    """An audit under GitHub's limits on a virtual clock; None if it can't be run."""
    if environment.problem:
        return None
    try:
        return result_of(run_child([environment.python, "benchmarks/simulation.py", "--json"], Cores()))
    except MeasurementError as failure:
        tell(f"the simulation FAILED: {failure}")
        return None


BROKEN_DOWN, AT_ONCE = ("ghpackages", "ghpackages-fast"), (16, 100)


def break_down(
    contenders: Sequence[Contender], environments: Mapping[str, Environment], cores: Cores
) -> Iterator[Json]:
    """Where the time of our audits goes, by contender and requests at once; what fails is told and left out."""
    expected = Expected.compute()
    with serving(cores) as url:
        for contender, concurrency in product(contenders, AT_ONCE):
            name = f"breakdown, {contender.key}, {concurrency} at once"
            command = [environments[contender.key].python, "-m", "benchmarks.peers.breakdown", str(concurrency)]
            try:
                layers = layers_of(run_child([*command, "--url", url], cores), expected)
            except MeasurementError as failure:
                tell(f"{name} FAILED: {failure}")
                continue
            tell(f"{name}: {layers[-1]['seconds']:.3f} s")
            yield {"contender": contender.key, "concurrency": concurrency, "layers": layers}


def layers_of(line: str, expected: Expected) -> list[Json]:
    """The layers that a child measured.

    Raises:
        MeasurementError: It printed none, or its audit was not right.
    """
    found = result_of(line)
    confirm(found["facts"], expected.audit)
    return found["layers"]


def read_environments(path: Path | None) -> dict[str, Environment]:
    """Where each contender is installed: by default all where this runs."""
    given: Json = json.loads(path.read_text("utf-8")) if path else {}
    missing = {} if not path else {"problem": "no environment was made for it"}
    return {contender.key: Environment(**given.get(contender.key, missing)) for contender in CONTENDERS}


def chosen(names: Sequence[str], patterns: Sequence[str]) -> set[str]:
    """The names that fit one of the patterns."""
    return {name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)}


TASKS_HELP = "such as 'decode-*', simulation or breakdown"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="nox -s bench --", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="5 by default")
    parser.add_argument("--tasks", nargs="+", default=["*"], metavar="GLOB", help=TASKS_HELP)
    parser.add_argument("--contenders", nargs="+", default=["*"], metavar="GLOB", help="such as 'ghpackages*'")
    parser.add_argument("--environments", type=Path, metavar="FILE", help="JSON: where each contender is installed")
    parser.add_argument("--results", type=Path, metavar="FILE", help=f"{_name(COMPLETE)}; {_name(PARTIAL)} of a part")
    return parser.parse_args(arguments)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def run(options: argparse.Namespace) -> Json:
    """Measure everything that was asked for."""
    environments = read_environments(options.environments)
    keys = chosen([contender.key for contender in CONTENDERS], options.contenders)
    contenders = [contender for contender in CONTENDERS if contender.key in keys]
    tasks = [task for task in TASKS if task.key in chosen([task.key for task in TASKS], options.tasks)]
    told = [installed(contender, environments[contender.key]) for contender in contenders]
    able = [contender for contender, each in zip(contenders, told, strict=True) if not each["problem"]]
    for each in told:
        if each["problem"]:
            tell(f"{each['key']} is left out: {each['problem']}")
    figures, cores = Figures(), Cores.choose()
    if able and tasks:
        measure_rounds(options.rounds, able, tasks, figures, environments, cores)
    simulation = simulate(environments["ghpackages"]) if chosen(["simulation"], options.tasks) else None
    ours = [contender for contender in able if contender.key in BROKEN_DOWN and chosen(["breakdown"], options.tasks)]
    breakdown = list(break_down(ours, environments, cores)) if ours else []
    return {
        "schema": 1,
        "date": datetime.now(UTC).date().isoformat(),
        "rounds": options.rounds,
        "pinned": cores.clients is not None,
        "machine": machine(),
        "contenders": told,
        "tasks": [
            {key: getattr(task, key) for key in ("key", "label", "limit", "concurrency", "least_requests")}
            for task in tasks
        ],
        "figures": figures.as_json(),
        "simulation": simulation,
        "breakdown": breakdown,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write the results, and draw the report."""
    options = parse(arguments)
    everything = options.tasks == options.contenders == ["*"]
    path: Path = options.results or (COMPLETE if everything else PARTIAL)
    results = run(options)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{json.dumps(results, indent=1, ensure_ascii=False)}\n", encoding="utf-8")
    tell(f"wrote {path}")
    import_module("benchmarks.peers.report").write(results, path.parent)
