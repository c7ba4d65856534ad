"""Who asks, where, with which token, and what is sent with every request."""

import ssl

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.core.wire import Recorder, client, package, pages_of

from ghpackages import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    AuthenticationError,
    DecodeError,
    GitHubPackages,
    __version__,
)
from ghpackages.transport import Credentials
from ghpackages_api.api.packages import get_package_for_org

HTML = "<!DOCTYPE html><html><body>Sign in to your account</body></html>"


def one_package(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=package(1))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in (
        *("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GITHUB_API_URL"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    ):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


async def sent_token(**options: object) -> str | None:
    server = Recorder(one_package)
    async with GitHubPackages(transport=server, **options) as github:
        await github.org("acme").get_package("npm", "left-pad")
    return server.requests[0].headers.get("authorization")


async def test_every_request_names_the_client_the_media_type_and_the_api_version():
    server = Recorder(one_package)
    async with client(server) as github:
        await github.org("acme").get_package("npm", "left-pad")
    headers = server.requests[0].headers
    assert headers["user-agent"] == f"ghpackages/{__version__}"
    assert headers["accept"] == "application/vnd.github+json"
    assert headers["x-github-api-version"] == "2022-11-28"
    assert headers["authorization"] == "Bearer made-up-token"


async def test_user_agent_and_api_version_can_be_chosen():
    server = Recorder(one_package)
    async with client(server, user_agent="acme-cleaner/2", api_version="2026-03-10") as github:
        await github.org("acme").get_package("npm", "left-pad")
    headers = server.requests[0].headers
    assert headers["user-agent"] == f"acme-cleaner/2 ghpackages/{__version__}"
    assert headers["x-github-api-version"] == "2026-03-10"


async def test_changes_are_sent_without_a_body():
    server = Recorder(lambda request: httpx.Response(204))
    async with client(server) as github:
        owner = github.org("acme")
        await owner.delete_package("npm", "left-pad")
        await owner.restore_package("npm", "left-pad")
        await owner.delete_version("npm", "left-pad", 1)
        await owner.restore_version("npm", "left-pad", 1)
    assert [request.method for request in server.requests] == ["DELETE", "POST", "DELETE", "POST"]
    for request in server.requests:
        assert await request.aread() == b""
        assert "content-type" not in request.headers
        assert request.headers.get("content-length", "0") == "0"


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://api.github.com", "https://api.github.com/orgs/acme/packages/npm/left-pad"),
        ("https://api.github.com/", "https://api.github.com/orgs/acme/packages/npm/left-pad"),
        ("https://ghe.example.com/api/v3", "https://ghe.example.com/api/v3/orgs/acme/packages/npm/left-pad"),
        ("https://ghe.example.com/api/v3//", "https://ghe.example.com/api/v3/orgs/acme/packages/npm/left-pad"),
        ("https://api.octocorp.ghe.com/ ", "https://api.octocorp.ghe.com/orgs/acme/packages/npm/left-pad"),
    ],
)
async def test_trailing_slashes_in_base_url_are_tolerated(base_url: str, expected: str):
    server = Recorder(one_package)
    async with client(server, base_url=base_url) as github:
        await github.org("acme").get_package("npm", "left-pad")
    assert str(server.requests[0].url) == expected


@pytest.mark.parametrize(
    "base_url",
    [
        *("api.github.com", "ftp://api.github.com", "https://", "http://ghe.example.com/api/v3", "https://[::1"),
        *("https://user:secret@ghe.example.com", "https://ghe.example.com/?x=1", "https://ghe.example.com/#x"),
        *(
            "ftp://user:secret@x",
            "https://user:secret@[::1",
            "https://ghe.example.com:99999",
            "http://localhost.example",
        ),
    ],
)
def test_a_base_url_that_can_not_be_one_is_refused(base_url: str):
    with pytest.raises(ValueError, match="base_url") as caught:
        GitHubPackages("made-up-token", base_url=base_url)
    assert "secret" not in str(caught.value)


ODD = st.text("a1.:/*[]%@-_?#\\é²☃x n\t", min_size=1, max_size=9)
PUNYCODE = st.from_regex(r"xn--[a-z0-9-]{1,5}\.a", fullmatch=True)


