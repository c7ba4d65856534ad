"""A transport that belongs to someone else."""

import httpx


class BorrowedTransport(httpx.AsyncBaseTransport):
    """Sends through a transport that its owner will close: closing this one does nothing."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send."""
        return await self._inner.handle_async_request(request)
