"""JSON values with types: what is not of the kind that was asked for is empty."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

Tree = Mapping[str, object]
"""A JSON object."""

NOTHING: Tree = {}


def is_tree(value: object) -> bool:
    """Whether the value is a JSON object."""
    return isinstance(value, dict)


def as_tree(value: object) -> Tree:
    """The value, if it is an object, else an empty one."""
    return cast("Tree", value) if isinstance(value, dict) else NOTHING


def as_list(value: object) -> Sequence[object]:
    """The value, if it is a list, else an empty one."""
    return cast("Sequence[object]", value) if isinstance(value, list) else ()


def branch(node: Tree, key: str) -> Tree:
    """The object under a key."""
    return as_tree(node.get(key))


def branches(node: Tree, key: str) -> list[Tree]:
    """The objects in the list under a key."""
    return [as_tree(each) for each in as_list(node.get(key)) if is_tree(each)]


def words(value: object) -> list[str]:
    """The strings in a list; one string counts as a list of itself."""
    return [value] if isinstance(value, str) else [each for each in as_list(value) if isinstance(each, str)]


def word(node: Tree, key: str) -> str:
    """The string under a key, or an empty one."""
    value = node.get(key)
    return value if isinstance(value, str) else ""


def shown(value: object) -> str:
    """A value as people write it: a string as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, default=str)


def children(node: object) -> Iterator[object]:
    """What stands directly in an object or list."""
    yield from as_tree(node).values()
    yield from as_list(node)


def with_text_keys(value: object) -> object:
    """The same with every key a string: YAML reads `200:` as a number."""
    if isinstance(value, dict):
        return {shown(key): with_text_keys(each) for key, each in cast("dict[object, object]", value).items()}
    return [with_text_keys(each) for each in as_list(cast("object", value))] if isinstance(value, list) else value
