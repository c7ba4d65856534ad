"""What `packages` and `versions` do."""

from collections.abc import Callable
from contextlib import aclosing
from typing import Any

from attrs import define, field, frozen

from ghpackages import (
    GitHubPackages,
    GitHubPackagesError,
    NotFoundError,
    Paginator,
    RequestCount,
    count_requests,
)
from ghpackages.audit import parse_owner

from ._client import Connection, connected
from ._exit import OK, REFUSED, CommandError, hint
from ._formats import PACKAGE_COLUMNS, VERSION_COLUMNS, Columns, item_writer
from ._grid import Screen
from ._output import Format, opened
from ._progress import Display, Part, limit_parts
from ._results import Results
from ._tables import packages_table, versions_table
from ._words import plural


@frozen
class PackagesQuery:
    """The arguments of `packages`."""

    owner: str
    package_type: str | None
    visibility: str | None
    per_page: int
    start_page: int
    limit: int | None
    consistent: bool
    beyond_window: bool


@frozen
class VersionsQuery:
    """The arguments of `versions`."""

    owner: str
    package_type: str
    name: str
    state: str
    per_page: int
    start_page: int
    limit: int | None
    consistent: bool


@frozen
class Kind:
    """What is listed.

    Attributes:
        noun: What one of them is called.
        columns: How it is written as CSV.
        table: How all of them are shown.
    """

    noun: str
    columns: Columns
    table: Callable[[list[Any], Screen], str]


PACKAGES = Kind("package", PACKAGE_COLUMNS, packages_table)
VERSIONS = Kind("version", VERSION_COLUMNS, versions_table)


async def packages(connection: Connection, results: Results, query: PackagesQuery) -> int:
    """List packages."""
    display = results.display()
    async with connected(connection, display.tell_wait) as github:
        owner = parse_owner(github, query.owner)
        listing = owner.packages(
            query.package_type,
            visibility=query.visibility,
            per_page=query.per_page,
            start_page=query.start_page,
            consistent=query.consistent,
            beyond_window=query.beyond_window,
        )
        reading = Reading(github, listing, query.limit, PACKAGES.noun)
        await _list(str(owner), reading, PACKAGES, results, display)
    return OK


async def versions(connection: Connection, results: Results, query: VersionsQuery) -> int:
    """List versions."""
    display = results.display()
    async with connected(connection, display.tell_wait) as github:
        owner = parse_owner(github, query.owner)
        listing = owner.versions(
            query.package_type,
            query.name,
            state=query.state,
            per_page=query.per_page,
            start_page=query.start_page,
            consistent=query.consistent,
        )
        reading = Reading(github, listing, query.limit, VERSIONS.noun)
        await _list(str(owner), reading, VERSIONS, results, display)
    return OK


@define
class Reading:
    """A listing that is read, and how far that is."""

    _github: GitHubPackages
    _listing: Paginator[Any]
    _limit: int | None
    _noun: str
    _requests: RequestCount = field(factory=RequestCount, init=False)
    items: int = field(default=0, init=False)

    async def into(self, add: Callable[[Any], object]) -> None:
        """Read all, or as many as are wanted."""
        with count_requests() as self._requests:
            if self._limit is not None:  # nothing is asked for that is not wanted
                for item in await self._listing.collect(self._limit):
                    self._add(item, add)
                return
            async with aclosing(aiter(self._listing)) as items:
                async for item in items:
                    self._add(item, add)

    def _add(self, item: Any, add: Callable[[Any], object]) -> None:
        add(item)
        self.items += 1

    def parts(self) -> list[Part]:
        """What is shown meanwhile."""
        requests = self._requests.requests
        return [
            Part(plural(self.items, self._noun)),
            Part(plural(requests, "request"), 5),
            *limit_parts(self._github.rate_limit),
        ]


async def _list(owner: str, reading: Reading, kind: Kind, results: Results, display: Display) -> None:
    try:
        with opened(results.output) as out:
            if results.format == Format.TABLE:
                items: list[Any] = []
                try:
                    async with display.showing(reading.parts):
                        await reading.into(items.append)
                except GitHubPackagesError:  # said after what could be had, if there is something
                    if items:
                        out.write(kind.table(items, results.screen))
                    raise
                out.write(kind.table(items, results.screen))
            else:
                writer = item_writer(results.format, out, kind.columns)
                async with display.showing(reading.parts):
                    await reading.into(writer.add)
                writer.end()
    except NotFoundError as error:
        failure = CommandError(REFUSED, f"{error}{hint(owner, error)}")
        for note in getattr(error, "__notes__", ()):
            failure.add_note(note)
        raise failure from error
    results.report(plural(reading.items, kind.noun))
