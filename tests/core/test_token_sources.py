"""Callables for the token: any will do, and what they raise arrives as it is, however it was asked for."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

import httpx
import pytest
from tests.core.wire import Recorder, client, package, version

from ghpackages import (
    AuthenticationError,
    GitHubPackages,
    NotFoundError,
    SecondaryRateLimitError,
    UsageError,
)
from ghpackages.audit import audit
from ghpackages_api.api.packages import delete_package_for_org, get_package_for_org

Source = Callable[[], Awaitable[str]]
Call = Callable[[GitHubPackages], Awaitable[object]]


async def every(items: AsyncIterator[object]) -> None:
    async for _ in items:
        pass


async def audited(github: GitHubPackages) -> None:
    async with aclosing(aiter(audit(github, "acme", "umbrella"))) as results:
        await every(results)


CALLS: dict[str, Call] = {
    "get": lambda github: github.org("acme").get_package("npm", "left-pad"),
    "delete": lambda github: github.org("acme").delete_version("npm", "left-pad", 1),
    "items": lambda github: every(aiter(github.org("acme").versions("npm", "left-pad"))),
    "pages": lambda github: every(github.org("acme").versions("npm", "left-pad").pages()),
    "collect": lambda github: github.org("acme").packages().collect(),
    "consistent": lambda github: github.org("acme").versions("npm", "left-pad", consistent=True).collect(),
    "audit": lambda github: audit(github, "acme", "umbrella").collect(),
    "audit iteration": audited,
    "audit of named packages": lambda github: audit(github, "acme", packages=["npm/left-pad", "npm/b"]).collect(),
    "plan": lambda github: audit(github, "acme").plan(),
    "exact plan": lambda github: audit(github, "acme").plan(exact=True),
    "endpoint": lambda github: get_package_for_org.asyncio("acme", "npm", "left-pad", client=github.api),
    "endpoint that changes": lambda github: delete_package_for_org.asyncio("acme", "npm", "a", client=github.api),
}

REQUEST = httpx.Request("POST", "https://vault.example.com/token")


def answered(status: int) -> httpx.Response:
    return httpx.Response(status, json={"message": "no"}, request=REQUEST)


ERRORS: dict[str, Callable[[], Exception]] = {
    "KeyError": lambda: KeyError("the vault has no such key"),
    "OSError": lambda: OSError(2, "no such file"),
    "ConnectError": lambda: httpx.ConnectError("the vault is not there", request=REQUEST),
    "ReadTimeout": lambda: httpx.ReadTimeout("the vault is slow", request=REQUEST),
    "TimeoutError": lambda: TimeoutError(),
    "ExceptionGroup": lambda: ExceptionGroup("several", [KeyError("a")]),
    "UsageError": lambda: UsageError("the vault's client is closed"),
    "AuthenticationError": lambda: AuthenticationError(answered(401)),
    "NotFoundError": lambda: NotFoundError(answered(404)),
    "SecondaryRateLimitError": lambda: SecondaryRateLimitError(answered(429)),
}


def anything(request: httpx.Request) -> httpx.Response:
    """What the API answers: one package, or lists of one."""
    path = request.url.path
    if request.url.params.get("page", "1") != "1":
        return httpx.Response(200, json=[])
    if request.method == "DELETE":
        return httpx.Response(204)
    if path.endswith("/versions"):
        return httpx.Response(200, json=[version(1)])
    return httpx.Response(200, json=[package(1)] if path.endswith("/packages") else package(1))


@pytest.fixture
async def complaints() -> AsyncIterator[list[dict[str, object]]]:
    """What the event loop complains of, such as errors that nobody retrieved."""
    said: list[dict[str, object]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: said.append(context))
    yield said
    gc.collect()
    await asyncio.sleep(0)
    loop.set_exception_handler(None)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kind", ERRORS)
async def test_what_a_callable_raises_is_raised_as_it_is_and_not_tried_again(
    kind: str, call: str, complaints: list[dict[str, object]]
):
    error, asked = ERRORS[kind](), 0

    async def source() -> str:
        nonlocal asked
        asked += 1
        raise error

    server = Recorder(anything)
    async with client(server, token=source) as github:
        with pytest.raises(type(error)) as caught:
            await CALLS[call](github)
    assert caught.value is error
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert server.requests == []
    assert asked <= 2  # two owners, or two packages that are named
    del caught
    gc.collect()
    await asyncio.sleep(0)
    assert complaints == []


@pytest.mark.parametrize("call", ["collect", "audit", "audit iteration", "plan"])
async def test_an_error_in_the_middle_is_raised_as_it_is(call: str, complaints: list[dict[str, object]]):
    error = KeyError("the vault has no such key")

    async def source() -> str:
        if len(server.requests) >= 3:
            raise error
        return "made-up"

    server = Recorder(anything)
    async with client(server, token=source) as github:
        with pytest.raises(KeyError) as caught:
            await CALLS[call](github)
    assert caught.value is error
    del caught
    gc.collect()
    await asyncio.sleep(0)
    assert complaints == []


async def test_what_a_callable_raises_after_a_401_is_raised_as_it_is():
    error = KeyError("the vault has no such key")
    given = ["expired"]

    async def source() -> str:
        if not given:
            raise error
        return given.pop()

    server = Recorder(lambda request: httpx.Response(401, json={"message": "Bad credentials"}))
    async with client(server, token=source) as github:
        with pytest.raises(KeyError) as caught:
            await github.org("acme").get_package("npm", "left-pad")
    assert caught.value is error
    assert len(server.requests) == 1


# --- kinds of callables


async def function() -> str:
    return "made-up"


async def with_arguments(name: str, *, suffix: str) -> str:
    return name + suffix


@dataclass(frozen=True)
class Frozen:
    name: str = "made-up"

    async def __call__(self) -> str:
        return self.name


@dataclass
class Listed:
    scopes: list[str]

    async def __call__(self) -> str:
        return "made-up"


@dataclass(frozen=True)
class FrozenListed:
    scopes: list[str]

    async def __call__(self) -> str:
        return "made-up"


class Vault:
    async def __call__(self) -> str:
        return "made-up"

    async def read(self) -> str:
        return "made-up"

    @classmethod
    async def make(cls) -> str:
        return "made-up"


class Later:
    """Is awaitable itself."""

    def __await__(self):
        yield from asyncio.sleep(0).__await__()
        return "made-up"


def gives_a_future() -> Awaitable[str]:
    return asyncio.ensure_future(function())


SOURCES: dict[str, Source] = {
    "function": function,
    "lambda": lambda: function(),
    "method": Vault().read,
    "class method": Vault.make,
    "object": Vault(),
    "class": Later,
    "future": gives_a_future,
    "partial": partial(with_arguments, "made", suffix="-up"),
    "frozen dataclass": Frozen(),
    "dataclass": Listed(["repo"]),
    "frozen dataclass that can't be hashed": FrozenListed(["repo"]),
}


@pytest.mark.parametrize("kind", SOURCES)
async def test_any_async_callable_will_do(kind: str):
    server = Recorder(anything)
    async with client(server, token=SOURCES[kind]) as github:
        await github.org("acme").get_package("npm", "left-pad")
        await github.with_options(token=SOURCES[kind]).org("acme").get_package("npm", "left-pad")
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer made-up"] * 2


def told(request: httpx.Request) -> httpx.Response:
    headers = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "4000", "X-RateLimit-Reset": "4000000000"}
    return httpx.Response(200, json=package(1), headers=headers)


@pytest.mark.parametrize("kind", [Listed, FrozenListed])
async def test_views_with_one_callable_that_can_not_be_hashed_share_limits_and_with_two_do_not(
    kind: Callable[[list[str]], Source],
):
    source, other = kind(["repo"]), kind(["repo"])
    async with client(Recorder(told), token=source) as github:
        same, different = github.with_options(token=source), github.with_options(token=other)
        await same.org("acme").get_package("npm", "left-pad")
        assert github.rate_limit.remaining == 4000
        assert different.rate_limit.remaining is None


async def test_a_bound_method_is_the_same_each_time_it_is_named():
    vault = Vault()
    async with client(Recorder(told), token=vault.read) as github:
        await github.with_options(token=vault.read).org("acme").get_package("npm", "left-pad")
        assert github.rate_limit.remaining == 4000


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (lambda: "planted-marker", "must be async"),
        (lambda: None, "must be async"),
        (partial(asyncio.sleep, 0, None), "a token is a string, not NoneType"),
        (partial(asyncio.sleep, 0, b"planted-marker"), "a token is a string, not bytes"),
        (partial(asyncio.sleep, 0, ""), "the token is empty"),
        (partial(asyncio.sleep, 0, "planted marker"), "no HTTP header can carry"),
        (partial(with_arguments, "planted-marker"), "missing 1 required keyword-only argument"),
    ],
)
@pytest.mark.parametrize("call", ["get", "collect", "audit"])
async def test_a_callable_that_gives_no_token_is_told_in_one_line_without_what_it_gave(
    source: Source, message: str, call: str
):
    server = Recorder(anything)
    async with client(server, token=source) as github:
        with pytest.raises((UsageError, TypeError), match=message) as caught:
            await CALLS[call](github)
    assert "\n" not in str(caught.value)
    assert "planted" not in str(caught.value)
    assert server.requests == []
