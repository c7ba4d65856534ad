"""Drafts the CHANGELOG entry of a refresh from the reports of `nox -s upstream` and `nox -s api-diff`.

The draft stands between two markers under "Unreleased". A new one replaces it; people turn it into sentences and
take the markers away.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- draft of `nox -s refresh`: edit, then delete both markers -->", "<!-- end of the draft -->"
DRAFT = re.compile(rf"{re.escape(BEGIN)}\n.*?{re.escape(END)}\n\n?", re.DOTALL)
UNRELEASED = re.compile(r"^## \[Unreleased\]\n+", re.MULTILINE)

Record = Mapping[str, object]


class NoPlaceError(Exception):
    """The CHANGELOG has no section for what is unreleased."""


def draft(upstream: Record, api: Record | None) -> list[str]:
    """One entry for each thing that users may notice; empty if there is none.

    Args:
        upstream: the records of `nox -s upstream`.
        api: the records of `nox -s api-diff`; None if nothing was released yet.

    """
    lines = [line for source in _all(upstream, "sources") for line in _of_github(source)]
    return lines + (_of_python(api) if api else [])


def _of_github(source: Record) -> list[str]:
    name = f"{source['name']} {source['release']}"
    wanted = [each for each in _all(source, "differences") if each["judgement"] in ("breaking", "additive")]
    return [f"- GitHub ({name}): {_difference(each)}" for each in wanted] + [
        f"- GitHub ({name}) came to agree with us: {_departure(each)}"
        for each in _all(source, "departures")
        if each["judgement"] == "not-needed"
    ]


def _difference(record: Record) -> str:
    locations = cast("Sequence[str]", record["locations"])
    more = f" and {len(locations) - 1} more" if len(locations) > 1 else ""
    return f"{record['title']} at `{locations[0]}`{more} ({record['judgement']})."


def _departure(record: Record) -> str:
    departure = cast("Record", record["departure"])
    return f"{departure['what']} (`{departure['place']}`)."


def _of_python(api: Record) -> list[str]:
    since = f"Python, since {api['ref']}"
    return [
        *(f"- {since}, breaking: {each}." for each in _texts(api, "breaking")),
        *(f"- {since}, another type: {each}." for each in _texts(api, "retyped")),
        *(f"- {since}, new: `{each}`." for each in _texts(api, "added")),
    ]


def _all(record: Record, key: str) -> Sequence[Record]:
    return cast("Sequence[Record]", record[key])


def _texts(record: Record, key: str) -> Sequence[str]:
    return cast("Sequence[str]", record[key])


def with_draft(changelog: str, lines: Sequence[str]) -> str:
    """The CHANGELOG with these lines as its only draft, or with none.

    Raises:
        NoPlaceError: it has no section "Unreleased".

    """
    changelog = DRAFT.sub("", changelog)
    place = UNRELEASED.search(changelog)
    if place is None:
        raise NoPlaceError("CHANGELOG.md has no section [Unreleased]")
    if not lines:
        return changelog
    entry = "\n".join([BEGIN, "", *lines, "", END, "", ""])
    return changelog[: place.end()] + entry + changelog[place.end() :]


# The command line ------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the draft, and return the exit status: 0 done, 2 a report is missing or there is no place for it."""
    options = _parser().parse_args(arguments)
    changelog: Path = options.changelog
    try:
        lines = draft(_load(options.upstream), _load(options.api) if options.api.exists() else None)
        text = with_draft(changelog.read_text("utf-8"), lines)
    except (OSError, json.JSONDecodeError, NoPlaceError) as error:
        sys.stderr.write(f"changelog: {error}\n")
        return 2
    changelog.write_text(text, "utf-8")
    sys.stdout.write(f"draft for {changelog.name}, lines: {len(lines)}\n")
    return 0


def _load(path: Path) -> Record:
    return cast("Record", json.loads(path.read_text("utf-8")))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="changelog", description="Draft the CHANGELOG entry of a refresh.")
    parser.add_argument("upstream", type=Path, help="the records of `nox -s upstream`")
    parser.add_argument("api", type=Path, help="the records of `nox -s api-diff`; may be missing")
    parser.add_argument("--changelog", type=Path, default=ROOT / "CHANGELOG.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
