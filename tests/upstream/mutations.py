"""Changes that GitHub might make to its description, one each, and what the comparison must find by each.

A mutation changes the description in place. What is expected of it stands before it: judgement, kind, and all places.
What a mutation makes of a departure is expected as the part of the departure and where it stands.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from attrs import Factory, define
from openapi.upstream.rules import Judgement
from tests.openapi.facts import ME, ORG, PACKAGE, USER, VERSION
from tests.upstream.description import Json, packages_paths

BREAKING, ADDITIVE, INTENDED = Judgement.BREAKING, Judgement.ADDITIVE, Judgement.INTENDED
NOT_NEEDED = Judgement.NOT_NEEDED

Expected = tuple[Judgement, str, str, str]
"""Judgement, kind, location and enum value; of a departure: judgement, part, place and nothing."""
Change = Callable[[Json], None]


@define
class Mutation:
    """A change, and all that is new in the comparison after it."""

    change: Change
    expected: set[Expected] = Factory(set)
    is_noticed: bool = True
    """False: nothing that there was to be found before goes away either."""


MUTATIONS: dict[str, Mutation] = {}


def find(judgement: Judgement, kind: str, places: str | Iterable[str], value: str = "") -> Callable[[Change], Change]:
    """Expect this, in these places; with several of these before a mutation, all of them."""

    def register(change: Change) -> Change:
        mutation = MUTATIONS.setdefault(change.__name__, Mutation(change))
        mutation.expected |= {
            (judgement, kind, place, value) for place in ([places] if isinstance(places, str) else places)
        }
        return change

    return register


def find_nothing(change: Change) -> Change:
    """Expect the change not to be noticed."""
    MUTATIONS[change.__name__] = Mutation(change, is_noticed=False)
    return change


def find_less(change: Change) -> Change:
    """Expect nothing new, but a departure to cover less than before."""
    MUTATIONS[change.__name__] = Mutation(change)
    return change


# Where things are ------------------------------------------------------------------------------------------------

OWNERS = (ORG, USER, ME)
PACKAGES = "/orgs/{org}/packages"
ONE_PACKAGE = ORG + PACKAGE
LIST = f"GET {PACKAGES}"
VERSIONS = f"GET {ONE_PACKAGE}/versions"
USER_VERSIONS = USER + PACKAGE + "/versions"
RESTORE = f"POST {ONE_PACKAGE}/restore"
DELETE = f"DELETE {ONE_PACKAGE}"
ON_ONE_PACKAGE = [
    *(f"{method} {owner}{PACKAGE}" for owner in OWNERS for method in ("GET", "DELETE")),
    *(f"POST {owner}{PACKAGE}/restore" for owner in OWNERS),
    *(f"GET {owner}{PACKAGE}/versions" for owner in OWNERS),
    *(f"{method} {owner}{VERSION}" for owner in OWNERS for method in ("GET", "DELETE")),
    *(f"POST {owner}{VERSION}/restore" for owner in OWNERS),
]

ON_ONE_VERSION = [f"{place} → path package_version_id" for place in ON_ONE_PACKAGE if "version_id" in place]


def in_packages(*fields: str) -> list[str]:
    """A field of a package, in all answers that have packages."""
    lists = [f"GET {owner}/{path} → 200 → []" for owner in OWNERS for path in ("packages", "docker/conflicts")]
    return [" → ".join((place, *fields)) for place in (*lists, *(f"GET {owner}{PACKAGE} → 200" for owner in OWNERS))]


def in_versions(*fields: str) -> list[str]:
    """A field of a version, in all answers that have versions."""
    lists = [f"GET {owner}{PACKAGE}/versions → 200 → []" for owner in OWNERS]
    return [" → ".join((place, *fields)) for place in (*lists, *(f"GET {owner}{VERSION} → 200" for owner in OWNERS))]


def in_users(field: str) -> list[str]:
    """A field of a user, in all answers that have packages: as owner of these, and of their repositories."""
    return [*in_packages("owner", field), *in_packages("repository", "owner", field)]


def schemas(upstream: Json) -> Json:
    return upstream["components"]["schemas"]


def package(upstream: Json) -> Json:
    return schemas(upstream)["package"]


def version(upstream: Json) -> Json:
    return schemas(upstream)["package-version"]


def repository(upstream: Json) -> Json:
    return schemas(upstream)["nullable-minimal-repository"]


def parameters(upstream: Json) -> Json:
    return upstream["components"]["parameters"]


def listing(upstream: Json) -> Json:
    """The operation that lists an organisation's packages."""
    return upstream["paths"][PACKAGES]["get"]


