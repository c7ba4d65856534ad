"""All that a server knows and remembers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final

from ._auth import TOKEN_KINDS, RateWindow, Token, TokenKind
from ._behaviour import Behaviour
from ._state import Ids, Inventory, MockOwner

__all__ = ["USER", "USER_ID", "World"]

USER: Final = "octocat"
USER_ID: Final = 583_231
ACTIONS_LIMIT: Final = 1000


@dataclass(eq=False, slots=True)
class World:
    """Owners with all that they own, tokens, and what was counted so far."""

    behaviour: Behaviour
    inventory: Inventory
    user: MockOwner
    """The authenticated user."""
    token: str = ""
    """The token that is there from the start."""
    tokens: dict[str, Token] = field(default_factory=dict[str, Token])
    anonymous: RateWindow = field(init=False)
    """The limit of those who have no token."""
    token_ids: Ids = field(default_factory=lambda: Ids(0, 1))
    request_ids: Ids = field(default_factory=lambda: Ids(1, 1))

    def __post_init__(self) -> None:
        """Give those without a token a limit, unless there is none for anyone."""
        self.anonymous = RateWindow(self.behaviour.rate_limit and self.behaviour.anonymous_rate_limit)

    @classmethod
    def empty(cls, behaviour: Behaviour) -> World:
        """Make one that has only a user."""
        inventory = Inventory(behaviour.clock)
        return cls(behaviour, inventory, inventory.add_owner("User", USER, USER_ID))

    @property
    def counters(self) -> dict[str, Ids]:
        """What numbers things, by what it numbers."""
        return {
            "owner": self.inventory.owner_ids,
            "repository": self.inventory.repository_ids,
            "package": self.inventory.package_ids,
            "version": self.inventory.version_ids,
            "token": self.token_ids,
            "request": self.request_ids,
        }

    def owner(self, login: str) -> MockOwner:
        """Find an organisation or a user."""
        try:
            return self.inventory.owners[login.lower()]
        except KeyError:
            raise ValueError(f"there is no owner named {login!r}") from None

    def window(self, kind: TokenKind, limit: int | None) -> RateWindow:
        """Give a token's limit; by default what the server allows tokens of its kind."""
        default = self.behaviour.rate_limit
        if default is not None and kind == "actions":
            default = min(default, ACTIONS_LIMIT)
        return RateWindow(default if limit is None else limit)

    def add_token(self, value: str, token: Token) -> None:
        """Make a token valid."""
        if not value.strip() or value in self.tokens:
            raise ValueError("a token can't be empty or added twice")
        if token.kind not in TOKEN_KINDS:
            raise ValueError(f"unknown kind of token {token.kind!r}: expected one of {', '.join(TOKEN_KINDS)}")
        sso_id = sha256(value.encode()).hexdigest()[:24].upper()
        self.tokens[value] = replace(token, sso_id=sso_id, window=self._shared_window(token))

    def _shared_window(self, token: Token) -> RateWindow:
        """Let Actions tokens of the same repository share their limit.

        https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
        """
        if token.kind != "actions" or not token.repositories or token.rate_limit is not None:
            return token.window
        mine = token.kind, token.account, token.repositories, None
        others = self.tokens.values()
        same = (one.window for one in others if (one.kind, one.account, one.repositories, one.rate_limit) == mine)
        return next(same, token.window)

    def made_up_token(self) -> str:
        """Make a token's value up."""
        while (value := _made_up(self.token_ids.take())) in self.tokens:
            pass
        return value


def _made_up(number: int) -> str:
    return f"ghp_{sha256(str(number).encode()).hexdigest()[:36]}"
