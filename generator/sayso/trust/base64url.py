"""base64url without padding (RFC 7515, section 2), read in its one form only."""

from __future__ import annotations

import base64
import binascii

#: A text that is the one form of 32 bytes: a digest, a thumbprint, a public key.
DIGEST_PATTERN = r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]\Z"


def encode(data: bytes) -> bytes:
    """Encode bytes, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def decode(text: bytes) -> bytes:
    """Decode the one form: no padding, no other characters, no stray bits; raises ValueError."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    if encode(data) != text:
        raise ValueError("not in its one form")
    return data
