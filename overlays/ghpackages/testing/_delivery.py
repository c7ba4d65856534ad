"""Sending an answer as a fault wants it: slowly, in part, or not at all."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from typing import Final, NoReturn, cast

from ._asgi import Message, Send, write
from ._effect import Reply
from ._http import Request

__all__ = ["EXTENSION", "break_off", "deliver"]

EXTENSION: Final = "ghpackages.disconnect"
"""The ASGI extension, and the type of its message, with which an application ends a connection.

A server that offers it in `scope["extensions"]` sends what it was given so far, then resets the connection if the
message says `"reset": True`, and closes it otherwise. See https://asgi.readthedocs.io/en/latest/extensions.html
"""


async def deliver(request: Request, reply: Reply, scope: Message, send: Send) -> None:
    """Send an answer."""
    body = reply.response.body
    if not body or request.method == "HEAD" or (reply.share == 1 and reply.piece is None):
        await write(request, reply.response, send)
        return
    kept = body[: int(len(body) * reply.share)]
    await write(request, reply.response, _sender(send, reply, kept, whole=reply.share == 1))
    if reply.share < 1:
        await break_off(scope, send, reset=reply.reset)


def _sender(send: Send, reply: Reply, kept: bytes, *, whole: bool) -> Send:
    """Send something else than the body that is given, under its headers."""

    async def sender(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
            return
        for number, (piece, is_last) in enumerate(_pieces(kept, reply.piece or len(kept))):
            if number and reply.pause:
                await asyncio.sleep(reply.pause)
            await send({**message, "body": piece, "more_body": not (is_last and whole)})

    return sender


def _pieces(body: bytes, size: int) -> Iterator[tuple[bytes, bool]]:
    for start in range(0, len(body) or 1, size or 1):
        yield body[start : start + size], start + size >= len(body)


async def break_off(scope: Message, send: Send, *, reset: bool) -> None:
    """End the connection if the server can do that; else raise what comes next to it."""
    if EXTENSION in cast("dict[str, object]", scope.get("extensions") or {}):
        await send({"type": EXTENSION, "reset": reset})
        return
    _raise(reset=reset)


def _raise(*, reset: bool) -> NoReturn:
    """Raise what a client of httpx gets, if there may be one: in process an application's errors are the client's."""
    if "httpx" in sys.modules:
        import httpx

        if reset:
            raise httpx.ReadError("the connection was reset")
        raise httpx.RemoteProtocolError("the connection was closed before the answer was complete")
    if reset:
        raise ConnectionResetError("the connection was reset")
    raise ConnectionAbortedError("the connection was closed before the answer was complete")
