"""The command compares with every source that it is given, writes reports and tells the outcome by its exit status."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import frozen
from openapi.upstream.command import main
from openapi.upstream.markdown import MOST_PLACES
from tests.upstream.description import Json, enterprise_cloud, enterprise_server, github

ROOT = Path(__file__).parents[2]


def written(path: Path, description: Json) -> str:
    path.write_text(json.dumps(description))
    return str(path)


def with_changes() -> Json:
    """A description with a breaking and an additive change, and one that a departure is no longer needed for."""
    description = github()
    package = description["components"]["schemas"]["package"]
    package["properties"]["html_url"]["nullable"] = True
    package["properties"]["a|b`<c>"] = {"type": "integer"}
    package["required"].remove("version_count")
    return description


@frozen
class Outcome:
    """What a run left behind."""

    status: int
    records: dict[str, Any]
    markdown: str


def run(folder: Path, *arguments: str) -> Outcome:
    reports = folder / "reports" / "upstream.json", folder / "reports" / "upstream.md"
    status = main([*arguments, "--json", str(reports[0]), "--markdown", str(reports[1])])
    return Outcome(status, json.loads(reports[0].read_text("utf-8")), reports[1].read_text("utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the descriptions that don't change."""
    return tmp_path_factory.mktemp("upstream")


@pytest.fixture(scope="module")
def unchanged(folder: Path) -> str:
    """A description that our departures explain."""
    return written(folder / "unchanged.json", github())


@pytest.fixture(scope="module")
def broken(folder: Path) -> str:
    """A description that they don't explain."""
    return written(folder / "changed.json", with_changes())


@pytest.fixture(scope="module")
def explained(folder: Path, unchanged: str) -> Outcome:
    """A run on all kinds of descriptions, as they are."""
    servers = [written(folder / f"{release}.json", enterprise_server(release)) for release in ("3.17", "3.19")]
    return run(folder, unchanged, written(folder / "cloud.json", enterprise_cloud()), *servers)


@pytest.fixture(scope="module")
def unexplained(folder: Path, broken: str) -> Outcome:
    """A run on a description with changes."""
    return run(folder, broken)


