"""A server in the same process that enforces GitHub's limits, on the clock of the running loop.

Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from email.utils import formatdate
from math import ceil, inf

import httpx

Latency = Callable[[], float]
"""Gives the seconds that something takes."""

Answer = tuple[bytes, dict[str, str]]
"""The body and headers of an answer."""


def none() -> float:
    """No time at all."""
    return 0.0


def empty_list(request: httpx.Request) -> Answer:
    """An empty list, whatever is asked for."""
    return b"[]", {}


class LimitedServer(httpx.AsyncBaseTransport):
    """Answers as a function says, and refuses what GitHub would.

    Args:
        wall_clock: Seconds since 1970.
        content: What it answers.
        hourly: Requests in each hour, which begins with the first request after the last one.
        points: Points in any 60 s: 1 for reading, 5 for changing.
        concurrency: Requests at once; may be changed.
        counts_arrived: Whether those that are still under way to the server are not counted among them.
        retry_after: The seconds that a refusal asks for, except one for the hour; None: none.
        to_server: How long requests are under way.
        from_server: How long answers are.
    """

    def __init__(
        self,
        wall_clock: Callable[[], float],
        *,
        content: Callable[[httpx.Request], Answer] = empty_list,
        hourly: int = 5000,
        points: int = 900,
        concurrency: int = 100,
        counts_arrived: bool = False,
        retry_after: int | None = 60,
        to_server: Latency = none,
        from_server: Latency = none,
    ) -> None:
        self._wall_clock = wall_clock
        self._content = content
        self._hourly, self._points, self.concurrency = hourly, points, concurrency
        self._counts_arrived, self._retry_after = counts_arrived, retry_after
        self._to_server, self._from_server = to_server, from_server
        self._window_ends, self._used, self._in_flight = -inf, 0, 0
        self._recent: deque[tuple[float, int]] = deque()
        self._spent = 0
        self.arrivals: list[tuple[float, str]] = []
        self.answers: Counter[int] = Counter()
        self.refusals: Counter[str] = Counter()
        self.most_at_once = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Let the request travel, answer it, let the answer travel."""
        if self._counts_arrived:
            await asyncio.sleep(self._to_server())
        self._in_flight += 1
        self.most_at_once = max(self.most_at_once, self._in_flight)
        try:
            if not self._counts_arrived:
                await asyncio.sleep(self._to_server())
            response = self._answer(request)
            await asyncio.sleep(self._from_server())
        finally:
            self._in_flight -= 1
        self.answers[response.status_code] += 1
        return response

    def _answer(self, request: httpx.Request) -> httpx.Response:
        method = request.method
        now, wall = asyncio.get_running_loop().time(), self._wall_clock()
        self.arrivals.append((now, method))
        if wall >= self._window_ends:
            self._window_ends, self._used = wall + 3600, 0
        refusal = self._refusal(now, 1 if method in {"GET", "HEAD", "OPTIONS"} else 5)
        headers = {
            "Date": formatdate(wall, usegmt=True),
            "X-RateLimit-Limit": str(self._hourly),
            "X-RateLimit-Remaining": str(self._hourly - self._used),
            "X-RateLimit-Used": str(self._used),
            "X-RateLimit-Reset": str(ceil(self._window_ends)),
            "X-RateLimit-Resource": "core",
        }
        if not refusal:
            content, more = self._content(request)
            return httpx.Response(200, headers=headers | more | {"Content-Type": "application/json"}, content=content)
        self.refusals[refusal] += 1
        if refusal != "primary" and self._retry_after is not None:
            headers["Retry-After"] = str(self._retry_after)
        kind = "API rate limit exceeded" if refusal == "primary" else "You have exceeded a secondary rate limit"
        return httpx.Response(403, headers=headers, json={"message": f"{kind}."})

    def _refusal(self, now: float, cost: int) -> str:
        while self._recent and self._recent[0][0] + 60 <= now:
            self._spent -= self._recent.popleft()[1]
        if self._in_flight > self.concurrency:
            return "concurrency"
        if self._used >= self._hourly:
            return "primary"
        if self._spent + cost > self._points:
            return "points"
        self._used += 1
        self._spent += cost
        self._recent.append((now, cost))
        return ""
