"""Slices of several ordered sequences as if they were merged, without merging them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

__all__ = ["Age", "Layer", "newest_first"]

Age = tuple[datetime, int]
"""What versions are ordered by: when they were made, then their ids. No two have the same."""


class Layer(Protocol):
    """Things in order of age, oldest first."""

    def __len__(self) -> int: ...

    def age(self, index: int) -> Age:
        """Tell the age of one of them."""
        ...

    def rank(self, age: Age) -> int:
        """Count those that are older than an age."""
        ...


L = TypeVar("L", bound=Layer)


def newest_first(layers: Sequence[L], low: int, high: int) -> list[tuple[L, range]]:
    """Give what a merge of the layers has from `low` to `high`, newest first, as descending ranges of indexes."""
    before = _split(layers, low, [0] * len(layers), [len(layer) for layer in layers])
    limits = [min(start + high - low, len(layer)) for start, layer in zip(before, layers, strict=True)]
    until = _split(layers, high, before, limits)
    parts = [part for part in zip(layers, before, until, strict=True) if part[1] < part[2]]
    if len(parts) == 1:
        layer, start, stop = parts[0]
        return [(layer, range(stop - 1, start - 1, -1))]
    return _merged(parts)


def _split(layers: Sequence[Layer], rank: int, lows: Sequence[int], highs: Sequence[int]) -> list[int]:
    """Tell how many of each layer are among the oldest `rank` of all, given bounds for each."""
    lows, highs = list(lows), list(highs)
    while sum(lows) < rank < sum(highs):
        # Either a pivot is among the oldest, and so are all that are older, or it is not, nor are any that are newer.
        unknown = [number for number, low in enumerate(lows) if low < highs[number]]
        age, chosen = _pivot(layers, lows, highs, unknown)
        counts = lows.copy()
        for number in unknown:
            counts[number] = min(max(layers[number].rank(age), lows[number]), highs[number])
        if sum(counts) < rank:
            counts[chosen] += 1
            lows = counts
        else:
            for number in unknown:
                highs[number] = counts[number]
    return lows if sum(lows) == rank else highs


def _pivot(layers: Sequence[Layer], lows: Sequence[int], highs: Sequence[int], unknown: list[int]) -> tuple[Age, int]:
    """Choose the median of the layers' middles, each with the weight of its layer: it settles at least a quarter."""
    middles = sorted((layers[number].age((lows[number] + highs[number]) // 2), number) for number in unknown)
    half = sum(highs[number] - lows[number] for number in unknown) / 2
    for age, number in middles:
        half -= highs[number] - lows[number]
        if half <= 0:
            return age, number
    return middles[-1]


def _merged(parts: Sequence[tuple[L, int, int]]) -> list[tuple[L, range]]:
    ages = (
        (layer.age(index), number, index)
        for number, (layer, start, stop) in enumerate(parts)
        for index in range(start, stop)
    )
    found: list[tuple[L, range]] = []
    for _, number, index in sorted(ages, reverse=True):
        layer = parts[number][0]
        if found and found[-1][0] is layer:
            found[-1] = layer, range(found[-1][1].start, index - 1, -1)
        else:
            found.append((layer, range(index, index - 1, -1)))
    return found
