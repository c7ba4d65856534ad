"""The innermost transport: connections to one origin."""

import asyncio
import os
import ssl
from collections.abc import Callable, Mapping
from functools import cache, partial
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from ._body import KEEPALIVE, read
from ._layer import Layer
from ._loop import LateTransport
from ._routes import find_proxy

if TYPE_CHECKING:
    import httpcore


def connections(
    base_url: httpx.URL,
    *,
    proxy: str | httpx.URL | httpx.Proxy | None,
    verify: bool | ssl.SSLContext,
    trust_env: bool,
    allow_http: bool = False,
    concurrency: int = 16,
    fast: bool = True,
) -> LateTransport:
    """Connections of httpx, and for reading of aiohttp where the extra `fast` is installed.

    Both are imported, and certificates read, when the transport is made, or with the first request. What can be wrong
    with the arguments and the environment is refused at once.

    A proxy must be given here: httpx ignores the environment's when it is handed a transport, and one that is given to
    the client beside a transport sends requests around it.

    Args:
        base_url: The origin that will be asked.
        proxy: The proxy; None takes the environment's, if it is trusted.
        verify: Whether to verify TLS certificates, or an `ssl.SSLContext` that knows your own.
        trust_env: Whether to look at HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.
        allow_http: Whether a given proxy may see what is sent to this machine over plain http.
        concurrency: How many requests are sent at once, at most.
        fast: Whether aiohttp may be used; it never is with a proxy of TLS or SOCKS, with a password or headers, or for
            an IPv6 address.

    Raises:
        ValueError: The proxy, the certificates or `verify` can't be used.
    """
    _check_verify(verify)
    proxy = find_proxy(base_url, proxy, trust_env=trust_env, allow_http=allow_http)
    lacks_brackets = proxy is not None and not proxy.url.scheme.startswith("socks") and ":" in base_url.host
    needs_no_certificates = (
        verify is True and base_url.scheme == "http" and (proxy is None or proxy.url.scheme == "http")
    )

    @cache  # one for all
    def context() -> ssl.SSLContext:
        if needs_no_certificates:
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody; reading certificates takes 20 ms
        return _context(verify, trust_env)

    def pools() -> httpx.AsyncBaseTransport:
        transport = PoolsTransport(concurrency=concurrency, proxy=proxy, context=context())
        return BracketsTransport(transport) if lacks_brackets else transport

    def reads() -> httpx.AsyncBaseTransport:
        try:
            from ._aiohttp import AiohttpReadsTransport
        except ImportError:
            return pools()
        others = LateTransport(pools)
        return AiohttpReadsTransport(others, concurrency=concurrency, proxy=proxy, context=context())

    is_plain = proxy is None or (proxy.url.scheme == "http" and not proxy.auth and not proxy.headers)
    if verify is not True or (trust_env and (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"))):
        context()
    return LateTransport(reads if fast and is_plain and not lacks_brackets else pools)


def _check_verify(verify: object) -> None:
    if not isinstance(verify, bool | ssl.SSLContext):
        raise ValueError(
            f"verify must be True, False or an ssl.SSLContext, not {type(verify).__name__}: "
            "for certificates in a file pass ssl.create_default_context(cafile=...)"
        )


def _context(verify: bool | ssl.SSLContext, trust_env: bool) -> ssl.SSLContext:
    """Return the certificates to trust; SSL_CERT_FILE goes before SSL_CERT_DIR, as in httpx.

    Raises:
        ValueError: A variable names what contains no certificates.
    """
    is_asked = verify is True and trust_env
    file, folders = (os.environ.get(name) if is_asked else None for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
    try:
        if file:
            Path(file).open("rb").close()  # the errors of `ssl` do not say what is wrong with which file
        elif folders and not any(Path(folder).is_dir() for folder in folders.split(os.pathsep)):
            raise ValueError(f"SSL_CERT_DIR={folders} is not a directory")
        return httpx.create_ssl_context(verify=verify, trust_env=trust_env)
    except OSError as cause:
        if not file:
            raise
        problem = "no valid certificate in it" if isinstance(cause, ssl.SSLError) else cause.strerror
        raise ValueError(f"SSL_CERT_FILE={file} can't be used: {problem}") from cause


class BracketsTransport(Layer):
    """Asks a proxy for the whole URL, in which httpcore leaves out the brackets of an IPv6 address.

    Source: https://github.com/pydantic/httpx2/issues/1091
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send."""
        url = request.url
        target = b"%b://%b%b" % (url.raw_scheme, url.netloc, url.raw_path)
        extensions = {**request.extensions, "target": target}
        return await self._inner.handle_async_request(
            httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=extensions)
        )


class PoolsTransport(httpx.AsyncBaseTransport):
    """Pools of httpx side by side, each of one connection; responses are read before they are handed on.

    A pool looks at each of its connections, several times for each request: one of 8 takes half as long again for a
    request as one of 1, and a large one spends most of its time so. With httpx's own limits it also opens a new one for
    nearly every request from 32 at once on: https://github.com/encode/httpcore/issues/1035.

    A pool whose request was cancelled, or failed, is closed and replaced: cancelled in certain turns of the event loop,
    it would keep its connection as busy for ever (https://github.com/encode/httpcore/issues/830). It is closed before
    its place is used again, so there are no more connections than places.
    """

    def __init__(self, *, concurrency: int, proxy: httpx.Proxy | None, context: ssl.SSLContext) -> None:
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEPALIVE)
        make = partial(httpx.AsyncHTTPTransport, verify=context, limits=limits, proxy=proxy)
        self._pools = [_Pool(make) for _ in range(concurrency)]
        self._free = self._pools[::-1]
        self._places = asyncio.Semaphore(concurrency)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send through the free pool that was used last: open connections are used before new ones are opened."""
        async with self._places:
            pool = self._free.pop()
            try:
                return await pool.send(request)
            except BaseException:
                await pool.aclose()
                raise
            finally:
                self._free.append(pool)

    async def aclose(self) -> None:
        """Close all connections, even if this is cancelled."""
        cancelled = None
        for pool in self._pools:
            try:
                await pool.aclose()
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled:
            raise cancelled


class _Pool:
    """A pool of httpx, and the socket of its connection; closed, it is replaced by a fresh one."""

    def __init__(self, make: Callable[[], httpx.AsyncHTTPTransport]) -> None:
        self._make = make
        self._renew()

    def _renew(self) -> None:
        self._transport = self._make()
        self._used = -inf  # when a request succeeded
        self._socket: httpcore.AsyncNetworkStream | None = None

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send, and read the response.

        Raises:
            httpx.HTTPError: It failed; httpcore lets some errors through, such as those of TLS.
        """
        loop, extensions = asyncio.get_running_loop(), request.extensions
        if self._will_connect(loop.time(), request.url.scheme):
            request.extensions = {"trace": partial(self._note, self._transport), **extensions}
        try:
            response = await read(await self._transport.handle_async_request(request))
        except httpx.HTTPError:
            raise
        except Exception as error:
            raise httpx.ReadError(f"{type(error).__name__} {error}") from error
        finally:
            request.extensions = extensions
        self._used = loop.time()
        if self._has_more():
            await self.aclose()
        return response

    def _has_more(self) -> bool:
        """Whether the server sent more than its answer, which would be taken for the answer to the next request."""
        connections: list[Any] = self._transport._pool.connections  # pyright: ignore[reportPrivateUsage]
        for connection in connections:
            while inner := getattr(connection, "_connection", None):  # the connection of a tunnel, and of HTTP/1.1
                connection = inner
            if (state := getattr(connection, "_h11_state", None)) and state.trailing_data[0]:
                return True
        return False

    def _will_connect(self, now: float, scheme: str) -> bool:
        """Whether there is no connection, or httpcore will find it expired, or closed by the server."""
        if not self._socket or now - self._used > KEEPALIVE:
            return True
        return scheme == "https" and bool(self._socket.get_extra_info("is_readable"))

    async def _note(self, transport: httpx.AsyncHTTPTransport, event: str, info: Mapping[str, Any]) -> None:
        """Note the socket: while it connects, or is in a TLS handshake, httpcore does not close it."""
        if not event.endswith("connect_tcp.complete"):
            return
        if transport is self._transport:
            self._socket = info["return_value"]
        else:  # it was closed meanwhile
            await info["return_value"].aclose()

    async def aclose(self) -> None:
        """Close the connection, if there is one."""
        transport, socket = self._transport, self._socket
        self._renew()
        try:
            await transport.aclose()
        finally:
            if socket is not None:
                await socket.aclose()
