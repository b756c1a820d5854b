"""The payload of a profile that was verified before it was kept: read fast, since every question begins with it."""

from __future__ import annotations

import msgspec

from sayso.profile import model
from sayso.profile.model import Payload

_ALPHABET = bytes.maketrans(b"-_", b"+/")
_base64 = msgspec.json.Decoder(bytes)  # reads base64 in half the time that Python's own needs


def payload_of(profile: bytes) -> Payload:
    """Give the payload of a profile's exact bytes, without looking at their form again."""
    body = profile.split(b".")[1]
    if b"-" in body or b"_" in body:  # seldom in base64 of what is nearly all ASCII
        body = body.translate(_ALPHABET)
    return model.read(_base64.decode(b'"%b%b"' % (body, b"=" * (-len(body) % 4))))
