"""One after the other, with turns of the event loop between them."""

import asyncio
from collections import deque


class Turns:
    """Lets those who wait go on one at a time, in the order in which they came.

    Args:
        first: How many turns of the event loop one waits who finds nobody waiting, at least 1.
        each: How many turns there are between one and the next, at least 1.
    """

    def __init__(self, *, first: int, each: int) -> None:
        self._first, self._each = first, each
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None  # in which they wait

    async def wait(self) -> None:
        """Wait for one's turn."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        if self._loop is not loop:  # of another one, which has ended, nobody waits any more
            self._loop = loop
            self._waiting.clear()
            loop.call_soon(self._go_on, loop, self._first)
        self._waiting.append(turn)
        await turn

    def _go_on(self, loop: asyncio.AbstractEventLoop, turns: int) -> None:
        if turns > 1:
            loop.call_soon(self._go_on, loop, turns - 1)
            return
        while self._waiting and self._waiting[0].done():  # cancelled
            self._waiting.popleft()
        if self._waiting:
            self._waiting.popleft().set_result(None)
        if self._waiting:
            loop.call_soon(self._go_on, loop, self._each)
        else:
            self._loop = None
