"""The audit of one package."""

from collections.abc import Iterable, Sequence
from contextlib import aclosing
from datetime import datetime

from attrs import field, frozen

from ghpackages import (
    AuthenticationError,
    GitHubPackagesError,
    Owner,
    Package,
    PackageVersion,
    Page,
    Paginator,
    RequestCount,
    version_tags,
)

from ._choices import State
from ._filters import Criterion, Matcher, VersionFilter, deleted_at
from ._meter import Meter, least_requests
from ._report import PackageAudit

TAGGED_TYPES = frozenset({"container", "docker"})


@frozen
class Task:
    """What is to be found out about every package of a run.

    Attributes:
        version_filter: Which versions match.
        criteria: Those of its filters that don't look at tags, with durations resolved.
        lists_versions: Whether matching versions are kept, not only counted.
        state: Which versions are looked at.
        active_since: A package with an active version that was created after this is left out; None: none is.
        per_page: Versions per page.
        consistent: Whether a listing must be proven not to have shifted while it was read.
    """

    version_filter: VersionFilter
    criteria: Sequence[Criterion] = field(repr=False)
    lists_versions: bool
    state: State
    active_since: datetime | None
    per_page: int
    consistent: bool = False

    @property
    def states(self) -> tuple[str, ...]:
        """The listings that must be read."""
        return ("active", "deleted") if self.state == "all" else (self.state,)

    @property
    def may_end_early(self) -> bool:
        """Whether one recent version is enough to leave out a package."""
        return self.active_since is not None and not self.consistent

    def settles(self, versions: Iterable[PackageVersion]) -> bool:
        """Whether one of these versions is enough to leave out a package."""
        return any(deleted_at(version) is None and self.is_recent(version.created_at) for version in versions)

    def is_recent(self, created: datetime) -> bool:
        """Whether something was created too late for what is looked for."""
        return self.active_since is not None and created >= self.active_since

    def listing(self, owner: Owner, package: Package, state: str) -> Paginator[PackageVersion]:
        """The versions of a package.

        Raises:
            ValueError: The package has a type that is not known here, or a name that can't be sent.
        """
        return owner.versions(
            package.package_type, package.name, state=state, per_page=self.per_page, consistent=self.consistent
        )


@frozen
class Found:
    """A package that is to be looked at.

    Attributes:
        owner: Whose it is.
        package: The package.
        count: The requests that are sent for it.
        least: How many of them it took at least to find it: 1 if it was not listed but named.
    """

    owner: Owner
    package: Package
    count: RequestCount
    least: int = 0


class Counter:
    """Sees the versions of one package one by one, and keeps only sums and what may match."""

    def __init__(self, found: Found, task: Task) -> None:
        self._found, self._task = found, task
        self._matcher = Matcher(task.version_filter, task.criteria) if task.lists_versions else None
        has_tags = found.package.package_type in TAGGED_TYPES
        self.versions = 0
        self.tagged: int | None = 0 if has_tags else None
        self.untagged: int | None = 0 if has_tags else None
        self.oldest: datetime | None = None
        self.newest: datetime | None = None
        self.is_active = False
        self._has_active_versions = False
        self.pages = 0
        self.least = found.least
        self.proofs: list[str] = []

    def add(self, page: Page[PackageVersion]) -> None:
        """See the versions of a page."""
        self.pages += 1
        if not page.items:
            return
        self.versions += len(page)
        self._add_tags(list(map(version_tags, page)))
        created = [version.created_at for version in page]
        self.oldest = min(created if self.oldest is None else [*created, self.oldest])
        self.newest = max(created if self.newest is None else [*created, self.newest])
        if self._task.active_since is not None:
            self._add_activity(page)
        if self._matcher:
            for version in page:
                self._matcher.add(version)

    def _add_activity(self, page: Page[PackageVersion]) -> None:
        active = [version.created_at for version in page if not version.deleted_at]
        if active:
            self._has_active_versions = True
            self.is_active = self.is_active or self._task.is_recent(max(active))

    def _add_tags(self, tags: Sequence[tuple[str, ...] | None]) -> None:
        tagged = sum(map(bool, tags))
        untagged = len(tags) - tagged - tags.count(None)
        if tagged or self.tagged is not None:
            self.tagged = (self.tagged or 0) + tagged
        if untagged or self.untagged is not None:
            self.untagged = (self.untagged or 0) + untagged

    def result(self, error: GitHubPackagesError | None) -> PackageAudit | None:
        """What was found out; None if the package is not one of those that are looked for."""
        is_new = not self._has_active_versions and self._task.is_recent(self._found.package.created_at)
        if self.is_active or (is_new and error is None):
            return None
        return PackageAudit(
            owner=str(self._found.owner),
            package=self._found.package,
            versions=self.versions,
            tagged=self.tagged,
            untagged=self.untagged,
            oldest=self.oldest,
            newest=self.newest,
            matches=tuple(self._matcher.matches()) if self._matcher else (),
            complete=error is None,
            proof=", ".join(dict.fromkeys(self.proofs)) if error is None else None,
            pages=self.pages,
            requests=self._found.count.requests,
            least_requests=self.least,
            error=error,
        )


async def audit_package(found: Found, task: Task, meter: Meter) -> PackageAudit | None:
    """Read the versions of a package. What fails is in the result, except what ends the audit.

    Raises:
        AuthenticationError: The token was refused.
        Exception: What `where=` or a callable for the token raises.

    Returns:
        The result; None if the package is not one of those that are looked for.
    """
    counter = Counter(found, task)
    error = await _read(found, task, counter, meter)
    meter.least += counter.least - found.least
    return counter.result(error)


async def _read(found: Found, task: Task, counter: Counter, meter: Meter) -> GitHubPackagesError | None:
    try:
        listings = [task.listing(found.owner, found.package, state) for state in task.states]
    except ValueError as cause:
        return GitHubPackagesError(str(cause))
    try:
        for versions in listings:
            await _count(versions, counter, meter)
            if counter.is_active:
                break
    except AuthenticationError:  # ends the audit
        raise
    except GitHubPackagesError as error:
        return error.with_traceback(None)  # it would keep alive everything that was in reach
    return None


async def _count(versions: Paginator[PackageVersion], counter: Counter, meter: Meter) -> None:
    before, proof = counter.versions, None
    try:
        async with aclosing(versions.pages()) as reading:
            async for page in reading:
                _add(page, counter, meter)
                proof = page.proof
                del page  # not to be kept while the next one is waited for
                if counter.is_active:  # one recent version settles it
                    break
    finally:
        counter.least += least_requests(counter.versions - before, versions.per_page, proof)
    if proof:
        counter.proofs.append(proof)


def _add(page: Page[PackageVersion], counter: Counter, meter: Meter) -> None:
    meter.pages += 1
    meter.versions += len(page)
    counter.add(page)
