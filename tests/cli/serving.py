"""A server for commands, which have an event loop of their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ghpackages.testing import MockGitHub, Request, Response, running


@contextmanager
def serving(server: MockGitHub) -> Iterator[str]:
    """Serve in a thread, since the commands have an event loop of their own."""
    ready: list[str] = []
    stops: list[Callable[[], None]] = []
    is_ready = threading.Event()

    async def serve() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        async with running(server) as url:
            ready.append(url)
            stops.append(lambda: loop.call_soon_threadsafe(stop.set) and None)
            is_ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert is_ready.wait(10)
    try:
        yield ready[0]
    finally:
        stops[0]()
        thread.join(10)


class Spoilt(MockGitHub):
    """A server that answers requests with `spoil` in their target with an error."""

    spoil = ""
    status = 502
    refusals = 0
    """How many requests for versions are still refused for their rate."""
    stuck = ""
    """What is refused for its rate all the time."""

    def handle(self, request: Request) -> Response:
        if self.spoil and self.spoil in f"{request.raw_path}?{request.query}":
            return Response(self.status, b'{"message": "Server Error"}', {"content-type": "application/json"})
        if self.stuck and self.stuck in request.raw_path:
            self.refusals += 1
        if self.refusals and "/versions" in request.raw_path:
            self.refusals -= 1
            headers = {"content-type": "application/json", "retry-after": "40"}
            return Response(429, b'{"message": "You have exceeded a secondary rate limit."}', headers)
        return super().handle(request)
