"""The files that machines read, at their addresses below the base URL (SPEC.md, Addresses)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from sayso.profile.model import encode
from sayso.publish.folder import Signed
from sayso.trust.keys import PublicKey


def machine_files(signed: Signed) -> Mapping[str, bytes]:
    """Give path below the base URL and content of each file that a published profile consists of."""
    base = signed.payload.sub
    files = {
        "sayso/profile.jwt": signed.profile,
        "sayso/profile.json": encode(signed.payload),
        "sayso/keys.jsonl": signed.keys,
        "sayso/jwks.json": _json({"keys": [_jwk(key) for key in signed.verified.keylog.current_keys]}),
        "sayso/history.json": _json(
            {"versions": [{"sequence": sequence, "digest": digest} for sequence, digest in signed.history]}
        ),
        ".nojekyll": b"",
    }
    if urlsplit(base).path == "/":
        files[".well-known/sayso.json"] = _json({"profile": base})
    return files


def _jwk(key: PublicKey) -> dict[str, str]:
    members: dict[str, str] = msgspec.to_builtins(key.jwk)
    return {"alg": "Ed25519", "use": "sig", "kid": key.thumbprint, **members}


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2, sort_keys=True).encode() + b"\n"
