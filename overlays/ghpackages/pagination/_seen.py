"""The ids that a listing had, in little memory."""

from bisect import bisect_left
from collections.abc import Iterable


class Seen:
    """Ids that were seen, in sorted runs: some 40 bytes each, where a set takes up to 140.

    As items come newest first as a rule, the runs hardly overlap, and comparing their ends tells most of it.
    """

    def __init__(self) -> None:
        self._runs: list[list[int]] = []

    def add(self, ids: Iterable[int]) -> set[int]:
        """Remember the ids of a page; gives those that an earlier page had."""
        page = sorted(ids)
        if not page:
            return set()
        near = [run for run in self._runs if run[0] <= page[-1] and page[0] <= run[-1]]
        again = {id_ for id_ in page for run in near if _has(run, id_)}
        self._runs.append([id_ for id_ in page if id_ not in again] if again else page)
        self._merge()
        return again

    def _merge(self) -> None:
        """Each run is longer than the one after it, so there are few."""
        if not self._runs[-1]:
            self._runs.pop()
        while len(self._runs) > 1 and len(self._runs[-2]) <= len(self._runs[-1]):
            run = self._runs.pop()
            self._runs[-1] += run
            self._runs[-1].sort()  # finds the two runs that are in order


def _has(run: list[int], id_: int) -> bool:
    index = bisect_left(run, id_)
    return index < len(run) and run[index] == id_
