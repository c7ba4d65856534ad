"""What an audit will cost, told before it is made."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from attrs import evolve
from tests.audit.faults import Failing, Gate, error, settle
from tests.core.wire import Recorder, client, package, pages_of, version

from ghpackages import AuthenticationError, GitHubPackages, NotFoundError, RateLimit
from ghpackages.audit import audit, package_record
from ghpackages.audit._plan import seconds_at_limits
from ghpackages.testing import MockGitHub, MockOptions

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=900)

Connect = Callable[..., GitHubPackages]


def make(**options: Any) -> MockGitHub:
    """A server with packages of all sizes."""
    chosen: MockOptions = {"clock": lambda: NOW, "rate_limit": None, **options}
    server = MockGitHub(**chosen)
    acme = server.add_org("acme")
    acme.add_package("container", "empty", created_at=OLD)
    for size in (1, 99, 100, 101, 200, 230):
        acme.add_package("container", f"a-{size}", created_at=OLD).add_versions(size)
    old = acme.add_package("npm", "old", created_at=OLD)
    old.add_versions(250, first_at=OLD)
    for _ in range(3):
        old.add_version(created_at=OLD, deleted_at=NOW - timedelta(days=3))
    mixed = acme.add_package("npm", "one-is-recent", created_at=OLD)
    mixed.add_versions(120, first_at=OLD)
    mixed.add_version(created_at=NOW - timedelta(days=3))
    return server


@pytest.fixture
def server() -> MockGitHub:
    """Give a server with packages of all sizes."""
    return make()


async def test_from_listings_alone_at_least_one_request_a_package_is_known(
    server: MockGitHub, github: GitHubPackages
) -> None:
    plan = await audit(github, "acme").plan()

    assert (plan.packages, plan.counted) == (9, 0)
    assert plan.spent_requests == len(server.requests) == 8  # six types, and an empty page where there are packages
    assert (plan.least_requests, plan.most_requests) == (8 + 9, None)
    assert (plan.versions_least, plan.versions_most) == (0, None)
    assert plan.failures == ()


async def test_page_one_of_each_package_tells_the_number_of_pages(server: MockGitHub, github: GitHubPackages) -> None:
    plan = await audit(github, "acme", names=["a-*", "empty"], types=["container"]).plan(exact=True)

    assert plan.spent_requests == len(server.requests) == 2 + 7
    assert plan.least_requests == 2 + sum([1, 1, 1, 2, 2, 2, 3])
    assert plan.most_requests is None  # a full page without a Link may be the last one
    assert (plan.versions_least, plan.versions_most) == (1 + 99 + 100 + 101 + 101 + 201, None)


@pytest.mark.parametrize("options", [{"list_version_count": True}, {}, {"packages_link": False}, {"last_link": False}])
@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"state": "all"},
        {"state": "deleted"},
        {"inactive_for": "1 year"},
        {"inactive_for": "1 year", "state": "all"},
        {"consistent": True},
        {"consistent": True, "inactive_for": "1 year", "state": "all"},
        {"consistent": True, "per_page": 5, "names": ["a-1", "a-101", "empty"]},
        {"packages": ["container/a-101", "container/a-200", "npm/one-is-recent"]},
        {"per_page": 40},
    ],
    ids=lambda arguments: "-".join(arguments) or "all",
)
async def test_what_the_audit_costs_is_within_the_bounds(
    connect: Connect, options: dict[str, Any], arguments: dict[str, Any]
) -> None:
    server = make(**options)
    recipe = audit(connect(server), "acme", as_of=NOW, **arguments)
    plans = [await recipe.plan(exact=is_exact) for is_exact in (False, True)]
    totals = (await recipe.collect()).totals

    assert sum(plan.spent_requests for plan in plans) + totals.requests == len(server.requests)
    for plan in plans:
        assert plan.least_requests <= totals.requests <= (plan.most_requests or totals.requests)
        if "inactive_for" not in arguments:
            assert plan.packages == totals.packages
            assert plan.versions_least <= totals.versions <= (plan.versions_most or totals.versions)


@pytest.mark.parametrize("is_exact", [False, True])
@pytest.mark.parametrize("state", ["active", "all"])
async def test_bounds_meet_where_the_server_tells_all(connect: Connect, is_exact: bool, state: Any) -> None:
    server = make(list_version_count=True)
    recipe = audit(connect(server), "acme", names=["a-99", "a-101", "a-230"], state=state)
    plan = await recipe.plan(exact=is_exact)
    report = await recipe.collect()

    assert plan.counted == 3
    assert plan.versions_least == report.totals.versions == 430
    if is_exact or state == "active":
        assert plan.versions_most == 430
        assert plan.least_requests == plan.most_requests == report.totals.requests
    else:
        assert plan.most_requests is plan.versions_most is None


async def test_the_first_page_may_settle_that_a_package_is_active(connect: Connect) -> None:
    server = make()
    recipe = audit(connect(server), "acme", names=["a-230"], types=["container"], inactive_for="1 year", as_of=NOW)
    plan = await recipe.plan(exact=True)

    assert (plan.least_requests, plan.most_requests) == (3, 3)
    assert (plan.versions_least, plan.versions_most) == (201, 300)

    recipe = audit(
        connect(server), "acme", packages=["npm/one-is-recent"], inactive_for="1 year", as_of=NOW, state="all"
    )
    plan = await recipe.plan(exact=True)
    assert (plan.least_requests, plan.most_requests) == (2, 2)
    assert (plan.versions_least, plan.versions_most) == (121, None)  # how many were deleted nobody asked


async def test_a_later_page_may_settle_it_too() -> None:
    dates = [OLD] * 120 + [NOW] + [OLD] * 200
    versions = [version(number, created_at=f"{date:%Y-%m-%dT%H:%M:%SZ}") for number, date in enumerate(dates)]
    pages = pages_of(versions)
    source = Recorder(lambda request: pages(request) if "/versions" in request.url.path else one_package(request))
    async with client(source) as github:
        plan = await audit(github, "acme", types=["container"], inactive_for="1 year", as_of=NOW).plan(exact=True)

    assert (plan.least_requests, plan.most_requests) == (2 + 2, 2 + 4)


def one_package(request: httpx.Request) -> httpx.Response:
    return pages_of([package(1)])(request)


@pytest.mark.parametrize(("last_link", "least", "most"), [(True, 3 + 5, 3 + 5), (False, 3 + 3, None)])
async def test_what_consistent_asks_for_again_is_part_of_the_plan(
    connect: Connect, last_link: bool, least: int, most: int | None
) -> None:
    recipe = audit(
        connect(make(last_link=last_link)), "acme", packages=["container/a-101", "container/a-230"], consistent=True
    )
    plan = await recipe.plan(exact=True)
    totals = (await recipe.collect()).totals

    assert (plan.least_requests - 2, plan.most_requests and plan.most_requests - 2) == (least, most)
    assert least <= totals.requests - 2 <= (most or totals.requests)


async def test_of_named_packages_the_server_tells_the_number_of_versions(
    server: MockGitHub, github: GitHubPackages
) -> None:
    recipe = audit(github, "acme", packages=["container/a-230", "npm/gone", "container/a-99"])
    plan = await recipe.plan()
    report = await recipe.collect()

    assert plan.spent_requests == 3
    assert (plan.packages, plan.counted) == (2, 2)
    assert plan.least_requests == plan.most_requests == report.totals.requests == 3 + 4
    assert plan.versions_least == plan.versions_most == 329
    assert [one.package_name for one in plan.failures] == ["gone"]


async def test_finished_packages_cost_nothing(server: MockGitHub, github: GitHubPackages) -> None:
    report = await audit(github, "acme", types=["npm"]).collect()
    finished = [package_record(one) for one in report.packages]

    assert (await audit(github, "acme", types=["npm"], finished=finished).plan(exact=True)).least_requests == 2
    plan = await audit(github, "acme", packages=["npm/old"], finished=finished).plan(exact=True)
    assert (plan.least_requests, plan.most_requests, plan.packages, plan.spent_requests) == (0, 0, 0, 0)
    assert (plan.least_seconds, plan.most_seconds) == (0, 0)


async def test_what_failed_makes_the_most_unknown(server: MockGitHub, connect: Connect) -> None:
    answers = {"package_type=npm": error(400), "/a-99/versions": error(403)}
    github = connect(server, lambda inner: Failing(inner, answers))
    recipe = audit(github, "acme", names=["a-1", "a-99"])
    plan = await recipe.plan(exact=True)

    assert [(one.package_type, one.package_name) for one in plan.failures] == [("npm", None), ("container", "a-99")]
    assert (plan.packages, plan.most_requests, plan.versions_most, plan.most_seconds) == (2, None, None, None)
    assert plan.least_requests <= (await recipe.collect()).totals.requests


async def test_a_listing_that_failed_makes_the_most_unknown(server: MockGitHub, connect: Connect) -> None:
    github = connect(server, lambda inner: Failing(inner, {"package_type=npm": error(400)}))
    plan = await audit(github, "acme", names=["a-1"]).plan(exact=True)

    assert plan.packages == 1
    assert (plan.most_requests, plan.versions_most, plan.most_seconds) == (None, None, None)


async def test_if_nothing_can_be_listed_there_is_no_plan(server: MockGitHub, github: GitHubPackages) -> None:
    with pytest.raises(NotFoundError):
        await audit(github, "nobody").plan()
    server.revoke_token(server.token)
    with pytest.raises(AuthenticationError):
        await audit(github, "acme").plan(exact=True)


async def test_first_pages_are_asked_for_side_by_side_within_concurrency(server: MockGitHub, connect: Connect) -> None:
    gates: list[Gate] = []

    def around(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        gates.append(Gate(inner))
        return gates[0]

    planning = asyncio.ensure_future(audit(connect(server, around), "acme", concurrency=3).plan(exact=True))
    await settle()
    assert gates[0].inside == 3
    gates[0].open.set()
    await planning


class Slow(httpx.AsyncBaseTransport):
    """Takes half a second for each request."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.5)
        return await self.inner.handle_async_request(request)


