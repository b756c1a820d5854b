"""Taking back leaves a trace: which grants an earlier version gave that a later one does not (SPEC.md, Revocations)."""

from __future__ import annotations

from collections.abc import Callable

from sayso import spec
from sayso.instants import parse_rfc3339, per_day, seconds_ahead, seconds_back
from sayso.profile.limits import covers
from sayso.profile.model import EVERYONE, GRANULARITIES, Grant, Revocation, Terms
from sayso.profile.sharing import no_wider
from sayso.profile.words import granted

KEPT_FOR = 730 * 86_400  # seconds: 24 months


def revocations(before: Terms, now: Terms) -> tuple[Revocation, ...]:
    """Give the traces that ``now`` carries: those of ``before`` that are younger than 24 months, and what it takes back itself."""
    kept = {item.id: item for item in before.revocations if item.revoked_at > now.iat - KEPT_FOR}
    present = {grant.id: grant for grant in now.grants}
    for grant in before.grants:
        if _end(grant, before) <= now.iat:
            continue  # it had ended by itself
        losers = _losers(grant, before, present.get(grant.id), now)
        if losers:
            already = kept[grant.id].to if grant.id in kept else ()
            kept[grant.id] = Revocation(id=grant.id, to=tuple(sorted({*losers, *already})), revoked_at=now.iat)
    return tuple(sorted(kept.values(), key=lambda item: (item.revoked_at, item.id)))


def _losers(old: Grant, before: Terms, new: Grant | None, now: Terms) -> tuple[str, ...]:
    """Name the companies that may do less than before."""
    if new is None or _narrower(old, before, new, now):
        return old.to
    return () if EVERYONE in new.to else tuple(sorted({*old.to} - {*new.to}))


def _narrower(old: Grant, before: Terms, new: Grant, now: Terms) -> bool:
    words = spec.vocabulary()
    finest = [GRANULARITIES.index(grant.granularity) if grant.granularity else 0 for grant in (old, new)]
    return (
        not all(granted(new.signals, word, words.signals, now.vocabulary) for word in old.signals)
        or not all(granted(new.purposes, word, words.purposes, now.vocabulary) for word in old.purposes)
        or not set(old.channels) <= set(new.channels)
        or not covers(new.categories, old.categories)
        or finest[1] > finest[0]
        or not no_wider(old.sharing, new.sharing)
        or _begin(new, now) > max(_begin(old, before), now.iat)
        or _end(new, now) < _end(old, before)
        or _shorter(old.lookback, new.lookback, lambda span: seconds_back(span, now.iat))
        or _shorter(old.retention, new.retention, lambda span: seconds_ahead(span, now.iat))
        or (new.frequency is not None and (old.frequency is None or per_day(new.frequency) < per_day(old.frequency)))
    )


def _begin(grant: Grant, terms: Terms) -> int:
    return parse_rfc3339(grant.from_) if grant.from_ else terms.iat


def _end(grant: Grant, terms: Terms) -> int:
    return min(terms.exp, parse_rfc3339(grant.until)) if grant.until else terms.exp


def _shorter(old: str | None, new: str | None, length: Callable[[str], int]) -> bool:
    return new is not None and (old is None or length(new) < length(old))
