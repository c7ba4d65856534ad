"""Add the token innermost, so that no request object further out holds it, and only for one origin."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Never

import httpx

from ._layer import Layer

TokenSource = Callable[[], Awaitable[str]]
"""An async callable that gives a token, such as an installation token that expires."""

Token = str | TokenSource | None
"""A token, what gives one, or None for anonymous requests."""


class ForeignOriginError(httpx.UnsupportedProtocol):
    """A request leads to another origin than the one to which the token belongs. Nothing was sent there."""


class Secret:
    """A token that no repr, no pickle and no variable in a traceback shows; some trackers of errors record those."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "<token>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __reduce__(self) -> Never:
        raise TypeError("a token is not pickled")

    def check(self) -> None:
        """Refuse what no header can carry; a token's shape is not looked at, since it changes.

        Raises:
            TypeError: It is no string.
            ValueError: It is empty, or has spaces, control characters or non-ASCII ones.
        """
        if not isinstance(self.value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"a token is a string, not {type(self.value).__name__}")
        if not self.value:
            raise ValueError("the token is empty; pass None for anonymous requests")
        if not self.value.isascii() or not self.value.isprintable() or " " in self.value:
            raise ValueError("the token has characters that no HTTP header can carry, such as spaces or a line end")


def protect(token: Token | Secret) -> TokenSource | Secret | None:
    """The token, out of sight; not checked yet, since an error would show the variables of its callers."""
    return token if token is None or isinstance(token, Secret) or callable(token) else Secret(token)


class CredentialsTransport(Layer):
    """Sends requests to the origin (scheme, host, port) of a base URL, with its token, and refuses all others.

    A callable is asked for every request, so that it alone decides how long a token is kept. After a 401 it is asked
    once more and the request, which was not processed, is sent once more, whatever its method; of all requests that
    were refused with one token, one asks.

    Args:
        inner: Where requests go, with the token.
        token: The token, or an async callable that gives it.
        base_url: The origin, to which the token belongs.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, *, token: Token | Secret, base_url: httpx.URL) -> None:
        self._token = token = protect(token)
        super().__init__(inner)
        self._newest: Secret | None = None
        self._asking = asyncio.Lock()
        self._origin = origin(base_url)
        if isinstance(token, Secret):
            token.check()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(origin={self._origin!r})"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a copy of the request that has the token.

        Raises:
            ForeignOriginError: The request leads to another origin.
            TypeError: The callable is not async, or gives no string.
            ValueError: The token can't be sent in a header.
        """
        if origin(request.url) != self._origin:
            raise ForeignOriginError(f"{request.url.host} is not {self._origin[1]}, to which the token belongs")
        if self._token is None or isinstance(self._token, Secret):
            return await self._send(request, self._token)
        token = await self._ask(self._token)
        response = await self._send(request, token)
        if response.status_code == 401:
            await response.aread()
            response = await self._send(request, await self._ask_again(self._token, token))
        return response

    async def _send(self, request: httpx.Request, token: Secret | None) -> httpx.Response:
        signed = copy_of(request, request.url)
        if token is not None:
            signed.headers["Authorization"] = f"Bearer {token.value}"
        response = await self._inner.handle_async_request(signed)
        response.request = request
        return response

    async def _ask(self, source: TokenSource) -> Secret:
        given = source()
        if not isinstance(given, Awaitable):  # pyright: ignore[reportUnnecessaryIsInstance]
            del given
            raise TypeError("a callable that gives a token must be async, or it would hold up all other requests")
        token = Secret(await given)
        token.check()
        self._newest = token
        return token

    async def _ask_again(self, source: TokenSource, refused: Secret) -> Secret:
        async with self._asking:
            newest = self._newest
            return newest if newest and newest.value != refused.value else await self._ask(source)


def copy_of(request: httpx.Request, url: httpx.URL) -> httpx.Request:
    """The same request for another URL, with headers of its own."""
    headers, stream, extensions = request.headers, request.stream, request.extensions
    return httpx.Request(request.method, url, headers=headers, stream=stream, extensions=extensions)


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port; httpx gives no port where it is the usual one."""
    return url.scheme, url.host, url.port
