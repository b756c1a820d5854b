"""Private keys at rest."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sayso.errors import KeyFileError
from sayso.trust import base64url
from sayso.trust.keyfile import KDF_ROUNDS, PrivateKey

SEED = bytes(range(32))
SECRET = b"correct horse"


@pytest.fixture(scope="module")
def encrypted() -> bytes:
    return PrivateKey(SEED).to_openssh(SECRET)


def test_round_trip(encrypted: bytes) -> None:
    """What is written under a passphrase is read back under it."""
    assert PrivateKey.from_openssh(encrypted, SECRET).public == PrivateKey(SEED).public


def test_rounds(encrypted: bytes) -> None:
    """The file says bcrypt with at least 100 rounds."""
    body = base64.b64decode(b"".join(encrypted.splitlines()[1:-1]))
    options = body[body.index(b"bcrypt") + 6 :]
    salt_length = int.from_bytes(options[4:8], "big")
    assert int.from_bytes(options[8 + salt_length : 12 + salt_length], "big") == KDF_ROUNDS >= 100


def test_ssh_keygen_reads_it(encrypted: bytes, tmp_path: Path) -> None:
    """OpenSSH itself opens the file and finds the same public key."""
    path = tmp_path / "key"
    path.touch(mode=0o600)
    path.write_bytes(encrypted)
    done = subprocess.run(
        ["ssh-keygen", "-y", "-P", SECRET.decode(), "-f", path], capture_output=True, text=True, check=True
    )
    assert base64.b64decode(done.stdout.split()[1]).endswith(PrivateKey(SEED).public.raw)


@pytest.mark.parametrize(
    ("data", "passphrase", "code"),
    [
        ("encrypted", None, "key-needs-passphrase"),
        ("encrypted", b"wrong", "key-wrong-passphrase"),
        ("plain", SECRET, "key-not-encrypted"),
        ("cut", SECRET, "key-unreadable"),
        ("other", None, "key-wrong-kind"),
        ("nonsense", None, "key-unreadable"),
    ],
)
def test_refusals(encrypted: bytes, data: str, passphrase: bytes | None, code: str) -> None:
    """Each way in which a key file can be wrong has its own code."""
    files = {
        "encrypted": encrypted,
        "plain": PrivateKey(SEED).to_openssh(b""),
        "cut": encrypted[: len(encrypted) // 2],
        "other": generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
        "nonsense": b"hello",
    }
    with pytest.raises(KeyFileError) as raised:
        PrivateKey.from_openssh(files[data], passphrase)
    assert raised.value.code == code


def test_shows_nothing() -> None:
    """A private key does not show itself when it is printed."""
    key = PrivateKey(SEED)
    for text in (repr(key), str(key), repr(vars(key))):
        assert SEED.hex() not in text
        assert base64url.encode(SEED).decode() not in text
