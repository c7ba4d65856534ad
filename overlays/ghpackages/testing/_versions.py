"""The versions of one package, ordered and found quickly."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import merge
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal
from weakref import WeakValueDictionary

from ._layers import Age, newest_first
from ._names import number_in
from ._runs import Run

__all__ = ["MockVersion", "Piece", "Stretch", "VersionState", "VersionStore"]

VersionState = Literal["active", "deleted"]

CHANGEABLE: Final = frozenset({"description", "downloads", "license", "tags", "updated_at"})

# What a slice costs grows with the number of runs, so that there are never more.
MOST_RUNS: Final = 64


@dataclass(slots=True, eq=False, init=False, weakref_slot=True)
class MockVersion:
    """A package version. Its tags, texts, downloads and `updated_at` may be changed freely, nothing else."""

    id: int
    name: str
    created_at: datetime
    updated_at: datetime
    tags: tuple[str, ...]
    license: str | None
    description: str | None
    downloads: int
    deleted_at: datetime | None
    _store: VersionStore | None = field(repr=False)

    def __init__(
        self,
        id: int,  # noqa: A002  (what GitHub calls it)
        name: str,
        created_at: datetime,
        updated_at: datetime,
        tags: tuple[str, ...] = (),
        license: str | None = None,  # noqa: A002  (what GitHub calls it)
        description: str | None = None,
        downloads: int = 0,
        *,
        deleted_at: datetime | None = None,
    ) -> None:
        put = object.__setattr__
        put(self, "id", id)
        put(self, "name", name)
        put(self, "created_at", created_at)
        put(self, "updated_at", updated_at)
        put(self, "tags", tags)
        put(self, "license", license)
        put(self, "description", description)
        put(self, "downloads", downloads)
        put(self, "deleted_at", deleted_at)
        put(self, "_store", None)

    if not TYPE_CHECKING:  # else type checkers would allow any attribute

        def __setattr__(self, name: str, value: object) -> None:
            """Tell the store of a change: it keeps no object of a version that is as described."""
            if name not in CHANGEABLE and hasattr(self, "_store"):  # else it is being copied
                raise AttributeError(f"the {name} of a version can't be changed")
            object.__setattr__(self, name, tuple(value) if name == "tags" else value)
            if name in CHANGEABLE and getattr(self, "_store", None) is not None:
                self._store.keep(self)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbours in a run, all of them as described."""

    run: Run
    positions: range
    """Descending, that is newest first."""


Piece = MockVersion | Stretch
"""A part of a slice."""


def _age(version: MockVersion) -> Age:
    return version.created_at, version.id


class _Singles(list[MockVersion]):
    """Versions that were added one by one, as a layer."""

    def age(self, index: int) -> Age:
        return _age(self[index])

    def rank(self, age: Age) -> int:
        return bisect_left(self, age, key=_age)


