"""The shape of the project: who may import whom, what is public, how small the core is."""

import ast
import pkgutil
import sys
import tokenize
from collections.abc import Iterator
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest

import ghpackages
import ghpackages_api
import ghpackages_runtime
from ghpackages import exceptions

SOURCE = Path(__file__).parents[2] / "overlays" / "ghpackages"
FOLDERS = (SOURCE, SOURCE / "pagination", SOURCE / "transport")
CORE = [path for folder in FOLDERS for path in folder.glob("*.py") if path.name != "pytest_plugin.py"]

# Each module of the core, and what of ours it may import: always downward, no circle.
ALLOWED = {
    "__init__": {"_helpers", "_version", "client", "exceptions", "owners", "pagination/__init__", "transport/__init__"},
    "__main__": {"cli"},
    "_api": {"exceptions", "transport/__init__"},
    "_environment": {"transport/_routes"},
    "_flows": set[str](),
    "_helpers": set[str](),
    "_version": set[str](),
    "_window": {"exceptions"},
    "client": {"_api", "_environment", "_version", "owners", "transport/__init__"},
    "exceptions": set[str](),
    "owners": {"exceptions", "pagination/__init__"},
    "pagination/__init__": {
        *("pagination/_ahead", "pagination/_iterators", "pagination/_links", "pagination/_listing"),
        "pagination/_paginator",
    },
    "pagination/_ahead": {"_flows", "exceptions", "pagination/_listing"},
    "pagination/_consistent": {"exceptions", "pagination/_ahead", "pagination/_listing"},
    "pagination/_iterators": {
        *("exceptions", "pagination/_ahead", "pagination/_consistent", "pagination/_links", "pagination/_listing"),
        "pagination/_seen",
    },
    "pagination/_links": set[str](),
    "pagination/_listing": {"_flows", "_window", "exceptions", "pagination/_links"},
    "pagination/_paginator": {
        *("_window", "exceptions", "pagination/_ahead", "pagination/_iterators", "pagination/_listing"),
    },
    "pagination/_seen": set[str](),
    "transport/__init__": {
        *("transport/_clock", "transport/_connections", "transport/_count", "transport/_credentials"),
        *("transport/_governor", "transport/_layer", "transport/_limits", "transport/_log", "transport/_loop"),
        *("transport/_redirects", "transport/_retry", "transport/_window_guard"),
    },
    "transport/_aiohttp": {"transport/_body"},
    "transport/_body": set[str](),
    "transport/_clock": set[str](),
    "transport/_connections": {
        *("transport/_aiohttp", "transport/_body", "transport/_layer", "transport/_loop", "transport/_routes"),
    },
    "transport/_count": set[str](),
    "transport/_credentials": {"_flows", "exceptions", "transport/_body", "transport/_layer", "transport/_loop"},
    "transport/_layer": set[str](),
    "transport/_governor": {
        *("_flows", "exceptions", "transport/_body", "transport/_clock", "transport/_layer", "transport/_limits"),
    },
    "transport/_limits": set[str](),
    "transport/_log": {"transport/_count", "transport/_layer"},
    "transport/_loop": {"exceptions", "transport/_layer"},
    "transport/_redirects": {"transport/_body", "transport/_layer", "transport/_credentials"},
    "transport/_retry": {
        *("_flows", "transport/_body", "transport/_clock", "transport/_layer", "transport/_limits", "transport/_loop"),
        "transport/_retry_rules",
    },
    "transport/_retry_rules": {"transport/_body", "transport/_limits"},
    "transport/_routes": set[str](),
    "transport/_window_guard": {"transport/_layer", "_window"},
}


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).with_suffix("").as_posix()


def imports(path: Path, top: str = "ghpackages") -> Iterator[str]:
    """The absolute names of all that a module imports, wherever in it."""
    parts = path.parent.parts
    package = parts[len(parts) - 1 - parts[::-1].index(top) :]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def own_modules(path: Path) -> set[str]:
    """What a module of the core imports of the core, by the keys of ALLOWED."""
    found: set[str] = set()
    for name in imports(path):
        inside = name.removeprefix("ghpackages.").replace(".", "/")
        top = inside.split("/")[0]
        inside = f"{top}/__init__" if top in {"pagination", "transport"} and "/_" not in inside else inside
        if not name.startswith("ghpackages."):
            continue
        known = [key for key in ALLOWED if inside == key or inside.startswith(f"{key}/")]
        found.add(max(known, key=len) if known else inside.split("/")[0])
    return found


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_the_core_imports_downward_only(path: Path):
    assert own_modules(path) - {name_of(path)} <= ALLOWED[name_of(path)]


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_generated_endpoints_are_called_by_owners_only(path: Path):
    calls = any(name.startswith("ghpackages_api.api") for name in imports(path))
    assert calls is (name_of(path) == "owners")


GROUND = [(path, "ghpackages_runtime") for path in Path(str(ghpackages_runtime.__file__)).parent.glob("*.py")]
GENERATED = [(path, "ghpackages_api") for path in Path(str(ghpackages_api.__file__)).parent.rglob("*.py")]


