"""What the fuzzed server holds, and where in it a generated request is led.

schemathesis loads this module (`SCHEMATHESIS_HOOKS`), so that most requests are about something that is there.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, TypeVar
from urllib.parse import quote
from zlib import crc32

import schemathesis

from ghpackages.testing import EPOCH, MockGitHub, MockPackage

__all__ = ["example"]

GONE: Final = ("container", "sandbox/gone")
VERSIONS_USED: Final = 20

Server = TypeVar("Server", bound=MockGitHub)


def example(kind: type[Server]) -> Server:
    """Make the example organisation, and for each owner a package that was deleted, and one with deleted versions."""
    server = kind.octo_org(clock=lambda: EPOCH, rate_limit=10**9)
    for owner in (server.owner("octo-org"), server.user):
        gone = owner.add_package(*GONE)
        gone.add_version(tags=["latest"])
        gone.delete()
        halved = owner.add_package("container", "sandbox/halved", visibility="public")
        for number in range(10):
            version = halved.add_version(created_at=EPOCH, tags=[f"v{number}"])
            if number % 2:
                halved.delete_version(version, at=EPOCH)
    return server


@cache
def _packages(login: str) -> list[tuple[str, str, list[int], list[int]]]:
    """List type, name, ids of active versions and ids of deleted versions of each package."""
    return [
        (package.package_type, package.name, _ids(package, deleted=False), _ids(package, deleted=True))
        for package in _server().owner(login).packages
    ]


def _ids(package: MockPackage, *, deleted: bool) -> list[int]:
    return [one.id for one in package.versions if (one.deleted_at is not None) == deleted][:VERSIONS_USED]


@cache
def _server() -> MockGitHub:
    return example(MockGitHub)


@schemathesis.hook  # pyright: ignore[reportUnknownMemberType]
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Lead three of four requests to something that is there; which ones, only the request itself decides."""
    path: dict[str, Any] = case.path_parameters
    chosen = crc32(f"{case.method} {sorted(map(str, path.items()))} {case.query}".encode())
    if chosen % 4:
        login = _lead_to_owner(path)
        if "package_name" in path:
            _lead_to_package(path, login, chosen // 4, restores="restore" in case.path)


def _lead_to_owner(path: dict[str, Any]) -> str:
    if "org" in path:
        path["org"] = "octo-org"
        return "octo-org"
    if "username" in path:
        path["username"] = "octocat"
    return "octocat"


def _lead_to_package(path: dict[str, Any], login: str, chosen: int, *, restores: bool) -> None:
    if restores and "package_version_id" not in path:
        path["package_type"], path["package_name"] = GONE[0], quote(GONE[1], safe="")
        return
    fitting = [one for one in _packages(login) if one[3] or not restores]
    path["package_type"], name, active, deleted = fitting[chosen % len(fitting)]
    path["package_name"] = quote(name, safe="")
    if "package_version_id" in path:
        ids = deleted if restores else active
        path["package_version_id"] = ids[chosen % len(ids)]
