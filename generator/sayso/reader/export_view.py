"""What a consent tool is to be told of one subject: the view of ``consent``, and how long it holds."""

from __future__ import annotations

from typing import Any

from sayso.instants import parse_rfc3339, rfc3339
from sayso.profile.model import EVERYONE, Grant, Payload
from sayso.profile.policy import FRESH_FOR, STALE_AFTER
from sayso.reader.consent import Mapping, view


def told(mapping: Mapping, payload: Payload, company: str, at: int, *, digest: str, fetched_at: int) -> dict[str, Any]:
    """Give the line of a verified profile for one company (a registrable domain) at an instant.

    ``valid_until`` is when it changes by itself, and is left out where it never does. ``recheck_after`` is when to fetch and
    to ask again; it may have passed.
    """
    end = _end(payload, company, at, fetched_at)
    fresh = fetched_at + FRESH_FOR
    return {
        "sub": payload.sub,
        "sequence": payload.sequence,
        "digest": digest,
        **({} if end is None else {"valid_until": rfc3339(end)}),
        "recheck_after": rfc3339(fresh if end is None else min(end, fresh)),
        mapping.target: view(mapping, payload, company, at, fetched_at=fetched_at),
    }


def _end(payload: Payload, company: str, at: int, fetched_at: int) -> int | None:
    """Give the next instant at which something that bears on the company begins or ends; None for a profile that is over."""
    if payload.status != "active" or at >= payload.exp or at > fetched_at + STALE_AFTER:
        return None
    edges = {payload.iat, payload.exp}
    edges.update(
        edge for grant in payload.grants if not {company, EVERYONE}.isdisjoint(grant.to) for edge in _edges(grant)
    )
    return min(edge for edge in edges if edge > at)


def _edges(grant: Grant) -> list[int]:
    return [parse_rfc3339(text) for text in (grant.from_, grant.until) if text is not None]
