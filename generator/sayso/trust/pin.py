"""A pin: what a reader remembers of a subject, and the comparison with it (SPEC.md, Pins; step 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from sayso.errors import VerificationError
from sayso.instants import Instant, rfc3339
from sayso.profile.model import Payload
from sayso.trust.keylog import Digest, KeyLog, fingerprint


@dataclass(frozen=True, slots=True)
class Pin:
    """What was last seen at a base URL and passed every step: whose it is, how far the key log went, which version."""

    base: str
    identity: Digest
    line: Annotated[int, Meta(ge=0)]  # number of the key log's last line
    key_event: Digest  # its digest
    sequence: Annotated[int, Meta(ge=1)]
    digest: Digest
    iat: Instant


def missed_since(pin: Pin, keylog: KeyLog, payload: Payload, digest: str) -> int:
    """Compare a version with what was seen before (step 10), and give how many versions between the two were never seen.

    Raises VerificationError: another identity, a key log that is shorter or another one, an earlier version, another one of
    the same number, one that follows another, one that is older.
    """
    if keylog.identity != pin.identity:
        raise _refuse(
            "identity-changed",
            f"{pin.base} had another identity when it was last seen: {fingerprint(pin.identity)}, now {fingerprint(keylog.identity)}",
            f"ask the person, by another way than this address, which one is theirs; if the new one: sayso pins forget {pin.base}",
        )
    if len(keylog.events) <= pin.line:
        raise _refuse("keylog-behind", "the key log lacks lines that were seen before", _OLD)
    if keylog.digests[pin.line] != pin.key_event:
        raise _refuse("keylog-forked", "the key log is not a continuation of the one that was seen before", _THIEF)
    if any(event.floor for event in keylog.events[pin.line + 1 :]):
        return 0  # the subject has said since which versions stand: step 11
    if payload.sequence < pin.sequence:
        raise _refuse(
            "rollback",
            f"this is version {payload.sequence}, but version {pin.sequence} was seen before",
            _OLD,
        )
    if payload.sequence == pin.sequence and digest != pin.digest:
        raise _refuse("equivocation", f"there are two different versions {pin.sequence}", _THIEF)
    if payload.sequence == pin.sequence + 1 and payload.previous != pin.digest:
        raise _refuse("forked", f"it does not follow the version {pin.sequence} that was seen before", _THIEF)
    if payload.iat < pin.iat:
        raise _refuse(
            "back-in-time",
            f"version {payload.sequence} is from {rfc3339(payload.iat)}, but version {pin.sequence} from {rfc3339(pin.iat)}",
            None,
        )
    return max(0, payload.sequence - pin.sequence - 1)


_OLD = "an old copy may be served: keep to what you saw, and fetch again later"
_THIEF = "somebody else may have signed one of the two: ask the person, and show them both: sayso pins contradictions BASE_URL --into FOLDER"


def _refuse(code: str, why: str, hint: str | None) -> VerificationError:
    return VerificationError(code, why, step=10, hint=hint)
