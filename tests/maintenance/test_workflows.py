"""What `nox -s lint` can't see in the workflows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EACH_WORKFLOW = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
PIN = re.compile(r"uses: (\S+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$")


def loaded(path: Path) -> dict[Any, Any]:
    return yaml.safe_load(path.read_text("utf-8"))


def used(path: Path) -> list[str]:
    return [line.strip(" -") for line in path.read_text("utf-8").splitlines() if line.strip(" -").startswith("uses:")]


def test_there_are_workflows() -> None:
    assert WORKFLOWS


@EACH_WORKFLOW
def test_each_action_is_pinned_to_a_commit_and_tells_its_version(path: Path) -> None:
    assert [line for line in used(path) if not PIN.match(line)] == []


def test_an_action_is_the_same_everywhere() -> None:
    pins = {match.groups() for path in WORKFLOWS for line in used(path) if (match := PIN.match(line))}

    assert len({action for action, _, _ in pins}) == len(pins)


@EACH_WORKFLOW
def test_permissions_are_granted_to_jobs_only(path: Path) -> None:
    workflow = loaded(path)

    assert workflow["permissions"] == {}
    assert all(job["permissions"] for job in workflow["jobs"].values())


@EACH_WORKFLOW
def test_a_job_that_may_write_runs_nothing_of_ours(path: Path) -> None:
    trusted = [job for job in loaded(path)["jobs"].values() if "write" in job["permissions"].values()]
    commands = " ".join(step.get("run", "") for job in trusted for step in job["steps"])

    assert re.findall(r"\b(python|pip|nox)\b", commands) == []


@EACH_WORKFLOW
def test_the_sessions_that_are_run_exist(path: Path) -> None:
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    sessions = {
        name.replace("_", "-") for name in re.findall(r"^def (\w+)\(session: nox.Session\)", noxfile, re.MULTILINE)
    }
    runs = re.findall(r"run: nox -s ([\w-]+)", path.read_text("utf-8"))

    assert set(runs) <= sessions


def test_all_supported_versions_of_python_are_tested() -> None:
    supported = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text("utf-8"))

    assert loaded(ROOT / ".github/workflows/ci.yml")["jobs"]["nox"]["strategy"]["matrix"]["python"] == supported
