"""`GitHubPackages`: who asks, where, and through what."""

import ipaddress
import os
import ssl
from collections.abc import Mapping
from enum import Enum
from types import TracebackType
from typing import Final, Self

import httpx

from ghpackages_api.client import Client

from ._version import __version__
from .owners import Owner
from .transport import CredentialsTransport, Token, WindowGuardTransport, connections

DEFAULT_BASE_URL = "https://api.github.com"


class _FromEnvironment(Enum):
    FROM_ENVIRONMENT = "from the environment"

    def __repr__(self) -> str:
        return f"<{self.value}>"


FROM_ENVIRONMENT: Final = _FromEnvironment.FROM_ENVIRONMENT


class GitHubPackages:
    """The client for GitHub Packages. Use it as an async context manager, or call `aclose` at the end.

        async with GitHubPackages() as github:
            async for package in github.org("acme").packages("container"): ...

    Args:
        token: A personal access token (classic), or an async callable that gives a token. Omitted, GH_TOKEN is taken
            from the environment, then GITHUB_TOKEN; those are never sent to a `base_url` that the environment did not
            name, but GH_ENTERPRISE_TOKEN and GITHUB_ENTERPRISE_TOKEN are. None: anonymous.
        base_url: Where the API is: `https://api.github.com`, `https://HOST/api/v3` (Enterprise Server) or
            `https://api.SUBDOMAIN.ghe.com`. Omitted, GITHUB_API_URL is taken, then api.github.com.
        api_version: The `X-GitHub-Api-Version` to ask for, such as "2022-11-28" or "2026-03-10".
        timeout: Seconds for each of connecting, sending and waiting for a part of the answer, or an `httpx.Timeout`.
        transport: The innermost transport, instead of connections of its own; then `proxy`, `verify` and `trust_env`
            (but for the token) are the business of that transport.
        proxy: The URL of a proxy. Omitted, the environment's is taken, if it is trusted.
        verify: Whether to verify TLS certificates, or an `ssl.SSLContext` that knows your own.
        trust_env: Whether the environment's proxies, certificates, token and base URL are used.
        user_agent: What to say before `ghpackages/VERSION` in the `User-Agent`.
        allow_http: Whether to send a token over plain http to another host than this one.

    Raises:
        ValueError: The token is empty or can't be sent in a header; `base_url` is no URL of http or https, has a user,
            query or fragment, or is plain http; or the only token is one that belongs to another server.

    Source: https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api
    """

    def __init__(
        self,
        token: Token | _FromEnvironment = FROM_ENVIRONMENT,
        *,
        base_url: str | None = None,
        api_version: str = "2022-11-28",
        timeout: float | httpx.Timeout = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
        proxy: str | httpx.URL | httpx.Proxy | None = None,
        verify: bool | ssl.SSLContext = True,
        trust_env: bool = True,
        user_agent: str | None = None,
        allow_http: bool = False,
    ) -> None:
        environment: Mapping[str, str] = os.environ if trust_env else {}
        url = check_base_url(base_url or environment_base_url(environment), allow_http=allow_http)
        if token is FROM_ENVIRONMENT:
            token = environment_token(environment, url)
        innermost = transport or connections(url, proxy=proxy, verify=verify, trust_env=trust_env)
        stack = WindowGuardTransport(CredentialsTransport(innermost, token=token, base_url=url))
        name = f"ghpackages/{__version__}"
        self._api = Client(
            http_client=httpx.AsyncClient(
                base_url=url,
                headers={
                    "Accept": "application/vnd.github+json",
                    "User-Agent": f"{user_agent} {name}" if user_agent else name,
                    "X-GitHub-Api-Version": api_version,
                },
                timeout=timeout,
                transport=stack,
                trust_env=False,  # what the environment says is the business of the stack
            )
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={str(self._api.get_async_httpx_client().base_url).rstrip('/')!r})"

    @property
    def api(self) -> Client:
        """The generated client, for raw calls of the endpoint functions in `ghpackages_api.api.packages`."""
        return self._api

    def org(self, name: str) -> Owner:
        """An organisation.

        Raises:
            ValueError: The name is empty, `.` or `..`.
        """
        return Owner(self._api, "org", name)

    def user(self, name: str) -> Owner:
        """A user, by login.

        Raises:
            ValueError: The login is empty, `.` or `..`.
        """
        return Owner(self._api, "user", name)

    def me(self) -> Owner:
        """The user to whom the token belongs."""
        return Owner(self._api, "me")

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.get_async_httpx_client().aclose()

    async def __aenter__(self) -> Self:
        await self._api.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._api.__aexit__(kind, error, trace)


def check_base_url(base_url: str, *, allow_http: bool) -> httpx.URL:
    """The URL without slashes at its end.

    Raises:
        ValueError: It can't be the base of an API, or it is plain http to another host than this one.
    """
    try:
        url = httpx.URL(base_url.strip().rstrip("/"))
    except httpx.InvalidURL as cause:
        raise ValueError(f"base_url is no URL: {base_url!r}") from cause
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(f"base_url must begin with https://: {base_url!r}")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("base_url must not have a user, a query or a fragment")
    if url.scheme == "http" and not allow_http and not _is_loopback(url.host):
        raise ValueError(f"base_url is plain http, which shows the token to the network: {base_url!r} (see allow_http)")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def environment_base_url(environment: Mapping[str, str]) -> str:
    """The API that the environment names, else GitHub's own."""
    return environment.get("GITHUB_API_URL") or DEFAULT_BASE_URL


def environment_token(environment: Mapping[str, str], base_url: httpx.URL) -> str | None:
    """The token that the environment has for this API; None if it has none at all.

    Raises:
        ValueError: It has one, but for another server.
    """
    named = httpx.URL(environment_base_url(environment).strip().rstrip("/"))
    token = environment.get("GH_TOKEN") or environment.get("GITHUB_TOKEN")
    if (named.scheme, named.host, named.port) == (base_url.scheme, base_url.host, base_url.port):
        return token
    enterprise_token = environment.get("GH_ENTERPRISE_TOKEN") or environment.get("GITHUB_ENTERPRISE_TOKEN")
    if token and not enterprise_token:
        raise ValueError(
            f"the environment's token belongs to {named.host} and is not sent to {base_url.host}: "
            "pass token=, or set GH_ENTERPRISE_TOKEN"
        )
    return enterprise_token
