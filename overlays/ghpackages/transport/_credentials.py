"""Add the token innermost, so that no request object further out holds it, and only for one origin."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Never

import httpx

from ghpackages_runtime.errors import RateLimitError

from .._flows import apart
from ..exceptions import UsageError
from ._layer import Layer
from ._loop import LoopLock

TokenSource = Callable[[], Awaitable[str]]
"""An async callable that gives a token, such as an installation token that expires."""

Token = str | TokenSource | None
"""A token, what gives one, or None for anonymous requests."""


TOKEN = "ghpackages.token"  # noqa: S105 - no secret
"""The extension of a request that holds the token to sign it with, and how often that had been renewed before."""


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

    Raises:
        ValueError: The token can't be sent in a header.
    """

    def __init__(self, token: Token | Secret, base_url: httpx.URL) -> None:
        given = protect(token)
        del token  # a traceback may show variables
        self._given = given if isinstance(given, Secret) else None
        self.source = None if isinstance(given, Secret) else given
        self._origin = origin(base_url)
        self._renewals = 0
        self._renewed: Secret | None = None
        self._renewing = LoopLock()
        if self._given:
            self._given.check()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(origin={self._origin!r})"

    async def ask(self, source: TokenSource) -> tuple[int, Secret]:
        """Return the callable's token, and how often the token had been renewed before.

        Raises:
            TokenSourceError: The callable failed, is not async, or did not return a token.
        """
        before = self._renewals
        try:
            with apart():  # from the operation that needs it: the callable may start tasks that outlive that
                return before, await _call(source)
        except StopAsyncIteration as error:  # it would end an iteration somewhere as if complete
            raise TokenSourceError(RuntimeError(f"the callable for the token raised {error!r}")) from error
        except asyncio.CancelledError as error:
            if (task := asyncio.current_task()) and task.cancelling():
                raise
            raise TokenSourceError(RuntimeError("the callable for the token was cancelled elsewhere")) from error
        except Exception as error:
            raise TokenSourceError(error) from error

    async def renew(self, source: TokenSource, before: int) -> None:
        """Ask the callable anew, unless that was done since."""
        async with self._renewing():
            if self._renewals == before:
                _, self._renewed = await self.ask(source)
                self._renewals += 1

    def sign(self, request: httpx.Request) -> httpx.Request:
        """Return a copy of a request that has the token.

        Raises:
            ForeignOriginError: The request leads to another origin.
        """
        if origin(request.url) != self._origin:
            raise ForeignOriginError(f"{request.url.host} is not {self._origin[1]}, to which the token belongs")
        signed = copy_of(request, request.url)
        before, token = request.extensions.get(TOKEN, (0, self._given))
        if before != self._renewals:  # while the request waited
            token = self._renewed
        if token is not None:
            signed.headers["Authorization"] = f"Bearer {token.value}"
        return signed


async def _call(source: TokenSource) -> Secret:
    given = source()
    if not isinstance(given, Awaitable):  # pyright: ignore[reportUnnecessaryIsInstance]
        del given
        raise UsageError("the callable for the token must be async, or it would hold up all other requests")
    token = Secret(await given)
    try:
        token.check()
    except (TypeError, ValueError) as error:
        raise UsageError(f"the callable for the token did not return one: {error}") from None
    return token


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
        response = await self._inner.handle_async_request(self._credentials.sign(request))
        response.request = request
        return response


class AuthenticationTransport(Layer):
    """Asks a callable for the token of each request, and once more after a 401.

    So the callable alone decides how long a token is kept. After a 401 the request, which was not processed, is sent
    once more, whatever its method; of all requests that were refused with one token, one asks. No limit is waited for
    and no permit held meanwhile: the callable may use the same client with another token.

    Args:
        inner: Where requests go, to be signed.
        credentials: The token.
        source: The callable.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, credentials: Credentials, source: TokenSource) -> None:
        super().__init__(inner)
        self._credentials, self._source = credentials, source

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask, and send.

        Raises:
            TokenSourceError: The callable failed, is not async, or did not return a token.
        """
        asked = request.extensions[TOKEN] = await self._credentials.ask(self._source)
        response = await self._inner.handle_async_request(request)
        if response.status_code != 401:
            return response
        await response.aread()
        await response.aclose()
        await self._credentials.renew(self._source, asked[0])
        with suppress(RateLimitError):  # if it may not be sent again yet: that the token was refused matters more
            return await self._inner.handle_async_request(request)
        return response


def copy_of(request: httpx.Request, url: httpx.URL) -> httpx.Request:
    """The same request for another URL, with headers of its own."""
    headers, stream, extensions = request.headers, request.stream, request.extensions
    return httpx.Request(request.method, url, headers=headers, stream=stream, extensions=extensions)


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port; httpx gives no port where it is the usual one."""
    return url.scheme, url.host, url.port
