"""The pytest plugin: its fixtures, and that it costs nothing where nobody uses them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.transport.virtual_clock import run

from ghpackages import GitHubPackages, NotFoundError, PrimaryRateLimitError, ServerError
from ghpackages.testing import EPOCH, MockClock, MockGitHub, faults

pytest_plugins = ["ghpackages.pytest_plugin"]

ROOT = Path(__file__).parents[2]


# --- fixtures


async def test_the_client_talks_to_the_server_without_a_port(
    mock_github: MockGitHub, github_packages: GitHubPackages
) -> None:
    mock_github.add_org("acme").add_package("container", "web").add_versions(250)
    async with github_packages as github:
        versions = await github.org("acme").versions("container", "web").collect()

    assert len(versions) == 250
    assert {request.headers["host"] for request in mock_github.requests} == {"api.github.com"}


def test_the_server_is_empty_and_the_client_unopened(mock_github: MockGitHub, github_packages: GitHubPackages) -> None:
    assert [owner.login for owner in mock_github.owners] == ["octocat"]
    assert mock_github.requests.maxlen
    assert not mock_github.requests
    assert github_packages.api


@pytest.mark.parametrize("name", ["GH_TOKEN", "GITHUB_API_URL", "HTTPS_PROXY"])
async def test_the_environment_makes_no_difference(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    github_packages = request.getfixturevalue("github_packages")
    async with github_packages as github:
        assert await github.me().packages("npm").collect() == []


def test_deletions_need_no_pauses_between_them(mock_github: MockGitHub, github_packages: GitHubPackages) -> None:
    package = mock_github.user.add_package("container", "web")
    numbers = [package.add_version().id for _ in range(20)]

    async def delete() -> float:
        async with github_packages as github:
            for number in numbers:
                await github.me().delete_version("container", "web", number)
        return asyncio.get_running_loop().time()

    assert run(delete()) == 0
    assert package.versions.count() == 0


async def test_the_clock_tells_when_things_are_made(
    mock_clock: MockClock, mock_github: MockGitHub, github_packages: GitHubPackages
) -> None:
    mock_clock.now = datetime(2030, 1, 1, tzinfo=UTC)
    mock_github.user.add_package("npm", "left-pad")
    mock_clock.advance(timedelta(days=1))
    async with github_packages as github:
        package = await github.me().get_package("npm", "left-pad")

    assert package.created_at == datetime(2030, 1, 1, tzinfo=UTC)


async def test_the_clock_ends_the_30_days_in_which_can_be_restored(
    mock_clock: MockClock, mock_github: MockGitHub, github_packages: GitHubPackages
) -> None:
    mock_github.user.add_package("npm", "left-pad")
    async with github_packages as github:
        await github.me().delete_package("npm", "left-pad")
        mock_clock.advance(timedelta(days=30))
        await github.me().restore_package("npm", "left-pad")
        await github.me().delete_package("npm", "left-pad")
        mock_clock.advance(timedelta(days=31))
        with pytest.raises(NotFoundError):
            await github.me().restore_package("npm", "left-pad")


async def test_the_clock_begins_a_new_hour_of_the_rate_limit(
    mock_clock: MockClock, mock_github: MockGitHub, github_packages: GitHubPackages
) -> None:
    tenant = github_packages.with_options(token=mock_github.add_token(rate_limit=1))
    other = github_packages.with_options(token=mock_github.add_token(rate_limit=1))
    async with github_packages:
        await tenant.me().packages("npm").collect()
        with pytest.raises(PrimaryRateLimitError):
            await tenant.me().packages("npm").collect()
        await other.me().packages("npm").collect()
        mock_clock.advance(timedelta(hours=1))
        assert await github_packages.with_options(token=mock_github.token).me().packages("npm").collect() == []


# --- pauses


def advanced(clock: MockClock) -> float:
    """The seconds that a clock was advanced."""
    return (clock.now - EPOCH).total_seconds()


async def test_the_pauses_between_attempts_take_no_time_and_advance_the_clock(
    mock_clock: MockClock, mock_github: MockGitHub, github_packages: GitHubPackages
) -> None:
    fault = mock_github.fault(faults.Status(502), times=3)
    began = asyncio.get_running_loop().time()
    async with github_packages as github:
        assert await github.me().docker_conflicts() == []

    assert fault.hits == 3
    assert advanced(mock_clock) == 1 + 2 + 4
    assert asyncio.get_running_loop().time() - began < 0.5


async def test_a_server_that_stays_in_trouble_is_given_up_at_once(
    mock_clock: MockClock, mock_github: MockGitHub, github_packages: GitHubPackages
) -> None:
    mock_github.fault(faults.Status(502))
    began = asyncio.get_running_loop().time()
    async with github_packages as github:
        with pytest.raises(ServerError):
            await github.me().get_package("npm", "left-pad")

    assert advanced(mock_clock) == 1 + 2 + 4
    assert asyncio.get_running_loop().time() - began < 0.5


async def test_a_secondary_limit_is_waited_for_by_the_clock(
    mock_clock: MockClock, mock_github: MockGitHub, github_packages: GitHubPackages
) -> None:
    mock_github.fault(faults.SecondaryRefusal(wait=60), times=1)
    async with github_packages as github:
        assert await github.me().docker_conflicts() == []

    assert advanced(mock_clock) == 60


async def test_the_next_hour_is_waited_for_by_the_clock(
    mock_clock: MockClock, mock_github: MockGitHub, github_packages: GitHubPackages
) -> None:
    token = mock_github.add_token(rate_limit=1)
    async with github_packages as github:
        patient = github.with_options(token=token, max_wait=3900)
        for _ in range(3):
            await patient.me().docker_conflicts()
        assert 2 * 3600 <= advanced(mock_clock) <= 2 * 3601
        assert github.rate_limit.paused_until is None


@pytest.mark.parametrize("count", [2, 3, 16, 40])
async def test_pauses_of_calls_that_were_made_together_end_together(
    mock_clock: MockClock, mock_github: MockGitHub, github_packages: GitHubPackages, count: int
) -> None:
    github = github_packages
    for _ in range(2):
        mock_github.fault(faults.Status(502), times=count)
    async with github, asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(github.me().docker_conflicts())

    assert len(mock_github.requests) == 3 * count
    assert advanced(mock_clock) <= (1 + 2) * -(-count // github.concurrency)


async def test_a_pause_does_not_shorten_a_longer_one(
    mock_clock: MockClock, mock_github: MockGitHub, github_packages: GitHubPackages
) -> None:
    web = mock_github.user.add_package("container", "web")
    web.add_versions(2)
    mock_github.fault(faults.SecondaryRefusal(wait=50), operation="list_versions", times=1)
    mock_github.fault(faults.Status(502), operation="get_package", times=3)
    async with github_packages as github:
        _, versions = await asyncio.gather(
            github.me().get_package("container", "web"), github.me().versions("container", "web").collect()
        )

    assert len(versions) == 2
    assert 50 <= advanced(mock_clock) <= 57


async def test_a_cancelled_pause_leaves_nothing_behind(
    mock_clock: MockClock, mock_github: MockGitHub, github_packages: GitHubPackages
) -> None:
    mock_github.fault(faults.SecondaryRefusal(wait=50))
    async with github_packages as github:
        for turns in range(60):
            task = asyncio.create_task(github.me().docker_conflicts())
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
        mock_github.clear_faults()
        assert await github.me().docker_conflicts() == []


# --- in a process of its own


def pytest_run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python on a folder of tests; without an installed wheel, the plugin and the packages are in the path."""
    found = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    sources = [] if "GHPACKAGES_WHEEL" in found else [str(ROOT / "overlays"), str(ROOT / "generated")]
    paths = [environment.pop("site", ""), *sources, found.get("PYTHONPATH", "")]
    found["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    (folder / "pytest.ini").write_text("[pytest]\n")  # the folder may be inside of ours, whose settings are not meant
    return subprocess.run(  # noqa: S603  (our own command)
        [sys.executable, *arguments, "-q", "-p", "no:cacheprovider", str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        env={**found, **environment},
        check=False,
    )


def alone(*plugins: str) -> list[str]:
    """Make pytest load only these plugins and ours, and make warnings errors."""
    return ["-W", "error", *(f"-p{plugin}" for plugin in ("ghpackages.pytest_plugin", *plugins))]


LOOK = """
import sys, pytest
code = pytest.main(sys.argv[1:])
print("loaded", *sorted(sys.modules))
sys.exit(code)
"""
HEAVY = {"httpx", "attr", "attrs", "dateutil", "ghpackages.client", "ghpackages.testing", "ghpackages_runtime.client"}


@pytest.mark.parametrize(("chosen", "loads"), [("plain", False), ("mocked", True)])
def test_the_plugin_imports_nothing_but_pytest_until_a_fixture_is_used(
    tmp_path: Path, chosen: str, loads: bool
) -> None:
    (tmp_path / "test_theirs.py").write_text("def test_plain(): pass\ndef test_mocked(mock_github): pass\n")
    look = tmp_path / "look.py"
    look.write_text(LOOK)
    run = pytest_run(tmp_path, str(look), *alone(), "-k", chosen, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    loaded = set(run.stdout.partition("\nloaded ")[2].split())

    assert run.returncode == 0, run.stdout + run.stderr
    assert "ghpackages.pytest_plugin" in loaded
    assert bool(loaded & HEAVY) == loads


USERS_TEST = """
import pytest
from ghpackages import GitHubPackages
from ghpackages.testing import MockGitHub

pytestmark = pytest.mark.{plugin}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_it(mock_github: MockGitHub, github_packages: GitHubPackages) -> None:
    mock_github.user.add_package("npm", "left-pad")
    async with github_packages as github:
        (package,) = await github.me().packages("npm").collect()
    assert package.name == "left-pad"
"""


@pytest.mark.parametrize(
    ("plugin", "settings"), [("asyncio", ["-oasyncio_default_fixture_loop_scope=function"]), ("anyio", [])]
)
def test_the_fixtures_work_with_pytest_asyncio_and_with_anyio(tmp_path: Path, plugin: str, settings: list[str]) -> None:
    (tmp_path / "test_it.py").write_text(USERS_TEST.format(plugin=plugin))
    run = pytest_run(tmp_path, "-m", "pytest", *alone(plugin), *settings, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")

    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 passed" in run.stdout


def test_an_entry_point_names_the_plugin_as_its_module_so_that_it_is_never_registered_twice() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["entry-points"]["pytest11"] == {"ghpackages.pytest_plugin": "ghpackages.pytest_plugin"}


def test_pytest_finds_the_plugin_by_its_entry_point(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(mock_github, mock_clock): assert mock_github.clock is mock_clock")
    metadata = tmp_path / "site" / "ghpackages-0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: ghpackages\nVersion: 0\n")
    (metadata / "entry_points.txt").write_text("[pytest11]\nghpackages.pytest_plugin = ghpackages.pytest_plugin\n")
    run = pytest_run(tmp_path, "-m", "pytest", site=str(tmp_path / "site"))

    assert "1 passed" in run.stdout, run.stdout + run.stderr
