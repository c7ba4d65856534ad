"""How far a command is, on standard error: one line that is redrawn in place, or one line a minute."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import Enum
from types import TracebackType
from typing import Final, Self

from attrs import frozen

from ghpackages import RateLimit, Wait
from ghpackages.audit import Progress

from ._exit import complain, plain
from ._words import plural

REDRAWN: Final = 0.1
"""Seconds between two looks at what there is to show on a terminal."""

REPEATED: Final = 60.0
"""Seconds between two lines where there is no terminal."""

REASONS: Final = {
    "points": "the limit of requests a minute",
    "changes": "the limit of changes",
    "primary": "the next hour's requests",
    "secondary": "the pause that GitHub asks for",
}


class Mode(Enum):
    """How much is shown."""

    LIVE = "a line that is redrawn"
    LINES = "a line a minute, and a line for each wait"
    WAITS = "a line for each wait"
    SILENT = "nothing but complaints"


def choose_mode(*, quiet: bool, is_shared: bool) -> Mode:
    """What suits standard error.

    Args:
        quiet: Whether nothing is wanted.
        is_shared: Whether results are written to the same terminal meanwhile.
    """
    if quiet:
        return Mode.SILENT
    if not sys.stderr.isatty():
        return Mode.LINES
    return Mode.WAITS if is_shared or os.environ.get("TERM") == "dumb" else Mode.LIVE


@frozen
class Part:
    """A part of what is shown.

    Attributes:
        text: What is shown.
        spare: The higher, the sooner it is left out where there is no room.
        joint: What is between it and the part before.
    """

    text: str
    spare: int = 0
    joint: str = ", "


Parts = Callable[[], Iterable[Part]]
"""Tells how far a command is."""


def audit_parts(progress: Progress, limit: RateLimit) -> list[Part]:
    """How far an audit is."""
    more = "" if progress.all_found else "+"
    packages = f"{progress.packages:,} of {progress.found:,}{more} packages"
    return [
        Part(packages if progress.found or progress.all_found else "listing packages"),
        Part(plural(progress.versions, "version"), 2),
        Part(plural(progress.requests, "request"), 5),
        *limit_parts(limit),
    ]


def limit_parts(limit: RateLimit) -> list[Part]:
    """How many requests are left, and what is waited for."""
    parts: list[Part] = []
    if limit.remaining is not None:
        until = f" until {limit.reset:%H:%M} UTC" if limit.reset else ""
        parts.append(Part(f"{limit.remaining:,} left{until}", 4))
    if limit.paused_until and limit.reason:
        parts.append(Part(f"waiting until {limit.paused_until:%H:%M:%S} UTC", 1))
        parts.append(Part(f"for {REASONS[limit.reason]}", 3, joint=" "))
    return parts


def joined(parts: Iterable[Part]) -> str:
    """The parts in one line."""
    text = ""
    for part in parts:
        text += f"{part.joint}{part.text}" if text else part.text
    return text


def fitted(parts: Iterable[Part], width: int) -> str:
    """The parts in one line of at most this width."""
    shown = list(parts)
    while len(text := joined(shown)) > width and any(part.spare for part in shown):
        shown.remove(max(shown, key=lambda part: part.spare))
    return text[: max(width, 0)]


class Display:
    """Tells on standard error how far a command is, and what goes wrong.

        async with display.showing(parts): ...

    Args:
        mode: How much is shown.
    """

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._drawn = ""

    def tell_wait(self, wait: Wait) -> None:
        """Say that requests wait, why, and until when; a live line shows it anyway."""
        if self._mode in {Mode.LINES, Mode.WAITS}:
            complain(f"waiting until {wait.until:%H:%M:%S} UTC for {REASONS[wait.reason]}")

    def complain(self, message: str) -> None:
        """Write a line about what went wrong, above the one that is redrawn."""
        drawn = self._drawn
        self.draw("")
        complain(message)
        self.draw(drawn)

    def draw(self, text: str) -> None:
        """Replace what is in the live line; nothing is drawn twice."""
        if text == self._drawn:
            return
        self._drawn = text
        with suppress(OSError):  # a terminal that went away is no reason to stop
            sys.stderr.write(f"\r{text}\x1b[K")
            sys.stderr.flush()

    def showing(self, parts: Parts) -> "Showing":
        """Show something until the end of an `async with`."""
        return Showing(self, parts, self._mode)


class Showing:
    """Redraws while nothing else happens, and takes the line away at the end."""

    def __init__(self, display: Display, parts: Parts, mode: Mode) -> None:
        self._display = display
        self._parts = parts
        self._mode = mode
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._mode in {Mode.LIVE, Mode.LINES}:
            show = self._redraw if self._mode is Mode.LIVE else self._repeat
            self._task = asyncio.create_task(show(), name="ghpackages progress")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._display.draw("")

    async def _redraw(self) -> None:
        while True:
            self._display.draw(
                plain(fitted(self._parts(), terminal_width() - 1))
            )  # in the last column lines would wrap
            await asyncio.sleep(REDRAWN)

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(REPEATED)
            complain(joined(self._parts()))


def terminal_width() -> int:
    """How wide the terminal is on which standard error is shown."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):  # a stand-in without a descriptor
        return 80
