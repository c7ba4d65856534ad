"""What the real server is known to answer, and what users are told; each case against the mock server."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.core.wire import Recorder, client

from ghpackages import (
    AuthenticationError,
    BadRequestError,
    GitHubPackages,
    GitHubPackagesError,
    NotFoundError,
    Owner,
    PermissionDeniedError,
    PrimaryRateLimitError,
    SecondaryRateLimitError,
    ValidationFailedError,
)
from ghpackages.testing import MockGitHub

Call = Callable[[Owner], Awaitable[object]]
NOW = datetime(2026, 8, 31, 12, tzinfo=UTC)


def small(**options: object) -> MockGitHub:
    """An organisation with a package of each kind that the rules distinguish."""
    server = MockGitHub(clock=lambda: NOW, **options)
    server.add_user("hubot")
    server.add_user("monalisa")
    acme = server.add_org("acme", members=("hubot",))
    container = acme.add_package("container", "web/api", visibility="private")
    container.add_version(tags=("latest",))
    container.add_version()
    for kind in ("maven", "nuget", "npm"):
        acme.add_package(kind, f"only-{kind}").add_version(name="1.0.0")
    popular = acme.add_package("npm", "popular", visibility="public", downloads=5001)
    popular.add_version(name="1.0.0")
    popular.add_version(name="2.0.0")
    return server


async def failure(server: MockGitHub, token: str | None, call: Call, **options: object) -> GitHubPackagesError:
    transport = httpx.ASGITransport(app=server)
    async with GitHubPackages(token, transport=transport, max_wait=0, **options) as github:
        with pytest.raises(GitHubPackagesError) as caught:
            await call(github.org("acme"))
    assert "\n" not in str(caught.value)
    assert token is None or token not in str(caught.value)
    return caught.value


def list_packages(owner: Owner) -> Awaitable[object]:
    return owner.packages("npm").collect()


def get_package(owner: Owner) -> Awaitable[object]:
    return owner.get_package("container", "web/api")


def list_versions(owner: Owner) -> Awaitable[object]:
    return owner.versions("container", "web/api").collect()


def delete_package(owner: Owner) -> Awaitable[object]:
    return owner.delete_package("container", "web/api")


def delete_version(owner: Owner) -> Awaitable[object]:
    return owner.delete_version("container", "web/api", 1)


async def test_a_bad_token_is_named():
    error = await failure(small(), "not-a-token", list_packages)
    assert isinstance(error, AuthenticationError)
    assert (error.status, error.message) == (401, "Bad credentials")
    assert "mistyped, expired or revoked" in str(error)


async def test_a_missing_token_is_named():
    error = await failure(small(), None, list_packages)
    assert isinstance(error, AuthenticationError)
    assert error.message == "Requires authentication"
    assert "set GH_TOKEN, or pass token=" in str(error)


@pytest.mark.parametrize(
    ("call", "scopes", "message"),
    [
        (list_packages, ("repo",), "You need at least read:packages scope to list packages."),
        (get_package, ("repo",), "You need at least read:packages scope to get a package."),
        (list_versions, ("repo",), "You need at least read:packages scope to get a package's versions."),
        (
            delete_package,
            ("repo", "read:packages"),
            "You need at least delete:packages and read:packages scopes to delete a package.",
        ),
        (
            delete_version,
            ("repo", "read:packages"),
            "You need at least delete:packages and read:packages scopes to delete a package version.",
        ),
    ],
)
async def test_a_missing_scope_is_named_beside_those_that_the_token_has(
    call: Call, scopes: tuple[str, ...], message: str
):
    server = small()
    error = await failure(server, server.add_token("scoped", scopes=scopes), call)
    assert isinstance(error, PermissionDeniedError)
    assert (error.status, error.message) == (403, message)
    assert "The token has the scopes" in str(error)
    assert "https://github.com/settings/tokens" in str(error)


async def test_a_scope_is_asked_for_even_of_a_version_that_does_not_exist():
    server = small()
    error = await failure(server, server.add_token(scopes=()), lambda owner: owner.get_version("npm", "only-npm", 1))
    assert isinstance(error, PermissionDeniedError)
    assert "(none)" in str(error)


async def test_a_missing_package_may_be_hidden():
    server = small()
    error = await failure(server, server.token, lambda owner: owner.get_package("npm", "nope"))
    assert isinstance(error, NotFoundError)
    assert error.message == "Package not found."
    assert "hidden from this token" in str(error)
    assert error.documentation_url == "https://docs.github.com/rest/packages/packages#get-a-package-for-an-organization"
    assert error.request_id
    assert error.request_id in str(error)
    assert (error.method, error.url) == ("GET", "https://api.github.com/orgs/acme/packages/npm/nope")


async def test_a_package_that_does_not_exist_is_missing_also_without_the_scope():
    server = small()
    error = await failure(server, server.add_token(scopes=()), lambda owner: owner.get_package("npm", "nope"))
    assert isinstance(error, NotFoundError)
    assert error.message == "Package not found."


async def test_a_hidden_package_looks_missing():
    server = small()
    error = await failure(server, server.add_token(login="monalisa"), get_package)
    assert isinstance(error, NotFoundError)
    assert error.message == "Package not found."


async def test_a_missing_version_is_named():
    server = small()
    error = await failure(server, server.token, lambda owner: owner.get_version("container", "web/api", 999_999))
    assert isinstance(error, NotFoundError)
    assert error.message == "Package version not found."
    assert "was deleted" in str(error)


async def test_a_missing_organisation_is_named():
    server = small()
    async with GitHubPackages(server.token, transport=httpx.ASGITransport(app=server)) as github:
        with pytest.raises(NotFoundError, match="The owner or path does not exist") as caught:
            await github.org("nobody").packages("npm").collect()
    assert caught.value.message == "Not Found"


@pytest.mark.parametrize("kind", ["maven", "nuget"])
async def test_the_last_version_of_some_types_stays(kind: str):
    server = small()
    (version,) = server.owner("acme").package(kind, f"only-{kind}").versions
    error = await failure(server, server.token, lambda owner: owner.delete_version(kind, f"only-{kind}", version.id))
    assert isinstance(error, BadRequestError)
    assert error.message == ("You cannot delete the last version of a package. You must delete the package instead.")


async def test_the_last_tagged_version_of_a_container_stays():
    server = small()
    tagged = next(version for version in server.owner("acme").package("container", "web/api").versions if version.tags)
    error = await failure(server, server.token, lambda owner: owner.delete_version("container", "web/api", tagged.id))
    assert isinstance(error, BadRequestError)
    assert error.message.startswith("You cannot delete the last tagged version of a package.")


async def test_the_last_version_of_npm_takes_the_package_along():
    server = small()
    (version,) = server.owner("acme").package("npm", "only-npm").versions
    async with GitHubPackages(server.token, transport=httpx.ASGITransport(app=server)) as github:
        await github.org("acme").delete_version("npm", "only-npm", version.id)
        with pytest.raises(NotFoundError):
            await github.org("acme").get_package("npm", "only-npm")


async def test_a_popular_public_version_stays():
    server = small()
    version = next(iter(server.owner("acme").package("npm", "popular").versions))
    error = await failure(server, server.token, lambda owner: owner.delete_version("npm", "popular", version.id))
    assert isinstance(error, BadRequestError)
    assert error.message == (
        "Publicly visible package versions with more than 5000 downloads cannot be deleted. "
        "Contact GitHub support for further assistance."
    )


async def test_a_delete_with_a_body_is_refused_by_the_server_which_is_why_none_is_sent():
    server = small()
    async with GitHubPackages(server.token, transport=httpx.ASGITransport(app=server)) as github:
        http = github.api.get_async_httpx_client()
        response = await http.request("DELETE", "/orgs/acme/packages/npm/only-npm", json={})
        assert response.status_code == 422
        await github.org("acme").delete_package("npm", "only-npm")


async def test_single_sign_on_gives_the_page_that_grants_it():
    server = small()
    error = await failure(server, server.add_token(sso_required=("acme",)), list_packages)
    assert isinstance(error, PermissionDeniedError)
    assert error.message.startswith("Resource protected by organization SAML enforcement.")
    assert "Authorise the token for single sign-on of this organisation: https://github.com/" in str(error)


async def test_a_token_of_an_app_that_lists_containers_is_told_which_kind_github_supports():
    server = small()
    token = server.add_token(login="acme", kind="installation")
    error = await failure(server, token, lambda owner: owner.packages("container").collect())
    assert isinstance(error, BadRequestError)
    assert error.message == "Invalid argument."
    assert "GitHub supports personal access tokens (classic) only" in str(error)


async def test_a_token_of_actions_without_rights_is_told_which_kind_to_use():
    server = small()
    error = await failure(server, server.add_token(login="acme", kind="actions", repositories=()), get_package)
    assert isinstance(error, PermissionDeniedError)
    assert error.message == "Resource not accessible by integration"
    assert "use a personal access token (classic)" in str(error)


async def test_an_unknown_api_version_is_refused():
    server = small()
    error = await failure(server, server.token, list_packages, api_version="1999-01-01")
    assert isinstance(error, BadRequestError)


async def test_a_retired_api_version_is_named():
    server = small(retired_api_versions=("2022-11-28",))
    error = await failure(server, server.token, list_packages)
    assert "pass a newer api_version=" in str(error)


async def test_a_restore_that_is_not_possible_is_an_error():
    server = small()
    package = server.owner("acme").package("npm", "only-npm")
    package.delete(at=NOW - timedelta(days=31))
    error = await failure(server, server.token, lambda owner: owner.restore_package("npm", "only-npm"))
    assert isinstance(error, NotFoundError)


async def test_a_missing_parameter_is_refused_by_the_server():
    server = small()
    async with GitHubPackages(server.token, transport=httpx.ASGITransport(app=server)) as github:
        response = await github.api.get_async_httpx_client().get("/orgs/acme/packages")
    assert response.status_code == 422


async def test_422_is_a_validation_error():
    answer = httpx.Response(422, json={"message": "Invalid request"})
    async with client(Recorder(lambda request: answer)) as github:
        with pytest.raises(ValidationFailedError, match="Invalid request"):
            await github.me().get_package("npm", "left-pad")


@pytest.mark.parametrize("status", [403, 429])
async def test_the_end_of_the_hourly_limit_tells_when_to_come_back(status: int):
    server = small(rate_limit_status=status)
    token = server.add_token(rate_limit=0)
    error = await failure(server, token, list_packages)
    assert isinstance(error, PrimaryRateLimitError)
    assert error.status == status
    assert error.message.startswith("API rate limit exceeded for user ID")
    assert error.retry_at == NOW + timedelta(hours=1)
    assert "Try again at 2026-08-31 13:00:00 UTC" in str(error)


LINES = st.lists(
    st.sampled_from(["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "a", " ", "."])
).map("".join)
FIELDS = st.dictionaries(
    st.sampled_from(["message", "documentation_url", "status", "errors"]), LINES | st.lists(LINES) | st.integers()
)
SOME_HEADERS = st.dictionaries(
    st.sampled_from(["x-github-request-id", "x-github-sso", "x-oauth-scopes", "x-accepted-oauth-scopes"]),
    LINES.map(lambda text: text.encode("latin-1", "ignore")),
)


@given(
    status=st.sampled_from([400, 401, 403, 404, 410, 422, 429, 500, 502]),
    body=FIELDS.map(json.dumps) | LINES,
    headers=SOME_HEADERS,
)
@example(status=403, body='{"documentation_url": "https://a.example\\nx"}', headers={})
async def test_whatever_ends_a_line_in_an_answer_its_error_is_one_line(
    status: int, body: str, headers: dict[str, bytes]
):
    response = httpx.Response(status, content=body, headers=list(headers.items()))
    async with client(Recorder(lambda request: response), retries=0) as github:
        with pytest.raises(GitHubPackagesError) as caught:
            await github.org("acme").get_package("npm", "left-pad")
    assert len(str(caught.value).splitlines()) == 1


SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}, 1),
        ({}, 60),
        ({"Retry-After": "soon"}, 60),
    ],
)
async def test_secondary_limits_with_and_without_a_time(status: int, headers: dict[str, str], seconds: float):
    answer = httpx.Response(status, json=SECONDARY, headers=headers)
    async with client(Recorder(lambda request: answer)) as github:
        with pytest.raises(SecondaryRateLimitError, match="secondary rate limit") as caught:
            await github.me().get_package("npm", "left-pad")
    assert caught.value.retry_after == pytest.approx(seconds, abs=0.01)
    assert caught.value.retry_at


async def test_a_403_about_a_scope_is_no_rate_limit():
    server = small()
    error = await failure(server, server.add_token(scopes=()), list_packages)
    assert isinstance(error, PermissionDeniedError)
