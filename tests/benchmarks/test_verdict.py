"""Each target is judged by itself: at its border, on both sides of it, and not at all where something is missing."""

import pytest
from benchmarks.peers.results import read
from benchmarks.peers.verdict import TARGETS, Bound, Verdict, judge
from tests.benchmarks.made_up import Json, changed, figure, put, results, uninstalled

NEAR = 0.0001
RATIOS = {  # the key of a target: who is changed in which task, beside what, and by how much one differs from the other
    "decode-package-default-to-generated": ("ghpackages", "decode-package", "generated", 1.8),
    "decode-version-default-to-generated": ("ghpackages", "decode-version", "generated", 2.5),
    "decode-package-fast-to-generated": ("ghpackages-fast", "decode-package", "generated", 3.6),
    "decode-version-fast-to-generated": ("ghpackages-fast", "decode-version", "generated", 3.4),
    "decode-package-fast-to-githubkit": ("ghpackages-fast", "decode-package", "githubkit", 2),
    "decode-version-fast-to-githubkit": ("ghpackages-fast", "decode-version", "githubkit", 2),
    "list-default-to-generated": ("ghpackages", "list", "generated", 1.4),
    "list-fast-to-generated": ("ghpackages-fast", "list", "generated", 2.3),
    "list-fast-to-githubkit": ("ghpackages-fast", "list", "githubkit", 3),
    "audit-0ms-16-fast-to-githubkit": ("ghpackages-fast", "audit-0ms-16", "githubkit", 5),
    "audit-0ms-100-fast-to-githubkit": ("ghpackages-fast", "audit-0ms-100", "githubkit", 5),
    "audit-0ms-16-fast-to-aiohttp": ("ghpackages-fast", "audit-0ms-16", "aiohttp", 1 / 3.5),
    "audit-0ms-100-fast-to-aiohttp": ("ghpackages-fast", "audit-0ms-100", "aiohttp", 1 / 3.5),
}
SECONDS = {  # the key of a target: whose seconds in which task, and their border
    "list-16-default-to-limit": ("ghpackages", "list-16", 0.8 * 1.15),
    "list-16-fast-to-limit": ("ghpackages-fast", "list-16", 0.8 * 1.08),
    "audit-50ms-64-default-to-limit": ("ghpackages", "audit-50ms-64", 0.5 * 1.6),
    "audit-50ms-64-fast-to-limit": ("ghpackages-fast", "audit-50ms-64", 0.5 * 1.4),
    "audit-50ms-100-default-to-limit": ("ghpackages", "audit-50ms-100", 0.35 * 2.1),
    "audit-50ms-100-fast-to-limit": ("ghpackages-fast", "audit-50ms-100", 0.35 * 1.6),
    "import-default": ("ghpackages", "import", 0.03),
    "ready-default": ("ghpackages", "ready", 0.079 * 1.3),
}


def verdict(data: Json, key: str) -> Verdict:
    (found,) = (each for each in judge(read(data)) if each.target.key == key)
    return found


def met_with(contender: str, task: str, quantity: str, key: str, *values: float | None) -> bool | None:
    data = changed()
    put(data, contender, task, quantity, *values)
    return verdict(data, key).met


def test_each_target_has_a_key_of_its_own() -> None:
    assert len({target.key for target in TARGETS}) == len(TARGETS) == 29


def test_every_target_can_be_met() -> None:
    assert [each.target.key for each in judge(results()) if not each.met] == []


@pytest.mark.parametrize("key", RATIOS)
def test_a_target_beside_a_peer_is_met_up_to_its_border(key: str) -> None:
    ours, task, other, times = RATIOS[key]
    border = results().summary(other, task).median / times
    mets = [met_with(ours, task, "seconds", key, border * part) for part in (1 - NEAR, 1, 1 + NEAR)]
    assert mets == [True, True, False]


@pytest.mark.parametrize("task", ["decode-package", "decode-version"])
def test_as_fast_as_cattrs_is_not_faster(task: str) -> None:
    key, border = f"{task}-fast-to-cattrs", results().summary("cattrs", task).median
    mets = [met_with("ghpackages-fast", task, "seconds", key, border * part) for part in (1 - NEAR, 1, 1 + NEAR)]
    assert mets == [True, False, False]


@pytest.mark.parametrize("key", SECONDS)
def test_a_target_in_seconds_is_met_up_to_its_border(key: str) -> None:
    ours, task, border = SECONDS[key]
    mets = [met_with(ours, task, "seconds", key, border * part) for part in (1 - NEAR, 1, 1 + NEAR)]
    assert mets == [True, True, False]


