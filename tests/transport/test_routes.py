"""Routes: what NO_PROXY exempts, what is this machine, and which proxy is used or refused."""

import asyncio
import os
import sys
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.transport.loopback import ask, connections, innermost, serving

from ghpackages import GitHubPackages
from ghpackages.transport._routes import environment_proxy, is_exempt, is_loopback

PROXY_VARIABLES = [f"{kind}_proxy" for kind in ("http", "https", "all", "no")]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in list(os.environ):
        if name.lower() in {*PROXY_VARIABLES, "request_method"}:
            monkeypatch.delenv(name)
    return monkeypatch


# NO_PROXY --------------------------------------------------------------------------------------------

LISTED_BY_GO = (
    "foobar.com, .barbaz.net, *.wildcard.io, 192.168.1.1, 192.168.1.2:81, 192.168.1.3:80, 10.0.0.0/30, "
    "2001:db8::52:0:1, [2001:db8::52:0:2]:443, [2001:db8::52:0:3]:80, 2002:db8:a::45/64"
)


@pytest.mark.parametrize(
    ("host", "exempt"),
    [
        ("192.168.1.1", True),
        ("192.168.1.2", False),
        ("192.168.1.3", True),
        ("192.168.1.4", False),
        ("10.0.0.2", True),
        ("10.0.0.4", False),
        ("[2001:db8::52:0:1]", True),
        ("[2001:db8::52:0:2]", False),
        ("[2001:db8::52:0:3]", True),
        ("[2002:db8:a::123]", True),
        ("[fe80::424b:c8be:1643:a1b6]", False),
        ("barbaz.net", True),  # not for Go, but for curl and urllib
        ("www.barbaz.net", True),
        ("foobar.com", True),
        ("www.foobar.com", True),
        ("foofoobar.com", False),
        ("baz.com", False),
        ("localhost.net", False),
        ("barbarbaz.net", False),
        ("wildcard.io", False),
        ("nested.wildcard.io", True),
        ("awildcard.io", False),
    ],
)
def test_what_go_exempts_is_exempt(host: str, exempt: bool):
    # https://github.com/golang/net/blob/master/http/httpproxy/proxy_test.go
    assert is_exempt(httpx.URL(f"http://{host}"), LISTED_BY_GO) is exempt


@pytest.mark.parametrize(
    ("host", "no_proxy", "exempt"),
    [
        ("www.example.com", "localhost,.example.com,.example.de", True),
        ("www.example.com.", "localhost,.example.com,.example.de", True),
        ("example.com", "localhost,.example.com,.example.de", True),
        ("example.com.", "localhost,.example.com,.example.de", True),
        ("www.example.com", "localhost,.example.com.,.example.de", True),
        ("www.example.com", "localhost,www.example.com.,.example.de", True),
        ("example.com", "localhost,example.com,.example.de", True),
        ("example.com.", "localhost,example.com,.example.de", True),
        ("127.0.0.1", "127.0.0.1/28,localhost,", True),
        ("127.0.0.1", f"localhost,{'127.0.0.1.' * 12}127.0.0", False),
        ("foobar", "barfoo", False),
        ("foobar", "foobar", True),
        ("192.168.0.1", "foobar", False),
        ("192.168.0.1", "192.168.0.0/16", True),
        ("192.168.0.1", "192.168.0.0/24", True),
        ("192.168.0.1", "192.168.0.0/32", False),
        ("192.168.0.1", "192.168.0.0", False),
        ("192.168.1.1", "foo, bar, 192.168.0.0/24", False),
        ("192.168.1.1", "foo, bar, 192.168.0.0/16", True),
        ("192.168.1.1", "192.168.1.1/33", False),
        ("[::1]", "foo, bar, 192.168.0.0/16", False),
        ("[::1]", "foo, bar, ::1/64", True),
        ("[::1]", "0:0::1/129", False),
        ("[::1]", "0:0::1/128", True),
        ("[fe80::ab47:4396:55c9:8474]", "fe80::ab47:4396:55c9:8474/64", True),
        ("bar", "foo, bar, ::1/64", True),
        ("BAr", "foo,,,,,              bar, ::1/64", True),
        ("www.example.com", "www2.example.com .example.net", False),
        ("www.example.com", "www2.example.net .example.com", True),
        ("nonexample.com", ".example.com, .example.net", False),
    ],
)
def test_what_curl_exempts_is_exempt(host: str, no_proxy: str, exempt: bool):
    # https://github.com/curl/curl/blob/master/tests/unit/unit1614.c
    assert is_exempt(httpx.URL(f"https://{host}"), no_proxy) is exempt


