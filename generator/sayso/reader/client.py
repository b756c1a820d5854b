"""Fetch: the two files of a published profile, verified before anybody sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sayso.errors import RequestError, VerificationError
from sayso.trust.pins import Pins, remember
from sayso.trust.verify import Verified, verify

#: Gives the bytes at a URL, or raises FetchError: ``http.get``, or an in-memory site in tests.
Get = Callable[[str], bytes]

# What a host that is just putting new files in the place of old ones may look like: one is new, the other is not yet.
HALF_NEW = frozenset(
    {"unknown-key", "bad-signature", "wrong-identity", "wrong-key-event", "below-floor", "keylog-behind"}
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A verified profile and the exact bytes it came in; ``at`` is the instant of fetching."""

    base: str
    profile: bytes
    keys: bytes
    at: int
    verified: Verified


def fetch(base: str, at: int, get: Get | None = None, pins: Pins | None = None) -> Fetched:
    """Fetch and verify the profile published at a canonical base URL, at an instant (seconds, UTC).

    Without ``get`` the network is asked. With ``pins`` it is compared with what was seen before, and remembered. Where the
    two files do not fit each other they are fetched once more. Raises RequestError for a base without its slash,
    FetchError when a file could not be had, VerificationError when the two do not prove what they say, DiskError where the
    memory fails.
    """
    if not base.endswith("/"):  # the rest is seen by whoever asks, and by step 8
        raise RequestError(
            "bad-base-url", f"{base} is not the base URL of a profile", hint="it is https, and ends with a slash"
        )
    ask = get or _of_the_network()
    try:
        return _fetch(base, ask, at, pins)
    except VerificationError as error:
        if error.code not in HALF_NEW:
            raise
    return _fetch(base, ask, at, pins)


def _of_the_network() -> Get:
    from sayso.reader.http import get

    return get


def _fetch(base: str, get: Get, at: int, pins: Pins | None) -> Fetched:
    profile, keys = get(f"{base}sayso/profile.jwt"), get(f"{base}sayso/keys.jsonl")
    verified = verify(profile, keys, base, at) if pins is None else remember(pins, profile, keys, base, at)
    return Fetched(base, profile, keys, at, verified)
