"""Verify: the numbered procedure of SPEC.md, from the bytes of two files to a payload that may be believed.

Everything comes in as bytes and values, and the clock is read once, by the caller. What fails, fails with its step and code;
a failure never permits anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sayso.canonical import NotCanonical
from sayso.errors import VerificationError
from sayso.instants import MAX_LIFETIME, rfc3339
from sayso.profile import model
from sayso.profile.addresses import canonical_base
from sayso.profile.model import EVERYONE, Payload
from sayso.trust.envelope import MAX_BYTES, Envelope, open_envelope
from sayso.trust.keylog import Floor, KeyLog, read_keylog
from sayso.trust.pin import Pin, missed_since

TYP = "sayso-profile+jwt"
MAX_CLOCK_SKEW = 300  # seconds that iat may lie ahead of the reader's clock


@dataclass(frozen=True, slots=True)
class Verified:
    """A payload that passed every step, the envelope that it came in, and the key log that it belongs to.

    ``missed`` is how many versions came between the pin and this one.
    """

    payload: Payload
    envelope: Envelope
    keylog: KeyLog
    missed: int = 0

    @property
    def digest(self) -> str:
        """The digest that names this version."""
        return self.envelope.digest

    @property
    def kid(self) -> str:
        """The thumbprint of the key that signed it."""
        return self.envelope.kid

    @property
    def pin(self) -> Pin:
        """What a reader remembers of it."""
        return Pin(
            base=self.payload.sub,
            identity=self.payload.identity,
            line=len(self.keylog.events) - 1,
            key_event=self.payload.key_event,
            sequence=self.payload.sequence,
            digest=self.digest,
            iat=self.payload.iat,
        )


def verify(profile: bytes, keys: bytes, base: str, at: int, pin: Pin | None = None) -> Verified:
    """Verify the bytes of ``profile.jwt`` and ``keys.jsonl`` as fetched from a base URL, at an instant (seconds, UTC).

    ``pin`` is what the reader remembers of that base URL; ``pins.remember`` also keeps what it learns here.
    Raises VerificationError with the step and the code of the first thing that is wrong.
    """
    return _verify(profile, keys, base, at, pin)


def verify_ended(profile: bytes, keys: bytes, base: str, pin: Pin) -> Verified:
    """Verify a version that has ended, as of the last second in which it held."""
    return _verify(profile, keys, base, payload_in(open_envelope(profile, TYP)).exp - 1, pin)


def verify_past(profile: bytes, keys: bytes, base: str) -> Verified:
    """Verify an author's own version, which need not hold any more: every step but 9 and 10, those about time and memory."""
    return _verify(profile, keys, base, None, None)


def _verify(profile: bytes, keys: bytes, base: str, at: int | None, pin: Pin | None) -> Verified:
    # Step 1: sizes.
    for name, data in (("profile", profile), ("key log", keys)):
        if len(data) > MAX_BYTES:
            raise VerificationError("too-large", f"the {name} has {len(data)} bytes; {MAX_BYTES} are allowed", step=1)
    # Steps 2 and 3: the envelope and its header.
    envelope = open_envelope(profile, TYP)
    # Step 4: the key log.
    keylog = read_keylog(keys)
    # Steps 5 and 6: the key and the signature.
    check_signature(envelope, keylog)
    # Step 7: the payload.
    payload = payload_in(envelope)
    # Step 8: address, identity, key event.
    if not _is_canonical(base):
        raise VerificationError("wrong-address", f"{base} is not an address in its one form", step=8)
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
    if at is not None:
        _check_time(payload, at)
    # Step 10: memory.
    missed = missed_since(pin, keylog, payload, envelope.digest) if pin else 0
    # Step 11: the floor.
    check_floor(payload, keylog.floor)
    # Step 12: ids and references.
    check_whole(payload)
    return Verified(payload, envelope, keylog, missed)


@lru_cache(maxsize=1024)
def _is_canonical(base: str) -> bool:
    return canonical_base(base) == base


def check_signature(envelope: Envelope, keylog: KeyLog) -> None:
    """Raise VerificationError unless a key that a key log names last, and that is not weak, has signed an envelope (steps 5, 6)."""
    key = keylog.keys.get(envelope.kid)
    if key is None:
        raise VerificationError("unknown-key", "the profile is not signed by one of the subject's current keys", step=5)
    if not envelope.signed_by(key):
        if key.weak:
            raise VerificationError("weak-key", "the profile is signed by a weak key, which proves nothing", step=5)
        raise VerificationError("bad-signature", "the signature is not that of the profile", step=6)


def payload_in(envelope: Envelope) -> Payload:
    """Give what an envelope says; raises VerificationError where that is no payload (step 7)."""
    try:
        return model.decode(envelope.payload)
    except NotCanonical as error:
        raise VerificationError("bad-payload", f"the payload is not a canonical profile: {error}", step=7) from None


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


def check_floor(payload: Payload, floor: Floor | None) -> None:
    """Raise VerificationError for a version that the subject has disowned by a floor (step 11)."""
    if floor is None:
        return
    # The version that the floor names was itself signed under an earlier line: a step before has refused it.
    if payload.sequence <= floor.sequence:
        raise VerificationError("below-floor", "the subject has disowned this version", step=11)
    if payload.sequence == floor.sequence + 1 and payload.previous != floor.digest:
        raise VerificationError("below-floor", "the profile follows a version that the subject has disowned", step=11)


def check_whole(payload: Payload) -> None:
    """Raise VerificationError where two things of a payload have one name, or a company is named that is not listed (step 12)."""
    domains = {entry.domain for entry in payload.companies}
    for name, ids, entries in (
        ("companies", domains, payload.companies),
        ("grants", {grant.id for grant in payload.grants}, payload.grants),
        ("refusals", {refusal.id for refusal in payload.refusals}, payload.refusals),
        ("revocations", {item.id for item in payload.revocations}, payload.revocations),
        ("channels", {rule.channel for rule in payload.channels}, payload.channels),
        ("wants", {want.id for want in payload.wants}, payload.wants),
    ):
        if len(ids) != len(entries):
            raise VerificationError("duplicate-id", f"two {name} of the profile have the same name", step=12)
    named = set[str]().union(
        *[grant.to for grant in payload.grants],
        *[refusal.to for refusal in payload.refusals],
        *[want.open_to for want in payload.wants],
    )
    if unlisted := named - domains - {EVERYONE}:
        told = f"the profile names {min(unlisted)}, which it does not list"
        raise VerificationError("dangling-reference", told, step=12)
