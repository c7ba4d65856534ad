"""Compares the public Python surface with that of an earlier version, and says which version number it asks for.

Run it with `nox -s api-diff [-- GIT_REF]`. What breaks is judged by griffe's `find_breaking_changes`:
https://mkdocstrings.github.io/griffe/guide/users/checking/. It doesn't judge types, so changed ones are listed for
people, and ask for a minor version until somebody says otherwise.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import griffe
from attrs import frozen

from maintenance import released, surface
from maintenance.surface import Surface
from maintenance.versions import Step, after, asked, taken

ROOT = Path(__file__).parents[1]
FORMAT = 1
"""Of the records; goes up when a key changes its meaning or goes away."""


@frozen
class ApiDiff:
    """What changed for those who import the packages, in the order of names."""

    ref: str
    """What was compared with: a tag or another git ref."""
    version: str
    """The version that it is."""
    breaking: tuple[str, ...]
    added: tuple[str, ...]
    retyped: tuple[str, ...]

    @property
    def step(self) -> Step:
        """What the change asks for from 1.0 on."""
        return asked(breaks=bool(self.breaking), adds=bool(self.added or self.retyped))

    @property
    def next_version(self) -> str:
        """The number that the next release needs at least."""
        return after(self.version, taken(self.step, self.version))


def compare_with(ref: str, repository: Path) -> ApiDiff:
    """Compare a working tree with a git ref of its repository.

    Raises:
        NoVersionError: git knows no such ref.
        FileNotFoundError: a package is missing.

    """
    with tempfile.TemporaryDirectory() as folder:
        released.unpack(repository, ref, surface.ROOTS, Path(folder))
        return compare(surface.read(Path(folder)), surface.read(repository), ref=ref)


def compare(old: Surface, new: Surface, *, ref: str) -> ApiDiff:
    """Compare two source trees."""
    breaking = _breaking(old, new)
    added = tuple(path for path in _added(old, new) if path not in breaking)
    return ApiDiff(ref, old.version, tuple(breaking.values()), added, _retyped(old, new))


def _breaking(old: Surface, new: Surface) -> dict[str, str]:
    """What breaks, in a line each, by the path that users know."""
    known = {home: path for tree in (old, new) for home, path in tree.shortest().items()}
    found: dict[str, str] = {}
    for package in surface.PACKAGES:
        if package not in old.modules or package not in new.modules:
            if package in old.modules:
                found[package] = f"`{package}`: package was removed"
            continue
        for breakage in griffe.find_breaking_changes(old.modules[package], new.modules[package]):
            path = known.get(breakage.obj.canonical_path, breakage.obj.path) + _parameter(breakage)
            found[path] = f"`{path}`: {_explain(breakage)}"
    return dict(sorted(found.items()))


def _parameter(breakage: griffe.Breakage) -> str:
    values = (breakage.old_value, breakage.new_value)
    return next((f"({value.name})" for value in values if isinstance(value, griffe.Parameter)), "")


def _explain(breakage: griffe.Breakage) -> str:
    """What griffe calls it, and what changed where it isn't the thing as a whole."""
    said = breakage.kind.value[0].lower() + breakage.kind.value[1:]
    match breakage:
        case griffe.ParameterChangedDefaultBreakage():
            return f"{said}, `{breakage.old_value.default}` → `{breakage.new_value.default}`"
        case griffe.ParameterChangedKindBreakage():
            return f"{said}, {breakage.old_value.kind.value} → {breakage.new_value.kind.value}"
        case _:
            return said


def _added(old: Surface, new: Surface) -> list[str]:
    """New names; what is inside of something new goes without saying."""
    paths = set(new.names) - set(old.names)
    inner = {path for path in paths if any(path.startswith((f"{each}.", f"{each}(")) for each in paths)}
    return _once(paths - inner, new)


def _retyped(old: Surface, new: Surface) -> tuple[str, ...]:
    types = {path: (old.names[path].annotation, new.names[path].annotation) for path in old.names.keys() & new.names}
    changed = _once((path for path, (before, now) in types.items() if before != now), new)
    return tuple(f"`{path}`: `{types[path][0] or 'none'}` → `{types[path][1] or 'none'}`" for path in changed)


def _once(paths: Iterable[str], tree: Surface) -> list[str]:
    """Of several paths that lead to one thing only the shortest."""
    return sorted(surface.shortest({path: tree.names[path] for path in paths}).values())


# The report ------------------------------------------------------------------------------------------------------


def conclusion(diff: ApiDiff) -> str:
    """Which version number the change asks for."""
    before_1 = taken(diff.step, diff.version)
    if before_1 is diff.step:
        return f"This asks for a {diff.step} version: {diff.version} → {diff.next_version}."
    return (
        f"This asks for a {diff.step} version. Before 1.0 a {before_1} version may break: "
        f"{diff.version} → {diff.next_version}."
    )


def markdown(diff: ApiDiff) -> str:
    """The report for people, in a terminal or a pull request."""
    lines = [f"# The public Python surface since {diff.ref}", "", f"**{conclusion(diff)}**"]
    lines += _list("Breaking", diff.breaking)
    lines += _list("Types changed, to be judged by people", diff.retyped)
    lines += _list("Added", [f"`{path}`" for path in diff.added])
    return "\n".join(lines) + "\n"


def _list(heading: str, entries: Sequence[str]) -> list[str]:
    return ["", f"## {heading} ({len(entries)})", "", *(f"- {entry}" for entry in entries)] if entries else []


def records(diff: ApiDiff) -> dict[str, object]:
    """The report for machines."""
    return {
        "format": FORMAT,
        "ref": diff.ref,
        "version": diff.version,
        "asks_for": str(diff.step),
        "next_version": diff.next_version,
        "breaking": list(diff.breaking),
        "retyped": list(diff.retyped),
        "added": list(diff.added),
    }


# The command line ------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None, *, repository: Path = ROOT) -> int:
    """Compare, report, and return the exit status: 0 compared, 2 there is nothing to compare with."""
    options = _parser().parse_args(arguments)
    try:
        diff = compare_with(options.ref or released.last_released(repository), repository)
    except (released.NoVersionError, FileNotFoundError) as error:
        sys.stderr.write(f"api-diff: {error}\n")
        return 2
    sys.stdout.write(markdown(diff))
    for path, text in ((options.json, json.dumps(records(diff), indent=1) + "\n"), (options.markdown, markdown(diff))):
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="api-diff",
        description="Compare the public Python surface of the working tree with an earlier one.",
        epilog="Exit status: 0 compared, 2 there is nothing to compare with.",
    )
    parser.add_argument("ref", metavar="GIT_REF", nargs="?", help="by default the tag of the last released version")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the report here for machines")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="write the report here for a pull request")
    return parser


if __name__ == "__main__":
    sys.exit(main())
