"""Requests and responses without I/O, and the problem that a rule raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, unquote

__all__ = ["Problem", "Request", "Response", "split_path"]


@dataclass(frozen=True)
class Request:
    """One request as it arrived; nothing in it is decoded yet."""

    method: str
    raw_path: str
    """The path as sent: percent-encoded, without the query."""
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """By lower-case name."""
    body: bytes = field(default=b"", repr=False)
    scheme: str = "https"
    client: str = "127.0.0.1"

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Give the query's parameters; of a repeated one the last counts."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @cached_property
    def origin(self) -> str:
        """Give scheme and host, as the client wrote them."""
        return f"{self.scheme}://{self.headers.get('host', 'api.github.com')}"

    @property
    def reads(self) -> bool:
        """Tell whether the method only reads."""
        return self.method in {"GET", "HEAD"}


@dataclass(slots=True)
class Response:
    """One answer; `headers` have lower-case names."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])


class Problem(Exception):  # noqa: N818  (becomes a response, no caller ever catches it)
    """A refusal: becomes an error response in the API's usual form."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: str | None = None,
        headers: Mapping[str, str] | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = dict(headers or {})
        self.url = url


def split_path(raw_path: str) -> list[str]:
    """Split a raw path on its slashes, and only then decode each part, exactly once."""
    return [unquote(segment) for segment in raw_path.split("/")[1:]]
