"""A clock that can be set, and what goes by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from ghpackages.testing import EPOCH, MockClock, MockGitHub

Connect = Callable[..., httpx.AsyncClient]

PACKAGE = "/user/packages/npm/left-pad"


@pytest.fixture
def clock() -> MockClock:
    """Give a clock that stands still."""
    return MockClock()


@pytest.fixture
def server(clock: MockClock) -> MockGitHub:
    """Give an empty server that goes by the clock."""
    return MockGitHub(clock=clock)


def test_a_clock_starts_at_the_present_of_the_example_and_stands_still(clock: MockClock) -> None:
    assert clock() == clock() == clock.now == EPOCH


def test_a_clock_can_be_set_and_advanced(clock: MockClock) -> None:
    clock.now = datetime(2030, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    clock.advance(timedelta(days=1, hours=1))

    assert clock() == datetime(2030, 1, 2, tzinfo=UTC)
    assert "2030-01-02" in repr(clock)


def test_a_clock_needs_a_time_zone(clock: MockClock) -> None:
    for change in (lambda: MockClock(datetime(2030, 1, 1)), lambda: setattr(clock, "now", datetime(2030, 1, 1))):
        with pytest.raises(ValueError, match="time zone"):
            change()


async def test_what_is_made_is_dated_by_the_clock(
    server: MockGitHub, clock: MockClock, client: httpx.AsyncClient
) -> None:
    package = server.user.add_package("npm", "left-pad")
    clock.advance(timedelta(days=1, microseconds=5))
    package.add_version()
    (version,) = (await client.get(f"{PACKAGE}/versions")).json()
    shown = await client.get(PACKAGE)

    assert (shown.json()["created_at"], version["created_at"]) == ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")
    assert shown.json()["updated_at"] == version["created_at"]
    assert shown.headers["date"] == "Mon, 02 Nov 2026 00:00:00 GMT"


@pytest.mark.parametrize(("late", "status"), [(timedelta(), 204), (timedelta(seconds=1), 404)])
async def test_what_was_deleted_can_be_restored_until_the_clock_has_gone_30_days(
    server: MockGitHub, clock: MockClock, client: httpx.AsyncClient, late: timedelta, status: int
) -> None:
    package = server.user.add_package("npm", "left-pad")
    versions = [package.add_version() for _ in range(2)]
    path = f"{PACKAGE}/versions/{versions[0].id}"
    await client.delete(path)
    clock.advance(timedelta(days=30) + late)

    assert (await client.post(f"{path}/restore")).status_code == status


async def test_rate_limits_start_anew_when_the_clock_has_gone_an_hour(
    server: MockGitHub, clock: MockClock, connect: Connect
) -> None:
    client = connect(server, server.add_token(rate_limit=1))
    statuses: list[int] = []
    for _ in range(3):
        statuses.append((await client.get(PACKAGE)).status_code)
        clock.advance(timedelta(minutes=30))

    assert statuses == [404, 403, 404]
