"""A file that appears whole or not at all: while it is written it is `NAME.partial`, which one run has to itself."""

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TextIO

if sys.platform != "win32":
    import fcntl

OnKept = Callable[[str], object]
"""Is told which file remains."""


class Partial:
    """What is written before a file is whole. Enter it to have it alone.

    Args:
        target: The file that is to appear.

    Attributes:
        path: Where it is.
    """

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.partial")
        self._target = target
        self._new = target.with_name(f"{self.path.name}.new")
        self._locks: list[int] = []

    def __enter__(self) -> Self:
        """Keep other runs out, until it is left.

        Raises:
            ValueError: Another run writes it, or it can't be written.
        """
        self._locks += _locked(self.path)
        with suppress(OSError):  # of a run that was killed while it rewrote
            self._new.unlink()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # nothing was written, so it is only there to be locked
            if not self.path.stat().st_size and self._is_ours():
                self.path.unlink()
        while self._locks:
            os.close(self._locks.pop())

    @contextmanager
    def written(self, mode: Literal["w", "a"], *, on_kept: OnKept | None) -> Generator[TextIO, None, None]:
        """Give the open file; at the end it gets its name. If anything goes wrong, it is removed.

        Args:
            mode: "w" to begin anew, "a" to go on.
            on_kept: If given, every line is written at once, and if anything goes wrong the file remains, unless it has
                no more than one line. Is told so.
        """
        try:
            with open_text(self.path, mode, buffering=-1 if on_kept is None else 1) as file:
                yield file
                _sync(file)
            self.path.replace(self._target)
        except BaseException:
            if on_kept and self.has_lines(2):
                on_kept(str(self))
            else:
                with suppress(OSError):
                    self.path.unlink()
            raise

    @contextmanager
    def rewritten(self) -> Generator[TextIO, None, None]:
        """Give a new file, which takes the place of what is there, if all goes well."""
        self._locks += _locked(self._new)  # it will be the one that others find
        try:
            with open_text(self._new, "w") as file:
                yield file
                _sync(file)
            self._new.replace(self.path)
        except BaseException:
            with suppress(OSError):
                self._new.unlink()
            raise

    def __str__(self) -> str:
        """Where it is, for people."""
        return shown(self.path)

    def _is_ours(self) -> bool:
        """Whether it is not that of a run which began when this one gave its file its name."""
        return not self._locks or any(_is_at(self.path, held) for held in self._locks)

    def has_lines(self, number: int) -> bool:
        """Whether it has so many lines that were written to their end."""
        with suppress(OSError), self.path.open("rb") as file:
            return sum(line.endswith(b"\n") for line in islice(file, number)) == number
        return False


def open_text(path: Path, mode: Literal["w", "a"], *, buffering: int = -1) -> TextIO:
    """Open a file to write text.

    Raises:
        ValueError: It can't be written.
    """
    try:
        return path.open(mode, buffering, encoding="utf-8", errors="backslashreplace", newline="")
    except OSError as error:
        raise _not_writable(path, error) from error


def shown(path: Path) -> str:
    """A path as short as it can be."""
    with suppress(ValueError, OSError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def _sync(file: TextIO) -> None:
    """Have everything on the disk before the file gets its name: a crash would leave an empty one."""
    file.flush()
    os.fsync(file.fileno())


def _not_writable(path: Path, error: OSError) -> ValueError:
    return ValueError(f"can't write {shown(path)}: {error.strerror}")


def _locked(path: Path) -> list[int]:
    """The descriptor that holds the lock on a file, which is made if need be; none where there are no locks.

    Raises:
        ValueError: Another run holds it, or the file can't be written.
    """
    if sys.platform == "win32":
        return []
    for _ in range(3):
        try:
            held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise _not_writable(path, error) from error
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
            break
        except OSError:  # a file system without locks
            os.close(held)
            return []
        if _is_at(path, held):
            return [held]
        os.close(held)  # another run replaced or removed it meanwhile
    raise ValueError(f"another run is writing {shown(path)}")


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
