"""Every departure from GitHub's description is marked in place, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from openapi.upstream.rules import KINDS
from tests.openapi import facts
from tests.openapi.reading import METHODS, Place, operation, walk

KEY = "x-departure"
TEXTS = ("what", "why", "link")
ENUMS_THAT_DEPART = [
    (enum, model)
    for enum in facts.ENUMS_OF_FIELDS_UPSTREAM
    for model, fields in facts.FIELDS.items()
    if enum in fields.values()
]
"""Enums that have more values in our document than in upstream's, and the models that use them."""
Explanations = dict[Place, str]


def schema(name: str) -> Place:
    return ("components", "schemas", name)


def departures(document: dict[str, Any]) -> list[tuple[Place, Any]]:
    return [(place, node[KEY]) for place, node in walk(document) if KEY in node]


def names(value: object) -> bool:
    """Whether this is a list of at least one name."""
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) and each for each in value)


def whats(document: dict[str, Any]) -> Explanations:
    """What departs, in words, by place."""
    return {place: "; ".join(entry["what"] for entry in entries) for place, entries in departures(document)}


def response_place(document: dict[str, Any], name: str, status: str) -> Place:
    """Where the response stands that an operation refers to."""
    return tuple(operation(document, name)["responses"][status]["$ref"].removeprefix("#/").split("/"))


def expected_statuses(document: dict[str, Any]) -> set[tuple[Place, str]]:
    """Place and status of each response that upstream lacks on some operation."""
    return {
        (response_place(document, each.id, status), status)
        for each in facts.OPERATIONS
        for status in each.departing_statuses
    }


def expected_bodies(document: dict[str, Any]) -> set[Place]:
    return {response_place(document, name, status) for name, status in facts.WITHOUT_BODY_UPSTREAM}


def expected_parameters() -> dict[Place, list[str]]:
    return {
        ("paths", each.path, each.method.lower()): each.added_query.split()
        for each in facts.OPERATIONS
        if each.added_query
    }


def is_allowed(place: Place, node: dict[str, Any]) -> bool:
    """Whether a departure may stand here by the rules of OpenAPI and our own."""
    match place:
        case ("components", "schemas", _, *_) | ("components", "responses", _) | ("paths", _):
            return True
        case ("paths", _, method):
            return method in METHODS
        case ("paths", _, _, "responses", _):
            return "$ref" not in node
        case _:
            return False


def test_there_are_departures(document: dict[str, Any]) -> None:
    assert departures(document)


def test_a_departure_is_a_list_of_what_why_link_and_covers(document: dict[str, Any]) -> None:
    for place, entries in departures(document):
        assert isinstance(entries, list), place
        assert entries, place
        assert all(set(entry) - {"sources"} == {*TEXTS, "covers"} for entry in entries), place


def test_every_text_of_a_departure_is_a_sentence_not_a_blank(document: dict[str, Any]) -> None:
    texts = [entry[key] for _, entries in departures(document) for entry in entries for key in TEXTS]

    assert all(isinstance(text, str) and text.strip() == text != "" for text in texts)


def test_a_departure_covers_known_kinds_of_difference_at_named_places(document: dict[str, Any]) -> None:
    for place, entries in departures(document):
        for entry in entries:
            assert set(entry["covers"]) <= KINDS, place
            assert entry["covers"], place
            assert all(names(places) for places in entry["covers"].values()), place


def test_a_departure_that_names_sources_names_some(document: dict[str, Any]) -> None:
    entries = [entry for _, entries in departures(document) for entry in entries if "sources" in entry]

    assert all(names(entry["sources"]) for entry in entries)


def test_every_departure_links_to_a_page(document: dict[str, Any]) -> None:
    links = [entry["link"] for _, entries in departures(document) for entry in entries]

    assert [link for link in links if not link.startswith("https://") or " " in link] == []


def test_departures_stand_only_where_tools_may_read_them(document: dict[str, Any]) -> None:
    places = [place for place, node in walk(document) if KEY in node and not is_allowed(place, node)]

    assert places == []


def test_no_departure_stands_beside_the_reference_of_a_parameter_or_response(document: dict[str, Any]) -> None:
    beside = [place for place, node in walk(document) if KEY in node and "$ref" in node]

    assert [place for place in beside if place[:2] != ("components", "schemas")] == []


def test_parameters_that_upstream_lacks_are_departures(document: dict[str, Any]) -> None:
    found = whats(document)

    for place, names in expected_parameters().items():
        assert [name for name in names if name not in found.get(place, "").replace(",", "").split()] == []


def test_statuses_that_upstream_lacks_are_departures(document: dict[str, Any]) -> None:
    found = whats(document)
    unexplained = {
        (place, status)
        for place, status in expected_statuses(document)
        if not found.get(place, "").startswith((f"status {status} ", f"statuses {status} "))
    }

    assert unexplained == set()


def test_bodies_that_upstream_lacks_are_departures(document: dict[str, Any]) -> None:
    found = whats(document)

    assert [place for place in expected_bodies(document) if "a body on the 400" not in found.get(place, "")] == []


@pytest.mark.parametrize("model", facts.OURS_REQUIRED)
def test_keys_that_only_upstream_requires_are_departures(document: dict[str, Any], model: str) -> None:
    assert "required" in whats(document)[schema(model)]


@pytest.mark.parametrize(("model", "field"), facts.OURS_FIELDS)
def test_fields_that_differ_from_upstream_are_departures(document: dict[str, Any], model: str, field: str) -> None:
    assert field in whats(document)[schema(model)].replace(",", "").split()


@pytest.mark.parametrize(("name", "model"), ENUMS_THAT_DEPART)
def test_enum_values_that_upstream_lacks_in_fields_are_departures(
    document: dict[str, Any], name: str, model: str
) -> None:
    added = set(facts.ENUMS[name]) - set(facts.ENUMS_OF_FIELDS_UPSTREAM[name])

    assert added
    assert added <= set(whats(document)[schema(model)].split())


def test_no_departure_is_superfluous(document: dict[str, Any]) -> None:
    schemas = {*facts.OURS_REQUIRED, *(name for name, _ in facts.OURS_FIELDS), *(name for _, name in ENUMS_THAT_DEPART)}
    needed = {
        *expected_parameters(),
        *(place for place, _ in expected_statuses(document)),
        *expected_bodies(document),
        *map(schema, schemas),
    }

    general = {place for place, entries in departures(document) if not all("sources" in each for each in entries)}

    assert general == needed


@pytest.mark.parametrize(("model", "field"), facts.OURS_FIELDS)
def test_a_field_that_is_said_to_differ_does_differ(model: str, field: str) -> None:
    assert facts.FIELDS[model].get(field) != facts.OURS_FIELDS[model, field]
