"""The built wheel, when the tests run against it (`nox -s tests` names it in the environment)."""

import os
import re
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

import ghpackages
import ghpackages_api

WHEEL = os.environ.get("GHPACKAGES_WHEEL")
ROOT = Path(__file__).parents[2]

needs_wheel = pytest.mark.skipif(not WHEEL, reason="not run by `nox -s tests`: there is no wheel to look into")


@pytest.fixture
def wheel() -> zipfile.ZipFile:
    assert WHEEL
    return zipfile.ZipFile(WHEEL)


@needs_wheel
def test_the_tests_run_against_the_installed_wheel():
    for package in (ghpackages, ghpackages_api):
        assert ROOT / "overlays" not in Path(package.__file__ or "").parents
        assert ROOT / "generated" not in Path(package.__file__ or "").parents


@needs_wheel
def test_the_wheel_holds_both_packages_and_nothing_else(wheel: zipfile.ZipFile):
    names = [name for name in wheel.namelist() if ".dist-info/" not in name]
    sources = {
        path.relative_to(root).as_posix()
        for root in (ROOT / "overlays", ROOT / "generated")
        for package in ("ghpackages", "ghpackages_api")
        for path in (root / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert set(names) == sources
    assert {"ghpackages/py.typed", "ghpackages_api/py.typed"} <= set(names)


@needs_wheel
def test_the_wheel_tells_pytest_of_its_plugin(wheel: zipfile.ZipFile):
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/entry_points.txt"))
    assert "[pytest11]\nghpackages.testing.plugin = ghpackages.testing.plugin\n" in wheel.read(name).decode()


@needs_wheel
def test_the_wheel_tells_version_licence_and_extras(wheel: zipfile.ZipFile):
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = message_from_string(wheel.read(name).decode())
    assert metadata["Version"] == ghpackages.__version__
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    required = metadata.get_all("Requires-Dist", [])
    core = {re.split("[<>=!~; ]", line)[0] for line in required if "extra" not in line}
    assert core == {"attrs", "httpx", "python-dateutil", "sniffio"}
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())
