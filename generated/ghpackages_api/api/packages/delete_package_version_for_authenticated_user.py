# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from typing import Any

import httpx
from ghpackages_runtime.client import Client, decode_nothing, detailed, segment, successful
from ghpackages_runtime.values import Response

from ...models.basic_error import BasicError
from ...models.package_type import PackageType


def _get_kwargs(
    package_type: PackageType | str,
    package_name: str,
    package_version_id: int,
) -> dict[str, Any]:
    return {
        "method": "DELETE",
        "url": f"/user/packages/{segment('package_type', PackageType(package_type))}/{segment('package_name', package_name)}/versions/{segment('package_version_id', package_version_id)}",
    }


def _decode(response: httpx.Response) -> None:
    return decode_nothing(response)


async def asyncio_detailed(
    package_type: PackageType | str,
    package_name: str,
    package_version_id: int,
    *,
    client: Client,
) -> Response[None | BasicError]:
    """Delete a version of a package of the authenticated user.

    Deletes one version. It can be restored for 30 days. Refused for the last version (of npm packages the whole
    package goes instead) and for public versions of more than 5,000 downloads. Scopes: `read:packages` and
    `delete:packages`.
    https://docs.github.com/rest/packages/packages#delete-a-package-version-for-the-authenticated-user

    Args:
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        package_name: The package's name, as it is; a slash in it is sent as `%2F`.
        package_version_id: The number that identifies the version.
        client: What sends the request.

    Returns:
        Status, headers and body, whatever the status: the success, or a `BasicError`.

    Raises:
        ValueError: An argument can't be valid; nothing was sent.
        APIConnectionError: No answer came, or only a part of one.
    """
    kwargs = _get_kwargs(
        package_type=package_type,
        package_name=package_name,
        package_version_id=package_version_id,
    )
    return detailed(await client.send(**kwargs), 204, _decode, BasicError.from_dict)


async def asyncio(
    package_type: PackageType | str,
    package_name: str,
    package_version_id: int,
    *,
    client: Client,
) -> None:
    """Delete a version of a package of the authenticated user.

    Deletes one version. It can be restored for 30 days. Refused for the last version (of npm packages the whole
    package goes instead) and for public versions of more than 5,000 downloads. Scopes: `read:packages` and
    `delete:packages`.
    https://docs.github.com/rest/packages/packages#delete-a-package-version-for-the-authenticated-user

    Args:
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        package_name: The package's name, as it is; a slash in it is sent as `%2F`.
        package_version_id: The number that identifies the version.
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
        package_type=package_type,
        package_name=package_name,
        package_version_id=package_version_id,
    )
    return successful(await client.send(**kwargs), 204, _decode)
