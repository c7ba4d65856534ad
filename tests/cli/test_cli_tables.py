"""What commands print for people."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ghpackages.cli._grid import Column, Screen, cut, heading, layout, render

Run = Callable[..., Any]


def shown_at(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """Pretend that there is a terminal."""
    monkeypatch.setattr("ghpackages.cli._results.Results.screen", Screen(width))


def tables(out: str) -> list[list[str]]:
    """The lines of each part of what is shown."""
    return [part.splitlines() for part in out.split("\n\n")]


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "octo-org"),
        ("audit", "octo-org", "@me", "--name", "*[xy]*"),
        ("audit", "octo-org", "user:octocat", "--older-than", "2 years", "--untagged", "--name", "*[xy]*"),
        ("audit", "octo-org", "--name", "web/w*", "--state", "deleted", "--all-versions"),
        ("packages", "octo-org"),
        ("versions", "octo-org", "container", "web/cache"),
    ],
)
def test_no_line_is_wider_than_the_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, width: int, arguments: tuple[str, ...]
) -> None:
    shown_at(monkeypatch, width)
    lines = run(*arguments, "--demo").out.splitlines()

    assert len(lines) > 5
    assert max(map(len, lines)) <= width


def test_at_80_columns_nothing_but_long_names_is_cut(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    shown_at(monkeypatch, 80)
    lines = run("audit", "octo-org", "--demo").out.splitlines()

    assert "container web/api             private   3,000 1,000  2,000 2026-05-11 2026-10-26" in lines
    assert any("com.exam" in line and "…" in line for line in lines)
    assert not any("Not shown" in line for line in lines)


@pytest.mark.parametrize(
    "arguments", [("audit", "octo-org"), ("audit", "octo-org", "--tagged", "--older-than", "2 years")]
)
def test_at_140_columns_nothing_is_cut(run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    shown_at(monkeypatch, 140)
    out = run(*arguments, "--demo").out

    assert "…" not in out
    assert out.split()[:8] == ["type", "name", "visibility", "versions", "tagged", "untagged", *out.split()[6:8]]


def test_in_a_pipe_nothing_is_cut_or_coloured(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    out = run("audit", "octo-org", "--demo", "--untagged", "--name", "*-*").out

    assert "…" not in out
    assert "\x1b" not in out
    assert "sha256:" in out
    assert not any(line.endswith(" ") for line in out.splitlines())


def test_counts_are_aligned_and_missing_ones_are_dashes(run: Run) -> None:
    lines = tables(run("audit", "octo-org", "--demo").out)[0]
    end = lines[0].index("versions") + len("versions")
    npm = next(line for line in lines if line.startswith("npm"))

    assert all(line[end - 1].isdigit() and line[end] == " " for line in lines[2:-2])
    assert npm.split()[4:6] == ["–", "–"]
    assert lines[-1].split()[:2] == ["164", "packages"]


def test_totals_by_repository_are_beneath_the_largest_first_and_unlinked_packages_last(run: Run) -> None:
    report = json.loads(run("audit", "@me", "--demo", "--older-than", "1 year", "-f", "json").out)
    sums: dict[str, list[int]] = {}
    for one in report["packages"]:
        repository = (one["package"]["repository"] or {"full_name": "–"})["full_name"]
        found = sums.setdefault(repository, [0, 0, 0])
        for index, number in enumerate((1, one["versions"], len(one["matches"]))):
            found[index] += number
    _, by_repository, *_ = tables(run("audit", "@me", "--demo", "--older-than", "1 year").out)
    header, _, *rows, _, totals = (line.split() for line in by_repository)

    assert header == ["repository", "packages", "versions", "untagged", "matches"]
    assert {row[0]: [int(row[1]), int(row[2]), int(row[4])] for row in rows} == sums
    assert [int(row[2]) for row in rows[:-1]] == sorted((int(row[2]) for row in rows[:-1]), reverse=True)
    assert rows[-1][0] == "–"
    assert totals[:4] == [str(len(sums) - 1), "repositories", "7", "97"]


def test_totals_by_repository_are_left_out_where_there_is_only_one(run: Run) -> None:
    assert "repository" not in run("audit", "@me", "--demo", "--name", "sandbox/*").out


def test_the_owner_is_shown_only_if_there_are_several(run: Run) -> None:
    assert not run("audit", "octo-org", "--demo").out.startswith("owner")
    assert run("audit", "octo-org", "@me", "--demo").out.startswith("owner")


def test_matches_are_listed_beneath_with_their_reason(run: Run) -> None:
    out = run("audit", "octo-org", "--demo", "--type", "container", "--name", "web/cache", "--tag-any", "latest").out

    assert "container web/cache: 1 of 60 versions" in out
    assert "1.1.9, 1.1, 1, latest" in out
    assert "tag latest: latest" in out


def test_no_match_is_said(run: Run) -> None:
    assert "No version matches." in run("audit", "@me", "--demo", "--older-than", "20 years").out


def test_no_table_calls_a_version_safe_to_delete(run: Run) -> None:
    texts = [run("audit", "@me", "--demo", "--untagged").out, run("audit", "--help").out]

    assert not any("safe" in text for text in texts)
    assert "multi-platform image" in " ".join(texts[1].replace("│", " ").split())


@pytest.mark.parametrize("width", range(1, 12))
def test_cutting_takes_the_middle(width: int) -> None:
    assert len(cut("abcdefghij", width)) == min(width, 10)
    assert cut("abcdefghij", 5) == "ab…ij"


def test_control_characters_and_markup_do_not_reach_the_terminal() -> None:
    screen = Screen(80)
    column = Column(title="name", cells=["a\x1b[31mb", "[bold]c[/]", "d\ne"], cut=True)
    out = render(layout([column], screen), screen)

    assert "\x1b" not in out
    assert "[bold]c[/]" in out
    assert len(out.splitlines()) == 5


def test_headings_are_plain_and_fit() -> None:
    assert heading("a\x1b[31mb [bold]c[/]", Screen(80)) == "a�[31mb [bold]c[/]\n"
    assert heading("abcdefghij", Screen(5)) == "ab…ij\n"
    assert heading("abcdefghij", Screen()) == "abcdefghij\n"


def test_colours_are_for_terminals_that_want_them() -> None:
    column = Column(title="name", cells=["a"])

    assert "\x1b[1m" in render(layout([column], Screen(80, True)), Screen(80, True))
    assert "\x1b" not in render(layout([column], Screen(80)), Screen(80))
