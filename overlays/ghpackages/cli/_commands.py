"""What the commands do."""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any, TextIO

from attrs import frozen

from ghpackages import (
    GitHubPackages,
    GitHubPackagesError,
    NotFoundError,
    Package,
    PackageType,
    PackageVersion,
    PackageVersionState,
    PackageVisibility,
    Paginator,
)
from ghpackages.audit import Audit, AuditFailure, AuditIterator, PackageAudit, parse_owner

from ._client import Connection, connected
from ._exit import FINDINGS, INCOMPLETE, OK, REFUSED, CommandError, code_of, complain, say
from ._formats import (
    PACKAGE_COLUMNS,
    VERSION_COLUMNS,
    AuditCsv,
    AuditJson,
    AuditJsonLines,
    AuditWriter,
    Columns,
    Writer,
    item_writer,
)
from ._grid import Screen
from ._output import Format, choose_format, opened
from ._progress import Progress
from ._tables import audit_table, packages_table, plural, versions_table


@frozen
class Results:
    """How results are shown.

    Attributes:
        given: The format that was asked for.
        output: The file they go to; None for standard output.
        quiet: Whether nothing but errors is said.
    """

    given: Format | None
    output: Path | None
    quiet: bool

    @property
    def format(self) -> Format:
        """How they are written."""
        return choose_format(self.given, self.output)

    @property
    def screen(self) -> Screen:
        """What a table is shown on."""
        if self.output is not None or not sys.stdout.isatty():
            return Screen()
        colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return Screen(shutil.get_terminal_size().columns, colour)

    def report(self, what: str) -> None:
        """Say what was written to a file."""
        if self.output is not None and not self.quiet:
            say(f"{what} written to {self.output}")


@frozen
class PackagesQuery:
    """The arguments of `packages`."""

    owner: str
    package_type: PackageType | None
    visibility: PackageVisibility | None
    per_page: int
    start_page: int
    limit: int | None


@frozen
class VersionsQuery:
    """The arguments of `versions`."""

    owner: str
    package_type: PackageType
    name: str
    state: PackageVersionState
    per_page: int
    start_page: int
    limit: int | None


async def packages(connection: Connection, results: Results, query: PackagesQuery) -> int:
    """List packages."""
    async with connected(connection) as github:
        owner = parse_owner(github, query.owner)
        listing: Paginator[Package] = owner.packages(
            query.package_type, visibility=query.visibility, per_page=query.per_page, start_page=query.start_page
        )
        number = await _list(str(owner), listing, results, query.limit, PACKAGE_COLUMNS, packages_table)
    results.report(plural(number, "package"))
    return OK


async def versions(connection: Connection, results: Results, query: VersionsQuery) -> int:
    """List versions."""
    async with connected(connection) as github:
        owner = parse_owner(github, query.owner)
        listing: Paginator[PackageVersion] = owner.versions(
            query.package_type, query.name, state=query.state, per_page=query.per_page, start_page=query.start_page
        )
        number = await _list(str(owner), listing, results, query.limit, VERSION_COLUMNS, versions_table)
    results.report(plural(number, "version"))
    return OK


async def _list(
    owner: str,
    listing: Paginator[Any],
    results: Results,
    limit: int | None,
    columns: Columns,
    table: Callable[[list[Any], Screen], str],
) -> int:
    try:
        with opened(results.output) as out:
            if results.format == Format.TABLE:
                items = await listing.collect(limit)
                out.write(table(items, results.screen))
                return len(items)
            return await _write(listing, item_writer(results.format, out, columns), limit)
    except NotFoundError as error:
        raise CommandError(REFUSED, f"{error}{_hint(owner, error)}") from error


async def _write(listing: Paginator[Any], writer: Writer, limit: int | None) -> int:
    number = 0
    if limit != 0:
        async for item in listing:
            writer.add(item)
            number += 1
            if number == limit:
                break
    writer.end()
    return number


def _hint(owner: str, error: GitHubPackagesError) -> str:
    """What may help if an owner is not found."""
    is_org = owner != "@me" and ":" not in owner
    if not is_org or not isinstance(error, NotFoundError) or "package" in error.message.lower():
        return ""
    return f" If {owner} is a user, write user:{owner}"


async def audit(
    connection: Connection, results: Results, make: Callable[[GitHubPackages], Audit], *, fail_on_match: bool
) -> int:
    """Audit packages."""
    async with connected(connection) as github:
        recipe = make(github)
        if fail_on_match and not set(recipe.filters) - {"all_versions", "by", "state"}:
            raise ValueError("--fail-on-match needs a filter")
        with opened(results.output) as out:
            async with aclosing(aiter(recipe)) as found:
                await _audit(recipe, found, out, results)
    totals = found.totals
    results.report(f"{plural(totals.packages, 'package')}, {plural(totals.versions, 'version')}")
    if not found.is_complete:
        complain(_shortfall(found))
        return INCOMPLETE
    hits = totals.matches if recipe.lists_versions else totals.packages
    return FINDINGS if fail_on_match and hits else OK


def _shortfall(found: AuditIterator) -> str:
    parts = [
        f"{plural(number, noun)} failed"
        for number, noun in ((found.totals.incomplete, "package"), (len(found.failures), "listing"))
        if number
    ]
    return f"the result is incomplete: {' and '.join(parts)}"


async def _audit(recipe: Audit, found: AuditIterator, out: TextIO, results: Results) -> None:
    """Write everything that is found.

    Raises:
        CommandError: Nothing could be listed.
    """
    writer = _audit_writer(recipe, out, results)
    with Progress(quiet=results.quiet or (out.isatty() and results.format != Format.TABLE)) as progress:
        await _add_all(found, writer, progress)
    *others, last = [None, *found.failures]
    for failure in others:
        if failure:
            complain(_failure(failure))
    if last:
        if not found.has_listed and not found.totals.packages:
            raise CommandError(code_of(last.error), _failure(last)) from last.error
        complain(_failure(last))
    writer.end(found)


async def _add_all(found: AuditIterator, writer: AuditWriter, progress: Progress) -> None:
    try:
        async for result in found:
            writer.add(result)
            progress.show(f"{plural(found.totals.packages, 'package')}, {plural(found.totals.versions, 'version')}")
            if result.error:
                progress.clear()
                complain(f"{result.owner} {result.package.package_type} {result.package.name}: {result.error}")
    except GitHubPackagesError:
        if not found.failures:
            raise


def _failure(failure: AuditFailure) -> str:
    what = f"{failure.package_type} packages of {failure.owner}" if failure.package_type else failure.owner
    return f"{what}: {failure.error}{_hint(failure.owner, failure.error)}"


def _audit_writer(recipe: Audit, out: TextIO, results: Results) -> AuditWriter:
    if results.format == Format.CSV:
        return AuditCsv(out, lists_versions=recipe.lists_versions)
    if results.format == Format.TABLE:
        return AuditTable(out, recipe, results.screen)
    return AuditJsonLines(out, recipe) if results.format == Format.JSONL else AuditJson(out, recipe)


class AuditTable:
    """Keeps the results until the end, when it is known how wide the columns must be."""

    def __init__(self, out: TextIO, recipe: Audit, screen: Screen) -> None:
        self._out = out
        self._recipe = recipe
        self._screen = screen
        self._results: list[PackageAudit] = []

    def add(self, result: PackageAudit) -> None:
        """Keep a result."""
        self._results.append(result)

    def end(self, results: AuditIterator) -> None:
        """Write the table."""
        self._out.write(audit_table(self._recipe, self._results, results.totals, self._screen))
