"""How the benchmark is run: failures are reported, and every value is stored."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.data import expected_listing
from benchmarks.run import (
    Environment,
    MeasurementError,
    Rounds,
    check,
    expected_facts,
    main,
    measure_in,
    parse,
    read_environments,
    run,
    run_child,
    select,
    serving,
)
from benchmarks.start import SNIPPETS
from benchmarks.tasks import CONTENDERS, CONTENDERS_BY_KEY, TASKS, TASKS_BY_KEY, Contender, Task

ONCE = {"seconds": 1.0, "cpu": 0.5, "requests": 639, "connections": 16, "megabytes": 3.5, "loops": [0.03, 0.03]}
OURS, HTTPX = CONTENDERS_BY_KEY["ghpackages"], CONTENDERS_BY_KEY["httpx"]


def steady(contender: Contender, task: Task) -> dict[str, Any]:
    return ONCE


class Varying:
    """Measures one quantity with values that are given in turn, the last again and again."""

    def __init__(self, quantity: str, *values: float) -> None:
        self._quantity, self._values = quantity, list(values)

    def __call__(self, contender: Contender, task: Task) -> dict[str, Any]:
        value = self._values.pop(0) if len(self._values) > 1 else self._values[0]
        return {**ONCE, self._quantity: value}


def rounds_of(count: int, task: str, measure: Any) -> Rounds:
    rounds = Rounds([OURS], [TASKS_BY_KEY[task]])
    for number in range(count):
        rounds.run(number, measure)
    rounds.repeat_noisy(count, measure)
    return rounds


def values_of(rounds: Rounds, quantity: str) -> list[float]:
    (figure,) = rounds.figures.values()
    return [once[quantity] for once in figure.rounds]


def environments_file(folder: Path, content: object) -> list[str]:
    path = folder / "environments.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return ["--environments", str(path)]


def test_contenders_that_are_not_installed_are_reported_with_the_reason(tmp_path: Path) -> None:
    file = environments_file(
        tmp_path, {"msgspec": {"problem": "ERROR: no match"}, "orjson": {"python": str(tmp_path / "python")}}
    )
    results = run(parse(["--contenders", "msgspec", "cattrs", "orjson", "--tasks", "decode-*", *file]))
    problems = {key: each.problem or "" for key, each in results.installed.items()}
    assert problems["msgspec"] == "ERROR: no match"
    assert problems["cattrs"] == "no environment was made for it"
    assert "No such file" in problems["orjson"]
    assert results.figures == []


def test_a_wrong_result_has_no_figure_and_is_reported() -> None:
    def measure(contender: Contender, task: Task) -> dict[str, Any]:
        return check({**ONCE, "facts": {**expected_listing(), "packages": 9_999}}, expected_listing())

    (figure,) = rounds_of(2, "list", measure).figures.values()
    assert figure.rounds == []
    assert figure.problem == "wrong result: packages is 9999, not 10000"
    assert figure.values("seconds", 0.03) == []


def test_a_wrong_list_is_named() -> None:
    with pytest.raises(MeasurementError, match=r"wrong result: \[1\] instead of \[1, 2\]"):
        check({**ONCE, "facts": [1]}, [1, 2])


def test_a_correct_result_has_all_quantities() -> None:
    assert check({**ONCE, "facts": {"a": 1}}, {"a": 1}) == ONCE
    assert check({"seconds": 1, "cpu": 1, "loops": [1, 1], "facts": []}, [])["megabytes"] is None


@pytest.mark.parametrize("key", ["list", "stream", "audit-0ms-1", "decode-package", "decode-version"])
def test_facts_survive_the_way_between_processes(key: str) -> None:
    facts = expected_facts(TASKS_BY_KEY[key].kind, key)
    assert json.loads(json.dumps(facts)) == facts


def test_a_failure_is_kept_and_others_are_measured() -> None:
    asked: list[str] = []

    def measure(contender: Contender, task: Task) -> dict[str, Any]:
        asked.append(contender.key)
        if contender is OURS:
            raise MeasurementError("broken")
        return ONCE

    rounds = Rounds([OURS, HTTPX], [TASKS_BY_KEY["list"]])
    for number in range(2):
        rounds.run(number, measure)
    assert asked == ["ghpackages", "httpx", "httpx"]
    assert [(each.problem, len(each.rounds)) for each in rounds.figures.values()] == [("broken", 0), (None, 2)]


def test_noisy_figures_are_measured_again_and_all_values_are_kept() -> None:
    rounds = rounds_of(3, "list", Varying("cpu", 1.0, 2.0, 3.0, 2.0))
    assert values_of(rounds, "cpu") == [1.0, 2.0, 3.0, 2.0, 2.0]  # enough: the interquartile range is 0


def test_a_figure_of_wall_seconds_with_one_quiet_round_is_measured_again() -> None:
    slow = [0.05, 0.05]

    def measure(contender: Contender, task: Task) -> dict[str, Any]:
        loop = slow.pop() if contender is OURS and slow else 0.03
        return {**ONCE, "loops": [0.03, loop]}

    rounds = Rounds([OURS, HTTPX], [TASKS_BY_KEY["audit-50ms-16"]])
    for number in range(3):
        rounds.run(number, measure)
    rounds.repeat_noisy(3, measure)
    assert [len(figure.rounds) for figure in rounds.figures.values()] == [4, 3]


def test_repetitions_are_bounded_by_the_number_of_rounds_and_by_five() -> None:
    class Growing(Varying):
        def __call__(self, contender: Contender, task: Task) -> dict[str, Any]:
            self._values = [self._values[0] * 2]
            return super().__call__(contender, task)

    assert len(values_of(rounds_of(2, "list", Growing("cpu", 1.0)), "cpu")) == 4
    assert len(values_of(rounds_of(7, "list", Growing("cpu", 1.0)), "cpu")) == 12


@pytest.mark.parametrize(("task", "quantity", "other"), [("list", "cpu", "seconds"), ("list-16", "seconds", "cpu")])
def test_only_the_quantity_that_a_task_is_judged_by_is_measured_again(task: str, quantity: str, other: str) -> None:
    assert len(values_of(rounds_of(3, task, Varying(quantity, 1.0, 2.0, 3.0)), quantity)) > 3
    assert len(values_of(rounds_of(3, task, Varying(other, 1.0, 2.0, 3.0)), quantity)) == 3


def test_the_first_contender_of_a_round_is_the_last_of_the_next() -> None:
    asked: list[str] = []

    def measure(contender: Contender, task: Task) -> dict[str, Any]:
        asked.append(contender.key)
        return ONCE

    rounds = Rounds([OURS, HTTPX], [TASKS_BY_KEY["list"]])
    for number in range(2):
        rounds.run(number, measure)
    assert asked == ["ghpackages", "httpx", "httpx", "ghpackages"]


def test_slow_tasks_are_measured_in_the_first_round_only() -> None:
    rounds = Rounds([OURS], [TASKS_BY_KEY["audit-50ms-1"], TASKS_BY_KEY["audit-50ms-16"]])
    for number in range(3):
        rounds.run(number, steady)
    assert [len(figure.rounds) for figure in rounds.figures.values()] == [1, 3]


def test_contenders_have_only_their_own_tasks() -> None:
    rounds = Rounds(CONTENDERS, TASKS)
    rounds.run(0, steady)
    assert [task for key, task in rounds.figures if key == "cattrs"] == ["decode-package", "decode-version"]
    assert len([task for key, task in rounds.figures if key == "githubkit"]) == len(TASKS)
    assert {each.module for each in CONTENDERS if not each.tasks} == set(SNIPPETS)


def test_a_process_that_fails_is_reported_by_its_last_line() -> None:
    with pytest.raises(MeasurementError, match=r"^ValueError: broken$"):
        run_child(sys.executable, "-c", "raise ValueError('broken')")
    with pytest.raises(MeasurementError, match="printed no result: 'hello'"):
        run_child(sys.executable, "-c", "print('hello')")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving() as url:
        yield url


@pytest.mark.parametrize("task", ["decode-version", "stream", "audit-50ms-64"])
def test_our_measurements_are_correct_and_complete(url: str, task: str) -> None:
    found = measure_in({"ghpackages": Environment()}, url)(OURS, TASKS_BY_KEY[task])
    assert found["cpu"] > 0
    assert len([loop for loop in found["loops"] if loop > 0]) == 2
    if task.startswith("decode-"):
        assert found["requests"] is None
    else:
        assert found["requests"] == TASKS_BY_KEY[task].least_requests
        assert 0 < found["connections"] <= TASKS_BY_KEY[task].concurrency


def test_starting_is_measured_up_to_the_mark(url: str) -> None:
    measure = measure_in({"ghpackages": Environment()}, url)
    found = measure(OURS, TASKS_BY_KEY["ready"])
    assert found["requests"] is None
    assert found["cpu"] > 0
    assert all(loop > 0 for loop in found["loops"])


def test_the_short_run_has_the_figures_that_changes_are_compared_by(capsys: pytest.CaptureFixture[str]) -> None:
    options = parse(["--short"])
    contenders, tasks = select(options)
    assert (options.rounds, options.is_partial) == (3, True)
    assert [each.key for each in contenders] == ["ghpackages", "ghpackages-fast", "githubkit", "httpx", "aiohttp"]
    assert [each.key for each in tasks] == [
        *("decode-package", "decode-version", "list", "list-16", "stream"),
        *("audit-0ms-16", "audit-0ms-100", "audit-50ms-64", "audit-50ms-100"),
    ]
    main(["--short", "--list-contenders"])
    assert json.loads(capsys.readouterr().out) == [each.key for each in contenders]


def test_a_complete_run_has_everything_and_a_part_never_writes_to_docs() -> None:
    assert select(parse([])) == (list(CONTENDERS), list(TASKS))
    assert not parse(["--rounds", "7"]).is_partial
    assert parse(["--tasks", "list"]).is_partial
    assert parse(["--contenders", "httpx"]).is_partial


def test_only_contenders_with_a_chosen_task_take_part() -> None:
    contenders, _ = select(parse(["--tasks", "list", "--contenders", "*rjson", "httpx"]))
    assert contenders == [HTTPX]


def test_without_a_file_all_contenders_are_where_the_benchmark_runs() -> None:
    assert read_environments(None)["httpx"] == Environment(python=sys.executable)


def test_limits_are_rounds_of_requests_times_the_latency() -> None:
    assert {each.key: each.limit for each in TASKS if each.limit} == {
        "list-16": 0.8,
        "audit-50ms-1": 31.95,
        "audit-50ms-16": 2.0,
        "audit-50ms-64": 0.5,
        "audit-50ms-100": 0.35,
    }
