"""Going through the packages of an audit: they are found, worked on side by side, and handed out in order.

The owners are asked one after the other by a driver, which starts a task for each package in a task group. At most
`concurrency` of them make requests, and at most a few times as many are started and not yet handed out: one large
package does not hold up the small ones behind it, and memory stays flat however slowly the results are taken.

Until something of an owner could be had, nothing else of that owner is asked for at the same time; from then on the
owner's other listings are begun while the packages of the first one are read. A listing that is refused says nothing
about the others: only where nothing of the owner could be had yet, and the server can't be reached or asks for a longer
wait than is allowed, the owner's other listings are not asked for.

A token that is refused (401) ends everything: all that is left would be refused as well. So does what a callable for
the token raises.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import Final, Generic, Self, TypeAlias, TypeVar

from attrs import define, evolve, field, frozen

from ghpackages import (
    APIError,
    AuthenticationError,
    DecodeError,
    GitHubPackagesError,
    IncompleteListingError,
    NotFoundError,
    Owner,
    Package,
    PermissionDeniedError,
    RateLimitError,
    UsageError,
    count_requests,
)

from ._filters import PackageFilter
from ._meter import Meter
from ._package import Found, Task
from ._report import AuditFailure
from ._resume import Finished
from ._sources import Named, Reader, Source

T = TypeVar("T")

WINDOW: Final = 4
"""How many times `concurrency` packages are started before the oldest of them must be taken."""


def _concerns_type(error: GitHubPackagesError) -> bool:
    """Whether a listing of packages failed for a reason that says nothing about the owner's other types."""
    if isinstance(error, APIError):  # of the listing itself: a callable for the token may raise one, too
        return error.url.endswith("/packages")
    return isinstance(error, (DecodeError, IncompleteListingError))


@frozen
class Job:
    """Everything that a run needs to know."""

    sources: tuple[Source, ...]
    package_filter: PackageFilter
    task: Task
    concurrency: int
    finished: Finished = field(factory=Finished)


Work = Callable[[Found], Awaitable[T | None]]
"""What is done with each package; None if nothing comes of it."""


@frozen
class _Raised:
    """What user code raised; it is raised again where the results are taken."""

    error: Exception


class _RefusedError(Exception):
    """The token was refused."""


@define(eq=False)
class _Asked:
    """An owner who is asked for packages by name.

    Attributes:
        owner: The owner.
        answered: Set when the first answer is there.
        error: Why nothing of the owner can be had; None if that is not known.
        is_told: Whether that was handed out.
    """

    owner: Owner
    answered: asyncio.Event = field(factory=asyncio.Event)
    error: GitHubPackagesError | None = None
    is_told: bool = False

    def missing(self, named: Named, error: GitHubPackagesError) -> "_Missing":
        """Learn that a package can't be got."""
        if not _concerns_owner(error):
            return _Missing(self, AuditFailure(str(self.owner), str(named.package_type), error, named.name))
        self.error = self.error or error
        return _Missing(self, AuditFailure(str(self.owner), None, self.error))


@frozen
class _Missing:
    """A named package that can't be got."""

    asked: _Asked
    failure: AuditFailure

    def tell(self) -> list[AuditFailure]:
        """The failure, unless it concerns the owner and was told before."""
        if self.failure.package_name is None:
            if self.asked.is_told:
                return []
            self.asked.is_told = True
        return [self.failure]


def _concerns_owner(error: GitHubPackagesError) -> bool:
    """Whether a package that was asked for by name was refused for a reason that holds for all of its owner's."""
    if isinstance(error, NotFoundError):  # "Package not found.", or "Not Found" if there is no such owner
        return "package" not in error.message.lower()
    if isinstance(error, PermissionDeniedError):  # a scope or single sign-on; others may be rights on one package
        return "scope" in error.message.lower() or "x-github-sso" in error.response.headers
    return isinstance(error, RateLimitError)


Outcome: TypeAlias = T | _Raised | _Missing | None
Slot: TypeAlias = asyncio.Task[T | _Raised | _Missing | None]


