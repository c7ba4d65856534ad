"""What the records of an audit must hold for a reader to rely on them, and what is wrong where one does not."""

from collections.abc import Callable, Mapping
from itertools import starmap
from typing import Any, Final, cast

from ._durations import as_instant

SCHEMA_VERSIONS: Final = (1,)
"""The versions of the schema that can be read."""

_Check = tuple[Callable[[object], bool], str]
"""Whether a value is as it must be, and what it should be."""

_NOTHING: Final[Mapping[str, Any]] = {}

_VERSION_FILTERS: Final = (
    *("tagged", "untagged", "tags_any", "tags_all", "tags_none"),
    *("older_than", "newer_than", "skip_newest", "where"),
)


def lists_every_version(filters: Mapping[str, object]) -> bool:
    """Whether an audit with these filters lists all versions, not only matches or their number."""
    return filters.get("all_versions") is True and not any(name in filters for name in _VERSION_FILTERS)


def package_key(owner: str, package: Mapping[str, Any]) -> tuple[str, str, str, int]:
    """What tells a package from others; upper and lower case make no difference in an owner."""
    return owner.lower(), package["package_type"], package["name"], package["id"]


def tags_of(version: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The tags in GitHub's object of a version, by the rules of `ghpackages.version_tags`."""
    lists = _tag_lists(version)
    return None if lists is None else tuple(dict.fromkeys(tag for tags in lists for tag in tags or ()))


def _tag_lists(version: Mapping[str, Any]) -> list[list[str] | None] | None:
    metadata: Mapping[str, Any] = version.get("metadata") or _NOTHING
    container: Mapping[str, Any] | None = metadata.get("container")
    docker: Mapping[str, Any] | None = metadata.get("docker")
    if container is not None:
        return [container.get("tags")]
    if docker is not None:
        return [docker.get("tag"), docker.get("tags")]
    return [] if metadata.get("package_type") in ("container", "docker") else None


def header_problem(record: Mapping[str, object]) -> str | None:
    """What is wrong with a header; None if nothing is."""
    version = record.get("schema_version")
    if _is_number(version) and cast("int", version) > max(SCHEMA_VERSIONS):
        known = max(SCHEMA_VERSIONS)
        return f"has schema version {version}, and only {known} is known here: upgrade ghpackages to read it"
    if not _is_number(version) or version not in SCHEMA_VERSIONS:
        return "has no 'schema_version' that is known"
    return _problem(record, _HEADER)


def package_problem(record: Mapping[str, object], *, lists_all: bool) -> str | None:
    """What is wrong with the record of a package; None if nothing is.

    Args:
        record: The record.
        lists_all: Whether it should list every version.
    """
    problem = _problem(record, _RECORD) or _error_problem(record["error"])
    if problem:
        return problem
    package = cast("Mapping[str, object]", record["package"])
    matches = cast("list[object]", record["matches"])
    problem = _problem(package, _PACKAGE, "package.")
    if problem or all(map(_is_match, matches)):
        return problem or _number_problem(record, len(matches), lists_all=lists_all)
    place = next(place for place, match in enumerate(matches) if not _is_match(match))
    return f"has in 'matches[{place}]' no version with an id, a name and tags that can be read"


def summary_problem(record: Mapping[str, object], packages: int) -> str | None:
    """What is wrong with a summary; None if nothing is.

    Args:
        record: The record.
        packages: How many packages there were.
    """
    problem = _problem(record, _SUMMARY)
    if problem:
        return problem
    failures = enumerate(cast("list[Mapping[str, object]]", record["failures"]))
    problem = next(filter(None, starmap(_failure_problem, failures)), None)
    if problem or record["packages"] == packages:
        return problem
    return f"counts {record['packages']} packages, but there were {packages}: lines are missing or were added"


def _failure_problem(place: int, failure: Mapping[str, object]) -> str | None:
    prefix = f"failures[{place}]."
    if not _is_optional_text(failure.get("package_name")):
        return f"has a '{prefix}package_name' that is no text"
    return _problem(failure, _FAILURE, prefix) or _error_problem(failure["error"], prefix)


def _number_problem(record: Mapping[str, object], listed: int, *, lists_all: bool) -> str | None:
    if not lists_all or not record["complete"] or record["versions"] == listed:
        return None
    return f"lists {listed} versions, but counts {record['versions']}"


def _error_problem(error: object, prefix: str = "") -> str | None:
    return None if error is None else _problem(cast("Mapping[str, object]", error), _ERROR, f"{prefix}error.")


def _problem(values: Mapping[str, object], checks: Mapping[str, _Check], prefix: str = "") -> str | None:
    for key, (is_right, kind) in checks.items():
        if key not in values:
            return f"has no '{prefix}{key}'"
        if not is_right(values[key]):
            return f"has a '{prefix}{key}' that is no {kind}"
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_optional_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_optional_number(value: object) -> bool:
    return value is None or _is_number(value)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _is_optional_object(value: object) -> bool:
    return value is None or isinstance(value, dict)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_object, cast("list[object]", value)))


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, cast("list[object]", value)))


