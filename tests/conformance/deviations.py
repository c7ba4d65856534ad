"""The deliberate deviations of the mock server from GitHub's description, and what they explain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from .checks import Finding
from .description import OPERATIONS

__all__ = ["Deviation", "Explained", "explain", "read_deviations"]

PATH: Final = Path(__file__).parent / "deviations.yaml"

Whose = Literal["GitHub", "ours"]


@dataclass(frozen=True)
class Deviation:
    """One entry of the list; `deviations.yaml` says what its fields mean."""

    name: str
    operations: tuple[str, ...]
    statuses: tuple[int, ...]
    what: str
    reason: str
    source: str
    of: tuple[Whose, ...] = ("GitHub",)
    optional: bool = False

    @classmethod
    def of_entry(cls, entry: dict[str, Any]) -> Deviation:
        """Make one of an entry as written."""
        lists: dict[str, Any] = {key: tuple(entry[key]) for key in ("operations", "statuses", "of") if key in entry}
        return cls(**entry | lists)

    @property
    def expected(self) -> set[tuple[str, int]]:
        """Operation and status wherever it is to be seen."""
        named = {name for name in OPERATIONS for pattern in self.operations if fnmatchcase(name, pattern)}
        return set(product(named, self.statuses))

    def explains(self, finding: Finding) -> bool:
        """Tell whether a finding is this deviation."""
        return finding.what == self.what and (finding.operation, finding.status) in self.expected


def read_deviations(whose: Whose, path: Path = PATH) -> list[Deviation]:
    """Read those from GitHub's description, or those from ours."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return [one for one in map(Deviation.of_entry, entries) if whose in one.of]


@dataclass(frozen=True)
class Explained:
    """Findings, sorted by whether they are meant."""

    meant: dict[Deviation, list[Finding]]
    """All deviations of the list, in its order."""
    unexplained: list[Finding]

    @property
    def gone(self) -> Iterator[str]:
        """Where listed deviations no longer occur."""
        for deviation, findings in self.meant.items():
            missing = deviation.expected - {(one.operation, one.status) for one in findings}
            if missing and not deviation.optional:
                where = ", ".join(f"{name} ({status})" for name, status in sorted(missing)[:3])
                more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
                yield f"{deviation.name}: not on {where}{more}"


def explain(findings: Iterable[Finding], deviations: Iterable[Deviation]) -> Explained:
    """Sort findings by the deviation that explains them."""
    meant: dict[Deviation, list[Finding]] = {deviation: [] for deviation in deviations}
    unexplained: list[Finding] = []
    for finding in findings:
        found = next((deviation for deviation in meant if deviation.explains(finding)), None)
        (unexplained if found is None else meant[found]).append(finding)
    return Explained(meant, unexplained)
