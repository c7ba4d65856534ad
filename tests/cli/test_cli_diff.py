"""What changed between two audits."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from ghpackages import GitHubPackages
from ghpackages.audit import audit, header_record, package_record, summary_record
from ghpackages.cli._grid import Screen
from ghpackages.testing import MockGitHub

Run = Callable[..., Any]

MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, 12, 30, tzinfo=UTC)


def report(server: MockGitHub, as_of: datetime, *owners: str, **filters: Any) -> str:
    """What an audit writes as JSON Lines."""

    async def collect() -> str:
        transport = httpx.ASGITransport(app=server)
        async with GitHubPackages(server.token, transport=transport, trust_env=False) as github:
            found = await audit(github, *owners, as_of=as_of, **filters).collect()
        records = [
            header_record(found.as_of, found.owners, found.filters),
            *map(package_record, found.packages),
            summary_record(found.totals, found.failures),
        ]
        return "".join(f"{json.dumps(record)}\n" for record in records)

    return asyncio.run(collect())


@pytest.fixture(scope="module")
def reports() -> dict[str, str]:
    """Give the audits of May and June, and others that are like them or not."""
    server = MockGitHub(clock=lambda: MAY)
    acme = server.add_org("acme")
    web = acme.add_package("container", "web/api")
    first = web.add_version(tags=["1.0", "latest"])
    acme.add_package("npm", "left-pad", repository="pads").add_versions(2)
    gone = acme.add_package("npm", "gone")
    gone.add_versions(3)
    found = {
        "may.jsonl": report(server, MAY, "acme", all_versions=True),
        "may-counted.jsonl": report(server, MAY, "acme"),
        "npm.jsonl": report(server, MAY, "acme", types=["npm"]),
    }
    first.tags = ("1.0",)
    web.visibility = "public"
    web.add_version(tags=["1.1", "latest"])
    gone.delete()
    acme.add_package("maven", "new").add_versions(1)
    found["june.jsonl"] = report(server, JUNE, "acme", all_versions=True)
    found["june-counted.jsonl"] = report(server, JUNE, "acme")
    return found


@pytest.fixture(autouse=True)
def _files(reports: dict[str, str]) -> None:
    for name, text in reports.items():
        Path(name).write_text(text, encoding="utf-8")


KINDS = ["visibility_changed", "version_added", "tag_moved", "package_gone", "package_added"]


def test_a_table_tells_what_changed_and_how_much(run: Run) -> None:
    outcome = run("diff", "may.jsonl", "june.jsonl")
    *blocks, sums = outcome.out.split("\n\n")

    assert (outcome.code, outcome.err) == (0, "")
    assert [[" ".join(line.split()) for line in block.splitlines()] for block in blocks] == [
        [
            "container web/api",
            "visibility changed private → public",
            "version added 406855166 1.1, latest",
            "tag moved 406855166 latest, was on 406855100",
        ],
        ["Packages", "package gone npm gone, 3 versions", "package added maven new, 1 version"],
    ]
    assert sums == (
        "5 changes between 2026-05-01 00:00 and 2026-06-01 12:30 UTC: "
        "1 package added, 1 package gone, 1 visibility changed, 1 version added, 1 tag moved.\n"
    )


def test_nothing_changed(run: Run) -> None:
    outcome = run("diff", "may.jsonl", "may.jsonl", "--fail-on-match")

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "No change between 2026-05-01 00:00 and 2026-05-01 00:00 UTC.\n"


def test_counts_are_compared_where_versions_are_not_listed(run: Run) -> None:
    lines = run("diff", "may-counted.jsonl", "june-counted.jsonl").out.splitlines()

    assert [" ".join(line.split()) for line in (lines[0], lines[2])] == ["container web/api", "versions counted 1 → 2"]
    assert "1 number of versions changed" in lines[-2]
    assert "--all-versions" in lines[-1]


@pytest.mark.parametrize("width", [60, 80, 140])
def test_no_line_is_wider_than_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setattr("ghpackages.cli._results.Results.screen", Screen(width))
    lines = run("diff", "may.jsonl", "june.jsonl").out.splitlines()

    assert len(lines) > 7
    assert max(map(len, lines)) <= width


def test_json_json_lines_and_csv_say_the_same(run: Run) -> None:
    whole = json.loads(run("diff", "may.jsonl", "june.jsonl", "-f", "json").out)
    lines = [json.loads(line) for line in run("diff", "may.jsonl", "june.jsonl", "-f", "jsonl").out.splitlines()]
    rows = list(csv.DictReader(io.StringIO(run("diff", "may.jsonl", "june.jsonl", "-f", "csv").out)))

    assert [one["kind"] for one in lines] == KINDS
    assert whole["changes"] == lines
    assert whole["summary"] == {"complete": True, "counts": dict.fromkeys(whole["summary"]["counts"], 1), "reasons": []}
    assert [list(row) for row in rows] == [list(line) for line in lines]
    assert [row["kind"] for row in rows] == KINDS
    assert rows[1]["tags"] == "1.1 latest"
    assert (whole["before_as_of"], whole["after_as_of"]) == ("2026-05-01T00:00:00Z", "2026-06-01T12:30:00Z")


def test_it_goes_to_a_file(run: Run) -> None:
    outcome = run("diff", "may.jsonl", "june.jsonl", "-o", "changes.csv")

    assert (outcome.out, outcome.complaint) == ("", "5 changes written to changes.csv")
    assert len(Path("changes.csv").read_text(encoding="utf-8").splitlines()) == 6
    assert run("diff", "may.jsonl", "june.jsonl", "-o", "changes.csv", "-q").err == ""


def test_changes_are_1_on_request(run: Run) -> None:
    assert run("diff", "may.jsonl", "june.jsonl").code == 0
    assert run("diff", "may.jsonl", "june.jsonl", "--fail-on-match").code == 1


def test_what_can_not_be_told_is_3_and_why(run: Run, reports: dict[str, str]) -> None:
    Path("cut.jsonl.partial").write_text(reports["june.jsonl"][:-300], encoding="utf-8")
    outcome = run("diff", "may.jsonl", "cut.jsonl.partial", "--fail-on-match")

    assert outcome.code == 3
    assert "cut short" in outcome.err.splitlines()[0]
    assert outcome.err.splitlines()[-1] == "ghpackages: the comparison is incomplete"
    assert "visibility changed" in outcome.out
    assert "package gone" not in outcome.out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("may.jsonl", "nothing.jsonl", "can't read nothing.jsonl: No such file"),
        ("may.jsonl", "npm.jsonl", "different questions"),
        ("may.jsonl", "prose.txt", "prose.txt: line 1 "),
        ("prose.txt", "may.jsonl", "prose.txt: line 1 "),
        ("may.jsonl", "empty.jsonl", "empty.jsonl: the report has no header"),
        ("may.jsonl", "damaged.jsonl", "damaged.jsonl: line 3 "),
        ("may.jsonl", ".", "can't read .: Is a directory"),
    ],
)
def test_what_can_not_be_compared_is_2(run: Run, reports: dict[str, str], old: str, new: str, said: str) -> None:
    Path("prose.txt").write_text("It was a dark night.\nIt rained.\n", encoding="utf-8")
    Path("empty.jsonl").touch()
    first, second, _, *others = reports["june.jsonl"].splitlines(keepends=True)
    Path("damaged.jsonl").write_text("".join([first, second, "{}\n", *others]), encoding="utf-8")
    outcome = run("diff", old, new, "-o", "out.json")

    assert outcome.code == 2
    assert said in outcome.complaint
    assert not Path("out.json").exists()
    assert not Path("out.json.partial").exists()


def test_a_signal_ends_it_cleanly(start: Callable[..., Any], reports: dict[str, str]) -> None:
    os.mkfifo("slow.jsonl")
    process = start(["diff", "may.jsonl", "slow.jsonl", "-o", "out.json"])
    with Path("slow.jsonl").open("w", encoding="utf-8") as slow:
        slow.write(reports["june.jsonl"].splitlines(keepends=True)[0])
        slow.write("\n" * 200_000)  # empty lines, more than a pipe holds: most of them were read when this returns
        slow.flush()
        assert Path("out.json.partial").exists()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out, err) == (143, "", "")
    assert not list(Path().glob("out*"))
