"""The parts in which spans are kept: those that one company has from a few thousand subjects, as one value (decision 30).

A million rows cannot be read in the time that a count may take; their bytes, side by side, can.
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct

from sayso.reader.stances import LATEST, Span

SUBJECTS = 1 << 12  # of a part
_PARTS = 1 << 20  # of a holder: 4,294,967,296 subjects

# since, until, clause (0 where a company has no grant), stance, the subject's number within its part, place
ENTRY = Struct("<IIIIHH")
_SUBJECT = slice(16, 18)


def holder(company: int, *, granted: bool) -> int:
    """Give the number for the spans of a company that are of grants, or those of who grants it nothing."""
    return company * 2 + granted


def part_of(holder: int, subject: int) -> int:
    """Give the number of the part that has a holder's spans of a subject."""
    return holder * _PARTS + subject // SUBJECTS


def parts_of(holder: int) -> tuple[int, int]:
    """Give the first and the last number that a part of a holder can have."""
    return part_of(holder, 0), part_of(holder + 1, 0) - 1


def first_subject(part: int) -> int:
    """Give the lowest number that a subject in a part can have."""
    return part % _PARTS * SUBJECTS


def entry(span: Span, clause: int, stance: int, subject: int) -> bytes:
    """Write a span; clause and stance are their numbers in the store.

    It ends with its profile, so one that would begin after ``LATEST`` holds never, whenever it is said to begin.
    """
    since, until = (min(max(at, 0), LATEST) for at in (span.since, span.until))
    return ENTRY.pack(since, until, clause, stance, subject % SUBJECTS, span.place)


def without(entries: bytes, subjects: Iterable[int]) -> bytes:
    """Leave out the spans of some subjects."""
    gone = {(subject % SUBJECTS).to_bytes(2, "little") for subject in subjects}
    found = (entries[place : place + ENTRY.size] for place in range(0, len(entries), ENTRY.size))
    return b"".join([each for each in found if each[_SUBJECT] not in gone])
