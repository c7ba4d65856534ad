"""GitHub's description of its REST API, whole or cut to packages, as far as packages are concerned."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

import httpx
import yaml
from jsonschema.protocols import Validator
from openapi_schema_validator import OAS30Validator, OAS31Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4, DRAFT202012

__all__ = ["OPERATIONS", "Description", "Json", "UnreadableError", "read"]

Json = dict[str, Any]

METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
PACKAGES: Final = re.compile(r"/(orgs/\{\}|users/\{\}|user)/(packages|docker/conflicts)(/.*)?")
URN: Final = "urn:description"

_OWNERS: Final = {"org": "/orgs/{}", "user": "/users/{}", "authenticated_user": "/user"}
_PACKAGE: Final = "/packages/{}/{}"
_VERSION: Final = f"{_PACKAGE}/versions/{{}}"
_ACTIONS: Final = {
    "list_docker_migration_conflicts": ("get", "/docker/conflicts"),
    "list_packages": ("get", "/packages"),
    "get_package": ("get", _PACKAGE),
    "delete_package": ("delete", _PACKAGE),
    "restore_package": ("post", f"{_PACKAGE}/restore"),
    "list_package_versions": ("get", f"{_PACKAGE}/versions"),
    "get_package_version": ("get", _VERSION),
    "delete_package_version": ("delete", _VERSION),
    "restore_package_version": ("post", f"{_VERSION}/restore"),
}

OPERATIONS: Final = {
    f"{action}_for_{kind}": (method, owner + path)
    for kind, owner in _OWNERS.items()
    for action, (method, path) in _ACTIONS.items()
}
"""Method and path of the 27 operations; parameters in paths have no names, because descriptions may differ in them."""


class UnreadableError(Exception):
    """A description that can't be had; the message is one line."""


