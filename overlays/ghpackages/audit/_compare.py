"""`compare`: what changed between two audits."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, cast

from ._change import KINDS, Change, ChangeKind, one_line
from ._checks import lists_every_version
from ._differences import added, gone, package_changes
from ._doubts import Doubts
from ._durations import as_instant
from ._reading import ReportError, Side, checked
from ._records import header_record, package_record, summary_record
from ._report import AuditReport
from ._seen import Seen

Report = AuditReport | Iterable[Mapping[str, Any]]
"""A report, or its records: the header, the packages, the summary."""

_NO_QUESTION: Final = frozenset({"all_versions", "consistent"})
"""The filters that choose nothing."""


def compare(before: Report, after: Report) -> "Comparison":
    r"""Tell what changed between two audits that asked the same.

        with open("may.jsonl", encoding="utf-8") as may, open("june.jsonl", encoding="utf-8") as june:
            changes = compare(read_report(may), read_report(june))
            for change in changes:
                print(change)
            print(*changes.reasons, sep="\n")

    Nothing is called gone or added that one of the audits may just not have seen: packages of a listing that failed or
    of a report that was cut short, versions of a package that is incomplete, packages that may only have ceased or
    begun to pass a filter. `Comparison.reasons` tells what can't be told. Yet an audit is no snapshot: what moves while
    it runs may escape it, unless it is `consistent`; and a token that may see less sees less.

    A package is known by its owner, in upper or lower case, its type, its name and its id: one that was deleted and
    made anew under its name is gone and added. An owner that was renamed is another one. Versions are compared one by
    one if both audits list every one (`all_versions` without a version filter), else by number. It does not matter
    which report is the newer one; `as_of` may differ.

    Both reports are read once, in step. What is held is little, and only of the packages whose partner was not read
    yet; that is next to nothing if both have about the same order, as the audits of one question have.

    Args:
        before: The report to start from: what an audit collected, or its records, such as `read_report` gives.
        after: The report that it is compared with. Both may end without a summary, if they were cut short.

    Raises:
        ReportError: A header can't be read, or owners or filters differ. What is wrong further down is raised when it
            is reached.
    """
    return Comparison(_Source("before", before), _Source("after", after))


class Comparison(Iterator[Change]):
    """The changes, given once, as they are found; `compare` makes it.

    The changes of a package that both reports have come together: the package, its versions, their tags. Packages that
    only one of them has come last, because only the end of a report tells which listings failed: first those that are
    gone, then those that were added.

    Attributes:
        before_as_of: The instant of the first audit, in UTC.
        after_as_of: The instant of the second.
        owners: The owners that both asked for.
        filters: The filters of the second audit.
        lists_versions: Whether versions are compared one by one; else their number is.
    """

    def __init__(self, before: "_Source", after: "_Source") -> None:
        _check_question(before.header, after.header)
        self.before_as_of: datetime = as_instant(before.header["as_of"])
        self.after_as_of: datetime = as_instant(after.header["as_of"])
        self.owners: tuple[str, ...] = tuple(after.header["owners"])
        self.filters: Mapping[str, object] = after.header["filters"]
        self.lists_versions = all(lists_every_version(one.header["filters"]) for one in (before, after))
        self._before = before
        self._after = after
        self._counts: dict[ChangeKind, int] = dict.fromkeys(KINDS, 0)
        self._is_over = False
        self._changes = self._compared()

    def __next__(self) -> Change:
        """The next change.

        Raises:
            ReportError: A report is not as it should be.
        """
        change = next(self._changes)
        self._counts[change.kind] += 1
        return change

    @property
    def counts(self) -> Mapping[ChangeKind, int]:
        """How many changes of each kind were given so far; only the kinds that there were."""
        return {kind: count for kind, count in self._counts.items() if count}

    @property
    def is_complete(self) -> bool:
        """Whether everything was given, and nothing had to be left open."""
        return self._is_over and not self.reasons

    @property
    def reasons(self) -> tuple[str, ...]:
        """What can't be told, and why, as far as it is known by now.

        Each is one line. Of many that are alike the first few are there, and the number of the others.
        """
        return (*self._before.doubts.reasons(), *self._after.doubts.reasons())

    def _compared(self) -> Iterator[Change]:
        state = str(self.filters.get("state", "active"))
        for before, after in self._pairs():
            self._see_incomplete(before, after)
            yield from package_changes(before, after, state=state, lists_versions=self.lists_versions)
        yield from map(gone, self._lacking(self._before, self._after))
        yield from map(added, self._lacking(self._after, self._before))
        self._is_over = True

    def _lacking(self, one: "_Source", other: "_Source") -> Iterator[Seen]:
        """The packages of one report that did not exist for the other."""
        taken = {package.place for package in other.waiting.values()}
        for package in one.waiting.values():
            if package.place in taken or other.doubts.lacks(package):
                yield package

    def _see_incomplete(self, before: Seen, after: Seen) -> None:
        for source, package in ((self._before, before), (self._after, after)):
            if not package.is_complete:
                source.doubts.see_incomplete(package)

    def _pairs(self) -> Iterator[tuple[Seen, Seen]]:
        """The packages that both have. A report is read on while partners are found, so that neither runs ahead."""
        one, other = self._before, self._after
        while not (one.is_over and other.is_over):
            package = one.take(lists_versions=self.lists_versions)
            partner = package and other.waiting.pop(package.key, None)
            if package and partner:
                yield (partner, package) if one is self._after else (package, partner)
                continue
            if package:
                one.waiting[package.key] = package
            if not other.is_over:
                one, other = other, one


class _Source:
    """One of the two reports, as it is read.

    Attributes:
        header: Its first record.
        waiting: The packages whose partner in the other report was not read yet.
        is_over: Whether it was read to the end.
        doubts: What it can't tell.
    """

    def __init__(self, side: Side, report: Report) -> None:
        records = _records_of(report) if isinstance(report, AuditReport) else report
        self._side: Side = side
        self._records = checked(enumerate(records, 1), "record", may_be_cut=True)
        self.header = self._next() or {}
        self.waiting: dict[tuple[str, str, str, int], Seen] = {}
        self.is_over = False
        self.doubts = Doubts(side, self.header["filters"])

    def take(self, *, lists_versions: bool) -> Seen | None:
        """The next package; None at the end."""
        record = self._next()
        if record is not None and record["record"] == "package":
            return Seen.of(record, lists_versions=lists_versions)
        self.is_over = True
        self.doubts.see_end(record)
        if record is not None:
            self._next()  # refuses what comes after the summary
        return None

    def _next(self) -> dict[str, Any] | None:
        try:
            return next(self._records, None)
        except ReportError as error:
            error.side = self._side
            raise


def _records_of(report: AuditReport) -> Iterator[Mapping[str, Any]]:
    yield header_record(report.as_of, report.owners, report.filters)
    yield from map(package_record, report.packages)
    yield summary_record(report.totals, report.failures)


def _check_question(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Refuse to compare answers to different questions.

    Raises:
        ReportError: Owners or filters differ.
    """
    old, new = _question(before), _question(after)
    differing = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if differing:
        texts = (f"{name} ({_shown(old.get(name))} and {_shown(new.get(name))})" for name in differing)
        raise ReportError(f"the reports answer different questions, they differ in {', '.join(texts)}")


def _question(header: Mapping[str, Any]) -> dict[str, object]:
    filters = {name: value for name, value in header["filters"].items() if name not in _NO_QUESTION}
    return {name: _unordered(name, value) for name, value in {"owners": header["owners"], **filters}.items()}


def _unordered(name: str, value: object) -> object:
    """A value in a form in which the same is equal."""
    if not isinstance(value, list):
        return value
    texts = {str(one) for one in cast("list[object]", value)}
    return sorted({text.lower() for text in texts} if name in {"owners", "repositories"} else texts)


def _shown(value: object) -> str:
    return "not set" if value is None else one_line(str(value))
