"""The token: to whom it goes, how it is asked for, what is done after a 401."""

import asyncio
import copy
import pickle
from collections.abc import Awaitable, Callable
from math import inf

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.core.wire import Recorder, client, package
from tests.transport.interruptions import Call, collect, collect_audit, delete, get
from tests.transport.loopback import Asked, answer, ask, innermost, serving
from tests.transport.virtual_clock import run

from ghpackages import UsageError
from ghpackages.transport import (
    AuthenticationTransport,
    Credentials,
    ForeignOriginError,
    Secret,
    SigningTransport,
    TokenSourceError,
)

HERE = httpx.URL("https://ghe.example.com/api/v3")


def authenticated(
    inner: httpx.AsyncBaseTransport, token: object, base_url: httpx.URL = HERE
) -> httpx.AsyncBaseTransport:
    """The transports that ask for the token and add it, one right around the other."""
    credentials = Credentials(token, base_url)  # type: ignore[arg-type]
    signing = SigningTransport(inner, credentials)
    return (
        AuthenticationTransport(signing, credentials, credentials.source) if credentials.source is not None else signing
    )


class Told(httpx.AsyncBaseTransport):
    """Answers as told, and remembers the requests as they came in."""

    def __init__(self, handler: Callable[[httpx.Request], httpx.Response]) -> None:
        self.handler = handler
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.handler(request)

    @property
    def tokens(self) -> list[str | None]:
        return [request.headers.get("authorization") for request in self.requests]


def knows(*valid: str) -> Told:
    """A server that knows some tokens."""
    known = {f"Bearer {token}" for token in valid}
    return Told(lambda request: httpx.Response(200 if request.headers.get("authorization") in known else 401))


def giving(*tokens: str) -> tuple[Callable[[], object], list[str]]:
    """An async callable that gives these tokens, then the last one for ever, and the list of what it gave."""
    given: list[str] = []

    async def source() -> str:
        await asyncio.sleep(0)
        given.append(tokens[min(len(given), len(tokens) - 1)])
        return given[-1]

    return source, given


async def send(
    inner: httpx.AsyncBaseTransport, token: object, method: str = "GET", url: str | httpx.URL = HERE
) -> httpx.Response:
    return await authenticated(inner, token).handle_async_request(httpx.Request(method, url))


@pytest.mark.parametrize(
    "url",
    [
        *("http://ghe.example.com/api/v3", "https://ghe.example.com:8443/api/v3", "https://evil.example.com/api/v3"),
        *(
            "https://ghe.example.com.evil.example/",
            "https://ghe.example.com@evil.example.com/",
            "https://GHE.example.co",
        ),
    ],
)
async def test_another_origin_gets_nothing_at_all(url: str):
    server = knows("made-up")
    with pytest.raises(ForeignOriginError, match=r"is not ghe\.example\.com"):
        await send(server, "made-up", url=url)
    assert server.requests == []


@pytest.mark.parametrize("url", ["https://GHE.example.com/api/v3", "https://ghe.example.com:443/other/path"])
async def test_the_same_origin_written_otherwise_gets_the_token(url: str):
    server = knows("made-up")
    assert (await send(server, "made-up", url=url)).status_code == 200


async def test_another_address_of_the_same_machine_gets_nothing():
    async with serving() as home, serving() as elsewhere:
        transport = authenticated(innermost(home.url), "made-up", home.url)
        with pytest.raises(ForeignOriginError):
            await ask(transport, elsewhere.url)
        assert elsewhere.accepted == 0


async def test_the_request_further_out_never_holds_the_token():
    server = knows("made-up")
    request = httpx.Request("GET", HERE)
    transport = authenticated(server, "made-up")
    response = await transport.handle_async_request(request)
    assert "authorization" not in request.headers
    assert response.request is request
    assert server.tokens == ["Bearer made-up"]


async def test_without_a_token_nothing_is_added():
    server = knows()
    assert (await send(server, None)).status_code == 401
    assert server.tokens == [None]