@pytest.mark.parametrize(
    ("url", "no_proxy", "exempt"),
    [
        ("http://example.com", "http://example.com", True),
        ("https://example.com", "http://example.com", False),
        ("http://example.net", "http://example.com", False),
        ("http://www.example.com", "http://example.com", False),
        ("http://www.example.com", "http://*example.com", True),
        ("http://example.com", "http://*example.com", True),
        ("http://www.example.com", "http://*.example.com", True),
        ("http://example.com", "http://*.example.com", False),
        ("http://www.example.com", "http://.example.com", True),
        ("http://example.com:123", "http://example.com:123", True),
        ("http://example.com:456", "http://example.com:123", False),
        ("http://example.com", "http://example.com:123", False),
        ("http://example.com", "all://example.com", True),
        ("https://example.com", "ALL://EXAMPLE.com/", True),
        ("http://example.com", "http://", True),
        ("https://example.com", "http://", False),
        ("https://example.com:123", "all://", True),
        ("https://example.com", "https://*", True),
        ("https://[fd00::5]", "https://[fd00::5]", True),
        ("https://10.1.2.3", "https://10.1.2.3", True),
        ("https://10.1.2.3", "https://10.0.0.0/8", True),
        ("https://example.com", "ftp://example.com", False),
        ("https://example.com", "://example.com", False),
    ],
)
def test_what_httpx_exempts_is_exempt(url: str, no_proxy: str, exempt: bool):
    # https://github.com/encode/httpx/blob/master/tests/test_utils.py
    assert is_exempt(httpx.URL(url), no_proxy) is exempt


@pytest.mark.parametrize(
    ("url", "no_proxy", "exempt"),
    [
        ("https://example.com", "x, *", True),
        ("https://10.1.2.3", "* x", True),
        ("https://ghe.example.com", "ghe.example.com:443", True),
        ("https://ghe.example.com:8443", "ghe.example.com:443", False),
        ("https://ghe.example.com:8443", "ghe.example.com:8443", True),
        ("http://ghe.example.com", "ghe.example.com:80", True),
        ("http://ghe.example.com", "ghe.example.com:443", False),
        ("https://ghe.example.com", ".example.com:443", True),
        ("https://ghe.example.com", "*.example.com:8443", False),
        ("https://ghe.example.com", "ghe.example.com:", True),
        ("https://10.1.2.3:8443", "10.0.0.0/8:8443", True),
        ("https://10.1.2.3", "10.9.9.9/8", True),
        ("https://10.1.2.3", "10.0.0.0/255.0.0.0", True),
        ("https://10.1.2.3", ".2.3", False),
        ("https://10.1.2.3", "010.001.002.003", False),
        ("https://[fd00::5]:8080", "[fd00::5]:8080", True),
        ("https://[fd00::5]:8080", "[fd00::5]:8081", False),
        ("https://[fd00::5]:8080", "[fd00::5]", True),
        ("https://[fd00::5]:8080", "fd00:0::0005", True),
        ("https://[fd00::5]", "fd00::", False),
        ("https://[fd00::5]", "[fd00::]/8", True),
        ("https://[fd00::5]", "[fd00::/8]", True),
        ("https://[fd00::5]", "[fd00::1/8]:443", True),
        ("https://[::ffff:10.1.2.3]", "10.0.0.0/8", True),
        ("https://[::ffff:10.1.2.3]", "10.1.2.3", True),
        ("https://10.1.2.3", "::ffff:10.0.0.0/104", True),
        ("https://10.1.2.3", "::ffff:a01:203", True),
        ("https://10.1.2.3", "::/0", False),
        ("https://[fd00::5]", "0.0.0.0/0", False),
        ("https://bücher.example", "xn--bcher-kva.example", True),
        ("https://xn--bcher-kva.example", "BÜCHER.example", True),
        ("https://www.bücher.example", ".bücher.example:443", True),
        ("https://bücher.example", "bucher.example", False),
        ("https://example.com", "", False),
    ],
)
def test_all_other_forms(url: str, no_proxy: str, exempt: bool):
    assert is_exempt(httpx.URL(url), no_proxy) is exempt


