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
    AuthenticationTransport,
    BorrowedTransport,
    Clock,
    Concurrency,
    Credentials,
    Governor,
    GovernorTransport,
    Home,
    LateTransport,
    LogTransport,
    LoopTransport,
    RateLimit,
    RedirectsTransport,
    RetryTransport,
    Secret,
    SigningTransport,
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
    GITHUBS = "GitHub's, on github.com and ghe.com"

    def __repr__(self) -> str:
        return f"<{self.value}>"


FROM_ENVIRONMENT: Final = _Default.FROM_ENVIRONMENT
UNCHANGED: Final = _Default.UNCHANGED
GITHUBS: Final = _Default.GITHUBS


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
    clock: Clock
    home: Home = field(init=False)
    governors: WeakValueDictionary[object, Governor] = field(factory=WeakValueDictionary[object, Governor])
    recent: deque[Governor] = field(factory=lambda: deque[Governor](maxlen=1000))

    def __attrs_post_init__(self) -> None:
        self.home = Home(self._move)

    def governor(self, token: Secret | TokenSource | None) -> Governor:
        """Return the one for a token. The last thousand are kept, also when no view has them any more."""
        governor = self.governors.get(key := _key(token))
        if governor is None:
            governor = Governor(
                points_per_minute=self.points_per_minute, reserve=self.reserve, on_wait=self.on_wait, clock=self.clock
            )
            self.governors[key] = governor
            self.recent.append(governor)
        return governor

    def _move(self) -> None:
        """Forget what was under way in an event loop that has ended."""
        self.concurrency.reset()
        for governor in self.governors.values():
            governor.reset()
        if isinstance(self.connections, LateTransport):
            self.connections.forget()