async def test_a_string_is_not_asked_again():
    server = knows("other")
    assert (await send(server, "made-up")).status_code == 401
    assert len(server.requests) == 1


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
async def test_after_a_401_the_callable_is_asked_once_more_and_the_request_sent_once_more(method: str):
    server, (source, given) = knows("fresh"), giving("expired", "fresh")
    assert (await send(server, source, method)).status_code == 200
    assert given == ["expired", "fresh"]
    assert [request.method for request in server.requests] == [method, method]
    assert server.tokens == ["Bearer expired", "Bearer fresh"]


async def test_a_second_401_is_handed_on():
    server, (source, given) = knows(), giving("expired", "revoked", "never")
    assert (await send(server, source)).status_code == 401
    assert given == ["expired", "revoked"]
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [200, 204, 403, 404, 429, 500])
async def test_no_other_status_asks_again(status: int):
    server, (source, given) = Told(lambda request: httpx.Response(status)), giving("one", "two")
    assert (await send(server, source)).status_code == status
    assert given == ["one"]


async def test_of_many_requests_refused_with_one_token_one_asks_for_all():
    server, (source, given) = knows("fresh"), giving(*["expired"] * 50, "fresh")
    transport = authenticated(server, source)
    requests = [transport.handle_async_request(httpx.Request("GET", HERE)) for _ in range(50)]
    assert {response.status_code for response in await asyncio.gather(*requests)} == {200}
    assert given == ["expired"] * 50 + ["fresh"]


REVOKED = 10.0
"""When the first token of a vault is revoked."""


class Vault:
    """A store of a token: who reads it slowly may get one that is revoked meanwhile.

    Args:
        delays: How long the readings take, one after the other.
        renewal: How long it takes to get a new token.
    """

    def __init__(self, delays: list[float], renewal: float) -> None:
        self._delays, self._renewal = delays[:], renewal
        self._stored = self.valid

    @property
    def valid(self) -> str:
        """The token that the server accepts now."""
        return "first" if asyncio.get_running_loop().time() < REVOKED else "second"

    async def __call__(self) -> str:
        stored = self._stored
        if stored == self.valid:
            await asyncio.sleep(self._delays.pop(0) if self._delays else 0)
            return stored
        await asyncio.sleep(self._renewal)
        self._stored = self.valid
        return self._stored


