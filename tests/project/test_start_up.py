"""What is imported when: only `ghpackages` itself has lazy names, and looks as if it had imported them."""

import ast
import inspect
import json
import os
import pickle
import pydoc
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import ghpackages

HEAVY = {"asyncio", "attr", "attrs", "dateutil", "httpx", "json", "re", "ssl", "typing", "urllib"}
LAZY = r"^ {0,4}(def )?__getattr__\b(?!\(self)"  # on the level of the module, defined or assigned
MODULES = {"client", "exceptions", "owners", "pagination", "transport"}
NAMES = set(ghpackages.__all__) - {"__version__"}
FOLDERS = [Path(str(import_module(name).__file__)).parent for name in ("ghpackages", "ghpackages_api")]
FOLDERS.append(Path(str(import_module("ghpackages_runtime").__file__)).parent)


def loaded(code: str) -> set[str]:
    """What a fresh Python has imported after some code."""
    return printed(f"{code}\nimport sys, json\nprint(json.dumps([*sys.modules]))")


def printed(code: str) -> set[str]:
    """What a fresh Python prints last, as a JSON array."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    done = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def added(code: str) -> set[str]:
    """What some code imports that a fresh Python has not."""
    return loaded(code) - loaded("")


# --- nothing is imported before it is needed


def test_the_package_alone_imports_nothing_heavy():
    assert not {name.partition(".")[0] for name in added("import ghpackages")} & HEAVY


def test_the_pytest_plugin_imports_nothing_but_pytest():
    ours = {name for name in added("import ghpackages.pytest_plugin") if name.startswith("ghpackages")}
    assert ours == {"ghpackages", "ghpackages._version", "ghpackages.pytest_plugin"}


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_the_command_line_shows_version_and_help_without_the_client(argument: str):
    pytest.importorskip("typer", reason="the extra cli is not installed")
    modules = loaded(f"from ghpackages.cli import main\nassert main([{argument!r}]) == 0")
    assert not {"asyncio", "dateutil", "httpx", "ghpackages.client", "ghpackages.testing"} & modules


FIRST_CALL = """
import asyncio, json, sys
import httpx
from ghpackages import GitHubPackages

async def main():
    async with GitHubPackages("made-up-token", base_url="http://127.0.0.1:1", timeout=0.1) as github:
        before = {*sys.modules}
        try:
            await asyncio.wait_for(github.org("acme").versions("npm", "web").collect(), timeout=0.2)
        except Exception:
            pass
        print(json.dumps(sorted({*sys.modules} - before)))

asyncio.run(main())
"""


def test_the_first_request_of_an_entered_client_finds_everything_loaded():
    ours = ("ghpackages", "httpx", "httpcore", "aiohttp", "ssl")
    assert not {name for name in printed(FIRST_CALL) if name.startswith(ours)}


def test_connections_are_imported_only_when_a_client_is_entered():
    ready = 'from ghpackages import GitHubPackages\nGitHubPackages("made-up", base_url="https://127.0.0.1").org("acme")'
    assert not {"httpcore", "aiohttp"} & loaded(ready)


# --- and yet it looks as if it was


def test_no_other_package_has_lazy_names():
    modules = {path: path.read_text("utf-8") for folder in FOLDERS for path in folder.rglob("*.py")}
    assert [path for path, text in modules.items() if re.search(LAZY, text, re.M)] == [Path(str(ghpackages.__file__))]


def seen_by_type_checkers() -> dict[str, str]:
    """Where each name comes from, by the imports under `if TYPE_CHECKING`."""
    tree = ast.parse(Path(str(ghpackages.__file__)).read_text("utf-8"))
    (branch,) = (node for node in tree.body if isinstance(node, ast.If))
    return {
        alias.name: f"ghpackages.{node.module}" if node.level else str(node.module)
        for statement in branch.body
        for node in ast.walk(statement)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_type_checkers_and_python_find_the_same_names_in_the_same_places():
    homes: dict[str, str] = vars(ghpackages)["_HOMES"]
    at_run_time = {name: home for home, names in homes.items() for name in names.split()}
    assert {name: home for name, home in at_run_time.items() if name not in MODULES} == seen_by_type_checkers()
    assert at_run_time.keys() == NAMES | MODULES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_name_is_found_and_then_kept(name: str):
    value = getattr(ghpackages, name)
    assert vars(ghpackages)[name] is value
    if inspect.isclass(value):
        assert pickle.loads(pickle.dumps(value)) is value  # noqa: S301 (our own)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_is_there_as_if_it_was_imported(name: str):
    assert f"ghpackages.{name}" in loaded(
        f"import ghpackages\nassert ghpackages.{name}.__name__ == 'ghpackages.{name}'"
    )


def test_a_star_import_gives_all():
    namespace: dict[str, object] = {}
    exec("from ghpackages import *", namespace)  # noqa: S102 (our own)
    assert set(ghpackages.__all__) <= namespace.keys()


def test_dir_knows_all_names_before_they_were_asked_for():
    assert "httpx" not in loaded("import ghpackages as it\nassert set(it.__all__) <= set(dir(it)), dir(it)")


def test_help_shows_what_there_is():
    text = pydoc.render_doc(ghpackages, renderer=pydoc.plaintext)
    assert {name for name in NAMES if name not in text} == set()


def test_a_wrong_name_is_an_error_as_everywhere():
    with pytest.raises(AttributeError, match="module 'ghpackages' has no attribute 'nonsense'"):
        ghpackages.nonsense  # noqa: B018 (asking is the test)
    with pytest.raises(ImportError, match="cannot import name 'nonsense'"):
        exec("from ghpackages import nonsense")  # noqa: S102 (our own)
