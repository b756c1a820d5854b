"""Earlier versions, proven from the one that holds now: each is named, by digest, in the one that follows it (SPEC.md, History)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sayso.errors import VerificationError
from sayso.trust.envelope import open_envelope
from sayso.trust.keylog import KeyLog
from sayso.trust.verify import TYP, Verified, check_floor, check_signature, check_whole, payload_in


def earlier(current: Verified, token_of: Callable[[int], bytes | None]) -> Iterator[Verified]:
    """Give the versions before a verified one, the latest first, as long as ``token_of`` has the next (None where it has not).

    Each has the digest that the version after it names, a signature by a key that was current when it was made, and no floor
    set later that disowns it; its key log is that of then. Raises VerificationError for one that is not what it should be.
    """
    after = current
    while after.payload.previous is not None and (token := token_of(after.payload.sequence - 1)) is not None:
        after = _before(after, token, current.keylog)
        yield after


def _before(after: Verified, token: bytes, keylog: KeyLog) -> Verified:
    """Read the version before one; ``keylog`` is that of now."""
    later, envelope = after.payload, open_envelope(token, TYP)
    if envelope.digest != later.previous:
        raise VerificationError(
            "forked", f"this is not the version that version {later.sequence} says it follows", step=10
        )
    # The digest is in a signed version, so what it says may be believed; the signature must fit it all the same.
    payload = payload_in(envelope)
    then = after.keylog.as_of(payload.key_event)
    if then is None:
        raise VerificationError("wrong-key-event", "it was signed under a key event that the log had not then", step=8)
    check_signature(envelope, then)
    if (payload.sub, payload.identity, payload.sequence) != (later.sub, later.identity, later.sequence - 1):
        raise VerificationError("wrong-identity", "it belongs to another chain of versions", step=8)
    if payload.iat > later.iat:
        raise VerificationError("back-in-time", f"version {later.sequence} is older than it", step=10)
    check_floor(payload, then.floor)
    if keylog.disowned(len(then.events) - 1, payload.sequence, envelope.digest):
        raise VerificationError("below-floor", "the subject has disowned this version", step=11)
    check_whole(payload)
    return Verified(payload, envelope, then)
