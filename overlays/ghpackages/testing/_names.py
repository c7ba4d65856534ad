"""The names that versions get when nobody gives them one."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Final, Protocol

__all__ = [
    "DigestNames",
    "NameRule",
    "NumberNames",
    "digest_name",
    "free_numbers",
    "number_in",
    "number_name",
    "picked",
]

DIGEST: Final = re.compile("sha256:[0-9a-f]{64}")
NUMBER: Final = re.compile(r"1\.(0|[1-9][0-9]{0,17})\.([1-9]?[0-9])")


def digest_name(package_id: int, version_id: int) -> str:
    """Name an image."""
    return f"sha256:{sha256(f'{package_id}/{version_id}'.encode()).hexdigest()}"


def number_name(number: int) -> str:
    """Name a release."""
    return f"1.{number // 100}.{number % 100}"


def number_in(name: str) -> int | None:
    """Read the number of a release from its name."""
    found = NUMBER.fullmatch(name)
    return int(found[1]) * 100 + int(found[2]) if found else None


def picked(numbers: range, indexes: range) -> range:
    """Give the numbers that have these indexes."""
    start, step = numbers.start, numbers.step
    return range(start + indexes.start * step, start + indexes.stop * step, indexes.step * step)


class NameRule(Protocol):
    """Names versions by their index in a run."""

    def names(self, indexes: range) -> list[str]:
        """Name the versions with these indexes."""
        ...

    def index(self, name: str) -> int | None:
        """Tell which index has a name."""
        ...


class NumberNames:
    """Names releases by counting."""

    __slots__ = ("numbers",)

    def __init__(self, numbers: range) -> None:
        self.numbers: Final = numbers

    def names(self, indexes: range) -> list[str]:
        """Name the versions with these indexes."""
        first = self.numbers.start
        return [number_name(first + index) for index in indexes]

    def index(self, name: str) -> int | None:
        """Tell which index has a name."""
        number = number_in(name)
        return self.numbers.index(number) if number is not None and number in self.numbers else None


class DigestNames:
    """Names images by a digest of what identifies them."""

    __slots__ = ("_ids", "_sorted", "package_id")

    def __init__(self, package_id: int, ids: range) -> None:
        self.package_id: Final = package_id
        self._ids: Final = ids
        self._sorted: array[int] | None = None

    def names(self, indexes: range) -> list[str]:
        """Name the versions with these indexes."""
        begun, found = sha256(b"%d/" % self.package_id).copy, list[str]()
        for number in picked(self._ids, indexes):
            digest = begun()
            digest.update(b"%d" % number)
            found.append(f"sha256:{digest.hexdigest()}")
        return found

    def index(self, name: str) -> int | None:
        """Tell which index has a name: a search among the digests' beginnings, 8 bytes a version, kept once needed."""
        if not DIGEST.fullmatch(name):
            return None
        if self._sorted is None:
            self._sorted = array("Q", sorted(map(_beginning, self._all())))
        place = bisect_left(self._sorted, _beginning(name))
        if place == len(self._sorted) or self._sorted[place] != _beginning(name):
            return None
        return next((index for index, known in enumerate(self._all()) if known == name), None)

    def _all(self) -> Iterator[str]:
        return (digest_name(self.package_id, version_id) for version_id in self._ids)


def _beginning(name: str) -> int:
    return int(name[7:23], 16)


def free_numbers(first: int, count: int, highest: int, taken: Callable[[str], bool]) -> list[range]:
    """Find the next numbers whose names are free, as few ranges as possible; none above `highest` is taken."""
    found: list[range] = []
    number = first
    while count and number <= highest:
        if not taken(number_name(number)):
            start = found.pop().start if found and found[-1].stop == number else number
            found.append(range(start, number + 1))
            count -= 1
        number += 1
    if count:
        start = found.pop().start if found and found[-1].stop == number else number
        found.append(range(start, number + count))
    return found
