"""Check: everything that is wrong with a source, at once, each with a code and a position (SPEC.md, Rules).

The schema says what shape a source has; the rules here are those that a schema cannot say: references between parts,
days in order, registrable domains, `everyone`. They skip what has the wrong shape, so that one slip hides no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sayso import spec
from sayso.errors import InvalidProfile, Problem, Severity
from sayso.instants import DAY, after, duration, end_of_day, start_of_day
from sayso.profile.addresses import a_label, canonical_base, registrable_domain
from sayso.profile.model import MAX_LIFETIME
from sayso.profile.nearest import nearest
from sayso.profile.source import Path, Source
from sayso.profile.structure import check_structure

MEANS_EVERYONE = "everyone"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_QUIET = re.compile(r"[0-9:]{5}-[0-9:]{5} [A-Za-z0-9_+/-]+")


def check(source: Source, at: int) -> tuple[Problem, ...]:
    """Give all problems of a source as read at an instant, in the order of their lines; none means that it can be signed."""
    found = [*check_structure(source)]
    if isinstance(source.data, dict):
        rules = _Rules(source, at)
        found += [
            *rules.address(),
            *rules.validity(),
            *rules.companies(),
            *rules.recipients(),
            *rules.ids(),
            *rules.days(),
            *rules.zones(),
            *rules.interests(),
        ]
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.column)))


def ensure_valid(source: Source, at: int) -> tuple[Problem, ...]:
    """Give the warnings of a source that has no errors; raises InvalidProfile, with all of them, for one that has."""
    problems = check(source, at)
    errors = sum(problem.severity == "error" for problem in problems)
    if errors:
        count = "1 error" if errors == 1 else f"{errors} errors"
        raise InvalidProfile("invalid-profile", f"{source.name} has {count}", name=source.name, problems=problems)
    return problems


def profile_end(source: Source, at: int) -> int | None:
    """Give the instant at which a profile compiled now would end, or None where the source does not say it rightly."""
    valid = source.data.get("valid") if isinstance(source.data, dict) else None
    if not isinstance(valid, dict):
        return None
    try:
        return after(at, duration(valid["for"])) if "for" in valid else end_of_day(valid["until"])
    except (KeyError, TypeError, ValueError):
        return None


class _Rules:
    def __init__(self, source: Source, at: int) -> None:
        self._source = source
        self._at = at
        self._data: dict[str, Any] = source.data
        self._end = profile_end(source, at)
        self._declared = {label: name for name in self._mapping("companies") if (label := a_label(name))}
        self._groups = self._mapping("groups")
        self._hints = 20  # looking for the nearest name takes time, and nobody reads more hints than that

    def address(self) -> Iterator[Problem]:
        url = self._mapping("me").get("url")
        if isinstance(url, str) and canonical_base(url) != url:
            better = canonical_base(re.sub(r"^http://|/[^/]*\.html?$", "", url))
            hint = (
                f"write {better}"
                if better
                else "an address looks like https://ada.example/ or https://people.example/ada/"
            )
            yield self._problem(
                "url-not-canonical",
                f"`{url}` is not the one form of a profile's address",
                ("me", "url"),
                hint,
            )

    def validity(self) -> Iterator[Problem]:
        path: Path = next((("valid", name) for name in ("for", "until") if name in self._mapping("valid")), ("valid",))
        if self._end is None:
            value = self._mapping("valid").get("until")
            if isinstance(value, str):
                yield from self._bad_day(value, path)
        elif self._end <= self._at:
            yield self._problem(
                "profile-ended",
                "the profile would be over as soon as it is signed",
                path,
                "choose a later end",
            )
        elif self._end - self._at > MAX_LIFETIME:
            yield self._problem(
                "valid-too-long",
                f"the profile would hold for {(self._end - self._at) // DAY} days; 400 are allowed",
                path,
                "consent must end: renew it once a year",
            )

    def companies(self) -> Iterator[Problem]:
        first: dict[str | None, str] = {}
        for name in self._mapping("companies"):
            path: Path = ("companies", name)
            yield from self._registrable(name, path, key=True)
            label = a_label(name)
            if label is not None and first.setdefault(label, name) != name:
                yield self._problem(
                    "duplicate-company",
                    f"`{name}` is the same company as `{first[label]}`",
                    path,
                    "keep one of the two",
                    key=True,
                )
        for group, members in self._groups.items():
            if group == MEANS_EVERYONE or a_label(group) in self._declared:
                yield self._problem(
                    "group-name-taken",
                    f"`{group}` cannot name a group",
                    ("groups", group),
                    "choose another name",
                    key=True,
                )
            for path, member in _texts(members, ("groups", group)):
                if a_label(member) not in self._declared:
                    yield self._undeclared(member, path, self._declared.values())

    def recipients(self) -> Iterator[Problem]:
        names = [*self._declared.values(), *self._groups]
        purposes = spec.vocabulary().purposes
        for section, member in (("grants", "to"), ("refusals", "to"), ("wants", "open_to")):
            for path, item in self._items(section):
                for where, name in _texts(item.get(member), (*path, member)):
                    if name != MEANS_EVERYONE:
                        if a_label(name) not in self._declared and name not in self._groups:
                            yield self._undeclared(name, where, names)
                    elif section == "wants":
                        yield self._problem(
                            "everyone-in-grant",
                            "a want cannot be open to everyone",
                            where,
                            "name companies or groups",
                        )
                    elif section == "grants":
                        used = [word for _, word in _texts(item.get("purposes"), ())]
                        closed = [word for word in used if word not in purposes or not purposes[word].open]
                        if closed:
                            yield self._problem(
                                "everyone-in-grant",
                                f"`{closed[0]}` cannot be granted to everyone",
                                where,
                                "name companies or groups",
                            )
                sharing = item.get("sharing")
                for where, name in _texts(
                    sharing.get("named") if isinstance(sharing, dict) else None, (*path, "sharing", "named")
                ):
                    yield from self._registrable(name, where)

    def ids(self) -> Iterator[Problem]:
        first: dict[tuple[str, str], Path] = {}
        for section in ("grants", "refusals", "wants"):
            for path, item in self._items(section):
                name = item.get("id")
                if not isinstance(name, str):
                    continue
                marks = [(section, name)] + (
                    [("grants", f"want-{name}")] if section == "wants" and "open_to" in item else []
                )
                for mark in marks:
                    where = first.setdefault(mark, path)
                    if where != path:
                        line = self._source.position((*where, "id"))[0]
                        yield self._problem(
                            "duplicate-id",
                            f"the id `{mark[1]}` is taken in line {line}",
                            (*path, "id"),
                            "choose another",
                        )

    def days(self) -> Iterator[Problem]:
        for section in ("grants", "wants"):
            for path, item in self._items(section):
                start, end = item.get("from"), item.get("until")
                opens = self._read(start, start_of_day)
                ends = self._read(end, end_of_day)
                for member, text, instant in (("from", start, opens), ("until", end, ends)):
                    if isinstance(text, str) and instant is None:
                        yield from self._bad_day(text, (*path, member))
                if opens is not None and ends is not None and ends <= opens:
                    yield self._problem(
                        "ends-before-it-begins",
                        f"this ends on {end}, before it begins on {start}",
                        (*path, "until"),
                        "put the two days in order",
                    )
                elif ends is not None and ends <= self._at:
                    yield self._problem(
                        "already-ended",
                        f"this ended on {end} and permits nothing any more",
                        (*path, "until"),
                        "remove it, or give it a later end",
                        severity="warning",
                    )
                for member, instant, text in (("until", ends, end), ("from", opens, start)):
                    if instant is not None and self._end is not None and instant > self._end:
                        yield self._problem(
                            "outlives-profile",
                            f"{text} lies after the end of the profile",
                            (*path, member),
                            "choose an earlier day, or let the profile hold longer",
                        )

    def zones(self) -> Iterator[Problem]:
        for channel, rule in self._mapping("channels").items():
            quiet = rule.get("quiet") if isinstance(rule, dict) else None
            if isinstance(quiet, str) and _QUIET.fullmatch(quiet):
                zone = quiet.rpartition(" ")[2]
                try:
                    ZoneInfo(zone)
                except (ValueError, OSError, KeyError):
                    yield self._problem(
                        "unknown-time-zone",
                        f"`{zone}` is not a time zone",
                        ("channels", channel, "quiet"),
                        "for example Europe/Dublin",
                    )

    def interests(self) -> Iterator[Problem]:
        first: dict[str, Path] = {}
        for path, item in self._items("interests"):
            topic = item.get("topic")
            if isinstance(topic, str) and first.setdefault(topic, path) != path:
                line = self._source.position((*first[topic], "topic"))[0]
                message = f"the topic `{topic}` stands in line {line} already"
                yield self._problem("repeated-item", message, (*path, "topic"), "remove one of the two")

    def _mapping(self, name: str) -> dict[str, Any]:
        value = self._data.get(name)
        return value if isinstance(value, dict) else {}

    def _items(self, section: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        entries = self._data.get(section)
        for index, item in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(item, dict):
                yield (section, index), item

    def _read(self, text: Any, reader: Any) -> int | None:
        try:
            return int(reader(text))
        except (TypeError, ValueError):
            return None

    def _bad_day(self, text: str, path: Path) -> Iterator[Problem]:
        if _DAY.fullmatch(text) and self._read(text, start_of_day) is None:  # another length is the schema's to refuse
            yield self._problem("no-such-day", f"there is no day {text}", path)

    def _registrable(self, name: str, path: Path, *, key: bool = False) -> Iterator[Problem]:
        label, domain = a_label(name), registrable_domain(name)
        if label is None:
            yield self._problem(
                "bad-domain", f"`{name}` is not a domain name", path, "for example northpeak.example", key=key
            )
        elif domain is None:
            yield self._problem(
                "public-suffix",
                f"`{name}` is a public suffix: many people and companies live under it",
                path,
                "name the company's own domain",
                key=key,
            )
        elif domain != label:
            yield self._problem(
                "not-registrable",
                f"`{name}` is a part of `{domain}`",
                path,
                f"write {domain}: it covers all that lies under it",
                key=key,
            )

    def _undeclared(self, name: str, path: Path, known: Iterable[str]) -> Problem:
        return self._problem(
            "undeclared-company",
            f"`{name}` is neither a company nor a group of this profile",
            path,
            self._undeclared_hint(name, known),
        )

    def _undeclared_hint(self, name: str, known: Iterable[str]) -> str:
        if "," in name:
            return f"write a list: [{name}]"
        if name.lower() in ("all", "everybody", "anyone", "*"):
            return "write everyone, in a refusal"
        self._hints -= 1
        near = nearest(name, known, closely=True) if self._hints >= 0 else None
        return near or "declare it under companies, or as a group under groups"

    def _problem(
        self,
        code: str,
        message: str,
        path: Path,
        hint: str | None = None,
        *,
        key: bool = False,
        severity: Severity = "error",
    ) -> Problem:
        line, column = self._source.key_position(path) if key else self._source.position(path)
        return Problem(code, message, line, column, hint, severity)


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Give each text of a text or a list of texts, with its path."""
    if isinstance(value, str):
        yield path, value
    for index, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, str):
            yield (*path, index), item
