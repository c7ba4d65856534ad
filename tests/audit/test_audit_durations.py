"""Durations by the calendar, and instants."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghpackages.audit import VersionFilter
from ghpackages.audit._durations import Duration, as_instant, as_limit

MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


def before(text: str, moment: datetime) -> datetime:
    return Duration.parse(text).before(moment)


@pytest.mark.parametrize(("year", "day"), [(2024, 29), (2026, 28), (2028, 29)])
def test_six_months_before_31_august_is_the_last_day_of_february(year: int, day: int) -> None:
    assert datetime(year, 2, day, 12, tzinfo=UTC) == before("6 months", datetime(year, 8, 31, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 year 3 months", datetime(2025, 2, 28, tzinfo=UTC)),
        ("2 weeks", datetime(2026, 5, 17, tzinfo=UTC)),
        ("90 days", datetime(2026, 3, 2, tzinfo=UTC)),
        ("1000 days", datetime(2023, 9, 4, tzinfo=UTC)),
        ("12 hours", datetime(2026, 5, 30, 12, tzinfo=UTC)),
        (" 1 Day  30 minutes ", datetime(2026, 5, 29, 23, 30, tzinfo=UTC)),
        ("6months", datetime(2025, 11, 30, tzinfo=UTC)),
    ],
)
def test_durations_are_understood(text: str, expected: datetime) -> None:
    assert expected == before(text, datetime(2026, 5, 31, tzinfo=UTC))


@pytest.mark.parametrize(
    "text", ["", "6", "months", "6 mnths", "-6 months", "1.5 years", "6 months ago", "1 day 2 days", "six months"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        as_limit(text)


@pytest.mark.parametrize("text", ["5000 years", "99999999999999 days", "999999999 months", "999999999 years"])
def test_durations_beyond_the_year_1_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is too long"):
        before(text, datetime(2026, 1, 1, tzinfo=UTC))


@given(MOMENTS, st.integers(0, 500))
def test_months_keep_the_day_or_take_the_last_one(moment: datetime, months: int) -> None:
    earlier = before(f"{months} months", moment)
    index = moment.year * 12 + moment.month - 1 - months
    last = calendar.monthrange(index // 12, index % 12 + 1)[1]

    assert (index // 12, index % 12 + 1, min(moment.day, last)) == (earlier.year, earlier.month, earlier.day)
    assert moment.timetz() == earlier.timetz()


@given(MOMENTS, st.integers(0, 3000))
def test_days_weeks_and_hours_are_exact(moment: datetime, number: int) -> None:
    assert moment - timedelta(days=number) == before(f"{number} days", moment)
    assert moment - timedelta(weeks=number) == before(f"{number} weeks", moment)
    assert moment - timedelta(hours=number) == before(f"{number} hours", moment)


@given(MOMENTS, st.integers(0, 60), st.integers(0, 60))
def test_a_longer_duration_never_reaches_back_less(moment: datetime, one: int, other: int) -> None:
    short, long = sorted((one, other))

    assert before(f"{long} months", moment) <= before(f"{short} months", moment)


@pytest.mark.parametrize("value", ["2026-05-22", "2026-05-22T10:00:00", datetime(2026, 5, 22)])
def test_instants_without_a_time_zone_are_refused(value: str | datetime) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        VersionFilter(older_than=value)


def test_instants_are_taken_to_utc() -> None:
    berlin = timezone(timedelta(hours=2))

    assert datetime(2026, 5, 22, 10, tzinfo=UTC) == as_instant("2026-05-22T12:00:00+02:00")
    assert as_instant(datetime(2026, 5, 22, 12, tzinfo=berlin)).tzinfo == UTC


@pytest.mark.parametrize("text", ["2026-13-01T00:00:00Z", "20260522x"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no date and time"):
        as_limit(text)
