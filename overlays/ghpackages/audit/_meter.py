"""How far a run is, and what it has cost."""

import asyncio
from typing import Final

from attrs import define, field, frozen

from ghpackages import RequestCount

SAMPLES: Final = 100
"""How many requests are timed: after more of them, waits for rate limits would be measured too."""


@frozen
class Progress:
    """How far an audit is.

    Attributes:
        packages: How many packages were read to the end, those that an earlier run finished included.
        found: How many are known so far that are read in all, the same included; those of a page are known before the
            first of them is read.
        all_found: Whether there will be no more than those.
        versions: How many versions were seen, those of packages that are being read included.
        requests: How many requests this run has sent, repetitions included.
    """

    packages: int
    found: int
    all_found: bool
    versions: int
    requests: int


@define
class Meter:
    """What a run has done so far.

    Attributes:
        packages: How many packages it is done with.
        found: How many it knows that it will look at.
        unread: How many listings, and owners with named packages, may still have others.
        versions: How many versions it has seen.
        pages: How many pages it has read.
        least: The least requests that all this needed.
        listing: The requests that it has really sent to list packages.
        count: All that it has really sent.
        latencies: How many seconds the first requests took that had not been asked for ahead.
    """

    packages: int = 0
    found: int = 0
    unread: int = 0
    versions: int = 0
    pages: int = 0
    least: int = 0
    listing: int = 0
    count: RequestCount = field(factory=RequestCount)
    latencies: list[float] = field(factory=list[float])

    def took(self, since: float, requests: int) -> None:
        """Remember how long requests took each, of which the first began then, by the loop's clock."""
        if len(self.latencies) < SAMPLES and requests:
            self.latencies.append((asyncio.get_running_loop().time() - since) / requests)


def least_requests(items: int, per_page: int, proof: str | None) -> int:
    """The least requests that a listing of so many items needs: none but the pages that have items, and the proof.

    Args:
        items: How many items were listed.
        per_page: Items per page.
        proof: Why the last page is known to be the last; None if that is not known.
    """
    needs_empty_page = items > 0 and proof == "empty page"
    return max(1, -(-items // per_page)) + needs_empty_page
