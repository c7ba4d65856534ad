"""Add the token innermost, so that no request object further out holds it, and only for one origin."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cached_property
from typing import Never
from urllib.parse import quote

import httpx

from ghpackages_runtime.errors import RateLimitError

from .._flows import apart
from ..exceptions import UsageError
from ._body import read
from ._layer import Layer
from ._loop import LoopLock

TokenSource = Callable[[], Awaitable[str]]
"""An async callable that gives a token, such as an installation token that expires."""

Token = str | TokenSource | None
"""A token, what gives one, or None for anonymous requests."""


TOKEN = "ghpackages.token"  # noqa: S105 - no secret
"""The extension of a request that holds the token to sign it with, and how often that had been renewed before."""


WIDE_AND_ASCII = ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
"""The encodings in which JSON is read that differ for a token."""

SHORTEST_HIDDEN = 8
"""Shorter tokens, which can only be made up, are not looked for in answers, where they could be parts of words."""


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

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        """The token as servers write it: plainly, in JSON, and in a URL."""
        if len(self.value) < SHORTEST_HIDDEN:
            return ()
        return tuple(dict.fromkeys([self.value, json.dumps(self.value)[1:-1], quote(self.value, safe="")]))

    def is_in(self, data: bytes) -> bool:
        """Return whether the token can be read in what a server sent."""
        return self.hide(data) is not data

    def hide(self, data: bytes) -> bytes:
        """Replace the token in what a server sent; return the same object if it is not there."""
        for code in WIDE_AND_ASCII if b"\0" in data else ("ascii",):
            for text in self._texts:
                if (form := text.encode(code)) in data:
                    data = data.replace(form, "***".encode(code))
        return data

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

    def token_for(self, request: httpx.Request) -> Secret | None:
        """Return the token that a request is to have.

        Raises:
            ForeignOriginError: The request leads to another origin.
        """
        if origin(request.url) != self._origin:
            raise ForeignOriginError(f"{request.url.host} is not {self._origin[1]}, to which the token belongs")
        before, token = request.extensions.get(TOKEN, (0, self._given))
        return token if before == self._renewals else self._renewed  # if it was renewed while the request waited


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
    """Sends copies of requests that have the token, and refuses requests to other origins.

    The token stays inside. Responses are read here, and any echo of the token in them is replaced by `***`. Errors of
    httpx, `UsageError` and cancellations lose their tracebacks, causes and contexts: the frames of connections contain
    headers, which error trackers record. All other errors come from a user's own transport, and are left alone.

    Args:
        inner: Where requests go, with the token.
        credentials: The token.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, credentials: Credentials) -> None:
        super().__init__(inner)
        self._credentials = credentials

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sign, send and read.

        Raises:
            ForeignOriginError: The request leads to another origin.
            httpx.DecodingError: The body of the response is not encoded as its headers say, or is incomplete.
            TooLargeError: It has more than 16 MiB.
        """
        token = self._credentials.token_for(request)
        failure: BaseException
        try:
            response = await read(await self._inner.handle_async_request(_signed(request, token)))
        except (httpx.RequestError, ssl.SSLError) as error:
            failure = _plain_error(error, request, token)
        except BaseException as error:
            if isinstance(error, Exception) and not isinstance(error, UsageError):
                raise
            failure = _with_message(error)
        else:
            if token is not None:
                response = _without(token, response)
            response.request = request
            return response
        failure.__cause__ = failure.__context__ = None
        failure.__suppress_context__ = False
        try:
            raise failure.with_traceback(None)  # outside of `except`, or it would have the context again
        finally:
            del failure  # its traceback has this frame


def _signed(request: httpx.Request, token: Secret | None) -> httpx.Request:
    """Return a copy of a request that has the token, and no other name and password."""
    url = request.url.copy_with(userinfo=b"") if request.url.userinfo else request.url
    copy = copy_of(request, url)
    if token is not None:
        copy.headers["Authorization"] = f"Bearer {token.value}"
    return copy


def _plain_error(
    error: httpx.RequestError | ssl.SSLError, request: httpx.Request, token: Secret | None
) -> httpx.RequestError:
    """Return an error that knows of no request with a token, nor of what caused it."""
    if not isinstance(error, httpx.RequestError):  # httpcore lets them through
        error = httpx.ReadError(f"{type(error).__name__} {error}")
    elif type(error.__cause__).__module__.startswith("aiohttp") and isinstance(error, httpx.ConnectTimeout):
        error = httpx.ReadError(str(error))  # httpx-aiohttp calls nearly every trouble a ConnectTimeout
    said = str(error).encode("utf-8", "surrogatepass")
    if token is not None and (hidden := token.hide(said)) is not said:
        error.args = (hidden.decode("utf-8", "surrogatepass"),)
    error.request = request
    return error


def _with_message(error: BaseException) -> BaseException:
    """Return a cancellation with its message, by which anyio knows its own; a library may have raised it anew."""
    first = error
    while not first.args and isinstance(first.__context__, asyncio.CancelledError):
        first = first.__context__
    error.args = first.args
    return error


def _without(token: Secret, response: httpx.Response) -> httpx.Response:
    """Return a response that does not contain the token: some servers echo requests."""
    head = [part for header in response.headers.raw for part in header]
    reason: bytes = response.extensions.get("reason_phrase", b"")
    if not token.is_in(b"\n".join([*head, reason])) and not token.is_in(response.content):
        return response
    headers = [
        (token.hide(name), token.hide(value))
        for name, value in response.headers.raw
        if name.lower() not in {b"content-encoding", b"content-length"}  # it is decoded
    ]
    extensions = {**response.extensions, "reason_phrase": token.hide(reason)}
    return httpx.Response(
        response.status_code, headers=headers, content=token.hide(response.content), extensions=extensions
    )


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
        await read(response)
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
