"""Verify: the numbered procedure of SPEC.md, from the bytes of two files to a payload that may be believed.

Everything comes in as bytes and values, and the clock is read once, by the caller. What fails, fails with its step and code;
a failure never permits anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sayso.errors import VerificationError
from sayso.instants import MAX_LIFETIME, parse_rfc3339, rfc3339
from sayso.profile import model
from sayso.profile.model import EVERYONE, Payload
from sayso.trust.envelope import MAX_BYTES, open_envelope
from sayso.trust.keylog import KeyLog, read_keylog

TYP = "sayso-profile+jwt"
MAX_CLOCK_SKEW = 300  # seconds that iat may lie ahead of the reader's clock


@dataclass(frozen=True, slots=True)
class Verified:
    """A payload that passed every step, and what a reader needs to name it: its digest, the key, and the key log."""

    payload: Payload
    digest: str
    kid: str
    keylog: KeyLog


def verify(profile: bytes, keys: bytes, base: str, at: int) -> Verified:
    """Verify the bytes of ``profile.jwt`` and ``keys.jsonl`` as fetched from a base URL, at an instant (seconds, UTC).

    Raises VerificationError with the step and the code of the first thing that is wrong.
    Step 10, the comparison with what was seen before, needs a memory; it is not part of this function.
    """
    return _verify(profile, keys, base, lambda payload: _check_time(payload, at))


def verify_past(profile: bytes, keys: bytes, base: str) -> Verified:
    """Verify an author's own version, which need not hold any more: every step but the ninth, the one about time."""
    return _verify(profile, keys, base, lambda _: None)


def _verify(profile: bytes, keys: bytes, base: str, check_time: Callable[[Payload], None]) -> Verified:
    # Step 1: sizes.
    for name, data in (("profile", profile), ("key log", keys)):
        if len(data) > MAX_BYTES:
            raise VerificationError("too-large", f"the {name} has {len(data)} bytes; {MAX_BYTES} are allowed", step=1)
    # Steps 2 and 3: the envelope and its header.
    envelope = open_envelope(profile, TYP)
    # Step 4: the key log.
    keylog = read_keylog(keys)
    # Step 5: the key.
    key = next((key for key in keylog.current_keys if key.thumbprint == envelope.kid), None)
    if key is None:
        raise VerificationError("unknown-key", "the profile is not signed by one of the subject's current keys", step=5)
    if key.weak:
        raise VerificationError("weak-key", "the profile is signed by a weak key, which proves nothing", step=5)
    # Step 6: the signature.
    if not envelope.signed_by(key):
        raise VerificationError("bad-signature", "the signature is not that of the profile", step=6)
    # Step 7: the payload.
    try:
        payload = model.decode(envelope.payload)
        _check_instants(payload)
    except ValueError as error:
        raise VerificationError("bad-payload", f"the payload is not a canonical profile: {error}", step=7) from None
    # Step 8: address, identity, key event.
    if payload.sub != base or keylog.events[-1].sub != base:
        raise VerificationError(
            "wrong-address",
            f"the profile speaks for {payload.sub}, not for {base}",
            step=8,
            hint="somebody may have copied it from there",
        )
    if payload.identity != keylog.identity:
        raise VerificationError("wrong-identity", "the profile belongs to another key log", step=8)
    if payload.key_event != keylog.head:
        raise VerificationError("wrong-key-event", "the profile was signed under another state of the key log", step=8)
    # Step 9: time.
    check_time(payload)
    # Step 11: the floor.
    _check_floor(payload, envelope.digest, keylog)
    # Step 12: ids and references.
    _check_whole(payload)
    return Verified(payload=payload, digest=envelope.digest, kid=envelope.kid, keylog=keylog)


def _check_instants(payload: Payload) -> None:
    """A text in the form of an instant need not be one: there is no 31 February."""
    texts = [text for grant in payload.grants for text in (grant.from_, grant.until)]
    for text in (*texts, *(want.until for want in payload.wants)):
        if text is not None:
            parse_rfc3339(text)


def _check_time(payload: Payload, at: int) -> None:
    if payload.iat > at + MAX_CLOCK_SKEW:
        raise VerificationError(
            "from-the-future",
            f"the profile is from {rfc3339(payload.iat)}, and it is {rfc3339(at)}",
            step=9,
            hint="one of the two clocks is wrong",
        )
    if payload.exp <= payload.iat:
        raise VerificationError("ends-before-it-begins", "the profile ends before it begins", step=9)
    if payload.exp - payload.iat > MAX_LIFETIME:
        raise VerificationError("lives-too-long", "the profile holds for more than 400 days", step=9)
    if at >= payload.exp:
        raise VerificationError("expired", f"the profile ended at {rfc3339(payload.exp)}", step=9)


def _check_floor(payload: Payload, digest: str, keylog: KeyLog) -> None:
    floor = keylog.floor
    if floor is None:
        return
    if payload.sequence < floor.sequence or (payload.sequence == floor.sequence and digest != floor.digest):
        raise VerificationError("below-floor", "the subject has disowned this version", step=11)
    if payload.sequence == floor.sequence + 1 and payload.previous != floor.digest:
        raise VerificationError("below-floor", "the profile follows a version that the subject has disowned", step=11)


def _check_whole(payload: Payload) -> None:
    lists = {
        "companies": [entry.domain for entry in payload.companies],
        "grants": [grant.id for grant in payload.grants],
        "refusals": [refusal.id for refusal in payload.refusals],
        "revocations": [item.id for item in payload.revocations],
        "channels": [rule.channel for rule in payload.channels],
        "wants": [want.id for want in payload.wants],
    }
    for name, ids in lists.items():
        if len(set(ids)) != len(ids):
            raise VerificationError("duplicate-id", f"two {name} of the profile have the same name", step=12)
    named = [(grant.id, grant.to) for grant in payload.grants]
    named += [(refusal.id, refusal.to) for refusal in payload.refusals]
    named += [(want.id, want.open_to) for want in payload.wants]
    for name, to in named:
        if not {EVERYONE, *lists["companies"]}.issuperset(to):
            raise VerificationError(
                "dangling-reference", f"`{name}` names a company that the profile does not list", step=12
            )
