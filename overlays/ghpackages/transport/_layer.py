"""What all transports around another one have in common."""

from collections.abc import Callable

import httpx


class Layer(httpx.AsyncBaseTransport):
    """A transport around another one, which it closes with itself."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def aclose(self) -> None:
        """Close the transport inside."""
        await self._inner.aclose()


class BorrowedTransport(Layer):
    """Sends through a transport that its owner will close: closing this one does nothing."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send."""
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Leave it open."""


class LateTransport(httpx.AsyncBaseTransport):
    """A transport that is made when it is needed, since what it imports and reads takes its time.

    Args:
        maker: Makes the transport, which is closed with this one.
    """

    def __init__(self, maker: Callable[[], httpx.AsyncBaseTransport]) -> None:
        self._maker = maker
        self._made: httpx.AsyncBaseTransport | None = None

    def make(self) -> httpx.AsyncBaseTransport:
        """The transport, which is made now if there is none yet."""
        if self._made is None:
            self._made = self._maker()
        return self._made

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send."""
        return await self.make().handle_async_request(request)

    async def aclose(self) -> None:
        """Close the transport, if there is one."""
        if self._made is not None:
            await self._made.aclose()