def named(operation: Json, name: str) -> Json:
    """A parameter that stands in place."""
    return next(each for each in operation["parameters"] if each.get("name") == name)


# Operations ------------------------------------------------------------------------------------------------------


def new_operation(**more: Any) -> Json:
    return {"operationId": "packages/new", "responses": {"200": {"description": "Response"}}, **more}


@find(ADDITIVE, "operation-added", f"GET {ONE_PACKAGE}/downloads")
def an_operation_is_added_on_a_new_path(upstream: Json) -> None:
    upstream["paths"][f"{ONE_PACKAGE}/downloads"] = {"get": new_operation()}


@find(ADDITIVE, "operation-added", f"PATCH {ONE_PACKAGE}")
def an_operation_is_added_on_a_known_path(upstream: Json) -> None:
    upstream["paths"][ONE_PACKAGE]["patch"] = new_operation()


@find(ADDITIVE, "operation-added", "GET /enterprises/{enterprise}/packages")
def an_operation_is_added_for_another_kind_of_owner(upstream: Json) -> None:
    upstream["paths"]["/enterprises/{enterprise}/packages"] = {"get": new_operation()}


@find(ADDITIVE, "operation-added", "GET /orgs/{org}/registries")
def an_operation_is_added_that_only_its_tag_tells_to_be_about_packages(upstream: Json) -> None:
    upstream["paths"]["/orgs/{org}/registries"] = {"get": new_operation(tags=["packages"])}


@find(BREAKING, "operation-removed", DELETE)
def an_operation_is_removed(upstream: Json) -> None:
    del upstream["paths"][ONE_PACKAGE]["delete"]


@find(BREAKING, "operation-removed", f"GET {USER_VERSIONS}")
def an_operation_is_removed_that_has_a_departure(upstream: Json) -> None:
    del upstream["paths"][USER_VERSIONS]


@find(BREAKING, "operation-moved", LIST)
def an_operation_moves_to_another_path(upstream: Json) -> None:
    upstream["paths"]["/organizations/{org}/packages"] = upstream["paths"].pop(PACKAGES)


@find(BREAKING, "operation-moved", LIST)
def an_operation_moves_to_where_nothing_tells_that_it_is_about_packages(upstream: Json) -> None:
    listing(upstream)["tags"] = ["registry"]
    upstream["paths"]["/orgs/{org}/registry"] = upstream["paths"].pop(PACKAGES)


@find(BREAKING, "operation-moved", RESTORE)
def an_operation_gets_another_method(upstream: Json) -> None:
    item = upstream["paths"][f"{ONE_PACKAGE}/restore"]
    item["put"] = item.pop("post")


@find(ADDITIVE, "operation-renamed", LIST)
def an_operation_id_changes(upstream: Json) -> None:
    listing(upstream)["operationId"] = "packages/list-for-org"


@find(ADDITIVE, "deprecated", LIST)
def an_operation_is_deprecated(upstream: Json) -> None:
    listing(upstream)["deprecated"] = True


# Parameters ------------------------------------------------------------------------------------------------------


@find(ADDITIVE, "parameter-added", f"{LIST} → query sort")
def an_optional_parameter_is_added(upstream: Json) -> None:
    listing(upstream)["parameters"].append({"name": "sort", "in": "query", "schema": {"type": "string"}})


@find(ADDITIVE, "parameter-added", f"{LIST} → header X-Sort")
def an_optional_header_is_added(upstream: Json) -> None:
    listing(upstream)["parameters"].append({"name": "X-Sort", "in": "header", "schema": {"type": "string"}})


@find(BREAKING, "required-parameter-added", f"{LIST} → query sort")
def a_required_parameter_is_added(upstream: Json) -> None:
    sort = {"name": "sort", "in": "query", "required": True, "schema": {"type": "string"}}
    listing(upstream)["parameters"].append(sort)


