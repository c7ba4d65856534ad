"""The report for a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.upstream.compare import Finding
from openapi.upstream.departures import Departure
from openapi.upstream.report import HEADINGS, Entry, Report, Section, count_of, outcome
from openapi.upstream.rules import Judgement

MOST_PLACES = 20
"""How many places of one difference are listed: a pull request takes 65,536 characters; the records have all."""


def markdown(report: Report) -> str:
    """Write the report in GitHub's Markdown."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield "# GitHub's description and ours"
    yield f"\n**{outcome(report)}**\n"
    for failure in report.failures:
        yield f"- Could not be read: {_code(failure)}"
    if report.sections:
        yield from _summary(report)
    for section in report.sections:
        yield from _section(section)
    yield from _intended(report)


def _summary(report: Report) -> Iterator[str]:
    yield f"\n| source | release | operations | {' | '.join(title.lower() for title in HEADINGS.values())} |"
    yield f"|{'---|' * (len(HEADINGS) + 3)}"
    for section in report.sections:
        source, counts = section.source, section.counts()
        numbers = " | ".join(str(counts[judgement]) for judgement in HEADINGS)
        yield f"| {_code(source.name)} | {_plain(source.release)} | {section.comparison.operations} | {numbers} |"


def _section(section: Section) -> Iterator[str]:
    yield f"\n## {_plain(section.source.name)}\n"
    yield f"Read from {_code(section.source.location)}. {_outcome(section)}"
    for judgement in (Judgement.BREAKING, Judgement.ADDITIVE):
        if entries := section.entries_of(judgement):
            yield f"\n### {HEADINGS[judgement]} ({len(entries)})\n"
            for entry in entries:
                yield from _entry(entry)
    for judgement in (Judgement.NOT_NEEDED, Judgement.ERROR):
        if findings := section.findings_of(judgement):
            yield f"\n### {HEADINGS[judgement]} ({len(findings)})\n"
            for finding in findings:
                yield from _finding(finding)


def _outcome(section: Section) -> str:
    done = "All is explained. " if section.comparison.is_explained else ""
    unjudged = section.comparison.unjudged
    return f"{done}{count_of(unjudged, 'departure')} can't be judged by it." if unjudged else done


def _entry(entry: Entry) -> Iterator[str]:
    first, more = entry.first, entry.locations[1:]
    yield f"- {_code(first.location)}: **{_title(entry)}**"
    yield f"  - upstream: {_code(first.upstream)}; ours: {_code(first.ours)}"
    yield f"  - what it means: {first.rule.means}"
    yield f"  - what to do: {first.rule.advice}"
    if more:
        rest = [f"{len(more) - MOST_PLACES} more"] if len(more) > MOST_PLACES else []
        yield f"  - also at {', '.join([*map(_code, more[:MOST_PLACES]), *rest])}"


def _finding(finding: Finding) -> Iterator[str]:
    part = f", {_code(finding.part)}" if finding.part else ""
    yield f"- {_departure(finding.departure)}{part}"
    yield f"  - what to do: {finding.advice}"


def _intended(report: Report) -> Iterator[str]:
    covered = report.by_departure()
    if not covered:
        return
    yield f"\n## {HEADINGS[Judgement.INTENDED]}\n"
    yield f"<details><summary>{count_of(len(covered), 'departure')}</summary>\n"
    for found in covered.values():
        entry = found[0][1]
        if departure := entry.first.departure:
            yield f"- {_departure(departure)}"
            yield f"  - {_plain(departure.why)} ([link]({departure.link}))"
            yield f"  - covers {', '.join(_coverage(found))}; such as {_title(entry)} at {_code(entry.first.location)}"
    yield "\n</details>"


def _coverage(found: list[tuple[Section, Entry]]) -> Iterator[str]:
    """How much a departure covers of each source."""
    for source in dict.fromkeys(section.source.name for section, _ in found):
        entries = [entry for section, entry in found if section.source.name == source]
        places = sum(len(entry.differences) for entry in entries)
        yield f"{count_of(len(entries), 'difference')} in {count_of(places, 'place')} of {_code(source)}"


def _title(entry: Entry) -> str:
    value = f" {_code(entry.first.value)}" if entry.first.value else ""
    return f"{entry.first.rule.title}{value}"


def _departure(departure: Departure) -> str:
    return f"{_code(departure.place)}: **{_plain(departure.what)}**"


def _plain(text: str) -> str:
    """A text on one line that means nothing to Markdown or HTML."""
    return "".join(f"\\{each}" if each in "\\`*_[]<>|&" else each for each in " ".join(text.split()))


def _code(text: str) -> str:
    """A text on one line, in letters of one width."""
    return f"`{' '.join(text.split()).replace('`', chr(39))}`"
