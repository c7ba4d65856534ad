"""What is asked of each operation: for success in every form, and for every refusal that is known of GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

import httpx

from ghpackages.testing import MockOptions, faults

from .description import OPERATIONS
from .world import LIBRARY_TYPES, OWNERS, PACKAGE_TYPES, World, address

__all__ = ["Case", "all_cases"]


OWN: Final = "all"
"""The name of the token that may do everything."""


@dataclass(frozen=True)
class Case:
    """One request, and the status that it is meant to provoke."""

    operation: str
    name: str
    status: int
    target: str
    """Path and query, below the API's address."""
    token: str | None = OWN
    headers: dict[str, str] = field(default_factory=dict[str, str])
    content: bytes = b""
    again: bool = False
    """Whether to ask a second time, with the first answer's ETag."""
    options: MockOptions = field(default_factory=MockOptions)
    """What the server is made with."""
    fault: faults.Effect | None = None
    """What goes wrong."""

    @property
    def method(self) -> str:
        """The method of its operation."""
        return OPERATIONS[self.operation][0].upper()

    async def ask(self, prefix: str) -> httpx.Response:
        """Ask a server of its own, which serves the API under a path."""
        world = World({**self.options, "prefix": prefix})
        if self.fault is not None:
            world.server.fault(self.fault)
        headers = {"Authorization": f"Bearer {world.tokens[self.token]}"} if self.token else {}
        transport = httpx.ASGITransport(app=world.server)
        async with httpx.AsyncClient(transport=transport, headers=headers | self.headers) as client:
            request = client.build_request(self.method, address(prefix) + self.target, content=self.content or None)
            answer = await client.send(request)
            if self.again:
                request.headers["If-None-Match"] = answer.headers["ETag"]
                answer = await client.send(request)
            return answer


@cache
def all_cases() -> tuple[Case, ...]:
    """Give the cases of all 27 operations."""
    world = World()
    return tuple(case for name in OPERATIONS for case in _Asker(name, world).cases())


