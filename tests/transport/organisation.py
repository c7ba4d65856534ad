"""An organisation of any size that takes no memory: each page is made on request.

Its versions are a minute apart, the newest first, and every third one has a tag.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import httpx
from tests.transport.limited_server import Answer

NEWEST = datetime(2026, 6, 1, tzinfo=UTC)
BASE = "https://api.github.com/orgs/acme/packages"
ORGANISATION = "https://api.github.com/organizations/363514/packages"

PACKAGE = (
    '{"id":%d,"name":"team/package-%d","package_type":"container","visibility":"private",'
    '"owner":{"login":"acme","id":363514,"node_id":"MDEyOk9yZ2FuaXphdGlvbjM2MzUxNA==","type":"Organization",'
    '"url":"https://api.github.com/orgs/acme","html_url":"https://github.com/acme","site_admin":false},'
    f'"url":"{BASE}/container/team%%2Fpackage-%d",'
    '"html_url":"https://github.com/orgs/acme/packages/container/package/team%%2Fpackage-%d",'
    '"created_at":"2024-01-03T10:20:30Z","updated_at":"2026-02-03T10:20:30Z"}'
)
VERSION = (
    f'{{"id":%d,"name":"sha256:%064x","url":"{BASE}/container/any/versions/%d",'
    '"package_html_url":"https://github.com/orgs/acme/packages/container/package/any",'
    '"html_url":"https://github.com/orgs/acme/packages/container/any/%d",'
    '"created_at":"%s","updated_at":"%s","metadata":{"package_type":"container","container":{"tags":[%s]}}}'
)


@dataclass(frozen=True)
class Organisation:
    """The container packages of an organisation.

    Attributes:
        packages: How many there are, 10,000 at most.
        size: Returns how many versions one has, by its number from 1.
        versions_per_page: How many versions a page has, whatever the request says.
    """

    packages: int
    size: Callable[[int], int]
    versions_per_page: int = 100

    @property
    def versions(self) -> int:
        return sum(map(self.size, range(1, self.packages + 1)))

    @property
    def tagged(self) -> int:
        return sum(-(-self.size(number) // 3) for number in range(1, self.packages + 1))

    @property
    def oldest(self) -> datetime:
        return created(max(map(self.size, range(1, self.packages + 1))))

    def answer(self, request: httpx.Request) -> Answer:
        """Return a page of packages or versions, with the Link that GitHub would send."""
        page, per_page = int(request.url.params["page"]), int(request.url.params.get("per_page", "100"))
        found = re.search(r"package-(\d+)/versions$", unquote(request.url.path))
        if not found:
            numbers = range((page - 1) * per_page + 1, min(page * per_page, self.packages) + 1)
            return page_of([*map(package, numbers)], page, -(-self.packages // per_page), ORGANISATION)
        owner, per_page = int(found[1]), min(per_page, self.versions_per_page)
        numbers = range((page - 1) * per_page + 1, min(page * per_page, self.size(owner)) + 1)
        items = [version(owner, number) for number in numbers]
        target = f"{ORGANISATION}/container/team%2Fpackage-{owner}/versions"
        return page_of(items, page, -(-self.size(owner) // per_page), target)


class OnDemand(httpx.AsyncBaseTransport):
    """Serves an organisation."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        content, headers = self._organisation.answer(request)
        return httpx.Response(200, headers={**headers, "Content-Type": "application/json"}, content=content)


def created(number: int) -> datetime:
    """Return when a version was created, by its place from 1."""
    return NEWEST - timedelta(minutes=number - 1)


def package(number: int) -> str:
    return PACKAGE % (number, number, number, number)


def version(package: int, number: int) -> str:
    id_ = package * 1_000_000 - number
    date = created(number).strftime("%Y-%m-%dT%H:%M:%SZ")
    return VERSION % (id_, id_, id_, id_, date, date, "" if number % 3 != 1 else f'"v{number}"')


def page_of(items: list[str], page: int, pages: int, target: str) -> Answer:
    """Return a page with its Link; a single page has none."""
    numbers = {"next": page + 1, "last": pages} if page < pages else {}
    numbers |= {"prev": page - 1, "first": 1} if page > 1 else {}
    link = ", ".join(f'<{target}?per_page=100&page={number}>; rel="{relation}"' for relation, number in numbers.items())
    return f"[{','.join(items)}]".encode(), {"Link": link} if link else {}
