"""GitHub's rate limits as rules and values, without a clock and without I/O.

Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api

Times are seconds on one monotonic clock; what is called epoch or wall is seconds since 1970.
"""

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from math import inf
from typing import Literal

import httpx
from attrs import define, frozen

Reason = Literal["points", "changes", "primary", "secondary"]
"""Which limit asks for a wait. Points and changes are counted here; the others are the server's word."""

MARGIN = 1.0
"""Seconds to wait beyond what the server says, whose clock shows whole seconds only; no refusal is waited for less."""

MAX_CONCURRENCY = 100
CHANGE_POINTS = 5
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 3600.0
FIRST_PROBE, LAST_PROBE = 600.0, 3600.0
LONGEST_RETRY_AFTER = 86_400.0


@frozen
class RateLimit:
    """What is known of a token's limits. Everything is None until an answer said it.

    Attributes:
        limit: Requests per hour.
        remaining: How many of them are left.
        used: How many of them were made.
        reset: When the next hour begins, by the server's clock, in UTC.
        paused_until: Until when requests wait, by this machine's clock, in UTC; None if they don't.
        reason: Which limit they wait for: "points", "changes", "primary" or "secondary".
    """

    limit: int | None = None
    remaining: int | None = None
    used: int | None = None
    reset: datetime | None = None
    paused_until: datetime | None = None
    reason: Reason | None = None


@frozen
class Wait:
    """A wait that begins.

    Attributes:
        reason: Which limit asks for it: "points" (900 a minute), "changes" (500 an hour, 1 s apart), "primary" (the
            requests of the hour are used up) or "secondary" (GitHub asked for a pause).
        seconds: How long it will take, unless GitHub prolongs it.
        until: When it ends, by this machine's clock, in UTC.
    """

    reason: Reason
    seconds: float
    until: datetime


