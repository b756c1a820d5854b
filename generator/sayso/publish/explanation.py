"""What a company may do, and what it may not, in sentences of a language; ``sign`` tells changes in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from msgspec.structs import replace as with_members

from sayso.profile.agreements import Agreed
from sayso.profile.model import EVERYONE, Terms
from sayso.profile.prohibitions import Prohibitions, scope
from sayso.profile.sentences import Sentences
from sayso.profile.telling import written
from sayso.profile.wording import Part, Said, Wording
from sayso.publish.explaining import Explained, State
from sayso.publish.overview import Permission

Kind = Literal["may", "may not", "says"]


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, without full stop: of what is permitted, of what is not, or of what there is to know."""

    kind: Kind
    text: str


def heading(explained: Explained, words: Wording) -> str:
    """Name the company, or everyone."""
    return words.texts.gettext("Every company") if explained.domain == EVERYONE else words.company(explained.domain)


def holds(terms: Terms, state: State, words: Wording) -> str:
    """Say until when a profile holds, or that it does not."""
    _ = words.texts.gettext
    if state == "withdrawn":
        return _("Your profile is withdrawn: no company may do anything")
    if state == "early":
        return _("This does not hold yet: it holds from %(moment)s on") % {"moment": words.moment(terms.iat)}
    over = _("This ended: it held until %(end)s, and permits nothing any more")
    return (over if state == "ended" else _("This holds until %(end)s")) % {"end": words.last_moment(terms.exp)}


def lines(explained: Explained, words: Wording, *, alone: bool = True) -> tuple[Line, ...]:
    """Tell what is permitted, then what is not, then what there is to know.

    If it is not told ``alone``, but below what holds for everyone, refusals to everyone and contact rules are not told again.
    """
    return tuple(_Explanation(explained, words, alone=alone).all())


