"""The key log: the hash-chained, pre-rotated history of a subject's keys (SPEC.md, Key log; step 4).

Each line is an envelope around a key event. A line after the first may only be signed by a key whose thumbprint the line
before it committed to, so a thief of today's key cannot add one; only the keys of the last line sign profiles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from sayso import canonical
from sayso.errors import VerificationError
from sayso.instants import Instant
from sayso.trust import base64url
from sayso.trust.envelope import MAX_BYTES, Signer, open_envelope, seal
from sayso.trust.keys import Jwk, PublicKey

TYP = "sayso-keys+jwt"
MAX_EVENTS = 64

Digest = Annotated[str, Meta(pattern=base64url.DIGEST_PATTERN)]


class Floor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last version of the subject's own before a line of the key log: its number and digest."""

    sequence: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    digest: Digest

    def disowns(self, sequence: int, digest: str) -> bool:
        """Tell whether a version that was signed under an earlier line does not count any more."""
        return sequence > self.sequence or (sequence == self.sequence and digest != self.digest)


class KeyEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of the log: which keys hold from now on, and which key alone may write the next line."""

    v: Literal[1]
    sub: Annotated[str, Meta(max_length=500)]
    n: Annotated[int, Meta(ge=0, lt=MAX_EVENTS)]
    prev: Digest | None
    signer: Jwk
    keys: Annotated[tuple[Jwk, ...], Meta(min_length=1, max_length=4)]
    next: Annotated[tuple[Digest, ...], Meta(min_length=1, max_length=4)]
    iat: Instant
    floor: Floor | None = None


@dataclass(frozen=True, slots=True)
class KeyLog:
    """A key log whose every line has been verified: the events, the digests of the lines, and by thumbprint the keys that sign now."""

    events: tuple[KeyEvent, ...]
    digests: tuple[str, ...]
    keys: Mapping[str, PublicKey]

    @property
    def identity(self) -> str:
        """The digest of line 0: who the subject is."""
        return self.digests[0]

    @property
    def head(self) -> str:
        """The digest of the last line."""
        return self.digests[-1]

    @property
    def floor(self) -> Floor | None:
        """The floor that the latest event which names one has set."""
        return next((event.floor for event in reversed(self.events) if event.floor), None)

    def disowned(self, line: int, sequence: int, digest: str) -> bool:
        """Tell whether a line after one says that a version, signed under that one, does not count any more."""
        return any(event.floor and event.floor.disowns(sequence, digest) for event in self.events[line + 1 :])

    def as_of(self, key_event: str) -> KeyLog | None:
        """Give the log as it was when the line of this digest was its last; None if it has no such line."""
        if key_event not in self.digests:
            return None
        length = self.digests.index(key_event) + 1
        return _made_of(self.events[:length], self.digests[:length])


def _made_of(events: Sequence[KeyEvent], digests: Sequence[str]) -> KeyLog:
    keys = map(PublicKey.from_jwk, events[-1].keys)
    return KeyLog(tuple(events), tuple(digests), MappingProxyType({key.thumbprint: key for key in keys}))


def fingerprint(identity: str) -> str:
    """Give an identity in digits that can be read out: eight groups of five (SPEC.md, Pins)."""
    number = int.from_bytes(base64url.decode(identity.encode()), "big") % 10**40
    digits = f"{number:040}"
    return " ".join(digits[place : place + 5] for place in range(0, 40, 5))


_decoder = msgspec.json.Decoder(KeyEvent)


def first_line(sub: str, signer: Signer, next_keys: Sequence[PublicKey], at: int) -> bytes:
    """Give line 0 of a new log, which is the subject's identity: ``signer`` is the daily key, ``next_keys`` may replace it."""
    jwk = signer.public.jwk
    event = KeyEvent(
        v=1,
        sub=sub,
        n=0,
        prev=None,
        signer=jwk,
        keys=(jwk,),
        next=tuple(key.thumbprint for key in next_keys),
        iat=at,
    )
    return seal(canonical.encode(event), TYP, signer) + b"\n"


def next_line(
    log: KeyLog,
    signer: Signer,
    keys: Sequence[PublicKey],
    next_keys: Sequence[PublicKey],
    at: int,
    floor: Floor | None = None,
) -> bytes:
    """Give the line that follows a log: from now on ``keys`` sign profiles, and ``next_keys`` may replace them.

    ``signer`` is a key that the last line announced; ``floor`` the last version of the subject's own.
    """
    event = KeyEvent(
        v=1,
        sub=log.events[-1].sub,
        n=len(log.events),
        prev=log.head,
        signer=signer.public.jwk,
        keys=tuple(key.jwk for key in keys),
        next=tuple(key.thumbprint for key in next_keys),
        iat=at,
        floor=floor,
    )
    return seal(canonical.encode(event), TYP, signer) + b"\n"


# A log changes seldom, and the same bytes always read the same: who verifies version after version reads it once.
@lru_cache(maxsize=32)
def read_keylog(data: bytes) -> KeyLog:
    """Verify a key log from its first line to its last (step 4).

    Raises VerificationError: too large, a line that is no envelope or no key event, a broken chain, a signer that the line
    before did not announce, a weak key, a bad signature.
    """
    if len(data) > MAX_BYTES:
        raise VerificationError("too-large", f"the key log has {len(data)} bytes; {MAX_BYTES} are allowed", step=1)
    lines = data.split(b"\n")
    if lines.pop() or not 1 <= len(lines) <= MAX_EVENTS:
        raise VerificationError(
            "keylog-lines", f"a key log has 1 to {MAX_EVENTS} lines, each ended by a line feed", step=4
        )
    events: list[KeyEvent] = []
    digests: list[str] = []
    for number, line in enumerate(lines):
        event, digest = _read_line(line, number)
        _follows(event, events[-1] if events else None, digests[-1] if digests else None, number)
        events.append(event)
        digests.append(digest)
    return _made_of(events, digests)


def _read_line(line: bytes, number: int) -> tuple[KeyEvent, str]:
    try:
        envelope = open_envelope(line, TYP)
        event = canonical.decode(envelope.payload, _decoder)
    except VerificationError as error:
        raise _refuse("keylog-envelope", number, error.message) from None
    except canonical.NotCanonical as error:
        raise _refuse("keylog-event", number, str(error)) from None
    signer = PublicKey.from_jwk(event.signer)
    if signer.thumbprint != envelope.kid:
        raise _refuse("keylog-signer", number, "the header names another key than the signer")
    if signer.weak:
        raise _refuse("weak-key", number, "the signer is a weak key")
    if not envelope.signed_by(signer):
        raise _refuse("keylog-signature", number, "the signature is not the signer's")
    return event, envelope.digest


def _follows(event: KeyEvent, before: KeyEvent | None, digest_before: str | None, number: int) -> None:
    if event.n != number or event.prev != digest_before:
        raise _refuse("keylog-chain", number, "it does not follow the line before it")
    if before is None:
        if event.signer not in event.keys:
            raise _refuse("keylog-signer", number, "the first signer is not among its keys")
        return
    if PublicKey.from_jwk(event.signer).thumbprint not in before.next:
        raise _refuse("keylog-signer", number, "the line before did not announce this signer")
    if event.sub != before.sub:
        raise _refuse("keylog-sub", number, "it speaks for another address")
    if event.iat < before.iat:
        raise _refuse("keylog-time", number, "it is older than the line before it")


def _refuse(code: str, number: int, why: str) -> VerificationError:
    return VerificationError(code, f"line {number} of the key log: {why}", step=4)
