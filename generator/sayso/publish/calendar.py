"""A calendar of days on which something ends, as text that every calendar program reads (iCalendar, RFC 5545).

Pure: days come in, bytes go out. The same days give the same bytes, and a day keeps its name from one version to the next:
who takes in the calendar again has moved what moved, and nothing twice.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

_LONGEST = 75  # octets of a line, without its end
_DAYS_BEFORE = 7  # at which one is reminded
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_NEVER = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")  # controls, which a text must not have, but for the line feed


@dataclass(frozen=True, slots=True)
class Day:
    """One day: ``about`` names what ends for good, as a URL; ``at`` is an instant of that day (seconds, UTC)."""

    about: str
    at: int
    summary: str
    description: str


def calendar(days: Iterable[Day], revision: int, revised_at: int) -> bytes:
    """Give the file, the earliest day first; ``revision`` grows with each version, which was made at ``revised_at``.

    Raises ValueError where there is no day: a calendar is not allowed to be empty.
    """
    events = sorted(days, key=lambda day: (day.at, day.about))
    if not events:
        raise ValueError("a calendar has at least one day")
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//sayso//status//EN"),
        *(line for day in events for line in _event(day, revision, revised_at)),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _event(day: Day, revision: int, revised_at: int) -> Iterator[str]:
    moment, revised = (dt.datetime.fromtimestamp(at, dt.UTC) for at in (day.at, revised_at))
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid5(NAMESPACE_URL, day.about)}"
    yield f"DTSTAMP:{revised:%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{revision}"
    yield f"DTSTART;VALUE=DATE:{moment:%Y%m%d}"
    yield f"SUMMARY:{_text(day.summary)}"
    yield f"DESCRIPTION:{_text(day.description)}"
    yield "TRANSP:TRANSPARENT"  # nobody is busy on that day
    yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{_DAYS_BEFORE}D")
    yield f"DESCRIPTION:{_text(day.summary)}"
    yield from ("END:VALARM", "END:VEVENT")


def _text(text: str) -> str:
    """Write a text as the value of a property."""
    return "".join(_ESCAPED.get(sign, sign) for sign in _NEVER.sub(" ", text))


def _folded(line: str) -> bytes:
    """Give the octets of a line, folded where it is too long, and never within a character."""
    parts, part, room = [], b"", _LONGEST
    for sign in line:
        octets = sign.encode()
        if len(part) + len(octets) > room:
            parts.append(part)
            part, room = b"", _LONGEST - 1  # a line that goes on begins with a space
        part += octets
    return b"\r\n ".join((*parts, part)) + b"\r\n"
