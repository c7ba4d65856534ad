"""A planted token is found nowhere: not in a repr, a log, an error, a traceback with variables, or a pickle."""

import asyncio
import copy
import gzip
import logging
import pickle
import ssl
import traceback
from collections.abc import Iterator

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
    silent,
    truncated,
)

from ghpackages import GitHubPackages, GitHubPackagesError, UsageError
from ghpackages.transport import (
    AuthenticationTransport,
    Credentials,
    LateTransport,
    SigningTransport,
    TokenSourceError,
)

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


async def echo_status_line(asked: Asked) -> bytes:
    return asked.raw


async def echo_header_line(asked: Asked) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + asked.raw.replace(b"\r\n", b" ").replace(b":", b" ") + b"\r\n\r\n"


async def echo_reason(asked: Asked) -> bytes:
    return b"HTTP/1.1 403 %b\r\nContent-Length: 0\r\n\r\n" % asked.raw.replace(b"\r\n", b" ")


async def echo_message(asked: Asked) -> bytes:
    said = {"message": asked.raw.decode(), "documentation_url": f"https://x/{asked.headers['authorization']}"}
    return answer(403, httpx.Response(200, json=said).content)


async def echo_text(asked: Asked) -> bytes:
    return answer(500, asked.raw, content_type="text/plain")


async def echo_headers(asked: Asked) -> bytes:
    token = asked.headers["authorization"]
    return answer(403, x_github_request_id=token, x_github_sso=f"required; url={token}", x_oauth_scopes=token)


async def echo_wide(asked: Asked) -> bytes:
    return answer(403, f'{{"message": "{asked.headers["authorization"]}"}}'.encode("utf-16"))


async def echo_encoding(asked: Asked) -> bytes:
    return answer(404, b"x", content_encoding=asked.headers["authorization"])


async def echo_compressed(asked: Asked) -> bytes:
    body = gzip.compress(httpx.Response(200, json={"message": asked.headers["authorization"]}).content)
    return answer(404, body, content_encoding="gzip")


async def echo_item(asked: Asked) -> bytes:
    return answer(body=httpx.Response(200, json=package(1, visibility=7, name=asked.raw.decode())).content)


async def echo_redirect(asked: Asked) -> bytes:
    return answer(302, location=f"https://{asked.headers['authorization'][7:]}.example.com/x")


async def echo_redirect_as_user(asked: Asked) -> bytes:
    token = asked.headers["authorization"][7:]
    return answer(302, location=f"http://user:{token}@{asked.headers['host']}/{token}?token={token}")


ECHOES: dict[str, Answer] = {
    each.__name__: each
    for each in (
        *(echo_status_line, echo_header_line, echo_reason, echo_message, echo_text, echo_headers, echo_compressed),
        *(echo_item, echo_redirect, echo_redirect_as_user, echo_wide, echo_encoding),
    )
}

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
    "no gzip": answering(200, b"[]", content_encoding="gzip"),
    "cut gzip": answering(200, gzip.compress(b"[]")[:-3], content_encoding="gzip"),
    "unknown encoding": answering(200, b"[]", content_encoding="br"),
    "too large": answering(200, gzip.compress(bytes(17 * 2**20)), content_encoding="gzip"),
    **ECHOES,
}

FOREIGN = (
    *("httpcore", "h11", "anyio", "aiohttp", "yarl", "asyncio/streams", "ssl.py"),
    *("_connections.py", "_aiohttp.py", "_log.py"),
)
"""What frames of connections have in their file names; their variables have the headers of requests."""


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Everything is logged, the wire too, and none of it shows the token."""
    caplog.set_level(logging.DEBUG)
    for name in ("ghpackages", "httpx", "httpcore", "aiohttp", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    yield
    for record in caplog.get_records("call"):
        if record.name == "httpcore.http11" and record.getMessage().startswith("receive_response_headers."):
            continue  # it logs the headers of answers as they come, a repeated token included
        spoken = [record.getMessage(), repr(vars(record)), str(record.exc_text)]
        assert not leaks(*spoken), record


def leaks(*texts: str) -> list[str]:
    return [text for text in texts if any(part in text for part in PARTS)]


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
        assert not [frame for frame in shown.stack if any(name in frame.filename for name in FOREIGN)]
        request = getattr(current, "_request", None)  # of errors of httpx
        yield repr(request and (request.url, request.headers.raw, vars(request)))
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


@pytest.mark.parametrize("action", ["get_package", "delete_package"])
async def test_a_request_during_which_the_client_is_closed_does_not_show_the_token(server: Server, action: str):
    server.give = silent
    github = GitHubPackages(
        MARKER,
        transport=LateTransport(lambda: innermost(server.url, fast=server.fast)),
        base_url=str(server.url),
        trust_env=False,
    )
    task = asyncio.ensure_future(getattr(github.org("acme"), action)("npm", "left-pad"))
    await server.was_asked.wait()
    await github.aclose()
    with pytest.raises(UsageError, match="closed") as caught:
        await task
    assert not leaks(*everything_of(caught.value))
    for frame, _ in traceback.walk_tb(caught.value.__traceback__):
        requests = [value for value in frame.f_locals.values() if isinstance(value, httpx.Request)]
        assert not leaks(*(repr(request.headers.raw) for request in requests))


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
    assert not leaks(*everything_of(caught.value))


@pytest.mark.parametrize("action", ["get_package", "delete_package"])
async def test_a_request_that_is_cancelled_at_any_turn_does_not_show_the_token(server: Server, action: str):
    async def good(asked: Asked) -> bytes:
        return httpx_json(package(1)) if asked.method == "GET" else answer(204, b"", content_length="0")

    server.give = good
    async with client(server) as github:
        for count in range(60):
            task = asyncio.ensure_future(getattr(github.org("acme"), action)("npm", "left-pad"))
            for _ in range(count):
                await asyncio.sleep(0)
            task.cancel()
            (error,) = await asyncio.gather(task, return_exceptions=True)
            if isinstance(error, BaseException):
                assert isinstance(error, asyncio.CancelledError)
                assert not leaks(*everything_of(error))


class Showing(httpx.AsyncBaseTransport):
    """A transport of a user's own, which has what it sends among its variables when it fails."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        bytes_to_send = repr(request.headers.raw)
        assert MARKER in bytes_to_send
        self.error.__cause__ = ValueError(bytes_to_send)
        if isinstance(self.error, httpx.RequestError):
            self.error.request = request
        raise self.error


