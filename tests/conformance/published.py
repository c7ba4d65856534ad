"""Our document, turned back into what GitHub publishes: OpenAPI 3.0, without our corrections."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, cast

from .description import OPERATIONS, Description, Json

__all__ = ["as_published"]

REFUSALS = frozenset({"401", "403", "404"})


def as_published(document: Json) -> Json:
    """Take back the corrections that answers differ by."""
    published = cast(Json, _plain({**deepcopy(document), "openapi": "3.0.3"}))
    schemas = published["components"]["schemas"]
    schemas["Package"]["required"].append("version_count")
    schemas["Package"]["properties"]["visibility"] = {"type": "string", "enum": ["private", "public"]}
    schemas["DockerMetadata"] = {"type": "object", "properties": {"tag": {"type": "array"}}, "required": ["tags"]}
    del published["components"]["responses"]["PageWindowExceeded"]["content"]
    description = Description("ours", published)
    for name, operation in OPERATIONS.items():
        responses = description.resolve(f"{description.packages[operation]}/responses")[1]
        for status in responses.keys() - _declared(name):
            del responses[status]
    return published


def _declared(name: str) -> set[str]:
    """Tell the statuses that GitHub declares for an operation."""
    action, _, kind = name.rpartition("_for_")
    if action in {"get_package", "get_package_version"}:
        return {"200"}
    if action == "list_packages":
        return {"200", "400"} if kind == "authenticated_user" else {"200", "400", "401", "403"}
    if action == "list_docker_migration_conflicts":
        return {"200"} if kind == "authenticated_user" else {"200", "401", "403"}
    return {"200", "204", *REFUSALS}


def _plain(node: object) -> object:
    """Write null as 3.0 does, and leave out what is ours."""
    if isinstance(node, list):
        return [_plain(child) for child in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    plain: dict[str, Any] = {key: _plain(child) for key, child in cast(Json, node).items() if key != "x-departure"}
    kinds = plain.get("type")
    if isinstance(kinds, list) and "null" in kinds:
        plain |= {"type": next(kind for kind in cast("list[str]", kinds) if kind != "null"), "nullable": True}
    if (choices := plain.get("oneOf")) and {"type": "null"} in choices:
        del plain["oneOf"]
        plain |= {"type": "object", "nullable": True, "allOf": [choices[0]]}
    return plain
