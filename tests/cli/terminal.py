"""A terminal as far as lines are redrawn on it."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

TOKEN = re.compile(r"\x1b\[K|\r|\n|[^\x1b\r\n]+")


class Terminal(io.StringIO):
    """Shows what is written to it.

    Attributes:
        lines: What it shows.
        shown: Every text that the last line ever had, as long as it stood.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self.shown: list[str] = []
        self._column = 0

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        assert "".join(TOKEN.findall(text)) == text, f"not understood: {text!r}"
        for token in TOKEN.findall(text):
            self._put(token)
        self.shown.append(self.lines[-1])
        return len(text)

    def _put(self, token: str) -> None:
        if token == "\r":
            self._column = 0
        elif token == "\n":
            self.lines.append("")
            self._column = 0
        elif token == "\x1b[K":
            self.lines[-1] = self.lines[-1][: self._column]
        else:
            line, self._column = self.lines[-1], self._column + len(token)
            self.lines[-1] = line[: self._column - len(token)] + token + line[self._column :]


@contextmanager
def on_terminal() -> Iterator[Terminal]:
    """Have standard error on a terminal. Not in a fixture: pytest has its own between fixtures and test."""
    before, sys.stderr = sys.stderr, (terminal := Terminal())
    try:
        yield terminal
    finally:
        sys.stderr = before