@find(
    BREAKING,
    "required-parameter-added",
    [f"{LIST} → query sort", f"{DELETE} → query sort", f"GET {ONE_PACKAGE} → query sort"],
)
def a_required_parameter_is_added_to_paths(upstream: Json) -> None:
    sort = {"name": "sort", "in": "query", "required": True, "schema": {"type": "string"}}
    for path in (PACKAGES, ONE_PACKAGE):
        upstream["paths"][path]["parameters"] = [sort]


@find(BREAKING, "parameter-removed", f"{VERSIONS} → query state")
def a_parameter_is_removed(upstream: Json) -> None:
    versions = upstream["paths"][f"{ONE_PACKAGE}/versions"]["get"]
    versions["parameters"].remove(named(versions, "state"))


@find(BREAKING, "parameter-renamed", f"{RESTORE} → query token")
def a_parameter_is_renamed(upstream: Json) -> None:
    named(upstream["paths"][f"{ONE_PACKAGE}/restore"]["post"], "token")["name"] = "restore_token"


@find(BREAKING, "parameter-removed", f"{RESTORE} → query token")
@find(ADDITIVE, "parameter-added", f"{RESTORE} → header token")
def a_parameter_is_sent_elsewhere(upstream: Json) -> None:
    named(upstream["paths"][f"{ONE_PACKAGE}/restore"]["post"], "token")["in"] = "header"


@find(BREAKING, "parameter-removed", f"{RESTORE} → query token")
@find(ADDITIVE, "parameter-added", f"{RESTORE} → query restore_token")
def a_parameter_is_replaced_by_one_of_another_type(upstream: Json) -> None:
    token = named(upstream["paths"][f"{ONE_PACKAGE}/restore"]["post"], "token")
    token |= {"name": "restore_token", "schema": {"type": "integer"}}


@find(ADDITIVE, "path-parameter-renamed", f"GET {ONE_PACKAGE} → path package_name")
@find(ADDITIVE, "path-parameter-renamed", f"{DELETE} → path package_name")
def a_path_parameter_is_renamed(upstream: Json) -> None:
    item = upstream["paths"].pop(ONE_PACKAGE)
    upstream["paths"]["/orgs/{org}/packages/{package_type}/{name}"] = item
    for method in item.values():
        method["parameters"].remove({"$ref": "#/components/parameters/package-name"})
        method["parameters"].append({"name": "name", "in": "path", "required": True, "schema": {"type": "string"}})


@find(BREAKING, "parameter-made-required", [f"GET {owner}/packages → query visibility" for owner in OWNERS])
def a_parameter_is_made_required(upstream: Json) -> None:
    parameters(upstream)["package-visibility"]["required"] = True


@find(ADDITIVE, "parameter-made-optional", f"{LIST} → query package_type")
def a_parameter_is_made_optional(upstream: Json) -> None:
    del named(listing(upstream), "package_type")["required"]


@find(
    BREAKING,
    "type-changed",
    ON_ONE_VERSION,
)
def the_type_of_a_parameter_changes(upstream: Json) -> None:
    parameters(upstream)["package-version-id"]["schema"]["type"] = "string"


@find(ADDITIVE, "enum-value-added", [f"{place} → path package_type" for place in ON_ONE_PACKAGE], "cargo")
def an_enum_value_is_added_to_a_parameter(upstream: Json) -> None:
    parameters(upstream)["package-type"]["schema"]["enum"].append("cargo")


@find(BREAKING, "enum-value-removed", [f"GET {owner}/packages → query visibility" for owner in OWNERS], "internal")
def an_enum_value_is_removed_from_a_parameter(upstream: Json) -> None:
    parameters(upstream)["package-visibility"]["schema"]["enum"].remove("internal")


@find(ADDITIVE, "enum-opened", f"{LIST} → query package_type")
def a_parameter_takes_any_value(upstream: Json) -> None:
    del named(listing(upstream), "package_type")["schema"]["enum"]


@find(BREAKING, "enum-closed", f"{RESTORE} → query token")
def a_parameter_takes_some_values_only(upstream: Json) -> None:
    named(upstream["paths"][f"{ONE_PACKAGE}/restore"]["post"], "token")["schema"]["enum"] = ["yes", "no"]


@find(BREAKING, "default-changed", f"{LIST} → query per_page")
def a_default_changes(upstream: Json) -> None:
    named(listing(upstream), "per_page")["schema"]["default"] = 50