async def test_without_limits_the_time_is_that_of_the_answers(server: MockGitHub, connect: Connect) -> None:
    plan = await audit(connect(server, Slow), "acme", packages=["container/a-230", "npm/old"], concurrency=4).plan()

    assert plan.least_requests == plan.most_requests == 8
    assert plan.least_seconds == plan.most_seconds == pytest.approx(8 * 0.5 / 4)


async def test_where_there_are_limits_they_decide(connect: Connect) -> None:
    github = connect(make(rate_limit=10, clock=lambda: datetime.now(UTC)))
    small = await audit(github, "acme", packages=["container/a-230"]).plan()
    large = await audit(github, "acme", packages=["container/a-230", "npm/old"]).plan()

    assert (small.least_requests, large.least_requests) == (4, 8)  # of 10, planning them took 1 and 2
    assert small.least_seconds < 60
    assert 3500 < large.least_seconds <= 3600


LIMITS = RateLimit(limit=5000, remaining=5000, used=0, reset=NOW + timedelta(seconds=3600))


@pytest.mark.parametrize(
    ("requests", "changes", "seconds"),
    [
        (0, {}, 0),
        (1, {}, 0),
        (900, {}, 0),
        (901, {}, 60),
        (1801, {}, 120),
        (5000, {}, 300),
        (5001, {}, 3600),
        (10_000, {}, 3600 + 300),
        (10_001, {}, 7200),
        (10_002, {"remaining": 4998}, 7200),
        (100, {"remaining": 0, "reset": NOW + timedelta(seconds=90)}, 90),
        (100, {"remaining": 99, "reset": NOW + timedelta(seconds=90)}, 90),
        (2000, {"remaining": 1999, "reset": NOW + timedelta(seconds=90)}, 120),
        (100, {"remaining": 0, "reset": NOW - timedelta(seconds=1)}, 0),
        (5001, {"remaining": 0, "reset": NOW - timedelta(seconds=1)}, 3600),
        (15_000, {"limit": 15_000, "remaining": 15_000}, 16 * 60),
        (1, {"paused_until": NOW + timedelta(seconds=45), "reason": "secondary"}, 45),
        (1000, {"limit": None, "remaining": None, "reset": None}, 0),
        (1, {"limit": None, "remaining": None, "reset": None, "paused_until": NOW + timedelta(seconds=45)}, 45),
    ],
)
def test_time_by_githubs_limits(requests: int, changes: dict[str, Any], seconds: float) -> None:
    assert seconds == seconds_at_limits(requests, evolve(LIMITS, **changes), NOW)
