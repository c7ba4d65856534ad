"""What the server of the benchmark answers: whole HTTP responses as bytes, with the headers that GitHub sends."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from email.utils import formatdate
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

from benchmarks.peers.data import IDS, PER_PAGE, Package, audited, compact, listed
from benchmarks.peers.names import AUDITED, LISTED

WINDOW = 10_000
TYPES = {"npm", "maven", "rubygems", "docker", "nuget", "container"}
VISIBILITIES = {"public", "private", "internal"}
DOCUMENTATION = "https://docs.github.com/rest/packages/packages"
PATH = re.compile(r"/(?:orgs/([\w-]+)|organizations/(\d+))/packages(?:/(\w+)/([^/]+)(/versions)?)?")

HEADERS = (
    "Server: github.com\r\n"
    "Content-Type: application/json; charset=utf-8\r\n"
    "Cache-Control: private, max-age=60, s-maxage=60\r\n"
    "Vary: Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With\r\n"
    "X-OAuth-Scopes: read:packages\r\n"
    "X-Accepted-OAuth-Scopes: \r\n"
    "github-authentication-token-expiration: 2027-06-01 00:00:00 UTC\r\n"
    "X-GitHub-Media-Type: github.v3; format=json\r\n"
    "x-github-api-version-selected: 2022-11-28\r\n"
    "X-RateLimit-Limit: 5000\r\n"
    "X-RateLimit-Remaining: 4999\r\n"
    "X-RateLimit-Used: 1\r\n"
    "X-RateLimit-Resource: core\r\n"
    "Access-Control-Expose-Headers: ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, "
    "X-RateLimit-Remaining, X-RateLimit-Used, X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, "
    "X-Accepted-OAuth-Scopes, X-Poll-Interval, X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, "
    "Deprecation, Sunset\r\n"
    "Access-Control-Allow-Origin: *\r\n"
    "Strict-Transport-Security: max-age=31536000; includeSubdomains; preload\r\n"
    "X-Frame-Options: deny\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-XSS-Protection: 0\r\n"
    "Referrer-Policy: origin-when-cross-origin, strict-origin-when-cross-origin\r\n"
    "Content-Security-Policy: default-src 'none'\r\n"
)


class Content:
    """Answers requests for one address.

    Args:
        origin: Where the server is, such as `http://127.0.0.1:8000`: links lead back to it.
    """

    def __init__(self, origin: str) -> None:
        self._origin, self._reset = origin, int(time.time()) + 3600
        self._date = formatdate(usegmt=True)
        self._answers: dict[str, bytes] = {}

    def answer(self, method: str, target: str) -> bytes:
        """The response to a request; the same bytes for the same page, however its URL is written."""
        url = urlsplit(target)
        found = PATH.fullmatch(url.path)
        org = _organisation(found) if found else ""
        if method != "GET" or not found or org not in IDS:
            return self._refusal(404, "Not Found")
        _, _, kind, name, versions = found.groups()
        query = dict(parse_qsl(url.query))
        if not kind:
            return self._packages(org, query)
        package = packages_of(org).get(unquote(name)) if kind == "container" else None
        if not package:
            return self._refusal(404, "Package not found.")
        if versions:
            return self._versions(org, package, query)
        return self._remember(f"{org} {name}", lambda: (package.item, ""))

    def prepare(self) -> None:
        """Make all pages of 100, so that no request has to wait for one."""
        for page in range(1, WINDOW // PER_PAGE + 1):
            for org in IDS:
                self.answer("GET", f"/orgs/{org}/packages?package_type=container&per_page={PER_PAGE}&page={page}")
        for package in audited():
            for page in range(1, -(-len(package.versions) // PER_PAGE) + 1):
                self.answer(
                    "GET", f"/orgs/{AUDITED}/packages/container/{package.name}/versions?per_page={PER_PAGE}&page={page}"
                )

    def _packages(self, org: str, query: Mapping[str, str]) -> bytes:
        kind, visibility = query.get("package_type"), query.get("visibility")
        numbers = _numbers(query)
        if kind not in TYPES or (visibility and visibility not in VISIBILITIES) or not numbers:
            return self._refusal(422, "Invalid request")
        page, per_page = numbers
        if page * per_page > WINDOW:
            return self._refusal(400, "Invalid argument.")
        items = items_of(org, visibility) if kind == "container" else ()
        asked = f"package_type={kind}" + (f"&visibility={visibility}" if visibility else "")
        return self._page(f"/organizations/{IDS[org]}/packages?{asked}", items, page, per_page)

    def _versions(self, org: str, package: Package, query: Mapping[str, str]) -> bytes:
        numbers, state = _numbers(query), query.get("state", "active")
        if not numbers or state not in {"active", "deleted"}:
            return self._refusal(422, "Invalid request")
        items = package.versions if state == "active" else ()
        path = f"/organizations/{IDS[org]}/packages/container/{package.name}/versions?state={state}"
        return self._page(path, items, *numbers)

    def _page(self, path: str, items: Sequence[bytes], page: int, per_page: int) -> bytes:
        start, base = (page - 1) * per_page, f"{self._origin}{path}&per_page={per_page}"
        key = f"{path} {page} {per_page}"
        return self._remember(
            key, lambda: (b"[%b]" % b",".join(items[start : start + per_page]), _link(base, page, len(items), per_page))
        )

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
            f'ETag: W/"{digest}"\r\n'
            f"X-RateLimit-Reset: {self._reset}\r\n"
            f"X-GitHub-Request-Id: {digest[:4].upper()}:{digest[4:9].upper()}:{digest[9:16].upper()}\r\n"
            f"{link}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def _organisation(found: re.Match[str]) -> str:
    """Organisations are known by name, in any case, and by number, as links have it."""
    login, number = found[1], found[2]
    if login:
        return login.lower()
    return next((name for name, id_ in IDS.items() if str(id_) == number), "")


def _numbers(query: Mapping[str, str]) -> tuple[int, int] | None:
    """The page and how many items it has at most, 100 if more are asked for; None if these can't be."""
    try:
        page, per_page = int(query.get("page", "1")), int(query.get("per_page", "30"))
    except ValueError:
        return None
    return (page, min(per_page, 100)) if page > 0 and per_page > 0 else None


def _link(base: str, page: int, items: int, per_page: int) -> str:
    """The Link header; a single page has none."""
    last = -(-items // per_page)
    numbers = {"next": page + 1, "last": last} if page < last else {}
    numbers |= {"prev": min(page - 1, last), "first": 1} if page > 1 else {}
    if page > last:
        numbers |= {"last": last}
    links = ", ".join(f'<{base}&page={number}>; rel="{relation}"' for relation, number in numbers.items())
    return f"Link: {links}\r\n" if links and (last > 1 or page > 1) else ""


@cache
def packages_of(org: str) -> dict[str, Package]:
    """The packages of an organisation by name."""
    return {package.name: package for package in (listed() if org == LISTED else audited())}


@cache
def items_of(org: str, visibility: str | None) -> tuple[bytes, ...]:
    """The JSON of an organisation's packages."""
    packages = packages_of(org).values()
    return tuple(package.item for package in packages if visibility in {None, package.visibility})
