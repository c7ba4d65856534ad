"""What a schema allows, however it is written.

These are the same: `nullable: true` (3.0), a list of types with null and a choice with a null schema (3.1); one type
and a list of one; `const` and an enum of one; a schema, a reference to it, and an `allOf` or `oneOf` of nothing else;
several plain types in a list and as a choice. What only people or checks of values read has no shape: titles,
descriptions, examples, lengths, bounds and patterns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import TypeVar

from attrs import evolve, field, frozen
from openapi.upstream.document import Document
from openapi.upstream.tree import Tree, as_list, as_tree, branch, branches, is_tree, shown, word, words

FORMATS_THAT_MATTER = frozenset({"date", "date-time", "uuid", "binary"})
"""Formats of strings for which the generator makes another Python type."""


def _no_fields() -> Mapping[str, Tree]:
    return {}


@frozen
class Shape:
    """What a schema allows. Fields, items, other keys and variants are schemas, their shapes made when asked for."""

    types: frozenset[str] = frozenset()
    """JSON types without null, a string's format after a blank where it matters; empty: any type."""
    nullable: bool = False
    enum: frozenset[str] | None = None
    """The values as they are shown; None: any value."""
    default: str | None = None
    fields: Mapping[str, Tree] = field(factory=_no_fields)
    required: frozenset[str] = frozenset()
    """Names of fields; GitHub sometimes requires one that it does not define."""
    items: Tree | None = None
    other_keys: Tree | None = None
    """The schema of the values under other keys; None: anything."""
    closed: bool = False
    """Whether other keys are forbidden."""
    variants: tuple[Tree, ...] = ()
    """Schemas of which one must fit, if it is more than a choice of plain types."""
    deprecated: bool = False
    nodes: tuple[Tree, ...] = ()
    """The objects that it was read from, references included."""
    component: str = ""
    """The reference that leads to it, empty if it stands in place."""

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to it but types."""
        rest = evolve(self, types=frozenset[str](), nullable=False, nodes=(), component="")
        return bool(self.types) and rest == Shape()

    def choices(self, schema: Tree) -> tuple[Tree, ...]:
        """The schemas of which one must fit, where this is the shape of the given one."""
        if self.variants or len(self.types) < 2 or not self.is_plain:
            return self.variants or (schema,)
        return tuple(_plain_schema(kind) for kind in sorted(self.types))

    def __str__(self) -> str:
        """How a report names it: `string (date-time) or null`."""
        named = [self._enum_text()] if self.enum is not None else sorted(map(self._type_text, self.types))
        return " or ".join([*named, *(["null"] if self.nullable else [])]) or "anything"

    def _enum_text(self) -> str:
        return "one of " + ", ".join(sorted(self.enum or ()))

    def _type_text(self, kind: str) -> str:
        name, _, form = kind.partition(" ")
        return f"{name} ({form})" if form else name


class Shapes:
    """Makes the shapes of a description's schemas, each once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[int, tuple[Tree, Shape]] = {}

    def of(self, schema: Tree) -> Shape:
        """The shape of a schema.

        Raises:
            BrokenReferenceError: a reference leads nowhere.

        """
        # The schema is kept beside its shape, so that its id is not given to another.
        if id(schema) not in self._known:
            self._known[id(schema)] = schema, self._made(schema)
        return self._known[id(schema)][1]

    def text(self, schema: Tree) -> str:
        """How a report names a schema: `array of string`."""
        shape = self.of(schema)
        if shape.items is None or shape.types != frozenset({"array"}):
            return str(shape)
        return str(shape).replace("array", f"array of {self.of(shape.items)}", 1)

    def _made(self, schema: Tree) -> Shape:
        target = self._document.target(schema)
        own = _own_shape(target.node)
        parts = [*self._parts(branches(target.node, "allOf")), *self._choices(target.node)]
        whole = reduce(_both, parts, own)
        nodes = (*target.chain, *(node for part in parts for node in part.nodes))
        named = target.component or (parts[0].component if len(parts) == 1 else "")
        return evolve(whole, nodes=nodes, component=named)

    def _parts(self, schemas: Iterable[Tree]) -> list[Shape]:
        return [self.of(each) for each in schemas]

    def _choices(self, node: Tree) -> Iterable[Shape]:
        """What `oneOf` and `anyOf` come to: one shape each."""
        for key in ("oneOf", "anyOf"):
            if schemas := branches(node, key):
                yield self._choice(schemas)

    def _choice(self, schemas: list[Tree]) -> Shape:
        real = [(schema, shape) for schema in schemas if not _is_null(shape := self.of(schema))]
        nullable = len(real) < len(schemas) or any(shape.nullable for _, shape in real)
        if len(real) == 1:
            return evolve(real[0][1], nullable=nullable)
        if all(shape.is_plain for _, shape in real):
            return Shape(types=frozenset[str]().union(*(shape.types for _, shape in real)), nullable=nullable)
        return Shape(variants=tuple(schema for schema, _ in real), nullable=nullable)


