"""What our own client makes of the faults: an answer, or an error that says what happened; never a wrong answer."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import httpx
import pytest
from tests.transport.virtual_clock import run

from ghpackages import (
    APIConnectionError,
    APIError,
    DecodeError,
    GitHubPackages,
    PrimaryRateLimitError,
    SecondaryRateLimitError,
    ServerError,
)
from ghpackages.testing import EPOCH, MockClock, MockGitHub, MockPackage, faults

SURVIVED = [
    *(faults.Status(status) for status in (500, 502, 503, 504)),
    *(kind(at) for kind in (faults.Reset, faults.HangUp) for at in (None, 0.0, 0.5)),
    faults.TruncatedBody(),
    faults.BrokenGzip(),
    faults.Drip(1000, 1),
    faults.Latency(5, jitter=5),
    faults.SecondaryRefusal(5),
    faults.SecondaryRefusal(5, 429, retry_after="date"),
    faults.NoRateHeaders(),
    faults.UnknownEnums(),
    faults.UnknownFields(),
    faults.NullFields("license", "description", "deleted_at"),
    faults.MissingFields("html_url", "license"),
]
ERRORS = [
    (faults.Status(500), ServerError),
    (faults.Status(418), APIError),
    (faults.Reset(), APIConnectionError),
    (faults.HangUp(0.5), APIConnectionError),
    (faults.BrokenGzip(), APIConnectionError),
    (faults.PrimaryRefusal(), PrimaryRateLimitError),
    (faults.SecondaryRefusal(3600), SecondaryRateLimitError),
    (faults.NullFields("id", item=3), DecodeError),
    (faults.MissingFields("name", item=3), DecodeError),
]


def now() -> datetime:
    return EPOCH + timedelta(seconds=asyncio.get_running_loop().time())


def mocked() -> tuple[MockGitHub, MockPackage]:
    """A server whose clock is the loop's, once it runs."""
    server = MockGitHub(clock=MockClock())
    package = server.user.add_package("container", "web")
    package.add_versions(450)
    server.clock = now
    return server, package


def client_of(server: MockGitHub) -> GitHubPackages:
    return GitHubPackages(
        server.token,
        base_url="https://api.github.com",
        points_per_minute=None,
        transport=httpx.ASGITransport(app=server),
        trust_env=False,
    )


async def listed(server: MockGitHub) -> list[int]:
    async with client_of(server) as github:
        return [version.id async for version in github.me().versions("container", "web")]


@pytest.mark.parametrize("effect", SURVIVED, ids=repr)
def test_a_listing_survives(effect: faults.Effect) -> None:
    server, package = mocked()
    fault = server.fault(effect, page=range(2, 4), times=3)

    assert run(listed(server)) == [version.id for version in package.versions.newest(0, 450)]
    assert fault.hits >= 2


@pytest.mark.parametrize(("effect", "error"), ERRORS, ids=repr)
def test_what_cannot_be_survived_is_an_error_of_its_own(effect: faults.Effect, error: type[Exception]) -> None:
    server, _ = mocked()
    server.fault(effect, page=3)
    with pytest.raises(error):
        run(listed(server))


@pytest.mark.parametrize(
    "effect",
    [
        *(faults.Status(500, took_effect=took_effect) for took_effect in (False, True)),
        *(faults.Reset(took_effect=took_effect) for took_effect in (False, True)),
        faults.HangUp(took_effect=True),
    ],
    ids=repr,
)
def test_a_deletion_happens_once_whether_the_lost_answer_was_to_one_that_took_effect_or_not(
    effect: faults.Effect,
) -> None:
    server, package = mocked()
    (version,) = package.versions.newest(0, 1)
    server.fault(effect, method="DELETE", times=1)

    async def delete() -> None:
        async with client_of(server) as github:
            await github.me().delete_version("container", "web", version.id)

    run(delete())
    assert [one.id for one in package.versions.newest(0, 9, "deleted")] == [version.id]
    assert package.versions.count() == 449