@settings(max_examples=300)
@given(ODD | PUNYCODE, st.sampled_from([("base_url", "https"), *(("proxy", each) for each in ("http", "socks5"))]))
@example("xn--a.com", ("base_url", "https"))
@example("xn--a.com", ("proxy", "http"))
def test_an_odd_host_is_accepted_or_refused_in_one_line(host: str, given_as: tuple[str, str]):
    option, scheme = given_as
    refused = None
    try:
        GitHubPackages("made-up-token", trust_env=False, **{option: f"{scheme}://{host}"})  # type: ignore[arg-type]
    except ValueError as error:
        refused = error
    if refused is not None:
        assert type(refused) is ValueError
        assert str(refused).startswith(option)
        assert len(str(refused).splitlines()) == 1


@pytest.mark.parametrize(
    "base_url",
    [
        *(
            "http://127.0.0.1:8080",
            "http://localhost:8080",
            "http://[::1]:8080",
            "http://127.9.9.9",
            "http://a.localhost",
        ),
        *("http://localhost.:8080", "http://[::ffff:127.0.0.1]:8080"),
    ],
)
async def test_plain_http_is_fine_on_this_machine(base_url: str):
    assert repr(client(Recorder(one_package), base_url=base_url)) == f"GitHubPackages(base_url={base_url!r})"


async def test_plain_http_elsewhere_must_be_allowed():
    github = client(Recorder(one_package), base_url="http://ghe.example.com/api/v3", allow_http=True)
    assert "ghe.example.com" in repr(github)


@pytest.mark.parametrize("response", [httpx.Response(200, html=HTML), httpx.Response(404, html=HTML)])
async def test_a_web_page_instead_of_an_answer_suggests_api_v3(response: httpx.Response):
    async with client(Recorder(lambda request: response), base_url="https://ghe.example.com") as github:
        with pytest.raises((DecodeError, APIError), match="/api/v3"):
            await github.org("acme").get_package("npm", "left-pad")


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize(
    ("base_url", "right"),
    [
        ("https://acme.ghe.com", "https://api.acme.ghe.com"),
        ("https://acme.ghe.com/api/v3", "https://api.acme.ghe.com"),
        ("https://containers.acme.ghe.com", "https://api.acme.ghe.com"),
        ("https://github.com", "https://api.github.com"),
        ("https://www.github.com/api/v3", "https://api.github.com"),
    ],
)
async def test_a_web_page_of_another_host_of_github_suggests_its_api(base_url: str, right: str, status: int):
    response = httpx.Response(status, html=HTML)
    async with client(Recorder(lambda request: response), base_url=base_url) as github:
        with pytest.raises((DecodeError, APIError), match=f"base_url must be {right}") as caught:
            await github.org("acme").get_package("npm", "left-pad")
    assert "ends with /api/v3" not in str(caught.value)


@pytest.mark.parametrize("base_url", ["https://api.acme.ghe.com", "https://ghe.example.com/api/v3"])
async def test_a_web_page_of_an_api_suggests_nothing(base_url: str):
    async with client(Recorder(lambda request: httpx.Response(200, html=HTML)), base_url=base_url) as github:
        with pytest.raises(DecodeError) as caught:
            await github.org("acme").get_package("npm", "left-pad")
    assert "base_url" not in str(caught.value)


async def test_a_web_page_of_github_itself_does_not_suggest_api_v3():
    async with client(Recorder(lambda request: httpx.Response(503, html=HTML))) as github:
        with pytest.raises(APIError, match="answered 503") as caught:
            await github.org("acme").get_package("npm", "left-pad")
    assert "/api/v3" not in str(caught.value)
    assert "html" not in str(caught.value)


async def test_the_token_comes_from_the_environment(environment: pytest.MonkeyPatch):
    assert await sent_token() is None
    environment.setenv("GITHUB_TOKEN", "second")
    assert await sent_token() == "Bearer second"
    environment.setenv("GH_TOKEN", "first")
    assert await sent_token() == "Bearer first"
    assert await sent_token(token=None) is None
    assert await sent_token(trust_env=False) is None
    assert await sent_token(token="given") == "Bearer given"
    environment.setenv("GH_TOKEN", "")
    assert await sent_token() == "Bearer second"


NAMED = "https://ghe.example.com:8443/api/v3"


