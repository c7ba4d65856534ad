"""What all transports around another one have in common."""

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
