"""The innermost transport: connections to one origin."""

import ssl
from urllib.request import getproxies, proxy_bypass

import httpx


def connections(
    base_url: httpx.URL, *, proxy: str | httpx.URL | httpx.Proxy | None, verify: bool | ssl.SSLContext, trust_env: bool
) -> httpx.AsyncHTTPTransport:
    """Connections with httpx's own pool.

    A proxy must be given here: httpx ignores the environment's when it is handed a transport, and one that is given to
    the client beside a transport sends requests around it.

    Args:
        base_url: The origin that will be asked.
        proxy: The proxy; None takes the environment's, if it is trusted.
        verify: Whether to verify TLS certificates, or an `ssl.SSLContext` that knows your own.
        trust_env: Whether to look at HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.
    """
    if proxy is None and trust_env:
        proxy = environment_proxy(base_url)
    return httpx.AsyncHTTPTransport(proxy=proxy, verify=verify, trust_env=trust_env)


def environment_proxy(base_url: httpx.URL) -> str | None:
    """The proxy that the environment names for this URL."""
    if proxy_bypass(base_url.host):
        return None
    proxies = getproxies()
    proxy = proxies.get(base_url.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"
