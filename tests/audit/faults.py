"""Transports around the mock server that fail or wait as told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx

Answer = Callable[[], httpx.Response | None]


class Failing(httpx.AsyncBaseTransport):
    """Answers some requests by itself: those with a text in their URL, unless the answer is None."""

    def __init__(self, inner: httpx.AsyncBaseTransport, answers: dict[str, Answer]) -> None:
        self.inner = inner
        self.answers = answers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for part, answer in self.answers.items():
            if part in str(request.url) and (response := answer()) is not None:
                return response
        return await self.inner.handle_async_request(request)


class Gate(httpx.AsyncBaseTransport):
    """Holds requests back while it is closed, and counts how many are there at once."""

    def __init__(self, inner: httpx.AsyncBaseTransport, *, holds: str | tuple[str, ...] = "/versions") -> None:
        self.inner = inner
        self.holds = (holds,) if isinstance(holds, str) else holds
        self.open = asyncio.Event()
        self.inside = 0
        self.most = 0
        self.requests = 0
        self.cancelled = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            if any(part in str(request.url) for part in self.holds):
                await self.open.wait()
            return await self.inner.handle_async_request(request)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.inside -= 1


def error(status: int, message: str = "no") -> Callable[[], httpx.Response]:
    """Answer with an error."""
    return lambda: httpx.Response(status, json={"message": message})


async def settle(turns: int = 200) -> None:
    """Let all tasks go on until each waits for something."""
    for _ in range(turns):
        await asyncio.sleep(0)
