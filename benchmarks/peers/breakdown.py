"""Where the time of an audit goes: its CPU time in layers, each of which includes the one before.

python -m benchmarks.peers.breakdown CONCURRENCY --url http://127.0.0.1:8000

Prints one line of JSON: `layers`, each with its `name` and its `seconds`, and `facts`, which say what the whole audit
found. It measures the ghpackages of the environment in which it runs.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
from benchmarks.peers.contenders.with_ghpackages import audit
from benchmarks.peers.facts import AuditFacts, audit_facts
from benchmarks.peers.measure import ask
from benchmarks.peers.names import AUDITED
from benchmarks.peers.tasks import AUDIT_REQUESTS

from ghpackages import GitHubPackages, Package, PackageVersion, Paginator
from ghpackages.transport import connections
from ghpackages_api.api.packages import list_package_versions_for_org, list_packages_for_org

PER_PAGE = 100
REPEATS = 5

_Listed = Paginator[Package] | Paginator[PackageVersion]

Ask = Callable[["Asked"], Awaitable[object]]
"""Asks for one page, and does with it what its layer does."""


@dataclass(frozen=True)
class Asked:
    """A page that an audit asks for.

    Attributes:
        package: Whose versions are on it; empty for a page of packages.
        number: The number of the page.
    """

    package: str
    number: int

    @property
    def path(self) -> str:
        """The path of the request."""
        listed = f"/container/{self.package}/versions" if self.package else ""
        return f"/orgs/{AUDITED}/packages{listed}"

    @property
    def params(self) -> dict[str, str | int]:
        """The query of the request."""
        own = {"state": "active"} if self.package else {"package_type": "container"}
        return {**own, "page": self.number, "per_page": PER_PAGE}


def pages_of(packages: Sequence[Package]) -> list[Asked]:
    """All pages of an audit of these packages."""
    listing = [Asked("", number) for number in range(1, _pages(len(packages)) + 1)]
    return listing + [
        Asked(package.name, number)
        for package in packages
        for number in range(1, _pages(package.version_count or 0) + 1)
    ]


def _pages(items: int) -> int:
    return max(1, -(-items // PER_PAGE))


class UnparsedTransport(httpx.AsyncBaseTransport):
    """Calls a success 203 instead of 200: the transports around hand that on as it is, and parse 200 only.

    Closing it closes nothing.

    Source: https://www.rfc-editor.org/rfc/rfc9110#status.203
    """

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and rename the status of the answer."""
        response = await self._inner.handle_async_request(request)
        if response.status_code == 200:
            response.status_code = 203
        return response


@dataclass
class Layers:
    """What each layer does with a page. All of them go through the same connections.

    Attributes:
        github: The client; it sends through `connections`.
        unparsed: The same around an `UnparsedTransport`.
        connections: The innermost transport.
        url: Where the server is.
    """

    github: GitHubPackages
    unparsed: GitHubPackages
    connections: httpx.AsyncBaseTransport
    url: str
    _paginators: dict[str, _Listed] = field(default_factory=dict[str, _Listed], repr=False)

    async def connect(self, page: Asked) -> None:
        """A request, and the bytes of its answer."""
        client = self.github.api.get_async_httpx_client()
        request = httpx.Request(
            "GET",
            f"{self.url}{page.path}",
            params=page.params,
            headers=client.headers,
            extensions={"timeout": client.timeout.as_dict()},
        )
        response = await self.connections.handle_async_request(request)
        await response.aread()
        await response.aclose()

    async def send(self, page: Asked) -> None:
        """The same through all transports."""
        await self.unparsed.api.send("GET", page.path, page.params)

    async def parse(self, page: Asked) -> None:
        """The same with an answer that is parsed."""
        await self.github.api.send("GET", page.path, page.params)

    async def decode(self, page: Asked) -> None:
        """The endpoint function."""
        api, number = self.github.api, page.number
        if page.package:
            versions = list_package_versions_for_org.asyncio
            await versions(AUDITED, "container", page.package, client=api, page=number, per_page=PER_PAGE)
        else:
            packages = list_packages_for_org.asyncio
            await packages(AUDITED, package_type="container", client=api, page=number, per_page=PER_PAGE)

    async def prove(self, page: Asked) -> None:
        """A page that knows whether it is the last one."""
        paginator = self._paginators.get(page.package)
        if paginator is None:
            paginator = self._paginators[page.package] = self._paginator(page.package)
        await paginator.page(page.number)

    def _paginator(self, package: str) -> _Listed:
        owner = self.github.org(AUDITED)
        return owner.versions("container", package) if package else owner.packages("container")


