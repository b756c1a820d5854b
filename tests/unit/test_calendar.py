"""The calendar of what ends: read back by a strict reader of RFC 5545 that this test brings with it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.instants import parse_rfc3339
from sayso.publish.calendar import Day, calendar

REVISED = parse_rfc3339("2026-11-21T09:00:00Z")
BOOTS = Day(
    "https://ada.example/#want.boots",
    parse_rfc3339("2026-12-20T23:59:59Z"),
    "Ends: boots, EU 41; brown \\ black",
    "First line\nhttps://ada.example/",
)


@dataclass
class Component:
    """A component as it was read: its properties by name, and the components in it."""

    name: str
    properties: dict[str, str] = field(default_factory=dict)
    parts: list[Component] = field(default_factory=list)


def read(data: bytes) -> Component:
    """Read a calendar; anything that RFC 5545 does not permit fails the test."""
    assert data.endswith(b"\r\n")
    physical = data.removesuffix(b"\r\n").split(b"\r\n")
    assert all(0 < len(line) <= 75 for line in physical)
    assert all(line.decode("utf-8") for line in physical)  # no character is split
    assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", b"".join(physical))
    stack = [Component("")]
    for line in data.replace(b"\r\n ", b"").decode("utf-8").removesuffix("\r\n").split("\r\n"):
        found = re.fullmatch(r'([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line)
        assert found, line
        name, value = found[1] + found[2], found[3]
        if name == "BEGIN":
            stack.append(Component(value))
        elif name == "END":
            ended = stack.pop()
            assert ended.name == value
            stack[-1].parts.append(ended)
        else:
            assert name not in stack[-1].properties, "each of ours stands once"
            stack[-1].properties[name] = value
    assert len(stack) == 1
    [whole] = stack[0].parts
    return whole


def text(value: str) -> str:
    """Read a TEXT value; an escape that there is not fails the test."""
    assert re.fullmatch(r"(?:[^\\;,]|\\[\\;,nN])*", value), value
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def test_an_event() -> None:
    """Each day is an event of the whole day, with a name of its own, the texts as they were, and an alarm a week before."""
    whole = read(calendar([BOOTS], 3, REVISED))
    assert (whole.name, whole.properties["VERSION"]) == ("VCALENDAR", "2.0")
    assert whole.properties.keys() == {"VERSION", "PRODID"}
    [event] = whole.parts
    assert event.name == "VEVENT"
    assert UUID(event.properties["UID"]).version == 5
    assert event.properties["DTSTART;VALUE=DATE"] == "20261220"
    assert event.properties["DTSTAMP"] == "20261121T090000Z"
    assert event.properties["SEQUENCE"] == "3"
    assert text(event.properties["SUMMARY"]) == BOOTS.summary
    assert text(event.properties["DESCRIPTION"]) == BOOTS.description
    [alarm] = event.parts
    assert (alarm.name, alarm.properties["TRIGGER"], alarm.properties["ACTION"]) == ("VALARM", "-P7D", "DISPLAY")
    assert text(alarm.properties["DESCRIPTION"]) == BOOTS.summary


def test_the_same_day_keeps_its_name() -> None:
    """What ends on another day, and is called otherwise, in a later version is the same event; something else is another."""
    moved = replace(BOOTS, at=BOOTS.at + 30 * 86_400, summary="Ends: boots")
    other = replace(BOOTS, about="https://ada.example/#grant.boots")
    [before], [after], [third] = (read(calendar([day], 1, REVISED)).parts for day in (BOOTS, moved, other))
    assert before.properties["UID"] == after.properties["UID"] != third.properties["UID"]
    assert before.properties["DTSTART;VALUE=DATE"] != after.properties["DTSTART;VALUE=DATE"]


def test_the_earliest_day_comes_first() -> None:
    """The events stand in the order of their days, however they were given, and the same ones make the same bytes."""
    days = [replace(BOOTS, about=f"#{number}", at=BOOTS.at + number * 86_400) for number in range(5)]
    whole = calendar(days[::-1], 1, REVISED)
    assert whole == calendar(days, 1, REVISED)
    found = [event.properties["DTSTART;VALUE=DATE"] for event in read(whole).parts]
    assert found == sorted(found)


def test_nothing_makes_no_calendar() -> None:
    """A calendar without an event is none."""
    with pytest.raises(ValueError, match="at least one"):
        calendar([], 1, REVISED)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_comes_back(summary: str, description: str) -> None:
    """Whatever a person wrote, in whatever script, is read back as it was, but for controls, which are blanks."""
    summary, description = (
        "".join(sign for sign in wrote if unicodedata.category(sign) != "Cs") for wrote in (summary, description)
    )
    [event] = read(calendar([replace(BOOTS, summary=summary, description=description)], 1, REVISED)).parts
    for name, wrote in (("SUMMARY", summary), ("DESCRIPTION", description)):
        assert text(event.properties[name]) == re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", wrote)
