"""Where results go: standard output, or a file that appears whole or not at all."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from ._partial import OnKept, Partial, open_text


class Format(StrEnum):
    """How results are written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


_SUFFIXES = {".json": Format.JSON, ".jsonl": Format.JSONL, ".ndjson": Format.JSONL, ".csv": Format.CSV}


def choose_format(given: Format | None, output: Path | None) -> Format:
    """The format that was asked for, else that of the file's suffix, else a table."""
    if given or output is None:
        return given or Format.TABLE
    return _SUFFIXES.get(output.suffix.lower(), Format.TABLE)


def target_of(output: Path | None) -> Path | None:
    """The file that is to appear: the target of a link, not the link; None for a pipe, a device or no file at all."""
    if output is None:
        return None
    target = Path(os.path.realpath(output))
    return None if target.exists() and not target.is_file() else target


@contextmanager
def opened(output: Path | None, *, on_kept: OnKept | None = None) -> Generator[TextIO, None, None]:
    """Give what results are written to.

    A file is written as `NAME.partial` and gets its name at the end. What is no file, such as a pipe or a device, is
    written directly.

    Args:
        output: The file; None for standard output.
        on_kept: If given, the partial file is lines, and remains if anything goes wrong; is told so.

    Raises:
        ValueError: The file can't be written, or another run writes it.
    """
    if output is None:
        yield sys.stdout
        sys.stdout.flush()
    elif (target := target_of(output)) is None:
        with open_text(output, "w") as file:
            yield file
    else:
        with Partial(target) as partial, partial.written("w", on_kept=on_kept) as file:
            yield file
