"""The clock by which transports wait, so that tests can pass pauses without waiting."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Protocol

from attrs import define

TURNS = 50
"""For how many turns of the event loop nothing else must begin to wait before a clock jumps; a request in process takes
about ten."""


class Timer(Protocol):
    """What will be called, unless it is cancelled."""

    def cancel(self) -> None:
        """Call nothing."""
        ...


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

    def call_at(self, when: float, callback: Callable[[], object]) -> Timer:
        """Call at an instant of `now`."""
        return asyncio.get_running_loop().call_at(when, callback)


class SkippingClock(Clock):
    """A clock that stands still and jumps over pauses, so that they take no time, and always waits the longest ones.

    It jumps to the end of the next pause once nothing else has begun to wait for a while: pauses that begin together
    end together, however many they are.

    Args:
        skipped: Called with the seconds of each jump, for the clock of a mock server.
    """

    def __init__(self, skipped: Callable[[float], object]) -> None:
        self._skipped = skipped
        self._now = 0.0
        self._alarms: list[_Alarm] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._quiet = 0

    def now(self) -> float:
        """Return the seconds that were jumped over."""
        return self._now

    def jitter(self) -> float:
        """Return 1, so that all runs are the same."""
        return 1.0

    async def sleep(self, seconds: float) -> None:
        """Jump, once everything that is ready has run."""
        over = asyncio.Event()
        alarm = self._set(self._now + seconds, over.set)
        try:
            await over.wait()
        finally:
            alarm.cancel()

    def call_at(self, when: float, callback: Callable[[], object]) -> Timer:
        """Jump and call, once everything that is ready has run."""
        return self._set(when, callback)

    def _set(self, when: float, callback: Callable[[], object]) -> "_Alarm":
        alarm = _Alarm(when, callback)
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # another one, or nothing was waited for
            self._loop = loop
            self._alarms.clear()
            loop.call_soon(self._tick)
        self._alarms.append(alarm)
        self._quiet = 0
        return alarm

    def _tick(self) -> None:
        """Jump if it is time, else look again at the next turn of the event loop."""
        loop = asyncio.get_running_loop()
        self._alarms = [alarm for alarm in self._alarms if alarm.is_set]
        if loop is not self._loop:  # another one was begun
            return
        if not self._alarms:
            self._loop = None
            return
        self._quiet += 1
        if self._quiet > TURNS:
            self._quiet = 0
            self._jump(min(alarm.when for alarm in self._alarms))
        loop.call_soon(self._tick)

    def _jump(self, when: float) -> None:
        seconds = when - self._now
        if seconds > 0:
            self._now = when
            self._skipped(seconds)
        for alarm in self._alarms[:]:
            if alarm.is_set and alarm.when <= when:
                alarm.cancel()
                alarm.callback()


@define(eq=False)
class _Alarm:
    """What is to be called when a clock has jumped so far."""

    when: float
    callback: Callable[[], object]
    is_set: bool = True

    def cancel(self) -> None:
        """Call nothing."""
        self.is_set = False
