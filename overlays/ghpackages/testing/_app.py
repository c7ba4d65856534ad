"""The server: an ASGI application around the rules."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from itertools import count
from typing import Final, Self, Unpack

from ._asgi import Message, Receive, Send, decline, read, write
from ._auth import ALL_SCOPES, TOKEN_KINDS, RateWindow, Token, TokenKind
from ._behaviour import Behaviour, Clock, MockOptions
from ._example import fill
from ._gate import Gate
from ._http import Request, Response
from ._state import Inventory, MockOwner, instant

__all__ = ["MockGitHub", "RecordedRequest"]

ACTIONS_LIMIT: Final = 1000
REQUESTS_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request that the server answered."""

    method: str
    path: str
    """As sent: percent-encoded."""
    query: str
    headers: dict[str, str] = field(repr=False)
    """By lower-case name; of the authorization only the scheme is kept."""
    status: int


class MockGitHub:
    """The GitHub Packages REST API with a memory, as an ASGI application.

    It starts with one user, `octocat`, who owns `token`. Add organisations, packages and versions, then pass it to
    `httpx.ASGITransport(app=server)` or serve it with `running` or `serve`. `Behaviour` explains the options.
    """

    def __init__(self, **options: Unpack[MockOptions]) -> None:
        self.behaviour = Behaviour(**options)
        self.requests: Final = deque[RecordedRequest](maxlen=REQUESTS_KEPT)
        """What was asked, oldest first; only the last 20,000 are kept. Call `clear` to forget them."""
        self._inventory = Inventory(self.behaviour.clock)
        self._gate = Gate(self.behaviour, self._inventory)
        self._numbers = count(1)
        self._token_numbers = count()
        self.user: Final = self._inventory.add_owner("User", "octocat", 583_231)
        """The authenticated user, owner of `token`."""
        self.token: Final = self.add_token()
        """A token with all scopes."""

    @classmethod
    def octo_org(cls, *, seed: int = 0, **options: Unpack[MockOptions]) -> Self:
        """Make a server that holds the example organisation `octo-org`, always the same for a seed."""
        server = cls(**options)
        fill(server, seed)
        return server

    @property
    def clock(self) -> Clock:
        """Tells the time that deletions, restorations and rate limits go by; may be replaced."""
        return self._inventory.clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self._inventory.clock = clock

    @property
    def owners(self) -> list[MockOwner]:
        """All organisations and users."""
        return list(self._inventory.owners.values())

    def owner(self, login: str) -> MockOwner:
        """Find an organisation or a user."""
        try:
            return self._inventory.owners[login.lower()]
        except KeyError:
            raise ValueError(f"there is no owner named {login!r}") from None

    def add_org(
        self,
        login: str,
        *,
        id: int | None = None,  # noqa: A002  (what GitHub calls it)
        admins: Collection[str] = ("octocat",),
        members: Collection[str] = (),
    ) -> MockOwner:
        """Add an organisation; `octocat` administers it unless others are named."""
        org = self._inventory.add_owner("Organization", login, id)
        for member in members:
            org.add_member(member)
        for admin in admins:
            org.add_member(admin, role="admin")
        return org

    def add_user(self, login: str, *, id: int | None = None) -> MockOwner:  # noqa: A002  (what GitHub calls it)
        """Add a user; asked for `octocat`, who is there from the start, just give them."""
        if id is None and login.lower() == self.user.login:
            return self.user
        return self._inventory.add_owner("User", login, id)

    def add_token(
        self,
        token: str | None = None,
        *,
        login: str = "octocat",
        scopes: Collection[str] = ALL_SCOPES,
        kind: TokenKind = "classic",
        sso_required: Collection[str] = (),
        repositories: Collection[str] | None = None,
        expires_at: datetime | None = None,
        rate_limit: int | None = None,
        rate_headers: bool = True,
    ) -> str:
        """Add a token, made up if none is given, and return it.

        `login` is its user or, for an app's token (kind `installation` or `actions`), the account that the app is
        installed on; `repositories` then limits it to packages linked to these. `scopes` stand for an app's
        permissions too. `sso_required` names organisations whose single sign-on the token has not passed.
        `rate_limit` replaces the server's (at most 1,000 for kind `actions`); `rate_headers=False` hides it, as seen
        with Actions tokens.
        """
        value = self._made_up() if token is None else token
        if not value.strip() or value in self._gate.tokens:
            raise ValueError("a token can't be empty or added twice")
        if kind not in TOKEN_KINDS:
            raise ValueError(f"unknown kind of token {kind!r}: expected one of {', '.join(TOKEN_KINDS)}")
        self._gate.tokens[value] = Token(
            self.owner(login),
            kind,
            frozenset((scopes,) if isinstance(scopes, str) else scopes),
            RateWindow(self._default_limit(kind) if rate_limit is None else rate_limit),
            frozenset(org.lower() for org in sso_required),
            None if repositories is None else frozenset(repositories),
            None if expires_at is None else instant(expires_at),
            rate_headers,
            sso_id=sha256(value.encode()).hexdigest()[:24].upper(),
        )
        return value

    def revoke_token(self, token: str) -> None:
        """Make a token a bad one."""
        if self._gate.tokens.pop(token, None) is None:
            raise ValueError("there is no such token")

    def clear(self) -> None:
        """Forget the recorded requests."""
        self.requests.clear()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; see https://asgi.readthedocs.io."""
        if scope["type"] != "http":
            await decline(scope, receive, send)
            return
        request = await read(scope, receive)
        await write(request, await self._respond(request), send)

    async def _respond(self, request: Request) -> Response:
        """Stand between the connection and the rules: whatever delays, loses or spoils an answer belongs here."""
        return self.handle(request)

    def handle(self, request: Request) -> Response:
        """Answer a request without any I/O."""
        now = self._inventory.now()
        response = self._gate.answer(request, now)
        number = next(self._numbers)
        response.headers["date"] = _http_date(now)
        response.headers["server"] = "github.com"
        # Shaped like GitHub's, but counted: the same requests get the same ids.
        response.headers["x-github-request-id"] = f"C0DE:{number:05X}:{number * 7:06X}:{number * 11:06X}:{number:08X}"
        headers = _without_secret(request.headers)
        record = RecordedRequest(request.method, request.raw_path, request.query, headers, response.status)
        self.requests.append(record)
        return response

    def _default_limit(self, kind: TokenKind) -> int | None:
        limit = self.behaviour.rate_limit
        return limit if limit is None or kind != "actions" else min(limit, ACTIONS_LIMIT)

    def _made_up(self) -> str:
        return f"ghp_{sha256(str(next(self._token_numbers)).encode()).hexdigest()[:36]}"


@lru_cache(maxsize=16)
def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def _without_secret(headers: Mapping[str, str]) -> dict[str, str]:
    masked = dict(headers)
    if "authorization" in masked:
        masked["authorization"] = f"{masked['authorization'].split(' ', 1)[0]} ***"
    return masked
