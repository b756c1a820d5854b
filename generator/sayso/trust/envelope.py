"""The envelope: a compact JWS with one algorithm and one header, read strictly (SPEC.md, Envelope; steps 1, 2, 3).

It carries canonical bytes and knows nothing of what they say. There is no option to negotiate: the header is compared with
the only one it can be.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from sayso.errors import VerificationError
from sayso.trust import base64url
from sayso.trust.keys import PublicKey

MAX_BYTES = 256 * 1024

_KID = re.compile(base64url.DIGEST_PATTERN.encode())


class Signer(Protocol):
    """Something that can sign with an Ed25519 key: a key file, or an agent that keeps the key to itself."""

    @property
    def public(self) -> PublicKey:
        """The public half of the key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Give the 64-byte Ed25519 signature (RFC 8032) of a message."""
        ...


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope taken apart; nothing in it is to be believed before ``signed_by`` has said so."""

    kid: str
    payload: bytes
    signing_input: bytes
    signature: bytes

    @property
    def token(self) -> bytes:
        """The bytes that it came in, of which there is one form."""
        return self.signing_input + b"." + base64url.encode(self.signature)

    @property
    def digest(self) -> str:
        """The digest that names this version: SHA-256 of the signing input, never of the file."""
        return digest(self.signing_input)

    def signed_by(self, key: PublicKey) -> bool:
        """Tell whether the signature is that of a key (step 6)."""
        return key.verifies(self.signature, self.signing_input)


def seal(payload: bytes, typ: str, signer: Signer) -> bytes:
    """Put canonical bytes into a signed envelope of a type; gives the bytes of the compact JWS (RFC 7515, section 7.1)."""
    signing_input = b".".join(
        (base64url.encode(_header(signer.public.thumbprint.encode(), typ)), base64url.encode(payload))
    )
    return signing_input + b"." + base64url.encode(signer.sign(signing_input))


def open_envelope(token: bytes, typ: str) -> Envelope:
    """Take an envelope of a type apart (steps 1 to 3).

    Raises VerificationError: too large, not three segments, not strict base64url, or not the one header.
    """
    if len(token) > MAX_BYTES:
        raise VerificationError("too-large", f"the envelope has {len(token)} bytes; {MAX_BYTES} are allowed", step=1)
    if (count := token.count(b".") + 1) != 3:
        raise VerificationError("not-three-segments", f"an envelope has three segments, this has {count}", step=2)
    signing_input, _, last = token.rpartition(b".")
    first, _, middle = signing_input.partition(b".")
    try:
        payload, signature = base64url.decode(middle), base64url.decode(last)
        kid = _kid_in(first, typ)
    except ValueError:
        raise VerificationError("bad-base64url", "a segment is not base64url in its one form", step=2) from None
    if len(signature) != 64:
        raise VerificationError("bad-signature-length", f"a signature has 64 bytes, this has {len(signature)}", step=2)
    if kid is None:
        raise VerificationError("bad-header", f"the header is not the one that a {typ} has", step=3)
    return Envelope(kid, payload, signing_input, signature)


@lru_cache(maxsize=32)
def _kid_in(segment: bytes, typ: str) -> str | None:
    """Give the key that a header names, or None where it is not the one header of a type; raises ValueError (base64url)."""
    header = base64url.decode(segment)
    kid = header[24:67]
    return kid.decode() if _KID.match(kid) and header == _header(kid, typ) else None


def digest(signing_input: bytes) -> str:
    """Give the base64url SHA-256 digest of a signing input."""
    return base64url.encode(hashlib.sha256(signing_input).digest()).decode()


def _header(kid: bytes, typ: str) -> bytes:
    return b'{"alg":"Ed25519","kid":"' + kid + b'","typ":"' + typ.encode() + b'"}'
