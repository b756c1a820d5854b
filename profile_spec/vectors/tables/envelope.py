"""Envelopes, one fault each: what is opened, and what each attack on form, header, key and signature changes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator

from tables.case import Case
from tables.signing import (
    BASE_POINT,
    DAILY,
    ORDER,
    ORDER_8,
    PRIME,
    SMALL,
    SPARE,
    THIEF,
    TYP,
    Json,
    Key,
    add,
    b64,
    canonical,
    digest,
    encoding,
    forge,
    jwk,
    kid,
    loose_bits,
    plus_order,
    scalar,
    seal,
    sign,
    times,
    unb64,
    wide,
    x_of,
)

KEYS_TYP = "sayso-keys+jwt"
PAYLOAD = b'{"v":1}'
HEADER = f'{{"alg":"Ed25519","kid":"{DAILY.kid}","typ":"{TYP}"}}'
GOOD = seal(PAYLOAD, TYP, DAILY)
HEAD, BODY, SIGNATURE = GOOD.split(".")
MESSAGE = f"{HEAD}.{BODY}".encode()


def under(header: str | bytes, payload: bytes = PAYLOAD, key: Key = DAILY) -> str:
    """Sign under a header that is not the right one."""
    return seal(payload, TYP, key, header.encode() if isinstance(header, str) else header)


def member(name: str, value: str) -> str:
    """Sign under a header with one member more, in its place."""
    members = json.loads(HEADER)
    texts = {key: json.dumps(text) for key, text in members.items()} | {name: value}
    return under("{" + ",".join(f'"{key}":{text}' for key, text in sorted(texts.items())) + "}")


def changed(old: str, new: str) -> str:
    """Sign under a header with other characters."""
    assert HEADER.count(old) == 1
    return under(HEADER.replace(old, new))


def written(head: str, body: str, tail: str = "") -> str:
    """Sign segments as they are written, whether they are base64url or not."""
    message = f"{head}.{body}"
    return f"{message}.{b64(DAILY.private.sign(message.encode()))}{tail}"


def ends(signature: bytes) -> str:
    """Put another signature in its place."""
    return f"{HEAD}.{BODY}.{b64(signature)}"


def bits(change: Callable[[bytes], bytes]) -> str:
    """Change the bytes of the signature."""
    return ends(change(unb64(SIGNATURE)))


def under_key(key: Json) -> bytes:
    """Give what is signed when the header names this key."""
    return f"{b64(canonical({'alg': 'Ed25519', 'kid': kid(key), 'typ': TYP}))}.{BODY}".encode()


def of_key(key: Json, signature: bytes) -> str:
    """Make an envelope whose header names this key."""
    return f"{under_key(key).decode()}.{b64(signature)}"


def forged(public: bytes, secret: int = 0, *, divisible: bool = True) -> str:
    """Make an envelope under a key with a part of small order."""
    key = jwk(public)
    return of_key(key, forge(public, under_key(key), secret, divisible=divisible))


def dom2(flag: int, context: bytes) -> bytes:
    """Give what Ed25519ph and Ed25519ctx put in front (RFC 8032, section 2)."""
    return b"SigEd25519 no Ed25519 collisions" + bytes([flag, len(context)]) + context


def named(kid_text: str) -> str:
    """Sign under a header that names a key so."""
    return under(canonical({"alg": "Ed25519", "kid": kid_text, "typ": TYP}))


def flipped(*, on_curve: bool) -> Json:
    """Flip a bit of the key so that it is (or is not) a point."""
    number = int.from_bytes(unb64(DAILY.jwk["x"]), "little")
    for bit in range(255):
        changed = number ^ (1 << bit)
        if (x_of(changed % (1 << 255) % PRIME, 0) is not None) == on_curve:
            return jwk(changed.to_bytes(32, "little"))
    raise AssertionError


def mac(hash_name: str, secret: bytes, header: str) -> str:
    """Make an envelope with a MAC by the public key, which everybody knows."""
    message = f"{b64(header.encode())}.{BODY}"
    return f"{message}.{b64(hmac.digest(secret, message.encode(), hash_name))}"


def standard(text: str) -> str:
    """Write the same bytes in the other alphabet."""
    assert set(text) & set("-_")
    return text.replace("-", "+").replace("_", "/")


PUBLIC = unb64(DAILY.jwk["x"])
OTHER_LETTERS = "ûÿ¾".encode("latin-1") + b">?"
OTHER = next(
    token for token in (seal(b"%d" % n, TYP, DAILY) for n in range(99)) if set("-_") <= {*token.rpartition(".")[2]}
)
MIXED = encoding(add(times(scalar(DAILY), BASE_POINT), ORDER_8))
NOT_REDUCED = wide(PRIME + 3)  # a point of large order, y = 3, in its other encoding
OVER_FLAT = json.dumps({"payload": BODY, "protected": HEAD, "signature": SIGNATURE})
OVER_GENERAL = json.dumps({"payload": BODY, "signatures": [{"protected": HEAD, "signature": SIGNATURE}]})
UNSECURED = HEADER.replace("Ed25519", "none")

# name, sentence, token, payload, and what else differs
ACCEPTED: list[tuple[str, str, str, bytes, Json]] = [
    ("good", "The envelope that the other cases change is opened.", GOOD, PAYLOAD, {}),
    ("good-key-event", "So is one of the other type, where that is asked for.", seal(PAYLOAD, KEYS_TYP, DAILY), PAYLOAD, {"typ": KEYS_TYP}),
    ("good-other-letters", "The two letters of base64url that base64 does not have are read.", seal(OTHER_LETTERS, TYP, DAILY), OTHER_LETTERS, {}),
    ("good-empty-payload", "An empty payload is an empty segment; what it should hold is asked later.", seal(b"", TYP, DAILY), b"", {}),
    ("good-other-nonce", "Another signature by the same key gives the same digest: that is of header and payload.", ends(sign(DAILY, MESSAGE)), PAYLOAD, {}),
    ("good-mixed-key", "A key that is not of small order is no weak key, and the equation without cofactor decides.", forged(MIXED, scalar(DAILY)), PAYLOAD, {"key": jwk(MIXED)}),
]  # fmt: skip

# step, name, sentence, token, code, and what else differs
REFUSED: list[tuple[int, str, str, str | bytes, str, Json]] = [
    (1, "large", "More than 262,144 bytes are not looked at.", "A" * 262_145, "too-large", {}),
    (2, "262144-bytes", "262,144 bytes are looked at.", "A" * 262_144, "not-three-segments", {}),
    # The number of segments.
    (2, "nothing", "Nothing is no envelope.", "", "not-three-segments", {}),
    (2, "one-segment", "A payload alone is no envelope.", BODY, "not-three-segments", {}),
    (2, "no-signature", "Header and payload alone are no envelope.", f"{HEAD}.{BODY}", "not-three-segments", {}),
    (2, "dot-in-front", "A dot in front makes a segment more.", f".{GOOD}", "not-three-segments", {}),
    (2, "dot-behind", "A dot behind makes a segment more.", f"{GOOD}.", "not-three-segments", {}),
    (2, "two-signatures", "A second signature makes a segment more.", f"{GOOD}.{SIGNATURE}", "not-three-segments", {}),
    (2, "encrypted", "Five segments are of JWE.", f"{HEAD}..{BODY}.{BODY}.{SIGNATURE}", "not-three-segments", {}),
    (2, "two-envelopes", "Two envelopes, a line each, are none.", f"{GOOD}\n{GOOD}", "not-three-segments", {}),
    (2, "json-flattened", "The flattened JSON form of JWS is refused.", OVER_FLAT, "not-three-segments", {}),
    (2, "json-general", "The general JSON form of JWS is refused.", OVER_GENERAL, "not-three-segments", {}),
    # base64url in its one form; where it can be, what is signed is the text as it is written.
    (2, "padded-header", "Padding of the header is refused.", written(f"{HEAD}=", BODY), "bad-base64url", {}),
    (2, "padded-payload", "Padding of the payload is refused.", written(HEAD, f"{BODY}=="), "bad-base64url", {}),
    (2, "padded-signature", "Padding of the signature is refused.", f"{GOOD}==", "bad-base64url", {}),
    (2, "loose-bits-header", "Bits of the header that decoding would drop are refused.", written(loose_bits(HEAD), BODY), "bad-base64url", {}),
    (2, "loose-bits-payload", "Bits of the payload that decoding would drop are refused.", written(HEAD, loose_bits(BODY)), "bad-base64url", {}),
    (2, "loose-bits-signature", "Bits of the signature that decoding would drop are refused.", f"{HEAD}.{BODY}.{loose_bits(SIGNATURE)}", "bad-base64url", {}),
    (2, "base64-header", "A letter of the other alphabet in the header is refused.", written(f"{HEAD[:-1]}+", BODY), "bad-base64url", {}),
    (2, "base64-payload", "The other alphabet in the payload is refused.", written(HEAD, standard(b64(OTHER_LETTERS))), "bad-base64url", {}),
    (2, "base64-signature", "The other alphabet in the signature is refused.", f"{OTHER.rpartition('.')[0]}.{standard(OTHER.rpartition('.')[2])}", "bad-base64url", {}),
    (2, "one-letter-over", "A letter that no byte needs is refused.", written(HEAD, b64(b'{"vv":1}a') + "A"), "bad-base64url", {}),
    (2, "space-in-front", "A space in front is refused.", written(f" {HEAD}", BODY), "bad-base64url", {}),
    (2, "space-in-header", "A space within the header is refused.", written(f"{HEAD[:9]} {HEAD[9:]}", BODY), "bad-base64url", {}),
    (2, "space-in-payload", "A space within the payload is refused.", written(HEAD, f"{BODY[:4]} {BODY[4:]}"), "bad-base64url", {}),
    (2, "space-in-signature", "A space within the signature is refused.", f"{HEAD}.{BODY}.{SIGNATURE[:43]} {SIGNATURE[43:]}", "bad-base64url", {}),
    (2, "space-behind", "A space behind is refused.", f"{GOOD} ", "bad-base64url", {}),
    (2, "tab", "A tab is refused.", f"{GOOD}\t", "bad-base64url", {}),
    (2, "line-feed-in-front", "A line feed in front is refused.", written(f"\n{HEAD}", BODY), "bad-base64url", {}),
    (2, "line-feed-within", "A segment in lines of 76 characters is refused.", written(f"{HEAD[:76]}\n{HEAD[76:]}", BODY), "bad-base64url", {}),
    (2, "line-feed-behind", "A line feed behind is refused.", f"{GOOD}\n", "bad-base64url", {}),
    (2, "crlf-within", "A carriage return and a line feed within are refused.", written(HEAD, f"{BODY[:4]}\r\n{BODY[4:]}"), "bad-base64url", {}),
    (2, "crlf-behind", "A carriage return and a line feed behind are refused.", f"{GOOD}\r\n", "bad-base64url", {}),
    (2, "nul-within", "U+0000 within is refused.", written(HEAD, f"{BODY}\0"), "bad-base64url", {}),
    (2, "nul-behind", "U+0000 behind is refused.", f"{GOOD}\0", "bad-base64url", {}),
    (2, "quoted", "An envelope in quotation marks is refused.", f'"{GOOD}"', "bad-base64url", {}),
    (2, "percent", "A percent-encoded letter is refused.", written(HEAD, f"{BODY[:-1]}%{ord(BODY[-1]):02X}"), "bad-base64url", {}),
    (2, "wide-letter", "A letter that only looks like one of ASCII is refused.", f"{HEAD}.{BODY}.{chr(ord(SIGNATURE[0]) + 0xFEE0)}{SIGNATURE[1:]}", "bad-base64url", {}),
    (2, "mark", "A byte-order mark is refused.", "\ufeff" + GOOD, "bad-base64url", {}),
    (2, "not-utf8", "A byte that is no character is refused.", GOOD.encode() + b"\xe9", "bad-base64url", {}),
    (2, "utf16", "UTF-16 is refused.", b"\xff\xfe" + GOOD.encode("utf-16-le"), "bad-base64url", {}),
    # The length of the signature.
    (2, "unsecured", "An unsecured JWS has no signature.", f"{b64(UNSECURED.encode())}.{BODY}.", "bad-signature-length", {}),
    (2, "signature-of-0", "An empty signature is refused.", f"{HEAD}.{BODY}.", "bad-signature-length", {}),
    (2, "signature-of-32", "Half a signature is refused.", bits(lambda data: data[:32]), "bad-signature-length", {}),
    (2, "signature-of-63", "A signature of 63 bytes is refused.", bits(lambda data: data[:63]), "bad-signature-length", {}),
    (2, "signature-of-65", "A signature of 65 bytes is refused.", bits(lambda data: data + b"\0"), "bad-signature-length", {}),
    (2, "signature-of-128", "Two signatures in one are refused.", bits(lambda data: data * 2), "bad-signature-length", {}),
    (2, "hs256-mac", "A MAC by the public key is no signature.", mac("sha256", PUBLIC, HEADER.replace("Ed25519", "HS256")), "bad-signature-length", {}),
    # The algorithm.
    (3, "none", "alg none is refused, even above a right signature.", changed("Ed25519", "none"), "bad-header", {}),
    (3, "none-in-capitals", "So is None.", changed("Ed25519", "None"), "bad-header", {}),
    (3, "hs256", "HS256 is refused.", changed("Ed25519", "HS256"), "bad-header", {}),
    (3, "hs512-mac", "A MAC by the public key is refused, though it has the length of a signature.", mac("sha512", PUBLIC, HEADER.replace("Ed25519", "HS512")), "bad-header", {}),
    (3, "hs512-mac-by-jwk", "So is one by the public key as it is written.", mac("sha512", canonical(DAILY.jwk), HEADER.replace("Ed25519", "HS512")), "bad-header", {}),
    (3, "eddsa", "EdDSA, the older name, is refused.", changed("Ed25519", "EdDSA"), "bad-header", {}),
    (3, "es256", "ES256 is refused.", changed("Ed25519", "ES256"), "bad-header", {}),
    (3, "ed448", "Ed448 is refused.", changed("Ed25519", "Ed448"), "bad-header", {}),
    (3, "alg-lower-case", "The name of the algorithm has its capital.", changed("Ed25519", "ed25519"), "bad-header", {}),
    (3, "alg-missing", "A header without alg is refused.", under(HEADER.replace('"alg":"Ed25519",', "")), "bad-header", {}),
    (3, "alg-list", "A list of algorithms is refused.", changed('"Ed25519"', '["Ed25519"]'), "bad-header", {}),
    (3, "alg-null", "alg null is refused.", changed('"Ed25519"', "null"), "bad-header", {}),
    # Members that bring keys, or change what is signed.
    (3, "jwk", "A key in the header is refused.", member("jwk", canonical(DAILY.jwk).decode()), "bad-header", {}),
    (3, "thief-jwk", "A thief's key in the header is refused, and its signature.", under(canonical({"alg": "Ed25519", "jwk": THIEF.jwk, "kid": DAILY.kid, "typ": TYP}), key=THIEF), "bad-header", {}),
    (3, "jku", "An address of keys is refused.", member("jku", '"https://thief.example/jwks.json"'), "bad-header", {}),
    (3, "x5u", "An address of a certificate is refused.", member("x5u", '"https://thief.example/cert.pem"'), "bad-header", {}),
    (3, "x5c", "A certificate is refused.", member("x5c", '["MAA="]'), "bad-header", {}),
    (3, "x5t", "The name of a certificate is refused.", member("x5t#S256", f'"{"A" * 43}"'), "bad-header", {}),
    (3, "crit", "crit is refused, though what it names is right.", member("crit", '["alg"]'), "bad-header", {}),
    (3, "crit-empty", "So is an empty crit.", member("crit", "[]"), "bad-header", {}),
    (3, "b64-true", "b64 is refused, though it says what holds anyway.", member("b64", "true"), "bad-header", {}),
    (3, "b64-false", "A payload that is not encoded is refused.", member("b64", "false"), "bad-header", {}),
    (3, "zip", "A compressed payload is refused.", member("zip", '"DEF"'), "bad-header", {}),
    (3, "cty", "cty is refused.", member("cty", '"json"'), "bad-header", {}),
    (3, "nonce", "A member that nobody knows is refused.", member("nonce", '"1"'), "bad-header", {}),
    (3, "empty-name", "So is one without a name.", changed('{"alg"', '{"":"","alg"'), "bad-header", {}),
    # The bytes of the header.
    (3, "alg-twice-right-last", "alg twice, the right one last, is refused.", changed('{"alg"', '{"alg":"none","alg"'), "bad-header", {}),
    (3, "alg-twice-right-first", "alg twice, the right one first, is refused.", changed(',"kid"', ',"alg":"none","kid"'), "bad-header", {}),
    (3, "alg-twice-the-same", "alg twice is refused, though both say the same.", changed(',"kid"', ',"alg":"Ed25519","kid"'), "bad-header", {}),
    (3, "kid-twice-right-last", "kid twice, the right one last, is refused.", changed(',"kid"', f',"kid":"{THIEF.kid}","kid"'), "bad-header", {}),
    (3, "kid-twice-right-first", "kid twice, the right one first, is refused.", changed(',"typ"', f',"kid":"{THIEF.kid}","typ"'), "bad-header", {}),
    (3, "order", "Another order of members is refused.", under(f'{{"typ":"{TYP}","alg":"Ed25519","kid":"{DAILY.kid}"}}'), "bad-header", {}),
    (3, "space-after-comma", "A space after a comma is refused.", changed(',"kid"', ', "kid"'), "bad-header", {}),
    (3, "space-after-colon", "A space after a colon is refused.", changed('"alg":', '"alg": '), "bad-header", {}),
    (3, "space-before", "A space before the header is refused.", under(f" {HEADER}"), "bad-header", {}),
    (3, "line-feed-after", "A line feed after the header is refused.", under(f"{HEADER}\n"), "bad-header", {}),
    (3, "nul-after", "U+0000 after the header is refused.", under(f"{HEADER}\0"), "bad-header", {}),
    (3, "more-after", "Anything else after the header is refused.", under(f"{HEADER}{{}}"), "bad-header", {}),
    (3, "escape-in-value", "An escape in a value is refused.", changed('"Ed25519"', '"\\u0045d25519"'), "bad-header", {}),
    (3, "escape-in-name", "An escape in a name is refused.", changed('"alg"', '"\\u0061lg"'), "bad-header", {}),
    (3, "mark", "A byte-order mark before the header is refused.", under(b"\xef\xbb\xbf" + HEADER.encode()), "bad-header", {}),
    (3, "utf16", "A header in UTF-16 is refused.", under(HEADER.encode("utf-16-le")), "bad-header", {}),
    (3, "empty", "An empty header is refused.", written("", BODY), "bad-header", {}),
    (3, "no-members", "A header without members is refused.", under("{}"), "bad-header", {}),
    (3, "list", "A header that is a list is refused.", under(f"[{HEADER}]"), "bad-header", {}),
    (3, "null", "A header that is null is refused.", under("null"), "bad-header", {}),
    (3, "not-json", "A header that is no JSON is refused.", under("Ed25519"), "bad-header", {}),
    (3, "deep", "A header of many levels is refused.", under("[" * 20_000 + "]" * 20_000), "bad-header", {}),
    # The type.
    (3, "typ-missing", "A header without typ is refused.", under(HEADER.replace(f',"typ":"{TYP}"', "")), "bad-header", {}),
    (3, "typ-jwt", "The type of any JWT is refused.", changed(TYP, "JWT"), "bad-header", {}),
    (3, "typ-upper-case", "The type is written small.", changed(TYP, TYP.upper()), "bad-header", {}),
    (3, "typ-application", "The type is written without application in front.", changed(TYP, f"application/{TYP}"), "bad-header", {}),
    (3, "typ-without-suffix", "The type is written with its suffix.", changed(TYP, "sayso-profile"), "bad-header", {}),
    (3, "key-event-as-profile", "A key event in the place of a profile is refused.", seal(PAYLOAD, KEYS_TYP, DAILY), "bad-header", {}),
    (3, "profile-as-key-event", "A profile in the place of a key event is refused.", GOOD, "bad-header", {"typ": KEYS_TYP}),
    # The key's name.
    (3, "kid-missing", "A header without kid is refused.", under(HEADER.replace(f'"kid":"{DAILY.kid}",', "")), "bad-header", {}),
    (3, "kid-empty", "An empty kid is no thumbprint.", named(""), "bad-header", {}),
    (3, "kid-short", "A shortened thumbprint is none.", named(DAILY.kid[:42]), "bad-header", {}),
    (3, "kid-padded", "A padded thumbprint is none.", named(f"{DAILY.kid}="), "bad-header", {}),
    (3, "kid-loose-bits", "A thumbprint is in the form of a digest: bits that decoding would drop make it none.", named(loose_bits(DAILY.kid)), "bad-header", {}),
    (3, "kid-hex", "A thumbprint in hexadecimal digits is none.", named(unb64(DAILY.kid).hex()), "bad-header", {}),
    (3, "kid-sha1", "A thumbprint by SHA-1 is none.", named(b64(hashlib.sha1(canonical(DAILY.jwk)).digest())), "bad-header", {}),  # noqa: S324 - that is the attack
    (3, "kid-uri", "A thumbprint as a URI is none.", named(f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{DAILY.kid}"), "bad-header", {}),
    (3, "kid-base64", "A thumbprint in the other alphabet is none.", under(canonical({"alg": "Ed25519", "kid": standard(SPARE.kid), "typ": TYP}), key=SPARE), "bad-header", {"key": SPARE.jwk}),
    (3, "kid-list", "A list of key names is refused.", changed(f'"{DAILY.kid}"', f'["{DAILY.kid}"]'), "bad-header", {}),
    # Another key than the one that is given.
    (5, "other-key", "An envelope that names another key is refused.", seal(PAYLOAD, TYP, SPARE), "unknown-key", {}),
    (5, "named-after-other-key", "An envelope that names another key is refused, whoever signed it.", named(SPARE.kid), "unknown-key", {}),
    (5, "kid-is-the-key", "The key itself is not its name.", named(DAILY.jwk["x"]), "unknown-key", {}),
    (5, "kid-of-raw-key", "The digest of the bare key is not its name.", named(b64(hashlib.sha256(PUBLIC).digest())), "unknown-key", {}),
    (5, "kid-of-unsorted-key", "The digest of the key with its members in another order is not its name.", named(b64(hashlib.sha256(json.dumps({"kty": "OKP", **DAILY.jwk}, separators=(",", ":")).encode()).digest())), "unknown-key", {}),
    (5, "kid-of-more-members", "The digest of the key with members that do not count is not its name.", named(kid(DAILY.jwk | {"alg": "Ed25519", "use": "sig"})), "unknown-key", {}),
    (5, "kid-sha3", "A thumbprint by SHA3-256 is not its name.", named(b64(hashlib.sha3_256(canonical(DAILY.jwk)).digest())), "unknown-key", {}),
    (5, "kid-sha512", "A shortened thumbprint by SHA-512 is not its name.", named(b64(hashlib.sha512(canonical(DAILY.jwk)).digest()[:32])), "unknown-key", {}),
    (5, "kid-other-case", "A thumbprint is told apart by capitals and small letters.", named(DAILY.kid[:1].swapcase() + DAILY.kid[1:]), "unknown-key", {}),
    (5, "key-with-flipped-bit", "A key of which a bit is flipped is another key.", GOOD, "unknown-key", {"key": flipped(on_curve=True)}),
    # Weak keys: anybody can sign so that the equation holds.
    *((5, f"weak-key-{name}", "A key of small order is weak in every encoding.", forged(public), "weak-key", {"key": jwk(public)}) for name, public in SMALL.items()),
    (5, "weak-key-not-reduced", "A key of large order is weak where its y is not below 2^255-19.", forged(NOT_REDUCED), "weak-key", {"key": jwk(NOT_REDUCED)}),
    (5, "weak-key-all-ones", "So is the largest number that 32 bytes hold.", of_key(jwk(b"\xff" * 32), unb64(SIGNATURE)), "weak-key", {"key": jwk(b"\xff" * 32)}),
    # The signature: S.
    (6, "s-plus-order", "S plus the group order is refused, though the equation holds.", bits(plus_order), "bad-signature", {}),
    (6, "s-plus-eight-orders", "S plus eight times the group order is refused, though the equation holds.", bits(lambda data: data[:32] + (int.from_bytes(data[32:], "little") + 8 * ORDER).to_bytes(32, "little")), "bad-signature", {}),
    (6, "s-is-order", "S that is the group order is refused.", bits(lambda data: data[:32] + ORDER.to_bytes(32, "little")), "bad-signature", {}),
    (6, "s-of-254-bits", "S of 254 bits is refused.", bits(lambda data: data[:32] + (2**253).to_bytes(32, "little")), "bad-signature", {}),
    (6, "s-high-bit", "S with the highest bit set is refused: nothing masks it.", bits(lambda data: data[:63] + bytes([data[63] | 0x80])), "bad-signature", {}),
    (6, "s-zero", "S that is 0 is refused.", bits(lambda data: data[:32] + bytes(32)), "bad-signature", {}),
    (6, "s-big-endian", "S with its bytes turned around is refused.", bits(lambda data: data[:32] + data[:31:-1]), "bad-signature", {}),
    (6, "s-first", "S before R is refused.", bits(lambda data: data[32:] + data[:32]), "bad-signature", {}),
    (6, "all-zero", "A signature of zeros is refused.", ends(bytes(64)), "bad-signature", {}),
    (6, "all-ones", "A signature of ones is refused.", ends(b"\xff" * 64), "bad-signature", {}),
    # The signature: R.
    *((6, f"r-{name}", "R of small order is refused in every encoding, though the equation holds (with cofactor, if need be).", ends(sign(DAILY, MESSAGE, 0, encoded)), "bad-signature", {}) for name, encoded in SMALL.items()),
    (6, "r-mixed", "R with a part of small order is refused: the equation is that without cofactor.", ends(sign(DAILY, MESSAGE, 7, encoding(add(times(7, BASE_POINT), ORDER_8)))), "bad-signature", {}),
    (6, "r-not-reduced", "R whose y is not below 2^255-19 is refused.", ends(sign(DAILY, MESSAGE, 7, NOT_REDUCED)), "bad-signature", {}),
    (6, "r-not-a-point", "R that is no point is refused.", ends(sign(DAILY, MESSAGE, 7, wide(2))), "bad-signature", {}),
    (6, "r-flipped", "R of which a bit is flipped is refused.", bits(lambda data: bytes([data[0] ^ 1]) + data[1:]), "bad-signature", {}),
    (6, "r-other-sign", "R with the other sign is refused.", bits(lambda data: data[:31] + bytes([data[31] ^ 0x80]) + data[32:]), "bad-signature", {}),
    (6, "s-flipped", "S of which a bit is flipped is refused.", bits(lambda data: data[:32] + bytes([data[32] ^ 1]) + data[33:]), "bad-signature", {}),
    # The signature: the key.
    (6, "mixed-key", "Under a key with a part of small order the equation is that without cofactor, too.", forged(MIXED, scalar(DAILY), divisible=False), "bad-signature", {"key": jwk(MIXED)}),
    (6, "key-not-a-point", "Under a key that is no point nothing verifies.", of_key(flipped(on_curve=False), DAILY.private.sign(under_key(flipped(on_curve=False)))), "bad-signature", {"key": flipped(on_curve=False)}),
    (6, "key-other-sign", "Under the key with the other sign nothing of this key's verifies.", of_key(jwk(PUBLIC[:31] + bytes([PUBLIC[31] ^ 0x80])), DAILY.private.sign(under_key(jwk(PUBLIC[:31] + bytes([PUBLIC[31] ^ 0x80]))))), "bad-signature", {"key": jwk(PUBLIC[:31] + bytes([PUBLIC[31] ^ 0x80]))}),
    (6, "thief", "A thief's signature under another's name is refused.", ends(THIEF.private.sign(MESSAGE)), "bad-signature", {}),
    # The signature: what is signed.
    (6, "over-payload", "A signature of the payload alone is refused.", ends(DAILY.private.sign(PAYLOAD)), "bad-signature", {}),
    (6, "over-payload-segment", "A signature of the payload's segment alone is refused.", ends(DAILY.private.sign(BODY.encode())), "bad-signature", {}),
    (6, "over-no-dot", "A signature of the segments without the dot is refused.", ends(DAILY.private.sign(f"{HEAD}{BODY}".encode())), "bad-signature", {}),
    (6, "over-decoded", "A signature of header and payload before they are encoded is refused.", ends(DAILY.private.sign(f"{HEADER}.".encode() + PAYLOAD)), "bad-signature", {}),
    (6, "over-raw-payload", "A signature of the payload before it is encoded is refused.", ends(DAILY.private.sign(f"{HEAD}.".encode() + PAYLOAD)), "bad-signature", {}),
    (6, "over-base64", "A signature of the segments with padding is refused.", ends(DAILY.private.sign(f"{HEAD}=.{BODY}==".encode())), "bad-signature", {}),
    (6, "over-line", "A signature of the segments with a line feed is refused.", ends(DAILY.private.sign(MESSAGE + b"\n")), "bad-signature", {}),
    (6, "over-digest", "A signature of the digest is refused.", ends(DAILY.private.sign(hashlib.sha256(MESSAGE).digest())), "bad-signature", {}),
    (6, "over-other-type", "A signature under the other type is refused.", ends(unb64(seal(PAYLOAD, KEYS_TYP, DAILY).rpartition(".")[2])), "bad-signature", {}),
    (6, "detached", "A payload that is kept elsewhere is refused.", f"{HEAD}..{SIGNATURE}", "bad-signature", {}),
    (6, "other-payload", "A signature of another payload is refused.", f"{HEAD}.{b64(PAYLOAD.replace(b'1', b'2'))}.{SIGNATURE}", "bad-signature", {}),
    (6, "ed25519ph", "Ed25519ph, which signs a hash, is refused.", ends(sign(DAILY, hashlib.sha512(MESSAGE).digest(), before=dom2(1, b""))), "bad-signature", {}),
    (6, "ed25519ctx", "Ed25519ctx, which signs under a context, is refused.", ends(sign(DAILY, MESSAGE, before=dom2(0, b"sayso"))), "bad-signature", {}),
    (6, "ed25519ctx-empty", "So it is under an empty context.", ends(sign(DAILY, MESSAGE, before=dom2(0, b""))), "bad-signature", {}),
]  # fmt: skip


def place(step: int, code: str) -> str:
    """Give the anchor in SPEC.md that says so."""
    if code == "bad-base64url":
        return "base64url"
    if step == 6 or code == "weak-key":
        return "signature"
    return f"verification-step-{step}"


def token(text: str | bytes) -> Json:
    """Give text as text, and what is no text as base64."""
    return {"token": text} if isinstance(text, str) else {"base64": base64.b64encode(text).decode()}


def cases() -> Iterator[Case]:
    """Give the cases of opening an envelope."""
    right: Json = {"typ": TYP, "key": DAILY.jwk}
    for name, description, text, payload, others in ACCEPTED:
        given: Json = {"token": text, **right, **others}
        expect = {
            "payload_base64": base64.b64encode(payload).decode(),
            "digest": digest(text),
            "kid": kid(given["key"]),
        }
        yield Case(name, description, "SPEC.md#verification", given, expect)
    for step, name, description, attack, code, others in REFUSED:
        given = {**token(attack), **right, **others}
        spec = f"SPEC.md#{place(step, code)}"
        yield Case(f"step-{step}-{name}", description, spec, given, {"step": step, "code": code})