@settings(max_examples=100, deadline=None)
@given(
    began=st.lists(st.floats(REVOKED - 5, REVOKED + 1), min_size=2, max_size=40),
    delays=st.lists(st.floats(0, 10), max_size=40),
    renewal=st.floats(0, 1),
    latency=st.floats(0, 2),
    concurrency=st.sampled_from([1, 2, 16]),
)
@example(began=[9.5, 9.6, 9.7], delays=[0, 0, 1.2], renewal=0.1, latency=1, concurrency=1)
def test_a_stale_token_of_a_slow_callable_fails_no_request(
    began: list[float], delays: list[float], renewal: float, latency: float, concurrency: int
):
    async def main() -> None:
        vault = Vault(delays, renewal)

        async def check(request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(latency)
            is_valid = request.headers["authorization"] == f"Bearer {vault.valid}"
            return httpx.Response(200, json=package(1)) if is_valid else httpx.Response(401, json={"message": "No."})

        async def get_at(when: float) -> None:
            await asyncio.sleep(when)
            await get(github)

        async with client(httpx.MockTransport(check), token=vault, concurrency=concurrency, max_wait=inf) as github:
            await asyncio.gather(*map(get_at, began))

    run(main())


async def test_a_connection_serves_again_after_a_401():
    async def refuse_the_first(asked: Asked) -> bytes:
        return answer(200 if asked.headers["authorization"] == "Bearer fresh" else 401)

    source, _ = giving("expired", "fresh")
    async with serving(refuse_the_first) as server:
        transport = authenticated(httpx.AsyncHTTPTransport(trust_env=False), source, server.url)
        assert (await ask(transport, server.url)).status_code == 200
        assert server.accepted == 1


def synchronous() -> str:
    return "planted-marker"


def gives(token: object) -> Callable[[], Awaitable[object]]:
    async def source() -> object:
        return token

    return source


@pytest.mark.parametrize("call", [get, delete, collect, collect_audit])
@pytest.mark.parametrize("source", [synchronous, *map(gives, [None, b"planted-marker", 7, "", "planted\nmarker"])])
async def test_a_callable_that_gives_no_token_is_an_error_of_one_line(source: Callable[[], Awaitable[str]], call: Call):
    server = Recorder(lambda request: httpx.Response(200, json=[]))
    async with client(server, token=source) as github:
        with pytest.raises(UsageError, match="the callable for the token") as caught:
            await call(github)
    assert len(str(caught.value).splitlines()) == 1
    assert "marker" not in str(caught.value)
    assert server.requests == []


async def test_a_callable_that_is_not_async_is_refused_without_showing_what_it_gave():
    with pytest.raises(TokenSourceError, match="must be async") as caught:
        await send(knows(), lambda: "planted-marker")
    assert isinstance(caught.value.error, UsageError)
    assert "planted-marker" not in str(caught.value)


@pytest.mark.parametrize("given", [None, b"planted-marker", 7])
async def test_what_is_no_string_is_refused_without_showing_it(given: object):
    source, _ = giving(given)  # type: ignore[arg-type]
    with pytest.raises(TokenSourceError, match=f"not {type(given).__name__}") as caught:
        await send(knows(), source)
    assert isinstance(caught.value.error, UsageError)
    assert "planted-marker" not in str(caught.value)


@pytest.mark.parametrize("token", [b"planted-marker", 7])
def test_a_token_that_is_neither_string_nor_callable_is_refused_at_once(token: object):
    with pytest.raises(TypeError, match="a token is a string"):
        authenticated(knows(), token)


@pytest.mark.parametrize("token", ["", "with space", "line\n", "tök", "nul\0", "del\x7f", "tab\t", " padded "])
async def test_what_no_header_can_carry_is_refused_however_it_is_given(token: str):
    server, (source, _) = knows(), giving(token)
    with pytest.raises(ValueError, match="the token"):
        authenticated(server, token)
    with pytest.raises(TokenSourceError, match="the token") as caught:
        await send(server, source)
    assert isinstance(caught.value.error, UsageError)
    assert server.requests == []


@pytest.mark.parametrize("token", ["x", "ghs_" + "a.b-c_" * 86, "!#$%&'*+/=?^`{|}~\"(),:;<>@[]\\"])
async def test_no_shape_is_asked_for(token: str):
    assert (await send(knows(token), token)).status_code == 200


async def test_the_error_of_a_callable_reaches_the_caller():
    async def source() -> str:
        raise PermissionError("the vault is locked")

    server = knows()
    with pytest.raises(TokenSourceError, match="vault") as caught:
        await send(server, source)
    assert isinstance(caught.value.error, PermissionError)
    assert server.requests == []


async def test_a_cancelled_renewal_holds_up_nobody():
    asked, asked_twice = 0, asyncio.Event()

    async def source() -> str:
        nonlocal asked
        asked += 1
        if asked == 2:
            asked_twice.set()
            await asyncio.Event().wait()
        return "expired" if asked < 3 else "fresh"

    transport = authenticated(knows("fresh"), source)
    first = asyncio.ensure_future(transport.handle_async_request(httpx.Request("GET", HERE)))
    await asked_twice.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await transport.handle_async_request(httpx.Request("GET", HERE))).status_code == 200


def test_a_secret_shows_itself_nowhere():
    secret = Secret("planted-marker")
    assert "planted-marker" not in f"{secret} {secret!r}"
    for attempt in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            attempt(secret)
