"""The clients that endpoint functions take, and the helpers that endpoint functions share.

The stock clients print their token in `repr()`, have no timeout by default, fail type checkers in strict mode, and have
a synchronous half and `with_*` methods that return copies with an httpx client of their own.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote, unquote

import httpx

from .errors import LARGEST_ERROR, DecodeError, connection_error, response_error, web_page_cause
from .values import UNSET, Response, array

__all__ = ["AuthenticatedClient", "Client"]  # the rest serves endpoint functions and transports

T = TypeVar("T")
E = TypeVar("E")

PARSED_BODY = "ghpackages.json"
"""The extension of a response in which a transport may leave the parsed body."""


class Client:
    """Sends the requests of endpoint functions, without a token.

    Args:
        base_url: Where the API is, without a trailing slash.
        headers: Headers of every request.
        timeout: Seconds for each of connecting, sending and waiting for a part of the response, or an `httpx.Timeout`.
        transport: A transport of httpx; by default httpx makes its own.
        http_client: An `httpx.AsyncClient` to use as it is; the other arguments are then ignored.
    """

    def __init__(
        self,
        base_url: str = "https://api.github.com",
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float | httpx.Timeout = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        self._http_client = http_client or httpx.AsyncClient(
            base_url=base_url, headers=headers, timeout=timeout, transport=transport
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={str(self._http_client.base_url)!r})"

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The underlying client of httpx."""
        return self._http_client

    async def __aenter__(self) -> Self:
        await self._http_client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http_client.__aexit__(kind, error, trace)

    async def send(self, method: str, url: str, params: Mapping[str, str | int] | None = None) -> httpx.Response:
        """Send a request and read the whole response.

        Raises:
            ValueError: The URL is too long to be sent.
            APIConnectionError: No response arrived, or only a part of one.
            APITimeoutError: It took longer than the timeout.
        """
        try:
            return await self._request(method, url, params)
        except httpx.InvalidURL as cause:
            raise ValueError(f"an argument can't be part of a URL: {cause}") from cause
        except httpx.RequestError as cause:
            base_url = str(self._http_client.base_url).rstrip("/")
            raise connection_error(method, base_url + url, cause) from cause

    async def _request(self, method: str, url: str, params: Mapping[str, str | int] | None) -> httpx.Response:
        return await self._http_client.request(method, url, params=params)


