"""The report of a small result set made by hand, the targets, and the committed report."""

import re
from pathlib import Path

import pytest
from benchmarks import report
from benchmarks.results import Figure, Installed, Results, spread
from benchmarks.targets import TARGETS, Target, evaluate

DOCS = Path(__file__).parents[2] / "docs"
KEYS = ("ghpackages", "ghpackages-fast", "githubkit", "aiohttp")


def figure(contender: str, task: str, *values: float, cpu: float = 0.5, connections: int = 16, loop: float = 0.03):
    once = {"cpu": cpu, "requests": 639, "connections": connections, "megabytes": 5.0, "loops": [loop, loop]}
    return Figure(contender, task, rounds=[{**once, "seconds": value} for value in values])


def results(*figures: Figure, **installed: str) -> Results:
    found = {key: Installed({key: "1.2.3"}) for key in KEYS}
    found |= {key: Installed({}, problem) for key, problem in installed.items()}
    machine = {"processor": "Made-up 9000", "cores": 2, "system": "Linux 6.1", "python": "3.11.7"}
    return Results("2026-11-22", 3, True, machine, found, list(figures))


def row(text: str, first: str) -> list[str]:
    (line,) = (line for line in text.splitlines() if line.startswith(f"| {first} "))
    return [cell.strip() for cell in line.strip("|").split(" | ")][1:]


def target(ours: str, task: str, quantity: str = "time", other: str = "") -> Target:
    (found,) = (
        each for each in TARGETS if (each.ours, each.task, each.quantity, each.other) == (ours, task, quantity, other)
    )
    return found