MALFORMED = [
    *(
        ":443",
        ".",
        "..",
        "*.",
        "[",
        "]",
        "[]",
        "[::1",
        "::1]",
        "10.0.0.0/",
        "10.0.0.0/x",
        "10.0.0.0/33",
        "/8",
        "fd00::/129",
    ),
    *("example.com:https", "example.com:123456", f"example.com:{'4' * 5000}", f"10.0.0.0/{'8' * 5000}", "example..com"),
    *(
        "a.example.com",
        "xn--",
        "\udcff",
        "\0",
        "%",
        "a%62c",
        "http://[",
        "://",
        "//example.com",
        "é" * 100,
        "1[0.1.2.3",
    ),
]


@pytest.mark.parametrize("no_proxy", MALFORMED)
@pytest.mark.parametrize("host", ["example.com", "10.1.2.3", "[fd00::5]"])
def test_what_can_not_be_read_exempts_nothing_and_hides_nothing(no_proxy: str, host: str):
    url = httpx.URL(f"https://{host}")
    assert not is_exempt(url, no_proxy)
    assert is_exempt(url, f"{no_proxy}, {host}")


HOSTS = st.sampled_from(
    ["example.com", "www.example.com", "bücher.example", "10.1.2.3", "[fd00::5]", "[::ffff:10.1.2.3]"]
)
ENTRIES = st.one_of(
    st.sampled_from(
        ["*", "example.com", ".example.com", "*.example.com:443", "10.0.0.0/8", "[fd00::/8]:443", *MALFORMED]
    ),
    st.text(st.characters(exclude_categories=[]), max_size=20),
    st.text(".:/[]*%0123456789abcdefx-", max_size=20),
)


@given(HOSTS, st.lists(ENTRIES, max_size=4), st.sampled_from([",", " ", ", ", "\t,,"]))
def test_a_list_exempts_what_any_of_its_entries_does(host: str, entries: list[str], separator: str):
    url = httpx.URL(f"https://{host}")
    together = is_exempt(url, separator.join(entries))
    assert together is any(is_exempt(url, entry) for entry in entries)
    assert together is is_exempt(url, separator.join(reversed(entries)))


LABELS = st.text("abcxyz0129", min_size=1, max_size=5)
NAMES = st.lists(LABELS, min_size=1, max_size=3).map(".".join).map("{}.example".format)


@given(NAMES, NAMES, st.sampled_from(["{}", ".{}", "*.{}", "{}.", "{}:443"]), st.booleans())
@example("a.example", "a.example", "*.{}", False)
def test_a_name_exempts_by_whole_labels_whatever_the_case(host: str, name: str, form: str, upper: bool):
    no_proxy = form.format(name)
    is_same, is_below = host == name, host.endswith(f".{name}")
    expected = is_below or (is_same and not form.startswith("*"))
    assert is_exempt(httpx.URL(f"https://{host}"), no_proxy.upper() if upper else no_proxy) is expected
    below = httpx.URL(f"https://below.{host}.")
    assert is_exempt(below, form.format(host))


ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))


