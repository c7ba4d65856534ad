"""Compares our description with GitHub's, and judges our departures by the outcome.

Operations are the same if method and path are, whatever the path's parameters are called. Everything else is compared
in place, with references followed on both sides. Not compared: order, titles, descriptions, examples, headers of
responses, servers and security, and bounds of values.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen
from openapi.upstream.departures import Departure, Departures
from openapi.upstream.differences import Difference, Notes
from openapi.upstream.document import Document
from openapi.upstream.operations import Operations
from openapi.upstream.rules import Judgement

ADVICE = {
    Judgement.NOT_NEEDED: "GitHub agrees with ours by now: take it out of the departure.",
    Judgement.ERROR: "Neither description has this, or there is no such kind of difference: mend it or take it out.",
}


@frozen
class Finding:
    """Something that is wrong with a departure."""

    judgement: Judgement
    departure: Departure
    part: str
    """The kind and place that it is about, empty if it is about the whole."""
    advice: str


@frozen
class Comparison:
    """What was found."""

    operations: int
    """How many of GitHub's operations are about packages."""
    differences: list[Difference]
    findings: list[Finding]
    unjudged: int
    """How many departures this source can't judge."""

    @property
    def is_explained(self) -> bool:
        """Whether all differences are ours by intent, and all departures in order."""
        return not self.findings and all(each.judgement is Judgement.INTENDED for each in self.differences)


def compare(ours: Document, upstream: Document, source: str) -> Comparison:
    """Compare our description with that of a source, whose name decides which departures concern it.

    Raises:
        BrokenReferenceError: a reference leads nowhere.

    """
    departures = Departures.of(ours.contents, source)
    notes = Notes(ours, departures)
    operations = Operations(ours, upstream, notes).compare()
    return Comparison(
        operations=operations,
        differences=notes.differences,
        findings=list(_findings(departures)),
        unjudged=sum(not each.is_judged_by(source) for each in departures.all),
    )


def _findings(departures: Departures) -> Iterator[Finding]:
    for departure in departures.empty():
        yield Finding(Judgement.ERROR, departure, "", "It does not say what it covers: add `covers`.")
    for part, judgement in departures.verdicts():
        yield Finding(judgement, part.departure, f"{part.kind}: {part.pattern}", ADVICE[judgement])
