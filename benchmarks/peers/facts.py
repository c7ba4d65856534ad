"""What a contender tells of what it found: enough to know whether it found all of it, and nothing else.

The process that is measured imports this, so it has the standard library only, and nothing of the data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

PackageRow = tuple[int, str, bool, int]
"""What a contender tells of a listed package: id, name, whether it is private, id of the repository."""

VersionCount = tuple[str, int, int, int, datetime | str, datetime | str]
"""What it tells of an audited package: name, versions, tagged, untagged, oldest and newest `created_at`."""


@dataclass
class ListingFacts:
    """What a listing comes to, so that two are the same only if all packages are, in order.

    Attributes:
        packages: How many there are.
        ids: The sum of their ids.
        private: How many are private.
        repositories: The sum of the ids of their repositories.
        names: A hash of their names in order.
    """

    packages: int = 0
    ids: int = 0
    private: int = 0
    repositories: int = 0
    names: str = ""

    @classmethod
    def of(cls, rows: Iterable[PackageRow]) -> ListingFacts:
        """The facts of these packages; they are not kept."""
        facts = cls()
        for row in rows:
            facts.add(row)
        return facts

    def add(self, row: PackageRow) -> None:
        """See one more package."""
        id_, name, private, repository = row
        self.packages += 1
        self.ids += id_
        self.private += private
        self.repositories += repository
        self.names = sha256(f"{self.names}{name}".encode()).hexdigest()


AuditFacts = dict[str, list[int | str]]
"""What an audit comes to, by package: versions, tagged, untagged, oldest, newest."""


def audit_facts(counts: Iterable[VersionCount]) -> AuditFacts:
    """The facts of these packages."""
    return {
        name: [versions, tagged, untagged, date_text(oldest), date_text(newest)]
        for name, versions, tagged, untagged, oldest, newest in counts
    }


def date_text(moment: datetime | str) -> str:
    """A date and time as GitHub sends it; one that is still a text as it came."""
    return moment if isinstance(moment, str) else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
