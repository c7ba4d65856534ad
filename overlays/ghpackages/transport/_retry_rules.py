"""What may be asked again, as pure functions."""

import re
from contextlib import suppress
from typing import Any, TypeGuard, cast
from urllib.parse import unquote

import httpx

from ghpackages_runtime.client import PARSED_BODY, loads
from ghpackages_runtime.errors import error_body
from ghpackages_runtime.values import instant

from ._body import TooLargeError
from ._limits import http_date

Outcome = httpx.Response | httpx.RequestError
"""What came of an attempt: an answer that was read to its end, or why there is none."""

_RETRIED = {500, 502, 503, 504}
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_PERMANENT = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.TooManyRedirects)
_NO_PACKAGE, _NO_VERSION = "package not found.", "package version not found."
_VERSION = re.compile(r"/packages/[^/]+/[^/]+/versions/([0-9]+)$")

SKEW = 10.0
"""Seconds by which clocks of one server may differ."""


def path(request: httpx.Request) -> str:
    """The path as it is sent, percent-encoded and without the query, which can hold a package token."""
    return request.url.raw_path.partition(b"?")[0].decode("ascii")


def look_up(request: httpx.Request) -> httpx.Request | None:
    """Return the GET that shows whether a deletion or restoration took effect; None for other requests.

    Lists don't do: they can show what is gone (https://github.com/dataaxiom/ghcr-cleanup-action/issues/74).
    """
    restores = request.method == "POST" and path(request).endswith("/restore")
    if request.method != "DELETE" and not restores:
        return None
    return _asking(request, path(request).removesuffix("/restore" if restores else ""))


def look_up_package(request: httpx.Request) -> httpx.Request | None:
    """Return the GET of the package of a version that a request is about; None if it is about a package."""
    version = _VERSION.search(path(request))
    return _asking(request, path(request)[: version.start(1)].removesuffix("/versions/")) if version else None


def _asking(request: httpx.Request, resource: str) -> httpx.Request:
    headers = [(name, value) for name, value in request.headers.raw if not name.lower().startswith(b"content-")]
    url = request.url.copy_with(raw_path=resource.encode("ascii"))
    asking = httpx.Request("GET", url, headers=headers)
    asking.extensions = request.extensions  # the same, so that both add to the same waits
    return asking


def parse(request: httpx.Request, response: httpx.Response) -> None:
    """Put the parsed body where endpoint functions find it, so that it is parsed once."""
    if request.method == "GET" and response.status_code == 200 and _is_json(response):
        with suppress(ValueError, RecursionError):
            response.extensions[PARSED_BODY] = loads(response.content)


def trouble(request: httpx.Request, outcome: Outcome) -> str:
    """Why a request may be worth another attempt, without any secret; empty if it is not.

    What comes of a deletion or restoration is clear if the API says so: 204, or an error of a client with a message.
    """
    is_change = request.method not in {"GET", "HEAD"}
    if isinstance(outcome, httpx.RequestError):
        permanent = _PERMANENT if is_change else (*_PERMANENT, TooLargeError)
        hopeless = isinstance(outcome, permanent) or "certificate verify failed" in str(outcome)
        return "" if hopeless else type(outcome).__name__
    status = outcome.status_code
    if is_change:
        is_said = status == 204 or (400 <= status < 500 and bool(_message(outcome)))
        return "" if is_said else f"status {status}"
    if status in _RETRIED:
        return f"status {status}"
    broken = request.method == "GET" and status == 200 and PARSED_BODY not in outcome.extensions and _is_json(outcome)
    return "a body that is not JSON, or not all of it" if broken else ""


def may_have_arrived(outcome: Outcome) -> bool:
    """Whether the server may have seen the request. httpx-aiohttp calls nearly every trouble a ConnectTimeout."""
    return not isinstance(outcome, _NOT_SENT) or type(outcome.__cause__).__module__.startswith("aiohttp")


def is_refused(outcome: Outcome) -> bool:
    """Whether an answer may say no more than that an earlier attempt took effect: restored is restored."""
    return isinstance(outcome, httpx.Response) and outcome.status_code in {400, 404, 409, 422}


def is_about_another(request: httpx.Request, response: httpx.Response) -> bool:
    """Whether an answer is one to another request, as on a connection that is out of step: it has another id."""
    found = _object(response).get("id")  # lists have none, and cost nothing more
    asked = _VERSION.search(path(request)) if type(found) is int else None
    return asked is not None and found != int(asked[1])


def exists(look_up: httpx.Request, found: httpx.Response) -> bool | None:
    """Whether the answer to a look-up shows that the package or version exists; None if it shows neither.

    Evidence is the object itself, a version with its id or a package with its name, or the API's own message that it
    was not found. A web page, another object, or another 404 such as that of a gateway proves nothing.
    """
    if says_missing(found, look_up):
        return False
    content = _object(found)
    if type(content.get("id")) is not int:
        return None
    if _VERSION.search(path(look_up)):
        return True  # one with another id is an error before, of `is_about_another`
    name = path(look_up).rpartition("/")[2]
    return str(content.get("name")).lower() == unquote(name).lower() or None


def says_missing(outcome: Outcome, request: httpx.Request) -> TypeGuard[httpx.Response]:
    """Whether the API says that the package or version does not exist. With its last version an npm package is gone."""
    if not isinstance(outcome, httpx.Response) or outcome.status_code != 404:
        return False
    said = _message(outcome).strip().lower()
    return said == _NO_PACKAGE or (said == _NO_VERSION and _VERSION.search(path(request)) is not None)


def is_newer(found: httpx.Response, least: float, most: float, wall: float) -> bool | None:
    """Whether a package was created after a request that was sent so many seconds before an answer.

    Its age is computed by the server's own clock, to within a second, since both dates are truncated to whole seconds;
    without a usable `Date`, by our clock to within a day. Return None if that leaves the question open, or if the
    package seems to come from the future, so that the clocks disagree.

    Args:
        found: The answer.
        least: How many seconds before it the request was sent, at least.
        most: How many at most.
        wall: Seconds since 1970 by our clock.
    """
    try:
        created = instant(_object(found).get("created_at")).timestamp()
    except (ValueError, TypeError):
        return None
    is_fresh = found.headers.get("age", "0") == "0"  # else the date is that of a cached answer
    date = http_date(found.headers.get("date", "")) if is_fresh else None
    age, margin = (wall - created, 86_400.0) if date is None else (date - created, 1.0)
    if age < -SKEW:
        return None
    if age + margin <= least:
        return True
    return False if age - margin >= most else None


def _object(response: httpx.Response) -> dict[str, Any]:
    """The object in an answer to a GET; empty if there is none."""
    body: Any = response.extensions.get(PARSED_BODY)
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def _message(response: httpx.Response) -> str:
    """The API's message in an error; empty if it is not the API's, such as the web page of a gateway."""
    return str(error_body(response).get("message") or "")


def _is_json(response: httpx.Response) -> bool:
    kind = str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")
