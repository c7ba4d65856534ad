"""The extra `fast`: reading through aiohttp."""

import ssl
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
from aiohttp.connector import Connection
from yarl import URL

from ._body import KEEPALIVE, read

READS = frozenset({"GET", "HEAD"})
AUTOMATIC = frozenset({"Accept", "Accept-Encoding", "Content-Type", "User-Agent"})
"""What aiohttp would add to requests."""

MAX_HEADER = 64 * 1024  # aiohttp's own limit is 8 kB

# What each error of aiohttp is in httpx, the first that fits.
MEANINGS: dict[type[Exception], type[httpx.TransportError]] = {
    aiohttp.SocketTimeoutError: httpx.ReadTimeout,
    aiohttp.ServerTimeoutError: httpx.ConnectTimeout,
    aiohttp.ClientHttpProxyError: httpx.ProxyError,
    aiohttp.ClientConnectorError: httpx.ConnectError,
    OSError: httpx.ReadError,
}


class AiohttpReadsTransport(httpx.AsyncBaseTransport):
    """Sends GET and HEAD through aiohttp, and all else through `others`, since aiohttp repeats a DELETE that broke."""

    def __init__(
        self,
        others: httpx.AsyncBaseTransport,
        *,
        concurrency: int,
        proxy: httpx.Proxy | None,
        context: ssl.SSLContext,
    ) -> None:
        self._others = others
        self._concurrency, self._context = concurrency, context
        self._proxy = str(proxy.url) if proxy else None
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send; raises what httpx itself would raise."""
        if request.method not in READS:
            return await self._others.handle_async_request(request)
        if self._session is None:
            self._session = self._new_session()
        try:
            return await self._read(self._session, request)
        except httpx.RequestError:
            raise
        except Exception as error:
            failure = translated(error)
        raise failure  # has no cause or context: errors of aiohttp and their frames hold headers, and so the token

    async def _read(self, session: aiohttp.ClientSession, request: httpx.Request) -> httpx.Response:
        timeout = request.extensions.get("timeout", {})
        response = await session.request(
            request.method,
            URL(str(request.url), encoded=True),  # else `%3B` would arrive as `;`
            headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw],
            data=await request.aread() or None,
            skip_auto_headers=AUTOMATIC,
            allow_redirects=False,
            proxy=self._proxy,
            server_hostname=request.extensions.get("sni_hostname"),
            timeout=aiohttp.ClientTimeout(
                connect=timeout.get("pool"), sock_connect=timeout.get("connect"), sock_read=timeout.get("read")
            ),
        )
        reason = (response.reason or "").encode(errors="surrogateescape")
        return await read(
            httpx.Response(
                response.status,
                headers=response.raw_headers,
                stream=_Body(response),
                extensions={"http_version": b"HTTP/1.1", "reason_phrase": reason},
            )
        )

    def _new_session(self) -> aiohttp.ClientSession:
        """Return a session, which needs a running loop; without cookies, since tenants share it."""
        session = aiohttp.ClientSession(
            connector=_Connector(limit=self._concurrency, ssl=self._context, keepalive_timeout=KEEPALIVE),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_line_size=MAX_HEADER,
            max_field_size=MAX_HEADER,
        )
        # Or it would repeat requests itself, which are counted nowhere.
        session._retry_connection = False  # pyright: ignore[reportPrivateUsage]
        return session

    async def aclose(self) -> None:
        """Close both, even if this is cancelled."""
        try:
            if self._session is not None:
                await self._session.close()
        finally:
            await self._others.aclose()


class _Connector(aiohttp.TCPConnector):
    """Opens connections, and drops those on which something came that nobody asked for.

    aiohttp would take it for the beginning of the next answer, unless it came before a connection was given back.
    """

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Any],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - of aiohttp
    ) -> Connection:
        """Return a connection."""
        connection = await super().connect(req, traces, timeout)
        for _ in range(self.limit):  # as many may be idle
            if connection.protocol is None or not connection.protocol.should_close:
                break
            connection.close()
            connection = await super().connect(req, traces, timeout)
        return connection


class _Body(httpx.AsyncByteStream):
    """The body of a response of aiohttp; closed before its end, it drops the connection."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.content.iter_any():
            yield part

    async def aclose(self) -> None:
        self._response.close()


def translated(error: Exception) -> httpx.TransportError:
    """The error that httpx's own transport would have raised."""
    meaning = next((MEANINGS[kind] for kind in MEANINGS if isinstance(error, kind)), httpx.RemoteProtocolError)
    said, _, _ = str(getattr(error, "message", error)).partition("\n")  # further lines quote the answer
    return meaning(f"{type(error).__name__} {said}".rstrip(" :"))
