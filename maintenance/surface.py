"""The public names of our packages, read from their source without importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import griffe
from attrs import frozen

ROOTS = ("overlays", "generated")
"""The folders that hold our packages."""
PACKAGES = ("ghpackages", "ghpackages_api", "ghpackages_runtime")

Node = griffe.Object | griffe.Alias


@frozen
class Name:
    """A public name: where it is defined, and the type that it is annotated with."""

    home: str
    """One place, however many lead to it."""
    annotation: str
    """Empty if there is none."""


@frozen
class Surface:
    """The packages of one source tree."""

    modules: griffe.ModulesCollection
    names: dict[str, Name]
    """By the path that users import or call it by; a parameter stands in brackets after its function."""

    @property
    def version(self) -> str:
        """What the tree says that it is."""
        return str(ast.literal_eval(str(self.modules["ghpackages._version.__version__"].value)))

    def shortest(self) -> dict[str, str]:
        """The path that users know best, by where a thing is defined."""
        return shortest(self.names)


def shortest(names: Mapping[str, Name]) -> dict[str, str]:
    """Of all paths that lead to one thing the shortest, by where it is defined."""
    return {names[path].home: path for path in sorted(names, key=lambda path: (-len(path), path))}


def read(tree: Path) -> Surface:
    """Read a source tree.

    Raises:
        FileNotFoundError: `ghpackages` is not there. The others may be: a tree can be older than one of them.

    """
    folders = [tree / root for root in ROOTS]
    modules = griffe.ModulesCollection()  # of all, as one exports names of another
    names: dict[str, Name] = {}
    packages = [package for package in PACKAGES if any((folder / package).is_dir() for folder in folders)]
    if PACKAGES[0] not in packages:
        raise FileNotFoundError(f"there is no package {PACKAGES[0]} in {' or '.join(ROOTS)}")
    for package in packages:
        griffe.load(package, search_paths=folders, modules_collection=modules, allow_inspection=False)
    for package in packages:
        names.update(_walk(modules[package], package, inside=()))
    return Surface(modules, names)


def _walk(node: Node, path: str, *, inside: tuple[str, ...]) -> Iterator[tuple[str, Name]]:
    for name, member in node.all_members.items():
        target = _target(member) if member.is_public else None
        if target is not None and target.canonical_path not in inside:
            yield from _names(target, f"{path}.{name}", inside=(*inside, target.canonical_path))


def _target(member: Node) -> griffe.Object | None:
    """What a name stands for; None if that is no part of the packages."""
    try:
        target = member.final_target if isinstance(member, griffe.Alias) else member
    except (griffe.AliasResolutionError, griffe.CyclicAliasError):
        return None
    return target if target.canonical_path.split(".")[0] in PACKAGES else None


def _names(target: griffe.Object, path: str, *, inside: tuple[str, ...]) -> Iterator[tuple[str, Name]]:
    home = target.canonical_path
    if isinstance(target, griffe.Function):
        yield path, Name(home, _text(target.returns))
        for each in target.parameters:
            yield f"{path}({each.name})", Name(f"{home}({each.name})", _text(each.annotation))
    elif isinstance(target, griffe.Attribute):
        yield path, Name(home, _text(target.annotation))
    else:
        yield path, Name(home, "")
        yield from _walk(target, path, inside=inside)


def _text(annotation: str | griffe.Expr | None) -> str:
    return "" if annotation is None else str(annotation)
