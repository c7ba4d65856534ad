"""Numbers, dates and spans of time as people read them."""

from datetime import UTC, datetime
from math import ceil
from typing import Final

NONE: Final = "–"
"""What stands where there is nothing to show."""


def count(number: int | None) -> str:
    """A count with thousands separators."""
    return NONE if number is None else f"{number:,}"


def plural(number: int, noun: str) -> str:
    """A count and what is counted."""
    return f"{number:,} {noun if number == 1 else plurals(noun)}"


def plurals(noun: str) -> str:
    """The word for several."""
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def day(moment: datetime | None) -> str:
    """A date."""
    return NONE if moment is None else moment.astimezone(UTC).date().isoformat()


def span(seconds: float) -> str:
    """How long something takes, never less than it does: `under a minute`, `about 2 h 5 min`."""
    if seconds < 60:
        return "under a minute"
    hours, minutes = divmod(ceil(seconds / 60), 60)
    parts = [f"{hours:,} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes)
    return f"about {' '.join(parts)}"
