"""What commands print for machines: complete, and equal to a direct count."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ghpackages.audit import audit
from ghpackages.testing import EPOCH, MockGitHub, MockPackage, faults

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def octo() -> MockGitHub:
    """Give what --demo shows."""
    return MockGitHub.octo_org(clock=lambda: EPOCH)


def active(package: MockPackage) -> int:
    return sum(one.deleted_at is None for one in package.versions)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_packages_as_json_are_githubs_objects(run: Run, octo: MockGitHub) -> None:
    outcome = run("packages", "octo-org", "--demo", "--format", "json")
    found = json.loads(outcome.out)

    assert (outcome.code, outcome.err) == (0, "")
    assert sorted(one["id"] for one in found) == sorted(one.id for one in octo.owner("octo-org").packages)
    assert found[0]["owner"]["user_view_type"] == "public"  # which the description does not know


def test_versions_as_json_lines_are_githubs_objects(run: Run, octo: MockGitHub) -> None:
    outcome = run("versions", "octo-org", "container", "web/api", "--demo", "--format", "jsonl")
    package = octo.owner("octo-org").package("container", "web/api")

    assert package is not None
    assert len(outcome.out.splitlines()) == active(package) == 3000
    assert "tags" in json.loads(outcome.out.splitlines()[0])["metadata"]["container"]


@pytest.mark.parametrize(
    "command", [["packages", "@me", "--type", "npm"], ["versions", "@me", "npm", "hello-world-npm"]]
)
def test_json_json_lines_and_csv_say_the_same(run: Run, command: list[str]) -> None:
    whole = json.loads(run(*command, "--demo", "-f", "json").out)
    lines = [json.loads(line) for line in run(*command, "--demo", "-f", "jsonl").out.splitlines()]
    table = rows(run(*command, "--demo", "-f", "csv").out)

    assert whole == lines
    assert [str(one["id"]) for one in whole] == [row["id"] for row in table]
    assert [one["created_at"] for one in whole] == [row["created_at"] for row in table]


def test_limit_and_no_results(run: Run) -> None:
    assert len(json.loads(run("packages", "octo-org", "--demo", "-f", "json", "--limit", "3").out)) == 3
    assert json.loads(run("packages", "octo-org", "--demo", "-f", "json", "--limit", "0").out) == []
    assert run("packages", "octo-org", "--demo", "-f", "jsonl", "--limit", "0").out == ""
    assert "0 packages" in run("packages", "octo-org", "--demo", "--limit", "0").out


def test_an_audit_as_json_equals_a_direct_count(run: Run, octo: MockGitHub) -> None:
    report = json.loads(run("audit", "octo-org", "--demo", "-f", "json").out)
    counts = {(one["package"]["package_type"], one["package"]["name"]): one["versions"] for one in report["packages"]}

    assert counts == {(one.package_type, one.name): active(one) for one in octo.owner("octo-org").packages}
    assert report["summary"]["versions"] == sum(counts.values())
    assert report["summary"]["complete"] is True
    assert report["as_of"] == "2026-11-01T00:00:00Z"


def test_an_audit_as_json_lines_says_the_same(run: Run) -> None:
    arguments = ("audit", "octo-org", "@me", "--demo", "--untagged", "--older-than", "2 years")
    report = json.loads(run(*arguments, "-f", "json").out)
    header, *packages, summary = [json.loads(line) for line in run(*arguments, "-f", "jsonl").out.splitlines()]

    assert {"record": "header", **{key: report[key] for key in header if key != "record"}} == header
    assert [{"record": "package", **one} for one in report["packages"]] == packages
    assert {"record": "summary", **report["summary"]} == summary
    assert summary["matches"] == sum(len(one["matches"]) for one in packages) > 0


def test_an_audit_as_csv_has_a_line_for_each_package(run: Run, octo: MockGitHub) -> None:
    table = rows(run("audit", "octo-org", "--demo", "-f", "csv").out)

    assert {(row["package_type"], row["name"]): int(row["versions"]) for row in table} == {
        (one.package_type, one.name): active(one) for one in octo.owner("octo-org").packages
    }
    assert {row["tagged"] for row in table if row["package_type"] == "npm"} == {""}


def test_with_a_version_filter_the_csv_has_a_line_for_each_match(run: Run, octo: MockGitHub) -> None:
    table = rows(run("audit", "octo-org", "--demo", "-f", "csv", "--untagged", "--older-than", "1 year").out)
    limit = datetime(2025, 11, 1, tzinfo=UTC)
    expected = {
        str(version.id)
        for package in octo.owner("octo-org").packages
        if package.package_type in {"container", "docker"}
        for version in package.versions
        if version.deleted_at is None and not version.tags and version.created_at < limit
    }

    assert {row["version_id"] for row in table} == expected
    assert len(table) == len(expected)
    assert table[0]["reason"].startswith("untagged; older than 2025-11-01: created ")


def test_options_are_the_keyword_arguments(run: Run) -> None:
    filters = json.loads(
        run(
            "audit", "octo-org", "--demo", "-f", "json", "--type", "npm", "--type", "container", "--name", "web/*",
            "--visibility", "private", "--repository", "octo-org/*", "--inactive-for", "1 day", "--tag-any", "1*",
            "--tag-all", "*", "--tag-none", "latest", "--older-than", "1 day", "--newer-than", "9 years",
            "--by", "updated", "--skip-newest", "2", "--state", "all", "--per-page", "50", "--concurrency", "3",
            "--as-of", "2026-10-01T00:00:00Z",
        ).out
    )  # fmt: skip

    assert filters["as_of"] == "2026-10-01T00:00:00Z"
    assert filters["filters"] == {
        "types": ["container", "npm"], "visibility": "private", "state": "all", "names": ["web/*"],
        "repositories": ["octo-org/*"], "inactive_for": "1 day", "tags_any": ["1*"], "tags_all": ["*"],
        "tags_none": ["latest"], "older_than": "1 day", "newer_than": "9 years", "by": "updated", "skip_newest": 2,
    }  # fmt: skip


def test_every_keyword_argument_has_an_option(run: Run) -> None:
    names = {"tags_any": "tag-any", "tags_all": "tag-all", "tags_none": "tag-none"} | {
        name: name.removesuffix("s") for name in ("types", "names", "packages")
    }
    names |= {"repositories": "repository", "finished": "resume"}
    arguments = set(inspect.signature(audit).parameters) - {"github", "owners", "where"}
    options = set(re.findall(r"--([a-z-]+)", run("audit", "--help").out))

    assert {names.get(one, one.replace("_", "-")) for one in arguments} <= options


def test_packages_can_be_named_instead_of_listed(run: Run, octo: MockGitHub) -> None:
    arguments = ("--package", "container/web/api", "--package", "npm/ui-grid")
    report = json.loads(run("audit", "octo-org", "--demo", *arguments, "-f", "json").out)

    assert [one["package"]["name"] for one in report["packages"]] == ["web/api", "ui-grid"]
    assert report["filters"] == {"packages": ["container/web/api", "npm/ui-grid"]}


def test_a_named_package_that_is_missing_is_told(run: Run) -> None:
    arguments = ("--package", "npm/ui-grid", "--package", "npm/nothing")
    outcome = run("audit", "octo-org", "--demo", *arguments)

    assert outcome.code == 3
    assert outcome.err.startswith("ghpackages: octo-org npm nothing: ")
    assert outcome.err.endswith("ghpackages: the result is incomplete: 1 package failed\n")
    assert "ui-grid" in outcome.out


def requests(server: MockGitHub) -> list[str]:
    paths = [one.path for one in server.requests]
    server.requests.clear()
    return paths


@pytest.mark.parametrize("command", ["audit acme --type npm", "packages acme --type npm", "versions acme npm many"])
def test_consistent_proves_more_and_gives_the_same(run: Run, server: MockGitHub, command: str) -> None:
    acme = server.add_org("acme")
    for number in range(100):
        acme.add_package("npm", f"p{number}", created_at=EPOCH + timedelta(days=number))
    acme.add_package("npm", "many").add_versions(201)
    plain, asked = run(*command.split(), "-f", "csv").out, requests(server)
    proven, asked_again = run(*command.split(), "--consistent", "-f", "csv").out, requests(server)

    assert proven == plain
    assert len(asked_again) > len(asked)


def test_a_consistent_audit_says_so(run: Run) -> None:
    assert json.loads(run("audit", "@me", "--demo", "--consistent", "-f", "json").out)["filters"] == {
        "consistent": True
    }


def test_beyond_the_window_packages_are_listed_by_visibility(run: Run, server: MockGitHub) -> None:
    acme = server.add_org("acme")
    for number in range(10_050):
        acme.add_package("npm", f"p{number}", visibility="public" if number % 2 else "private")
    outcome = run("packages", "acme", "--type", "npm", "-f", "csv", "--beyond-window")

    assert (outcome.code, len(outcome.out.splitlines())) == (0, 10_051)


@pytest.mark.parametrize(
    ("name", "first"), [("a.json", "{"), ("a.jsonl", "{"), ("a.csv", "owner,"), ("a.txt", "type ")]
)
def test_the_suffix_of_the_file_tells_the_format(run: Run, name: str, first: str) -> None:
    outcome = run("audit", "@me", "--demo", "-o", name)

    assert Path(name).read_text(encoding="utf-8").startswith(first)
    assert outcome.out == ""
    assert outcome.complaint == f"7 packages, 97 versions written to {name}"
    assert not Path(f"{name}.partial").exists()


def test_quiet_says_nothing_but_errors(run: Run) -> None:
    assert run("audit", "@me", "--demo", "-o", "a.csv", "-q").err == ""
    assert "nobody" in run("audit", "@me", "nobody", "--demo", "-o", "a.csv", "-q").err


def test_a_file_appears_whole_or_not_at_all(run: Run) -> None:
    Path("a.json").write_text("before", encoding="utf-8")
    outcome = run("audit", "nobody", "--demo", "-o", "a.json")

    assert outcome.code == 4
    assert Path("a.json").read_text(encoding="utf-8") == "before"
    assert [one.name for one in Path().iterdir()] == ["a.json"]


def test_a_link_stays_a_link(run: Run) -> None:
    Path("link.csv").symlink_to("real.csv")
    run("audit", "@me", "--demo", "-o", "link.csv")

    assert Path("link.csv").is_symlink()
    assert Path("real.csv").read_text(encoding="utf-8").startswith("owner,")


def test_a_device_is_written_and_not_replaced(run: Run) -> None:
    assert run("audit", "@me", "--demo", "-o", "/dev/null", "-q").code == 0
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("kind", ["table", "json", "jsonl", "csv"])
@pytest.mark.parametrize("command", [("versions", "acme-a", "npm", "a"), ("audit", "acme-a", "--all-versions")])
def test_odd_names_and_dates_of_versions_break_no_format(
    run: Run, server: MockGitHub, command: tuple[str, ...], kind: str
) -> None:
    def make_odd(item: dict[str, object]) -> None:
        if "package_html_url" in item:
            item |= {"name": "1.0\ud800", "created_at": "9999-12-31T23:59:59Z", "updated_at": "0001-01-01T00:00:00Z"}

    server.fault(faults.Items(make_odd))
    path = Path("odd.txt" if kind == "table" else f"odd.{kind}")
    outcome = run(*command, "-f", kind, "-o", str(path))
    assert (outcome.code, outcome.err.startswith("ghpackages:")) == (0, False), outcome.err
    assert "9999-12-31" in path.read_text(encoding="utf-8")
