"""Add the token innermost, so that no request object further out holds it, and only for one origin."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Never

import httpx

from ghpackages_runtime.errors import RateLimitError

from ._layer import Layer
from ._loop import LoopLock

TokenSource = Callable[[], Awaitable[str]]
"""An async callable that gives a token, such as an installation token that expires."""

Token = str | TokenSource | None
"""A token, what gives one, or None for anonymous requests."""


SIGNED = "ghpackages.signed"
"""The extension of a 401 that holds the token that was refused."""


class TokenSourceError(Exception):
    """What a callable for the token raised. `GitHubPackages` raises the original instead.

    Attributes:
        error: The original.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(f"the callable for the token failed: {type(error).__name__} {error}".rstrip())
        self.error = error


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
    """Return the token, out of sight; not checked yet, since an error would show the variables of its callers."""
    return token if token is None or isinstance(token, Secret) or callable(token) else Secret(token)


class Credentials:
    """The token that requests to one origin carry, and where it comes from.

    Args:
        token: The token, or an async callable that returns it.
        base_url: The origin (scheme, host, port) to which the token belongs.

    Attributes:
        newest: The token that the callable returned last, or the given one.

    Raises:
        ValueError: The token can't be sent in a header.
    """

    def __init__(self, token: Token | Secret, base_url: httpx.URL) -> None:
        self._token = token = protect(token)
        self._origin = origin(base_url)
        self.newest = token if isinstance(token, Secret) else None
        self._asking = LoopLock()
        if isinstance(token, Secret):
            token.check()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(origin={self._origin!r})"

    @property
    def is_asked_for(self) -> bool:
        """Whether a callable returns the token."""
        return not (self._token is None or isinstance(self._token, Secret))

    async def ask(self) -> None:
        """Ask the callable, if there is one.

        Raises:
            TokenSourceError: It failed, is not async, or did not return a token.
        """
        if self._token is None or isinstance(self._token, Secret):
            return
        try:
            given = self._token()
            if not isinstance(given, Awaitable):  # pyright: ignore[reportUnnecessaryIsInstance]
                del given
                raise TypeError("a callable that gives a token must be async, or it would hold up all other requests")
            token = Secret(await given)
            token.check()
        except Exception as error:
            raise TokenSourceError(error) from error
        self.newest = token

    async def ask_again(self, refused: Secret) -> None:
        """Ask the callable, unless another task has done that since the token was refused."""
        async with self._asking():
            if self.newest is None or self.newest == refused:
                await self.ask()

    def sign(self, request: httpx.Request) -> httpx.Request:
        """Return a copy of a request that has the newest token.

        Raises:
            ForeignOriginError: The request leads to another origin.
        """
        if origin(request.url) != self._origin:
            raise ForeignOriginError(f"{request.url.host} is not {self._origin[1]}, to which the token belongs")
        signed = copy_of(request, request.url)
        if self.newest is not None:
            signed.headers["Authorization"] = f"Bearer {self.newest.value}"
        return signed


class SigningTransport(Layer):
    """Sends copies of requests that have the token, innermost, and refuses requests to other origins.

    Args:
        inner: Where requests go, with the token.
        credentials: The token.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, credentials: Credentials) -> None:
        super().__init__(inner)
        self._credentials = credentials

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sign and send.

        Raises:
            ForeignOriginError: The request leads to another origin.
        """
        token = self._credentials.newest
        response = await self._inner.handle_async_request(self._credentials.sign(request))
        response.request = request
        if response.status_code == 401 and self._credentials.is_asked_for:
            response.extensions[SIGNED] = token
        return response


class AuthenticationTransport(Layer):
    """Asks a callable for the token of each request, and once more after a 401.

    So the callable alone decides how long a token is kept. After a 401 the request, which was not processed, is sent
    once more, whatever its method; of all requests that were refused with one token, one asks. No limit is waited for
    and no permit held meanwhile: the callable may use the same client with another token.

    Args:
        inner: Where requests go, to be signed.
        credentials: The token.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, credentials: Credentials) -> None:
        super().__init__(inner)
        self._credentials = credentials

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask, and send.

        Raises:
            TokenSourceError: The callable failed, is not async, or did not return a token.
        """
        await self._credentials.ask()
        response = await self._inner.handle_async_request(request)
        refused = response.extensions.pop(SIGNED, None)
        if refused is None:
            return response
        await response.aread()
        await response.aclose()
        await self._credentials.ask_again(refused)
        with suppress(RateLimitError):  # if it may not be sent again yet: that the token was refused matters more
            response = await self._inner.handle_async_request(request)
            response.extensions.pop(SIGNED, None)
        return response


def copy_of(request: httpx.Request, url: httpx.URL) -> httpx.Request:
    """The same request for another URL, with headers of its own."""
    headers, stream, extensions = request.headers, request.stream, request.extensions
    return httpx.Request(request.method, url, headers=headers, stream=stream, extensions=extensions)


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port; httpx gives no port where it is the usual one."""
    return url.scheme, url.host, url.port
