"""The report for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.upstream.report import HEADINGS, Entry, Report, Section, count_of, outcome
from openapi.upstream.rules import Judgement


def text(report: Report) -> str:
    """Write the report as plain text."""
    lines = [line for section in report.sections for line in _section(section)]
    return "\n".join([*lines, outcome(report)]) + "\n"


def _section(section: Section) -> Iterator[str]:
    source = section.source
    yield f"{source.name} {source.release} ({source.location})"
    counts = ", ".join(f"{number} {HEADINGS[judgement].lower()}" for judgement, number in section.counts().items())
    yield f"  {count_of(section.comparison.operations, 'operation')}: {counts}"
    for judgement in (Judgement.BREAKING, Judgement.ADDITIVE):
        for entry in section.entries_of(judgement):
            yield from _entry(entry, HEADINGS[judgement])
    for finding in section.comparison.findings:
        yield f"\n  {HEADINGS[finding.judgement]}: {finding.departure.place}: {finding.departure.what}"
        yield f"    {finding.part}" if finding.part else "    all of it"
        yield f"    {finding.advice}"
    yield ""


def _entry(entry: Entry, heading: str) -> Iterator[str]:
    first, more = entry.first, len(entry.differences) - 1
    yield f"\n  {heading}: {entry.title}"
    yield f"    {first.location}{f' and {more} more' if more else ''}"
    yield f"    upstream: {first.upstream}; ours: {first.ours}"
    yield f"    {first.rule.means} {first.rule.advice}"
