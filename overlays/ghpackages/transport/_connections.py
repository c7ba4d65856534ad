"""The innermost transport: connections to one origin."""

import os
import ssl
from functools import cache
from urllib.request import getproxies, proxy_bypass

import httpx

from ._body import KEEPALIVE, read
from ._layer import LateTransport


def connections(
    base_url: httpx.URL,
    *,
    proxy: str | httpx.URL | httpx.Proxy | None,
    verify: bool | ssl.SSLContext,
    trust_env: bool,
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
        concurrency: How many requests are sent at once, at most.
        fast: Whether aiohttp may be used; it never is with a proxy of TLS or SOCKS, or with a password or headers.
    """
    if proxy is None and trust_env:
        proxy = environment_proxy(base_url)
    if proxy is not None and not isinstance(proxy, httpx.Proxy):
        proxy = httpx.Proxy(proxy)

    @cache  # one for all
    def context() -> ssl.SSLContext:
        if verify is True and base_url.scheme == "http" and (proxy is None or proxy.url.scheme == "http"):
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody; reading certificates takes 20 ms
        return httpx.create_ssl_context(verify=verify, trust_env=trust_env)

    def pools() -> httpx.AsyncBaseTransport:
        return PoolsTransport(concurrency=concurrency, proxy=proxy, context=context())

    def reads() -> httpx.AsyncBaseTransport:
        try:
            from ._aiohttp import AiohttpReadsTransport
        except ImportError:
            return pools()
        others = LateTransport(pools)
        return AiohttpReadsTransport(others, concurrency=concurrency, proxy=proxy, context=context())

    is_plain = proxy is None or (proxy.url.scheme == "http" and not proxy.auth and not proxy.headers)
    late = LateTransport(reads if fast and is_plain else pools)
    if not is_plain:
        late.make()  # refuses a scheme that needs a package which is not there
    elif verify is not True or (trust_env and (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"))):
        context()
    return late


class PoolsTransport(httpx.AsyncBaseTransport):
    """Pools of httpx side by side, each of one connection; answers are read before they are handed on.

    A pool looks at each of its connections, several times for each request: one of 8 takes half as long again for a
    request as one of 1, and a large one spends most of its time so. With httpx's own limits it also opens a new one for
    nearly every request from 32 at once on: https://github.com/encode/httpcore/issues/1035.
    """

    def __init__(self, *, concurrency: int, proxy: httpx.Proxy | None, context: ssl.SSLContext) -> None:
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEPALIVE)
        self._pools = [httpx.AsyncHTTPTransport(verify=context, limits=limits, proxy=proxy) for _ in range(concurrency)]
        self._busy = [0] * concurrency

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send through the first pool that is free: open connections are used before new ones are opened."""
        index = self._busy.index(min(self._busy))
        self._busy[index] += 1
        try:
            return await read(await self._pools[index].handle_async_request(request))
        finally:
            self._busy[index] -= 1

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._pools:
            await pool.aclose()


def environment_proxy(base_url: httpx.URL) -> str | None:
    """The proxy that the environment names for this URL."""
    if proxy_bypass(base_url.host):
        return None
    proxies = getproxies()
    proxy = proxies.get(base_url.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"