@find(BREAKING, "default-removed", f"{LIST} → query per_page")
def a_default_is_removed(upstream: Json) -> None:
    del named(listing(upstream), "per_page")["schema"]["default"]


@find(ADDITIVE, "default-added", f"{LIST} → query package_type")
def a_default_is_added(upstream: Json) -> None:
    named(listing(upstream), "package_type")["schema"]["default"] = "container"


@find(ADDITIVE, "deprecated", f"{LIST} → query page")
def a_parameter_is_deprecated(upstream: Json) -> None:
    named(listing(upstream), "page")["deprecated"] = True


@find(NOT_NEEDED, "parameter-removed: query page", f"paths/{USER_VERSIONS}/get")
def a_parameter_is_declared_that_a_departure_adds(upstream: Json) -> None:
    page = named(listing(upstream), "page")
    upstream["paths"][USER_VERSIONS]["get"]["parameters"].append(page)


# Bodies and statuses ---------------------------------------------------------------------------------------------

TEXT = {"application/json": {"schema": {"type": "string"}}}


@find(ADDITIVE, "request-body-added", f"{RESTORE} → body")
def an_optional_request_body_is_added(upstream: Json) -> None:
    upstream["paths"][f"{ONE_PACKAGE}/restore"]["post"]["requestBody"] = {"content": TEXT}


@find(BREAKING, "required-request-body-added", f"{RESTORE} → body")
def a_required_request_body_is_added(upstream: Json) -> None:
    upstream["paths"][f"{ONE_PACKAGE}/restore"]["post"]["requestBody"] = {"required": True, "content": TEXT}


@find(ADDITIVE, "status-added", f"{LIST} → 409")
def a_status_is_added(upstream: Json) -> None:
    listing(upstream)["responses"]["409"] = {"description": "Conflict", "content": TEXT}


@find(BREAKING, "success-status-added", f"{DELETE} → 202")
def a_status_of_success_is_added(upstream: Json) -> None:
    upstream["paths"][ONE_PACKAGE]["delete"]["responses"]["202"] = {"description": "Accepted"}


@find(BREAKING, "success-status-added", f"{DELETE} → 202")
@find(BREAKING, "success-status-removed", f"{DELETE} → 204")
def a_status_of_success_is_replaced(upstream: Json) -> None:
    answers = upstream["paths"][ONE_PACKAGE]["delete"]["responses"]
    answers["202"] = answers.pop("204")


@find(ADDITIVE, "status-removed", f"{LIST} → 400")
def a_status_is_removed(upstream: Json) -> None:
    del listing(upstream)["responses"]["400"]


@find(INTENDED, "status-removed", f"{LIST} → 401")
def a_status_is_removed_that_a_departure_adds(upstream: Json) -> None:
    del listing(upstream)["responses"]["401"]


@find_less
def a_status_is_declared_here_that_a_departure_adds_everywhere(upstream: Json) -> None:
    listing(upstream)["responses"]["304"] = {"description": "Not modified"}


@find(NOT_NEEDED, "status-removed: 304", "components/responses/NotModified")
def a_status_is_declared_everywhere_that_a_departure_adds(upstream: Json) -> None:
    for path in packages_paths():
        if "get" in upstream["paths"][path]:
            upstream["paths"][path]["get"]["responses"]["304"] = {"description": "Not modified"}


@find_less
def a_status_is_declared_that_a_range_of_ours_has(upstream: Json) -> None:
    error = {"schema": {"$ref": "#/components/schemas/basic-error"}}
    listing(upstream)["responses"]["503"] = {"description": "Unavailable", "content": {"application/json": error}}


@find(ADDITIVE, "content-type-added", f"{LIST} → 200 → text/csv")
def a_content_type_is_added(upstream: Json) -> None:
    listing(upstream)["responses"]["200"]["content"]["text/csv"] = {"schema": {"type": "string"}}


@find(ADDITIVE, "content-type-added", f"{LIST} → 200 → application/vnd.github+json")
@find(BREAKING, "content-type-removed", f"{LIST} → 200 → application/json")
def a_content_type_changes(upstream: Json) -> None:
    content = listing(upstream)["responses"]["200"]["content"]
    content["application/vnd.github+json"] = content.pop("application/json")


