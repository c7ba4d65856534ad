"""The check of the mock server against descriptions: it passes on ours, and finds whatever is spoiled."""

from __future__ import annotations

import asyncio
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conformance.__main__ import OURS, conclude, main
from tests.conformance.cases import all_cases
from tests.conformance.description import OPERATIONS, Description, UnreadableError, read
from tests.conformance.deviations import Deviation, read_deviations
from tests.conformance.published import as_published
from tests.conformance.run import Answered, Outcome, ask, compare

Json = dict[str, Any]

ALL = [*{one.name: one for whose in ("GitHub", "ours") for one in read_deviations(whose)}.values()]


@pytest.fixture(scope="module")
def ours() -> Description:
    """Our document."""
    return read(str(OURS))


@pytest.fixture
def document(ours: Description) -> Json:
    """A copy of our document, to be spoiled."""
    return deepcopy(ours.document)


@pytest.fixture(scope="module")
def answered() -> list[Answered]:
    """All answers, which don't depend on the description."""
    return asyncio.run(ask(""))


def outcome_of(document: Json, answered: list[Answered], operation: str) -> Outcome:
    """What comes of comparing with a document, as far as one operation is concerned."""
    return compare(Description("a copy", document), [one for one in answered if one.operation == operation])


def unexplained(outcome: Outcome, deviations: list[Deviation]) -> set[tuple[str, int, str]]:
    return {(one.operation, one.status, one.what) for one in outcome.explain(deviations).unexplained}


# --- it passes


def test_the_mock_server_is_as_our_document_says_but_for_what_is_listed(ours: Description, answered: list[Answered]):
    outcome = compare(ours, answered)
    explained = outcome.explain(read_deviations("ours"))
    assert (explained.unexplained, list(explained.gone), outcome.misled) == ([], [], [])
    assert outcome.answers > 600


def test_the_mock_server_is_as_github_publishes_it_but_for_what_is_listed(document: Json, answered: list[Answered]):
    outcome = compare(Description("published", as_published(document)), answered)
    explained = outcome.explain(read_deviations("GitHub"))
    assert (explained.unexplained, list(explained.gone), outcome.misled) == ([], [], [])


def test_all_27_operations_are_asked_for_success_and_refusal():
    asked = {case.operation: set[int]() for case in all_cases()}
    for case in all_cases():
        asked[case.operation].add(case.status)
    assert list(asked) == list(OPERATIONS)
    assert all(statuses & {200, 204} and {400, 401, 403, 429, 502} <= statuses for statuses in asked.values())


def test_an_installation_below_a_path_is_asked_below_it(document: Json):
    document["servers"] = [{"url": "{protocol}://{hostname}/api/v3"}]
    assert Description("a copy", document).prefix == "/api/v3"


# --- it fails

Spoil = Callable[[Json], object]


def responses(document: Json, path: str = "", method: str = "get") -> Json:
    return document["paths"][f"/orgs/{{org}}/packages{path}"][method]["responses"]


def schema(document: Json, name: str) -> Json:
    return document["components"]["schemas"][name]


def header(document: Json, **described: object) -> None:
    document["components"]["responses"]["PackagePage"]["headers"]["X-RateLimit-Limit"] = described


