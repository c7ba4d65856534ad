"""The results of a run, as `docs/benchmarks.json` has them, and their medians."""

import math
from collections.abc import Callable, Iterator, Mapping
from statistics import median
from typing import Literal, TypeVar, cast

from attrs import frozen

T = TypeVar("T")
SCHEMA = 1
Quantity = Literal["seconds", "requests", "connections", "megabytes"]


class WrongResultsError(ValueError):
    """The results don't have the form that they should; says where."""


class NotMeasuredError(LookupError):
    """A value is not there; its text is the reason, one line."""


@frozen
class Machine:
    """Where it was measured.

    Attributes:
        processor: Its name.
        cores: How many the run could use.
        system: The operating system and its version.
        python: The version of Python.
    """

    processor: str
    cores: int
    system: str
    python: str


@frozen
class Contender:
    """What is compared.

    Attributes:
        key: What the figures call it.
        label: What people call it.
        typed: Whether its results are objects with declared types.
        versions: The versions of what it is made of, by the name of the distribution.
        problem: Why it could not be installed, if it could not.
    """

    key: str
    label: str
    typed: bool
    versions: Mapping[str, str]
    problem: str | None


@frozen
class Task:
    """What has to be done.

    Attributes:
        key: What the figures call it.
        label: What people call it.
        limit: The seconds that latency alone demands, if there is latency.
        concurrency: The most requests at once, where it is given.
        least_requests: The least that can be made, where requests are made.
    """

    key: str
    label: str
    limit: float | None
    concurrency: int | None
    least_requests: int | None


@frozen
class Round:
    """One measurement; what was not measured is None.

    Attributes:
        seconds: How long it took; decoding: for one item.
        requests: How many the server saw.
        connections: How many were opened.
        megabytes: By how much the peak of the resident memory grew.
    """

    seconds: float | None
    requests: float | None
    connections: float | None
    megabytes: float | None


@frozen
class Figure:
    """What one contender needed for one task.

    Attributes:
        contender: Its key.
        task: Its key.
        problem: What went wrong, if something did.
        rounds: The measurements.
    """

    contender: str
    task: str
    problem: str | None
    rounds: tuple[Round, ...]


