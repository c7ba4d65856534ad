"""The versions of one package, ordered and found quickly."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

__all__ = ["MockVersion", "VersionState", "VersionStore"]

VersionState = Literal["active", "deleted"]


@dataclass(slots=True, eq=False)
class MockVersion:
    """A package version. Its tags, texts and downloads may be changed freely; the identity and dates may not."""

    id: int
    name: str
    created_at: datetime
    updated_at: datetime
    tags: tuple[str, ...] = ()
    license: str | None = None
    description: str | None = None
    downloads: int = 0
    deleted_at: datetime | None = field(default=None, kw_only=True)


def _age(version: MockVersion) -> tuple[datetime, int]:
    return version.created_at, version.id


class VersionStore:
    """Versions by id and, separately for active and deleted ones, in order of age."""

    def __init__(self) -> None:
        self._by_id: dict[int, MockVersion] = {}
        self._ordered: dict[VersionState, list[MockVersion]] = {"active": [], "deleted": []}
        self._names: set[str] = set()

    def __iter__(self) -> Iterator[MockVersion]:
        """Go through all versions, active and deleted."""
        return iter(self._by_id.values())

    def count(self, state: VersionState = "active") -> int:
        """Count the versions in a state."""
        return len(self._ordered[state])

    def newest(self, start: int, stop: int, state: VersionState = "active") -> list[MockVersion]:
        """Give a slice of the versions in a state, newest first."""
        ordered = self._ordered[state]
        size = len(ordered)
        return ordered[max(size - stop, 0) : max(size - start, 0)][::-1]

    def find(self, version_id: int, state: VersionState = "active") -> MockVersion | None:
        """Find a version that is in a state."""
        version = self._by_id.get(version_id)
        return version if version is not None and (version.deleted_at is None) == (state == "active") else None

    def has_name(self, name: str) -> bool:
        """Tell whether an active version has this name."""
        return name in self._names

    def is_last_tagged(self, version: MockVersion) -> bool:
        """Tell whether no other active version has a tag."""
        others = (other for other in reversed(self._ordered["active"]) if other is not version)
        return bool(version.tags) and not any(other.tags for other in others)

    def add(self, version: MockVersion) -> None:
        """Add an active version."""
        self._claim(version.name)
        self._by_id[version.id] = version
        insort(self._ordered["active"], version, key=_age)

    def extend(self, versions: Iterable[MockVersion]) -> None:
        """Add many active versions, sorting once."""
        active = self._ordered["active"]
        for version in versions:
            self._claim(version.name)
            self._by_id[version.id] = version
            active.append(version)
        active.sort(key=_age)

    def delete(self, version: MockVersion, at: datetime) -> None:
        """Make an active version a deleted one."""
        self._take("active", version)
        self._names.discard(version.name)
        version.deleted_at = at
        insort(self._ordered["deleted"], version, key=_age)

    def restore(self, version: MockVersion) -> None:
        """Make a deleted version an active one."""
        self._claim(version.name)
        self._take("deleted", version)
        version.deleted_at = None
        insort(self._ordered["active"], version, key=_age)

    def _claim(self, name: str) -> None:
        if name in self._names:
            raise ValueError(f"the package already has a version named {name!r}")
        self._names.add(name)

    def _take(self, state: VersionState, version: MockVersion) -> None:
        ordered = self._ordered[state]
        index = bisect_left(ordered, _age(version), key=_age)
        if index == len(ordered) or ordered[index] is not version:
            raise ValueError(f"version {version.id} is not {state}")
        del ordered[index]
