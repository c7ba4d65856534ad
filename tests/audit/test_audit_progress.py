"""How far an audit is, and sums over groups of packages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing

import httpx
import pytest
from tests.audit.faults import Failing, Gate, error, settle

from ghpackages import GitHubPackages, NotFoundError
from ghpackages.audit import Progress, Totals, audit, totals_by
from ghpackages.testing import EPOCH, MockGitHub

Connect = Callable[..., GitHubPackages]


async def test_progress_counts_packages_in_flight_too(server: MockGitHub, connect: Connect) -> None:
    server.owner("acme").add_package("npm", "small").add_versions(3)
    server.owner("acme").add_package("npm", "large").add_versions(450)
    gates: list[Gate] = []

    def around(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        gates.append(Gate(inner, holds="page=3"))
        return gates[0]

    results = aiter(audit(connect(server, around), "acme"))
    assert Progress(packages=0, found=0, all_found=False, versions=0, requests=0) == results.progress

    async with aclosing(results):
        assert (await anext(results)).package.name == "small"
        await settle()
        # Seven listings pages, one page of the small package, five of the large one: the third is late.
        assert Progress(packages=1, found=2, all_found=True, versions=203, requests=13) == results.progress
        gates[0].open.set()
        assert (await anext(results)).package.name == "large"
        assert Progress(packages=2, found=2, all_found=True, versions=453, requests=13) == results.progress


async def test_at_the_end_everything_that_was_found_is_done(octo: MockGitHub, connect: Connect) -> None:
    results = aiter(audit(connect(octo), "octo-org", "@me", inactive_for="1 year", as_of=EPOCH))
    found = [one async for one in results]
    progress = results.progress

    assert progress.packages == progress.found > len(found)
    assert progress.all_found
    assert progress.requests == results.totals.requests


@pytest.mark.parametrize(("packages", "found"), [((), 1), (("npm/a", "npm/b", "npm/c"), 1 + 3)])
async def test_all_are_found_also_if_something_fails(
    server: MockGitHub, connect: Connect, packages: tuple[str, ...], found: int
) -> None:
    server.owner("acme").add_package("npm", "a").add_version()
    github = connect(server, lambda inner: Failing(inner, {"type=maven": error(400), "/nobody/": error(404)}))
    results = aiter(audit(github, "nobody", "acme", packages=packages))
    with pytest.raises(NotFoundError):
        assert [one.package.name async for one in results] == ["a"]

    assert results.progress.all_found
    assert results.progress.found == results.progress.packages == found


async def test_totals_by_any_key(octo: MockGitHub, connect: Connect) -> None:
    report = await audit(connect(octo), "octo-org", "@me", state="all", as_of=EPOCH).collect()
    by_owner = totals_by(report.packages, lambda result: result.owner)

    assert list(by_owner) == ["octo-org", "@me"]
    whole = by_owner["octo-org"] + by_owner["@me"]
    assert (whole.packages, whole.versions, whole.tagged, whole.untagged) == (
        report.totals.packages,
        report.totals.versions,
        report.totals.tagged,
        report.totals.untagged,
    )
    assert (whole.oldest, whole.newest) == (report.totals.oldest, report.totals.newest)
    assert whole.requests == sum(one.requests for one in report.packages)
    assert totals_by([], lambda result: result.owner) == {}


async def test_totals_by_repository(server: MockGitHub, connect: Connect) -> None:
    acme = server.owner("acme")
    for package_type, name, repository in (
        ("npm", "a", "web"), ("container", "b", None), ("npm", "c", "api"), ("container", "d", "web")
    ):  # fmt: skip
        acme.add_package(package_type, name, repository=repository).add_versions(2)
    github = connect(server, lambda inner: Failing(inner, {"/c/versions": error(403)}))
    groups = (await audit(github, "acme").collect()).by_repository()

    assert list(groups) == ["acme/api", "acme/web", None]
    assert (groups["acme/web"].packages, groups["acme/web"].versions, groups["acme/web"].untagged) == (2, 4, 2)
    assert (groups["acme/api"].incomplete, groups["acme/api"].tagged, groups["acme/api"].oldest) == (1, None, None)
    assert groups[None].packages == 1


def test_sums_of_nothing_are_nothing() -> None:
    assert Totals() + Totals() == Totals()
