"""Code as users write it: never run, only checked by mypy --strict and pyright in strict mode (`nox -s typing`)."""

from datetime import datetime
from typing import assert_type

import httpx

from ghpackages import (
    UNSET,
    APIError,
    DecodeError,
    GitHubPackages,
    IncompleteListingError,
    Owner,
    Package,
    PackageType,
    PackageVersion,
    PackageVersionState,
    PackageVisibility,
    Page,
    PageWindowError,
    Paginator,
    RateLimit,
    RateLimitError,
    Unset,
    Wait,
    repository_name,
    version_tags,
)
from ghpackages_api.api.packages import delete_package_for_org, get_package_for_user, list_packages_for_org
from ghpackages_api.client import AuthenticatedClient
from ghpackages_api.models import BasicError
from ghpackages_api.types import Response


async def token() -> str:
    return "made-up"


async def owners() -> None:
    async with GitHubPackages(token, timeout=httpx.Timeout(5), proxy="http://127.0.0.1:3128") as github:
        acme: Owner = github.org("acme")
        assert_type(acme.packages("container", visibility="private"), Paginator[Package])
        assert_type(acme.versions(PackageType.CONTAINER, "web/api"), Paginator[PackageVersion])
        assert_type(await acme.get_package("npm", "left-pad"), Package)
        assert_type(await acme.get_version("npm", "left-pad", 1), PackageVersion)
        assert_type(await acme.docker_conflicts(), list[Package])
        await github.user("octocat").delete_package("npm", "left-pad")
        await github.me().restore_package("npm", "left-pad", token="made-up")
        await acme.delete_version("npm", "left-pad", 1)
        await acme.restore_version("npm", "left-pad", 1)


async def listings(acme: Owner) -> None:
    versions = acme.versions("npm", "left-pad", state=PackageVersionState.DELETED)
    async for version in versions:
        assert_type(version, PackageVersion)
        assert_type(version_tags(version), tuple[str, ...] | None)
        assert_type(version.created_at, datetime)
        assert_type(version.deleted_at, datetime | None | Unset)
    async for page in acme.packages(PackageType.NPM, visibility=PackageVisibility.INTERNAL).pages():
        assert_type(page, Page[Package])
        for package in page:
            assert_type(package.package_type, PackageType | str)
            assert_type(repository_name(package), str | None)
    assert_type(await versions.page(2), Page[PackageVersion])
    assert_type(await versions.collect(limit=10), list[PackageVersion])


def optional_values(package: Package) -> int:
    if package.owner is not UNSET and package.owner is not None:
        assert_type(package.owner.login, str)
    if isinstance(package.version_count, int):
        return package.version_count
    return package.version_count or 0


async def raw_calls(github: GitHubPackages) -> None:
    assert_type(await list_packages_for_org.asyncio("acme", client=github.api, package_type="npm"), list[Package])
    detailed = await get_package_for_user.asyncio_detailed("octocat", "npm", "left-pad", client=github.api)
    assert_type(detailed, Response[Package | BasicError])
    await delete_package_for_org.asyncio("acme", "npm", "left-pad", client=AuthenticatedClient(token="made-up"))


class Vault:
    async def __call__(self) -> str:
        return "made-up"


def on_wait(wait: Wait) -> None:
    assert_type(wait.seconds, float)
    assert_type(wait.until, datetime)


def limits(github: GitHubPackages) -> None:
    view = GitHubPackages(None, concurrency=32, points_per_minute=450, reserve=100, on_wait=on_wait)
    assert_type(view.with_options(token=token, timeout=5.0, max_wait=3900, retries=0), GitHubPackages)
    assert_type(GitHubPackages(Vault(), points_per_minute=None, retries=5).me().with_options(max_wait=5), Owner)
    assert_type(github.rate_limit, RateLimit)
    assert_type(github.rate_limit.remaining, int | None)
    assert_type(github.rate_limit.paused_until, datetime | None)


async def errors(acme: Owner) -> None:
    try:
        await acme.packages().collect()
    except APIError as error:
        assert_type(error.status, int)
        assert_type(error.request_id, str | None)
    except RateLimitError as error:
        assert_type(error.retry_at, datetime | None)
        assert_type(error.retry_after, float | None)
    except DecodeError as error:
        assert_type(error.field, str)
    except PageWindowError as error:
        assert_type(error.limit, int)
    except IncompleteListingError as error:
        assert_type(error.items, int)
