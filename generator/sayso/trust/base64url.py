"""base64url without padding (RFC 7515, section 2), read in its one form only."""

from __future__ import annotations

import base64
import binascii

#: A text that is the one form of 32 bytes: a digest, a thumbprint, a public key.
DIGEST_PATTERN = r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]\Z"

# To the alphabet that `binascii` reads; the other alphabet's own characters, and padding, become one that it refuses.
_TO_BASE64 = bytes.maketrans(b"-_+/=", b"+/!!!")
# Which characters leave no bits over at the end, by the number of characters in the last group of four.
_LAST = {0: None, 2: b"AQgw", 3: b"AEIMQUYcgkosw048"}


def encode(data: bytes) -> bytes:
    """Encode bytes, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def decode(text: bytes) -> bytes:
    """Decode the one form: no padding, no other characters, no stray bits; raises ValueError."""
    rest = len(text) % 4
    if rest == 1:
        raise ValueError("not a length that base64url has")
    try:
        data = binascii.a2b_base64(text.translate(_TO_BASE64) + b"=" * (-len(text) % 4), strict_mode=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    last = _LAST[rest]
    if last is not None and text[-1:] not in last:
        raise ValueError("bits are left over at the end")
    return data
