"""Reading a response: the same for both kinds of connections, and for transports of a user's own."""

import asyncio
import zlib
from collections.abc import Iterator
from typing import cast

import httpx

KEEPALIVE = 15.0  # seconds; servers and gateways commonly keep idle connections for a minute

MAX_BODY = 16 * 2**20
"""How many bytes a body may have, as received and decoded; 100 packages or versions take less than 1 MB."""

MAX_VALUES = 500_000
"""How many JSON values a body may have, judged by its commas and brackets; a parsed value can take a hundred times its
bytes. Bodies below 1 MiB are not checked: they take little memory in any case."""

PIECE, PARTS = 2**18, 2**8
"""How many bytes are decoded, and how many parts are read, before other tasks may run: about a millisecond."""

MAX_MEMBERS = 1_000
"""How many members a gzip body may have; even an empty one, of 20 bytes, takes time."""

_ENCODINGS = frozenset({"gzip", "x-gzip", "deflate"})
_ANY_FORMAT = zlib.MAX_WBITS | 32  # gzip, or deflate in the format of zlib


class TooLargeError(httpx.RemoteProtocolError):
    """A body is larger than any that GitHub sends; another request would not help."""


async def read(response: httpx.Response) -> httpx.Response:
    """Read, decode and close a response; its connection is free for the next request then.

    The decoders of httpx know no bounds, and end a gzip body after its first member
    (https://www.rfc-editor.org/rfc/rfc1952#page-5).

    Raises:
        httpx.DecodingError: The body is not encoded as its headers say, or is incomplete.
        TooLargeError: It has more bytes, values or members than the bounds allow. Its connection is dropped, unless
            the whole body had arrived.
    """
    if response.is_closed:  # its body was there from the beginning
        return response
    stream = cast("httpx.AsyncByteStream", response.stream)
    decoder, body = _Decoder(response.headers.get("content-encoding", "")), bytearray()
    parts = received = 0
    try:
        async for part in stream:
            parts, received = parts + 1, received + len(part)
            for piece in decoder.decode(part):
                body += piece
                _check_size(len(body))
                if len(piece) == PIECE:
                    await asyncio.sleep(0)
            _check_size(received)
            if parts % PARTS == 0:
                await asyncio.sleep(0)
        decoder.end()
        if len(body) > 2**20 and sum(map(body.count, (b",", b"[", b"{"))) > MAX_VALUES:
            raise TooLargeError(f"the body of the answer has more than {MAX_VALUES:,} values")
    finally:
        await stream.aclose()
    if body and decoder.is_needed:
        for name in {"content-encoding", "content-length"} & response.headers.keys():
            del response.headers[name]
    response.stream = httpx.ByteStream(bytes(body))
    response.read()  # nothing is waited for any more
    return response


def _check_size(size: int) -> None:
    if size > MAX_BODY:
        raise TooLargeError(f"the body of the answer has more than {MAX_BODY // 2**20} MiB")


class _Decoder:
    """Decodes a body piece by piece.

    Args:
        encoding: The header `Content-Encoding`.
    """

    def __init__(self, encoding: str) -> None:
        self._header = encoding[:100]  # for an error
        named = [name.strip().lower() for name in encoding.split(",")]
        self._encoding = ", ".join(name for name in named if name not in {"", "identity"})
        self._members = 0
        self._member: zlib._Decompress | None = None  # pyright: ignore[reportPrivateUsage]
        self.is_needed = bool(self._encoding)

    def decode(self, part: bytes) -> Iterator[bytes]:
        """Yield what a part of the body decodes to, in pieces of a bounded length.

        Raises:
            httpx.DecodingError: It is not encoded as the header says, or in a way that was not asked for.
            TooLargeError: It has more than a thousand members.
        """
        if not self.is_needed:
            yield part
            return
        if self._encoding not in _ENCODINGS:
            raise httpx.DecodingError(f"the body has the content encoding {self._header!r}, which was not asked for")
        is_full = False
        while part or is_full:
            if self._member is None or self._member.eof:  # gzip may have several, and zeros after the last
                part = part.lstrip(b"\0") if self._member else part
                if not part:
                    return
                self._member, self._members = zlib.decompressobj(_ANY_FORMAT), self._members + 1
                if self._members > MAX_MEMBERS:
                    raise TooLargeError(f"the body of the answer has more than {MAX_MEMBERS:,} members of gzip")
            try:
                piece = self._member.decompress(part, PIECE)
            except zlib.error as error:
                raise httpx.DecodingError(f"the body is not {self._encoding}: {error}") from None
            yield piece
            part = self._member.unconsumed_tail or self._member.unused_data
            is_full = len(piece) == PIECE and not self._member.eof

    def end(self) -> None:
        """Check that the body is complete.

        Raises:
            httpx.DecodingError: It is not.
        """
        if self._member is not None and not self._member.eof:
            raise httpx.DecodingError(f"the body is cut off: its {self._encoding} does not end")
