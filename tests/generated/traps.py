"""The traps of the unchanged generator, one check each: it passes on our package and fails on the generator's own.

A check takes a package and raises AssertionError, or lets out what a caller would meet (`fails_with`).
"""

from __future__ import annotations

import ast
import copy
import inspect
import json
import pickle
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from tests.generated.generation import HEADER, Api, sample_arguments
from tests.generated.handlers import Recorder, answer, success
from tests.generated.payloads import PACKAGE, REPOSITORY, VERSION, changed, without

TOKEN = "ghp_made_up_and_secret"
WEB_PAGE = {"html": "<!DOCTYPE html><html><body>Unicorn!</body></html>"}
TRUNCATED = {"text": json.dumps(PACKAGE)[:-40], "headers": {"content-type": "application/json"}}
BAD_SEGMENTS = ("", ".", "..", "%2e", "%2E%2e", "%252e", "a/..", "a//b")


@dataclass(frozen=True)
class Trap:
    """A check, and how it fails on the unchanged output: of our document, or of one in GitHub's style."""

    check: Callable[[Api], Awaitable[None] | None]
    fails_with: type[BaseException]
    github_style: bool

    async def run(self, api: Api) -> None:
        result = self.check(api)
        if result is not None:
            await result


TRAPS: list[Trap] = []


def trap(fails_with: type[BaseException] = AssertionError, *, github_style: bool = False) -> Any:
    """List a check."""

    def listed(check: Callable[[Api], Awaitable[None] | None]) -> object:
        TRAPS.append(Trap(check, fails_with, github_style))
        return check

    return listed


def named(name: str, error: Exception) -> Exception:
    """The error, if its class has this name; else it goes on its way."""
    if name not in [kind.__name__ for kind in type(error).__mro__]:
        raise error
    return error


def decode_error(api: Api, model: str, payload: object) -> Any:
    """The `DecodeError` of a payload that is not valid."""
    try:
        result = getattr(api.models, model).from_dict(payload)
    except Exception as error:
        return named("DecodeError", error)
    raise AssertionError(f"decoded to {result!r}")


async def call_error(kind: str, call: Awaitable[object]) -> Any:
    """The error, of the class with this name, that a call ends with."""
    try:
        result = await call
    except Exception as error:
        return named(kind, error)
    raise AssertionError(f"returned {result!r}")


def check_error(error: Any, model: str, field: str, value: object) -> None:
    assert (error.model, error.field, error.value) == (model, field, value)


# What is there --------------------------------------------------------------------------------------


@trap(github_style=True)
async def every_success_is_decoded(api: Api) -> None:
    lost = []
    for name in api.operations:
        requests = Recorder()
        response = await api.call(name, requests, detailed=True)
        if response.parsed is None and requests.requests[0].method == "GET":
            lost.append(name)
    assert lost == []


@trap(github_style=True)
def operations_have_names_that_can_be_read(api: Api) -> None:
    assert [name for name in api.operations if name.startswith("packages")] == []


@trap(github_style=True)
def every_enum_is_one_class(api: Api) -> None:
    kinds = {kind for kind in vars(api.models).values() if isinstance(kind, type) and issubclass(kind, Enum)}
    values = sorted(sorted(member.value for member in kind) for kind in kinds)
    assert all(values.count(each) == 1 for each in values)
    assert {kind.__name__ for kind in kinds} >= {"PackageType", "PackageVisibility", "PackageVersionState"}


@trap()
def the_package_says_that_it_is_typed(api: Api) -> None:
    assert (api.folder / "py.typed").is_file()


@trap()
def every_file_says_which_command_makes_it(api: Api) -> None:
    assert [name for name, text in api.sources().items() if not text.startswith(HEADER)] == []


@trap()
def there_is_no_synchronous_half(api: Api) -> None:
    modules = [*api.operations.values(), api.clients]
    functions = [name for module in modules for name, function in vars(module).items() if inspect.isfunction(function)]
    assert [name for name in functions if name.startswith("sync")] == []
    assert [name for name, text in api.sources().items() if "httpx.Client(" in text] == []


@trap()
def clients_do_not_hand_out_copies_of_themselves(api: Api) -> None:
    names = {*dir(api.clients.Client), *dir(api.clients.AuthenticatedClient)}
    assert [name for name in names if name.startswith("with_")] == []


@trap()
def decoders_neither_import_nor_define_functions_when_called(api: Api) -> None:
    inside = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.Lambda)
    found = [
        f"{name}: {function.name}"
        for name, text in api.sources().items()
        for function in ast.walk(ast.parse(text))
        if isinstance(function, ast.FunctionDef) and function.name in {"from_dict", "to_dict"}
        for node in ast.walk(function)
        if isinstance(node, inside) and node is not function
    ]
    assert found == []


