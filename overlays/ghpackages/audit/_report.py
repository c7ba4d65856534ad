"""What an audit finds: values, without any I/O."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from attrs import frozen

from ghpackages import GitHubPackagesError, Package, repository_name

from ._filters import VersionMatch

Key = TypeVar("Key", bound=Hashable)


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
        requests: How many requests that took: all that were really sent for it, repetitions after errors included, and
            the one that got the package if it was named.
        least_requests: The least that the answer needs: a request for each full page, one for what remains, and one
            more where only an empty page proves that nothing follows; at least one for each state, and one if the
            package was named. Repetitions, and what `consistent` asks for again, are not among them.
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
    least_requests: int
    error: GitHubPackagesError | None


@frozen
class AuditFailure:
    """Packages that could not be had: a listing that failed, or a package that was named and can't be got.

    Attributes:
        owner: Whose packages they are.
        package_type: The type that could not be listed, or that of the named package; None if it is about the owner:
            all types were refused with the same kind of error, or nothing more was asked for.
        error: Why.
        package_name: The name of the named package; None if it is about a listing, or about the owner.
    """

    owner: str
    package_type: str | None
    error: GitHubPackagesError
    package_name: str | None = None


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
        pages: How many pages were read. In the totals of a whole audit, those of the listings of packages included, and
            of packages that `inactive_for` left out.
        requests: How many requests were really sent, repetitions included; of a whole audit the same included.
        least_requests: The least that the answer needs, as in `PackageAudit`; of a whole audit the same included.
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
    least_requests: int = 0

    @classmethod
    def of(cls, result: PackageAudit) -> "Totals":
        """The sums over one package."""
        return cls(
            packages=1,
            versions=result.versions,
            tagged=result.tagged,
            untagged=result.untagged,
            oldest=result.oldest,
            newest=result.newest,
            matches=len(result.matches),
            incomplete=int(not result.complete),
            pages=result.pages,
            requests=result.requests,
            least_requests=result.least_requests,
        )

    def __add__(self, other: "Totals") -> "Totals":
        """The sums over both."""
        return Totals(
            packages=self.packages + other.packages,
            versions=self.versions + other.versions,
            tagged=_sum(self.tagged, other.tagged),
            untagged=_sum(self.untagged, other.untagged),
            oldest=min(_dates(self.oldest, other.oldest), default=None),
            newest=max(_dates(self.newest, other.newest), default=None),
            matches=self.matches + other.matches,
            incomplete=self.incomplete + other.incomplete,
            pages=self.pages + other.pages,
            requests=self.requests + other.requests,
            least_requests=self.least_requests + other.least_requests,
        )


def _sum(one: int | None, other: int | None) -> int | None:
    return one if other is None else (one or 0) + other


def _dates(*dates: datetime | None) -> Iterable[datetime]:
    return (date for date in dates if date is not None)


def totals_by(results: Iterable[PackageAudit], key: Callable[[PackageAudit], Key]) -> dict[Key, Totals]:
    """The sums over groups of packages, such as those of a visibility; the groups in the order in which they appear.

    Their `pages` and `requests` are those of the packages alone, without the listings of packages.

    Args:
        results: The packages.
        key: Tells the group of a package.
    """
    found: dict[Key, Totals] = {}
    for result in results:
        group = key(result)
        found[group] = found.get(group, Totals()) + Totals.of(result)
    return found


@frozen
class AuditReport:
    """Everything that an audit found.

    Attributes:
        packages: The packages: owners as given, types in the order of `PackageType`, within that in server order.
        totals: The sums.
        as_of: The instant that all durations reached back from.
        owners: The owners that were asked for.
        filters: The filters that were set, as given.
        failures: The listings of packages that failed, and the named packages that can't be got.
        complete: Whether all packages and all their versions were seen.
    """

    packages: tuple[PackageAudit, ...]
    totals: Totals
    as_of: datetime
    owners: tuple[str, ...]
    filters: Mapping[str, object]
    failures: tuple[AuditFailure, ...]
    complete: bool

    def by_repository(self) -> Mapping[str | None, Totals]:
        """The sums over the packages of each repository, `owner/name`, by name; None, the last, is no repository."""
        found = totals_by(self.packages, lambda result: repository_name(result.package))
        return {name: found[name] for name in sorted(found, key=lambda name: (name is None, name or ""))}
