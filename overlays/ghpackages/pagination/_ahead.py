"""Pages that are asked for before they are wanted."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from typing import Any, Generic

from .._flows import FLOW, Flow
from ..exceptions import UsageError
from ._listing import Page, T

LOOK_AHEAD = 32
"""How many pages are asked for ahead at most: 16 under way, enough for the 15 requests a second that GitHub allows, and
16 that are next, so that one goes as soon as another one's answer has come, before that is decoded."""


def look_ahead(concurrency: int) -> int:
    """How many pages are asked for ahead where so many requests are made at once."""
    return min(2 * concurrency, LOOK_AHEAD) if concurrency > 1 else 1


class PageFetcher(Generic[T]):
    """Asks for the pages of one listing in order, and for some ahead of the one that is wanted.

    Its tasks outlive the calls that start them, so no task group can hold them: `cancel` cancels them, and `aclose`
    also waits for their end; dropping the last reference to a fetcher cancels them, too.

    Args:
        ask: Asks for one page.
        ahead: How many pages after the one that is wanted are asked for at the same time, at most.
    """

    def __init__(self, ask: Callable[[int], Coroutine[Any, Any, Page[T]]], ahead: int) -> None:
        self._ask, self._ahead = ask, ahead
        self._flow = Flow()
        self._tasks: dict[int, asyncio.Task[Page[T]]] = {}
        self._ending: set[asyncio.Task[Page[T]]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def page(self, number: int, last: int) -> Page[T]:
        """Return the page of this number; those after it, up to `last`, are asked for ahead.

        A page that failed ahead of its turn is asked for again. If this is interrupted, or fails, nothing stays in
        flight, and the page can be asked for again.
        """
        reach = min(number + self._ahead, last)
        try:
            if reach <= number and not self._tasks:
                return await self._ask(number)
            self._enter()
            if number in self._tasks and _has_failed(self._tasks[number]):
                del self._tasks[number]  # ahead of its turn, and perhaps long ago
            for wanted in range(number, max(number, reach) + 1):
                self._start(wanted)
            task = self._tasks[number]
            if not task.done():
                await asyncio.wait([task])
            if self._tasks.pop(number, None) is not task:
                raise UsageError("the iterator was closed while it waited for a page")
            if task.cancelled():
                raise UsageError("a page was cancelled elsewhere")
            return task.result()
        except BaseException:
            await self.aclose()
            raise

    def _enter(self) -> None:
        """Forget what was in flight in another event loop, which has ended."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._tasks.clear()
            self._ending.clear()
            self._loop = loop

    def _start(self, number: int) -> None:
        if number in self._tasks:
            return
        context = copy_context()
        context.run(FLOW.set, self._flow)
        task = asyncio.get_running_loop().create_task(self._ask(number), context=context)
        task.add_done_callback(_retrieve)
        self._tasks[number] = task

    def cancel(self) -> None:
        """Cancel what is in flight."""
        for task in self._tasks.values():
            task.cancel()
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
        self._tasks.clear()

    async def aclose(self) -> None:
        """Cancel what is in flight, and wait until it has ended; an interruption leaves nothing to be cancelled."""
        if self._tasks or self._ending:
            self._enter()
        self.cancel()
        if self._ending:
            await asyncio.wait(self._ending)

    def __del__(self) -> None:
        """Cancel what is in flight."""
        for task in getattr(self, "_tasks", {}).values():
            if not task.done() and not (loop := task.get_loop()).is_closed():
                loop.call_soon_threadsafe(task.cancel)


def _has_failed(task: asyncio.Task[Page[T]]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _retrieve(task: asyncio.Task[Page[T]]) -> None:
    """Take note of an error that nobody wants any more; else asyncio would complain."""
    if not task.cancelled():
        task.exception()
