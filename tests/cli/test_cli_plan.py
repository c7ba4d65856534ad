"""What an audit would cost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.serving import Spoilt

from ghpackages.cli._command import with_plan
from ghpackages.cli._grid import Screen
from ghpackages.cli._words import span
from ghpackages.testing import MockGitHub

Run = Callable[..., Any]

TAKES_VALUE = {"--name", "-f"}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("acme --plan", "acme --plan=listed"),
        ("--plan acme", "--plan=listed acme"),
        ("--plan=exact acme", "--plan=exact acme"),
        ("acme --name --plan", "acme --name --plan"),
        ("acme --name x --plan", "acme --name x --plan=listed"),
        ("acme --name --name --plan", "acme --name --name --plan=listed"),
        ("acme -f --plan", "acme -f --plan"),
        ("acme -- --plan", "acme -- --plan"),
        ("acme --name -- --plan", "acme --name -- --plan=listed"),
        ("acme --planned", "acme --planned"),
    ],
)
def test_plan_may_stand_alone(given: str, meant: str) -> None:
    assert list(with_plan(given.split(), TAKES_VALUE)) == meant.split()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "under a minute"),
        (59.9, "under a minute"),
        (60, "about 1 min"),
        (61, "about 2 min"),
        (3600, "about 1 h"),
        (7500, "about 2 h 5 min"),
        (3_600_000, "about 1,000 h"),
    ],
)
def test_times_are_for_people(seconds: float, text: str) -> None:
    assert span(seconds) == text


def versions_asked(server: MockGitHub) -> int:
    return sum("/versions" in request.path for request in server.requests)


def test_a_plan_lists_packages_and_nothing_more(run: Run, server: MockGitHub) -> None:
    outcome = run("audit", "acme-a", "acme-b", "--plan")

    assert (outcome.code, outcome.err) == (0, "")
    assert [line.split() for line in outcome.out.splitlines() if line.startswith(("requests", "time", "versions"))] == [
        ["requests", "16", "not", "known"],
        ["time", "under", "a", "minute", "not", "known"],
        ["versions", "0", "not", "known"],
    ]
    assert outcome.out.startswith("To audit 2 packages of acme-a, acme-b takes\n")
    assert "at least one request per package is counted for them. --plan=exact asks" in outcome.out
    assert f"Planning took {len(server.requests)} requests" in outcome.out
    assert versions_asked(server) == 0


def test_the_limits_that_were_assumed_are_told(run: Run, server: MockGitHub) -> None:
    out = run("audit", "acme-a", "--plan").out

    assert "Limits: 5,000 requests an hour, of which 4,9" in out
    assert out.endswith(" UTC, and 900 a minute.\n")
    assert run("audit", "@me", "--demo", "--plan").out.splitlines()[-1].startswith("The server tells of no limits")


def test_an_exact_plan_asks_for_the_first_page_of_each(run: Run, server: MockGitHub) -> None:
    outcome = run("audit", "acme-a", "acme-b", "--plan=exact")
    numbers = [line.split()[1:] for line in outcome.out.splitlines() if line.startswith(("requests", "versions"))]

    assert (outcome.code, numbers) == (0, [["16", "16"], ["6", "6"]])
    assert versions_asked(server) == 2
    assert "--plan=exact" not in outcome.out


def test_an_exact_plan_equals_what_the_audit_then_sends(run: Run) -> None:
    plan = json.loads(run("audit", "@me", "--demo", "--plan=exact", "-f", "json").out)
    audit = json.loads(run("audit", "@me", "--demo", "-f", "json").out)

    assert {key: plan[key] for key in ("as_of", "owners", "filters")} == {
        key: audit[key] for key in ("as_of", "owners", "filters")
    }
    assert plan["exact"] is True
    assert plan["plan"]["packages"] == audit["summary"]["packages"]
    assert plan["plan"]["versions_least"] == plan["plan"]["versions_most"] == audit["summary"]["versions"]
    assert plan["plan"]["least_requests"] <= audit["summary"]["requests"] <= plan["plan"]["most_requests"]


def test_a_plan_as_json_tells_the_same(run: Run, server: MockGitHub) -> None:
    outcome = run("audit", "acme-a", "--plan", "--older-than", "1 year", "-o", "plan.json")
    plan = json.loads(Path("plan.json").read_text(encoding="utf-8"))

    assert (outcome.code, outcome.out, outcome.complaint) == (0, "", "the plan written to plan.json")
    assert (plan["filters"], plan["exact"], plan["rate_limit"]["limit"]) == ({"older_than": "1 year"}, False, 5000)
    assert (plan["plan"]["least_requests"], plan["plan"]["most_requests"], plan["plan"]["failures"]) == (8, None, [])


def test_what_could_not_be_listed_makes_a_plan_incomplete(run: Run, server: Spoilt) -> None:
    outcome = run("audit", "acme-a", "nobody", "--plan", "-f", "json")

    assert outcome.code == 3
    assert outcome.err.splitlines()[0].startswith("ghpackages: nobody: GET ")
    assert outcome.err.splitlines()[1] == "ghpackages: the plan is incomplete: what failed may cost more"
    assert [one["owner"] for one in json.loads(outcome.out)["plan"]["failures"]] == ["nobody"]


def test_what_can_not_be_planned_at_all_is_an_error(run: Run, server: Spoilt) -> None:
    outcome = run("audit", "nobody", "--plan", "-o", "plan.json")

    assert outcome.code == 4
    assert "user:nobody" in outcome.complaint
    assert not list(Path().iterdir())


@pytest.mark.parametrize("width", [60, 80, 140])
def test_no_line_is_wider_than_the_terminal(
    run: Run, server: Spoilt, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr("ghpackages.cli._results.Results.screen", Screen(width))

    assert max(map(len, run("audit", "acme-a", "acme-b", "--plan").out.splitlines())) <= width


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--resume", "-o", "a.jsonl"), "leave out --resume"),
        (("--fail-on-match", "--tagged"), "leave out --fail-on-match"),
        (("-f", "csv"), "a plan can be a table or json, not csv"),
        (("-o", "a.jsonl"), "a plan can be a table or json, not jsonl"),
        (("--plan=all",), "'all' is not one of"),
    ],
)
def test_what_makes_no_sense_with_a_plan_is_2(run: Run, arguments: tuple[str, ...], said: str) -> None:
    outcome = run("audit", "@me", "--demo", "--plan", *arguments)

    assert outcome.code == 2
    assert said in outcome.complaint


@pytest.mark.parametrize("command", [("packages", "acme"), ("diff", "a", "b")])
def test_only_audits_are_planned(run: Run, command: tuple[str, ...]) -> None:
    assert "no such option: --plan" in run(*command, "--plan").complaint
