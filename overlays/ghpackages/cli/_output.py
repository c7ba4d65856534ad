"""Where results go: standard output, or a file that appears whole or not at all."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import TextIO


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


@contextmanager
def opened(output: Path | None) -> Generator[TextIO, None, None]:
    """Give what results are written to.

    A file is written as `NAME.partial` and gets its name at the end; if anything goes wrong, it is removed. What is no
    file, such as a pipe or a device, is written directly.

    Raises:
        ValueError: The file can't be written.
    """
    if output is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    target = Path(os.path.realpath(output))  # the target of a link, not the link, is replaced
    if target.exists() and not target.is_file():
        with _open(target) as file:
            yield file
        return
    partial = target.with_name(f"{target.name}.partial")
    try:
        with _open(partial) as file:
            yield file
        partial.replace(target)
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise


def _open(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise ValueError(f"can't write {path}: {error.strerror}") from error
