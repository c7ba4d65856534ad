"""An event loop whose clock jumps to the next timer when nothing else is left to do: an hour takes milliseconds."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from ghpackages.transport import Clock

P = ParamSpec("P")
T = TypeVar("T")

EPOCH = 1_800_000_000.25
"""What the wall clock says when a loop begins; not a whole second, as in life."""


class _JumpingSelector(selectors.DefaultSelector):
    """Looks for I/O once, then lets the time of its loop pass instead of waiting."""

    loop: "VirtualClockLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout != 0:
            self.loop.jump(timeout)
        return ready


class VirtualClockLoop(asyncio.SelectorEventLoop):
    """An event loop for code that waits with asyncio only: threads and real peers do not get the time they need."""

    def __init__(self) -> None:
        self._virtual_time = 0.0
        selector = _JumpingSelector()
        selector.loop = self
        super().__init__(selector)
        self._clock_resolution = 1e-9  # on Windows it can be 16 ms: timers would be too early by that

    def time(self) -> float:
        return self._virtual_time

    def wall_clock(self) -> float:
        """Seconds since 1970, by this loop's clock."""
        return EPOCH + self._virtual_time

    def jump(self, timeout: float | None) -> None:
        """Let the time until the next timer pass.

        Raises:
            RuntimeError: There is no timer: the program would hang forever.
        """
        if timeout is None:
            raise RuntimeError("deadlock: nothing is ready, and no timer will make it so")
        # Exactly the timer's time, which adding the timeout could miss by a rounding error, again and again.
        timers = [handle.when() for handle in self._scheduled if not handle.cancelled()]  # type: ignore[attr-defined]
        self._virtual_time = max(self._virtual_time, min(timers))


SPEED = 25.0


class _HurriedSelector(selectors.DefaultSelector):
    """Waits a small part of the time."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / SPEED if timeout else timeout)


class HurriedLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock runs 25 times as fast, for peers that are real but near."""

    def __init__(self) -> None:
        super().__init__(_HurriedSelector())

    def time(self) -> float:
        return super().time() * SPEED


def wall_clock() -> float:
    """Seconds since 1970 by the running virtual loop."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualClockLoop)
    return loop.wall_clock()


class VirtualClock(Clock):
    """The clock of transports, whose wall clock is that of the running virtual loop, too."""

    def wall(self) -> float:
        return wall_clock()


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a virtual clock that begins at 0; fails if it leaves a task or a timer behind."""
    with asyncio.Runner(loop_factory=VirtualClockLoop) as runner:
        return runner.run(_alone(main))


async def _alone(main: Coroutine[Any, Any, T]) -> T:
    result = await main
    await asyncio.sleep(0)  # callbacks of what just ended
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, f"tasks left behind: {left}"
    timers = [each for each in asyncio.get_running_loop()._scheduled if not each.cancelled()]  # type: ignore[attr-defined]
    assert not timers, f"timers left behind: {timers}"
    return result


def on_virtual_clock(test: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Make of an async test one that runs on a virtual clock."""

    @wraps(test)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        return run(test(*args, **kwargs))

    return wrapper
