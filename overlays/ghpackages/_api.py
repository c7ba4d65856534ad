"""The generated client, as `GitHubPackages` uses it."""

from collections.abc import Mapping
from urllib.parse import urlencode

import httpx

from ghpackages_runtime.client import Client

from .transport import Home, LoopTransport, TokenSourceError


class StackClient(Client):
    """Sends requests straight to the transport, skipping the work that an `httpx.AsyncClient` does per request.

    That client takes as long as all the rest of a request: it parses three URLs, looks for cookies and redirects, and
    for authentication, which the transports handle. Its headers, timeout and event hooks hold here, too; requests that
    are sent through it, by `get_async_httpx_client`, take the same transport.

    Args:
        base_url: Where the API is, without a trailing slash.
        headers: Headers of every request.
        timeout: Seconds for each of connecting, sending and waiting for a part of the answer, or an `httpx.Timeout`.
        transport: Where requests go.
        home: The event loop in which the client works.
    """

    def __init__(
        self,
        base_url: httpx.URL,
        *,
        headers: Mapping[str, str],
        timeout: float | httpx.Timeout,
        transport: httpx.AsyncBaseTransport,
        home: Home,
    ) -> None:
        transport = self._transport = LoopTransport(transport, home)
        client = httpx.AsyncClient(
            base_url=base_url,
            headers=headers,
            timeout=timeout,
            transport=transport,
            trust_env=False,  # the environment is handled by the innermost transport
        )
        super().__init__(http_client=client)
        self._base_url = str(base_url)

    def check(self) -> None:
        """Check that requests can be sent here.

        Raises:
            UsageError: The client is closed, or can't work in this event loop.
        """
        self._transport.check()

    async def send(self, method: str, url: str, params: Mapping[str, str | int] | None = None) -> httpx.Response:
        """Send a request and read the whole response; what a callable for the token raised is raised as it is."""
        try:
            return await super().send(method, url, params)
        except TokenSourceError as failure:
            error = failure.error
        raise error

    async def _request(self, method: str, url: str, params: Mapping[str, str | int] | None) -> httpx.Response:
        client = self._http_client
        if any(client.event_hooks.values()):
            self.check()
            return await super()._request(method, url, params)
        query = f"?{urlencode(params)}" if params else ""
        request = httpx.Request(
            method,
            f"{self._base_url}{url}{query}",
            headers=client.headers,
            extensions={"timeout": client.timeout.as_dict()},
        )
        response = await self._transport.handle_async_request(request)
        response.request = request
        return response
