"""Running the generator, and the packages that come out of it behind one face."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "openapi" / "github-packages.yaml"
CONFIG = ROOT / "generator-config.yaml"
TEMPLATES = ROOT / "overlays" / "templates"
GENERATED = ROOT / "generated" / "ghpackages_api"
GITHUB_STYLE = Path(__file__).parent / "github_style.yaml"
HEADER = '# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.\n'

Handler = Callable[[httpx.Request], httpx.Response]


def generate(
    output: Path,
    *,
    document: Path = DOCUMENT,
    config: Path = CONFIG,
    templates: Path | None = None,
    options: tuple[str, ...] = (),
) -> subprocess.CompletedProcess[str]:
    """Run the installed generator as a user would; by default with its own, unchanged templates."""
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
        *("--path", str(document), "--config", str(config), "--output-path", str(output), *options),
    ]
    if templates:
        command += ["--custom-template-path", str(templates)]
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": tools, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, env=environment, text=True, encoding="utf-8", capture_output=True, check=False)  # noqa: S603


def generate_or_fail(output: Path, **settings: Any) -> Path:
    run = generate(output, **settings)
    assert run.returncode == 0, run.stdout + run.stderr
    return output


def files(folder: Path) -> dict[str, bytes]:
    """The content of each file by its name."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


class Api:
    """A generated package: ours, or one that the unchanged generator made.

    Clients are the one thing that is made differently: `ours` says how.
    """

    def __init__(self, name: str, *, ours: bool = False) -> None:
        self.name = name
        self.ours = ours
        package = importlib.import_module(name)
        assert package.__file__
        self.folder = Path(package.__file__).parent
        self.models = importlib.import_module(f"{name}.models")
        self.types = importlib.import_module(f"{name}.types")
        self.errors = importlib.import_module(f"{name}.errors")
        self.clients = importlib.import_module(f"{name}.client")
        self.operations: Mapping[str, ModuleType] = {
            module.__name__.rpartition(".")[2]: module for module in self._load()
        }

    def _load(self) -> Iterator[ModuleType]:
        folder = importlib.import_module(f"{self.name}.api.packages")
        for module in pkgutil.iter_modules(folder.__path__):
            yield importlib.import_module(f"{folder.__name__}.{module.name}")

    def client(self, handler: Handler, token: str | None = None) -> Any:
        """A client whose requests `handler` answers."""
        transport = httpx.MockTransport(handler)
        arguments: dict[str, Any] = {"transport": transport} if self.ours else {"httpx_args": {"transport": transport}}
        if token is None:
            return self.clients.Client(base_url="https://api.github.com", **arguments)
        return self.clients.AuthenticatedClient(base_url="https://api.github.com", token=token, **arguments)

    async def call(self, operation: str, handler: Handler, *, detailed: bool = False, **arguments: Any) -> Any:
        """Call an operation with sample arguments, or the given ones."""
        module = self.operations[operation]
        function = module.asyncio_detailed if detailed else getattr(module, "asyncio", module.asyncio_detailed)
        async with self.client(handler) as client:
            return await function(**sample_arguments(function, **arguments), client=client)

    def sources(self) -> dict[str, str]:
        """The text of each Python module by its name."""
        return {name: data.decode() for name, data in files(self.folder).items() if name.endswith(".py")}


SAMPLES = {
    "org": "acme",
    "username": "octocat",
    "package_type": "npm",
    "package_name": "hello",
    "package_version_id": 836,
}


def sample_arguments(function: Callable[..., Any], **given: Any) -> dict[str, Any]:
    """What an endpoint function needs beside its client; enum members where it insists on them."""
    needed = {
        name: SAMPLES[name]
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is parameter.empty and name != "client"
    }
    arguments = {**needed, **given}
    for name, value in arguments.items():
        kind = inspect.signature(function).parameters[name].annotation
        if isinstance(kind, type) and issubclass(kind, Enum):
            arguments[name] = kind(value)
    return arguments
