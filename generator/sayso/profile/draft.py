"""A source read for the rules, whatever its shape, so that one slip hides no other; and when a profile ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from sayso.errors import Problem, Severity
from sayso.instants import after, duration, end_of_day, rfc3339, start_of_day
from sayso.profile.addresses import a_label, registrable_domain
from sayso.profile.nearest import Guesses
from sayso.profile.source import Path, Source

MEANS_EVERYONE = "everyone"


class Draft:
    """The parts of a source that have their shape; what has not is passed over, since the schema says so already."""

    def __init__(self, source: Source, at: int) -> None:
        self.source = source
        self.at = at
        self.end = profile_end(source, at)
        self.companies = {label: name for name in self.mapping("companies") if (label := a_label(name))}
        self.groups = self.mapping("groups")
        self.guess = Guesses()

    @cached_property
    def names(self) -> list[str]:
        """The companies as they are spelled, without those that must be spelled otherwise."""
        return [name for label, name in self.companies.items() if registrable_domain(label) == label]

    @cached_property
    def recipients(self) -> list[str]:
        """The names of companies and groups."""
        return [*self.names, *self.groups]

    def mapping(self, name: str) -> dict[str, Any]:
        """Give a part of the profile that is keys with values, or an empty one."""
        value = self.source.data.get(name)
        return value if isinstance(value, dict) else {}

    def items(self, *sections: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """Give each entry of some lists of the profile, with its path."""
        for section in sections:
            entries = self.source.data.get(section)
            for index, item in enumerate(entries if isinstance(entries, list) else []):
                if isinstance(item, dict):
                    yield (section, index), item

    def line(self, path: Path) -> int:
        """Give the line of a value."""
        return self.source.position(path)[0]

    def called(self, noun: str, path: Path) -> str:
        """Give the words for an entry of a list: its noun, its id if it has one, and its line."""
        name = self.source.data[path[0]][path[1]].get("id")
        return f"the {noun} {f'`{name}` ' if isinstance(name, str) else ''}in line {self.line(path)}"

    def problem(
        self,
        code: str,
        message: str,
        path: Path,
        hint: str | None = None,
        *,
        key: bool = False,
        severity: Severity = "error",
    ) -> Problem:
        """Make a problem of the value at a path, or of the key that leads to it."""
        line, column = self.source.key_position(path) if key else self.source.position(path)
        return Problem(code, message, line, column, hint, severity)


def texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Give each text of a text or a list of texts, with its path."""
    if isinstance(value, str):
        yield path, value
    for index, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, str):
            yield (*path, index), item


def instant_of(text: Any, reader: Callable[[str], int]) -> int | None:
    """Read a day as an instant (seconds, UTC), or give None for what is no such day."""
    try:
        return reader(text)
    except (TypeError, ValueError):
        return None


def ends_first(item: dict[str, Any]) -> bool:
    """Tell whether something ends before it begins."""
    opens, ends = instant_of(item.get("from"), start_of_day), instant_of(item.get("until"), end_of_day)
    return opens is not None and ends is not None and ends <= opens


def last_day(end: int) -> str:
    """Give the last day (UTC) before an instant."""
    return rfc3339(end - 1)[:10]


def profile_end(source: Source, at: int) -> int | None:
    """Give the instant at which a profile compiled now would end, or None where the source does not say it rightly."""
    valid = source.data.get("valid") if isinstance(source.data, dict) else None
    if not isinstance(valid, dict):
        return None
    try:
        return after(at, duration(valid["for"])) if "for" in valid else end_of_day(valid["until"])
    except (KeyError, TypeError, ValueError):
        return None
