"""The CHANGELOG entry of a refresh is drafted from its two reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from maintenance.changelog import BEGIN, END, NoPlaceError, draft, main, with_draft
from openapi.upstream.command import main as compare_with_upstream
from tests.upstream.description import github

CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Something.\n\n## [0.1.0] - 2026-01-01\n"
API = {
    "ref": "v0.1.0",
    "breaking": ["`a.b`: public object was removed"],
    "retyped": ["`a.c`: `int` → `str`"],
    "added": ["a.d"],
}


def upstream_records(folder: Path, description: dict[str, Any]) -> dict[str, Any]:
    """The records of a run on a description of GitHub's."""
    source, target = folder / "github.json", folder / "upstream.json"
    source.write_text(json.dumps(description), "utf-8")
    compare_with_upstream([str(source), "--json", str(target)])
    return json.loads(target.read_text("utf-8"))


@pytest.fixture
def unchanged(tmp_path: Path) -> dict[str, Any]:
    return upstream_records(tmp_path, github())


def test_without_differences_there_is_no_draft(unchanged: dict[str, Any]) -> None:
    assert draft(unchanged, None) == []


def test_what_github_changed_is_a_line_each(tmp_path: Path) -> None:
    description = github()
    description["components"]["schemas"]["package"]["properties"]["stars"] = {"type": "integer"}

    (line,) = draft(upstream_records(tmp_path, description), None)

    assert line.startswith("- GitHub (api.github.com 1.1.4): field added at `GET ")
    assert line.endswith("→ stars` and 8 more (additive).")


def test_what_changed_in_python_is_a_line_each(unchanged: dict[str, Any]) -> None:
    assert draft(unchanged, API) == [
        "- Python, since v0.1.0, breaking: `a.b`: public object was removed.",
        "- Python, since v0.1.0, another type: `a.c`: `int` → `str`.",
        "- Python, since v0.1.0, new: `a.d`.",
    ]


def test_the_draft_stands_at_the_top_of_what_is_unreleased() -> None:
    changed = with_draft(CHANGELOG, ["- One.", "- Two."])

    assert changed == CHANGELOG.replace("### Added", f"{BEGIN}\n\n- One.\n- Two.\n\n{END}\n\n### Added")


def test_a_new_draft_replaces_the_old_one() -> None:
    assert with_draft(with_draft(CHANGELOG, ["- Old."]), ["- New."]) == with_draft(CHANGELOG, ["- New."])


def test_a_draft_that_is_no_longer_needed_goes_away() -> None:
    assert with_draft(with_draft(CHANGELOG, ["- Old."]), []) == CHANGELOG


def test_without_a_section_for_it_nothing_is_written() -> None:
    with pytest.raises(NoPlaceError):
        with_draft("# Changelog\n", ["- One."])


def test_the_command_drafts_without_a_released_version(tmp_path: Path, unchanged: dict[str, Any]) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text(CHANGELOG, "utf-8")

    assert main([str(tmp_path / "upstream.json"), str(tmp_path / "none.json"), "--changelog", str(changelog)]) == 0
    assert changelog.read_text("utf-8") == CHANGELOG


def test_a_missing_report_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "a.json"), str(tmp_path / "b.json")]) == 2
    assert "No such file" in capsys.readouterr().err
