"""What both kinds of connections share."""

from typing import cast

import httpx

KEEPALIVE = 15.0  # seconds; servers and gateways commonly keep idle connections for a minute


async def read(response: httpx.Response) -> httpx.Response:
    """The answer with its body, encoded as it came; its connection is free for the next request."""
    stream = cast("httpx.AsyncByteStream", response.stream)
    try:
        response.stream = httpx.ByteStream(b"".join([part async for part in stream]))
    finally:
        await stream.aclose()
    return response
