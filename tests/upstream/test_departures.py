"""A departure covers what it says and nothing else, for the sources that it concerns, and must be needed there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from openapi.upstream.compare import Comparison, compare
from openapi.upstream.departures import Departures
from openapi.upstream.document import Document
from openapi.upstream.rules import Judgement
from tests.upstream.description import Json, enterprise_cloud, enterprise_server, github, newer_api_version
from tests.upstream.pair import PATH, changed, compared, description, fields, label, operation

GITHUB = "api.github.com"
SOURCES: dict[str, Callable[[], Json]] = {
    GITHUB: github,
    "ghec": enterprise_cloud,
    "ghes-3.17": lambda: enterprise_server("3.17"),
    "ghes-3.18": lambda: enterprise_server("3.18"),
    "ghes-3.19": lambda: enterprise_server("3.19"),
    "api.github.com.2026-03-10": newer_api_version,
}


@pytest.fixture(scope="module")
def comparisons(ours: Document) -> dict[str, Comparison]:
    """Our description compared with each of GitHub's, as they are."""
    return {name: compare(ours, Document(make()), name) for name, make in SOURCES.items()}


def entry(**more: Any) -> Json:
    return {"what": "it differs", "why": "it must", "link": "https://docs.github.com/rest", **more}


def departing(node: Json, **more: Any) -> Json:
    node["x-departure"] = [entry(**more)]
    return node


def with_departure(document: Json, **more: Any) -> Json:
    """The document with a departure in its object."""
    departing(label(document), **more)
    return document


def judgements(comparison: Comparison) -> set[tuple[str, str]]:
    return {(str(each.judgement), each.rule.kind) for each in comparison.differences}


def findings(comparison: Comparison) -> list[tuple[str, str]]:
    return [(str(each.judgement), each.part) for each in comparison.findings]


def without_tags() -> Json:
    return changed(lambda document: fields(document).pop("tags"))


# Our own ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES)
def test_our_departures_explain_all_differences(comparisons: dict[str, Comparison], source: str) -> None:
    unexplained = [each for each in comparisons[source].differences if each.judgement is not Judgement.INTENDED]

    assert unexplained == []
    assert comparisons[source].findings == []
    assert comparisons[source].operations == 27


def test_each_of_our_departures_is_used(ours: Document, comparisons: dict[str, Comparison]) -> None:
    differences = [each for comparison in comparisons.values() for each in comparison.differences]
    used = {(each.departure.place, each.departure.what) for each in differences if each.departure}
    all_of_them = {(each.place, each.what) for each in Departures.of(ours.contents, GITHUB).all}

    assert used == all_of_them


@pytest.mark.parametrize("source", [name for name in SOURCES if name != GITHUB])
def test_github_com_alone_needs_no_departure_for_others(ours: Document, source: str) -> None:
    names = compare(ours, Document(SOURCES[source]()), GITHUB)

    assert not names.is_explained


# What they cover -------------------------------------------------------------------------------------------------


def test_a_departure_covers_a_difference() -> None:
    ours = with_departure(description(), covers={"field-removed": ["tags"]})

    comparison = compared(ours, without_tags())

    assert judgements(comparison) == {("intended", "field-removed")}
    assert comparison.is_explained


@pytest.mark.parametrize("covers", [{"field-removed": ["name"]}, {"field-made-optional": ["tags"]}])
def test_a_departure_covers_no_other_place_or_kind(covers: Json) -> None:
    comparison = compared(with_departure(description(), covers=covers), without_tags())

    assert judgements(comparison) == {("breaking", "field-removed")}


def test_a_departure_stands_for_what_is_below_it_only() -> None:
    ours = description()
    departing(fields(ours)["note"], covers={"field-removed": ["*"]})

    assert ("breaking", "field-removed") in judgements(compared(ours, without_tags()))


def test_a_departure_may_stand_in_the_field_itself() -> None:
    ours = description()
    departing(fields(ours)["tags"], covers={"field-removed": ["tags"]})

    assert judgements(compared(ours, without_tags())) == {("intended", "field-removed")}


def test_a_departure_may_stand_beside_a_schemas_reference() -> None:
    def refer(document: Json) -> None:
        document["components"]["schemas"]["Tags"] = fields(document)["tags"]
        fields(document)["tags"] = departing({"$ref": "#/components/schemas/Tags"}, covers={"field-removed": ["tags"]})

    assert judgements(compared(changed(refer), without_tags())) == {("intended", "field-removed")}


def test_a_departure_may_stand_in_an_operation_and_its_path() -> None:
    ours = description()
    departing(operation(ours), covers={"parameter-removed": ["query dry"]})
    departing(ours["paths"][PATH], covers={"status-removed": ["404"]})
    upstream = description()
    del operation(upstream)["parameters"][1]
    del operation(upstream)["responses"]["404"]

    assert judgements(compared(ours, upstream)) == {("intended", "parameter-removed"), ("intended", "status-removed")}


