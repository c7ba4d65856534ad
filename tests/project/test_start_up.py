"""What is imported when: names when they are first asked for, and all packages look as if they had imported them."""

import ast
import inspect
import json
import os
import pickle
import pkgutil
import pydoc
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

LAZY = ["ghpackages", "ghpackages.audit", "ghpackages.testing", "ghpackages_api", "ghpackages_api.models"]
HEAVY = {"asyncio", "attr", "attrs", "dateutil", "httpx", "json", "re", "ssl", "typing", "urllib"}
NAMES = [(package, name) for package in LAZY for name in import_module(package).__all__]


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


def tree_of(package: str) -> ast.Module:
    return ast.parse(Path(import_module(package).__file__ or "").read_text("utf-8"))


def seen_by_type_checkers(package: str) -> dict[str, str]:
    """Where each name comes from, by the imports under `if TYPE_CHECKING`."""
    (branch,) = (
        node
        for node in tree_of(package).body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    )
    return {
        alias.name: "." * node.level + (node.module or alias.name)
        for node in ast.walk(branch)
        if isinstance(node, ast.ImportFrom) and node.module != "collections.abc"
        for alias in node.names
    }


def looked_up_at_run_time(package: str) -> dict[str, str]:
    """Where each name comes from, by the table that `lazy_names` is given; a module comes from itself."""
    (table,) = (
        node.args[1]
        for node in ast.walk(tree_of(package))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "lazy_names"
    )
    homes: dict[str, str] = ast.literal_eval(table)
    return {name: home for home, names in homes.items() for name in names.split() or [home[1:]]}


# --- nothing is imported before it is needed


@pytest.mark.parametrize("package", LAZY)
def test_a_package_alone_imports_nothing_heavy(package: str):
    tops = {name.partition(".")[0] for name in added(f"import {package}")}
    assert not tops & HEAVY, tops & HEAVY


def test_the_pytest_plugin_imports_nothing_but_pytest():
    ours = {name for name in added("import ghpackages.testing.plugin") if name.startswith("ghpackages")}
    packages = {"ghpackages", "ghpackages._version", "ghpackages.testing", "ghpackages_api"}
    assert ours == {*packages, "ghpackages.testing.plugin"}


def test_an_enum_is_had_without_httpx_and_attrs():
    assert not {"httpx", "attr"} & loaded("from ghpackages import PackageType")


READY = """
from ghpackages import GitHubPackages
github = GitHubPackages("made-up-token", base_url="{}")
github.org("acme")
"""


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:1", "https://127.0.0.1"])
def test_a_client_that_was_not_asked_for_anything_has_no_models_pages_and_connections(base_url: str):
    modules = loaded(READY.format(base_url))
    models = {name for name in modules if name.startswith("ghpackages_api.models.")}
    assert not {"ghpackages.pagination", "httpcore", "aiohttp", "ghpackages_api.models.package"} & modules
    assert not {"ghpackages_api.models.minimal_repository", "ghpackages_api.models.package_version"} & models


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
    added_by_request = {
        name for name in printed(FIRST_CALL) if not name.startswith(("encodings", "ghpackages_api.api"))
    }
    assert not {
        name for name in added_by_request if name.startswith(("ghpackages", "httpx", "httpcore", "aiohttp", "ssl"))
    }


# --- and yet it looks as if it was


@pytest.mark.parametrize("package", LAZY)
def test_type_checkers_and_python_find_the_same_names_in_the_same_places(package: str):
    everything = set(import_module(package).__all__) - {"__version__"}
    assert seen_by_type_checkers(package).keys() == everything
    run_time = looked_up_at_run_time(package)
    assert {name: run_time[name] for name in everything} == {
        name: f".{name}" if home == "." + name else home for name, home in seen_by_type_checkers(package).items()
    }


@pytest.mark.parametrize("package", LAZY)
def test_the_table_has_no_name_that_is_not_public_but_modules(package: str):
    modules = {info.name for info in pkgutil.iter_modules(import_module(package).__path__)}
    assert looked_up_at_run_time(package).keys() <= {*import_module(package).__all__, *modules}


@pytest.mark.parametrize(("package", "name"), NAMES)
def test_a_name_is_found_and_then_kept(package: str, name: str):
    module = import_module(package)
    value = getattr(module, name)
    assert vars(module)[name] is value
    if inspect.isclass(value):
        assert pickle.loads(pickle.dumps(value)) is value  # noqa: S301 (our own)


@pytest.mark.parametrize("package", LAZY)
def test_a_star_import_gives_all(package: str):
    namespace: dict[str, object] = {}
    exec(f"from {package} import *", namespace)  # noqa: S102 (our own)
    assert set(import_module(package).__all__) <= namespace.keys()


@pytest.mark.parametrize("package", LAZY)
def test_dir_knows_all_names_before_they_were_asked_for(package: str):
    code = f"import {package} as it\nassert set(it.__all__) <= set(dir(it)), dir(it)"
    assert "httpx" not in loaded(code)


@pytest.mark.parametrize("package", LAZY)
def test_help_shows_what_there_is(package: str):
    text = pydoc.render_doc(import_module(package), renderer=pydoc.plaintext)
    assert {name for name in import_module(package).__all__ if name != "__version__" and name not in text} == set()


@pytest.mark.parametrize("package", LAZY)
def test_a_wrong_name_is_an_error_as_everywhere(package: str):
    with pytest.raises(AttributeError, match=rf"module '{package}' has no attribute 'nonsense'"):
        import_module(package).nonsense  # noqa: B018 (asking is the test)
    with pytest.raises(ImportError, match="cannot import name 'nonsense'"):
        exec(f"from {package} import nonsense")  # noqa: S102 (our own)


MODULES = [
    *(("ghpackages", name) for name in ("client", "exceptions", "owners", "pagination", "transport")),
    *(("ghpackages_api", name) for name in ("client", "errors", "models", "types")),
    ("ghpackages_api.models", "package"),
]


@pytest.mark.parametrize(("package", "name"), MODULES)
def test_a_module_is_there_as_if_it_was_imported(package: str, name: str):
    assert f"{package}.{name}" in loaded(f"import {package}\nassert {package}.{name}.__name__ == '{package}.{name}'")


def test_the_version_of_the_command_line_is_told_without_the_client():
    pytest.importorskip("typer", reason="the extra cli is not installed")
    modules = loaded("from ghpackages.cli import main\nassert main(['--version']) == 0")
    assert not {"asyncio", "attr", "dateutil", "httpx", "ghpackages.client", "ghpackages.testing"} & modules
