"""Follow redirects within one origin, and never change the method: httpx turns a DELETE into a GET on 301 and 302."""

import httpx

from ._body import read
from ._credentials import ForeignOriginError, copy_of, origin
from ._layer import Layer

MAX_REDIRECTS = 5
FOLLOWED = frozenset({301, 302, 307, 308})


class RedirectsTransport(Layer):
    """Repeats a request where 301, 302, 307 or 308 say, at most five times; hands all other answers on.

    Source: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and follow.

        Raises:
            ForeignOriginError: A redirect leads to another origin, or from https to http.
            httpx.TooManyRedirects: There was one redirect after the other.
        """
        here, hop = request.url, request
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._inner.handle_async_request(hop)
            target = redirect_target(hop.url, response)
            if target is None:
                return response
            await read(response)
            if origin(target) != origin(here):
                places = [f"{url.scheme}://{url.netloc.decode('ascii')}" for url in (here, target)]
                raise ForeignOriginError("{} redirects to {}, to which the token does not belong".format(*places))
            hop = copy_of(request, target)
        raise httpx.TooManyRedirects(f"{here.host} redirects more than {MAX_REDIRECTS} times")


def redirect_target(url: httpx.URL, response: httpx.Response) -> httpx.URL | None:
    """Where the answer to a request of this URL says to go; None if it is no redirect, or leads nowhere."""
    location = response.headers.get("location") if response.status_code in FOLLOWED else None
    if not location:
        return None
    try:
        target = url.join(location)
    except (httpx.InvalidURL, ValueError):
        return None
    return target if target.host else None
