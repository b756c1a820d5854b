"""Taking back leaves a trace: which grants an earlier version gave that a later one does not (SPEC.md, Revocations)."""

from __future__ import annotations

from sayso.instants import per_day, rfc3339, seconds
from sayso.profile.model import GRANULARITIES, Grant, Revocation, Terms
from sayso.profile.sharing import no_wider

KEPT_FOR = 730 * 86_400  # seconds: 24 months


def revocations(before: Terms, now: Terms) -> tuple[Revocation, ...]:
    """Give the traces that ``now`` carries: those of ``before`` that are younger than 24 months, and what it takes back itself."""
    kept = {item.id: item for item in before.revocations if item.revoked_at > now.iat - KEPT_FOR}
    present = {grant.id: grant for grant in now.grants}
    for grant in before.grants:
        losers = _losers(grant, present.get(grant.id), now.iat)
        if losers:
            already = kept[grant.id].to if grant.id in kept else ()
            kept[grant.id] = Revocation(id=grant.id, to=tuple(sorted({*losers, *already})), revoked_at=now.iat)
    return tuple(sorted(kept.values(), key=lambda item: (item.revoked_at, item.id)))


def _losers(old: Grant, new: Grant | None, at: int) -> tuple[str, ...]:
    """Name the companies that may do less than before."""
    if old.until is not None and old.until <= rfc3339(at):
        return ()  # it had ended by itself
    if new is None or _narrower(old, new, at):
        return old.to
    return tuple(sorted({*old.to} - {*new.to}))


def _narrower(old: Grant, new: Grant, at: int) -> bool:
    finest = [GRANULARITIES.index(grant.granularity) if grant.granularity else 0 for grant in (old, new)]
    return (
        any(not set(getattr(old, name)) <= set(getattr(new, name)) for name in ("signals", "purposes", "channels"))
        or (bool(new.categories) and not (old.categories and set(old.categories) <= set(new.categories)))
        or finest[1] > finest[0]
        or not no_wider(old.sharing, new.sharing)
        or (new.from_ is not None and new.from_ > (old.from_ or rfc3339(at)))
        or (new.until is not None and (old.until is None or new.until < old.until))
        or any(_shorter(getattr(old, name), getattr(new, name), at) for name in ("lookback", "retention"))
        or (new.frequency is not None and (old.frequency is None or per_day(new.frequency) < per_day(old.frequency)))
    )


def _shorter(old: str | None, new: str | None, at: int) -> bool:
    return new is not None and (old is None or seconds(new, at) < seconds(old, at))
