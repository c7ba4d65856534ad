"""A planted token is found nowhere: not in a repr, a log, an error, a traceback with variables, or a pickle."""

import asyncio
import copy
import logging
import pickle
import traceback
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from tests.core.wire import package, version
from tests.transport.loopback import (
    Answer,
    Asked,
    Server,
    answer,
    hang_up,
    innermost,
    reset,
    serving,
    silent,
    truncated,
)

from ghpackages import GitHubPackages, GitHubPackagesError
from ghpackages.transport import AuthenticationTransport, Credentials, TokenSourceError

MARKER = "ghp_planted0marker"
PARTS = (MARKER, MARKER[4:], repr(MARKER.encode())[2:-1])


def answering(status: int, body: bytes = b'{"message": "No."}', **headers: str) -> Answer:
    async def give(asked: Asked) -> bytes:
        return answer(status, body, **headers)

    return give


async def garbage(asked: Asked) -> bytes:
    return b"\x16\x03\x01 no http at all\r\n\r\n"


async def long_header(asked: Asked) -> bytes:
    return answer(link="x" * 200_000)


TROUBLES: dict[str, Answer] = {
    "401": answering(401, b'{"message": "Bad credentials"}'),
    "404": answering(404),
    "429": answering(429, retry_after="5"),
    "500": answering(500),
    "web page": answering(200, b"<!DOCTYPE html><html></html>", content_type="text/html"),
    "broken json": answering(200, b'{"id":'),
    "redirect elsewhere": answering(302, location="https://evil.example.com/x"),
    "endless redirect": answering(302, location="/x"),
    "timeout": silent,
    "reset": reset,
    "hang-up": hang_up,
    "truncated": truncated,
    "garbage": garbage,
    "long header": long_header,
}


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Everything is logged, the wire too, and none of it shows the token."""
    caplog.set_level(logging.DEBUG)
    for name in ("ghpackages", "httpx", "httpcore", "aiohttp", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    yield
    for record in caplog.get_records("call"):
        spoken = [record.getMessage(), repr(vars(record)), str(record.exc_text)]
        assert not leaks(*spoken), record


def leaks(*texts: str) -> list[str]:
    return [text for text in texts if any(part in text for part in PARTS)]


@pytest.fixture(params=[False, True], ids=["httpx", "fast"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    if request.param:
        pytest.importorskip("aiohttp", reason="the extra fast is not installed")
    async with serving() as running:
        running.fast = request.param
        yield running


def client(server: Server) -> GitHubPackages:
    """The whole stack over real connections."""
    transport = innermost(server.url, fast=server.fast)
    options = {"base_url": str(server.url), "timeout": 5.0, "max_wait": 0.0, "trust_env": False}
    return GitHubPackages(MARKER, transport=transport, **options)  # type: ignore[arg-type]


def everything_of(error: BaseException) -> Iterator[str]:
    """Whatever may be written of an error and all that led to it, variables of its frames included."""
    seen: set[int] = set()
    todo: list[BaseException | None] = [error]
    while todo:
        current = todo.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield from (str(current), repr(current), repr(current.args), repr(vars(current)))
        yield from traceback.format_exception(current)
        shown = traceback.TracebackException.from_exception(current, capture_locals=True)
        # The frames of this test name the marker; ours and the libraries' must not.
        shown.stack[:] = [frame for frame in shown.stack if "test_leaks" not in frame.filename]
        yield from shown.format(chain=False)
        todo += [current.__cause__, current.__context__, *getattr(current, "exceptions", ())]


def pickles(*things: object) -> Iterator[str]:
    for thing in things:
        yield repr(pickle.dumps(thing))
        yield repr(copy.deepcopy(thing))


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("action", ["get_package", "delete_package", "restore_package"])
async def test_no_error_shows_the_token(server: Server, trouble: str, action: str):
    server.give = TROUBLES[trouble]
    async with client(server) as github:
        with pytest.raises(GitHubPackagesError) as caught:
            await getattr(github.org("acme"), action)("npm", "left-pad")
            # A change has no body that could be wrong.
            raise GitHubPackagesError
    assert any(MARKER in asked.headers.get("authorization", "") for asked in server.asked)
    assert not leaks(*everything_of(caught.value), *pickles(caught.value))
    if response := getattr(caught.value, "response", None):
        assert not leaks(repr(response), repr(response.request.headers), repr(vars(response.request)))


async def test_a_refused_connection_does_not_show_the_token(server: Server):
    dead = Server(silent, "http")
    dead.port, dead.fast = 1, server.fast
    async with client(dead) as github:
        with pytest.raises(GitHubPackagesError, match="ConnectError") as caught:
            await github.org("acme").get_package("npm", "left-pad")
    assert not leaks(*everything_of(caught.value), *pickles(caught.value))


async def test_a_cancelled_request_does_not_show_the_token(server: Server):
    server.give = silent
    async with client(server) as github:
        request = asyncio.ensure_future(github.api.get_async_httpx_client().get("/x", timeout=10))
        await server.was_asked.wait()
        request.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await request
    if not server.fast:  # aiohttp keeps the headers in a variable; a cancellation is no error to report
        assert not leaks(*everything_of(caught.value))


@pytest.mark.parametrize("token", ["planted\n", " planted", MARKER + "\0"])
async def test_a_token_that_can_not_be_sent_is_not_shown(token: str):
    async def source() -> str:
        return token

    url = httpx.URL("https://api.github.com")
    with pytest.raises(ValueError, match="the token") as early:
        Credentials(token, url)
    late = AuthenticationTransport(httpx.AsyncHTTPTransport(trust_env=False), Credentials(source, url), source)
    with pytest.raises(TokenSourceError, match="the token") as caught:
        await late.handle_async_request(httpx.Request("GET", url))
    for error in (early.value, caught.value):
        assert not [text for text in everything_of(error) if repr(token)[1:-1] in text]


async def test_no_object_shows_the_token(server: Server):
    async def give(asked: Asked) -> bytes:
        items = [version(1)] if "versions" in asked.target else [package(1)]
        single = asked.target.endswith("left-pad")
        return httpx_json(items[0] if single else items)

    server.give = give
    async with client(server) as github:
        owner = github.org("acme")
        one = await owner.get_package("npm", "left-pad")
        packages, versions = owner.packages("npm"), owner.versions("npm", "left-pad")
        page = await versions.page(1)
        http = github.api.get_async_httpx_client()
        response = await http.get("/orgs/acme/packages/npm/left-pad")
        things = [github, github.api, owner, packages, versions, page, one, response, response.request, http]
        things += [http.headers, http._transport, response.request.headers, response.headers, response.stream]
        assert not leaks(*map(repr, things), *map(str, things))
        assert not leaks(*pickles(page, one, response, response.request))
        assert MARKER not in repr(vars(response.request))
    assert all(MARKER in asked.headers["authorization"] for asked in server.asked)


def httpx_json(value: object) -> bytes:
    return answer(body=httpx.Response(200, json=value).content)


async def test_the_wire_is_logged_here_and_the_search_would_find_the_token(
    server: Server, caplog: pytest.LogCaptureFixture
):
    async with client(server) as github:
        await github.api.get_async_httpx_client().delete("/x")
    names = {record.name.split(".")[0] for record in caplog.records}
    assert {"ghpackages", "httpx", "httpcore"} <= names
    assert leaks(f"Authorization: Bearer {MARKER}")
