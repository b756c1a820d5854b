"""The rules that a schema cannot say: references between parts, days in order, registrable domains, ids (SPEC.md, Rules).

Each breach is an error. A rule passes over what has the wrong shape: that is said elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from sayso import spec
from sayso.errors import Problem
from sayso.instants import DAY, MAX_LIFETIME, end_of_day, rfc3339, start_of_day, time_zones
from sayso.profile.addresses import a_label, canonical_base, registrable_domain
from sayso.profile.draft import MEANS_EVERYONE, Draft, ends_first, instant_of, last_day, texts
from sayso.profile.hints import company_of, no_such_day, url_fault
from sayso.profile.nearest import did_you_mean, nearest_word
from sayso.profile.source import Path

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_QUIET = re.compile(r"[0-9:]{5}-[0-9:]{5} [A-Za-z0-9_+/-]{1,64}")


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
            f"`{url}` is not the one form of a profile's address{url_fault(url)}",
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
                f"`{name}` is the same company as `{first[label]}` in line {draft.line(('companies', first[label]))}",
                path,
                "keep one of the two",
                key=True,
            )
    for group, members in draft.groups.items():
        if group == MEANS_EVERYONE:
            yield draft.problem(
                "group-name-taken",
                f"`{group}` cannot name a group: it already means every company",
                ("groups", group),
                "choose another name",
                key=True,
            )
        for path, member in texts(members, ("groups", group)):
            if a_label(member) not in draft.companies:
                yield from _undeclared(draft, member, path, group=True)


def _recipients(draft: Draft) -> Iterator[Problem]:
    purposes = spec.vocabulary().purposes
    for section, member in (("grants", "to"), ("refusals", "to"), ("wants", "open_to")):
        for path, item in draft.items(section):
            for where, name in texts(item.get(member), (*path, member)):
                if name != MEANS_EVERYONE:
                    if a_label(name) not in draft.companies and name not in draft.groups:
                        yield from _undeclared(draft, name, where)
                elif section == "wants":
                    yield draft.problem(
                        "everyone-in-grant",
                        "a want cannot be open to everyone",
                        where,
                        "only those whom you name may answer: name companies or groups",
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
                    message = (
                        f"the id `{name}` is taken in line {line}"
                        if mark[0] == section
                        else f"the want `{name}` makes a grant `{mark[1]}`, and line {line} has that id already"
                    )
                    yield draft.problem("duplicate-id", message, (*path, "id"), "choose another")
                    break


def _days(draft: Draft) -> Iterator[Problem]:
    for path, item in draft.items("grants", "wants"):
        start, end = item.get("from"), item.get("until")
        opens = instant_of(start, start_of_day)
        ends = instant_of(end, end_of_day)
        for member, text, instant in (("from", start, opens), ("until", end, ends)):
            if isinstance(text, str) and instant is None:
                yield from _bad_day(draft, text, (*path, member))
        if ends_first(item):
            yield draft.problem(
                "ends-before-it-begins",
                f"this ends on {end}, before it begins on {start}",
                (*path, "until"),
                "put the two days in order",
            )
        for member, instant, text in (("until", ends, end), ("from", opens, start)):
            if instant is not None and draft.end is not None and instant > draft.end:
                day = last_day(draft.end)
                clock = f" at {rfc3339(draft.end)[11:16]} UTC" if day == text else ""
                yield draft.problem(
                    "outlives-profile",
                    f"{text} lies after the end of the profile on {day}{clock}",
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
                    _zone_hint(draft, zone),
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
        yield draft.problem("no-such-day", f"there is no day {text}", path, no_such_day(text))


def _registrable(draft: Draft, name: str, path: Path, *, key: bool = False) -> Iterator[Problem]:
    label, domain = a_label(name), registrable_domain(name)
    if label is None:
        company = company_of(name)
        hint = f"write {company}" if company else "for example northpeak.example"
        yield draft.problem("bad-domain", f"`{name}` is not a domain name", path, hint, key=key)
    elif domain is None:
        yield draft.problem(
            "public-suffix",
            f"`{name}` is a public suffix: many people and companies live under it",
            path,
            f"something is missing before it, for example shop.{name}",
            key=key,
        )
    elif domain != label:
        yield draft.problem(
            "not-registrable",
            f"`{name}` lies below `{domain}`",
            path,
            f"write {domain}: it covers all that lies under it",
            key=key,
        )


def _undeclared(draft: Draft, name: str, path: Path, *, group: bool = False) -> Iterator[Problem]:
    """Complain about a name that is not declared, unless the companies have no shape to look it up in."""
    if isinstance(draft.source.data.get("companies", {}), dict):
        message = f"`{name}` is neither a company nor a group of this profile"
        yield draft.problem("undeclared-company", message, path, _undeclared_hint(draft, name, group))


def _undeclared_hint(draft: Draft, name: str, group: bool) -> str:
    if "," in name:
        return f"write a list: [{name}]"
    if name.lower() == MEANS_EVERYONE:
        return "write everyone"
    if name.lower() in ("all", "everybody", "anyone", "*"):
        return "write everyone, in a refusal"
    near = draft.guess(name, draft.names if group else draft.recipients, cutoff=0.8, kind=f"group {group}")
    if near and abs(len(near) - len(name)) > 1:  # a wrong guess does harm: what is longer or shorter must be nearer
        near = nearest_word(name, [near], cutoff=0.85)
    return did_you_mean(near) or "declare it under companies, or as a group under groups"


@cache
def _cities() -> dict[str, str]:
    return {zone.rpartition("/")[2].lower(): zone for zone in sorted(time_zones(), reverse=True)}


def _zone_hint(draft: Draft, zone: str) -> str:
    near = _cities().get(zone.lower()) or draft.guess(zone, time_zones(), cutoff=0.87, kind="zone")
    return did_you_mean(near) or "a zone has the name of a large city, such as Europe/Berlin"