class AuthenticatedClient(Client):
    """Sends the requests of endpoint functions with a token, which errors of httpx and their requests may show.

    `GitHubPackages` keeps it out of them.

    Args:
        base_url: Where the API is, without a trailing slash.
        token: A personal access token (classic).
        headers: Headers of every request.
        timeout: Seconds for each of connecting, sending and waiting for a part of the response, or an `httpx.Timeout`.
        transport: A transport of httpx; by default httpx makes its own.
    """

    def __init__(
        self,
        base_url: str = "https://api.github.com",
        *,
        token: str,
        headers: Mapping[str, str] | None = None,
        timeout: float | httpx.Timeout = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        def authorise(request: httpx.Request) -> httpx.Request:
            request.headers["Authorization"] = f"Bearer {token}"
            return request

        super().__init__(
            http_client=httpx.AsyncClient(
                base_url=base_url, headers=headers, timeout=timeout, transport=transport, auth=authorise
            )
        )


def segment(name: str, value: object) -> str:
    """Return one segment of a path, encoded exactly once.

    Raises:
        ValueError: A part of the value between slashes is empty, `.` or `..`, also percent-encoded: it would lead to
            another path.
    """
    plain = str(value)
    if any(part in {"", ".", ".."} for part in _decoded(plain).split("/")):
        raise ValueError(f"{name} must not be empty, '.' or '..', nor have such a part between slashes: {plain!r}")
    return quote(plain, safe="")


def _decoded(text: str) -> str:
    """Remove all layers of percent-encoding."""
    while (plain := unquote(text)) != text:
        text = plain
    return text


def query(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that are set."""
    return {name: value for name, value in params.items() if value is not UNSET}


def _quickest_loads() -> Callable[[bytes], Any]:
    try:
        import orjson
    except ImportError:
        return json.loads
    return orjson.loads


_quick_loads = _quickest_loads()


def loads(body: bytes) -> Any:
    """Parse a JSON text, with orjson where it is installed and else with `json`.

    Input that orjson refuses is left to `json`, which accepts more: NaN, lone surrogates, a byte order mark, UTF-16.
    One difference remains: integers beyond 64 bits, which no id can be, are floats with orjson.

    Raises:
        ValueError: The text is not JSON.
        RecursionError: It is nested too deeply.
    """
    with suppress(ValueError):
        return _quick_loads(body)
    return json.loads(body)


MAX_ITEMS = 10_000
"""How many items a list may have; GitHub's pages have at most 100, and refusing invalid items takes time, too."""


def decode_one(decode: Callable[[Mapping[str, Any]], T], model: str, response: httpx.Response) -> T:
    """Decode the object in a response."""
    try:
        return decode(_load(model, response))
    except DecodeError as error:
        error.response = response
        raise


def decode_list(decode: Callable[[Mapping[str, Any]], T], model: str, response: httpx.Response) -> list[T]:
    """Decode the objects of the array in a response.

    Raises:
        DecodeError: An item can't be decoded: the first one. The error has those that can, and how many can't. Or there
            are more than 10,000 items.
    """
    try:
        items = _load_array(model, response)
    except DecodeError as error:
        error.response = response
        raise
    failure: DecodeError | None = None
    for index, item in enumerate(items):
        try:
            items[index] = decode(item)  # in its place, so that what it was made from is freed at once
        except DecodeError as error:
            items[index] = UNSET
            if failure is None:
                failure = error
                failure.index = index
    if failure is not None:
        failure.decoded = [item for item in items if item is not UNSET]
        failure.failed = len(items) - len(failure.decoded)
        failure.response = response
        raise failure
    return items


def _load(model: str, response: httpx.Response) -> Any:
    if PARSED_BODY in response.extensions:
        return response.extensions.pop(PARSED_BODY)  # for good: a response that is kept should not keep it as well
    try:
        return loads(response.content)
    except (ValueError, RecursionError) as cause:
        problem = web_page_cause(response) or f"is not JSON, or not all of it ({len(response.content)} bytes came)"
        raise DecodeError(model, "", response.content[:200].decode(errors="replace"), problem) from cause


def _load_array(model: str, response: httpx.Response) -> list[Any]:
    data = _load(f"list of {model}", response)
    try:
        items = array(data)
    except TypeError as cause:
        raise DecodeError(f"list of {model}", "", data, "is not an array") from cause
    if len(items) > MAX_ITEMS:
        raise DecodeError(f"list of {model}", "", UNSET, f"has {len(items):,} items, more than {MAX_ITEMS:,}")
    return items


def decode_nothing(response: httpx.Response) -> None:
    """Decode the response of an operation that returns nothing."""


def detailed(
    response: httpx.Response,
    success: int,
    decode: Callable[[httpx.Response], T],
    decode_error: Callable[[Mapping[str, Any]], E],
) -> Response[T | E]:
    """Return what `asyncio_detailed` does: no status raises, and an error without a JSON object is parsed as None."""
    parsed: T | E | None = None
    if response.status_code == success:
        parsed = decode(response)
    elif len(response.content) <= LARGEST_ERROR:
        with suppress(ValueError, RecursionError, DecodeError):
            parsed = decode_error(loads(response.content))
    return Response(response.status_code, response.content, response.headers, parsed, response)


def successful(response: httpx.Response, success: int, decode: Callable[[httpx.Response], T]) -> T:
    """Return the decoded body as `asyncio` does: any other status raises."""
    if response.status_code != success:
        raise response_error(response)
    return decode(response)
