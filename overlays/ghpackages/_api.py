"""The generated client, as `GitHubPackages` uses it."""

from collections.abc import Mapping
from urllib.parse import urlencode

import httpx

from ghpackages_runtime.client import Client


class StackClient(Client):
    """Hands requests to a transport directly, without what an `httpx.AsyncClient` does for each of them.

    That client takes as long as all the rest of a request: it parses three URLs, looks for cookies and redirects, and
    for authentication that the transports see to. Its headers, timeout and event hooks hold here, too; requests that
    are sent through it, by `get_async_httpx_client`, take the same transport.

    Args:
        base_url: Where the API is, without a trailing slash.
        headers: Headers of every request.
        timeout: Seconds for each of connecting, sending and waiting for a part of the answer, or an `httpx.Timeout`.
        transport: Where requests go.
    """

    def __init__(
        self,
        base_url: httpx.URL,
        *,
        headers: Mapping[str, str],
        timeout: float | httpx.Timeout,
        transport: httpx.AsyncBaseTransport,
    ) -> None:
        client = httpx.AsyncClient(
            base_url=base_url,
            headers=headers,
            timeout=timeout,
            transport=transport,
            trust_env=False,  # what the environment says is the business of the transport
        )
        super().__init__(http_client=client)
        self._base_url, self._transport = str(base_url), transport

    async def _request(self, method: str, url: str, params: Mapping[str, str | int] | None) -> httpx.Response:
        client = self._http_client
        if client.is_closed or any(client.event_hooks.values()):
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
        try:
            await response.aread()
        finally:  # reading that fails or is cancelled leaves the stream open
            await response.aclose()
        return response
