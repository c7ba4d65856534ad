"""What `diff` does: the changes between two audits, for people and for machines."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final, Protocol, TextIO

from attrs import fields, frozen

from ghpackages.audit import Change, Comparison, ReportError, compare, read_report

from ._exit import FINDINGS, INCOMPLETE, OK, complain
from ._formats import Columns, Csv, JsonArray, JsonLines, compact
from ._grid import Column, Screen, heading, layout, render, wrapped
from ._output import Format, opened
from ._results import Results
from ._words import NONE, count, plural, plurals


@frozen
class DiffQuery:
    """The arguments of `diff`.

    Attributes:
        old: The file of the audit to start from.
        new: The file of the audit that it is compared with.
        fail_on_match: Whether changes are findings.
    """

    old: Path
    new: Path
    fail_on_match: bool


def diff(results: Results, query: DiffQuery) -> int:
    """Compare two audits.

    Raises:
        ValueError: A file is no report, or the two were asked different things.
    """
    with _comparison(query) as changes, opened(results.output) as out:
        writer = _writer(changes, out, results)
        for change in changes:
            writer.add(change)
        writer.end()
    number = sum(changes.counts.values())
    results.report(plural(number, "change"))
    for reason in changes.reasons:
        complain(reason)
    if not changes.is_complete:
        complain("the comparison is incomplete")
        return INCOMPLETE
    return FINDINGS if query.fail_on_match and number else OK


@contextmanager
def _comparison(query: DiffQuery) -> Generator[Comparison, None, None]:
    """Both reports, read as their changes are taken; what is wrong with one names its file."""
    paths = {"before": query.old, "after": query.new}
    try:
        with _open(query.old) as old, _open(query.new) as new:
            yield compare(read_report(old, may_be_cut=True), read_report(new, may_be_cut=True))
    except ReportError as error:
        raise ValueError(f"{paths[error.side]}: {error.problem}" if error.side else error.problem) from error


def _open(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"can't read {path}: {error.strerror}") from error


class DiffWriter(Protocol):
    """Writes changes one by one."""

    def add(self, item: Change) -> None:
        """Write a change."""

    def end(self) -> None:
        """Write what comes after the last one."""


def _writer(changes: Comparison, out: TextIO, results: Results) -> DiffWriter:
    if results.format == Format.TABLE:
        return DiffTable(out, changes, results.screen)
    if results.format == Format.CSV:
        return Csv(out, DIFF_COLUMNS)
    return JsonLines(out) if results.format == Format.JSONL else DiffJson(out, changes)


DIFF_COLUMNS: Columns = {field.name: attrgetter(field.name) for field in fields(Change)}


class DiffJson:
    """One object: what was compared, the changes, how many of each kind, and whether anything is left open."""

    def __init__(self, out: TextIO, changes: Comparison) -> None:
        self._out = out
        self._found = changes
        header = {
            "before_as_of": _iso(changes.before_as_of),
            "after_as_of": _iso(changes.after_as_of),
            "owners": changes.owners,
            "filters": dict(changes.filters),
            "lists_versions": changes.lists_versions,
        }
        out.write(f'{compact(header)[:-1]},\n"changes":')
        self._changes = JsonArray(out)

    def add(self, item: Change) -> None:
        """Write a change."""
        self._changes.add(item)

    def end(self) -> None:
        """Write the numbers."""
        self._changes.end()
        found = self._found
        summary = {"complete": found.is_complete, "counts": dict(found.counts), "reasons": found.reasons}
        self._out.write(f',"summary":{compact(summary)}}}\n')


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


_WHOLE: Final = frozenset({"package_added", "package_gone"})
"""The changes of packages that only one report has."""


class DiffTable:
    """Keeps the changes until the end, when it is known how wide the columns must be."""

    def __init__(self, out: TextIO, found: Comparison, screen: Screen) -> None:
        self._out = out
        self._found = found
        self._screen = screen
        self._changes: list[Change] = []

    def add(self, item: Change) -> None:
        """Keep a change."""
        self._changes.append(item)

    def end(self) -> None:
        """Write the changes under their packages, and the numbers."""
        found, write = self._found, self._out.write
        table = layout(_columns(found, self._changes), self._screen)
        start = 0
        for title, changes in groupby(self._changes, key=lambda change: _heading(found, change)):
            stop = start + len(list(changes))
            write(heading(title, self._screen))
            write(f"{render(table, self._screen, rows=slice(start, stop), has_header=False)}\n")
            start = stop
        write(wrapped(_sums(found), self._screen))
        if not found.lists_versions:
            note = "Versions were compared by number; those of audits with --all-versions are compared one by one."
            write(wrapped(note, self._screen))


def _sums(found: Comparison) -> str:
    """The number of changes of each kind, between what."""
    kinds = [f"{number:,} {_kind(kind, number)}" for kind, number in found.counts.items()]
    moments = " and ".join(f"{moment:%Y-%m-%d %H:%M}" for moment in (found.before_as_of, found.after_as_of))
    changes = plural(sum(found.counts.values()), "change") if kinds else "No change"
    return f"{changes} between {moments} UTC{': ' * bool(kinds)}{', '.join(kinds)}."


def _kind(kind: str, number: int) -> str:
    """`2 packages added`."""
    text = "number_of versions changed" if kind == "versions_counted" else kind
    noun, _, what = text.partition("_")
    return f"{noun if number == 1 else plurals(noun)} {what}"


def _heading(found: Comparison, change: Change) -> str:
    return "Packages" if change.kind in _WHOLE else _package(found, change)


def _package(found: Comparison, change: Change) -> str:
    owner = f"{change.owner} " if len(found.owners) > 1 else ""
    return f"{owner}{change.package_type} {change.package_name}"


def _columns(found: Comparison, changes: list[Change]) -> list[Column]:
    columns = [
        Column(title="change", cells=[change.kind.replace("_", " ") for change in changes]),
        Column(title="what", cells=[_what(found, change) for change in changes], cut=True),
    ]
    if any(change.version_id for change in changes):
        ids = [str(change.version_id or "") for change in changes]
        columns.insert(1, Column(title="version id", short="version\nid", cells=ids, right=True))
    return columns


def _what(found: Comparison, change: Change) -> str:
    """What changed, as short as it can be said."""
    if change.kind in _WHOLE:
        versions = change.after if change.kind == "package_added" else change.before
        number = f", {plural(versions, 'version')}" if isinstance(versions, int) else ""
        return f"{_package(found, change)}{number}"
    if change.tag is not None:
        return f"{change.tag}, was on {change.from_version_id}" if change.from_version_id else change.tag
    if change.version_id is not None:
        return ", ".join(change.tags or ()) or change.version_name or NONE
    return f"{_value(change.before)} → {_value(change.after)}"


def _value(value: str | int | None) -> str:
    return value if isinstance(value, str) else count(value)
