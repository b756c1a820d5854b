"""The files that machines read, at their addresses below the base URL (SPEC.md, Addresses)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from sayso.errors import PublishError
from sayso.publish.folder import History, Signed
from sayso.publish.headers import headers_file
from sayso.trust.keys import PublicKey

#: What a host takes for itself: whether it serves these says nothing.
FOR_THE_HOST = frozenset({".nojekyll", "_headers", "CNAME"})


def machine_files(
    signed: Signed, *, history: bool = False, cname: bool = False, policy: bool = True, unlisted: bool = False
) -> Mapping[str, bytes]:
    """Give path below the base URL and content of each file that a published profile consists of.

    With ``history``, the kept earlier versions are among them whole; otherwise only their digests are told. With ``cname``
    there is the file by which GitHub Pages knows a domain of one's own; raises PublishError where the profile is not at the
    root of its origin. Without ``policy``, hosts are told none for the pages: a theme of somebody else's has needs of its own.
    What is ``unlisted`` they are to keep out of search engines.
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
    if is_origin_root(base):
        files |= {
            ".well-known/sayso.json": _json({"profile": base}),
            "_headers": headers_file(policy=policy, unlisted=unlisted),
        }
    if cname:
        files["CNAME"] = _cname(base)
    return files


def is_origin_root(base: str) -> bool:
    """Tell whether a base URL is the root of its origin, so that the whole host is the profile's."""
    return urlsplit(base).path == "/"


def _cname(base: str) -> bytes:
    if not is_origin_root(base):
        raise PublishError(
            "cname-needs-root",
            f"{base} is not the root of its host, so no domain can be pointed at this site",
            hint="publish it without --cname",
        )
    return f"{urlsplit(base).hostname}\n".encode()


def _jwk(key: PublicKey) -> dict[str, str]:
    members: dict[str, str] = msgspec.to_builtins(key.jwk)
    return {"alg": "Ed25519", "use": "sig", "kid": key.thumbprint, **members}


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2, sort_keys=True).encode() + b"\n"