@pytest.mark.parametrize(
    "error", [httpx.WriteTimeout("slow"), httpx.ReadError(MARKER), ssl.SSLError("bad"), asyncio.CancelledError("why")]
)
@pytest.mark.parametrize("action", ["get_package", "delete_package"])
async def test_a_transport_of_a_users_own_shows_no_token(error: BaseException, action: str):
    async with GitHubPackages(MARKER, transport=Showing(error), trust_env=False, retries=0) as github:
        with pytest.raises((GitHubPackagesError, asyncio.CancelledError)) as caught:
            await getattr(github.org("acme"), action)("npm", "left-pad")
    assert not leaks(*everything_of(caught.value))
    if isinstance(error, asyncio.CancelledError):
        assert caught.value.args == ("why",)


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_an_error_of_a_raw_call_has_the_request_without_the_token(method: str):
    transport = Showing(httpx.ReadError("lost"))
    request = httpx.Request(method, "https://api.github.com/x")
    with pytest.raises(httpx.ReadError) as caught:
        await SigningTransport(transport, Credentials(MARKER, request.url)).handle_async_request(request)
    assert caught.value.request is request
    assert not leaks(*everything_of(caught.value))


async def test_a_mistake_in_a_transport_of_a_users_own_keeps_its_traceback():
    async with GitHubPackages(MARKER, transport=Showing(KeyError("mistake")), trust_env=False) as github:
        with pytest.raises(KeyError) as caught:
            await github.org("acme").get_package("npm", "left-pad")
    assert [frame.name for frame in caught.traceback][-1] == "handle_async_request"
    assert caught.value.__cause__ is not None


async def test_what_was_under_way_when_a_request_failed_is_still_shown(server: Server):
    server.give = hang_up
    async with client(server) as github:
        with pytest.raises(GitHubPackagesError) as caught:
            try:
                raise KeyError("before")
            except KeyError:
                await github.org("acme").delete_package("npm", "left-pad")
    error: BaseException | None = caught.value
    while error and not isinstance(error, KeyError):
        error = error.__cause__ or error.__context__
    assert isinstance(error, KeyError)


@pytest.mark.parametrize("echo", [echo_message, echo_text, echo_item, echo_headers])
async def test_what_a_server_repeats_of_the_token_is_in_no_answer(server: Server, echo: Answer):
    server.give = echo
    async with client(server) as github:
        response = await github.api.get_async_httpx_client().get("/x")
    everything = f"{response.content!r} {response.headers.raw!r} {response.extensions!r}"
    assert not leaks(everything, *pickles(response))
    assert "***" in everything


async def test_the_token_is_hidden_in_what_is_listed(server: Server):
    async def give(asked: Asked) -> bytes:
        return httpx_json([version(1, name=asked.headers["authorization"])])

    server.give = give
    async with client(server) as github:
        (one,) = await github.org("acme").versions("npm", "left-pad").collect()
    assert one.name == "Bearer ***"


@pytest.mark.parametrize("token", ['ghp_"planted"', "ghp_plant/ed", "ghp_plant\\ed", "ghp_a+b&c=d"])
async def test_a_token_is_hidden_as_json_and_urls_write_it(server: Server, token: str):
    async def give(asked: Asked) -> bytes:
        there = httpx.QueryParams({"t": token})
        return answer(403, httpx.Response(200, json={"message": f"{token} {there} {repr(token)[1:-1]}"}).content)

    server.give = give
    async with GitHubPackages(
        token, transport=innermost(server.url, fast=server.fast), base_url=str(server.url)
    ) as github:
        with pytest.raises(GitHubPackagesError) as caught:
            await github.org("acme").get_package("npm", "left-pad")
    assert token not in str(caught.value)
    assert str(httpx.QueryParams({"t": token})) not in str(caught.value)


async def test_a_short_token_is_left_where_it_is_part_of_a_word(server: Server):
    async def give(asked: Asked) -> bytes:
        return httpx_json(package(1, name="left-pad"))

    server.give = give
    async with GitHubPackages("left", transport=innermost(server.url), base_url=str(server.url)) as github:
        assert (await github.org("acme").get_package("npm", "left-pad")).name == "left-pad"


async def test_a_redirect_to_a_user_of_the_same_origin_is_followed_with_the_token_alone(server: Server):
    async def give(asked: Asked) -> bytes:
        if asked.target == "/there":
            return httpx_json(package(1))
        return answer(302, location=f"http://user:password@{asked.headers['host']}/there")

    server.give = give
    async with client(server) as github:
        assert (await github.org("acme").get_package("npm", "left-pad")).id == 1
    assert [asked.headers["authorization"] for asked in server.asked] == [f"Bearer {MARKER}"] * 2


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
