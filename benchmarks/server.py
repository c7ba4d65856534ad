"""The server of the benchmark: prepared responses after a given latency, in a process of its own.

python -m benchmarks.server [--core 0]

Prints its address once it listens. `GET /-/counts` returns how many requests arrived, and on how many connections,
since `GET /-/reset?latency=0.05`; these two are not counted. It needs httptools and nothing of ghpackages.
"""

import argparse
import asyncio
import contextlib
import os
import re
import signal
import time
from collections.abc import Callable, Sequence
from email.utils import formatdate
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from typing import cast
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import httptools
from benchmarks.data import AUDITED, IDS, LISTED, PER_PAGE, Package, audited, compact, listed

WINDOW = 10_000
TYPES = {"npm", "maven", "rubygems", "docker", "nuget", "container"}
DOCUMENTATION = "https://docs.github.com/rest/packages/packages"
PATH = re.compile(r"/(?:orgs/([\w-]+)|organizations/(\d+))/packages(?:/(\w+)/([^/]+)(/versions)?)?")
HEADERS = """\
Server: github.com
Content-Type: application/json; charset=utf-8
Cache-Control: private, max-age=60, s-maxage=60
Vary: Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With
X-OAuth-Scopes: read:packages
X-Accepted-OAuth-Scopes:\x20
github-authentication-token-expiration: 2027-06-01 00:00:00 UTC
X-GitHub-Media-Type: github.v3; format=json
x-github-api-version-selected: 2022-11-28
X-RateLimit-Limit: 5000
X-RateLimit-Remaining: 4999
X-RateLimit-Used: 1
X-RateLimit-Resource: core
Access-Control-Expose-Headers: ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, \
X-RateLimit-Remaining, X-RateLimit-Used, X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, \
X-Accepted-OAuth-Scopes, X-Poll-Interval, X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, Deprecation, Sunset
Access-Control-Allow-Origin: *
Strict-Transport-Security: max-age=31536000; includeSubdomains; preload
X-Frame-Options: deny
X-Content-Type-Options: nosniff
X-XSS-Protection: 0
Referrer-Policy: origin-when-cross-origin, strict-origin-when-cross-origin
Content-Security-Policy: default-src 'none'
""".replace("\n", "\r\n")


class Content:
    """The responses of the server at `origin`, as bytes; its links point back there."""

    def __init__(self, origin: str) -> None:
        self._origin, self._reset = origin, int(time.time()) + 3600
        self._date, self._answers = formatdate(usegmt=True), dict[str, bytes]()

    def answer(self, target: str) -> bytes:
        """Return the response to GET; the same bytes for the same page, however its URL is written."""
        url = urlsplit(target)
        found = PATH.fullmatch(url.path)
        org = _organisation(found) if found else ""
        if not found or org not in IDS:
            return self._refusal(404, "Not Found")
        kind, name, versions = found.groups()[2:]
        query = dict(parse_qsl(url.query))
        page, per_page = int(query.get("page", "1")), min(int(query.get("per_page", "30")), 100)
        if kind:
            package = packages_of(org).get(unquote(name)) if kind == "container" else None
            if not package:
                return self._refusal(404, "Package not found.")
            if not versions:
                return self._remember(f"{org} {name}", lambda: (package.item, ""))
            path = f"/organizations/{IDS[org]}/packages/container/{package.name}/versions?state=active"
            return self._page(path, package.versions, page, per_page)
        if query.get("package_type") not in TYPES:
            return self._refusal(422, "Invalid request")
        if page * per_page > WINDOW:
            return self._refusal(400, "Invalid argument.")
        path = f"/organizations/{IDS[org]}/packages?package_type={query['package_type']}"
        return self._page(path, items_of(org) if query["package_type"] == "container" else (), page, per_page)

    def prepare(self) -> None:
        """Make all pages of 100, so that no request waits for one."""
        listings = {f"/orgs/{org}/packages": WINDOW for org in IDS}
        for package in audited():
            listings[f"/orgs/{AUDITED}/packages/container/{package.name}/versions"] = len(package.versions)
        for path, items in listings.items():
            for page in range(1, -(-items // PER_PAGE) + 1):
                self.answer(f"{path}?package_type=container&per_page={PER_PAGE}&page={page}")

    def _page(self, path: str, items: Sequence[bytes], page: int, per_page: int) -> bytes:
        def make() -> tuple[bytes, str]:
            start, base = (page - 1) * per_page, f"{self._origin}{path}&per_page={per_page}"
            return b"[%b]" % b",".join(items[start : start + per_page]), _link(base, page, len(items), per_page)

        return self._remember(f"{path} {page} {per_page}", make)

    def _remember(self, key: str, make: Callable[[], tuple[bytes, str]]) -> bytes:
        if key not in self._answers:
            self._answers[key] = self._response(200, *make())
        return self._answers[key]

    def _refusal(self, status: int, message: str) -> bytes:
        body = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)}
        return self._response(status, compact(body), "")

    def _response(self, status: int, body: bytes, link: str) -> bytes:
        digest = sha256(body).hexdigest()
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nDate: {self._date}\r\n{HEADERS}"
            f'ETag: W/"{digest}"\r\nX-RateLimit-Reset: {self._reset}\r\n'
            f"X-GitHub-Request-Id: {digest[:4].upper()}:{digest[4:9].upper()}:{digest[9:16].upper()}\r\n"
            f"{link}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def _organisation(found: re.Match[str]) -> str:
    """The login of an organisation, which paths contain in any case or, in links, as a number."""
    login, number = found[1], found[2]
    return login.lower() if login else next((name for name, id_ in IDS.items() if str(id_) == number), "")


