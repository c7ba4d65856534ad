# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from typing import Any

import httpx
from ghpackages_runtime.client import Client, decode_nothing, detailed, query, segment, successful
from ghpackages_runtime.values import UNSET, Response, Unset

from ...models.basic_error import BasicError
from ...models.package_type import PackageType


def _get_kwargs(
    package_type: PackageType | str,
    package_name: str,
    *,
    token: str | Unset = UNSET,
) -> dict[str, Any]:
    return {
        "method": "POST",
        "url": f"/user/packages/{segment('package_type', PackageType(package_type))}/{segment('package_name', package_name)}/restore",
        "params": query(
            {
                "token": token,
            }
        ),
    }


def _decode(response: httpx.Response) -> None:
    return decode_nothing(response)


async def asyncio_detailed(
    package_type: PackageType | str,
    package_name: str,
    *,
    client: Client,
    token: str | Unset = UNSET,
) -> Response[None | BasicError]:
    """Restore a package of the authenticated user.

    Brings back a package that was deleted within the last 30 days, with its versions. Scopes: `read:packages` and
    `write:packages`. https://docs.github.com/rest/packages/packages#restore-a-package-for-the-authenticated-user

    Args:
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        package_name: The package's name, as it is; a slash in it is sent as `%2F`.
        client: What sends the request.
        token: A package token, which GitHub mentions and does not explain.

    Returns:
        Status, headers and body, whatever the status: the success, or a `BasicError`.

    Raises:
        ValueError: An argument can't be valid; nothing was sent.
        APIConnectionError: No answer came, or only a part of one.
    """
    kwargs = _get_kwargs(
        package_type=package_type,
        package_name=package_name,
        token=token,
    )
    return detailed(await client.send(**kwargs), 204, _decode, BasicError.from_dict)


async def asyncio(
    package_type: PackageType | str,
    package_name: str,
    *,
    client: Client,
    token: str | Unset = UNSET,
) -> None:
    """Restore a package of the authenticated user.

    Brings back a package that was deleted within the last 30 days, with its versions. Scopes: `read:packages` and
    `write:packages`. https://docs.github.com/rest/packages/packages#restore-a-package-for-the-authenticated-user

    Args:
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        package_name: The package's name, as it is; a slash in it is sent as `%2F`.
        client: What sends the request.
        token: A package token, which GitHub mentions and does not explain.

    Returns:
        The success.

    Raises:
        ValueError: An argument can't be valid; nothing was sent.
        APIError: The server answered with any other status than 204.
        RateLimitError: The request was refused for now.
        APIConnectionError: No answer came, or only a part of one.
    """
    kwargs = _get_kwargs(
        package_type=package_type,
        package_name=package_name,
        token=token,
    )
    return successful(await client.send(**kwargs), 204, _decode)
