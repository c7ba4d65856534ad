"""What `nox -s lint` can't see in the workflows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
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


def workflow(name: str) -> dict[Any, Any]:
    return loaded(ROOT / ".github" / "workflows" / f"{name}.yml")


def commands(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def run(command: str, folder: Path, **environment: str) -> int:
    """Run a step as GitHub does, with `bash -e`, and return its exit status."""
    bash = shutil.which("bash") or pytest.skip("there is no bash")
    path = {"PATH": os.environ["PATH"]}
    return subprocess.run([bash, "-e", "-c", command], cwd=folder, env={**path, **environment}, check=False).returncode  # noqa: S603


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
    whole = loaded(path)

    assert whole["permissions"] == {}
    assert all(isinstance(job.get("permissions", {}), dict) for job in whole["jobs"].values())


@EACH_WORKFLOW
def test_a_job_that_may_write_runs_nothing_of_ours(path: Path) -> None:
    trusted = [job for job in loaded(path)["jobs"].values() if "write" in job.get("permissions", {}).values()]
    words = " ".join(command for job in trusted for command in commands(job))

    assert re.findall(r"\b(python|pip|nox)\b", words) == []


@EACH_WORKFLOW
def test_the_sessions_that_are_run_exist(path: Path) -> None:
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    sessions = {
        name.replace("_", "-") for name in re.findall(r"^def (\w+)\(session: nox.Session\)", noxfile, re.MULTILINE)
    }
    runs = re.findall(r"run: nox -s ((?:[\w][\w-]* ?)+)", path.read_text("utf-8"))

    assert set(" ".join(runs).split()) <= sessions


def test_all_supported_versions_of_python_are_tested() -> None:
    supported = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text("utf-8"))

    assert workflow("ci")["jobs"]["nox"]["strategy"]["matrix"]["python"] == supported


def test_the_library_is_tested_on_macos_and_windows_with_both_installs() -> None:
    job = workflow("ci")["jobs"]["library"]

    assert job["runs-on"] == "${{ matrix.system }}"
    assert job["strategy"]["matrix"]["system"] == ["macos-latest", "windows-latest"]
    assert commands(job)[-1] == "nox -s tests-default tests-fast"


def test_what_is_published_is_built_after_all_checks_where_nothing_else_ran() -> None:
    jobs = workflow("release")["jobs"]
    build = jobs["build"]

    assert commands(jobs["check"])[-1] == "nox"
    assert (build["needs"], jobs["publish"]["needs"]) == ("check", "build")
    assert [step.get("uses", "").partition("@")[0] for step in build["steps"] if "uses" in step] == [
        "actions/checkout",
        "actions/setup-python",
        "actions/upload-artifact",
    ]
    assert commands(build)[:-1] == ["python -m pip install nox", "nox -s build"]
    assert "TAG#v" in commands(build)[-1]


def test_the_week_goes_on_after_a_failure_to_its_verdict() -> None:
    jobs = workflow("upstream")["jobs"]

    assert jobs["verdict"]["if"] == "always()"
    assert jobs["verdict"]["needs"] == ["refresh", "propose"]
    assert jobs["verdict"]["steps"][0]["env"] == {
        "OUTCOME": "${{ needs.refresh.outputs.outcome }}",
        "TESTED": "${{ needs.refresh.outputs.tested }}",
        "PROPOSED": "${{ needs.propose.result }}",
    }
    assert jobs["refresh"]["outputs"] == {
        "changed": "${{ steps.changes.outputs.changed }}",
        "tested": "${{ steps.changes.outputs.tested }}",
        "outcome": "${{ steps.refresh.outcome }}",
    }


@pytest.mark.parametrize(
    ("outcome", "tested", "proposed", "green"),
    [
        pytest.param("success", "true", "skipped", True, id="nothing changed"),
        pytest.param("success", "true", "success", True, id="changes, and a pull request"),
        pytest.param("failure", "true", "success", True, id="findings, and a pull request"),
        pytest.param("failure", "true", "skipped", False, id="findings without a change"),
        pytest.param("failure", "true", "failure", False, id="findings, but the pull request failed"),
        pytest.param("failure", "false", "success", False, id="failing tests, and a pull request"),
        pytest.param("failure", "false", "skipped", False, id="failing tests without a change"),
        pytest.param("", "", "skipped", False, id="GitHub's description could not be read"),
    ],
)
def test_the_week_is_green_only_if_it_found_nothing_or_proposed_what_passes(
    outcome: str, tested: str, proposed: str, green: bool, tmp_path: Path
) -> None:
    (verdict,) = commands(workflow("upstream")["jobs"]["verdict"])

    assert (run(verdict, tmp_path, OUTCOME=outcome, TESTED=tested, PROPOSED=proposed) == 0) is green


@pytest.mark.skipif(not shutil.which("jq"), reason="there is no jq, as there is on GitHub's machines")
@pytest.mark.parametrize(
    ("refresh", "tests", "tested"),
    [
        ("success", "success", "true"),
        ("failed", "success", "true"),
        ("failed", "failed", "false"),
        ("failed", None, "false"),
    ],
)
def test_findings_are_told_from_tests_that_fail_or_never_ran(
    refresh: str, tests: str | None, tested: str, tmp_path: Path
) -> None:
    (step,) = (step for step in workflow("upstream")["jobs"]["refresh"]["steps"] if step.get("id") == "changes")
    reports = tmp_path / "build" / "refresh"
    reports.mkdir(parents=True)
    (reports / "report.md").write_text("# What to do\n", "utf-8")
    results = {"refresh": refresh} | ({"drift": "success", "tests": tests, "tests-fast": "success"} if tests else {})
    sessions = [{"name": name, "result": result} for name, result in results.items()]
    (reports / "sessions.json").write_text(json.dumps({"sessions": sessions}), "utf-8")
    outputs = tmp_path / "outputs"
    (tmp_path / ".gitignore").write_text("/build/\n/outputs\n/summary\n", "utf-8")
    assert run("git init --quiet", tmp_path) == 0

    status = run(
        step["run"],
        tmp_path,
        OUTCOME="success",
        RUN="",
        GITHUB_OUTPUT=str(outputs),
        GITHUB_STEP_SUMMARY=str(tmp_path / "summary"),
    )

    assert (status, outputs.read_text("utf-8")) == (0, f"changed=true\ntested={tested}\n")


def test_dependabot_looks_after_actions_python_and_javascript_weekly() -> None:
    updates = loaded(ROOT / ".github" / "dependabot.yml")["updates"]

    assert {(update["package-ecosystem"], update["directory"]) for update in updates} == {
        ("github-actions", "/"),
        ("pip", "/"),
        ("npm", "/tests/interop"),
    }
    assert all(update["schedule"] == {"interval": "weekly"} and update["groups"] for update in updates)
    assert all(update["cooldown"]["default-days"] >= 7 for update in updates)
