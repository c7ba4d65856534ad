# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
"""A client library for accessing GitHub Packages"""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False  # what type checkers take for true, without the 5 ms that importing it takes
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .client import AuthenticatedClient, Client


def lazy_names(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """The `__getattr__` and `__dir__` of a package whose names are imported when they are first asked for.

    Args:
        package: The name of the package.
        homes: For each module, relative to the package or absolute, its names that the package has too, separated by
            spaces. Modules right below the package can be asked for as well, as if they were imported.

    Source: https://peps.python.org/pep-0562/
    """
    home_of = {name: home for home, names in homes.items() for name in names.split()}
    modules = {home[1:] for home in homes if home.startswith(".")}
    namespace = vars(sys.modules[package])

    def get(name: str) -> object:
        if name in home_of:
            value = getattr(import_module(home_of[name], package), name)
        elif name in modules:
            value = import_module(f".{name}", package)
        else:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        namespace[name] = value  # found there from now on
        return value

    return get, lambda: sorted({*namespace, *home_of, *modules})


if not TYPE_CHECKING:  # type checkers would take a `__getattr__` for leave to ask for anything
    __getattr__, __dir__ = lazy_names(
        __name__, {".client": "AuthenticatedClient Client", ".errors": "", ".models": "", ".types": ""}
    )

__all__ = (
    "AuthenticatedClient",
    "Client",
)
