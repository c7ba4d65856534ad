"""The test files in the README are complete and pass."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
COMMAND = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "ghpackages.pytest_plugin"]
FILES = [
    block for block in re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL) if "def test_" in block
]


@pytest.mark.parametrize("text", FILES, ids=range(len(FILES)))
@pytest.mark.parametrize("plugin", ["asyncio", "anyio"])
def test_the_test_file_of_the_readme_passes_whichever_plugin_runs_it(tmp_path: Path, text: str, plugin: str):
    text = text.replace("pytest.mark.asyncio", f"pytest.mark.{plugin}", 1)
    (tmp_path / "test_readme.py").write_text(text, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(BACKEND, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")  # the folder may be inside of ours, whose settings are not meant
    sources = [] if "GHPACKAGES_WHEEL" in os.environ else [str(ROOT / "overlays"), str(ROOT / "generated")]
    paths = os.pathsep.join(filter(None, [*sources, os.environ.get("PYTHONPATH")]))
    done = subprocess.run(  # noqa: S603 (our own command)
        [*COMMAND, "-p", plugin],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\b[1-9]\d* passed", done.stdout)
    assert "skipped" not in done.stdout


BACKEND = """
import pytest

@pytest.fixture
def anyio_backend():
    return "asyncio"
"""


def test_the_readme_has_a_test_file():
    assert len(FILES) == 1


@pytest.mark.parametrize("text", FILES, ids=range(len(FILES)))
def test_the_test_file_of_the_readme_is_short(text: str):
    assert len(text.splitlines()) < 30
