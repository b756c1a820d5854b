"""Which of the standard agreements of IEEE 7012 ("MyTerms") a profile comes to for a company (SPEC.md, Standard agreements).

A derived view, as ids alone: what a company may do resembles these agreements. Nothing is decided by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sayso import spec
from sayso.profile.model import Named, Sharing

OutsideSharing = Literal["anonymised", "named"]


@dataclass(frozen=True, slots=True)
class Agreed:
    """The ids of the agreements, that on the relationship first, and what is permitted and outside what they can say.

    ``partly`` are purposes that an agreement covers only in part: advertising of the company's own. All are empty where
    nothing is permitted: then there is no agreement at all.
    """

    ids: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    sharing: tuple[OutsideSharing, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the agreements say all that is permitted."""
        return not (self.outside or self.partly or self.sharing)


def agreed(purposes: Iterable[str], sharings: Iterable[Sharing | None]) -> Agreed:
    """Give the narrowest agreements that have what a company may use data for, as ``decide`` says, and with whom it may share.

    Each purpose counts by itself: what stands over several has no place of its own, for those below it have theirs. A word
    that the vocabulary does not know is outside.
    """
    rule, words = spec.agreements(), spec.vocabulary().purposes
    rungs = [rung.id for rung in rule.relationship]
    asked = dict.fromkeys(purposes)
    parents = {word.parent for word in words.values()}
    reached, contributed = -1, set[str]()
    outside: list[str] = []
    partly: list[str] = []
    for purpose in sorted(asked, key=[*words, *asked].index):
        if purpose in parents:
            continue
        place = _place(purpose)
        if place.agreement in rungs:
            reached = max(reached, rungs.index(place.agreement))
        elif place.agreement:
            contributed.add(place.agreement)
        if place.outside:
            outside.append(purpose)
        if place.only:
            partly.append(purpose)
    beyond: list[OutsideSharing] = []
    kinds: tuple[OutsideSharing, ...] = ("anonymised", "named")
    shared = {"named" if isinstance(item, Named) else item for item in sharings}
    for kind in kinds:
        if kind in shared:
            wider = rule.sharing[kind]
            if wider.agreement in rungs and wider.from_ in rungs and reached >= rungs.index(wider.from_):
                reached = max(reached, rungs.index(wider.agreement))
            else:
                beyond.append(kind)
    relationship = (rungs[reached],) if reached >= 0 else ()
    ids = (*relationship, *(rung.id for rung in rule.contribution if rung.id in contributed))
    return Agreed(ids, tuple(outside), tuple(partly), tuple(beyond))


def _place(purpose: str) -> spec.Place:
    word = spec.vocabulary().purposes.get(purpose)
    mapping = word.mappings.get("ieee7012_agreement") if word else None
    return spec.agreements().purposes[mapping["terms"][0]] if mapping else spec.Place(outside=True)
