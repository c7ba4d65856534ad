"""Reading JSON that somebody may have written by hand: what is wrong with it, and where."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final, TypeGuard, cast

__all__ = ["BadFile", "Entry"]


class BadFile(ValueError):  # noqa: N818  (whoever reads it sees a ValueError)
    """Tells in one line where a file is wrong, and how."""


class Entry:
    """A JSON object, its keys, and where it stands."""

    def __init__(self, value: object, where: str, known: Collection[str]) -> None:
        self.where: Final = where
        self._values: Final = _object(value, where)
        self.expect(known)

    def __contains__(self, key: str) -> bool:
        """Tell whether there is a value that is not null."""
        return self._values.get(key) is not None

    def expect(self, known: Collection[str]) -> None:
        """Allow no other keys."""
        for key in self._values:
            if key not in known:
                raise BadFile(f"{self.where}: unknown key {key!r}: expected one of {', '.join(known)}")

    def at(self, key: str) -> str:
        """Tell where a value stands."""
        return f"{self.where}.{key}"

    @contextmanager
    def explained(self, key: str | None = None) -> Generator[None]:
        """Let what is raised inside say where it was."""
        try:
            yield
        except BadFile:
            raise
        except (ValueError, TypeError, OverflowError) as error:
            raise BadFile(f"{self.where if key is None else self.at(key)}: {error}") from error

    def text(self, key: str) -> str | None:
        """Give a string."""
        value = self._values.get(key)
        if value is None or isinstance(value, str):
            return value
        raise self._wrong(key, "a string")

    def needed(self, key: str) -> str:
        """Give a string that has to be there."""
        value = self.text(key)
        if value is None:
            raise BadFile(f"{self.where}: {key!r} is missing")
        return value

    def integer(self, key: str) -> int | None:
        """Give a whole number that is not negative."""
        value = self._values.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
            return value
        raise self._wrong(key, "a whole number that is not negative")

    def number(self, key: str) -> float | None:
        """Give a number."""
        value = self._values.get(key)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        raise self._wrong(key, "a number")

    def flag(self, key: str, *, default: bool) -> bool:
        """Give true or false."""
        value = self._values.get(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        raise self._wrong(key, "true or false")

    def moment(self, key: str) -> datetime | None:
        """Give an instant."""
        text = self.text(key)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise self._wrong(key, "a date such as 2026-11-01T00:00:00Z") from None
        if moment.tzinfo is None:
            raise self._wrong(key, "a date with a time zone such as 2026-11-01T00:00:00Z")
        return moment

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Give a list of strings."""
        value = self._values.get(key)
        if value is None:
            return None
        if _are_texts(value):
            return tuple(value)
        raise self._wrong(key, "a list of strings")

    def mapping(self, key: str) -> Mapping[str, object] | None:
        """Give an object whose keys may be any."""
        return _object(self._values[key], self.at(key)) if key in self else None

    def entry(self, key: str, known: Collection[str]) -> Entry | None:
        """Give an object."""
        return Entry(self._values[key], self.at(key), known) if key in self else None

    def entries(self, key: str, known: Collection[str]) -> list[Entry]:
        """Give a list of objects, which may be left out."""
        value = self._values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(key, "a list of objects")
        items = cast("list[object]", value)
        return [Entry(item, f"{self.at(key)}[{number}]", known) for number, item in enumerate(items)]

    def _wrong(self, key: str, expected: str) -> BadFile:
        return BadFile(f"{self.at(key)}: expected {expected}, got {_shortened(self._values[key])}")


def _object(value: object, where: str) -> Mapping[str, object]:
    if isinstance(value, dict):
        return cast("dict[str, object]", value)
    raise BadFile(f"{where}: expected an object, got {_shortened(value)}")


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in cast("list[object]", value))


def _shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) < 60 else f"{text[:56]} ..."
