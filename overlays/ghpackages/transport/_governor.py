"""One governor for all that a token does, and permits for all that a client does at once."""

import asyncio
import logging
from bisect import insort
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import formatdate
from math import ceil, inf
from typing import Never, cast

import httpx
from attrs import define, evolve, field

from ghpackages_runtime.errors import PrimaryRateLimitError, RateLimitError, SecondaryRateLimitError, response_error

from .._flows import FLOW, WAITS, Flow, Waits, new_waits
from ..exceptions import UsageError
from ._body import read
from ._clock import Clock
from ._layer import Layer
from ._limits import (
    CHANGE_POINTS,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    MARGIN,
    MAX_CONCURRENCY,
    Ceiling,
    Primary,
    RateLimit,
    Reason,
    Wait,
    budgets,
    newer,
    read_primary,
    retry_after,
)

logger = logging.getLogger("ghpackages")

READING = {"GET", "HEAD", "OPTIONS"}
Block = tuple[float, Reason]  # until when what holds a request
ROUNDING = 0.01
TURN = 16  # so many requests of others may pass the second request of a flow, and twice as many the third
MAX_REFUSALS = 10  # of one request; more are no rate limit any more


class Concurrency:
    """At most `limit` requests at once, shared by all tokens and views of a client, each governor in turn.

    Args:
        limit: From 1 to 100, which is what GitHub allows.
    """

    def __init__(self, limit: int = 16) -> None:
        if not 1 <= limit <= MAX_CONCURRENCY:
            raise ValueError(f"concurrency must be from 1 to {MAX_CONCURRENCY}, which GitHub allows: {limit}")
        self.limit = limit
        self.in_use = 0
        self._waiting: dict[Callable[[], None], None] = {}

    def take(self, wake: Callable[[], None]) -> bool:
        """Take a permit; if there is none, `wake` is called once, in its turn, when there is one."""
        if self.in_use < self.limit:
            self.in_use += 1
            return True
        self._waiting[wake] = None
        return False

    def release(self) -> None:
        """Give a permit back, to the one who has waited longest."""
        self.in_use -= 1
        while self.in_use < self.limit and self._waiting:
            wake = next(iter(self._waiting))
            del self._waiting[wake]
            wake()

    def reset(self) -> None:
        """Take all permits back: the event loop of those who hold them has ended."""
        self.in_use = 0
        self._waiting.clear()


@define(eq=False)
class _Call:
    """A request on its way through a governor."""

    request: httpx.Request
    view: "GovernorTransport"
    change: bool
    number: tuple[int, int]  # the lower goes first: its turn, and among those with the same, who came first
    turn: asyncio.Future[RateLimitError | UsageError | None] = field(init=False)
    waits: Waits
    loop: asyncio.AbstractEventLoop
    era: int = -1  # of the governor, when it was admitted
    at_once: int = 0  # requests that were under way when it was admitted, itself included
    sent: float = 0.0
    admitted: bool = False
    refusal: RateLimitError | None = None
    _held: tuple[float, float] = (inf, inf)  # from when until when a limit holds it

    def hold(self, now: float, until: float, *, again: bool) -> None:
        """Let it wait for a limit from now on; `again`: what was waited since the last one was in vain, and counts."""
        if again:
            self._held = self._held[0], now
        self.settle(now)
        self._held = now, until

    def settle(self, now: float) -> None:
        """Add to its waits how long a limit has held it so far."""
        since, until = self._held
        self.waits.limits += max(0.0, min(now, until) - since)
        self._held = inf, inf