def test_the_spread_is_the_interquartile_range_divided_by_the_median() -> None:
    assert spread([1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx(2 / 3)
    assert spread([1.0]) == spread([]) == 0


def test_without_latency_targets_compare_cpu_seconds() -> None:
    found = results(
        figure("ghpackages-fast", "audit-0ms-16", 9.0, cpu=0.3), figure("githubkit", "audit-0ms-16", 1.0, cpu=1.8)
    )
    outcome = evaluate(target("ghpackages-fast", "audit-0ms-16", other="githubkit"), found)
    assert (outcome.value, outcome.is_met) == (pytest.approx(6), True)


def test_with_latency_targets_compare_wall_seconds_with_the_limit() -> None:
    found = results(figure("ghpackages-fast", "audit-50ms-64", 0.65, 0.65, cpu=0.1))
    outcome = evaluate(target("ghpackages-fast", "audit-50ms-64", other="limit"), found)
    assert (outcome.value, outcome.is_met) == (pytest.approx(1.3), False)


def test_cpu_seconds_are_scaled_by_the_loops_around_them() -> None:
    quick = [figure("aiohttp", "list", 1.0, cpu=0.2, loop=0.03) for _ in range(9)]
    slow = figure("ghpackages-fast", "list", 1.0, cpu=0.6, loop=0.06)
    halfway = figure("githubkit", "list", 1.0, cpu=0.9)
    halfway.rounds[0]["loops"] = [0.03, 0.06]
    found = results(*quick, slow, halfway)
    assert found.median("ghpackages-fast", "list", "cpu") == pytest.approx(0.3)
    assert found.median("githubkit", "list", "cpu") == pytest.approx(0.6)
    assert found.median("aiohttp", "list", "cpu") == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("loops", "expected", "shown"),
    [
        ([0.03, 0.03, 0.05], 2.5, "2.50 ± 20%"),
        ([0.03, 0.05, 0.05], 3.0, "3.00 † ± 117%"),
        ([0.05, 0.05, 0.05], 3.0, "3.00 † ± 117%"),
    ],
)
def test_wall_seconds_are_those_of_quiet_rounds_if_there_are_two(
    loops: list[float], expected: float, shown: str
) -> None:
    noisy = figure("ghpackages", "list-16", 2.0, 3.0, 9.0)
    for once, loop in zip(noisy.rounds, loops, strict=True):
        once["loops"] = [0.03, loop]
    quick = [figure("aiohttp", "list", 1.0) for _ in range(9)]
    found = results(*quick, noisy)
    assert found.median("ghpackages", "list-16", "seconds") == expected
    assert found.values("ghpackages", "list-16", "requests") == [639] * 3
    assert row(report.results_table(found), "list 10,000 packages, 100 ms, 16 at once: s")[0] == shown
    assert noisy.is_noisy(found.quiet) is (expected == 3.0 or shown.endswith("20%"))


def test_ratios_are_of_medians() -> None:
    found = results(figure("ghpackages-fast", "audit-50ms-64", 0.55, 9.0, 0.55))
    assert evaluate(target("ghpackages-fast", "audit-50ms-64", other="limit"), found).is_met


def test_the_worst_round_of_all_tasks_counts_for_connections() -> None:
    worst = figure("ghpackages", "audit-0ms-64", 1.0, 1.0, connections=64)
    worst.rounds[0]["connections"] = 80
    found = results(figure("ghpackages", "audit-0ms-16", 1.0), figure("ghpackages", "import", 1.0), worst)
    outcome = evaluate(target("ghpackages", "*", "connections", "concurrency"), found)
    assert (outcome.value, outcome.is_met) == (1.25, False)


def test_a_task_that_failed_does_not_hide_a_bound_that_another_missed() -> None:
    wanted = target("ghpackages", "*", "connections", "concurrency")
    failed, fine = Figure("ghpackages", "list", "broken"), figure("ghpackages", "audit-0ms-16", 1.0)
    assert evaluate(wanted, results(failed, fine)).reason == "default failed"
    assert evaluate(wanted, results(failed, figure("ghpackages", "audit-0ms-16", 1.0, connections=17))).is_met is False


def test_requests_must_be_the_least_possible() -> None:
    found = results(figure("ghpackages", "audit-0ms-16", 1.0))
    wanted = target("ghpackages", "*", "requests", "least")
    assert evaluate(wanted, found).is_met
    found.figures[0].rounds.append({**found.figures[0].rounds[0], "requests": 640})
    assert evaluate(wanted, found).is_met is False
    found.figures[0].rounds[-1]["requests"] = 600
    assert evaluate(wanted, found).is_met is False


def test_the_time_to_be_ready_is_compared_with_importing_httpx() -> None:
    found = results(figure("ghpackages", "ready", 1.0, cpu=0.1), figure("httpx", "import", 1.0, cpu=0.08))
    outcome = evaluate(target("ghpackages", "ready", other="httpx"), found)
    assert (outcome.value, outcome.is_met) == (pytest.approx(1.25), True)
    found = results(figure("ghpackages", "import", 1.0, cpu=0.031))
    assert evaluate(target("ghpackages", "import"), found).is_met is False


def test_a_target_without_a_figure_says_why() -> None:
    fast = figure("ghpackages-fast", "audit-0ms-16", 1.0)
    wanted = target("ghpackages-fast", "audit-0ms-16", other="githubkit")
    broken = Figure("githubkit", "audit-0ms-16", "wrong result")
    assert evaluate(wanted, results()).reason == "not part of this run"
    assert evaluate(wanted, results(fast)).reason == "not part of this run"
    assert evaluate(wanted, results(fast, broken)).reason == "githubkit failed"
    assert evaluate(wanted, results(fast, githubkit="no wheel")).reason == "githubkit is not installed"
    assert evaluate(wanted, results(Figure("ghpackages-fast", "audit-0ms-16", "x"))).reason == "fast failed"


def test_targets_are_in_the_report_met_or_missed() -> None:
    found = results(figure("ghpackages", "stream", 1.0), figure("ghpackages", "import", 1.0, cpu=0.030004))
    text = report.targets(found)
    assert row(text, "stream 10,000 packages, 0 ms, default: memory") == ["≤ 6.00 MB", "5.00 MB", "met"]
    assert row(text, "import, default: CPU time") == ["≤ 30.0 ms", "30.004 ms", "**missed**"]
    assert f"Of {len(TARGETS)} targets 1 are met, 3 are missed" in text  # connections and requests, of 1 and 100


def test_the_spread_is_shown_only_above_15_percent() -> None:
    found = results(
        figure("ghpackages", "list-16", 1.0, 2.0, 3.0), figure("aiohttp", "list-16", 1.0, 1.1, 1.2, connections=17)
    )
    text = report.results_table(found)
    assert row(text, "list 10,000 packages, 100 ms, 16 at once: s") == ["2.00 ± 50%", "–", "–", "1.10", "0.800"]
    assert row(text, "list 10,000 packages, 100 ms, 16 at once: connections")[:4] == ["16", "–", "–", "17"]
    assert "1 are still noisy" in report.page(found)


def test_failures_and_missing_contenders_are_named_with_the_reason() -> None:
    found = results(Figure("githubkit", "list", "9,999 |\n packages"), figure("aiohttp", "list", 1.0), httpx="no wheel")
    page = report.page(found)
    assert row(page, "list 10,000 packages, 0 ms, one page after another: s")[2] == "failed"
    assert "- httpx, dicts could not be installed: no wheel" in page
    assert "- githubkit failed in “list 10,000 packages, 0 ms, one page after another”: 9,999 | packages" in page
    assert "httpx, dicts |" not in page


def test_cells_are_escaped() -> None:
    assert report.table(["a|b", "c"], [["1\n2", "é"]]).splitlines() == [
        "| a\\|b |   c |",
        "| ---- | --: |",
        "| 1 2  |   é |",
    ]


@pytest.mark.parametrize(("slow", "verdict"), [(1, "The machine was quiet"), (3, "**The machine was not quiet**")])
def test_the_report_says_whether_the_machine_was_quiet(slow: int, verdict: str) -> None:
    loops = [*[0.030] * (20 - slow), *[0.040] * slow]
    found = results(*(figure("aiohttp", "list", 1.0, loop=loop) for loop in loops))
    assert found.slow_loops == pytest.approx(slow / 20)
    assert verdict in report.quietness(found).replace("\n ", "")
    assert "30.0 ms in the median" in report.quietness(found)


def test_github_s_limits_are_in_the_report() -> None:
    found = results()
    assert "Not part of this run." in report.simulation(found)
    found.simulation = {"requests": 10_002, "seconds": 7204.0, "least": 7200.0}
    found.simulation |= {"refused": 0, "refused_without_governor": 9_102}
    assert "7,204 s, 1.0006 × the least possible" in report.simulation(found)
    assert "without the governor, 9,102 are" in report.simulation(found)
    found.simulation = {"problem": "no clock"}
    assert report.simulation(found) == "The simulation failed: no clock"


@pytest.mark.parametrize("task", ["decode-package", "list", "list-16"])
def test_a_run_of_one_task_has_a_report_too(task: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    report.write(results(figure("ghpackages", task, 1.0), figure("aiohttp", task, 1.0)), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"benchmarks.json", "benchmarks.md", "benchmarks.svg"}


def test_no_fault_of_the_report_loses_the_results(tmp_path: Path) -> None:
    broken = results(figure("ghpackages", "list", 1.0))
    broken.machine = {}
    with pytest.raises(KeyError):
        report.write(broken, tmp_path)
    assert Results.read(tmp_path / "benchmarks.json").figures == broken.figures


def test_the_committed_report_is_that_of_the_committed_results() -> None:
    assert report.page(Results.read(DOCS / "benchmarks.json")) == (DOCS / "benchmarks.md").read_text("utf-8")


def test_the_readme_quotes_the_committed_results() -> None:
    found = Results.read(DOCS / "benchmarks.json")

    def cpu(contender: str, task: str) -> float:
        return found.median(contender, task, "cpu") or 0.0

    decoding = [
        cpu("githubkit", f"decode-{kind}") / cpu("ghpackages-fast", f"decode-{kind}") for kind in ("package", "version")
    ]
    listing = (found.median("ghpackages-fast", "list-16", "seconds") or 0.0) / 0.8
    memory = found.median("ghpackages-fast", "stream", "megabytes") or 0.0
    audit = cpu("githubkit", "audit-0ms-16") / cpu("ghpackages-fast", "audit-0ms-16")
    section = (DOCS.parent / "README.md").read_text("utf-8").partition("\n## Fast\n")[2].partition("\n## ")[0]
    quoted = re.findall(r"\*\*([\d.]+) (?:×|MB)\*\*", section)
    assert quoted == [f"{decoding[0]:.1f}", f"{decoding[1]:.1f}", f"{listing:.2f}", f"{memory:.1f}", f"{audit:.1f}"]


def test_results_are_stored_and_make_the_same_report_again(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    tasks = ("list", "audit-0ms-16", "audit-50ms-64")
    report.write(results(*(figure(key, task, 1.0, 1.1) for key in KEYS for task in tasks)), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    report.write(Results.read(tmp_path / "benchmarks.json"), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert set(before) == {"benchmarks.json", "benchmarks.md", "benchmarks.svg"}
    assert before["benchmarks.json"].count(b'\n    {"contender"') == len(KEYS) * len(tasks)


def test_the_plot_compares_cpu_with_raw_aiohttp_and_wall_time_with_the_limit() -> None:
    found = results(
        figure("githubkit", "audit-0ms-16", 9.0, cpu=1.2), figure("aiohttp", "audit-0ms-16", 1.0, cpu=0.2),
        figure("githubkit", "audit-50ms-64", 0.6, cpu=9.0),
    )  # fmt: skip
    zero, late = found.tasks
    assert report.ratio(found, "githubkit", zero) == pytest.approx(6)
    assert report.ratio(found, "githubkit", late) == pytest.approx(1.2)
    assert report.ratio(found, "httpx", late) is None
