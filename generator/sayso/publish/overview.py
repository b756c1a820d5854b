"""What a profile comes to, company by company: what each may see and do once refusals and contact rules have had their say.

Pure: terms come in, values for the page go out. Every claim of the page is an answer of ``decide``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import msgspec

from sayso import spec
from sayso.instants import parse_rfc3339
from sayso.profile.model import EVERYONE, CompanyEntry, Grant, Refusal, Revocation, Terms, Want
from sayso.profile.policy import Request, decide

#: A company that no profile names: what it may do, everyone may (the top-level domain is reserved, RFC 2606).
NOBODY = "anyone.invalid"


@dataclass(frozen=True, slots=True)
class Permission:
    """A grant, or a part of it, as far as it reaches: each of the signals for each of the purposes on each of the channels.

    What refusals and contact rules take out of it is not here. ``covers`` are the signals and those that they imply.
    """

    grant: Grant
    signals: tuple[str, ...]
    purposes: tuple[str, ...]
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    covers: frozenset[str]


@dataclass(frozen=True)
class Card:
    """One company and what the profile says of it; ``entry`` is None for what holds for every company."""

    entry: CompanyEntry | None
    permissions: tuple[Permission, ...]
    refusals: tuple[Refusal, ...]  # that name it, or everyone
    revocations: tuple[Revocation, ...]
    wants: tuple[Want, ...]  # that it may answer

    @property
    def domain(self) -> str:
        """The company's domain, or ``*``."""
        return self.entry.domain if self.entry else EVERYONE

    @property
    def sees(self) -> frozenset[str]:
        """The signals that it may see for one purpose or another, now or later."""
        return frozenset().union(*(permission.covers for permission in self.permissions))

    def begins(self, signal: str) -> str | None:
        """Give the first instant, as text, at which it may see a signal; None for one that it may see from the beginning."""
        starts = [permission.grant.from_ for permission in self.permissions if signal in permission.covers]
        return None if None in starts else min(start for start in starts if start is not None)

    @property
    def signals(self) -> frozenset[str]:
        """The signals that it is granted by their names."""
        return frozenset(signal for permission in self.permissions for signal in permission.signals)

    @property
    def starts(self) -> tuple[str, ...]:
        """The instants, as text, at which some of it begins that does not hold from the beginning."""
        return tuple(sorted({permission.grant.from_ for permission in self.permissions if permission.grant.from_}))

    @property
    def purposes(self) -> tuple[str, ...]:
        """What it may use them for."""
        return _once(purpose for permission in self.permissions for purpose in permission.purposes)

    @property
    def channels(self) -> tuple[str, ...]:
        """How it may reach the person."""
        return _once(channel for permission in self.permissions for channel in permission.channels)

    def still(self, item: Revocation) -> bool:
        """Tell whether it has the grant that was taken back all the same: only in part, or again."""
        return any(permission.grant.id == item.id for permission in self.permissions)

    @property
    def refused(self) -> bool:
        """Whether all is refused to it, by name."""
        return any(
            self.domain in item.to and not (item.signals or item.purposes or item.channels or item.categories)
            for item in self.refusals
        )


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that ends before the profile does: a grant, or a want. ``at`` is the first instant without it (seconds, UTC)."""

    at: int
    grant: Grant | None
    want: Want | None


@dataclass(frozen=True)
class Overview:
    """Everything that the pages of a profile tell, worked out once for all languages."""

    terms: Terms

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """A card for everyone, if anything is granted to everyone, and one for each company."""
        cards = (_card(entry, self.terms) for entry in (None, *self.terms.companies))
        return tuple(card for card in cards if card.entry or card.permissions)

    @cached_property
    def signals(self) -> tuple[str, ...]:
        """The signals that somebody may see, in the order of the vocabulary."""
        order = {signal: place for place, signal in enumerate(spec.vocabulary().signals)}
        seen = {signal for card in self.cards for signal in card.signals}
        return tuple(sorted(seen, key=lambda signal: (order.get(signal, len(order)), signal)))

    @cached_property
    def endings(self) -> tuple[Ending, ...]:
        """What ends before the profile, the next first."""
        wants = {f"want-{want.id}" for want in self.terms.wants}
        found = [
            *(_ending(item.until, item, None) for item in self.terms.grants if item.until and item.id not in wants),
            *(_ending(item.until, None, item) for item in self.terms.wants if item.until),
        ]
        live = (item for item in found if self.terms.iat < item.at < self.terms.exp)
        return tuple(sorted(live, key=lambda item: item.at))

    def still(self, item: Revocation) -> bool:
        """Tell whether somebody has the grant that was taken back all the same."""
        return any(card.still(item) for card in self.cards if card.domain in item.to)

    @cached_property
    def names(self) -> dict[str, str]:
        """What each company is called, by domain."""
        return {entry.domain: entry.name or entry.domain for entry in self.terms.companies}


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _ending(until: str, grant: Grant | None, want: Want | None) -> Ending:
    return Ending(parse_rfc3339(until), grant, want)


def _card(entry: CompanyEntry | None, terms: Terms) -> Card:
    """What a company may do, or everyone, as ``decide`` says at the moment of signing or, for what begins later, when it begins."""
    name = entry.domain if entry else EVERYONE
    company = entry.domain if entry else NOBODY
    found = (part for grant in terms.grants if name in grant.to for part in _permissions(grant, company, terms))
    return Card(
        entry,
        tuple(found),
        tuple(item for item in terms.refusals if name in item.to or EVERYONE in item.to),
        tuple(item for item in terms.revocations if name in item.to),
        tuple(want for want in terms.wants if name in want.open_to),
    )


def _permissions(grant: Grant, company: str, terms: Terms) -> Iterator[Permission]:
    """Cut a grant into parts in which each signal may be used for each purpose on each channel."""
    at = max(terms.iat, parse_rfc3339(grant.from_) if grant.from_ else 0)
    alone = msgspec.structs.replace(terms, grants=(grant,))
    untouched = not (
        any(name in refusal.to for refusal in terms.refusals for name in (company, EVERYONE))
        or any(rule.never and rule.channel in grant.channels for rule in terms.channels)
    )

    def allowed(signal: str, purpose: str, channel: str | None, category: str | None) -> bool:
        return decide(alone, Request(company, signal, purpose, channel, category), at).verdict == "allow"

    def reach(signal: str, purpose: str) -> _Reach | None:
        """Tell the channels and categories of a pair; None for one that is not allowed at all."""
        if untouched:
            return (grant.channels, grant.categories) if allowed(signal, purpose, None, None) else None
        places = (None, *grant.categories)
        channels = tuple(
            channel for channel in grant.channels if any(allowed(signal, purpose, channel, place) for place in places)
        )
        kinds = tuple(
            place
            for place in grant.categories
            if any(allowed(signal, purpose, channel, place) for channel in (None, *channels))
        )
        return (channels, kinds) if channels or kinds or allowed(signal, purpose, None, None) else None

    children = {signal: _implied(signal) for signal in grant.signals}
    parts: dict[tuple[tuple[str, _Reach], ...], list[str]] = {}  # signals by what each may be used for
    for signal in _once(name for granted in grant.signals for name in (granted, *children[granted])):
        uses = tuple((purpose, found) for purpose in grant.purposes if (found := reach(signal, purpose)) is not None)
        parts.setdefault(uses, []).append(signal)
    for uses, signals in parts.items():
        named = [signal for signal in signals if not any(signal in children.get(other, ()) for other in signals)]
        for (channels, kinds), purposes in _by_reach(uses).items():
            yield Permission(grant, tuple(named), tuple(purposes), channels, kinds, frozenset(signals))


_Reach = tuple[tuple[str, ...], tuple[str, ...]]  # channels and categories


def _by_reach(uses: tuple[tuple[str, _Reach], ...]) -> dict[_Reach, list[str]]:
    purposes: dict[_Reach, list[str]] = {}
    for purpose, found in uses:
        purposes.setdefault(found, []).append(purpose)
    return purposes


def _implied(signal: str) -> tuple[str, ...]:
    """Give the signals that a parent implies: its children, but for those that must be named by themselves."""
    known = spec.vocabulary().signals.values()
    return tuple(word.key for word in known if word.parent == signal and not word.explicit_only)
