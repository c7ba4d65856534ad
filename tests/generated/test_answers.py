"""`asyncio` returns the success or raises; `asyncio_detailed` raises for no status."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from tests.generated.generation import Api, sample_arguments
from tests.generated.handlers import answer, success
from tests.generated.payloads import CONTAINER_IN_A_LIST, MAVEN_VERSION, PACKAGE, UNTAGGED_VERSION, without

from ghpackages_api.errors import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    DecodeError,
    NotFoundError,
    RateLimitError,
    ServerError,
)
from ghpackages_api.models import BasicError, Package, PackageVersion

EVERY_OTHER_STATUS = [status for status in (*map(int, HTTPStatus), 299, 399, 420, 499, 520, 599) if status >= 201]
BODIES: dict[str, dict[str, Any]] = {
    "error": {"json": {"message": "No.", "documentation_url": "https://docs.github.com/rest", "status": "418"}},
    "web page": {"html": "<!DOCTYPE html><title>Unicorn!</title>"},
    "empty": {},
    "truncated": {"text": '{"message": "N', "headers": {"content-type": "application/json"}},
    "list": {"json": ["No."]},
    "null": {"json": None},
    "not UTF-8": {"content": b"\xff\xfe\x00{"},
    "wrong UTF-16": {"content": b"No.", "headers": {"content-type": "text/plain; charset=utf-16"}},
    "no charset for text": {"content": b"No.", "headers": {"content-type": "text/plain; charset=hex"}},
    "bottomless": {"text": "[" * 100_000},
}
EACH_BODY = pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
NOT_ONE_PACKAGE = {**BODIES, "number": {"text": "197"}, "string": {"json": "package"}, "infinite": {"text": "1e999"}}


async def test_a_list_call_returns_a_list_of_models(ours: Api) -> None:
    packages = await ours.call("list_packages_for_org", answer(200, json=[CONTAINER_IN_A_LIST, PACKAGE]))

    assert packages == [Package.from_dict(CONTAINER_IN_A_LIST), Package.from_dict(PACKAGE)]


async def test_an_empty_list_is_an_empty_list(ours: Api) -> None:
    assert await ours.call("list_package_versions_for_user", answer(200, json=[])) == []


async def test_a_get_call_returns_a_model(ours: Api) -> None:
    version = await ours.call("get_package_version_for_user", answer(200, json=MAVEN_VERSION))

    assert version == PackageVersion.from_dict(MAVEN_VERSION)


async def test_a_changing_call_returns_nothing(ours: Api) -> None:
    assert await ours.call("delete_package_version_for_org", answer(204)) is None


async def test_every_operation_returns_its_success(ours: Api) -> None:
    for operation in ours.operations:
        result = await ours.call(operation, success)
        assert (result is None) == operation.startswith(("delete", "restore")), operation


async def test_a_detailed_call_returns_status_headers_and_model(ours: Api) -> None:
    response = await ours.call(
        "list_package_versions_for_org",
        answer(200, json=[UNTAGGED_VERSION], headers={"Link": '<https://api.github.com/x?page=2>; rel="next"'}),
        detailed=True,
    )

    assert response.status_code == 200
    assert response.headers["link"].endswith('rel="next"')
    assert response.parsed == [PackageVersion.from_dict(UNTAGGED_VERSION)]
    assert json.loads(response.content) == [UNTAGGED_VERSION]
    assert response.http_response.request.method == "GET"


@EACH_BODY
@pytest.mark.parametrize("operation", ["list_packages_for_org", "get_package_for_user", "delete_package_for_org"])
async def test_every_status_that_is_no_success_is_raised(ours: Api, operation: str, body: dict[str, Any]) -> None:
    for status in EVERY_OTHER_STATUS:
        if (operation, status) == ("delete_package_for_org", 204):
            continue
        with pytest.raises((APIError, RateLimitError)) as caught:
            await ours.call(operation, answer(status, **body))
        assert caught.value.status == status
        assert len(str(caught.value).splitlines()) == 1


@EACH_BODY
@pytest.mark.parametrize("operation", ["list_packages_for_org", "get_package_for_user", "delete_package_for_org"])
async def test_a_detailed_call_raises_for_no_status_whatever_the_body(
    ours: Api, operation: str, body: dict[str, Any]
) -> None:
    for status in EVERY_OTHER_STATUS:
        response = await ours.call(operation, answer(status, **body), detailed=True)
        assert response.status_code == status
        assert response.parsed is None or isinstance(response.parsed, BasicError)


async def test_a_detailed_call_gives_the_error_object_with_its_unknown_keys(ours: Api) -> None:
    body = {"message": "No.", "status": "404", "errors": [{"code": "custom"}]}
    response = await ours.call("get_package_for_org", answer(404, json=body), detailed=True)

    assert isinstance(response.parsed, BasicError)
    assert response.parsed.to_dict() == body


@pytest.mark.parametrize("body", NOT_ONE_PACKAGE.values(), ids=list(NOT_ONE_PACKAGE))
@pytest.mark.parametrize("detailed", [False, True])
async def test_a_success_that_is_no_package_is_a_decode_error(ours: Api, body: dict[str, Any], detailed: bool) -> None:
    with pytest.raises(DecodeError) as caught:
        await ours.call("get_package_for_org", answer(200, **body), detailed=detailed)

    assert caught.value.model == "Package"
    assert caught.value.response is not None
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("body", [body for name, body in BODIES.items() if name != "list"])
@pytest.mark.parametrize("detailed", [False, True])
async def test_a_success_that_is_no_list_is_a_decode_error(ours: Api, body: dict[str, Any], detailed: bool) -> None:
    with pytest.raises(DecodeError) as caught:
        await ours.call("list_package_versions_for_org", answer(200, **body), detailed=detailed)

    assert caught.value.model == "list of PackageVersion"


@pytest.mark.parametrize(("items", "problem"), [(10_000, "is not an object"), (10_001, "has 10,001 items")])
async def test_a_list_beyond_reason_is_refused_before_it_is_decoded(ours: Api, items: int, problem: str) -> None:
    with pytest.raises(DecodeError, match=problem):
        await ours.call("list_packages_for_org", answer(200, json=[1] * items))


async def test_a_wrong_item_of_a_list_is_named_with_its_position(ours: Api) -> None:
    items = [PACKAGE, PACKAGE, without(PACKAGE, "name")]

    with pytest.raises(DecodeError, match=r"Package\.name is missing \(item 2 of the list\)") as caught:
        await ours.call("list_packages_for_org", answer(200, json=items))

    assert (caught.value.index, caught.value.model, caught.value.field) == (2, "Package", "name")


async def test_a_decode_error_says_what_was_asked_and_the_request_id(ours: Api) -> None:
    body = answer(200, json=[], headers={"x-github-request-id": "C0FE:1"})

    with pytest.raises(DecodeError) as caught:
        await ours.call("get_package_for_org", body)

    expected = "GET https://api.github.com/orgs/acme/packages/npm/hello: Package is not an object (request C0FE:1)"
    assert str(caught.value) == expected


async def test_a_web_page_from_another_host_suggests_the_path_of_enterprise_server(ours: Api) -> None:
    module = ours.operations["get_package_for_org"]
    transport = httpx.MockTransport(answer(200, html="<html>Sign in</html>"))

    async with ours.clients.Client("https://github.example.com", transport=transport) as client:
        with pytest.raises(DecodeError, match="/api/v3"):
            await module.asyncio(**sample_arguments(module.asyncio), client=client)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (httpx.ConnectError("refused"), APIConnectionError),
        (httpx.ReadError("reset"), APIConnectionError),
        (httpx.RemoteProtocolError("peer closed connection without sending complete message body"), APIConnectionError),
        (httpx.ConnectTimeout("slow"), APITimeoutError),
        (httpx.ReadTimeout("slow"), APITimeoutError),
        (httpx.PoolTimeout("full"), APITimeoutError),
    ],
)
async def test_an_answer_that_never_came_is_a_connection_error_with_its_cause(
    ours: Api, cause: httpx.RequestError, kind: type[APIConnectionError]
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise cause

    with pytest.raises(APIConnectionError) as caught:
        await ours.call("get_package_for_org", handler)

    assert type(caught.value) is kind
    assert caught.value.__cause__ is cause
    assert (caught.value.method, caught.value.url) == ("GET", "https://api.github.com/orgs/acme/packages/npm/hello")


async def test_a_body_that_can_not_be_decompressed_is_a_connection_error(ours: Api) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(b"not gzip"), headers={"content-encoding": "gzip"})

    with pytest.raises(APIConnectionError, match="DecodingError"):
        await ours.call("get_package_for_org", handler)


async def test_a_token_is_sent_as_a_bearer_token_and_stays_out_of_errors(ours: Api) -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(404, json={"message": "Package not found."})

    module = ours.operations["get_package_for_org"]
    async with ours.client(handler, "ghp_made_up") as client:
        with pytest.raises(NotFoundError) as caught:
            await module.asyncio(**sample_arguments(module.asyncio), client=client)

    assert seen == ["Bearer ghp_made_up"]
    assert "ghp_made_up" not in f"{caught.value} {caught.value!r} {vars(caught.value)}"


async def test_a_redirect_is_not_followed_by_itself(ours: Api) -> None:
    headers = {"location": "https://elsewhere.example/"}

    with pytest.raises(APIError) as caught:
        await ours.call("delete_package_for_org", answer(307, headers=headers))

    assert caught.value.status == 307


async def test_a_server_error_suggests_smaller_pages(ours: Api) -> None:
    with pytest.raises(ServerError, match="smaller per_page"):
        await ours.call("list_packages_for_org", answer(502, json={"message": "Server Error"}))