@frozen
class Summary:
    """The measurements of all rounds.

    Attributes:
        values: These, in the order of the rounds; at least one.
    """

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The one in the middle."""
        return median(self.values)

    @property
    def spread(self) -> float | None:
        """Highest less lowest, as a part of the median; None with less than two rounds, or around nothing."""
        if len(self.values) < 2 or not self.median:
            return None
        return (max(self.values) - min(self.values)) / abs(self.median)


@frozen
class Simulation:
    """An audit under GitHub's limits, on a virtual clock.

    Attributes:
        requests: How many it needs.
        refused: How many the server refused.
        seconds: How long it took, on that clock.
        least: How long it takes at least, in seconds.
        refused_without_governor: How many are refused if nothing holds them back.
    """

    requests: int
    refused: int
    seconds: float
    least: float
    refused_without_governor: int


@frozen
class Layer:
    """A part of the work, with all that it is built on.

    Attributes:
        name: What it is called.
        seconds: The CPU time of it and of all layers before.
    """

    name: str
    seconds: float


@frozen
class Breakdown:
    """Where the time of an audit goes.

    Attributes:
        contender: The key of who did it.
        concurrency: How many requests were made at once.
        layers: The layers, the innermost first; at least one.
    """

    contender: str
    concurrency: int
    layers: tuple[Layer, ...]

    @property
    def seconds(self) -> float:
        """The CPU time of all of it."""
        return self.layers[-1].seconds

    @property
    def own(self) -> Mapping[str, float]:
        """The seconds that each layer adds to the one before; noise can make them negative."""
        before = (0.0, *(layer.seconds for layer in self.layers))
        return {layer.name: layer.seconds - less for layer, less in zip(self.layers, before, strict=False)}


@frozen
class Results:
    """All of a run.

    Attributes:
        date: The day, as YYYY-MM-DD.
        rounds: How many there were.
        pinned: Whether server and client each had a core of their own.
        machine: Where it was.
        contenders: In the order in which tables show them.
        tasks: The same of the tasks.
        figures: What was measured, by the keys of contender and task.
        simulation: What came out of it, if it was run.
        breakdown: Where the time of audits goes, by contender and concurrency; empty if that was not measured.
    """

    date: str
    rounds: int
    pinned: bool
    machine: Machine
    contenders: tuple[Contender, ...]
    tasks: tuple[Task, ...]
    figures: Mapping[tuple[str, str], Figure]
    simulation: Simulation | None
    breakdown: tuple[Breakdown, ...] = ()

    def contender(self, key: str) -> Contender:
        """One of them, or NotMeasuredError."""
        for contender in self.contenders:
            if contender.key == key:
                return contender
        raise NotMeasuredError(f"{key} took no part in this run")

    def task(self, key: str) -> Task:
        """One of them, or NotMeasuredError."""
        for task in self.tasks:
            if task.key == key:
                return task
        raise NotMeasuredError(f"{key} was no part of this run")

    def summary(self, contender: str, task: str, quantity: Quantity = "seconds") -> Summary:
        """What was measured, or NotMeasuredError with the reason why it was not."""
        who, what = self.contender(contender), self.task(task)
        if who.problem:
            raise NotMeasuredError(f"{who.label} could not be installed: {who.problem}")
        figure = self.figures.get((contender, task))
        if figure and figure.problem:
            raise NotMeasuredError(f"{who.label} failed in “{what.label}”: {figure.problem}")
        values = tuple(_present(figure.rounds if figure else (), quantity))
        if not values:
            raise NotMeasuredError(f"{quantity} of {who.label} in “{what.label}”: not in this run")
        return Summary(values)


def _present(rounds: tuple[Round, ...], quantity: Quantity) -> Iterator[float]:
    for once in rounds:
        value = cast("float | None", getattr(once, quantity))
        if value is not None:
            yield value


@frozen
class _Node:
    """A value of the JSON, and where it is."""

    value: object
    path: str

    def wrong(self, expected: str) -> WrongResultsError:
        return WrongResultsError(f"{self.path or 'the results'}: {expected} is expected, not {self.value!r:.60}")

    def members(self) -> Mapping[str, object]:
        if not isinstance(self.value, Mapping):
            raise self.wrong("an object")
        return cast("Mapping[str, object]", self.value)  # pyright: ignore[reportUnknownMemberType]

    def __getitem__(self, key: str) -> "_Node":
        members = self.members()
        path = f"{self.path}.{key}".lstrip(".")
        if key not in members:
            raise WrongResultsError(f"{path}: missing")
        return _Node(members[key], path)

    def all(self, read: "Callable[[_Node], T]") -> tuple[T, ...]:
        if not isinstance(self.value, list | tuple):
            raise self.wrong("a list")
        items = cast("list[object]", self.value)  # pyright: ignore[reportUnknownMemberType]
        return tuple(read(_Node(item, f"{self.path}[{index}]")) for index, item in enumerate(items))

    def or_none(self, read: "Callable[[_Node], T]") -> T | None:
        return None if self.value is None else read(self)


def _text(node: _Node) -> str:
    if not isinstance(node.value, str):
        raise node.wrong("a text")
    return node.value


def _flag(node: _Node) -> bool:
    if not isinstance(node.value, bool):
        raise node.wrong("true or false")
    return node.value


def _number(node: _Node) -> float:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float) or not math.isfinite(node.value):
        raise node.wrong("a number")
    return node.value


def _whole(node: _Node) -> int:
    if isinstance(node.value, bool) or not isinstance(node.value, int):
        raise node.wrong("a whole number")
    return node.value


def _texts(node: _Node) -> dict[str, str]:
    return {key: _text(node[key]) for key in node.members()}


def _machine(node: _Node) -> Machine:
    return Machine(_text(node["processor"]), _whole(node["cores"]), _text(node["system"]), _text(node["python"]))


def _contender(node: _Node) -> Contender:
    problem = node["problem"].or_none(_text)
    return Contender(_text(node["key"]), _text(node["label"]), _flag(node["typed"]), _texts(node["versions"]), problem)


def _task(node: _Node) -> Task:
    limit, concurrency = node["limit"].or_none(_number), node["concurrency"].or_none(_whole)
    return Task(_text(node["key"]), _text(node["label"]), limit, concurrency, node["least_requests"].or_none(_whole))


def _round(node: _Node) -> Round:
    quantities = ("seconds", "requests", "connections", "megabytes")
    return Round(*(node[quantity].or_none(_number) for quantity in quantities))


def _figure(node: _Node) -> Figure:
    problem, rounds = node["problem"].or_none(_text), node["rounds"].all(_round)
    return Figure(_text(node["contender"]), _text(node["task"]), problem, rounds)


def _simulation(node: _Node) -> Simulation:
    return Simulation(
        requests=_whole(node["requests"]),
        refused=_whole(node["refused"]),
        seconds=_number(node["seconds"]),
        least=_number(node["least"]),
        refused_without_governor=_whole(node["refused_without_governor"]),
    )


def _layer(node: _Node) -> Layer:
    return Layer(_text(node["name"]), _number(node["seconds"]))


def _breakdown(node: _Node) -> Breakdown:
    layers = node["layers"].all(_layer)
    if not layers:
        raise node["layers"].wrong("at least one layer")
    if len({layer.name for layer in layers}) < len(layers):
        raise WrongResultsError(f"{node.path}.layers: two have the same name")
    return Breakdown(_text(node["contender"]), _whole(node["concurrency"]), layers)


def _breakdowns(results: _Node, contenders: set[str]) -> tuple[Breakdown, ...]:
    """Each of a contender that is known, and none twice; none at all in results that don't have the key."""
    if "breakdown" not in results.members():
        return ()
    found = results["breakdown"].all(_breakdown)
    seen = set[tuple[str, int]]()
    for index, one in enumerate(found):
        where = f"breakdown[{index}]"
        if one.contender not in contenders:
            raise WrongResultsError(f"{where}.contender: {one.contender!r} is not among the contenders")
        if (one.contender, one.concurrency) in seen:
            raise WrongResultsError(f"{where}: {one.contender} has {one.concurrency} at once twice")
        seen.add((one.contender, one.concurrency))
    return found


