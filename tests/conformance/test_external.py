"""Signatures as others test them: RFC 8037, Wycheproof and CCTV, read from SAYSO_EXTRA_VECTORS."""

from __future__ import annotations

from sayso.trust import base64url
from sayso.trust.keys import Jwk, PublicKey
from support import corpus


def test_wycheproof() -> None:
    """Every Ed25519 case of Wycheproof has the verdict that it should have."""
    count = 0
    for group in corpus("wycheproof/ed25519_test.json")["testGroups"]:
        key = PublicKey(bytes.fromhex(group["publicKey"]["pk"]))
        for case in group["tests"]:
            signature = bytes.fromhex(case["sig"])
            verdict = len(signature) == 64 and key.verifies(signature, bytes.fromhex(case["msg"]))
            assert verdict == (case["result"] == "valid"), case
            count += 1
    assert count > 100


def test_cctv() -> None:
    """Of the 914 edge cases exactly those are accepted that libsodium accepts: 43."""
    cases = corpus("cctv-ed25519/ed25519/ed25519vectors.json")
    accepted = [
        case
        for case in cases
        if PublicKey(bytes.fromhex(case["key"])).verifies(bytes.fromhex(case["sig"]), case["msg"].encode())
    ]
    assert (len(cases), len(accepted)) == (914, 43)
    refused_flags = {"low_order_R", "low_order_A", "non_canonical_A", "non_canonical_R"}
    assert all(refused_flags.isdisjoint(case["flags"] or ()) for case in accepted)


def test_rfc_8037() -> None:
    """Thumbprint and signature of RFC 8037, appendix A, come out as printed there."""
    example = corpus("rfc8037/appendix_a.json")
    key = PublicKey.from_jwk(Jwk(crv="Ed25519", kty="OKP", x=example["jwk"]["x"]))
    assert key.thumbprint == example["thumbprint_sha256_b64u"]
    signing_input, _, signature = example["compact"].rpartition(".")
    assert key.verifies(base64url.decode(signature.encode()), signing_input.encode())
    assert not key.verifies(base64url.decode(signature.encode()), signing_input.encode() + b"x")