# Secrets and time -----------------------------------------------------------------------------------


@trap()
def a_new_client_does_not_show_its_token(api: Api) -> None:
    assert TOKEN not in repr(api.client(success, TOKEN)) + str(api.client(success, TOKEN))


@trap()
async def a_used_client_does_not_show_its_token(api: Api) -> None:
    function = api.operations["get_package_for_org"].asyncio
    async with api.client(success, TOKEN) as client:
        await function(**sample_arguments(function), client=client)
        assert TOKEN not in repr(client) + repr(vars(client) if hasattr(client, "__dict__") else "")


@trap()
def a_model_does_not_show_a_token(api: Api) -> None:
    repository = api.models.MinimalRepository.from_dict(REPOSITORY)
    assert repository.temp_clone_token == REPOSITORY["temp_clone_token"]
    assert REPOSITORY["temp_clone_token"] not in repr(repository) + repr(api.models.Package.from_dict(PACKAGE))


@trap()
def no_client_waits_for_ever(api: Api) -> None:
    for token in (None, TOKEN):
        timeout = api.client(success, token).get_async_httpx_client().timeout
        assert None not in (timeout.connect, timeout.read, timeout.write, timeout.pool)


# Values ---------------------------------------------------------------------------------------------


@trap(ValueError)
def an_unknown_enum_value_is_a_plain_string(api: Api) -> None:
    package = api.models.Package.from_dict({**PACKAGE, "package_type": "cargo", "visibility": "secret"})
    assert (type(package.package_type), package.package_type) == (str, "cargo")
    assert (type(package.visibility), package.visibility) == (str, "secret")


@trap(TypeError)
def a_null_where_none_is_declared_is_kept(api: Api) -> None:
    payload = {**VERSION, "metadata": None}
    version = api.models.PackageVersion.from_dict(payload)
    assert version.metadata is None
    assert version.to_dict() == payload


@trap(KeyError)
def a_missing_key_is_a_decode_error(api: Api) -> None:
    error = decode_error(api, "Package", without(PACKAGE, "name"))
    check_error(error, "Package", "name", api.types.UNSET)


@trap()
def a_required_null_is_a_decode_error(api: Api) -> None:
    check_error(decode_error(api, "Package", {**PACKAGE, "name": None}), "Package", "name", None)


@trap(ValueError)
def a_required_enum_that_is_null_is_a_decode_error(api: Api) -> None:
    error = decode_error(api, "Package", {**PACKAGE, "package_type": None})
    check_error(error, "Package", "package_type", None)


@trap(TypeError)
def a_required_date_that_is_null_is_a_decode_error(api: Api) -> None:
    check_error(decode_error(api, "Package", {**PACKAGE, "created_at": None}), "Package", "created_at", None)


@trap(ValueError)
def an_impossible_date_is_a_decode_error(api: Api) -> None:
    date = "2011-02-30T20:09:31Z"
    check_error(decode_error(api, "Package", {**PACKAGE, "created_at": date}), "Package", "created_at", date)


@trap()
def an_impossible_date_where_null_is_allowed_is_a_decode_error(api: Api) -> None:
    date = "2011-02-30T20:09:31Z"
    check_error(
        decode_error(api, "PackageVersion", {**VERSION, "deleted_at": date}), "PackageVersion", "deleted_at", date
    )


@trap()
def an_owner_that_is_no_object_is_a_decode_error(api: Api) -> None:
    for owner in (["octocat"], "octocat", 1):
        check_error(decode_error(api, "Package", {**PACKAGE, "owner": owner}), "Package", "owner", owner)


@trap()
def an_owner_that_can_not_be_decoded_is_not_given_raw(api: Api) -> None:
    payload = changed(PACKAGE, "owner", without(PACKAGE["owner"], "login"))
    check_error(decode_error(api, "Package", payload), "Package", "owner.login", api.types.UNSET)


@trap()
def tags_that_are_no_list_are_a_decode_error(api: Api) -> None:
    payload = changed(VERSION, "metadata.container.tags", "latest")
    check_error(decode_error(api, "PackageVersion", payload), "PackageVersion", "metadata.container.tags", "latest")


@trap()
def dates_are_given_back_as_they_came(api: Api) -> None:
    assert api.models.Package.from_dict(PACKAGE).to_dict() == PACKAGE
    assert api.models.PackageVersion.from_dict(VERSION).to_dict() == VERSION


