"""Audits of packages that are named instead of listed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.audit.faults import Failing, Gate, error, settle

from ghpackages import AuthenticationError, GitHubPackages, NotFoundError
from ghpackages.audit import audit, package_record, summary_record
from ghpackages.testing import MockGitHub

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)

Connect = Callable[..., GitHubPackages]


@pytest.fixture
def server(server: MockGitHub) -> MockGitHub:
    """Give a server with some packages."""
    acme = server.owner("acme")
    for name in ("web/api", "web/worker", "left-pad"):
        acme.add_package("container", name, repository="web" if "web" in name else None).add_versions(3)
    acme.add_package("npm", "left-pad").add_versions(150)
    return server


async def test_named_packages_are_got_in_the_order_given_and_nothing_is_listed(
    server: MockGitHub, github: GitHubPackages
) -> None:
    recipe = audit(github, "acme", packages=["npm/left-pad", ("container", "web/api"), "npm/left-pad"])
    report = await recipe.collect()

    assert [(str(one.package.package_type), one.package.name, one.versions) for one in report.packages] == [
        ("npm", "left-pad", 150),
        ("container", "web/api", 3),
    ]
    assert report.complete
    assert recipe.filters == {"packages": ["npm/left-pad", "container/web/api"]}
    assert sorted(one.path.removeprefix("/orgs/acme/packages") for one in server.requests) == [
        "/container/web%2Fapi",
        "/container/web%2Fapi/versions",
        "/npm/left-pad",
        "/npm/left-pad/versions",
        "/npm/left-pad/versions",
    ]


async def test_the_request_that_gets_a_package_is_one_of_its_own(server: MockGitHub, github: GitHubPackages) -> None:
    report = await audit(github, "acme", packages="npm/left-pad").collect()
    (package,) = report.packages

    assert (package.requests, package.least_requests, package.pages) == (3, 3, 2)
    assert (report.totals.requests, report.totals.least_requests, report.totals.pages) == (3, 3, 2)


async def test_a_package_that_is_not_there_is_a_failure_of_its_own(server: MockGitHub, github: GitHubPackages) -> None:
    report = await audit(github, "acme", packages=["npm/gone", "container/web/api", "maven/gone"]).collect()

    assert [one.package.name for one in report.packages] == ["web/api"]
    assert [(one.owner, one.package_type, one.package_name) for one in report.failures] == [
        ("acme", "npm", "gone"),
        ("acme", "maven", "gone"),
    ]
    assert {type(one.error) for one in report.failures} == {NotFoundError}
    assert not report.complete
    assert (report.totals.incomplete, report.totals.requests, report.totals.least_requests) == (0, 4, 4)
    record = json.loads(json.dumps(summary_record(report.totals, report.failures)))
    assert (record["failures"][0]["package_type"], record["failures"][0]["package_name"]) == ("npm", "gone")
    assert not record["complete"]


async def test_each_package_is_looked_for_with_every_owner(server: MockGitHub, github: GitHubPackages) -> None:
    server.user.add_package("npm", "left-pad").add_version()
    report = await audit(github, "acme", "@me", packages=["npm/left-pad", "container/web/api"]).collect()

    assert [(one.owner, one.package.name) for one in report.packages] == [
        ("acme", "left-pad"),
        ("acme", "web/api"),
        ("@me", "left-pad"),
    ]
    assert [(one.owner, one.package_name) for one in report.failures] == [("@me", "web/api")]


@pytest.mark.parametrize(
    "answer",
    [
        error(403, "You need at least read:packages scope to get a package."),
        lambda: httpx.Response(403, json={"message": "Resource protected."}, headers={"X-GitHub-SSO": "required"}),
        error(404, "Not Found"),
    ],
)
async def test_nothing_more_is_asked_of_an_owner_of_whom_nothing_can_be_had(
    server: MockGitHub, connect: Connect, answer: Callable[[], httpx.Response]
) -> None:
    gates: list[Gate] = []

    def around(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        gates.append(Gate(Failing(inner, {"/orgs/nobody/": answer})))
        gates[0].open.set()
        return gates[0]

    named = ["npm/left-pad", "container/web/api", "container/web/worker"]
    report = await audit(connect(server, around), "nobody", "acme", packages=named).collect()

    assert [(one.owner, one.package_type, one.package_name) for one in report.failures] == [("nobody", None, None)]
    assert [one.package.name for one in report.packages] == ["left-pad", "web/api", "web/worker"]
    assert gates[0].requests - len(server.requests) == 1
    assert report.totals.requests == report.totals.least_requests == gates[0].requests


@pytest.mark.parametrize(
    "answer",
    [
        error(403, "Resource not accessible by integration"),
        error(404, "Package not found."),
        lambda: httpx.Response(200, json={}),
    ],
)
async def test_an_error_that_is_about_one_package_gives_up_no_other(
    server: MockGitHub, connect: Connect, answer: Callable[[], httpx.Response]
) -> None:
    github = connect(server, lambda inner: Failing(inner, {"/npm/left-pad": answer}))
    report = await audit(github, "acme", packages=["npm/left-pad", "container/web/api"]).collect()

    assert [one.package.name for one in report.packages] == ["web/api"]
    assert [one.package_name for one in report.failures] == ["left-pad"]


async def test_a_token_that_ends_meanwhile_is_told_once(server: MockGitHub, connect: Connect) -> None:
    expired = iter([None, None])
    answers = {"packages": lambda: next(expired, error(401, "Bad credentials")())}
    github = connect(server, lambda inner: Failing(inner, answers))
    named = [f"container/{name}" for name in ("web/api", "web/worker", "left-pad", "a", "b")]
    report = await audit(github, "acme", packages=named, concurrency=1).collect()

    assert [one.package.name for one in report.packages] == ["web/api"]
    assert [(one.package_type, one.package_name) for one in report.failures] == [(None, None)]
    assert report.totals.requests == 3  # of the others, who wait for their turn, none is asked for


async def test_the_first_one_is_asked_for_alone(server: MockGitHub, connect: Connect) -> None:
    gates: list[Gate] = []

    def around(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        gates.append(Gate(inner, holds="/container/"))
        return gates[0]

    named = ["container/web/api", "container/web/worker", "container/left-pad"]
    collecting = asyncio.ensure_future(audit(connect(server, around), "acme", packages=named).collect())
    await settle()
    assert gates[0].requests == 1
    gates[0].open.set()
    assert len((await collecting).packages) == 3


async def test_only_so_many_are_asked_for_at_once(server: MockGitHub, connect: Connect) -> None:
    gates: list[Gate] = []

    def around(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        gates.append(Gate(inner, holds="/npm/gone-"))
        return gates[0]

    named = ["container/web/api", *(f"npm/gone-{number}" for number in range(20))]
    collecting = asyncio.ensure_future(audit(connect(server, around), "acme", packages=named, concurrency=3).collect())
    await settle()
    assert gates[0].inside == 3
    gates[0].open.set()
    report = await collecting

    assert [one.package_name for one in report.failures] == [f"gone-{number}" for number in range(20)]
    assert gates[0].most == 3


async def test_the_other_package_filters_hold_for_named_packages(server: MockGitHub, github: GitHubPackages) -> None:
    server.owner("acme").add_package("npm", "asleep").add_version(created_at=NOW - timedelta(days=900))
    named = ["container/web/api", "container/left-pad", "npm/asleep"]

    async def names(**filters: Any) -> list[str]:
        report = await audit(github, "acme", packages=named, as_of=NOW, **filters).collect()
        assert report.complete
        assert report.totals.requests == report.totals.least_requests
        return [one.package.name for one in report.packages]

    assert await names(repositories="acme/web") == ["web/api"]
    assert await names(unlinked=True) == ["left-pad", "asleep"]
    assert await names(inactive_for="1 year") == ["asleep"]


async def test_if_none_can_be_got_there_is_no_report(server: MockGitHub, github: GitHubPackages) -> None:
    with pytest.raises(NotFoundError):
        await audit(github, "acme", packages=["npm/gone"]).collect()
    server.revoke_token(server.token)
    with pytest.raises(AuthenticationError):
        await audit(github, "acme", packages=["npm/left-pad", "container/web/api"]).collect()


async def test_streaming_raises_what_is_missing_after_everything_else(github: GitHubPackages) -> None:
    names: list[str] = []
    with pytest.raises(NotFoundError, match="gone") as caught:
        async for result in audit(github, "acme", packages=["npm/gone", "npm/left-pad", "npm/away"]):
            names.append(result.package.name)

    assert names == ["left-pad"]
    assert "npm/away" in caught.value.__notes__[0]


async def test_finished_ones_are_not_even_got(server: MockGitHub, github: GitHubPackages) -> None:
    named = ["npm/left-pad", "container/web/api"]
    whole = await audit(github, "acme", packages=named).collect()
    server.clear()
    records = [package_record(whole.packages[0])]
    resumed = await audit(github, "acme", packages=named, finished=records).collect()

    assert [one.package.name for one in resumed.packages] == ["web/api"]
    assert whole.totals == resumed.totals
    assert not any("left-pad" in one.path for one in server.requests)


async def test_what_was_finished_is_reported_also_if_nothing_else_can_be_got(
    server: MockGitHub, github: GitHubPackages
) -> None:
    named = ["npm/left-pad", "npm/gone"]
    first = await audit(github, "acme", packages=named).collect()
    recipe = audit(github, "acme", packages=named, finished=map(package_record, first.packages))
    report = await recipe.collect()

    assert (report.packages, report.totals) == ((), first.totals)
    assert [one.package_name for one in report.failures] == ["gone"]
    assert (await recipe.plan()).packages == 0


async def test_a_finished_one_that_is_named_otherwise_is_not_given_again(
    server: MockGitHub, github: GitHubPackages
) -> None:
    (package,) = (await audit(github, "acme", packages=["npm/left-pad"]).collect()).packages
    record = package_record(package)
    record["package"]["name"] = "Left-Pad"
    resumed = await audit(github, "acme", packages=["npm/left-pad"], finished=[record]).collect()

    assert resumed.packages == ()
    assert resumed.totals.packages == 1


@pytest.mark.parametrize(
    ("packages", "message"),
    [
        (["left-pad"], "is no package"),
        (["npm/"], "is no package"),
        (["nmp/left-pad"], "nmp"),
        (["npm/.."], "must not be"),
        ([("npm", "")], "is no package"),
        (("npm", "left-pad"), "is no package"),
    ],
)
async def test_what_names_no_package_is_refused(github: GitHubPackages, packages: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        audit(github, "acme", packages=packages)


@pytest.mark.parametrize("filters", [{"types": ["npm"]}, {"names": "web/*"}, {"visibility": "public"}])
async def test_packages_are_either_named_or_chosen(github: GitHubPackages, filters: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="either given by name or chosen"):
        audit(github, "acme", packages=["npm/left-pad"], **filters)
