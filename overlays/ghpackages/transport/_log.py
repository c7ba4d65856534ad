"""A log of what was sent, for debugging: logger `ghpackages`, level DEBUG."""

import logging
from time import perf_counter

import httpx

from ._count import count_one
from ._layer import Layer

logger = logging.getLogger("ghpackages")


class LogTransport(Layer):
    """Logs one line per request: method, path, status or error, milliseconds, and what is left of the rate limit."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and log. The query is left out: it can hold a package token."""
        count_one()
        if not logger.isEnabledFor(logging.DEBUG):
            return await self._inner.handle_async_request(request)
        started, outcome, left = perf_counter(), "", "?"
        try:
            response = await self._inner.handle_async_request(request)
            outcome, left = str(response.status_code), response.headers.get("x-ratelimit-remaining", "?")
            return response
        except BaseException as error:
            outcome = type(error).__name__
            raise
        finally:
            path, took = request.url.raw_path.partition(b"?")[0].decode("ascii"), (perf_counter() - started) * 1000
            logger.debug("%s %s %s in %.0f ms, %s left", request.method, path, outcome, took, left)
