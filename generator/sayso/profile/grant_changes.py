"""What changed in the grants of a profile, and in its wants, which some grants stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sayso.instants import parse_rfc3339
from sayso.profile.compile import INTENT_PURPOSE, INTENT_SIGNAL
from sayso.profile.model import Grant, Terms, Want
from sayso.profile.stricter import (
    LIMITS,
    Said,
    common,
    may_be_closed,
    permits_more_some_day,
    without,
    words_beyond,
)
from sayso.profile.telling import Change, restated, shifted, told
from sayso.profile.wording import Words, bracket, category, does, labels, last_moment, purpose_of, quoted


class GrantChanges:
    """Tells what changed in one grant or want of two versions; ``what`` is its place (``grants.offers``)."""

    def __init__(self, before: Terms, now: Terms, words: Words) -> None:
        self._before, self._now, self._words = before, now, words
        self.plain_before, self._answers_before = _plain_and_answers(before)
        self.plain_now, self._answers_now = _plain_and_answers(now)

    def grant(
        self, old: Grant | None, new: Grant | None, what: str, want: Want | None = None, why: str = ""
    ) -> Iterator[Change]:
        """Tell who loses a grant, who gets it, and what is different for those who keep it.

        ``want`` is what it stands for, if it does, and ``why`` the words for what it is lost by.
        """
        if old == new and self._before.vocabulary == self._now.vocabulary:
            return
        end = bracket(what)
        if old and (lost := without(old.to, new.to if new else ())):
            yield told("takes", what, *self._words.may_no_longer(lost, *purpose_of(old, want)), why, end)
        if new and (gained := without(new.to, old.to if old else ())):
            limits = self._words.within(new)
            yield told("gives", what, *self._words.may(gained, *purpose_of(new, want)), *limits, end)
        if old and new and (kept := common(old.to, new.to)):
            yield from self._reach((old, self._before), (new, self._now), kept, what)
            yield from self._limits((old, self._before), (new, self._now), kept, what)
            yield from restated(what, "What you get in return", old.in_return, new.in_return, end)
            yield from restated(what, "Your remark", old.note, new.note, end)

    def want(self, old: Want | None, new: Want | None, what: str) -> Iterator[Change]:
        """Tell what changed in a want, and in the grant that stands for it."""
        end = bracket(what)
        was = self._answers_before.get(f"want-{old.id}") if old else None
        now = self._answers_now.get(f"want-{new.id}") if new else None
        if was or now:
            yield from self.grant(was, now, what, new or old, "" if new else ", as you no longer look for it")
        elif new and not old:
            looked_for = f"You {self._words.now}look for {quoted(new.what)}"
            yield told("says", what, f"{looked_for}, and nobody may make you offers for it{end}")
        elif old and not new:
            yield told("says", what, f"You no longer look for {quoted(old.what)}{end}")
        if old and new:
            yield from restated(what, "What you look for", old.what, new.what, end)
            yield from restated(what, "Your budget", old.budget, new.budget, end)
            if not was and not now:  # else the grant has told it
                yield from restated(what, "What it is about", _about(old), _about(new), end)
                yield from restated(what, "How long you look for it", _until(old), _until(new), end)

    def _reach(self, old: Said, new: Said, kept: Sequence[str], what: str) -> Iterator[Change]:
        """Tell what those who keep a grant may see, what for, and how they may reach the author."""
        may, may_no_longer, end = self._words.may, self._words.may_no_longer, bracket(what)
        for member, doing in (("signals", "see "), ("purposes", "use your data for ")):
            if less := _named(member, words_beyond(member, old, new)):
                yield told("takes", what, *may_no_longer(kept, doing, less), end)
            if more := _named(member, words_beyond(member, new, old)):
                yield told("gives", what, *may(kept, "also ", doing, more), end)
        was, now, silent = old[0].channels, new[0].channels, "use this permission without contacting you"
        if less := without(was, now):
            yield told("takes", what, *may_no_longer(kept, "reach you ", labels("channels", less)), end)
        if more := without(now, was):
            yield told("gives", what, *may(kept, "also " if was else "", "reach you ", labels("channels", more)), end)
        # A grant permits nothing if all its channels are closed; if it names none, it permits all but contact.
        if was and not now and may_be_closed(*old):
            yield told("gives", what, *may(kept, silent), end)
        if now and not was and may_be_closed(*new):
            yield told("takes", what, *may_no_longer(kept, silent), end)

    def _limits(self, old: Said, new: Said, kept: Sequence[str], what: str) -> Iterator[Change]:
        """Tell within which other limits those who keep a grant may use it."""
        for member in LIMITS:
            if getattr(old[0], member) == getattr(new[0], member):
                continue
            less, more = permits_more_some_day(member, old, new), permits_more_some_day(member, new, old)
            was, now = (self._words.limit(member, getattr(grant, member)) for grant, _ in (old, new))
            if less or more or was != now:
                text = self._words.may(kept, does(member), " ", *now, " (before: ", *was, ")")
                yield from shifted(what, less, more, *text, end=bracket(what))


def _plain_and_answers(terms: Terms) -> tuple[list[Grant], dict[str, Grant]]:
    """Give the grants written as such, and by id those that stand for a want, which are told together with it."""
    ids, about = {f"want-{want.id}" for want in terms.wants}, ((INTENT_SIGNAL,), (INTENT_PURPOSE,))
    answers = {
        grant.id: grant for grant in terms.grants if grant.id in ids and (grant.signals, grant.purposes) == about
    }
    return [grant for grant in terms.grants if answers.get(grant.id) != grant], answers


def _named(member: str, words: tuple[tuple[str, bool], ...]) -> tuple[str, ...]:
    """Name words that come or go, as a whole those of which something is there before and after."""
    return tuple(labels(member, (key,))[0] + " as a whole" * in_part for key, in_part in words)


def _about(want: Want) -> str | None:
    return None if want.category is None else category(want.category)


def _until(want: Want) -> str | None:
    return None if want.until is None else last_moment(parse_rfc3339(want.until))
