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
from sayso.profile.prohibitions import Prohibitions
from sayso.profile.stricter import quiet_minutes, refused_beyond, refuses_more
from sayso.profile.telling import KINDS, LONGEST, Change, Kind, Teller
from sayso.profile.wording import Part, Said, Wording, bracket

__all__ = ["KINDS", "LONGEST", "Change", "Kind", "changes"]

_NOT_COMPARED = {"iat", "vocabulary", "revocations"}  # they differ without the author having changed anything
_Entry = TypeVar("_Entry", Grant, Refusal, ContactRule, Want)


def changes(before: Terms | None, now: Terms, language: str = "en") -> tuple[Change, ...]:
    """Tell what changed from one version to a later one: what takes, then what gives, then the rest.

    ``before`` is None for the first version, of which everything is told. There are no changes if, and only if, both say
    the same. When they were compiled, and traces of earlier grants, do not count; nor does the version of the vocabulary,
    unless by it a word that a grant names means more or less. ``language`` is a tag of ``texts.LANGUAGES``.
    """
    names = {item.domain: item.name for terms in (before, now) if terms for item in terms.companies if item.name}
    words = Wording(names, language)
    teller = Teller(words, anew=False)
    found = tuple(_withdrawal(before, teller) if now.status == "withdrawn" else _story(before, now, words))
    if before is not None and not found:
        form = words.texts.gettext("What stands under %(member)s is written differently, and permits the same")
        found = tuple(
            teller.told("says", member, Said(form, {"member": member}))
            for member in Terms.__struct_fields__
            if member not in _NOT_COMPARED and getattr(before, member) != getattr(now, member)
        )
    return tuple(sorted(found, key=lambda change: KINDS.index(change.kind)))


def _withdrawal(before: Terms | None, teller: Teller) -> Iterator[Change]:
    """Tell that a version is withdrawn, if the one before was not."""
    _, ngettext = teller.words.texts.gettext, teller.words.texts.ngettext
    if before is None:
        yield teller.told("takes", "status", _("Your profile is withdrawn: no company may do anything"))
    elif before.status == "active":
        lost = len(before.grants)
        text = _("You withdraw everything: no company may do anything from now on")
        if lost:
            text = ngettext(
                "You withdraw everything: no company may do anything from now on, and %(num)d grant ends",
                "You withdraw everything: no company may do anything from now on, and %(num)d grants end",
                lost,
            ) % {"num": lost}
        yield teller.told("takes", "status", text)


def _story(before: Terms | None, now: Terms, words: Wording) -> Iterator[Change]:
    """Tell what changed in a version that is active; all of it, if before it there was none, or none that was."""
    if before is not None and before.status == "active":
        yield from _Sections(before, now, Teller(words, anew=False)).all()
        return
    _, teller = words.texts.gettext, Teller(words, anew=True)
    if before is not None:
        yield teller.told("gives", "status", _("Your profile is active again: what it says holds from now on"))
    yield teller.told("says", "valid", Said(_("This holds until %(end)s"), {"end": words.last_moment(now.exp)}))
    nothing = Terms(
        v=1, sub=now.sub, iat=now.iat, exp=now.exp, status="active", vocabulary=now.vocabulary, subject=Subject()
    )
    yield from _Sections(nothing, now, teller).all()