def written(address: IPv4Address | IPv6Address) -> str:
    return f"[{address}]" if address.version == 6 else str(address)


@given(ADDRESSES, st.integers(0, 128), st.integers(0), st.booleans(), st.booleans())
@example(ip_address("::ffff:10.1.2.3"), 8, 0, True, True)
def test_a_range_exempts_whoever_shares_its_first_bits(
    address: IPv4Address | IPv6Address, prefix: int, other: int, close: bool, brackets: bool
):
    bits = address.max_prefixlen
    prefix = min(prefix, bits)
    host = type(address)((int(address) ^ other % (1 << (bits - prefix))) if close else other % (1 << bits))
    shares = int(host) >> (bits - prefix) == int(address) >> (bits - prefix)
    if isinstance(address, IPv6Address) and isinstance(host, IPv6Address):
        is_mapped = (address.ipv4_mapped is not None and prefix >= 96, host.ipv4_mapped is not None)
        shares = shares and is_mapped[0] == is_mapped[1]  # mapped addresses are of IPv4
    entry = f"{written(address) if brackets else address}/{prefix}"
    assert is_exempt(httpx.URL(f"https://{written(host)}"), entry) is shares


@given(ADDRESSES, st.integers(1, 65535), st.integers(1, 65535), st.sampled_from(["http", "https"]))
@example(ip_address("fd00::5"), 443, 443, "https")
def test_a_port_exempts_that_port_only(address: IPv4Address | IPv6Address, port: int, listed: int, scheme: str):
    url = httpx.URL(f"{scheme}://{written(address)}:{port}")
    assert is_exempt(url, f"{written(address)}:{listed}") is (port == listed)
    assert is_exempt(url, f"{written(address)}:{port}")


@given(st.ip_addresses(v=4), st.booleans())
def test_an_address_is_compared_by_its_number(address: IPv4Address, mapped_host: bool):
    mapped = f"[::ffff:{address}]"
    long = IPv6Address(mapped[1:-1]).exploded
    host, entry = (mapped, str(address)) if mapped_host else (str(address), long)
    assert is_exempt(httpx.URL(f"https://{host}"), entry)


# This machine ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "a.b.localhost.",
            "127.0.0.1",
            "127.0.0.1.",
            "127.255.0.9",
        ),
        *("::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1"),
    ],
)
def test_this_machine(host: str):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "",
            ".",
            "localhost.example.com",
            "alocalhost",
            "localhost1",
            "127.0.0.1.example.com",
            "126.255.255.255",
            "128.0.0.1",
        ),
        *("::2", "::", "0.0.0.0", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "127.1", "0x7f.0.0.1", "example.com"),  # noqa: S104
    ],
)
def test_another_machine(host: str):
    assert not is_loopback(host)


@given(ADDRESSES)
def test_whether_an_address_is_of_this_machine_is_what_its_number_says(address: IPv4Address | IPv6Address):
    number = int(address)
    if address.version == 6 and number >> 32 == 0xFFFF:
        number &= 0xFFFFFFFF
    elif address.version == 6:
        assert is_loopback(str(address)) is (number == 1)
        return
    assert is_loopback(str(address)) is (number >> 24 == 127)


