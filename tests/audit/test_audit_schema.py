"""The JSON Schema of the records: it holds for what audits give, and refuses what was spoiled."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from tests.audit.faults import Failing, error

from ghpackages import GitHubPackages, PackageVersion
from ghpackages.audit import (
    Audit,
    AuditReport,
    audit,
    header_record,
    package_record,
    read_report,
    report_schema,
    summary_record,
)
from ghpackages.testing import EPOCH, MockGitHub

Connect = Callable[..., GitHubPackages]
Record = dict[str, Any]

VALIDATOR = Draft202012Validator(report_schema(), format_checker=FormatChecker())


def records(recipe: Audit, report: AuditReport) -> list[Record]:
    """The records as they are in a file."""
    found = [
        header_record(recipe.as_of, recipe.owners, recipe.filters),
        *map(package_record, report.packages),
        summary_record(report.totals, report.failures),
    ]
    return [json.loads(json.dumps(one)) for one in found]


def is_even(version: PackageVersion) -> bool:
    return version.id % 2 == 0


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(report_schema())


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"state": "all", "all_versions": True, "types": ["npm", "container"], "names": ["octo-*", "web/e*"]},
        {"state": "deleted", "all_versions": True, "repositories": "*/web", "visibility": "private"},
        {"packages": ["container/web/api", "npm/gone"], "tagged": True, "consistent": True},
        {
            "untagged": True,
            "older_than": "6 months",
            "newer_than": EPOCH - timedelta(days=900),
            "by": "updated",
            "skip_newest": 10,
            "tags_none": "v*",
            "where": is_even,
            "names": ["web/*"],
            "inactive_for": "1 month",
        },
        {"tags_any": ["1.*", "latest"], "tags_all": "1*", "unlinked": True},
    ],
    ids=lambda arguments: "-".join(arguments) or "none",
)
async def test_every_record_of_a_real_audit_is_valid(
    octo: MockGitHub, connect: Connect, arguments: dict[str, Any]
) -> None:
    answers = {
        "web%2Fgateway/versions": error(403),
        "package_type=maven": error(400),
        "/hubot/": error(404, "Not Found"),
    }
    github = connect(octo, lambda inner: Failing(inner, answers))
    recipe = audit(github, "octo-org", "user:hubot", as_of=EPOCH, **arguments)
    found = records(recipe, await recipe.collect())

    for record in found:
        VALIDATOR.validate(record)
    assert not found[-1]["complete"]
    assert [*read_report(map(json.dumps, found))] == found


async def test_instants_may_have_fractions_of_a_second(server: MockGitHub, github: GitHubPackages) -> None:
    recipe = audit(github, "acme", as_of=datetime(2026, 1, 1, 0, 0, 0, 5, tzinfo=UTC))
    for record in records(recipe, await recipe.collect()):
        VALIDATOR.validate(record)


GOOD_PACKAGE: Record = {
    "record": "package",
    "owner": "acme",
    "package": {
        "id": 1,
        "name": "a",
        "package_type": "container",
        "visibility": "private",
        "version_count": 1,
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "owner": {"login": "acme", "id": 1, "type": "Organization"},
        "repository": None,
    },
    "versions": 1,
    "tagged": 1,
    "untagged": 0,
    "oldest": "2026-01-01T00:00:00Z",
    "newest": "2026-01-01T00:00:00Z",
    "matches": [
        {
            "version": {
                "id": 1,
                "name": "1.0",
                "created_at": "2026-01-01T00:00:00Z",
                "anything": ["GitHub", "sends"],
                "updated_at": "2026-01-01T00:00:00Z",
            },
            "reason": "tagged",
            "restorable_until": None,
        }
    ],
    "complete": True,
    "proof": "short page",
    "pages": 1,
    "requests": 1,
    "least_requests": 1,
    "error": None,
}
GOOD_HEADER: Record = {
    "record": "header",
    "schema_version": 1,
    "generator": "ghpackages 1.0",
    "as_of": "2026-01-01T00:00:00Z",
    "owners": ["acme"],
    "filters": {"older_than": "6 months"},
}
GOOD_SUMMARY: Record = {
    "record": "summary",
    "complete": False,
    "packages": 1,
    "versions": 1,
    "tagged": None,
    "untagged": None,
    "oldest": "2026-01-01T00:00:00Z",
    "newest": "2026-01-01T00:00:00Z",
    "matches": 1,
    "incomplete": 0,
    "pages": 2,
    "requests": 2,
    "least_requests": 2,
    "failures": [
        {
            "owner": "acme",
            "package_type": "npm",
            "package_name": "a",
            "error": {"type": "NotFoundError", "status": 404, "message": "no"},
        }
    ],
}


@pytest.mark.parametrize("record", [GOOD_HEADER, GOOD_PACKAGE, GOOD_SUMMARY], ids=lambda record: record["record"])
def test_what_is_spoiled_below_is_valid_before(record: Record) -> None:
    VALIDATOR.validate(record)


def own_objects(record: Record) -> Iterator[Record]:
    """The objects of a record whose keys are ours."""
    yield record
    yield from record["matches"] if record["record"] == "package" else []
    for failure in record.get("failures", []):
        yield failure
        yield failure["error"]


@pytest.mark.parametrize("record", [GOOD_HEADER, GOOD_PACKAGE, GOOD_SUMMARY], ids=lambda record: record["record"])
def test_none_of_our_keys_may_be_missing_and_none_added(record: Record) -> None:
    spoiled = json.loads(json.dumps(record))
    for found in own_objects(spoiled):
        for key in list(found):
            value = found.pop(key)
            assert not VALIDATOR.is_valid(spoiled), key
            found[key] = value
        found["more"] = 1
        assert not VALIDATOR.is_valid(spoiled)
        del found["more"]
    VALIDATOR.validate(spoiled)


@pytest.mark.parametrize(
    ("record", "changes"),
    [
        (GOOD_HEADER, {"record": "head"}),
        (GOOD_HEADER, {"schema_version": 2}),
        (GOOD_HEADER, {"as_of": "2026-01-01"}),
        (GOOD_HEADER, {"as_of": "2026-01-01T00:00:00+00:00"}),
        (GOOD_HEADER, {"owners": []}),
        (GOOD_HEADER, {"owners": ["acme", "acme"]}),
        (GOOD_HEADER, {"filters": {"oldr_than": "6 months"}}),
        (GOOD_HEADER, {"filters": {"tagged": False}}),
        (GOOD_HEADER, {"filters": {"names": []}}),
        (GOOD_HEADER, {"filters": {"names": "web/*"}}),
        (GOOD_HEADER, {"filters": {"packages": ["web"]}}),
        (GOOD_HEADER, {"filters": {"types": ["nmp"]}}),
        (GOOD_HEADER, {"filters": {"skip_newest": 0}}),
        (GOOD_PACKAGE, {"owner": ""}),
        (GOOD_PACKAGE, {"versions": -1}),
        (GOOD_PACKAGE, {"versions": 1.5}),
        (GOOD_PACKAGE, {"versions": None}),
        (GOOD_PACKAGE, {"versions": 0}),
        (GOOD_PACKAGE, {"tagged": None}),
        (GOOD_PACKAGE, {"oldest": None}),
        (GOOD_PACKAGE, {"newest": "yesterday"}),
        (GOOD_PACKAGE, {"matches": None}),
        (GOOD_PACKAGE, {"complete": False}),
        (GOOD_PACKAGE, {"complete": 1}),
        (GOOD_PACKAGE, {"proof": None}),
        (GOOD_PACKAGE, {"proof": "hope"}),
        (GOOD_PACKAGE, {"error": {"type": "X", "status": 404, "message": "no"}}),
        (GOOD_PACKAGE, {"package": {"id": 1, "name": "a"}}),
        (GOOD_PACKAGE, {"package": GOOD_PACKAGE["package"] | {"id": "1"}}),
        (GOOD_PACKAGE, {"matches": [{"version": {"id": 1}, "reason": "", "restorable_until": None}]}),
        (GOOD_SUMMARY, {"complete": True}),
        (GOOD_SUMMARY, {"complete": False, "failures": []}),
        (GOOD_SUMMARY, {"complete": True, "failures": [], "incomplete": 1}),
        (GOOD_SUMMARY, {"untagged": 1}),
        (GOOD_SUMMARY, {"failures": [GOOD_SUMMARY["failures"][0] | {"package_type": None}]}),
        (GOOD_SUMMARY, {"failures": [GOOD_SUMMARY["failures"][0] | {"error": None}]}),
        (GOOD_SUMMARY, {"failures": [{**GOOD_SUMMARY["failures"][0], "error": {"type": "X", "status": 4}}]}),
    ],
)
def test_a_spoiled_value_is_refused(record: Record, changes: Record) -> None:
    assert not VALIDATOR.is_valid(record | changes)