GET = "/{package_type}/{package_name}"
SPOILED: list[tuple[Spoil, str, int, str]] = [
    (lambda d: responses(d, GET).pop("404"), "get_package_for_org", 404, "the status is not declared"),
    (lambda d: responses(d).update({"200": {}}), "list_packages_for_org", 200, "no body is declared"),
    (
        lambda d: responses(d).update({"200": {"content": {"text/plain": {"schema": {}}}}}),
        *("list_packages_for_org", 200, "the content type application/json is not declared"),
    ),
    (
        lambda d: responses(d, GET, "delete").update({"204": {"content": {"text/plain": {"schema": {}}}}}),
        *("delete_package_for_org", 204, "the content type of nothing is not declared"),
    ),
    (
        lambda d: schema(d, "Package")["required"].append("colour"),
        *("get_package_for_org", 200, "body breaks required colour"),
    ),
    (
        lambda d: schema(d, "Package")["properties"]["id"].update(type="string"),
        *("list_packages_for_user", 200, "body.id breaks type"),
    ),
    (
        lambda d: schema(d, "PackageType")["enum"].remove("docker"),
        *("list_package_versions_for_org", 200, "body.metadata.package_type breaks enum"),
    ),
    (
        lambda d: schema(d, "Package")["properties"]["name"].update(format="uri"),
        *("get_package_for_org", 200, "body.name breaks format"),
    ),
    (
        lambda d: schema(d, "PackageVersion")["properties"]["url"].update(format="date-time"),
        *("get_package_version_for_authenticated_user", 200, "body.url breaks format"),
    ),
    (
        lambda d: schema(d, "PackageVersionMetadata")["properties"].pop("container"),
        *("get_package_version_for_org", 200, "body.metadata.container is not declared"),
    ),
    (
        lambda d: schema(d, "SimpleUser")["properties"].pop("site_admin"),
        *("list_packages_for_org", 200, "body.repository.owner.site_admin is not declared"),
    ),
    (
        lambda d: schema(d, "BasicError")["properties"]["message"].update(type="integer"),
        *("restore_package_for_org", 404, "body.message breaks type"),
    ),
    (
        lambda d: header(d, required=True, schema={"type": "boolean"}),
        *("list_packages_for_org", 200, "header x-ratelimit-limit breaks type"),
    ),
    (
        lambda d: d["components"]["responses"]["Package"].update(headers={"X-New": {"required": True}}),
        *("get_package_for_org", 200, "header x-new is missing"),
    ),
    (
        lambda d: d["paths"]["/user/packages"].pop("get"),
        *("list_packages_for_authenticated_user", 0, "the operation is not described"),
    ),
    (
        lambda d: d["paths"]["/user/packages"].update(patch={}),
        *("PATCH /user/packages", 0, "the operation is none of the 27"),
    ),
]


@pytest.mark.parametrize(("spoil", "operation", "status", "what"), SPOILED, ids=[what for _, _, _, what in SPOILED])
def test_what_is_not_as_described_is_found(
    document: Json, answered: list[Answered], spoil: Spoil, operation: str, status: int, what: str
):
    spoil(document)
    found = unexplained(outcome_of(document, answered, operation), read_deviations("ours"))
    assert (operation, status, what) in found


def test_a_listed_deviation_that_no_longer_occurs_is_named(ours: Description):
    outcome = compare(ours, [])
    assert len(list(outcome.explain(read_deviations("ours")).gone)) == len(read_deviations("ours"))


def test_a_deviation_that_occurs_on_some_operations_only_is_named(document: Json, answered: list[Answered]):
    wide = Deviation("wide", ("delete_*_for_org",), (307,), "the status is not declared", "", "")
    outcome = outcome_of(document, answered, "delete_package_for_org")
    assert list(outcome.explain([wide]).gone) == ["wide: not on delete_package_version_for_org (307)"]


def test_a_deviation_that_newer_descriptions_lack_need_not_occur(ours: Description):
    optional = Deviation("optional", ("*",), (200,), "something", "", "", optional=True)
    outcome = compare(ours, [])
    assert list(outcome.explain([optional]).gone) == []


async def test_a_case_that_does_not_provoke_what_it_should_is_named(ours: Description):
    case = replace(all_cases()[0], status=418)
    outcome = compare(ours, await ask("", cases=[case]))
    assert outcome.misled == [f"{case.operation}, {case.name}: 200, not 418"]


# --- null, in both versions


def described(version: str, body: Json) -> Description:
    response = {"content": {"application/json": {"schema": body}}}
    return Description("made up", {"openapi": version, "paths": {"/": {"get": {"responses": {"200": response}}}}})


