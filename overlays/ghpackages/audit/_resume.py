"""What an earlier run of the same audit finished already."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar, cast

from attrs import field, frozen

from ghpackages import Package

from ._durations import as_instant
from ._report import Totals

T = TypeVar("T")

Key = tuple[str, int] | tuple[str, str, str]
"""The owner with the package's id, or with its type and name."""


@frozen
class Finished:
    """The packages that need not be audited again, and the sums over them; of their records nothing else is kept."""

    totals: Totals = field(factory=Totals)
    _keys: frozenset[Key] = field(default=frozenset(), repr=False)

    def has(self, owner: str, package: Package) -> bool:
        """Whether a package that was listed is among them."""
        return (owner, package.id) in self._keys

    def has_named(self, owner: str, package_type: str, name: str) -> bool:
        """Whether a package that is given by name is among them."""
        return (owner, package_type, name) in self._keys


def read_finished(records: Iterable[Mapping[str, Any]], owners: Collection[str], *, by_name: bool) -> Finished:
    """Take the complete packages from the package records of an earlier run, each once.

    Args:
        records: The records; those of incomplete packages are checked and left out.
        owners: The owners of the audit, as text.
        by_name: Whether the audit's packages are given by name, so that they must be known by that, too.

    Raises:
        ValueError: Something is no package record, or one of another owner.
    """
    totals, keys = Totals(), set[Key]()
    for number, record in enumerate(records, start=1):
        try:
            owner, id_, type_and_name, sums = _read(record)
        except (KeyError, TypeError, ValueError) as cause:
            what = f"{cause} is missing" if isinstance(cause, KeyError) else str(cause)
            raise ValueError(f"finished package {number} is no record of a package: {what}") from cause
        if owner not in owners:
            raise ValueError(f"finished package {number} belongs to {owner}, which this audit does not ask for")
        if not sums.incomplete and (owner, id_) not in keys:
            keys.update([(owner, id_), *([(owner, *type_and_name)] if by_name else [])])
            totals += sums
    return Finished(totals, frozenset(keys))


def _read(record: Mapping[str, Any]) -> tuple[str, int, tuple[str, str], Totals]:
    if record.get("record", "package") != "package":
        raise ValueError(f"it is a {record['record']}")
    package = cast("dict[str, Any]", _value(record, "package", dict))
    type_and_name = _value(package, "package_type", str), _value(package, "name", str)
    return _value(record, "owner", str), _value(package, "id", int), type_and_name, _sums(record)


def _sums(record: Mapping[str, Any]) -> Totals:
    return Totals(
        packages=1,
        versions=_value(record, "versions", int),
        tagged=_optional(record, "tagged", int),
        untagged=_optional(record, "untagged", int),
        oldest=_instant(record, "oldest"),
        newest=_instant(record, "newest"),
        matches=_length(record, "matches"),
        incomplete=int(not _value(record, "complete", bool)),
        pages=_value(record, "pages", int),
        requests=_value(record, "requests", int),
        least_requests=_value(record, "least_requests", int),
    )


def _value(record: Mapping[str, Any], name: str, kind: type[T]) -> T:
    value = record[name]
    if not isinstance(value, kind):
        raise TypeError(f"{name} is of type {type(value).__name__}")
    return value


def _length(record: Mapping[str, Any], name: str) -> int:
    if not isinstance(record[name], list):
        raise TypeError(f"{name} is no list")
    return len(cast("list[object]", record[name]))


def _optional(record: Mapping[str, Any], name: str, kind: type[T]) -> T | None:
    return None if record[name] is None else _value(record, name, kind)


def _instant(record: Mapping[str, Any], name: str) -> datetime | None:
    text = _optional(record, name, str)
    return None if text is None else as_instant(text)
