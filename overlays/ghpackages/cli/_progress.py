"""A line on standard error that tells how far an audit is, if anyone looks."""

import sys
import time
from types import TracebackType
from typing import Final, Self

from ._exit import plain

INTERVAL: Final = 0.1
"""Seconds between two updates, at least."""


class Progress:
    """Shows one line that is overwritten, and takes it away at the end; shows nothing if there is no terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self._is_shown = not quiet and sys.stderr.isatty()
        self._next = 0.0

    def show(self, text: str) -> None:
        """Say how far it is."""
        if self._is_shown and time.monotonic() >= self._next:
            self._next = time.monotonic() + INTERVAL
            sys.stderr.write(f"\r{plain(text)}\x1b[K")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()
