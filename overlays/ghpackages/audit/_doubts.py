"""What two reports can't tell, and why: nothing may be called gone or added that may just not have been seen."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ._change import one_line
from ._reading import Side
from ._seen import Seen

NAMES: Final[Mapping[Side, str]] = {"before": "the first report", "after": "the second report"}

_NOT_FOR_GOOD: Final = ("visibility", "repositories", "unlinked", "inactive_for")
"""The filters that a package may pass one day, and not the next."""

_SHOWN: Final = 10
"""How many reasons of one kind are told one by one."""


class Doubts:
    """Why something about one report can't be told.

    Attributes:
        side: Which report it is.
    """

    def __init__(self, side: Side, filters: Mapping[str, object]) -> None:
        self.side: Side = side
        self._passing = [name for name in _NOT_FOR_GOOD if name in filters]
        self._is_cut = False
        self._failed: set[tuple[str, str | None, str | None]] = set()
        self._failures = _Few(f"{NAMES[side]} lacks more packages, after {{}} more failures")
        self._incomplete = _Few(f"{NAMES[side]} does not have all versions of {{}} more packages")
        self._missing = 0

    def see_end(self, summary: Mapping[str, Any] | None) -> None:
        """See the summary; None if the report was cut short before it."""
        self._is_cut = summary is None
        for failure in () if summary is None else summary["failures"]:
            owner, type_, name = failure["owner"], failure["package_type"], failure.get("package_name")
            self._failed.add((owner.lower(), type_, name))
            what = " ".join(filter(None, (owner, type_, name)))
            lacking = what if name else f"all packages of {what}"
            self._failures.add(f"{NAMES[self.side]} does not have {lacking}: {failure['error']['message']}")

    def see_incomplete(self, package: Seen) -> None:
        """See a package whose versions are not all there."""
        what = f"{package.owner} {package.package_type} {package.name}"
        self._incomplete.add(f"{NAMES[self.side]} does not have all versions of {what}: {package.problem}")

    def lacks(self, package: Seen) -> bool:
        """Whether a package that is not in the report did not exist for it. To be asked after the end was seen."""
        if self._is_cut or self._is_failed(package):
            return False
        self._missing += bool(self._passing)
        return not self._passing

    def _is_failed(self, package: Seen) -> bool:
        owner, type_, name = package.place
        around = ((owner, None, None), (owner, type_, None), (owner, None, name), (owner, type_, name))
        return not self._failed.isdisjoint(around)

    def reasons(self) -> Iterable[str]:
        """The reasons, a line for each."""
        if self._is_cut:
            yield f"{NAMES[self.side]} was cut short: packages may be missing from it"
        yield from self._failures.lines()
        yield from self._incomplete.lines()
        if self._missing:
            which = f"{self._missing} package{'s' * (self._missing != 1)} of the other report"
            yield f"{NAMES[self.side]} lacks {which}: not there, or not passing {', '.join(self._passing)}"


class _Few:
    """The first few lines, and how many there are."""

    def __init__(self, more: str) -> None:
        self._more = more
        self._lines: list[str] = []
        self._count = 0

    def add(self, line: str) -> None:
        """Keep a line, or only count it."""
        self._count += 1
        if len(self._lines) < _SHOWN:
            self._lines.append(one_line(line))

    def lines(self) -> Iterable[str]:
        """The lines, and how many were not kept."""
        yield from self._lines
        if self._count > len(self._lines):
            yield self._more.format(self._count - len(self._lines))
