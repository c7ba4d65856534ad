"""Retry reads freely, and writes only once they are known to have had no effect."""

import asyncio
import logging

import httpx
from attrs import define

from ghpackages_runtime.errors import IN_DOUBT

from .._flows import WAITS, Waits, new_waits
from . import _retry_rules as rules
from ._body import read
from ._clock import Clock
from ._layer import Layer
from ._limits import retry_after
from ._loop import LoopLock

logger = logging.getLogger("ghpackages")

TURNS_TO_SEND = 3
"""How many turns of the event loop httpx takes from when a request may go until it is written."""


@define
class _Tries:
    """What was spent on one request."""

    count: int = 0
    deadline: float | None = None


class RetryTransport(Layer):
    """Repeats what failed, with jittered exponential backoff. In the end the last answer or error is given, unchanged.

    GET and HEAD are repeated after connection errors, timeouts, 500, 502, 503, 504, and a JSON body that is broken or
    incomplete, or about another version; so bodies are read here. Deleting and restoring can take effect although the
    answer is an error or never comes (https://github.com/dataaxiom/ghcr-cleanup-action/issues/121): the state is looked
    up, and the request is repeated only if it took no effect. If the state shows neither, the request is marked as in
    doubt, and what came of it is given.

    Args:
        inner: Where each attempt goes.
        retries: How often a request is repeated at most. With 0 the state is not looked up, either.
        total: Seconds from the first failure in which another attempt may begin. What attempts wait for in a governor
            inside, such as a rate limit, does not count.
        base: The longest wait before the second attempt, in seconds; it doubles with each further one.
        cap: The longest wait of all, unless the server asks for more with `Retry-After`.
        clock: The clock to wait by.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        *,
        retries: int = 3,
        total: float = 60.0,
        base: float = 1.0,
        cap: float = 15.0,
        clock: Clock | None = None,
    ) -> None:
        if retries < 0:
            raise ValueError(f"retries must not be negative: {retries}")
        super().__init__(inner)
        self._attempts = retries + 1
        self._total = total
        self._base, self._cap = base, cap
        self._clock = clock or Clock()
        self._turn = LoopLock()  # of those who are about to parse a response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and repeat as the method allows."""
        if WAITS not in request.extensions:
            request.extensions[WAITS] = new_waits()
        if request.method in {"GET", "HEAD"}:
            return await self._read(request, _Tries())
        if look_up := rules.look_up(request):
            return await self._change(request, look_up, _Tries())
        return await self._inner.handle_async_request(request)

    async def _read(self, request: httpx.Request, tries: _Tries) -> httpx.Response:
        while True:
            outcome = await self._attempt(request, tries)
            reason = rules.trouble(request, outcome)
            if not reason or tries.count >= self._attempts or not await self._wait(request, outcome, reason, tries):
                return _result(request, outcome)

    async def _change(self, request: httpx.Request, look_up: httpx.Request, tries: _Tries) -> httpx.Response:
        waits: Waits = request.extensions[WAITS]
        sent: float | None = None  # when the first attempt was that may have arrived
        while True:
            waits.sent = self._clock.now()  # a governor inside knows better
            outcome = await self._attempt(request, tries)
            if sent is not None and request.method == "DELETE" and rules.says_missing(outcome, request):
                return _effective(request, outcome)
            reason = rules.trouble(request, outcome)
            if not reason and not (sent is not None and rules.is_refused(outcome)):
                return _result(request, outcome)
            if sent is None and rules.may_have_arrived(outcome):
                sent = waits.sent
            again = bool(reason) and self._attempts > 1 and await self._wait(request, outcome, reason, tries)
            effect, evidence = (False, None) if sent is None else await self._effect(request, look_up, sent, tries)
            if effect and evidence is not None:
                return _effective(request, evidence)
            if effect is None:
                request.extensions[IN_DOUBT] = True
            if effect is None or not again or tries.count >= self._attempts:
                return _result(request, outcome)

    async def _effect(
        self, request: httpx.Request, look_up: httpx.Request, sent: float, tries: _Tries
    ) -> tuple[bool | None, httpx.Response | None]:
        """Look up whether a change took effect, None if that can't be known; and the answer that shows it."""
        if self._attempts == 1:
            return None, None
        waits: Waits = request.extensions[WAITS]
        waits.sent = self._clock.now()
        found = await self._look_up(look_up, tries)
        now, asked = self._clock.now(), waits.sent
        if found is None:
            return None, None
        exists, is_deletion = rules.exists(look_up, found), request.method == "DELETE"
        package = rules.look_up_package(look_up)
        if package is None and exists:  # by its name; another one may have been published under it
            newer = rules.is_newer(found, asked - sent, now - sent, self._clock.wall())
            return (newer if is_deletion else newer is False or None), found  # the restored one is never newer
        if package is not None and exists is None and found.status_code == 404:
            beside = await self._look_up(package, tries)
            if beside is not None and rules.exists(package, beside) is not None:
                exists = False
        return (None if exists is None else exists != is_deletion), found

    async def _attempt(self, request: httpx.Request, tries: _Tries) -> rules.Outcome:
        tries.count += 1
        try:
            response = await read(await self._inner.handle_async_request(request))
        except httpx.RequestError as error:
            return error
        for _ in range(TURNS_TO_SEND - 1):
            await asyncio.sleep(0)  # who waited for its place sends now, and not only once this answer is decoded
        async with self._turn():
            await asyncio.sleep(0)  # what was decoded before is used now: few decoded answers are alive at once
        rules.parse(request, response)
        if rules.is_about_another(request, response):
            return httpx.RemoteProtocolError("the answer is one to another request: it has another id")
        return response

    async def _wait(self, request: httpx.Request, outcome: rules.Outcome, reason: str, tries: _Tries) -> bool:
        """Wait for the next attempt; False, and at once, if there is not enough time left."""
        now = self._clock.now() - request.extensions[WAITS].total
        tries.deadline = now + self._total if tries.deadline is None else tries.deadline
        asked = retry_after(outcome.headers, self._clock.wall()) if isinstance(outcome, httpx.Response) else None
        longest = min(self._cap, self._base * 2.0 ** min(tries.count - 1, 30))
        delay = max(self._clock.jitter() * longest, asked or 0.0)
        if now + delay > tries.deadline:
            return False
        what = (request.method, rules.path(request), tries.count, self._attempts, reason, delay)
        logger.warning("%s %s: attempt %d of %d failed (%s); going on in %.1f s", *what)
        await self._clock.sleep(delay)
        return True

    async def _look_up(self, request: httpx.Request, tries: _Tries) -> httpx.Response | None:
        """Ask for what a change is about; None if no answer can be had."""
        try:
            return await self._read(request, _Tries(deadline=tries.deadline))
        except Exception as error:  # whatever hinders it, such as a rate limit: what happened to the change counts
            what = (request.method, rules.path(request), type(error).__name__)
            logger.warning("%s %s: whether the change took effect can't be looked up (%s)", *what)
            return None


def _result(request: httpx.Request, outcome: rules.Outcome) -> httpx.Response:
    if isinstance(outcome, httpx.RequestError):
        outcome.request = request
        raise outcome
    return outcome


def _effective(request: httpx.Request, evidence: httpx.Response) -> httpx.Response:
    """The answer to a change that took effect, as another answer shows."""
    headers = {name: value for name, value in evidence.headers.items() if name.startswith("x-")}
    what = (request.method, rules.path(request), evidence.status_code, headers.get("x-github-request-id"))
    logger.warning("%s %s: took effect, although its answer was lost or an error: now it is %d (request %s)", *what)
    return httpx.Response(204, headers=headers)
