"""Reading the OpenAPI document: references, types in the notation of `facts`, and everything by its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parents[2] / "openapi" / "github-packages.yaml"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Place = tuple[str, ...]


def read_document() -> dict[str, Any]:
    return yaml.safe_load(PATH.read_text(encoding="utf-8"))


def resolve(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` leads to, or the node itself."""
    while "$ref" in node:
        target: Any = document
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        node = target
    return node


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of each operation; the parameters of its path item are among its own."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                parameters = [*item.get("parameters", []), *item[method].get("parameters", [])]
                yield path, method.upper(), {**item[method], "parameters": parameters}


def operation(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(found for _, _, found in operations(document) if found["operationId"] == name)


def walk(node: object, place: Place = ()) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every object of the document with its place."""
    if isinstance(node, dict):
        yield place, node
        for key, child in node.items():
            yield from walk(child, (*place, str(key)))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from walk(child, (*place, str(index)))


def type_of(schema: dict[str, Any]) -> str:
    """The type of a schema in the notation of `facts`."""
    for union in ("oneOf", "allOf"):
        if union in schema:
            kinds = [type_of(kind) for kind in schema[union]]
            break
    else:
        kinds = [_plain_type_of(schema, kind) for kind in _kinds(schema)]
    default = f" = {schema['default']}" if "default" in schema else ""
    return " | ".join(kinds) + default


def _kinds(schema: dict[str, Any]) -> list[str]:
    if "$ref" in schema:
        return [schema["$ref"].rpartition("/")[2]]
    return schema["type"] if isinstance(schema["type"], list) else [schema["type"]]


def _plain_type_of(schema: dict[str, Any], kind: str) -> str:
    if kind == "array":
        return f"[{type_of(schema['items'])}]"
    return f"{kind} {schema['format']}" if "format" in schema and kind != "null" else kind
