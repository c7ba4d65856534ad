"""The page says each figure beside its target, and what is missing and why."""

import json
import sys
from pathlib import Path

import pytest
from benchmarks.peers import report
from benchmarks.peers.results import WrongResultsError, read
from benchmarks.peers.verdict import TARGETS, judge
from tests.benchmarks.made_up import Json, changed, figure, put, results, uninstalled


def section(page: str, title: str) -> str:
    return page.split(f"\n## {title}\n")[1].split("\n## ")[0]


def row(page: str, title: str, first: str) -> list[str]:
    """The cells of one row of the table in a section."""
    lines = (line for line in section(page, title).splitlines() if line.startswith(f"| {first} |"))
    (found,) = lines
    return [cell.strip() for cell in found.strip("|").split(" | ")][1:]


def page_of(data: Json) -> str:
    return report.page(read(data))


def test_each_figure_stands_beside_its_target() -> None:
    page = report.page(results())
    for each in judge(results()):
        assert each.measured
        target, measured, source, met = row(page, "What it has to show", each.target.figure)
        assert (target, source, met) == (str(each.target.bound), each.measured.source, "yes")
        assert measured == each.target.bound.write(each.measured.value)


def test_it_says_whether_the_machine_was_quiet() -> None:
    assert "by less than 3 %" in section(report.page(results()), "How it was measured")
    data = changed()
    for each in data["figures"]:
        each["rounds"] = [{**each["rounds"][0], "seconds": seconds} for seconds in (1.0, 1.2, 0.9)]
    assert "by less than 30 %.\n  That is much: **the machine was not quiet**" in page_of(data)
    data["figures"] = [{**each, "rounds": each["rounds"][:1]} for each in data["figures"]]
    assert "With one round there is none." in page_of(data)


def test_a_target_that_is_not_met_is_shown_as_such() -> None:
    data = changed()
    put(data, "ghpackages", "import", "seconds", 0.0312)
    page = page_of(data)
    cells = row(page, "What it has to show", "`import ghpackages`, default, beyond bare Python")
    assert cells == ["≤ 30 ms", "31.2 ms", "beyond bare Python", "**no**"]
    assert f"Of {len(TARGETS)} targets {len(TARGETS) - 1} are met, 1 are not met, and 0" in page


def test_a_peer_that_could_not_be_installed_is_in_every_place() -> None:
    data = changed()
    uninstalled(data, "cattrs", "no wheel | for\nthis Python")
    page = page_of(data)
    cells = row(page, "What it has to show", "decode a package, fast: times as fast as cattrs")
    reason = "cattrs + orjson could not be installed: no wheel \\| for this Python"
    assert cells == ["> 1 ×", "not measured", reason, "–"]
    assert set(row(page, "Decoding", "cattrs + orjson")[1:]) == {"not installed"}
    assert "cattrs" not in section(page, "Requests")
    assert "- cattrs + orjson could not be installed: no wheel | for this Python" in page


def test_a_peer_that_failed_is_named_with_the_reason() -> None:
    data = changed()
    figure(data, "gidgethub", "list-16")["problem"] = "9,999 packages"
    page = page_of(data)
    assert row(page, "Listing 10,000 packages", "gidgethub on aiohttp")[-2:] == ["failed", "failed"]
    assert "- gidgethub on aiohttp failed in “list, 100 ms, 16 at once”: 9,999 packages" in page


def test_medians_have_their_spread_and_their_share_of_the_limit() -> None:
    data = changed()
    put(data, "httpx", "audit-50ms-64", "seconds", 1.4, 1.0, 1.2)
    put(data, "httpx", "audit-50ms-1", "seconds", 33.0)
    cells = row(page_of(data), "Audit with 50 ms latency", "httpx, dicts")
    assert cells[1:3] == ["33.0 (1 round)", "1.03"]
    assert cells[5:7] == ["1.20 ± 33 %", "2.40"]


def test_all_contenders_are_in_the_tables_with_whether_they_are_typed() -> None:
    page = report.page(results())
    assert row(page, "Audit without latency", "**ghpackages[fast]**")[0] == "yes"
    assert row(page, "Audit without latency", "aiohttp + orjson, dicts")[0] == "no"
    assert section(page, "Audit without latency").count("\n| ") == 2 + 7  # the head and all who can audit


def test_counts_that_differ_show_their_range() -> None:
    data = changed()
    put(data, "httpx", "audit-50ms-64", "connections", 590, 600, 620)
    assert row(page_of(data), "Connections", "httpx, dicts")[8] == "600 (590–620)"