@find_nothing
def a_content_type_gets_a_charset(upstream: Json) -> None:
    content = listing(upstream)["responses"]["200"]["content"]
    content["application/json; charset=utf-8"] = content.pop("application/json")


@find(ADDITIVE, "body-added", f"{DELETE} → 204")
def a_body_is_added(upstream: Json) -> None:
    upstream["paths"][ONE_PACKAGE]["delete"]["responses"]["204"]["content"] = TEXT


@find(BREAKING, "body-removed", f"GET {ONE_PACKAGE} → 200")
def a_body_is_removed(upstream: Json) -> None:
    del upstream["paths"][ONE_PACKAGE]["get"]["responses"]["200"]["content"]


@find(NOT_NEEDED, "body-removed: 400", "components/responses/PageWindowExceeded")
def a_body_is_described_that_a_departure_adds(upstream: Json) -> None:
    error = {"schema": {"$ref": "#/components/schemas/basic-error"}}
    upstream["components"]["responses"]["package_es_list_error"]["content"] = {"application/json": error}


# Fields ----------------------------------------------------------------------------------------------------------


@find(ADDITIVE, "field-added", in_packages("downloads"))
def a_field_is_added(upstream: Json) -> None:
    package(upstream)["properties"]["downloads"] = {"type": "integer"}


@find(ADDITIVE, "field-added", in_packages("downloads"))
def a_required_field_is_added(upstream: Json) -> None:
    package(upstream)["properties"]["downloads"] = {"type": "integer"}
    package(upstream)["required"].append("downloads")


@find(ADDITIVE, "field-added", in_versions("metadata", "container", "digest"))
def a_field_is_added_deep_inside(upstream: Json) -> None:
    version(upstream)["properties"]["metadata"]["properties"]["container"]["properties"]["digest"] = {"type": "string"}


@find(BREAKING, "field-removed", in_packages("html_url"))
def a_field_is_removed(upstream: Json) -> None:
    del package(upstream)["properties"]["html_url"]


@find(BREAKING, "field-removed", in_packages("owner"))
def an_object_is_removed(upstream: Json) -> None:
    del package(upstream)["properties"]["owner"]


@find(BREAKING, "made-nullable", in_packages("html_url"))
def a_field_is_made_nullable(upstream: Json) -> None:
    package(upstream)["properties"]["html_url"]["nullable"] = True


@find(BREAKING, "made-nullable", in_packages("html_url"))
def a_field_is_made_nullable_by_a_choice(upstream: Json) -> None:
    package(upstream)["properties"]["html_url"] = {"anyOf": [{"type": "string"}, {"type": "string", "nullable": True}]}


@find(BREAKING, "made-nullable", in_packages("repository", "owner"))
def an_object_is_made_nullable(upstream: Json) -> None:
    repository(upstream)["properties"]["owner"] = {"$ref": "#/components/schemas/nullable-simple-user"}


@find(BREAKING, "made-nullable", in_versions("metadata", "container", "tags", "[]"))
def the_items_of_an_array_are_made_nullable(upstream: Json) -> None:
    container = version(upstream)["properties"]["metadata"]["properties"]["container"]
    container["properties"]["tags"]["items"]["nullable"] = True


@find(ADDITIVE, "made-not-null", in_packages("owner"))
def a_field_is_no_longer_nullable(upstream: Json) -> None:
    package(upstream)["properties"]["owner"] = {"$ref": "#/components/schemas/simple-user"}


@find(ADDITIVE, "field-made-required", in_packages("owner"))
def a_field_is_made_required(upstream: Json) -> None:
    package(upstream)["required"].append("owner")


@find(BREAKING, "field-made-optional", in_packages("html_url"))
def a_field_is_made_optional(upstream: Json) -> None:
    package(upstream)["required"].remove("html_url")


@find(BREAKING, "type-changed", in_packages("id"))
def the_type_of_a_field_changes(upstream: Json) -> None:
    package(upstream)["properties"]["id"]["type"] = "string"


@find(BREAKING, "type-changed", in_packages("created_at"))
def a_date_becomes_any_string(upstream: Json) -> None:
    del package(upstream)["properties"]["created_at"]["format"]


