"""The ASGI protocol around requests and responses; see https://asgi.readthedocs.io."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast
from urllib.parse import quote

from ._http import Request, Response

__all__ = ["Message", "Receive", "Send", "compress", "decline", "read", "write"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def read(scope: Message, receive: Receive) -> Request:
    # Some versions of httpx leave the query in `raw_path`; some servers give no `raw_path`.
    raw_path = cast(bytes, scope.get("raw_path") or quote(scope["path"]).encode()).split(b"?", 1)[0]
    headers = cast("list[tuple[bytes, bytes]]", scope["headers"])
    client = cast("tuple[str, int] | None", scope.get("client"))
    return Request(
        scope["method"].upper(),
        raw_path.decode("latin-1"),
        cast(bytes, scope.get("query_string", b"")).decode("latin-1"),
        {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers},
        await _read_body(receive),
        scope.get("scheme", "https"),
        client[0] if client else "127.0.0.1",
    )


async def _read_body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def compress(request: Request, response: Response) -> None:
    """Compress an answer if the client accepts that, which makes its ETag weak."""
    if "gzip" not in request.headers.get("accept-encoding", "") or not response.body:
        return
    if "content-encoding" in response.headers:
        return
    response.body = gzip.compress(response.body, compresslevel=1, mtime=0)
    response.headers["content-encoding"] = "gzip"
    if "etag" in response.headers:
        response.headers["etag"] = f"W/{response.headers['etag']}"


async def write(request: Request, response: Response, send: Send) -> None:
    if response.status not in {204, 304}:
        response.headers["content-length"] = str(len(response.body))
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    body = b"" if request.method == "HEAD" else response.body
    await send({"type": "http.response.body", "body": body})


async def decline(scope: Message, receive: Receive, send: Send) -> None:
    """Go along with a server's lifespan; open no websocket."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close"})
        return
    while True:
        phase = (await receive())["type"]
        await send({"type": f"{phase}.complete"})
        if phase == "lifespan.shutdown":
            return
