"""What every request goes through: the token, the rate limit, the version, and the headers of every answer."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Final, NoReturn

from ._auth import NOT_ACCESSIBLE, RateWindow, Token, check_scopes, check_sso
from ._clock import instant
from ._http import Problem, Request, Response
from ._pages import EncodedPage, PageCache
from ._payloads import Site
from ._routes import Route, allowed_methods, documentation_url, resolve
from ._rules import Call, perform
from ._state import MockOwner
from ._world import World

__all__ = ["Gate"]

# https://docs.github.com/rest/about-the-rest-api/api-versions
DEFAULT_VERSION: Final = "2022-11-28"
API_VERSIONS: Final = (DEFAULT_VERSION, "2026-03-10")
REST_DOCS: Final = "https://docs.github.com/rest"

NO_USER_AGENT: Final = "Request forbidden by administrative rules: a User-Agent header is required."
FRONT_PAGE: Final = "<!DOCTYPE html><html><head><title>GitHub</title></head><body></body></html>"


class Gate:
    """Lets requests through to the rules, and describes the answers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.behaviour: Final = world.behaviour
        self._pages: Final = PageCache()

    @property
    def tokens(self) -> dict[str, Token]:
        """The tokens that are valid."""
        return self.world.tokens

    def login(self, request: Request, at: datetime) -> str | None:
        """Return the login to which a request's token belongs, if that is valid at an instant."""
        token, _ = self._identify(request, instant(at))
        return token.account.login if token else None

    def answer(self, request: Request, now: datetime) -> Response:
        """Answer a request."""
        prefix = self.behaviour.prefix
        if prefix and not request.raw_path.startswith(f"{prefix}/"):
            return _html(200, FRONT_PAGE)
        if not request.headers.get("user-agent"):
            return _html(403, NO_USER_AGENT)
        raw_path = request.raw_path.removeprefix(prefix)
        if request.method == "OPTIONS" and (allowed := ", ".join(allowed_methods(raw_path))):
            return Response(204, headers={"access-control-allow-methods": allowed, "allow": allowed})
        return self._authenticated(request, resolve(request.method, raw_path), now)

    def _authenticated(self, request: Request, route: Route | None, now: datetime) -> Response:
        token, given = self._identify(request, now)
        window = token.window if token else self.world.anonymous
        try:
            self._count(request, token, window, now)
            _check_api_version(request, self.behaviour.retired_api_versions)
            if given and token is None:
                raise Problem(401, "Bad credentials", url=REST_DOCS)
            response = self._call(request, route, token, now)
        except Problem as problem:
            response = self._failure(problem, route)
        response = self._conditional(request, response, window)
        return self._described(response, request, token)

    def _identify(self, request: Request, now: datetime) -> tuple[Token | None, bool]:
        """Find the token; tell also whether there was one at all."""
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            return None, False
        token = self.tokens.get(value.strip()) if scheme.lower() in {"bearer", "token"} else None
        expired = token is not None and token.expires_at is not None and token.expires_at <= now
        return None if expired else token, True

    def _count(self, request: Request, token: Token | None, window: RateWindow, now: datetime) -> None:
        if window.take(now):
            return
        if token is None:
            whose = request.client
        else:
            whose = f"{'installation' if token.is_integration else 'user'} ID {token.account.id}"
        url = f"{REST_DOCS}/overview/rate-limits-for-the-rest-api"
        raise Problem(self.behaviour.rate_limit_status, f"API rate limit exceeded for {whose}.", url=url)

    def _call(self, request: Request, route: Route | None, token: Token | None, now: datetime) -> Response:
        if route is None:
            raise Problem(404, "Not Found", url=REST_DOCS)
        if token is None:
            raise Problem(401, "Requires authentication")
        if not route.name:  # else the package is looked up first
            check_scopes(token, route.action, request.parameters.get("package_type", ""), self.behaviour)
        site = Site.of(request, self.behaviour.prefix)
        owner = self._find_owner(request, route, token, site)
        check_sso(token, owner, site.web)
        return perform(Call(request, route, owner, token, site, self.behaviour, now, self._pages))

    def _find_owner(self, request: Request, route: Route, token: Token, site: Site) -> MockOwner:
        ref = route.owner
        if ref.kind == "me":
            if token.is_integration:
                raise Problem(403, NOT_ACCESSIBLE)
            return token.account
        inventory = self.world.inventory
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
        response.headers["etag"] = etag = response.headers.get("etag") or EncodedPage.of(response.body).etag
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
        headers.update(token.headers() if token else self.world.anonymous.headers())
        if self.behaviour.deprecation_link:
            links = (headers.get("link"), f'<{self.behaviour.deprecation_link}>; rel="deprecation"; type="text/html"')
            headers["link"] = ", ".join(filter(None, links))
        return response


def _check_api_version(request: Request, retired: Collection[str]) -> None:
    version = request.headers.get("x-github-api-version", DEFAULT_VERSION)
    if version in retired:
        raise Problem(410, "Gone", errors=f"The API version {version} is no longer supported.", url=REST_DOCS)
    if version not in API_VERSIONS:
        raise Problem(400, "Bad Request", errors=f"{version!r} is not a supported API version.", url=REST_DOCS)


def _redirect(request: Request, route: Route, owner: MockOwner, site: Site) -> NoReturn:
    status, message = (301, "Moved Permanently") if request.reads else (307, "Temporary Redirect")
    kind = "organizations" if owner.type == "Organization" else "user"
    query = f"?{request.query}" if request.query else ""
    location = f"{site.api}/{kind}/{owner.id}/{route.raw_rest}{query}"
    raise Problem(status, message, headers={"location": location})


def _html(status: int, body: str) -> Response:
    return Response(status, body.encode(), {"content-type": "text/html; charset=utf-8"})
