"""Effects on time and on the connection."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import ClassVar

from ._effect import Disconnected, Effect, Exchange, Proceed, Reply, Stage

__all__ = ["Drip", "HangUp", "Latency", "Reset", "share"]


def share(at: float) -> float:
    """Check a part of a body."""
    if not 0 <= at < 1:
        raise ValueError(f"a part of the body is at least 0 and less than 1: {at!r}")
    return at


@dataclass(frozen=True)
class Latency(Effect):
    """The answer takes `seconds`, more or less `jitter`, by the clock of the event loop.

    The server acts after that time, or before it with `took_effect`. Jitter is the same for a `seed`.
    """

    seconds: float
    jitter: float = field(default=0.0, kw_only=True)
    took_effect: bool = field(default=False, kw_only=True)
    seed: int = field(default=0, kw_only=True)
    _random: Random = field(init=False, repr=False, compare=False)

    stage = Stage.DELAY

    def __post_init__(self) -> None:
        """Refuse times that can't be."""
        if not 0 <= self.jitter <= self.seconds < float("inf"):
            raise ValueError(f"seconds can't be less than jitter, nor jitter than 0: {self.seconds!r}, {self.jitter!r}")
        object.__setattr__(self, "_random", Random(self.seed))

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Wait before or after."""
        seconds = self.seconds + self.jitter * (2 * self._random.random() - 1)
        if not self.took_effect:
            await asyncio.sleep(seconds)
            return await proceed()
        reply = await proceed()
        await asyncio.sleep(seconds)
        return reply


@dataclass(frozen=True)
class _Break(Effect):
    at: float | None = None
    took_effect: bool = field(default=False, kw_only=True)

    resets: ClassVar[bool]

    def __post_init__(self) -> None:
        """Refuse what is no part of a body."""
        if self.at is not None:
            share(self.at)
            object.__setattr__(self, "stage", Stage.WIRE)

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Break the connection, or have it broken."""
        if self.at is not None:
            reply = await proceed()
            reply.share, reply.reset = self.at, self.resets
            return reply
        if self.took_effect:
            await proceed()
        raise Disconnected(reset=self.resets)


@dataclass(frozen=True)
class Reset(_Break):
    """The connection is reset: without an answer, or when the part `at` (0 to 1) of the body is sent.

    Without an answer the server never sees the request, unless it `took_effect`. An answer without a body is sent
    whole. In process it is an `httpx.ReadError`, or a `ConnectionResetError` where httpx is not imported.
    """

    resets = True


@dataclass(frozen=True)
class HangUp(_Break):
    """The connection is closed in an orderly way, but too early; else the same as `Reset`.

    In process it is an `httpx.RemoteProtocolError`, or a `ConnectionAbortedError` where httpx is not imported.
    """

    resets = False


@dataclass(frozen=True)
class Drip(Effect):
    """The body comes slowly: `size` bytes, `pause` seconds, and so on."""

    size: int = 64
    pause: float = 0.1

    stage = Stage.WIRE

    def __post_init__(self) -> None:
        """Refuse what can't be."""
        if self.size < 1 or not 0 <= self.pause < float("inf"):
            raise ValueError(
                f"a drip has at least one byte, and a pause is not negative: {self.size!r}, {self.pause!r}"
            )

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Have the answer sent slowly."""
        reply = await proceed()
        reply.piece, reply.pause = self.size, self.pause
        return reply
