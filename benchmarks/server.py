"""The server of the benchmark: prepared responses after a latency, in a process of its own.

python -m benchmarks.peers.server [--latency 0.05] [--port 0] [--core 0]

Prints its address once it listens. `GET /-/counts` gives the connections that were opened and the requests that came
since `GET /-/reset?latency=0.05`; these two themselves don't count. It needs httptools, and nothing of ours.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
from typing import cast
from urllib.parse import parse_qs, urlsplit

import httptools
from benchmarks.peers.content import Content
from benchmarks.peers.data import compact

CONTROL = b"/-/"


class Counts:
    """What came since the last reset, and how late everything is answered."""

    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.connections = self.requests = 0

    def control(self, target: str) -> bytes:
        """Answer what is asked about the server itself."""
        url = urlsplit(target)
        if url.path == "/-/reset":
            self.connections = self.requests = 0
            self.latency = float(parse_qs(url.query).get("latency", [self.latency])[0])
        body = compact({"connections": self.connections, "requests": self.requests, "latency": self.latency})
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


class Connection(asyncio.Protocol):
    """One connection. Targets that were asked for once are found again by their bytes, without parsing them."""

    def __init__(self, content: Content, counts: Counts, known: dict[bytes, bytes]) -> None:
        self._content, self._counts, self._known = content, counts, known
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._target, self._is_counted = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read on."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._transport.close()

    def on_url(self, url: bytes) -> None:
        """Called by the parser with the target, or a part of it."""
        self._target += url

    def on_message_complete(self) -> None:
        """Called by the parser at the end of a request."""
        target, self._target = self._target, b""
        if target.startswith(CONTROL):
            self._transport.write(self._counts.control(target.decode()))
            return
        counts = self._counts
        counts.requests += 1
        if not self._is_counted:
            self._is_counted = True
            counts.connections += 1
        answer = self._known.get(target) or self._learn(target)
        if counts.latency:
            self._loop.call_later(counts.latency, self._transport.write, answer)
        else:
            self._transport.write(answer)
        if not self._parser.should_keep_alive():
            self._loop.call_later(counts.latency, self._transport.close)

    def _learn(self, target: bytes) -> bytes:
        method = self._parser.get_method().decode()
        answer = self._content.answer(method, target.decode())
        if method == "GET":
            self._known[target] = answer
        return answer


async def serve(latency: float, port: int) -> None:
    """Serve until the process is told to end."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, ended.set)
    counts, known = Counts(latency), dict[bytes, bytes]()
    server = await start(counts, known, port)
    async with server:
        print(address(server), flush=True)
        await ended.wait()


async def start(counts: Counts, known: dict[bytes, bytes], port: int = 0) -> asyncio.Server:
    """Listen, and have all pages ready before the first request is read."""
    contents: list[Content] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(contents[0], counts, known), "127.0.0.1", port, backlog=1024, start_serving=False
    )
    contents.append(Content(address(server)))
    contents[0].prepare()
    await server.start_serving()
    return server


def address(server: asyncio.Server) -> str:
    """Where it listens."""
    host, port = server.sockets[0].getsockname()
    return f"http://{host}:{port}"


def main() -> None:
    """Read the command line, and serve."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers.server")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="between request and response")
    parser.add_argument("--port", type=int, default=0, help="any free one by default")
    parser.add_argument("--core", type=int, help="run on this core only")
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    asyncio.run(serve(options.latency, options.port))


if __name__ == "__main__":
    main()