def test_it_is_a_module_that_can_be_run(unchanged: str) -> None:
    process = subprocess.run(  # noqa: S603, our own
        [sys.executable, "-m", "openapi.upstream", unchanged], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.endswith("All is explained.\n")


def test_by_default_it_fetches_the_newest_of_github_com(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []

    def publish(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path.rpartition("/")[2])
        return httpx.Response(200, json=github())

    assert main([], transport=httpx.MockTransport(publish)) == 0
    assert asked == ["api.github.com.2022-11-28.json"]
    assert capsys.readouterr().out.startswith("api.github.com 1.1.4 (https://raw.githubusercontent.com/")


def test_a_source_may_be_given_as_an_option() -> None:
    asked: list[str] = []

    def publish(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json=github())

    assert main(["--source", "https://example.com/a.json"], transport=httpx.MockTransport(publish)) == 0
    assert asked == ["https://example.com/a.json"]


def test_it_ends_with_1_if_not_all_is_explained(broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([broken]) == 1

    output = capsys.readouterr()
    assert output.out.endswith("3 findings to decide on.\n")
    assert output.err == ""


def test_it_ends_with_2_and_one_line_if_a_source_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.json"
    path.write_text("<html>")

    assert main([str(path)]) == 2
    assert capsys.readouterr() == ("", f"upstream: {path}: is HTML or XML, no OpenAPI description\n")


def test_it_ends_with_2_if_a_reference_is_found_broken_on_the_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    description = github()
    description["components"]["schemas"]["package"] = {"$ref": "#/components/schemas/package"}
    path = written(tmp_path / "circle.json", description)

    assert main([path]) == 2
    assert capsys.readouterr().err == (
        f"upstream: {path}: the reference #/components/schemas/package goes round in a circle\n"
    )


def test_it_goes_on_with_the_others_if_a_source_cannot_be_read(tmp_path: Path, broken: str, unchanged: str) -> None:
    outcome = run(tmp_path, broken, str(tmp_path / "missing.json"), unchanged)

    assert outcome.status == outcome.records["exit_status"] == 2
    assert outcome.records["failures"] == [f"{tmp_path / 'missing.json'}: can't be read: No such file or directory"]
    assert [each["is_explained"] for each in outcome.records["sources"]] == [False, True]


def test_wrong_usage_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--marckdown", "report.md"])

    assert "unrecognized arguments" in capsys.readouterr().err


def test_each_source_has_its_section(explained: Outcome) -> None:
    sources = explained.records["sources"]

    assert (explained.status, explained.records["exit_status"]) == (0, 0)
    assert [each["name"] for each in sources] == ["api.github.com", "ghec", "ghes-3.17", "ghes-3.19"]
    assert [each["operations"] for each in sources] == [27, 27, 27, 27]


# Records ---------------------------------------------------------------------------------------------------------


def test_a_record_tells_where_what_and_what_to_do(unexplained: Outcome) -> None:
    (source,) = unexplained.records["sources"]
    first, second, *rest = source["differences"]

    assert first["locations"][0] == "GET /orgs/{org}/docker/conflicts → 200 → [] → html_url"
    assert {key: value for key, value in first.items() if key != "locations"} == {
        "judgement": "breaking",
        "kind": "made-nullable",
        "side": "response",
        "value": None,
        "upstream": "string or null",
        "ours": "string",
        "title": "null allowed",
        "means": "With a null the answer can't be read, or users find None where their types say otherwise.",
        "advice": "Take it over and release soon: today's client fails on such answers.",
        "departure": None,
    }
    assert (second["judgement"], second["kind"]) == ("additive", "field-added")
    assert {each["judgement"] for each in rest} == {"intended"}


def test_one_line_of_ours_is_one_record_with_all_its_places(unexplained: Outcome) -> None:
    (source,) = unexplained.records["sources"]

    assert len(source["differences"][0]["locations"]) == len(set(source["differences"][0]["locations"])) == 9


def test_the_records_tell_which_departure_covers_a_difference(explained: Outcome) -> None:
    source = explained.records["sources"][0]
    (status,) = [each for each in source["differences"] if each["locations"][0].endswith(" → 304")]

    assert status["judgement"] == "intended"
    assert status["departure"]["place"] == "components/responses/NotModified"
    assert status["departure"]["what"] == "status 304 on every GET"


def test_the_records_tell_what_is_wrong_with_departures(unexplained: Outcome) -> None:
    (source,) = unexplained.records["sources"]
    (finding,) = source["departures"]

    assert (finding["judgement"], finding["part"]) == ("not-needed", "field-made-required: version_count")
    assert finding["departure"]["place"] == "components/schemas/Package"


def test_the_records_count(unexplained: Outcome) -> None:
    (source,) = unexplained.records["sources"]
    counts = dict(source["counts"])

    intended = counts.pop("intended")
    assert counts == {"breaking": 1, "additive": 1, "not-needed": 1, "error": 0}
    assert intended == len([each for each in source["differences"] if each["judgement"] == "intended"])


# Markdown --------------------------------------------------------------------------------------------------------


def test_markdown_has_a_section_for_each_judgement(unexplained: Outcome) -> None:
    headings = [line for line in unexplained.markdown.splitlines() if line.startswith("#")]

    assert headings == [
        "# GitHub's description and ours",
        "## api.github.com",
        "### Breaking for our users (1)",
        "### Additive (1)",
        "### Departures no longer needed (1)",
        "## Ours by intent",
    ]
    assert "**3 findings to decide on.**" in unexplained.markdown


def test_markdown_tells_where_what_and_what_to_do(unexplained: Outcome) -> None:
    lines = unexplained.markdown.splitlines()
    start = lines.index("- `GET /orgs/{org}/docker/conflicts → 200 → [] → html_url`: **null allowed**")

    assert lines[start + 1] == "  - upstream: `string or null`; ours: `string`"
    assert lines[start + 2].startswith("  - what it means: With a null")
    assert lines[start + 3].startswith("  - what to do: Take it over")
    assert lines[start + 4].startswith("  - also at `")


def test_names_of_githubs_mean_nothing_to_markdown(unexplained: Outcome) -> None:
    assert "→ a|b'<c>`: **field added**" in unexplained.markdown


def test_markdown_lists_no_more_places_than_a_pull_request_can_take(tmp_path: Path) -> None:
    description = github()
    description["components"]["schemas"]["basic-error"]["properties"]["message"]["nullable"] = True

    report = run(tmp_path, written(tmp_path / "changed.json", description)).markdown

    (line,) = [line for line in report.splitlines() if line.startswith("  - also at ")]
    assert line.count("`") == 2 * MOST_PLACES
    assert re.search(r", \d\d more$", line)


def test_markdown_of_all_sources_fits_into_a_pull_request(explained: Outcome) -> None:
    assert len(explained.markdown) < 65_536
    assert "**All is explained.**" in explained.markdown
    assert "can't be judged by it" in explained.markdown


def test_markdown_tells_what_could_not_be_read(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.json")

    report = run(tmp_path, missing).markdown

    assert "**1 source could not be read.**" in report
    assert f"- Could not be read: `{missing}: can't be read: No such file or directory`" in report
