"""Asking the mock server all there is, and comparing its answers with a description."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import httpx

from .cases import Case, all_cases
from .checks import Finding, check
from .description import Description
from .deviations import Deviation, Explained, explain
from .example import walk

__all__ = ["Answered", "Outcome", "ask", "compare"]


@dataclass(frozen=True)
class Answered:
    """What was asked of which operation, and the answer."""

    operation: str
    case: str
    answer: httpx.Response
    status: int | None = None
    """The status that was to be provoked, if any in particular."""


@dataclass
class Outcome:
    """What came of comparing the mock server with a description."""

    description: Description
    answers: int = 0
    """How many answers were checked."""
    findings: list[Finding] = field(default_factory=list[Finding])
    misled: list[str] = field(default_factory=list[str])
    """Cases that did not provoke what they are meant to."""

    def explain(self, deviations: Iterable[Deviation]) -> Explained:
        """Sort the findings."""
        return explain(self.findings, deviations)


async def ask(prefix: str, *, cases: Iterable[Case] | None = None, example: bool = False) -> list[Answered]:
    """Ask all there is, or some cases; with `example`, walk through the example organisation, too."""
    asked = all_cases() if cases is None else cases
    answered = [Answered(case.operation, case.name, await case.ask(prefix), case.status) for case in asked]
    if example:
        async for operation, answer in walk(prefix):
            answered.append(Answered(operation, f"{answer.url.raw_path.decode()} of the example", answer))
    return answered


def compare(description: Description, answered: Iterable[Answered]) -> Outcome:
    """Check answers, and whether the description has the same operations."""
    outcome = Outcome(description)
    missing, unknown = description.missing, description.unknown
    outcome.findings.extend(Finding(name, 0, "the operation is not described") for name in missing)
    outcome.findings.extend(Finding(name, 0, "the operation is none of the 27") for name in unknown)
    for one in answered:
        if one.operation not in missing:
            outcome.answers += 1
            outcome.findings.extend(check(description, one.operation, one.case, one.answer))
            if one.status not in {None, one.answer.status_code}:
                outcome.misled.append(f"{one.operation}, {one.case}: {one.answer.status_code}, not {one.status}")
    return outcome
