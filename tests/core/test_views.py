"""One client for many: limits that are shared by token, views for tenants, and what is told of waiting."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest
from tests.core.wire import Recorder, client, package

from ghpackages import (
    GitHubPackages,
    GitHubPackagesError,
    PrimaryRateLimitError,
    SecondaryRateLimitError,
    ServerError,
    Wait,
)
from ghpackages.testing import MockGitHub
from ghpackages_api.api.packages import get_package_for_org

SECONDARY = {"message": "You have exceeded a secondary rate limit."}


def by_token(request: httpx.Request) -> httpx.Response:
    """The tenant "poor" is refused for 50 s, everyone else served."""
    if request.headers["authorization"] == "Bearer poor":
        return httpx.Response(429, json=SECONDARY, headers={"Retry-After": "50"})
    return httpx.Response(200, json=package(1))


def one_package(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=package(1))


async def get(github: GitHubPackages) -> None:
    await github.org("acme").get_package("npm", "left-pad")


async def test_a_view_sends_its_own_token_over_the_same_connections():
    server = Recorder(one_package)
    async with client(server, token="first") as github:
        second = github.with_options(token="second")
        await get(github)
        await get(second)
        await get_package_for_org.asyncio("acme", "npm", "left-pad", client=second.api)
    sent = [request.headers["authorization"] for request in server.requests]
    assert sent == ["Bearer first", "Bearer second", "Bearer second"]


async def test_closing_a_view_closes_nothing():
    server = Recorder(one_package)
    async with client(server) as github:
        async with github.with_options(timeout=5) as view:
            await get(view)
        assert not server.closed
        await get(github)
    assert server.closed


async def test_a_view_keeps_what_it_does_not_change():
    server = Recorder(one_package)
    async with client(server, timeout=7.0, user_agent="acme-cleaner/2") as github:
        await get(github.with_options(max_wait=5))
        await get(github.with_options(timeout=3.0))
        await get(github.with_options(token=None))
    assert [request.extensions["timeout"]["read"] for request in server.requests] == [7.0, 3.0, 7.0]
    assert [request.headers.get("authorization") for request in server.requests] == [
        *("Bearer made-up-token", "Bearer made-up-token"),
        None,
    ]
    assert all(request.headers["user-agent"].startswith("acme-cleaner/2 ") for request in server.requests)


async def test_the_limit_of_one_tenant_is_not_that_of_another():
    server = Recorder(by_token)
    async with client(server, token="rich") as github:
        poor = github.with_options(token="poor")
        with pytest.raises(SecondaryRateLimitError):
            await get(poor)
        asked = len(server.requests)
        with pytest.raises(SecondaryRateLimitError, match="secondary"):
            await get(poor)
        assert len(server.requests) == asked
        await get(github)
        assert poor.rate_limit.paused_until
        assert poor.rate_limit.reason == "secondary"
        assert github.rate_limit.paused_until is None


async def test_views_with_the_same_token_share_its_limits():
    server = Recorder(by_token)
    async with client(server, token="rich") as github:
        with pytest.raises(SecondaryRateLimitError):
            await get(github.with_options(token="poor"))
        asked = len(server.requests)
        with pytest.raises(SecondaryRateLimitError):
            await get(github.with_options(token="poor"))
    assert len(server.requests) == asked


class Vault:
    """A callable for a token."""

    async def __call__(self) -> str:
        return "poor"


@dataclass
class ComparedVault(Vault):
    """One that has no hash."""

    scopes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FrozenVault(Vault):
    """One whose hash fails, since what is in it has none."""

    scopes: list[str] = field(default_factory=list)


@pytest.mark.parametrize("kind", [Vault, ComparedVault, FrozenVault])
async def test_any_callable_for_a_token_has_limits_of_its_own_which_its_views_share(kind: type[Vault]):
    server, vault = Recorder(by_token), kind()
    async with client(server, token=vault) as github:
        for each in (github, github.with_options(token=vault), github.with_options(retries=0)):
            with pytest.raises(SecondaryRateLimitError):
                await get(each)
        assert len(server.requests) == 1
        with pytest.raises(SecondaryRateLimitError):
            await get(github.with_options(token=kind()))
        assert len(server.requests) == 2


async def test_a_pause_within_max_wait_is_waited_for_and_told():
    waits: list[Wait] = []
    answers = [httpx.Response(429, json=SECONDARY, headers={"Retry-After": "50"}), httpx.Response(200, json=package(1))]
    server = Recorder(lambda request: answers[len(server.requests) - 1])
    loop = asyncio.get_running_loop()
    async with client(server, max_wait=60, on_wait=waits.append) as github:
        began = loop.time()
        await get(github)
        assert 50 <= loop.time() - began <= 52
    (wait,) = waits
    assert wait.reason == "secondary"
    assert 49 <= wait.seconds <= 51
    assert wait.until.tzinfo is UTC


async def test_a_view_may_be_more_patient_than_its_client():
    answers = [
        httpx.Response(429, json=SECONDARY, headers={"Retry-After": "600"}),
        httpx.Response(200, json=package(1)),
    ]
    server = Recorder(lambda request: answers[len(server.requests) - 1])
    async with client(server, max_wait=60) as github:
        with pytest.raises(SecondaryRateLimitError) as caught:
            await get(github)
        assert caught.value.retry_after == pytest.approx(600, abs=1)
        await get(github.with_options(max_wait=3900))
    assert len(server.requests) == 2


async def test_the_live_state_of_the_hour_can_be_read():
    server = MockGitHub(clock=lambda: datetime(2026, 8, 31, 12, tzinfo=UTC))
    server.add_org("acme").add_package("npm", "left-pad").add_version()
    async with GitHubPackages(server.token, transport=httpx.ASGITransport(app=server)) as github:
        assert github.rate_limit.remaining is None
        await get(github)
        limit = github.rate_limit
    assert (limit.limit, limit.remaining, limit.used) == (5000, 4999, 1)
    assert limit.reset == datetime(2026, 8, 31, 13, tzinfo=UTC)


async def test_the_reserve_is_left_to_others():
    reset = int(time.time()) + 3000
    headers = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "100", "x-ratelimit-reset": str(reset)}
    server = Recorder(lambda request: httpx.Response(200, json=package(1), headers=headers))
    async with client(server, reserve=100, max_wait=60) as github:
        await get(github)
        with pytest.raises(PrimaryRateLimitError, match="was not sent") as caught:
            await get(github)
    assert len(server.requests) == 1
    assert caught.value.retry_at


@pytest.mark.parametrize(
    ("base_url", "options", "seconds"),
    [
        ("https://api.github.com", {}, 60),
        ("https://api.octocorp.ghe.com", {}, 60),
        ("https://ghe.example.com/api/v3", {}, 0),
        ("https://ghe.example.com/api/v3", {"points_per_minute": 900}, 60),
        ("https://api.github.com", {"points_per_minute": None}, 0),
        ("https://api.github.com", {"points_per_minute": 450}, 120),
    ],
)
async def test_900_points_a_minute_hold_on_githubs_own_hosts_and_elsewhere_if_asked_for(
    base_url: str, options: dict[str, int | None], seconds: float
):
    server = Recorder(one_package)
    loop = asyncio.get_running_loop()
    async with GitHubPackages(
        "made-up", transport=server, trust_env=False, base_url=base_url, max_wait=200, **options
    ) as github:
        began = loop.time()
        async with asyncio.TaskGroup() as group:
            for _ in range(901):
                group.create_task(get(github))
        assert loop.time() - began == pytest.approx(seconds, abs=0.1)
    assert len(server.requests) == 901


@pytest.mark.parametrize("points", [0, 4, -1])
def test_points_that_are_too_few_are_refused_with_what_to_pass_instead(points: int):
    with pytest.raises(ValueError, match=f"at least 5, which a change costs, or None for no limit: {points}$"):
        client(Recorder(one_package), points_per_minute=points)


async def test_without_a_limit_of_points_changes_have_none_either():
    server = Recorder(lambda request: httpx.Response(204))
    async with client(server, points_per_minute=None) as github:
        owner = github.org("acme")
        await asyncio.gather(*(owner.delete_version("npm", "left-pad", number) for number in range(1, 601)))
    assert len(server.requests) == 600
    assert asyncio.get_running_loop().time() == 0


async def test_changes_are_a_second_apart_and_500_an_hour():
    times: list[float] = []

    def answer(request: httpx.Request) -> httpx.Response:
        times.append(asyncio.get_running_loop().time())
        return httpx.Response(204)

    async with client(Recorder(answer), points_per_minute=900, max_wait=3900) as github:
        owner = github.org("acme")
        await asyncio.gather(*(owner.delete_version("npm", "left-pad", number) for number in range(1, 502)))
    assert [round(each) for each in times] == [*range(500), 3600]


@pytest.mark.parametrize(
    "options",
    [
        {"concurrency": 0},
        {"concurrency": 101},
        {"reserve": -1},
        {"points_per_minute": 0},
        {"points_per_minute": 4},
        {"max_wait": -1},
        {"retries": -1},
    ],
)
def test_numbers_that_can_not_be_valid_are_refused(options: dict[str, int]):
    with pytest.raises(ValueError, match=next(iter(options))):
        client(Recorder(one_package), **options)


async def test_no_more_requests_are_made_at_once_than_was_said():
    at_once, most = 0, 0

    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(1)
            at_once -= 1
            return one_package(request)

    async with client(Slow(), concurrency=5) as github:
        view = github.with_options(token="another")
        await asyncio.gather(*(get(each) for each in [github, view] * 20))
    assert most == 5


async def test_a_get_that_fails_at_first_is_asked_for_again():
    server = Recorder(lambda request: httpx.Response(502) if len(server.requests) < 3 else one_package(request))
    async with client(server) as github:
        await get(github)
    assert len(server.requests) == 3


def failing(kind: object) -> Recorder:
    """Fails each time in one way."""

    def answer(request: httpx.Request) -> httpx.Response:
        if isinstance(kind, int):
            return httpx.Response(kind, json={"message": "Server Error"})
        if kind == "broken":
            return httpx.Response(200, content=b"[{", headers={"Content-Type": "application/json"})
        raise httpx.ReadError("reset", request=request)

    return Recorder(answer)


@pytest.mark.parametrize("kind", [500, 502, 503, 504, "broken", "reset"])
@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
async def test_without_retries_everything_is_sent_exactly_once(kind: object, method: str):
    if (kind, method) in {("broken", "DELETE"), ("broken", "POST")}:
        pytest.skip("nothing is read")
    server = failing(kind)
    async with client(server, retries=0) as github:
        owner = github.org("acme")
        call = {"GET": owner.get_package, "DELETE": owner.delete_package, "POST": owner.restore_package}[method]
        with pytest.raises(GitHubPackagesError):
            await call("npm", "left-pad")
    assert [request.method for request in server.requests] == [method]


@pytest.mark.parametrize("kind", [502, "broken", "reset"])
async def test_a_listing_without_retries_asks_for_its_page_once(kind: object):
    server = failing(kind)
    async with client(server, retries=0) as github:
        with pytest.raises(GitHubPackagesError):
            await github.org("acme").packages("npm", per_page=5).collect()  # 5 are not divided
    assert len(server.requests) == 1


@pytest.mark.parametrize(("retries", "sent"), [(0, 1), (1, 2), (3, 4), (5, 6)])
async def test_a_view_may_have_more_or_fewer_retries_than_its_client(retries: int, sent: int):
    server = failing(502)
    async with client(server, retries=2) as github:
        view = github.with_options(retries=retries)
        with pytest.raises(ServerError):
            await get(view)
        assert len(server.requests) == sent
        with pytest.raises(ServerError):
            await get(view.with_options(max_wait=5))
        assert len(server.requests) == 2 * sent
        with pytest.raises(ServerError):
            await get(github)
        assert len(server.requests) == 2 * sent + 3


async def test_a_delete_that_took_effect_although_it_failed_is_done_once():
    server = MockGitHub()
    version = server.add_org("acme").add_package("npm", "left-pad")
    first, _ = version.add_version(), version.add_version()

    class Losing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            response = await httpx.ASGITransport(app=server).handle_async_request(request)
            return httpx.Response(500) if request.method == "DELETE" else response

    async with client(Losing(), token=server.token) as github:
        await github.org("acme").delete_version("npm", "left-pad", first.id)
    assert [request.method for request in server.requests] == ["DELETE", "GET"]
