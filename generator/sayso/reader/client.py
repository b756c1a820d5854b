"""Fetch: the two files of a published profile, verified before anybody sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sayso.trust.verify import Verified, verify

#: Gives the bytes at a URL, or raises FetchError: ``http.get``, or an in-memory site in tests.
Get = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A verified profile and the exact bytes it came in; ``at`` is the instant of fetching."""

    base: str
    profile: bytes
    keys: bytes
    at: int
    verified: Verified


def fetch(base: str, get: Get, at: int) -> Fetched:
    """Fetch and verify the profile published at a canonical base URL, at an instant (seconds, UTC).

    Raises FetchError when a file could not be had, VerificationError when the two do not prove what they say.
    """
    profile, keys = get(f"{base}sayso/profile.jwt"), get(f"{base}sayso/keys.jsonl")
    return Fetched(base, profile, keys, at, verify(profile, keys, base, at))