def test_a_star_stands_for_one_step() -> None:
    upstream = changed(lambda document: fields(document)["either"]["oneOf"][0]["properties"].pop("a"))
    short = with_departure(description(), covers={"field-removed": ["*"]})
    long = with_departure(description(), covers={"field-removed": ["either → *"]})

    assert judgements(compared(short, upstream)) == {("breaking", "field-removed")}
    assert judgements(compared(long, upstream)) == {("intended", "field-removed")}


def test_the_nearest_departure_is_the_one_that_covers() -> None:
    ours = with_departure(description(), covers={"field-removed": ["tags"]}, what="far")
    departing(fields(ours)["tags"], covers={"field-removed": ["tags"]}, what="near")

    comparison = compared(ours, without_tags())

    assert {each.departure.what for each in comparison.differences if each.departure} == {"near"}
    assert comparison.is_explained


def test_an_enum_value_is_a_step() -> None:
    upstream = changed(lambda document: fields(document)["color"]["enum"].remove("blue"))
    ours = with_departure(description(), covers={"enum-value-removed": ["color → blue"]})

    assert judgements(compared(ours, upstream)) == {("intended", "enum-value-removed")}


# What is wrong with them -----------------------------------------------------------------------------------------


def test_a_departure_that_upstream_agrees_with_is_no_longer_needed() -> None:
    ours = with_departure(description(), covers={"field-removed": ["tags"]})

    comparison = compared(ours, description())

    assert findings(comparison) == [("not-needed", "field-removed: tags")]
    assert not comparison.is_explained


def test_a_part_of_a_departure_may_be_no_longer_needed() -> None:
    ours = with_departure(description(), covers={"field-removed": ["tags", "note"]})

    assert findings(compared(ours, without_tags())) == [("not-needed", "field-removed: note")]


@pytest.mark.parametrize(
    "covers", [{"field-removed": ["tag"]}, {"field-remvoed": ["tags"]}, {"enum-value-removed": ["color → green"]}]
)
def test_a_departure_that_matches_nothing_is_an_error(covers: Json) -> None:
    comparison = compared(with_departure(description(), covers=covers), description())

    assert [judgement for judgement, _ in findings(comparison)] == ["error"]
    assert not comparison.is_explained


@pytest.mark.parametrize("more", [{}, {"covers": {}}, {"covers": {"field-removed": []}}])
def test_a_departure_that_does_not_say_what_it_covers_is_an_error(more: Json) -> None:
    assert findings(compared(with_departure(description(), **more), description())) == [("error", "")]


def test_a_departure_in_something_that_is_gone_is_not_judged() -> None:
    ours = with_departure(description(), covers={"enum-value-removed": ["color → blue"]})
    upstream = description()
    operation(upstream).pop("requestBody")
    operation(upstream)["responses"]["200"].pop("content")

    assert findings(compared(ours, upstream)) == []


def test_a_departure_that_nothing_refers_to_is_an_error() -> None:
    ours = description()
    ours["components"]["schemas"]["Unused"] = departing({"type": "string"}, covers={"made-not-null": ["*"]})

    assert findings(compared(ours, description())) == [("error", "made-not-null: *")]


# Sources ---------------------------------------------------------------------------------------------------------


def test_a_departure_without_sources_concerns_all_and_github_com_judges() -> None:
    ours = with_departure(description(), covers={"field-removed": ["tags"]})

    assert compared(ours, without_tags(), "ghes-3.19").is_explained
    assert compared(ours, description(), "ghes-3.19").is_explained
    assert compared(ours, description(), "ghes-3.19").unjudged == 1
    assert findings(compared(ours, description(), GITHUB)) == [("not-needed", "field-removed: tags")]


def test_a_departure_with_sources_covers_nothing_in_others() -> None:
    ours = with_departure(description(), covers={"field-removed": ["tags"]}, sources=["ghes-3.17"])

    assert judgements(compared(ours, without_tags(), "ghes-3.17")) == {("intended", "field-removed")}
    assert judgements(compared(ours, without_tags(), "ghes-3.19")) == {("breaking", "field-removed")}
    assert judgements(compared(ours, without_tags(), GITHUB)) == {("breaking", "field-removed")}


def test_a_departure_with_sources_is_judged_by_each_of_them() -> None:
    ours = with_departure(description(), covers={"field-removed": ["tags"]}, sources=["ghes-3.17", "ghec"])

    assert compared(ours, description(), GITHUB).is_explained
    assert compared(ours, without_tags(), "ghec").is_explained
    assert findings(compared(ours, description(), "ghec")) == [("not-needed", "field-removed: tags")]
