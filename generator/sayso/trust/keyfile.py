"""Private keys at rest: the OpenSSH format, encrypted under a passphrase with bcrypt (SPEC.md, Keys).

Bytes in, bytes out; where the file lies, who may read it and where the passphrase comes from is decided at the edge.
"""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from sayso.errors import KeyFileError
from sayso.trust.keys import PublicKey

KDF_ROUNDS = 100  # of bcrypt_pbkdf; ssh-keygen's own default is lower


class PrivateKey:
    """An Ed25519 private key in memory; it signs, and it never shows itself in a text."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = PublicKey(self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    @classmethod
    def from_openssh(cls, data: bytes, passphrase: bytes | None, name: str = "the key file") -> PrivateKey:
        """Read a key file; ``passphrase`` is None where there is none. Raises KeyFileError."""
        try:
            key = load_ssh_private_key(data, passphrase)
        except TypeError:
            if passphrase:
                raise KeyFileError("key-not-encrypted", f"{name} has no passphrase, but one was given") from None
            raise KeyFileError("key-needs-passphrase", f"{name} is encrypted", hint="give its passphrase") from None
        except (ValueError, UnsupportedAlgorithm) as error:
            if passphrase and "checksum" in str(error):
                raise KeyFileError("key-wrong-passphrase", f"the passphrase does not open {name}") from None
            raise KeyFileError("key-unreadable", f"{name} is not a private key in OpenSSH format") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyFileError("key-wrong-kind", f"{name} is not an Ed25519 key")
        return cls(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))

    def to_openssh(self, passphrase: bytes) -> bytes:
        """Give the key as an OpenSSH private-key file; an empty passphrase leaves it unencrypted."""
        encryption: KeySerializationEncryption = NoEncryption()
        if passphrase:
            encryption = PrivateFormat.OpenSSH.encryption_builder().kdf_rounds(KDF_ROUNDS).build(passphrase)
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, encryption)

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """Give the 64-byte Ed25519 signature of a message (RFC 8032)."""
        return self._key.sign(message)
