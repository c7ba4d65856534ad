"""Audits through the mock server: exact, in order, and tidy whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import httpx
import pytest
from tests.audit.faults import Failing, Gate, error, settle
from tests.transport.governed import now

from ghpackages import (
    APIConnectionError,
    APIError,
    AuthenticationError,
    DecodeError,
    GitHubPackages,
    NotFoundError,
    PackageType,
    PackageVersion,
    PermissionDeniedError,
    RateLimitError,
    SecondaryRateLimitError,
    ServerError,
    UsageError,
)
from ghpackages.audit import AuditReport, audit
from ghpackages.testing import EPOCH, MockGitHub, MockPackage

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)

Connect = Callable[..., GitHubPackages]


def truth(packages: list[MockPackage]) -> list[tuple[Any, ...]]:
    """What an audit must find, in its order, from the server's own memory."""
    order = {str(one): number for number, one in enumerate(PackageType)}
    rows: list[tuple[Any, ...]] = []
    for package in sorted(packages, key=lambda one: order[one.package_type]):
        active = [one for one in package.versions if one.deleted_at is None]
        has_tags = package.package_type in {"container", "docker"}
        tagged = sum(bool(one.tags) for one in active)
        dates = [one.created_at for one in active]
        counts = (len(active), *((tagged, len(active) - tagged) if has_tags else (None, None)))
        rows.append((package.package_type, package.name, *counts, min(dates), max(dates)))
    return rows


def found(report: AuditReport) -> list[tuple[Any, ...]]:
    return [
        (
            str(one.package.package_type),
            one.package.name,
            one.versions,
            one.tagged,
            one.untagged,
            one.oldest,
            one.newest,
        )
        for one in report.packages
    ]


async def test_every_count_equals_the_servers_own(octo: MockGitHub, connect: Connect) -> None:
    report = await audit(connect(octo), "octo-org").collect()

    assert truth(octo.owner("octo-org").packages) == found(report)
    assert report.complete
    assert all(one.complete and one.proof and one.error is None and one.matches == () for one in report.packages)


async def test_totals_are_the_sums(octo: MockGitHub, connect: Connect) -> None:
    octo.clear()
    report = await audit(connect(octo), "octo-org", "@me", as_of=EPOCH).collect()
    totals, packages = report.totals, report.packages

    assert len(packages) == totals.packages == len(octo.owner("octo-org").packages) + len(octo.user.packages)
    assert sum(one.versions for one in packages) == totals.versions
    assert sum(one.tagged or 0 for one in packages) == totals.tagged
    assert sum(one.untagged or 0 for one in packages) == totals.untagged
    assert min(one.oldest for one in packages if one.oldest) == totals.oldest
    assert max(one.newest for one in packages if one.newest) == totals.newest
    assert len(octo.requests) == totals.requests == totals.pages
    assert report.as_of == EPOCH
    assert report.owners == ("octo-org", "@me")


async def test_no_request_is_made_twice(octo: MockGitHub, connect: Connect) -> None:
    octo.clear()
    await audit(connect(octo), "octo-org").collect()
    asked = [(one.path, one.query) for one in octo.requests]

    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("concurrency", [1, 3, 50])
async def test_the_order_does_not_depend_on_concurrency(octo: MockGitHub, connect: Connect, concurrency: int) -> None:
    github = connect(octo)
    report = await audit(github, "octo-org", "user:octocat", concurrency=concurrency).collect()
    owners = ["octo-org"] * len(octo.owner("octo-org").packages) + ["user:octocat"] * len(octo.user.packages)

    assert owners == [one.owner for one in report.packages]
    assert truth(octo.owner("octo-org").packages) + truth(octo.user.packages) == found(report)


async def test_owners_may_be_texts_or_objects_and_are_asked_once(server: MockGitHub, github: GitHubPackages) -> None:
    server.owner("acme").add_package("npm", "a").add_version()
    server.user.add_package("npm", "b").add_version()
    report = await audit(github, "acme", "org:ACME", github.org("acme"), github.me(), "@me", "user:octocat").collect()

    assert report.owners == ("acme", "@me", "user:octocat")
    assert [one.package.name for one in report.packages] == ["a", "b", "b"]