# The environment -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "url", "expected"),
    [
        ({"HTTPS_PROXY": "http://a.example:1"}, "https://ghe.example.com", ("http://a.example:1", "HTTPS_PROXY")),
        ({"https_proxy": "a.example:1"}, "https://ghe.example.com", ("http://a.example:1", "https_proxy")),
        ({"https_proxy": " a.example "}, "https://ghe.example.com", ("http://a.example", "https_proxy")),
        ({"https_proxy": " "}, "https://ghe.example.com", None),
        ({"ALL_PROXY": "socks5://a.example"}, "https://ghe.example.com", ("socks5://a.example", "ALL_PROXY")),
        ({"https_proxy": "a", "HTTPS_PROXY": "b"}, "https://ghe.example.com", ("http://a", "https_proxy")),
        ({"HTTP_PROXY": "a", "ALL_PROXY": "b"}, "http://ghe.example.com", ("http://a", "HTTP_PROXY")),
        ({"HTTP_PROXY": "a"}, "https://ghe.example.com", None),
        ({"HTTP_PROXY": "a", "REQUEST_METHOD": "GET"}, "http://ghe.example.com", None),  # https://httpoxy.org
        ({"ALL_PROXY": "a", "NO_PROXY": "10.0.0.0/8"}, "https://10.1.2.3", None),
        ({"ALL_PROXY": "a", "no_proxy": "10.0.0.0/8"}, "https://10.1.2.3", None),
        ({"ALL_PROXY": "a", "NO_PROXY": "*", "no_proxy": "b"}, "https://10.1.2.3", ("http://a", "ALL_PROXY")),
        ({"NO_PROXY": "*"}, "https://10.1.2.3", None),
        ({}, "https://10.1.2.3", None),
        ({"ALL_PROXY": "a"}, "https://127.0.0.1", None),
        ({"ALL_PROXY": "a"}, "https://api.localhost.", None),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="variables have no case there")
def test_the_proxy_of_the_environment(
    variables: dict[str, str], url: str, expected: tuple[str, str] | None, environment: pytest.MonkeyPatch
):
    for name, value in variables.items():
        environment.setenv(name, value)
    assert environment_proxy(httpx.URL(url)) == expected


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "api.localhost.", "[::1]", "[::ffff:127.0.0.1]"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_is_never_asked_through_a_proxy_of_the_environment(
    host: str, scheme: str, environment: pytest.MonkeyPatch
):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        environment.setenv(name, "nonsense://proxy.example.com")
    GitHubPackages("made-up-token", base_url=f"{scheme}://{host}:8080")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost.", "[::ffff:127.0.0.1]"])
def test_a_given_proxy_elsewhere_would_show_a_token_that_should_stay_on_this_machine(host: str):
    base_url = f"http://{host}:8080"
    with pytest.raises(ValueError, match=r"^proxy= .* allow_http"):
        GitHubPackages("made-up-token", base_url=base_url, proxy="http://proxy.example.com")
    GitHubPackages("made-up-token", base_url=base_url, proxy="http://proxy.example.com", allow_http=True)
    GitHubPackages("made-up-token", base_url=base_url, proxy="http://[::1]:3128")
    if "[" not in host:
        GitHubPackages("made-up-token", base_url=f"https://{host}", proxy="http://proxy.example.com")


WRONG = [
    *(
        "nonsense://user:s3cret@proxy.example.com",
        "ftp://user:s3cret@proxy.example.com",
        "socks4://user:s3cret@a.example",
    ),
    *(
        "http://user:s3cret@[::1",
        "http://user:s3cret@proxy.example.com:99999",
        "http://user:s3cret@proxy.example.com:x",
    ),
    *(
        "http://user:s3cret#@proxy.example.com",
        "http://user:s3cret/@proxy.example.com",
        "http://user:s3cret@",
        "http://",
    ),
]