def _plain_schema(kind: str) -> Tree:
    name, _, form = kind.partition(" ")
    return {"type": name, "format": form} if form else {"type": name}


def _is_null(shape: Shape) -> bool:
    return shape.nullable and not shape.types and not shape.fields and not shape.variants and not shape.enum


def _own_shape(node: Tree) -> Shape:
    """What a schema says itself, without what it combines."""
    values = as_list(node["enum"]) if "enum" in node else [node["const"]] if "const" in node else None
    kinds = words(node.get("type"))
    other = node.get("additionalProperties")
    return Shape(
        types=frozenset(_type(node, kind) for kind in kinds or _implied_types(node, values) if kind != "null"),
        nullable=node.get("nullable") is True or "null" in kinds or (values is not None and None in values),
        enum=None if values is None else frozenset(shown(value) for value in values if value is not None) or None,
        default=shown(node["default"]) if "default" in node else None,
        fields={name: as_tree(schema) for name, schema in branch(node, "properties").items()},
        required=frozenset(words(node.get("required"))),
        items=branch(node, "items") or None,
        other_keys=as_tree(other) or None,
        closed=other is False,
        deprecated=node.get("deprecated") is True,
    )


def _type(node: Tree, kind: str) -> str:
    form = word(node, "format")
    return f"{kind} {form}" if kind == "string" and form in FORMATS_THAT_MATTER else kind


_TYPE_OF: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def _implied_types(node: Tree, values: Iterable[object] | None) -> list[str]:
    """The types of a schema that does not say them."""
    if is_tree(node.get("properties")):
        return ["object"]
    if is_tree(node.get("items")):
        return ["array"]
    return [_TYPE_OF[type(value)] for value in values or () if type(value) in _TYPE_OF]


def _both(one: Shape, other: Shape) -> Shape:
    """What both allow; null is allowed if one of them says so, as GitHub means it."""
    return Shape(
        types=(one.types & other.types) or one.types or other.types,
        nullable=one.nullable or other.nullable,
        enum=_either(lambda a, b: a & b, one.enum, other.enum),
        default=one.default if one.default is not None else other.default,
        fields={**other.fields, **one.fields, **_shared_fields(one.fields, other.fields)},
        required=one.required | other.required,
        items=_either(_all_of, one.items, other.items),
        other_keys=_either(_all_of, one.other_keys, other.other_keys),
        closed=one.closed or other.closed,
        variants=(*one.variants, *other.variants),
        deprecated=one.deprecated or other.deprecated,
    )


T = TypeVar("T")


def _either(combine: Callable[[T, T], T], one: T | None, other: T | None) -> T | None:
    if one is None or other is None:
        return other if one is None else one
    return combine(one, other)


def _all_of(one: Tree, other: Tree) -> Tree:
    return {"allOf": [one, other]}


def _shared_fields(one: Mapping[str, Tree], other: Mapping[str, Tree]) -> Mapping[str, Tree]:
    return {name: _all_of(one[name], other[name]) for name in one.keys() & other.keys()}
