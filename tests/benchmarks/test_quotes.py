"""README quotes what was measured."""

import json
from pathlib import Path

import pytest
from benchmarks.peers.quotes import Quote, disagreements, quotes
from benchmarks.peers.results import read
from benchmarks.peers.verdict import judge
from tests.benchmarks.made_up import changed, results, uninstalled

ROOT = Path(__file__).parents[2]
STORED = ROOT / "docs" / "benchmarks.json"
TEXT = """\
# Something

It takes 99 ms elsewhere.

## Fast

Of [what was measured](docs/benchmarks.md):

- packages are decoded **3.08 ×** as fast as by githubkit <!-- decode-package-fast-to-githubkit -->
- 16 at once audit 5.3 × as fast, 100 at once 5.9 × <!-- audit-0ms-16-fast-to-githubkit --> <!-- audit-0ms-100-fast-to-githubkit -->
- streaming 10,000 packages at 0 ms takes 5.6 MB, `import ghpackages` **21 ms** <!-- memory-default --> <!-- import-default -->

## Something else

Nothing about 77 ms. <!-- import-default -->
"""  # noqa: E501


def wrong(old: str = "", new: str = "") -> list[str]:
    assert old in TEXT
    return disagreements(TEXT.replace(old, new), judge(results()))


def test_figures_in_the_section_are_quotes_and_conditions_are_not() -> None:
    assert quotes(TEXT) == [
        Quote("decode-package-fast-to-githubkit", "3.08", "×"),
        Quote("audit-0ms-16-fast-to-githubkit", "5.3", "×"),
        Quote("audit-0ms-100-fast-to-githubkit", "5.9", "×"),
        Quote("memory-default", "5.6", "MB"),
        Quote("import-default", "21", "ms"),
    ]


def test_right_quotes_have_no_disagreements() -> None:
    assert wrong() == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("3.08 ×", "3.09 ×", "decode-package-fast-to-githubkit: 3.09 × is quoted, but measured was 3.08 ×"),
        ("3.08 ×", "3.0 ×", "decode-package-fast-to-githubkit: 3.0 × is quoted, but measured was 3.08 ×"),
        ("3.08 ×", "3 ×", "decode-package-fast-to-githubkit: 3 × is quoted, but measured was 3.08 ×"),
        ("5.6 MB", "**5.6 s**", "memory-default: 5.6 s is quoted, but measured was 5.60 MB"),
        ("<!-- import-default -->\n\n", "\n\n", "21 ms: of what? No comment says it"),
        ("memory-default", "memory", "5.6 MB: no target is called “memory”"),
        ("**21 ms**", "little", "import-default has no figure on its line"),
        ("docs/benchmarks.md", "docs", "the section “Fast” has no link to docs/benchmarks.md"),
    ],
)
def test_a_disagreement_is_told(old: str, new: str, complaint: str) -> None:
    assert wrong(old, new) == [complaint]


def test_too_few_quotes_are_told() -> None:
    assert "0 figures are quoted in the section “Fast”, not 3" in disagreements("# Something\n", judge(results()))


def test_what_was_not_measured_cannot_be_quoted() -> None:
    data = changed()
    uninstalled(data, "githubkit", "no network")
    found = disagreements(TEXT, judge(read(data)))
    assert [line for line in found if "not measured: githubkit could not be installed: no network" in line] == found
    assert len(found) == 3


@pytest.mark.skipif(not STORED.exists(), reason="nothing was measured yet: there is no docs/benchmarks.json")
def test_the_readme_quotes_what_was_measured() -> None:
    stored = read(json.loads(STORED.read_text("utf-8")))
    assert disagreements((ROOT / "README.md").read_text("utf-8"), judge(stored)) == []
