"""The clock by which transports wait, so that tests can pass pauses without waiting."""

import asyncio
import random
import time
from collections.abc import Callable

TURNS = 50
"""How many turns of the event loop a pause takes where it takes no time: those of calls that were made together have
begun before the first of them ends."""


class Clock:
    """The clock of the running event loop."""

    def now(self) -> float:
        """Return seconds on the monotonic clock."""
        return asyncio.get_running_loop().time()

    def wall(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    def jitter(self) -> float:
        """Return the part of a longest pause that is waited, from 0 to 1."""
        return random.random()  # noqa: S311 - no secret

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    def call_at(self, when: float, callback: Callable[[], object]) -> asyncio.Handle:
        """Call at an instant of `now`."""
        return asyncio.get_running_loop().call_at(when, callback)


class SkippingClock(Clock):
    """A clock that stands still and jumps over pauses, so that they take no time, and always waits the longest ones.

    Args:
        skipped: Called with the seconds of each jump, for the clock of a mock server.
    """

    def __init__(self, skipped: Callable[[float], object]) -> None:
        self._skipped = skipped
        self._now = 0.0

    def now(self) -> float:
        """Return the seconds that were jumped over."""
        return self._now

    def jitter(self) -> float:
        """Return 1, so that all runs are the same."""
        return 1.0

    async def sleep(self, seconds: float) -> None:
        """Jump, once everything that is ready has run."""
        when = self._now + seconds
        for _ in range(TURNS):
            await asyncio.sleep(0)
        self._jump(when)

    def call_at(self, when: float, callback: Callable[[], object]) -> asyncio.Handle:
        """Jump and call, once everything that is ready has run."""

        def jump() -> None:
            self._jump(when)
            callback()

        return asyncio.get_running_loop().call_soon(jump)

    def _jump(self, when: float) -> None:
        seconds = when - self._now
        if seconds > 0:
            self._now = when
            self._skipped(seconds)
