"""A client works in one event loop at a time; what belongs to a loop ends with it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

import httpx

from ..exceptions import UsageError
from ._layer import Layer


def running_loop() -> asyncio.AbstractEventLoop:
    """Return the event loop that runs.

    Raises:
        UsageError: None of asyncio does.
    """
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise UsageError("ghpackages works with asyncio only: no event loop of asyncio is running here") from None


CLOSED = "this client is closed"


class Home:
    """The event loop in which a client and its views work.

    Args:
        moved: Called when they begin to work in another one, to forget what was under way in the one before.
    """

    def __init__(self, moved: Callable[[], object]) -> None:
        self._moved = moved
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_closed = False

    def enter(self) -> None:
        """Check that the client can work here.

        Raises:
            UsageError: It is closed, works in another loop that still runs, or asyncio is not running.
        """
        if self.is_closed:
            raise UsageError(CLOSED)
        loop = running_loop()
        if loop is self._loop:
            return
        if self._loop is not None:
            if self._loop.is_running():
                raise UsageError("this client is in use in another event loop that still runs: make one for each")
            self._moved()
        self._loop = loop


class LoopTransport(Layer):
    """Refuses requests that are sent elsewhere than in the event loop of their client, or after it was closed."""

    def __init__(self, inner: httpx.AsyncBaseTransport, home: Home) -> None:
        super().__init__(inner)
        self._home = home
        self._is_closed = False

    def check(self) -> None:
        """Check that requests can be sent here.

        Raises:
            UsageError: The client is closed, or can't work in this event loop.
        """
        if self._is_closed:
            raise UsageError(CLOSED)
        self._home.enter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Check, then send."""
        self.check()
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Refuse all requests, and close the transport inside."""
        self._is_closed = True
        await super().aclose()


class LoopLock:
    """A lock that can be used in one event loop after the other; asyncio's belongs to the first that used it."""

    def __init__(self) -> None:
        self._lock: tuple[asyncio.AbstractEventLoop, asyncio.Lock] | None = None

    def __call__(self) -> asyncio.Lock:
        """Return the lock for the running loop."""
        loop = asyncio.get_running_loop()
        if self._lock is None or self._lock[0] is not loop:
            self._lock = loop, asyncio.Lock()
        return self._lock[1]


class LateTransport(httpx.AsyncBaseTransport):
    """A transport that is made when it is needed, since importing and reading what it needs takes time.

    It is made anew in each event loop, and closed when that one is shut down, as `asyncio.run` does: then asynchronous
    generators that are still open are closed
    (https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.loop.shutdown_asyncgens).

    Args:
        maker: Makes the transport, which is closed with this one.
    """

    def __init__(self, maker: Callable[[], httpx.AsyncBaseTransport]) -> None:
        self._maker = maker
        self._made: httpx.AsyncBaseTransport | None = None
        self._life: AsyncGenerator[None, None] | None = None
        self._is_closed = False

    async def make(self) -> httpx.AsyncBaseTransport:
        """Return the transport, which is made now if there is none yet.

        Raises:
            UsageError: This one is closed.
        """
        if self._is_closed:
            raise UsageError(CLOSED)
        if self._made is None:
            self._made = self._maker()
            self._life = _closing(self._made)
            await anext(self._life)
        return self._made

    def forget(self) -> None:
        """Make another one next time, in another event loop."""
        self._made = self._life = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send.

        Raises:
            UsageError: This transport is closed, or was closed meanwhile.
        """
        try:
            return await (self._made or await self.make()).handle_async_request(request)
        except httpx.TransportError:
            if not self._is_closed:
                raise
        raise UsageError(CLOSED)  # without a cause, whose frames would show the token

    async def aclose(self) -> None:
        """Close the transport, if there is one, even if this is cancelled."""
        self._is_closed = True
        life = self._life
        self.forget()
        if life is not None:
            with suppress(RuntimeError):  # its event loop is closed, and it with it
                await life.aclose()


async def _closing(transport: httpx.AsyncBaseTransport) -> AsyncGenerator[None, None]:
    """Close a transport when this generator is closed."""
    try:
        yield
    finally:
        await transport.aclose()
