"""What the tests of the governor share: a server that follows a script on a virtual clock, and a client around it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from email.utils import formatdate
from typing import Any

import httpx
from tests.transport.virtual_clock import EPOCH, VirtualClock

from ghpackages.transport._governor import Concurrency, Governor, GovernorTransport

URL = "https://api.github.com/orgs/acme/packages"
Script = Callable[[httpx.Request], httpx.Response]


def ok(**headers: object) -> httpx.Response:
    return httpx.Response(200, json=[], headers=written(headers))


def refused(status: int = 403, message: str = "You have exceeded a secondary rate limit.", **headers: object):
    return httpx.Response(status, json={"message": message}, headers=written(headers))


def used_up(reset: float, **headers: object) -> httpx.Response:
    message = "API rate limit exceeded for user ID 1."
    return refused(403, message, **budget(0, reset), **headers)


def budget(remaining: int, reset: float, limit: int = 5000) -> dict[str, object]:
    """Headers of the primary limit, whose hour ends `reset` seconds after the beginning of the clock."""
    return {
        "x_ratelimit_limit": limit,
        "x_ratelimit_remaining": remaining,
        "x_ratelimit_used": limit - remaining,
        "x_ratelimit_reset": int(EPOCH + reset),
        "x_ratelimit_resource": "core",
    }


def written(headers: dict[str, object]) -> dict[str, str]:
    return {name.replace("_", "-"): str(value) for name, value in headers.items()}


def date(seconds: float) -> str:
    """An HTTP date so many seconds after the beginning of the clock."""
    return formatdate(EPOCH + seconds, usegmt=True)


class Server(httpx.AsyncBaseTransport):
    """Answers by a script after a while, and remembers when requests came.

    The script is a function, or answers that are given one after the other, of which the last is repeated.
    """

    def __init__(self, script: Script | Sequence[Callable[[], httpx.Response]] = ok, latency: float = 0.0) -> None:
        self.script, self.latency = script, latency
        self.arrivals: list[float] = []
        self.methods: list[str] = []
        self.at_once = self.most_at_once = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.arrivals.append(asyncio.get_running_loop().time())
        self.methods.append(request.method)
        number = len(self.arrivals)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            response = self._answer(request, number)
            await asyncio.sleep(self.latency)
        finally:
            self.at_once -= 1
        return response

    def _answer(self, request: httpx.Request, number: int) -> httpx.Response:
        if not isinstance(self.script, Sequence):
            return ok() if self.script is ok else self.script(request)
        return self.script[min(number, len(self.script)) - 1]()


class Body(httpx.AsyncByteStream):
    """A body in three parts that takes a second each, or breaks."""

    def __init__(self, breaks: bool = False) -> None:
        self.breaks, self.closed = breaks, False

    async def __aiter__(self):
        for part in (b"[", b" ", b"]"):
            await asyncio.sleep(1)
            if self.breaks:
                raise httpx.ReadError("broken")
            yield part

    async def aclose(self) -> None:
        self.closed = True


def governed(inner: httpx.AsyncBaseTransport, **options: Any) -> httpx.AsyncClient:
    """A client whose governor, concurrency and transport take the options that are theirs."""
    own = {name: options.pop(name) for name in ("points_per_minute", "reserve", "on_wait") if name in options}
    governor = options.pop("governor", None) or Governor(clock=VirtualClock(), **own)
    concurrency = options.pop("concurrency", None) or Concurrency(100)
    transport = GovernorTransport(inner, governor=governor, concurrency=concurrency, **options)
    return httpx.AsyncClient(transport=transport, trust_env=False)


async def send(client: httpx.AsyncClient, *methods: str) -> list[httpx.Response | BaseException]:
    """Send all at once, in this order."""
    return await asyncio.gather(*(client.request(each, URL) for each in methods), return_exceptions=True)


def governor_of(client: httpx.AsyncClient) -> Governor:
    return client._transport._governor  # type: ignore[attr-defined]


def concurrency_of(client: httpx.AsyncClient) -> Concurrency:
    return client._transport.concurrency  # type: ignore[attr-defined]


def now() -> float:
    return asyncio.get_running_loop().time()


def approximately(times: Iterable[float]) -> list[float]:
    """Times without the milliseconds that the governor adds for safety."""
    return [round(each, 1) for each in times]
