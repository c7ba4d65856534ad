"""What in a response is not as described."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

import httpx

from .description import Description, Json, Response

__all__ = ["Finding", "check"]

JSON: Final = "application/json"
DETAIL: Final = 200


@dataclass(frozen=True)
class Finding:
    """One thing that is not as described."""

    operation: str
    status: int
    """0 if it is about the description, not about a response."""
    what: str
    """The same words for the same thing wherever it occurs: deviations are told apart by them."""
    case: str = ""
    """What was asked."""
    detail: str = ""
    """For people."""


def check(description: Description, operation: str, case: str, answer: httpx.Response) -> Iterator[Finding]:
    """Check status, content type, headers and body."""
    for what, detail in _problems(description, operation, answer):
        yield Finding(operation, answer.status_code, what, case, detail[:DETAIL])


def _problems(description: Description, operation: str, answer: httpx.Response) -> Iterator[tuple[str, str]]:
    declared = description.response(operation, answer.status_code)
    if declared is None:
        yield "the status is not declared", answer.text
        yield from _undeclared_body(description, answer)
        return
    yield from _headers(description, declared, answer)
    yield from _content(description, declared, answer)


def _media_type(answer: httpx.Response) -> str:
    content_type: str = answer.headers.get("content-type", "")
    return content_type.partition(";")[0].strip().lower()


def _undeclared_body(description: Description, answer: httpx.Response) -> Iterator[tuple[str, str]]:
    """Hold errors to the general form of errors even where their status is not declared."""
    if answer.is_error and description.error_schema and _media_type(answer) == JSON:
        yield from _body(description, description.error_schema, answer)


def _content(description: Description, declared: Response, answer: httpx.Response) -> Iterator[tuple[str, str]]:
    media_type = _media_type(answer)
    if not declared.contents:
        if answer.content:
            yield "no body is declared", answer.text
            yield from _undeclared_body(description, answer)
    elif media_type not in declared.contents:
        yield f"the content type {media_type or 'of nothing'} is not declared", answer.text
    elif media_type == JSON:
        yield from _body(description, declared.contents[media_type], answer)


def _headers(description: Description, declared: Response, answer: httpx.Response) -> Iterator[tuple[str, str]]:
    for name, place in declared.headers.items():
        _, header = description.resolve(place)
        if name not in answer.headers:
            if header.get("required"):
                yield f"header {name} is missing", ""
        elif "schema" in header:
            value = _typed(answer.headers[name], description.target(header["schema"]))
            for error in description.validator(f"{place}/schema").iter_errors(value):
                yield f"header {name} breaks {error.validator}", error.message


def _typed(text: str, schema: Json) -> str | int:
    """Read a header's value as its schema wants it; what can't be read stays text and fails there."""
    wants_number = "integer" in str(schema.get("type"))
    return int(text) if wants_number and re.fullmatch(r"-?\d+", text) else text


def _body(description: Description, schema: str, answer: httpx.Response) -> Iterator[tuple[str, str]]:
    try:
        body: Any = answer.json()
    except ValueError:
        yield "the body is no JSON", answer.text
        return
    for error in description.validator(schema).iter_errors(body):
        yield f"{_place(error.absolute_path)} breaks {_rule(error)}", error.message
    for place in sorted(set(_unknown_fields(description, {"$ref": schema}, body, ()))):
        yield f"{_place(place)} is not declared", ""


def _place(path: Any) -> str:
    """Write a place in a body; items of an array are at the place of the array."""
    return ".".join(["body", *(part for part in path if isinstance(part, str))])


def _rule(error: Any) -> str:
    """Name the broken keyword; of missing fields also which."""
    if error.validator != "required":
        return str(error.validator)
    missing = [name for name in error.validator_value if name not in error.instance]
    named = [name for name in missing if error.message.startswith(repr(name))]
    return f"required {(named or missing)[0]}"


def _unknown_fields(
    description: Description, schema: Json, value: object, place: tuple[str | int, ...]
) -> Iterator[tuple[str | int, ...]]:
    """Find fields that no schema mentions: allowed by the letter, but nothing that a reader would expect."""
    schemas = list(_alternatives(description, schema))
    if isinstance(value, list):
        items = [one["items"] for one in schemas if "items" in one]
        for child in cast("list[object]", value) if items else ():
            yield from _unknown_fields(description, items[0], child, (*place, 0))
    elif isinstance(value, dict):
        known: Json = {name: part for one in schemas for name, part in one.get("properties", {}).items()}
        is_open = not known or any("additionalProperties" in one for one in schemas)
        for name, child in cast(Json, value).items():
            if name in known:
                yield from _unknown_fields(description, known[name], child, (*place, name))
            elif not is_open:
                yield (*place, name)


def _alternatives(description: Description, schema: Json) -> Iterator[Json]:
    """Give a schema and all that it is made of."""
    schema = description.target(schema)
    yield schema
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword, ()):
            yield from _alternatives(description, part)
