"""Everything stands in the document once, under a name, and is referred to."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.openapi.reading import operations, walk

SCHEMAS = ("components", "schemas")


def test_no_enum_or_object_stands_outside_the_named_schemas(document: dict[str, Any]) -> None:
    """A property that is called `enum` or `properties` would be reported too; there is none."""
    inline = [
        "/".join(place)
        for place, node in walk(document)
        if ("enum" in node or "properties" in node or node.get("type") == "object")
        if not (place[:2] == SCHEMAS and len(place) == 3)
    ]

    assert inline == []


def test_no_two_enums_are_the_same(document: dict[str, Any]) -> None:
    enums = Counter(frozenset(node["enum"]) for _, node in walk(document) if "enum" in node)

    assert set(enums.values()) == {1}


def test_operations_refer_to_named_parameters_and_responses(document: dict[str, Any]) -> None:
    for _, _, found in operations(document):
        assert all(set(parameter) == {"$ref"} for parameter in found["parameters"])
        assert all(set(response) == {"$ref"} for response in found["responses"].values())


def test_responses_refer_to_named_headers(document: dict[str, Any]) -> None:
    responses = document["components"]["responses"].values()

    assert all(set(header) == {"$ref"} for response in responses for header in response.get("headers", {}).values())


def test_every_component_is_used(document: dict[str, Any]) -> None:
    used = {node["$ref"] for _, node in walk(document) if "$ref" in node}
    components = {
        f"#/components/{kind}/{name}"
        for kind, named in document["components"].items()
        if kind != "securitySchemes"
        for name in named
    }

    assert components == used


def test_every_named_schema_is_described(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    assert [name for name, schema in schemas.items() if not schema.get("description")] == []


def test_every_operation_has_a_summary_of_its_own(document: dict[str, Any]) -> None:
    summaries = Counter(found["summary"] for _, _, found in operations(document))

    assert set(summaries.values()) == {1}
    assert len(summaries) == 27


def test_usual_keys_are_optional_properties(document: dict[str, Any]) -> None:
    usual = {name: schema for name, schema in document["components"]["schemas"].items() if "x-usual" in schema}
    optional = {name: set(schema["properties"]) - set(schema.get("required", [])) for name, schema in usual.items()}

    assert usual
    assert [name for name, schema in usual.items() if not set(schema["x-usual"]) <= optional[name]] == []


def test_checked_keys_are_usual_ones_of_plain_kinds(document: dict[str, Any]) -> None:
    checked = {
        (name, key): schema
        for name, schema in document["components"]["schemas"].items()
        for key in schema.get("x-checked", [])
    }

    assert checked
    assert [place for place, schema in checked.items() if place[1] not in schema["x-usual"]] == []
    assert {schema["properties"][key]["type"] for (_, key), schema in checked.items()} == {"string"}
