"""Audits as their records, made by hand."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

Record = dict[str, Any]

TAGGED = ("container", "docker")


def version(id_: int, *tags: str, name: str | None = None, deleted: bool = False) -> Record:
    """Give a version; `package` puts its tags where its type has them."""
    dates = {"created_at": "2026-01-03T00:00:00Z", "updated_at": "2026-01-03T00:00:00Z"}
    deletion = {"deleted_at": "2026-06-01T00:00:00Z"} if deleted else {}
    return {"id": id_, "name": name or f"v{id_}", "tags": list(tags), **dates, **deletion}


def package(
    name: str,
    *versions: Record,
    owner: str = "acme",
    type_: str = "container",
    id_: int | None = None,
    visibility: str = "private",
    repository: Record | None = None,
    count: int | None = None,
    error: str | None = None,
) -> Record:
    """Give the record of a package that lists these versions, or only counts them."""
    return {
        "record": "package",
        "owner": owner,
        "package": {
            "id": zlib.crc32(f"{owner.lower()}/{type_}/{name}".encode()) if id_ is None else id_,
            "name": name,
            "package_type": type_,
            "visibility": visibility,
            "repository": repository,
        },
        "versions": len(versions) if count is None else count,
        "tagged": None,
        "untagged": None,
        "oldest": None,
        "newest": None,
        "matches": [{"version": _of_type(one, type_), "reason": "", "restorable_until": None} for one in versions],
        "complete": error is None,
        "proof": None if error else "short page",
        "pages": 1,
        "requests": 1,
        "least_requests": 1,
        "error": None if error is None else {"type": "ServerError", "status": 502, "message": error},
    }


def _of_type(version: Record, type_: str) -> Record:
    tags = {type_: {"tags": version["tags"]}} if type_ in TAGGED else {}
    return {**{key: version[key] for key in version if key != "tags"}, "metadata": {"package_type": type_, **tags}}


def repository(full_name: str, id_: int = 1) -> Record:
    """Give a repository that packages are linked to."""
    return {"id": id_, "name": full_name.partition("/")[2], "full_name": full_name}


def failure(owner: str, type_: str | None = None, name: str | None = None) -> Record:
    """Give a listing that failed."""
    error = {"type": "ServerError", "status": 502, "message": "Server Error"}
    return {"owner": owner, "package_type": type_, "package_name": name, "error": error}


def header(owners: Iterable[str] = ("acme",), filters: Mapping[str, object] | None = None) -> Record:
    """Give a header; by default of an audit that lists every version."""
    return {
        "record": "header",
        "schema_version": 1,
        "generator": "ghpackages",
        "as_of": "2026-06-15T12:00:00Z",
        "owners": list(owners),
        "filters": {"all_versions": True} if filters is None else dict(filters),
    }


def summary(packages: int, failures: Iterable[Record] = ()) -> Record:
    """Give a summary, as far as it is read."""
    found = list(failures)
    return {"record": "summary", "complete": not found, "packages": packages, "failures": found}


def report(
    *packages: Record,
    owners: Iterable[str] = ("acme",),
    filters: Mapping[str, object] | None = None,
    failures: Iterable[Record] = (),
) -> list[Record]:
    """Give a whole report; by default one that lists every version."""
    return [header(owners, filters), *packages, summary(len(packages), failures)]


def lines(records: Iterable[Record]) -> list[str]:
    """Give the lines of a file of these records."""
    return [f"{json.dumps(record)}\n" for record in records]
