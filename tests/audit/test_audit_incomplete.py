"""What is missing makes an audit incomplete, and costs nothing of what can be had."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.audit.conftest import NOW, Connect

from ghpackages import DecodeError, GitHubPackagesError, IncompleteListingError
from ghpackages.audit import audit, summary_record
from ghpackages.testing import MockGitHub, faults


@pytest.fixture
def shelf(server: MockGitHub) -> MockGitHub:
    """Give a server with three containers of 250, 3 and 3 versions, and an npm package of one."""
    acme = server.owner("acme")
    for name, count in (("big", 250), ("small", 3), ("tiny", 3)):
        acme.add_package("container", name, created_at=NOW).add_versions(count)
    acme.add_package("npm", "left-pad", created_at=NOW).add_version()
    return server


def of_type(package_type: str) -> Callable[[Any], bool]:
    """Whether a request lists packages of this type."""
    return lambda request: f"package_type={package_type}" in str(request)


async def test_a_package_that_can_not_be_decoded_costs_that_package(shelf: MockGitHub, connect: Connect) -> None:
    shelf.fault(faults.OddItem(item=1), operation="list_packages", where=of_type("container"))
    report = await audit(connect(shelf), "acme").collect()

    assert [one.package.name for one in report.packages] == ["big", "tiny", "left-pad"]
    assert all(one.complete for one in report.packages)
    assert not report.complete
    (failure,) = report.failures
    assert (failure.owner, failure.package_type, failure.package_name) == ("acme", "container", None)
    assert isinstance(failure.error, DecodeError)
    assert (failure.error.page, failure.error.index, failure.error.failed) == (1, 1, 1)
    summary = summary_record(report.totals, report.failures)
    assert summary["complete"] is False
    assert summary["failures"][0]["error"]["type"] == "DecodeError"
    assert "item 1 of page 1" in summary["failures"][0]["error"]["message"]


async def test_a_version_that_can_not_be_decoded_costs_that_version(shelf: MockGitHub, connect: Connect) -> None:
    shelf.fault(faults.OddItem({"id": "seven"}, item=7), package="big", operation="list_versions")
    report = await audit(connect(shelf), "acme", untagged=True).collect()

    assert [(one.package.name, one.versions, len(one.matches)) for one in report.packages] == [
        ("big", 247, 247),  # three pages; each has one that is odd
        ("small", 3, 3),
        ("tiny", 3, 3),
        ("left-pad", 1, 0),
    ]
    big = report.packages[0]
    assert (big.complete, big.proof, big.pages) == (False, None, 3)
    assert isinstance(big.error, DecodeError)
    assert (big.error.page, big.error.index, big.error.failed) == (1, 7, 3)
    assert (report.complete, report.totals.incomplete, report.failures) == (False, 1, ())


async def test_all_that_iterating_gives_comes_before_the_error(shelf: MockGitHub, connect: Connect) -> None:
    shelf.fault(faults.OddItem(), operation="list_packages", where=of_type("container"))
    names: list[str] = []
    with pytest.raises(DecodeError):
        async for one in audit(connect(shelf), "acme"):
            names.append(one.package.name)
    assert names == ["small", "tiny", "left-pad"]


async def test_a_page_of_which_nothing_can_be_decoded_costs_its_type_only(shelf: MockGitHub, connect: Connect) -> None:
    shelf.fault(faults.Answer(200, "[null, null]"), operation="list_packages", where=of_type("container"))
    report = await audit(connect(shelf), "acme").collect()

    assert [one.package.name for one in report.packages] == ["left-pad"]
    assert [failure.package_type for failure in report.failures] == ["container"]


@pytest.mark.parametrize("arguments", [{}, {"packages": ["container/small"]}])
async def test_a_consistent_audit_gives_nothing_of_a_listing_with_an_odd_item(
    shelf: MockGitHub, connect: Connect, arguments: dict[str, Any]
) -> None:
    shelf.fault(faults.OddItem(), package="small", operation="list_versions")
    report = await audit(connect(shelf), "acme", consistent=True, **arguments).collect()

    (small,) = [one for one in report.packages if not one.complete]
    assert (small.package.name, small.versions) == ("small", 0)
    assert isinstance(small.error, DecodeError)


async def test_packages_that_single_sign_on_hides_make_the_audit_incomplete(
    shelf: MockGitHub, connect: Connect
) -> None:
    shelf.fault(faults.PartialResults(21955855, 20582480), operation="list_packages", where=of_type("container"))
    report = await audit(connect(shelf), "acme").collect()

    assert [one.package.name for one in report.packages] == ["big", "small", "tiny", "left-pad"]
    assert all(one.complete for one in report.packages)
    assert not report.complete
    (failure,) = report.failures
    assert isinstance(failure.error, IncompleteListingError)
    assert (failure.error.reason, failure.error.organizations) == ("single-sign-on", (20582480, 21955855))
    record = json.loads(json.dumps(summary_record(report.totals, report.failures)))
    assert record["complete"] is False
    assert "20582480, 21955855" in record["failures"][0]["error"]["message"]


async def test_versions_that_single_sign_on_hides_make_the_package_incomplete(
    shelf: MockGitHub, connect: Connect
) -> None:
    shelf.fault(faults.PartialResults(7), package="big", operation="list_versions", page=2)
    report = await audit(connect(shelf), "acme").collect()

    big, *others = report.packages
    assert (big.versions, big.complete) == (250, False)
    assert isinstance(big.error, IncompleteListingError)
    assert big.error.reason == "single-sign-on"
    assert all(one.complete for one in others)
    assert (report.complete, report.totals.incomplete) == (False, 1)


async def test_a_plan_says_what_is_missing_as_well(shelf: MockGitHub, connect: Connect) -> None:
    shelf.fault(faults.PartialResults(7), operation="list_packages", where=of_type("npm"))
    plan = await audit(connect(shelf), "acme").plan()

    assert plan.packages == 4
    assert [type(failure.error) for failure in plan.failures] == [IncompleteListingError]
    assert plan.most_requests is None


async def test_an_exact_plan_counts_a_package_with_an_odd_first_page_among_the_failures(
    shelf: MockGitHub, connect: Connect
) -> None:
    shelf.fault(faults.OddItem(), package="small", operation="list_versions")
    plan = await audit(connect(shelf), "acme").plan(exact=True)

    (failure,) = plan.failures
    assert (failure.package_name, type(failure.error)) == ("small", DecodeError)
    assert isinstance(failure.error, GitHubPackagesError)
