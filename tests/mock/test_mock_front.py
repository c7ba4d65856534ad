"""The socket front: enough HTTP for all kinds of clients, and connections that break."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from tests.mock.asking import over

from ghpackages.testing import MockGitHub, MockPackage, faults, running, serve
from ghpackages.testing._delivery import EXTENSION
from ghpackages.testing._front import front

PACKAGE = "/user/packages/npm/left-pad"


@pytest.fixture(autouse=True)
def left_pad(server: MockGitHub) -> MockPackage:
    package = server.user.add_package("npm", "left-pad")
    package.add_versions(50)
    return package


@pytest.fixture
async def base_url(server: MockGitHub) -> AsyncIterator[str]:
    async with running(server, front=True) as url:
        yield url


@pytest.fixture
async def client(server: MockGitHub, base_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with over(base_url, server) as made:
        yield made


class Wire:
    """One connection, byte for byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str = "") -> None:
        self.reader, self.writer, self.token = reader, writer, token

    def send(self, *requests: str) -> None:
        """Send requests with a token, all at once."""
        end = f"\r\nAuthorization: Bearer {self.token}\r\nUser-Agent: wire\r\n\r\n"
        self.writer.write("".join(request.replace("\n", "\r\n") + end for request in requests).encode())

    async def head(self) -> tuple[int, dict[str, str]]:
        """Read the status and the headers of an answer."""
        first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
        return int(first.split(" ")[1]), dict(line.lower().split(": ", 1) for line in lines)

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Read an answer."""
        status, headers = await self.head()
        return status, headers, await self.reader.readexactly(int(headers.get("content-length", 0)))

    async def is_closed(self) -> bool:
        """Tell whether there is nothing more to come."""
        return await self.reader.read() == b""


@asynccontextmanager
async def wire(url: str, token: str = "") -> AsyncIterator[Wire]:
    """Open a connection."""
    where = httpx.URL(url)
    reader, writer = await asyncio.open_connection(where.host, where.port)
    try:
        yield Wire(reader, writer, token)
    finally:
        writer.close()


@asynccontextmanager
async def serving(application: Callable[..., Awaitable[None]]) -> AsyncIterator[str]:
    """Put the front before any application."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with front(application, listener):
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def fixed(*messages: dict[str, Any]) -> Callable[..., Awaitable[None]]:
    """An application that always sends the same."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    return application


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what happens by itself."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  (nobody tells)
            await asyncio.sleep(0.001)


# --- HTTP


async def test_links_can_be_followed(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{PACKAGE}/versions?per_page=30")
    following = await client.get(response.links["next"]["url"])

    assert (len(response.json()), len(following.json())) == (30, 20)


async def test_requests_follow_each_other_on_one_connection(server: MockGitHub, base_url: str) -> None:
    async with wire(base_url, server.token) as connection:
        for _ in range(3):
            connection.send(f"GET {PACKAGE} HTTP/1.1")
            status, headers, body = await connection.answer()
            assert (status, body[:5]) == (200, b'{"id"')
            assert "connection" not in headers


async def test_requests_that_come_together_are_answered_in_order(server: MockGitHub, base_url: str) -> None:
    async with wire(base_url, server.token) as connection:
        connection.send(f"GET {PACKAGE} HTTP/1.1", f"HEAD {PACKAGE} HTTP/1.1", "GET /nowhere HTTP/1.1")
        first, (second, headers), third = [
            await connection.answer(),
            await connection.head(),
            await connection.answer(),
        ]

    assert (first[0], second, third[0]) == (200, 200, 404)
    assert int(headers["content-length"]) == len(first[2])


async def test_an_answer_without_a_body_ends_with_its_headers(server: MockGitHub, base_url: str) -> None:
    async with wire(base_url, server.token) as connection:
        connection.send(f"DELETE {PACKAGE} HTTP/1.1", f"GET {PACKAGE} HTTP/1.1")
        status, headers = await connection.head()
        following, *_ = await connection.answer()

    assert (status, following) == (204, 404)
    assert not {"content-length", "transfer-encoding"} & headers.keys()


@pytest.mark.parametrize(
    ("request_line", "connection_header"),
    [("GET / HTTP/1.1\nConnection: close", "close"), ("GET / HTTP/1.0", "close")],
)
async def test_a_connection_is_closed_if_the_client_wants_it(
    server: MockGitHub, base_url: str, request_line: str, connection_header: str
) -> None:
    async with wire(base_url, server.token) as connection:
        connection.send(request_line)
        _, headers, _ = await connection.answer()
        assert headers["connection"] == connection_header
        assert await connection.is_closed()


async def test_an_old_client_can_keep_its_connection(server: MockGitHub, base_url: str) -> None:
    async with wire(base_url, server.token) as connection:
        for _ in range(2):
            connection.send("GET / HTTP/1.0\nConnection: keep-alive")
            assert (await connection.answer())[1]["connection"] == "keep-alive"


async def test_an_empty_line_before_a_request_is_ignored(server: MockGitHub, base_url: str) -> None:
    async with wire(base_url, server.token) as connection:
        connection.send(f"\nGET {PACKAGE} HTTP/1.1")
        assert (await connection.answer())[0] == 200


@pytest.mark.parametrize(
    "with_body",
    [
        "Content-Length: 2\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;a=b\r\n}\r\n0\r\nTrailer: 1\r\n\r\n",
    ],
)
async def test_bodies_are_read_whole(server: MockGitHub, base_url: str, with_body: str) -> None:
    async with wire(base_url, server.token) as connection:
        head = f"DELETE {PACKAGE} HTTP/1.1\r\nAuthorization: Bearer {server.token}\r\nUser-Agent: wire\r\n"
        connection.writer.write((head + with_body).encode())
        assert (await connection.answer())[0] == 422
        connection.send(f"GET {PACKAGE} HTTP/1.1")
        assert (await connection.answer())[0] == 200


async def test_a_client_that_asks_first_is_told_to_go_on(server: MockGitHub, base_url: str) -> None:
    async with wire(base_url, server.token) as connection:
        connection.send(f"POST {PACKAGE}/restore HTTP/1.1\nExpect: 100-continue\nContent-Length: 2")
        assert (await connection.head())[0] == 100
        connection.writer.write(b"{}")
        assert (await connection.answer())[0] == 404


async def test_a_proxys_request_line_is_understood(server: MockGitHub, base_url: str) -> None:
    async with wire(base_url, server.token) as connection:
        connection.send(f"GET http://api.github.com{PACKAGE}?page=1 HTTP/1.1\nHost: api.github.com")
        await connection.answer()

    assert [(request.path, request.query) for request in server.requests] == [(PACKAGE, "page=1")]


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000 + b"\r\n\r\n", 431),
    ],
)
async def test_what_is_no_request_is_refused_and_the_connection_closed(
    base_url: str, request_bytes: bytes, status: int
) -> None:
    async with wire(base_url) as connection:
        connection.writer.write(request_bytes)
        assert (await connection.answer())[0] == status
        assert await connection.is_closed()


START: dict[str, Any] = {"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]}
PARTS = [{"type": "http.response.body", "body": part, "more_body": part != b""} for part in (b"ab", b"c", b"")]


async def test_a_body_without_a_length_comes_in_chunks() -> None:
    async with serving(fixed(START, *PARTS)) as url, httpx.AsyncClient(trust_env=False) as client:
        first, second = [await client.get(url) for _ in range(2)]

    assert (first.content, second.content) == (b"abc", b"abc")
    assert first.headers["transfer-encoding"] == "chunked"


async def test_for_an_old_client_the_end_of_the_connection_is_the_end_of_a_body_without_a_length() -> None:
    async with serving(fixed(START, *PARTS)) as url, wire(url) as connection:
        connection.send("GET / HTTP/1.0\nConnection: keep-alive")
        assert (await connection.head())[1] == {"x-a": "1", "connection": "close"}
        assert await connection.reader.read() == b"abc"


async def test_a_body_in_one_piece_gets_a_length() -> None:
    application = fixed({**START, "headers": []}, {"type": "http.response.body", "body": b"ab"})
    async with serving(application) as url, httpx.AsyncClient(trust_env=False) as client:
        response = await client.get(url)

    assert (response.headers["content-length"], response.content) == ("2", b"ab")


async def test_a_body_in_answer_to_head_is_left_out() -> None:
    async with serving(fixed(START, *PARTS)) as url, wire(url) as connection:
        connection.send("HEAD / HTTP/1.1", "HEAD / HTTP/1.1")
        assert [await connection.head() for _ in range(2)] == [(200, {"x-a": "1"})] * 2


async def test_headers_are_sent_before_a_connection_ends() -> None:
    async with serving(fixed(START, {"type": EXTENSION, "reset": False})) as url, wire(url) as connection:
        connection.send("GET / HTTP/1.1")
        assert (await connection.head())[0] == 200
        assert await connection.is_closed()


async def test_an_application_that_fails_answers_500_and_the_log_tells_why(caplog: pytest.LogCaptureFixture) -> None:
    async def failing(scope: Any, receive: Any, send: Any) -> None:
        raise LookupError("a bug")

    async with serving(failing) as url, httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(url)).status_code == 500

    assert "a bug" in caplog.text


async def test_an_application_that_fails_in_the_middle_closes_the_connection() -> None:
    async def failing(scope: Any, receive: Any, send: Any) -> None:
        await fixed(START, PARTS[0])(scope, receive, send)
        raise LookupError("a bug")

    async with serving(failing) as url, httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(url)


# --- clients that go, servers that end


async def test_what_nobody_waits_for_any_more_is_given_up(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Latency(60))
    with pytest.raises(httpx.ReadTimeout):
        await client.get(PACKAGE, timeout=0.05)
    await until(lambda: not server.in_flight)

    assert [request.status for request in server.requests] == [0]


async def test_the_end_of_the_server_ends_what_is_under_way(server: MockGitHub) -> None:
    server.fault(faults.Latency(60))
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client, asyncio.timeout(5):
        async with running(server, front=True) as url:
            asked = asyncio.create_task(client.get(url))
            await until(lambda: server.in_flight == 1)
        assert server.in_flight == 0
        with pytest.raises(httpx.TransportError):
            await asked


async def test_a_client_that_reads_slowly_gets_everything(server: MockGitHub, base_url: str) -> None:
    size = 20_000_000
    server.fault(faults.Answer(200, b"x" * size))
    async with wire(base_url, server.token) as connection:
        connection.send(f"GET {PACKAGE} HTTP/1.1")
        await connection.head()
        await asyncio.sleep(0.01)
        assert len(await connection.reader.readexactly(size)) == size


async def test_serve_needs_no_uvicorn_with_the_front(server: MockGitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    told: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:  # if it can't serve, nobody waits to be told
        task = group.create_task(serve(server, front=True, on_ready=told.set_result))
        async with over(await told, server) as client:
            assert (await client.get(PACKAGE)).status_code == 200
        task.cancel()

    assert task.cancelled()


# --- connections that break


async def test_a_reset_is_an_error_of_reading(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Reset(), times=1)
    with pytest.raises(httpx.ReadError):
        await client.get(PACKAGE)

    assert (await client.get(PACKAGE)).status_code == 200


async def test_a_reset_is_one_on_the_wire(server: MockGitHub, base_url: str) -> None:
    server.fault(faults.Reset())
    async with wire(base_url, server.token) as connection:
        connection.send(f"GET {PACKAGE} HTTP/1.1")
        with pytest.raises(ConnectionResetError):
            await connection.reader.read()


async def test_a_connection_can_be_closed_without_an_answer(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.HangUp())
    with pytest.raises(httpx.RemoteProtocolError, match="disconnected"):
        await client.get(PACKAGE)


async def test_half_a_body_arrives_before_a_reset(server: MockGitHub, base_url: str) -> None:
    server.fault(faults.Reset(0.5))
    async with wire(base_url, server.token) as connection:
        connection.send(f"GET {PACKAGE} HTTP/1.1")
        _, headers = await connection.head()
        await connection.reader.readexactly(int(headers["content-length"]) // 2)
        with pytest.raises(ConnectionResetError):
            await connection.reader.read()


async def test_what_a_reset_leaves_of_a_large_body_is_on_its_way_before_it(server: MockGitHub, base_url: str) -> None:
    server.fault(faults.Answer(200, b"x" * 40_000_000))
    server.fault(faults.Reset(0.5))
    async with wire(base_url, server.token) as connection:
        connection.send(f"GET {PACKAGE} HTTP/1.1")
        await connection.head()
        await connection.reader.readexactly(10_000_000)
        with pytest.raises(ConnectionResetError):
            await connection.reader.read()


async def test_a_reset_in_the_middle_of_the_body_is_an_error_of_reading_it(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.fault(faults.Reset(0.5))
    with pytest.raises(httpx.ReadError):
        await client.get(PACKAGE)


@pytest.mark.parametrize("part", [0.0, 0.5])
async def test_a_body_can_end_too_early(
    server: MockGitHub, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, part: float
) -> None:
    server.fault(faults.HangUp(part))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        await client.get(PACKAGE)

    assert "failed" not in caplog.text


@pytest.mark.parametrize("kind", [faults.Reset, faults.HangUp])
async def test_a_deletion_whose_answer_is_lost_can_have_taken_effect(
    server: MockGitHub, client: httpx.AsyncClient, kind: Any
) -> None:
    server.fault(kind(took_effect=True), method="DELETE")
    with pytest.raises(httpx.TransportError):
        await client.delete(PACKAGE)

    assert (await client.get(PACKAGE)).status_code == 404


async def test_a_body_can_drip_and_the_client_can_lose_its_patience(server: MockGitHub, base_url: str) -> None:
    server.fault(faults.Drip(10, 60))
    async with wire(base_url, server.token) as connection:
        connection.send(f"GET {PACKAGE} HTTP/1.1")
        await connection.head()
        assert await connection.reader.read(1000) == b'{"id":7930'
    await until(lambda: not server.in_flight)


async def test_a_body_that_drips_is_whole_in_the_end(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Drip(200, 0.001))

    assert (await client.get(PACKAGE)).json()["name"] == "left-pad"


async def test_aiohttp_sees_the_same(server: MockGitHub, base_url: str) -> None:
    aiohttp = pytest.importorskip("aiohttp", reason="the extra fast is not installed")
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {server.token}"}) as session:

        async def read() -> bytes:
            async with session.get(base_url + PACKAGE) as response:
                return bytes(await response.read())

        with server.fault(faults.Reset()), pytest.raises(aiohttp.ClientOSError):
            await read()
        for effect in (faults.HangUp(0.5), faults.BrokenGzip()):
            with server.fault(effect), pytest.raises(aiohttp.ClientPayloadError):
                await read()
        assert b"left-pad" in await read()