def _link(base: str, page: int, items: int, per_page: int) -> str:
    """The Link header; a single page has none."""
    last = -(-items // per_page)
    numbers = {"next": page + 1, "last": last} if page < last else {}
    numbers |= {"prev": min(page - 1, last), "first": 1} if page > 1 else {}
    numbers |= {"last": last} if page > last else {}
    links = ", ".join(f'<{base}&page={number}>; rel="{relation}"' for relation, number in numbers.items())
    return f"Link: {links}\r\n" if links and (last > 1 or page > 1) else ""


@cache
def packages_of(org: str) -> dict[str, Package]:
    return {package.name: package for package in (listed() if org == LISTED else audited())}


@cache
def items_of(org: str) -> tuple[bytes, ...]:
    return tuple(package.item for package in packages_of(org).values())


class State:
    """What all connections share: the counts since the last reset, the latency, and responses by target."""

    def __init__(self, content: Content) -> None:
        self.latency, self.connections, self.requests = 0.0, 0, 0
        self.content, self.known = content, dict[bytes, bytes]()

    def control(self, target: str) -> bytes:
        url = urlsplit(target)
        if url.path == "/-/reset":
            self.connections = self.requests = 0
            self.latency = float(parse_qs(url.query).get("latency", [self.latency])[0])
        body = compact({"connections": self.connections, "requests": self.requests, "latency": self.latency})
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)

    def answer(self, target: bytes) -> bytes:
        """Look a target up by its bytes, and parse it only the first time."""
        if not (answer := self.known.get(target)):
            answer = self.known[target] = self.content.answer(target.decode())
        return answer


class Connection(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, state: State) -> None:
        self._state, self._loop = state, asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._target, self._is_counted = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._transport.close()

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_message_complete(self) -> None:
        target, self._target = self._target, b""
        state = self._state
        if target.startswith(b"/-/"):
            self._transport.write(state.control(target.decode()))
            return
        state.requests += 1
        state.connections += not self._is_counted
        self._is_counted = True
        answer = state.answer(target)
        if state.latency:
            self._loop.call_later(state.latency, self._transport.write, answer)
        else:
            self._transport.write(answer)
        if not self._parser.should_keep_alive():
            self._loop.call_later(state.latency, self._transport.close)


async def start() -> tuple[asyncio.Server, str]:
    """Listen on a free port, and return the server and its address; all pages are made before it accepts requests."""
    states: list[State] = []
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(states[0]), "127.0.0.1", 0, backlog=1024, start_serving=False
    )
    url = "http://{}:{}".format(*server.sockets[0].getsockname())
    states.append(State(Content(url)))
    states[0].content.prepare()
    await server.start_serving()
    return server, url


async def serve() -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    server, url = await start()
    async with server:
        print(url, flush=True)
        await ended.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server")
    parser.add_argument("--core", type=int, help="run on this core only")
    options = parser.parse_args()
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    asyncio.run(serve())
