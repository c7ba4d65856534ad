"""A token that is refused in the middle of an audit ends it, and what was found is kept."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import httpx
import pytest
from tests.transport.governed import now

from ghpackages import AuthenticationError, GitHubPackages
from ghpackages.audit import PackageAudit, audit
from ghpackages.testing import MockGitHub

ANONYMOUS = {
    "x-ratelimit-limit": "60",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-used": "60",
    "x-ratelimit-reset": "4000000000",
    "x-ratelimit-resource": "core",
}
CONCURRENCY = 16


class Revoked(httpx.AsyncBaseTransport):
    """Answers 401 from a request on, with the limits of anonymous callers; each answer takes a while of its own."""

    def __init__(self, inner: httpx.AsyncBaseTransport, after: int) -> None:
        self.inner, self.after = inner, after
        self.sent = self.refused = 0
        self.sent_too_late = 0
        self.chance = random.Random(after)  # noqa: S311 - no secrets

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        number, self.sent_too_late = self.sent, self.sent_too_late + bool(self.refused)
        await asyncio.sleep(self.chance.uniform(0.05, 0.15))
        if number <= self.after:
            return await self.inner.handle_async_request(request)
        self.refused += 1
        return httpx.Response(401, json={"message": "Bad credentials"}, headers=ANONYMOUS)


Revoke = Callable[[int], tuple[GitHubPackages, Revoked]]


@pytest.fixture
def revoke(server: MockGitHub, connect: Callable[..., GitHubPackages]) -> Revoke:
    """Give a function that makes a client of two organisations, whose token is refused after so many requests."""
    for login in ("acme", "umbrella"):
        owner = server.owner("acme") if login == "acme" else server.add_org(login)
        for package_type in ("container", "npm"):
            for number in range(40):
                owner.add_package(package_type, f"p{number}").add_versions(3)

    def make(after: int) -> tuple[GitHubPackages, Revoked]:
        made: list[Revoked] = []
        github = connect(server, lambda inner: made.append(Revoked(inner, after)) or made[0])
        return github, made[0]

    return make


@pytest.mark.parametrize("after", [20, 45, 93, 150])
async def test_what_was_found_is_kept_and_nothing_more_is_asked(revoke: Revoke, after: int) -> None:
    github, transport = revoke(after)
    report = await audit(github, "acme", "umbrella").collect()

    assert not report.complete
    (failure,) = report.failures
    assert isinstance(failure.error, AuthenticationError)
    assert (failure.package_type, failure.package_name) == (None, None)
    assert failure.owner in ({"acme"} if after < 80 else {"acme", "umbrella"})
    assert all(package.complete for package in report.packages)
    assert len(report.packages) >= after - 12 - 2 * CONCURRENCY
    assert transport.refused <= CONCURRENCY
    assert transport.sent_too_late <= CONCURRENCY
    assert now() < 5


async def test_an_iteration_gives_what_was_found_and_then_raises(revoke: Revoke) -> None:
    github, _ = revoke(60)
    found: list[PackageAudit] = []
    results = aiter(audit(github, "acme", "umbrella"))
    with pytest.raises(AuthenticationError):
        async for package in results:
            found.append(package)

    assert len(found) >= 20
    assert [failure.owner for failure in results.failures] == ["acme"]
    assert not results.is_complete


@pytest.mark.parametrize("how", ["collect", "plan", "named"])
async def test_a_token_that_is_refused_at_once_is_the_error_and_asked_with_once(revoke: Revoke, how: str) -> None:
    github, transport = revoke(0)
    named = ["npm/p1", "npm/p2", "container/p1"] if how == "named" else []
    job = audit(github, "acme", "umbrella", packages=named)
    with pytest.raises(AuthenticationError):
        await (job.plan() if how == "plan" else job.collect())

    assert transport.sent == 1


@pytest.mark.parametrize(("exact", "after"), [(True, 12), (False, 4)])
async def test_a_plan_tells_what_it_could_read(revoke: Revoke, exact: bool, after: int) -> None:
    github, transport = revoke(after)
    plan = await audit(github, "acme", "umbrella").plan(exact=exact)

    assert [(failure.owner, type(failure.error)) for failure in plan.failures] == [("acme", AuthenticationError)]
    assert transport.refused <= CONCURRENCY
    assert plan.counted <= plan.packages <= 40
    assert plan.packages
    assert now() < 5


async def test_named_packages_end_as_well(revoke: Revoke) -> None:
    github, transport = revoke(30)
    named = [f"{package_type}/p{number}" for package_type in ("npm", "container") for number in range(40)]
    report = await audit(github, "acme", "umbrella", packages=named).collect()

    assert [(failure.owner, failure.package_name) for failure in report.failures] == [("acme", None)]
    assert 0 < len(report.packages) <= 15  # each takes two requests
    assert transport.refused <= CONCURRENCY
    assert not report.complete


async def test_a_token_that_is_given_by_a_callable_is_asked_for_again_and_the_audit_goes_on(
    server: MockGitHub, connect: Callable[..., GitHubPackages]
) -> None:
    for number in range(60):
        server.owner("acme").add_package("npm", f"p{number}").add_version()
    tokens = [server.token, server.add_token()]

    async def source() -> str:
        if len(server.requests) >= 30 and len(tokens) > 1:
            server.revoke_token(tokens.pop(0))
        return tokens[0]

    github = connect(server).with_options(token=source)
    report = await audit(github, "acme").collect()

    assert report.complete
    assert len(report.packages) == 60
