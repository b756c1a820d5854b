"""Time is read in one way."""

from __future__ import annotations

import pytest

from sayso.instants import (
    after,
    duration,
    end_of_day,
    parse_rfc3339,
    per_day,
    rfc3339,
    seconds_ahead,
    seconds_back,
    start_of_day,
)


@pytest.mark.parametrize(
    ("begin", "span", "end"),
    [
        ("2026-11-21T09:00:00Z", "P6M", "2027-05-21T09:00:00Z"),
        ("2026-01-31T00:00:00Z", "P1M", "2026-02-28T00:00:00Z"),
        ("2028-01-31T00:00:00Z", "P1M", "2028-02-29T00:00:00Z"),
        ("2028-02-29T00:00:00Z", "P1Y", "2029-02-28T00:00:00Z"),
        ("2026-12-31T23:59:59Z", "P1D", "2027-01-01T23:59:59Z"),
        ("2026-01-30T00:00:00Z", "P1M1D", "2026-03-01T00:00:00Z"),
        ("2026-01-01T00:00:00Z", "P2W", "2026-01-15T00:00:00Z"),
        ("9999-01-01T00:00:00Z", "P99Y", "9999-12-31T23:59:59Z"),
    ],
)
def test_adding_a_duration(begin: str, span: str, end: str) -> None:
    """Months come first and keep the day where the month has it; then the days."""
    assert rfc3339(after(parse_rfc3339(begin), duration(span))) == end


def test_lengths_go_beyond_the_calendar() -> None:
    """A duration has its length even where it begins before 1970 or ends after 9999."""
    assert seconds_back("P99Y", 0) == (99 * 365 + 24) * 86_400  # 24 leap days from 1871 to 1969
    assert seconds_ahead("P1Y1M", parse_rfc3339("9999-12-01")) == (31 + 366) * 86_400  # 10000 is a leap year


@pytest.mark.parametrize(
    "text", ["", "P", "P0D", "P0Y0M", "6M", "P1H", "PT1H", "P-1D", "P1.5D", "P1D1M", "p1d", "P1D\n", "P١D"]
)
def test_what_is_no_duration(text: str) -> None:
    """Only years, months, weeks and days, in that order, are a duration."""
    with pytest.raises(ValueError, match="not a duration"):
        duration(text)


def test_a_day_ends_where_the_next_begins() -> None:
    """A day is a day of UTC, end exclusive."""
    assert end_of_day("2026-02-28") == start_of_day("2026-03-01")


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29",
        "2026-13-01",
        "2026-11-21T09:00:00",
        "soon",
        "2026-11-21T25:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-W47-6",
        "20261121",
        "20261121T09Z",
    ],
)
def test_what_is_no_instant(text: str) -> None:
    """A day that does not exist, and an instant without a zone, are refused."""
    with pytest.raises(ValueError):  # noqa: PT011 - each has a message of its own
        parse_rfc3339(text)


def test_offsets_are_taken_off() -> None:
    """An offset is part of an instant."""
    assert parse_rfc3339("2026-11-21T10:00:00+01:00") == parse_rfc3339("2026-11-21T09:00:00Z")


def test_comparing() -> None:
    """Rates and durations compare as one expects."""
    assert per_day("2/P1M") < per_day("1/P1W") < per_day("1/P1D")
    at = parse_rfc3339("2026-11-21")
    assert seconds_back("P30D", at) < seconds_back("P1M", at) < seconds_back("P32D", at)
    at = parse_rfc3339("2027-03-01")
    assert seconds_back("P1M", at) < seconds_back("P30D", at)  # February is short
    assert seconds_ahead("P30D", at) < seconds_ahead("P1M", at)  # March is long
