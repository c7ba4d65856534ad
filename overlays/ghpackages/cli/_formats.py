"""Results for machines: JSON, JSON Lines and CSV. All are written as they come."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, TextIO

from ghpackages import repository_name, version_tags
from ghpackages.audit import (
    Audit,
    AuditIterator,
    PackageAudit,
    VersionMatch,
    header_record,
    package_record,
    restorable_until,
    summary_record,
)

Columns = Mapping[str, Callable[[Any], object]]
"""The columns of a CSV: how each gets its value from an item."""


class Writer(Protocol):
    """Writes items one by one."""

    def add(self, item: Any) -> None:
        """Write an item."""

    def end(self) -> None:
        """Write what comes after the last item."""


def compact(value: object) -> str:
    """JSON in one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class JsonLines:
    """One JSON object a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def add(self, item: Any) -> None:
        """Write GitHub's object."""
        self.write(item.to_dict())

    def write(self, value: object) -> None:
        """Write a value."""
        self._out.write(f"{compact(value)}\n")

    def end(self) -> None:
        """Nothing comes after the last line."""


class JsonArray:
    """A JSON array, an item a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._begin = "["

    def add(self, item: Any) -> None:
        """Write GitHub's object."""
        self.write(item.to_dict())

    def write(self, value: object) -> None:
        """Write a value."""
        self._out.write(f"{self._begin}\n{compact(value)}")
        self._begin = ","

    def end(self) -> None:
        """Close the array."""
        self._out.write("[]\n" if self._begin == "[" else "\n]\n")


class Csv:
    """A header line, then a line for each item."""

    def __init__(self, out: TextIO, columns: Columns) -> None:
        self._columns = columns
        self._writer = csv.writer(out, lineterminator="\n")
        self._writer.writerow(columns)

    def add(self, item: Any) -> None:
        """Write a line."""
        self._writer.writerow(text(value(item)) for value in self._columns.values())

    def end(self) -> None:
        """Nothing comes after the last line."""


def text(value: object) -> object:
    """A value as a CSV shows it; nothing for None and what is not set."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return value
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " ".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType]
    return str(value) if value else ""


PACKAGE_COLUMNS: Columns = {
    "id": lambda package: package.id,
    "package_type": lambda package: package.package_type,
    "name": lambda package: package.name,
    "visibility": lambda package: package.visibility,
    "repository": repository_name,
    "version_count": lambda package: package.version_count,
    "created_at": lambda package: package.created_at,
    "updated_at": lambda package: package.updated_at,
    "url": lambda package: package.url,
    "html_url": lambda package: package.html_url,
}

VERSION_COLUMNS: Columns = {
    "id": lambda version: version.id,
    "name": lambda version: version.name,
    "tags": version_tags,
    "license": lambda version: version.license_,
    "description": lambda version: version.description,
    "created_at": lambda version: version.created_at,
    "updated_at": lambda version: version.updated_at,
    "deleted_at": lambda version: version.deleted_at,
    "restorable_until": restorable_until,
    "url": lambda version: version.url,
    "html_url": lambda version: version.html_url,
    "package_html_url": lambda version: version.package_html_url,
}

AUDIT_COLUMNS: Columns = {
    "owner": lambda result: result.owner,
    "package_type": lambda result: result.package.package_type,
    "name": lambda result: result.package.name,
    "visibility": lambda result: result.package.visibility,
    "repository": lambda result: repository_name(result.package),
    "versions": lambda result: result.versions,
    "tagged": lambda result: result.tagged,
    "untagged": lambda result: result.untagged,
    "oldest": lambda result: result.oldest,
    "newest": lambda result: result.newest,
    "created_at": lambda result: result.package.created_at,
    "updated_at": lambda result: result.package.updated_at,
    "html_url": lambda result: result.package.html_url,
    "complete": lambda result: result.complete,
    "error": lambda result: result.error,
}

_Found = tuple[PackageAudit, VersionMatch | None]


def _of_package(name: str) -> Callable[[_Found], object]:
    return lambda found: AUDIT_COLUMNS[name](found[0])


def _of_version(name: str) -> Callable[[_Found], object]:
    return lambda found: VERSION_COLUMNS[name](found[1].version) if found[1] else None


MATCH_COLUMNS: Columns = {
    "owner": _of_package("owner"),
    "package_type": _of_package("package_type"),
    "package_name": _of_package("name"),
    "visibility": _of_package("visibility"),
    "repository": _of_package("repository"),
    **{f"version_{name}": _of_version(name) for name in ("id", "name")},
    **{name: _of_version(name) for name in ("tags", "created_at", "updated_at", "deleted_at", "restorable_until")},
    "reason": lambda found: found[1].reason if found[1] else None,
    "html_url": _of_version("html_url"),
    "complete": _of_package("complete"),
    "error": _of_package("error"),
}
"""A line for each matching version, and one for each package that is incomplete and has none."""


def item_writer(form: str, out: TextIO, columns: Columns) -> Writer:
    """A writer of packages or versions."""
    if form == "csv":
        return Csv(out, columns)
    return JsonLines(out) if form == "jsonl" else JsonArray(out)


class AuditWriter(Protocol):
    """Writes an audit."""

    def add(self, result: PackageAudit) -> None:
        """Write the audit of a package."""

    def end(self, results: AuditIterator) -> None:
        """Write the sums."""


class AuditJsonLines:
    """A header, unless it is there already, a record for each package, a summary."""

    def __init__(self, out: TextIO, audit: Audit, *, goes_on: bool = False) -> None:
        self._lines = JsonLines(out)
        if not goes_on:
            self._lines.write(header_record(audit.as_of, audit.owners, audit.filters))

    def add(self, result: PackageAudit) -> None:
        """Write a record."""
        self._lines.write(package_record(result))

    def end(self, results: AuditIterator) -> None:
        """Write the summary."""
        self._lines.write(summary_record(results.totals, results.failures))


class AuditJson:
    """The same as one object, which `ghpackages.audit.report_json` describes."""

    def __init__(self, out: TextIO, audit: Audit) -> None:
        self._out = out
        header = without_kind(header_record(audit.as_of, audit.owners, audit.filters))
        out.write(f'{compact(header)[:-1]},\n"packages":')
        self._packages = JsonArray(out)

    def add(self, result: PackageAudit) -> None:
        """Write a package."""
        self._packages.write(without_kind(package_record(result)))

    def end(self, results: AuditIterator) -> None:
        """Write the summary."""
        self._packages.end()
        summary = without_kind(summary_record(results.totals, results.failures))
        self._out.write(f',"summary":{compact(summary)}}}\n')


def without_kind(record: dict[str, Any]) -> dict[str, Any]:
    """A record that needs not tell which one it is."""
    return {key: value for key, value in record.items() if key != "record"}


class AuditCsv:
    """A line for each package; or, if versions are listed, a line for each of these."""

    def __init__(self, out: TextIO, *, lists_versions: bool) -> None:
        self._lists_versions = lists_versions
        self._csv = Csv(out, MATCH_COLUMNS if lists_versions else AUDIT_COLUMNS)

    def add(self, result: PackageAudit) -> None:
        """Write the lines of a package."""
        for item in self._lines(result):
            self._csv.add(item)

    def _lines(self, result: PackageAudit) -> Iterator[object]:
        if not self._lists_versions:
            yield result
            return
        matches: Iterable[VersionMatch | None] = result.matches or (() if result.complete else (None,))
        for match in matches:
            yield result, match

    def end(self, results: AuditIterator) -> None:
        """Nothing comes after the last line."""
