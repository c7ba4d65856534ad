"""Clocks, and how instants are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["EPOCH", "Clock", "MockClock", "instant", "utc_now"]

Clock = Callable[[], datetime]
"""Tells an instant, with its time zone."""

EPOCH: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""The present of the example organisation: everything in it happened in the three years before."""


def utc_now() -> datetime:
    """Tell the real time."""
    return datetime.now(UTC)


def instant(moment: datetime) -> datetime:
    """Give a moment in whole seconds of UTC, which is all that the API shows."""
    return _aware(moment).astimezone(UTC).replace(microsecond=0)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"the date needs a time zone: {moment!r}")
    return moment


class MockClock:
    """A clock that stands still until it is told otherwise, for `MockGitHub(clock=MockClock())`.

    `now` can be read and set; without an argument it starts at the present of the example organisation.
    """

    def __init__(self, now: datetime = EPOCH) -> None:
        self._now = _aware(now)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self._now

    def __repr__(self) -> str:
        """Show the time."""
        return f"<MockClock {self._now.isoformat()}>"

    @property
    def now(self) -> datetime:
        """The time, with its time zone."""
        return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        self._now = _aware(moment)

    def advance(self, by: timedelta) -> None:
        """Let so much time go by."""
        self._now += by