@find_nothing
def a_format_changes_that_makes_no_difference(upstream: Json) -> None:
    package(upstream)["properties"]["url"]["format"] = "uri"
    package(upstream)["properties"]["id"]["format"] = "int64"


@find(BREAKING, "type-changed", in_packages("repository", "topics", "[]"))
def the_type_of_an_arrays_items_changes(upstream: Json) -> None:
    topic = {"type": "object", "properties": {"name": {"type": "string"}}}
    repository(upstream)["properties"]["topics"]["items"] = topic


@find(BREAKING, "type-changed", in_packages("repository", "topics"))
def an_array_becomes_a_string(upstream: Json) -> None:
    repository(upstream)["properties"]["topics"] = {"type": "string"}


@find(BREAKING, "type-changed", in_packages("owner"))
def an_object_becomes_a_string(upstream: Json) -> None:
    package(upstream)["properties"]["owner"] = {"type": "string", "nullable": True}


@find(BREAKING, "type-widened", in_packages("id"))
def a_type_is_widened(upstream: Json) -> None:
    package(upstream)["properties"]["id"]["type"] = "number"


@find(BREAKING, "type-widened", in_packages("id"))
def a_type_is_widened_by_a_choice(upstream: Json) -> None:
    package(upstream)["properties"]["id"] = {"oneOf": [{"type": "integer"}, {"type": "string"}]}


@find(BREAKING, "type-widened", in_packages("html_url"))
def a_type_is_given_up(upstream: Json) -> None:
    package(upstream)["properties"]["html_url"] = {"description": "Anything."}


@find(ADDITIVE, "type-narrowed", in_packages("repository", "custom_properties", "other keys"))
def the_values_of_a_map_get_a_type(upstream: Json) -> None:
    repository(upstream)["properties"]["custom_properties"]["additionalProperties"] = {"type": "string"}


@find(ADDITIVE, "keys-closed", in_packages("repository", "custom_properties", "other keys"))
def a_map_takes_no_other_keys(upstream: Json) -> None:
    repository(upstream)["properties"]["custom_properties"]["additionalProperties"] = False


@find(BREAKING, "variant-added", in_packages("owner"))
def a_choice_is_added(upstream: Json) -> None:
    enterprise = {"type": "object", "properties": {"slug": {"type": "string"}}}
    owner = {"oneOf": [{"$ref": "#/components/schemas/nullable-simple-user"}, enterprise]}
    package(upstream)["properties"]["owner"] = owner


@find(ADDITIVE, "deprecated", in_packages("url"))
def a_field_is_deprecated(upstream: Json) -> None:
    package(upstream)["properties"]["url"]["deprecated"] = True


# Enums and defaults of fields ------------------------------------------------------------------------------------


@find(ADDITIVE, "enum-value-added", in_packages("package_type"), "cargo")
def an_enum_value_is_added(upstream: Json) -> None:
    package(upstream)["properties"]["package_type"]["enum"].append("cargo")


@find(BREAKING, "enum-value-removed", in_packages("package_type"), "docker")
def an_enum_value_is_removed(upstream: Json) -> None:
    package(upstream)["properties"]["package_type"]["enum"].remove("docker")


@find(ADDITIVE, "enum-value-added", in_versions("metadata", "package_type"), "cargo")
@find(BREAKING, "enum-value-removed", in_versions("metadata", "package_type"), "docker")
def an_enum_value_is_replaced(upstream: Json) -> None:
    values = version(upstream)["properties"]["metadata"]["properties"]["package_type"]["enum"]
    values[values.index("docker")] = "cargo"


@find(ADDITIVE, "enum-opened", in_packages("package_type"))
def an_enum_is_given_up(upstream: Json) -> None:
    del package(upstream)["properties"]["package_type"]["enum"]


@find(ADDITIVE, "enum-closed", in_users("type"))
def a_field_gets_an_enum(upstream: Json) -> None:
    for name in ("simple-user", "nullable-simple-user"):
        schemas(upstream)[name]["properties"]["type"]["enum"] = ["User", "Organization"]


MODE = ("repository", "security_and_analysis", "secret_scanning_delegated_bypass_options", "reviewers", "[]", "mode")


def mode(upstream: Json) -> Json:
    features = schemas(upstream)["security-and-analysis"]["properties"]
    reviewers = features["secret_scanning_delegated_bypass_options"]["properties"]["reviewers"]
    return reviewers["items"]["properties"]["mode"]


