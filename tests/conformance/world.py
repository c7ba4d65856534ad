"""What the mock server holds for the cases: every kind of package and version, the same for each owner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from ghpackages.testing import MockGitHub, MockOptions, MockOwner, MockPackage

__all__ = ["LIBRARY_TYPES", "NOW", "OWNERS", "PACKAGE_TYPES", "World", "address"]

NOW: Final = datetime(2026, 6, 15, 12, tzinfo=UTC)
PACKAGE_TYPES: Final = ("npm", "maven", "rubygems", "docker", "nuget", "container")
LIBRARY_TYPES: Final = ("npm", "maven", "rubygems", "nuget")

OWNERS: Final = {"org": "/orgs/octo-org", "user": "/users/octocat", "authenticated_user": "/user"}
"""Who is asked about, for each kind of owner; `octocat` is the authenticated user."""


def address(prefix: str) -> str:
    """Give the API's address on an installation that serves it under a path, or on github.com."""
    return f"https://github.example.com{prefix}" if prefix else "https://api.github.com"


class World:
    """A server with an organisation and a user who own the same things, and tokens of all kinds.

    The same things get the same ids each time.
    """

    def __init__(self, options: MockOptions | None = None) -> None:
        given: MockOptions = {"clock": lambda: NOW, **(options or {})}
        self.server: Final = MockGitHub(**given)
        server = self.server
        server.add_user("hubot")
        server.add_user("monalisa")
        self.org: Final = server.add_org("octo-org", members=["hubot"])
        self.user: Final = server.user
        server.add_org("empty-org")
        for owner in (self.org, self.user):
            _fill(owner)
        server.add_org("old-org").rename("new-org")
        server.add_user("old-user").rename("new-user")
        self.tokens: Final = {
            "all": server.token,
            "unknown": "ghp_unknown",
            "no scope": server.add_token(scopes=()),
            "reading": server.add_token(scopes=["read:packages"]),
            "no single sign-on": server.add_token(sso_required=["octo-org"]),
            "a member's": server.add_token(login="hubot"),
            "an outsider's": server.add_token(login="monalisa"),
            "an app's": server.add_token(login="octo-org", kind="installation"),
            "an app user's": server.add_token(kind="app-user"),
            "a limited app's": server.add_token(login="octo-org", kind="installation", repositories=[]),
        }

    def owner(self, kind: str) -> MockOwner:
        """Find who owns things, for `org`, `user` and `authenticated_user`."""
        return self.org if kind == "org" else self.user

    def version_id(self, kind: str, package_type: str, name: str, *, deleted: bool, oldest: bool) -> int:
        """Find the newest version, or the oldest, of a package."""
        package = self.owner(kind).package(package_type, name)
        assert package is not None
        versions = [one for one in package.versions if (one.deleted_at is not None) == deleted]
        return (min if oldest else max)(versions, key=lambda one: one.created_at).id


def _fill(owner: MockOwner) -> None:
    for package_type in PACKAGE_TYPES:
        _add_versions(owner.add_package(package_type, "web", repository="web", created_at=_ago(300)))
        _add_versions(owner.add_package(package_type, "bare", visibility="public", created_at=_ago(200)))
    for name in ("hidden", "web/api"):
        _add_versions(owner.add_package("container", name, visibility="internal", created_at=_ago(100)))
    _add_versions(owner.add_package("docker", "moved", conflict=True, repository="web"))
    _add_versions(owner.add_package("container", "popular", visibility="public", downloads=9_000))
    for package_type in LIBRARY_TYPES:
        owner.add_package(package_type, "single").add_version()
    tagged_once = owner.add_package("container", "tagged-once")
    tagged_once.add_version(created_at=_ago(2))
    tagged_once.add_version(created_at=_ago(1), tags=["latest"])
    for name, days in (("gone", 10), ("long-gone", 40)):
        gone = owner.add_package("container", name, created_at=_ago(50))
        gone.add_version(created_at=_ago(50))
        gone.delete(at=_ago(days))


def _add_versions(package: MockPackage) -> None:
    """Add versions with and without what a version may have, and two that were deleted."""
    if package.package_type in LIBRARY_TYPES:
        package.add_version(created_at=_ago(20))
        package.add_version(created_at=_ago(19), license="MIT", description="A library.")
    else:
        package.add_version(created_at=_ago(20))
        package.add_version(created_at=_ago(19), tags=["1.0", "latest"])
        package.add_version(created_at=_ago(18), tags=["1.1"])
    package.add_version(created_at=_ago(60), deleted_at=_ago(40))
    package.add_version(created_at=_ago(30), deleted_at=_ago(10))


def _ago(days: int) -> datetime:
    return NOW - timedelta(days=days)
