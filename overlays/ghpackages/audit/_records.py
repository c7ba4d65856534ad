"""An audit as JSON: lines (a header, a record for each package, a summary) or one object.

What comes from GitHub keeps GitHub's key names. Of a package's owner and repository only what tells them apart is kept.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from attrs import asdict

from ghpackages import APIError, GitHubPackagesError, __version__

from ._durations import iso
from ._filters import VersionMatch
from ._report import AuditFailure, AuditReport, PackageAudit, Totals

SCHEMA_VERSION = 1
"""Grows when a reader of the records would have to change."""

_OWNER_KEYS = ("login", "id", "type")
_REPOSITORY_KEYS = ("id", "name", "full_name", "private", "html_url")


def header_record(as_of: datetime, owners: Iterable[str], filters: Mapping[str, object]) -> dict[str, Any]:
    """The first record: what was asked."""
    return {"record": "header", **_header(as_of, owners, filters)}


def package_record(result: PackageAudit) -> dict[str, Any]:
    """The record of one package."""
    return {"record": "package", **_package(result)}


def summary_record(totals: Totals, failures: Iterable[AuditFailure]) -> dict[str, Any]:
    """The last record: the sums, and whether they are complete. A file without it was cut short."""
    return {"record": "summary", **_summary(totals, failures)}


def report_json(report: AuditReport) -> dict[str, Any]:
    """The whole audit as one JSON object."""
    return {
        **_header(report.as_of, report.owners, report.filters),
        "packages": [_package(result) for result in report.packages],
        "summary": _summary(report.totals, report.failures),
    }


def _header(as_of: datetime, owners: Iterable[str], filters: Mapping[str, object]) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "generator": f"ghpackages {__version__}",
        "as_of": iso(as_of),
        "owners": list(owners),
        "filters": dict(filters),
    }


def _package(result: PackageAudit) -> dict[str, Any]:
    return {
        "owner": result.owner,
        "package": _trimmed(result.package.to_dict()),
        "versions": result.versions,
        "tagged": result.tagged,
        "untagged": result.untagged,
        "oldest": _date(result.oldest),
        "newest": _date(result.newest),
        "matches": [_match(match) for match in result.matches],
        "complete": result.complete,
        "proof": result.proof,
        "pages": result.pages,
        "requests": result.requests,
        "least_requests": result.least_requests,
        "error": None if result.error is None else _error(result.error),
    }


def _match(match: VersionMatch) -> dict[str, Any]:
    return {
        "version": match.version.to_dict(),
        "reason": match.reason,
        "restorable_until": _date(match.restorable_until),
    }


def _summary(totals: Totals, failures: Iterable[AuditFailure]) -> dict[str, Any]:
    failed = [_failure(failure) for failure in failures]
    sums = {**asdict(totals), "oldest": _date(totals.oldest), "newest": _date(totals.newest)}
    return {"complete": not failed and not totals.incomplete, **sums, "failures": failed}


def _failure(failure: AuditFailure) -> dict[str, Any]:
    return {
        "owner": failure.owner,
        "package_type": failure.package_type,
        "package_name": failure.package_name,
        "error": _error(failure.error),
    }


def _trimmed(package: dict[str, Any]) -> dict[str, Any]:
    package["owner"] = _only(package.get("owner"), _OWNER_KEYS)
    package["repository"] = _only(package.get("repository"), _REPOSITORY_KEYS)
    return package


def _only(value: object, keys: Iterable[str]) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    found = cast("dict[str, Any]", value)
    return {key: found[key] for key in keys if key in found}


def _error(error: GitHubPackagesError) -> dict[str, Any]:
    status = error.status if isinstance(error, APIError) else getattr(error, "status", None)
    return {"type": type(error).__name__, "status": status, "message": str(error)}


def _date(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)
