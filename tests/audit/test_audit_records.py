"""Audits as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from ghpackages import GitHubPackages
from ghpackages.audit import audit, header_record, package_record, report_json, summary_record
from ghpackages.testing import MockGitHub

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)

Connect = Callable[..., GitHubPackages]


async def test_records_keep_githubs_key_names(server: MockGitHub, github: GitHubPackages) -> None:
    package = server.owner("acme").add_package("container", "web/api", repository="web", created_at=NOW)
    version = package.add_version(tags=["1"], created_at=NOW)
    (result,) = (await audit(github, "acme", tagged=True).collect()).packages
    record = json.loads(json.dumps(package_record(result)))

    assert record["record"] == "package"
    assert record["owner"] == "acme"
    assert {"login", "id", "type"} == record["package"]["owner"].keys()
    assert record["package"]["repository"]["full_name"] == "acme/web"
    assert record["package"]["created_at"] == "2026-06-15T12:00:00Z"
    assert tuple(record[key] for key in ("versions", "tagged", "untagged", "newest")) == (
        1,
        1,
        0,
        "2026-06-15T12:00:00Z",
    )
    assert record["matches"][0]["version"]["id"] == version.id
    assert record["matches"][0]["version"]["metadata"]["container"]["tags"] == ["1"]
    assert (record["complete"], record["proof"], record["error"]) == (True, "short page", None)


async def test_header_and_summary_frame_the_packages(server: MockGitHub, github: GitHubPackages) -> None:
    server.owner("acme").add_package("npm", "a").add_version()
    report = await audit(github, "acme", "nobody", older_than="6 months", as_of=NOW).collect()
    header = header_record(report.as_of, report.owners, report.filters)
    summary = summary_record(report.totals, report.failures)

    assert (header["schema_version"], header["as_of"]) == (1, "2026-06-15T12:00:00Z")
    assert (header["owners"], header["filters"]) == (["acme", "nobody"], {"older_than": "6 months"})
    assert (summary["complete"], summary["packages"], summary["tagged"]) == (False, 1, None)
    assert summary["failures"][0]["owner"] == "nobody"
    assert summary["failures"][0]["error"]["type"] == "NotFoundError"
    assert summary["failures"][0]["error"]["status"] == 404


async def test_one_object_holds_the_same(server: MockGitHub, github: GitHubPackages) -> None:
    server.owner("acme").add_package("npm", "a").add_version()
    report = await audit(github, "acme").collect()
    whole = report_json(report)

    assert [{"record": "package", **one} for one in whole["packages"]] == [*map(package_record, report.packages)]
    assert {"record": "summary", **whole["summary"]} == summary_record(report.totals, report.failures)
    assert whole["schema_version"] == 1
