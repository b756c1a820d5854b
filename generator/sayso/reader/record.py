"""What a store keeps of a verified profile, made ready by whoever verified it: pure, and cheap to hand to another process."""

from __future__ import annotations

import msgspec

from sayso import canonical
from sayso.profile.model import Payload
from sayso.reader.stances import Spans, spans
from sayso.trust.pin import Pin
from sayso.trust.verify import Verified


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A good version: its pin, its exact bytes, when it was fetched and until when it holds (instants), and what it says.

    ``rules`` are the contact rules as canonical JSON; ``spans`` are None where they are too many.
    """

    pin: Pin
    profile: bytes
    keys: bytes
    at: int
    exp: int
    status: str
    rules: bytes
    spans: Spans | None


def record_of(verified: Verified, profile: bytes, keys: bytes, at: int) -> Record:
    """Make the record of a profile that passed every step, of the bytes that it came in and the instant of fetching."""
    return record_of_payload(verified.pin, verified.payload, profile, keys, at)


def record_of_payload(pin: Pin, payload: Payload, profile: bytes, keys: bytes, at: int) -> Record:
    """Make the record of a payload that was verified before."""
    rules = canonical.encode(payload.channels)
    return Record(pin, profile, keys, at, payload.exp, payload.status, rules, spans(payload))
