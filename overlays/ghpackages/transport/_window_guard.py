"""Refuse pages beyond the window before they are asked for, raw endpoint calls included."""

import httpx

from .. import _window
from ._layer import Layer


class WindowGuardTransport(Layer):
    """Raises `PageWindowError` for a GET of *list packages* with page × per_page > 10000; sends everything else on."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Check, then send."""
        if request.method == "GET" and _window.has_window(request.url.raw_path.partition(b"?")[0]):
            params = request.url.params
            page, per_page = params.get("page", "1"), params.get("per_page", str(_window.DEFAULT_PER_PAGE))
            if page.isdecimal() and per_page.isdecimal():
                _window.check(int(page), int(per_page))
        return await self._inner.handle_async_request(request)
