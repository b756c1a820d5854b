"""Taking back leaves a trace: which grants an earlier version gave that a later one does not (SPEC.md, Revocations)."""

from __future__ import annotations

from sayso import spec
from sayso.profile.model import Grant, Revocation, Terms
from sayso.profile.stricter import LIMITS, end_of, permits_more, without
from sayso.profile.words import granted

KEPT_FOR = 730 * 86_400  # seconds: 24 months


def revocations(before: Terms, now: Terms) -> tuple[Revocation, ...]:
    """Give the traces that ``now`` carries: those of ``before`` that are younger than 24 months, and what it takes back itself."""
    kept = {item.id: item for item in before.revocations if item.revoked_at > now.iat - KEPT_FOR}
    present = {grant.id: grant for grant in now.grants}
    for grant in before.grants:
        if end_of(grant, before) <= now.iat:
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
    return without(old.to, new.to)


def _narrower(old: Grant, before: Terms, new: Grant, now: Terms) -> bool:
    words = spec.vocabulary()
    return (
        not all(granted(new.signals, word, words.signals, now.vocabulary) for word in old.signals)
        or not all(granted(new.purposes, word, words.purposes, now.vocabulary) for word in old.purposes)
        or not set(old.channels) <= set(new.channels)
        or any(permits_more(member, (old, before), (new, now), now.iat) for member in LIMITS)
    )