class Governor:
    """What is known of one token's limits at one origin, and who is next. It sends nothing and starts no task.

    Requests go in the order in which they come, but a flow, such as a listing that asks for pages ahead, takes turns
    with others: start-time fair queueing. Those that change something have their own lane, so that others pass them
    while they wait for limits that only changes have. A pause holds everything. When it ends one request goes to see
    whether it is over, and with each success one more goes at once, up to as many as the server takes.

    Args:
        points_per_minute: At most so many points in any 60 s (GET 1, changes 5), and changes at most 500 an hour, and
            1 s apart; None: no limits except what the server says, as for Enterprise Server.
        reserve: How many requests of the hour are left to others.
        on_wait: Called with what is waited for, once for all that wait together; not for less than a second of points
            or changes. It must not block.
        clock: The clock to wait by.

    Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """

    def __init__(
        self,
        *,
        points_per_minute: int | None = 900,
        reserve: int = 0,
        on_wait: Callable[[Wait], object] | None = None,
        clock: Clock | None = None,
    ) -> None:
        if points_per_minute is not None and points_per_minute < CHANGE_POINTS:
            raise ValueError(
                f"points_per_minute must be at least {CHANGE_POINTS}, which a change costs, or None for no limit: "
                f"{points_per_minute}"
            )
        if reserve < 0:
            raise ValueError(f"reserve must not be negative: {reserve}")
        self._windows = budgets(points_per_minute)
        self._reserve, self.clock = reserve, clock or Clock()
        self._primary: Primary | None = None
        self._pause: Block = (-inf, "secondary")
        self._strikes = 0  # refusals without Retry-After, one after the other
        self._in_vain = 0  # pauses after each of which nothing but another refusal came
        self._era = 0  # begins with each pause
        self._ramp: int | None = None  # how many of this era may be in flight; None: any number
        self._ceiling = Ceiling(inf if points_per_minute is None else points_per_minute / 60.0)
        self._flying = 0  # how many of this era are
        self._unanswered = 0  # of any era
        self._lanes: tuple[list[_Call], list[_Call]] = ([], [])  # reading, changing
        self._accepted_until = [-inf, -inf]  # by lane, the latest end of a wait to which all in it agreed
        self._on_wait = on_wait
        self._announced: Wait | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._calls = 0
        self._turn = 0  # grows with each request that goes, so that all get theirs
        self._timer: tuple[float, asyncio.Handle] | None = None
        self._clocks_apart = 0.0

    def reset(self) -> None:
        """Forget what is under way: its event loop has ended."""
        if not any(self._lanes) and not self._unanswered and not self._timer:
            return
        self._loop = None
        for call in [*self._lanes[0], *self._lanes[1]]:
            if not call.turn.done() and not call.loop.is_closed():  # it may go on later
                call.turn.set_result(UsageError("this client has moved to another event loop"))
        for lane in self._lanes:
            lane.clear()
        for window in self._windows:
            window.settle(self._now())
        self._flying = self._unanswered = 0
        if self._timer:
            self._timer[1].cancel()
            self._timer = None

    @property
    def rate_limit(self) -> RateLimit:
        """The live state."""
        until, reason = max(self._pauses(self.clock.wall() - self._clocks_apart), default=(None, None))
        paused_until = None if until is None else _utc(until + self._clocks_apart)
        if not (known := self._primary):
            return RateLimit(paused_until=paused_until, reason=reason)
        return RateLimit(known.limit, known.remaining, known.used, _utc(known.reset), paused_until, reason)

    def call(self, request: httpx.Request, view: "GovernorTransport") -> _Call:
        """A request that comes now."""
        self._calls += 1
        self._loop = loop = asyncio.get_running_loop()
        waits = request.extensions.get(WAITS) or new_waits()
        number = self._turn_of(FLOW.get()), self._calls
        return _Call(request, view, request.method not in READING, number, waits, loop)

    def _turn_of(self, flow: Flow | None) -> int:
        """The turn of a request that comes now: next, but a flow has only one request in every `TURN`."""
        if flow is None:
            return self._turn
        flow.turn = max(self._turn, flow.turn + TURN)
        return flow.turn

    async def admit(self, call: _Call) -> None:
        """Wait until the request may go, and count it and its permit.

        Raises:
            RateLimitError: That takes longer than the `max_wait` of its transport.
        """
        while call.era != self._era or not call.admitted:
            if call.admitted:  # but a pause began before its task went on
                self._withdraw(call)
            if self._passes(call):
                return
            call.turn = call.loop.create_future()
            insort(self._lanes[call.change], call, key=lambda each: each.number)
            try:
                self._reject_overlong([call], self._blocks(call.change, self._now()), self._now())
                self.advance()
                error = await call.turn
            except BaseException:
                if self.knows(call):
                    self._withdraw(call)
                raise
            call.settle(self._now())
            if error:
                raise error

    def knows(self, call: _Call) -> bool:
        """Whether a call is under way in the current event loop; what an earlier one never finished is forgotten."""
        return call.loop is self._loop and not call.loop.is_closed()

    def answered(self, call: _Call, response: httpx.Response | None) -> None:
        """Learn from a response, or from there being none."""
        now, headers = self._now(), response.headers if response else httpx.Headers()
        for window in self._windows:
            window.end(call.change, now)
        self._finish(call)
        if response and response.status_code == 401:  # its headers are about anonymous callers
            return
        old = self._primary if self._primary and self._primary.reset_at > now else None
        if told := read_primary(headers, now, self.clock.wall()):
            self._primary = newer(old, told)
        elif old and "x-ratelimit-remaining" not in headers:  # it may have been counted
            self._primary = evolve(old, remaining=max(0, old.remaining - 1))
        if self._exhausted(now) and not (old and old.remaining <= self._reserve):
            self._begin_era()

    def succeeded(self, call: _Call, status: int) -> None:
        """The server did as it was asked, or had another reason not to. One that has trouble gets no more at once."""
        now = self._now()
        if call.era != self._era:
            self._ceiling.answered(now, call.at_once, accepted=True if status < 500 else None)
        elif status < 500:
            self._strikes = self._in_vain = 0
            if self._ramp is not None:
                self._ramp = self._ramp + 1 if self._ramp < MAX_CONCURRENCY else None
            self._ceiling.succeeded(now, call.at_once, now - call.sent)
        self.advance()

    def failed(self, call: _Call) -> None:
        """There was no response: nothing is known of what the server allows."""
        if call.era != self._era:
            self._ceiling.answered(self._now(), call.at_once, accepted=None)
        self.advance()

    def refused(self, call: _Call, refusal: RateLimitError) -> None:
        """The server refused it for now: everything pauses. If it was sent before a pause, that is prolonged only."""
        call.refusal = refusal
        reason: Reason = "primary" if isinstance(refusal, PrimaryRateLimitError) else "secondary"
        seconds, now = retry_after(refusal.response.headers, self.clock.wall()), self._now()
        if call.era == self._era:
            if seconds is None:
                seconds = min(FIRST_PAUSE * 2**self._strikes, LONGEST_PAUSE)
                self._strikes += 1
            self._in_vain += 1
            self._begin_era()
            if reason == "secondary":
                self._ceiling.refused(now, call.at_once, self._unanswered)
        else:
            self._ceiling.answered(now, call.at_once, accepted=False)
        until = now + max(seconds or 0.0, MARGIN)
        if reason == "primary" and self._primary and self._exhausted(now):
            until = max(until, self._primary.reset_at)
        if until > self._pause[0] + ROUNDING:  # nobody has agreed to this yet, however soon it follows another pause
            self._accepted_until = [-inf, -inf]
        self._pause = max(self._pause, (until, reason))
        self.advance()

    def advance(self) -> None:
        """Let everybody go who may, and wake up when the next one may."""
        if self._timer is None and not any(self._lanes):
            return
        now = self._now()
        while (lane := self._next(now)) and lane[0].view.concurrency.take(self.advance):
            self._start(lane.pop(0))

    def _passes(self, call: _Call) -> bool:
        """Let a request go at once, as nearly all do, if nothing holds it and nobody waits."""
        free = not any(self._lanes) and not self._blocks(call.change, self._now())
        if free and call.view.concurrency.take(self.advance):
            self._admit(call)
        return call.admitted

    def _start(self, call: _Call) -> None:
        if call.turn.done():  # cancelled a moment ago
            call.view.concurrency.release()
            return
        self._admit(call)
        call.turn.set_result(None)

    def _admit(self, call: _Call) -> None:
        for window in self._windows:
            window.start(call.change)
        self._turn = max(self._turn + 1, call.number[0])
        call.era, call.admitted = self._era, True
        self._flying += 1
        self._unanswered += 1
        call.at_once, call.sent = self._unanswered, self.clock.now()

    def _finish(self, call: _Call) -> None:
        call.admitted = False
        self._unanswered -= 1
        self._flying -= call.era == self._era

    def _withdraw(self, call: _Call) -> None:
        """Take it out of its lane, or back what it was given."""
        call.settle(self._now())
        with suppress(ValueError):
            self._lanes[call.change].remove(call)
        if call.admitted:
            self._finish(call)
            if call.era != self._era:
                self._ceiling.answered(self._now(), call.at_once, accepted=None)
            for window in self._windows:
                window.undo(call.change)
            call.view.concurrency.release()
        self.advance()

    def _begin_era(self) -> None:
        self._era += 1
        self._flying, self._ramp = 0, 1

    def _exhausted(self, now: float) -> bool:
        known = self._primary
        return known is not None and known.reset_at > now and known.remaining <= self._reserve

    def _pauses(self, now: float) -> list[Block]:
        primary: list[Block] = [(self._primary.reset_at, "primary")] if self._primary and self._exhausted(now) else []
        return [pause for pause in [self._pause, *primary] if pause[0] > now]

    def _blocks(self, change: bool, now: float) -> list[Block]:
        """Until when what holds the next request, `inf` if it is an answer that must come first."""
        blocks: list[Block] = self._pauses(now)
        blocks.extend((at, each.reason) for each in self._windows if (at := each.free_at(now, change)) > now)
        if self._flying >= min(self._ramp or inf, self._ceiling.limit or inf):
            blocks.append((inf, "secondary"))
        known = self._primary
        if known and known.reset_at > now and 0 < self._unanswered >= known.remaining - self._reserve:
            blocks.append((inf, "primary"))
        return blocks

    def _next(self, now: float) -> list[_Call] | None:
        """The lane whose first request may go now. One that waits for points or in a pause holds all behind it."""
        held, wake = False, inf
        for lane in sorted(filter(None, self._lanes), key=lambda lane: lane[0].number):
            blocks = self._blocks(lane is self._lanes[1], now)
            if not blocks and not held:
                return lane
            wake = min(wake, self._reject_lane(lane, blocks, now))
            held = held or (bool(lane and blocks) and max(blocks)[1] != "changes")
        self._wake_at(wake)
        return None

    def _reject_lane(self, lane: list[_Call], blocks: list[Block], now: float) -> float:
        """Reject the first one, or any if the wait got longer, that can't wait so long; return when to look again."""
        until = max((block[0] for block in blocks if block[0] < inf), default=inf)
        change = lane is self._lanes[1]
        if self._accepted_until[change] + 1 < until < inf:
            self._accepted_until[change] = until
            self._reject_overlong(lane[:], blocks, now)
        while lane and self._reject_overlong(lane[:1], blocks, now):
            pass
        return until if lane else inf

    def _reject_overlong(self, calls: list[_Call], blocks: list[Block], now: float) -> bool:
        """Refuse those that would wait longer than they can, and report the wait of the others."""
        known = [block for block in blocks if block[0] < inf]
        if not known:
            return False
        until, reason = max(known)
        wait = Wait(reason, until - now, _utc(until + self._clocks_apart))
        waiting = [call for call in calls if not call.turn.done()]
        for call in waiting:  # behind others, one waits for these and not for a limit, unless the server refused one
            if until == self._pause[0] or call is self._lanes[call.change][0]:
                call.hold(now, until, again=self._in_vain > 1)
        too_short = [call for call in waiting if call.waits.limits + wait.seconds > call.view.max_wait + ROUNDING]
        for call in too_short:
            self._lanes[call.change].remove(call)
            call.turn.set_result(_error(call, wait))
        if len(too_short) < len(waiting):
            self._announce(wait)
        return bool(too_short)

    def _announce(self, wait: Wait) -> None:
        """Log a wait and call `on_wait`, unless that was done or is not worth it."""
        before = self._announced
        if before and before.reason == wait.reason and abs((before.until - wait.until).total_seconds()) < 1:
            return
        if wait.seconds <= 1 and wait.reason in {"points", "changes"}:
            return
        self._announced = wait
        logger.info("waiting %.0f s for the %s limit", wait.seconds, wait.reason)
        if self._on_wait:
            try:
                self._on_wait(wait)
            except (Exception, asyncio.CancelledError):
                logger.exception("on_wait failed")
            except BaseException as error:  # it ends the event loop, but not here, where others would be forgotten
                asyncio.get_running_loop().call_soon(_raise, error)

    def _wake_at(self, when: float) -> None:
        if self._timer and self._timer[0] != when:
            self._timer[1].cancel()
            self._timer = None
        if when < inf and not self._timer:
            self._timer = when, self.clock.call_at(when, self._wake)

    def _wake(self) -> None:
        self._timer = None
        self.advance()

    def _now(self) -> float:
        now = self.clock.now()
        self._clocks_apart = self.clock.wall() - now
        return now


