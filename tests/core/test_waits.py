"""What an operation waits for limits, all its waits together, and what counts against them: whatever is sent."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.core.wire import Recorder, client, package, pages_of, version
from tests.transport.governed import now
from tests.transport.virtual_clock import run

from ghpackages import (
    AuthenticationError,
    GitHubPackages,
    GitHubPackagesError,
    RateLimitError,
    SecondaryRateLimitError,
    ServerError,
)
from ghpackages_api.api.packages import get_package_for_org

Answer = Callable[[], httpx.Response]

MESSAGE = {"message": "You have exceeded a secondary rate limit."}
BACKOFF = 1 + 2 + 4
"""The longest waits before the three other attempts, in seconds."""


def good() -> httpx.Response:
    return httpx.Response(200, json=package(1))


def failed() -> httpx.Response:
    return httpx.Response(502, json={"message": "Server Error"})


def unknown() -> httpx.Response:
    return httpx.Response(401, json={"message": "Bad credentials"})


def moved() -> httpx.Response:
    return httpx.Response(307, headers={"Location": "https://api.github.com/organizations/7/packages/npm/left-pad"})


def refused(after: object = None, status: int = 429, **headers: str) -> Answer:
    if after is not None:
        headers |= {"Retry-After": str(after)}
    return lambda: httpx.Response(status, json=MESSAGE, headers=headers)


def until(seconds: int) -> Answer:
    """A refusal that names a date, and the server's clock."""
    at = 1_800_000_000
    return refused(formatdate(at + seconds, usegmt=True), 403, Date=formatdate(at, usegmt=True))


def in_turn(*steps: Answer) -> Recorder:
    """Gives one answer after the other; the last goes on for ever."""
    left = list(steps)
    return Recorder(lambda request: (left.pop(0) if len(left) > 1 else left[0])())


async def get(github: GitHubPackages) -> None:
    await github.org("acme").get_package("npm", "left-pad")


async def renewed() -> str:
    """Give a token, as a callable that is asked again after a 401."""
    return "made-up"


# --- one operation


@pytest.mark.parametrize(
    ("refusal", "seconds"),
    [
        (refused(59), 59),
        (refused(59, 403), 59),
        (refused(25), 50),
        (refused(61), 0),
        (refused(), 60),
        (refused(status=403), 60),
        (until(50), 50),
        (until(25), 50),
        (refused(0), 9),
        (refused(1), 9),
    ],
)
async def test_a_call_that_is_refused_again_and_again_waits_no_longer_than_max_wait_in_all(
    refusal: Answer, seconds: float
):
    async with client(in_turn(refusal), max_wait=60) as github:
        with pytest.raises(SecondaryRateLimitError):
            await get(github)
    assert now() == pytest.approx(seconds, abs=0.1)


