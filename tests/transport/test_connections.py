"""Connections: how many, through which proxy, with whose certificates, how long."""

import asyncio
import ssl
import sys

import httpx
import pytest
import trustme
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.core.wire import Recorder
from tests.transport.loopback import Asked, answer, ask, fine, innermost, reset, serving, silent, truncated

from ghpackages import GitHubPackages
from ghpackages.transport import LateTransport
from ghpackages.transport._connections import PoolsTransport


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server_side(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def client_side(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def opened(concurrency: int, transport_of: object, rounds: int = 6) -> int:
    """How many connections are opened when so many tasks ask so often, all at once each time."""
    together = asyncio.Barrier(concurrency)

    async def when_all_asked(asked: Asked) -> bytes:
        await together.wait()
        return answer()

    async with serving(when_all_asked) as server:
        transport = transport_of(server.url)  # type: ignore[operator]
        async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=30) as client:

            async def task() -> None:
                for _ in range(rounds):
                    (await client.get(server.url)).raise_for_status()

            await asyncio.gather(*(task() for _ in range(concurrency)))
        assert len(server.asked) == concurrency * rounds
        return server.accepted


@pytest.mark.parametrize("concurrency", [1, 7, 16, 20, 32, 64, 100])
async def test_as_many_connections_are_opened_as_are_in_use_at_once(concurrency: int):
    assert await opened(concurrency, lambda url: innermost(url, concurrency=concurrency)) == concurrency


async def test_the_pool_of_httpx_opens_more():
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
    assert await opened(64, lambda url: httpx.AsyncHTTPTransport(limits=limits, trust_env=False)) > 2 * 64


async def test_one_after_the_other_needs_one_connection():
    async with serving() as server, httpx.AsyncClient(transport=innermost(server.url), trust_env=False) as client:
        for _ in range(20):
            await client.get(server.url)
        assert server.accepted == 1


async def test_more_requests_than_there_may_be_at_once_wait_and_share_the_connections_evenly():
    async with serving() as server:
        transport = innermost(server.url, concurrency=4)
        async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
            await asyncio.gather(*(client.get(server.url) for _ in range(30)))
        assert server.accepted == 4


@pytest.mark.parametrize("trouble", [reset, truncated, silent, "cancel", "unsent"])
async def test_whatever_happens_to_a_request_its_place_is_free_again(trouble: object):
    give = silent if isinstance(trouble, str) else trouble
    async with serving(give) as server:  # type: ignore[arg-type]
        transport = innermost(server.url)
        assert isinstance(transport, PoolsTransport)
        async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=0.05) as client:
            if trouble == "cancel":
                request = asyncio.ensure_future(client.get(server.url, timeout=10))
                await server.was_asked.wait()
                assert len(transport._free) == 15
                request.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await request
            else:
                url = "http://127.0.0.1:1" if trouble == "unsent" else server.url
                with pytest.raises(httpx.TransportError):
                    await client.get(url)
            assert len(transport._free) == 16
            server.give = fine
            assert (await client.get(server.url, timeout=10)).status_code == 200


async def test_a_silent_server_is_a_timeout():
    async with serving(silent) as server:
        with pytest.raises(httpx.ReadTimeout):
            await ask(innermost(server.url), server.url, seconds=0.05)


async def test_the_timeout_of_the_client_reaches_the_wire():
    async with (
        serving(silent) as server,
        GitHubPackages("made-up-token", base_url=str(server.url), timeout=0.05) as github,
    ):
        http = github.api.get_async_httpx_client()
        with pytest.raises(httpx.ReadTimeout):
            await http.request("PATCH", "/")


async def test_certificates_are_verified(server_side: ssl.SSLContext):
    async with serving(tls=server_side) as server:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await ask(innermost(server.url), server.url)
        assert server.asked == []


async def test_own_certificates_can_be_given(server_side: ssl.SSLContext, client_side: ssl.SSLContext):
    async with serving(tls=server_side) as server:
        response = await ask(innermost(server.url, verify=client_side), server.url)
        assert response.status_code == 200


async def test_own_certificates_are_taken_from_the_environment_if_it_is_trusted(
    server_side: ssl.SSLContext, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
):
    with authority.cert_pem.tempfile() as path:
        monkeypatch.setenv("SSL_CERT_FILE", path)
        async with serving(tls=server_side) as server:
            assert (await ask(innermost(server.url, trust_env=True), server.url)).status_code == 200
            with pytest.raises(httpx.ConnectError):
                await ask(innermost(server.url, trust_env=False), server.url)


async def test_verification_can_be_turned_off(server_side: ssl.SSLContext):
    async with serving(tls=server_side) as server:
        assert (await ask(innermost(server.url, verify=False), server.url)).status_code == 200


