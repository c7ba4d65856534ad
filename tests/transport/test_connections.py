"""Connections: how many, through which proxy, with whose certificates, how long."""

import asyncio
import os
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
import trustme
from hypothesis import example, given, settings
from hypothesis import strategies as st
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.core.wire import Recorder
from tests.transport.interruptions import Call, delete, get, prompt, until
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

from ghpackages import APIConnectionError, GitHubPackages, GitHubPackagesError, count_requests
from ghpackages.transport import LateTransport
from ghpackages.transport._connections import PoolsTransport
from ghpackages_runtime.errors import connection_error


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


@settings(max_examples=40, deadline=None)
@given(
    answers=st.lists(st.sampled_from([prompt, hang_up, reset, truncated]), max_size=8),
    calls=st.lists(st.sampled_from([get, delete]), min_size=2, max_size=8),
)
@example(answers=[prompt, hang_up], calls=[get, get])
async def test_each_request_is_sent_once_and_counted(answers: list[Answer], calls: list[Call]):
    async def give(asked: Asked) -> bytes | None:
        return await (left.pop(0) if left else prompt)(asked)

    left = answers[:]
    async with serving(give) as server:
        options = {"base_url": str(server.url), "trust_env": False, "retries": 0, "points_per_minute": None}
        async with GitHubPackages("made-up-token", **options) as github:  # type: ignore[arg-type]
            with count_requests() as count:
                for call in calls:
                    with suppress(GitHubPackagesError):
                        await call(github)
    assert [asked.method for asked in server.asked] == [call.__name__.upper() for call in calls]
    assert count.requests == len(calls)


async def test_each_repetition_is_counted():
    async with (
        serving(prompt) as server,
        GitHubPackages("made-up-token", base_url=str(server.url), trust_env=False, retries=1) as github,
    ):
        await get(github)
        server.give = hang_up
        with count_requests() as count, pytest.raises(APIConnectionError):
            await get(github)
    assert len(server.asked) - 1 == count.requests == 2


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


@pytest.fixture
def certificates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str | None], Path]:
    """Names a path in a variable: of a file with a content, or of nothing."""

    def name(variable: str, content: str | None) -> Path:
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        monkeypatch.delenv("SSL_CERT_DIR", raising=False)
        path = tmp_path / "certificates"
        if content is not None:
            path.write_text(content)
        monkeypatch.setenv(variable, str(path))
        return path

    return name


def refused() -> str:
    with pytest.raises(ValueError, match=r"^SSL_CERT_") as caught:
        GitHubPackages("made-up-token", base_url="https://ghe.example.com")
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "No such file or directory"),
        ("", "no valid certificate in it"),
        ("no certificate", "no valid certificate in it"),
        ("-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n", "no valid certificate in it"),
    ],
)
def test_a_file_of_certificates_that_is_none_is_refused_by_its_variable(
    content: str | None, problem: str, certificates: Callable[[str, str | None], Path]
):
    path = certificates("SSL_CERT_FILE", content)
    assert refused() == f"SSL_CERT_FILE={path} can't be used: {problem}"


def test_a_folder_is_no_file_of_certificates(certificates: Callable[[str, str | None], Path]):
    path = certificates("SSL_CERT_FILE", None)
    path.mkdir()
    assert refused().startswith(f"SSL_CERT_FILE={path} can't be used: ")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user may read everything")
def test_a_file_of_certificates_that_may_not_be_read_is_refused(certificates: Callable[[str, str | None], Path]):
    path = certificates("SSL_CERT_FILE", "")
    path.chmod(0)
    assert refused() == f"SSL_CERT_FILE={path} can't be used: Permission denied"


@pytest.mark.parametrize("content", [None, "no folder"])
def test_a_folder_of_certificates_that_is_none_is_refused(
    content: str | None, certificates: Callable[[str, str | None], Path]
):
    path = certificates("SSL_CERT_DIR", content)
    assert refused() == f"SSL_CERT_DIR={path} is not a directory"


def test_one_of_several_folders_of_certificates_is_enough(
    certificates: Callable[[str, str | None], Path], monkeypatch: pytest.MonkeyPatch
):
    path = certificates("SSL_CERT_DIR", None)
    monkeypatch.setenv("SSL_CERT_DIR", f"{path}{os.pathsep}{path.parent}")
    GitHubPackages("made-up-token", base_url="https://ghe.example.com")