@pytest.mark.parametrize(("ours", "install"), [("ghpackages", "default"), ("ghpackages-fast", "fast")])
def test_memory_is_met_up_to_its_border(ours: str, install: str) -> None:
    mets = [met_with(ours, "stream", "megabytes", f"memory-{install}", each) for each in (5.9, 6, 6.001)]
    assert mets == [True, True, False]


@pytest.mark.parametrize(("ours", "install"), [("ghpackages", "default"), ("ghpackages-fast", "fast")])
@pytest.mark.parametrize("task", ["audit-0ms-100", "audit-50ms-100"])
def test_connections_are_met_up_to_their_border_in_each_task(ours: str, install: str, task: str) -> None:
    mets = [met_with(ours, task, "connections", f"connections-{install}", 100, each, 100) for each in (100, 105, 106)]
    assert mets == [True, True, False]


def test_connections_of_one_at_a_time_are_not_judged() -> None:
    assert met_with("ghpackages", "audit-0ms-1", "connections", "connections-default", 8)


@pytest.mark.parametrize(("ours", "install"), [("ghpackages", "default"), ("ghpackages-fast", "fast")])
@pytest.mark.parametrize("task", ["list", "list-16", "stream", "audit-0ms-1", "audit-50ms-100"])
def test_one_request_more_or_less_in_one_round_is_not_exact(ours: str, install: str, task: str) -> None:
    least = results().task(task).least_requests or 0
    counts = [(least, least), (least, least + 1), (least - 1, least)]
    assert [met_with(ours, task, "requests", f"requests-{install}", *each) for each in counts] == [True, False, False]


def test_medians_are_judged_and_not_single_rounds() -> None:
    assert met_with("ghpackages", "import", "seconds", "import-default", 0.9, 0.03, 0.01)


def test_where_a_verdict_comes_from_is_told() -> None:
    measured = verdict(changed(), "decode-package-default-to-generated").measured
    assert measured
    assert measured.source == "the unchanged generator 45.0 µs, default 22.0 µs"


def test_a_missing_peer_is_named_and_nothing_is_judged_without_it() -> None:
    data = changed()
    uninstalled(data, "githubkit", "no such distribution")
    unknown = [each for each in judge(read(data)) if each.met is None]
    assert [each.target.key for each in unknown] == [
        each.target.key for each in judge(results()) if "githubkit" in each.target.key
    ]
    assert {each.problem for each in unknown} == {"githubkit could not be installed: no such distribution"}


def test_a_peer_that_failed_is_named() -> None:
    data = changed()
    figure(data, "aiohttp", "audit-0ms-16")["problem"] = "54,465 versions"
    found = verdict(data, "audit-0ms-16-fast-to-aiohttp")
    assert found.met is None
    assert found.problem == "aiohttp + orjson, dicts failed in “audit, 0 ms, 16 at once”: 54,465 versions"


def test_a_peer_without_time_is_compared_with_nothing() -> None:
    assert met_with("ghpackages", "list", "seconds", "list-default-to-generated", 0.0) is None


def test_the_worst_of_all_tasks_is_not_known_if_one_is_missing() -> None:
    data = changed()
    figure(data, "ghpackages", "audit-0ms-64")["problem"] = "it hung"
    found = verdict(data, "connections-default")
    assert (found.met, found.problem) == (None, "ghpackages failed in “audit, 0 ms, 64 at once”: it hung")


def test_a_border_that_is_passed_stays_passed_whatever_is_missing() -> None:
    data = changed()
    figure(data, "ghpackages", "audit-0ms-64")["problem"] = "it hung"
    put(data, "ghpackages", "audit-0ms-16", "connections", 600)
    assert verdict(data, "connections-default").met is False


def test_a_run_of_nothing_measures_nothing() -> None:
    data = {**changed(), "tasks": [], "figures": [], "contenders": [], "breakdown": []}
    assert {each.met for each in judge(read(data))} == {None}


@pytest.mark.parametrize(
    ("bound", "value", "written"),
    [
        (Bound("≥", 1.8), 1.7999, "1.7999 ×"),
        (Bound("≥", 1.8), 1.801, "1.80 ×"),
        (Bound("≤", 6, "MB"), 6.004, "6.004 MB"),
        (Bound("≤", 6, "MB"), 5.996, "6.00 MB"),
        (Bound("=", 0, "requests"), 0, "0 requests"),
    ],
)
def test_rounding_never_hides_that_a_target_was_missed(bound: Bound, value: float, written: str) -> None:
    assert bound.write(value) == written
