"""Add the token innermost, so that no request object further out holds it, and only for one origin."""

from collections.abc import Awaitable, Callable

import httpx

TokenSource = Callable[[], Awaitable[str]]
"""An async callable that gives a token, such as an installation token that expires."""

Token = str | TokenSource | None
"""A token, what gives one, or None for anonymous requests."""


class CredentialsTransport(httpx.AsyncBaseTransport):
    """Sends requests to the origin (scheme, host, port) of a base URL, with its token.

    Args:
        inner: Where requests go, with the token.
        token: The token, or what gives it.
        base_url: The only origin that is asked; requests elsewhere are refused, so that no token and no answer of
            another server can be mixed in.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, *, token: Token, base_url: httpx.URL) -> None:
        if isinstance(token, str):
            check_token(token)
        self._inner = inner
        self._token = token
        self._origin = origin(base_url)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(origin={self._origin!r})"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a copy of the request that has the token.

        Raises:
            httpx.UnsupportedProtocol: The request leads to another origin.
            ValueError: The token can't be sent in a header.
        """
        if origin(request.url) != self._origin:
            raise httpx.UnsupportedProtocol(f"{request.url.host} is not {self._origin[1]}, to which the token belongs")
        headers = request.headers.copy()
        if self._token is not None:
            token = self._token if isinstance(self._token, str) else await self._token()
            check_token(token)
            headers["Authorization"] = f"Bearer {token}"
        signed = httpx.Request(
            request.method, request.url, headers=headers, stream=request.stream, extensions=request.extensions
        )
        return await self._inner.handle_async_request(signed)

    async def aclose(self) -> None:
        """Close the transport inside."""
        await self._inner.aclose()


def check_token(token: str) -> None:
    """Refuse what no header can carry; a token's shape is not looked at, since it changes.

    Raises:
        ValueError: It is empty, or has spaces, control characters or non-ASCII ones.
    """
    if not token:
        raise ValueError("the token is empty; pass None for anonymous requests")
    if not all("!" <= character <= "~" for character in token):
        raise ValueError("the token has characters that no HTTP header can carry, such as spaces or a line end")


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port."""
    return url.scheme, url.host, url.port or {"https": 443, "http": 80}.get(url.scheme)