class GovernorTransport(Layer):
    """Sends requests when the governor of their token lets them, and again when they were refused for now.

    A request that was refused for its rate was not carried out, so it is repeated whatever its method.

    Args:
        inner: Where requests go.
        governor: What all that uses the same token shares.
        concurrency: What all of a client shares. A permit is held until the response's body is read.
        max_wait: Seconds that an operation waits for limits at most, with all its attempts, redirects and pieces of a
            page. Not counted: waiting for its turn among the others of this program.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        *,
        governor: Governor,
        concurrency: Concurrency,
        max_wait: float = 60.0,
    ) -> None:
        self.concurrency, self.max_wait = concurrency, max_wait
        super().__init__(inner)
        self._governor = governor

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait, send, learn from the answer.

        Raises:
            PrimaryRateLimitError: It would have to wait longer than `max_wait` for the next hour.
            SecondaryRateLimitError: The same for another limit, or it was refused ten times.
        """
        call, clock = self._governor.call(request, self), self._governor.clock
        for _ in range(MAX_REFUSALS):
            began = clock.now()
            await self._governor.admit(call)
            call.waits.sent = clock.now()
            call.waits.total += call.waits.sent - began
            response = await self._send(call)
            error = _refusal(response, request)
            if not error:
                self._governor.succeeded(call, response.status_code)
                return response
            self._governor.refused(call, error)
        raise cast("RateLimitError", call.refusal)

    async def _send(self, call: _Call) -> httpx.Response:
        response = None
        try:
            response = await read(await self._inner.handle_async_request(call.request))
            return response
        finally:
            if self._governor.knows(call):
                self._governor.answered(call, response)
                self.concurrency.release()
                if response is None:
                    self._governor.failed(call)


def _refusal(response: httpx.Response, request: httpx.Request) -> RateLimitError | None:
    """Return the error, if the server refused the request for its rate."""
    if response.status_code not in {403, 429}:
        return None
    response.request = request
    error = response_error(response)
    return error if isinstance(error, RateLimitError) else None


def _error(call: _Call, wait: Wait) -> RateLimitError:
    """The server's refusal, or one of our own that stands for it."""
    kind = PrimaryRateLimitError if wait.reason == "primary" else SecondaryRateLimitError
    error = call.refusal
    if not isinstance(error, kind):
        waited = f", of which {call.waits.limits:.0f} s are spent" if call.waits.limits >= 1 else ""
        message = (
            f"The {wait.reason} limit asks for {wait.seconds:.0f} s, max_wait is {call.view.max_wait:.0f} s{waited}"
        )
        headers = {"Retry-After": formatdate(ceil(wait.until.timestamp()), usegmt=True)}
        extensions = {"not_sent": True}
        error = kind(
            httpx.Response(429, request=call.request, headers=headers, json={"message": message}, extensions=extensions)
        )
    error.retry_at = error.retry_at or wait.until
    error.retry_after = wait.seconds
    return error


def _utc(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def _raise(error: BaseException) -> Never:
    raise error
