"""`GitHubPackages`: who asks, where, and through what."""

import ssl
from collections import deque
from collections.abc import Callable
from enum import Enum
from types import TracebackType
from typing import Final, Self
from weakref import WeakValueDictionary

import httpx
from attrs import define, field

from ghpackages_runtime.client import Client
from ghpackages_runtime.errors import is_github_api

from ._api import StackClient
from ._environment import environment_token, find_base_url
from ._version import __version__
from .owners import Owner
from .transport import (
    BorrowedTransport,
    Concurrency,
    CredentialsTransport,
    Governor,
    GovernorTransport,
    LateTransport,
    LogTransport,
    RateLimit,
    RedirectsTransport,
    RetryTransport,
    Secret,
    Token,
    TokenSource,
    Wait,
    WindowGuardTransport,
    connections,
    protect,
)

POINTS_PER_MINUTE = 900
"""What GitHub allows.

Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""


class _Default(Enum):
    FROM_ENVIRONMENT = "from the environment"
    UNCHANGED = "unchanged"

    def __repr__(self) -> str:
        return f"<{self.value}>"


FROM_ENVIRONMENT: Final = _Default.FROM_ENVIRONMENT
UNCHANGED: Final = _Default.UNCHANGED


@define(repr=False, eq=False)
class _Shared:
    """What all views of a client share."""

    base_url: httpx.URL
    headers: dict[str, str]
    connections: httpx.AsyncBaseTransport
    concurrency: Concurrency
    points_per_minute: int | None
    reserve: int
    on_wait: Callable[[Wait], object] | None
    governors: WeakValueDictionary[object, Governor] = field(factory=WeakValueDictionary[object, Governor])
    recent: deque[Governor] = field(factory=lambda: deque[Governor](maxlen=1000))

    def governor(self, token: object) -> Governor:
        """The one for a token. The last thousand are kept, also when no view has them any more."""
        governor = self.governors.get(token)
        if governor is None:
            governor = Governor(points_per_minute=self.points_per_minute, reserve=self.reserve)
            self.governors[token] = governor
            self.recent.append(governor)
        return governor


class GitHubPackages:
    """The client for GitHub Packages. Use it as an async context manager, or call `aclose` at the end.

        async with GitHubPackages() as github:
            async for package in github.org("acme").packages("container"): ...

    Args:
        token: A personal access token (classic), or an async callable that gives a token; it is asked for every
            request, and once more after a 401. Omitted, GH_TOKEN is taken from the environment, then GITHUB_TOKEN;
            those are never sent to another scheme, host or port than the environment names. GH_ENTERPRISE_TOKEN and
            GITHUB_ENTERPRISE_TOKEN are taken for any `base_url` that has no such token, except for github.com.
            None: anonymous.
        base_url: Where the API is: `https://api.github.com`, `https://HOST/api/v3` (Enterprise Server) or
            `https://api.SUBDOMAIN.ghe.com`. Omitted, GITHUB_API_URL is taken, then api.github.com.
        api_version: The `X-GitHub-Api-Version` to ask for, such as "2022-11-28" or "2026-03-10".
        timeout: Seconds for each of connecting, sending and waiting for a part of the answer, or an `httpx.Timeout`.
        max_wait: Seconds that a request waits for a rate limit at most, each time; beyond it, `PrimaryRateLimitError`
            or `SecondaryRateLimitError` is raised at once.
        concurrency: How many requests are made at once at most, 1 to 100, by all tasks and views together.
        points_per_minute: At most so many points in any 60 s for a token (reading costs 1, a change 5), and then also
            at most 80 changes a minute, 500 an hour, and 1 s between two. Omitted, it is the 900 that GitHub allows on
            github.com and ghe.com, and no limit elsewhere; 0 is none anywhere. Give each of several processes with one
            token its share.
        reserve: How many requests of the hour are left to others with the same token.
        transport: The innermost transport, instead of connections of its own; then `proxy`, `verify` and `trust_env`
            (but for the token) are the business of that transport.
        proxy: The URL of a proxy. Omitted, the environment's is taken, if it is trusted, except for requests to this
            machine itself and for what NO_PROXY lists, in all forms that Go, curl and httpx understand.
        verify: Whether to verify TLS certificates, or an `ssl.SSLContext` that knows your own.
        trust_env: Whether the environment's proxies, certificates, token and base URL are used.
        user_agent: What to say before `ghpackages/VERSION` in the `User-Agent`.
        allow_http: Whether to send a token over plain http to another host than this one, or through a given proxy.
        on_wait: Called when requests begin to wait for a rate limit, with why and until when; it must not block.

    Raises:
        ValueError: The token is empty or can't be sent in a header; `base_url` is not an http or https URL, has a user,
            query or fragment, or is plain http; the only token is one that belongs to another server; the proxy or the
            certificates can't be used, or need a package that is missing; or a number can't be valid.

    Source: https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api
    """

    def __init__(
        self,
        token: Token | Secret | _Default = FROM_ENVIRONMENT,
        *,
        base_url: str | None = None,
        api_version: str = "2022-11-28",
        timeout: float | httpx.Timeout = 30.0,
        max_wait: float = 60.0,
        concurrency: int = 16,
        points_per_minute: int | None = None,
        reserve: int = 0,
        transport: httpx.AsyncBaseTransport | None = None,
        proxy: str | httpx.URL | httpx.Proxy | None = None,
        verify: bool | ssl.SSLContext = True,
        trust_env: bool = True,
        user_agent: str | None = None,
        allow_http: bool = False,
        on_wait: Callable[[Wait], object] | None = None,
    ) -> None:
        token = token if isinstance(token, _Default) else protect(token)  # first, so that no traceback shows it
        url = find_base_url(base_url, trust_env=trust_env, allow_http=allow_http)
        if isinstance(token, _Default):
            token = protect(environment_token(url, trust_env=trust_env))
        permits = Concurrency(concurrency)
        name = f"ghpackages/{__version__}"
        headers = {
            "Accept": "application/vnd.github+json",
            "User-Agent": f"{user_agent} {name}" if user_agent else name,
            "X-GitHub-Api-Version": api_version,
        }
        if points_per_minute is None and is_github_api(url.host):
            points_per_minute = POINTS_PER_MINUTE
        innermost = transport or connections(
            url, proxy=proxy, verify=verify, trust_env=trust_env, allow_http=allow_http, concurrency=concurrency
        )
        self._shared = _Shared(url, headers, innermost, permits, points_per_minute or None, reserve, on_wait)
        self._open(token, timeout, max_wait, innermost)

    def _open(
        self,
        token: Secret | TokenSource | None,
        timeout: float | httpx.Timeout,
        max_wait: float,
        innermost: httpx.AsyncBaseTransport,
    ) -> None:
        """Put the stack of transports together, the innermost first."""
        shared = self._shared
        if max_wait < 0:
            raise ValueError(f"max_wait must not be negative: {max_wait}")
        self._token, self._timeout, self._max_wait = token, timeout, max_wait
        self._governor = shared.governor(token)
        signed = CredentialsTransport(LogTransport(innermost), token=token, base_url=shared.base_url)
        governed = GovernorTransport(
            RedirectsTransport(signed),
            governor=self._governor,
            concurrency=shared.concurrency,
            max_wait=max_wait,
            on_wait=shared.on_wait,
        )
        self._api = StackClient(
            shared.base_url,
            headers=shared.headers,
            timeout=timeout,
            transport=WindowGuardTransport(RetryTransport(governed)),
        )

    def with_options(
        self,
        *,
        token: Token | _Default = UNCHANGED,
        timeout: float | httpx.Timeout | _Default = UNCHANGED,
        max_wait: float | _Default = UNCHANGED,
    ) -> "GitHubPackages":
        """A view on the same connections with other options, such as the token of a tenant.

        Views with the same token share its rate limits; those with different ones know nothing of each other. Closing
        a view closes nothing.

        Raises:
            ValueError: The token is empty or can't be sent in a header, or `max_wait` is negative.
        """
        given = self._token if isinstance(token, _Default) else protect(token)
        del token  # a traceback may show variables
        view = object.__new__(type(self))
        view._shared = self._shared
        view._open(
            given,
            self._timeout if isinstance(timeout, _Default) else timeout,
            self._max_wait if isinstance(max_wait, _Default) else max_wait,
            BorrowedTransport(self._shared.connections),
        )
        return view

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={str(self._shared.base_url)!r})"

    @property
    def api(self) -> Client:
        """The generated client, for raw calls of the endpoint functions in `ghpackages_api.api.packages`."""
        return self._api

    @property
    def concurrency(self) -> int:
        """How many requests are made at once at most, by all tasks and views together."""
        return self._shared.concurrency.limit

    @property
    def rate_limit(self) -> RateLimit:
        """What the last answers said of this token's limits, and what is paused until when."""
        return self._governor.rate_limit

    def org(self, name: str) -> Owner:
        """An organisation.

        Raises:
            ValueError: The name is empty, `.` or `..`.
        """
        return Owner(self._api, "org", name, self.concurrency)

    def user(self, name: str) -> Owner:
        """A user, by login.

        Raises:
            ValueError: The login is empty, `.` or `..`.
        """
        return Owner(self._api, "user", name, self.concurrency)

    def me(self) -> Owner:
        """The user to whom the token belongs."""
        return Owner(self._api, "me", "", self.concurrency)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._api.get_async_httpx_client().aclose()

    async def __aenter__(self) -> Self:
        """Make the connections now: what they import and read would hold up the event loop at the first request."""
        if isinstance(self._shared.connections, LateTransport):
            self._shared.connections.make()
        await self._api.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._api.__aexit__(kind, error, trace)
