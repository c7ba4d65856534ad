"""Requests go to the transports directly, and yet look and behave as if the client of httpx had sent them."""

from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.wire import Recorder, client, package

from ghpackages import APIConnectionError, GitHubPackages, GitHubPackagesError

BASES = ["https://api.github.com", "https://github.example.com/api/v3", "https://github.example.com/api/v3/"]
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def one_package(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=package(1))


async def nothing(request: httpx.Request) -> None:
    """An event hook: with it requests go through the client of httpx."""


async def sent(name: str, base_url: str, *, by_httpx: bool) -> tuple[object, ...]:
    """What is on the wire for a package of this name; or why nothing is."""
    server = Recorder(one_package)
    async with GitHubPackages("made-up", base_url=base_url, transport=server, trust_env=False) as github:
        if by_httpx:
            github.api.get_async_httpx_client().event_hooks = {"request": [nothing]}
        try:
            await github.org("acme").get_package("npm", name)
            await github.org("acme").restore_package("npm", name, token=name)
        except (ValueError, GitHubPackagesError) as error:
            return type(error), str(error)
    return tuple((each.method, each.url.raw_path, sorted(each.headers.raw)) for each in server.requests)


@pytest.mark.parametrize("base_url", BASES)
@given(name=NAMES)
async def test_whatever_the_name_the_same_is_sent(base_url: str, name: str):
    assert await sent(name, base_url, by_httpx=False) == await sent(name, base_url, by_httpx=True)


async def test_what_is_set_on_the_client_of_httpx_holds():
    server = Recorder(one_package)
    async with client(server) as github:
        http = github.api.get_async_httpx_client()
        http.headers["X-Purpose"] = "test"
        http.timeout = httpx.Timeout(7)
        await github.org("acme").get_package("npm", "left-pad")
    assert server.requests[0].headers["x-purpose"] == "test"
    assert server.requests[0].extensions["timeout"]["read"] == 7


async def test_event_hooks_of_the_client_of_httpx_are_called():
    seen: list[str] = []

    async def see(request: httpx.Request) -> None:
        seen.append(request.url.path)

    async with client(Recorder(one_package)) as github:
        github.api.get_async_httpx_client().event_hooks = {"request": [see]}
        await github.org("acme").get_package("npm", "left-pad")
    assert seen == ["/orgs/acme/packages/npm/left-pad"]


async def test_a_closed_client_sends_nothing():
    server = Recorder(one_package)
    github = client(server)
    await github.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        await github.org("acme").get_package("npm", "left-pad")
    assert server.requests == []


async def test_a_client_that_was_not_entered_sends_as_well():
    github = client(Recorder(one_package))
    assert (await github.org("acme").get_package("npm", "left-pad")).id == 1
    await github.aclose()


class Half(httpx.AsyncByteStream):
    """A body that breaks off; remembers that it was closed."""

    closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        raise httpx.ReadError("broken")

    async def aclose(self) -> None:
        self.closed = True


async def test_a_body_that_breaks_off_is_closed():
    body = Half()
    # A change that nothing is known of is not repeated, so that this is the only attempt.
    async with client(Recorder(lambda request: httpx.Response(201, stream=body))) as github:
        with pytest.raises(APIConnectionError):
            await github.api.send("POST", "/anything")
    assert body.closed
