"""The server on a real socket, and the ASGI protocol around requests."""

from __future__ import annotations

import asyncio
import errno
import sys
from typing import Any

import httpx
import pytest

from ghpackages.testing import MockGitHub, running, serve


@pytest.fixture
def _uvicorn() -> None:
    pytest.importorskip("uvicorn", reason="the extra cli is not installed")


needs_uvicorn = pytest.mark.usefixtures("_uvicorn")


@needs_uvicorn
async def test_links_can_be_followed_over_a_socket() -> None:
    server = MockGitHub()
    server.user.add_package("container", "web/api").add_versions(5)
    headers = {"Authorization": f"Bearer {server.token}"}
    async with running(server) as base_url, httpx.AsyncClient(headers=headers, trust_env=False) as client:
        response = await client.get(f"{base_url}/user/packages/container/web%2Fapi/versions?per_page=3")
        following = await client.get(response.links["next"]["url"])

    assert response.links["next"]["url"].startswith(f"{base_url}/user/packages/container/web%2Fapi/")
    assert (len(response.json()), len(following.json())) == (3, 2)
    assert len(response.headers.get_list("date")) == 1


@needs_uvicorn
async def test_the_base_url_includes_the_prefix() -> None:
    async with running(MockGitHub(prefix="/api/v3")) as base_url:
        assert base_url.endswith("/api/v3")


@needs_uvicorn
async def test_serve_tells_when_it_is_ready() -> None:
    told: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    # In a group, so that nobody waits to be told if it can't serve.
    async with asyncio.TaskGroup() as group, httpx.AsyncClient(trust_env=False) as client:
        task = group.create_task(serve(MockGitHub(), on_ready=told.set_result))
        assert (await client.get(f"{await told}/user/packages")).status_code == 401
        task.cancel()


@needs_uvicorn
async def test_a_port_in_use_is_an_error() -> None:
    async with running(MockGitHub()) as base_url:
        with pytest.raises(OSError) as caught:  # noqa: PT011 - its number says more than its text, which differs
            await serve(MockGitHub(), port=httpx.URL(base_url).port or 0)
    assert caught.value.errno == errno.EADDRINUSE


async def test_without_uvicorn_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(ImportError, match=r"ghpackages\[cli\]"):
        await serve(MockGitHub())


async def exchange(scope: dict[str, Any], *received: dict[str, Any]) -> list[dict[str, Any]]:
    """Send messages to an application and collect what it sends."""
    queue, sent = list(received), list[Any]()

    async def receive() -> Any:
        return queue.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await MockGitHub()(scope, receive, send)
    return sent


async def test_it_goes_along_with_a_lifespan() -> None:
    phases = ["lifespan.startup", "lifespan.shutdown"]
    sent = await exchange({"type": "lifespan"}, *({"type": phase} for phase in phases))

    assert [f"{phase}.complete" for phase in phases] == [message["type"] for message in sent]


async def test_it_opens_no_websocket() -> None:
    sent = await exchange({"type": "websocket"}, {"type": "websocket.connect"})

    assert sent == [{"type": "websocket.close"}]


async def test_a_body_may_come_in_parts_and_a_raw_path_may_be_missing() -> None:
    scope: dict[str, Any] = {"type": "http", "method": "DELETE", "path": "/user/packages", "headers": []}
    parts: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.request", "body": b"}"},
    ]
    start, _ = await exchange(scope, *parts)

    assert start["status"] == 403