class Walk(Generic[T]):
    """The driver and what it knows. It has no reference to the results, so that it is noticed when they are dropped."""

    def __init__(self, job: Job, work: Work[T], meter: Meter) -> None:
        self._job, self._work, self.meter = job, work, meter
        self._active = asyncio.Semaphore(job.concurrency)
        self._started = asyncio.Semaphore(job.concurrency * WINDOW)
        self.slots: asyncio.Queue[Slot[T] | None] = asyncio.Queue()
        self.failures: list[AuditFailure] = []
        self.listed = 0
        self.is_refused = False
        meter.unread = sum(len(source.listings) or 1 for source in job.sources)

    async def drive(self) -> None:
        """Find packages and start a task for each, until all are done or one fails for good."""
        error: Exception | None = None
        try:
            with count_requests() as self.meter.count:
                async with asyncio.TaskGroup() as group:
                    for source in self._job.sources:
                        await (self._get_all(source, group) if source.named else self._list_all(source, group))
        except ExceptionGroup as failed:
            error = failed.exceptions[0]
        if error is not None and not isinstance(error, _RefusedError):
            raise error

    def _refused(self, owner: Owner, error: AuthenticationError) -> _RefusedError:
        """Note that nothing more can be had."""
        if not self.is_refused:
            self.is_refused = True
            self.failures.append(AuditFailure(str(owner), None, error.with_traceback(None)))
        return _RefusedError(str(error))

    async def _list_all(self, source: Source, group: asyncio.TaskGroup) -> None:
        """Start the packages of an owner's listings, unless nothing of that owner can be had."""
        readers = [Reader(listing, partial(self._accepts, source.owner), self.meter) for listing in source.listings]
        failed: list[AuditFailure] = []
        is_known = False
        for number, reader in enumerate(readers, start=1):
            error = await self._list(source.owner, reader, group)
            is_hopeless = not is_known and error is not None and not _concerns_type(error)
            if error is not None:
                package_type = None if is_hopeless else str(reader.listing.package_type)
                failed.append(AuditFailure(str(source.owner), package_type, error.with_traceback(None)))
                self.failures.append(failed[-1])
            elif not is_known and not self._job.task.consistent:  # then each would hold all its packages at once
                for other in readers:
                    other.begin(group)
            if is_hopeless:
                self.meter.unread -= len(readers) - number
                return
            is_known = is_known or error is None
        if len(failed) == len(readers):
            self._sum_up(failed)

    def _sum_up(self, failed: Sequence[AuditFailure]) -> None:
        """Where all listings of an owner were refused with one kind of error, keep a single failure, the owner's."""
        kinds = {type(failure.error) for failure in failed}
        if len(failed) > 1 and len(kinds) == 1 and issubclass(kinds.pop(), APIError):
            for failure in failed:
                self.failures.remove(failure)
            self.failures.append(evolve(failed[0], package_type=None))

    def _accepts(self, owner: Owner, package: Package) -> bool:
        return self._job.package_filter.accepts(package) and not self._job.finished.has(str(owner), package)

    async def _list(self, owner: Owner, reader: Reader, group: asyncio.TaskGroup) -> GitHubPackagesError | None:
        """Start the packages of a listing."""
        reader.begin(group)
        try:
            while (packages := await reader.next()) is not None:
                for package in packages:
                    await self._start(group, partial(self._look_at, owner, package))
        except AuthenticationError as error:
            raise self._refused(owner, error) from None
        except GitHubPackagesError as error:
            return error
        self.listed += 1
        return None

    async def _look_at(self, owner: Owner, package: Package) -> T | None:
        with count_requests() as count:
            return await self._work_on(Found(owner, package, count))

    async def _work_on(self, found: Found) -> T | None:
        try:
            return await self._work(found)
        except AuthenticationError as error:
            raise self._refused(found.owner, error) from None

    async def _get_all(self, source: Source, group: asyncio.TaskGroup) -> None:
        """Start the packages of an owner that are named, the first of them alone."""
        owner, finished = str(source.owner), self._job.finished
        todo = [one for one in source.named if not finished.has_named(owner, one.package_type, one.name)]
        self.meter.found += len(todo)
        self.meter.unread -= 1
        asked = _Asked(source.owner)
        for number, named in enumerate(todo, start=1):
            await self._start(group, partial(self._look_up, asked, named))
            await asked.answered.wait()
            if asked.error:
                self.meter.found -= len(todo) - number
                return

    async def _look_up(self, asked: _Asked, named: Named) -> T | _Missing | None:
        with count_requests() as count:
            try:
                package = await self._get(asked, named)
            except AuthenticationError as error:
                raise self._refused(asked.owner, error) from None
            except GitHubPackagesError as error:
                return asked.missing(named, error.with_traceback(None))
            finally:
                asked.answered.set()
            self.listed += 1
            if not self._accepts(asked.owner, package):
                return None
            return await self._work_on(Found(asked.owner, package, count, least=1))

    async def _get(self, asked: _Asked, named: Named) -> Package:
        if asked.error:
            raise asked.error
        self.meter.least += 1
        began = asyncio.get_running_loop().time()
        package = await asked.owner.get_package(named.package_type, named.name)
        self.meter.took(began, requests=1)
        return package

    async def _start(self, group: asyncio.TaskGroup, look: Callable[[], Awaitable[Outcome[T]]]) -> None:
        await self._started.acquire()
        self.slots.put_nowait(group.create_task(self._run(look)))

    async def _run(self, look: Callable[[], Awaitable[Outcome[T]]]) -> Outcome[T]:
        try:
            async with self._active:
                return None if self.is_refused else await look()
        except _RefusedError:
            raise  # a task that fails cancels all others
        except StopAsyncIteration as error:  # it would end the iteration as if complete
            return _Raised(RuntimeError(f"{error!r} was raised by a callable"))
        except Exception as error:
            return _Raised(error)
        finally:
            self.meter.packages += 1

    def take(self) -> None:
        """Make room for another package."""
        self._started.release()


