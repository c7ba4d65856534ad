"""The audit of one package."""

from collections.abc import Sequence
from datetime import datetime

from attrs import field, frozen

from ghpackages import (
    GitHubPackagesError,
    IncompleteListingError,
    Owner,
    Package,
    PackageVersion,
    Paginator,
    version_tags,
)

from ._filters import Criterion, Matcher, State, VersionFilter, deleted_at
from ._report import PackageAudit

TAGGED_TYPES = frozenset({"container", "docker"})


@frozen
class Task:
    """What is to be found out about every package of a run.

    Attributes:
        version_filter: Which versions match.
        criteria: The same, with durations resolved.
        lists_versions: Whether matching versions are kept, not only counted.
        state: Which versions are looked at.
        active_since: A package with an active version that was created after this is left out; None: none is.
        per_page: Versions per page.
    """

    version_filter: VersionFilter
    criteria: Sequence[Criterion] = field(repr=False)
    lists_versions: bool
    state: State
    active_since: datetime | None
    per_page: int

    @property
    def states(self) -> tuple[str, ...]:
        """The listings that must be read."""
        return ("active", "deleted") if self.state == "all" else (self.state,)


class Counter:
    """Sees the versions of one package one by one, and keeps only sums and what may match."""

    def __init__(self, package: Package, task: Task) -> None:
        has_tags = package.package_type in TAGGED_TYPES
        self._task = task
        self._matcher = Matcher(task.version_filter, task.criteria) if task.lists_versions else None
        self._package = package
        self.versions = 0
        self.tagged: int | None = 0 if has_tags else None
        self.untagged: int | None = 0 if has_tags else None
        self.oldest: datetime | None = None
        self.newest: datetime | None = None
        self.is_active = False
        self._has_active_versions = False
        self.pages = 0
        self.requests = 0
        self.proofs: list[str] = []

    def add(self, version: PackageVersion) -> None:
        """See a version."""
        self.versions += 1
        self._add_tags(version_tags(version))
        created = version.created_at
        self.oldest = created if self.oldest is None else min(created, self.oldest)
        self.newest = created if self.newest is None else max(created, self.newest)
        if deleted_at(version) is None:
            self._has_active_versions = True
            self.is_active = self.is_active or self._is_recent(created)
        if self._matcher:
            self._matcher.add(version)

    def _add_tags(self, tags: tuple[str, ...] | None) -> None:
        if tags:
            self.tagged = (self.tagged or 0) + 1
        elif tags is not None:
            self.untagged = (self.untagged or 0) + 1

    def _is_recent(self, created: datetime) -> bool:
        return self._task.active_since is not None and created >= self._task.active_since

    def result(self, owner: Owner, error: GitHubPackagesError | None) -> PackageAudit | None:
        """What was found out; None if the package is not one of those that are looked for."""
        is_new = not self._has_active_versions and self._is_recent(self._package.created_at)
        if self.is_active or (is_new and error is None):
            return None
        return PackageAudit(
            owner=str(owner),
            package=self._package,
            versions=self.versions,
            tagged=self.tagged,
            untagged=self.untagged,
            oldest=self.oldest,
            newest=self.newest,
            matches=tuple(self._matcher.matches()) if self._matcher else (),
            complete=error is None,
            proof=", ".join(dict.fromkeys(self.proofs)) if error is None else None,
            pages=self.pages,
            requests=self.requests,
            error=error,
        )


async def audit_package(owner: Owner, package: Package, task: Task) -> tuple[PackageAudit | None, int, int]:
    """Read the versions of a package. What fails is in the result; only what `where=` raises is raised.

    Returns:
        The result, None if the package is not one of those that are looked for; the pages read; the requests made.
    """
    counter = Counter(package, task)
    error = await _read(owner, package, task, counter)
    return counter.result(owner, error), counter.pages, counter.requests


async def _read(owner: Owner, package: Package, task: Task, counter: Counter) -> GitHubPackagesError | None:
    try:
        listings = _listings(owner, package, task)
    except ValueError as cause:  # a type that is not known here, or a name that can't be sent
        return GitHubPackagesError(str(cause))
    try:
        for versions in listings:
            await _count(versions, counter)
            if counter.is_active:
                break
    except IncompleteListingError as error:
        return error.with_traceback(None)  # it would keep alive everything that was in reach
    except GitHubPackagesError as error:
        counter.requests += 1
        return error.with_traceback(None)
    return None


def _listings(owner: Owner, package: Package, task: Task) -> list[Paginator[PackageVersion]]:
    return [
        owner.versions(package.package_type, package.name, state=state, per_page=task.per_page) for state in task.states
    ]


async def _count(versions: Paginator[PackageVersion], counter: Counter) -> None:
    async for page in versions.pages():
        counter.pages += 1
        counter.requests += 1
        for version in page:
            counter.add(version)
        if page.proof:
            counter.proofs.append(page.proof)
        if counter.is_active:  # one recent version settles it
            return
