"""Earlier versions, proven from the one that holds now: each is named, by digest, in the one that follows it (SPEC.md, History)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sayso.canonical import NotCanonical
from sayso.errors import VerificationError
from sayso.profile.model import Payload, decode
from sayso.trust.envelope import Envelope, open_envelope
from sayso.trust.keylog import KeyLog
from sayso.trust.verify import TYP, Verified, payload_of


def earlier(current: Verified, token_of: Callable[[int], bytes | None]) -> Iterator[Verified]:
    """Give the versions before a verified one, the latest first, as long as ``token_of`` has the next (None where it has not).

    Each has the digest that the version after it names, and a signature by a key that was current when it was made; its key
    log is that of then. Raises VerificationError for one that is not what it should be.
    """
    after = current
    while after.payload.previous is not None and (token := token_of(after.payload.sequence - 1)) is not None:
        after = _before(after.payload, token, after.keylog)
        yield after


def _before(after: Payload, token: bytes, keylog: KeyLog) -> Verified:
    envelope = open_envelope(token, TYP)
    if envelope.digest != after.previous:
        raise VerificationError(
            "forked", f"this is not the version that version {after.sequence} says it follows", step=10
        )
    # The digest is in a signed version, so the key event that it names may be believed; the signature must fit it all the same.
    then = keylog.as_of(_key_event(envelope))
    if then is None:
        raise VerificationError("wrong-key-event", "it was signed under a key event that the log had not then", step=8)
    payload = payload_of(envelope, then)
    if (payload.sub, payload.identity, payload.sequence) != (after.sub, after.identity, after.sequence - 1):
        raise VerificationError("wrong-identity", "it belongs to another chain of versions", step=8)
    if payload.iat > after.iat:
        raise VerificationError("back-in-time", f"version {after.sequence} is older than it", step=10)
    return Verified(payload, envelope, then)


def _key_event(envelope: Envelope) -> str:
    try:
        return decode(envelope.payload).key_event
    except NotCanonical as error:
        raise VerificationError("bad-payload", f"the payload is not a canonical profile: {error}", step=7) from None
