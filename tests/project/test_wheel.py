"""The built wheel, when the tests run against it (the sessions `tests…` of nox name it in the environment)."""

import os
import re
import zipfile
from collections.abc import Iterator
from email import message_from_string
from importlib.metadata import distributions
from pathlib import Path

import pytest

import ghpackages
import ghpackages_api
import ghpackages_runtime

WHEEL = os.environ.get("GHPACKAGES_WHEEL")
EXTRA = os.environ.get("GHPACKAGES_EXTRA")
ROOT = Path(__file__).parents[2]

needs_wheel = pytest.mark.skipif(not WHEEL, reason="not run by a session `tests…` of nox: there is no wheel")


@pytest.fixture
def wheel() -> zipfile.ZipFile:
    assert WHEEL
    return zipfile.ZipFile(WHEEL)


@needs_wheel
def test_the_tests_run_against_the_installed_wheel():
    for package in (ghpackages, ghpackages_api, ghpackages_runtime):
        assert ROOT / "overlays" not in Path(package.__file__ or "").parents
        assert ROOT / "generated" not in Path(package.__file__ or "").parents


@needs_wheel
def test_the_wheel_holds_the_three_packages_and_nothing_else(wheel: zipfile.ZipFile):
    names = [name for name in wheel.namelist() if ".dist-info/" not in name]
    sources = {
        path.relative_to(root).as_posix()
        for root in (ROOT / "overlays", ROOT / "generated")
        for package in ("ghpackages", "ghpackages_api", "ghpackages_runtime")
        for path in (root / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert set(names) == sources
    assert {"ghpackages/py.typed", "ghpackages_api/py.typed", "ghpackages_runtime/py.typed"} <= set(names)


@needs_wheel
def test_the_wheel_tells_pytest_of_its_plugin(wheel: zipfile.ZipFile):
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/entry_points.txt"))
    assert "[pytest11]\nghpackages.pytest_plugin = ghpackages.pytest_plugin\n" in wheel.read(name).decode()


@needs_wheel
def test_the_wheel_tells_version_licence_and_extras(wheel: zipfile.ZipFile):
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = message_from_string(wheel.read(name).decode())
    assert metadata["Version"] == ghpackages.__version__
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    required = metadata.get_all("Requires-Dist", [])
    core = {re.split("[<>=!~; ]", line)[0]: line for line in required if "extra" not in line}
    assert core.keys() == {"attrs", "httpx", "python-dateutil", "sniffio"}
    assert {name for name, line in core.items() if "<" not in line} == {"attrs", "sniffio"}
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())


def brought_by_extras(wheel: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each extra with each package that it brings."""
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    for line in message_from_string(wheel.read(name).decode()).get_all("Requires-Dist", []):
        if extra := re.search(r"extra == ['\"](\w+)", line):
            yield extra[1], re.split("[<>=!~; ]", line)[0]


@needs_wheel
def test_the_extra_that_is_tried_is_installed_if_any_and_no_other(wheel: zipfile.ZipFile):
    installed = {distribution.name.lower().replace("_", "-") for distribution in distributions()}
    there = {(extra, name) for extra, name in brought_by_extras(wheel) if name in installed}
    assert there == {(extra, name) for extra, name in brought_by_extras(wheel) if extra == EXTRA}
    assert bool(there) == bool(EXTRA)
