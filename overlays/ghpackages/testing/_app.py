"""The server: an ASGI application around the rules."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from itertools import count
from typing import Any, Final, NoReturn, Self, Unpack, cast
from urllib.parse import quote

from ._auth import ALL_SCOPES, TOKEN_KINDS, RateWindow, Token, TokenKind, check_scopes, check_sso
from ._behaviour import Behaviour, Clock, MockOptions
from ._example import fill
from ._http import Problem, Request, Response, split_path
from ._payloads import Site
from ._routes import Route, allowed_methods, documentation_url, resolve
from ._rules import Call, perform
from ._state import Inventory, MockOwner, instant

__all__ = ["MockGitHub", "RecordedRequest"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# https://docs.github.com/rest/about-the-rest-api/api-versions
DEFAULT_VERSION: Final = "2022-11-28"
API_VERSIONS: Final = (DEFAULT_VERSION, "2026-03-10")
REST_DOCS: Final = "https://docs.github.com/rest"
ACTIONS_LIMIT: Final = 1000
REQUESTS_KEPT: Final = 20_000

NO_USER_AGENT: Final = "Request forbidden by administrative rules: a User-Agent header is required."
FRONT_PAGE: Final = "<!DOCTYPE html><html><head><title>GitHub</title></head><body></body></html>"


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
        self._tokens: dict[str, Token] = {}
        self._anonymous = RateWindow(self.behaviour.rate_limit and self.behaviour.anonymous_rate_limit)
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
        if not value.strip() or value in self._tokens:
            raise ValueError("a token can't be empty or added twice")
        if kind not in TOKEN_KINDS:
            raise ValueError(f"unknown kind of token {kind!r}: expected one of {', '.join(TOKEN_KINDS)}")
        self._tokens[value] = Token(
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
        if self._tokens.pop(token, None) is None:
            raise ValueError("there is no such token")

    def clear(self) -> None:
        """Forget the recorded requests."""
        self.requests.clear()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request; see https://asgi.readthedocs.io."""
        if scope["type"] != "http":
            await _decline(scope, receive, send)
            return
        request = await _read(scope, receive)
        await _write(request, await self._respond(request), send)

    async def _respond(self, request: Request) -> Response:
        """Stand between the connection and the rules: whatever delays, loses or spoils an answer belongs here."""
        return self.handle(request)

    def handle(self, request: Request) -> Response:
        """Answer a request without any I/O."""
        response = self._answer(request)
        number = next(self._numbers)
        response.headers["date"] = format_datetime(self._inventory.now(), usegmt=True)
        response.headers["server"] = "github.com"
        # Shaped like GitHub's, but counted: the same requests get the same ids.
        response.headers["x-github-request-id"] = f"C0DE:{number:05X}:{number * 7:06X}:{number * 11:06X}:{number:08X}"
        headers = {name: _masked(name, value) for name, value in request.headers.items()}
        record = RecordedRequest(request.method, request.raw_path, request.query, headers, response.status)
        self.requests.append(record)
        return response

    def _answer(self, request: Request) -> Response:
        prefix = self.behaviour.prefix
        if prefix and not request.raw_path.startswith(f"{prefix}/"):
            return _html(200, FRONT_PAGE)
        if not request.headers.get("user-agent"):
            return _html(403, NO_USER_AGENT)
        raw_path = request.raw_path.removeprefix(prefix)
        segments = split_path(raw_path)
        route = resolve(request.method, raw_path, segments)
        if request.method == "OPTIONS" and (allowed := ", ".join(allowed_methods(raw_path, segments))):
            return Response(204, headers={"access-control-allow-methods": allowed, "allow": allowed})
        return self._authenticated(request, route)

    def _authenticated(self, request: Request, route: Route | None) -> Response:
        token, given = self._identify(request)
        window = token.window if token else self._anonymous
        try:
            self._count(request, token, window)
            version = _api_version(request, self.behaviour.retired_api_versions)
            if given and token is None:
                raise Problem(401, "Bad credentials", url=REST_DOCS)
            response = self._call(request, route, token, version)
        except Problem as problem:
            response = self._failure(problem, route)
        response = self._conditional(request, response, window)
        return self._described(response, request, token)

    def _identify(self, request: Request) -> tuple[Token | None, bool]:
        """Find the token; tell also whether there was one at all."""
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            return None, False
        token = self._tokens.get(value.strip()) if scheme.lower() in {"bearer", "token"} else None
        expired = token is not None and token.expires_at is not None and token.expires_at <= self._inventory.now()
        return None if expired else token, True

    def _count(self, request: Request, token: Token | None, window: RateWindow) -> None:
        if window.take(self._inventory.now()):
            return
        if token is None:
            whose = request.client
        else:
            whose = f"{'installation' if token.is_integration else 'user'} ID {token.account.id}"
        url = f"{REST_DOCS}/overview/rate-limits-for-the-rest-api"
        raise Problem(self.behaviour.rate_limit_status, f"API rate limit exceeded for {whose}.", url=url)

    def _call(self, request: Request, route: Route | None, token: Token | None, version: str) -> Response:
        if route is None:
            raise Problem(404, "Not Found", url=REST_DOCS)
        if token is None:
            raise Problem(401, "Requires authentication")
        check_scopes(token, route.action, fine_grained_tokens=self.behaviour.fine_grained_tokens)
        if request.method == "DELETE" and request.body:  # https://github.com/cli/cli/issues/4286
            raise Problem(422, "Invalid request.\n\nThe request must not have a body.")
        site = Site.of(request, self.behaviour.prefix, has_downloads=version == DEFAULT_VERSION)
        owner = self._find_owner(request, route, token, site)
        check_sso(token, owner, site.web)
        return perform(Call(request, route, owner, token, site, self.behaviour, self._inventory.now()))

    def _find_owner(self, request: Request, route: Route, token: Token, site: Site) -> MockOwner:
        ref = route.owner
        if ref.kind == "me":
            if token.is_integration:
                raise Problem(403, "Resource not accessible by integration")
            return token.account
        inventory = self._inventory
        owner = inventory.by_id.get(ref.number) if ref.number else inventory.owners.get(ref.login.lower())
        if owner is None and self.behaviour.rename_redirects and (former := inventory.former.get(ref.login.lower())):
            _redirect(request, route, former, site)
        if owner is None or (owner.type == "Organization") != (ref.kind == "org"):
            raise Problem(404, "Not Found")
        return owner

    def _failure(self, problem: Problem, route: Route | None) -> Response:
        url = problem.url or (documentation_url(route) if route else REST_DOCS)
        body: dict[str, object] = {"message": problem.message}
        if problem.errors is not None:
            body["errors"] = problem.errors
        if "location" in problem.headers:
            body["url"] = problem.headers["location"]
        body["documentation_url"] = url
        if self.behaviour.error_status:
            body["status"] = str(problem.status)
        return Response(problem.status, json.dumps(body).encode(), dict(problem.headers))

    def _conditional(self, request: Request, response: Response, window: RateWindow) -> Response:
        if response.status != 200:
            return response
        response.headers["etag"] = etag = f'"{sha256(response.body).hexdigest()}"'
        response.headers["cache-control"] = "private, max-age=60, s-maxage=60"
        asked = request.headers.get("if-none-match", "").removeprefix("W/")
        if self.behaviour.conditional_requests and asked == etag:
            window.give_back()
            response.status, response.body = 304, b""
        return response

    def _described(self, response: Response, request: Request, token: Token | None) -> Response:
        headers = response.headers
        if response.status not in {204, 304}:
            headers["content-type"] = "application/json; charset=utf-8"
        headers["vary"] = "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With"
        headers["x-github-media-type"] = "github.v3; format=json"
        headers["x-github-api-version-selected"] = request.headers.get("x-github-api-version", DEFAULT_VERSION)
        headers.update(token.headers() if token else self._anonymous.headers())
        if self.behaviour.deprecation_link:
            links = (headers.get("link"), f'<{self.behaviour.deprecation_link}>; rel="deprecation"; type="text/html"')
            headers["link"] = ", ".join(filter(None, links))
        return response

    def _default_limit(self, kind: TokenKind) -> int | None:
        limit = self.behaviour.rate_limit
        return limit if limit is None or kind != "actions" else min(limit, ACTIONS_LIMIT)

    def _made_up(self) -> str:
        return f"ghp_{sha256(str(next(self._token_numbers)).encode()).hexdigest()[:36]}"


