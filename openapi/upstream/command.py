"""The command line: `python -m openapi.upstream [--source URL]… [--json FILE] [--markdown FILE] [SOURCE…]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
from openapi.upstream.compare import compare
from openapi.upstream.departures import GITHUB_COM
from openapi.upstream.document import BrokenReferenceError, Document
from openapi.upstream.markdown import markdown
from openapi.upstream.report import Report, Section, records
from openapi.upstream.sources import UnreadableError, parse, read
from openapi.upstream.text import text
from openapi.upstream.tree import branch, word

OURS = Path(__file__).parents[1] / "github-packages.yaml"


def main(arguments: Sequence[str] | None = None, *, transport: httpx.BaseTransport | None = None) -> int:
    """Compare, report, and return the exit status: 0 all is explained, 1 not all, 2 a source can't be read."""
    options = _parser().parse_args(arguments)
    locations = [*options.named, *options.sources] or [GITHUB_COM]
    report = compare_all(Document(parse(OURS.read_text("utf-8"))), locations, transport)
    sys.stderr.writelines(f"upstream: {failure}\n" for failure in report.failures)
    sys.stdout.write(text(report) if report.sections else "")
    if options.json:
        _write(options.json, json.dumps(records(report), indent=1, ensure_ascii=False) + "\n")
    if options.markdown:
        _write(options.markdown, markdown(report))
    return report.exit_status


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")


def compare_all(ours: Document, locations: Sequence[str], transport: httpx.BaseTransport | None = None) -> Report:
    """Compare our description with that of each source, and go on where one can't be read."""
    sections: list[Section] = []
    failures: list[str] = []
    api_version = word(branch(ours.contents, "info"), "version")
    for location in locations:
        try:
            source = read(location, api_version=api_version, transport=transport)
            sections.append(Section.of(source, compare(ours, source.document, source.name)))
        except UnreadableError as error:
            failures.append(str(error))
        except BrokenReferenceError as error:
            failures.append(f"{location}: {error}")
    return Report(sections, failures)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="upstream",
        description="Compare openapi/github-packages.yaml with the description that GitHub publishes.",
        epilog="Exit status: 0 all differences are explained, 1 not all, 2 a source can't be read.",
    )
    parser.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="*",
        help="a file, an address, or what GitHub publishes under a name: api.github.com (default), ghec, ghes-3.19",
    )
    parser.add_argument("--source", dest="named", metavar="URL", action="append", default=[], help="the same")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the report here for machines")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="write the report here for a pull request")
    return parser
