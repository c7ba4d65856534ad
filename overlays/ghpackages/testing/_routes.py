"""Which of the 27 operations a request asks for.

The nine things to do exist for an organisation, a user and the authenticated user, and below the numeric owners that
Link headers point to: https://docs.github.com/rest/packages/packages
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from ._http import split_path

__all__ = ["Action", "OwnerRef", "Route", "allowed_methods", "documentation_url", "resolve"]

Action = Literal[
    "conflicts",
    "delete_package",
    "delete_version",
    "get_package",
    "get_version",
    "list_packages",
    "list_versions",
    "restore_package",
    "restore_version",
]

DOCUMENTATION: Final = "https://docs.github.com/rest/packages/packages"

# The anchors on GitHub's page, for organisation, user and authenticated user.
_FOR: Final = {"org": "for-an-organization", "user": "for-a-user", "me": "for-the-authenticated-user"}
_LISTED: Final = {**_FOR, "me": "for-the-authenticated-users-namespace"}
_OWNED: Final = {"org": "an-organization", "user": "a-user", "me": "the-authenticated-user"}
_CONFLICTS: Final = {"org": "organization", "user": "user", "me": "authenticated-user"}


@dataclass(frozen=True, slots=True)
class OwnerRef:
    """How a path names an owner: by login, by number, or as the authenticated user."""

    kind: Literal["org", "user", "me"]
    login: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """An operation and what its path names."""

    action: Action
    owner: OwnerRef
    raw_rest: str
    """The path after the owner, as sent."""
    package_type: str = ""
    name: str = ""
    version_id: int = 0


@lru_cache(maxsize=4096)
def resolve(method: str, raw_path: str) -> Route | None:
    """Find the operation; None stands for 404. A trailing slash names nothing."""
    segments = split_path(raw_path)
    if "" in segments:
        return None
    found = _owner(segments)
    if found is None:
        return None
    owner, rest = found
    raw_rest = "/".join(raw_path.split("/")[-len(rest) :])
    return _operation("GET" if method == "HEAD" else method, owner, rest, raw_rest)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _owner(segments: list[str]) -> tuple[OwnerRef, list[str]] | None:
    match segments:
        case ["orgs", login, _, *_]:
            return OwnerRef("org", login=login), segments[2:]
        case ["users", login, _, *_]:
            return OwnerRef("user", login=login), segments[2:]
        case ["organizations" | "user" as kind, text, _, *_] if number := _number(text):
            return OwnerRef("org" if kind == "organizations" else "user", number=number), segments[2:]
        case ["user", _, *_]:
            return OwnerRef("me"), segments[1:]
        case _:
            return None


def _operation(method: str, owner: OwnerRef, rest: list[str], raw_rest: str) -> Route | None:
    match method, rest:
        case "GET", ["docker", "conflicts"]:
            return Route("conflicts", owner, raw_rest)
        case "GET", ["packages"]:
            return Route("list_packages", owner, raw_rest)
        case _, ["packages", package_type, name, *tail]:
            return _package_operation(method, owner, raw_rest, (package_type, name), tail)
        case _:
            return None


def _package_operation(
    method: str, owner: OwnerRef, raw_rest: str, package: tuple[str, str], tail: list[str]
) -> Route | None:
    number = _number(tail[1]) if len(tail) > 1 else None
    match method, tail:
        case "GET", []:
            action: Action = "get_package"
        case "DELETE", []:
            action = "delete_package"
        case "POST", ["restore"]:
            action = "restore_package"
        case "GET", ["versions"]:
            action = "list_versions"
        case "GET", ["versions", _] if number is not None:
            action = "get_version"
        case "DELETE", ["versions", _] if number is not None:
            action = "delete_version"
        case "POST", ["versions", _, "restore"] if number is not None:
            action = "restore_version"
        case _:
            return None
    return Route(action, owner, raw_rest, *package, number or 0)


def allowed_methods(raw_path: str) -> list[str]:
    """Tell which methods a path has."""
    return [method for method in ("GET", "HEAD", "POST", "DELETE") if resolve(method, raw_path)]


def documentation_url(route: Route, page: str = DOCUMENTATION) -> str:
    """Give the place in GitHub's documentation that an error body points to."""
    return f"{page}#{_anchor(route.action, route.owner.kind)}"


def _anchor(action: Action, kind: Literal["org", "user", "me"]) -> str:
    match action:
        case "conflicts":
            return f"get-list-of-conflicting-packages-during-docker-migration-for-{_CONFLICTS[kind]}"
        case "list_packages":
            return f"list-packages-{_LISTED[kind]}"
        case "list_versions":
            return f"list-package-versions-for-a-package-owned-by-{_OWNED[kind]}"
        case "get_version":
            return f"get-a-package-version-{_FOR[kind]}"
        case "delete_version" | "restore_version":
            article = "a-" if kind == "me" else ""
            return f"{action.removesuffix('_version')}-{article}package-version-{_FOR[kind]}"
        case _:
            return f"{action.removesuffix('_package')}-a-package-{_FOR[kind]}"