async def test_matching_versions_are_those_of_the_server(octo: MockGitHub, connect: Connect) -> None:
    report = await audit(connect(octo), "octo-org", as_of=EPOCH, older_than="6 months", untagged=True).collect()
    limit = datetime(2026, 5, 1, tzinfo=UTC)
    expected = {
        version.id
        for package in octo.owner("octo-org").packages
        if package.package_type in {"container", "docker"}
        for version in package.versions
        if version.deleted_at is None and not version.tags and version.created_at < limit
    }

    assert expected == {match.version.id for one in report.packages for match in one.matches}
    assert len(expected) == report.totals.matches > 0
    assert report.filters == {"untagged": True, "older_than": "6 months"}


async def test_all_versions_lists_every_one_without_a_reason(server: MockGitHub, github: GitHubPackages) -> None:
    server.owner("acme").add_package("npm", "a").add_versions(130)
    report = await audit(github, "acme", all_versions=True).collect()

    assert len(report.packages[0].matches) == 130
    assert {match.reason for match in report.packages[0].matches} == {""}


async def test_states(server: MockGitHub, github: GitHubPackages) -> None:
    package = server.owner("acme").add_package("container", "a")
    package.add_version(tags=["x"])
    gone = package.add_version(deleted_at=NOW - timedelta(days=2))

    counts = {
        state: (await audit(github, "acme", state=state, all_versions=True).collect()).packages[0]
        for state in ("active", "deleted", "all")
    }
    assert {state: one.versions for state, one in counts.items()} == {"active": 1, "deleted": 1, "all": 2}
    assert [gone.id] == [match.version.id for match in counts["deleted"].matches]
    assert NOW + timedelta(days=28) == counts["deleted"].matches[0].restorable_until
    assert counts["all"].requests == 2


async def test_types_visibility_and_names_choose_packages(octo: MockGitHub, connect: Connect) -> None:
    octo.clear()
    recipe = audit(connect(octo), "octo-org", types=["docker", "container"], visibility="public", names="web/*")
    report = await recipe.collect()
    expected = [
        one.name
        for one in octo.owner("octo-org").packages
        if one.package_type == "container" and one.visibility == "public" and one.name.startswith("web/")
    ]

    assert expected == [one.package.name for one in report.packages]
    assert report.filters == {"types": ["container", "docker"], "visibility": "public", "names": ["web/*"]}
    assert len([one for one in octo.requests if "/versions" in one.path]) == len(expected)


async def test_inactive_for_looks_at_the_newest_active_version(server: MockGitHub, github: GitHubPackages) -> None:
    acme = server.owner("acme")
    old, recent = NOW - timedelta(days=400), NOW - timedelta(days=10)
    acme.add_package("npm", "asleep", created_at=old).add_version(created_at=old)
    acme.add_package("npm", "awake", created_at=old).add_versions(300, first_at=recent)
    acme.add_package("npm", "new-and-empty", created_at=recent)
    acme.add_package("npm", "old-and-empty", created_at=old)
    deleted = acme.add_package("npm", "only-deleted-is-recent", created_at=old)
    deleted.add_version(created_at=old)
    deleted.add_version(created_at=recent, deleted_at=recent)
    server.clear()
    report = await audit(github, "acme", types=["npm"], inactive_for="1 year", as_of=NOW, state="all").collect()

    assert {"asleep", "old-and-empty", "only-deleted-is-recent"} == {one.package.name for one in report.packages}
    assert len([one for one in server.requests if "awake" in one.path]) == 1  # one recent version settles it
    assert len(server.requests) == report.totals.requests


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(403, "Resource not accessible by integration"), PermissionDeniedError),
        (error(404, "Package not found."), NotFoundError),
        (error(502), ServerError),
        (lambda: httpx.Response(200, json=[{"id": 1}]), DecodeError),
    ],
)
async def test_one_failing_package_does_not_sink_the_others(
    server: MockGitHub, connect: Connect, answer: Callable[[], httpx.Response], kind: type[Exception]
) -> None:
    for name in ("a", "bad", "c"):
        server.owner("acme").add_package("npm", name).add_versions(3)
    github = connect(server, lambda inner: Failing(inner, {"/bad/versions": answer}))
    report = await audit(github, "acme").collect()

    assert [one.package.name for one in report.packages] == ["a", "bad", "c"]
    assert [one.complete for one in report.packages] == [True, False, True]
    assert isinstance(report.packages[1].error, kind)
    assert [one.versions for one in report.packages] == [3, 0, 3]
    assert report.packages[1].proof is None
    assert report.totals.incomplete == 1
    assert not report.complete
    assert report.failures == ()


