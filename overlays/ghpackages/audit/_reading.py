"""Reading the JSON Lines of an audit back, record by record, and trusting none of them unseen."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, cast

from ._checks import header_problem, lists_every_version, package_key, package_problem, summary_problem

Side = Literal["before", "after"]
"""Which of two reports."""

_SIDES: Final[Mapping[str, str]] = {"before": "the first report: ", "after": "the second report: "}
_BLANK: Final = "\ufeff \t\r\n"
"""What may be around a record: white space of JSON, and a byte order mark where the text begins."""

_WRITE_LINES: Final = "write JSON Lines, as with `ghpackages audit … --format jsonl`"


class ReportError(ValueError):
    """A report that can't be read, or two that can't be compared. Its text is one line.

    Attributes:
        problem: What is wrong, without which report it is.
        line: The number of the line, from 1; None if it is not about a line of text.
        side: Which of two reports it is, if two are compared and it is about one of them.
    """

    def __init__(self, problem: str, *, line: int | None = None, side: Side | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.side: Side | None = side

    def __str__(self) -> str:
        return f"{_SIDES.get(self.side or '', '')}{self.problem}"


def read_report(lines: Iterable[str], *, may_be_cut: bool = False) -> Iterator[dict[str, Any]]:
    """Read the JSON Lines of an audit: the header, the packages, the summary.

        with open("audit.jsonl", encoding="utf-8") as file:
            for record in read_report(file): ...

    It reads a line when its record is asked for, and keeps nothing but a number for each package. What a record must
    hold for others to rely on it is checked; keys that are not known are left as they are. A byte order mark and empty
    lines are passed over.

    Args:
        lines: The lines of text, such as an open file. (`str.splitlines` won't do: it also splits inside of texts.)
        may_be_cut: Whether the report may have been cut short, as by the end of the process that wrote it. Then a last
            line without a line end, or that is no JSON, is dropped, and the summary may be missing.

    Raises:
        ReportError: The report is of a newer schema, or is no report, is damaged, or was cut short: there is no whole
            header, a record lacks something, a package is there twice, the summary is missing or counts other packages.
    """
    if isinstance(lines, str | bytes):
        raise TypeError("read_report takes lines, such as an open file, not one text")
    return checked(_parsed(lines, may_be_cut=may_be_cut), "line", may_be_cut=may_be_cut)


def checked(records: Iterable[tuple[int, object]], unit: str, *, may_be_cut: bool) -> Iterator[dict[str, Any]]:
    """The same records, each checked, and their order.

    Args:
        records: The records, and the number of each.
        unit: What the numbers count: "line", or "record" if there are no lines.
        may_be_cut: Whether the summary may be missing.

    Raises:
        ReportError: A record or the order is not as it must be.
    """
    order = _Order()
    for number, value in records:
        problem = order.problem(value)
        if problem:
            raise ReportError(f"{unit} {number} {problem}", line=number if unit == "line" else None)
        yield cast("dict[str, Any]", value)
    if not order.has_header:
        raise ReportError("the report has no header: it is empty, or was cut short")
    if not order.is_over and not may_be_cut:
        raise ReportError("the report ends without a summary: it was cut short")


class _Order:
    """What came so far: a header, packages, a summary, and nothing more."""

    def __init__(self) -> None:
        self.has_header = False
        self.is_over = False
        self._lists_all = False
        self._seen: set[int] = set()  # hashes: a number is less than the names

    def problem(self, value: object) -> str | None:
        """What is wrong with the next record; None if nothing is."""
        if self.is_over:
            return "comes after the summary"
        if not self.has_header:
            return self._header(value)
        if not isinstance(value, dict):
            return "is no record of an audit"
        record = cast("dict[str, object]", value)
        if record.get("record") == "package":
            return self._package(record)
        if record.get("record") == "summary":
            self.is_over = True
            return _about("the summary", summary_problem(record, len(self._seen)))
        return f"is a record of kind {_shown(record.get('record'))}, where a package or the summary is expected"

    def _header(self, value: object) -> str | None:
        record = cast("dict[str, object]", value) if isinstance(value, dict) else {}
        if record.get("record") != "header":
            is_whole = "schema_version" in record and "packages" in record
            return f"is a whole report as JSON: {_WRITE_LINES}" if is_whole else "is no header of an audit"
        problem = header_problem(record)
        self.has_header = True
        self._lists_all = not problem and lists_every_version(cast("dict[str, object]", record["filters"]))
        return _about("the header", problem)

    def _package(self, record: Mapping[str, object]) -> str | None:
        problem = package_problem(record, lists_all=self._lists_all)
        if problem:
            return problem
        key = hash(package_key(cast("str", record["owner"]), cast("dict[str, Any]", record["package"])))
        if key in self._seen:
            return "is about a package that was there before"
        self._seen.add(key)
        return None


def _about(part: str, problem: str | None) -> str | None:
    return problem and f"({part}) {problem}"


def _shown(kind: object) -> str:
    return ascii(kind) if isinstance(kind, str) and len(kind) < 40 else "unknown"


def _parsed(lines: Iterable[str], *, may_be_cut: bool) -> Iterator[tuple[int, object]]:
    """The value of each line that is not empty, and its number."""
    numbered = enumerate(_texts(lines, may_be_cut=may_be_cut), 1)
    is_first, have_ends = True, False
    for number, line in numbered:
        if not line.strip(_BLANK):
            continue
        has_end = line.endswith("\n")
        try:
            value = json.loads(line.strip(_BLANK) if is_first else line)
            problem = "has no line end" if may_be_cut and have_ends and not has_end else None
        except (ValueError, RecursionError) as cause:
            value, problem = None, _no_json(line, cause, is_first=is_first)
        if problem and may_be_cut and next(numbered, None) is None:
            return
        if problem:
            raise ReportError(f"line {number} {problem}", line=number)
        yield number, value
        is_first, have_ends = False, has_end


def _texts(lines: Iterable[str], *, may_be_cut: bool) -> Iterator[str]:
    """The lines, up to where a character was cut in two."""
    try:
        yield from lines
    except UnicodeDecodeError as cause:
        if not may_be_cut or cause.reason != "unexpected end of data":
            raise ReportError(f"the report is no text in {cause.encoding}: {cause.reason}") from cause


def _no_json(line: str, cause: Exception, *, is_first: bool) -> str:
    """Why a line could not be read."""
    start = line.strip(_BLANK)[:9]
    if is_first and not start.startswith(("{", "[")):
        return f"is no JSON: what a table or CSV leaves out can't be read back; {_WRITE_LINES}"
    if is_first and start != '{"record"':
        return f"is no whole JSON value, as if the report were one in many lines: {_WRITE_LINES}"
    if isinstance(cause, RecursionError):
        return "is nested too deep"
    if isinstance(cause, json.JSONDecodeError):
        return f"is no JSON: {cause.msg}, at character {cause.pos + 1}"
    return "is no JSON that can be read: a number is too long"
