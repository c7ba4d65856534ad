"""How results are shown, as it was asked for."""

import os
import shutil
import sys
from pathlib import Path

from attrs import frozen

from ._exit import say
from ._grid import Screen
from ._output import Format, choose_format
from ._progress import Display, choose_mode


@frozen
class Results:
    """How results are shown.

    Attributes:
        given: The format that was asked for.
        output: The file they go to; None for standard output.
        quiet: Whether nothing but errors is said.
    """

    given: Format | None
    output: Path | None
    quiet: bool

    @property
    def format(self) -> Format:
        """How they are written."""
        return choose_format(self.given, self.output)

    @property
    def screen(self) -> Screen:
        """What a table is shown on."""
        if self.output is not None or not sys.stdout.isatty():
            return Screen()
        colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return Screen(shutil.get_terminal_size().columns, colour)

    def display(self) -> Display:
        """What tells how far a command is. A table is written at the end, so it does not get into the way."""
        is_shared = self.output is None and self.format != Format.TABLE and sys.stdout.isatty()
        return Display(choose_mode(quiet=self.quiet, is_shared=is_shared))

    def tell(self, message: str) -> None:
        """Say something that is no error."""
        if not self.quiet:
            say(message)

    def report(self, what: str) -> None:
        """Say what was written to a file."""
        if self.output is not None:
            self.tell(f"{what} written to {self.output}")