@pytest.mark.parametrize(
    ("named", "base_url", "origins"),
    [
        ("", "https://ghe.example.com/api/v3", ("https://api.github.com", "https://ghe.example.com")),
        ("", "https://api.github.com:8443", ("https://api.github.com", "https://api.github.com:8443")),
        (NAMED, "http://ghe.example.com:8443", ("https://ghe.example.com:8443", "http://ghe.example.com:8443")),
        (NAMED, "https://ghe.example.com", ("https://ghe.example.com:8443", "https://ghe.example.com")),
        (NAMED, "https://ghe.example.com:8444", ("https://ghe.example.com:8443", "https://ghe.example.com:8444")),
        (NAMED, "https://example.com:8443", ("https://ghe.example.com:8443", "https://example.com:8443")),
    ],
)
@pytest.mark.parametrize("variable", ["GH_TOKEN", "GITHUB_TOKEN"])
async def test_a_token_of_the_environment_stays_with_the_origin_that_the_environment_names(
    named: str, base_url: str, origins: tuple[str, str], variable: str, environment: pytest.MonkeyPatch
):
    environment.setenv(variable, "planted-marker")
    environment.setenv("GITHUB_API_URL", named)
    with pytest.raises(ValueError, match="environment's token") as caught:
        await sent_token(base_url=base_url, allow_http=True)
    assert f"belongs to {origins[0]} and is not sent to {origins[1]}: " in str(caught.value)
    assert "planted-marker" not in str(caught.value)


@pytest.mark.parametrize(
    ("named", "base_url"),
    [
        ("https://ghe.example.com/api/v3/", "https://GHE.example.com:443/api/v3"),
        ("https://ghe.example.com:443", "https://ghe.example.com/api/v3"),
        (NAMED, f"{NAMED}/"),
        (NAMED, None),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("", "https://api.github.com:443/"),
    ],
)
async def test_a_token_of_the_environment_goes_to_the_origin_that_the_environment_names(
    named: str, base_url: str | None, environment: pytest.MonkeyPatch
):
    environment.setenv("GH_TOKEN", "first")
    environment.setenv("GH_ENTERPRISE_TOKEN", "enterprise")
    environment.setenv("GITHUB_API_URL", named)
    assert await sent_token(base_url=base_url) == "Bearer first"


