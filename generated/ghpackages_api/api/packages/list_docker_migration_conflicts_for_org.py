# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from typing import Any

import httpx
from ghpackages_runtime.client import Client, decode_list, detailed, segment, successful
from ghpackages_runtime.values import Response

from ...models.basic_error import BasicError
from ...models.package import Package


def _get_kwargs(
    org: str,
) -> dict[str, Any]:
    return {
        "method": "GET",
        "url": f"/orgs/{segment('org', org)}/docker/conflicts",
    }


def _decode(response: httpx.Response) -> list[Package]:
    return decode_list(Package.from_dict, "Package", response)


async def asyncio_detailed(
    org: str,
    *,
    client: Client,
) -> Response[list[Package] | BasicError]:
    """List the Docker migration conflicts of an organisation.

    The packages of an organisation, readable with this token, that met a conflict when they were moved from the
    Docker to the Container registry. All of them in one answer. Scope: `read:packages`.
    https://docs.github.com/rest/packages/packages#get-list-of-conflicting-packages-during-docker-migration-for-organization

    Args:
        org: The organisation's name, in any case.
        client: What sends the request.

    Returns:
        Status, headers and body, whatever the status: the success, or a `BasicError`.

    Raises:
        ValueError: An argument can't be valid; nothing was sent.
        APIConnectionError: No answer came, or only a part of one.
        DecodeError: The success is not what the description says.
    """
    kwargs = _get_kwargs(
        org=org,
    )
    return detailed(await client.send(**kwargs), 200, _decode, BasicError.from_dict)


async def asyncio(
    org: str,
    *,
    client: Client,
) -> list[Package]:
    """List the Docker migration conflicts of an organisation.

    The packages of an organisation, readable with this token, that met a conflict when they were moved from the
    Docker to the Container registry. All of them in one answer. Scope: `read:packages`.
    https://docs.github.com/rest/packages/packages#get-list-of-conflicting-packages-during-docker-migration-for-organization

    Args:
        org: The organisation's name, in any case.
        client: What sends the request.

    Returns:
        The success.

    Raises:
        ValueError: An argument can't be valid; nothing was sent.
        APIError: The server answered with any other status than 200.
        RateLimitError: The request was refused for now.
        APIConnectionError: No answer came, or only a part of one.
        DecodeError: The success is not what the description says.
    """
    kwargs = _get_kwargs(
        org=org,
    )
    return successful(await client.send(**kwargs), 200, _decode)
