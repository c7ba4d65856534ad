"""The tables of the report, in Markdown."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import frozen
from benchmarks.peers.results import Breakdown, Contender, Figure, NotMeasuredError, Quantity, Results, Summary
from benchmarks.peers.tasks import CONTENDERS
from benchmarks.peers.units import significant, unit_of
from benchmarks.peers.verdict import INSTALLS, Verdict

ABSENT = "–"
NOT_RUN = "Not part of this run."
ONLY = {contender.key: contender.tasks for contender in CONTENDERS}
"""The tasks in which a contender takes part: those whose keys begin so."""

Cell = Callable[[Results, Contender], str]


@frozen
class Column:
    """One column of a table that has a row for each contender.

    Attributes:
        title: What stands above.
        task: The key of what it is about.
        cell: What stands in a row; raises NotMeasuredError where there is nothing.
        first: What stands in the row of what is the least possible, if there is such a row.
    """

    title: str
    task: str
    cell: Cell
    first: Callable[[Results], str] = lambda _: ABSENT


def markdown(titles: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    """A table; all columns but the first ones are set to the right."""
    marks = ["---" if index < left else "---:" for index in range(len(titles))]
    return "\n".join(f"| {' | '.join(map(_safe, row))} |" for row in (titles, marks, *rows))


def _safe(text: str) -> str:
    """A text that stays within its cell."""
    return re.sub(r"\s+", " ", text).replace("|", "\\|")


def strong(contender: Contender) -> str:
    """Its label, ours in bold."""
    return f"**{contender.label}**" if contender.key in INSTALLS else contender.label


def taking_part(results: Results, tasks: Sequence[str]) -> list[Contender]:
    """Who has a row: who has any figure, and who would have one if it could be installed; nobody if nobody has any."""

    def belongs(contender: Contender) -> bool:
        if contender.problem:
            return any(task.startswith(ONLY.get(contender.key, "")) for task in tasks)
        return any((contender.key, task) in results.figures for task in tasks)

    is_measured = any(task in tasks for _, task in results.figures)
    return [contender for contender in results.contenders if is_measured and belongs(contender)]


def compared(results: Results, columns: Sequence[Column], least: str | None = None) -> str:
    """A table with a row for each contender, and above these one of what is the least possible, if that has a name."""
    rows = [[least, ABSENT, *(column.first(results) for column in columns)]] if least else []
    contenders = taking_part(results, [column.task for column in columns])
    if not contenders:
        return NOT_RUN
    for contender in contenders:
        cells = (_cell(column, results, contender) for column in columns)
        rows.append([strong(contender), "yes" if contender.typed else "no", *cells])
    return markdown(["", "typed", *(column.title for column in columns)], rows, left=2)


def _cell(column: Column, results: Results, contender: Contender) -> str:
    if contender.problem:
        return "not installed"
    figure = results.figures.get((contender.key, column.task))
    if figure and figure.problem:
        return "failed"
    try:
        return column.cell(results, contender)
    except NotMeasuredError:
        return ABSENT


def spread_of(summary: Summary) -> str:
    """How far the rounds are from each other."""
    return "(1 round)" if summary.spread is None else f"± {summary.spread * 100:.0f} %"


def seconds(task: str, title: str) -> Column:
    """Medians and spreads in the unit of the task; the least is its limit."""
    unit, factor = unit_of(task)

    def cell(results: Results, contender: Contender) -> str:
        summary = results.summary(contender.key, task)
        return f"{significant(summary.median * factor)} {spread_of(summary)}"

    def first(results: Results) -> str:
        limit = _limit(results, task)
        return ABSENT if limit is None else significant(limit * factor)

    return Column(f"{title}, {unit}", task, cell, first)


def _limit(results: Results, task: str) -> float | None:
    try:
        return results.task(task).limit
    except NotMeasuredError:
        return None


def of_limit(task: str, title: str = "× limit") -> Column:
    """Medians relative to the limit."""

    def cell(results: Results, contender: Contender) -> str:
        limit = _limit(results, task)
        return f"{results.summary(contender.key, task).median / limit:.2f}" if limit else ABSENT

    return Column(title, task, cell, lambda results: "1" if _limit(results, task) else ABSENT)


def relative(task: str, other: str, title: str) -> Column:
    """Medians relative to those of another contender."""

    def cell(results: Results, contender: Contender) -> str:
        divisor = results.summary(other, task).median
        return f"{results.summary(contender.key, task).median / divisor:.2f}" if divisor > 0 else ABSENT

    return Column(title, task, cell)


def megabytes(task: str, title: str) -> Column:
    """Medians and spreads of the memory."""

    def cell(results: Results, contender: Contender) -> str:
        summary = results.summary(contender.key, task, "megabytes")
        return f"{significant(summary.median)} {spread_of(summary)}"

    return Column(f"{title}, MB", task, cell)


def counted(task: str, title: str, quantity: Quantity) -> Column:
    """Medians of what is counted, and the range if the rounds differ; the least of requests is known."""

    def cell(results: Results, contender: Contender) -> str:
        summary = results.summary(contender.key, task, quantity)
        low, high = min(summary.values), max(summary.values)
        return f"{summary.median:,.0f}" if low == high else f"{summary.median:,.0f} ({low:,.0f}–{high:,.0f})"

    def first(results: Results) -> str:
        try:
            least = results.task(task).least_requests
        except NotMeasuredError:
            least = None
        return ABSENT if least is None or quantity != "requests" else f"{least:,}"

    return Column(title, task, cell, first)


def layers(results: Results, labels: Mapping[str, str]) -> str:
    """What each layer adds, in ms and as a share, with a column for each breakdown.

    Args:
        results: Have at least one breakdown.
        labels: What people call the layers, by name; others are called by their names.
    """
    found = results.breakdown
    titles = [f"{strong(results.contender(one.contender))}, {one.concurrency} at once, ms" for one in found]
    names = dict.fromkeys(layer.name for one in found for layer in one.layers)
    rows = [[labels.get(name, name), *(_own(one, name) for one in found)] for name in names]
    total = ["all of it", *(_milliseconds(one.seconds) for one in found)]
    return markdown(["layer", *titles], [*rows, total])


def _own(breakdown: Breakdown, name: str) -> str:
    own = breakdown.own.get(name)
    if own is None:
        return ABSENT
    share = f" ({round(own / breakdown.seconds * 100)} %)" if breakdown.seconds else ""
    return f"{_milliseconds(own)}{share}"


def _milliseconds(seconds: float) -> str:
    return f"{round(seconds * 1e3):,}"  # a whole number, so that there is no -0


def verdicts(judged: Iterable[Verdict]) -> str:
    """Each target beside what was measured."""
    titles = ["figure", "target", "measured", "from", "met"]
    return markdown(titles, ([verdict.target.figure, *_verdict(verdict)] for verdict in judged))


def _verdict(verdict: Verdict) -> list[str]:
    bound = verdict.target.bound
    if not verdict.measured:
        return [str(bound), "not measured", verdict.problem or "", ABSENT]
    return [
        str(bound),
        bound.write(verdict.measured.value),
        verdict.measured.source,
        "yes" if verdict.met else "**no**",
    ]


def versions(results: Results) -> str:
    """Who takes part, and in which versions."""
    rows = [
        [strong(who), "yes" if who.typed else "no", ", ".join(f"{name} {version}" for name, version in pairs) or ABSENT]
        for who in results.contenders
        for pairs in [sorted(who.versions.items())]
    ]
    return markdown(["contender", "typed", "versions"], rows, left=3)


def problems(results: Results) -> str:
    """Whom and what nothing could be measured of, and why."""
    lines = [f"- {who.label} could not be installed: {who.problem}" for who in results.contenders if who.problem]
    lines += [_failure(results, figure) for figure in results.figures.values() if figure.problem]
    if not lines:
        return "Every contender could be installed, and every result was right."
    return "\n".join(re.sub(r"\s+", " ", line) for line in lines)


def _failure(results: Results, figure: Figure) -> str:
    who, what = results.contender(figure.contender), results.task(figure.task)
    return f"- {who.label} failed in “{what.label}”: {figure.problem}"