@define
class Ceiling:
    """How many requests at once a server takes, as refusals have shown.

    GitHub takes 100 of all processes with one token together, and a gateway in front of it may take fewer. When one of
    several is refused, the server takes about as many as were under way and succeeded. From there on more are tried
    only if they are needed to use up the points in time, until one is refused again. Where many succeeded before, the
    number is not to blame: then others have used up the points. Now and then more are tried, since other processes end.

    Attributes:
        pace: Requests a second that can be used.
        limit: The number; None if there is none.
    """

    pace: float = inf
    limit: int | None = None
    _is_known: bool = False  # whether more were refused
    _under_way: int = 0  # when a request was refused, and not answered yet
    _succeeded: int = 0  # of those
    _refused: int = 0  # the most at once that were too many
    _accepted: int = 0  # the most at once that were not
    _successes: int = 0  # since the number was last in doubt
    _mean: float = 0.0  # seconds that they take
    _growth: float = 0.0
    _step: int = 1
    _interval: float = FIRST_PROBE
    _probe_at: float = inf

    def refused(self, now: float, at_once: int, under_way: int) -> None:
        """Begin to learn, since one of so many was refused while others were under way."""
        is_in_doubt = under_way > 0 and self._successes < MAX_CONCURRENCY
        self._under_way, self._succeeded, self._successes = under_way, 0, 0
        self._refused = at_once if is_in_doubt else 0
        self._conclude(now)

    def answered(self, now: float, at_once: int, *, accepted: bool | None) -> None:
        """Learn of one of the others; None: it has no answer."""
        self._under_way -= 1
        if accepted:
            self._succeeded += 1
            self._accepted = max(self._accepted, at_once)
        elif self._refused and accepted is not None:
            self._refused = max(self._refused, at_once)
        self._conclude(now)

    def _conclude(self, now: float) -> None:
        if self._under_way > 0:
            return
        if self._refused > 1:
            self._learn(now)
        self._accepted = self._refused = 0

    def _learn(self, now: float) -> None:
        if self.limit is None:
            # With no pace to reach, the least bad guess: growing up to the next refusal would cost another pause.
            self._is_known = self.pace == inf
            self.limit = max(self._succeeded, self._refused // 2 if self._is_known else 1)
        else:
            self.limit = max(min(self.limit, self._accepted, self._refused - 1), 1)
            if self._is_known:
                self._interval = min(2 * self._interval, LAST_PROBE)
            self._is_known = True
        self._growth, self._step, self._probe_at = 0.0, 1, now + self._interval

    def succeeded(self, now: float, at_once: int, seconds: float) -> None:
        """Learn that so many at once, in so many seconds, are not too many; allow more if need be, or now and then."""
        self._successes += 1
        self._accepted = max(self._accepted, at_once)
        self._mean += (seconds - self._mean) / min(self._successes, MAX_CONCURRENCY)
        if self.limit is None or at_once < self.limit:
            return
        if not self._is_known and self.limit + 0.25 < self.pace * self._mean:  # a bit more is not worth a refusal
            self._growth += 1 / self.limit  # by one once as many as are allowed have succeeded
            if self._growth >= 1:
                self.limit, self._growth = self.limit + 1, 0.0
        elif now >= self._probe_at:
            self.limit += self._step
            self._step, self._probe_at, self._successes = 2 * self._step, now + self._interval, 0
        if self.limit >= MAX_CONCURRENCY:
            self.limit, self._is_known, self._interval = None, False, FIRST_PROBE


class SlidingWindow:
    """At most `budget` in any `span` seconds, wherever they begin, and as fast as requests come until then.

    The server counts a request when it arrives, which is somewhere between sending it and having its answer. So it
    counts here from when it is sent until `span` seconds after its answer: however long requests and answers are
    under way, the server never sees more.

    Args:
        budget: The greatest sum of costs.
        span: Seconds, to which a millisecond is added for rounding and drift.
        reason: The name of the limit.
        costs: What a request costs that only reads, and one that changes something.
    """

    def __init__(self, budget: int, span: float, reason: Reason, costs: tuple[int, int]) -> None:
        self.reason: Reason = reason
        self._budget, self._span, self._costs = budget, span + 0.001, costs
        self._used = 0
        self._ended: deque[tuple[float, int]] = deque()  # when a cost is free again, and the cost

    def free_at(self, now: float, change: bool) -> float:
        """When the next request may go: `now`, later, or `inf` if an answer must come first."""
        while self._ended and self._ended[0][0] <= now:
            self._used -= self._ended.popleft()[1]
        missing = self._used + self._costs[change] - self._budget if self._costs[change] else 0
        if missing <= 0:
            return now
        for expiry, cost in self._ended:
            missing -= cost
            if missing <= 0:
                return expiry
        return inf

    def start(self, change: bool) -> None:
        """Count a request that is about to be sent."""
        self._used += self._costs[change]

    def end(self, change: bool, now: float) -> None:
        """Its answer came, or never will."""
        if self._costs[change]:
            self._ended.append((now + self._span, self._costs[change]))

    def undo(self, change: bool) -> None:
        """It was not sent after all."""
        self._used -= self._costs[change]

    def settle(self, now: float) -> None:
        """Take everything that is under way as answered: its event loop has ended."""
        if under_way := self._used - sum(cost for _, cost in self._ended):
            self._ended.append((now + self._span, under_way))


def budgets(points_per_minute: int | None) -> tuple[SlidingWindow, ...]:
    """The limits that GitHub enforces without telling how much is left; none if `points_per_minute` is None.

    Sources: the page above, and for 1 s between changes
    https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
    """
    if points_per_minute is None:
        return ()
    return (
        SlidingWindow(points_per_minute, 60.0, "points", (1, CHANGE_POINTS)),
        SlidingWindow(500, 3600.0, "changes", (0, 1)),
        SlidingWindow(1, 1.0, "changes", (0, 1)),
    )


_PRIMARY = tuple(f"x-ratelimit-{name}".encode() for name in ("limit", "remaining", "used", "reset"))


@frozen
class Primary:
    """The primary limit as one answer told it; `reset` is epoch by the server's clock, `reset_at` monotonic."""

    limit: int | None
    remaining: int
    used: int | None
    reset: int
    reset_at: float


def read_primary(headers: httpx.Headers, now: float, wall: float) -> Primary | None:
    """What the headers say, if they are there and about the limit that packages count against."""
    told = {name.lower(): value for name, value in headers.raw}  # once: `headers` looks through all for each
    limit, remaining, used, reset = (
        int(text) if (text := told.get(name, b"")).isdigit() and len(text) <= 10 else None for name in _PRIMARY
    )
    if remaining is None or reset is None or told.get(b"x-ratelimit-resource", b"core") != b"core":
        return None
    return Primary(limit, remaining, used, reset, now + reset - server_time(headers, wall) + MARGIN)


def newer(old: Primary | None, new: Primary) -> Primary:
    """What is known after an answer, which may have been overtaken by others.

    Within one hour the smallest remainder is the latest, and the earliest `reset_at` the most exact: the Date of an
    answer is never ahead of the server's clock, but up to a second and the way of the answer behind.
    """
    if old is None or new.reset > old.reset:
        return new
    if new.reset < old.reset:
        return old
    latest = new if new.remaining <= old.remaining else old
    return Primary(latest.limit, latest.remaining, latest.used, latest.reset, min(old.reset_at, new.reset_at))


def retry_after(headers: Mapping[str, str], wall: float) -> float | None:
    """Seconds that Retry-After asks for, as a number or an HTTP date; None without one that can be read."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(min(int(text[:10]), LONGEST_RETRY_AFTER))
    date = http_date(text)
    return None if date is None else min(max(0.0, date - server_time(headers, wall)), LONGEST_RETRY_AFTER)


def server_time(headers: Mapping[str, str], wall: float) -> float:
    """The server's clock, in epoch: its Date, else the wall clock of this machine."""
    date = http_date(headers.get("date", ""))
    return wall if date is None else date


@lru_cache(maxsize=64)  # answers that come within a second share their Date, and parsing it takes 10 µs
def http_date(text: str) -> float | None:
    """The instant of an HTTP date, in epoch; None if it is none."""
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
