"""What may be asked again, as pure functions."""

from contextlib import suppress
from typing import TypeGuard

import httpx

from ghpackages_runtime.client import PARSED_BODY, loads

Outcome = httpx.Response | httpx.RequestError
"""What came of an attempt: an answer that was read to its end, or why there is none."""

_RETRIED = {500, 502, 503, 504}
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_PERMANENT = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.TooManyRedirects)


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
    resource = path(request).removesuffix("/restore" if restores else "")
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
    """Why a request may be worth another attempt, without any secret; empty if it is not."""
    if isinstance(outcome, httpx.RequestError):
        hopeless = isinstance(outcome, _PERMANENT) or "certificate verify failed" in str(outcome)
        return "" if hopeless else type(outcome).__name__
    status = outcome.status_code
    if status in _RETRIED or (status >= 500 and request.method not in {"GET", "HEAD"}):
        return f"status {status}"
    broken = request.method == "GET" and status == 200 and PARSED_BODY not in outcome.extensions and _is_json(outcome)
    return "a body that is not JSON, or not all of it" if broken else ""


def may_have_arrived(outcome: Outcome) -> bool:
    """Whether the server may have seen the request. httpx-aiohttp calls nearly every trouble a ConnectTimeout."""
    return not isinstance(outcome, _NOT_SENT) or type(outcome.__cause__).__module__.startswith("aiohttp")


def is_refused(outcome: Outcome) -> bool:
    """Whether an answer may say no more than that an earlier attempt took effect: restored is restored."""
    return isinstance(outcome, httpx.Response) and outcome.status_code in {400, 404, 409, 422}


def is_missing(outcome: Outcome) -> TypeGuard[httpx.Response]:
    """Whether the API says that there is no such thing. With its last version an npm package is gone, too."""
    return isinstance(outcome, httpx.Response) and outcome.status_code == 404 and _is_json(outcome)


def took_effect(request: httpx.Request, found: httpx.Response) -> bool | None:
    """What the answer to a look-up says of a change; None if it says nothing, such as a web page."""
    if is_missing(found):
        return request.method == "DELETE"
    return request.method != "DELETE" if PARSED_BODY in found.extensions else None


def _is_json(response: httpx.Response) -> bool:
    kind = str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")
