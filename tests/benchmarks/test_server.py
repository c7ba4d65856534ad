"""The server of the benchmark answers as GitHub does, and counts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import httpx
import pytest
from benchmarks.contenders import with_ghpackages
from benchmarks.data import audit_facts, audited, expected_audit, listed, row
from benchmarks.server import Connection, Site, start
from tests.transport.virtual_clock import on_virtual_clock

from ghpackages import PackageVersion

ORIGIN = "http://127.0.0.1:1"
LARGE = max(audited(), key=lambda package: len(package.versions))
SMALL = min(audited(), key=lambda package: len(package.versions))
VERSIONS = f"/orgs/acme/packages/container/{LARGE.name}/versions"


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(ORIGIN)


def ask(site: Site, target: str) -> httpx.Response:
    """Parse a response without any code of the benchmark."""
    head, _, body = site.answer(target).partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
    return httpx.Response(int(status.split()[1]), headers=headers, content=body)


def links(response: httpx.Response) -> dict[str, str]:
    return {relation: link["url"] for relation, link in response.links.items()}


def page_of(url: str) -> str:
    return httpx.URL(url).params["page"]


def test_a_page_in_the_middle_links_to_all_others(site: Site):
    found = links(ask(site, f"{VERSIONS}?per_page=100&page=3"))
    assert {relation: page_of(url) for relation, url in found.items()} == {
        "next": "4",
        "last": "15",
        "prev": "2",
        "first": "1",
    }


def test_the_first_page_has_no_previous_and_the_last_no_next(site: Site):
    assert set(links(ask(site, f"{VERSIONS}?per_page=100"))) == {"next", "last"}
    assert set(links(ask(site, f"{VERSIONS}?per_page=100&page=15"))) == {"prev", "first"}


def test_a_single_page_has_no_link(site: Site):
    response = ask(site, f"/orgs/acme/packages/container/{SMALL.name}/versions?per_page=100")
    assert "link" not in response.headers
    assert len(response.json()) == len(SMALL.versions)


def test_a_link_names_the_organisation_by_number_and_leads_to_its_page(site: Site):
    url = links(ask(site, "/orgs/ACME/packages?package_type=container&per_page=100"))["next"]
    assert url.startswith(f"{ORIGIN}/organizations/363514/packages?")
    assert ask(site, url.removeprefix(ORIGIN)).json() == [json.loads(package.item) for package in audited()[100:]]


def test_pages_together_are_everything_in_order(site: Site):
    pages = [ask(site, f"{VERSIONS}?page={page}&per_page=100").json() for page in range(1, 16)]
    assert [item for page in pages for item in page] == [json.loads(version) for version in LARGE.versions]


def test_beyond_the_end_is_an_empty_page_that_links_to_the_last(site: Site):
    response = ask(site, f"{VERSIONS}?per_page=100&page=99")
    assert response.json() == []
    assert {relation: page_of(url) for relation, url in links(response).items()} == {
        "prev": "15",
        "first": "1",
        "last": "15",
    }


def test_without_per_page_there_are_30_and_never_more_than_100(site: Site):
    assert len(ask(site, VERSIONS).json()) == 30
    assert len(ask(site, f"{VERSIONS}?per_page=1000").json()) == 100


def test_packages_of_other_types_are_none(site: Site):
    assert ask(site, "/orgs/acme/packages?package_type=npm").json() == []


def test_a_package_is_found_by_name(site: Site):
    assert ask(site, f"/orgs/acme/packages/container/{LARGE.name}").json() == json.loads(LARGE.item)


@pytest.mark.parametrize(
    ("status", "target"),
    [
        (404, "/orgs/nobody/packages?package_type=container"),
        (404, "/orgs/acme/packages/container/nothing/versions"),
        (404, "/orgs/acme/packages/container/nothing"),
        (404, "/users/acme"),
        (422, "/orgs/acme/packages"),
        (422, "/orgs/acme/packages?package_type=nmp"),
        (400, "/orgs/octo/packages?package_type=container&per_page=100&page=101"),
    ],
)
def test_what_github_refuses_is_refused(site: Site, status: int, target: str):
    response = ask(site, target)
    assert response.status_code == status
    assert response.json()["status"] == str(status)


def test_headers_are_those_that_github_sends(site: Site):
    response = ask(site, f"{VERSIONS}?per_page=100&page=2")
    needed = {"etag", "link", "x-ratelimit-remaining", "x-ratelimit-reset", "x-github-request-id", "date", "vary"}
    assert needed <= set(response.headers)
    assert 20 <= len(response.headers) <= 30
    assert int(response.headers["content-length"]) == len(response.content)


@pytest.fixture
async def url() -> AsyncIterator[str]:
    server, url = await start()
    async with server:
        yield url


async def test_the_server_counts_connections_and_requests_but_not_those_about_itself(url: str):
    async with httpx.AsyncClient(base_url=url, trust_env=False) as one, httpx.AsyncClient(trust_env=False) as other:
        for path in (VERSIONS, VERSIONS, "/nothing"):
            await one.get(path)
        await other.get(f"{url}/orgs/octo/packages?package_type=container")
        assert (await other.get(f"{url}/-/counts")).json() == {"connections": 2, "requests": 4, "latency": 0.0}
        assert (await one.get("/-/reset?latency=0.001")).json() == {"connections": 0, "requests": 0, "latency": 0.001}
        await one.get(VERSIONS)
        assert (await one.get("/-/counts")).json()["requests"] == 1


class Transport(asyncio.Transport):
    """Keeps what is written, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[tuple[float, bytes]] = []

    def write(self, data: Any) -> None:
        self.writes.append((asyncio.get_running_loop().time(), data[:15]))


@on_virtual_clock
async def test_responses_come_after_the_latency_and_together() -> None:
    site, transports = Site(ORIGIN), [Transport(), Transport()]
    site.latency = 0.05
    for transport in transports:
        connection = Connection(site)
        connection.connection_made(transport)
        connection.data_received(f"GET {VERSIONS} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    await asyncio.sleep(1)
    assert [transport.writes for transport in transports] == [[(0.05, b"HTTP/1.1 200 OK")]] * 2


async def test_our_client_finds_everything_with_the_least_requests(url: str):
    async with with_ghpackages.connect(url, 16) as client, httpx.AsyncClient(trust_env=False) as other:
        assert audit_facts(await client.audit(16)) == expected_audit()
        assert (await other.get(f"{url}/-/counts")).json() == {"connections": 16, "requests": 639, "latency": 0.0}


async def test_rows_of_objects_and_of_dictionaries_are_the_same(url: str):
    async with with_ghpackages.connect(url, 1) as client, aclosing(client.stream_packages()) as listing:
        rows = [row(await anext(listing)) for _ in range(100)]
    assert rows == [row(json.loads(package.item)) for package in listed()[:100]]


def test_the_benchmark_decodes_a_page_as_our_client_does(site: Site):
    body = ask(site, f"{VERSIONS}?per_page=100").content
    assert with_ghpackages.decoder("version")(body) == [PackageVersion.from_dict(item) for item in json.loads(body)]
