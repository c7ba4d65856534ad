# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from typing import Any

import httpx
from ghpackages_runtime.client import Client, decode_list, detailed, query, segment, successful
from ghpackages_runtime.values import UNSET, Response, Unset

from ...models.basic_error import BasicError
from ...models.package import Package
from ...models.package_type import PackageType
from ...models.package_visibility import PackageVisibility


def _get_kwargs(
    username: str,
    *,
    package_type: PackageType | str,
    visibility: PackageVisibility | str | Unset = UNSET,
    page: int | Unset = 1,
    per_page: int | Unset = 30,
) -> dict[str, Any]:
    return {
        "method": "GET",
        "url": f"/users/{segment('username', username)}/packages",
        "params": query(
            {
                "package_type": PackageType(package_type),
                "visibility": UNSET if visibility is UNSET else PackageVisibility(visibility),
                "page": page,
                "per_page": per_page,
            }
        ),
    }


def _decode(response: httpx.Response) -> list[Package]:
    return decode_list(Package.from_dict, "Package", response)


async def asyncio_detailed(
    username: str,
    *,
    client: Client,
    package_type: PackageType | str,
    visibility: PackageVisibility | str | Unset = UNSET,
    page: int | Unset = 1,
    per_page: int | Unset = 30,
) -> Response[list[Package] | BasicError]:
    """List the packages of a user.

    One page of the packages of one type, readable with this token. The server refuses pages with page × per_page
    > 10000. Scope: `read:packages`. https://docs.github.com/rest/packages/packages#list-packages-for-a-user

    Args:
        username: The user's login.
        client: What sends the request.
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        visibility: Who can see a package.
        page: The number of the page, from 1.
        per_page: The number of items on a page. The server makes 100 of anything larger.

    Returns:
        Status, headers and body, whatever the status: the success, or a `BasicError`.

    Raises:
        ValueError: An argument can't be valid; nothing was sent.
        APIConnectionError: No answer came, or only a part of one.
        DecodeError: The success is not what the description says.
    """
    kwargs = _get_kwargs(
        username=username,
        package_type=package_type,
        visibility=visibility,
        page=page,
        per_page=per_page,
    )
    return detailed(await client.send(**kwargs), 200, _decode, BasicError.from_dict)


async def asyncio(
    username: str,
    *,
    client: Client,
    package_type: PackageType | str,
    visibility: PackageVisibility | str | Unset = UNSET,
    page: int | Unset = 1,
    per_page: int | Unset = 30,
) -> list[Package]:
    """List the packages of a user.

    One page of the packages of one type, readable with this token. The server refuses pages with page × per_page
    > 10000. Scope: `read:packages`. https://docs.github.com/rest/packages/packages#list-packages-for-a-user

    Args:
        username: The user's login.
        client: What sends the request.
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        visibility: Who can see a package.
        page: The number of the page, from 1.
        per_page: The number of items on a page. The server makes 100 of anything larger.

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
        username=username,
        package_type=package_type,
        visibility=visibility,
        page=page,
        per_page=per_page,
    )
    return successful(await client.send(**kwargs), 200, _decode)
