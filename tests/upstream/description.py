"""GitHub's description of its packages API, made of the facts in `tests.openapi.facts` and written as GitHub writes it.

OpenAPI 3.0; parameters now in place, now referred to; enums and most objects in place; `nullable` inside the component;
a `required` that names a field which is not there; and much besides that does not concern us.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from openapi.upstream.scope import known_as
from tests.openapi import facts

Json = dict[str, Any]

COMPONENTS = {
    "Package": "package",
    "PackageVersion": "package-version",
    "SimpleUser": "simple-user",
    "MinimalRepository": "minimal-repository",
    "CodeOfConduct": "code-of-conduct",
    "SecurityAndAnalysis": "security-and-analysis",
    "BasicError": "basic-error",
}
RESPONSES = {"401": "requires_authentication", "403": "forbidden", "404": "not_found", "400": "package_es_list_error"}
REFERRED_PARAMETERS = {
    ("path", "org"): "org",
    ("path", "username"): "username",
    ("path", "package_type"): "package-type",
    ("path", "package_name"): "package-name",
    ("path", "package_version_id"): "package-version-id",
    ("query", "visibility"): "package-visibility",
}
SERVER_LACKS = (
    *("secret_scanning_ai_detection", "secret_scanning_delegated_alert_dismissal"),
    *("secret_scanning_delegated_bypass", "secret_scanning_delegated_bypass_options"),
)


def github() -> Json:
    """The description of github.com."""
    return json.loads(_github())


@cache
def _github() -> str:
    """As a text, so that each test gets its own, and nothing stands in two places at once."""
    description = {
        "openapi": "3.0.3",
        "info": {"version": "1.1.4", "title": "GitHub v3 REST API", "x-github-plan": "api.github.com"},
        "servers": [{"url": "https://api.github.com"}],
        "paths": {**unrelated_paths(), **packages_paths()},
        "components": {
            "parameters": {name: parameter(*key) for key, name in REFERRED_PARAMETERS.items()},
            "responses": responses(),
            "schemas": schemas(),
            "examples": {"package": {"value": {"id": 197, "name": "hello_docker"}}},
        },
    }
    return json.dumps(description)


def enterprise_cloud() -> Json:
    """The description of Enterprise Cloud, where it differs on packages."""
    description = github()
    description["info"]["x-github-plan"] = "ghec"
    features = description["components"]["schemas"]["security-and-analysis"]["properties"]
    features["secret_scanning_validity_checks"] = field("SecurityFeature")
    return description


def enterprise_server(release: str) -> Json:
    """The description of a release of Enterprise Server, where it differs on packages."""
    description = github()
    description["info"] |= {"x-github-plan": "ghes", "x-github-release": float(release)}
    known = description["components"]["schemas"]
    for name in SERVER_LACKS:
        del known["security-and-analysis"]["properties"][name]
    if release == "3.17":
        del known["nullable-minimal-repository"]["properties"]["custom_properties"]
    return description


def newer_api_version() -> Json:
    """The description of github.com for the API version 2026-03-10."""
    description = github()
    del description["components"]["schemas"]["nullable-minimal-repository"]["properties"]["has_downloads"]
    return description


def unrelated_paths() -> Json:
    """What does not concern us, although one path has `packages` in it."""
    reading = {"operationId": "gists/list", "tags": ["gists"], "responses": {"200": {"description": "Response"}}}
    billing = {
        "operationId": "billing/packages",
        "tags": ["billing"],
        "responses": {"200": {"description": "Response"}},
    }
    return {"/gists": {"get": reading}, "/orgs/{org}/settings/billing/packages": {"get": billing}}


def packages_paths() -> Json:
    paths: Json = {}
    for each in facts.OPERATIONS:
        paths.setdefault(each.path, {})[each.method.lower()] = operation(each)
    return paths


def operation(facts_of: facts.Operation) -> Json:
    in_path = [("path", name) for name in re.findall(r"{(\w+)}", facts_of.path)]
    in_query = [("query", name) for name in facts_of.query.split()]
    return {
        "summary": f"Do {facts_of.id}",
        "description": "The sentences of upstream stay there.",
        "tags": ["packages"],
        "operationId": known_as(facts_of.id),
        "parameters": [placed(key) for key in (*in_query, *in_path)],
        "responses": {status: response(facts_of, status) for status in facts_of.statuses_upstream.split()},
        "x-github": {"githubCloudOnly": False, "category": "packages"},
    }


def placed(key: tuple[str, str]) -> Json:
    return (
        {"$ref": f"#/components/parameters/{REFERRED_PARAMETERS[key]}"}
        if key in REFERRED_PARAMETERS
        else parameter(*key)
    )


def parameter(where: str, name: str) -> Json:
    known = facts.PARAMETERS[where, name]
    kind = {"type": "string", "enum": facts.ENUMS[known.type]} if known.type in facts.ENUMS else {"type": known.type}
    schema = kind if known.default is None else {**kind, "default": known.default}
    required = {"required": True} if known.required else {}
    return {"name": name, "description": "Their words.", "in": where, **required, "schema": schema}


def response(facts_of: facts.Operation, status: str) -> Json:
    if status in RESPONSES:
        return {"$ref": f"#/components/responses/{RESPONSES[status]}"}
    if status == "204":
        return {"description": "Response"}
    model = "package-version" if "package_version" in facts_of.id else "package"
    one = {"$ref": f"#/components/schemas/{model}"}
    schema = {"type": "array", "items": one} if facts_of.id.startswith("list") else one
    example = {"default": {"$ref": "#/components/examples/package"}}
    return {"description": "Response", "content": {"application/json": {"schema": schema, "examples": example}}}


def responses() -> Json:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/basic-error"}}}
    bodies: Json = {
        name: {"description": name, "content": error} for status, name in RESPONSES.items() if status != "400"
    }
    return {**bodies, RESPONSES["400"]: {"description": "The product is too large."}}


def schemas() -> Json:
    found = {name: model(key) for key, name in COMPONENTS.items()}
    found["security-and-analysis"]["nullable"] = True
    found["nullable-minimal-repository"] = {**found.pop("minimal-repository"), "nullable": True}
    return {**found, "nullable-simple-user": {**found["simple-user"], "nullable": True}}


def model(name: str) -> Json:
    fields = {key: field(notation) for key, notation in facts.FIELDS[name].items()}
    required = facts.REQUIRED.get(name, "").split()
    if name == "CustomProperties":
        return {"type": "object", "additionalProperties": True}
    return {"type": "object", "title": name, "properties": fields, **({"required": required} if required else {})}


def field(notation: str) -> Json:
    """The schema for a type in the notation of the facts."""
    notation, _, default = notation.partition(" = ")
    kind, _, null = notation.partition(" | ")
    if kind in COMPONENTS:
        prefix = "nullable-" if null and kind != "SecurityAndAnalysis" else ""
        return {"$ref": f"#/components/schemas/{prefix}{COMPONENTS[kind]}"}
    return {**plain(kind), **({"nullable": True} if null else {}), **({"default": default} if default else {})}


def plain(kind: str) -> Json:
    if kind.startswith("["):
        return {"type": "array", "items": field(kind[1:-1])}
    if kind in facts.ENUMS:
        return {"type": "string", "enum": (facts.ENUMS | facts.ENUMS_OF_FIELDS_UPSTREAM)[kind]}
    if kind in facts.FIELDS:
        return model(kind)
    name, _, form = kind.partition(" ")
    return {"type": name, "description": "Their words.", **({"format": form} if form else {})}
