"""Audits that go on where an earlier run of theirs ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.audit.faults import Failing, error

from ghpackages import GitHubPackages
from ghpackages.audit import AuditReport, audit, package_record
from ghpackages.testing import MockGitHub

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)

Connect = Callable[..., GitHubPackages]


@pytest.fixture
def server(server: MockGitHub) -> MockGitHub:
    """Give a server with packages of several types and owners, some of them large, empty or with deleted versions."""
    for owner in (server.owner("acme"), server.user):
        owner.add_package("container", "empty")
        owner.add_package("container", "web/api").add_versions(230, tags=lambda index: ["a"] if index % 3 == 0 else [])
        owner.add_package("container", "full").add_versions(100)
        package = owner.add_package("npm", "left-pad", created_at=NOW - timedelta(days=900))
        package.add_version(created_at=NOW - timedelta(days=800), deleted_at=NOW - timedelta(days=3))
        owner.add_package("maven", "old", created_at=NOW - timedelta(days=900)).add_versions(
            3, first_at=NOW - timedelta(days=800)
        )
    return server


def records(report: AuditReport) -> list[dict[str, Any]]:
    return [json.loads(json.dumps(package_record(one))) for one in report.packages]


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"untagged": True, "older_than": "1 month"},
        {"state": "all", "all_versions": True},
        {"inactive_for": "1 year"},
    ],
    ids=lambda filters: "-".join(filters) or "none",
)
async def test_wherever_it_ended_the_rest_and_the_totals_are_those_of_an_undisturbed_run(
    github: GitHubPackages, filters: dict[str, Any]
) -> None:
    def recipe(finished: list[dict[str, Any]]) -> Any:
        return audit(github, "acme", "@me", as_of=NOW, finished=finished, **filters)

    whole = await recipe([]).collect()
    lines = records(whole)
    assert len(lines) >= 4

    for end in range(len(lines) + 1):
        resumed = await recipe(lines[:end]).collect()
        assert lines[end:] == records(resumed)
        assert whole.totals == resumed.totals
        assert resumed.complete


async def test_finished_packages_are_not_asked_for_again(server: MockGitHub, github: GitHubPackages) -> None:
    whole = await audit(github, "acme").collect()
    server.clear()
    results = aiter(audit(github, "acme", finished=records(whole)))

    assert [one async for one in results] == []
    assert results.is_complete
    assert {one.path for one in server.requests} == {"/orgs/acme/packages"}
    assert (results.progress.packages, results.progress.found, results.progress.all_found) == (5, 5, True)
    assert results.progress.versions == results.totals.versions == whole.totals.versions
    assert results.progress.requests == len(server.requests) < results.totals.requests


async def test_incomplete_packages_are_asked_for_again(server: MockGitHub, connect: Connect) -> None:
    broken = connect(server, lambda inner: Failing(inner, {"web%2Fapi/versions": error(403)}))
    first = await audit(broken, "acme").collect()
    assert [one.package.name for one in first.packages if not one.complete] == ["web/api"]

    resumed = await audit(connect(server), "acme", finished=records(first)).collect()
    assert [one.package.name for one in resumed.packages] == ["web/api"]
    assert resumed.complete
    assert resumed.totals == (await audit(connect(server), "acme").collect()).totals


async def test_what_a_refused_type_lacked_is_added_and_what_was_finished_is_kept(
    server: MockGitHub, connect: Connect
) -> None:
    answers = {"package_type=container": error(403)}
    github = connect(server, lambda inner: Failing(inner, answers))
    first = await audit(github, "acme").collect()
    answers["package_type="] = error(403)
    second = await audit(github, "acme", finished=records(first)).collect()
    answers.clear()
    third = await audit(github, "acme", finished=records(first)).collect()

    assert [one.package.name for one in first.packages] == ["old", "left-pad"]
    assert [one.package_type for one in first.failures] == ["container"]
    assert (second.packages, second.totals.packages) == ((), 2)
    assert [one.package_type for one in second.failures] == [None]
    assert ([one.package.name for one in third.packages], third.complete) == (["empty", "web/api", "full"], True)
    assert third.totals.packages == 5


async def test_a_package_that_was_finished_counts_once_and_also_if_it_is_gone_now(
    server: MockGitHub, github: GitHubPackages
) -> None:
    lines = records(await audit(github, "acme").collect())
    server.owner("acme").packages[0].delete()
    resumed = await audit(github, "acme", finished=lines * 2).collect()

    assert resumed.totals.packages == len(lines)
    assert resumed.packages == ()


async def test_an_owner_has_packages_of_their_own(server: MockGitHub, github: GitHubPackages) -> None:
    lines = records(await audit(github, "@me").collect())
    report = await audit(github, "@me", "user:octocat", finished=lines).collect()

    assert {one.owner for one in report.packages} == {"user:octocat"}
    assert len(report.packages) == len(lines)


async def test_records_are_read_one_by_one_when_the_audit_is_made(server: MockGitHub, github: GitHubPackages) -> None:
    lines = iter(records(await audit(github, "acme").collect()))
    server.clear()

    def one_by_one() -> Iterator[dict[str, Any]]:
        yield from lines

    recipe = audit(github, "acme", finished=one_by_one())
    assert list(lines) == []
    assert [(await recipe.collect()).totals.packages for _ in range(2)] == [5, 5]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"record": "summary"}, "it is a summary"),
        ({"owner": None}, "owner is of type NoneType"),
        ({"owner": "other"}, "belongs to other"),
        ({"package": {"id": "1", "name": "a", "package_type": "npm"}}, "id is of type str"),
        ({"package": {"id": 1, "name": "a"}}, "'package_type' is missing"),
        ({"package": None}, "package is of type NoneType"),
        ({"versions": "3"}, "versions is of type str"),
        ({"oldest": "yesterday"}, "no date and time"),
        ({"matches": None}, "matches is no list"),
        ({"complete": 1}, "complete is of type int"),
        ({"least_requests": ...}, "'least_requests' is missing"),
    ],
)
async def test_what_is_no_record_of_this_audit_is_refused(
    server: MockGitHub, github: GitHubPackages, changes: dict[str, Any], message: str
) -> None:
    good, bad = records(await audit(github, "acme", types=["container"]).collect())[:2]
    bad = {key: value for key, value in (bad | changes).items() if value is not ...}
    server.clear()
    with pytest.raises(ValueError, match=f"finished package 2 .*{message}"):
        audit(github, "acme", finished=[good, bad])
    assert not server.requests