def test_certificates_do_not_matter_where_they_are_not_used(certificates: Callable[[str, str | None], Path]):
    certificates("SSL_CERT_FILE", None)
    GitHubPackages("made-up-token", base_url="http://127.0.0.1")
    GitHubPackages("made-up-token", base_url="https://ghe.example.com", trust_env=False)
    GitHubPackages("made-up-token", base_url="https://ghe.example.com", verify=False)
    GitHubPackages("made-up-token", base_url="https://ghe.example.com", verify=ssl.create_default_context())


@pytest.mark.parametrize("verify", ["certificates.pem", None, 1, Path("certificates.pem")])
def test_verify_is_no_path(verify: object):
    with pytest.raises(ValueError, match=r"^verify must be .* pass ssl\.create_default_context\(cafile=\.\.\.\)$"):
        GitHubPackages("made-up-token", verify=verify)  # type: ignore[arg-type]


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


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize(
    "head",
    [
        b"\x16\x03\x01 no http at all\r\n\r\n",
        b"<html>\n<body>\r\n\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\na\x00b: c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnot a size\r\n",
    ],
)
async def test_garbage_instead_of_an_answer_is_an_error_of_one_line(fast: bool, method: str, head: bytes):
    async def give(asked: Asked) -> bytes:
        return head

    async with serving(give) as server:
        transport = innermost(server.url, fast=fast)
        with pytest.raises(httpx.TransportError) as caught:
            await ask(transport, server.url, method)
    error = connection_error(method, str(server.url), caught.value)
    assert len(str(error).splitlines()) == 1
    assert str(error) == " ".join(str(error).split())


RECORDS = {
    "of nonsense": b"\x17\x03\x03\x00\x20" + b"A" * 32,
    "of another protocol": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "that are an alert": b"\x15\x03\x03\x00\x02\x02\x28",
}


@asynccontextmanager
async def corrupting(server: Server, record: bytes, times: int) -> AsyncIterator[httpx.URL]:
    """A way to a server of TLS on which so many answers are lost and others come instead."""

    forwarding: list[asyncio.Task[None] | None] = []

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        forwarding.append(asyncio.current_task())
        there, to_there = await asyncio.open_connection("127.0.0.1", server.port)

        async def answers() -> None:
            before = len(server.asked)
            while data := await there.read(65536):
                writer.write(record if before < len(server.asked) <= times else data)

        answering = asyncio.create_task(answers())
        while data := await reader.read(65536):
            to_there.write(data)
        to_there.close()
        writer.close()
        await answering

    front = await asyncio.start_server(forward, "127.0.0.1")
    async with front:
        yield httpx.URL(f"https://127.0.0.1:{front.sockets[0].getsockname()[1]}")
        await until(lambda: all(task and task.done() for task in forwarding), "connected")


@pytest.mark.parametrize("call", [get, delete])
@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
async def test_tls_that_breaks_after_the_handshake_is_one_of_our_errors_of_one_line(
    record: bytes, call: Call, server_side: ssl.SSLContext, client_side: ssl.SSLContext
):
    async with serving(prompt, tls=server_side) as server, corrupting(server, record, 1) as url:
        options = {"base_url": str(url), "trust_env": False, "verify": client_side, "retries": 0}
        async with GitHubPackages("made-up-token", **options) as github:  # type: ignore[arg-type]
            with pytest.raises(APIConnectionError) as caught:
                await call(github)
    assert len(str(caught.value).splitlines()) == 1
    assert len(server.asked) == 1


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
async def test_what_was_lost_as_tls_broke_is_read_again(
    record: bytes, server_side: ssl.SSLContext, client_side: ssl.SSLContext
):
    async with serving(prompt, tls=server_side) as server, corrupting(server, record, 1) as url:
        options = {"base_url": str(url), "trust_env": False, "verify": client_side, "retries": 1}
        async with GitHubPackages("made-up-token", **options) as github:  # type: ignore[arg-type]
            await get(github)
    assert len(server.asked) == 2


ODD_HOSTS = [f"{'a' * 64}.invalid", f"{'a.' * 130}invalid", "api..invalid", ".invalid", "-.invalid", "x_y.invalid:1"]


@pytest.mark.parametrize("call", [get, delete])
@pytest.mark.parametrize("host", ODD_HOSTS)
async def test_a_host_that_no_name_can_have_is_an_error_of_one_line(host: str, call: Call):
    async with GitHubPackages("made-up-token", base_url=f"https://{host}", trust_env=False, retries=0) as github:
        with pytest.raises(APIConnectionError) as caught:
            await call(github)
    assert len(str(caught.value).splitlines()) == 1


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
