"""An audit finds the same in both API versions."""

from __future__ import annotations

import httpx

from ghpackages import GitHubPackages
from ghpackages.audit import AuditReport, audit, report_json
from ghpackages.testing import MockGitHub

AS_OF = "2026-06-15T12:00:00Z"


async def audited(api_version: str) -> AuditReport:
    server = MockGitHub.octo_org(rate_limit=None)
    transport = httpx.ASGITransport(app=server)
    async with GitHubPackages(server.token, transport=transport, api_version=api_version) as github:
        report = await audit(github, "octo-org", as_of=AS_OF, untagged=True).collect()
    assert {request.headers["x-github-api-version"] for request in server.requests} == {api_version}
    return report


async def test_both_api_versions_give_the_same_report() -> None:
    older, newer = [await audited(version) for version in ("2022-11-28", "2026-03-10")]

    assert older.totals.versions > 0
    assert report_json(newer) == report_json(older)