@pytest.mark.parametrize("proxy", WRONG)
@pytest.mark.parametrize("source", ["proxy=", "HTTPS_PROXY", "all_proxy"])
def test_a_proxy_that_can_not_be_one_is_refused_in_one_line_that_says_where_it_comes_from(
    proxy: str, source: str, environment: pytest.MonkeyPatch
):
    options = {"proxy": proxy} if source == "proxy=" else {}
    if not options:
        environment.setenv(source, proxy)  # names have no case on Windows
    with pytest.raises(ValueError, match=f"^(?i:{source}) must be a valid URL with http://, ") as caught:
        GitHubPackages("made-up-token", **options)  # type: ignore[arg-type]
    error: BaseException | None = caught.value
    assert "\n" not in str(error)
    while error is not None:
        assert "s3cret" not in str(error)
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("proxy", ["proxy.example.com:3128", "proxy.example.com", "", 5])
def test_a_given_proxy_must_have_a_scheme(proxy: object):
    with pytest.raises(ValueError, match=r"^proxy= must be a valid URL with http://, "):
        GitHubPackages("made-up-token", proxy=proxy)  # type: ignore[arg-type]


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
@pytest.mark.parametrize("source", ["proxy=", "ALL_PROXY"])
def test_a_proxy_that_needs_a_package_which_is_missing_is_refused(
    scheme: str, source: str, environment: pytest.MonkeyPatch
):
    environment.setitem(sys.modules, "socksio", None)
    proxy = f"{scheme}://user:s3cret@proxy.example.com"
    options = {"proxy": proxy} if source == "proxy=" else {}
    environment.setenv("ALL_PROXY", proxy)
    with pytest.raises(ValueError, match=rf'^{source} .* package socksio: pip install "httpx\[socks\]"$') as caught:
        GitHubPackages("made-up-token", **options)  # type: ignore[arg-type]
    assert "s3cret" not in str(caught.value)


# IPv6 through a proxy --------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("port", [":8080", ""])
async def test_an_address_keeps_its_brackets_in_what_a_proxy_is_asked_for(method: str, fast: bool, port: str):
    async with serving() as proxy:
        base_url = httpx.URL(f"http://[fd00::5]{port}")
        for credentials in ("", "joe:pass@"):
            given = str(proxy.url).replace("//", f"//{credentials}")
            transport = innermost(base_url, proxy=given, fast=fast, allow_http=True)
            await ask(transport, base_url.join("/orgs/a%2Fb?page=2"), method)
    for asked in proxy.asked:
        assert (asked.method, asked.target) == (method, f"http://[fd00::5]{port}/orgs/a%2Fb?page=2")
        assert asked.headers["host"] == f"[fd00::5]{port}"
    assert ["proxy-authorization" in asked.headers for asked in proxy.asked] == [False, True]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("source", ["proxy=", "HTTPS_PROXY"])
def test_a_tunnel_to_an_ipv6_address_is_refused(scheme: str, source: str, environment: pytest.MonkeyPatch):
    proxy = f"{scheme}://joe:s3cret@proxy.example.com"
    environment.setenv("HTTPS_PROXY", proxy)
    options = {"proxy": proxy} if source == "proxy=" else {}
    with pytest.raises(ValueError, match=f"^{source} can't be used with https and an IPv6 address") as caught:
        GitHubPackages("made-up-token", base_url="https://[fd00::5]/api/v3", **options)  # type: ignore[arg-type]
    assert "s3cret" not in str(caught.value)
    environment.setenv("NO_PROXY", "fd00::/8")
    GitHubPackages("made-up-token", base_url="https://[fd00::5]/api/v3")


async def test_a_socks_proxy_gets_an_ipv6_address_as_its_bytes():
    pytest.importorskip("socksio", reason="httpx[socks] is not installed")
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readexactly(3))
        writer.write(b"\x05\x00")
        asked.append(await reader.readexactly(4 + 16 + 2))
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        asked.append((await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")[0])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        base_url = httpx.URL("http://[fd00::5]:8080")
        transport = connections(
            base_url, proxy=f"socks5://127.0.0.1:{port}", verify=True, trust_env=False, allow_http=True
        )
        await ask(transport, base_url.join("/orgs"))
    assert asked[1] == b"\x05\x01\x00\x04" + IPv6Address("fd00::5").packed + (8080).to_bytes(2, "big")
    assert asked[2] == b"GET /orgs HTTP/1.1"
