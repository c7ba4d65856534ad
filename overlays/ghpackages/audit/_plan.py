"""What an audit will cost, before it is made."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import Final

from attrs import evolve, frozen

from ghpackages import (
    AuthenticationError,
    GitHubPackages,
    GitHubPackagesError,
    Package,
    PackageVersion,
    Page,
    RateLimit,
)

from ._meter import Meter
from ._package import Found, Task
from ._report import AuditFailure
from ._run import raise_first
from ._walk import Job, Results

POINTS_PER_MINUTE: Final = 900
"""Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"""


@frozen
class AuditPlan:
    """What an audit will cost if nothing changes meanwhile, and nothing must be asked for again after an error.

    The listings of packages, which planning has read, are read again by the audit, and count.

    Attributes:
        packages: How many packages it will read.
        counted: Of how many of them the server told how many versions they have.
        least_requests: How many requests it takes at least.
        most_requests: How many it takes at most; None if that is not known.
        spent_requests: How many requests planning took.
        versions_least: How many versions the packages have at least, in the states that are asked for.
        versions_most: How many they have at most; None if that is not known.
        failures: The listings of packages that failed, and packages that could not be read.
        least_seconds: How long it takes at least: by GitHub's limits, which are 900 requests a minute and those of the
            token, if the server tells of limits; and by how long the requests of planning took.
        most_seconds: How long it takes at most, by the same; None if that is not known.
    """

    packages: int
    counted: int
    least_requests: int
    most_requests: int | None
    spent_requests: int
    versions_least: int
    versions_most: int | None
    failures: tuple[AuditFailure, ...]
    least_seconds: float
    most_seconds: float | None


@frozen
class Range:
    """At least and at most; None: that is not known."""

    least: int = 0
    most: int | None = 0

    def __add__(self, other: "Range") -> "Range":
        """The sums."""
        most = None if self.most is None or other.most is None else self.most + other.most
        return Range(self.least + other.least, most)


@frozen
class Cost:
    """What is expected of one package or listing, or of several.

    Attributes:
        requests: The requests that it takes.
        versions: The versions that it has.
        packages: How many packages this is about.
        counted: Of how many the server told how many versions they have.
        failures: Packages that could not be read.
    """

    requests: Range = Range()
    versions: Range = Range()
    packages: int = 0
    counted: int = 0
    failures: tuple[AuditFailure, ...] = ()

    def __add__(self, other: "Cost") -> "Cost":
        """The sums."""
        return Cost(
            self.requests + other.requests,
            self.versions + other.versions,
            self.packages + other.packages,
            self.counted + other.counted,
            (*self.failures, *other.failures),
        )


UNKNOWN: Final = Range(0, None)


async def make_plan(job: Job, github: GitHubPackages, *, exact: bool) -> AuditPlan:
    """Find the packages, with `exact` read the first page of each and state, and add up what they cost.

    Raises:
        GitHubPackagesError: Nothing at all could be listed.
    """
    meter, sums = Meter(), Cost()
    look = partial(_look, task=job.task, meter=meter) if exact else partial(_guess, task=job.task)
    async with aclosing(Results(job, look, meter)) as costs:
        async for cost in costs:
            sums += cost
    failures = costs.walk.failures
    if not costs.walk.listed and not sums.packages and not job.finished.totals.packages:
        raise_first(failures)
    return _sum_up(evolve(sums, failures=(*failures, *sums.failures)), meter, github.rate_limit, job.concurrency)


def _sum_up(sums: Cost, meter: Meter, limits: RateLimit, concurrency: int) -> AuditPlan:
    found = Range(meter.least, max(meter.least, meter.listing))
    if any(failure.package_name is None for failure in sums.failures):  # more packages may be found next time
        sums += Cost(UNKNOWN, UNKNOWN)
    requests = found + sums.requests
    each = median(meter.latencies) / concurrency if meter.latencies else 0.0
    now = datetime.now(UTC)

    def seconds(number: int) -> float:
        return max(seconds_at_limits(number, limits, now), number * each)

    return AuditPlan(
        packages=sums.packages,
        counted=sums.counted,
        least_requests=requests.least,
        most_requests=requests.most,
        spent_requests=meter.count.requests,
        versions_least=sums.versions.least,
        versions_most=sums.versions.most,
        failures=sums.failures,
        least_seconds=seconds(requests.least),
        most_seconds=None if requests.most is None else seconds(requests.most),
    )


def seconds_at_limits(requests: int, limits: RateLimit, now: datetime) -> float:
    """How long GitHub's limits hold up so many requests that take no time themselves.

    Args:
        requests: How many there are.
        limits: What is known of the token's limits; without an hourly limit there are none.
        now: The instant at which they begin, by the server's clock.

    Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    pause = _until(limits.paused_until, now)
    if not limits.limit or not requests:
        return pause if requests else 0.0
    until_reset = _until(limits.reset, now)
    remaining = limits.remaining if until_reset and limits.remaining is not None else limits.limit
    if requests <= remaining:
        return pause + _minutes(requests)
    hours, rest = divmod(requests - remaining - 1, limits.limit)
    return max(until_reset or 3600.0, pause + _minutes(remaining)) + hours * 3600.0 + _minutes(rest + 1)


