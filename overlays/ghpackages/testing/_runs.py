"""Runs of versions that are described and not stored."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from ._layers import Age
from ._names import NameRule, NumberNames, number_name

__all__ = ["Run", "TagRule", "checked_tags"]

TagRule = Callable[[int], Iterable[str]]
"""Tells the tags of a version by its index in a run; always the same ones."""

SECOND: Final = timedelta(seconds=1)


def checked_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Give the tags; a string is one."""
    return (tags,) if isinstance(tags, str) else tuple(tags)


class Run:
    """Versions with ids, dates and names by rule, one every `step`, as a layer of those that are not deleted.

    A position counts from the oldest, deleted ones included; an index counts without them.
    """

    __slots__ = ("changed", "downloads", "first_index", "gone", "ids", "names", "start", "step", "tags")

    def __init__(
        self,
        ids: range,
        start: datetime,
        step: timedelta,
        names: NameRule,
        *,
        tags: TagRule | None = None,
        first_index: int = 0,
        downloads: int = 0,
    ) -> None:
        self.ids: Final = ids
        self.start: Final = start
        """When the first was made; a fraction of a second counts when steps are added."""
        self.step: Final = step
        self.names: Final = names
        self.tags: Final = tags
        self.first_index: Final = first_index
        """What `tags` is asked for the first one."""
        self.downloads: Final = downloads
        self.changed: Final[list[int]] = []
        """The positions of those that are no longer as described, deleted ones included, in order."""
        self.gone: Final[list[int]] = []
        """The positions of those that are deleted, in order."""

    def __len__(self) -> int:
        return len(self.ids) - len(self.gone)

    def created_at(self, position: int) -> datetime:
        """Tell when a version was made."""
        return (self.start + position * self.step).replace(microsecond=0)

    def name_of(self, position: int) -> str:
        """Tell a version's name."""
        return self.names.names(range(position, position + 1))[0]

    def tags_of(self, position: int) -> tuple[str, ...]:
        """Tell the tags that the rule gives a version."""
        return checked_tags(self.tags(self.first_index + position)) if self.tags else ()

    def has_name(self, name: str) -> bool:
        """Tell whether one that is not deleted has this name."""
        position = self.names.index(name)
        return position is not None and not self.is_gone(position)

    def name_in_common(self, other: Run) -> str | None:
        """Find a name that both give to a version that is not deleted; those of images are never the same."""
        if not isinstance(self.names, NumberNames) or not isinstance(other.names, NumberNames):
            return None
        mine, theirs = self.names.numbers, other.names.numbers
        shared = map(number_name, range(max(mine.start, theirs.start), min(mine.stop, theirs.stop)))
        return next((name for name in shared if self.has_name(name) and other.has_name(name)), None)

    def is_gone(self, position: int) -> bool:
        """Tell whether a version is deleted."""
        return _has(self.gone, position)

    def change(self, position: int) -> None:
        """Note that a version is no longer as described."""
        if not _has(self.changed, position):
            insort(self.changed, position)

    def delete(self, position: int) -> None:
        """Take a version out."""
        insort(self.gone, position)

    def restore(self, position: int) -> None:
        """Put a deleted version back."""
        del self.gone[bisect_left(self.gone, position)]

    # --- as a layer

    def age(self, index: int) -> Age:
        """Tell the age of one that is not deleted."""
        position = self.position(index)
        return self.created_at(position), self.ids[position]

    def rank(self, age: Age) -> int:
        """Count those that are older than an age."""
        position = self._older(*age)
        return position - bisect_left(self.gone, position)

    def position(self, index: int) -> int:
        """Find the position of one that is not deleted."""
        if not self.gone:
            return index
        return index + bisect_right(range(len(self.gone)), index, key=lambda number: self.gone[number] - number)

    def _older(self, moment: datetime, version_id: int) -> int:
        """Count positions by arithmetic: those made in an earlier second, and those made in the same with lower ids."""
        earlier, until = self._made_before(moment), self._made_before(moment + SECOND)
        ids = self.ids
        return min(max(-((ids.start - version_id) // ids.step), earlier), until)

    def _made_before(self, moment: datetime) -> int:
        if not self.step:
            return len(self.ids) if self.start < moment else 0
        return min(max(-((self.start - moment) // self.step), 0), len(self.ids))


def _has(numbers: list[int], number: int) -> bool:
    place = bisect_left(numbers, number)
    return place < len(numbers) and numbers[place] == number
