"""Results for people."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TextIO

from rich.text import Text

from ghpackages import Package, PackageVersion, repository_name, version_tags
from ghpackages.audit import Audit, AuditIterator, PackageAudit, Totals, VersionMatch, totals_by

from ._grid import Column, Screen, heading, layout, render, to_text
from ._words import NONE, count, day, plural


def packages_table(packages: Sequence[Package], screen: Screen) -> str:
    """A row for each package."""
    columns = [
        Column(title="type", cells=[str(package.package_type) for package in packages]),
        Column(
            title="name",
            cells=[package.name for package in packages],
            total=plural(len(packages), "package"),
            cut=True,
        ),
        Column(title="visibility", short="visi-\nbility", cells=[str(package.visibility) for package in packages]),
        Column(title="repository", cells=[repository_name(package) or NONE for package in packages], cut=True),
        Column(title="created", cells=[day(package.created_at) for package in packages]),
        Column(title="updated", cells=[day(package.updated_at) for package in packages], spare=1),
    ]
    return _whole(columns, screen)


def versions_table(versions: Sequence[PackageVersion], screen: Screen) -> str:
    """A row for each version."""
    tags = [version_tags(version) for version in versions]
    columns = [
        Column(
            title="id",
            cells=[str(version.id) for version in versions],
            right=True,
        ),
        Column(
            title="name",
            cells=[version.name for version in versions],
            total=plural(len(versions), "version"),
            cut=True,
        ),
        Column(title="created", cells=[day(version.created_at) for version in versions]),
        Column(title="updated", cells=[day(version.updated_at) for version in versions], spare=1),
    ]
    if any(found is not None for found in tags):
        columns.insert(2, Column(title="tags", cells=[", ".join(found or ()) or NONE for found in tags], cut=True))
    if any(version.deleted_at for version in versions):
        columns.append(Column(title="deleted", cells=[day(version.deleted_at or None) for version in versions]))
    return _whole(columns, screen)


def _whole(columns: Sequence[Column], screen: Screen) -> str:
    found = layout(columns, screen)
    return render(found, screen, has_totals=True) + _note(found.left_out, screen)


def _note(left_out: Iterable[str], screen: Screen) -> str:
    names = ", ".join(left_out)
    if not names:
        return ""
    return to_text(Text(f"Not shown at this width: {names}.", style="dim"), screen, screen.width or 80)


def audit_table(audit: Audit, results: Sequence[PackageAudit], totals: Totals, screen: Screen) -> str:
    """A row for each package, the totals, and the matching versions beneath."""
    parts = [_whole(_audit_columns(audit, results, totals), screen), *_repositories(audit, results, screen)]
    if audit.lists_versions:
        parts += _matches(audit, results, screen)
    return "".join(parts)


def _repositories(audit: Audit, results: Sequence[PackageAudit], screen: Screen) -> Iterator[str]:
    """The sums by repository, the largest first and packages without one last; nothing if there is only one sum."""
    sums = totals_by(results, lambda result: repository_name(result.package))
    if len(sums) < 2:
        return
    rows = sorted(sums.items(), key=lambda row: (row[0] is None, -row[1].versions, row[0] or ""))
    totals = [total for _, total in rows]
    number = plural(len(sums) - (None in sums), "repository")

    def counts(title: str, of: Callable[[Totals], int | None]) -> Column:
        known = [number for total in totals if (number := of(total)) is not None]
        cells = [_at_least(of(total), is_exact=not total.incomplete) for total in totals]
        return Column(title=title, cells=cells, total=count(sum(known) if known else None), right=True)

    columns = [
        Column(title="repository", cells=[name or NONE for name, _ in rows], total=number, cut=True),
        Column(
            title="packages", cells=[count(total.packages) for total in totals], total=count(len(results)), right=True
        ),
        counts("versions", lambda total: total.versions),
        counts("untagged", lambda total: total.untagged),
    ]
    if audit.lists_versions:
        columns.append(counts("matches", lambda total: total.matches))
    yield f"\n{_whole(columns, screen)}"


def _audit_columns(audit: Audit, results: Sequence[PackageAudit], totals: Totals) -> list[Column]:
    def counts(title: str, short: str, numbers: Iterable[int | None], total: int | None, spare: int = 0) -> Column:
        cells = [_seen(result, number) for result, number in zip(results, numbers, strict=True)]
        return Column(title=title, short=short, cells=cells, total=count(total), right=True, spare=spare)

    packages = [result.package for result in results]
    columns = [
        Column(title="type", cells=[str(package.package_type) for package in packages]),
        Column(
            title="name",
            cells=[package.name for package in packages],
            total=plural(totals.packages, "package"),
            cut=True,
        ),
        Column(
            title="visibility", short="visi-\nbility", cells=[str(package.visibility) for package in packages], spare=2
        ),
        counts("versions", "ver-\nsions", (result.versions for result in results), totals.versions),
        counts("tagged", "tag-\nged", (result.tagged for result in results), totals.tagged, spare=3),
        counts("untagged", "un-\ntagged", (result.untagged for result in results), totals.untagged),
        Column(title="oldest", cells=[day(result.oldest) for result in results], total=day(totals.oldest), spare=1),
        Column(title="newest", cells=[day(result.newest) for result in results], total=day(totals.newest)),
    ]
    if audit.lists_versions:
        columns.insert(6, counts("matches", "mat-\nches", (len(result.matches) for result in results), totals.matches))
    if len(audit.owners) > 1:
        columns.insert(0, Column(title="owner", cells=[result.owner for result in results], cut=True))
    return columns


def _seen(result: PackageAudit, number: int | None) -> str:
    return _at_least(number, is_exact=result.complete)


def _at_least(number: int | None, *, is_exact: bool) -> str:
    """A count; if something failed it is what was seen before."""
    if is_exact or number is None:
        return count(number)
    return f"{number:,}+" if number else "?"


def _matches(audit: Audit, results: Sequence[PackageAudit], screen: Screen) -> Iterator[str]:
    matches = [match for result in results for match in result.matches]
    if not matches:
        yield "\nNo version matches.\n"
        return
    found = layout(_match_columns(audit, matches), screen)
    yield f"\n{render(found, screen, rows=slice(0), has_header=True)}"
    start = 0
    for result in results:
        if not result.matches:
            continue
        stop = start + len(result.matches)
        yield "\n" if start else ""
        yield heading(_heading(audit, result), screen)
        yield render(found, screen, rows=slice(start, stop), has_header=False)
        start = stop
    yield _note(found.left_out, screen)


def _heading(audit: Audit, result: PackageAudit) -> str:
    owner = f"{result.owner} " if len(audit.owners) > 1 else ""
    of = f"{len(result.matches):,} of {plural(result.versions, 'version')}"
    return f"{owner}{result.package.package_type} {result.package.name}: {of}"


def _match_columns(audit: Audit, matches: Sequence[VersionMatch]) -> list[Column]:
    by = "updated" if audit.filters.get("by") == "updated" else "created"
    versions = [match.version for match in matches]
    dates = [version.updated_at if by == "updated" else version.created_at for version in versions]
    columns = [
        Column(title="id", cells=[str(version.id) for version in versions], right=True),
        Column(
            title="tags or name",
            cells=[", ".join(version_tags(version) or ()) or version.name for version in versions],
            cut=True,
        ),
        Column(title=by, cells=map(day, dates)),
    ]
    if any(match.restorable_until for match in matches):
        columns.append(
            Column(
                title="restorable until",
                short="restorable\nuntil",
                cells=[day(match.restorable_until) for match in matches],
            )
        )
    reasons = [_short_reason(match.reason) for match in matches]
    if any(reasons):
        columns.append(Column(title="reason", cells=reasons, wrap=True))
    return columns


def _short_reason(reason: str) -> str:
    """The reason without the date, which has a column of its own."""
    parts = reason.split("; ")
    return "; ".join(
        part.partition(": ")[0] if part.startswith(("older than", "newer than")) else part for part in parts
    )


class AuditTable:
    """Keeps the results until the end, when it is known how wide the columns must be."""

    def __init__(self, out: TextIO, audit: Audit, screen: Screen) -> None:
        self._out = out
        self._audit = audit
        self._screen = screen
        self._results: list[PackageAudit] = []

    def add(self, result: PackageAudit) -> None:
        """Keep a result."""
        self._results.append(result)

    def end(self, results: AuditIterator) -> None:
        """Write the table."""
        self._out.write(audit_table(self._audit, self._results, results.totals, self._screen))
