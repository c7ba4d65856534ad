"""Bodies are read within bounds, decoded to their ends, and nothing of one is left for the next answer."""

import asyncio
import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.wire import package, version
from tests.transport.loopback import Answer, Asked, Server, answer, ask, innermost, serving

from ghpackages import APIConnectionError, GitHubPackages, GitHubPackagesError
from ghpackages.transport._body import MAX_BODY, PARTS, PIECE, TooLargeError, read

MEBI = 2**20
ITEMS = json.dumps([version(number) for number in range(1, 4)]).encode()


class Parts(httpx.AsyncByteStream):
    """A body in parts."""

    def __init__(self, *parts: bytes) -> None:
        self.parts = parts
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part

    async def aclose(self) -> None:
        self.closed = True


async def body(*parts: bytes, encoding: str | None = "gzip") -> bytes:
    """What parts with a content encoding are read as; the stream is closed, whatever happens."""
    stream = Parts(*parts)
    headers = {"Content-Encoding": encoding} if encoding is not None else {}
    try:
        response = await read(httpx.Response(200, headers=headers, stream=stream))
    finally:
        assert stream.closed
    assert response.is_closed
    return response.content


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    """Cut data anywhere."""
    places = sorted({cut % (len(data) + 1) for cut in cuts})
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


def packed(megabytes: int, members: int = 1) -> bytes:
    """Gzip of so many megabytes of spaces, in so many members."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    one = b"".join(packer.compress(b" " * MEBI) for _ in range(megabytes // members)) + packer.flush()
    return one * members


BOMB = packed(100)


@asynccontextmanager
async def turns_of_others() -> AsyncIterator[list[None]]:
    """The turns of the event loop that another task has meanwhile."""
    turns: list[None] = []

    async def others() -> None:
        while True:
            turns.append(None)
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    yield turns
    task.cancel()


# --- decoding


@settings(max_examples=200, deadline=None)
@given(
    members=st.lists(st.tuples(st.binary(max_size=20), st.sampled_from([1, PIECE - 1, PIECE])), min_size=1, max_size=4),
    cuts=st.lists(st.integers(0, 10**6), max_size=6),
    padding=st.sampled_from([b"", bytes(7)]),
)
async def test_gzip_of_any_members_in_any_parts_is_read_whole(
    members: list[tuple[bytes, int]], cuts: list[int], padding: bytes
):
    plain = [(piece * times)[:times] if times > 1 else piece for piece, times in members]
    data = b"".join(map(gzip.compress, plain)) + padding
    assert await body(*split(data, cuts)) == b"".join(plain)


@settings(max_examples=200, deadline=None)
@given(members=st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=3), data=st.data())
async def test_gzip_that_is_cut_off_is_an_error_or_ends_with_a_member(members: list[bytes], data: st.DataObject):
    packs = list(map(gzip.compress, members))
    whole = b"".join(packs)
    cut = data.draw(st.integers(1, len(whole) - 1))
    ends = {sum(map(len, packs[:count])): b"".join(members[:count]) for count in range(1, len(packs))}
    if cut in ends:  # then only the length that the server announced can show it
        assert await body(whole[:cut]) == ends[cut]
    else:
        with pytest.raises(httpx.DecodingError, match="cut off"):
            await body(whole[:cut])


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        *((name, gzip.compress) for name in ("gzip", "GZIP", " x-gzip ")),
        ("deflate", zlib.compress),
        *((name, gzip.compress) for name in ("identity, gzip", "gzip,")),
        *((name, bytes) for name in ("identity", "", None, ",")),
    ],
)
async def test_encodings_that_are_understood(encoding: str | None, pack: Callable[[bytes], bytes]):
    assert await body(pack(b"[1]"), encoding=encoding) == b"[1]"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "gzip,br", "nonsense"])
async def test_other_encodings_are_refused(encoding: str):
    with pytest.raises(httpx.DecodingError, match="not asked for"):
        await body(gzip.compress(b"[1]"), encoding=encoding)
    assert await body(encoding=encoding) == b""  # as that of HEAD, 204 and 304
    with pytest.raises(httpx.DecodingError) as caught:
        await body(b"x", encoding=encoding * 10_000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "data",
    [b"[1]", b"\x1f\x8bnonsense", gzip.compress(b"[1]") + b"nonsense"],
    ids=["plain", "only its mark", "more after it"],
)
async def test_what_is_not_gzip_is_an_error(data: bytes):
    with pytest.raises(httpx.DecodingError, match="not gzip"):
        await body(data)


async def test_headers_tell_of_the_body_as_it_is_given():
    async def give(asked: Asked) -> bytes:
        return answer(body=gzip.compress(b"[1]"), content_encoding="gzip")

    async with serving(give) as server:
        response = await ask(innermost(server.url), server.url)
    assert response.json() == [1]
    assert not {"content-encoding", "content-length"} & response.headers.keys()


# --- bounds


@pytest.mark.parametrize("encoding", ["gzip", None])
@pytest.mark.parametrize("more", [0, 1])
async def test_sixteen_mebibytes_are_read_and_no_more(more: int, encoding: str | None):
    data = bytes(MAX_BODY + more)
    parts = [gzip.compress(data, 1)] if encoding else split(data, list(range(0, len(data), 10**6)))
    if more:
        with pytest.raises(TooLargeError, match="more than 16 MiB"):
            await body(*parts, encoding=encoding)
    else:
        assert await body(*parts, encoding=encoding) == data


@pytest.mark.parametrize(
    ("endless", "begin"),
    [(bytes(MEBI), None), (gzip.compress(b"") * 50_000, b""), (bytes(1_000), gzip.compress(b"[]"))],
    ids=["bytes", "members", "padding"],
)
async def test_what_never_ends_is_an_error(endless: bytes, begin: bytes | None):
    class Endless(Parts):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield begin or b""
            while True:
                yield endless

    encoding = {} if begin is None else {"Content-Encoding": "gzip"}
    with pytest.raises(TooLargeError):
        await read(httpx.Response(200, headers=encoding, stream=Endless()))


@pytest.mark.parametrize("value", [b"[]", b"{}", b"1", b'{"a": 1}', b'""'])
async def test_a_body_of_very_many_values_is_refused(value: bytes):
    data = b"[" + b",".join([value] * 600_000) + b"]"
    with pytest.raises(TooLargeError, match="more than 500,000 values"):
        await body(gzip.compress(data, 1))
    text = json.dumps(["a sentence, and another one" * 1000] * 400).encode()
    assert await body(text, encoding=None) == text


@pytest.mark.parametrize("encoding", ["gzip", None])
async def test_others_have_turns_while_a_body_comes_in_many_parts(encoding: str | None):
    parts = [bytes([byte]) for byte in (gzip.compress(ITEMS * 10, 0) if encoding else ITEMS * 10)]
    async with turns_of_others() as turns:
        assert await body(*parts, encoding=encoding) == ITEMS * 10
    assert len(turns) >= len(parts) // PARTS


@pytest.mark.parametrize("members", [1, 10])
async def test_others_have_turns_while_much_is_decoded(members: int):
    async with turns_of_others() as turns:
        with pytest.raises(TooLargeError):
            await body(packed(100, members) if members > 1 else BOMB)
    assert len(turns) >= MAX_BODY // PIECE


def client(server: Server, **options: object) -> GitHubPackages:
    return GitHubPackages(  # type: ignore[arg-type]
        "t",
        transport=innermost(server.url, fast=server.fast, concurrency=1),
        base_url=str(server.url),
        timeout=1000,  # by the hurried clock
        trust_env=False,
        **options,
    )


async def bomb(asked: Asked) -> bytes:
    return answer(body=BOMB, content_encoding="gzip")


async def plain(asked: Asked) -> bytes:
    return answer(body=b" " * (2 * MAX_BODY))


async def chunks(asked: Asked) -> bytes:
    chunk = b"100000\r\n" + b" " * MEBI + b"\r\n"
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + 20 * chunk


@pytest.mark.parametrize("give", [bomb, plain, chunks])
async def test_a_body_beyond_the_bound_is_asked_for_once_and_its_connection_dropped(server: Server, give: Answer):
    async def good(asked: Asked) -> bytes:
        return answer(body=ITEMS)

    async with client(server) as github:
        server.give = give
        with pytest.raises(APIConnectionError, match="TooLargeError the body of the answer has more than 16 MiB"):
            await github.org("acme").docker_conflicts()
        assert len(server.asked) == 1
        server.give = good
        assert len(await github.org("acme").versions("npm", "x").collect()) == 3
        came_whole = server.fast and give is bomb  # aiohttp had read it before it was decoded
        assert server.accepted == (1 if came_whole else 2)


@pytest.mark.parametrize("method", ["get_package", "delete_package", "restore_package"])
async def test_what_a_server_says_is_shortened_in_errors(server: Server, method: str):
    async def give(asked: Asked) -> bytes:
        said = {"message": "no " * 30_000, "documentation_url": "https://docs.github.com/" + "x" * 100_000}
        return answer(403, json.dumps(said).encode(), x_github_request_id="y" * 20_000, x_oauth_scopes="z" * 20_000)

    server.give = give
    async with client(server) as github:
        with pytest.raises(Exception, match="no no") as caught:
            await getattr(github.org("acme"), method)("npm", "x")
    assert len(str(caught.value)) < 9_000
    assert len(caught.value.message) < 2_100  # type: ignore[attr-defined]
    assert "…" in str(caught.value)


@pytest.mark.parametrize("status", [403, 500])
@pytest.mark.parametrize("text", [b"no\n" * 5_000_000, b'{"message": ["no"' + b',"no"' * 2_000_000 + b"]}"])
async def test_of_a_large_error_only_the_beginning_is_looked_at(server: Server, status: int, text: bytes):
    async def give(asked: Asked) -> bytes:
        return answer(status, gzip.compress(text, 1), content_encoding="gzip", content_type="text/plain")

    server.give = give
    async with client(server, retries=0) as github:
        tracemalloc.start()
        with pytest.raises(GitHubPackagesError) as caught:
            await github.org("acme").get_package("npm", "x")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(str(caught.value)) < 1_000
    assert most < 4 * len(text) + 4 * MEBI


# --- what is left over


@pytest.mark.parametrize("more", ["204", "another answer", "a byte"])
@pytest.mark.parametrize("together", [True, False])
async def test_a_connection_with_bytes_left_over_is_not_used_again(server: Server, more: str, together: bool):
    left_over = {
        "204": b"HTTP/1.1 204 No Content\r\n\r\n",
        "another answer": answer(body=json.dumps(package(666, name="another")).encode()),
        "a byte": b"x",
    }[more]
    is_read = asyncio.Event()

    async def give(asked: Asked) -> bytes:
        name = asked.target.rpartition("/")[2]
        return answer(body=json.dumps(package(1, name=name)).encode()) + left_over

    def apart(data: bytes) -> list[bytes]:
        return [data.removesuffix(left_over), left_over]

    if more == "a byte" and server.fast:  # unless it came later
        pytest.skip("aiohttp refuses the answer itself: see the next test")
    server.give = give
    if not together:
        server.split = apart  # type: ignore[assignment]
    async with client(server) as github:
        for number in range(5):
            assert (await github.org("acme").get_package("npm", f"n{number}")).name == f"n{number}"
            is_read.clear()
            asyncio.get_running_loop().call_later(1, is_read.set)  # by the hurried clock
            await is_read.wait()
    assert server.accepted == 5


async def test_a_byte_too_many_never_reaches_another_answer(server: Server):
    async def give(asked: Asked) -> bytes:
        return answer(body=ITEMS) + b"x"

    server.give = give
    async with client(server, retries=0) as github:
        versions = github.org("acme").versions("npm", "x")
        if server.fast:  # aiohttp takes it for the beginning of another answer before it hands out this one
            with pytest.raises(APIConnectionError, match="ClientResponseError"):
                await versions.collect()
        else:
            assert [len(await versions.collect()) for _ in range(3)] == [3, 3, 3]
    assert server.accepted == len(server.asked)


@pytest.mark.parametrize("retries", [0, 1])
async def test_an_answer_about_another_version_is_an_error(server: Server, retries: int):
    async def give(asked: Asked) -> bytes:
        return answer(body=json.dumps(version(666)).encode())

    server.give = give
    async with client(server, retries=retries) as github:
        with pytest.raises(APIConnectionError, match="another request"):
            await github.org("acme").get_version("npm", "x", 836)
    assert len(server.asked) == 1 + retries


async def test_an_answer_about_another_version_is_asked_for_again(server: Server):
    async def give(asked: Asked) -> bytes:
        return answer(body=json.dumps(version(666 if len(server.asked) == 1 else 836)).encode())

    server.give = give
    async with client(server) as github:
        assert (await github.org("acme").get_version("npm", "x", 836)).id == 836
