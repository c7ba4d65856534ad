"""The extra `fast`: reading through aiohttp, with the errors, certificates and proxies of httpx."""

import asyncio
import gzip
import ssl

import httpx
import pytest
import trustme
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.transport.loopback import (
    Answer,
    Asked,
    Server,
    answer,
    ask,
    fine,
    hang_up,
    innermost,
    reset,
    serving,
    silent,
    truncated,
)

from ghpackages import GitHubPackages
from ghpackages.transport._connections import PoolsTransport

pytest.importorskip("aiohttp", reason="the extra fast is not installed")

from ghpackages.transport._aiohttp import AiohttpReadsTransport


def fast(url: httpx.URL, **options: object) -> httpx.AsyncBaseTransport:
    transport = innermost(url, fast=True, **options)
    assert isinstance(transport, AiohttpReadsTransport)
    return transport


def sessions(transport: httpx.AsyncBaseTransport) -> bool:
    """Whether aiohttp was used at all."""
    return transport._session is not None  # type: ignore[attr-defined]


async def garbage(asked: Asked) -> bytes:
    return b"\x16\x03\x01 no http at all\r\n\r\n"


async def long_header(asked: Asked) -> bytes:
    return answer(link="x" * 200_000)


async def truncated_chunks(asked: Asked) -> bytes:
    return b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n7\r\n{"id":1\r\n'


async def slow_body(asked: Asked) -> bytes:
    return answer(body=b"{", content_length="1000")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_reading_goes_through_aiohttp_without_a_body(method: str):
    async with serving() as server:
        transport = fast(server.url)
        await ask(transport, server.url, method)
        assert sessions(transport)
        assert not {"content-length", "transfer-encoding", "content-type"} & server.asked[0].headers.keys()


@pytest.mark.parametrize("method", ["DELETE", "POST", "PUT", "PATCH", "OPTIONS"])
async def test_all_else_goes_through_httpx(method: str):
    async with serving() as server:
        transport = fast(server.url)
        await ask(transport, server.url, method)
        assert not sessions(transport)


async def test_a_delete_whose_connection_breaks_is_sent_once():
    async with serving() as server:
        async with httpx.AsyncClient(transport=fast(server.url), trust_env=False) as client:
            await client.delete(server.url)
            server.give = hang_up
            with pytest.raises(httpx.RemoteProtocolError):
                await client.delete(server.url)
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    "trouble",
    [silent, slow_body, reset, hang_up, truncated, truncated_chunks, garbage, long_header],
    ids=lambda answer: answer.__name__,
)
async def test_trouble_is_the_same_error_as_with_httpx(trouble: Answer):
    async with serving(trouble) as server:
        with pytest.raises(httpx.TransportError) as expected:
            await ask(innermost(server.url), server.url, seconds=0.1)
        with pytest.raises(httpx.TransportError) as actual:
            await ask(fast(server.url), server.url, seconds=0.1)
    assert actual.type is expected.type
    assert actual.value.__cause__ is None
    assert actual.value.__context__ is None


async def test_a_refused_connection_is_an_error_of_connecting():
    with pytest.raises(httpx.ConnectError):
        await ask(fast(httpx.URL("http://127.0.0.1:1")), httpx.URL("http://127.0.0.1:1"))


async def test_an_unknown_host_is_an_error_of_connecting():
    with pytest.raises(httpx.ConnectError):
        await ask(fast(httpx.URL("http://ghe.invalid")), httpx.URL("http://ghe.invalid"))


async def test_a_handshake_that_takes_too_long_is_a_timeout_of_connecting():
    async with serving() as server:  # not over TLS, so that it waits for the end of a line
        url = server.url.copy_with(scheme="https")
        with pytest.raises(httpx.ConnectTimeout):
            await ask(fast(url), url, seconds=0.1)


async def test_a_proxy_that_refuses_or_is_gone_is_the_same_error_as_with_httpx():
    async def refuse(asked: Asked) -> bytes:
        return answer(407)

    there = httpx.URL("https://ghe.example.com")
    async with serving(refuse) as proxy:
        proxy.tunnels = False
        for port in (proxy.port, 1):
            with pytest.raises(httpx.TransportError) as expected:
                await ask(innermost(there, proxy=f"http://127.0.0.1:{port}"), there)
            with pytest.raises(httpx.TransportError) as actual:
                await ask(fast(there, proxy=f"http://127.0.0.1:{port}"), there)
            assert actual.type is expected.type


async def test_certificates_proxies_and_both_together_work_as_with_httpx():
    authority, server_side = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(server_side)
    own = ssl.create_default_context()
    authority.configure_trust(own)
    async with serving(tls=server_side) as server, serving() as proxy:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await ask(fast(server.url), server.url)
        through = f"http://127.0.0.1:{proxy.port}"
        for options in ({"verify": own}, {"verify": False}, {"verify": own, "proxy": through}):
            assert (await ask(fast(server.url, **options), server.url)).status_code == 200
        assert [asked.target for asked in proxy.asked] == [f"127.0.0.1:{server.port}"]
        assert proxy.asked[0].headers.keys() & {"authorization", "x-github-api-version"} == set()


