"""Figures that a text quotes, held to the results.

In the section `## Fast` these are all numbers of × or MB, and numbers of ms, µs, s or % in bold; not in bold these are
conditions, such as a latency. Behind it, on the same line, a comment that nobody sees names its target (`Target.key` in
`verdict.py`): one for each, in the same order.

    - decodes packages **3.1 ×** as fast as githubkit <!-- decode-package-fast-to-githubkit -->
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest

from attrs import frozen
from benchmarks.peers.verdict import Verdict

SECTION = re.compile(r"^## Fast\s*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
NUMBER = r"(?<![\d.,])\d[\d,]*(?:\.\d+)?"
FIGURE = re.compile(rf"({NUMBER})\s*(×|MB)|(?<=\*\*)({NUMBER})\s*(ms|µs|s|%)(?=\*\*)")
KEY = re.compile(r"<!--\s*([\w-]+)\s*-->")
LINK = "docs/benchmarks.md"
LEAST = 3
"""So many figures are quoted."""


@frozen
class Quote:
    """A figure that a text quotes.

    Attributes:
        key: The key of its target; empty if the text does not say.
        number: As it is written; empty if there is only a key.
        unit: Its unit.
    """

    key: str
    number: str
    unit: str


def quotes(text: str) -> list[Quote]:
    """The figures that the section quotes, in order."""
    section = SECTION.search(text)
    return [quote for line in (section[1] if section else "").splitlines() for quote in _of_line(line)]


def _of_line(line: str) -> Iterator[Quote]:
    figures = [(found[1] or found[3], found[2] or found[4]) for found in FIGURE.finditer(KEY.sub("", line))]
    for figure, key in zip_longest(figures, KEY.findall(line)):
        yield Quote(key or "", *(figure or ("", "")))


def disagreements(text: str, verdicts: Iterable[Verdict]) -> list[str]:
    """What is wrong about the section: figures that are not those of the results, too few of them, no link."""
    judged, found = {verdict.target.key: verdict for verdict in verdicts}, quotes(text)
    section = SECTION.search(text)
    wrong = [problem for quote in found if (problem := _problem(quote, judged))]
    if len(found) < LEAST:
        wrong.append(f"{len(found)} figures are quoted in the section “Fast”, not {LEAST}")
    if LINK not in (section[1] if section else ""):
        wrong.append(f"the section “Fast” has no link to {LINK}")
    return wrong


def _problem(quote: Quote, judged: Mapping[str, Verdict]) -> str | None:
    """What is wrong about one quote."""
    if not quote.number:
        return f"{quote.key} has no figure on its line"
    written = f"{quote.number} {quote.unit}"
    if not quote.key:
        return f"{written}: of what? No comment says it"
    if quote.key not in judged:
        return f"{written}: no target is called “{quote.key}”"
    bound, measured = judged[quote.key].target.bound, judged[quote.key].measured
    if not measured:
        return f"{quote.key}: {written} is quoted, but it was not measured: {judged[quote.key].problem}"
    if quote.unit == bound.unit and _is_rounded(quote.number, measured.value):
        return None
    return f"{quote.key}: {written} is quoted, but measured was {bound.write(measured.value)}"


def _is_rounded(number: str, value: float) -> bool:
    """Whether a number is a value after rounding. One digit alone is too coarse: it could make 4 of 3.5."""
    plain = number.replace(",", "")
    whole, _, decimals = plain.partition(".")
    return len((whole + decimals).lstrip("0")) >= 2 and float(plain) == round(value, len(decimals))