@find(BREAKING, "default-changed", in_packages(*MODE))
def the_default_of_a_field_changes(upstream: Json) -> None:
    mode(upstream)["default"] = "EXEMPT"


@find(BREAKING, "default-removed", in_packages(*MODE))
def the_default_of_a_field_is_removed(upstream: Json) -> None:
    del mode(upstream)["default"]


@find(ADDITIVE, "default-added", in_packages("visibility"))
def a_field_gets_a_default(upstream: Json) -> None:
    package(upstream)["properties"]["visibility"]["default"] = "private"


# Departures that upstream comes to agree with --------------------------------------------------------------------


@find(NOT_NEEDED, "field-made-required: version_count", "components/schemas/Package")
def a_field_is_no_longer_required_that_a_departure_makes_optional(upstream: Json) -> None:
    package(upstream)["required"].remove("version_count")


@find(NOT_NEEDED, "made-not-null: license", "components/schemas/PackageVersion")
def a_field_is_made_nullable_that_a_departure_makes_nullable(upstream: Json) -> None:
    version(upstream)["properties"]["license"]["nullable"] = True


@find(NOT_NEEDED, "enum-value-removed: visibility → internal", "components/schemas/Package")
def an_enum_value_is_added_that_a_departure_adds(upstream: Json) -> None:
    package(upstream)["properties"]["visibility"]["enum"].append("internal")


@find(NOT_NEEDED, "field-removed: tags", "components/schemas/DockerMetadata")
@find(ADDITIVE, "field-made-required", in_versions("metadata", "docker", "tags"))
def a_field_is_defined_that_a_departure_adds(upstream: Json) -> None:
    docker = version(upstream)["properties"]["metadata"]["properties"]["docker"]
    docker["properties"]["tags"] = {"type": "array", "items": {"type": "string"}}


@find(NOT_NEEDED, "field-made-required: *", "components/schemas/SimpleUser")
def nothing_is_required_any_more_but_what_a_departure_requires(upstream: Json) -> None:
    for name in ("simple-user", "nullable-simple-user"):
        schemas(upstream)[name]["required"] = ["login", "id", "type"]


@find(INTENDED, "field-made-required", in_users("starred_at"))
def one_more_field_is_required_that_a_departure_makes_optional(upstream: Json) -> None:
    for name in ("simple-user", "nullable-simple-user"):
        schemas(upstream)[name]["required"].append("starred_at")


# What makes no difference ----------------------------------------------------------------------------------------


def everywhere(node: Any, change: Callable[[Json], None]) -> None:
    """Change every object, the innermost first."""
    for child in list(node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()):
        everywhere(child, change)
    if isinstance(node, dict):
        change(node)


@find_nothing
def nothing_changes(upstream: Json) -> None:
    pass


@find_nothing
def operations_are_added_that_do_not_concern_us(upstream: Json) -> None:
    upstream["paths"]["/orgs/{org}/package-lists"] = {"get": new_operation(tags=["orgs"])}
    upstream["paths"]["/users/{username}/settings/billing/packages"] = {"get": new_operation(tags=["billing"])}
    broken = {"$ref": "#/components/parameters/nowhere"}
    upstream["paths"]["/gists/{gist_id}"] = {"get": new_operation(tags=["gists"], parameters=[broken])}


@find_nothing
def the_order_changes(upstream: Json) -> None:
    def turn_around(node: Json) -> None:
        for key, value in list(node.items())[::-1]:
            node[key] = value[::-1] if isinstance(value, list) else value
            node[key] = node.pop(key)

    everywhere(upstream, turn_around)


@find_nothing
def words_change(upstream: Json) -> None:
    def reword(node: Json) -> None:
        for key in ("description", "title", "summary"):
            if isinstance(node.get(key), str):
                node[key] = "Other words."
        if "schema" in node:
            node["example"] = "another"

    everywhere(upstream, reword)
    upstream["components"]["examples"]["package"]["value"] = {"id": "quite another"}


def resolved(upstream: Json, node: Any) -> Any:
    """The same without references."""
    while isinstance(node, dict) and "$ref" in node:
        _, kind, name = node["$ref"].removeprefix("#/").split("/")
        node = upstream["components"][kind][name]
    if isinstance(node, dict):
        return {key: resolved(upstream, child) for key, child in node.items()}
    return [resolved(upstream, child) for child in node] if isinstance(node, list) else node