class _Explanation:
    def __init__(self, explained: Explained, words: Wording, *, alone: bool) -> None:
        self._alone = alone or explained.domain == EVERYONE
        self._explained, self._words, self._texts = explained, words, words.texts
        self._sentences, self._prohibitions = Sentences(words, anew=True), Prohibitions(words, anew=True)

    def all(self) -> Iterator[Line]:
        explained, _ = self._explained, self._texts.gettext
        if explained.domain != EVERYONE and explained.entry is None:
            yield self._line("says", _("You do not list this company"))
        for part in explained.permissions:
            yield self._line("may", self._permission(part))
        yield from self._taken()
        for refusal in explained.refusals:
            if self._alone or EVERYONE not in refusal.to:
                values = {"refusal": self._prohibitions.refused(refusal)}
                yield self._line("may not", Said(_("You refuse %(refusal)s"), values, end=f" ({refusal.id})"))
        if self._alone:
            yield from self._rules()
        for grant in explained.ended:
            form = _("The grant %(grant)s is over: it held until %(end)s")
            yield self._line("may not", form % {"grant": grant.id, "end": self._words.until(grant.until or "")})
        for revoked in explained.revoked:
            still = any(part.grant.id == revoked.id for part in explained.permissions)
            form = _("You took the grant %(grant)s back on %(day)s")
            if still:
                form = _(
                    "You took the grant %(grant)s back on %(day)s, in part, or gave it again since: what holds now stands above"
                )
            yield self._line("may not", form % {"grant": revoked.id, "day": self._words.day(revoked.revoked_at)})
        yield self._line("says", self._rest())
        yield from (self._line("says", said) for said in agreement(explained.agreed, self._words))

    def _permission(self, part: Permission) -> Said:
        """Say one permission as the grant that it would be."""
        _ = self._texts.gettext
        as_far = with_members(
            part.grant, signals=part.signals, purposes=part.purposes, channels=part.channels, categories=part.categories
        )
        want = self._explained.wants.get(part.grant.id)
        said = self._sentences.grants((EVERYONE,), as_far, want, "anew")
        clauses: tuple[Part, ...] = (*said.clauses, *self._sentences.within(as_far))
        who: Part = said.values["companies"]
        if self._explained.domain != EVERYONE:
            who = self._texts.pgettext("a company", "It")
            if EVERYONE in part.grant.to:
                clauses = (*clauses, _("as every company may"))
        return replace(said, values={**said.values, "companies": who}, clauses=clauses, end=f" ({part.grant.id})")

    def _taken(self) -> Iterator[Line]:
        """Say what takes from grants, of several that lose the same together."""
        _, ngettext = self._texts.gettext, self._texts.ngettext
        losers: dict[tuple[str, str, bool], list[str]] = {}
        for item in self._explained.taken:
            taken = scope(item.refusal, self._words) if item.refusal else self._words.way(item.channel or "")
            text = written(taken, self._words, whole=True) if isinstance(taken, Said) else taken
            losers.setdefault((item.refusal.id if item.refusal else "", text, item.whole), []).append(item.grant.id)
        for (refusal, lost, whole), grants in losers.items():
            number = len(grants)
            if refusal:
                form = ngettext(
                    "The refusal %(refusal)s takes this from the grant %(grants)s: %(lost)s",
                    "The refusal %(refusal)s takes this from the grants %(grants)s: %(lost)s",
                    number,
                )
                if whole:
                    form = ngettext(
                        "Nothing is left of the grant %(grants)s; the refusal %(refusal)s takes from it: %(lost)s",
                        "Nothing is left of the grants %(grants)s; the refusal %(refusal)s takes from them: %(lost)s",
                        number,
                    )
            else:
                form = ngettext(
                    "The grant %(grants)s would permit to reach you %(lost)s, but that is never to be done",
                    "The grants %(grants)s would permit to reach you %(lost)s, but that is never to be done",
                    number,
                )
                if whole:
                    form = ngettext(
                        "Nothing is left of the grant %(grants)s: nobody may ever reach you %(lost)s",
                        "Nothing is left of the grants %(grants)s: nobody may ever reach you %(lost)s",
                        number,
                    )
            yield self._line("may not", Said(form, {"grants": tuple(grants), "refusal": refusal, "lost": lost}))

    def _rules(self) -> Iterator[Line]:
        say = self._prohibitions
        for rule in self._explained.rules:
            way, (rate, hours) = self._words.way(rule.channel), self._words.rule(rule)
            if rule.never:
                yield self._line("may not", say.closed(way))
                continue
            if rule.max:
                yield self._line("may not", say.often(way, rate, None))
            if rule.quiet:
                yield self._line("may not", say.hours(way, hours, None))

    def _rest(self) -> str:
        _, explained = self._texts.gettext, self._explained
        if explained.permissions:
            return _("Nothing else is permitted")
        if explained.domain == EVERYONE or explained.named:
            return _("Nothing is permitted")
        return _("Nothing is permitted: no grant names this company")

    def _line(self, kind: Kind, said: Said | str) -> Line:
        return Line(
            kind, written(said if isinstance(said, Said) else Said("%(text)s", {"text": said}), self._words, whole=True)
        )


def agreement(found: Agreed, words: Wording) -> Iterator[Said]:
    """Say which of the standard agreements come nearest, and what is outside what they can say."""
    _ = words.texts.gettext
    if not found.ids and found.whole:
        yield Said(_("As nothing is permitted, this maps to none of the standard agreements of IEEE 7012 (MyTerms)"))
        return
    if found.ids:
        form = _("Among the standard agreements of IEEE 7012 (MyTerms), this maps to %(agreements)s")
        yield Said(form, {"agreements": tuple(found.ids)})
    else:
        yield Said(_("This maps to none of the standard agreements of IEEE 7012 (MyTerms)"))
    if found.outside:
        yield Said(
            _("Outside what those agreements can say: %(what)s"), {"what": words.labels("purposes", found.outside)}
        )
    if found.partly:
        form = _("Outside what those agreements can say, but for the company's own advertising: %(what)s")
        yield Said(form, {"what": words.labels("purposes", found.partly)})
    for kind in found.sharing:
        yield Said(
            _("Outside what those agreements can say: sharing your data with companies that you name")
            if kind == "named"
            else _(
                "Outside what those agreements can say: sharing your data once nobody can be recognised, without the profiling that comes with it there"
            )
        )
