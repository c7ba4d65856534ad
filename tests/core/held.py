"""A transport whose answers wait until a test gives them, so that it decides who is how fast."""

import asyncio
from collections.abc import Callable

import httpx
from attrs import define
from tests.core.wire import Handler


def page_of(request: httpx.Request) -> str:
    """What a test calls a request: the number of its page."""
    return request.url.params["page"]


@define(eq=False)
class _Waiting:
    name: str
    turn: asyncio.Future[None]


class Held(httpx.AsyncBaseTransport):
    """Holds each request until it is told to answer it.

    Args:
        handler: What it answers with then.
        name: What requests are called here.

    Attributes:
        asked: The requests, in the order in which they came.
        cancelled: Those that were given up while they waited.
        most: How many waited at once, at most.
    """

    def __init__(self, handler: Handler, name: Callable[[httpx.Request], str] = page_of) -> None:
        self.handler, self.name = handler, name
        self.asked: list[str] = []
        self.cancelled: list[str] = []
        self.most = 0
        self._waiting: list[_Waiting] = []
        self._is_open = False

    @property
    def in_flight(self) -> list[str]:
        """Those that wait, in the order in which they came."""
        return [each.name for each in self._waiting]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = self.name(request)
        self.asked.append(name)
        waiting = _Waiting(name, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self.most = max(self.most, len(self._waiting))
        try:
            if not self._is_open:
                await waiting.turn
        except asyncio.CancelledError:
            self.cancelled.append(name)
            raise
        finally:
            self._waiting.remove(waiting)
        return self.handler(request)

    async def answer(self, *names: str) -> None:
        """Answer requests one after the other, each when all that follows from the one before has happened."""
        for name in names:
            next(each for each in self._waiting if each.name == name and not each.turn.done()).turn.set_result(None)
            await settle()

    async def answer_all(self) -> None:
        """Answer those that wait, and what is asked from now on at once."""
        self._is_open = True
        await self.answer(*self.in_flight)


async def settle() -> None:
    """Let everything happen that can: on the virtual clock this returns when nothing else is left to do."""
    await asyncio.sleep(0.001)
