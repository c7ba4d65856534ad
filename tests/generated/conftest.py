"""Fixtures for the tests of the generated package."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.generated.generation import GITHUB_STYLE, TEMPLATES, Api, generate_or_fail


@pytest.fixture(scope="session")
def _generator() -> None:
    """Skip what generates where the generator is not installed; it can't be without typer and rich."""
    pytest.importorskip("openapi_python_client", reason="the generator is not installed")


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that packages can be generated into and imported from."""
    folder = tmp_path_factory.mktemp("workshop")
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="session")
def ours() -> Api:
    """Our generated package, as it is installed."""
    return Api("ghpackages_api", ours=True)


@pytest.fixture(scope="session")
def stock(_generator: None, workshop: Path) -> Api:
    """What the unchanged generator makes of our document."""
    return Api(generate_or_fail(workshop / "stock_api").name)


@pytest.fixture(scope="session")
def stock_of_github_style(_generator: None, workshop: Path) -> Api:
    """What the unchanged generator makes of a document in GitHub's style."""
    return Api(generate_or_fail(workshop / "stock_of_github_style_api", document=GITHUB_STYLE).name)


@pytest.fixture(scope="session")
def fresh(_generator: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the generator makes of our document with our templates, now."""
    return generate_or_fail(tmp_path_factory.mktemp("fresh") / "ghpackages_api", templates=TEMPLATES)
