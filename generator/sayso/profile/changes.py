"""What changed between two versions of a profile, in plain sentences to its author.

A sentence is about one entry as it stands: whether a refusal wins over it, or another entry says the same, is for
``decide`` to tell. But whatever turns a no of ``decide`` into a yes is among what ``gives``, and the reverse among what
``takes``; what may do both is told as both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Any, TypeVar

from msgspec.structs import replace

from sayso.instants import per_day
from sayso.profile.grant_changes import GrantChanges
from sayso.profile.model import ContactRule, Grant, Refusal, Subject, Terms, Want
from sayso.profile.stricter import quiet_minutes, refused_beyond, refuses_more
from sayso.profile.telling import KINDS, LONGEST, Change, Kind, restated, shifted, told
from sayso.profile.wording import Words, bracket, labels, last_moment, quoted, rule, topic

__all__ = ["KINDS", "LONGEST", "Change", "Kind", "changes"]

_NOT_COMPARED = {"iat", "vocabulary", "revocations"}  # they differ without the author having changed anything
_Entry = TypeVar("_Entry", Grant, Refusal, ContactRule, Want)


def changes(before: Terms | None, now: Terms) -> tuple[Change, ...]:
    """Tell what changed from one version to a later one: what takes, then what gives, then the rest.

    ``before`` is None for the first version, of which everything is told. There are no changes if, and only if, both say
    the same. When they were compiled, and traces of earlier grants, do not count; nor does the version of the vocabulary,
    unless by it a word that a grant names means more or less.
    """
    found = tuple(_withdrawal(before) if now.status == "withdrawn" else _story(before, now))
    if before is not None and not found:
        found = tuple(
            told("says", member, f"What stands under {member} is written differently, and permits the same")
            for member in Terms.__struct_fields__
            if member not in _NOT_COMPARED and getattr(before, member) != getattr(now, member)
        )
    return tuple(sorted(found, key=lambda change: KINDS.index(change.kind)))


def _withdrawal(before: Terms | None) -> Iterator[Change]:
    """Tell that a version is withdrawn, if the one before was not."""
    if before is None:
        yield told("takes", "status", "Your profile is withdrawn: no company may do anything")
    elif before.status == "active":
        lost = len(before.grants)
        ends = ", and 1 grant ends" if lost == 1 else f", and {lost} grants end" if lost else ""
        yield told("takes", "status", f"You withdraw everything: no company may do anything from now on{ends}")


def _story(before: Terms | None, now: Terms) -> Iterator[Change]:
    """Tell what changed in a version that is active; all of it, if before it there was none, or none that was."""
    if before is not None and before.status == "active":
        yield from _Sections(before, now, anew=False).all()
        return
    if before is not None:
        yield told("gives", "status", "Your profile is active again: what it says holds from now on")
    yield told("says", "valid", f"This holds until {last_moment(now.exp)}")
    nothing = Terms(
        v=1, sub=now.sub, iat=now.iat, exp=now.exp, status="active", vocabulary=now.vocabulary, subject=Subject()
    )
    yield from _Sections(nothing, now, anew=True).all()


class _Sections:
    """Tells what changed, section by section and entry by entry."""

    def __init__(self, before: Terms, now: Terms, anew: bool) -> None:
        names = {item.domain: item.name for terms in (before, now) for item in terms.companies if item.name}
        self._before, self._now, self._words = before, now, Words(names, anew)

    def all(self) -> Iterator[Change]:
        """Tell each section, in the order in which a payload has them."""
        before, now, grants = self._before, self._now, GrantChanges(self._before, self._now, self._words)
        if before.exp != now.exp:
            text = f"This holds until {last_moment(now.exp)} (before: until {last_moment(before.exp)})"
            yield told("gives" if now.exp > before.exp else "takes", "valid", text)
        yield from self._subject()
        yield from self._companies()
        yield from self._entries("grants", grants.plain_before, grants.plain_now, grants.grant)
        yield from self._entries("refusals", before.refusals, now.refusals, self._refusal)
        yield from self._entries("channels", before.channels, now.channels, self._rule)
        yield from self._entries("wants", before.wants, now.wants, grants.want)
        yield from self._interests()
        if extra := sorted(key for key in {*before.ext, *now.ext} if before.ext.get(key) != now.ext.get(key)):
            changed = "" if self._words.anew else " changed"
            yield told("says", "ext", f"What else stands in your profile{changed}: ", tuple(map(quoted, extra)))

    def _subject(self) -> Iterator[Change]:
        old, new = self._before.subject, self._now.subject
        for called, was, now in (
            ("The address of your profile", self._before.sub, self._now.sub),
            ("Your name", old.name, new.name),
            ("The list of your languages", ", ".join(old.languages), ", ".join(new.languages)),
            ("Your country", old.country, new.country),
        ):
            yield from restated("me", called, was, now, now=self._words.now)

    def _companies(self) -> Iterator[Change]:
        old, new = ({item.domain: item for item in terms.companies} for terms in (self._before, self._now))
        for verb, some, others in (("no longer ", old, new), (self._words.now, new, old)):
            if listed := [domain for domain in some if domain not in others]:
                what = "companies" if len(listed) > 1 else f"companies.{listed[0]}"
                yield told("says", what, f"You {verb}list ", tuple(map(self._words.company, listed)))
        for domain, item in new.items():
            was, what, called = old.get(domain, item), f"companies.{domain}", self._words.company(domain)
            stage_before, stage = (each.stage and labels("stages", (each.stage,))[0] for each in (was, item))
            yield from restated(what, f"What you call {domain}", was.name, item.name)
            yield from restated(what, f"Where you stand with {called}", stage_before, stage)
            yield from restated(what, f"Your remark on {called}", was.note, item.note)
        yield from _reordered("companies", [*old], [*new])

    def _interests(self) -> Iterator[Change]:
        old, new = ({item.topic: item.level for item in terms.interests} for terms in (self._before, self._now))
        gone = tuple(topic(name) for name in old if name not in new)
        there = tuple(f"{topic(name)} ({level})" for name, level in new.items() if old.get(name) != level)
        for verb, topics in (("no longer ", gone), (self._words.now, there)):
            if topics:
                yield told("says", "interests", f"You {verb}tell how much you care about ", topics)
        yield from _reordered("interests", [*old], [*new])

    def _entries(
        self,
        section: str,
        old: Sequence[_Entry],
        new: Sequence[_Entry],
        tell: Callable[[_Entry | None, _Entry | None, str], Iterator[Change]],
    ) -> Iterator[Change]:
        """Tell what changed in a list of entries that have names, and of each entry that differs at least that it does."""
        for was, entry in _pairs(old, new):
            former, name = _name(was or entry), _name(entry or was)
            found = tuple(tell(was, entry, f"{section}.{name}"))
            yield from found
            if was != entry and not found:
                change = f"now called {name}" if former != name else "written differently, and permits the same"
                if self._words.anew:
                    change = "listed, and limits nothing"
                yield told("says", f"{section}.{name}", f"The {section.removesuffix('s')} {former} is {change}")
        yield from _reordered(section, [*map(_name, old)], [*map(_name, new)])

    def _refusal(self, old: Refusal | None, new: Refusal | None, what: str) -> Iterator[Change]:
        end, say = bracket(what), self._words.refused
        if old and new and old != new:
            both = (*say(new), ", and before ", *say(old))
            if refuses_more(new, old):
                added = refused_beyond(new, old)
                parts = ("also refuse ", *say(added)) if added else ("refuse more than before, now ", *both)
                yield told("takes", what, "You now " if added else "You ", *parts, end)
            if refuses_more(old, new):
                gone = refused_beyond(old, new)
                parts = ("no longer refuse ", *say(gone)) if gone else ("refuse less than before, now only ", *both)
                yield told("gives", what, "You ", *parts, end)
            yield from restated(what, "Your remark", old.note, new.note, end)
        elif new and not old:
            yield told("takes", what, f"You {self._words.now}refuse ", *say(new), end)
        elif old and not new:
            yield told("gives", what, "You no longer refuse ", *say(old), end)

    def _rule(self, old: ContactRule | None, new: ContactRule | None, what: str) -> Iterator[Change]:
        """Tell what changed on a channel; where there is no rule for it, nothing limits."""
        channel = _name(old or new)
        was, now, (way,) = old or ContactRule(channel), new or ContactRule(channel), labels("channels", (channel,))
        (rate_before, hours_before), (rate, hours) = rule(was), rule(now)
        if now.never and not was.never:
            any_more = "" if self._words.anew else " any more"
            yield told("takes", what, f"Nobody may reach you {way}{any_more}: it is never to be used")
        elif was.never and not now.never:
            limits = f", {rate}" * bool(now.max) + f", {hours}" * bool(now.quiet)
            yield told("gives", what, f"Companies may reach you {way} again, where a grant says so{limits}")
        elif not now.never:
            who = f"{way[:1].upper()}{way[1:]}, a company may {self._words.now}"
            if was.max != now.max:
                often_before, often = (per_day(each.max) if each.max else inf for each in (was, now))
                text = f"{who}make {rate}" + f" (before: {rate_before})" * bool(old)
                yield from shifted(what, often < often_before, often > often_before, text)
            if was.quiet != now.quiet:
                quiet_before, quiet = quiet_minutes(was.quiet), quiet_minutes(now.quiet)
                text = f"{who}contact you {hours}" + f" (before: {hours_before})" * bool(old)
                yield from shifted(what, bool(quiet - quiet_before), bool(quiet_before - quiet), text)


def _reordered(section: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Tell that what is in both of two lists stands in another order."""
    common = {*old} & {*new}
    if [name for name in old if name in common] != [name for name in new if name in common]:
        yield told("says", section, f"The order of your {section} is another one now")


def _pairs(old: Sequence[_Entry], new: Sequence[_Entry]) -> Iterator[tuple[_Entry | None, _Entry | None]]:
    """Match the entries of two lists by name: first those that are gone, then those that are there.

    An entry that only has another id is the same entry.
    """
    was, now = ({_name(entry): entry for entry in entries} for entries in (old, new))
    gone = {name: entry for name, entry in was.items() if name not in now}
    former = {_content(entry): name for name, entry in gone.items()}
    for name, entry in now.items():
        if name not in was and (same := former.pop(_content(entry), None)):
            was[name] = gone.pop(same)
    yield from ((entry, None) for entry in gone.values())
    yield from ((was.get(name), entry) for name, entry in now.items())


def _name(entry: Any) -> str:
    name: str = entry.channel if isinstance(entry, ContactRule) else entry.id
    return name


def _content(entry: Any) -> Any:
    """Give what an entry says whatever its id; of a contact rule, whose name is its channel, that is itself."""
    return entry if isinstance(entry, ContactRule) else replace(entry, id="")