@pytest.mark.parametrize(("path", "package"), [*GROUND, *GENERATED], ids=str)
def test_the_chain_of_packages_is_no_circle(path: Path, package: str):
    below = {"ghpackages_runtime": set[str](), "ghpackages_api": {"ghpackages_runtime"}}[package]
    tops = {name.partition(".")[0] for name in imports(path, package) if name.startswith("ghpackages")}
    assert tops - {package} <= below


@pytest.mark.parametrize("path", [path for path, _ in GROUND], ids=lambda path: path.name)
def test_the_runtime_needs_only_httpx_and_attrs(path: Path):
    tops = {name.partition(".")[0] for name in imports(path, "ghpackages_runtime")}
    assert tops - sys.stdlib_module_names <= {"attrs", "httpx", "orjson", "ghpackages_runtime"}


@pytest.mark.parametrize("path", [*(SOURCE / "audit").glob("*.py"), *(SOURCE / "cli").glob("*.py")], ids=name_of)
def test_audit_and_command_line_use_only_what_the_core_exports(path: Path):
    exported = {f"ghpackages.{name}" for name in ghpackages.__all__}
    products = ("ghpackages.audit", "ghpackages.cli", "ghpackages.exceptions", "ghpackages.testing")
    for name in imports(path):
        if name.startswith("ghpackages"):
            assert name in exported or name.startswith(products), name


@pytest.mark.parametrize("path", list((SOURCE / "audit").glob("*.py")), ids=name_of)
def test_the_audit_knows_nothing_of_the_command_line(path: Path):
    assert not any(name.startswith(("ghpackages.cli", "ghpackages.testing")) for name in imports(path))


@pytest.mark.parametrize("path", list((SOURCE / "testing").glob("_*.py")), ids=name_of)
def test_the_mock_server_imports_nothing_of_ours(path: Path):
    for name in imports(path):
        assert not name.startswith("ghpackages") or name.startswith("ghpackages.testing"), name


def lines_of_code(path: Path) -> int:
    """Without blank lines, comments and docstrings."""
    source = path.read_text("utf-8")
    nothing = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens = [each for each in tokenize.generate_tokens(StringIO(source).readline) if each.type not in nothing]
    code = {line for each in tokens for line in range(each.start[0], each.end[0] + 1)}
    texts = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    return len(code - {line for node in texts for line in range(node.lineno, (node.end_lineno or 0) + 1)})


def test_the_core_stays_small():
    assert sum(map(lines_of_code, CORE)) < 3225  # some 90 of them are the table of the 27 operations


def test_all_is_sorted():
    assert sorted(ghpackages.__all__, key=lambda name: (not name.isupper(), name.islower(), name)) == ghpackages.__all__


def test_what_the_documentation_promises_is_exported():
    promised = {
        *("GitHubPackages", "Owner", "Paginator", "Page", "Package", "PackageVersion", "UNSET"),
        *("PackageType", "PackageVisibility", "PackageVersionState", "version_tags", "repository_name"),
        *(name for name in vars(exceptions) if name.endswith("Error")),
    }
    assert promised <= set(ghpackages.__all__)


def modules_of(package: ModuleType) -> list[str]:
    names = [info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return [name for name in names if not name.endswith("__main__")]


NEED_CLI, NEED_FAST = "ghpackages.cli._", "ghpackages.transport._aiohttp"


PACKAGES = [ghpackages, ghpackages_api, ghpackages_runtime]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_every_module_can_be_imported(package: ModuleType):
    names = [name for name in modules_of(package) if not name.startswith((NEED_CLI, NEED_FAST))]
    assert len(names) >= {"ghpackages": 80, "ghpackages_api": 50, "ghpackages_runtime": 3}[package.__name__]
    for name in names:
        assert import_module(name).__doc__ is not None or package is ghpackages_api


@pytest.mark.parametrize(("extra", "brings", "start"), [("cli", "typer", NEED_CLI), ("fast", "aiohttp", NEED_FAST)])
def test_every_module_that_needs_an_extra_can_be_imported_with_it(extra: str, brings: str, start: str):
    pytest.importorskip(brings, reason=f"the extra {extra} is not installed")
    names = [name for name in modules_of(ghpackages) if name.startswith(start)]
    assert names
    assert all(import_module(name).__doc__ for name in names)


@pytest.mark.parametrize("name", ["GitHubPackagesError", "APIError", "DecodeError", "RateLimitError"])
def test_both_packages_raise_the_same_errors(name: str):
    assert getattr(ghpackages, name) is getattr(import_module("ghpackages_runtime.errors"), name)


def test_one_except_catches_them_all():
    errors = [getattr(ghpackages, name) for name in ghpackages.__all__ if name.endswith("Error")]
    assert len(errors) == 17
    assert all(issubclass(error, ghpackages.GitHubPackagesError) for error in errors)
