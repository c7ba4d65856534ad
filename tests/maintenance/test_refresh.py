"""One command does the whole round, and commits nothing."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from maintenance.changelog import BEGIN
from maintenance.refresh import REPORTS, finish, start
from tests.maintenance.project import Project, started
from tests.upstream.description import Json, github

CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-01\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = started(tmp_path / "project")
    project.write("CHANGELOG.md", CHANGELOG)
    project.write(".gitignore", "/build/\n")
    project.release("1.2.3")
    return project


def with_changes() -> Json:
    """A description with a field that ours lacks."""
    description = github()
    description["components"]["schemas"]["package"]["properties"]["stars"] = {"type": "integer"}
    return description


def publish(description: object) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: httpx.Response(200, json=description))


def read(project: Project, name: str) -> str:
    return (project.folder / REPORTS / name).read_text("utf-8")


def test_when_nothing_changed_nothing_is_written_down(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert start([], repository=project.folder, transport=publish(github())) == 0
    assert finish(repository=project.folder) == 0

    assert project.status() == ""
    assert capsys.readouterr().out.endswith(
        "Nothing was committed. What to do:\n\n"
        "1. The next version is 1.2.4 or higher, by the public Python surface.\n"
        "2. Wait for the drift check and the tests, and commit what you want to keep.\n"
    )


def test_findings_are_drafted_reported_and_end_with_1(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert start([], repository=project.folder, transport=publish(with_changes())) == 0
    assert finish(repository=project.folder) == 1

    assert project.status() == " M CHANGELOG.md\n"
    assert BEGIN in (project.folder / "CHANGELOG.md").read_text("utf-8")
    assert "1. Decide on each finding" in capsys.readouterr().out


def test_the_report_holds_both_comparisons(project: Project) -> None:
    start([], repository=project.folder, transport=publish(with_changes()))
    finish(repository=project.folder)

    headings = [line for line in read(project, "report.md").splitlines() if line.startswith("# ")]
    assert headings == ["# What to do", "# GitHub's description and ours", "# The public Python surface since v1.2.3"]


def test_what_was_generated_anew_is_pointed_at(project: Project) -> None:
    start([], repository=project.folder, transport=publish(github()))
    project.write("generated/ghpackages_api/models.py", "class Package:\n    id: int\n")
    finish(repository=project.folder)

    assert "1. Read what changed in generated/" in read(project, "report.md")
    assert "2.0.0 or higher" in read(project, "report.md")
    assert "breaking: `ghpackages_api.models.Package.name`" in (project.folder / "CHANGELOG.md").read_text("utf-8")


def test_uncommitted_changes_are_refused(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.write("README.md", "Half a sentence")

    assert start([], repository=project.folder, transport=publish(github())) == 2
    assert capsys.readouterr().err == "refresh: commit these changes first, or say --dirty:\n?? README.md\n"


def test_uncommitted_changes_are_taken_if_told(project: Project) -> None:
    project.write("README.md", "Half a sentence")

    assert start(["--dirty"], repository=project.folder, transport=publish(github())) == 0


def test_it_takes_the_arguments_of_upstream(project: Project, tmp_path: Path) -> None:
    source = tmp_path / "github.json"
    source.write_text(json.dumps(github()), "utf-8")

    assert start([str(source)], repository=project.folder) == 0
    assert json.loads(read(project, "upstream.json"))["sources"][0]["location"] == str(source)


def test_a_source_that_cannot_be_read_ends_with_2(project: Project) -> None:
    assert start([str(project.folder / "missing.json")], repository=project.folder) == 2


def test_reports_of_an_earlier_round_are_not_taken_for_new(project: Project) -> None:
    start([], repository=project.folder, transport=publish(github()))
    finish(repository=project.folder)
    start([str(project.folder / "missing.json")], repository=project.folder)

    assert not (project.folder / REPORTS / "report.md").exists()


def test_before_the_first_release_the_surface_is_not_compared(project: Project) -> None:
    project.git("tag", "--delete", "v1.2.3")
    start([], repository=project.folder, transport=publish(github()))

    assert finish(repository=project.folder) == 0
    assert "No version was released yet" in read(project, "report.md")


def test_nothing_is_committed(project: Project) -> None:
    before = project.git("log", "--format=%H")
    start([], repository=project.folder, transport=publish(with_changes()))
    finish(repository=project.folder)

    assert project.git("log", "--format=%H") == before