def _api_version(request: Request, retired: Collection[str]) -> str:
    version = request.headers.get("x-github-api-version", DEFAULT_VERSION)
    if version in retired:
        raise Problem(410, "Gone", errors=f"The API version {version} is no longer supported.", url=REST_DOCS)
    if version not in API_VERSIONS:
        raise Problem(400, "Bad Request", errors=f"{version!r} is not a supported API version.", url=REST_DOCS)
    return version


def _redirect(request: Request, route: Route, owner: MockOwner, site: Site) -> NoReturn:
    status, message = (301, "Moved Permanently") if request.reads else (307, "Temporary Redirect")
    kind = "organizations" if owner.type == "Organization" else "user"
    query = f"?{request.query}" if request.query else ""
    location = f"{site.api}/{kind}/{owner.id}/{route.raw_rest}{query}"
    raise Problem(status, message, headers={"location": location})


def _html(status: int, body: str) -> Response:
    return Response(status, body.encode(), {"content-type": "text/html; charset=utf-8"})


def _masked(name: str, value: str) -> str:
    return f"{value.split(' ', 1)[0]} ***" if name == "authorization" else value


async def _read(scope: MutableMapping[str, Any], receive: Receive) -> Request:
    # Some versions of httpx leave the query in `raw_path`; some servers give no `raw_path`.
    raw_path = cast(bytes, scope.get("raw_path") or quote(scope["path"]).encode()).split(b"?", 1)[0]
    headers = cast("list[tuple[bytes, bytes]]", scope["headers"])
    client = cast("tuple[str, int] | None", scope.get("client"))
    return Request(
        scope["method"].upper(),
        raw_path.decode("latin-1"),
        cast(bytes, scope.get("query_string", b"")).decode("latin-1"),
        {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers},
        await _read_body(receive),
        scope.get("scheme", "https"),
        client[0] if client else "127.0.0.1",
    )


async def _read_body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def _write(request: Request, response: Response, send: Send) -> None:
    if response.status not in {204, 304}:
        response.headers["content-length"] = str(len(response.body))
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    body = b"" if request.method == "HEAD" else response.body
    await send({"type": "http.response.body", "body": body})


async def _decline(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Go along with a server's lifespan; open no websocket."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close"})
        return
    while True:
        phase = (await receive())["type"]
        await send({"type": f"{phase}.complete"})
        if phase == "lifespan.shutdown":
            return
