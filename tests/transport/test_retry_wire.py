"""Retries over real sockets: connections that are refused, reset, cut short, or carry nonsense."""

import asyncio
import gzip
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from tests.transport.bare import Bare
from tests.transport.faults import PartOfPauses

from ghpackages import APIConnectionError, DecodeError
from ghpackages.transport._retry import RetryTransport

GOOD = b"[]"


def whole(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", *headers]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Server:
    """Writes the next raw answer to each request; after one in a list it closes the connection, None resets it."""

    def __init__(self, *answers: bytes | list[bytes] | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                self.asked.append(head.split(" ", 2)[0])
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                writer.write(b"".join(answer) if isinstance(answer, list) else answer or b"")
                await writer.drain()
                if answer is None or isinstance(answer, list):
                    raw: socket.socket = writer.get_extra_info("socket")
                    if answer is None:
                        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(server: Server, **options: object) -> AsyncIterator[Bare]:
    listener = await asyncio.start_server(server, "127.0.0.1")
    port = listener.sockets[0].getsockname()[1]
    inner = httpx.AsyncHTTPTransport()
    transport = RetryTransport(inner, **{"base": 0.001, **options})
    async with Bare("made-up-token", base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=5.0) as github:
        yield github
        assert [connection for connection in inner._pool.connections if not connection.is_idle()] == []
    listener.close()
    await listener.wait_closed()


BAD = {
    "reset before the answer": None,
    "closed before the answer": [b""],
    "closed in the head": [b"HTTP/1.1 200 OK\r\nContent-Ty"],
    "closed in the body": [whole(b"[", length=100)],
    "closed in a chunk": [
        whole(b"", "Transfer-Encoding: chunked").replace(b"Content-Length: 0\r\n", b"") + b"9\r\n[1,"
    ],
    "nonsense": [b"ICY 200 OK\r\n\r\n"],
    "truncated JSON of the right length": whole(b'[{"id": 1'),
    "an empty body": whole(b""),
    "broken gzip": whole(b"this is not gzip", "Content-Encoding: gzip"),
    "cut gzip": whole(gzip.compress(b"[" + b"1," * 1000 + b"1]")[:-20], "Content-Encoding: gzip"),
    "a gateway's page": whole(b"<html>", status="504 Gateway Timeout"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
async def test_reading_survives(bad: bytes | list[bytes] | None):
    server = Server(bad, bad, whole(GOOD))
    async with serving(server) as github:
        assert await github.org("acme").docker_conflicts() == []
    assert server.asked == ["GET"] * 3


UNCLEAR = {
    name: bad
    for name, bad in BAD.items()
    if name not in {"truncated JSON of the right length", "an empty body", "cut gzip"}
}


@pytest.mark.parametrize("bad", UNCLEAR.values(), ids=UNCLEAR)
async def test_a_deletion_is_looked_up_after(bad: bytes | list[bytes] | None):
    server = Server(bad, whole(b'{"message": "Package not found."}', status="404 Not Found"))
    async with serving(server) as github:
        await github.org("acme").delete_package("npm", "left-pad")
    assert server.asked == ["DELETE", "GET"]


async def test_giving_up_tells_what_was_wrong():
    async with serving(Server(None), retries=1) as github:
        with pytest.raises(APIConnectionError, match="ReadError"):
            await github.org("acme").docker_conflicts()
    async with serving(Server(whole(b"[1")), retries=1) as github:
        with pytest.raises(DecodeError, match="not all of it"):
            await github.org("acme").docker_conflicts()
    async with serving(Server(BAD["broken gzip"]), retries=1) as github:
        with pytest.raises(APIConnectionError, match="DecodingError"):
            await github.org("acme").docker_conflicts()


async def test_a_refused_connection_repeats_even_a_deletion():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    server = Server(whole(b"", status="204 No Content"))
    transport = RetryTransport(httpx.AsyncHTTPTransport(), base=0.2, clock=PartOfPauses())
    async with Bare(None, base_url=f"http://127.0.0.1:{port}", transport=transport) as github:
        task = asyncio.ensure_future(github.org("acme").delete_package("npm", "left-pad"))
        await asyncio.sleep(0.1)
        listener = await asyncio.start_server(server, "127.0.0.1", port)
        await task
        listener.close()  # waiting for that would, from Python 3.12 on, wait for the client's open connection
    assert server.asked == ["DELETE"]


async def test_good_connections_are_kept_through_bad_answers():
    server = Server(whole(b"[1"), whole(b"", status="502 Bad Gateway"), whole(GOOD))
    async with serving(server) as github:
        await github.org("acme").docker_conflicts()
    assert server.connections == 1


async def test_cancelling_in_the_body_leaves_no_connection():
    class Hanging(Server):
        async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(whole(b"[", length=100))
            await reader.read()
            self.asked.append("closed by the client")
            writer.close()

    server = Hanging(None)
    async with serving(server) as github:
        task = asyncio.ensure_future(github.org("acme").docker_conflicts())
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0.05)
        assert server.asked == ["closed by the client"]
