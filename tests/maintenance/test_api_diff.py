"""The public surface of a working tree is compared with what was released."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from maintenance.api_diff import ApiDiff, compare_with, conclusion, main
from maintenance.released import NoVersionError, last_released
from tests.maintenance.project import Project, started


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose version 1.2.3 was released."""
    project = started(tmp_path)
    project.release("1.2.3")
    return project


def compared(project: Project) -> ApiDiff:
    return compare_with("v1.2.3", project.folder)


def test_nothing_changed_asks_for_a_patch(project: Project) -> None:
    diff = compared(project)

    assert (diff.breaking, diff.added, diff.retyped) == ((), (), ())
    assert conclusion(diff) == "This asks for a patch version: 1.2.3 → 1.2.4."


def test_a_change_inside_asks_for_a_patch(project: Project) -> None:
    project.client('"""Ask."""', 'return "?"')
    project.client("def _private(self) -> None: ...", "def _own(self, more: int) -> int: ...")
    project.write("overlays/ghpackages/_new.py", "class Hidden: ...\n")

    assert compared(project).next_version == "1.2.4"


@pytest.mark.parametrize(
    ("old", "new", "added"),
    [
        ("def _private", "def tell(self, what: str) -> None: ...\n\n    def _private", "ghpackages.Client.tell"),
        ("timeout: float = 30.0", "timeout: float = 30.0, loud: bool = False", "ghpackages.Client.ask(loud)"),
        ("name: str", "name: str\n    age: int", "ghpackages.Client.age"),
    ],
    ids=["method", "parameter", "attribute"],
)
def test_an_addition_asks_for_a_minor_version(project: Project, old: str, new: str, added: str) -> None:
    project.client(old, new)

    diff = compared(project)

    assert (diff.breaking, diff.added) == ((), (added,))
    assert conclusion(diff) == "This asks for a minor version: 1.2.3 → 1.3.0."


@pytest.mark.parametrize(
    ("old", "new", "breaking"),
    [
        ("def ask", "def _ask", "ask`: public object was removed"),
        ("name: str", "", "name`: public object was removed"),
        ("question: str, ", "", "ask(question)`: parameter was removed"),
        ("= 30.0", "", "ask(timeout)`: parameter is now required"),
        ("= 30.0", "= 30.0, to: str", "ask(to)`: parameter was added as required"),
        ("= 30.0", "= 9.0", "ask(timeout)`: parameter default was changed, `30.0` → `9.0`"),
        (
            "question: str, *, ",
            "*, question: str, ",
            "ask(question)`: parameter kind was changed, positional or keyword → keyword-only",
        ),
    ],
    ids=["method", "attribute", "parameter", "required", "required too", "default", "kind"],
)
def test_a_breakage_asks_for_a_major_version(project: Project, old: str, new: str, breaking: str) -> None:
    project.client(old, new)

    diff = compared(project)

    assert (diff.breaking, diff.added) == ((f"`ghpackages.Client.{breaking}",), ())
    assert conclusion(diff) == "This asks for a major version: 1.2.3 → 2.0.0."


def test_what_is_no_longer_exported_breaks(project: Project) -> None:
    project.write("overlays/ghpackages/__init__.py", '"""Ours."""\n\n__all__ = []\n')

    assert compared(project).breaking == ("`ghpackages.Client`: public object was removed",)


def test_the_generated_package_counts(project: Project) -> None:
    project.write("generated/ghpackages_api/models.py", "class Package:\n    id: int\n    url: str\n")

    diff = compared(project)

    assert diff.breaking == ("`ghpackages_api.models.Package.name`: public object was removed",)
    assert diff.added == ("ghpackages_api.models.Package.url",)


def test_a_package_that_did_not_exist_yet_is_new(project: Project) -> None:
    project.write("overlays/ghpackages_runtime/__init__.py", "")
    project.write("overlays/ghpackages_runtime/errors.py", "class Failure(Exception): ...\n")

    diff = compared(project)

    assert (diff.breaking, diff.added) == ((), ("ghpackages_runtime.errors",))


def test_a_package_that_is_gone_breaks(project: Project) -> None:
    shutil.rmtree(project.folder / "generated" / "ghpackages_api")

    assert "`ghpackages_api`: package was removed" in compared(project).breaking


