"""The outcome of all comparisons, grouped, and as records for machines.

One line of our description may be the reason for differences in many places: they are one entry of the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from attrs import frozen
from openapi.upstream.compare import Comparison, Finding
from openapi.upstream.departures import Departure
from openapi.upstream.differences import Difference
from openapi.upstream.rules import Judgement
from openapi.upstream.sources import Source

FORMAT = 1
"""Of the records; goes up when a key changes its meaning or goes away."""

HEADINGS = {
    Judgement.BREAKING: "Breaking for our users",
    Judgement.ADDITIVE: "Additive",
    Judgement.NOT_NEEDED: "Departures no longer needed",
    Judgement.ERROR: "Departures that concern nothing",
    Judgement.INTENDED: "Ours by intent",
}
"""What people call the judgements, in the order of a report."""


@frozen
class Entry:
    """One difference, in all the places where it shows; there is at least one."""

    differences: tuple[Difference, ...]

    @property
    def first(self) -> Difference:
        """The one that stands for all."""
        return self.differences[0]

    @property
    def title(self) -> str:
        """What it is."""
        return f"{self.first.rule.title} {self.first.value}".strip()

    @property
    def locations(self) -> list[str]:
        """Where it shows."""
        return [each.location for each in self.differences]


@frozen
class Section:
    """What was found in one source."""

    source: Source
    comparison: Comparison
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, source: Source, comparison: Comparison) -> Section:
        """Group the differences of a comparison."""
        groups: dict[Hashable, list[Difference]] = {}
        for each in comparison.differences:
            key = (each.rule.kind, each.rule.side, each.anchor, each.value, each.upstream, each.ours, each.departure)
            groups.setdefault(key, []).append(each)
        return cls(source, comparison, tuple(Entry(tuple(group)) for group in groups.values()))

    def entries_of(self, judgement: Judgement) -> list[Entry]:
        """The differences of one judgement."""
        return [each for each in self.entries if each.first.judgement is judgement]

    def findings_of(self, judgement: Judgement) -> list[Finding]:
        """The departures of one judgement."""
        return [each for each in self.comparison.findings if each.judgement is judgement]

    def counts(self) -> dict[Judgement, int]:
        """How many entries and departures there are of each judgement."""
        counted = Counter(each.first.judgement for each in self.entries)
        counted.update(each.judgement for each in self.comparison.findings)
        return {judgement: counted[judgement] for judgement in HEADINGS}


@frozen
class Report:
    """The outcome for all sources."""

    sections: Sequence[Section]
    failures: Sequence[str]
    """Sources that could not be read, a line for each."""

    @property
    def exit_status(self) -> int:
        """0 if all is explained, 1 if not, 2 if a source could not be read."""
        if self.failures:
            return 2
        return 0 if all(each.comparison.is_explained for each in self.sections) else 1

    def by_departure(self) -> dict[tuple[str, str], list[tuple[Section, Entry]]]:
        """What is ours by intent, by place and `what` of the departure that covers it."""
        grouped: dict[tuple[str, str], list[tuple[Section, Entry]]] = {}
        for section in self.sections:
            for entry in section.entries_of(Judgement.INTENDED):
                if departure := entry.first.departure:
                    grouped.setdefault((departure.place, departure.what), []).append((section, entry))
        return grouped

    @property
    def undecided(self) -> int:
        """How many differences and departures want a decision."""
        counts = (section.counts() for section in self.sections)
        return sum(number for each in counts for kind, number in each.items() if kind is not Judgement.INTENDED)


def count_of(number: int, thing: str) -> str:
    """`1 difference`, `2 differences`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def outcome(report: Report) -> str:
    """The report in a sentence."""
    if report.failures:
        return f"{count_of(len(report.failures), 'source')} could not be read."
    if report.exit_status == 0:
        return "All is explained."
    return f"{count_of(report.undecided, 'finding')} to decide on."


def records(report: Report) -> dict[str, object]:
    """The report for machines, as it is written to JSON."""
    return {
        "format": FORMAT,
        "exit_status": report.exit_status,
        "failures": list(report.failures),
        "sources": [_section_record(section) for section in report.sections],
    }


def _section_record(section: Section) -> dict[str, object]:
    return {
        "name": section.source.name,
        "location": section.source.location,
        "release": section.source.release,
        "operations": section.comparison.operations,
        "is_explained": section.comparison.is_explained,
        "counts": {str(judgement): number for judgement, number in section.counts().items()},
        "differences": [_entry_record(entry) for entry in _ordered(section.entries)],
        "departures": [_finding_record(finding) for finding in section.comparison.findings],
        "departures_not_judged": section.comparison.unjudged,
    }


def _ordered(entries: Iterable[Entry]) -> list[Entry]:
    order = list(HEADINGS)
    return sorted(entries, key=lambda entry: order.index(entry.first.judgement))


def _entry_record(entry: Entry) -> dict[str, object]:
    first = entry.first
    return {
        "judgement": str(first.judgement),
        "kind": first.rule.kind,
        "side": str(first.rule.side),
        "value": first.value or None,
        "locations": entry.locations,
        "upstream": first.upstream,
        "ours": first.ours,
        "title": entry.title,
        "means": first.rule.means,
        "advice": first.rule.advice,
        "departure": _departure_record(first.departure) if first.departure else None,
    }


def _finding_record(finding: Finding) -> dict[str, object]:
    return {
        "judgement": str(finding.judgement),
        "part": finding.part or None,
        "advice": finding.advice,
        "departure": _departure_record(finding.departure),
    }


def _departure_record(departure: Departure) -> dict[str, object]:
    return {
        "place": departure.place,
        "what": departure.what,
        "why": departure.why,
        "link": departure.link,
        "sources": list(departure.sources),
    }
