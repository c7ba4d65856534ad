"""How many pages of 100 versions the mock server gives in a second: in process, and over a socket from one core.

python benchmarks/mock_server.py
"""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count, islice
from pathlib import Path

from attrs import frozen

from ghpackages.testing import MockGitHub, Request, serve

VERSIONS, PER_PAGE = 1_000_000, 100
PAGES = VERSIONS // PER_PAGE
FEW = 500
"""So many different pages are remembered by the server."""
ENGINES = ("uvicorn", "front")
CONNECTIONS = 8
BUFFER = 2**18
PATH = "/orgs/acme/packages/container/web%2Fapi/versions"


@frozen
class Outcome:
    """What a run came to.

    Attributes:
        pages: How many were read.
        seconds: How long it took.
        octets: The size of all bodies, and of headers too over a socket.
        cpu: The server's CPU seconds, if known.
    """

    pages: int
    seconds: float
    octets: int
    cpu: float | None


def million() -> MockGitHub:
    """A server with one package that has a million versions."""
    server = MockGitHub(rate_limit=None)
    server.add_org("acme").add_package("container", "web/api").add_versions(VERSIONS)
    return server


def queries(pages: int, different: int) -> Iterator[str]:
    """Ask for pages one after the other, and again from the first."""
    return (f"per_page={PER_PAGE}&page={number % different + 1}" for number in islice(count(), pages))


def in_process(server: MockGitHub, pages: int, different: int) -> Outcome:
    """Ask without any transport."""
    headers = {"host": "api.github.com", "authorization": f"Bearer {server.token}", "user-agent": "benchmark"}
    octets, began, cpu = 0, time.perf_counter(), time.process_time()
    for query in queries(pages, different):
        octets += len(server.handle(Request("GET", PATH, query, headers)).body)
    return Outcome(pages, time.perf_counter() - began, octets, time.process_time() - cpu)


class Reader(asyncio.BufferedProtocol):
    """One connection that asks for the next page once it has one: it knows of HTTP only what it needs to be fast."""

    def __init__(self, pages: Iterator[str], headers: bytes) -> None:
        self._pages, self._headers = pages, headers
        self._buffer, self._head, self._missing = bytearray(BUFFER), b"", 0
        self.octets = 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first page."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  (for the type checker)
        self._transport = transport
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell if it was too early."""
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server hung up"))

    def get_buffer(self, sizehint: int) -> bytearray:
        """Reuse one buffer."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Count what came."""
        self.octets += nbytes
        if self._missing:
            self._missing -= nbytes
        else:
            self._head += bytes(self._buffer[:nbytes])
            if b"\r\n\r\n" not in self._head:
                return
            self._missing = self._body_length() - (len(self._head) - self._head.index(b"\r\n\r\n") - 4)
            self._head = b""
        if not self._missing:
            self._ask()

    def _body_length(self) -> int:
        if not self._head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(self._head.decode())
        return int(self._head.split(b"content-length: ")[1].split(b"\r\n")[0])

    def _ask(self) -> None:
        query = next(self._pages, None)
        if query is not None:
            self._transport.write(b"GET %b?%b HTTP/1.1\r\n%b\r\n" % (PATH.encode(), query.encode(), self._headers))
        else:
            self._transport.close()
            self.done.set_result(None)


async def over_a_socket(port: int, token: str, server: int, pages: int, different: int) -> Outcome:
    """Ask over several connections at once."""
    asked = queries(pages, different)
    headers = f"host: 127.0.0.1:{port}\r\nauthorization: Bearer {token}\r\nuser-agent: benchmark\r\n".encode()
    loop = asyncio.get_running_loop()
    began, cpu = time.perf_counter(), cpu_of(server)
    connected = [
        await loop.create_connection(lambda: Reader(asked, headers), "127.0.0.1", port) for _ in range(CONNECTIONS)
    ]
    for _, reader in connected:
        await reader.done
    seconds, after = time.perf_counter() - began, cpu_of(server)
    used = None if cpu is None or after is None else after - cpu
    return Outcome(pages, seconds, sum(reader.octets for _, reader in connected), used)


def cpu_of(process: int) -> float | None:
    """CPU seconds of a process so far; only Linux tells."""
    statistics = Path(f"/proc/{process}/schedstat")
    return int(statistics.read_text().split()[0]) / 1e9 if statistics.exists() else None


def cores() -> list[int]:
    """The cores that this process may use; only Linux tells."""
    return sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else [0]


def stay_on(core: int) -> None:
    """Keep this process on one core; only Linux can."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {core})


async def serve_million(engine: str, core: int) -> None:
    """Serve on one core, and say where."""
    stay_on(core)
    server = million()
    front = engine == "front"
    await serve(server, front=front, on_ready=lambda url: print(url.rsplit(":", 1)[1], server.token, flush=True))


async def against_a_process(engine: str, core: int) -> dict[str, Outcome]:
    """Start a server on a core and ask it."""
    arguments = (__file__, engine, str(core))
    server = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert server.stdout is not None  # noqa: S101  (for the type checker)
    try:
        port, token = (await server.stdout.readline()).decode().split()
        await over_a_socket(int(port), token, server.pid, FEW, PAGES)
        return {
            f"{engine}, new": await over_a_socket(int(port), token, server.pid, PAGES, PAGES),
            f"{engine}, again": await over_a_socket(int(port), token, server.pid, PAGES, FEW),
        }
    finally:
        server.terminate()
        await server.wait()


def table() -> str:
    """All runs, one below the other."""
    parser = "httptools" if find_spec("httptools") else "h11"
    loop = "uvloop" if find_spec("uvloop") else "asyncio"
    sizes = f"{PAGES:,} pages of {PER_PAGE} out of {VERSIONS:,} versions"
    lines = [
        f"{sizes}; uvicorn with {parser} and {loop}, {CONNECTIONS} connections",
        f"again: only {FEW} different ones, which the server remembers",
        f"{'':<22}{'pages/s':>10}{'MB/s':>8}{'CPU ms/page':>13}{'pages/CPU s':>13}",
    ]
    server = million()
    outcomes = {
        "in process, new": in_process(server, PAGES, PAGES),
        "in process, again": in_process(server, PAGES, FEW),
    }
    first, *_, last = [*cores(), *cores()]
    stay_on(last)
    for engine in ENGINES:
        outcomes |= asyncio.run(against_a_process(engine, first))
    for name, once in outcomes.items():
        cpu = "" if once.cpu is None else f"{once.cpu / once.pages * 1e3:>13.3f}{once.pages / once.cpu:>13,.0f}"
        speed = f"{once.pages / once.seconds:>10,.0f}{once.octets / once.seconds / 1e6:>8,.0f}"
        lines.append(f"{name:<22}{speed}{cpu}")
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:]:
        asyncio.run(serve_million(sys.argv[1], int(sys.argv[2])))
    else:
        sys.stdout.write(f"{table()}\n")
