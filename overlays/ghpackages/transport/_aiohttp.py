"""The extra `fast`: reading through aiohttp, by way of httpx-aiohttp."""

import ssl

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from ._body import KEEPALIVE, read

READS = frozenset({"GET", "HEAD"})
MAX_HEADER = 64 * 1024  # aiohttp's own limit is 8 kB

# What each error of aiohttp is in httpx, the first that fits; httpx-aiohttp calls most of them a ConnectTimeout.
MEANINGS: dict[type[Exception], type[httpx.TransportError]] = {
    aiohttp.SocketTimeoutError: httpx.ReadTimeout,
    aiohttp.ServerTimeoutError: httpx.ConnectTimeout,
    aiohttp.ClientHttpProxyError: httpx.ProxyError,
    aiohttp.ClientConnectorError: httpx.ConnectError,
    aiohttp.ClientOSError: httpx.ReadError,
    aiohttp.ClientError: httpx.RemoteProtocolError,
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
        def session() -> aiohttp.ClientSession:  # needs a running loop; without cookies, since tenants share it
            connector = aiohttp.TCPConnector(limit=concurrency, ssl=context, keepalive_timeout=KEEPALIVE)
            cookies = aiohttp.DummyCookieJar()
            session = aiohttp.ClientSession(
                connector=connector, cookie_jar=cookies, max_line_size=MAX_HEADER, max_field_size=MAX_HEADER
            )
            # Or it would repeat requests itself, which are counted nowhere.
            session._retry_connection = False  # pyright: ignore[reportPrivateUsage]
            return session

        self._reads = AiohttpTransport(verify=context, proxy=proxy, client=session)
        self._others = others

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send; raises what httpx itself would raise."""
        if request.method not in READS:
            return await self._others.handle_async_request(request)
        await request.aread()  # else httpx-aiohttp sends an empty body in chunks
        try:
            return await read(await self._reads.handle_async_request(request))
        except (httpx.TransportError, aiohttp.ClientError, OSError, UnicodeError) as error:
            failure = translated(error)
        raise failure  # has no cause or context: errors of aiohttp and their frames hold headers, and so the token

    async def aclose(self) -> None:
        """Close both, even if this is cancelled."""
        try:
            await self._reads.aclose()
        finally:
            await self._others.aclose()


def translated(error: Exception) -> httpx.TransportError:
    """The error that httpx's own transport would have raised."""
    cause = error if isinstance(error, aiohttp.ClientError) else error.__cause__ or error
    meaning = next((MEANINGS[kind] for kind in MEANINGS if isinstance(cause, kind)), httpx.RemoteProtocolError)
    return meaning(f"{type(cause).__name__} {getattr(cause, 'message', cause)}".rstrip())
