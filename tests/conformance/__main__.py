"""`python -m tests.conformance [PATH_OR_URL…]`: is the mock server as these descriptions say?

Exit code 0: yes, but for the deviations listed in deviations.yaml; 1: no; 2: a description can't be read.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from referencing.exceptions import Unresolvable

from .checks import Finding
from .description import Description, UnreadableError, read
from .deviations import Deviation, Explained, read_deviations
from .run import Outcome, ask, compare

__all__ = ["OURS", "conclude", "main"]

OURS: Final = Path(__file__).parents[2] / "openapi" / "github-packages.yaml"
SHOWN: Final = 20


def main(places: list[str]) -> int:
    """Compare with each description, by default with ours, and print what came of it."""
    if not places:
        print("Without a path or URL of GitHub's description only ours is checked.")
    try:
        descriptions = [read(place) for place in places or [str(OURS)]]
        return max([report(description) for description in descriptions])
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return 2


def report(description: Description) -> int:
    """Compare with one description."""
    answered = asyncio.run(ask(description.prefix, example=True))
    try:
        lines, code = conclude(compare(description, answered))
    except Unresolvable as error:
        raise UnreadableError(f"can't use {description.place}: #{error.ref} leads nowhere") from error
    print("\n".join(lines), flush=True)
    return code


def conclude(outcome: Outcome) -> tuple[list[str], int]:
    """Put into words what came of it, and into an exit code."""
    explained = outcome.explain(read_deviations("ours" if outcome.description.is_corrected else "GitHub"))
    good = not (explained.unexplained or outcome.misled or list(explained.gone))
    verdict = "As described, but for the deviations above." if good else "NOT as described."
    return [*_lines(outcome, explained), verdict], 0 if good else 1


def _lines(outcome: Outcome, explained: Explained) -> Iterator[str]:
    description = outcome.description
    there = 27 - len(description.missing)
    yield f"\n{description.place}: OpenAPI {description.version}, {there} of 27 operations, {outcome.answers} answers"
    yield from _table(explained)
    unexplained = Counter((one.status, one.what) for one in explained.unexplained)
    yield from _section("Not as described, and not explained", [_line(explained, key) for key in unexplained])
    yield from _section("Listed, but no longer so", list(explained.gone))
    yield from _section("Cases that do not provoke what they should", outcome.misled)


def _table(explained: Explained) -> Iterator[str]:
    rows = [("deliberate deviation", "statuses", "operations", "answers", "source")]
    rows += [_row(deviation, findings) for deviation, findings in explained.meant.items() if findings]
    if len(rows) > 1:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        yield ""
        yield from ("  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
        yield ""


def _row(deviation: Deviation, findings: list[Finding]) -> tuple[str, str, str, str, str]:
    statuses = ", ".join(map(str, deviation.statuses))
    operations = {finding.operation for finding in findings}
    return deviation.name, statuses, str(len(operations)), str(len(findings)), deviation.source


def _line(explained: Explained, key: tuple[int, str]) -> str:
    """Describe what was found several times, by the first time."""
    same = [one for one in explained.unexplained if (one.status, one.what) == key]
    first, operations = same[0], {one.operation for one in same}
    status = f"{first.status}: " if first.status else ""
    detail = f" ({first.detail})" if first.detail else ""
    case = f", {first.case}" if first.case else ""
    more = f" [{len(same)} times, {len(operations)} operations]" if len(same) > 1 else ""
    return f"{status}{first.what}{detail}: {first.operation}{case}{more}"


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
        yield from (f"  {line}" for line in lines[:SHOWN])
        yield from [f"  … and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