def read(place: str) -> Description:
    """Read a description, JSON or YAML, from a path or a URL."""
    try:
        text = _fetch(place) if place.startswith(("http://", "https://")) else Path(place).read_text("utf-8")
        document = _parse(text)
    except (OSError, httpx.HTTPError, httpx.InvalidURL, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UnreadableError(f"can't read {place}: {_one_line(error)}") from error
    if not isinstance(document, dict) or not isinstance(cast(Json, document).get("paths"), dict):
        raise UnreadableError(f"can't read {place}: it is no OpenAPI description")
    description = Description(place, cast(Json, document))
    if not description.version.startswith(("3.0", "3.1")):
        raise UnreadableError(f"can't read {place}: it is OpenAPI {description.version}, not 3.0 or 3.1")
    if not OPERATIONS.keys() - description.missing:
        raise UnreadableError(f"can't use {place}: it says nothing of packages")
    return description


def _fetch(url: str) -> str:
    return httpx.get(url, follow_redirects=True, timeout=60).raise_for_status().text


def _parse(text: str) -> object:
    """Try JSON first: YAML takes minutes for what JSON takes a second."""
    try:
        return json.loads(text)
    except ValueError:
        return _with_text_keys(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506  (safe)


def _with_text_keys(node: object) -> object:
    """Make text of keys, for in YAML a status may be a number."""
    if isinstance(node, dict):
        return {str(key): _with_text_keys(child) for key, child in cast("dict[object, object]", node).items()}
    return list(map(_with_text_keys, cast("list[object]", node))) if isinstance(node, list) else node


def _one_line(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join((said or type(error).__name__).split())


@dataclass(frozen=True)
class Response:
    """How an operation's response is described."""

    contents: dict[str, str]
    """Where the schema of each media type stands, as a reference."""
    headers: dict[str, str]
    """Where each header stands, by lower-case name."""


class Description:
    """An OpenAPI 3.0 or 3.1 document."""

    def __init__(self, place: str, document: Json) -> None:
        self.place: Final = place
        self.document: Final = document
        self.version: Final = str(document.get("openapi"))
        self._validators: dict[str, Validator] = {}

    @cached_property
    def prefix(self) -> str:
        """The path that the API is served under, such as `/api/v3`."""
        servers = cast("list[Json]", self.document.get("servers") or [{}])
        found = re.fullmatch(r"[^/]*//[^/]*(/.*?)/?", str(servers[0].get("url", "")))
        return found[1] if found else ""

    @cached_property
    def is_corrected(self) -> bool:
        """Whether it follows the server and not GitHub's description, and says so in place."""
        return any("x-departure" in node for node in _objects(self.document))

    @cached_property
    def packages(self) -> dict[tuple[str, str], str]:
        """What it says of packages: method and path, with parameters unnamed, to the reference of the operation."""
        found: dict[tuple[str, str], str] = {}
        for path, item in self.document["paths"].items():
            plain = re.sub(r"\{[^}]*\}", "{}", str(path))
            if PACKAGES.fullmatch(plain):
                for method in METHODS & self.target(item).keys():
                    found[method, plain] = _pointer("paths", str(path), method)
        return found

    @cached_property
    def missing(self) -> list[str]:
        """The operations that it does not have."""
        return [name for name, operation in OPERATIONS.items() if operation not in self.packages]

    @property
    def unknown(self) -> list[str]:
        """The operations on packages that it has beyond the 27."""
        return [f"{method.upper()} {path}" for method, path in self.packages if (method, path) not in _KNOWN]

    def response(self, operation: str, status: int) -> Response | None:
        """Find what an operation declares for a status: itself, its class, or any."""
        place, _ = self.resolve(self.packages[OPERATIONS[operation]])
        _, declared = self.resolve(f"{place}/responses")
        by_status = {key.upper(): key for key in declared}
        for key in (str(status), f"{status // 100}XX", "DEFAULT"):
            if key in by_status:
                return self._response(f"{place}/responses/{by_status[key]}")
        return None

    def _response(self, reference: str) -> Response:
        place, response = self.resolve(reference)
        contents = {
            str(media).partition(";")[0].strip().lower(): place + _pointer("content", str(media), "schema")[1:]
            for media, content in response.get("content", {}).items()
            if "schema" in content
        }
        names = [str(name) for name in response.get("headers", {})]
        headers = {name.lower(): self.resolve(place + _pointer("headers", name)[1:])[0] for name in names}
        return Response(contents, headers)

    @cached_property
    def error_schema(self) -> str | None:
        """Where the general schema of error bodies stands: that of the first refusal which declares one."""
        there = (name for name, operation in OPERATIONS.items() if operation in self.packages)
        declared = (self.response(name, status) for name in there for status in (401, 403, 404))
        schemas = (one.contents["application/json"] for one in declared if one and "application/json" in one.contents)
        return next(schemas, None)

    def resolve(self, reference: str) -> tuple[str, Json]:
        """Follow a reference, and those that it leads to, to a place and what stands there."""
        node: Any = self.document
        place = "#"
        for part in reference.removeprefix("#").split("/")[1:]:
            while isinstance(node, dict) and "$ref" in node:
                place, node = self.resolve(cast(str, node["$ref"]))
            try:
                node = cast(Json, node)[part.replace("~1", "/").replace("~0", "~")]
            except (KeyError, TypeError):
                raise UnreadableError(f"can't use {self.place}: {reference} leads nowhere") from None
            place = f"{place}/{part}"
        found = cast(Json, node)
        return self.resolve(found["$ref"]) if isinstance(node, dict) and "$ref" in node else (place, found)

    def target(self, node: Json) -> Json:
        """Give what a reference leads to, or the node itself."""
        return self.resolve(node["$ref"])[1] if "$ref" in node else node

    def validator(self, reference: str) -> Validator:
        """Make a validator of the schema at a place, formats included; there is one a schema."""
        if reference not in self._validators:
            kind = OAS30Validator if self.version.startswith("3.0") else OAS31Validator
            schema = {"$ref": f"{URN}{_in_uri(reference)}"}
            checker = kind.FORMAT_CHECKER
            self._validators[reference] = kind(schema, registry=self._registry, format_checker=checker)
        return self._validators[reference]

    @cached_property
    def _registry(self) -> Registry[Any]:
        specification = DRAFT4 if self.version.startswith("3.0") else DRAFT202012
        resource = specification.create_resource(cast(Any, self.document))
        registry: Registry[Any] = Registry()
        return registry.with_resource(URN, resource)


_KNOWN: Final = frozenset(OPERATIONS.values())


def _pointer(*parts: str) -> str:
    return "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def _in_uri(reference: str) -> str:
    return reference.replace("%", "%25").replace("{", "%7B").replace("}", "%7D")


def _objects(node: object) -> Iterator[Json]:
    if isinstance(node, dict):
        yield cast(Json, node)
        for child in cast(Json, node).values():
            yield from _objects(child)
    elif isinstance(node, list):
        for child in cast("list[object]", node):
            yield from _objects(child)
