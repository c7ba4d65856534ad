"""Tokens, scopes, visibility and the messages of refusals."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from ghpackages.testing import MockGitHub, MockOwner, Request, faults

Connect = Callable[..., httpx.AsyncClient]

PACKAGE = "/orgs/acme/packages/npm/left-pad"


def problem(response: httpx.Response) -> tuple[int, str]:
    """Give status and message of an error, whose body repeats the status as a string."""
    body = response.json()
    assert {"message", "documentation_url", "status"} <= body.keys()
    assert str(response.status_code) == body["status"]
    return response.status_code, body["message"]


async def test_a_bad_token_is_refused(server: MockGitHub, connect: Connect) -> None:
    assert problem(await connect(server, "wrong").get(PACKAGE)) == (401, "Bad credentials")


async def test_no_token_is_refused(server: MockGitHub, connect: Connect) -> None:
    assert problem(await connect(server, token="").get(PACKAGE)) == (401, "Requires authentication")


async def test_a_revoked_token_is_a_bad_one(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.revoke_token(server.token)

    assert problem(await client.get(PACKAGE)) == (401, "Bad credentials")


async def test_an_expired_token_is_a_bad_one_and_says_before_when(server: MockGitHub, connect: Connect) -> None:
    client = connect(server, server.add_token(expires_at=datetime(2026, 7, 1, tzinfo=UTC)))
    path = "/user/packages?package_type=npm"
    assert (await client.get(path)).headers["github-authentication-token-expiration"] == "2026-07-01 00:00:00 UTC"

    server.clock = lambda: datetime(2026, 7, 1, tzinfo=UTC)
    assert problem(await client.get(path)) == (401, "Bad credentials")


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        ("GET", "?package_type=npm", "read:packages scope to list packages."),
        ("GET", "/npm/left-pad", "read:packages scope to get a package."),
        ("GET", "/npm/left-pad/versions", "read:packages scope to get a package's versions."),
        ("DELETE", "/npm/left-pad", "delete:packages and read:packages scopes to delete a package."),
        ("DELETE", "/npm/left-pad/versions/1", "delete:packages and read:packages scopes to delete a package version."),
        ("POST", "/npm/left-pad/restore", "read:packages and write:packages scopes to restore a package."),
    ],
)
async def test_a_missing_scope_is_told_before_a_version_or_what_is_listed_is_looked_up(
    server: MockGitHub, acme: MockOwner, connect: Connect, method: str, path: str, message: str
) -> None:
    acme.add_package("npm", "left-pad")
    client = connect(server, server.add_token(scopes=["repo"]))
    response = await client.request(method, f"/orgs/acme/packages{path}")

    assert (403, f"You need at least {message}") == problem(response)


async def test_the_lack_of_a_scope_is_told_before_that_of_an_owner_whose_packages_are_to_be_listed(
    server: MockGitHub, connect: Connect
) -> None:
    response = await connect(server, server.add_token(scopes=[])).get("/orgs/nowhere/packages?package_type=npm")

    assert problem(response) == (403, "You need at least read:packages scope to list packages.")


@pytest.mark.parametrize("name", ["none", "hidden", "gone"])
@pytest.mark.parametrize(
    ("method", "rest"), [("GET", ""), ("GET", "/versions"), ("DELETE", ""), ("DELETE", "/versions/1")]
)
async def test_a_package_that_does_not_exist_is_not_found_also_without_the_scope(
    connect: Connect, method: str, rest: str, name: str
) -> None:
    server = MockGitHub()
    server.add_user("monalisa").add_package("npm", "hidden")
    server.owner("monalisa").add_package("npm", "gone", visibility="public").delete()
    client = connect(server, server.add_token(scopes=["repo"]))
    response = await client.request(method, f"/users/monalisa/packages/npm/{name}{rest}")

    assert problem(response) == (404, "Package not found.")


@pytest.mark.parametrize(
    ("package_type", "status"), [("maven", 403), ("docker", 403), ("npm", 200), ("container", 200)]
)
async def test_registries_with_the_permissions_of_a_repository_take_the_scope_repo_too(
    server: MockGitHub, acme: MockOwner, connect: Connect, package_type: str, status: int
) -> None:
    acme.add_package(package_type, "core", visibility="public")
    limited, full = (connect(server, server.add_token(scopes=["read:packages", *more])) for more in ((), ("repo",)))
    paths = [f"/orgs/acme/packages{rest}" for rest in (f"/{package_type}/core", f"?package_type={package_type}")]
    answers = [await limited.get(path) for path in paths]

    assert [one.status_code for one in answers] == [status, status]
    assert (
        status == 200 or problem(answers[0])[1] == "You need at least read:packages and repo scopes to get a package."
    )
    assert [(await full.get(path)).status_code for path in paths] == [200, 200]


async def test_the_scope_repo_can_be_needless(connect: Connect) -> None:
    server = MockGitHub(repo_scope=False)
    server.user.add_package("maven", "core")
    client = connect(server, server.add_token(scopes=["read:packages"]))

    assert (await client.get("/user/packages/maven/core")).status_code == 200


async def test_deleting_takes_the_scope_to_delete_and_restoring_the_one_to_write(
    server: MockGitHub, acme: MockOwner, connect: Connect
) -> None:
    acme.add_package("npm", "left-pad")
    scopes = [["read:packages", "delete:packages"], ["write:packages"]]
    deleting, writing = (connect(server, server.add_token(scopes=some)) for some in scopes)

    assert (await writing.delete(PACKAGE)).status_code == 403
    assert (await deleting.delete(PACKAGE)).status_code == 204
    assert (await deleting.post(f"{PACKAGE}/restore")).status_code == 403
    assert (await writing.post(f"{PACKAGE}/restore")).status_code == 204


async def test_a_token_may_be_long_and_of_any_shape(server: MockGitHub, connect: Connect) -> None:
    token = "ghs_" + "a1.b-2_" * 74
    client = connect(server, server.add_token(token))

    assert (await client.get("/user/packages?package_type=npm")).status_code == 200


async def test_reading_does_not_need_the_scope_to_delete(server: MockGitHub, acme: MockOwner, connect: Connect) -> None:
    acme.add_package("npm", "left-pad")
    client = connect(server, server.add_token(scopes=["read:packages"]))

    assert [(await client.request(method, PACKAGE)).status_code for method in ("GET", "DELETE")] == [200, 403]


async def test_the_scope_to_write_includes_the_one_to_read(
    server: MockGitHub, acme: MockOwner, connect: Connect
) -> None:
    acme.add_package("npm", "left-pad")

    assert (await connect(server, server.add_token(scopes="write:packages")).get(PACKAGE)).status_code == 200


async def test_missing_things_are_told_apart_by_their_message(acme: MockOwner, client: httpx.AsyncClient) -> None:
    acme.add_package("npm", "left-pad")

    assert problem(await client.get("/orgs/nowhere/packages/npm/left-pad")) == (404, "Not Found")
    assert problem(await client.get("/orgs/acme/packages/npm/right-pad")) == (404, "Package not found.")
    assert problem(await client.get(f"{PACKAGE}/versions/1")) == (404, "Package version not found.")


async def test_hidden_packages_look_as_if_they_did_not_exist(
    server: MockGitHub, acme: MockOwner, connect: Connect
) -> None:
    for visibility in ("public", "private", "internal"):
        acme.add_package("npm", visibility, visibility=visibility)
    server.add_user("monalisa")
    client = connect(server, server.add_token(login="monalisa"))
    (listed,) = (await client.get("/orgs/acme/packages?package_type=npm")).json()

    assert listed["name"] == "public"
    for name in ("private", "internal"):
        assert problem(await client.get(f"/orgs/acme/packages/npm/{name}")) == (404, "Package not found.")


async def test_the_packages_of_another_user_are_hidden_unless_public(server: MockGitHub, connect: Connect) -> None:
    server.user.add_package("npm", "secret")
    server.user.add_package("npm", "open", visibility="public")
    server.add_user("monalisa")
    client = connect(server, server.add_token(login="monalisa"))
    found = [(await client.get(f"/users/octocat/packages/npm/{name}")).status_code for name in ("secret", "open")]

    assert found == [404, 200]


@pytest.mark.parametrize(("status", "message"), [(403, "Forbidden"), (404, "Package not found.")])
async def test_a_member_who_is_no_admin_sees_but_does_not_delete(connect: Connect, status: Any, message: str) -> None:
    server = MockGitHub(not_admin_status=status)
    server.add_user("hubot")
    server.add_org("acme", members=["hubot"]).add_package("npm", "left-pad")
    client = connect(server, server.add_token(login="hubot"))

    assert (await client.get(PACKAGE)).status_code == 200
    assert (status, message) == problem(await client.delete(PACKAGE))


async def test_single_sign_on_is_required_with_an_address(
    server: MockGitHub, acme: MockOwner, connect: Connect
) -> None:
    acme.add_package("npm", "left-pad", visibility="public")
    response = await connect(server, server.add_token(sso_required=["acme"])).get(PACKAGE)

    assert problem(response)[1].startswith("Resource protected by organization SAML enforcement.")
    assert response.headers["x-github-sso"].startswith("required; url=https://github.com/orgs/Acme/sso?")


@pytest.mark.parametrize("owner", ["/orgs/acme", "/users/octocat"])
@pytest.mark.parametrize("kind", ["actions", "installation"])
async def test_an_apps_token_gets_packages_by_name_and_lists_all_but_containers(
    server: MockGitHub, connect: Connect, kind: Any, owner: str
) -> None:
    server.add_org("acme")
    for login in ("acme", "octocat"):
        server.owner(login).add_package("container", "web")
    client = connect(server, server.add_token(login=owner.rpartition("/")[2], kind=kind))
    refused = await client.get(f"{owner}/packages?package_type=container")

    assert problem(refused) == (400, "Invalid argument.")
    assert refused.headers["x-accepted-github-permissions"] == "allows_permissionless_access=true"
    for fine in ("?package_type=npm", "?package_type=docker", "/container/web", "/container/web/versions"):
        assert (await client.get(f"{owner}/packages{fine}")).status_code == 200


@pytest.mark.parametrize("version", ["2022-11-28", "2026-03-10"])
async def test_an_apps_token_of_a_user_cannot_list_the_users_packages(
    server: MockGitHub, connect: Connect, version: str
) -> None:
    token = server.add_token("ghu_1", kind="app-user")
    response = await connect(server, token, **{"X-GitHub-Api-Version": version}).get("/user/packages?package_type=npm")

    assert problem(response) == (403, "Resource not accessible by integration")
    assert response.headers["x-accepted-github-permissions"] == "allows_permissionless_access=true"
    assert "x-oauth-scopes" not in response.headers


async def test_an_apps_token_of_a_user_reads_and_deletes_packages_but_neither_deletes_versions_nor_restores(
    server: MockGitHub, connect: Connect
) -> None:
    versions = "/users/octocat/packages/npm/left-pad/versions"
    version = server.user.add_package("npm", "left-pad").add_version()
    client = connect(server, server.add_token(kind="app-user"))
    asked = [
        *(("GET", "/users/octocat/packages?package_type=npm"), ("GET", versions), ("GET", f"{versions}/{version.id}")),
        *(("DELETE", f"{versions}/{version.id}"), ("POST", f"{versions}/{version.id}/restore")),
        *(("DELETE", "/user/packages/npm/left-pad"), ("POST", "/user/packages/npm/left-pad/restore")),
    ]
    answers = [await client.request(*one) for one in asked]

    assert [one.status_code for one in answers] == [200, 200, 200, 403, 403, 204, 403]
    assert {problem(one)[1] for one in answers if one.is_error} == {"Resource not accessible by integration"}


async def test_an_apps_token_of_a_user_has_permissions_for_scopes(server: MockGitHub, connect: Connect) -> None:
    server.user.add_package("npm", "left-pad")
    response = await connect(server, server.add_token(kind="app-user", scopes=[])).get("/user/packages/npm/left-pad")

    assert problem(response) == (403, "Resource not accessible by integration")


@pytest.mark.parametrize(
    ("status", "message"), [(403, "Resource not accessible by integration"), (404, "Package not found.")]
)
async def test_an_apps_token_is_limited_to_its_repositories(connect: Connect, status: Any, message: str) -> None:
    server = MockGitHub(integration_refusal=status)
    acme = server.add_org("acme")
    acme.add_package("npm", "mine", repository="web")
    acme.add_package("npm", "left-pad", repository="other")
    client = connect(server, server.add_token(login="acme", kind="actions", repositories=["web"]))

    assert (await client.get("/orgs/acme/packages/npm/mine")).status_code == 200
    assert (status, message) == problem(await client.get(PACKAGE))


async def test_an_apps_token_has_no_user_and_no_scopes(server: MockGitHub, acme: MockOwner, connect: Connect) -> None:
    acme.add_package("npm", "left-pad")
    client = connect(server, server.add_token(login="acme", kind="actions", scopes=["read:packages"]))
    answers = [await client.get("/user/packages?package_type=npm"), await client.delete(PACKAGE)]

    assert [problem(one) for one in answers] == [(403, "Resource not accessible by integration")] * 2
    assert "x-oauth-scopes" not in answers[0].headers


@pytest.mark.parametrize(("works", "status"), [(True, 200), (False, 403)])
async def test_fine_grained_tokens_may_work_or_not(connect: Connect, works: bool, status: int) -> None:
    server = MockGitHub(fine_grained_tokens=works)
    client = connect(server, server.add_token("github_pat_1", kind="fine-grained", scopes=()))

    assert status == (await client.get("/user/packages?package_type=npm")).status_code


async def test_an_unknown_api_version_gives_400_with_a_string(server: MockGitHub, connect: Connect) -> None:
    response = await connect(server, **{"X-GitHub-Api-Version": "2020-01-01"}).get("/user/packages")

    assert problem(response)[0] == 400
    assert isinstance(response.json()["errors"], str)


async def test_a_retired_api_version_gives_410(connect: Connect) -> None:
    server = MockGitHub(retired_api_versions=["2022-11-28"])

    assert problem(await connect(server).get("/user/packages"))[0] == 410


async def test_no_user_agent_is_refused_by_a_web_page(client: httpx.AsyncClient) -> None:
    del client.headers["User-Agent"]
    response = await client.get("/user/packages?package_type=npm")

    assert (response.status_code, response.headers["content-type"]) == (403, "text/html; charset=utf-8")


async def test_older_error_bodies_have_no_status(connect: Connect) -> None:
    response = await connect(MockGitHub(error_status=False), token="").get("/user/packages")

    assert {"message", "documentation_url"} == response.json().keys()


async def test_tokens_count_down_to_a_refusal_and_start_again_after_an_hour(
    server: MockGitHub, connect: Connect
) -> None:
    client = connect(server, server.add_token(rate_limit=2))
    path = "/user/packages?package_type=npm"
    start = server.clock()
    answers = [await client.get(path) for _ in range(3)]

    assert [(one.status_code, one.headers["x-ratelimit-remaining"]) for one in answers] == [
        (200, "1"),
        (200, "0"),
        (403, "0"),
    ]
    assert answers[2].json()["message"] == "API rate limit exceeded for user ID 583231."
    assert str(int(start.timestamp()) + 3600) == answers[2].headers["x-ratelimit-reset"]

    server.clock = lambda: start + timedelta(hours=1)
    assert (await client.get(path)).headers["x-ratelimit-remaining"] == "1"


async def test_each_token_has_its_own_limit(server: MockGitHub, connect: Connect) -> None:
    clients = [connect(server), connect(server, server.add_token())]
    await clients[0].get("/user/packages?package_type=npm")
    headers = (await clients[1].get("/user/packages?package_type=npm")).headers

    assert tuple(headers[f"x-ratelimit-{name}"] for name in ("limit", "remaining", "used", "resource")) == (
        "5000",
        "4999",
        "1",
        "core",
    )


async def test_an_actions_token_has_a_lower_limit(server: MockGitHub, acme: MockOwner, connect: Connect) -> None:
    client = connect(server, server.add_token(login="acme", kind="actions"))

    assert (await client.get("/orgs/acme/packages?package_type=npm")).headers["x-ratelimit-limit"] == "1000"


async def test_actions_tokens_of_a_repository_share_its_limit(
    server: MockGitHub, acme: MockOwner, connect: Connect
) -> None:
    tokens = [server.add_token(login="acme", kind="actions", repositories=[name]) for name in ("web", "web", "api")]
    clients = [connect(server, token) for token in tokens]
    answers = [await client.get("/orgs/acme/packages?package_type=npm") for client in clients]

    assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["999", "998", "999"]


async def test_a_token_can_have_the_higher_limit_of_enterprise_cloud(server: MockGitHub, connect: Connect) -> None:
    client = connect(server, server.add_token(rate_limit=15_000))

    assert (await client.get("/user/packages?package_type=npm")).headers["x-ratelimit-remaining"] == "14999"


async def test_an_exhausted_limit_can_be_429(connect: Connect) -> None:
    server = MockGitHub(rate_limit=0, rate_limit_status=429)

    assert (await connect(server).get("/user/packages")).status_code == 429


async def test_60_requests_are_counted_without_a_token(server: MockGitHub, connect: Connect) -> None:
    client = connect(server, token="")
    statuses = [(await client.get("/user/packages")).status_code for _ in range(61)]

    assert statuses == [401] * 60 + [403]


async def test_rate_headers_can_be_absent(server: MockGitHub, connect: Connect) -> None:
    enterprise = MockGitHub(rate_limit=None)
    hidden = server.add_token(rate_headers=False)
    for client in (connect(enterprise), connect(enterprise, token=""), connect(server, hidden)):
        headers = (await client.get("/user/packages?package_type=npm")).headers
        assert not any(name.startswith("x-ratelimit") for name in headers)


async def test_answers_carry_the_headers_of_the_real_api(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/user/packages?package_type=npm")).headers

    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["cache-control"] == "private, max-age=60, s-maxage=60"
    assert headers["x-oauth-scopes"] == "delete:packages, read:packages, repo, write:packages"
    assert headers["x-accepted-oauth-scopes"] == ""
    assert headers["x-github-api-version-selected"] == "2022-11-28"
    assert headers["x-github-media-type"] == "github.v3; format=json"
    assert {"etag", "vary", "x-github-request-id", "date"} <= headers.keys()
    assert "last-modified" not in headers


async def test_request_ids_differ(client: httpx.AsyncClient) -> None:
    ids = [(await client.get("/user/packages")).headers["x-github-request-id"] for _ in range(2)]

    assert len(set(ids)) == 2
    assert [len(one.split(":")) for one in ids] == [5, 5]


async def test_a_matching_etag_makes_no_difference_unless_switched_on(client: httpx.AsyncClient) -> None:
    path = "/user/packages?package_type=npm"
    etag = (await client.get(path)).headers["etag"]

    assert (await client.get(path, headers={"If-None-Match": etag})).status_code == 200


async def test_a_matching_etag_can_cost_nothing(connect: Connect) -> None:
    client = connect(MockGitHub(conditional_requests=True))
    path = "/user/packages?package_type=npm"
    first = await client.get(path)
    second = await client.get(path, headers={"If-None-Match": f"W/{first.headers['etag']}"})

    assert (second.status_code, second.content) == (304, b"")
    assert first.headers["x-ratelimit-remaining"] == second.headers["x-ratelimit-remaining"]


async def test_compressed_answers_have_a_weak_etag(connect: Connect) -> None:
    plain, compressed = MockGitHub(rate_limit=None), MockGitHub(rate_limit=None, compression=True)
    for server in (plain, compressed):
        server.user.add_package("npm", "left-pad")
    path = "/user/packages?package_type=npm"
    first, second = [await connect(server).get(path) for server in (plain, compressed)]
    third = await connect(compressed).get(path, headers={"Accept-Encoding": "identity"})

    assert first.content == second.content == third.content
    assert (second.headers["content-encoding"], second.headers["etag"]) == ("gzip", f"W/{first.headers['etag']}")
    assert int(second.headers["content-length"]) < int(first.headers["content-length"])
    assert "content-encoding" not in third.headers
    assert first.headers["etag"] == third.headers["etag"]


async def test_a_recorded_request_says_whose_token_it_had(server: MockGitHub) -> None:
    server.add_org("acme")
    server.add_user("hubot")
    tokens = {
        server.token: "octocat",
        server.add_token(login="hubot"): "hubot",
        server.add_token(login="hubot", scopes=[]): "hubot",
        server.add_token(kind="installation", login="acme"): "acme",
        server.add_token(expires_at=datetime(2020, 1, 1, tzinfo=UTC)): None,
        "unknown": None,
    }
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=server), base_url="https://api.github.com"
    ) as client:
        for token in tokens:
            await client.get("/user/packages?package_type=npm", headers={"Authorization": f"Bearer {token}"})
        await client.get("/user/packages?package_type=npm")
        await client.get("/user/packages?package_type=npm", headers={"Authorization": f"Basic {server.token}"})

    assert [request.login for request in server.requests] == [*tokens.values(), None, None]


async def test_a_request_that_a_fault_keeps_away_says_whose_token_it_had(server: MockGitHub) -> None:
    server.fault(faults.Status(502))
    headers = {"Authorization": f"Bearer {server.token}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=server), base_url="https://api.github.com"
    ) as client:
        await client.get("/user/packages?package_type=npm", headers=headers)

    assert [(request.status, request.login) for request in server.requests] == [(502, "octocat")]


async def test_a_token_that_is_revoked_is_nobodys_from_then_on(server: MockGitHub) -> None:
    headers = {"Authorization": f"Bearer {server.token}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=server), base_url="https://api.github.com"
    ) as client:
        await client.get("/user/packages?package_type=npm", headers=headers)
        copied = deepcopy(server)
        server.revoke_token(server.token)
        await client.get("/user/packages?package_type=npm", headers=headers)

    assert [request.login for request in server.requests] == ["octocat", None]
    copied.handle(
        Request("GET", "/user/packages", headers={"authorization": headers["Authorization"], "user-agent": "test"})
    )
    assert [request.login for request in copied.requests] == ["octocat", "octocat"]


async def test_requests_are_recorded_without_the_token(server: MockGitHub, client: httpx.AsyncClient) -> None:
    await client.get("/user/packages/npm/a%2Fb?x=1")
    (recorded,) = server.requests

    assert (
        recorded.method,
        recorded.path,
        recorded.query,
        recorded.status,
    ) == ("GET", "/user/packages/npm/a%2Fb", "x=1", 404)
    assert recorded.headers["authorization"] == "Bearer ***"
    assert server.token not in repr(recorded.headers)
