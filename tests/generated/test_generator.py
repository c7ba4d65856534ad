"""The generator is the pinned one, its templates are the ones that ours replace, and it always makes the same."""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import json
import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from tests.generated.generation import (
    CONFIG,
    GENERATED,
    GITHUB_STYLE,
    HEADER,
    ROOT,
    TEMPLATES,
    Api,
    files,
    generate,
    generate_or_fail,
)

openapi_python_client = pytest.importorskip("openapi_python_client", reason="the generator is not installed")
from openapi_python_client.config import ConfigFile

STOCK_TEMPLATES = Path(openapi_python_client.__file__).parent / "templates"
RECORD = Path(__file__).parent / "stock_templates.json"
OVERRIDDEN = sorted(path.name for path in TEMPLATES.rglob("*.jinja"))
EACH_TEMPLATE = pytest.mark.parametrize("name", OVERRIDDEN)


def recorded() -> dict[str, str]:
    return json.loads(RECORD.read_text(encoding="utf-8"))


def opening_comment(template: str) -> str:
    """The Jinja comment that a template starts with; empty if there is none."""
    found = re.match(r"\{#\s*(.*?)\s*#\}", template, re.DOTALL)
    return found[1] if found else ""


def test_the_installed_generator_is_the_pinned_one() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    installed = importlib.metadata.version("openapi-python-client")

    assert f"openapi-python-client=={installed}" in groups["generate"]


@EACH_TEMPLATE
def test_a_stock_template_that_ours_replaces_has_not_changed(name: str) -> None:
    digest = hashlib.sha256((STOCK_TEMPLATES / name).read_bytes()).hexdigest()

    assert recorded().get(name) == digest, (
        f"The generator's own {name} is not what overlays/templates/{name} was written against. Compare the two "
        f"versions of the stock template, bring over what ours needs, run `nox -s generate`, and write the new sha256 "
        f"{digest} into tests/generated/{RECORD.name}."
    )


def test_the_record_holds_exactly_the_templates_that_ours_replace() -> None:
    assert sorted(recorded()) == OVERRIDDEN


def test_only_two_templates_hold_code() -> None:
    with_code = [name for name in OVERRIDDEN if not is_re_export(TEMPLATES / name)]

    assert with_code == ["endpoint_module.py.jinja", "model.py.jinja"]


def is_re_export(template: Path) -> bool:
    """Whether a template only imports names and exports them: what renders unchanged is code by hand, elsewhere."""
    code = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    if "{%" in code or "{{" in code:
        return False
    return all(isinstance(each, ast.Expr | ast.ImportFrom | ast.Assign) for each in ast.parse(code).body)


def test_what_a_template_re_exports_is_there_under_its_old_name() -> None:
    for name, names in {"client": ["Client"], "errors": ["APIError", "response_error"], "types": ["UNSET"]}.items():
        old = importlib.import_module(f"ghpackages_api.{name}")
        home = importlib.import_module(f"ghpackages_runtime.{'values' if name == 'types' else name}")
        assert set(old.__all__) >= set(names)
        assert all(getattr(old, each) is getattr(home, each) for each in old.__all__)


@EACH_TEMPLATE
def test_a_template_opens_with_the_reason_for_it(name: str) -> None:
    comment = opening_comment((TEMPLATES / name).read_text(encoding="utf-8"))

    assert comment.startswith("Why: ")


def test_there_are_only_templates_among_the_templates() -> None:
    assert [path.name for path in TEMPLATES.rglob("*") if path.is_file() and path.suffix != ".jinja"] == []


def test_the_generator_knows_every_key_of_its_configuration() -> None:
    keys = set(yaml.safe_load(CONFIG.read_text(encoding="utf-8")))

    assert keys
    assert keys <= set(ConfigFile.model_fields)


def test_generating_twice_gives_the_same_bytes(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2")
    again = generate_or_fail(tmp_path / "ghpackages_api", templates=TEMPLATES)

    assert files(again) == files(fresh)


@pytest.fixture
def surroundings(tmp_path: Path) -> Path:
    """A repository that ignores a folder and has settings of its own for ruff; the ignored folder."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("/ignored/\n", encoding="utf-8")
    (tmp_path / "ruff.toml").write_text("line-length = 60\n", encoding="utf-8")
    (tmp_path / "ignored").mkdir()
    return tmp_path / "ignored"


def test_what_is_made_does_not_depend_on_where(fresh: Path, surroundings: Path) -> None:
    made = generate_or_fail(surroundings / "ghpackages_api", templates=TEMPLATES)

    assert files(made) == files(fresh)


def test_with_the_default_hooks_it_does(surroundings: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    config = elsewhere / "config.yaml"
    config.write_text("package_name_override: ghpackages_api\n", encoding="utf-8")
    here, there = (
        generate_or_fail(folder / "ghpackages_api", config=config, templates=TEMPLATES)
        for folder in (surroundings, elsewhere)
    )

    assert files(here) != files(there)


def test_the_generated_package_is_a_fresh_generation_and_the_header(fresh: Path) -> None:
    header = HEADER.encode()
    expected = {name: header + content for name, content in files(fresh).items()} | {"py.typed": header}
    found = files(GENERATED)
    changed = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))

    assert changed == [], "generated/ is not what the document and the templates make: run `nox -s generate`"


def test_the_installed_package_is_the_generated_one(ours: Api) -> None:
    assert files(ours.folder) == files(GENERATED)


def test_nothing_but_the_package_is_generated(fresh: Path) -> None:
    assert [name for name in files(fresh) if not name.endswith(".py")] == []


def test_no_file_shows_the_address_of_an_object(ours: Api) -> None:
    """What a template prints without the right filter: https://docs.python.org/3/library/functions.html#id."""
    assert [name for name, text in ours.sources().items() if re.search(r"object at 0x|UntrustedString", text)] == []


def test_the_unchanged_generator_only_warns_when_it_drops_a_response(tmp_path: Path) -> None:
    run = generate(tmp_path / "api", document=GITHUB_STYLE)

    assert run.returncode == 0
    assert "response will be omitted from generated client" in run.stdout + run.stderr


def test_with_fail_on_warning_a_dropped_response_stops_the_generation(tmp_path: Path) -> None:
    assert generate(tmp_path / "api", document=GITHUB_STYLE, options=("--fail-on-warning",)).returncode != 0


def test_the_document_is_generated_without_a_warning(tmp_path: Path) -> None:
    run = generate(tmp_path / "ghpackages_api", templates=TEMPLATES, options=("--fail-on-warning",))

    assert run.returncode == 0, run.stdout + run.stderr