def _are_owners(value: object) -> bool:
    return _are_texts(value) and bool(value)


def _are_filters(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    values = cast("dict[str, object]", value).values()
    return all(isinstance(one, str | int | float | None) or _are_texts(one) for one in values)


def _is_instant(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        as_instant(value)
    except (ValueError, OverflowError):
        return False
    return True


def _is_repository(value: object) -> bool:
    if value is None:
        return True
    found = cast("dict[str, object]", value if isinstance(value, dict) else {})
    return _is_text(found.get("full_name")) and _is_optional_number(found.get("id"))


def _is_match(match: Any) -> bool:
    """Whether it has a version that can be read. There may be millions of them: what is wrong is left to exceptions."""
    try:
        version = match["version"]
        deleted_at = version.get("deleted_at")
        if deleted_at is not None and type(deleted_at) is not str:
            return False
        return type(version["id"]) is int and type(version["name"]) is str and _has_tags(version)
    except (AttributeError, LookupError, TypeError):  # something on the way is no object, or lacks a key
        return False


def _has_tags(version: Mapping[str, Any]) -> bool:
    for tags in _tag_lists(version) or ():
        if tags is not None and (type(tags) is not list or not all(map(_is_text, tags))):
            return False
    return True


_TEXT: Final[_Check] = (_is_text, "text")
_OPTIONAL_TEXT: Final[_Check] = (_is_optional_text, "text")
_NUMBER: Final[_Check] = (_is_number, "whole number")
_OPTIONAL_NUMBER: Final[_Check] = (_is_optional_number, "whole number")
_FLAG: Final[_Check] = (_is_flag, "true or false")
_OBJECT: Final[_Check] = (_is_object, "object")
_OPTIONAL_OBJECT: Final[_Check] = (_is_optional_object, "object")

_HEADER: Final[Mapping[str, _Check]] = {
    "as_of": (_is_instant, "date and time with a time zone"),
    "owners": (_are_owners, "list of owners"),
    "filters": (_are_filters, "object of values and lists of texts"),
}
_RECORD: Final[Mapping[str, _Check]] = {
    "owner": _TEXT,
    "package": _OBJECT,
    "versions": _NUMBER,
    "tagged": _OPTIONAL_NUMBER,
    "untagged": _OPTIONAL_NUMBER,
    "oldest": _OPTIONAL_TEXT,
    "newest": _OPTIONAL_TEXT,
    "matches": (_is_list, "list"),
    "complete": _FLAG,
    "pages": _NUMBER,
    "requests": _NUMBER,
    "error": _OPTIONAL_OBJECT,
}
_PACKAGE: Final[Mapping[str, _Check]] = {
    "id": _NUMBER,
    "name": _TEXT,
    "package_type": _TEXT,
    "visibility": _TEXT,
    "repository": (_is_repository, "object with a 'full_name'"),
}
_SUMMARY: Final[Mapping[str, _Check]] = {
    "complete": _FLAG,
    "packages": _NUMBER,
    "failures": (_are_objects, "list of objects"),
}
_FAILURE: Final[Mapping[str, _Check]] = {"owner": _TEXT, "package_type": _OPTIONAL_TEXT, "error": _OBJECT}
_ERROR: Final[Mapping[str, _Check]] = {"message": _TEXT}