class VersionStore:
    """Versions by id and, separately for active and deleted ones, in order of age.

    Those of a run are objects only as long as someone holds them, or once they were changed or deleted.
    """

    __slots__ = ("_deleted", "_kept", "_lent", "_names", "_singles", "revision", "runs")

    def __init__(self) -> None:
        self.runs: Final[list[Run]] = []
        self.revision = 0
        """Grows with every change."""
        self._singles: Final = _Singles()
        self._deleted: Final[list[MockVersion]] = []
        self._kept: Final[dict[int, MockVersion]] = {}
        """Those of runs that were changed, and all others."""
        self._lent: WeakValueDictionary[int, MockVersion] | None = None
        """Those of runs that someone holds."""
        self._names: Final[dict[str, bool]] = {}
        """The names of active versions outside of runs; whether they were given and not made up."""

    def __getstate__(self) -> tuple[None, dict[str, object]]:
        """Lend nothing to whoever holds versions of the original."""
        return None, {**{name: getattr(self, name) for name in self.__slots__}, "_lent": None}

    def __iter__(self) -> Iterator[MockVersion]:
        """Go through all versions, active and deleted, in order of their ids."""
        singles = sorted(number for number in self._kept if self._run_of(number) is None)
        return filter(None, map(self._find, merge(singles, *(run.ids for run in self.runs))))

    def count(self, state: VersionState = "active") -> int:
        """Count the versions in a state."""
        return len(self._deleted) if state == "deleted" else len(self._singles) + sum(map(len, self.runs))

    def newest(self, start: int, stop: int, state: VersionState = "active") -> list[MockVersion]:
        """Give a slice of the versions in a state, newest first."""
        found: list[MockVersion] = []
        for piece in self.pieces(start, stop, state):
            if isinstance(piece, Stretch):
                found.extend(self._lend(piece.run, position) for position in piece.positions)
            else:
                found.append(piece)
        return found

    def pieces(self, start: int, stop: int, state: VersionState = "active") -> list[Piece]:
        """Give the same slice without making objects of versions that are as described."""
        size = self.count(state)
        low, high = max(size - stop, 0), max(size - start, 0)
        if state == "deleted":
            return [*reversed(self._deleted[low:high])]
        everything: tuple[_Singles | Run, ...] = (self._singles, *self.runs)
        layers = [layer for layer in everything if len(layer)]
        if len(layers) == 1 and low < high:
            return [*self._cut(layers[0], range(high - 1, low - 1, -1))]
        return [piece for layer, indexes in newest_first(layers, low, high) for piece in self._cut(layer, indexes)]

    def find(self, version_id: int, state: VersionState = "active") -> MockVersion | None:
        """Find a version that is in a state."""
        version = self._find(version_id)
        return version if version is not None and (version.deleted_at is None) == (state == "active") else None

    def has_name(self, name: str) -> bool:
        """Tell whether an active version has this name."""
        return name in self._names or any(run.has_name(name) for run in self.runs)

    def highest_number(self) -> int:
        """Give a number above which no active version is named by number, or -1."""
        numbers = [number for name in self._names if (number := number_in(name)) is not None]
        ends = [number_in(run.name_of(len(run.ids) - 1)) for run in self.runs]
        return max([-1, *numbers, *(number for number in ends if number is not None)])

    def is_last_tagged(self, version: MockVersion) -> bool:
        """Tell whether no other active version has a tag."""
        return bool(version.tags) and not any(number != version.id for number in self._tagged())

    def most_downloads(self) -> int:
        """Give the downloads of the active version that has the most, or 0."""
        kept = (version.downloads for version in self._kept.values() if version.deleted_at is None)
        return max([0, *kept, *(run.downloads for run in self.runs if len(run.changed) < len(run.ids))])

    def add(self, version: MockVersion, *, named: bool = True) -> None:
        """Add an active version; `named` tells whether its name was given and not made up."""
        if version.name in self._names or (named and self.has_name(version.name)):
            raise ValueError(f"the package already has a version named {version.name!r}")
        self._adopt(version)
        self._names[version.name] = named
        insort(self._singles, version, key=_age)

    def add_run(self, run: Run, deleted: Mapping[int, datetime] | None = None) -> None:
        """Add many versions by their description; those at the positions in `deleted` were deleted then.

        They are stored after all if each is older than the one before, or if there are too many runs.
        """
        for position in deleted or ():
            run.delete(position)
        self._check(run)
        if run.step >= timedelta() and len(self.runs) < MOST_RUNS:
            self.runs.append(run)
        else:
            self._add_each(run)
        for position, at in (deleted or {}).items():
            self._add_deleted(run, position, at)
        self.revision += 1

    def delete(self, version: MockVersion, at: datetime) -> None:
        """Make an active version a deleted one."""
        run, position = self._located(version, "active")
        if run is not None:
            run.delete(position)
        else:
            del self._singles[self._singles.rank(_age(version))]
            del self._names[version.name]
        self._mark(version, at)
        insort(self._deleted, version, key=_age)

    def restore(self, version: MockVersion) -> None:
        """Make a deleted version an active one."""
        if self.has_name(version.name):
            raise ValueError(f"the package already has a version named {version.name!r}")
        run, position = self._located(version, "deleted")
        del self._deleted[bisect_left(self._deleted, _age(version), key=_age)]
        self._mark(version, None)
        if run is not None:
            run.restore(position)
        else:
            self._names[version.name] = True
            insort(self._singles, version, key=_age)

    def keep(self, version: MockVersion) -> None:
        """Note a change of a version, which from now on is stored."""
        if version.id not in self._kept and (run := self._run_of(version.id)) is not None:
            run.change(run.ids.index(version.id))
        self._kept[version.id] = version
        self.revision += 1

    def changed_in(self, run: Run) -> list[MockVersion]:
        """Give those of a run that are not as described, deleted ones included, oldest first."""
        return [self._kept[run.ids[position]] for position in run.changed]

    def outside_runs(self) -> list[MockVersion]:
        """Give those of no run, deleted ones included, in order of their ids."""
        return [self._kept[number] for number in sorted(self._kept) if self._run_of(number) is None]

    def _mark(self, version: MockVersion, deleted_at: datetime | None) -> None:
        object.__setattr__(version, "deleted_at", deleted_at)
        self.keep(version)

    def _adopt(self, version: MockVersion) -> None:
        if version.id in self._kept or self._run_of(version.id) is not None:
            raise ValueError(f"the package already has a version with the id {version.id}")
        object.__setattr__(version, "_store", self)
        self.keep(version)

    def _check(self, run: Run) -> None:
        names = (name for name, named in self._names.items() if named and run.has_name(name))
        taken = next(chain(names, filter(None, map(run.name_in_common, self.runs))), None)
        if taken is not None:
            raise ValueError(f"the package already has a version named {taken!r}")
        others = chain(self._kept, (other.ids.start for other in self.runs))
        if any(number in run.ids for number in others) or any(run.ids.start in other.ids for other in self.runs):
            raise ValueError(f"the package already has versions with ids from {run.ids.start} to {run.ids[-1]}")

    def _add_each(self, run: Run) -> None:
        for position, name in enumerate(run.names.names(range(len(run.ids)))):
            if not run.is_gone(position):
                version = _made(run, position)
                self._names[name] = False
                self._adopt(version)
                self._singles.append(version)
        self._singles.sort(key=_age)

    def _add_deleted(self, run: Run, position: int, at: datetime) -> None:
        version = _made(run, position)
        object.__setattr__(version, "_store", self)
        self._mark(version, at)
        insort(self._deleted, version, key=_age)

    def _run_of(self, version_id: int) -> Run | None:
        for run in self.runs:
            if version_id in run.ids:
                return run
        return None

    def _find(self, version_id: int) -> MockVersion | None:
        kept = self._kept.get(version_id)
        if kept is not None or (run := self._run_of(version_id)) is None:
            return kept
        return self._lend(run, run.ids.index(version_id))

    def _lend(self, run: Run, position: int) -> MockVersion:
        """Make an object of a described version, the same for all who hold it at the same time."""
        if self._lent is None:
            self._lent = WeakValueDictionary()
        version = self._lent.get(run.ids[position])
        if version is None:
            version = self._lent[run.ids[position]] = _made(run, position)
            object.__setattr__(version, "_store", self)
        return version

    def _located(self, version: MockVersion, state: VersionState) -> tuple[Run | None, int]:
        if self.find(version.id, state) is not version:
            raise ValueError(f"version {version.id} is not {state}")
        run = self._run_of(version.id)
        return run, 0 if run is None else run.ids.index(version.id)

    def _cut(self, layer: _Singles | Run, indexes: range) -> Iterator[Piece]:
        if isinstance(layer, _Singles):
            return (layer[index] for index in indexes)
        return self._stretches(layer, layer.position(indexes[0]), layer.position(indexes[-1]))

    def _stretches(self, run: Run, newest: int, oldest: int) -> Iterator[Piece]:
        """Go down a run; what was changed interrupts it, what was deleted is left out."""
        changed = run.changed[bisect_left(run.changed, oldest) : bisect_right(run.changed, newest)]
        for position in reversed(changed):
            if newest > position:
                yield Stretch(run, range(newest, position, -1))
            version = self._kept[run.ids[position]]
            if version.deleted_at is None:
                yield version
            newest = position - 1
        if newest >= oldest:
            yield Stretch(run, range(newest, oldest - 1, -1))

    def _tagged(self) -> Iterator[int]:
        """Tell the ids of the active versions that have tags, those last that are only described."""
        yield from (version.id for version in self._kept.values() if version.tags and version.deleted_at is None)
        for run in self.runs:
            if run.tags is not None:
                described = (number for number in reversed(run.ids) if number not in self._kept)
                yield from (number for number in described if run.tags_of(run.ids.index(number)))


def _made(run: Run, position: int) -> MockVersion:
    created = run.created_at(position)
    tags = run.tags_of(position)
    return MockVersion(run.ids[position], run.name_of(position), created, created, tags, downloads=run.downloads)
