"""The versions of a package as they would be kept without a second thought: one object each, sorted when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count

from ghpackages.testing import MockVersion

TAGGED = ("container", "docker")

Facts = tuple[object, ...]


def facts(version: MockVersion | PlainVersion) -> Facts:
    """Everything that a version shows."""
    dates = version.created_at, version.updated_at, version.deleted_at
    return version.id, version.name, dates, version.tags, version.license, version.description, version.downloads


@dataclass
class PlainVersion:
    """What a version is."""

    id: int
    name: str
    created_at: datetime
    tags: tuple[str, ...]
    downloads: int
    license: str | None = None
    description: str | None = None
    deleted_at: datetime | None = None

    @property
    def updated_at(self) -> datetime:
        """Never another date."""
        return self.created_at


class PlainVersions:
    """A package that was just made."""

    def __init__(self, package_type: str, package_id: int, downloads: int) -> None:
        self.all: list[PlainVersion] = []
        self._type, self._package_id, self._downloads = package_type, package_id, downloads
        self._ids = count(406_855_100, 11)

    def listed(self, state: str) -> list[PlainVersion]:
        """Those in a state, newest first."""
        found = [version for version in self.all if (version.deleted_at is None) == (state == "active")]
        return sorted(found, key=lambda version: (version.created_at, version.id), reverse=True)

    def has_name(self, name: str) -> bool:
        """Whether an active one has this name."""
        return any(version.name == name for version in self.listed("active"))

    def add(self, created_at: datetime, name: str | None = None, tags: tuple[str, ...] = ()) -> None:
        """Add one."""
        number = next(self._ids)
        if name is not None and self.has_name(name):
            raise ValueError("taken")
        created = created_at.replace(microsecond=0)
        self.all.append(PlainVersion(number, name or self._name(number), created, tags, self._downloads))

    def add_many(self, number: int, start: datetime, step: timedelta, tags: list[tuple[str, ...]]) -> None:
        """Add many, one by one."""
        for index in range(number):
            self.add(start + index * step, tags=tags[index])

    def is_last_tagged(self, version: PlainVersion) -> bool:
        """Whether no other active one has a tag."""
        return bool(version.tags) and not any(one.tags for one in self.listed("active") if one is not version)

    def _name(self, number: int) -> str:
        if self._type in TAGGED:
            return f"sha256:{sha256(f'{self._package_id}/{number}'.encode()).hexdigest()}"
        names = (f"1.{n // 100}.{n % 100}" for n in count(len(self.all)))
        return next(name for name in names if not self.has_name(name))