async def test_a_failure_in_the_middle_keeps_what_was_seen(server: MockGitHub, connect: Connect) -> None:
    server.owner("acme").add_package("container", "a").add_versions(250)
    github = connect(server, lambda inner: Failing(inner, {"page=3": error(500)}))
    (result,) = (await audit(github, "acme").collect()).packages

    assert (result.versions, result.untagged, result.pages, result.complete) == (200, 200, 2, False)
    assert (result.requests, result.least_requests) == (6, 2)  # the third page was asked for four times


async def test_a_listing_that_fails_is_reported_and_the_rest_is_complete(server: MockGitHub, connect: Connect) -> None:
    server.owner("acme").add_package("npm", "a").add_version()
    github = connect(server, lambda inner: Failing(inner, {"package_type=container": error(400, "Invalid argument.")}))
    report = await audit(github, "acme", "@me").collect()

    assert [one.package.name for one in report.packages] == ["a"]
    assert [(one.owner, one.package_type) for one in report.failures] == [("acme", "container"), ("@me", "container")]
    assert not report.complete
    assert report.totals.incomplete == 0


@pytest.mark.parametrize("status", [403, 404, 410, 422])
@pytest.mark.parametrize("consistent", [False, True])
async def test_a_first_listing_that_is_refused_gives_up_no_other(
    server: MockGitHub, connect: Connect, status: int, consistent: bool
) -> None:
    for package_type in ("container", "docker", "npm"):
        server.owner("acme").add_package(package_type, "a").add_version()
    answers = {"package_type=container": error(status), "package_type=docker": error(status, "not this either")}
    recipe = audit(connect(server, lambda inner: Failing(inner, answers)), "acme", consistent=consistent)
    results = aiter(recipe)
    with pytest.raises(APIError, match="no"):
        assert [str(one.package.package_type) async for one in results] == ["npm"]
    plan = await recipe.plan()

    for failures in (results.failures, plan.failures):
        assert [(one.owner, one.package_type) for one in failures] == [("acme", "container"), ("acme", "docker")]
    assert results.has_listed
    assert results.progress.all_found
    assert plan.packages == 1


async def test_an_owner_who_is_missing_is_one_failure(github: GitHubPackages) -> None:
    results = aiter(audit(github, "nobody"))
    with pytest.raises(NotFoundError) as caught:
        await anext(results)

    assert [(one.owner, one.package_type, one.error) for one in results.failures] == [("nobody", None, caught.value)]
    assert not hasattr(caught.value, "__notes__")
    assert not results.has_listed
    assert results.progress.all_found


def late() -> httpx.Response:
    message = {"message": "You have exceeded a secondary rate limit."}
    return httpx.Response(429, json=message, headers={"Retry-After": "5000"})


def unreachable() -> httpx.Response:
    raise httpx.ConnectError("no route")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(late, RateLimitError), (unreachable, APIConnectionError), (error(401), AuthenticationError)],
)
async def test_after_a_refusal_an_owner_is_given_up_for_what_holds_for_all_listings(
    server: MockGitHub, connect: Connect, answer: Callable[[], httpx.Response], kind: type[Exception]
) -> None:
    server.owner("acme").add_package("npm", "a").add_version()
    server.add_org("other").add_package("npm", "b").add_version()
    answers = {"acme/packages?package_type=container": error(403), "acme/packages?package_type=docker": answer}
    results = aiter(audit(connect(server, lambda inner: Failing(inner, answers)), "acme", "other"))
    with pytest.raises(PermissionDeniedError) as caught:
        assert [one.package.name async for one in results] == ["b"] * (kind is APIConnectionError)
    first, second, *others = results.failures

    assert [(one.owner, one.package_type) for one in (first, second)] == [("acme", "container"), ("acme", None)]
    assert isinstance(second.error, kind)
    assert [one.owner for one in others] == ["other"] * (kind is RateLimitError)  # it holds for all owners of a token
    assert first.error is caught.value
    assert not any("/acme/" in one.path for one in server.requests)


