"""What both kinds of connections share."""

from typing import cast

import httpx

KEEPALIVE = 15.0  # seconds; servers and gateways commonly keep idle connections for a minute


async def read(response: httpx.Response) -> httpx.Response:
    """Read and close a response; its connection is free for the next request then.

    Raises:
        httpx.DecodingError: The body is not encoded as its headers say.
    """
    if response.is_closed:  # its body was there from the beginning
        return response
    stream = cast("httpx.AsyncByteStream", response.stream)
    try:
        response.stream = httpx.ByteStream(b"".join([part async for part in stream]))
    finally:
        await stream.aclose()
    response.read()  # nothing is waited for any more
    return response
