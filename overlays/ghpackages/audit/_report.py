"""What an audit finds: values, without any I/O."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import define, frozen

from ghpackages import GitHubPackagesError, Package

from ._filters import VersionMatch


@frozen
class PackageAudit:
    """What was found out about one package.

    Attributes:
        owner: Whose it is: `acme`, `user:octocat` or `@me`.
        package: The package as GitHub listed it.
        versions: How many versions were seen, in the state that was asked for.
        tagged: How many of them have a tag; None for types without tags.
        untagged: How many have none; None for types without tags. Such versions may be parts of multi-platform images.
        oldest: When the oldest of them was created; None without versions.
        newest: When the newest of them was created; None without versions.
        matches: The versions that match the version filters, in server order; empty if there are no such filters.
        complete: Whether all versions were seen.
        proof: Why that is known, such as "short page"; None if it isn't.
        pages: How many pages of versions were read.
        requests: How many requests that took, those that failed included.
        error: Why the package is incomplete; None if it is complete.
    """

    owner: str
    package: Package
    versions: int
    tagged: int | None
    untagged: int | None
    oldest: datetime | None
    newest: datetime | None
    matches: tuple[VersionMatch, ...]
    complete: bool
    proof: str | None
    pages: int
    requests: int
    error: GitHubPackagesError | None


@frozen
class AuditFailure:
    """A listing of packages that failed, so that packages may be missing.

    Attributes:
        owner: Whose packages could not be listed.
        package_type: The type that could not be listed; None if this and the types after it were given up.
        error: Why.
    """

    owner: str
    package_type: str | None
    error: GitHubPackagesError


@frozen
class Totals:
    """Sums over the packages of an audit.

    Attributes:
        packages: How many there are.
        versions: How many versions were seen.
        tagged: How many of them have a tag; None if no package is of a type with tags.
        untagged: How many have none; None if no package is of a type with tags.
        oldest: When the oldest version was created.
        newest: When the newest version was created.
        matches: How many versions match the version filters.
        incomplete: How many packages are incomplete.
        pages: How many pages were read, those of the listings of packages included.
        requests: How many requests were made, those of the listings of packages included.
    """

    packages: int = 0
    versions: int = 0
    tagged: int | None = None
    untagged: int | None = None
    oldest: datetime | None = None
    newest: datetime | None = None
    matches: int = 0
    incomplete: int = 0
    pages: int = 0
    requests: int = 0


@define
class Tally:
    """Sums that grow."""

    totals: Totals = Totals()

    def add(self, result: PackageAudit) -> None:
        """Add a package."""
        before = self.totals
        self.totals = Totals(
            packages=before.packages + 1,
            versions=before.versions + result.versions,
            tagged=_sum(before.tagged, result.tagged),
            untagged=_sum(before.untagged, result.untagged),
            oldest=min(_dates(before.oldest, result.oldest), default=None),
            newest=max(_dates(before.newest, result.newest), default=None),
            matches=before.matches + len(result.matches),
            incomplete=before.incomplete + (not result.complete),
        )


def _sum(one: int | None, other: int | None) -> int | None:
    return one if other is None else (one or 0) + other


def _dates(*dates: datetime | None) -> Iterable[datetime]:
    return (date for date in dates if date is not None)


@frozen
class AuditReport:
    """Everything that an audit found.

    Attributes:
        packages: The packages: owners as given, types in the order of `PackageType`, within that in server order.
        totals: The sums.
        as_of: The instant that all durations reached back from.
        owners: The owners that were asked for.
        filters: The filters that were set, as given.
        failures: The listings of packages that failed.
        complete: Whether all packages and all their versions were seen.
    """

    packages: tuple[PackageAudit, ...]
    totals: Totals
    as_of: datetime
    owners: tuple[str, ...]
    filters: Mapping[str, object]
    failures: tuple[AuditFailure, ...]
    complete: bool
