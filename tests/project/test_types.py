"""The annotations of everything public can be read at run time, as dependency injection and documentation tools do."""

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_type_hints

import pytest

PUBLIC = ["ghpackages", "ghpackages.audit", "ghpackages.testing", "ghpackages.transport", "ghpackages.pagination"]
PUBLIC += [
    "ghpackages.testing.faults",
    "ghpackages_runtime.client",
    "ghpackages_runtime.errors",
    "ghpackages_runtime.values",
]
GENERATED = [
    "ghpackages_api",
    "ghpackages_api.models",
    "ghpackages_api.client",
    "ghpackages_api.errors",
    "ghpackages_api.types",
]
ENDPOINTS = [f"ghpackages_api.api.packages.{module.name}"
             for module in pkgutil.iter_modules(import_module("ghpackages_api.api.packages").__path__)]  # fmt: skip


def described(name: str) -> Iterator[tuple[str, Any]]:
    """The public functions and classes of a module, and their public methods and properties."""
    module = import_module(name)
    for key in getattr(module, "__all__", ["asyncio", "asyncio_detailed"]):
        value = getattr(module, key)
        if inspect.isclass(value) or inspect.isfunction(value):
            yield f"{name}.{key}", value
        for attribute, member in vars(value).items() if inspect.isclass(value) else ():
            function = getattr(member, "__func__", getattr(member, "fget", member))
            if not inspect.isfunction(function) or function.__code__.co_filename.startswith("<"):
                continue  # made by attrs or dataclasses, whose classes have the hints
            if not attribute.startswith("_") or attribute == "__init__":
                yield f"{name}.{key}.{attribute}", function


EVERYTHING = dict(found for name in [*PUBLIC, *GENERATED, *ENDPOINTS] for found in described(name))


@pytest.mark.parametrize("name", EVERYTHING)
def test_type_hints_can_be_resolved(name: str):
    get_type_hints(EVERYTHING[name])


def test_methods_of_owners_and_clients_are_among_them():
    assert {"ghpackages.Owner.versions", "ghpackages.GitHubPackages.__init__"} <= EVERYTHING.keys()
    assert len(EVERYTHING) > 400
