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
from sayso.profile.agreements import Agreed, agreed
from sayso.profile.model import EVERYONE, CompanyEntry, Grant, Refusal, Revocation, Terms, Want
from sayso.profile.policy import Request, bears, decide
from sayso.profile.words import Words

#: A company that no profile names: what it may do, everyone may (the top-level domain is reserved, RFC 2606).
NOBODY = "anyone.invalid"


@dataclass(frozen=True, slots=True)
class Permission:
    """A grant, or a part of it, as far as it reaches: each of the signals for each of the purposes on each of the channels.

    What refusals and contact rules take out of it is not here. ``covers`` are the signals and those that they imply, ``uses``
    the same of the purposes.
    """

    grant: Grant
    signals: tuple[str, ...]
    purposes: tuple[str, ...]
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    covers: frozenset[str]
    uses: frozenset[str]


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
    def agreements(self) -> dict[str, Agreed]:
        """The standard agreements that come nearest to what each company may do, with what everyone may, by domain."""
        return {card.domain: agreements_of(self.permissions(card.domain)) for card in self.cards}

    def permissions(self, domain: str) -> tuple[Permission, ...]:
        """Give all that a company may do, or everyone (``*``): what it is granted by name, and what everyone is."""
        return permissions(self.terms, domain)

    @cached_property
    def names(self) -> dict[str, str]:
        """What each company is called, by domain."""
        return {entry.domain: entry.name or entry.domain for entry in self.terms.companies}


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _ending(until: str, grant: Grant | None, want: Want | None) -> Ending:
    return Ending(parse_rfc3339(until), grant, want)


def permissions(terms: Terms, domain: str, at: int | None = None) -> tuple[Permission, ...]:
    """Give all that a company may do, or everyone (``*``), by name or as everyone may, as ``decide`` says.

    That is at an instant or, for what begins later, when it begins; at the moment of signing, if none is given.
    """
    company = NOBODY if domain == EVERYONE else domain
    granted = (grant for grant in terms.grants if domain in grant.to or EVERYONE in grant.to)
    return tuple(part for grant in granted for part in _permissions(grant, company, terms, at))


def agreements_of(found: Iterable[Permission]) -> Agreed:
    """Give the standard agreements that come nearest to some permissions."""
    parts = tuple(found)
    return agreed((purpose for part in parts for purpose in part.uses), (part.grant.sharing for part in parts))


def _card(entry: CompanyEntry | None, terms: Terms) -> Card:
    """What a company may do by name, or everyone, as ``decide`` says."""
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


def _permissions(grant: Grant, company: str, terms: Terms, at: int | None = None) -> Iterator[Permission]:
    """Cut a grant into parts in which each signal may be used for each purpose on each channel."""
    at = max(terms.iat if at is None else at, parse_rfc3339(grant.from_) if grant.from_ else 0)
    alone = msgspec.structs.replace(terms, grants=(grant,))
    theirs = tuple(refusal for refusal in terms.refusals if company in refusal.to or EVERYONE in refusal.to)
    never = any(rule.never and rule.channel in grant.channels for rule in terms.channels)
    free = msgspec.structs.replace(alone, refusals=(), channels=())
    known: dict[tuple[Refusal, ...], _Reach | None] = {}

    def reach(signal: str, purpose: str) -> _Reach | None:
        """Tell the channels and categories of a pair; None for one that is not allowed at all.

        What does not bear on the open question bears on none that is narrower; two pairs that are granted, and on which the
        same refusals bear, reach equally far.
        """
        request = Request(company, signal, purpose)
        bearing = tuple(refusal for refusal in theirs if bears(refusal, company, request) != "not")
        if not decide(free, request, at):
            return None
        if bearing not in known:
            known[bearing] = _reach(msgspec.structs.replace(alone, refusals=bearing), request, at, never=never)
        return known[bearing]

    words = spec.vocabulary()
    signals, purposes = with_implied(grant.signals, words.signals), with_implied(grant.purposes, words.purposes)
    parts: dict[tuple[tuple[str, _Reach], ...], list[str]] = {}  # signals by what each may be used for
    for signal in signals:
        uses = tuple((purpose, found) for purpose in purposes if (found := reach(signal, purpose)) is not None)
        parts.setdefault(uses, []).append(signal)
    for uses, seen in parts.items():
        for (channels, kinds), used in _by_reach(uses).items():
            what, for_ = named(seen, words.signals), named(used, words.purposes)
            yield Permission(grant, what, for_, channels, kinds, frozenset(seen), frozenset(used))


_Reach = tuple[tuple[str, ...], tuple[str, ...]]  # channels and categories


def _reach(terms: Terms, request: Request, at: int, *, never: bool) -> _Reach | None:
    """Tell how far the one grant of some terms reaches for a question that names neither channel nor category."""
    (grant,) = terms.grants

    def allowed(channel: str | None, category: str | None) -> bool:
        return bool(decide(terms, msgspec.structs.replace(request, channel=channel, category=category), at))

    if not terms.refusals and not never:
        return (grant.channels, grant.categories) if allowed(None, None) else None
    places = (None, *grant.categories)
    channels = tuple(channel for channel in grant.channels if any(allowed(channel, place) for place in places))
    kinds = tuple(place for place in grant.categories if any(allowed(channel, place) for channel in (None, *channels)))
    return (channels, kinds) if channels or kinds or allowed(None, None) else None


def _by_reach(uses: tuple[tuple[str, _Reach], ...]) -> dict[_Reach, list[str]]:
    purposes: dict[_Reach, list[str]] = {}
    for purpose, found in uses:
        purposes.setdefault(found, []).append(purpose)
    return purposes


def with_implied(granted: Iterable[str], words: Words) -> tuple[str, ...]:
    """Give some words, each with those that it implies as their parent."""
    return _once(name for word in granted for name in (word, *_implied(word, words)))


def named(found: Iterable[str], words: Words) -> tuple[str, ...]:
    """Give those of some words that none of the others implies."""
    several = tuple(found)
    without = {name for word in several for name in _implied(word, words)}
    return tuple(word for word in several if word not in without)


def _implied(parent: str, words: Words) -> tuple[str, ...]:
    """Give the words that a parent implies: its children, but for those that must be named by themselves."""
    return tuple(word.key for word in words.values() if word.parent == parent and not word.explicit_only)
