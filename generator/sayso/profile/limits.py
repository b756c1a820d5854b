"""What an answer still asks a company to honour (SPEC.md, Decisions, step 7).

Several grants may answer one question, each with limits of its own. The limits given are such that whatever keeps them is
permitted: the categories of the first grant, the channels of all grants that cover those categories, and of every other
limit the strictest of the grants that were used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from sayso.instants import per_day, seconds_ahead, seconds_back
from sayso.profile.model import GRANULARITIES, ContactRule, Grant, Granularity, Sharing
from sayso.profile.sharing import narrowest
from sayso.profile.words import over


class Except(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a refusal takes out of an answer; categories and channels that are both named are meant together."""

    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


class Limits(msgspec.Struct, frozen=True, omit_defaults=True):
    """Limits still to honour. ``channels`` is None where the request named one, empty where none is permitted.

    Empty ``categories`` are any; what else is absent was not stated. ``sharing`` is always there.
    """

    sharing: Sharing | Literal["none"]
    channels: tuple[str, ...] | None = None
    categories: tuple[str, ...] = ()
    granularity: Granularity | None = None
    lookback: str | None = None
    frequency: str | None = None
    retention: str | None = None
    contact: tuple[ContactRule, ...] = ()
    except_: tuple[Except, ...] = msgspec.field(name="except", default=())


def limits_of(
    matched: Sequence[Grant], rules: Sequence[ContactRule], channel: str | None, category: str | None, at: int
) -> tuple[Limits, tuple[Grant, ...]]:
    """Give the limits that a request leaves open, and the grants that they rest on, in the author's order.

    ``channel`` and ``category`` are those that the request named, or None.
    """
    categories = matched[0].categories if category is None else ()
    used = tuple(grant for grant in matched if category is not None or covers(grant.categories, categories))
    channels = None if channel else tuple(sorted({name for grant in used for name in grant.channels}))
    rates = [grant.frequency for grant in used if grant.frequency]
    levels = [GRANULARITIES.index(grant.granularity) for grant in used if grant.granularity]
    concerned = (channel,) if channels is None else channels
    limits = Limits(
        channels=channels,
        categories=categories,
        granularity=GRANULARITIES[max(levels)] if levels else None,
        lookback=min(
            (grant.lookback for grant in used if grant.lookback), key=lambda span: seconds_back(span, at), default=None
        ),
        frequency=min(rates, key=per_day, default=None),
        retention=min(
            (grant.retention for grant in used if grant.retention),
            key=lambda span: seconds_ahead(span, at),
            default=None,
        ),
        sharing=narrowest([grant.sharing for grant in used]) or "none",
        contact=tuple(rule for rule in rules if rule.channel in concerned),
    )
    return limits, used


def covers(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    """Tell whether every category of ``narrow`` lies under one of ``wide``; an empty list is any category."""
    if not wide or not narrow:
        return not wide
    known = set(wide)
    return all(not known.isdisjoint(over(category)) for category in narrow)