def test_certificates_that_can_not_be_read_are_refused_before_any_request(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    with pytest.raises(FileNotFoundError):
        GitHubPackages("made-up-token", base_url="https://127.0.0.1")


def test_a_proxy_that_needs_a_package_which_is_missing_is_refused_before_any_request(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "socksio", None)
    with pytest.raises(ImportError, match="socksio"):
        GitHubPackages("made-up-token", base_url="https://127.0.0.1", proxy="socks5://127.0.0.1:1")


async def test_for_plain_http_no_certificate_is_trusted(
    authority: trustme.CA, server_side: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
):
    with authority.cert_pem.tempfile() as path:
        monkeypatch.setenv("SSL_CERT_FILE", path)
        async with serving(tls=server_side) as server:
            transport = innermost(server.url.copy_with(scheme="http"), trust_env=True)
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await ask(transport, server.url)


async def test_connections_are_made_with_the_first_request_and_closed_if_they_were_made():
    made: list[Recorder] = []

    def make() -> Recorder:
        made.append(Recorder(lambda _: httpx.Response(204)))
        return made[-1]

    transport = LateTransport(make)
    await LateTransport(make).aclose()
    assert made == []
    for _ in range(2):
        await transport.handle_async_request(httpx.Request("GET", "https://127.0.0.1"))
    assert [each.closed for each in made] == [False]
    await transport.aclose()
    assert [each.closed for each in made] == [True]


async def test_all_pools_share_the_certificates(client_side: ssl.SSLContext):
    transport = innermost(httpx.URL("https://127.0.0.1"), verify=client_side, concurrency=100)
    assert isinstance(transport, PoolsTransport)
    assert len(transport._pools) == 100
    assert {pool._transport._pool._ssl_context for pool in transport._pools} == {client_side}


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_https_goes_through_a_proxy_that_sees_neither_path_nor_token(
    method: str, server_side: ssl.SSLContext, client_side: ssl.SSLContext
):
    async with serving(tls=server_side) as server, serving() as proxy:
        transport = innermost(server.url, verify=client_side, proxy=f"http://joe:pass@127.0.0.1:{proxy.port}")
        assert (await ask(transport, server.url.join("/orgs/acme"), method)).status_code == 200
        assert [(asked.method, asked.target) for asked in server.asked] == [(method, "/orgs/acme")]
        assert [(asked.method, asked.target) for asked in proxy.asked] == [("CONNECT", f"127.0.0.1:{server.port}")]
        assert proxy.asked[0].headers["proxy-authorization"].startswith("Basic ")
        assert "proxy-authorization" not in server.asked[0].headers


async def test_the_proxy_of_the_environment_is_used_if_it_is_trusted(monkeypatch: pytest.MonkeyPatch):
    async with serving() as proxy:
        monkeypatch.setenv("http_proxy", str(proxy.url))
        monkeypatch.delenv("no_proxy", raising=False)
        elsewhere = httpx.URL("http://ghe.example.com/api/v3")
        await ask(innermost(elsewhere, trust_env=True), elsewhere)
        assert [asked.target for asked in proxy.asked] == ["http://ghe.example.com/api/v3"]
        with pytest.raises(httpx.TransportError):
            await ask(innermost(proxy.url.join("http://127.0.0.1:1"), trust_env=False), httpx.URL("http://127.0.0.1:1"))
        assert len(proxy.asked) == 1


@pytest.mark.parametrize("method", ["DELETE", "POST"])
async def test_changes_have_no_body_on_the_wire(method: str):
    async with serving() as server, GitHubPackages("made-up-token", base_url=str(server.url)) as github:
        server.give = _no_content
        owner = github.org("acme")
        if method == "DELETE":
            await owner.delete_package("npm", "left-pad")
        else:
            await owner.restore_package("npm", "left-pad")
        (asked,) = server.asked
        assert asked.method == method
        assert asked.headers.get("content-length", "0") == "0"
        assert not {"transfer-encoding", "content-type"} & asked.headers.keys()
        assert server.accepted == 1


async def _no_content(asked: Asked) -> bytes:
    return b"HTTP/1.1 204 No Content\r\n\r\n"


async def test_opentelemetry_sees_every_attempt():
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    try:
        async with serving() as server:
            transport = innermost(server.url)
            async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
                await client.get(server.url)
                server.give = reset
                with pytest.raises(httpx.TransportError):
                    await client.delete(server.url)
    finally:
        instrumentor.uninstrument()
    spans = exporter.get_finished_spans()
    assert [span.name for span in spans] == ["GET", "DELETE"]
    assert [span.status.is_ok for span in spans] == [True, False]
    assert "authorization" not in str([dict(span.attributes or {}) for span in spans]).lower()