async def test_the_proxy_of_the_environment_is_used_only_if_it_is_trusted(monkeypatch: pytest.MonkeyPatch):
    async with serving() as proxy:
        monkeypatch.setenv("http_proxy", str(proxy.url))
        monkeypatch.delenv("no_proxy", raising=False)
        elsewhere = httpx.URL("http://ghe.example.invalid/api/v3")
        await ask(fast(elsewhere, trust_env=True), elsewhere)
        assert [asked.target for asked in proxy.asked] == ["http://ghe.example.invalid/api/v3"]
        with pytest.raises(httpx.ConnectError):
            await ask(fast(elsewhere, trust_env=False), elsewhere)


@pytest.mark.parametrize(
    "proxy",
    [
        *("https://proxy.example.com", "http://joe:pass@proxy.example.com"),
        httpx.Proxy("http://proxy.example.com", headers={"X-Team": "acme"}),
    ],
)
async def test_with_a_proxy_that_aiohttp_can_not_use_everything_goes_through_httpx(proxy: str | httpx.Proxy):
    assert isinstance(innermost(httpx.URL("https://x"), proxy=proxy, fast=True), PoolsTransport)


@settings(max_examples=150, deadline=None)
@given(
    path=st.lists(st.characters(codec="ascii", categories=["L", "N", "P", "S"]) | st.just("%3B")).map("".join),
    query=st.text(max_size=8),
)
@example(path="a%3Bb;c%3bd%2e%2e%7E~!$&'()*+,=:@[]|^{}", query="%3B;+%20 %2B")
@example(path="%2F..%2f/%2E%2E/.%00", query="")
async def test_paths_and_queries_arrive_byte_for_byte_as_with_httpx(path: str, query: str):
    async with serving() as server:
        url = httpx.URL(f"{server.url}/orgs/acme/packages/npm/{path}").copy_merge_params({"token": query})
        await ask(innermost(server.url), url)
        await ask(fast(server.url), url)
        slow, quick = (asked.target for asked in server.asked)
    assert quick == slow


@pytest.mark.parametrize("content", [None, b"", b"a body"])
async def test_headers_and_bodies_arrive_as_with_httpx(content: bytes | None):
    async with serving() as server:
        for transport in (innermost(server.url), fast(server.url)):
            request = httpx.Request("GET", server.url, headers=[("X-One", "1"), ("X-One", "2")], content=content)
            assert (await transport.handle_async_request(request)).status_code == 200
            await transport.aclose()
        slow, quick = (sorted(asked.raw.lower().splitlines()) for asked in server.asked)
    assert quick == slow


async def test_as_many_connections_are_opened_as_are_in_use_at_once():
    together = asyncio.Barrier(100)

    async def when_all_asked(asked: Asked) -> bytes:
        await together.wait()
        return answer()

    async with serving(when_all_asked) as server:
        async with httpx.AsyncClient(transport=fast(server.url, concurrency=100), trust_env=False) as client:
            for _ in range(5):
                await asyncio.gather(*(client.get(server.url) for _ in range(100)))
        assert server.accepted == 100


async def test_no_cookie_of_one_tenant_is_sent_for_another():
    async def give(asked: Asked) -> bytes:
        return answer(set_cookie="session=planted; Path=/")

    async with serving(give) as server:
        transport = fast(server.url)
        for _ in range(2):
            await transport.handle_async_request(httpx.Request("GET", server.url))
        await transport.aclose()
    assert "cookie" not in server.asked[1].headers


async def test_a_cancelled_request_leaves_its_place_to_the_next():
    async with (
        serving(silent) as server,
        httpx.AsyncClient(transport=fast(server.url, concurrency=1), trust_env=False) as client,
    ):
        request = asyncio.ensure_future(client.get(server.url))
        await server.was_asked.wait()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        server.give = fine
        assert (await client.get(server.url)).status_code == 200


async def test_compressed_answers_and_long_headers_are_read():
    async def give(asked: Asked) -> bytes:
        return answer(body=gzip.compress(b'{"id": 1}'), content_encoding="gzip", link="x" * 20_000)

    async with serving(give) as server:
        response = await ask(fast(server.url), server.url)
    assert response.json() == {"id": 1}
    assert len(response.headers["link"]) == 20_000


@pytest.mark.parametrize("reason", [b"Non trouv\xe9", "nicht verfügbar".encode(), b""])
async def test_a_reason_in_any_encoding_is_read(reason: bytes):
    async def give(asked: Asked) -> bytes:
        return answer(404).replace(b"Because", reason, 1)

    async with serving(give) as server:
        slow, quick = [await ask(innermost(server.url, fast=kind), server.url) for kind in (False, True)]
    assert (quick.status_code, quick.reason_phrase) == (slow.status_code, slow.reason_phrase)


async def test_the_client_uses_it_where_it_is_installed():
    async with serving() as server:
        assert isinstance(server, Server)
        async with GitHubPackages("made-up", base_url=str(server.url), trust_env=False) as github:
            await github.api.get_async_httpx_client().get("/x")
        assert server.asked[0].headers["authorization"] == "Bearer made-up"
