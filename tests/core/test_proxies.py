"""The environment's proxies, which httpx ignores once it is handed a transport."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from tests.core.wire import package

from ghpackages import GitHubPackages


@pytest.fixture
async def proxy() -> AsyncIterator[tuple[str, list[str]]]:
    """A proxy for plain http that answers everything itself, and the first lines that it was sent."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head.split(b"\r\n")[0].decode())
        body = b"" if asked[-1].startswith("POST") else httpx.Response(200, json=package(1)).content
        status = b"200 OK" if body else b"204 No Content"
        writer.write(b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nConnection: close\r\n" % status)
        writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


async def test_a_proxy_given_as_an_argument_is_used(proxy: tuple[str, list[str]]):
    url, asked = proxy
    async with GitHubPackages(
        "made-up-token", base_url="http://ghe.example.com/api/v3", allow_http=True, proxy=url
    ) as github:
        await github.org("acme").get_package("npm", "left-pad")
    assert asked == ["GET http://ghe.example.com/api/v3/orgs/acme/packages/npm/left-pad HTTP/1.1"]


async def test_a_proxy_of_the_environment_is_used(proxy: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch):
    url, asked = proxy
    monkeypatch.setenv("http_proxy", url)
    monkeypatch.setenv("no_proxy", "other.example.com")
    async with GitHubPackages("made-up-token", base_url="http://ghe.example.com/api/v3", allow_http=True) as github:
        await github.org("acme").get_package("npm", "left-pad")
    assert len(asked) == 1


@pytest.mark.parametrize("change", [False, True], ids=["read", "change"])
async def test_this_machine_is_asked_directly(
    change: bool, proxy: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
):
    url, asked = proxy
    monkeypatch.setenv("http_proxy", "http://proxy.example.com:1")
    monkeypatch.delenv("no_proxy", raising=False)
    async with GitHubPackages("made-up-token", base_url=url) as github:
        owner = github.org("acme")
        await (owner.restore_package("npm", "left-pad") if change else owner.get_package("npm", "left-pad"))
    target = "/orgs/acme/packages/npm/left-pad"
    assert asked == [f"POST {target}/restore HTTP/1.1" if change else f"GET {target} HTTP/1.1"]