@pytest.mark.parametrize("max_wait", [0, 20, 100, 3900])
async def test_a_single_call_waits_no_longer_than_the_view_it_goes_through(max_wait: float):
    server = in_turn(refused(20))
    async with client(server, max_wait=7) as github:
        with pytest.raises(SecondaryRateLimitError):
            await get(github.with_options(max_wait=max_wait))
    assert now() == min(max_wait // 20, 9) * 20


async def test_an_owner_can_be_told_to_wait_longer_or_less():
    async with client(in_turn(refused(20)), max_wait=0) as github:
        patient = github.org("acme").with_options(max_wait=50)
        with pytest.raises(SecondaryRateLimitError):
            await patient.get_package("npm", "left-pad")
        assert now() == 40
        with pytest.raises(SecondaryRateLimitError):
            await patient.with_options(max_wait=5).packages("npm").collect()
        assert now() == 40
        assert (patient.kind, patient.name) == ("org", "acme")


@pytest.mark.parametrize("max_wait", [-1, float("nan")])
def test_a_wait_that_can_not_be_is_refused(max_wait: float):
    github = client(in_turn(good))
    with pytest.raises(ValueError, match="max_wait"):
        github.with_options(max_wait=max_wait)
    with pytest.raises(ValueError, match="max_wait"):
        github.org("acme").with_options(max_wait=max_wait)


async def test_the_waits_of_all_attempts_are_summed_up():
    async with client(in_turn(refused(25), failed, refused(25), failed, refused(25), good), max_wait=60) as github:
        with pytest.raises(SecondaryRateLimitError):
            await get(github)
    assert 50 <= now() <= 50 + BACKOFF


async def test_the_waits_of_all_hops_of_a_redirect_are_summed_up():
    server = in_turn(refused(25), moved, refused(25), moved, refused(25), good)
    async with client(server, max_wait=60) as github:
        with pytest.raises(SecondaryRateLimitError):
            await get(github)
    assert now() == 50
    assert len(server.requests) == 5


async def test_the_wait_of_the_repetition_after_a_401_is_added_and_the_401_is_told():
    server = in_turn(refused(40), unknown, refused(40), good)
    async with client(server, token=renewed, max_wait=60) as github:
        with pytest.raises(AuthenticationError):
            await get(github)
    assert now() == 40
    assert len(server.requests) == 3


async def test_the_waits_of_a_look_up_are_added_to_those_of_the_change():
    server = in_turn(refused(40), failed, refused(40), good)
    async with client(server, max_wait=60) as github:
        with pytest.raises(ServerError):
            await github.org("acme").delete_package("npm", "left-pad")
    assert 40 <= now() <= 40 + BACKOFF
    assert [request.method for request in server.requests] == ["DELETE", "DELETE", "GET"]


@pytest.mark.parametrize(("after", "raises"), [(25, True), (15, False)])
async def test_all_pieces_of_a_page_share_one_sum(after: int, raises: bool):
    whole, seen = pages_of([version(number) for number in range(1, 101)]), set[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params["per_page"] != "25":
            return failed()
        if request.url.params["page"] in seen:
            return whole(request)
        seen.add(request.url.params["page"])
        return refused(after)()

    async with client(Recorder(answer), max_wait=60, retries=0) as github:
        listing = github.org("acme").versions("npm", "left-pad")
        if raises:
            with pytest.raises(SecondaryRateLimitError):
                await listing.collect()
            assert now() == 50
        else:
            assert len(await listing.collect()) == 100
            assert now() == 60


async def test_each_page_has_its_own_sum():
    whole, seen = pages_of([version(number) for number in range(1, 301)]), set[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params["page"] in seen | {"3"}:
            return whole(request)
        seen.add(request.url.params["page"])
        return refused(40)()

    async with client(Recorder(answer), max_wait=60, concurrency=1) as github:
        assert len(await github.org("acme").versions("npm", "left-pad").collect()) == 300
    assert now() == 80


async def test_the_error_says_what_was_waited_already():
    def answer(request: httpx.Request) -> httpx.Response:
        return refused(40)() if len(server.requests) in {1, 3} else good()

    server = Recorder(answer)
    async with client(server, max_wait=60, concurrency=1) as github:
        # The second one waits for the first pause, and has not been sent when the next one begins.
        first, second, third = await asyncio.gather(*(get(github) for _ in range(3)), return_exceptions=True)
    assert first is None
    assert isinstance(second, SecondaryRateLimitError)
    assert isinstance(third, SecondaryRateLimitError)
    assert str(third).count("\n") == 0
    assert "The secondary limit asks for 40 s, max_wait is 60 s, of which 40 s are spent" in str(third)
    assert third.retry_after == pytest.approx(40)


async def test_what_a_callable_for_the_token_starts_has_waits_of_its_own():
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=[])
        posts.append(now())
        return refused(25)() if len(posts) % 2 else httpx.Response(201, json={})

    async def renew() -> None:
        for _ in range(5):
            await views[0].api.get_async_httpx_client().post("/app/installations/1/access_tokens")
            await asyncio.sleep(3000)

    async def source() -> str:
        if not renewals:  # within the first page of a listing
            renewals.append(asyncio.create_task(renew()))
        return "made-up"

    posts, views, renewals = list[float](), list[GitHubPackages](), list[asyncio.Task[None]]()
    async with client(Recorder(answer), token=source, max_wait=60) as github:
        views.append(github.with_options(token="made-up-jwt"))
        await github.org("acme").packages("npm").collect()
        await renewals[0]
    assert len(posts) == 10


# --- many at once


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 40), max_wait=st.integers(0, 200))
def test_no_call_waits_longer_than_max_wait_for_refusals_whatever_the_server_does(seed: int, count: int, max_wait: int):
    chance = random.Random(seed)  # noqa: S311 - no secrets
    weights = [chance.random() for _ in range(6)]

    def answer(request: httpx.Request) -> httpx.Response:
        kinds: list[Answer] = [
            good,
            failed,
            moved,
            unknown,
            refused(),
            refused(chance.randrange(max_wait // 2 + 2), chance.choice([403, 429])),
        ]
        return chance.choices(kinds, weights)[0]()

    async def main() -> None:
        async def one() -> float:
            await asyncio.sleep(chance.choice([0, chance.uniform(0, 100)]))
            began = now()
            with suppress(GitHubPackagesError):
                await get(github)
            return now() - began

        async with client(Recorder(answer), token=renewed, max_wait=max_wait, concurrency=100) as github:
            waited = await asyncio.gather(*(one() for _ in range(count)))
        assert max(waited) <= max_wait + BACKOFF + 0.1

    run(main())


@pytest.mark.parametrize("after", [0, 1, 2, 7, 30])
@pytest.mark.parametrize("latency", [0, 0.3, 30])
async def test_all_who_stand_behind_a_pause_that_never_ends_are_told_in_time(after: int, latency: float):
    class Refusing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(latency)
            return refused(after)()

    async with client(Refusing(), max_wait=60, concurrency=100, retries=0) as github:
        outcomes = await asyncio.gather(*(get(github) for _ in range(150)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {SecondaryRateLimitError}
    # One is asked ten times at most, and answers to those that were under way are waited for.
    assert now() <= 60 + 11 * latency


async def test_standing_behind_ones_own_requests_is_no_wait_for_a_limit():
    server = in_turn(good)
    async with client(server, max_wait=60, points_per_minute=900) as github:
        await asyncio.gather(*(get(github) for _ in range(2000)))
    assert len(server.requests) == 2000
    assert now() == pytest.approx(120, abs=0.1)


async def test_a_hundred_deletions_at_once_go_a_second_apart_however_short_max_wait_is():
    times: list[float] = []

    def answer(request: httpx.Request) -> httpx.Response:
        times.append(now())
        return httpx.Response(204)

    async with client(Recorder(answer), max_wait=5, points_per_minute=900) as github:
        owner = github.org("acme")
        await asyncio.gather(*(owner.delete_version("npm", "left-pad", number) for number in range(1, 101)))
    assert [round(each) for each in times] == list(range(100))


# --- whatever is sent


@example(seed=109, points=5, count=5)  # nobody was woken once the last change had been refused
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), points=st.integers(5, 60), count=st.integers(1, 60))
def test_no_more_points_than_allowed_are_spent_in_a_minute_whatever_the_server_answers(
    seed: int, points: int, count: int
):
    chance = random.Random(seed)  # noqa: S311 - no secrets
    weights = [chance.random() for _ in range(5)]
    spent: list[tuple[float, int]] = []

    class Server(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            spent.append((now(), 1 if request.method == "GET" else 5))
            await asyncio.sleep(chance.choice([0, chance.uniform(0, 20)]))
            kinds: list[Answer] = [good, failed, moved, unknown, refused(chance.randrange(30))]
            return chance.choices(kinds, weights)[0]()

    async def main() -> None:
        async def one() -> None:
            await asyncio.sleep(chance.choice([0, chance.uniform(0, 100)]))
            owner = github.org("acme")
            call = owner.get_package if chance.random() < 0.8 else owner.delete_package
            with suppress(GitHubPackagesError):
                await call("npm", "left-pad")

        options = {"token": renewed, "points_per_minute": points, "max_wait": 300, "concurrency": 40}
        async with client(Server(), **options) as github:
            await asyncio.gather(*(one() for _ in range(count)))

    run(main())
    for began, _ in spent:
        assert sum(cost for at, cost in spent if began <= at < began + 60) <= points


@pytest.mark.parametrize(
    ("steps", "sent"),
    [((moved, good), 2), ((unknown, good), 2), ((moved, unknown, moved, good), 4), ((failed, good), 2)],
)
async def test_one_permit_is_enough_for_redirects_repetitions_and_retries(steps: tuple[Answer, ...], sent: int):
    server = in_turn(*steps)
    async with client(server, token=renewed, concurrency=1) as github:
        await get(github)
    assert len(server.requests) == sent


async def test_with_one_permit_a_callable_for_the_token_can_use_the_same_connections():
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(201, json={"token": f"ghs_{len(server.requests)}"})
        return unknown() if len(server.requests) == 2 else good()

    async def source() -> str:
        response = await views[0].api.get_async_httpx_client().post("/app/installations/1/access_tokens")
        return str(response.json()["token"])

    server, views = Recorder(answer), list[GitHubPackages]()
    async with client(server, token=source, concurrency=1) as github:
        views.append(github.with_options(token="made-up-jwt"))
        await asyncio.gather(get(github), get_package_for_org.asyncio("acme", "npm", "left-pad", client=github.api))
    sent = [(request.method, request.headers["authorization"].partition("_")[0]) for request in server.requests]
    assert sent.count(("POST", "Bearer made-up-jwt")) == 3
    assert sent.count(("GET", "Bearer ghs")) == 3


@pytest.mark.parametrize("points", [5, 10])
async def test_a_repetition_after_a_401_that_may_not_be_sent_leaves_the_401(points: int):
    server = in_turn(*[good] * (points - 1), unknown)
    async with client(server, token=renewed, max_wait=0, points_per_minute=points) as github:
        for _ in range(points - 1):
            await get(github)
        with pytest.raises(AuthenticationError):
            await get(github)
        assert len(server.requests) == points
        with pytest.raises(RateLimitError, match="was not sent"):
            await get(github)
    assert len(server.requests) == points


ANONYMOUS = {"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "0", "X-RateLimit-Used": "60"}


async def test_the_limits_that_come_with_a_401_are_not_those_of_the_token():
    theirs = {**ANONYMOUS, "X-RateLimit-Reset": "4000000000", "X-RateLimit-Resource": "core"}
    ours = theirs | {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "4000", "X-RateLimit-Used": "1000"}
    server = in_turn(
        lambda: httpx.Response(200, json=package(1), headers=ours),
        lambda: httpx.Response(401, json={"message": "Bad credentials"}, headers=theirs),
        good,
    )
    async with client(server, max_wait=3900) as github:
        await get(github)
        before = github.rate_limit
        with pytest.raises(AuthenticationError):
            await get(github)
        assert github.rate_limit == before
        await get(github)
    assert (before.limit, before.remaining, before.paused_until) == (5000, 4000, None)
    assert now() == 0
