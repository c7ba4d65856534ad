"""Measure ghpackages and its peers: every round measures each task of each contender once, in rotating order.

A task whose times vary too much from round to round is measured again, up to a bound; every value is stored.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import cache
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any, cast

from benchmarks import data, report, tasks
from benchmarks.measure import get
from benchmarks.results import Figure, Installed, Json, Results, quiet_loop
from benchmarks.start import program
from benchmarks.tasks import CONTENDERS, QUANTITIES, TASKS, Contender, Task

ROOT = Path(__file__).parents[1]
TIMEOUT, STARTS, ROUNDS, MAXIMUM_EXTRA_ROUNDS = 300, 5, 5, 5
VERSIONS = """\
import json; from importlib.metadata import distributions
print(json.dumps({each.name.lower(): each.version for each in distributions()}))
"""
CORES = sorted(os.sched_getaffinity(0))[:2] if hasattr(os, "sched_getaffinity") else []
IS_PINNED = len(CORES) == 2
"""Whether the server and the clients have a core each."""

Measure = Callable[[Contender, Task], Json]
"""Measures once, or raises MeasurementError."""


class MeasurementError(Exception):
    """A measurement without a figure, with the reason in one line."""


@dataclass
class Environment:
    """The Python of a contender, or why it has none, and versions of what is not installed as a distribution."""

    python: str = sys.executable
    problem: str | None = None
    versions: dict[str, str] = field(default_factory=dict[str, str])


@contextmanager
def serving() -> Generator[str, None, None]:
    """Run the server in a process of its own, and yield its address."""
    command = [sys.executable, "-m", "benchmarks.server", *map(str, CORES[:1] if IS_PINNED else ())]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url:
                raise SystemExit("the server of the benchmark does not start")
            yield url
        finally:
            process.terminate()


def child_environment() -> dict[str, str]:
    """Return the environment variables of children: no proxies, certificates, tokens or base URLs."""
    unwanted = re.compile(r"gh_|github_|pythondont|ssl_cert_|.*_proxy$", re.IGNORECASE)
    return {name: value for name, value in os.environ.items() if not unwanted.match(name)}


def run_child(*arguments: str) -> Any:
    """Run a process to its end, and return the last line of its output, which is JSON.

    Raises:
        MeasurementError: It failed, or took too long.
    """
    options: Json = {"cwd": ROOT, "env": child_environment(), "timeout": TIMEOUT}
    if IS_PINNED:
        options["preexec_fn"] = lambda: os.sched_setaffinity(0, {CORES[1]})
    try:
        done = subprocess.run(arguments, check=False, text=True, capture_output=True, **options)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise MeasurementError(str(failure)[-200:]) from failure
    if done.returncode:
        raise MeasurementError(_last_line(done.stderr) or f"ended with status {done.returncode}")
    try:
        return json.loads(_last_line(done.stdout))
    except ValueError as cause:
        raise MeasurementError(f"printed no result: {_last_line(done.stdout)[:80]!r}") from cause


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


@cache
def expected_facts(kind: str, key: str) -> object:
    """Return the facts of a correct result."""
    if kind == "decode":
        large = next(package for package in data.audited() if len(package.versions) >= data.PER_PAGE)
        items = [package.item for package in data.listed()] if key == "decode-package" else large.versions
        return [json.loads(item)["id"] for item in items[: data.PER_PAGE]]
    return data.expected_audit() if kind == "audit" else data.expected_listing()


def check(found: Json, expected: object) -> Json:
    """Return the quantities of a measurement.

    Raises:
        MeasurementError: Its result is wrong.
    """
    facts = found["facts"]
    if facts != expected:
        raise MeasurementError(f"wrong result: {_difference(facts, expected)}")
    return {key: found.get(key) for key in (*QUANTITIES, "loops")}


def _difference(found: Any, expected: Any) -> str:
    if isinstance(expected, list):
        return f"{str(found)[:60]} instead of {str(cast('Any', expected))[:60]}"
    key = next(key for key in sorted({*found, *expected}) if found.get(key) != expected.get(key))
    return f"{key} is {found.get(key)}, not {expected.get(key)}"


def measure_in(environments: dict[str, Environment], url: str) -> Measure:
    """Return what measures once, in a fresh process in the environment of the contender."""

    def measure(contender: Contender, task: Task) -> Json:
        python = environments[contender.key].python
        if task.kind == "start":
            get(f"{url}/-/reset?latency=0")
            return measure_start(python, contender, task, url if task.key == "first-call" else data.API)
        found = run_child(python, "-m", "benchmarks.measure", contender.key, task.key, url)
        return check(found, expected_facts(task.kind, task.key))

    return measure


def measure_start(python: str, contender: Contender, task: Task, url: str) -> Json:
    """Return the medians of several starts; one before them, which is not measured, compiles all modules."""
    command = (python, "-P", "-c", program(contender.module), task.key, url, data.audited()[0].name)
    _, *starts = [run_child(*command) for _ in range(1 + STARTS)]
    loops = [median(start["loops"][index] for start in starts) for index in (0, 1)]
    times = {key: median(start[key] for start in starts) for key in ("seconds", "cpu")}
    return dict.fromkeys(QUANTITIES) | times | {"loops": loops}


def log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@dataclass
class Rounds:
    """Measures tasks of contenders round by round, and keeps all figures."""

    contenders: Sequence[Contender]
    tasks: Sequence[Task]
    figures: dict[tuple[str, str], Figure] = field(default_factory=dict[tuple[str, str], Figure])

    def run(self, number: int, measure: Measure) -> None:
        """Measure each task of each contender once; the first contender of a round is the last of the next."""
        for task, contender in self._order(number):
            if task.key.startswith(contender.tasks) and not (number and task.is_measured_once):
                self._measure(f"{number + 1}.", contender, task, measure)

    def repeat_noisy(self, rounds: int, measure: Measure) -> None:
        """Measure again what varies too much: as many rounds as there were, at most five."""
        for number in range(min(rounds, MAXIMUM_EXTRA_ROUNDS)):
            quiet = quiet_loop(self.figures.values())
            noisy = {key for key, figure in self.figures.items() if figure.is_noisy(quiet)}
            for task, contender in self._order(number):
                if (contender.key, task.key) in noisy:
                    self._measure(f"extra {number + 1}.", contender, task, measure)

    def _order(self, number: int) -> Iterator[tuple[Task, Contender]]:
        start = number % len(self.contenders)
        return product(self.tasks, [*self.contenders[start:], *self.contenders[:start]])

    def _measure(self, label: str, contender: Contender, task: Task, measure: Measure) -> None:
        figure = self.figures.setdefault((contender.key, task.key), Figure(contender.key, task.key))
        if figure.problem:
            return
        try:
            figure.rounds.append(measure(contender, task))
            text = "{seconds:.6f} s, {cpu:.6f} s CPU".format(**figure.rounds[-1])
        except MeasurementError as failure:
            figure.problem = str(failure)
            text = f"FAILED: {failure}"
        log(f"{label} {task.key:<15} {contender.key:<16} {text}")


def measure_all(count: int, rounds: Rounds, environments: dict[str, Environment]) -> list[Figure]:
    for number in range(count):
        with serving() as url:
            rounds.run(number, measure_in(environments, url))
    with serving() as url:
        rounds.repeat_noisy(count, measure_in(environments, url))
    return list(rounds.figures.values())


def installed(contender: Contender, environment: Environment) -> Installed:
    """Return what is installed of a contender, or why nothing is."""
    try:
        if environment.problem:
            raise MeasurementError(environment.problem)
        found = run_child(environment.python, "-c", VERSIONS) | environment.versions
    except MeasurementError as failure:
        log(f"{contender.key} is left out: {failure}")
        return Installed({}, str(failure))
    return Installed({name: found[name] for name in contender.distributions if name in found})


def machine() -> Json:
    info = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.*)$", info.read_text() if info.exists() else "", re.MULTILINE)
    processor = names[0] if names else platform.processor() or platform.machine()
    found = {"processor": processor, "cores": os.cpu_count(), "system": platform.system()}
    return found | {"python": platform.python_version()}


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nox -s bench --", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the figures used to compare changes, in ten minutes")
    parser.add_argument("--rounds", type=int, help=f"default: {ROUNDS}, or {tasks.SHORT_ROUNDS} with --short")
    parser.add_argument("--tasks", nargs="+", metavar="GLOB", help="such as 'decode-*'")
    parser.add_argument("--contenders", nargs="+", metavar="GLOB", help="such as 'ghpackages*'")
    parser.add_argument("--environments", type=Path, metavar="FILE", help="JSON: where each contender is installed")
    parser.add_argument(
        "--list-contenders", action="store_true", help="list the selected contenders, and measure nothing"
    )
    options = parser.parse_args(arguments)
    options.is_partial = bool(options.short or options.tasks or options.contenders)
    options.rounds = options.rounds or (tasks.SHORT_ROUNDS if options.short else ROUNDS)
    options.tasks = options.tasks or (tasks.SHORT_TASKS if options.short else ["*"])
    options.contenders = options.contenders or (tasks.SHORT_CONTENDERS if options.short else ["*"])
    return options


def select(options: argparse.Namespace) -> tuple[list[Contender], list[Task]]:
    """Return the requested tasks, and the contenders that take part in any of them."""

    def chosen(key: str, patterns: Sequence[str]) -> bool:
        return any(fnmatchcase(key, pattern) for pattern in patterns)

    work = [task for task in TASKS if chosen(task.key, options.tasks)]
    able = [each for each in CONTENDERS if any(task.key.startswith(each.tasks) for task in work)]
    return [contender for contender in able if chosen(contender.key, options.contenders)], work


def read_environments(path: Path | None) -> dict[str, Environment]:
    """Return where each contender is installed: without a file, all are where this runs."""
    given: Json = json.loads(path.read_text("utf-8")) if path else {}
    missing = {"problem": "no environment was made for it"} if path else {}
    return {contender.key: Environment(**given.get(contender.key, missing)) for contender in CONTENDERS}


def run(options: argparse.Namespace) -> Results:
    environments = read_environments(options.environments)
    contenders, chosen = select(options)
    found = {contender.key: installed(contender, environments[contender.key]) for contender in contenders}
    able = [contender for contender in contenders if not found[contender.key].problem]
    figures = measure_all(options.rounds, Rounds(able, chosen), environments) if able else []
    results = Results(datetime.now(UTC).date().isoformat(), options.rounds, IS_PINNED, machine(), found, figures)
    if not options.is_partial:
        try:
            results.simulation = run_child(environments["ghpackages"].python, "benchmarks/simulation.py", "--json")
        except MeasurementError as failure:
            log(f"the simulation FAILED: {failure}")
            results.simulation = {"problem": str(failure)}
    return results


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    if options.list_contenders:
        print(json.dumps([contender.key for contender in select(options)[0]]))
        return
    folder = ROOT / ("build/benchmarks" if options.is_partial else "docs")
    results = run(options)
    report.write(results, folder)
    print(report.summary(results))
    log(f"wrote {folder / 'benchmarks.md'}")


if __name__ == "__main__":
    main()
