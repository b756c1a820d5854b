"""What companies hold at an instant: what each may see, for what, and how it may reach the person.

Pure, and worked out by ``decide``: what has ended, or is refused, nobody holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from sayso.instants import parse_rfc3339
from sayso.profile.model import Terms
from sayso.publish.overview import Card, Overview, Permission


@dataclass(frozen=True, slots=True)
class Holding:
    """What a company may see, for what, and how it may reach the person; ``begins`` is None for what holds now."""

    card: Card
    signals: tuple[str, ...]
    purposes: tuple[str, ...]
    channels: tuple[str, ...]
    begins: int | None


@dataclass(frozen=True, slots=True)
class Held:
    """What companies hold, now or from a day on, in the order of the profile; and the companies that hold nothing."""

    holdings: tuple[Holding, ...]
    without: tuple[Card, ...]


def held(terms: Terms, at: int) -> Held:
    """Give what companies hold by some terms at an instant."""
    # A card is worked out for the instant at which the terms begin: let that be now.
    cards = Overview(replace(terms, iat=max(terms.iat, at))).cards
    holdings = tuple(item for card in cards for item in _holdings(card, at))
    having = {item.card.domain for item in holdings}
    return Held(holdings, tuple(card for card in cards if card.domain not in having))


def _holdings(card: Card, at: int) -> Iterator[Holding]:
    """Give what a company holds now in one piece, and what begins later in one for each beginning."""
    parts: dict[int | None, list[Permission]] = {}
    for permission in card.permissions:
        begin = parse_rfc3339(permission.grant.from_) if permission.grant.from_ else at
        parts.setdefault(None if begin <= at else begin, []).append(permission)
    for begins in sorted(parts, key=lambda begin: begin or 0):
        some = Card(card.entry, tuple(parts[begins]), (), (), ())
        signals = tuple(dict.fromkeys(signal for part in some.permissions for signal in part.signals))
        yield Holding(card, signals, some.purposes, some.channels, begins)
