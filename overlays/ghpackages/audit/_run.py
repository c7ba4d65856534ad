"""One run of an audit: packages are listed, audited side by side, and handed out in order.

The packages of all owners are listed one after the other by a driver, which starts a task for each in a task group. At
most `concurrency` of them make requests, and at most a few times as many are started and not yet handed out: one large
package does not hold up the small ones behind it, and memory stays flat however slowly the results are taken.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Final, Self

from attrs import evolve, frozen

from ghpackages import (
    BadRequestError,
    DecodeError,
    GitHubPackagesError,
    IncompleteListingError,
    Owner,
    Package,
    PackageType,
    Paginator,
    ServerError,
)

from ._filters import PackageFilter
from ._package import Task, audit_package
from ._report import AuditFailure, PackageAudit, Tally, Totals

WINDOW: Final = 4
"""How many times `concurrency` packages are started before the oldest of them must be taken."""

_ONLY_THIS_TYPE = (BadRequestError, DecodeError, IncompleteListingError, ServerError)
"""Failures of a listing that say nothing about the listings of the owner's other types."""


@frozen
class Listing:
    """The packages of one type of one owner."""

    owner: Owner
    package_type: PackageType
    packages: Paginator[Package]


@frozen
class Plan:
    """Everything that a run needs to know."""

    listings: tuple[Listing, ...]
    package_filter: PackageFilter
    task: Task
    as_of: datetime
    concurrency: int


@frozen
class _Raised:
    """What user code raised; it is raised again where the results are taken."""

    error: Exception


_Slot = asyncio.Task["PackageAudit | _Raised | None"]


class _Run:
    """The driver and what it knows. It has no reference to the iterator, so that a dropped iterator is noticed."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._active = asyncio.Semaphore(plan.concurrency)
        self._started = asyncio.Semaphore(plan.concurrency * WINDOW)
        self.slots: asyncio.Queue[_Slot | None] = asyncio.Queue()
        self.failures: list[AuditFailure] = []
        self.listed = 0
        self.pages = 0
        self.requests = 0

    async def drive(self) -> None:
        """List packages and start a task for each, until all are done."""
        try:
            async with asyncio.TaskGroup() as group:
                given_up: set[Owner] = set()
                for listing in self._plan.listings:
                    if listing.owner not in given_up and not await self._list(listing, group):
                        given_up.add(listing.owner)
        finally:
            self.slots.put_nowait(None)

    async def _list(self, listing: Listing, group: asyncio.TaskGroup) -> bool:
        """Start the packages of one listing; tell whether the owner's other types are worth a try."""
        try:
            async for page in listing.packages.pages():
                self._count(1, 1)
                for package in page:
                    if self._plan.package_filter.accepts(package):
                        await self._started.acquire()
                        self.slots.put_nowait(group.create_task(self._audit(listing.owner, package)))
        except GitHubPackagesError as error:
            self._count(0, 0 if isinstance(error, IncompleteListingError) else 1)
            only_this_type = isinstance(error, _ONLY_THIS_TYPE)
            package_type = str(listing.package_type) if only_this_type else None
            self.failures.append(AuditFailure(str(listing.owner), package_type, error))
            return only_this_type
        self.listed += 1
        return True

    async def _audit(self, owner: Owner, package: Package) -> "PackageAudit | _Raised | None":
        try:
            async with self._active:
                result, pages, requests = await audit_package(owner, package, self._plan.task)
        except Exception as error:  # a task that failed would cancel all others
            return _Raised(error)
        self._count(pages, requests)
        return result

    def _count(self, pages: int, requests: int) -> None:
        self.pages += pages
        self.requests += requests

    def take(self) -> None:
        """Make room for another package."""
        self._started.release()


class AuditIterator(AsyncIterator[PackageAudit]):
    """Gives the results of one run, in order, and sums them up.

    Leave it through `aclose`, which `contextlib.aclosing` calls: that cancels everything in flight and returns when it
    has ended. An iterator that is just dropped, as by `break`, is cancelled too, but a moment later.
    """

    def __init__(self, plan: Plan) -> None:
        self._run = _Run(plan)
        self._tally = Tally()
        self._driver: asyncio.Task[None] | None = None
        self._slot: _Slot | None = None
        self._is_over = False

    def __aiter__(self) -> Self:
        return self

    @property
    def totals(self) -> Totals:
        """The sums over everything that was given so far."""
        return evolve(self._tally.totals, pages=self._run.pages, requests=self._run.requests)

    @property
    def failures(self) -> Sequence[AuditFailure]:
        """The listings of packages that have failed so far."""
        return tuple(self._run.failures)

    @property
    def has_listed(self) -> bool:
        """Whether any listing of packages succeeded so far."""
        return self._run.listed > 0

    @property
    def is_complete(self) -> bool:
        """Whether everything was given, and all of it complete."""
        return self._is_over and not self._run.failures and not self._tally.totals.incomplete

    async def __anext__(self) -> PackageAudit:
        """The next result.

        Raises:
            GitHubPackagesError: After the last result, if packages could not be listed: the first of `failures`, with
                the others as notes.
        """
        while not self._is_over:
            self._driver = self._driver or asyncio.create_task(self._run.drive(), name="ghpackages audit")
            self._slot = self._slot or await self._run.slots.get()
            if self._slot is None:
                await self._end(self._driver)
                break
            await asyncio.wait([self._slot])  # unlike awaiting it, this does not cancel it when this is cancelled
            result = self._take(self._slot)
            if result is not None:
                self._tally.add(result)
                return result
        raise StopAsyncIteration

    def _take(self, slot: _Slot) -> PackageAudit | None:
        self._slot = None
        self._run.take()
        if slot.cancelled():  # by `aclose` from elsewhere
            return None
        outcome = slot.result()
        if isinstance(outcome, _Raised):
            raise outcome.error
        return outcome

    async def _end(self, driver: asyncio.Task[None]) -> None:
        await asyncio.wait([driver])
        self._is_over = True
        if not driver.cancelled():
            driver.result()
        if not self._run.failures:
            return
        first, *others = self._run.failures
        for failure in others:
            first.error.add_note(f"also {failure.owner}: {failure.error}")
        raise first.error

    async def aclose(self) -> None:
        """Cancel everything in flight, and wait until it has ended."""
        self._is_over = True
        if self._driver is not None and not self._driver.done():
            self._driver.cancel()
            await asyncio.wait([self._driver])

    def __del__(self) -> None:
        """Cancel everything in flight."""
        driver = getattr(self, "_driver", None)
        if driver is not None and not driver.done() and not (loop := driver.get_loop()).is_closed():
            loop.call_soon_threadsafe(driver.cancel)