class GitHubPackages:
    """The client for GitHub Packages. Use it as an async context manager, or call `aclose` at the end.

        async with GitHubPackages() as github:
            async for package in github.org("acme").packages("container"): ...

    Args:
        token: A personal access token (classic), or an async callable that returns one; it is called for every
            request, and once more after a 401, and what it raises is raised as it is. Omitted, GH_TOKEN is taken from
            the environment, then GITHUB_TOKEN; those are never sent to another scheme, host or port than the
            environment names. GH_ENTERPRISE_TOKEN and GITHUB_ENTERPRISE_TOKEN are taken for any `base_url` that has no
            such token, except for github.com. None: anonymous.
        base_url: Where the API is: `https://api.github.com`, `https://HOST/api/v3` (Enterprise Server) or
            `https://api.SUBDOMAIN.ghe.com`. Omitted, GITHUB_API_URL is taken, then api.github.com.
        api_version: The `X-GitHub-Api-Version` to ask for, such as "2022-11-28" or "2026-03-10".
        timeout: Seconds for each of connecting, sending and waiting for a part of the answer, or an `httpx.Timeout`.
        max_wait: Seconds that an operation (for listings: a page) waits for rate limits at most, all its waits
            together; when it would be more, `PrimaryRateLimitError` or `SecondaryRateLimitError` is raised at once.
            Waiting for its turn among the client's other requests does not count.
        retries: How often a request is repeated at most after a failure that may pass; 0: never. Changes are repeated
            only once they are known to have had no effect.
        concurrency: How many requests are made at once at most, 1 to 100, by all tasks and views together.
        points_per_minute: At most so many points in any 60 s for a token (reading costs 1, a change 5), and then also
            at most 500 changes an hour, and 1 s between two; None: no limit. Omitted, it is the 900 that GitHub allows
            on github.com and ghe.com, and no limit elsewhere. Give each of several processes with one token its share.
        reserve: How many requests of the hour are left to others with the same token.
        transport: The innermost transport, instead of connections of its own; `proxy`, `verify` and, except for the
            token and the base URL, `trust_env` are then ignored.
        proxy: The URL of a proxy. Omitted, the environment's is taken, if it is trusted, except for requests to this
            machine itself and for what NO_PROXY lists, in all forms that Go, curl and httpx understand.
        verify: Whether to verify TLS certificates, or an `ssl.SSLContext` that knows your own.
        trust_env: Whether the environment's proxies, certificates, token and base URL are used.
        user_agent: What to say before `ghpackages/VERSION` in the `User-Agent`.
        allow_http: Whether to send a token over plain http to another host than this one, or through a given proxy.
        on_wait: Called when requests begin to wait for a rate limit, with why and until when; it must not block.

    Raises:
        ValueError: The token is empty or can't be sent in a header; `base_url` is not an http or https URL, has a user,
            query or fragment, has `.` or `..` in its path, or is plain http; `user_agent` or `api_version` is not
            printable ASCII; the only token is one that belongs to another server; the proxy or the certificates can't
            be used, or need a package that is missing; or a number can't be valid.

    Source: https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api
    """

    _clock = Clock()  # the pytest plugin has another one

    def __init__(
        self,
        token: Token | Secret | _Default = FROM_ENVIRONMENT,
        *,
        base_url: str | None = None,
        api_version: str = "2022-11-28",
        timeout: float | httpx.Timeout = 30.0,
        max_wait: float = 60.0,
        retries: int = 3,
        concurrency: int = 16,
        points_per_minute: int | _Default | None = GITHUBS,
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
            "Accept-Encoding": "gzip",
            "User-Agent": f"{_header('user_agent', user_agent)} {name}" if user_agent else name,
            "X-GitHub-Api-Version": _header("api_version", api_version),
        }
        if isinstance(points_per_minute, _Default):
            points_per_minute = POINTS_PER_MINUTE if is_github_api(url.host) else None
        innermost = transport or connections(
            url, proxy=proxy, verify=verify, trust_env=trust_env, allow_http=allow_http, concurrency=concurrency
        )
        self._shared = _Shared(url, headers, innermost, permits, points_per_minute, reserve, on_wait, self._clock)
        self._open(token, timeout, max_wait, retries, innermost)

    def _open(
        self,
        token: Secret | TokenSource | None,
        timeout: float | httpx.Timeout,
        max_wait: float,
        retries: int,
        innermost: httpx.AsyncBaseTransport,
    ) -> None:
        """Put the stack of transports together, the innermost first."""
        shared, self._innermost = self._shared, innermost
        if not max_wait >= 0:
            raise ValueError(f"max_wait must not be negative: {max_wait}")
        self._token, self._timeout, self._max_wait, self._retries = token, timeout, max_wait, retries
        self._governor = shared.governor(token)
        credentials = Credentials(token, shared.base_url)
        stack: httpx.AsyncBaseTransport = GovernorTransport(
            SigningTransport(LogTransport(LoopTransport(innermost, shared.home)), credentials),
            governor=self._governor,
            concurrency=shared.concurrency,
            max_wait=max_wait,
        )
        if credentials.source is not None:
            stack = AuthenticationTransport(stack, credentials, credentials.source)
        stack = RetryTransport(RedirectsTransport(stack), retries=retries, clock=shared.clock)
        self._api = StackClient(
            shared.base_url,
            headers=shared.headers,
            timeout=timeout,
            transport=WindowGuardTransport(stack),
            home=shared.home,
        )

    def with_options(
        self,
        *,
        token: Token | _Default = UNCHANGED,
        timeout: float | httpx.Timeout | _Default = UNCHANGED,
        max_wait: float | _Default = UNCHANGED,
        retries: int | _Default = UNCHANGED,
    ) -> "GitHubPackages":
        """Return a view on the same connections with other options, such as the token of a tenant.

        Views with the same token share its rate limits; those with different ones know nothing of each other. Closing
        a view closes nothing else; closing the client closes its views.

        Raises:
            ValueError: The token is empty or can't be sent in a header, or `max_wait` or `retries` is negative.
        """
        given = self._token if isinstance(token, _Default) else protect(token)
        del token  # a traceback may show variables
        view = object.__new__(type(self))
        view._shared = self._shared
        view._open(
            given,
            self._timeout if isinstance(timeout, _Default) else timeout,
            self._max_wait if isinstance(max_wait, _Default) else max_wait,
            self._retries if isinstance(retries, _Default) else retries,
            BorrowedTransport(self._shared.connections),
        )
        return view

    def __repr__(self) -> str:
        return f"GitHubPackages(base_url={str(self._shared.base_url)!r})"

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
        return Owner(self, "org", name)

    def user(self, name: str) -> Owner:
        """A user, by login.

        Raises:
            ValueError: The login is empty, `.` or `..`.
        """
        return Owner(self, "user", name)

    def me(self) -> Owner:
        """The user to whom the token belongs."""
        return Owner(self, "me")

    async def aclose(self) -> None:
        """Close all connections; then this client and its views raise `UsageError`. A view closes only itself."""
        if not isinstance(self._innermost, BorrowedTransport):
            self._shared.home.is_closed = True
        await self._api.get_async_httpx_client().aclose()

    async def __aenter__(self) -> Self:
        """Make the connections now: what they import and read would hold up the event loop at the first request.

        Raises:
            UsageError: The client is closed, or can't work in this event loop.
        """
        self._api.check()
        if isinstance(self._shared.connections, LateTransport):
            await self._shared.connections.make()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def _header(name: str, value: str) -> str:
    """Return the value of a header.

    Raises:
        ValueError: No header can carry it.
    """
    if not value or not value.isascii() or not value.isprintable() or value != value.strip():
        raise ValueError(f"{name}={value!r} can't be sent: it must be printable ASCII, without spaces around it")
    return value


def _key(token: Secret | TokenSource | None) -> object:
    """Return what identifies a token: a callable that can't be hashed has a bound method that can."""
    try:
        hash(token)
    except TypeError:
        return getattr(token, "__call__")  # noqa: B004, B009 - mypy finds it in no type
    return token
