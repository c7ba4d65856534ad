"""A server on this machine that speaks just enough HTTP/1.1, over TLS if wanted, and misbehaves as told."""

import asyncio
import contextlib
import socket
import ssl
import struct
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Self

import httpx
from attrs import define, field

from ghpackages.transport._connections import connections


@define
class Asked:
    """A request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    raw: bytes = field(repr=False)

    @classmethod
    def parse(cls, head: bytes) -> Self:
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        method, target, _ = first.split(" ")
        return cls(
            method, target, {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}, head
        )


Answer = Callable[[Asked], Awaitable[bytes | None]]
"""Gives the bytes to send, after which the connection stays open; None resets it."""


def answer(status: int = 200, body: bytes = b"{}", **headers: str) -> bytes:
    """An answer, with header names written with underscores."""
    lines = {"content-type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines.setdefault("content-length", str(len(body)))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Because\r\n{head}\r\n".encode() + body


async def fine(asked: Asked) -> bytes:
    return answer()


async def silent(asked: Asked) -> bytes:
    await asyncio.Event().wait()
    raise AssertionError


async def reset(asked: Asked) -> None:
    return None


async def hang_up(asked: Asked) -> bytes:
    raise ConnectionError


async def truncated(asked: Asked) -> bytes:
    return answer(body=b'{"id":', content_length="1000", connection="close")


def whole(data: bytes) -> Sequence[bytes]:
    """An answer as one piece."""
    return [data]


class Server:
    """What it was asked, and how many connections it accepted, and has open, those in a TLS handshake included."""

    def __init__(self, give: Answer, scheme: str) -> None:
        self.give = give
        self.scheme = scheme
        self.tls: ssl.SSLContext | None = None
        self.split: Callable[[bytes], Sequence[bytes]] = whole
        self.port = 0
        self.fast = False
        self.tunnels = True
        self.accepted = 0
        self.asked: list[Asked] = []
        self.was_asked = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()

    @property
    def open(self) -> int:
        """How many connections are open."""
        return len(self.tasks)

    @property
    def url(self) -> httpx.URL:
        return httpx.URL(f"{self.scheme}://127.0.0.1:{self.port}")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        task = asyncio.current_task()
        assert task
        self.tasks.add(task)
        try:
            if self.tls:
                await writer.start_tls(self.tls)
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
            pass
        finally:
            self.tasks.discard(task)
            writer.close()
            closed = writer._protocol._get_close_waiter(writer)  # type: ignore[attr-defined]
            closed.add_done_callback(asyncio.Future.exception)  # else it may be reported that nobody asked for it

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        asked = Asked.parse(await reader.readuntil(b"\r\n\r\n"))
        self.asked.append(asked)
        self.was_asked.set()
        if asked.method == "CONNECT" and self.tunnels:
            await tunnel(asked.target, reader, writer)
            return False
        data = await self.give(asked)
        if data is None:
            abort(writer)
            return False
        for part in self.split(data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if asked.method == "HEAD" else data):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)
        return b"connection: close" not in data


def abort(writer: asyncio.StreamWriter) -> None:
    """Reset a connection."""
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # else it is an orderly end
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def tunnel(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What a proxy does after CONNECT."""
    host, _, port = target.rpartition(":")
    there_reader, there_writer = await asyncio.open_connection(host, int(port))
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
        sink.close()

    try:
        await asyncio.gather(pump(reader, there_writer), pump(there_reader, writer))
    finally:
        there_writer.close()


@contextlib.asynccontextmanager
async def serving(give: Answer = fine, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """A server that runs."""
    server = Server(give, "https" if tls else "http")
    server.tls = tls
    async with running(server):
        yield server


@contextlib.asynccontextmanager
async def running(server: Server) -> AsyncIterator[None]:
    """Let a server run on a free port."""
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0, backlog=256)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        listener.close()
        for task in [*server.tasks]:
            task.cancel()
        await asyncio.gather(*server.tasks, return_exceptions=True)
        await listener.wait_closed()


def innermost(url: httpx.URL, **options: object) -> httpx.AsyncBaseTransport:
    """The default innermost transport, without aiohttp and the environment unless asked for."""
    settings: dict[str, object] = {"proxy": None, "verify": True, "trust_env": False, "fast": False}
    late = connections(url, **(settings | options))  # type: ignore[arg-type]
    return late._maker()


async def ask(
    transport: httpx.AsyncBaseTransport, url: httpx.URL, method: str = "GET", seconds: float = 10
) -> httpx.Response:
    """One request through a transport, which is closed after it."""
    async with httpx.AsyncClient(transport=transport, timeout=seconds, trust_env=False) as client:
        return await client.request(method, url)
