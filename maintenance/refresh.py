"""The round of `nox -s refresh`, but for the generator: `start` reports on GitHub, `finish` on what came of it.

The description is trimmed by hand, so no tool brings GitHub's changes over: `finish` says what is left to do.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import httpx
from openapi.upstream import command as upstream

from maintenance import api_diff, changelog

ROOT = Path(__file__).parents[1]
REPORTS = Path("build/refresh")
"""Ignored by git, and left where it is."""
UPSTREAM, API, REPORT = "upstream", "api-diff", "report.md"

Record = Mapping[str, object]


def start(arguments: Sequence[str], *, repository: Path = ROOT, transport: httpx.BaseTransport | None = None) -> int:
    """Compare with GitHub, and write the report.

    Returns:
        The exit status: 0 it is written, 2 the tree has changes or a source can't be read.

    """
    parser = argparse.ArgumentParser(prog="refresh", add_help=False)
    parser.add_argument("--dirty", action="store_true")
    options, rest = parser.parse_known_args(arguments)
    if not options.dirty and (changes := _git(repository, "status", "--porcelain")):
        sys.stderr.write(f"refresh: commit these changes first, or say --dirty:\n{changes}")
        return 2
    folder = repository / REPORTS
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    outcome = upstream.main([*rest, *_written(folder, UPSTREAM)], transport=transport)
    return 2 if outcome == 2 else 0


def finish(*, repository: Path = ROOT) -> int:
    """Compare the Python surface, draft the CHANGELOG, and say what is left to do.

    Returns:
        The exit status: 0 nothing is left to decide on, 1 something is, 2 `start` has to run first.

    """
    folder = repository / REPORTS
    api_diff.main(_written(folder, API), repository=repository)
    texts = [path.read_text("utf-8") for path in (folder / f"{UPSTREAM}.md", folder / f"{API}.md") if path.exists()]
    places = [str(folder / f"{UPSTREAM}.json"), str(folder / f"{API}.json")]
    if changelog.main([*places, "--changelog", str(repository / "CHANGELOG.md")]):
        return 2
    found = _load(folder / f"{UPSTREAM}.json")
    steps = "".join(f"{number}. {step}\n" for number, step in enumerate(_steps(found, repository), start=1))
    (folder / REPORT).write_text("\n".join([f"# What to do\n\n{steps}", *texts]), "utf-8")
    sys.stdout.write(f"\nThe reports are in {REPORTS}/. Nothing was committed. What to do:\n\n{steps}")
    return 0 if found["exit_status"] == 0 else 1


def _written(folder: Path, name: str) -> list[str]:
    return ["--json", str(folder / f"{name}.json"), "--markdown", str(folder / f"{name}.md")]


def _load(path: Path) -> Record:
    return cast("Record", json.loads(path.read_text("utf-8")))


def _steps(found: Record, repository: Path) -> Iterator[str]:
    if found["exit_status"]:
        yield (
            "Decide on each finding of the comparison with GitHub, as openapi/README.md says: take it over into "
            "openapi/github-packages.yaml, or mark it with an `x-departure`. Then `nox -s refresh -- --dirty`."
        )
    if _git(repository, "status", "--porcelain", "--", "generated"):
        yield "Read what changed in generated/: `git diff generated`."
    if changelog.BEGIN in (repository / "CHANGELOG.md").read_text("utf-8"):
        yield "Turn the draft in CHANGELOG.md into sentences, and delete its markers."
    api = repository / REPORTS / f"{API}.json"
    if api.exists():
        yield f"The next version is {_load(api)['next_version']} or higher, by the public Python surface."
    else:
        yield "No version was released yet, so the public Python surface was not compared."
    yield "Wait for the drift check and the tests, and commit what you want to keep."


def _git(repository: Path, *arguments: str) -> str:
    command = ("git", "-C", str(repository), *arguments)
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout  # noqa: S603, ours


def main(arguments: Sequence[str]) -> int:
    """Run one of the halves."""
    halves: Mapping[str, Callable[[], int]] = {"start": lambda: start(arguments[1:]), "finish": finish}
    return halves[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
