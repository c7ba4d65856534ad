"""Transports that misbehave on purpose."""

import gzip
from collections import Counter
from collections.abc import AsyncIterator, Callable

import httpx

from ghpackages.transport import Clock

Step = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]

CONNECT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
LOST = (httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)
STATUSES = (500, 502, 503, 504)
BROKEN = ("reset in the body", "truncated json", "broken gzip", "empty body", "web page 503")
FAULTS = (*CONNECT, *LOST, *STATUSES, *BROKEN)
REFUSALS = ("secondary limit 403", "secondary limit 429", "expired token")
"""What other transports than the one for retries are to survive; the server does nothing."""
Fault = type[httpx.TransportError] | int | str


class CountedStream(httpx.AsyncByteStream):
    """Knows whether it was closed; may break in the middle."""

    open = 0

    def __init__(self, body: bytes, error: Exception | None = None) -> None:
        self.body = body
        self.error = error
        self.closed = False
        CountedStream.open += 1

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.body[: len(self.body) // 2]
        if self.error:
            raise self.error
        yield self.body[len(self.body) // 2 :]

    async def aclose(self) -> None:
        if not self.closed:
            self.closed = True
            CountedStream.open -= 1


class PartOfPauses(Clock):
    """Waits the same part of each longest pause."""

    def __init__(self, part: float = 1.0) -> None:
        self.part = part

    def jitter(self) -> float:
        return self.part


def answer(status: int, body: bytes = b"", kind: str = "application/json", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, stream=CountedStream(body), headers={"content-type": kind, **named})


def broken(fault: Fault, body: bytes) -> httpx.Response:
    """The answer that a fault makes of a body."""
    if isinstance(fault, int):
        return answer(fault, b'{"message": "Server Error"}')
    if fault == "reset in the body":
        stream = CountedStream(body, httpx.ReadError("reset"))
        return httpx.Response(200, stream=stream, headers={"content-type": "application/json"})
    if fault == "truncated json":
        return answer(200, body[: len(body) // 2])
    if fault == "broken gzip":
        return answer(200, gzip.compress(body)[:5] + b"nonsense", content_encoding="gzip")
    if fault == "empty body":
        return answer(200)
    if fault == "expired token":
        return answer(401, b'{"message": "Bad credentials"}')
    if fault in REFUSALS:
        message = b'{"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}'
        return answer(int(fault[-3:]), message, retry_after="1")
    assert fault == "web page 503"
    return answer(503, b"<html><h1>Unicorn!</h1></html>", "text/html")


class Script(httpx.AsyncBaseTransport):
    """Answers request by request as told; the last step goes on for ever."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, httpx.Response) else step(request)

    @property
    def methods(self) -> list[str]:
        return [request.method for request in self.requests]


class Faulty(httpx.AsyncBaseTransport):
    """Spoils what goes through it: before the server sees it, or after it took effect.

    Args:
        inner: The server.
        choose: Gives the fault for a request and whether the request reaches the server all the same; or None.
    """

    def __init__(
        self, inner: httpx.AsyncBaseTransport, choose: Callable[[httpx.Request], tuple[Fault, bool] | None]
    ) -> None:
        self.inner = inner
        self.choose = choose
        self.injected: Counter[str] = Counter()
        self.effects: Counter[str] = Counter()
        """How often the server did what was asked, by method and path."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        chosen = self.choose(request)
        if chosen is None:
            return await self._served(request)
        fault, arrives = chosen
        self.injected[f"{request.method} {getattr(fault, '__name__', fault)}"] += 1
        if fault in CONNECT:
            raise fault("injected")
        body = b""
        if arrives and fault not in REFUSALS:
            response = await self._served(request)
            body = await response.aread()
        if isinstance(fault, type):
            raise fault("injected")
        return broken(fault, body)

    async def _served(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        body = await response.aread()
        if response.status_code == 204:
            self.effects[f"{request.method} {request.url.raw_path.decode()}"] += 1
        return httpx.Response(response.status_code, headers=response.headers, stream=CountedStream(body))


def first(*faults: tuple[Fault, bool] | None, method: str) -> Callable[[httpx.Request], tuple[Fault, bool] | None]:
    """Chooses these faults for the first requests of a method, and then none."""
    left: list[tuple[Fault, bool] | None] = list(faults)

    def choose(request: httpx.Request) -> tuple[Fault, bool] | None:
        return left.pop(0) if left and request.method == method else None

    return choose
