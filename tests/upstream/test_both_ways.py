"""A change is judged by who has it, and by whether it is in what is sent or in what is received."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from openapi.upstream.rules import RULES, Side
from tests.upstream.mutations import MUTATIONS
from tests.upstream.pair import PLACE, Json, changed, compared, description, fields, found, label, operation

B, A = "breaking", "additive"


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def put(name: str, schema: Json) -> Callable[[Json], object]:
    return lambda document: fields(document).update({name: schema})


def drop(*keys: str) -> Callable[[Json], object]:
    def change(document: Json) -> None:
        node = label(document)
        for key in keys[:-1]:
            node = node[key]
        del node[keys[-1]]

    return change


# A change, what it is about, and what it is, sent and received, if GitHub has made it, and if we have.
CHANGES = [
    (put("new", {"type": "string"}), "new", ("field-added", A, A), ("field-removed", B, B)),
    (drop("properties", "tags"), "tags", ("field-removed", B, B), ("field-added", A, A)),
    (lambda d: label(d)["required"].remove("size"), "size",
     ("field-made-optional", A, B), ("field-made-required", B, A)),
    (lambda d: label(d)["required"].append("tags"), "tags",
     ("field-made-required", B, A), ("field-made-optional", A, B)),
    (put("name", {"type": ["string", "null"]}), "name", ("made-nullable", A, B), ("made-not-null", B, A)),
    (put("note", {"type": "string"}), "note", ("made-not-null", B, A), ("made-nullable", A, B)),
    (put("name", {"type": "boolean"}), "name", ("type-changed", B, B), ("type-changed", B, B)),
    (put("size", {"type": "number"}), "size", ("type-widened", A, B), ("type-narrowed", B, A)),
    (put("size", {"type": ["integer", "string"]}), "size", ("type-widened", A, B), ("type-narrowed", B, A)),
    (put("tags", {"type": "array"}), "tags → []", ("type-widened", A, B), ("type-narrowed", B, A)),
    (put("tags", {"type": "array", "items": {"type": "integer"}}), "tags → []",
     ("type-changed", B, B), ("type-changed", B, B)),
    (lambda d: fields(d)["color"]["enum"].append("green"), "color",
     ("enum-value-added", A, A), ("enum-value-removed", B, B)),
    (lambda d: fields(d)["color"].pop("enum"), "color", ("enum-opened", A, A), ("enum-closed", B, A)),
    (lambda d: fields(d)["color"].update(default="blue"), "color",
     ("default-changed", B, B), ("default-changed", B, B)),
    (lambda d: fields(d)["color"].pop("default"), "color", ("default-removed", B, B), ("default-added", A, A)),
    (lambda d: fields(d)["extra"].update(additionalProperties=False), "extra → other keys",
     ("keys-closed", B, A), ("keys-opened", A, A)),
    (lambda d: fields(d)["extra"].update(additionalProperties={"type": "integer"}), "extra → other keys",
     ("type-changed", B, B), ("type-changed", B, B)),
    (lambda d: fields(d)["either"]["oneOf"].append({"type": "boolean"}), "either",
     ("variant-added", A, B), ("variant-removed", B, A)),
    (lambda d: fields(d)["either"]["oneOf"][0]["properties"].update(b={"type": "string"}), "either → b",
     ("field-added", A, A), ("field-removed", B, B)),
    (lambda d: fields(d)["name"].update(deprecated=True), "name", ("deprecated", A, A), ("undeprecated", A, A)),
]  # fmt: skip
IDS = [f"{place}-{kind}" for _, place, (kind, _, _), _ in CHANGES]


def expected(place: str, judged: tuple[str, str, str]) -> set[tuple[str, str, str]]:
    kind, sent, received = judged
    return {(sent, kind, f"{PLACE} → body → {place}"), (received, kind, f"{PLACE} → 200 → {place}")}


@pytest.mark.parametrize(("change", "place", "judged", "_"), CHANGES, ids=IDS)
def test_a_change_of_githubs(change: Callable[[Json], object], place: str, judged: Any, _: Any) -> None:
    assert found(compared(description(), changed(change))) == expected(place, judged)


@pytest.mark.parametrize(("change", "place", "_", "judged"), CHANGES, ids=IDS)
def test_a_change_of_ours(change: Callable[[Json], object], place: str, judged: Any, _: Any) -> None:
    assert found(compared(changed(change), description())) == expected(place, judged)


def test_a_required_field_that_is_added_breaks_requests_only() -> None:
    def change(document: Json) -> None:
        fields(document)["new"] = {"type": "string"}
        label(document)["required"].append("new")

    assert found(compared(description(), changed(change))) == {
        (B, "required-field-added", f"{PLACE} → body → new"),
        (A, "field-added", f"{PLACE} → 200 → new"),
    }


OPERATION_CHANGES = [
    (lambda o: o["requestBody"].update(required=True), "body",
     ("request-body-made-required", B), ("request-body-made-optional", A)),
    (lambda o: o.pop("requestBody"), "body", ("request-body-removed", B), ("request-body-added", A)),
    (lambda o: o["requestBody"]["content"].update({"text/csv": {}}), "body → text/csv",
     ("content-type-added", A), ("content-type-removed", B)),
    (lambda o: o["responses"].pop("200"), "200", ("success-status-removed", B), ("success-status-added", B)),
    (lambda o: o["responses"].pop("404"), "404", ("status-removed", A), ("status-added", A)),
    (lambda o: o["responses"]["200"].pop("content"), "200", ("body-removed", B), ("body-added", A)),
    (lambda o: o["responses"]["200"]["content"].update({"text/csv": {}}), "200 → text/csv",
     ("content-type-added", A), ("content-type-removed", B)),
    (lambda o: o["parameters"].pop(1), "query dry", ("parameter-removed", B), ("parameter-added", A)),
    (lambda o: o["parameters"][1].update(required=True), "query dry",
     ("parameter-made-required", B), ("parameter-made-optional", A)),
    (lambda o: o["parameters"][1].update(deprecated=True), "query dry", ("deprecated", A), ("undeprecated", A)),
    (lambda o: o["parameters"][1]["schema"].update(default=True), "query dry",
     ("default-added", A), ("default-removed", B)),
    (lambda o: o.update(deprecated=True), "", ("deprecated", A), ("undeprecated", A)),
]  # fmt: skip
OPERATION_IDS = [f"{place}-{kind}" for _, place, (kind, _), _ in OPERATION_CHANGES]


@pytest.mark.parametrize(("change", "place", "theirs", "ours"), OPERATION_CHANGES, ids=OPERATION_IDS)
def test_a_change_of_an_operation_is_judged_by_who_has_it(
    change: Callable[[Json], object], place: str, theirs: Any, ours: Any
) -> None:
    mutated = changed(lambda document: change(operation(document)))
    location = f"{PLACE} → {place}" if place else PLACE

    assert found(compared(description(), mutated)) == {(theirs[1], theirs[0], location)}
    assert found(compared(mutated, description())) == {(ours[1], ours[0], location)}


def test_a_schema_within_itself_is_compared_once() -> None:
    def nest(document: Json) -> None:
        fields(document)["parent"] = ref("Label")

    ours, upstream = changed(nest), changed(nest)
    fields(upstream)["size"]["type"] = "string"

    assert found(compared(ours, upstream)) == {
        (B, "type-changed", f"{PLACE} → body → size"),
        (B, "type-changed", f"{PLACE} → 200 → size"),
    }


def test_beside_a_reference_stands_what_counts_more_in_openapi_3_1() -> None:
    def refer(document: Json) -> None:
        document["components"]["schemas"]["Color"] = fields(document)["color"]
        fields(document)["color"] = {**ref("Color"), "default": "blue"}

    assert {kind for _, kind, _ in found(compared(description(), changed(refer)))} == {"default-changed"}


def test_beside_a_reference_stands_nothing_that_counts_in_openapi_3_0() -> None:
    def refer(document: Json) -> None:
        document["openapi"] = "3.0.3"
        document["components"]["schemas"]["Color"] = fields(document)["color"]
        fields(document)["color"] = {**ref("Color"), "default": "blue"}

    assert found(compared(description(), changed(refer))) == set()


def test_a_choice_and_one_of_its_variants_differ_by_the_others() -> None:
    upstream = changed(put("either", {"type": "object", "properties": {"a": {"type": "string"}}}))

    assert found(compared(description(), upstream)) == expected("either", ("variant-removed", B, A))


def test_a_choice_of_plain_types_is_the_same_as_one_of_schemas() -> None:
    upstream = changed(put("either", {"type": ["object", "integer"]}))

    assert found(compared(description(), upstream)) == expected("either → a", ("field-removed", B, B))


def test_null_is_compared_for_a_choice_as_a_whole() -> None:
    def null(document: Json) -> None:
        fields(document)["either"]["oneOf"].append({"type": "null"})

    def null_within(document: Json) -> None:
        fields(document)["either"]["oneOf"][1]["type"] = ["integer", "null"]

    assert found(compared(description(), changed(null))) == expected("either", ("made-nullable", A, B))
    assert found(compared(changed(null), changed(null_within))) == set()


def test_variants_are_paired_whatever_their_order() -> None:
    def turn(document: Json) -> None:
        fields(document)["either"]["oneOf"].reverse()

    assert found(compared(description(), changed(turn))) == set()


def side_of(location: str) -> Side:
    """Whose a place is."""
    _, *steps = location.split(" → ")
    if not steps:
        return Side.OPERATION
    return Side.RESPONSE if steps[0][0].isdigit() else Side.REQUEST


def test_every_rule_is_tried() -> None:
    tried = {(kind, side_of(place)) for mutation in MUTATIONS.values() for _, kind, place, _ in mutation.expected}
    for _, place, one, other in CHANGES:
        found_both = expected(place, one) | expected(place, other)
        tried |= {(kind, side_of(location)) for _, kind, location in found_both}
    for _, place, one, other in OPERATION_CHANGES:
        tried |= {(kind, side_of(f"{PLACE} → {place}" if place else PLACE)) for kind, _ in (one, other)}
    tried.add(("required-field-added", Side.REQUEST))  # has a test of its own above

    assert {(rule.kind, rule.side) for rule in RULES} - tried == set()
