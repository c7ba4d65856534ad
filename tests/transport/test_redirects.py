"""Redirects: within the origin with the same method, elsewhere not at all."""

import httpx
import pytest
from tests.transport.loopback import Asked, answer, ask, innermost, serving

from ghpackages import APIConnectionError, GitHubPackages
from ghpackages.transport import Credentials, ForeignOriginError, SigningTransport
from ghpackages.transport._redirects import RedirectsTransport

HERE = "https://ghe.example.com/api/v3/orgs/acme/packages/npm/web?page=2"


class Redirecting(httpx.AsyncBaseTransport):
    """Redirects as often as told, then answers 200."""

    def __init__(self, location: str | None, status: int = 307, times: int = 1) -> None:
        self.location = location
        self.status = status
        self.times = times
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if len(self.requests) > self.times:
            return httpx.Response(200)
        headers = {} if self.location is None else {"Location": self.location}
        return httpx.Response(self.status, headers=headers, json={"message": "Moved"})

    @property
    def sent(self) -> list[str]:
        return [f"{request.method} {request.url}" for request in self.requests]


async def send(inner: httpx.AsyncBaseTransport, method: str = "GET") -> httpx.Response:
    request = httpx.Request(method, HERE, headers={"X-GitHub-Api-Version": "2022-11-28"})
    return await RedirectsTransport(inner).handle_async_request(request)


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_followed_with_the_same_method_and_headers(method: str, status: int):
    server = Redirecting("https://ghe.example.com/api/v3/organizations/7/packages/npm/a%2Fb?page=2", status)
    assert (await send(server, method)).status_code == 200
    assert server.sent == [
        f"{method} {HERE}",
        f"{method} https://ghe.example.com/api/v3/organizations/7/packages/npm/a%2Fb?page=2",
    ]
    assert server.requests[1].headers == server.requests[0].headers
    assert await server.requests[1].aread() == b""


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/organizations/7", "https://ghe.example.com/organizations/7"),
        ("web2", "https://ghe.example.com/api/v3/orgs/acme/packages/npm/web2"),
        ("?page=3", "https://ghe.example.com/api/v3/orgs/acme/packages/npm/web?page=3"),
        ("//GHE.example.com:443/x", "https://ghe.example.com/x"),
    ],
)
async def test_a_relative_redirect_is_followed(location: str, expected: str):
    server = Redirecting(location)
    await send(server)
    assert server.sent[1] == f"GET {expected}"


async def test_five_redirects_are_followed_and_no_more():
    assert (await send(Redirecting("/x", times=5))).status_code == 200
    endless = Redirecting("/x", times=99)
    with pytest.raises(httpx.TooManyRedirects, match=r"ghe\.example\.com redirects more than 5 times"):
        await send(endless)
    assert len(endless.requests) == 6


@pytest.mark.parametrize(
    "location",
    [
        *(
            "https://evil.example.com/x",
            "//evil.example.com/x",
            "https://ghe.example.com:8443/x",
            "ftp://ghe.example.com/",
        ),
        *("http://ghe.example.com/api/v3/x", "https://ghe.example.com@evil.example.com/x"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_redirect_elsewhere_or_to_plain_http_is_an_error_that_names_both(location: str, method: str):
    server = Redirecting(location)
    with pytest.raises(ForeignOriginError, match=r"https://ghe\.example\.com redirects to \w+://") as caught:
        await send(server, method)
    assert len(server.requests) == 1
    assert httpx.URL(HERE).join(location).host in str(caught.value)


@pytest.mark.parametrize("status", [300, 303, 304, 305, 306])
async def test_other_statuses_are_handed_on(status: int):
    server = Redirecting("https://evil.example.com/", status)
    assert (await send(server)).status_code == status
    assert len(server.requests) == 1


@pytest.mark.parametrize("location", [None, "", "https://[::1", "https://x:port/", "mailto:me"])
async def test_a_redirect_that_leads_nowhere_is_handed_on(location: str | None):
    server = Redirecting(location)
    assert (await send(server)).status_code == 307
    assert len(server.requests) == 1


async def test_a_hop_is_signed_anew_and_a_redirect_elsewhere_never_sees_a_connection():
    async with serving() as elsewhere:

        async def move(asked: Asked) -> bytes:
            target = {"/one": "/two", "/two": f"{elsewhere.url}/three"}[asked.target]
            return answer(302, location=target)

        async with serving(move) as home:
            credentials = SigningTransport(innermost(home.url), Credentials("made-up", home.url))
            with pytest.raises(ForeignOriginError):
                await ask(RedirectsTransport(credentials), home.url.join("/one"), "DELETE")
            assert [(asked.method, asked.target) for asked in home.asked] == [("DELETE", "/one"), ("DELETE", "/two")]
            assert {asked.headers["authorization"] for asked in home.asked} == {"Bearer made-up"}
            assert home.accepted == 1
        assert elsewhere.accepted == 0


async def test_through_the_client_it_is_one_of_our_errors():
    inner = RedirectsTransport(Redirecting("https://evil.example.com/x", 301))
    async with GitHubPackages("planted-marker", transport=inner, trust_env=False) as github:
        with pytest.raises(
            APIConnectionError, match=r"api\.github\.com redirects to https://evil\.example\.com"
        ) as caught:
            await github.org("acme").get_package("npm", "web")
    assert "planted-marker" not in str(caught.value)
