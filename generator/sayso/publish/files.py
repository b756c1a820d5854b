"""The files that machines read, at their addresses below the base URL (SPEC.md, Addresses)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from sayso.publish.folder import History, Signed
from sayso.trust.keys import PublicKey


def machine_files(signed: Signed, *, history: bool = False) -> Mapping[str, bytes]:
    """Give path below the base URL and content of each file that a published profile consists of.

    With ``history``, the kept earlier versions are among them whole; otherwise only their digests are told.
    """
    base = signed.payload.sub
    files = {
        "sayso/profile.jwt": signed.profile,
        "sayso/profile.json": signed.verified.envelope.payload,
        "sayso/keys.jsonl": signed.keys,
        "sayso/jwks.json": _json({"keys": [_jwk(key) for key in signed.verified.keylog.keys.values()]}),
        "sayso/history.json": History(signed.history).encode(),
        ".nojekyll": b"",
    }
    if history:
        files |= {f"sayso/history/{item.payload.sequence}.jwt": item.envelope.token for item in signed.earlier}
    if urlsplit(base).path == "/":
        files[".well-known/sayso.json"] = _json({"profile": base})
    return files


def _jwk(key: PublicKey) -> dict[str, str]:
    members: dict[str, str] = msgspec.to_builtins(key.jwk)
    return {"alg": "Ed25519", "use": "sig", "kid": key.thumbprint, **members}


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2, sort_keys=True).encode() + b"\n"