@find_nothing
def a_reference_is_replaced_by_its_content(upstream: Json) -> None:
    content = listing(upstream)["responses"]["200"]["content"]["application/json"]
    content["schema"]["items"] = copy.deepcopy(package(upstream))


@find_nothing
def all_references_are_replaced_by_their_content(upstream: Json) -> None:
    upstream["paths"] = resolved(upstream, upstream["paths"])
    upstream["components"] = {}


@find_nothing
def content_is_replaced_by_a_reference(upstream: Json) -> None:
    schemas(upstream)["metadata"] = version(upstream)["properties"]["metadata"]
    version(upstream)["properties"]["metadata"] = {"$ref": "#/components/schemas/metadata"}
    schemas(upstream)["metadata-too"] = {"$ref": "#/components/schemas/metadata"}


@find_nothing
def a_reference_goes_through_another(upstream: Json) -> None:
    schemas(upstream)["package-behind"] = schemas(upstream).pop("package")
    schemas(upstream)["package"] = {"$ref": "#/components/schemas/package-behind"}


@find_nothing
def parameters_move_to_their_path(upstream: Json) -> None:
    for path in packages_paths():
        methods = list(upstream["paths"][path].values())
        shared = [each for each in methods[0]["parameters"] if all(each in other["parameters"] for other in methods)]
        for method in methods:
            method["parameters"] = [each for each in method["parameters"] if each not in shared]
        upstream["paths"][path]["parameters"] = shared


@find_nothing
def an_operations_parameter_replaces_that_of_its_path(upstream: Json) -> None:
    other = {"name": "per_page", "in": "query", "required": True, "schema": {"type": "string"}}
    upstream["paths"][PACKAGES]["parameters"] = [other]


@find_nothing
def a_schema_is_wrapped(upstream: Json) -> None:
    package(upstream)["properties"]["html_url"] = {"allOf": [{"type": "string"}, {"description": "Their words."}]}
    package(upstream)["properties"]["url"] = {"oneOf": [{"type": "string"}]}
    owner = {"allOf": [{"$ref": "#/components/schemas/simple-user"}], "nullable": True}
    package(upstream)["properties"]["owner"] = owner


@find_nothing
def a_schema_is_taken_apart(upstream: Json) -> None:
    whole = package(upstream)
    names = list(whole["properties"])
    halves = [
        {"type": "object", "properties": {name: whole["properties"][name] for name in some}, "required": required}
        for some, required in ((names[:6], whole["required"]), (names[4:], ["id"]))
    ]
    schemas(upstream)["package"] = {"allOf": halves}


@find_nothing
def the_type_of_an_enum_or_object_is_left_to_be_understood(upstream: Json) -> None:
    del package(upstream)["properties"]["package_type"]["type"]
    del package(upstream)["type"]


@find_nothing
def bounds_are_added(upstream: Json) -> None:
    named(listing(upstream), "per_page")["schema"] |= {"minimum": 1, "maximum": 100}
    package(upstream)["properties"]["name"] |= {"minLength": 1, "pattern": "^.+$"}


@find_nothing
def null_is_written_with_a_type(upstream: Json) -> None:
    """As GitHub writes it in its descriptions of version 3.1."""

    def rewrite(node: Json) -> None:
        if node.pop("nullable", False):
            node["type"] = [node["type"], "null"]

    upstream["openapi"] = "3.1.0"
    everywhere(upstream, rewrite)


@find_nothing
def null_is_written_with_a_choice(upstream: Json) -> None:
    def rewrite(node: Json) -> None:
        if node.get("nullable"):
            rest = {key: node.pop(key) for key in list(node) if key != "nullable"}
            del node["nullable"]
            node["anyOf"] = [rest, {"type": "null"}]

    upstream["openapi"] = "3.1.0"
    everywhere(upstream, rewrite)


@find_nothing
def null_is_among_the_values_of_an_enum(upstream: Json) -> None:
    for name in ("simple-user", "nullable-simple-user"):
        schemas(upstream)[name]["properties"]["name"] = {"oneOf": [{"type": "string"}, {"enum": [None]}]}
