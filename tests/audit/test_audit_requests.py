"""What an audit asks for: no more than the answer needs, and all of it counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing

import httpx
import pytest
from tests.audit.faults import Failing, Gate, error, settle

from ghpackages import GitHubPackages, PackageType, Wait
from ghpackages.audit import audit
from ghpackages.testing import EPOCH, MockGitHub

Connect = Callable[..., GitHubPackages]

TYPES = [str(one) for one in PackageType]


def listings(server: MockGitHub, login: str = "acme") -> list[str]:
    """The queries of the listings of packages of an owner, in the order in which they were asked for."""
    return [one.query for one in server.requests if one.path == f"/orgs/{login}/packages"]


async def test_an_audit_takes_the_least_requests_that_are_possible(octo: MockGitHub, connect: Connect) -> None:
    octo.clear()
    totals = (await audit(connect(octo), "octo-org", "@me", state="all", as_of=EPOCH).collect()).totals
    asked = [(one.path, one.query) for one in octo.requests]

    assert len(set(asked)) == len(asked) == totals.requests == totals.least_requests
    packages = octo.owner("octo-org").packages
    counts = [package.versions.count(state) for package in packages for state in ("active", "deleted")]
    pages = sum(max(1, -(-count // 100)) for count in counts) + counts.count(100)
    assert pages == len([path for path, _ in asked if path.startswith("/orgs/octo-org/packages/")])


@pytest.mark.parametrize(
    ("versions", "per_page", "least"),
    [(0, 100, 1), (1, 100, 1), (99, 100, 1), (100, 100, 2), (101, 100, 2), (200, 100, 2), (7, 3, 3)],
)
async def test_the_least_is_a_request_a_page_and_one_where_only_an_empty_page_is_proof(
    server: MockGitHub, github: GitHubPackages, versions: int, per_page: int, least: int
) -> None:
    server.owner("acme").add_package("npm", "a").add_versions(versions)
    report = await audit(github, "acme", types=["npm"], per_page=per_page).collect()
    (package,) = report.packages

    assert (package.requests, package.least_requests, package.pages) == (least, least, least)
    assert report.totals.least_requests == report.totals.requests == least + 2  # a page with it, and an empty one


async def test_one_pause_is_reported_once_however_many_owners_wait_for_it(server: MockGitHub) -> None:
    owners = ["acme", "umbrella", "initech"]
    for login in owners:
        owner = server.owner("acme") if login == "acme" else server.add_org(login)
        owner.add_package("npm", "a").add_versions(250)
        owner.add_package("npm", "b").add_version()

    async def refuse(number: int) -> tuple[list[str], int]:
        """Why an audit waits, and how many requests it makes, when one of them is refused."""
        requests, waits = 0, list[Wait]()

        def answer() -> httpx.Response | None:
            nonlocal requests
            requests += 1
            message = {"message": "You have exceeded a secondary rate limit."}
            return httpx.Response(403, json=message, headers={"Retry-After": "5"}) if requests == number else None

        transport = Failing(httpx.ASGITransport(app=server), {"": answer})
        async with GitHubPackages(server.token, transport=transport, trust_env=False, on_wait=waits.append) as github:
            assert (await audit(github, *owners).collect()).complete
        return [wait.reason for wait in waits], requests

    _, requests = await refuse(0)
    for number in range(1, requests + 1):
        assert (["secondary"], requests + 1) == await refuse(number)


async def test_repetitions_are_counted_but_are_not_among_the_least(server: MockGitHub, connect: Connect) -> None:
    server.owner("acme").add_package("npm", "a").add_versions(250)
    server.owner("acme").add_package("npm", "b").add_versions(3)
    refused = iter([1, 1])
    answers = {"/a/versions": lambda: httpx.Response(503) if next(refused, None) else None}
    github = connect(server, lambda inner: Failing(inner, answers))
    report = await audit(github, "acme", types=["npm"]).collect()

    assert {one.package.name: (one.requests, one.least_requests) for one in report.packages} == {
        "a": (5, 3),
        "b": (1, 1),
    }
    assert (report.totals.requests, report.totals.least_requests) == (8, 6)


async def test_a_package_that_was_left_out_counts_the_pages_that_were_read(
    server: MockGitHub, github: GitHubPackages
) -> None:
    server.owner("acme").add_package("npm", "a").add_versions(1000)
    totals = (await audit(github, "acme", types=["npm"], inactive_for="1 year").collect()).totals

    assert (totals.packages, totals.pages) == (0, 3)
    assert totals.requests == totals.least_requests == len(server.requests) == 3


async def test_an_owners_listings_are_begun_together_once_the_first_has_succeeded(
    server: MockGitHub, connect: Connect
) -> None:
    gates: list[Gate] = []

    def around(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        gates.append(Gate(inner, holds=tuple(f"package_type={one}" for one in TYPES[1:])))
        return gates[0]

    collecting = asyncio.ensure_future(audit(connect(server, around), "acme").collect())
    await settle()
    assert (gates[0].requests, gates[0].inside) == (6, 5)

    gates[0].open.set()
    assert (await collecting).complete
    assert gates[0].requests == 6


async def test_nothing_is_asked_ahead_while_the_first_listing_may_be_refused(
    server: MockGitHub, connect: Connect
) -> None:
    gates: list[Gate] = []

    def around(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        gates.append(Gate(inner, holds="package_type=container"))
        return gates[0]

    async with aclosing(aiter(audit(connect(server, around), "acme", "@me"))) as results:
        waiting = asyncio.ensure_future(anext(results, None))
        await settle()
        assert gates[0].requests == 1
        gates[0].open.set()
        await waiting


async def test_what_is_read_ahead_of_its_turn_is_at_most_one_page_of_each_type(
    server: MockGitHub, connect: Connect
) -> None:
    for package_type in ("container", "npm", "maven"):
        for number in range(350):
            server.owner("acme").add_package(package_type, f"{package_type}-{number}")
    server.owner("acme").add_package("docker", "few")
    gates: list[Gate] = []

    def around(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        gates.append(Gate(inner, holds="/docker/few/versions"))
        return gates[0]

    collecting = asyncio.ensure_future(audit(connect(server, around), "acme").collect())
    await settle(5000)  # all containers are done; what comes after the one that hangs fills the window and waits
    asked = listings(server)
    gates[0].open.set()
    report = await collecting

    assert [query.split("&page=")[1][0] for query in asked if "type=npm" in query] == ["1"]
    assert report.totals.requests == report.totals.least_requests == len(server.requests)
    assert [str(one.package.package_type) for one in report.packages] == [
        *["container"] * 350, "docker", *["maven"] * 350, *["npm"] * 350
    ]  # fmt: skip


async def test_an_owner_of_whom_all_listings_are_refused_costs_a_request_for_each_and_is_one_failure(
    server: MockGitHub, github: GitHubPackages
) -> None:
    server.add_org("other")
    report = await audit(github, "nobody", "other").collect()

    assert len(listings(server, "nobody")) == len(listings(server, "other")) == len(TYPES)
    assert [(one.owner, one.package_type, one.package_name) for one in report.failures] == [("nobody", None, None)]
    assert report.totals.requests == report.totals.least_requests == 2 * len(TYPES)


async def test_a_single_listing_that_is_refused_is_a_failure_of_its_type(github: GitHubPackages) -> None:
    report = await audit(github, "nobody", "acme", types=["npm"]).collect()

    assert [(one.owner, one.package_type) for one in report.failures] == [("nobody", "npm")]


async def test_a_later_listing_that_is_refused_does_not_give_up_the_others(
    server: MockGitHub, connect: Connect
) -> None:
    for package_type in ("container", "npm"):
        server.owner("acme").add_package(package_type, "a").add_version()
    github = connect(server, lambda inner: Failing(inner, {"package_type=docker": error(403), "=nuget": error(404)}))
    report = await audit(github, "acme").collect()

    assert [str(one.package.package_type) for one in report.packages] == ["container", "npm"]
    assert [one.package_type for one in report.failures] == ["docker", "nuget"]


async def test_more_packages_than_a_listing_shows_are_audited_by_visibility(
    server: MockGitHub, github: GitHubPackages
) -> None:
    for number in range(10_050):
        server.owner("acme").add_package("npm", f"a-{number}", visibility="public" if number % 2 else "private")
    report = await audit(github, "acme", types=["npm"], names=["a-0", "a-1", "a-10049"]).collect()

    assert {one.package.name for one in report.packages} == {"a-10049", "a-1", "a-0"}
    assert report.complete
    assert report.totals.requests == len(server.requests)


async def test_consistent_listings_read_the_first_and_last_page_again(
    server: MockGitHub, github: GitHubPackages
) -> None:
    for size in (50, 150, 450):
        server.owner("acme").add_package("npm", f"a-{size}").add_versions(size)
    recipe = audit(github, "acme", types=["npm"], consistent=True)
    report = await recipe.collect()

    assert recipe.filters == {"types": ["npm"], "consistent": True}
    assert {one.versions: one.requests - one.least_requests for one in report.packages} == {50: 0, 150: 1, 450: 2}
    assert report.complete
    assert report.totals.requests == len(server.requests)
