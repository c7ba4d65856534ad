# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from typing import Any

import httpx
from ghpackages_runtime.client import Client, decode_one, detailed, segment, successful
from ghpackages_runtime.values import Response

from ...models.basic_error import BasicError
from ...models.package import Package
from ...models.package_type import PackageType


def _get_kwargs(
    org: str,
    package_type: PackageType | str,
    package_name: str,
) -> dict[str, Any]:
    return {
        "method": "GET",
        "url": f"/orgs/{segment('org', org)}/packages/{segment('package_type', PackageType(package_type))}/{segment('package_name', package_name)}",
    }


def _decode(response: httpx.Response) -> Package:
    return decode_one(Package.from_dict, "Package", response)


async def asyncio_detailed(
    org: str,
    package_type: PackageType | str,
    package_name: str,
    *,
    client: Client,
) -> Response[Package | BasicError]:
    """Get a package of an organisation.

    One package, its number of versions included. Scope: `read:packages`.
    https://docs.github.com/rest/packages/packages#get-a-package-for-an-organization

    Args:
        org: The organisation's name, in any case.
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        package_name: The package's name, as it is; a slash in it is sent as `%2F`.
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
        package_type=package_type,
        package_name=package_name,
    )
    return detailed(await client.send(**kwargs), 200, _decode, BasicError.from_dict)


async def asyncio(
    org: str,
    package_type: PackageType | str,
    package_name: str,
    *,
    client: Client,
) -> Package:
    """Get a package of an organisation.

    One package, its number of versions included. Scope: `read:packages`.
    https://docs.github.com/rest/packages/packages#get-a-package-for-an-organization

    Args:
        org: The organisation's name, in any case.
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        package_name: The package's name, as it is; a slash in it is sent as `%2F`.
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
        package_type=package_type,
        package_name=package_name,
    )
    return successful(await client.send(**kwargs), 200, _decode)
