# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from typing import Any

import httpx
from ghpackages_runtime.client import Client, decode_list, detailed, query, segment, successful
from ghpackages_runtime.values import UNSET, Response, Unset

from ...models.basic_error import BasicError
from ...models.package_type import PackageType
from ...models.package_version import PackageVersion
from ...models.package_version_state import PackageVersionState


def _get_kwargs(
    org: str,
    package_type: PackageType | str,
    package_name: str,
    *,
    page: int | Unset = 1,
    per_page: int | Unset = 30,
    state: PackageVersionState | str | Unset = PackageVersionState.ACTIVE,
) -> dict[str, Any]:
    return {
        "method": "GET",
        "url": f"/orgs/{segment('org', org)}/packages/{segment('package_type', PackageType(package_type))}/{segment('package_name', package_name)}/versions",
        "params": query(
            {
                "page": page,
                "per_page": per_page,
                "state": UNSET if state is UNSET else PackageVersionState(state),
            }
        ),
    }


def _decode(response: httpx.Response) -> list[PackageVersion]:
    return decode_list(PackageVersion.from_dict, "PackageVersion", response)


async def asyncio_detailed(
    org: str,
    package_type: PackageType | str,
    package_name: str,
    *,
    client: Client,
    page: int | Unset = 1,
    per_page: int | Unset = 30,
    state: PackageVersionState | str | Unset = PackageVersionState.ACTIVE,
) -> Response[list[PackageVersion] | BasicError]:
    """List the versions of a package of an organisation.

    One page of the versions of a package. There is no limit on the page number. Scope: `read:packages`.
    https://docs.github.com/rest/packages/packages#list-package-versions-for-a-package-owned-by-an-organization

    Args:
        org: The organisation's name, in any case.
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        package_name: The package's name, as it is; a slash in it is sent as `%2F`.
        client: What sends the request.
        page: The number of the page, from 1.
        per_page: The number of items on a page. The server makes 100 of anything larger.
        state: Whether a version is there or was deleted.

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
        page=page,
        per_page=per_page,
        state=state,
    )
    return detailed(await client.send(**kwargs), 200, _decode, BasicError.from_dict)


async def asyncio(
    org: str,
    package_type: PackageType | str,
    package_name: str,
    *,
    client: Client,
    page: int | Unset = 1,
    per_page: int | Unset = 30,
    state: PackageVersionState | str | Unset = PackageVersionState.ACTIVE,
) -> list[PackageVersion]:
    """List the versions of a package of an organisation.

    One page of the versions of a package. There is no limit on the page number. Scope: `read:packages`.
    https://docs.github.com/rest/packages/packages#list-package-versions-for-a-package-owned-by-an-organization

    Args:
        org: The organisation's name, in any case.
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        package_name: The package's name, as it is; a slash in it is sent as `%2F`.
        client: What sends the request.
        page: The number of the page, from 1.
        per_page: The number of items on a page. The server makes 100 of anything larger.
        state: Whether a version is there or was deleted.

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
        page=page,
        per_page=per_page,
        state=state,
    )
    return successful(await client.send(**kwargs), 200, _decode)