@pytest.mark.parametrize("variable", ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"])
@pytest.mark.parametrize(
    ("named", "base_url"),
    [("", NAMED), (NAMED, None), (NAMED, "https://other.example.com"), ("", "https://api.acme.ghe.com")],
)
async def test_the_enterprise_token_goes_to_enterprise_servers(
    variable: str, named: str, base_url: str | None, environment: pytest.MonkeyPatch
):
    environment.setenv(variable, "enterprise")
    environment.setenv("GITHUB_API_URL", named)
    assert await sent_token(base_url=base_url) == "Bearer enterprise"
    assert await sent_token(base_url=base_url, trust_env=False) is None
    if named != NAMED or base_url:
        environment.setenv("GH_TOKEN", "of another server")
        assert await sent_token(base_url=base_url) == "Bearer enterprise"


async def test_the_first_name_of_the_enterprise_token_goes_before_the_second(environment: pytest.MonkeyPatch):
    environment.setenv("GITHUB_ENTERPRISE_TOKEN", "second")
    environment.setenv("GH_ENTERPRISE_TOKEN", "first")
    assert await sent_token(base_url=NAMED) == "Bearer first"


@pytest.mark.parametrize("variable", ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"])
@pytest.mark.parametrize(
    "base_url",
    ["https://api.github.com", "https://github.com", "https://uploads.GitHub.com", "https://api.github.com.:8443"],
)
async def test_the_enterprise_token_never_goes_to_github(variable: str, base_url: str, environment: pytest.MonkeyPatch):
    environment.setenv(variable, "planted-marker")
    assert await sent_token(base_url=base_url) is None
    environment.setenv("GITHUB_API_URL", base_url)
    assert await sent_token() is None
    environment.setenv("GITHUB_API_URL", NAMED)
    environment.setenv("GH_TOKEN", "planted-marker-2")
    with pytest.raises(ValueError, match="unset GITHUB_API_URL, or pass token=") as caught:
        await sent_token(base_url=base_url)
    assert "ENTERPRISE_TOKEN" not in str(caught.value)
    assert "planted-marker" not in str(caught.value)


async def test_a_host_that_only_looks_like_github_is_an_enterprise_server(environment: pytest.MonkeyPatch):
    environment.setenv("GH_ENTERPRISE_TOKEN", "enterprise")
    for host in ("notgithub.com", "github.com.example.com", "github.example.com"):
        assert await sent_token(base_url=f"https://{host}") == "Bearer enterprise"


@pytest.mark.parametrize(
    "named",
    [
        *(
            "nonsense",
            "ftp://ghe.example.com",
            "https://",
            "https://[::1",
            "https://ghe.example.com:99999",
            "http://a.example",
        ),
        *(
            "https://user:s3cret@ghe.example.com",
            "https://user:s3cret@[::1",
            "ftp://user:s3cret@x",
            "https://a.example/?x=1",
        ),
    ],
)
def test_an_invalid_base_url_of_the_environment_is_refused_by_the_name_of_the_variable(
    named: str, environment: pytest.MonkeyPatch
):
    environment.setenv("GITHUB_API_URL", named)
    environment.setenv("GH_TOKEN", "planted-marker")
    with pytest.raises(ValueError, match=r"^GITHUB_API_URL") as caught:
        GitHubPackages()
    assert "base_url" not in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "planted-marker" not in str(caught.value)
    if named != "http://a.example":
        with pytest.raises(ValueError, match=r"^GITHUB_API_URL"):
            GitHubPackages(base_url="https://ghe.example.com")


async def test_a_token_may_be_given_by_an_async_callable():
    tokens = iter(["one", "two"])

    async def source() -> str:
        return next(tokens)

    server = Recorder(one_package)
    async with client(server, token=source) as github:
        await github.org("acme").get_package("npm", "left-pad")
        await github.org("acme").get_package("npm", "left-pad")
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer one", "Bearer two"]


@pytest.mark.parametrize("token", ["", "with space", "line\n", "tök"])
def test_a_token_that_no_header_can_carry_is_refused_without_showing_it(token: str):
    with pytest.raises(ValueError, match="token") as caught:
        GitHubPackages(token)
    assert not token or token not in str(caught.value)


def test_no_shape_of_token_is_asked_for():
    GitHubPackages("ghs_" + "a.b-c_" * 86)


async def test_no_repr_shows_the_token():
    github = client(Recorder(one_package), token="planted-marker")
    await github.org("acme").get_package("npm", "left-pad")
    credentials = Credentials("planted-marker", httpx.URL("https://x"))
    http = github.api.get_async_httpx_client()
    for thing in (
        github,
        github.api,
        github.org("acme"),
        github.org("acme").packages(),
        http,
        http.headers,
        credentials,
    ):
        assert "planted-marker" not in repr(thing)
        assert "planted-marker" not in str(thing)


async def test_the_request_that_errors_carry_has_no_token():
    async with client(Recorder(lambda request: httpx.Response(401, json={"message": "Bad credentials"}))) as github:
        with pytest.raises(AuthenticationError) as caught:
            await github.org("acme").get_package("npm", "left-pad")
    assert "authorization" not in caught.value.response.request.headers


CONTROLS = [chr(number) for number in (*range(32), 127, 128, 0x85, 0x9F, 0x2028, 0x200B)]


@pytest.mark.parametrize("option", ["user_agent", "api_version", "base_url", "GITHUB_API_URL"])
@pytest.mark.parametrize("control", CONTROLS, ids=ascii)
def test_control_characters_are_refused_when_a_client_is_made(
    option: str, control: str, environment: pytest.MonkeyPatch
):
    usual = {"user_agent": "acme/1", "api_version": "2022-11-28"}.get(option, "https://ghe.example.com/api/v3")
    for value in (f"{usual}{control}", f"{control}{usual}", f"{usual[:9]}{control}{usual[9:]}"):
        if option == "GITHUB_API_URL":
            if control == "\0":  # no variable can have it
                return
            environment.setenv(option, value)
            options = {}
        else:
            options = {option: value}
        with pytest.raises(ValueError, match=option):
            GitHubPackages("t", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", " ", "ä", "1 ", " 1"])
def test_an_api_version_that_no_header_can_carry_is_refused(value: str):
    with pytest.raises(ValueError, match="api_version"):
        GitHubPackages("t", api_version=value)


@pytest.mark.parametrize("port", [0, 65536, 70000, 99999, 10**9])
def test_a_port_that_can_not_be_is_refused(port: int, environment: pytest.MonkeyPatch):
    for options in ({"base_url": f"https://ghe.example.com:{port}"}, {"proxy": f"http://127.0.0.1:{port}"}):
        with pytest.raises(ValueError, match="valid URL"):
            GitHubPackages("t", **options)  # type: ignore[arg-type]
    environment.setenv("GITHUB_API_URL", f"https://ghe.example.com:{port}")
    with pytest.raises(ValueError, match="GITHUB_API_URL"):
        GitHubPackages("t")


@pytest.mark.parametrize("path", ["..", ".", "api/../v3", "%2e%2E/x", "a/%2e", ".%2e"])
def test_a_base_url_that_leads_elsewhere_is_refused(path: str):
    with pytest.raises(ValueError, match=r"base_url.* must not contain '\.'"):
        GitHubPackages("t", base_url=f"https://ghe.example.com/{path}")
    GitHubPackages("t", base_url="https://ghe.example.com/...a/.b/c..")


@pytest.mark.parametrize("end", ["?", "#", "/?", "?#", "/..?"])
def test_a_base_url_with_an_empty_query_or_fragment_is_refused(end: str):
    with pytest.raises(ValueError, match="base_url"):
        GitHubPackages("t", base_url=f"https://ghe.example.com/api{end}")


async def test_gzip_is_all_that_is_asked_for():
    server = Recorder(one_package)
    async with client(server) as github:
        await github.org("acme").get_package("npm", "left-pad")
        await github.api.get_async_httpx_client().get("/x")
    assert [request.headers["accept-encoding"] for request in server.requests] == ["gzip", "gzip"]


async def test_nothing_is_sent_to_another_origin():
    server = Recorder(one_package)
    async with client(server) as github:
        for url in ("https://evil.example.com/", "http://api.github.com/", "https://api.github.com:8443/"):
            with pytest.raises(httpx.UnsupportedProtocol):
                await github.api.get_async_httpx_client().get(url)
    assert server.requests == []


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (httpx.ConnectError("refused"), APIConnectionError),
        (httpx.ReadTimeout("slow"), APITimeoutError),
        (httpx.RemoteProtocolError("server left"), APIConnectionError),
    ],
)
async def test_connection_trouble_is_one_of_our_errors_through_owners_and_raw_calls(
    raised: httpx.TransportError, expected: type[APIConnectionError]
):
    def fail(request: httpx.Request) -> httpx.Response:
        raise raised

    async with client(Recorder(fail)) as github:
        with pytest.raises(expected, match=r"GET https://api.github.com/orgs/acme/packages/npm/left-pad") as caught:
            await github.org("acme").get_package("npm", "left-pad")
        assert caught.value.__cause__ is raised
        with pytest.raises(expected):
            await get_package_for_org.asyncio_detailed("acme", "npm", "left-pad", client=github.api)


@pytest.mark.parametrize("name", ["", ".", "..", "%2e%2E", "a/../b"])
def test_an_owner_that_would_lead_to_another_path_is_refused(name: str):
    github = client(Recorder(one_package))
    with pytest.raises(ValueError, match="owner"):
        github.org(name)
    with pytest.raises(ValueError, match="owner"):
        github.user(name)


@pytest.mark.parametrize("name", ["", ".", "..", "%2e%2E", "a/../b", "a//b"])
async def test_a_package_name_that_would_lead_to_another_path_is_refused(name: str):
    server = Recorder(one_package)
    async with client(server) as github:
        owner = github.me()
        with pytest.raises(ValueError, match="package_name"):
            owner.versions("npm", name)
        for method in (owner.get_package, owner.delete_package, owner.restore_package):
            with pytest.raises(ValueError, match="package_name"):
                await method("npm", name)
        for change in (owner.get_version, owner.delete_version, owner.restore_version):
            with pytest.raises(ValueError, match="package_name"):
                await change("npm", name, 1)
    assert server.requests == []


async def test_unknown_types_visibilities_and_states_are_refused():
    server = Recorder(pages_of([]))
    async with client(server) as github:
        owner = github.me()
        with pytest.raises(ValueError, match="nmp"):
            owner.packages("nmp")
        with pytest.raises(ValueError, match="secret"):
            owner.packages("npm", visibility="secret")
        with pytest.raises(ValueError, match="gone"):
            owner.versions("npm", "left-pad", state="gone")
        with pytest.raises(ValueError, match="nmp"):
            await owner.get_package("nmp", "left-pad")
    assert server.requests == []


async def test_the_window_guard_and_the_credentials_close_what_they_wrap():
    server = Recorder(one_package)
    github = client(server)
    await github.aclose()
    assert server.closed


def test_an_ssl_context_and_a_proxy_are_taken():
    GitHubPackages("made-up-token", verify=ssl.create_default_context(), proxy="http://127.0.0.1:3128")
