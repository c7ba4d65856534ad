"""Reading a report back."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.audit.reports import failure, header, lines, package, report, repository, summary, version

from ghpackages import GitHubPackages
from ghpackages.audit import ReportError, audit, header_record, package_record, read_report, report_json, summary_record
from ghpackages.testing import MockGitHub

REPORT = report(package("web", version(1, "latest"), version(2)), package("left-pad", version(3), type_="npm"))
LINES = lines(REPORT)


def problem_of(given: Any, *, may_be_cut: bool = False) -> str:
    with pytest.raises(ReportError) as caught:
        list(read_report(given, may_be_cut=may_be_cut))
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_what_an_audit_writes_is_read_back(server: MockGitHub, github: GitHubPackages, tmp_path: Path) -> None:
    acme = server.owner("acme")
    acme.add_package("container", "web/api", repository="web").add_version(tags=["1", "latest"])
    acme.add_package("npm", "a").add_version(description="one\u2028two")
    result = await audit(github, "acme", "nobody", all_versions=True, names="*").collect()
    written = [
        header_record(result.as_of, result.owners, result.filters),
        *map(package_record, result.packages),
        summary_record(result.totals, result.failures),
    ]
    path = tmp_path / "report.jsonl"
    path.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in written), "utf-8")
    with path.open(encoding="utf-8") as file:
        assert list(read_report(file)) == json.loads(json.dumps(written))


def test_a_line_is_read_when_its_record_is_asked_for() -> None:
    taken: list[str] = []

    def slowly() -> Iterator[str]:
        for line in LINES:
            taken.append(line)
            yield line

    records = read_report(slowly())
    assert taken == []
    assert next(records)["record"] == "header"
    assert taken == LINES[:1]
    assert next(records)["package"]["name"] == "web"
    assert taken == LINES[:2]


def test_keys_that_are_not_known_are_left_as_they_are() -> None:
    more = [{**record, "of_tomorrow": [1]} for record in REPORT]
    assert list(read_report(lines(more))) == more


def test_keys_that_came_later_may_be_absent() -> None:
    older = json.loads(json.dumps(report(package("a"), failures=[failure("acme", "npm")])))
    del older[1]["least_requests"], older[-1]["failures"][0]["package_name"]
    assert list(read_report(lines(older))) == older


@pytest.mark.parametrize("may_be_cut", [False, True])
def test_a_byte_order_mark_and_empty_lines_are_passed_over(may_be_cut: bool) -> None:
    text = "\ufeff" + "\r\n\n".join(line.strip() for line in LINES) + "\n \n\n"
    assert list(read_report(io.StringIO(text), may_be_cut=may_be_cut)) == REPORT
    assert list(read_report(io.StringIO(f"\n{text}"), may_be_cut=may_be_cut)) == REPORT


def test_lines_may_lack_their_ends() -> None:
    bare = [line.rstrip("\n") for line in LINES]
    assert list(read_report(bare)) == list(read_report(bare, may_be_cut=True)) == REPORT
    assert list(read_report([*LINES[:-1], bare[-1]])) == REPORT


# What was cut short


TEXT = "".join(LINES)


def test_a_report_that_was_cut_anywhere_is_known_to_be() -> None:
    for length in range(len(TEXT) - 1):  # with only the last line end missing, everything is there
        assert problem_of(io.StringIO(TEXT[:length]))


def test_of_a_report_that_was_cut_anywhere_the_whole_lines_are_read() -> None:
    header_end = len(LINES[0])
    for length in range(header_end, len(TEXT)):
        text = TEXT[:length]
        assert list(read_report(io.StringIO(text), may_be_cut=True)) == REPORT[: text.count("\n")]
    for length in range(header_end - 1):
        assert "no header" in problem_of(io.StringIO(TEXT[:length]), may_be_cut=True)


def test_a_report_without_its_summary_was_cut_short() -> None:
    assert problem_of(LINES[:-1]) == "the report ends without a summary: it was cut short"
    assert problem_of([]) == "the report has no header: it is empty, or was cut short"


@pytest.mark.parametrize("bytes_kept", [1, 2])
def test_a_character_that_was_cut_in_two_is_dropped_with_its_line(tmp_path: Path, bytes_kept: int) -> None:
    path = tmp_path / "report.jsonl"
    path.write_bytes("".join(LINES[:2]).encode() + b'{"record":"' + "€".encode()[:bytes_kept])
    with path.open(encoding="utf-8") as file:
        assert list(read_report(file, may_be_cut=True)) == REPORT[:2]
    with path.open(encoding="utf-8") as file:
        assert problem_of(file) == "the report is no text in utf-8: unexpected end of data"


@pytest.mark.parametrize("damage", ['{"record":\n', "\0\0\0\0\n", "[" * 100_000 + "\n"])
def test_only_the_last_line_may_be_damaged(damage: str) -> None:
    assert list(read_report([*LINES[:2], damage], may_be_cut=True)) == REPORT[:2]
    assert problem_of([*LINES[:2], damage, *LINES[2:]], may_be_cut=True).startswith("line 3 is ")
    assert problem_of([*LINES[:2], damage]).startswith("line 3 is ")


def test_only_the_last_line_may_lack_its_end() -> None:
    assert list(read_report([*LINES[:-1], LINES[-1].strip()], may_be_cut=True)) == REPORT[:-1]
    assert problem_of([LINES[0], LINES[1].strip(), *LINES[2:]], may_be_cut=True) == "line 2 has no line end"


# What is no report


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Owner  Package\nacme   web\n", "line 1 is no JSON: what a table or CSV leaves out can't be read back; "),
        ("owner,package_type\nacme,npm\n", "line 1 is no JSON: what a table or CSV leaves out can't be read back; "),
        (f"{json.dumps({'schema_version': 1, 'packages': []})}\n", "line 1 is a whole report as JSON: "),
        ('{"schema_version": 1,\n"packages":[\n]}\n', "line 1 is no whole JSON value, "),
        (json.dumps(REPORT, indent=1), "line 1 is no whole JSON value, "),
    ],
    ids=["table", "CSV", "JSON in one line", "JSON in many lines", "JSON that is indented"],
)
def test_what_is_no_json_lines_is_told_how_to_be(text: str, problem: str) -> None:
    found = problem_of(io.StringIO(text))
    assert found.startswith(problem)
    assert found.endswith("write JSON Lines, as with `ghpackages audit … --format jsonl`")


async def test_a_report_as_one_object_is_told_how_to_be(server: MockGitHub, github: GitHubPackages) -> None:
    server.owner("acme").add_package("npm", "a")
    whole = report_json(await audit(github, "acme").collect())
    assert "write JSON Lines" in problem_of([json.dumps(whole)])
    assert "write JSON Lines" in problem_of(io.StringIO(json.dumps(whole, indent=2)))


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_text_in_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.jsonl"
    path.write_bytes("".join(lines([{**REPORT[0], "generator": "é"}])).replace(r"\u00e9", "é").encode(encoding))
    for may_be_cut in (False, True):
        with path.open(encoding="utf-8") as file:
            assert problem_of(file, may_be_cut=may_be_cut).startswith("the report is no text in utf-8: invalid ")


def test_a_newer_schema_is_refused_with_what_to_do() -> None:
    newer = problem_of(lines([{**header(), "schema_version": 2}]))
    assert newer == (
        "line 1 (the header) has schema version 2, and only 1 is known here: upgrade ghpackages to read it"
    )


@pytest.mark.parametrize("value", [0, -1, "1", None, True, 1.5])
def test_an_unknown_schema_is_refused(value: object) -> None:
    assert "no 'schema_version' that is known" in problem_of(lines([{**header(), "schema_version": value}]))


def test_an_error_tells_its_line() -> None:
    with pytest.raises(ReportError) as caught:
        list(read_report([LINES[0], "\n", LINES[1], "nothing\n"]))
    assert str(caught.value) == "line 4 is no JSON: Expecting value, at character 1"
    assert (caught.value.line, caught.value.side) == (4, None)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  (our own)
    assert (str(again), again.line) == (str(caught.value), 4)
    assert isinstance(again, ValueError)


def test_one_text_is_refused_before_anything_is_read() -> None:
    with pytest.raises(TypeError, match="takes lines"):
        read_report("report.jsonl")


# The order of records


@pytest.mark.parametrize(
    ("records", "problem"),
    [
        (REPORT[1:], "line 1 is no header of an audit"),
        ([REPORT[0], *REPORT], "line 2 is a record of kind 'header', where a package or the summary is expected"),
        ([*REPORT, REPORT[-1]], "line 5 comes after the summary"),
        ([*REPORT, *REPORT], "line 5 comes after the summary"),
        ([REPORT[0], {}], "line 2 is a record of kind unknown, where a package or the summary is expected"),
        ([REPORT[0], 5], "line 2 is no record of an audit"),
        ([*REPORT[:2], *REPORT[1:]], "line 3 is about a package that was there before"),
        (
            [*REPORT[:2], REPORT[-1]],
            "line 3 (the summary) counts 2 packages, but there were 1: lines are missing or were added",
        ),
    ],
)
@pytest.mark.parametrize("may_be_cut", [False, True])
def test_another_order_is_refused(records: list[Any], problem: str, may_be_cut: bool) -> None:
    assert problem_of(lines(records), may_be_cut=may_be_cut) == problem


def test_an_owner_is_the_same_in_upper_and_lower_case() -> None:
    twice = report(package("a", owner="acme"), package("a", owner="Acme"))
    assert problem_of(lines(twice)) == "line 3 is about a package that was there before"


def test_a_package_that_was_made_anew_is_another_one() -> None:
    anew = report(package("a", id_=1), package("a", id_=2))
    assert list(read_report(lines(anew))) == anew


# What a record must hold

Change = Callable[[dict[str, Any]], object]


def without(key: str) -> Change:
    return lambda record: record.pop(key)


def with_(**values: object) -> Change:
    return lambda record: record.update(values)


def deep(*path: str | int, value: object) -> Change:
    def change(record: dict[str, Any]) -> None:
        target: Any = record
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("place", "change", "problem"),
    [
        (0, without("as_of"), "line 1 (the header) has no 'as_of'"),
        (0, with_(as_of="2026-06-15T12:00:00"), "line 1 (the header) has a 'as_of' that is no date and time with a"),
        (0, with_(as_of="0001-01-01T00:00:00+14:00"), "line 1 (the header) has a 'as_of' that is no date"),
        (0, with_(as_of=5), "line 1 (the header) has a 'as_of' that is no date"),
        (0, with_(owners=[]), "line 1 (the header) has a 'owners' that is no list of owners"),
        (0, with_(owners="acme"), "line 1 (the header) has a 'owners' that is no list of owners"),
        (0, with_(owners=["acme", 1]), "line 1 (the header) has a 'owners' that is no list of owners"),
        (0, with_(filters=None), "line 1 (the header) has a 'filters' that is no object"),
        (0, with_(filters={"names": [[1]]}), "line 1 (the header) has a 'filters' that is no object"),
        (1, without("owner"), "line 2 has no 'owner'"),
        (1, with_(owner=None), "line 2 has a 'owner' that is no text"),
        (1, with_(package=[]), "line 2 has a 'package' that is no object"),
        (1, with_(versions="2"), "line 2 has a 'versions' that is no whole number"),
        (1, with_(versions=True), "line 2 has a 'versions' that is no whole number"),
        (1, with_(tagged="1"), "line 2 has a 'tagged' that is no whole number"),
        (1, with_(oldest=1), "line 2 has a 'oldest' that is no text"),
        (1, with_(matches=None), "line 2 has a 'matches' that is no list"),
        (1, with_(complete=1), "line 2 has a 'complete' that is no true or false"),
        (1, with_(error="no"), "line 2 has a 'error' that is no object"),
        (1, with_(error={"message": None}), "line 2 has a 'error.message' that is no text"),
        (1, with_(matches=[]), "line 2 lists 0 versions, but counts 2"),
        (1, deep("package", "id", value=1.5), "line 2 has a 'package.id' that is no whole number"),
        (1, deep("package", "name", value=["web"]), "line 2 has a 'package.name' that is no text"),
        (1, deep("package", "repository", value={}), "line 2 has a 'package.repository' that is no object with a"),
        (1, deep("package", "repository", value=[]), "line 2 has a 'package.repository' that is no object with a"),
        (1, deep("matches", 1, value=None), "line 2 has in 'matches[1]' no version with an id, a name and tags"),
        (1, deep("matches", 1, "version", value=3), "line 2 has in 'matches[1]' no version"),
        (1, deep("matches", 0, value={}), "line 2 has in 'matches[0]' no version"),
        (1, deep("matches", 0, "version", value={"name": "1"}), "line 2 has in 'matches[0]' no version"),
        (1, deep("matches", 0, "version", "id", value="1"), "line 2 has in 'matches[0]' no version"),
        (1, deep("matches", 0, "version", "name", value=None), "line 2 has in 'matches[0]' no version"),
        (1, deep("matches", 0, "version", "deleted_at", value=5), "line 2 has in 'matches[0]' no version"),
        (1, deep("matches", 0, "version", "metadata", value="x"), "line 2 has in 'matches[0]' no version"),
        (1, deep("matches", 0, "version", "metadata", "container", value=[1]), "line 2 has in 'matches[0]' no"),
        (1, deep("matches", 0, "version", "metadata", "container", "tags", value="ab"), "line 2 has in 'matches[0]'"),
        (1, deep("matches", 0, "version", "metadata", "container", "tags", value=[1]), "line 2 has in 'matches[0]'"),
        (3, without("failures"), "line 4 (the summary) has no 'failures'"),
        (3, with_(complete=None), "line 4 (the summary) has a 'complete' that is no true or false"),
        (3, with_(failures=[5]), "line 4 (the summary) has a 'failures' that is no list of objects"),
        (3, with_(failures=[{}]), "line 4 (the summary) has no 'failures[0].owner'"),
        (
            3,
            with_(failures=[{**failure("acme"), "package_type": 1}]),
            "line 4 (the summary) has a 'failures[0].package_type' that is no text",
        ),
        (
            3,
            with_(failures=[{**failure("acme"), "package_name": 1}]),
            "line 4 (the summary) has a 'failures[0].package_name' that is no text",
        ),
        (
            3,
            with_(failures=[{**failure("acme"), "error": {}}]),
            "line 4 (the summary) has no 'failures[0].error.message'",
        ),
    ],
)
def test_a_record_that_lacks_what_readers_need_is_refused(place: int, change: Change, problem: str) -> None:
    records = json.loads(json.dumps(REPORT))
    change(records[place])
    assert problem_of(lines(records)).startswith(problem)


def test_an_incomplete_package_may_list_less_than_it_counts() -> None:
    partial = report(package("a", version(1), count=2, error="Server Error"), package("b", version(2)))
    assert list(read_report(lines(partial))) == partial


def test_an_audit_that_only_counts_lists_nothing() -> None:
    counted = report(package("a", count=5, repository=repository("acme/a")), filters={})
    assert list(read_report(lines(counted))) == counted


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def damaged(draw: st.DrawFn) -> list[str]:
    """Give a report of which one value, anywhere, is another one."""
    records: Any = json.loads(json.dumps([*REPORT[:-1], summary(2, [failure("acme", "npm")])]))
    target, key = records, draw(st.sampled_from(range(len(records))))
    while isinstance(target[key], dict | list) and target[key] and draw(st.integers(0, 5)):
        target = target[key]
        key = draw(st.sampled_from(sorted(target) if isinstance(target, dict) else range(len(target))))
    target[key] = draw(JSON)
    return lines(records)


@given(damaged(), st.booleans())
def test_no_damage_raises_anything_else(damage: list[str], may_be_cut: bool) -> None:
    told = ""
    try:
        list(read_report(damage, may_be_cut=may_be_cut))
    except ReportError as error:
        told = str(error)
    assert told.isprintable()


@given(st.lists(st.text(max_size=20) | JSON.map(json.dumps), max_size=4), st.booleans())
def test_no_text_raises_anything_else(text: list[str], may_be_cut: bool) -> None:
    with pytest.raises(ReportError) as caught:
        list(read_report(text, may_be_cut=may_be_cut))
    assert str(caught.value).isprintable()


def test_a_number_that_is_too_long_is_no_other_error() -> None:
    assert problem_of([LINES[0], f"{'1' * 5000}\n"]) == "line 2 is no JSON that can be read: a number is too long"