async def ask_all(pages: Sequence[Asked], concurrency: int, once: Ask) -> None:
    """Ask for all pages, so many at once."""
    permits = asyncio.Semaphore(concurrency)

    async def one(page: Asked) -> None:
        async with permits:
            await once(page)

    await asyncio.gather(*map(one, pages))


@dataclass
class Layer:
    """One layer, and what it took.

    Attributes:
        name: Its name in the results.
        work: Does all of it once.
        collects: Whether the garbage collector is on.
        times: The CPU seconds that it took each time.
    """

    name: str
    work: Callable[[], Awaitable[object]]
    collects: bool = False
    times: list[float] = field(default_factory=list[float])

    async def measure(self) -> None:
        """Do it once more. What others left for the collector is not counted."""
        gc.collect()
        (gc.enable if self.collects else gc.disable)()
        try:
            began = time.process_time()
            await self.work()
            self.times.append(time.process_time() - began)
        finally:
            gc.enable()


def all_layers(layers: Layers, pages: Sequence[Asked], concurrency: int) -> list[Layer]:
    """The layers, the innermost first. Without the collector until the last, which shows what it costs."""
    steps: dict[str, Ask] = {
        "connections": layers.connect,
        "transports": layers.send,
        "parsing": layers.parse,
        "decoding": layers.decode,
        "pages": layers.prove,
    }
    whole = partial(audit, layers.github, concurrency)
    return [
        *(Layer(name, partial(ask_all, pages, concurrency, once)) for name, once in steps.items()),
        Layer("audit", whole),
        Layer("collector", whole, collects=True),
    ]


async def measure_checked(layer: Layer, url: str) -> None:
    """Measure a layer once more, and see that the server was asked as often as it must be.

    Raises:
        RuntimeError: It was not.
    """
    ask(f"{url}/-/reset?latency=0")
    await layer.measure()
    requests = json.loads(ask(f"{url}/-/counts"))["requests"]
    if requests != AUDIT_REQUESTS:
        raise RuntimeError(f"{layer.name}: {requests} requests instead of {AUDIT_REQUESTS}")


def client(url: str, concurrency: int, transport: httpx.AsyncBaseTransport) -> GitHubPackages:
    """A client as the audits of the benchmark have it, but for the transport."""
    return GitHubPackages("made-up", base_url=url, concurrency=concurrency, transport=transport)


async def break_down(url: str, concurrency: int, repeats: int = REPEATS) -> tuple[list[Layer], AuditFacts]:
    """Measure all layers so many times in turn, so that what disturbs the machine disturbs all of them."""
    pool = connections(httpx.URL(url), proxy=None, verify=True, trust_env=True, concurrency=concurrency)
    plain = client(url, concurrency, UnparsedTransport(pool))
    async with client(url, concurrency, pool) as github, plain:
        facts = audit_facts(await audit(github, concurrency))
        pages = pages_of(await github.org(AUDITED).packages("container").collect())
        layers = all_layers(Layers(github, plain, pool, url), pages, concurrency)
        for _ in range(repeats):
            for layer in layers:
                await measure_checked(layer, url)
    return layers, facts


def main() -> None:
    """Read the command line, measure, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers.breakdown")
    parser.add_argument("concurrency", type=int)
    parser.add_argument("--url", required=True, help="where the server is")
    options = parser.parse_args()
    layers, facts = asyncio.run(break_down(options.url, options.concurrency))
    found: dict[str, Any] = {
        "layers": [{"name": layer.name, "seconds": round(min(layer.times), 6)} for layer in layers],
        "facts": facts,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
