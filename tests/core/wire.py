"""What tests of the core share: payloads, and transports that answer as told and remember what was asked."""

from collections.abc import Callable, Sequence
from typing import Any

import httpx

from ghpackages import GitHubPackages

Handler = Callable[[httpx.Request], httpx.Response]


def package(number: int, **changes: object) -> dict[str, Any]:
    """A package as *list packages* sends it."""
    payload: dict[str, Any] = {
        "id": number,
        "name": f"package-{number}",
        "package_type": "container",
        "visibility": "private",
        "url": f"https://api.github.com/orgs/acme/packages/container/package-{number}",
        "html_url": f"https://github.com/orgs/acme/packages/container/package/package-{number}",
        "created_at": "2026-01-03T10:20:30Z",
        "updated_at": "2026-02-03T10:20:30Z",
        "owner": {"login": "acme", "id": 363514, "type": "Organization", "user_view_type": "public"},
    }
    return payload | changes


def version(number: int, **changes: object) -> dict[str, Any]:
    """A version of a container."""
    payload: dict[str, Any] = {
        "id": number,
        "name": f"sha256:{number:064x}",
        "url": f"https://api.github.com/orgs/acme/packages/container/web/versions/{number}",
        "package_html_url": "https://github.com/orgs/acme/packages/container/package/web",
        "created_at": "2026-01-03T10:20:30Z",
        "updated_at": "2026-02-03T10:20:30Z",
        "metadata": {"package_type": "container", "container": {"tags": []}},
    }
    return payload | changes


class Recorder(httpx.AsyncBaseTransport):
    """Answers with what a function gives, and remembers the requests."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.requests: list[httpx.Request] = []
        self.closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.handler(request)

    async def aclose(self) -> None:
        self.closed = True

    @property
    def targets(self) -> list[str]:
        """Method and raw target of each request."""
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]


def client(transport: httpx.AsyncBaseTransport, **options: Any) -> GitHubPackages:
    """A client that goes through a transport, with a made-up token, and does not wait for rate limits."""
    options = {"max_wait": 0, "points_per_minute": None} | options
    return GitHubPackages(options.pop("token", "made-up-token"), transport=transport, trust_env=False, **options)


def pages_of(
    items: Sequence[dict[str, Any]], *, link: bool | str = True, ignores_page: bool = False
) -> Callable[[httpx.Request], httpx.Response]:
    """A list endpoint: with Link headers that name the owner by number, without, or with a Link of its own."""

    def handler(request: httpx.Request) -> httpx.Response:
        page = 1 if ignores_page else int(request.url.params.get("page", "1"))
        per_page = min(int(request.url.params.get("per_page", "30")), 100)
        last = max(1, -(-len(items) // per_page))
        headers = {}
        if isinstance(link, str):
            headers["Link"] = link
        elif link and last > 1:
            numbers = {"next": page + 1} if page < last else {}
            numbers |= {"prev": page - 1} if page > 1 else {}
            numbers |= {"first": 1, "last": last}
            target = "https://api.github.com/organizations/363514/packages"
            headers["Link"] = ", ".join(
                f'<{target}?package_type=container&per_page={per_page}&page={number}>; rel="{relation}"'
                for relation, number in numbers.items()
            )
        return httpx.Response(200, json=items[(page - 1) * per_page : page * per_page], headers=headers)

    return handler
