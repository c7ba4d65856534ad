"""How the benchmark is run: nothing that fails is left out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from benchmarks.peers.checking import Expected, check
from benchmarks.peers.children import Cores, MeasurementError, run_child
from benchmarks.peers.run import Figures, layers_of, parse, rotated, run, run_round
from benchmarks.peers.tasks import CONTENDERS, TASKS, Contender, Task, contender, task

QUANTITIES = {"seconds": 1.0, "requests": 639, "connections": 16, "megabytes": 3.5}
OURS, HTTPX = contender("ghpackages"), contender("httpx")


def test_a_contender_that_can_not_be_installed_is_reported_with_the_reason(tmp_path: Path):
    environments = tmp_path / "environments.json"
    environments.write_text(json.dumps({"msgspec": {"problem": "ERROR: no matching distribution"}}))
    options = parse(["--contenders", "msgspec", "cattrs", "--tasks", "decode-*", "--environments", str(environments)])
    results = run(options)
    problems = {each["key"]: each["problem"] for each in results["contenders"]}
    assert problems == {"msgspec": "ERROR: no matching distribution", "cattrs": "no environment was made for it"}
    assert results["figures"] == []


def test_a_python_that_is_not_there_is_reported(tmp_path: Path):
    environments = tmp_path / "environments.json"
    environments.write_text(json.dumps({"msgspec": {"python": str(tmp_path / "python")}}))
    results = run(
        parse(["--rounds", "0", "--contenders", "msgspec", "--tasks", "x", "--environments", str(environments)])
    )
    assert "No such file" in results["contenders"][0]["problem"]


def test_the_breakdown_is_left_out_when_it_is_not_asked_for(capsys: pytest.CaptureFixture[str]):
    results = run(parse(["--rounds", "0", "--contenders", "ghpackages", "--tasks", "x"]))
    assert results["breakdown"] == []
    assert "breakdown" not in capsys.readouterr().err


def test_the_layers_of_an_audit_count_only_if_that_was_right():
    expected = Expected({}, {"web": [3]}, [], [], "web")
    layers = [{"name": "connections", "seconds": 0.1}]
    assert layers_of(json.dumps({"layers": layers, "facts": {"web": [3]}}), expected) == layers
    with pytest.raises(MeasurementError, match=r"wrong result: web is \[2\], not \[3\]"):
        layers_of(json.dumps({"layers": layers, "facts": {"web": [2]}}), expected)


def test_a_wrong_result_is_a_failure_that_says_what_is_wrong():
    with pytest.raises(MeasurementError, match=r"wrong result: b is 3, not 2 \(and 1 more\)"):
        check({"facts": {"a": 1, "b": 3, "c": 1}, **QUANTITIES}, {"a": 1, "b": 2})
    with pytest.raises(MeasurementError, match=r"wrong result: \[1\] instead of \[1, 2\]"):
        check({"facts": [1], **QUANTITIES}, [1, 2])


def test_a_right_result_gives_the_quantities():
    assert check({"facts": {"a": 1}, **QUANTITIES}, {"a": 1}) == QUANTITIES


def test_facts_survive_the_way_from_one_process_to_the_other():
    expected = Expected.compute()
    for key in ("list", "audit-0ms-1", "decode-package", "decode-version"):
        facts = expected.of(task(key))
        assert json.loads(json.dumps(facts)) == facts


def test_a_failure_is_kept_and_others_are_measured():
    asked: list[tuple[int, str]] = []

    def measure(contender: Contender, task: Task) -> dict[str, Any]:
        asked.append((number, contender.key))
        if contender is OURS:
            raise MeasurementError("wrong result: everything")
        return QUANTITIES

    figures = Figures()
    for number in range(2):
        run_round(number, [OURS, HTTPX], [task("list")], figures, measure)
    assert figures.as_json() == [
        {"contender": "ghpackages", "task": "list", "problem": "wrong result: everything", "rounds": []},
        {"contender": "httpx", "task": "list", "problem": None, "rounds": [QUANTITIES, QUANTITIES]},
    ]
    assert asked == [(0, "ghpackages"), (0, "httpx"), (1, "httpx")]


def test_each_round_begins_with_another_contender():
    first = [rotated(CONTENDERS, number)[0].key for number in range(len(CONTENDERS))]
    assert first == [each.key for each in CONTENDERS]
    assert {each.key for each in rotated(CONTENDERS, 3)} == set(first)


def test_what_takes_long_is_measured_in_the_first_round_only():
    figures, tasks = Figures(), [task("audit-50ms-1"), task("audit-50ms-16")]
    for number in range(3):
        run_round(number, [OURS], tasks, figures, lambda contender, task: QUANTITIES)
    assert [len(each["rounds"]) for each in figures.as_json()] == [1, 3]


def test_contenders_have_only_the_tasks_that_they_can_do():
    figures = Figures()
    run_round(0, CONTENDERS, TASKS, figures, lambda contender, task: QUANTITIES)
    done = [(each["contender"], each["task"]) for each in figures.as_json()]
    assert [key for name, key in done if name == "cattrs"] == ["decode-package", "decode-version"]
    assert [key for name, key in done if name == "python"] == ["import"]
    assert len([key for name, key in done if name == "githubkit"]) == len(TASKS)


def test_a_process_that_fails_gives_its_last_line():
    with pytest.raises(MeasurementError, match=r"^ValueError: broken$"):
        run_child([sys.executable, "-c", "raise ValueError('broken')"], Cores())


def test_limits_are_rounds_of_requests_times_the_latency():
    limits = {each.key: each.limit for each in TASKS if each.limit}
    assert limits == {
        "list-16": 0.8,
        "audit-50ms-1": 31.95,
        "audit-50ms-16": 2.0,
        "audit-50ms-64": 0.5,
        "audit-50ms-100": 0.35,
    }