def _until(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else max(0.0, (moment - now).total_seconds())


def _minutes(requests: int) -> float:
    """How long the limit of a minute holds up so many requests: the first of them go at once."""
    return max(0, requests - 1) // POINTS_PER_MINUTE * 60.0


async def _guess(found: Found, task: Task) -> Cost:
    """What a package costs, by what its listing told."""
    count = _count(found.package)
    listings = [
        _by_count(count, task) if state == "active" and count is not None else Cost(Range(1, None), UNKNOWN)
        for state in task.states
    ]
    cost = sum(listings, Cost(packages=1))
    if task.active_since is not None:  # what the first listing shows may be enough
        least = 1 if task.may_end_early else listings[0].requests.least
        cost = evolve(cost, requests=evolve(cost.requests, least=least))
    return evolve(cost, counted=int(count is not None))


def _count(package: Package) -> int | None:
    """How many active versions it has, if the server sent that."""
    return package.version_count if isinstance(package.version_count, int) else None


def _by_count(versions: int, task: Task) -> Cost:
    """What a listing of so many versions costs; an empty page may be needed to prove that a full one is the last."""
    least, most = max(1, -(-versions // task.per_page)), versions // task.per_page + 1
    if task.consistent:
        least, most = least + _again(least), 2 * most if most > 1 else most
    return Cost(Range(least, most), Range(versions, versions))


def _again(pages: int) -> int:
    """How many pages `consistent` reads again, where the server tells the last one and versions come newest first."""
    return min(pages - 1, 2)


async def _look(found: Found, task: Task, meter: Meter) -> Cost:
    """What a package costs, by the first page of each of its listings."""
    count = _count(found.package)
    cost, may_end_early = Cost(packages=1, counted=int(count is not None)), False
    for number, state in enumerate(task.states, start=1):
        try:
            page = await _first_page(found, task, state, meter)
        except AuthenticationError:  # ends everything
            raise
        except (GitHubPackagesError, ValueError) as error:
            return cost + _failed(found, error)
        one = _by_page(page, task)
        if state == "active" and count is not None:
            one = evolve(one, versions=Range(count, count))
        cost += one
        if task.settles(page):
            rest = Cost(versions=UNKNOWN if number < len(task.states) else Range())
            return evolve(cost + rest, requests=cost.requests if task.consistent else Range(number, number))
        may_end_early = may_end_early or (task.may_end_early and not page.is_last)
    return evolve(cost, requests=evolve(cost.requests, least=2)) if may_end_early else cost


async def _first_page(found: Found, task: Task, state: str, meter: Meter) -> Page[PackageVersion]:
    began, before = asyncio.get_running_loop().time(), found.count.requests
    page = await task.listing(found.owner, found.package, state).page(1)
    meter.took(began, found.count.requests - before)
    return page


def _by_page(page: Page[PackageVersion], task: Task) -> Cost:
    """What a listing costs that begins with this page."""
    number, size = len(page), task.per_page
    if page.is_last:
        return Cost(Range(1, 1), Range(number, number))
    if page.last_number is None or page.last_number < 2:
        return Cost(Range(3 if task.consistent else 2, None), Range(number, None))
    requests = page.last_number + (_again(page.last_number) if task.consistent else 0)
    return Cost(Range(requests, requests), Range((page.last_number - 1) * size + 1, page.last_number * size))


def _failed(found: Found, error: GitHubPackagesError | ValueError) -> Cost:
    """A package that can't be read now may be one that can be when the audit is made."""
    if not isinstance(error, GitHubPackagesError):
        error = GitHubPackagesError(str(error))
    package, owner = found.package, str(found.owner)
    failure = AuditFailure(owner, str(package.package_type), error.with_traceback(None), package.name)
    return Cost(Range(1, None), UNKNOWN, failures=(failure,))