def test_a_changed_type_is_for_people_to_judge(project: Project) -> None:
    project.client("-> str", "-> str | None")
    project.client("name: str", "name: bytes")

    diff = compared(project)

    assert diff.retyped == (
        "`ghpackages.Client.ask`: `str` → `str | None`",
        "`ghpackages.Client.name`: `str` → `bytes`",
    )
    assert diff.step == "minor"


def test_one_thing_under_two_names_is_told_once(project: Project) -> None:
    project.write("generated/ghpackages_api/__init__.py", 'from .models import Package\n\n__all__ = ["Package"]\n')
    project.commit()
    project.git("tag", "--force", "v1.2.3")
    project.write("generated/ghpackages_api/models.py", "class Package:\n    id: int\n    name: str\n    url: str\n")

    assert compared(project).added == ("ghpackages_api.Package.url",)


def test_what_moves_inside_and_keeps_its_public_name_changes_nothing(project: Project) -> None:
    folder = project.folder / "overlays/ghpackages"
    (folder / "_client.py").rename(folder / "_talk.py")
    project.write("overlays/ghpackages/__init__.py", 'from ._talk import Client\n\n__all__ = ["Client"]\n')

    diff = compared(project)

    assert (diff.breaking, diff.added) == ((), ())


def test_before_1_0_a_minor_version_may_break(project: Project) -> None:
    project.release("0.4.1")
    project.client("def ask", "def _ask")

    diff = compare_with("v0.4.1", project.folder)

    assert conclusion(diff) == "This asks for a major version. Before 1.0 a minor version may break: 0.4.1 → 0.5.0."


# What is compared with -------------------------------------------------------------------------------------------


def test_it_is_the_highest_released_version(project: Project) -> None:
    for version in ("1.10.0", "1.9.0", "2.0.0rc1"):
        project.release(version)
    project.git("tag", "vague")

    assert last_released(project.folder) == "v1.10.0"


def test_what_was_released_elsewhere_does_not_count(project: Project) -> None:
    project.git("checkout", "--quiet", "-b", "next")
    project.release("2.0.0")
    project.git("checkout", "--quiet", "main")

    assert last_released(project.folder) == "v1.2.3"


def test_without_a_repository_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))  # the folder may be inside of ours
    with pytest.raises(NoVersionError, match="not a git repository"):
        last_released(tmp_path)


# The command -----------------------------------------------------------------------------------------------------


def test_the_command_compares_with_the_last_release(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.client("def ask", "def _ask")

    assert main([], repository=project.folder) == 0
    assert capsys.readouterr().out == (
        "# The public Python surface since v1.2.3\n\n"
        "**This asks for a major version: 1.2.3 → 2.0.0.**\n\n"
        "## Breaking (1)\n\n"
        "- `ghpackages.Client.ask`: public object was removed\n"
    )


def test_the_command_compares_with_a_given_ref(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.client("def ask", "def _ask")
    project.commit()

    assert main(["HEAD"], repository=project.folder) == 0
    assert "since HEAD\n\n**This asks for a patch version" in capsys.readouterr().out


def test_the_command_leaves_the_repository_as_it_was(project: Project) -> None:
    before = sorted(project.folder.rglob("*"))

    main(["v1.2.3"], repository=project.folder)

    assert sorted(project.folder.rglob("*")) == before


def test_without_a_released_version_it_says_so_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = started(tmp_path)

    assert main([], repository=project.folder) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("api-diff: no version was released yet: there is no tag v*. Name a git ref")


def test_an_unknown_ref_ends_with_2(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["v9"], repository=project.folder) == 2
    assert capsys.readouterr().err == "api-diff: git knows no commit 'v9'\n"


def test_a_ref_without_the_packages_ends_with_2(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.git("checkout", "--quiet", "--orphan", "empty")
    project.git("rm", "--quiet", "-rf", ".")
    project.commit()
    project.git("checkout", "--quiet", "main")

    assert main(["empty"], repository=project.folder) == 2
    assert "overlays" in capsys.readouterr().err


def test_the_reports_are_written(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.client("name: str", "name: str\n    age: int")
    folder = project.folder / "reports"

    main(["--json", str(folder / "api.json"), "--markdown", str(folder / "api.md")], repository=project.folder)

    assert (folder / "api.md").read_text("utf-8") == capsys.readouterr().out
    assert json.loads((folder / "api.json").read_text("utf-8")) == {
        "format": 1,
        "ref": "v1.2.3",
        "version": "1.2.3",
        "asks_for": "minor",
        "next_version": "1.3.0",
        "breaking": [],
        "retyped": [],
        "added": ["ghpackages.Client.age"],
    }