@trap()
def unset_is_the_same_after_pickle_and_copies(api: Api) -> None:
    unset = api.types.UNSET
    assert pickle.loads(pickle.dumps(unset)) is unset  # noqa: S301
    assert copy.deepcopy(unset) is unset
    assert copy.copy(unset) is unset


@trap()
def models_are_equal_after_pickle_and_copies(api: Api) -> None:
    package = api.models.Package.from_dict(without(PACKAGE, "repository"))
    assert pickle.loads(pickle.dumps(package)) == package  # noqa: S301
    assert copy.deepcopy(package) == package


# Answers --------------------------------------------------------------------------------------------


@trap()
async def documented_errors_are_raised(api: Api) -> None:
    for status in (400, 401, 403, 404, 422, 429, 500, 503):
        call = api.call("get_package_for_org", answer(status, json={"message": "No.", "status": str(status)}))
        assert (await call_error("GitHubPackagesError", call)).status == status


@trap()
async def undocumented_errors_are_raised(api: Api) -> None:
    for status in (301, 304, 410, 418, 451):
        call = api.call("delete_package_for_org", answer(status, json={"message": "No."}))
        assert (await call_error("APIError", call)).status == status


@trap(ValueError)
async def statuses_without_a_name_are_raised(api: Api) -> None:
    call = api.call("get_package_for_org", answer(599, json={"message": "No."}))
    assert (await call_error("ServerError", call)).status == 599


@trap(ValueError)
async def detailed_calls_do_not_raise_for_statuses_without_a_name(api: Api) -> None:
    for status in (520, 599):
        response = await api.call("get_package_for_org", answer(status, json={"message": "No."}), detailed=True)
        assert (response.status_code, response.parsed.message) == (status, "No.")


@trap(json.JSONDecodeError)
async def an_error_page_is_an_api_error(api: Api) -> None:
    call = api.call("get_package_for_org", answer(503, **WEB_PAGE))
    assert (await call_error("ServerError", call)).status == 503


@trap(json.JSONDecodeError)
async def an_error_page_is_no_problem_for_a_detailed_call(api: Api) -> None:
    response = await api.call("get_package_for_org", answer(503, **WEB_PAGE), detailed=True)
    assert (response.status_code, response.parsed) == (503, None)


@trap(json.JSONDecodeError)
async def a_web_page_instead_of_a_package_is_a_decode_error(api: Api) -> None:
    error = await call_error("DecodeError", api.call("get_package_for_org", answer(200, **WEB_PAGE)))
    assert (error.model, error.field) == ("Package", "")


@trap(json.JSONDecodeError)
async def a_truncated_body_is_a_decode_error(api: Api) -> None:
    error = await call_error("DecodeError", api.call("get_package_for_org", answer(200, **TRUNCATED)))
    assert (error.model, error.field) == ("Package", "")


@trap(json.JSONDecodeError)
async def an_empty_body_is_a_decode_error(api: Api) -> None:
    error = await call_error("DecodeError", api.call("list_packages_for_org", answer(200)))
    assert (error.model, error.field) == ("list of Package", "")


@trap(RecursionError)
async def a_bottomless_body_is_a_decode_error(api: Api) -> None:
    await call_error("DecodeError", api.call("list_packages_for_org", answer(200, text="[" * 100_000)))


@trap(ValueError)
async def an_object_instead_of_a_list_is_a_decode_error(api: Api) -> None:
    payload = {"message": "not a list"}
    error = await call_error("DecodeError", api.call("list_packages_for_org", answer(200, json=payload)))
    check_error(error, "list of Package", "", payload)


# Paths ----------------------------------------------------------------------------------------------


async def check_refused(api: Api, operation: str, **arguments: object) -> None:
    requests = Recorder()
    await call_error("ValueError", api.call(operation, requests, **arguments))
    assert requests.requests == []


@trap()
async def an_owner_that_leads_elsewhere_is_refused(api: Api) -> None:
    for bad in BAD_SEGMENTS:
        await check_refused(api, "list_packages_for_org", org=bad)
        await check_refused(api, "delete_package_for_user", username=bad)


@trap()
async def a_name_that_leads_elsewhere_is_refused(api: Api) -> None:
    for bad in BAD_SEGMENTS:
        await check_refused(api, "get_package_for_authenticated_user", package_name=bad)


@trap()
async def an_id_that_leads_elsewhere_is_refused(api: Api) -> None:
    for bad in BAD_SEGMENTS:
        await check_refused(api, "delete_package_version_for_org", package_version_id=bad)
