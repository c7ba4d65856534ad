"""Tokens: whose they are, what they may do, and what is left of their rate limit.

https://docs.github.com/packages/learn-github-packages/about-permissions-for-github-packages
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from ._behaviour import Behaviour
from ._http import Problem
from ._routes import Action
from ._state import REPOSITORY_TYPES, MockOwner, MockPackage

__all__ = [
    "ALL_SCOPES",
    "NOT_ACCESSIBLE",
    "RateWindow",
    "Token",
    "TokenKind",
    "can_administer",
    "can_see",
    "check_scopes",
    "check_sso",
]

TokenKind = Literal["classic", "fine-grained", "app-user", "installation", "actions"]
"""`installation` is a GitHub App's token, `app-user` the one that it has of a user, `actions` the GITHUB_TOKEN of a
workflow."""

TOKEN_KINDS: Final[tuple[str, ...]] = get_args(TokenKind)
ALL_SCOPES: Final = ("delete:packages", "read:packages", "repo", "write:packages")
READ: Final = frozenset({"read:packages"})

NOT_ACCESSIBLE: Final = "Resource not accessible by integration"
# What an app's token of a user is refused, by the lists of https://docs.github.com/rest/packages/packages
NOT_FOR_APP_USERS: Final[frozenset[Action]] = frozenset({"delete_version", "restore_package", "restore_version"})

# The messages for a get, a list and a delete are as reported by users; those for the rest follow their pattern.
_PURPOSES: Final[dict[Action, str]] = {
    "conflicts": "to list packages",
    "delete_package": "to delete a package",
    "delete_version": "to delete a package version",
    "get_package": "to get a package",
    "get_version": "to get a package version",
    "list_packages": "to list packages",
    "list_versions": "to get a package's versions",
    "restore_package": "to restore a package",
    "restore_version": "to restore a package version",
}


class RateWindow:
    """A count of requests in windows of one hour, the first of which opens with the first request.

    https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """

    def __init__(self, limit: int | None) -> None:
        self.limit: Final = limit
        self.used = 0
        self.reset = 0

    def take(self, now: datetime) -> bool:
        """Count a request; tell whether there was room for it."""
        seconds = int(now.timestamp())
        if seconds >= self.reset:
            self.used, self.reset = 0, seconds + 3600
        if self.limit is None or self.used < self.limit:
            self.used += 1
            return True
        return False

    def give_back(self) -> None:
        """Uncount the last request, which turned out to be free."""
        self.used = max(self.used - 1, 0)

    def headers(self) -> dict[str, str]:
        """Give the rate headers; there are none without a limit."""
        if self.limit is None:
            return {}
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(max(self.limit - self.used, 0)),
            "x-ratelimit-reset": str(self.reset),
            "x-ratelimit-used": str(self.used),
            "x-ratelimit-resource": "core",
        }


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """A token and its rights."""

    account: MockOwner
    """The user it belongs to, or the account that an app is installed on."""
    kind: TokenKind
    scopes: frozenset[str]
    window: RateWindow
    sso_required: frozenset[str] = frozenset()
    """Organisations, in lower case, whose single sign-on it has not passed."""
    repositories: frozenset[str] | None = None
    """The repositories that an app's token is limited to."""
    expires_at: datetime | None = None
    rate_headers: bool = True
    rate_limit: int | None = None
    """What its window allows, if that is not what the server allows all tokens of its kind."""
    sso_id: str = ""
    """What single sign-on calls it."""

    @property
    def is_integration(self) -> bool:
        """Tell whether it stands for an app and not for a user."""
        return self.kind in {"installation", "actions"}

    def headers(self) -> dict[str, str]:
        """Give the headers that describe the token."""
        found: dict[str, str] = {}
        if self.kind == "classic":
            found["x-oauth-scopes"] = ", ".join(sorted(self.scopes))
            found["x-accepted-oauth-scopes"] = ""
        if self.expires_at is not None:
            found["github-authentication-token-expiration"] = f"{self.expires_at:%Y-%m-%d %H:%M:%S} UTC"
        return {**found, **(self.window.headers() if self.rate_headers else {})}


def required_scopes(action: Action) -> frozenset[str]:
    """Tell which scopes an operation takes."""
    verb = action.split("_", 1)[0]
    extra = {"delete": "delete:packages", "restore": "write:packages"}.get(verb)
    return READ | {extra} if extra else READ


def check_scopes(token: Token, action: Action, package_type: str, behaviour: Behaviour) -> None:
    """Refuse a token without the scopes for an operation."""
    if token.kind == "app-user" and action in NOT_FOR_APP_USERS:
        raise Problem(403, NOT_ACCESSIBLE)
    if token.kind == "fine-grained":
        if not behaviour.fine_grained_tokens:
            raise Problem(403, "Resource not accessible by personal access token")
        return
    required = required_scopes(action)
    if behaviour.repo_scope and token.kind == "classic" and package_type in REPOSITORY_TYPES:
        required |= {"repo"}
    held = token.scopes | READ if "write:packages" in token.scopes else token.scopes
    if required <= held:
        return
    if token.is_integration or token.kind == "app-user":
        raise Problem(403, NOT_ACCESSIBLE)
    *others, last = sorted(required)
    scopes = f"{', '.join(others)} and {last} scopes" if others else f"{last} scope"
    raise Problem(403, f"You need at least {scopes} {_PURPOSES[action]}.")


def check_sso(token: Token, owner: MockOwner, web: str) -> None:
    """Refuse a token that has not passed an organisation's single sign-on.

    https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    if owner.login.lower() not in token.sso_required:
        return
    raise Problem(
        403,
        "Resource protected by organization SAML enforcement. "
        "You must grant your Personal Access token access to this organization.",
        headers={"x-github-sso": f"required; url={web}/orgs/{owner.login}/sso?authorization_request={token.sso_id}"},
    )


def can_see(token: Token, package: MockPackage) -> bool:
    """Tell whether a package exists, as far as a token can know."""
    if package.visibility == "public":
        return True
    if token.is_integration:
        return _is_granted(token, package)
    return package.owner.role_of(token.account) is not None


def can_administer(token: Token, package: MockPackage) -> bool:
    """Tell whether a token may delete and restore a package that it sees."""
    if token.is_integration:
        return _is_granted(token, package)
    return package.owner.role_of(token.account) == "admin"


def _is_granted(token: Token, package: MockPackage) -> bool:
    if package.owner is not token.account:
        return False
    return token.repositories is None or (
        package.repository is not None and package.repository.name in token.repositories
    )