def _by_keys(results: _Node, contenders: set[str], tasks: set[str]) -> dict[tuple[str, str], Figure]:
    """The figures by what they are of: each known, and none twice."""
    figures: dict[tuple[str, str], Figure] = {}
    for index, figure in enumerate(results["figures"].all(_figure)):
        where = f"figures[{index}]"
        if figure.contender not in contenders:
            raise WrongResultsError(f"{where}.contender: {figure.contender!r} is not among the contenders")
        if figure.task not in tasks:
            raise WrongResultsError(f"{where}.task: {figure.task!r} is not among the tasks")
        if (figure.contender, figure.task) in figures:
            raise WrongResultsError(f"{where}: {figure.contender} has {figure.task} twice")
        figures[figure.contender, figure.task] = figure
    return figures


def read(results: Mapping[str, object]) -> Results:
    """Read what JSON gave.

    Raises:
        WrongResultsError: It has not the form that it should.
    """
    node = _Node(results, "")
    if node["schema"].value != SCHEMA:
        raise node["schema"].wrong(f"the form {SCHEMA}")
    contenders, tasks = node["contenders"].all(_contender), node["tasks"].all(_task)
    return Results(
        date=_text(node["date"]),
        rounds=_whole(node["rounds"]),
        pinned=_flag(node["pinned"]),
        machine=_machine(node["machine"]),
        contenders=contenders,
        tasks=tasks,
        figures=_by_keys(node, {contender.key for contender in contenders}, {task.key for task in tasks}),
        simulation=node["simulation"].or_none(_simulation),
        breakdown=_breakdowns(node, {contender.key for contender in contenders}),
    )