class Results(AsyncIterator[T]):
    """What comes of the packages, in order.

    Attributes:
        walk: What is known so far.
        is_over: Whether everything was given.
    """

    def __init__(self, job: Job, work: Work[T], meter: Meter) -> None:
        self.walk = Walk(job, work, meter)
        self.is_over = False
        self._is_closed = False
        self._driver: asyncio.Task[None] | None = None
        self._slot: Slot[T] | None = None
        self._is_waiting = self._is_cut = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        """Return the next result.

        Raises:
            UsageError: Another task waits for the next result, the iterator was closed meanwhile, or there is no event
                loop of asyncio.
        """
        if self._is_waiting:
            raise UsageError("another task is waiting for the next result: each consumer needs an iterator of its own")
        self._is_waiting = True
        try:
            outcome = await self._next()
        finally:
            self._is_waiting = False
        if outcome is None:
            raise StopAsyncIteration
        return outcome

    async def _next(self) -> T | None:
        while not self._is_closed:
            driver = self._driver = self._driver or self._start()
            if not driver.done() and driver.get_loop() is not asyncio.get_running_loop():
                raise UsageError("an audit can't go on in another event loop")
            slot = self._slot = self._slot or await self.walk.slots.get()
            if slot is not None and not slot.done():
                await asyncio.wait([slot])  # unlike awaiting it, this does not cancel it with this task
            if self._is_closed:
                raise UsageError("the iterator was closed while it waited for a result")
            if slot is None:  # the driver has ended
                self._is_closed = True
                if not driver.cancelled():
                    driver.result()
                if driver.cancelled() or (self._is_cut and not self.walk.is_refused):
                    raise UsageError("the audit was cancelled elsewhere, as when its event loop ended")
                self.is_over = True
            elif (outcome := self._take(slot)) is not None:
                return outcome
        return None

    def _start(self) -> asyncio.Task[None]:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise UsageError("an audit needs an event loop of asyncio, and none is running here") from None
        driver = loop.create_task(self.walk.drive(), name="ghpackages audit")
        driver.add_done_callback(partial(_ended, self.walk.slots))
        return driver

    def _take(self, slot: Slot[T]) -> T | None:
        self._slot = None
        self.walk.take()
        if slot.cancelled() or slot.exception():  # the driver has the error that ended everything
            self._is_cut = True
            return None
        outcome = slot.result()
        if isinstance(outcome, _Raised):
            self._end()
            raise outcome.error
        if isinstance(outcome, _Missing):
            self.walk.failures.extend(outcome.tell())
            return None
        return outcome

    def _end(self) -> asyncio.Task[None] | None:
        """Cancel everything in flight, and return the driver if that has to end yet."""
        self._is_closed = True
        if self._driver is None or self._driver.done() or self._driver.get_loop().is_closed():
            return None
        self._driver.cancel()
        return self._driver

    async def aclose(self) -> None:
        """Cancel everything in flight, and wait until it has ended."""
        driver = self._end()
        if driver is not None:
            await asyncio.wait([driver])

    def __del__(self) -> None:
        """Cancel everything in flight."""
        driver = getattr(self, "_driver", None)
        if driver is not None and not driver.done() and not (loop := driver.get_loop()).is_closed():
            loop.call_soon_threadsafe(driver.cancel)


def _ended(slots: "asyncio.Queue[Slot[T] | None]", driver: asyncio.Task[None]) -> None:
    """Wake the consumer, and retrieve an error, or asyncio would complain that nobody did."""
    slots.put_nowait(None)
    if not driver.cancelled():
        driver.exception()
