"""Public keys: Ed25519 (RFC 8032) as JWK (RFC 8037), named by their thumbprint (RFC 7638), and checked strictly."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sayso import canonical
from sayso.trust import base64url

_P = 2**255 - 19
_SIGN = 1 << 255

# The y coordinates of the eight points of small order, in every encoding that fits 255 bits (those below 19 have two).
# With them refused for keys and for R, `cryptography` accepts of the CCTV edge cases exactly those that libsodium accepts.
_SMALL_ORDER_Y = frozenset(
    {0, 1, _P - 1, _P, _P + 1}
    | {int.from_bytes(bytes.fromhex(text), "little") for text in (
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )}
)  # fmt: skip


class Jwk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public key in JSON: exactly these three members."""

    crv: Literal["Ed25519"]
    kty: Literal["OKP"]
    x: Annotated[str, msgspec.Meta(pattern=base64url.DIGEST_PATTERN)]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 public key: its 32 bytes."""

    raw: bytes

    @classmethod
    def from_jwk(cls, jwk: Jwk) -> PublicKey:
        """Take the key out of its JSON form."""
        return cls(base64url.decode(jwk.x.encode()))

    @property
    def jwk(self) -> Jwk:
        """The key in its JSON form (RFC 8037, section 2)."""
        return Jwk(crv="Ed25519", kty="OKP", x=base64url.encode(self.raw).decode())

    @property
    def thumbprint(self) -> str:
        """The name of the key: base64url SHA-256 of its canonical JWK (RFC 7638, section 3)."""
        return base64url.encode(hashlib.sha256(canonical.encode(self.jwk)).digest()).decode()

    @property
    def weak(self) -> bool:
        """Whether the key is of small order or not in its one encoding: signatures by it prove nothing."""
        y = int.from_bytes(self.raw, "little") % _SIGN
        return y >= _P or y in _SMALL_ORDER_Y

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Tell whether a 64-byte signature of a message is by this key; a weak key verifies nothing."""
        key = _usable(self)
        if key is None or int.from_bytes(signature[:32], "little") % _SIGN in _SMALL_ORDER_Y:
            return False
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


@lru_cache(maxsize=1024)
def _usable(key: PublicKey) -> Ed25519PublicKey | None:
    """Give what verifies; None for a key that proves nothing."""
    try:
        return None if key.weak else Ed25519PublicKey.from_public_bytes(key.raw)
    except ValueError:
        return None