def test_the_least_possible_requests_stand_above_those_made() -> None:
    assert row(report.page(results()), "Requests", "least possible")[1:5] == ["100", "100", "100", "639"]


def test_the_machine_the_versions_and_the_way_are_told() -> None:
    page = report.page(results())
    assert "On 2026-11-22, on one machine: Made-up 9000, 2 cores, Linux 6.1" in page
    assert row(page, "Versions", "githubkit") == ["yes", "githubkit 1.2.3"]
    assert "each had a core of their own" in page
    assert "were not pinned" in page_of({**changed(), "pinned": False})


def test_the_simulation_is_in_the_report() -> None:
    page = report.page(results())
    assert row(page, "Under GitHub's limits", "**ghpackages**") == ["7,204, 1.0006 × as long", "0"]
    assert "Not part of this run." in section(page_of({**changed(), "simulation": None}), "Under GitHub's limits")


def test_where_the_time_goes_is_told_layer_by_layer() -> None:
    page, title = report.page(results()), "Where the time goes"
    assert row(page, title, report.LAYERS["connections"])[2] == "144 (36 %)"
    assert row(page, title, report.LAYERS["parsing"]) == ["100 (13 %)", "100 (12 %)", "20 (5 %)", "20 (5 %)"]
    assert row(page, title, report.LAYERS["pages"])[3] == "-5 (-1 %)"
    assert row(page, title, "all of it") == ["800", "820", "400", "420"]
    assert report.NEXT_DESIGN in section(page, title)


def test_every_column_of_the_layers_names_who_and_how_many_at_once() -> None:
    titles = row(report.page(results()), "Where the time goes", "layer")
    assert titles[1:3] == ["**ghpackages**, 100 at once, ms", "**ghpackages[fast]**, 16 at once, ms"]


def test_a_layer_that_only_one_breakdown_has_is_shown_by_its_name() -> None:
    data = changed()
    data["breakdown"][1]["layers"][0]["name"] = "sockets"
    assert row(page_of(data), "Where the time goes", "sockets") == ["–", "300 (37 %)", "–", "–"]


def test_without_a_breakdown_the_report_says_so() -> None:
    text = section(page_of({**changed(), "breakdown": []}), "Where the time goes")
    assert text.strip() == "Not part of this run."


def test_a_run_of_a_few_tasks_has_a_page_too() -> None:
    data = changed()
    data["tasks"] = [task for task in data["tasks"] if task["key"] == "decode-package"]
    data["figures"] = [each for each in data["figures"] if each["task"] == "decode-package"]
    uninstalled(data, "githubkit", "no network")
    page = page_of(data)
    assert section(page, "Listing 10,000 packages").strip().endswith("Not part of this run.")
    assert row(page, "Decoding", "orjson, dicts") == ["no", "5.70 ± 3 %", "1.00", "–", "–"]


def test_results_are_stored_and_give_the_same_page_again(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    report.write(changed(), tmp_path / "one")
    stored = tmp_path / "one" / "benchmarks.json"
    report.main([str(stored), str(tmp_path / "two")])
    assert json.loads(stored.read_text("utf-8")) == changed()
    for name in ("benchmarks.json", "benchmarks.md", "benchmarks.svg"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_stored_results_are_left_as_they_are(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    stored = tmp_path / "benchmarks.json"
    stored.write_text(json.dumps(changed(), indent=7), encoding="utf-8")
    report.main([str(stored), str(tmp_path)])
    assert stored.read_text("utf-8") == json.dumps(changed(), indent=7)


def test_without_matplotlib_only_the_picture_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "benchmarks.peers.picture", None)
    monkeypatch.delattr("benchmarks.peers.picture", raising=False)
    with pytest.raises(ImportError):
        report.write(changed(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["benchmarks.json", "benchmarks.md"]


def test_results_of_another_form_write_nothing(tmp_path: Path) -> None:
    with pytest.raises(WrongResultsError):
        report.write({**changed(), "schema": 2}, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("text", "complaint"), [("{", "no JSON: "), ("[]", "the results: an object is expected")])
def test_a_wrong_file_is_an_error_of_one_line(
    text: str, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wrong.json").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit):
        report.main([str(tmp_path / "wrong.json"), str(tmp_path)])
    assert f"wrong.json: {complaint}" in capsys.readouterr().err
