"""Effects that give another answer than the server's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from ._effect import Exchange, Refusal
from ._http import Response
from ._routes import documentation_url

__all__ = ["Answer", "Redirect", "Status", "problem"]

JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"
REST_DOCS: Final = "https://docs.github.com/rest"

# What stands in front of the API answers these; the body of 500 is a guess.
TIMEOUT: Final = (
    "We couldn't respond to your request in time. Sorry about that. "
    "Please try resubmitting your request and contact us if the problem persists."
)
UNICORN: Final = (
    '<!DOCTYPE html>\n<html>\n  <head><meta charset="utf-8"><title>Unicorn! &middot; GitHub</title></head>\n'
    "  <body><p><strong>No server is currently available to service your request.</strong></p></body>\n</html>\n"
)
BODIES: Final[dict[int, tuple[str, str]]] = {
    500: (JSON, '{"message":"Server Error"}'),
    502: (JSON, '{"message":"Server Error"}'),
    503: (HTML, UNICORN),
    504: (JSON, json.dumps({"message": TIMEOUT})),
}


def problem(exchange: Exchange, status: int, message: str, *, url: str | None = None) -> Response:
    """Write an error in the API's usual form."""
    body = {
        "message": message,
        "documentation_url": url or (documentation_url(exchange.route) if exchange.route else REST_DOCS),
        "status": str(status),
    }
    return Response(status, json.dumps(body).encode(), {"content-type": JSON})


@dataclass(frozen=True)
class Status(Refusal):
    """An error with the body that GitHub gives it: 500, 502 and 504 in JSON, 503 as a web page.

    Others have the usual form, with `message` or the status's own phrase, and `documentation_url` or the one of the
    operation. The server never sees the request, unless it `took_effect`.
    """

    status: int
    message: str | None = None
    documentation_url: str | None = field(default=None, kw_only=True)
    took_effect: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what is no error."""
        if self.status not in range(400, 600):
            raise ValueError(f"not the status of an error: {self.status!r}")

    def answer(self, exchange: Exchange) -> Response:
        """Give the error."""
        if self.message is None and self.status in BODIES:
            kind, body = BODIES[self.status]
            return Response(self.status, body.encode(), {"content-type": kind})
        return problem(exchange, self.status, self.message or _phrase(self.status), url=self.documentation_url)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


@dataclass(frozen=True)
class Answer(Refusal):
    """Whatever you like."""

    status: int
    body: bytes | str = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    took_effect: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what is no answer."""
        if self.status not in range(200, 600):
            raise ValueError(f"not the status of an answer: {self.status!r}")

    def answer(self, exchange: Exchange) -> Response:
        """Give it."""
        body = self.body.encode() if isinstance(self.body, str) else self.body
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Response(self.status, body, {"content-type": JSON, **headers} if body else headers)


@dataclass(frozen=True)
class Redirect(Refusal):
    """A redirect to `location`, or to the same path there if it is only an origin such as `https://example.org`."""

    location: str
    status: int = 302

    def __post_init__(self) -> None:
        """Refuse what is no redirect."""
        if self.status not in {301, 302, 303, 307, 308} or not self.location:
            raise ValueError(f"not a redirect: {self.status!r} to {self.location!r}")

    def answer(self, exchange: Exchange) -> Response:
        """Give the redirect."""
        location, request = self.location, exchange.request
        if "://" in location and "/" not in location.partition("://")[2]:
            location += request.raw_path + (f"?{request.query}" if request.query else "")
        return Response(self.status, headers={"location": location})