class Moody(httpx.AsyncBaseTransport):
    """Lists packages with a status for each owner and type, and gives each answer after a while of its own."""

    def __init__(self, inner: httpx.AsyncBaseTransport, statuses: dict[tuple[str, str], int], chance: Random) -> None:
        self.inner, self.statuses, self.chance = inner, statuses, chance

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(self.chance.choice([0, 0.1, 1, 5]))
        status = self.statuses.get((request.url.path.split("/")[2], request.url.params.get("package_type")), 200)
        if status != 200:
            return httpx.Response(status, json={"message": f"{status} of {request.url}"})
        return await self.inner.handle_async_request(request)


@pytest.mark.parametrize("seed", range(30))
async def test_what_can_be_listed_is_audited_and_what_can_not_is_a_failure_whatever_the_timing(
    server: MockGitHub, connect: Connect, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - no secrets
    owners, types = ["acme", "umbrella", "initech"], [str(one) for one in PackageType]
    statuses: dict[tuple[str, str], int] = {}
    for owner in owners:
        if owner != "acme":
            server.add_org(owner)
        kinds = chance.choice([[403], [404], [502], [403, 404], [200], [200, 403], [200, 400, 403, 404, 502]])
        for package_type in types:
            server.owner(owner).add_package(package_type, "a").add_version()
            statuses[owner, package_type] = chance.choice(kinds)
    failing: list[tuple[str, str | None, int]] = []
    for owner in owners:
        failed = [(owner, one, statuses[owner, one]) for one in types if statuses[owner, one] != 200]
        is_one = len(failed) == len(types) and len({status for _, _, status in failed}) == 1
        failing += [(owner, None, failed[0][2])] if is_one else failed
    results = aiter(audit(connect(server, lambda inner: Moody(inner, statuses, chance)), *owners))
    found: list[tuple[str, str]] = []
    with suppress(APIError):
        async for one in results:
            found.append((one.owner, str(one.package.package_type)))

    assert found == [place for place, status in statuses.items() if status == 200]
    assert [
        (one.owner, one.package_type, one.error.status) for one in results.failures if isinstance(one.error, APIError)
    ] == failing
    assert results.has_listed == bool(found)
    assert results.progress.all_found


async def test_streaming_raises_a_failed_listing_after_everything_else(
    server: MockGitHub, github: GitHubPackages
) -> None:
    server.owner("acme").add_package("npm", "a").add_version()
    names: list[str] = []
    with pytest.raises(NotFoundError) as caught:
        async for result in audit(github, "nobody", "acme", "no-one"):
            names.append(result.package.name)

    assert names == ["a"]
    assert "no-one" in caught.value.__notes__[0]


async def test_if_nothing_can_be_listed_there_is_no_report(server: MockGitHub, connect: Connect) -> None:
    server.revoke_token(server.token)
    with pytest.raises(AuthenticationError):
        await audit(connect(server), "acme", "@me").collect()


def refusing(seconds: int, times: int) -> Callable[[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport]:
    """Refuse so many requests for their rate, for so many seconds each."""
    left = [httpx.Response] * times

    def refuse() -> httpx.Response | None:
        if not left:
            return None
        message = {"message": "You have exceeded a secondary rate limit."}
        return left.pop()(429, json=message, headers={"Retry-After": str(seconds)})

    return lambda inner: Failing(inner, {"/packages": refuse})


@pytest.mark.parametrize("owner", ["acme", "object", "impatient object"])
async def test_an_hour_is_waited_for_unless_told_otherwise(server: MockGitHub, connect: Connect, owner: str) -> None:
    github = connect(server, refusing(3700, 1))
    owners = {
        "acme": "acme",
        "object": github.org("acme"),
        "impatient object": github.with_options(max_wait=0).org("acme"),
    }
    report = await audit(github, owners[owner]).collect()

    assert report.complete
    assert now() == 3700


@pytest.mark.parametrize("owner", ["acme", "object", "patient object"])
@pytest.mark.parametrize(("max_wait", "waited"), [(5, 0), (25, 20), (45, 40)])
async def test_no_longer_is_waited_than_told(
    server: MockGitHub, connect: Connect, owner: str, max_wait: float, waited: float
) -> None:
    github = connect(server, refusing(20, 5))
    owners = {
        "acme": "acme",
        "object": github.org("acme"),
        "patient object": github.org("acme").with_options(max_wait=999),
    }
    with pytest.raises(SecondaryRateLimitError):
        await audit(github, owners[owner], max_wait=max_wait).collect()

    assert now() == waited


async def test_no_packages_is_a_report_too(github: GitHubPackages) -> None:
    report = await audit(github, "acme").collect()

    assert report.complete
    assert report.packages == ()
    assert (report.totals.tagged, report.totals.untagged, report.totals.newest) == (None, None, None)


async def test_what_where_raises_is_raised(server: MockGitHub, github: GitHubPackages) -> None:
    server.owner("acme").add_package("npm", "a").add_version()

    def where(_: PackageVersion) -> bool:
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        await audit(github, "acme", where=where).collect()
    await settle()
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize("error", [ZeroDivisionError("mine"), StopIteration("mine"), StopAsyncIteration("mine")])
@pytest.mark.parametrize("failing", range(3))
async def test_after_where_raised_the_run_is_over_and_not_complete(
    server: MockGitHub, github: GitHubPackages, error: Exception, failing: int
) -> None:
    ids = [server.owner("acme").add_package("npm", name).add_version().id for name in "abc"]
    names: list[str] = []

    def where(version: PackageVersion) -> bool:
        if version.id == ids[failing]:
            raise error
        return True

    results = aiter(audit(github, "acme", where=where))
    with pytest.raises(ZeroDivisionError if isinstance(error, ZeroDivisionError) else RuntimeError):
        async for result in results:
            names.append(result.package.name)

    assert ["a", "b", "c"][:failing] == names
    assert not results.is_complete
    assert [one async for one in results] == []
    await settle()
    assert len(asyncio.all_tasks()) == 1


async def test_each_iteration_starts_anew(server: MockGitHub, github: GitHubPackages) -> None:
    package = server.owner("acme").add_package("npm", "a")
    package.add_version()
    recipe = audit(github, "acme")

    assert [one.versions async for one in recipe] == [1]
    package.add_version()
    assert [one.versions async for one in recipe] == [2]


async def test_concurrency_is_bounded_and_used(octo: MockGitHub, connect: Connect) -> None:
    gates: list[Gate] = []

    def around(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        gates.append(Gate(inner))
        return gates[0]

    async with aclosing(aiter(audit(connect(octo, around), "octo-org", concurrency=5))) as results:
        waiting = asyncio.ensure_future(anext(results))
        await settle()
        assert gates[0].inside == gates[0].most == 5
        gates[0].open.set()
        await waiting
        assert gates[0].most <= 6  # and the listing of packages


@pytest.mark.parametrize("concurrency", [3, 40])
async def test_as_many_packages_are_read_at_once_as_the_client_makes_requests(
    octo: MockGitHub, concurrency: int
) -> None:
    gate = Gate(httpx.ASGITransport(app=octo))
    github = GitHubPackages(octo.token, transport=gate, trust_env=False, concurrency=concurrency)
    async with github, aclosing(aiter(audit(github, "octo-org"))) as results:
        waiting = asyncio.ensure_future(anext(results))
        await settle()
        assert gate.inside == gate.most == concurrency == github.concurrency
        gate.open.set()
        await waiting


async def test_no_more_is_done_than_a_small_window_ahead_of_the_consumer(octo: MockGitHub, connect: Connect) -> None:
    octo.clear()
    async with aclosing(aiter(audit(connect(octo), "octo-org", concurrency=2))) as results:
        await anext(results)
        await settle()
        audited = {one.path for one in octo.requests if "/versions" in one.path}

        assert 2 <= len(audited) <= 2 * 4 + 1


async def test_aclose_cancels_what_is_in_flight_and_leaves_no_task(octo: MockGitHub, connect: Connect) -> None:
    gates: list[Gate] = []

    def around(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        gates.append(Gate(inner, holds="web%2Fapi/versions"))
        return gates[0]

    results = aiter(audit(connect(octo, around), "octo-org"))
    await anext(results)
    await settle()
    await results.aclose()

    assert gates[0].inside == 0
    assert gates[0].cancelled == 1
    assert len(asyncio.all_tasks()) == 1
    with pytest.raises(StopAsyncIteration):
        await anext(results)


async def test_a_run_that_was_left_early_is_not_complete_and_raises_nothing_more(
    server: MockGitHub, github: GitHubPackages
) -> None:
    server.owner("acme").add_package("npm", "a").add_version()
    server.owner("acme").add_package("npm", "b").add_version()
    results = aiter(audit(github, "nobody", "acme"))
    await anext(results)
    await results.aclose()

    assert len(results.failures) == 1
    assert not results.is_complete
    assert [one async for one in results] == []


@pytest.mark.parametrize("holds", ["package_type=", "/versions"])
async def test_who_waits_for_a_result_is_let_go_by_aclose(server: MockGitHub, connect: Connect, holds: str) -> None:
    server.owner("acme").add_package("npm", "a").add_version()
    results = aiter(audit(connect(server, lambda inner: Gate(inner, holds=holds)), "acme"))
    waiting = asyncio.ensure_future(anext(results))
    await settle()
    await results.aclose()

    with pytest.raises(UsageError, match="was closed while it waited"):
        await waiting
    assert not results.is_complete
    assert [one async for one in results] == []


async def test_a_failure_is_raised_once(github: GitHubPackages) -> None:
    results = aiter(audit(github, "nobody"))
    with pytest.raises(NotFoundError):
        await anext(results)
    assert [one async for one in results] == []


async def test_what_nobody_expects_is_raised_and_ends_the_run(server: MockGitHub, connect: Connect) -> None:
    def fail() -> httpx.Response:
        raise ZeroDivisionError("a bug")

    results = aiter(audit(connect(server, lambda inner: Failing(inner, {"package_type=": fail})), "acme"))
    with pytest.raises(ZeroDivisionError, match="a bug"):
        await anext(results)

    assert not results.is_complete
    assert [one async for one in results] == []


async def test_break_leaves_no_task(octo: MockGitHub, connect: Connect) -> None:
    async for _ in audit(connect(octo), "octo-org", "@me"):
        break
    await settle()

    assert len(asyncio.all_tasks()) == 1


async def test_a_cancelled_wait_for_a_result_loses_nothing(octo: MockGitHub, connect: Connect) -> None:
    gates: list[Gate] = []

    def around(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        gates.append(Gate(inner))
        return gates[0]

    results = aiter(audit(connect(octo, around), "octo-org", types=["docker"]))
    waiting = asyncio.ensure_future(anext(results))
    await settle()
    waiting.cancel()
    await settle()
    gates[0].open.set()
    expected = [one.name for one in octo.owner("octo-org").packages if one.package_type == "docker"]

    assert expected == [one.package.name async for one in results]


@pytest.mark.parametrize(
    ("owners", "arguments", "message"),
    [
        ((), {}, "at least one owner"),
        (("team:x",), {}, "is no owner"),
        (("a/b",), {}, "is no owner"),
        (("@you",), {}, "is no owner"),
        (("..",), {}, "must not be empty"),
        (("user:",), {}, "must not be empty"),
        (("acme",), {"types": []}, "must not be empty"),
        (("acme",), {"types": ["nmp"]}, "nmp"),
        (("acme",), {"visibility": "secret"}, "secret"),
        (("acme",), {"state": "gone"}, "state must be one of"),
        (("acme",), {"per_page": 101}, "per_page"),
        (("acme",), {"concurrency": 0}, "concurrency"),
        (("acme",), {"as_of": datetime(2026, 1, 1)}, "no time zone"),
        (("acme",), {"inactive_for": "2026-01-01T00:00:00Z"}, "is no duration"),
        (("acme",), {"inactive_for": "1 year", "state": "deleted"}, "active versions"),
        (("acme",), {"older_than": "3000 years"}, "too long"),
    ],
)
async def test_what_cannot_be_valid_is_refused_before_anything_is_sent(
    server: MockGitHub, github: GitHubPackages, owners: tuple[str, ...], arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        audit(github, *owners, **arguments)
    assert not server.requests
