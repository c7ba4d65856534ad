# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from typing import Any

import httpx
from ghpackages_runtime.client import Client, decode_nothing, detailed, segment, successful
from ghpackages_runtime.values import Response

from ...models.basic_error import BasicError
from ...models.package_type import PackageType


def _get_kwargs(
    username: str,
    package_type: PackageType | str,
    package_name: str,
) -> dict[str, Any]:
    return {
        "method": "DELETE",
        "url": f"/users/{segment('username', username)}/packages/{segment('package_type', PackageType(package_type))}/{segment('package_name', package_name)}",
    }


def _decode(response: httpx.Response) -> None:
    return decode_nothing(response)


async def asyncio_detailed(
    username: str,
    package_type: PackageType | str,
    package_name: str,
    *,
    client: Client,
) -> Response[None | BasicError]:
    """Delete a package of a user.

    Deletes the package with all its versions. It can be restored for 30 days, as long as its name is not taken
    again. A public package with a version of more than 5,000 downloads is refused. Scopes: `read:packages` and
    `delete:packages`. https://docs.github.com/rest/packages/packages#delete-a-package-for-a-user

    Args:
        username: The user's login.
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        package_name: The package's name, as it is; a slash in it is sent as `%2F`.
        client: What sends the request.

    Returns:
        Status, headers and body, whatever the status: the success, or a `BasicError`.

    Raises:
        ValueError: An argument can't be valid; nothing was sent.
        APIConnectionError: No answer came, or only a part of one.
    """
    kwargs = _get_kwargs(
        username=username,
        package_type=package_type,
        package_name=package_name,
    )
    return detailed(await client.send(**kwargs), 204, _decode, BasicError.from_dict)


async def asyncio(
    username: str,
    package_type: PackageType | str,
    package_name: str,
    *,
    client: Client,
) -> None:
    """Delete a package of a user.

    Deletes the package with all its versions. It can be restored for 30 days, as long as its name is not taken
    again. A public package with a version of more than 5,000 downloads is refused. Scopes: `read:packages` and
    `delete:packages`. https://docs.github.com/rest/packages/packages#delete-a-package-for-a-user

    Args:
        username: The user's login.
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        package_name: The package's name, as it is; a slash in it is sent as `%2F`.
        client: What sends the request.

    Returns:
        The success.

    Raises:
        ValueError: An argument can't be valid; nothing was sent.
        APIError: The server answered with any other status than 204.
        RateLimitError: The request was refused for now.
        APIConnectionError: No answer came, or only a part of one.
    """
    kwargs = _get_kwargs(
        username=username,
        package_type=package_type,
        package_name=package_name,
    )
    return successful(await client.send(**kwargs), 204, _decode)
