"""A small HTTP/1.1 server for ASGI applications, which can break connections if an application asks for it.

It is meant for tests on this machine: no TLS, no timeouts, no limits but on the size of headers.
https://www.rfc-editor.org/rfc/rfc9112
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import unquote

from ._asgi import Message, Receive, Send
from ._delivery import EXTENSION

__all__ = ["Application", "front"]

logger = logging.getLogger("ghpackages.testing")

Application = Callable[[Message, Receive, Send], Awaitable[None]]

LARGEST_HEAD: Final = 2**16
READ_AHEAD: Final = 2**16
REASONS: Final = {status.value: status.phrase for status in HTTPStatus}
# With no time to linger, closing a socket resets its connection.
NO_LINGER: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)

Headers = list[tuple[bytes, bytes]]


class BadRequest(Exception):  # noqa: N818  (becomes an answer)
    """What was sent is no request."""


@dataclass(slots=True)
class Head:
    """A request without its body."""

    method: str
    target: bytes
    version: str
    headers: Headers = field(default_factory=Headers)

    @classmethod
    def parse(cls, data: bytes) -> Head:
        """Read what comes before the empty line."""
        first, *lines = data.split(b"\r\n")
        try:
            method, target, version = first.split(b" ")
        except ValueError:
            raise BadRequest("no request line") from None
        if version not in {b"HTTP/1.0", b"HTTP/1.1"} or not target.startswith((b"/", b"http://", b"*")):
            raise BadRequest("not HTTP/1.1")
        head = cls(method.decode("latin-1"), target, version[5:].decode())
        for line in lines:
            name, colon, value = line.partition(b":")
            if not colon or not name or name.strip() != name:
                raise BadRequest("a header without a name")
            head.headers.append((name.lower(), value.strip()))
        return head

    def get(self, name: bytes) -> bytes:
        """Give a header in lower case, or nothing."""
        return next((value.lower() for key, value in self.headers if key == name), b"")

    @property
    def length(self) -> int | None:
        """The length of the body; None if it comes in chunks."""
        if self.get(b"transfer-encoding"):
            if self.get(b"transfer-encoding") != b"chunked":
                raise BadRequest("an unknown transfer encoding")
            return None
        length = self.get(b"content-length") or b"0"
        if not length.isdigit():
            raise BadRequest("not a length")
        return int(length)

    @property
    def keeps_alive(self) -> bool:
        """Tell whether the client will send another request."""
        connection = self.get(b"connection")
        return connection == b"keep-alive" if self.version == "1.0" else b"close" not in connection

    def scope(self, transport: asyncio.Transport) -> Message:
        """Describe the request to an application."""
        raw_path, _, query = self.target.partition(b"?")
        if raw_path.startswith(b"http://"):
            raw_path = b"/" + raw_path[7:].partition(b"/")[2]
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": self.version,
            "method": self.method,
            "scheme": "http",
            "path": unquote(raw_path.decode("latin-1")),
            "raw_path": raw_path,
            "query_string": query,
            "root_path": "",
            "headers": self.headers,
            "client": transport.get_extra_info("peername")[:2],
            "server": transport.get_extra_info("sockname")[:2],
            "extensions": {EXTENSION: {}},
        }


class Answer:
    """What an application sends, as bytes."""

    def __init__(self, head: Head, write: Callable[[bytes], Awaitable[None]]) -> None:
        self._head: Final = head
        self._write: Final = write
        self._status = 0
        self._headers: Headers = []
        self._is_sent = self._chunked = self._bodiless = False
        self.keeps_alive = head.keeps_alive
        self.is_complete = False

    @property
    def is_begun(self) -> bool:
        """Tell whether there is no way back."""
        return self._status != 0

    async def send(self, message: Message) -> None:
        """Send a part."""
        if message["type"] == "http.response.start":
            self._status = cast(int, message["status"])
            self._headers = [*cast("Headers", message.get("headers") or [])]
        else:
            more = bool(message.get("more_body", False))
            await self._send_body(cast(bytes, message.get("body", b"")), more=more)
            self.is_complete = not more

    async def flush(self) -> None:
        """Send headers that wait for a body."""
        if self.is_begun and not self._is_sent:
            await self._send_body(b"", more=True)

    async def _send_body(self, body: bytes, *, more: bool) -> None:
        data = b"" if self._is_sent else self._begin(len(body), more=more)
        self._is_sent = True
        if self._bodiless:
            body = b""
        elif self._chunked:
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            body += b"" if more else b"0\r\n\r\n"
        await self._write(data + body)

    def _begin(self, size: int, *, more: bool) -> bytes:
        names = {name.lower() for name, _ in self._headers}
        self._bodiless = self._head.method == "HEAD" or self._status in {204, 304}
        headers = self._headers
        if b"content-length" not in names and not self._bodiless:
            self._chunked = more and self._head.version == "1.1"
            self.keeps_alive = self.keeps_alive and (self._chunked or not more)
            length = (b"transfer-encoding", b"chunked") if self._chunked else (b"content-length", b"%d" % size)
            headers = [*headers, length] if self._chunked or not more else headers
        if not self.keeps_alive:
            headers = [*headers, (b"connection", b"close")]
        elif self._head.version == "1.0":
            headers = [*headers, (b"connection", b"keep-alive")]
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        return b"HTTP/1.1 %d %b\r\n%b\r\n" % (self._status, REASONS.get(self._status, "").encode(), lines)


class Connection(asyncio.Protocol):
    """One connection, on which one request follows the other."""

    def __init__(self, application: Application, tasks: set[asyncio.Task[None]]) -> None:
        self._application: Final = application
        self._tasks: Final = tasks
        self._writable: Final = asyncio.Event()
        self._reader: Final = asyncio.StreamReader(limit=LARGEST_HEAD)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to serve."""
        self._transport = cast(asyncio.Transport, transport)
        # What is written is on its way before anything else happens, such as a reset, which would discard it.
        self._transport.set_write_buffer_limits(high=0)
        self._writable.set()
        self._reader.set_transport(transport)
        self._task = asyncio.get_running_loop().create_task(self._serve())
        self._tasks.add(self._task)
        self._task.add_done_callback(self._tasks.discard)

    def data_received(self, data: bytes) -> None:
        """Take what comes."""
        self._reader.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give up what is under way: nobody waits for it any more."""
        self._task.cancel()

    def pause_writing(self) -> None:
        """Wait until the client has taken what is written."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Go on."""
        self._writable.set()

    async def _serve(self) -> None:
        try:
            while await self._exchange():
                pass
        except (BadRequest, asyncio.LimitOverrunError) as error:
            status = 400 if isinstance(error, BadRequest) else 431
            await self._refuse(Head("GET", b"/", "1.0"), status)
        finally:
            self._transport.close()

    async def _exchange(self) -> bool:
        """Answer one request; tell whether another may come."""
        head = Head.parse((await self._reader.readuntil(b"\r\n\r\n"))[:-4].lstrip(b"\r\n"))
        if head.get(b"expect") == b"100-continue":
            await self._write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await self._read_body(head.length)
        answer = Answer(head, self._write)
        try:
            await self._application(head.scope(self._transport), _receiver(body), self._sender(answer))
        except Exception:
            logger.exception("%s %s: the application failed", head.method, head.target.decode("latin-1"))
            if not answer.is_begun:
                await self._refuse(head, 500)
        return answer.is_complete and answer.keeps_alive and not self._transport.is_closing()

    async def _read_body(self, length: int | None) -> bytes:
        if length is not None:
            return await self._reader.readexactly(length) if length else b""
        parts: list[bytes] = []
        while size := await self._chunk_size():
            parts.append((await self._reader.readexactly(size + 2))[:-2])
        while await self._reader.readuntil(b"\r\n") != b"\r\n":
            pass  # trailers
        return b"".join(parts)

    async def _chunk_size(self) -> int:
        line = await self._reader.readuntil(b"\r\n")
        try:
            return int(line.partition(b";")[0], 16)
        except ValueError:
            raise BadRequest("a chunk without a size") from None

    async def _write(self, data: bytes) -> None:
        self._transport.write(data)
        if not self._writable.is_set():
            await self._writable.wait()

    def _sender(self, answer: Answer) -> Send:
        async def send(message: Message) -> None:
            if message["type"] != EXTENSION:
                await answer.send(message)
            else:
                await answer.flush()
                self._disconnect(reset=bool(message["reset"]))

        return send

    def _disconnect(self, *, reset: bool) -> None:
        if reset:
            raw = cast(socket.socket, self._transport.get_extra_info("socket"))
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            self._transport.abort()
            if sys.platform == "win32":  # the event loop there would shut it down first: an end, and no reset
                cast(Any, raw)._sock.close()
        else:
            self._transport.close()

    async def _refuse(self, head: Head, status: int) -> None:
        answer, reason = Answer(head, self._write), REASONS[status].encode()
        answer.keeps_alive = False
        await answer.send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]}
        )
        await answer.send({"type": "http.response.body", "body": reason})


def _receiver(body: bytes) -> Receive:
    """Give the body, and then nothing: whoever still waits is cancelled when the client goes."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop()

    return receive


@asynccontextmanager
async def front(application: Application, listener: socket.socket) -> AsyncGenerator[None, None]:
    """Serve an application in the background of the running event loop, on a socket that listens already."""
    tasks: set[asyncio.Task[None]] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(application, tasks), sock=listener)
    try:
        yield
    finally:
        server.close()
        for task in [*tasks]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # until the transports have closed their sockets