@pytest.mark.parametrize(
    ("version", "body"), [("3.0.3", {"type": "string", "nullable": True}), ("3.1.0", {"type": ["string", "null"]})]
)
def test_null_is_a_value_where_it_is_declared(version: str, body: Json):
    place = "#/paths/~1/get/responses/200/content/application~1json/schema"
    strict = {**body, "type": "string", "nullable": False}
    assert described(version, body).validator(place).is_valid(None)
    assert not described(version, body).validator(place).is_valid(1)
    assert not described(version, strict).validator(place).is_valid(None)


# --- reading


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump], ids=["json", "yaml"])
def test_descriptions_are_json_or_yaml(tmp_path: Path, document: Json, write: Callable[[Json], str]):
    (tmp_path / "description").write_text(write(document), "utf-8")
    assert read(str(tmp_path / "description")).missing == []


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A web site that has the files of a folder."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_descriptions_come_from_urls(tmp_path: Path, site: str, monkeypatch: pytest.MonkeyPatch, document: Json):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    (tmp_path / "description.json").write_text(json.dumps(document), "utf-8")
    assert read(f"{site}/description.json").missing == []
    with pytest.raises(UnreadableError, match="404 File not found"):
        read(f"{site}/nothing.json")


def test_statuses_may_be_numbers_in_yaml(tmp_path: Path):
    text = OURS.read_text("utf-8").replace('"200":', "200:").replace('"404":', "404:")
    (tmp_path / "description.yaml").write_text(text, "utf-8")
    response = read(str(tmp_path / "description.yaml")).response("get_package_for_org", 200)
    assert response is not None
    assert list(response.contents) == ["application/json"]


def test_path_items_may_be_elsewhere(document: Json):
    document["components"]["pathItems"] = {"Packages": document["paths"]["/user/packages"]}
    document["paths"]["/user/packages"] = {"$ref": "#/components/pathItems/Packages"}
    description = Description("a copy", document)
    assert description.missing == []
    assert description.response("list_packages_for_authenticated_user", 400) is not None


@pytest.mark.parametrize("reference", ["#/components/responses/Nothing", "other.yaml#/Packages"])
def test_references_that_lead_nowhere_are_named(document: Json, reference: str):
    responses(document)["200"] = {"$ref": reference}
    with pytest.raises(UnreadableError, match="leads nowhere"):
        Description("a copy", document).response("list_packages_for_org", 200)


UNREADABLE = {
    "nothing": "No such file",
    "[1, 2]": "no OpenAPI description",
    "{broken: [": "can't read",
    '{"openapi": "2.0", "paths": {}}': "OpenAPI 2.0, not 3.0 or 3.1",
    '{"openapi": "3.1.0", "paths": {}}': "says nothing of packages",
}


@pytest.mark.parametrize(("text", "complaint"), UNREADABLE.items(), ids=UNREADABLE.values())
def test_what_can_not_be_read_is_one_line_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, complaint: str
):
    path = tmp_path / "description.yaml"
    if text != "nothing":
        path.write_text(text, "utf-8")
    assert main([str(OURS), str(path)]) == 2
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.count("\n") == 1
    assert str(path) in errors
    assert complaint in errors


# --- reporting


def test_what_is_found_is_printed_and_exit_code_1(document: Json, answered: list[Answered]):
    schema(document, "Package")["required"].append("colour")
    lines, code = conclude(outcome_of(document, answered, "get_package_for_org"))
    said = "200: body breaks required colour ('colour' is a required property): get_package_for_org, web of type npm"
    assert any(said in line for line in lines)
    assert any("renamed owners redirect reads" in line for line in lines)
    assert lines[-1] == "NOT as described."
    assert code == 1


# --- the list


@pytest.mark.parametrize("deviation", ALL, ids=[one.name for one in ALL])
def test_every_deviation_says_where_why_and_whence(deviation: Deviation):
    assert deviation.expected
    assert deviation.reason.endswith(".")
    assert deviation.source.startswith("https://")
    assert set(deviation.of) <= {"GitHub", "ours"}
