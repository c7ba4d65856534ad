"""`audit`: what to ask, of whom."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import field, frozen

from ghpackages import GitHubPackages, GitHubPackagesError, Owner, PackageType, PackageVersion, PackageVisibility

from ._choices import By, State
from ._durations import as_instant, resolve
from ._filters import PackageFilter, VersionFilter, check_choice
from ._owners import parse_owners
from ._package import Task
from ._plan import AuditPlan, make_plan
from ._report import AuditReport, PackageAudit
from ._resume import read_finished
from ._run import AuditIterator
from ._sources import Listing, Named, Source, parse_packages
from ._walk import Job


@frozen
class Audit:
    """A recipe for an audit, made by `audit`: nothing is sent until it is iterated, and each iteration starts anew.

        async with aclosing(aiter(audit(github, "acme"))) as results:
            async for result in results: ...

    `contextlib.aclosing` matters only if the loop is left early: then everything in flight is cancelled at once.

    Attributes:
        as_of: The instant that all durations reach back from, in UTC.
        owners: The owners, as text.
        filters: The filters that are set, as given.
    """

    as_of: datetime
    owners: tuple[str, ...]
    filters: Mapping[str, object]
    _job: Job = field(repr=False)
    _github: GitHubPackages = field(repr=False)

    def __aiter__(self) -> AuditIterator:
        """The results: owners as given, types in the order of `PackageType`, within that in server order.

        Named packages are given in the order in which they were named.
        """
        return AuditIterator(self._job)

    @property
    def lists_versions(self) -> bool:
        """Whether matching versions are listed, not only counted."""
        return self._job.task.lists_versions

    async def collect(self) -> AuditReport:
        """The whole report.

        A package that fails is in the report with its error, and a listing of packages that fails is in `failures`;
        both make `complete` false.

        Raises:
            GitHubPackagesError: Nothing at all could be listed, so there is nothing to report.
        """
        results = aiter(self)
        packages: list[PackageAudit] = []
        try:
            async for result in results:
                packages.append(result)
        except GitHubPackagesError:
            if not (results.failures and (results.has_listed or results.totals.packages)):
                raise
        finally:
            await results.aclose()
        return AuditReport(
            packages=tuple(packages),
            totals=results.totals,
            as_of=self.as_of,
            owners=self.owners,
            filters=self.filters,
            failures=tuple(results.failures),
            complete=results.is_complete,
        )

    async def plan(self, *, exact: bool = False) -> AuditPlan:
        """What the audit will cost, and how long it will take.

        Args:
            exact: Whether the first page of each package and state is asked for, which tells how many pages there are.
                Otherwise only the listings of packages are read (or the packages that are named), so that of packages
                of which the server does not tell how many versions they have only the least is known.

        Raises:
            GitHubPackagesError: Nothing at all could be listed.
        """
        return await make_plan(self._job, self._github, exact=exact)


def audit(
    github: GitHubPackages,
    *owners: str | Owner,
    packages: str | Iterable[str | tuple[str, str]] = (),
    types: Iterable[PackageType | str] | None = None,
    names: str | Iterable[str] = (),
    visibility: PackageVisibility | str | None = None,
    repositories: str | Iterable[str] = (),
    unlinked: bool = False,
    inactive_for: str | None = None,
    tagged: bool = False,
    untagged: bool = False,
    tags_any: str | Iterable[str] = (),
    tags_all: str | Iterable[str] = (),
    tags_none: str | Iterable[str] = (),
    older_than: str | datetime | None = None,
    newer_than: str | datetime | None = None,
    by: By = "created",
    skip_newest: int = 0,
    where: Callable[[PackageVersion], bool] | None = None,
    state: State = "active",
    all_versions: bool = False,
    as_of: datetime | str | None = None,
    per_page: int = 100,
    concurrency: int | None = None,
    max_wait: float = 3900.0,
    consistent: bool = False,
    finished: Iterable[Mapping[str, Any]] = (),
) -> Audit:
    """Audit the packages of owners: count their versions, and find those that match.

    Package filters choose what is looked at, version filters what matches; of each kind, all that are set must hold.
    Without a version filter versions are counted, not listed. A package that fails does not end the audit: it is given
    with its error. If packages can't be *listed*, or one that is named can't be got, everything else is given first;
    then iterating raises the error, while `collect` puts it into the report.

    What it costs: a request for every 100 packages of a type, at least one, and one more where the server sends no Link
    header, so that only an empty page is the proof; one for a package that is named; and for each package and state one
    for every 100 versions, at least one. `Totals.requests` tells what was really sent, `Totals.least_requests` the
    least that it takes.

    Args:
        github: The client.
        *owners: `"acme"` or `"org:acme"`, `"user:octocat"`, `"@me"`, or `Owner` objects; each is asked once.
        packages: The packages by name, instead of all that are listed: `"container/web/api"` (the type comes before the
            first slash) or `("container", "web/api")`. Each is looked for with every owner; where it can't be got, that
            is one of the `failures`. Not together with `types`, `names` and `visibility`. Empty: those that are listed.
        types: The types of packages; None for all.
        names: See `PackageFilter`.
        visibility: "public", "private" or "internal"; None for all.
        repositories: See `PackageFilter`.
        unlinked: See `PackageFilter`.
        inactive_for: See `PackageFilter`.
        tagged: See `VersionFilter`.
        untagged: See `VersionFilter`. Such a version may be a part of a multi-platform image.
        tags_any: See `VersionFilter`.
        tags_all: See `VersionFilter`.
        tags_none: See `VersionFilter`.
        older_than: See `VersionFilter`.
        newer_than: See `VersionFilter`.
        by: See `VersionFilter`.
        skip_newest: See `VersionFilter`.
        where: See `VersionFilter`. What it raises ends the audit.
        state: Which versions are looked at: "active", "deleted" (those of packages that still exist; GitHub lists no
            deleted packages) or "all".
        all_versions: Whether to list every version if no version filter is set.
        as_of: The aware instant, or its ISO 8601 text, that durations reach back from; now if omitted.
        per_page: Items per page, 1 to 100; fewer only make more requests.
        concurrency: How many packages are read at the same time, at least 1; omitted, twice as many as the client
            makes requests at once, so that there is always one whose request can go.
        max_wait: Seconds that a request waits for rate limits at most, all its waits together; the default is just over
            the hour that one can last.
        consistent: Whether to prove for each listing that nothing shifted while it was read, which numbered pages can't
            promise by themselves; see `Owner.versions` for what that costs and means. All of a listing are then held in
            memory.
        finished: Package records of an earlier run of the same audit, as `package_record` makes them. Those that are
            complete are not asked for again and not given again, but counted in all totals, so that these are those of
            an undisturbed run: requests are those in the records and those of this run, not those of interrupted work
            that left no record. Incomplete ones are asked for again. They are read at once; only sums are kept.

    Raises:
        ValueError: An argument can't be valid. Nothing was sent.
    """
    package_filter = PackageFilter(names=names, repositories=repositories, unlinked=unlinked, inactive_for=inactive_for)
    version_filter = VersionFilter(
        tagged=tagged,
        untagged=untagged,
        tags_any=tags_any,
        tags_all=tags_all,
        tags_none=tags_none,
        older_than=older_than,
        newer_than=newer_than,
        by=by,
        skip_newest=skip_newest,
        where=where,
    )
    check_choice("state", state, State)
    concurrency = 2 * github.concurrency if concurrency is None else concurrency
    if concurrency < 1:
        raise ValueError(f"concurrency must be at least 1: {concurrency}")
    if package_filter.inactive_for and state == "deleted":
        raise ValueError("inactive_for looks at active versions: use it with state 'active' or 'all'")
    moment = datetime.now(UTC).replace(microsecond=0) if as_of is None else as_instant(as_of)
    chosen = _types(types)
    shown = None if visibility is None else PackageVisibility(visibility)
    named = parse_packages(packages)
    if named and (chosen or shown or package_filter.names):
        raise ValueError("packages are either given by name or chosen by types, names and visibility")
    found = [owner.with_options(max_wait=max_wait) for owner in parse_owners(github, owners)]
    texts = tuple(map(str, found))
    task = Task(
        version_filter=version_filter,
        criteria=version_filter.other_criteria(moment),
        lists_versions=bool(version_filter) or all_versions,
        state=state,
        active_since=resolve(package_filter.inactive_for, moment) if package_filter.inactive_for else None,
        per_page=per_page,
        consistent=consistent,
    )
    job = Job(
        sources=tuple(_source(owner, named, chosen, shown, task) for owner in found),
        package_filter=package_filter,
        task=task,
        concurrency=concurrency,
        finished=read_finished(finished, texts, by_name=bool(named)),
    )
    selection = {
        "packages": list(map(str, named)) or None,
        "types": None if chosen is None else [str(one) for one in chosen],
        "visibility": None if shown is None else str(shown),
        "state": None if state == "active" else state,
        "all_versions": all_versions or None,
        "consistent": consistent or None,
    }
    filters: dict[str, Any] = {name: value for name, value in selection.items() if value is not None}
    filters |= {**package_filter.describe(), **version_filter.describe()}
    return Audit(moment, texts, filters, job, github)


def _source(
    owner: Owner,
    named: tuple[Named, ...],
    types: Iterable[PackageType] | None,
    visibility: PackageVisibility | None,
    task: Task,
) -> Source:
    """What is asked of an owner.

    Raises:
        ValueError: `per_page` can't be valid, or a name can't be sent.
    """
    for one in named:
        owner.versions(one.package_type, one.name, per_page=task.per_page)
    if named:
        return Source(owner, named=named)
    listings = [
        Listing(
            package_type,
            owner.packages(
                package_type,
                visibility=visibility,
                per_page=task.per_page,
                consistent=task.consistent,
                beyond_window=True,
            ),
        )
        for package_type in types or PackageType
    ]
    return Source(owner, tuple(listings))


def _types(types: Iterable[PackageType | str] | None) -> list[PackageType] | None:
    """The types in their own order, each once."""
    if types is None:
        return None
    given = {PackageType(one) for one in ([types] if isinstance(types, str) else types)}
    if not given:
        raise ValueError("types must not be empty; leave it out for all types")
    return [one for one in PackageType if one in given]
