"""The server of the benchmark: prepared responses after a given latency, in a process of its own.

python -m benchmarks.server [CORE]

Prints its address once it listens. `GET /-/counts` returns how many requests arrived, and on how many connections,
since `GET /-/reset?latency=0.05`; these two are not counted. It needs httptools and nothing of ghpackages.
"""

import asyncio
import os
import re
import sys
import time
from collections.abc import Sequence
from email.utils import formatdate
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from typing import cast
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import httptools
from benchmarks.data import AUDITED, IDS, LISTED, PER_PAGE, Package, audited, compact, listed

WINDOW = 10_000
NAMES = {str(id_): org for org, id_ in IDS.items()}
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


class Site:
    """The responses of the server at `origin`, as bytes, their latency, and the counts since the last reset."""

    def __init__(self, origin: str) -> None:
        self.latency, self.connections, self.requests = 0.0, 0, 0
        self._origin, self._reset, self._date = origin, int(time.time()) + 3600, formatdate(usegmt=True)
        self._by_target, self._pages = dict[str, bytes](), dict[str, bytes]()

    def prepare(self) -> None:
        """Make all pages of 100, so that no request waits for one."""
        listings = {f"/orgs/{org}/packages": WINDOW for org in IDS}
        for package in audited():
            listings[f"/orgs/{AUDITED}/packages/container/{package.name}/versions"] = len(package.versions)
        for path, items in listings.items():
            for page in range(1, -(-items // PER_PAGE) + 1):
                self._parse(f"{path}?package_type=container&per_page={PER_PAGE}&page={page}")

    def control(self, target: str) -> bytes:
        url = urlsplit(target)
        if url.path == "/-/reset":
            self.connections = self.requests = 0
            self.latency = float(parse_qs(url.query).get("latency", [self.latency])[0])
        body = compact({"connections": self.connections, "requests": self.requests, "latency": self.latency})
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)

    def answer(self, target: str) -> bytes:
        """Return the response to GET; a target is parsed only once."""
        if not (answer := self._by_target.get(target)):
            answer = self._by_target[target] = self._parse(target)
        return answer

    def _parse(self, target: str) -> bytes:
        url = urlsplit(target)
        found = PATH.fullmatch(url.path)
        org = (found[1] or NAMES.get(found[2], "")).lower() if found else ""
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
                return self._response(200, package.item)
            path = f"/organizations/{IDS[org]}/packages/container/{package.name}/versions?state=active"
            return self._page(path, package.versions, page, per_page)
        if query.get("package_type") not in TYPES:
            return self._refusal(422, "Invalid request")
        if page * per_page > WINDOW:
            return self._refusal(400, "Invalid argument.")
        path = f"/organizations/{IDS[org]}/packages?package_type={query['package_type']}"
        return self._page(path, items_of(org) if query["package_type"] == "container" else (), page, per_page)

    def _page(self, path: str, items: Sequence[bytes], page: int, per_page: int) -> bytes:
        """Return the same bytes for the same page, however its URL is written."""
        key = f"{path} {page} {per_page}"
        if key not in self._pages:
            start, base = (page - 1) * per_page, f"{self._origin}{path}&per_page={per_page}"
            body = b"[%b]" % b",".join(items[start : start + per_page])
            self._pages[key] = self._response(200, body, _link(base, page, len(items), per_page))
        return self._pages[key]

    def _refusal(self, status: int, message: str) -> bytes:
        body = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)}
        return self._response(status, compact(body))

    def _response(self, status: int, body: bytes, link: str = "") -> bytes:
        digest = sha256(body).hexdigest()
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nDate: {self._date}\r\n{HEADERS}"
            f'ETag: W/"{digest}"\r\nX-RateLimit-Reset: {self._reset}\r\n'
            f"X-GitHub-Request-Id: {digest[:4].upper()}:{digest[4:9].upper()}:{digest[9:16].upper()}\r\n"
            f"{link}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


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


class Connection(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, site: Site) -> None:
        self._site, self._loop = site, asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._target, self._is_counted = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_message_complete(self) -> None:
        target, self._target, site = self._target.decode(), b"", self._site
        if target.startswith("/-/"):
            self._transport.write(site.control(target))
            return
        site.requests += 1
        site.connections += not self._is_counted
        self._is_counted = True
        if site.latency:
            self._loop.call_later(site.latency, self._transport.write, site.answer(target))
        else:
            self._transport.write(site.answer(target))
        if not self._parser.should_keep_alive():
            self._loop.call_later(site.latency, self._transport.close)


async def start() -> tuple[asyncio.Server, str]:
    """Listen on a free port, and return the server and its address; all pages are made before it accepts requests."""
    sites: list[Site] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(sites[0]), "127.0.0.1", 0, backlog=1024, start_serving=False)
    url = "http://{}:{}".format(*server.sockets[0].getsockname())
    sites.append(Site(url))
    sites[0].prepare()
    await server.start_serving()
    return server, url


async def serve() -> None:
    server, url = await start()
    print(url, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:]:
        os.sched_setaffinity(0, {int(sys.argv[1])})
    asyncio.run(serve())
