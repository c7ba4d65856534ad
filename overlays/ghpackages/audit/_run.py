"""One run of an audit."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Self

from attrs import evolve

from ._meter import Meter, Progress
from ._package import audit_package
from ._report import AuditFailure, PackageAudit, Totals
from ._walk import Job, Results


class AuditIterator(AsyncIterator[PackageAudit]):
    """Gives the results of one run, in order, and sums them up.

    Leave it through `aclose`, which `contextlib.aclosing` calls: that cancels everything in flight and returns when it
    has ended. An iterator that is just dropped, as by `break`, is cancelled too, but a moment later.
    """

    def __init__(self, job: Job) -> None:
        self._meter = Meter()
        self._results = Results(job, partial(audit_package, task=job.task, meter=self._meter), self._meter)
        self._finished = job.finished.totals
        self._given = Totals()
        self._has_raised = False

    def __aiter__(self) -> Self:
        return self

    @property
    def totals(self) -> Totals:
        """The sums over everything that was given so far, and over what an earlier run finished.

        Pages and requests are those of the whole run so far, listings of packages and packages in flight included;
        what an earlier run finished counts with those that are in its records.
        """
        meter, finished, sums = self._meter, self._finished, self._finished + self._given
        return evolve(
            sums,
            pages=finished.pages + meter.pages,
            requests=finished.requests + meter.count.requests,
            least_requests=finished.least_requests + meter.least,
        )

    @property
    def progress(self) -> Progress:
        """How far the run is. Cheap: ask as often as you like."""
        meter, finished = self._meter, self._finished
        return Progress(
            packages=finished.packages + meter.packages,
            found=finished.packages + meter.found,
            all_found=not meter.unread,
            versions=finished.versions + meter.versions,
            requests=meter.count.requests,
        )

    @property
    def failures(self) -> Sequence[AuditFailure]:
        """The listings of packages that have failed so far, and the named packages that can't be got."""
        return tuple(self._results.walk.failures)

    @property
    def has_listed(self) -> bool:
        """Whether any listing of packages succeeded so far, or any named package was got."""
        return self._results.walk.listed > 0

    @property
    def is_complete(self) -> bool:
        """Whether everything was given, and all of it complete."""
        return self._results.is_over and not self.failures and not self._given.incomplete

    async def __anext__(self) -> PackageAudit:
        """The next result.

        Raises:
            GitHubPackagesError: After the last result, if packages could not be had: the error of the first of
                `failures`, with the others as notes.
        """
        async for result in self._results:
            self._given += Totals.of(result)
            return result
        if self._results.is_over and not self._has_raised:
            self._has_raised = True
            raise_first(self.failures)
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Cancel everything in flight, and wait until it has ended."""
        await self._results.aclose()


def raise_first(failures: Sequence[AuditFailure]) -> None:
    """Raise the error of the first failure, if there is one.

    Raises:
        GitHubPackagesError: It, with the others as notes.
    """
    if not failures:
        return
    first, *others = failures
    for failure in others:
        first.error.add_note(f"also {failure.owner}: {failure.error}")
    raise first.error
