"""Audits as users write them: never run, only checked by mypy --strict and pyright in strict mode (`nox -s typing`)."""

from collections.abc import Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import assert_type

from ghpackages import (
    GitHubPackages,
    GitHubPackagesError,
    Owner,
    Package,
    PackageType,
    PackageVersion,
    Page,
    RequestCount,
    count_requests,
)
from ghpackages.audit import (
    AuditIterator,
    AuditPlan,
    AuditReport,
    Change,
    PackageAudit,
    Progress,
    Totals,
    VersionFilter,
    VersionMatch,
    audit,
    compare,
    read_report,
)


def is_large(version: PackageVersion) -> bool:
    return len(version.name) > 100


async def streaming(github: GitHubPackages, acme: Owner) -> None:
    recipe = audit(
        *(github, acme, "@me"),
        types=["container", PackageType.NPM],
        names="web/*",
        older_than=datetime.now(UTC) - timedelta(days=90),
        where=is_large,
        consistent=True,
    )
    async with aclosing(aiter(recipe)) as results:
        assert_type(results, AuditIterator)
        async for result in results:
            assert_type(result, PackageAudit)
            assert_type(result.package, Package)
            assert_type(result.tagged, int | None)
            assert_type(result.error, GitHubPackagesError | None)
            assert_type(result.matches, tuple[VersionMatch, ...])
    assert_type(results.progress, Progress)
    assert_type(results.totals.least_requests, int)


async def whole(github: GitHubPackages) -> None:
    recipe = audit(github, "acme", packages=["container/web/api", ("npm", "left-pad")], all_versions=True)
    report = await recipe.collect()
    assert_type(report, AuditReport)
    assert_type(report.by_repository(), Mapping[str | None, Totals])
    plan = await recipe.plan(exact=True)
    assert_type(plan, AuditPlan)
    assert_type(plan.most_requests, int | None)
    changes(report)


def changes(report: AuditReport) -> None:
    with Path("monday.jsonl").open(encoding="utf-8") as monday:
        for change in compare(read_report(monday), report):
            assert_type(change, Change)
            assert_type(change.tag, str | None)


def offline(versions: list[PackageVersion]) -> list[VersionMatch]:
    return VersionFilter(untagged=True, older_than="6 months", skip_newest=10).matches(versions)


async def costs(acme: Owner) -> None:
    with count_requests() as count:
        async with aclosing(acme.packages("npm", beyond_window=True).pages(ahead=2)) as pages:
            async for page in pages:
                assert_type(page, Page[Package])
                assert_type(page.last_number, int | None)
        await acme.versions("npm", "left-pad", consistent=True).collect()
    assert_type(count, RequestCount)
    assert_type(count.requests, int)
