"""The rules that a schema cannot say: references between parts, days in order, registrable domains, ids (SPEC.md, Rules).

Each breach is an error. A rule passes over what has the wrong shape: that is said elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sayso import spec
from sayso.errors import Problem
from sayso.instants import DAY, end_of_day, start_of_day, time_zones
from sayso.profile.addresses import a_label, canonical_base, registrable_domain
from sayso.profile.draft import MEANS_EVERYONE, Draft, instant_of, texts
from sayso.profile.model import MAX_LIFETIME
from sayso.profile.nearest import nearest
from sayso.profile.source import Path

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_QUIET = re.compile(r"[0-9:]{5}-[0-9:]{5} [A-Za-z0-9_+/-]+")


def breaches(draft: Draft) -> Iterator[Problem]:
    """Give every breach of a rule."""
    yield from _address(draft)
    yield from _validity(draft)
    yield from _companies(draft)
    yield from _recipients(draft)
    yield from _ids(draft)
    yield from _days(draft)
    yield from _zones(draft)
    yield from _interests(draft)


def _address(draft: Draft) -> Iterator[Problem]:
    url = draft.mapping("me").get("url")
    if isinstance(url, str) and canonical_base(url) != url:
        better = canonical_base(re.sub(r"^http://|/[^/]*\.html?$", "", url))
        hint = (
            f"write {better}" if better else "an address looks like https://ada.example/ or https://people.example/ada/"
        )
        yield draft.problem(
            "url-not-canonical",
            f"`{url}` is not the one form of a profile's address",
            ("me", "url"),
            hint,
        )


def _validity(draft: Draft) -> Iterator[Problem]:
    path: Path = next((("valid", name) for name in ("for", "until") if name in draft.mapping("valid")), ("valid",))
    if draft.end is None:
        value = draft.mapping("valid").get("until")
        if isinstance(value, str):
            yield from _bad_day(draft, value, path)
    elif draft.end <= draft.at:
        yield draft.problem(
            "profile-ended",
            "the profile would be over as soon as it is signed",
            path,
            "choose a later end",
        )
    elif draft.end - draft.at > MAX_LIFETIME:
        yield draft.problem(
            "valid-too-long",
            f"the profile would hold for {(draft.end - draft.at) // DAY} days; 400 are allowed",
            path,
            "consent must end: renew it once a year",
        )


def _companies(draft: Draft) -> Iterator[Problem]:
    first: dict[str | None, str] = {}
    for name in draft.mapping("companies"):
        path: Path = ("companies", name)
        yield from _registrable(draft, name, path, key=True)
        label = a_label(name)
        if label is not None and first.setdefault(label, name) != name:
            yield draft.problem(
                "duplicate-company",
                f"`{name}` is the same company as `{first[label]}`",
                path,
                "keep one of the two",
                key=True,
            )
    for group, members in draft.groups.items():
        if group == MEANS_EVERYONE or a_label(group) in draft.companies:
            yield draft.problem(
                "group-name-taken",
                f"`{group}` cannot name a group",
                ("groups", group),
                "choose another name",
                key=True,
            )
        for path, member in texts(members, ("groups", group)):
            if a_label(member) not in draft.companies:
                yield _undeclared(draft, member, path, draft.companies.values())


def _recipients(draft: Draft) -> Iterator[Problem]:
    names = [*draft.companies.values(), *draft.groups]
    purposes = spec.vocabulary().purposes
    for section, member in (("grants", "to"), ("refusals", "to"), ("wants", "open_to")):
        for path, item in draft.items(section):
            for where, name in texts(item.get(member), (*path, member)):
                if name != MEANS_EVERYONE:
                    if a_label(name) not in draft.companies and name not in draft.groups:
                        yield _undeclared(draft, name, where, names)
                elif section == "wants":
                    yield draft.problem(
                        "everyone-in-grant",
                        "a want cannot be open to everyone",
                        where,
                        "name companies or groups",
                    )
                elif section == "grants":
                    used = [word for _, word in texts(item.get("purposes"), ())]
                    closed = [word for word in used if word not in purposes or not purposes[word].open]
                    if closed:
                        yield draft.problem(
                            "everyone-in-grant",
                            f"`{closed[0]}` cannot be granted to everyone",
                            where,
                            "name companies or groups",
                        )
            sharing = item.get("sharing")
            for where, name in texts(
                sharing.get("named") if isinstance(sharing, dict) else None, (*path, "sharing", "named")
            ):
                yield from _registrable(draft, name, where)


def _ids(draft: Draft) -> Iterator[Problem]:
    first: dict[tuple[str, str], Path] = {}
    for section in ("grants", "refusals", "wants"):
        for path, item in draft.items(section):
            name = item.get("id")
            if not isinstance(name, str):
                continue
            marks = [(section, name)] + (
                [("grants", f"want-{name}")] if section == "wants" and "open_to" in item else []
            )
            for mark in marks:
                where = first.setdefault(mark, path)
                if where != path:
                    line = draft.line((*where, "id"))
                    yield draft.problem(
                        "duplicate-id",
                        f"the id `{mark[1]}` is taken in line {line}",
                        (*path, "id"),
                        "choose another",
                    )


def _days(draft: Draft) -> Iterator[Problem]:
    for path, item in draft.items("grants", "wants"):
        start, end = item.get("from"), item.get("until")
        opens = instant_of(start, start_of_day)
        ends = instant_of(end, end_of_day)
        for member, text, instant in (("from", start, opens), ("until", end, ends)):
            if isinstance(text, str) and instant is None:
                yield from _bad_day(draft, text, (*path, member))
        if opens is not None and ends is not None and ends <= opens:
            yield draft.problem(
                "ends-before-it-begins",
                f"this ends on {end}, before it begins on {start}",
                (*path, "until"),
                "put the two days in order",
            )
        for member, instant, text in (("until", ends, end), ("from", opens, start)):
            if instant is not None and draft.end is not None and instant > draft.end:
                yield draft.problem(
                    "outlives-profile",
                    f"{text} lies after the end of the profile",
                    (*path, member),
                    "choose an earlier day, or let the profile hold longer",
                )


def _zones(draft: Draft) -> Iterator[Problem]:
    for channel, rule in draft.mapping("channels").items():
        quiet = rule.get("quiet") if isinstance(rule, dict) else None
        if isinstance(quiet, str) and _QUIET.fullmatch(quiet):
            zone = quiet.rpartition(" ")[2]
            if zone not in time_zones():
                yield draft.problem(
                    "unknown-time-zone",
                    f"`{zone}` is not a time zone",
                    ("channels", channel, "quiet"),
                    "for example Europe/Dublin",
                )


def _interests(draft: Draft) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for path, item in draft.items("interests"):
        topic = item.get("topic")
        if isinstance(topic, str) and first.setdefault(topic, path) != path:
            line = draft.line((*first[topic], "topic"))
            message = f"the topic `{topic}` stands in line {line} already"
            yield draft.problem("repeated-item", message, (*path, "topic"), "remove one of the two")


def _bad_day(draft: Draft, text: str, path: Path) -> Iterator[Problem]:
    if _DAY.fullmatch(text) and instant_of(text, start_of_day) is None:  # another length is the schema's to refuse
        yield draft.problem("no-such-day", f"there is no day {text}", path)


def _registrable(draft: Draft, name: str, path: Path, *, key: bool = False) -> Iterator[Problem]:
    label, domain = a_label(name), registrable_domain(name)
    if label is None:
        yield draft.problem(
            "bad-domain", f"`{name}` is not a domain name", path, "for example northpeak.example", key=key
        )
    elif domain is None:
        yield draft.problem(
            "public-suffix",
            f"`{name}` is a public suffix: many people and companies live under it",
            path,
            "name the company's own domain",
            key=key,
        )
    elif domain != label:
        yield draft.problem(
            "not-registrable",
            f"`{name}` is a part of `{domain}`",
            path,
            f"write {domain}: it covers all that lies under it",
            key=key,
        )


def _undeclared(draft: Draft, name: str, path: Path, known: Iterable[str]) -> Problem:
    return draft.problem(
        "undeclared-company",
        f"`{name}` is neither a company nor a group of this profile",
        path,
        _undeclared_hint(draft, name, known),
    )


def _undeclared_hint(draft: Draft, name: str, known: Iterable[str]) -> str:
    if "," in name:
        return f"write a list: [{name}]"
    if name.lower() in ("all", "everybody", "anyone", "*"):
        return "write everyone, in a refusal"
    draft.hints -= 1
    near = nearest(name, known, closely=True) if draft.hints >= 0 else None
    return near or "declare it under companies, or as a group under groups"
