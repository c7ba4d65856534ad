"""Instants, and durations by the calendar: `6 months` before 31 August is the last day of February."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

_UNITS = ("years", "months", "weeks", "days", "hours", "minutes")
_PART = re.compile(rf"(\d+)\s*({'|'.join(unit[:-1] for unit in _UNITS)})s?", re.IGNORECASE)
_SEVERAL = re.compile(rf"\s*{_PART.pattern}(?:\s+{_PART.pattern})*\s*", re.IGNORECASE)
_DATE = re.compile(r"\s*\d{4}-?\d\d")
_EXPECTED = f"expected numbers and units ({', '.join(_UNITS)}), such as '6 months' or '1 year 3 months'"


@frozen
class Duration:
    """A span of the calendar that reaches back from an instant.

    Attributes:
        text: The duration as it was written.
    """

    text: str
    _delta: relativedelta = field(repr=False, eq=False)

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read a duration such as `6 months`, `2 weeks` or `1 year 3 months`.

        Raises:
            ValueError: It is none, or names a unit twice.
        """
        if not _SEVERAL.fullmatch(text):
            raise ValueError(f"{text!r} is no duration: {_EXPECTED}")
        parts = [(f"{unit.lower()}s", _number(text, number)) for number, unit in _PART.findall(text)]
        amounts = dict(parts)
        if len(amounts) < len(parts):
            raise ValueError(f"{text!r} is no duration: it names a unit twice")
        try:
            return cls(text, _delta(amounts))
        except OverflowError as cause:
            raise _too_long(text) from cause

    def before(self, moment: datetime) -> datetime:
        """The instant that is this much earlier, by the calendar of UTC.

        Raises:
            ValueError: That is before the year 1.
        """
        try:
            earlier: datetime = moment.astimezone(UTC) - self._delta
        except (ValueError, OverflowError) as cause:
            raise _too_long(self.text) from cause
        return earlier


def _delta(amounts: Mapping[str, int]) -> relativedelta:
    years, months, weeks, days, hours, minutes = (amounts.get(unit, 0) for unit in _UNITS)
    return relativedelta(years=years, months=months, weeks=weeks, days=days, hours=hours, minutes=minutes)


def _number(text: str, digits: str) -> int:
    if len(digits) > 9:
        raise _too_long(text)
    return int(digits)


def _too_long(text: str) -> ValueError:
    return ValueError(f"{text!r} is too long: it reaches back beyond the year 1")


def as_instant(value: datetime | str) -> datetime:
    """An instant in UTC, from a datetime or an ISO 8601 text.

    Raises:
        ValueError: It is no date and time, or has no time zone.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError as cause:
            raise ValueError(f"{value!r} is no date and time such as '2026-05-22T00:00:00Z'") from cause
    if value.tzinfo is None or value.utcoffset() is None:
        raise ValueError(f"{value.isoformat()} has no time zone: write it as in '{value:%Y-%m-%dT%H:%M:%S}Z'")
    return value.astimezone(UTC)


def as_limit(value: datetime | str) -> Duration | datetime:
    """A duration or an instant, whichever was meant.

    Raises:
        ValueError: It is neither.
    """
    if isinstance(value, str) and (_SEVERAL.fullmatch(value) or not _DATE.match(value)):
        return Duration.parse(value)
    return as_instant(value)


def resolve(limit: Duration | datetime, as_of: datetime) -> datetime:
    """The instant that a limit means in a run.

    Raises:
        ValueError: The duration reaches back beyond the year 1.
    """
    return limit.before(as_of) if isinstance(limit, Duration) else limit


def iso(moment: datetime) -> str:
    """An instant as GitHub writes it, `2026-05-22T00:00:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
