"""Who asks, where, with which token, and what is sent with every request."""

import ssl

import httpx
import pytest
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
    ],
)
def test_a_base_url_that_can_not_be_one_is_refused(base_url: str):
    with pytest.raises(ValueError, match="base_url") as caught:
        GitHubPackages("made-up-token", base_url=base_url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"])
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


async def test_a_token_of_the_environment_stays_with_the_server_that_the_environment_names(
    environment: pytest.MonkeyPatch,
):
    environment.setenv("GH_TOKEN", "planted-marker")
    with pytest.raises(ValueError, match=r"belongs to api\.github\.com") as caught:
        await sent_token(base_url="https://ghe.example.com/api/v3")
    assert "planted-marker" not in str(caught.value)
    environment.setenv("GH_ENTERPRISE_TOKEN", "enterprise")
    assert await sent_token(base_url="https://ghe.example.com/api/v3") == "Bearer enterprise"
    environment.setenv("GITHUB_API_URL", "https://ghe.example.com/api/v3/")
    assert await sent_token() == "Bearer planted-marker"


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
