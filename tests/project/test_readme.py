"""The README's code does what it says: its Python runs, its first command runs, its checks are those of CI."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from sybil import Sybil
from sybil.example import Example
from sybil.parsers.markdown import PythonCodeBlockParser

import ghpackages
from ghpackages.testing import MockGitHub

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PYTHON = list(Sybil([PythonCodeBlockParser()]).parse(ROOT / "README.md").examples())
COMMANDS = re.findall(r"```bash\n(.*?)\n```", README, re.DOTALL)


@pytest.fixture(scope="module")
def api() -> Iterator[tuple[str, str]]:
    """The example organisation on a socket, in a thread, because the README's code has an event loop of its own."""
    import asyncio

    from ghpackages.testing import running

    server = MockGitHub.octo_org()
    ready, done = Event(), Event()
    found: list[str] = []

    async def serve() -> None:
        async with running(server, front=True) as base_url:  # needs nothing that an extra brings
            found.append(base_url)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    yield found[0], server.token
    done.set()
    thread.join()


@pytest.mark.parametrize("example", PYTHON, ids=lambda example: f"line-{example.line}")
def test_the_python_of_the_readme_runs(
    example: Example, api: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    base_url, token = api
    monkeypatch.setenv("GITHUB_API_URL", base_url)
    monkeypatch.setenv("GH_TOKEN", token)
    example.namespace["TOKEN"] = token
    example.evaluate()
    assert "MockGitHub" in example.parsed or capsys.readouterr().out.count("\n") > 1


def test_the_readme_has_python_to_run():
    assert len(PYTHON) == 8


def test_the_readme_has_two_commands():
    assert len(COMMANDS) == 2
    install, run = COMMANDS[0].split(" && ")
    assert install == 'pip install ".[cli]"'
    assert run.startswith("ghpackages ")
    assert COMMANDS[1] == "pip install nox && nox"


def test_the_first_command_prints_a_row_for_each_package_and_totals():
    pytest.importorskip("typer", reason="the extra cli is not installed")
    command = shlex.split(COMMANDS[0].split(" && ")[1])
    environment = {name: value for name, value in os.environ.items() if "TOKEN" not in name}
    done = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-m", *command], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    packages = MockGitHub.octo_org().owner("octo-org").packages
    for package in packages:
        assert package.name in done.stdout
    assert f"{sum(package.versions.count('active') for package in packages):,}" in done.stdout


def test_ci_runs_what_the_readme_says():
    assert COMMANDS[1].removeprefix("pip ") in (ROOT / ".ci" / "run").read_text("utf-8").replace("--quiet ", "")


def test_the_readme_names_every_error():
    for name in ghpackages.__all__:
        if name.endswith("Error"):
            assert f"`{name}`" in README, name


def test_the_readme_names_every_method_of_an_owner():
    for name in vars(ghpackages.Owner):
        if not name.startswith("_") and name not in {"kind", "name"}:
            assert f".{name}(" in README, name


def test_the_readme_tells_the_size_of_the_example_organisation():
    packages = MockGitHub.octo_org().owner("octo-org").packages
    assert f"{len(packages)} packages" in README
    assert round(sum(package.versions.count("active") for package in packages), -3) == 14_000


def test_what_repeats_the_figures_of_reliability_is_there():
    commands = re.findall(r"`((?:nox|python) [^`]+)`", (ROOT / "docs" / "reliability.md").read_text("utf-8"))
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    sessions = {name.replace("_", "-") for name in re.findall(r"^def (\w+)\(session:", noxfile, re.MULTILINE)}
    named = {name for command in commands for name in command.partition(" -- ")[0].split()[2:] if "nox -s" in command}
    files = {word for command in commands for word in command.split() if word.endswith(".py")}
    assert len(commands) >= 10
    assert named <= sessions
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_the_changelog_knows_the_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["hatch"]["version"]["path"] == "overlays/ghpackages/_version.py"
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{ghpackages.__version__}]" in changelog or "## [Unreleased]" in changelog
