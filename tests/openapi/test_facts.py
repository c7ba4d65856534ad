"""The document has every operation, parameter, status, enum and field that GitHub's has."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.openapi import facts
from tests.openapi.reading import operation, operations, resolve, type_of

EACH_OPERATION = pytest.mark.parametrize("expected", facts.OPERATIONS, ids=lambda each: each.id)


def parameters_of(document: dict[str, Any], name: str) -> dict[tuple[str, str], dict[str, Any]]:
    resolved = (resolve(document, parameter) for parameter in operation(document, name)["parameters"])
    return {(parameter["in"], parameter["name"]): parameter for parameter in resolved}


def expected_fields(model: str) -> dict[str, str]:
    ours = {name: type_ for (owner, name), type_ in facts.OURS_FIELDS.items() if owner == model}
    return facts.FIELDS[model] | ours


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_the_operations_are_exactly_these_27(document: dict[str, Any]) -> None:
    expected = {(each.id, each.method, each.path) for each in facts.OPERATIONS}

    assert len(expected) == 27
    assert {(found["operationId"], method, path) for path, method, found in operations(document)} == expected


def test_each_of_the_nine_names_stands_for_three_kinds_of_owner() -> None:
    names = [
        *("list_packages", "get_package", "delete_package", "restore_package", "list_docker_migration_conflicts"),
        *("list_package_versions", "get_package_version", "delete_package_version", "restore_package_version"),
    ]
    owners = {"org": facts.ORG, "user": facts.USER, "authenticated_user": facts.ME}
    expected = {f"{name}_for_{owner}": path for name in names for owner, path in owners.items()}

    assert {each.id for each in facts.OPERATIONS} == set(expected)
    assert all(each.path.startswith(f"{expected[each.id]}/") for each in facts.OPERATIONS)


@EACH_OPERATION
def test_an_operation_has_exactly_these_parameters(document: dict[str, Any], expected: facts.Operation) -> None:
    assert set(parameters_of(document, expected.id)) == expected.parameters


@EACH_OPERATION
def test_each_parameter_has_its_type_and_default(document: dict[str, Any], expected: facts.Operation) -> None:
    found = {
        key: facts.Parameter(
            type_of(parameter["schema"]).partition(" = ")[0],
            required=parameter.get("required", False),
            default=parameter["schema"].get("default"),
        )
        for key, parameter in parameters_of(document, expected.id).items()
    }

    assert found == {key: facts.PARAMETERS[key] for key in expected.parameters}


@EACH_OPERATION
def test_an_operation_declares_exactly_these_statuses(document: dict[str, Any], expected: facts.Operation) -> None:
    assert set(operation(document, expected.id)["responses"]) == expected.statuses


@EACH_OPERATION
def test_no_status_of_upstream_is_missing(document: dict[str, Any], expected: facts.Operation) -> None:
    assert set(expected.statuses_upstream.split()) <= set(operation(document, expected.id)["responses"])


@EACH_OPERATION
def test_a_success_has_its_content(document: dict[str, Any], expected: facts.Operation) -> None:
    item = "PackageVersion" if "package_version" in expected.id else "Package"
    kinds = {"list": f"[{item}]", "get": item, "delete": None, "restore": None}
    response = resolve(document, operation(document, expected.id)["responses"][expected.success])
    content = response.get("content", {}).get("application/json", {})

    assert (type_of(content["schema"]) if content else None) == kinds[expected.id.partition("_")[0]]


@EACH_OPERATION
def test_an_error_has_the_body_that_the_server_sends(document: dict[str, Any], expected: facts.Operation) -> None:
    responses = operation(document, expected.id)["responses"]
    contents = (resolve(document, responses[status])["content"] for status in facts.EVERYWHERE)

    assert {type_of(content["application/json"]["schema"]) for content in contents} == {"BasicError"}


@EACH_OPERATION
def test_an_operation_ends_its_description_with_a_link_to_githubs_page(
    document: dict[str, Any], expected: facts.Operation
) -> None:
    link = operation(document, expected.id)["description"].split()[-1]

    assert link.startswith("https://docs.github.com/rest/packages/packages#")


def test_no_two_operations_link_to_the_same_place(document: dict[str, Any]) -> None:
    links = [found["description"].split()[-1] for _, _, found in operations(document)]

    assert sorted(set(links)) == sorted(links)


def test_the_enums_are_exactly_these(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    assert {name: schema["enum"] for name, schema in schemas.items() if "enum" in schema} == facts.ENUMS


def test_the_objects_are_exactly_these(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    assert {name for name, schema in schemas.items() if schema["type"] == "object"} == set(facts.FIELDS)


@pytest.mark.parametrize("model", facts.FIELDS)
def test_an_object_has_exactly_these_fields(document: dict[str, Any], model: str) -> None:
    properties = document["components"]["schemas"][model].get("properties", {})

    assert {name: type_of(schema) for name, schema in properties.items()} == expected_fields(model)


@pytest.mark.parametrize("model", facts.FIELDS)
def test_an_object_requires_exactly_these_fields(document: dict[str, Any], model: str) -> None:
    expected = (facts.REQUIRED | facts.OURS_REQUIRED).get(model, "").split()

    assert sorted(document["components"]["schemas"][model].get("required", [])) == sorted(expected)


@pytest.mark.parametrize("model", facts.OURS_REQUIRED)
def test_no_object_requires_more_than_upstream(model: str) -> None:
    assert set(facts.OURS_REQUIRED[model].split()) < set(facts.REQUIRED[model].split())


def test_there_is_one_security_scheme_and_it_is_used_everywhere(document: dict[str, Any]) -> None:
    (name, scheme), *others = document["components"]["securitySchemes"].items()

    assert (scheme["type"], scheme["scheme"], others) == ("http", "bearer", [])
    assert document["security"] == [{name: []}]
    assert not any("security" in found for _, _, found in operations(document))


def test_the_servers_are_the_three_kinds_of_host(document: dict[str, Any]) -> None:
    expected = ["https://api.github.com", "https://{host}/api/v3", "https://api.{subdomain}.ghe.com"]

    assert [server["url"] for server in document["servers"]] == expected
