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
from ._filters import By, PackageFilter, State, VersionFilter, VersionMatch, restorable_until
from ._owners import parse_owner
from ._records import SCHEMA_VERSION, header_record, package_record, report_json, summary_record
from ._report import AuditFailure, AuditReport, PackageAudit, Totals
from ._run import AuditIterator

__all__ = [
    "SCHEMA_VERSION",
    "Audit",
    "AuditFailure",
    "AuditIterator",
    "AuditReport",
    "By",
    "PackageAudit",
    "PackageFilter",
    "State",
    "Totals",
    "VersionFilter",
    "VersionMatch",
    "audit",
    "header_record",
    "package_record",
    "parse_owner",
    "report_json",
    "restorable_until",
    "summary_record",
]
