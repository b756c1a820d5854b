"""What a profile comes to, company by company: what each may see and do once refusals and contact rules have had their say.

Pure: terms come in, values for the page go out. Every claim of the page is an answer of ``decide``.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    """A grant as far as it reaches: without what refusals and contact rules take out of it altogether."""

    grant: Grant
    signals: tuple[str, ...]
    purposes: tuple[str, ...]
    channels: tuple[str, ...]


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
        """The signals that it may see for one purpose or another."""
        return frozenset(signal for permission in self.permissions for signal in permission.signals)

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
        seen = {signal for card in self.cards for signal in card.sees}
        return tuple(sorted(seen, key=lambda signal: (order.get(signal, len(order)), signal)))

    @cached_property
    def endings(self) -> tuple[Ending, ...]:
        """What ends before the profile, the next first."""
        wants = {f"want-{want.id}" for want in self.terms.wants}
        found = [
            *(_ending(item.until, item, None) for item in self.terms.grants if item.until and item.id not in wants),
            *(_ending(item.until, None, item) for item in self.terms.wants if item.until),
        ]
        return tuple(sorted((item for item in found if item.at < self.terms.exp), key=lambda item: item.at))

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
    found = (_permission(grant, entry.domain if entry else NOBODY, terms) for grant in terms.grants if name in grant.to)
    return Card(
        entry,
        tuple(permission for permission in found if permission.signals),
        tuple(item for item in terms.refusals if name in item.to or EVERYONE in item.to),
        tuple(item for item in terms.revocations if name in item.to),
        tuple(want for want in terms.wants if name in want.open_to),
    )


def _permission(grant: Grant, company: str, terms: Terms) -> Permission:
    at = max(terms.iat, parse_rfc3339(grant.from_) if grant.from_ else 0)
    alone = msgspec.structs.replace(terms, grants=(grant,))

    def allowed(signal: str, purpose: str, channel: str | None = None) -> bool:
        return decide(alone, Request(company, signal, purpose, channel), at).verdict == "allow"

    pairs = [(signal, purpose) for signal in grant.signals for purpose in grant.purposes if allowed(signal, purpose)]
    return Permission(
        grant,
        signals=tuple(signal for signal in grant.signals if any(signal == pair[0] for pair in pairs)),
        purposes=tuple(purpose for purpose in grant.purposes if any(purpose == pair[1] for pair in pairs)),
        channels=tuple(channel for channel in grant.channels if any(allowed(*pair, channel) for pair in pairs)),
    )
