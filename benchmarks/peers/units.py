"""How values are written."""

import math

UNITS = {"import": ("ms", 1e3), "ready": ("ms", 1e3), "first-call": ("ms", 1e3)}
"""The unit of a task's seconds, and how many of it a second has; all others are written in s or, decoding, in µs."""


def unit_of(task: str) -> tuple[str, float]:
    """The unit in which a task's seconds are written, and how many of it a second has."""
    return ("µs", 1e6) if task.startswith("decode-") else UNITS.get(task, ("s", 1.0))


def significant(value: float, digits: int = 3) -> str:
    """A number with so many digits that say something, without an exponent.

    >>> significant(0.07123), significant(32.123), significant(7204.0)
    ('0.0712', '32.1', '7,204')
    """
    if not value:
        return "0"
    return f"{value:,.{max(0, digits - 1 - math.floor(math.log10(abs(value))))}f}"


def duration(task: str, seconds: float) -> str:
    """Seconds in the unit of the task.

    >>> duration("decode-package", 27.2e-6), duration("import", 0.0213), duration("list", 0.321)
    ('27.2 µs', '21.3 ms', '0.321 s')
    """
    unit, factor = unit_of(task)
    return f"{significant(seconds * factor)} {unit}"
