"""Bulk audits: the packages of many owners, their versions counted, and the versions that match filters.

    from ghpackages.audit import audit

    async for result in audit(github, "acme", "@me", types=["container"], older_than="6 months"):
        print(result.package.name, result.versions, len(result.matches))

An audit only reads. GitHub's API knows no teams, no download counts and no list of deleted packages, so no audit does.
An untagged version of an image may be a part of a multi-platform image
(https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry): that a
version matches says nothing about whether anyone still needs it.
"""

from ._audit import Audit, audit
from ._change import Change, ChangeKind
from ._choices import By, State
from ._compare import Comparison, compare
from ._filters import PackageFilter, VersionFilter, VersionMatch, restorable_until
from ._meter import Progress
from ._owners import parse_owner
from ._plan import AuditPlan
from ._reading import ReportError, read_report
from ._records import SCHEMA_VERSION, header_record, package_record, report_json, summary_record
from ._report import AuditFailure, AuditReport, PackageAudit, Totals, totals_by
from ._run import AuditIterator
from ._schema import report_schema

__all__ = [
    "SCHEMA_VERSION",
    "Audit",
    "AuditFailure",
    "AuditIterator",
    "AuditPlan",
    "AuditReport",
    "By",
    "Change",
    "ChangeKind",
    "Comparison",
    "PackageAudit",
    "PackageFilter",
    "Progress",
    "ReportError",
    "State",
    "Totals",
    "VersionFilter",
    "VersionMatch",
    "audit",
    "compare",
    "header_record",
    "package_record",
    "parse_owner",
    "read_report",
    "report_json",
    "report_schema",
    "restorable_until",
    "summary_record",
    "totals_by",
]
