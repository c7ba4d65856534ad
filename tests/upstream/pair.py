"""A small description with a request body, to be changed on either side of a comparison."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from openapi.upstream.compare import Comparison, compare
from openapi.upstream.document import Document

Json = dict[str, Any]
Found = set[tuple[str, str, str]]
"""Judgement, kind and location."""

PATH = "/user/packages/{package_type}"
PLACE = f"POST {PATH}"


def description() -> Json:
    """One operation that takes and gives a package."""
    label: Json = {
        "type": "object",
        "required": ["name", "size"],
        "properties": {
            "name": {"type": "string"},
            "size": {"type": "integer"},
            "color": {"type": "string", "enum": ["red", "blue"], "default": "red"},
            "note": {"type": ["string", "null"]},
            "tags": {"type": "array", "items": {"type": "string"}},
            "extra": {"type": "object", "additionalProperties": {"type": "string"}},
            "either": {"oneOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "integer"}]},
        },
    }
    kind: Json = {"name": "package_type", "in": "path", "required": True, "schema": {"type": "string"}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Label"}}}
    operation: Json = {
        "operationId": "create",
        "parameters": [kind, {"name": "dry", "in": "query", "schema": {"type": "boolean"}}],
        "requestBody": {"content": content},
        "responses": {"200": {"description": "", "content": content}, "404": {"description": ""}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": "1"},
        "paths": {PATH: {"post": operation}},
        "components": {"schemas": {"Label": label}},
    }
    return json.loads(json.dumps(document))  # so that nothing stands in two places at once


def operation(document: Json) -> Json:
    return document["paths"][PATH]["post"]


def label(document: Json) -> Json:
    return document["components"]["schemas"]["Label"]


def fields(document: Json) -> Json:
    return label(document)["properties"]


def compared(ours: Json, upstream: Json, source: str = "api.github.com") -> Comparison:
    return compare(Document(ours), Document(upstream), source)


def changed(change: Callable[[Json], object]) -> Json:
    document = description()
    change(document)
    return document


def found(comparison: Comparison) -> Found:
    return {(str(each.judgement), each.rule.kind, each.location) for each in comparison.differences}