class _Sections:
    """Tells what changed, section by section and entry by entry."""

    def __init__(self, before: Terms, now: Terms, teller: Teller) -> None:
        self._before, self._now, self._teller, self._words = before, now, teller, teller.words
        self._prohibitions = Prohibitions(teller.words, teller.anew)

    def all(self) -> Iterator[Change]:
        """Tell each section, in the order in which a payload has them."""
        before, now, words = self._before, self._now, self._words
        _, grants = words.texts.gettext, GrantChanges(before, now, self._teller)
        if before.exp != now.exp:
            form = _("This holds until %(end)s (before: until %(before)s)")
            said = Said(form, {"end": words.last_moment(now.exp), "before": words.last_moment(before.exp)})
            yield self._teller.told("gives" if now.exp > before.exp else "takes", "valid", said)
        yield from self._subject()
        yield from self._companies()
        yield from self._entries("grants", grants.plain_before, grants.plain_now, grants.grant)
        yield from self._entries("refusals", before.refusals, now.refusals, self._refusal)
        yield from self._entries("channels", before.channels, now.channels, self._rule)
        yield from self._entries("wants", before.wants, now.wants, grants.want)
        yield from self._interests()
        if extra := sorted(key for key in {*before.ext, *now.ext} if before.ext.get(key) != now.ext.get(key)):
            anew, changed = (
                _("What else stands in your profile: %(names)s"),
                _("What else stands in your profile changed: %(names)s"),
            )
            said = Said(anew if self._teller.anew else changed, {"names": tuple(map(words.quoted, extra))})
            yield self._teller.told("says", "ext", said)

    def _subject(self) -> Iterator[Change]:
        _, old, new = self._words.texts.gettext, self._before.subject, self._now.subject
        for called, was, now in (
            (_("The address of your profile"), self._before.sub, self._now.sub),
            (_("Your name"), old.name, new.name),
            (_("The list of your languages"), ", ".join(old.languages) or None, ", ".join(new.languages) or None),
            (_("Your country"), old.country, new.country),
        ):
            yield from self._teller.restated("me", called, was, now, anew=self._teller.anew)

    def _companies(self) -> Iterator[Change]:
        _, words, restated = self._words.texts.gettext, self._words, self._teller.restated
        old, new = ({item.domain: item for item in terms.companies} for terms in (self._before, self._now))
        listed = _("You list %(companies)s") if self._teller.anew else _("You now list %(companies)s")
        for form, some, others in ((_("You no longer list %(companies)s"), old, new), (listed, new, old)):
            if found := [domain for domain in some if domain not in others]:
                what = "companies" if len(found) > 1 else f"companies.{found[0]}"
                yield self._teller.told("says", what, Said(form, {"companies": tuple(map(words.company, found))}))
        for domain, item in new.items():
            was, what, called = old.get(domain, item), f"companies.{domain}", words.company(domain)
            stage_before, stage = (each.stage and words.labels("stages", (each.stage,))[0] for each in (was, item))
            values: dict[str, Part] = {"company": called, "domain": domain}
            yield from restated(what, Said(_("What you call %(domain)s"), values), was.name, item.name)
            yield from restated(what, Said(_("Where you stand with %(company)s"), values), stage_before, stage)
            yield from restated(what, Said(_("Your remark on %(company)s"), values), was.note, item.note)
        yield from self._reordered("companies", [*old], [*new])

    def _interests(self) -> Iterator[Change]:
        _, topic = self._words.texts.gettext, self._words.topic
        old, new = ({item.topic: item.level for item in terms.interests} for terms in (self._before, self._now))
        gone = tuple(topic(name) for name in old if name not in new)
        there = tuple(
            f"{topic(name)} ({self._words.level(level)})" for name, level in new.items() if old.get(name) != level
        )
        now, anew = (
            _("You now tell how much you care about %(topics)s"),
            _("You tell how much you care about %(topics)s"),
        )
        for form, topics in (
            (_("You no longer tell how much you care about %(topics)s"), gone),
            (anew if self._teller.anew else now, there),
        ):
            if topics:
                yield self._teller.told("says", "interests", Said(form, {"topics": topics}))
        yield from self._reordered("interests", [*old], [*new])

    def _entries(
        self,
        section: str,
        old: Sequence[_Entry],
        new: Sequence[_Entry],
        tell: Callable[[_Entry | None, _Entry | None, str], Iterator[Change]],
    ) -> Iterator[Change]:
        """Tell what changed in a list of entries that have names, and of each entry that differs at least that it does."""
        _ = self._words.texts.gettext
        for was, entry in _pairs(old, new):
            former, name = _name(was or entry), _name(entry or was)
            found = tuple(tell(was, entry, f"{section}.{name}"))
            yield from found
            if was != entry and not found:
                form = _("%(entry)s is written differently, and permits the same")
                if former != name:
                    form = _("%(entry)s is now called %(name)s")
                if self._teller.anew:
                    form = _("%(entry)s is listed, and limits nothing")
                called = {
                    "grants": _("The grant %(name)s"),
                    "refusals": _("The refusal %(name)s"),
                    "channels": _("The channel %(name)s"),
                    "wants": _("The want %(name)s"),
                }[section]
                values: dict[str, Part] = {"entry": Said(called, {"name": former}), "name": name}
                yield self._teller.told("says", f"{section}.{name}", Said(form, values))
        yield from self._reordered(section, [*map(_name, old)], [*map(_name, new)])

    def _refusal(self, old: Refusal | None, new: Refusal | None, what: str) -> Iterator[Change]:
        _, say, end = self._words.texts.gettext, self._prohibitions.refused, bracket(what)

        def told(kind: Kind, form: str, refusal: Refusal, before: Refusal | None = None) -> Change:
            values: dict[str, Part] = {"refusal": say(refusal), "before": say(before) if before else ""}
            return self._teller.told(kind, what, Said(form, values, end=end))

        if old and new and old != new:
            if refuses_more(new, old):
                if added := refused_beyond(new, old):
                    yield told("takes", _("You now also refuse %(refusal)s"), added)
                else:
                    yield told(
                        "takes", _("You refuse more than before, now %(refusal)s, and before %(before)s"), new, old
                    )
            if refuses_more(old, new):
                if gone := refused_beyond(old, new):
                    yield told("gives", _("You no longer refuse %(refusal)s"), gone)
                else:
                    less = _("You refuse less than before, now only %(refusal)s, and before %(before)s")
                    yield told("gives", less, new, old)
            yield from self._teller.restated(what, _("Your remark"), old.note, new.note, end)
        elif new and not old:
            yield told(
                "takes", _("You refuse %(refusal)s") if self._teller.anew else _("You now refuse %(refusal)s"), new
            )
        elif old and not new:
            yield told("gives", _("You no longer refuse %(refusal)s"), old)

    def _rule(self, old: ContactRule | None, new: ContactRule | None, what: str) -> Iterator[Change]:
        """Tell what changed on a channel; where there is no rule for it, nothing limits."""
        _, channel, say = self._words.texts.gettext, _name(old or new), self._prohibitions
        was, now, way = old or ContactRule(channel), new or ContactRule(channel), self._words.way(channel)
        (rate_before, hours_before), (rate, hours) = self._words.rule(was), self._words.rule(now)
        if now.never and not was.never:
            yield self._teller.told("takes", what, say.closed(way))
        elif was.never and not now.never:
            limits = (rate,) * bool(now.max) + (hours,) * bool(now.quiet)
            form = _("Companies may reach you %(channel)s again, where a grant says so")
            yield self._teller.told("gives", what, Said(form, {"channel": way}, limits))
        elif not now.never:
            if was.max != now.max:
                often_before, often = (per_day(each.max) if each.max else inf for each in (was, now))
                said = say.often(way, rate, rate_before if old else None)
                yield from self._teller.shifted(what, often < often_before, often > often_before, said)
            if was.quiet != now.quiet:
                quiet_before, quiet = quiet_minutes(was.quiet), quiet_minutes(now.quiet)
                said = say.hours(way, hours, hours_before if old else None)
                yield from self._teller.shifted(what, bool(quiet - quiet_before), bool(quiet_before - quiet), said)

    def _reordered(self, section: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
        """Tell that what is in both of two lists stands in another order."""
        common, _ = {*old} & {*new}, self._words.texts.gettext
        if [name for name in old if name in common] != [name for name in new if name in common]:
            texts = {
                "companies": _("The order of your companies is another one now"),
                "grants": _("The order of your grants is another one now"),
                "refusals": _("The order of your refusals is another one now"),
                "channels": _("The order of your channels is another one now"),
                "wants": _("The order of your wants is another one now"),
                "interests": _("The order of your interests is another one now"),
            }
            yield self._teller.told("says", section, texts[section])


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
