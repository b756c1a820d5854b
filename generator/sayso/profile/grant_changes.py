"""What changed in the grants of a profile, and in its wants, which some grants stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sayso.profile.compile import INTENT_PURPOSE, INTENT_SIGNAL
from sayso.profile.limit_words import limit
from sayso.profile.model import Grant, Terms, Want
from sayso.profile.sentences import Sentences
from sayso.profile.stricter import (
    LIMITS,
    Said,
    common,
    may_be_closed,
    permits_more_some_day,
    without,
    words_beyond,
)
from sayso.profile.telling import Change, Kind, Teller
from sayso.profile.wording import Part, bracket
from sayso.profile.wording import Said as Sentence


class GrantChanges:
    """Tells what changed in one grant or want of two versions; ``what`` is its place (``grants.offers``)."""

    def __init__(self, before: Terms, now: Terms, teller: Teller) -> None:
        self._before, self._now, self._teller, self._words = before, now, teller, teller.words
        self._sentences = Sentences(teller.words, teller.anew)
        self.plain_before, self._answers_before = _plain_and_answers(before)
        self.plain_now, self._answers_now = _plain_and_answers(now)

    def grant(
        self,
        old: Grant | None,
        new: Grant | None,
        what: str,
        want: Want | None = None,
        why: tuple[Part, ...] = (),
    ) -> Iterator[Change]:
        """Tell who loses a grant, who gets it, and what is different for those who keep it.

        ``want`` is what it stands for, if it does, and ``why`` the words for what it is lost by.
        """
        if old == new and self._before.vocabulary == self._now.vocabulary:
            return
        _, told, end = self._words.texts.gettext, self._teller.told, bracket(what)
        if old and (lost := without(old.to, new.to if new else ())):
            said = self._sentences.grants(lost, old, want, "lost")
            yield told("takes", what, replace(said, clauses=(*said.clauses, *why), end=end))
        if new and (gained := without(new.to, old.to if old else ())):
            said = self._sentences.grants(gained, new, want)
            yield told("gives", what, replace(said, clauses=(*said.clauses, *self._sentences.within(new)), end=end))
        if old and new and (kept := common(old.to, new.to)):
            yield from self._reach((old, self._before), (new, self._now), kept, what)
            yield from self._limits((old, self._before), (new, self._now), kept, what)
            yield from self._teller.restated(what, _("What you get in return"), old.in_return, new.in_return, end)
            yield from self._teller.restated(what, _("Your remark"), old.note, new.note, end)

    def want(self, old: Want | None, new: Want | None, what: str) -> Iterator[Change]:
        """Tell what changed in a want, and in the grant that stands for it."""
        _, told, restated, end = self._words.texts.gettext, self._teller.told, self._teller.restated, bracket(what)
        was = self._answers_before.get(f"want-{old.id}") if old else None
        now = self._answers_now.get(f"want-{new.id}") if new else None
        if was or now:
            why: tuple[Part, ...] = () if new else (_("as you no longer look for it"),)
            yield from self.grant(was, now, what, new or old, why)
        elif new and not old:
            anew = _("You look for %(what)s, and nobody may make you offers for it")
            form = anew if self._teller.anew else _("You now look for %(what)s, and nobody may make you offers for it")
            yield told("says", what, Sentence(form, {"what": self._words.quoted(new.what)}, end=end))
        elif old and not new:
            form = _("You no longer look for %(what)s")
            yield told("says", what, Sentence(form, {"what": self._words.quoted(old.what)}, end=end))
        if old and new:
            yield from restated(what, _("What you look for"), old.what, new.what, end)
            yield from restated(what, _("Your budget"), old.budget, new.budget, end)
            if not was and not now:  # else the grant has told it
                yield from restated(what, _("What it is about"), self._about(old), self._about(new), end)
                yield from restated(what, _("How long you look for it"), self._until(old), self._until(new), end)

    def _reach(self, old: Said, new: Said, kept: Sequence[str], what: str) -> Iterator[Change]:
        """Tell what those who keep a grant may see, what for, and how they may reach the author."""
        say, end = self._sentences, bracket(what)

        def told(kind: Kind, said: Sentence) -> Change:
            return self._teller.told(kind, what, replace(said, end=end))

        for member, sentence in (("signals", say.sees), ("purposes", say.uses)):
            if less := self._named(member, words_beyond(member, old, new)):
                yield told("takes", sentence(kept, less, "lost"))
            if more := self._named(member, words_beyond(member, new, old)):
                yield told("gives", sentence(kept, more, "also"))
        was, now = old[0].channels, new[0].channels
        if lost := without(was, now):
            yield told("takes", say.reaches(kept, lost, "lost"))
        if gained := without(now, was):
            yield told("gives", say.reaches(kept, gained, "also" if was else "now"))
        # A grant permits nothing if all its channels are closed; if it names none, it permits all but contact.
        if was and not now and may_be_closed(*old):
            yield told("gives", say.reaches(kept, (), "now"))
        if now and not was and may_be_closed(*new):
            yield told("takes", say.reaches(kept, (), "lost"))

    def _limits(self, old: Said, new: Said, kept: Sequence[str], what: str) -> Iterator[Change]:
        """Tell within which other limits those who keep a grant may use it."""
        for member in LIMITS:
            if getattr(old[0], member) == getattr(new[0], member):
                continue
            less, more = permits_more_some_day(member, old, new), permits_more_some_day(member, new, old)
            was, now = (limit(self._words, member, getattr(grant, member)) for grant, _ in (old, new))
            if less or more or was != now:
                said = self._sentences.limited(kept, member, now, was)
                yield from self._teller.shifted(what, less, more, replace(said, end=bracket(what)))

    def _named(self, member: str, words: tuple[tuple[str, bool], ...]) -> tuple[str, ...]:
        """Name words that come or go, as a whole those of which something is there before and after."""
        whole = self._words.texts.gettext("%(word)s as a whole")
        names = ((self._words.labels(member, (key,))[0], in_part) for key, in_part in words)
        return tuple(whole % {"word": name} if in_part else name for name, in_part in names)

    def _about(self, want: Want) -> str | None:
        return None if want.category is None else self._words.category(want.category)

    def _until(self, want: Want) -> str | None:
        return None if want.until is None else self._words.until(want.until)


def _plain_and_answers(terms: Terms) -> tuple[list[Grant], dict[str, Grant]]:
    """Give the grants written as such, and by id those that stand for a want, which are told together with it."""
    ids, about = {f"want-{want.id}" for want in terms.wants}, ((INTENT_SIGNAL,), (INTENT_PURPOSE,))
    answers = {
        grant.id: grant for grant in terms.grants if grant.id in ids and (grant.signals, grant.purposes) == about
    }
    return [grant for grant in terms.grants if answers.get(grant.id) != grant], answers