class _Asker:
    """Thinks of what to ask of one operation."""

    def __init__(self, operation: str, world: World) -> None:
        self.operation: Final = operation
        self.action, _, self.kind = operation.rpartition("_for_")
        self.owner: Final = OWNERS[self.kind]
        self.world: Final = world
        self.packages: Final = f"{self.owner}/packages"

    def cases(self) -> Iterator[Case]:
        specific = {
            "list_docker_migration_conflicts": self.conflicts,
            "list_packages": self.list_packages,
            "get_package": self.get_package,
            "delete_package": self.delete_package,
            "restore_package": self.restore_package,
            "list_package_versions": self.list_versions,
            "get_package_version": self.get_version,
            "delete_package_version": self.delete_version,
            "restore_package_version": self.restore_version,
        }
        yield from specific[self.action]()
        yield from self.refusals(self.usual())

    def case(self, name: str, status: int, target: str, token: str | None = OWN) -> Case:
        return Case(self.operation, name, status, target, token)

    def version_id(self, package_type: str, name: str, *, deleted: bool = False, oldest: bool = False) -> int:
        return self.world.version_id(self.kind, package_type, name, deleted=deleted, oldest=oldest)

    def usual(self) -> Case:
        """An ordinary request, which can be refused for one reason after another."""
        package = f"{self.packages}/container/web%2Fapi"
        versions = f"{package}/versions"
        target = {
            "list_docker_migration_conflicts": f"{self.owner}/docker/conflicts",
            "list_packages": f"{self.packages}?package_type=container",
            "restore_package": f"{self.packages}/container/gone/restore",
            "list_package_versions": versions,
            "get_package_version": f"{versions}/{self.version_id('container', 'web/api')}",
            "delete_package_version": f"{versions}/{self.version_id('container', 'web/api', oldest=True)}",
            "restore_package_version": f"{versions}/{self.version_id('container', 'web/api', deleted=True)}/restore",
        }.get(self.action, package)
        return self.case("as usual", 200 if self._reads else 204, target)

    @property
    def _reads(self) -> bool:
        return OPERATIONS[self.operation][0] == "get"

    # --- success, and refusals that only one action has

    def conflicts(self) -> Iterator[Case]:
        yield self.usual()
        yield replace(self.usual(), name="no conflicts", token="an outsider's")
        if self.kind == "org":
            yield self.case("nothing there", 200, "/orgs/empty-org/docker/conflicts")

    def list_packages(self) -> Iterator[Case]:
        for package_type in PACKAGE_TYPES:
            yield self.case(f"all of type {package_type}", 200, f"{self.packages}?package_type={package_type}")
        listing = f"{self.packages}?package_type=container"
        for visibility in ("public", "private", "internal"):
            yield self.case(f"only {visibility}", 200, f"{listing}&visibility={visibility}")
        yield self.case("page 2", 200, f"{listing}&per_page=2&page=2")
        yield self.case("beyond the end", 200, f"{listing}&page=50")
        yield self.case("beyond the window", 400, f"{listing}&per_page=100&page=101")
        yield self.case("without a type", 422, self.packages)
        yield self.case("of an unknown type", 422, f"{self.packages}?package_type=cargo")
        yield self.case("of an unknown visibility", 422, f"{listing}&visibility=secret")
        if self.kind != "authenticated_user":
            yield self.case("containers, with an app's token", 400, listing, "an app's")
            nobody = {"org": "/orgs/empty-org", "user": "/users/monalisa"}[self.kind]
            yield self.case("nothing there", 200, f"{nobody}/packages?package_type=npm&page=2")

    def get_package(self) -> Iterator[Case]:
        for package_type in PACKAGE_TYPES:
            for name in ("web", "bare"):
                yield self.case(f"{name} of type {package_type}", 200, f"{self.packages}/{package_type}/{name}")
        yield self.case("an internal one", 200, f"{self.packages}/container/web%2Fapi")

    def delete_package(self) -> Iterator[Case]:
        for package_type in PACKAGE_TYPES:
            yield self.case(f"web of type {package_type}", 204, f"{self.packages}/{package_type}/web")
        yield self.case("a popular one", 400, f"{self.packages}/container/popular")

    def restore_package(self) -> Iterator[Case]:
        yield self.usual()
        yield self.case("with a package's token", 204, f"{self.packages}/container/gone/restore?token=made-up")
        yield self.case("deleted long ago", 404, f"{self.packages}/container/long-gone/restore")
        yield self.case("never deleted", 404, f"{self.packages}/container/web/restore")

    def list_versions(self) -> Iterator[Case]:
        for package_type in PACKAGE_TYPES:
            versions = f"{self.packages}/{package_type}/web/versions"
            yield self.case(f"all of type {package_type}", 200, versions)
            yield self.case(f"deleted ones of type {package_type}", 200, f"{versions}?state=deleted")
        versions = f"{self.packages}/container/web/versions"
        yield self.case("page 2", 200, f"{versions}?per_page=1&page=2")
        yield self.case("beyond the end", 200, f"{versions}?page=50&per_page=100")
        yield self.case("beyond the window of packages", 200, f"{versions}?page=101&per_page=100")
        yield self.case("in an unknown state", 422, f"{versions}?state=lost")

    def get_version(self) -> Iterator[Case]:
        for package_type in PACKAGE_TYPES:
            for oldest in (True, False):
                number = self.version_id(package_type, "web", oldest=oldest)
                name = f"the {'oldest' if oldest else 'newest'} of type {package_type}"
                yield self.case(name, 200, f"{self.packages}/{package_type}/web/versions/{number}")

    def delete_version(self) -> Iterator[Case]:
        for package_type in PACKAGE_TYPES:
            yield self._deletion("web", 204, package_type, "web")
        for package_type in LIBRARY_TYPES:
            status = 400 if package_type in {"maven", "nuget"} else 204
            yield self._deletion("the last one", status, package_type, "single")
        yield self._deletion("the last tagged one", 400, "container", "tagged-once")
        yield self._deletion("a popular one", 400, "container", "popular")

    def _deletion(self, name: str, status: int, package_type: str, package: str) -> Case:
        target = f"{self.packages}/{package_type}/{package}/versions/{self.version_id(package_type, package)}"
        return self.case(f"{name} of type {package_type}", status, target)

    def restore_version(self) -> Iterator[Case]:
        for package_type in PACKAGE_TYPES:
            versions = f"{self.packages}/{package_type}/web/versions"
            number = self.version_id(package_type, "web", deleted=True)
            yield self.case(f"one of type {package_type}", 204, f"{versions}/{number}/restore")
            number = self.version_id(package_type, "web", deleted=True, oldest=True)
            yield self.case(f"deleted long ago, of type {package_type}", 404, f"{versions}/{number}/restore")

    # --- refusals that several actions have

    def refusals(self, usual: Case) -> Iterator[Case]:
        yield from self._everywhere(usual)
        yield from self._of_tokens(usual)
        yield from self._of_owners(usual)
        if usual.target.startswith(f"{self.packages}/"):
            yield from self._of_packages(usual)
        if "/versions/" in usual.target:
            yield from self._of_versions(usual)

    def _everywhere(self, usual: Case) -> Iterator[Case]:
        unknown, retired = ({"X-GitHub-Api-Version": version} for version in ("2020-02-02", "2022-11-28"))
        yield replace(usual, name="the next API version", headers={"X-GitHub-Api-Version": "2026-03-10"})
        yield replace(usual, name="an unknown API version", status=400, headers=unknown)
        options = MockOptions(retired_api_versions=["2022-11-28"])
        yield replace(usual, name="a retired API version", status=410, headers=retired, options=options)
        yield replace(usual, name="without a User-Agent", status=403, headers={"User-Agent": ""})
        for status in (403, 429):
            options = MockOptions(rate_limit=0, rate_limit_status=status)
            yield replace(usual, name="beyond the rate limit", status=status, options=options)
            fault = faults.SecondaryRefusal(status=status)
            yield replace(usual, name="beyond the secondary rate limit", status=status, fault=fault)
        for status in (500, 502, 503, 504):
            yield replace(usual, name="while the server fails", status=status, fault=faults.Status(status))
        if self._reads:
            options = MockOptions(conditional_requests=True)
            yield replace(usual, name="unchanged", status=304, options=options, again=True)
        if usual.method == "DELETE":
            yield replace(usual, name="with a body", status=422, content=b"{}")

    def _of_tokens(self, usual: Case) -> Iterator[Case]:
        yield replace(usual, name="without a token", status=401, token=None)
        yield replace(usual, name="with an unknown token", status=401, token="unknown")
        yield replace(usual, name="without any scope", status=403, token="no scope")
        if not self._reads:
            yield replace(usual, name="with the scope to read", status=403, token="reading")
        if self.kind == "org":
            yield replace(usual, name="without single sign-on", status=403, token="no single sign-on")
        if self.kind == "authenticated_user":
            yield replace(usual, name="with an app's token", status=403, token="an app's")
        if self.action in {"delete_package_version", "restore_package", "restore_package_version"} or (
            usual.target.startswith("/user/packages?")
        ):
            yield replace(usual, name="with an app's token of a user", status=403, token="an app user's")

    def _of_owners(self, usual: Case) -> Iterator[Case]:
        if self.kind == "authenticated_user":
            return
        base = self.owner.rpartition("/")[0]
        former = {"org": "old-org", "user": "old-user"}[self.kind]
        target = usual.target.replace(self.owner, f"{base}/nobody")
        yield replace(usual, name="no such owner", status=404, target=target)
        target = usual.target.replace(self.owner, f"{base}/{former}")
        yield replace(usual, name="a renamed owner", status=301 if self._reads else 307, target=target)

    def _of_packages(self, usual: Case) -> Iterator[Case]:
        name = "/container/gone" if self.action == "restore_package" else "/container/web%2Fapi"
        yield replace(usual, name="no such package", status=404, target=usual.target.replace(name, "/container/none"))
        target = usual.target.replace("/container/", "/cargo/")
        yield replace(usual, name="of an unknown type", status=422, target=target)
        if self.kind == "authenticated_user":
            return
        yield replace(usual, name="hidden from this token", status=404, token="an outsider's")
        if self.kind == "org":
            yield replace(usual, name="with a limited app's token", status=403, token="a limited app's")
        if self.kind == "org" and not self._reads:
            yield replace(usual, name="by no administrator", status=403, token="a member's")

    def _of_versions(self, usual: Case) -> Iterator[Case]:
        before, _, after = usual.target.partition("/versions/")
        for name, number in (("no such version", "1"), ("no number", "latest")):
            target = f"{before}/versions/{number}{'/restore' if after.endswith('/restore') else ''}"
            yield replace(usual, name=name, status=404, target=target)
