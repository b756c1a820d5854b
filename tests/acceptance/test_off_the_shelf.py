"""Other people's tools verify what we sign, with the key from jwks.json, and refuse it changed."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from sayso.publish.site import build
from support import AT, consumer

PUBLIC_KEY_INFO = bytes.fromhex(
    "302a300506032b6570032100"
)  # SubjectPublicKeyInfo of Ed25519 (RFC 8410), before the 32 bytes


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build(consumer(folder), folder / "public", AT)
    return folder / "public" / "sayso"


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def changed(token: str) -> str:
    """Let the profile hold a second longer, under the signature that it has."""
    header, payload, signature = token.split(".")
    data = json.loads(unpadded(payload))
    data["exp"] += 1
    body = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return f"{header}.{base64.urlsafe_b64encode(body).rstrip(b'=').decode()}.{signature}"


def test_joserfc(site: Path) -> None:
    """joserfc verifies the profile with the published key set, reads the same payload, and refuses a changed one."""
    keys = KeySet.import_key_set(json.loads((site / "jwks.json").read_text()))
    token = (site / "profile.jwt").read_text()
    read: Any = jws.deserialize_compact(token, keys, algorithms=["Ed25519"])
    assert read.payload == (site / "profile.json").read_bytes()
    with pytest.raises(BadSignatureError):
        jws.deserialize_compact(changed(token), keys, algorithms=["Ed25519"])


def test_openssl(site: Path, tmp_path: Path) -> None:
    """openssl verifies the signature with the published key, and refuses a changed profile."""
    (key,) = json.loads((site / "jwks.json").read_text())["keys"]
    (tmp_path / "key.der").write_bytes(PUBLIC_KEY_INFO + unpadded(key["x"]))

    def verdict(token: str) -> bool:
        message, _, signature = token.rpartition(".")
        (tmp_path / "message").write_text(message)
        (tmp_path / "signature").write_bytes(unpadded(signature))
        command = "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key.der -in message -sigfile signature"
        return subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode == 0

    token = (site / "profile.jwt").read_text()
    assert verdict(token)
    assert not verdict(changed(token))
