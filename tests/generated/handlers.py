"""Servers for `httpx.MockTransport`."""

from __future__ import annotations

import re

import httpx
from tests.generated.generation import Handler
from tests.generated.payloads import PACKAGE, VERSION


def answer(status: int, /, **content: object) -> Handler:
    """Answer everything with this; the arguments are those of `httpx.Response`."""
    return lambda _: httpx.Response(status, **content)  # type: ignore[arg-type]


def success(request: httpx.Request) -> httpx.Response:
    """Answer an operation as the description says."""
    if request.method != "GET":
        return httpx.Response(204)
    if re.search(r"/(packages|conflicts)$", request.url.path):
        return httpx.Response(200, json=[PACKAGE])
    if request.url.path.endswith("/versions"):
        return httpx.Response(200, json=[VERSION])
    return httpx.Response(200, json=VERSION if "/versions/" in request.url.path else PACKAGE)


class Recorder:
    """Remembers the requests that came, and answers them with success."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return success(request)

    @property
    def path(self) -> str:
        """The path of the one request that came, as it was on the wire."""
        (request,) = self.requests
        return request.url.raw_path.decode("ascii").partition("?")[0]
