"""Instants, days, durations and rates: every reading of time that sayso makes.

An instant is an integer: seconds since 1970-01-01T00:00:00Z, leap seconds aside (RFC 7519, NumericDate). Being a
plain number it has no time zone to forget. Days and durations are the ISO 8601 forms that SPEC.md allows.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pkgutil import get_data
from typing import Annotated

import msgspec

DAY = 86_400
MAX_LIFETIME = 400 * DAY  # a profile's, in seconds: consent must end
_CYCLE = 146_097 * DAY  # 400 years
LAST_INSTANT = 253_402_300_799  # 9999-12-31T23:59:59Z, the last one that RFC 3339 can write

#: Seconds since the epoch, UTC; what JSON carries in ``iat`` and ``exp``.
Instant = Annotated[int, msgspec.Meta(ge=0, le=LAST_INSTANT)]

_SPAN = "P(?=[0-9YMWD]*[1-9])(?:([0-9]{1,2})Y)?(?:([0-9]{1,3})M)?(?:([0-9]{1,3})W)?(?:([0-9]{1,4})D)?"
DURATION_PATTERN = rf"^{_SPAN}\Z"
RATE_PATTERN = rf"^[1-9][0-9]{{0,3}}/{_SPAN}\Z"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
INSTANT_PATTERN = rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_TIME}Z\Z"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_TIME}(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])")
_DURATION = re.compile(_SPAN)


@dataclass(frozen=True, slots=True)
class Duration:
    """A calendar duration: whole months, then whole days."""

    months: int
    days: int


@lru_cache(maxsize=1024)
def duration(text: str) -> Duration:
    """Read an ISO 8601 duration made of years, months, weeks and days (``P6M``); raises ValueError."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"not a duration: {text}")
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    return Duration(years * 12 + months, weeks * 7 + days)


def after(instant: int, span: Duration) -> int:
    """Give the instant that lies a duration later, the last that there is at most.

    The day of the month is kept where the month has it.
    """
    return min(_shift(instant, span.months, span.days), LAST_INSTANT)


def seconds_back(span: str, at: int) -> int:
    """Give the length in seconds of a duration that ends at an instant."""
    length = duration(span)
    return at - _shift(at, -length.months, -length.days)


def seconds_ahead(span: str, at: int) -> int:
    """Give the length in seconds of a duration that begins at an instant."""
    length = duration(span)
    return _shift(at, length.months, length.days) - at


def per_day(rate: str) -> float:
    """Give contacts a day for a rate such as ``4/P1M``, a month counted as 30 days: only for comparing two rates."""
    count, span = rate.split("/")
    length = duration(span)
    return int(count) / (length.months * 30 + length.days)


def start_of_day(day: str) -> int:
    """Give the first instant (UTC) of a day written ``YYYY-MM-DD``; raises ValueError for one that does not exist.

    Days before 1970 do not exist here, and neither does the last day of the year 9999, which has no day after it.
    """
    if not _DAY.fullmatch(day):
        raise ValueError(f"not a day: {day}")
    date = dt.date.fromisoformat(day)
    if date.year < 1970 or date == dt.date.max:
        raise ValueError(f"no such day: {day}")
    return int(dt.datetime.combine(date, dt.time(), dt.UTC).timestamp())


def end_of_day(day: str) -> int:
    """Give the first instant after a day: what ``until: YYYY-MM-DD`` means, that day included."""
    return start_of_day(day) + DAY


@lru_cache(maxsize=1024)
def rfc3339(instant: int) -> str:
    """Write an instant as ``YYYY-MM-DDThh:mm:ssZ`` (RFC 3339); the texts sort as the instants do."""
    return dt.datetime.fromtimestamp(instant, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_rfc3339(text: str) -> int:
    """Read an RFC 3339 instant with its offset, or a day as its first instant in UTC; raises ValueError."""
    if _DAY.fullmatch(text):
        return start_of_day(text)
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"not an instant: {text}")
    instant = int(dt.datetime.fromisoformat(text).timestamp())
    if not 0 <= instant <= LAST_INSTANT:
        raise ValueError(f"out of range: {text}")
    return instant


def exists(text: str) -> bool:
    """Tell whether a text of the form ``INSTANT_PATTERN`` names an instant that there is: no 31 February, no year before 1970."""
    try:
        return dt.date.fromisoformat(text[:10]).year >= 1970
    except ValueError:
        return False


@cache
def time_zones() -> frozenset[str]:
    """Give the names of the time zones of the IANA database, as the ``tzdata`` package lists them."""
    return frozenset((get_data("tzdata", "zones") or b"").decode().split())


def _shift(instant: int, months: int, days: int) -> int:
    # The calendar repeats every 400 years; counting in the years from 1970 to 2369 never leaves those that Python knows.
    cycles, instant = divmod(instant, _CYCLE)
    moment = dt.datetime.fromtimestamp(instant, dt.UTC)
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    first = moment.replace(year=year, month=month + 1, day=1)
    last = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    shifted = int(first.replace(day=min(moment.day, last.day)).timestamp())
    return cycles * _CYCLE + shifted + days * DAY
