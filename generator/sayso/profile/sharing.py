"""How far data may be passed on, from the narrowest to the widest (SPEC.md, Conventions)."""

from __future__ import annotations

from sayso.profile.model import Named, Sharing

_WIDTH = {None: 0, "processors": 1, "anonymised": 2}


def no_wider(asked: Sharing | None, granted: Sharing | None) -> bool:
    """Tell whether sharing as asked stays within sharing as granted; None is sharing with nobody.

    Each level includes those before it. Naming companies includes nobody but them and processors.
    """
    if isinstance(asked, Named):
        return isinstance(granted, Named) and {*asked.named} <= {*granted.named}
    if isinstance(granted, Named):
        return asked in (None, "processors")
    return _WIDTH[asked] <= _WIDTH[granted]


def narrowest(several: list[Sharing | None]) -> Sharing | None:
    """Give a sharing that is no wider than any of several: what may be done under all of them; of equals the first."""
    narrow = several[0]
    for other in several[1:]:
        if no_wider(narrow, other):
            continue
        if no_wider(other, narrow):
            narrow = other
        else:  # neither lies within the other
            both = {*narrow.named} & {*other.named} if isinstance(narrow, Named) and isinstance(other, Named) else set()
            narrow = Named(named=tuple(sorted(both))) if both else "processors"
    return narrow
