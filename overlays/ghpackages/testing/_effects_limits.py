"""Effects that refuse for the time being.

https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from math import ceil
from typing import Final, Literal, get_args

from ._clock import instant
from ._effect import Effect, Exchange, Proceed, Refusal, Reply, Stage
from ._effects_answer import problem
from ._http import Response

__all__ = ["Limits", "PrimaryRefusal", "RetryAfter", "SecondaryRefusal"]

RetryAfter = Literal["seconds", "date", "absent"]
"""The form of the header: a number, an HTTP date, or no such header."""

RETRY_AFTER: Final[tuple[str, ...]] = get_args(RetryAfter)
ABOUT: Final = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api"
SECONDARY: Final = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
MINUTE: Final = 60.0
HOUR: Final = 3600.0
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def _check(status: int, wait: float, retry_after: str) -> None:
    if status not in {403, 429}:
        raise ValueError(f"GitHub refuses with 403 or 429: {status!r}")
    if not 0 <= wait < float("inf"):
        raise ValueError(f"a wait is not negative: {wait!r}")
    if retry_after not in RETRY_AFTER:
        raise ValueError(f"unknown form of Retry-After {retry_after!r}: expected one of {', '.join(RETRY_AFTER)}")


def _retry_after(exchange: Exchange, wait: float, form: RetryAfter) -> dict[str, str]:
    if form == "absent":
        return {}
    if form == "seconds":
        return {"retry-after": str(ceil(wait))}
    # Rounded up, as the clock may be in the middle of a second.
    return {"retry-after": format_datetime(instant(exchange.now + timedelta(seconds=wait + 0.999_999)), usegmt=True)}


@dataclass(frozen=True)
class PrimaryRefusal(Refusal):
    """The requests of the hour are used up, for `wait` seconds or, by default, until the token's hour ends.

    It counts nothing: other answers tell of what is really left, and of an hour that ends when it really does.
    """

    wait: float | None = None
    status: Literal[403, 429] = 403
    retry_after: RetryAfter = field(default="absent", kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what can't be."""
        _check(self.status, self.wait or 0.0, self.retry_after)

    def answer(self, exchange: Exchange) -> Response:
        """Refuse."""
        token, now = exchange.token, exchange.now.timestamp()
        hour = token.window.reset - now if token and token.window.reset > now else HOUR
        wait = hour if self.wait is None else self.wait
        whose = f"user ID {token.account.id}" if token else exchange.request.client
        response = problem(exchange, self.status, f"API rate limit exceeded for {whose}.", url=ABOUT)
        limit = (token.window.limit if token else None) or 5000
        response.headers |= {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": "0",
            "x-ratelimit-reset": str(ceil(now + wait)),
            "x-ratelimit-used": str(limit),
            "x-ratelimit-resource": "core",
            **_retry_after(exchange, wait, self.retry_after),
        }
        return response


def _secondary(exchange: Exchange, status: int, wait: float, form: RetryAfter) -> Response:
    response = problem(exchange, status, SECONDARY, url=f"{ABOUT}#about-secondary-rate-limits")
    if exchange.token and exchange.token.rate_headers and exchange.token.window.reset:
        response.headers |= exchange.token.window.headers()
    response.headers |= _retry_after(exchange, wait, form)
    return response


@dataclass(frozen=True)
class SecondaryRefusal(Refusal):
    """A secondary rate limit: come back in `wait` seconds. The rate headers, if there are any, show room enough."""

    wait: float = MINUTE
    status: Literal[403, 429] = 403
    retry_after: RetryAfter = field(default="seconds", kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what can't be."""
        _check(self.status, self.wait, self.retry_after)

    def answer(self, exchange: Exchange) -> Response:
        """Refuse."""
        return _secondary(exchange, self.status, self.wait, self.retry_after)


class _Window:
    """Costs in any span of so many seconds."""

    def __init__(self, budget: int, span: float, costs: tuple[int, int]) -> None:
        self._budget, self._span, self._costs = budget, span, costs
        self._spent = 0
        self._recent: deque[tuple[float, int]] = deque()

    def wait(self, now: float, *, changes: bool) -> float:
        """Tell in how many seconds there is room for a request; 0 if there is now."""
        while self._recent and self._recent[0][0] + self._span <= now:
            self._spent -= self._recent.popleft()[1]
        missing = self._spent + self._costs[changes] - self._budget if self._costs[changes] else 0
        if missing <= 0:
            return 0.0
        for at, cost in self._recent:
            missing -= cost
            if missing <= 0:
                return at + self._span - now
        return self._span

    def take(self, now: float, *, changes: bool) -> None:
        """Count a request."""
        if cost := self._costs[changes]:
            self._spent += cost
            self._recent.append((now, cost))


class _Account:
    """What one token has used."""

    def __init__(self, limits: Limits) -> None:
        self.under_way = 0
        self.windows = (
            _Window(limits.points, MINUTE, (1, 5)),
            _Window(limits.changes_per_minute, MINUTE, (0, 1)),
            _Window(limits.changes_per_hour, HOUR, (0, 1)),
        )


class Limits(Effect):
    """The secondary rate limits, enforced by the server's clock for each token; by default with GitHub's numbers.

    What is refused costs nothing. `wait` is what a refusal asks for, in seconds; without it, it is just as long as it
    takes, and a minute where too many requests are under way at once. (The limit of the hour is always enforced: see
    `rate_limit` in `Behaviour`.)
    """

    stage = Stage.LIMITS

    def __init__(
        self,
        *,
        points: int = 900,
        changes_per_minute: int = 80,
        changes_per_hour: int = 500,
        at_once: int = 100,
        status: Literal[403, 429] = 403,
        wait: float | None = None,
        retry_after: RetryAfter = "seconds",
    ) -> None:
        _check(status, wait or 0.0, retry_after)
        if min(points, changes_per_minute, changes_per_hour, at_once) < 0:
            raise ValueError("a limit can't be negative")
        self.points: Final = points
        """Reading costs 1, a change 5, in any 60 seconds."""
        self.changes_per_minute: Final = changes_per_minute
        self.changes_per_hour: Final = changes_per_hour
        self.at_once: Final = at_once
        self.status: Final = status
        self.wait: Final = wait
        self.retry_after: Final[RetryAfter] = retry_after
        self._accounts: Final[dict[str, _Account]] = {}

    def __repr__(self) -> str:
        numbers = (f"{name}={getattr(self, name)}" for name in _NUMBERS)
        return f"Limits({', '.join(numbers)})"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Count, or refuse."""
        key = exchange.secret or exchange.request.client
        account = self._accounts.setdefault(key, _Account(self))
        now, changes = exchange.now.timestamp(), exchange.request.method not in READING
        wait = max(self._waits(account, now, changes=changes))
        if wait:
            wait = wait if self.wait is None else self.wait
            return Reply(_secondary(exchange, self.status, wait, self.retry_after))
        for window in account.windows:
            window.take(now, changes=changes)
        account.under_way += 1
        try:
            return await proceed()
        finally:
            account.under_way -= 1

    def _waits(self, account: _Account, now: float, *, changes: bool) -> Iterator[float]:
        yield MINUTE if account.under_way >= self.at_once else 0.0
        for window in account.windows:
            yield window.wait(now, changes=changes)


_NUMBERS: Final = ("points", "changes_per_minute", "changes_per_hour", "at_once")
