"""Key logs, one fault each: who may add a line, what a line is, and what each attack changes."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from tables.case import Case
from tables.signing import (
    AT,
    BASE,
    DAILY,
    FIRST,
    LARGEST_FLOOR,
    LARGEST_LOG,
    LINKS,
    PRIME,
    SECOND_EVENT,
    SMALL,
    SMALL_KEY,
    SPARE,
    THIEF,
    THIRD,
    TOO_LARGE_LOG,
    TYP,
    Json,
    Key,
    b64,
    canonical,
    digest,
    event,
    forge,
    jwk,
    kid,
    line,
    log,
    loose_bits,
    plus_order,
    seal,
    second,
    sign,
    unb64,
    wide,
)

KEYS_TYP = "sayso-keys+jwt"
FOURTH, FIFTH = Key("vector fourth"), Key("vector fifth")
FIRST_BYTES = canonical(event(DAILY))
FLOOR = {"digest": "A" * 43, "sequence": 3}
FLOORED_BYTES = canonical(event(DAILY, floor=FLOOR))


def first(**members: Any) -> str:
    """Make a log of one line, changed as said."""
    return log(line(event(DAILY, **members), DAILY))


def without(name: str) -> str:
    """Make a log of one line that lacks a member."""
    return log(line({key: value for key, value in event(DAILY).items() if key != name}, DAILY))


def bare(data: bytes) -> str:
    """Make a log of one line that holds these bytes."""
    return log(seal(data, KEYS_TYP, DAILY))


def changed(old: str, new: str, data: bytes = FIRST_BYTES) -> str:
    """Make a log of one line that is written differently."""
    assert data.count(old.encode()) == 1
    return bare(data.replace(old.encode(), new.encode()))


def appended(key: Key = SPARE, **members: Any) -> str:
    """Make a log with a second line, changed as said."""
    return log(FIRST, second(key, **members))


def headed(**members: Any) -> str:
    """Make a log of one line under another header."""
    right = {"alg": "Ed25519", "kid": DAILY.kid, "typ": KEYS_TYP} | members
    return log(seal(FIRST_BYTES, KEYS_TYP, DAILY, right))


def as_signer(key: Json, **members: Any) -> str:
    """Make a first line whose signer is written so; the daily key signs it."""
    return first(signer=key, keys=[key], **members)


def weak(public: bytes) -> str:
    """Make a log that anybody can make, under a weak key."""
    key = jwk(public)
    made = canonical(event(DAILY, signer=key, keys=[key]))
    message = f"{b64(canonical({'alg': 'Ed25519', 'kid': kid(key), 'typ': KEYS_TYP}))}.{b64(made)}"
    return log(f"{message}.{b64(forge(public, message.encode()))}")


def of_address(sub: str) -> str:
    """Make a log of one line of an address in whatever letters."""
    made = json.dumps(event(DAILY, sub=sub), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return bare(made.encode())


def signature(change: bytes) -> str:
    """Put another signature under the first line."""
    return log(f"{FIRST.rpartition('.')[0]}.{b64(change)}")


def third(before: str, key: Key = THIRD, **members: Any) -> str:
    """Make the third line of a log."""
    return line(event(key, n=2, prev=digest(before), next=[FOURTH.kid], iat=AT - 100) | members, key)


def chain(length: int) -> list[str]:
    """Make a log in which each key announces the next."""
    lines: list[str] = []
    for number in range(length):
        prev = digest(lines[-1]) if lines else None
        made = event(LINKS[number], n=number, prev=prev, next=[LINKS[number + 1].kid], iat=AT - 1000 + number)
        lines.append(line(made, LINKS[number]))
    return lines


def x(text: str) -> Json:
    """Write the daily key with another x."""
    return DAILY.jwk | {"x": text}


SECOND = second()
THIRD_LINE = third(SECOND)
DIGEST_OF_FILE = b64(hashlib.sha256(FIRST.encode()).digest())
DIGEST_OF_LINE = b64(hashlib.sha256(f"{FIRST}\n".encode()).digest())
DIGEST_OF_PAYLOAD = b64(hashlib.sha256(FIRST_BYTES).digest())
TWO_NEXT = line(event(DAILY, next=[SPARE.kid, THIRD.kid]), DAILY)
TWO_KEYS = line(event(DAILY, keys=[DAILY.jwk, SPARE.jwk], next=[THIRD.kid]), DAILY)
FLOORED = line(event(DAILY, floor=FLOOR), DAILY)
HIGHER = {"digest": "A" * 43, "sequence": 9}
MESSAGE = FIRST.rpartition(".")[0].encode()
RIGHT = unb64(FIRST.rpartition(".")[2])
CHAIN = chain(65)
A_SMALL_POINT = wide(PRIME - 1)
SPARE_IN_THE_HEADER = {"alg": "Ed25519", "kid": SPARE.kid, "typ": KEYS_TYP}


def after(text: str, key: Key = SPARE, **members: Any) -> str:
    """Make the line that follows another first line."""
    return second(key, prev=digest(text), **members)


# name, sentence, key log, current keys, and the floor
ACCEPTED: list[tuple[str, str, str, list[Json], Json | None]] = [
    ("good", "The key log that the other cases change holds.", log(FIRST), [DAILY.jwk], None),
    ("good-rotated", "An announced key adds a line, and the keys are those of the last line.", log(FIRST, SECOND), [SPARE.jwk], None),
    ("good-three-lines", "So does the next.", log(FIRST, SECOND, THIRD_LINE), [THIRD.jwk], None),
    ("good-four-keys", "Four keys are current.", first(keys=[DAILY.jwk, SPARE.jwk, THIRD.jwk, FOURTH.jwk]), [DAILY.jwk, SPARE.jwk, THIRD.jwk, FOURTH.jwk], None),
    ("good-signer-is-second", "The first signer may stand anywhere among its keys.", first(keys=[SPARE.jwk, DAILY.jwk]), [SPARE.jwk, DAILY.jwk], None),
    ("good-four-next", "Any of four announced keys adds a line.", log(line(event(DAILY, next=[FOURTH.kid, FIFTH.kid, THIRD.kid, SPARE.kid]), DAILY), after(line(event(DAILY, next=[FOURTH.kid, FIFTH.kid, THIRD.kid, SPARE.kid]), DAILY))), [SPARE.jwk], None),
    ("good-recovery", "The signer of a later line need not be among its keys.", appended(keys=[THIRD.jwk]), [THIRD.jwk], None),
    ("good-same-keys", "The keys may stay as they were.", appended(keys=[DAILY.jwk]), [DAILY.jwk], None),
    ("good-same-time", "Two lines may be of the same second.", appended(iat=AT - 1000), [SPARE.jwk], None),
    ("good-first-instant", "The first instant is one.", first(iat=0), [DAILY.jwk], None),
    ("good-floor", "A line may set a floor.", appended(floor=FLOOR), [SPARE.jwk], FLOOR),
    ("good-floor-in-first", "So may the first.", log(FLOORED), [DAILY.jwk], FLOOR),
    ("good-floor-stays", "A floor holds until another is set.", log(FLOORED, after(FLOORED)), [SPARE.jwk], FLOOR),
    ("good-floor-last", "The last floor is the one that holds.", log(FLOORED, after(FLOORED, floor=HIGHER)), [SPARE.jwk], HIGHER),
    ("good-floor-lower", "The last floor is the one that holds, though it is lower.", log(line(event(DAILY, floor=HIGHER), DAILY), after(line(event(DAILY, floor=HIGHER), DAILY), floor=FLOOR)), [SPARE.jwk], FLOOR),
    ("good-floor-highest", "A floor may be the highest number that there is.", first(floor={"digest": "A" * 43, "sequence": 2**53 - 1}), [DAILY.jwk], {"digest": "A" * 43, "sequence": 2**53 - 1}),
    ("good-other-nonce", "The digest of a line is not of its signature.", signature(sign(DAILY, MESSAGE)), [DAILY.jwk], None),
    ("good-weak-key-listed", "A weak key that signs no line does no harm to the log.", first(keys=[DAILY.jwk, SMALL_KEY]), [DAILY.jwk, SMALL_KEY], None),
    ("good-sub-empty", "The form of sub is not checked in a key log: it may be empty.", first(sub=""), [DAILY.jwk], None),
    ("good-sub-no-url", "Nor need it be a URL.", first(sub="Ada"), [DAILY.jwk], None),
    ("good-sub-not-canonical", "Nor need it be in its one form.", first(sub="https://ADA.example:443/#x"), [DAILY.jwk], None),
    ("good-sub-500", "sub has 500 characters at the most.", first(sub="https://ada.example/" + "a" * 479 + "/"), [DAILY.jwk], None),
    ("good-sub-500-letters", "They are counted as code points.", of_address("🦉" * 500), [DAILY.jwk], None),
    ("good-64-lines", "A log has 64 lines at the most.", log(*CHAIN[:64]), [LINKS[63].jwk], None),
    ("good-sub-line-feed", "sub may end with a line feed.", first(sub=f"{BASE}\n"), [DAILY.jwk], None),
    ("good-sub-line-feed-within", "It may have a line feed within.", first(sub="https://ada.example/\nx/"), [DAILY.jwk], None),
    ("good-262144-bytes", "A key log has 262,144 bytes at the most.", LARGEST_LOG, [LINKS[63].jwk], {"digest": "A" * 43, "sequence": LARGEST_FLOOR}),
]  # fmt: skip

# step, name, sentence, key log, code
REFUSED: list[tuple[int, str, str, str | bytes, str]] = [
    (1, "large", "More than 262,144 bytes are not looked at.", log(FIRST, "A" * 262_144), "too-large"),
    (1, "262145-bytes", "A key log of 262,145 bytes is too large, and nothing else is wrong with it.", TOO_LARGE_LOG, "too-large"),
    # Lines.
    (4, "nothing", "Nothing is no key log.", "", "keylog-lines"),
    (4, "no-line-feed", "The last line ends with a line feed.", FIRST, "keylog-lines"),
    (4, "no-last-line-feed", "The last of two lines ends with a line feed, too.", log(FIRST) + SECOND, "keylog-lines"),
    (4, "nul-behind", "Nothing follows the last line feed.", log(FIRST) + "\0", "keylog-lines"),
    (4, "65-lines", "65 lines are too many, though each follows the one before.", log(*CHAIN), "keylog-lines"),
    (4, "line-feed", "A line feed alone is a line that is no envelope.", "\n", "keylog-envelope"),
    (4, "empty-line-first", "An empty line in front is no envelope.", log("", FIRST), "keylog-envelope"),
    (4, "empty-line-within", "An empty line within is no envelope.", log(FIRST, "", SECOND), "keylog-envelope"),
    (4, "empty-line-last", "An empty line at the end is no envelope.", log(FIRST, SECOND, ""), "keylog-envelope"),
    (4, "crlf", "Carriage returns are no part of an envelope.", f"{FIRST}\r\n{SECOND}\r\n", "keylog-envelope"),
    (4, "carriage-return", "A carriage return ends no line.", f"{FIRST}\r{SECOND}\n", "keylog-envelope"),
    (4, "line-separator", "U+2028 ends no line.", f"{FIRST}\u2028{SECOND}\n", "keylog-envelope"),
    (4, "next-line", "U+0085 ends no line.", f"{FIRST}\u0085{SECOND}\n", "keylog-envelope"),
    (4, "form-feed", "A form feed ends no line.", f"{FIRST}\f{SECOND}\n", "keylog-envelope"),
    (4, "space", "A space is no part of an envelope.", f"{FIRST} \n", "keylog-envelope"),
    (4, "mark", "A byte-order mark is no part of an envelope.", "\ufeff" + log(FIRST), "keylog-envelope"),
    (4, "comment", "There are no comments.", log("# keys", FIRST), "keylog-envelope"),
    (4, "json", "The lines are not quoted.", log(json.dumps(FIRST)), "keylog-envelope"),
    (4, "not-utf8", "A byte that is no character is refused.", b"\xff" + log(FIRST).encode(), "keylog-envelope"),
    (4, "utf16", "UTF-16 is refused.", log(FIRST).encode("utf-16-le") + b"\n", "keylog-envelope"),
    # The envelope of a line.
    (4, "padding", "A line with padding is refused.", log(f"{FIRST}=="), "keylog-envelope"),
    (4, "loose-bits", "Bits that decoding would drop are refused.", log(loose_bits(FIRST)), "keylog-envelope"),
    (4, "two-segments", "A line without a signature is refused.", log(FIRST.rpartition(".")[0]), "keylog-envelope"),
    (4, "short-signature", "A signature of 63 bytes is refused.", signature(RIGHT[:63]), "keylog-envelope"),
    (4, "profile", "A profile is no line.", log(seal(FIRST_BYTES, TYP, DAILY)), "keylog-envelope"),
    (4, "none", "alg none is refused.", headed(alg="none"), "keylog-envelope"),
    (4, "eddsa", "EdDSA, the older name, is refused.", headed(alg="EdDSA"), "keylog-envelope"),
    (4, "jwk-in-header", "A key in the header is refused.", headed(jwk=DAILY.jwk), "keylog-envelope"),
    (4, "kid-loose-bits", "A thumbprint in the header is in the form of a digest.", headed(kid=loose_bits(DAILY.kid)), "keylog-envelope"),
    (4, "second-line", "What holds for the first line holds for the second.", log(FIRST, f"{SECOND}=="), "keylog-envelope"),
    # The form of a key event.
    (4, "event-not-json", "A line that holds no JSON is refused.", bare(b"keys"), "keylog-event"),
    (4, "event-empty", "A line that holds nothing is refused.", bare(b""), "keylog-event"),
    (4, "event-list", "A line that holds a list is refused.", bare(b"[" + FIRST_BYTES + b"]"), "keylog-event"),
    (4, "event-space", "A space is refused.", changed('"n":0', '"n": 0'), "keylog-event"),
    (4, "event-line-feed", "A line feed after the event is refused.", bare(FIRST_BYTES + b"\n"), "keylog-event"),
    (4, "event-order", "Members out of order are refused.", bare(FIRST_BYTES.replace(b'"n":0,', b"").replace(b'"v":1', b'"v":1,"n":0')), "keylog-event"),
    (4, "event-mark", "A byte-order mark is refused.", bare(b"\xef\xbb\xbf" + FIRST_BYTES), "keylog-event"),
    (4, "event-utf16", "UTF-16 is refused.", bare(FIRST_BYTES.decode().encode("utf-16-be")), "keylog-event"),
    (4, "event-escape", "An escape that need not be one is refused.", changed("ada", "\\u0061da"), "keylog-event"),
    (4, "event-slash", "A solidus is not escaped.", bare(FIRST_BYTES.replace(b"/", b"\\/")), "keylog-event"),
    (4, "event-twice", "A member that stands twice is refused.", changed('"n":0', '"n":1,"n":0'), "keylog-event"),
    (4, "event-twice-the-same", "So it is where both say the same.", changed('"n":0', '"n":0,"n":0'), "keylog-event"),
    (4, "jwk-twice", "A member that stands twice in a key is refused.", bare(FIRST_BYTES.replace(b'"kty":"OKP"', b'"kty":"EC","kty":"OKP"')), "keylog-event"),
    (4, "floor-twice", "A member that stands twice in a floor is refused.", changed('"sequence":3', '"sequence":2,"sequence":3', FLOORED_BYTES), "keylog-event"),
    (4, "event-unknown-member", "A member that nobody knows is refused.", first(note="x"), "keylog-event"),
    (4, "event-ext", "There is no ext in a key event.", first(ext={"a": "b"}), "keylog-event"),
    (4, "event-deep", "What is nested where nothing nests is refused.", changed('"prev":null', '"prev":' + "[" * 20_000 + "]" * 20_000), "keylog-event"),
    (4, "version-missing", "A key event has its version.", without("v"), "keylog-event"),
    (4, "version-2", "A key event of another version is refused.", first(v=2), "keylog-event"),
    (4, "version-true", "true is not 1.", first(v=True), "keylog-event"),
    (4, "sub-missing", "A key event has its address.", without("sub"), "keylog-event"),
    (4, "sub-number", "The address is a text.", first(sub=1), "keylog-event"),
    (4, "sub-501", "The address has 500 characters at the most.", first(sub="https://ada.example/" + "a" * 480 + "/"), "keylog-event"),
    (4, "sub-501-letters", "So it has where they are beyond ASCII.", of_address("🦉" * 501), "keylog-event"),
    (4, "number-minus", "No line has a negative number.", first(n=-1), "keylog-event"),
    (4, "number-64", "No line has a number above 63: that is no key event, before it is compared with the line's place.", first(n=64), "keylog-event"),
    (4, "number-63", "63 is a number of a line, though not of the first.", first(n=63), "keylog-chain"),
    (4, "number-missing", "A key event has its number.", without("n"), "keylog-event"),
    (4, "number-text", "The number is a number.", first(n="0"), "keylog-event"),
    (4, "number-false", "false is not 0.", first(n=False), "keylog-event"),
    (4, "number-minus-zero", "0 has no sign.", changed('"n":0', '"n":-0'), "keylog-event"),
    (4, "number-float", "The number is an integer.", changed('"n":0', '"n":0.0'), "keylog-event"),
    (4, "number-exponent", "The number has no exponent.", changed('"n":0', '"n":0e0'), "keylog-event"),
    (4, "prev-missing", "prev is written in the first line, too.", without("prev"), "keylog-event"),
    (4, "prev-empty", "An empty text is no digest.", first(prev=""), "keylog-event"),
    (4, "prev-short", "A digest has 43 characters.", appended(prev=digest(FIRST)[:42]), "keylog-event"),
    (4, "prev-padded", "A digest has no padding.", appended(prev=digest(FIRST) + "="), "keylog-event"),
    (4, "prev-loose-bits", "A digest is in its one form.", appended(prev=loose_bits(digest(FIRST))), "keylog-event"),
    (4, "prev-hex", "A digest is not in hexadecimal digits.", appended(prev=unb64(digest(FIRST)).hex()), "keylog-event"),
    (4, "prev-list", "A digest is a text.", appended(prev=[digest(FIRST)]), "keylog-event"),
    (4, "signer-missing", "A key event has its signer.", without("signer"), "keylog-event"),
    (4, "signer-text", "The signer is a key, not the name of one.", first(signer=DAILY.kid), "keylog-event"),
    (4, "signer-null", "The signer is not null.", first(signer=None), "keylog-event"),
    (4, "keys-missing", "A key event has its keys.", without("keys"), "keylog-event"),
    (4, "keys-empty", "One key at least is current.", first(keys=[]), "keylog-event"),
    (4, "keys-five", "Five current keys are too many.", first(keys=[DAILY.jwk, SPARE.jwk, THIRD.jwk, FOURTH.jwk, FIFTH.jwk]), "keylog-event"),
    (4, "keys-object", "The keys are a list.", first(keys=DAILY.jwk), "keylog-event"),
    (4, "keys-null", "No key is null.", first(keys=[DAILY.jwk, None]), "keylog-event"),
    (4, "keys-names", "The keys are keys, not names of them.", first(keys=[DAILY.jwk, SPARE.kid]), "keylog-event"),
    (4, "keys-set", "The keys are no JWK set.", first(keys={"keys": [DAILY.jwk]}), "keylog-event"),
    (4, "next-missing", "A key event says what comes next.", without("next"), "keylog-event"),
    (4, "next-empty", "One key at least is announced.", first(next=[]), "keylog-event"),
    (4, "next-five", "Five announced keys are too many.", first(next=[SPARE.kid, THIRD.kid, FOURTH.kid, FIFTH.kid, THIEF.kid]), "keylog-event"),
    (4, "next-text", "What is announced is a list.", first(next=SPARE.kid), "keylog-event"),
    (4, "next-keys", "What is announced are names of keys, not keys.", first(next=[SPARE.jwk]), "keylog-event"),
    (4, "next-hex", "A thumbprint is not in hexadecimal digits.", first(next=[unb64(SPARE.kid).hex()]), "keylog-event"),
    (4, "next-loose-bits", "A thumbprint is in its one form.", first(next=[loose_bits(SPARE.kid)]), "keylog-event"),
    (4, "next-null", "No thumbprint is null.", first(next=[None]), "keylog-event"),
    (4, "iat-missing", "A key event has its instant.", without("iat"), "keylog-event"),
    (4, "iat-text", "The instant is a number, not a text.", first(iat="2026-11-21T09:00:00Z"), "keylog-event"),
    (4, "iat-float", "The instant is an integer.", changed(f'"iat":{AT - 1000}', f'"iat":{AT - 1000}.5'), "keylog-event"),
    (4, "iat-minus", "No instant is before 1970.", first(iat=-1), "keylog-event"),
    (4, "iat-late", "No instant is after the year 9999.", first(iat=253_402_300_800), "keylog-event"),
    (4, "iat-nan", "NaN is refused.", changed(f'"iat":{AT - 1000}', '"iat":NaN'), "keylog-event"),
    (4, "floor-null", "A floor that is not set is left out.", first(floor=None), "keylog-event"),
    (4, "floor-number", "A floor is not a number alone.", first(floor=3), "keylog-event"),
    (4, "floor-list", "A floor is no list.", first(floor=[FLOOR]), "keylog-event"),
    (4, "floor-empty", "A floor is not empty.", first(floor={}), "keylog-event"),
    (4, "floor-unknown-member", "A member that nobody knows is refused in a floor.", first(floor=FLOOR | {"iat": AT}), "keylog-event"),
    (4, "floor-no-digest", "A floor has the digest of its version.", first(floor={"sequence": 3}), "keylog-event"),
    (4, "floor-no-sequence", "A floor has the number of its version.", first(floor={"digest": "A" * 43}), "keylog-event"),
    (4, "floor-zero", "Versions are counted from one.", first(floor=FLOOR | {"sequence": 0}), "keylog-event"),
    (4, "floor-minus", "No version has a negative number.", first(floor=FLOOR | {"sequence": -1}), "keylog-event"),
    (4, "floor-big", "An integer that not every reader represents is refused.", first(floor=FLOOR | {"sequence": 2**53}), "keylog-event"),
    (4, "floor-text", "The number of a version is no text.", first(floor=FLOOR | {"sequence": "3"}), "keylog-event"),
    (4, "floor-true", "true is no number of a version.", first(floor=FLOOR | {"sequence": True}), "keylog-event"),
    (4, "floor-short-digest", "The digest in a floor has 43 characters.", first(floor=FLOOR | {"digest": "A" * 42}), "keylog-event"),
    (4, "floor-order", "The members of a floor are in order.", bare(FLOORED_BYTES.replace(canonical(FLOOR), json.dumps({"sequence": 3, "digest": "A" * 43}, separators=(",", ":")).encode())), "keylog-event"),
    # Keys: in the place of the signer.
    (4, "jwk-d", "A private key is refused.", as_signer(DAILY.jwk | {"d": "A" * 43}), "keylog-event"),
    (4, "jwk-kid", "kid in a key is refused.", as_signer(DAILY.jwk | {"kid": DAILY.kid}), "keylog-event"),
    (4, "jwk-alg", "alg in a key is refused.", as_signer(DAILY.jwk | {"alg": "Ed25519"}), "keylog-event"),
    (4, "jwk-use", "use in a key is refused.", as_signer(DAILY.jwk | {"use": "sig"}), "keylog-event"),
    (4, "jwk-key-ops", "key_ops in a key is refused.", as_signer(DAILY.jwk | {"key_ops": ["verify"]}), "keylog-event"),
    (4, "jwk-kty-ec", "A key of another kind is refused.", as_signer(DAILY.jwk | {"kty": "EC"}), "keylog-event"),
    (4, "jwk-kty-lower-case", "The kind is written in capitals.", as_signer(DAILY.jwk | {"kty": "okp"}), "keylog-event"),
    (4, "jwk-x25519", "A key of another curve is refused.", as_signer(DAILY.jwk | {"crv": "X25519"}), "keylog-event"),
    (4, "jwk-ed448", "So is one of Ed448.", as_signer(DAILY.jwk | {"crv": "Ed448"}), "keylog-event"),
    (4, "jwk-p256", "A key of an elliptic curve of NIST is refused.", as_signer({"crv": "P-256", "kty": "EC", "x": "A" * 43, "y": "A" * 43}), "keylog-event"),
    (4, "jwk-symmetric", "A symmetric key is refused.", as_signer({"k": "A" * 43, "kty": "oct"}), "keylog-event"),
    (4, "jwk-no-crv", "A key has its curve.", as_signer({"kty": "OKP", "x": DAILY.jwk["x"]}), "keylog-event"),
    (4, "jwk-no-x", "A key has its x.", as_signer({"crv": "Ed25519", "kty": "OKP"}), "keylog-event"),
    (4, "jwk-x-padded", "x has no padding.", as_signer(x(DAILY.jwk["x"] + "=")), "keylog-event"),
    (4, "jwk-x-loose-bits", "x is in its one form.", as_signer(x(loose_bits(DAILY.jwk["x"]))), "keylog-event"),
    (4, "jwk-x-short", "x has 32 bytes, not 31.", as_signer(x(b64(unb64(DAILY.jwk["x"])[:31]))), "keylog-event"),
    (4, "jwk-x-long", "x has 32 bytes, not 33.", as_signer(x(b64(unb64(DAILY.jwk["x"]) + b"\0"))), "keylog-event"),
    (4, "jwk-x-empty", "x is not empty.", as_signer(x("")), "keylog-event"),
    (4, "jwk-x-base64", "x is in base64url.", as_signer(x("+/" + DAILY.jwk["x"][2:])), "keylog-event"),
    (4, "jwk-x-hex", "x is not in hexadecimal digits.", as_signer(x(unb64(DAILY.jwk["x"]).hex())), "keylog-event"),
    (4, "jwk-x-number", "x is a text.", as_signer(DAILY.jwk | {"x": 1}), "keylog-event"),
    (4, "jwk-x-line-feed", "x is followed by nothing.", as_signer(x(DAILY.jwk["x"] + "\n")), "keylog-event"),
    (4, "jwk-order", "The members of a key are in order.", bare(FIRST_BYTES.replace(canonical(DAILY.jwk), canonical(DAILY.jwk).replace(b'"crv":"Ed25519","kty":"OKP"', b'"kty":"OKP","crv":"Ed25519"'))), "keylog-event"),
    (4, "other-key-d", "A private key is refused among the keys, too.", first(keys=[DAILY.jwk, SPARE.jwk | {"d": "A" * 43}]), "keylog-event"),
    (4, "other-key-x25519", "So is a key of another curve.", first(keys=[DAILY.jwk, SPARE.jwk | {"crv": "X25519"}]), "keylog-event"),
    # The signer and the signature.
    (4, "other-kid", "The header names the signer.", log(seal(FIRST_BYTES, KEYS_TYP, SPARE)), "keylog-signer"),
    (4, "signer-weak", "A signer of small order is refused: anybody can sign so.", weak(A_SMALL_POINT), "weak-key"),
    (4, "signer-weak-order-8", "So is one of order 8.", weak(SMALL["order-8"]), "weak-key"),
    (4, "signer-weak-other-sign", "So is one in an encoding with the other sign.", weak(SMALL["order-2-other-sign"]), "weak-key"),
    (4, "signer-not-reduced", "So is a key of large order whose y is not below 2^255-19.", weak(wide(PRIME + 3)), "weak-key"),
    (4, "thief-signs", "A line that a thief signs in another's name is refused.", log(seal(FIRST_BYTES, KEYS_TYP, THIEF, {"alg": "Ed25519", "kid": DAILY.kid, "typ": KEYS_TYP})), "keylog-signature"),
    (4, "daily-signs-for-spare", "A second line in the name of the announced key is signed by it.", log(FIRST, seal(canonical(SECOND_EVENT), KEYS_TYP, DAILY, {"alg": "Ed25519", "kid": SPARE.kid, "typ": KEYS_TYP})), "keylog-signature"),
    (4, "s-plus-order", "S beyond the group order is refused.", signature(plus_order(RIGHT)), "keylog-signature"),
    (4, "r-small", "R of small order is refused, though the equation holds.", signature(sign(DAILY, MESSAGE, 0, SMALL["zero"])), "keylog-signature"),
    (4, "over-payload", "A signature of the payload alone is refused.", signature(DAILY.private.sign(FIRST_BYTES)), "keylog-signature"),
    (4, "over-line", "A signature of the segments with a line feed is refused.", signature(DAILY.private.sign(MESSAGE + b"\n")), "keylog-signature"),
    (4, "event-changed", "A line that was changed is refused.", log(".".join([FIRST.partition(".")[0], b64(canonical(event(DAILY, next=[THIEF.kid]))), FIRST.rpartition(".")[2]])), "keylog-signature"),
    # The chain.
    (4, "first-number", "The first line has the number 0.", first(n=1), "keylog-chain"),
    (4, "first-prev", "The first line follows nothing.", first(prev="A" * 43), "keylog-chain"),
    (4, "cut-in-front", "A log begins with its first line.", log(SECOND, THIRD_LINE), "keylog-chain"),
    (4, "cut-within", "No line is left out.", log(FIRST, THIRD_LINE), "keylog-chain"),
    (4, "reordered", "Lines come in their order.", log(SECOND, FIRST), "keylog-chain"),
    (4, "reordered-later", "So do later ones.", log(FIRST, THIRD_LINE, SECOND), "keylog-chain"),
    (4, "line-twice", "No line comes twice.", log(FIRST, FIRST), "keylog-chain"),
    (4, "last-line-twice", "The last line does not come twice.", log(FIRST, SECOND, SECOND), "keylog-chain"),
    (4, "number-skipped", "No number is left out.", appended(n=2), "keylog-chain"),
    (4, "number-again", "No number comes twice.", appended(n=0), "keylog-chain"),
    (4, "prev-null", "A later line names the one before.", appended(prev=None), "keylog-chain"),
    (4, "prev-other", "A later line names the digest of the one before.", appended(prev="A" * 43), "keylog-chain"),
    (4, "prev-of-envelope", "The digest of a line is not that of the whole envelope.", appended(prev=DIGEST_OF_FILE), "keylog-chain"),
    (4, "prev-of-line", "The digest of a line is not that of its bytes in the file.", appended(prev=DIGEST_OF_LINE), "keylog-chain"),
    (4, "prev-of-payload", "The digest of a line is not that of its payload.", appended(prev=DIGEST_OF_PAYLOAD), "keylog-chain"),
    (4, "prev-of-first", "A line names the one before, not the first.", log(FIRST, SECOND, third(FIRST)), "keylog-chain"),
    (4, "other-first", "A line does not follow another log's first line.", log(line(event(DAILY, iat=AT - 999), DAILY), SECOND), "keylog-chain"),
    # Who may add a line.
    (4, "signer-not-among", "The first signer is among its keys.", first(keys=[SPARE.jwk]), "keylog-signer"),
    (4, "thief-appends", "Nobody adds a line who was not announced.", log(FIRST, second(THIEF, signer=THIEF.jwk, keys=[THIEF.jwk])), "keylog-signer"),
    (4, "daily-appends", "The current key does not add a line.", log(FIRST, second(DAILY, signer=DAILY.jwk, keys=[DAILY.jwk])), "keylog-signer"),
    (4, "other-current-appends", "Another current key does not add a line either.", log(TWO_KEYS, after(TWO_KEYS)), "keylog-signer"),
    (4, "listed-but-not-announced", "To be among the keys of its own line does not make a signer of a later one.", log(FIRST, second(THIEF, signer=THIEF.jwk, keys=[SPARE.jwk, THIEF.jwk])), "keylog-signer"),
    (4, "announced-before", "An announcement holds for the next line only.", log(TWO_NEXT, after(TWO_NEXT, next=[FOURTH.kid]), third(after(TWO_NEXT, next=[FOURTH.kid]))), "keylog-signer"),
    (4, "announces-itself", "A line does not announce its own signer.", log(FIRST, second(THIEF, signer=THIEF.jwk, keys=[THIEF.jwk], next=[THIEF.kid])), "keylog-signer"),
    (4, "first-key-returns", "The first signer does not come back without being announced.", log(FIRST, SECOND, third(SECOND, DAILY)), "keylog-signer"),
    # Address and time.
    (4, "moved", "A log stays at its address.", appended(sub="https://thief.example/"), "keylog-sub"),
    (4, "moved-below", "A path more is another address.", appended(sub=f"{BASE}x/"), "keylog-sub"),
    (4, "moved-case", "An address is compared letter by letter.", appended(sub="https://ADA.example/"), "keylog-sub"),
    (4, "moved-later", "A log stays at its address also later.", log(FIRST, SECOND, third(SECOND, sub="https://thief.example/")), "keylog-sub"),
    (4, "back-in-time", "A line is not older than the one before.", appended(iat=AT - 1001), "keylog-time"),
    (4, "back-in-time-later", "A line is not older than the one before, though it is younger than the first.", log(FIRST, SECOND, third(SECOND, iat=AT - 501)), "keylog-time"),
    # More than one fault: the first that step 4 names.
    (4, "lines-before-envelope", "That the last line feed is missing is told before a line that is no envelope.", f"{FIRST}==", "keylog-lines"),
    (4, "number-of-lines-before-envelope", "That there are too many lines is told before a line that is no envelope.", "x\n" * 65, "keylog-lines"),
    (4, "envelope-before-event", "A header that is not right is told before a payload that is not.", log(seal(b"keys", KEYS_TYP, DAILY, {"alg": "EdDSA", "kid": DAILY.kid, "typ": KEYS_TYP})), "keylog-envelope"),
    (4, "event-before-kid", "A payload that is no key event is told before a header that does not name its signer.", log(seal(canonical(event(DAILY, note="x")), KEYS_TYP, SPARE)), "keylog-event"),
    (4, "event-before-chain", "A payload that is no key event is told before a line that does not follow.", appended(n=2, floor={}), "keylog-event"),
    (4, "kid-before-weak-key", "A header that does not name the signer is told before a signer that is weak.", as_signer(SMALL_KEY), "keylog-signer"),
    (4, "weak-key-before-signature", "A signer that is weak is told before a signature that does not verify.", log(f"{weak(A_SMALL_POINT).rpartition('.')[0]}.{b64(bytes(64))}"), "weak-key"),
    (4, "kid-before-signature", "A header that does not name the signer is told before a signature that does not verify.", log(seal(FIRST_BYTES, KEYS_TYP, DAILY, SPARE_IN_THE_HEADER)), "keylog-signer"),
    (4, "signature-before-chain", "A signature that does not verify is told before a line that does not follow.", log(FIRST, seal(canonical(SECOND_EVENT | {"n": 2}), KEYS_TYP, THIEF, SPARE_IN_THE_HEADER)), "keylog-signature"),
    (4, "chain-before-first-signer", "That the first line does not begin the log is told before its signer who is not among its keys.", first(n=1, keys=[SPARE.jwk]), "keylog-chain"),
    (4, "chain-before-signer", "A line that does not follow is told before a signer who was not announced.", appended(THIEF, n=2, signer=THIEF.jwk, keys=[THIEF.jwk]), "keylog-chain"),
    (4, "chain-before-address", "A line that does not follow is told before another address.", appended(prev="A" * 43, sub="https://thief.example/"), "keylog-chain"),
    (4, "signer-before-address", "A signer who was not announced is told before another address.", appended(THIEF, sub="https://thief.example/", signer=THIEF.jwk, keys=[THIEF.jwk]), "keylog-signer"),
    (4, "signer-before-time", "A signer who was not announced is told before a line that is older.", appended(THIEF, iat=AT - 1001, signer=THIEF.jwk, keys=[THIEF.jwk]), "keylog-signer"),
    (4, "address-before-time", "Another address is told before a line that is older.", appended(sub="https://thief.example/", iat=AT - 1001), "keylog-sub"),
    (4, "first-line-before-second", "What is wrong with the first line is told before anything of the second.", log(line(event(DAILY, keys=[SPARE.jwk]), DAILY), "x"), "keylog-signer"),
    (4, "second-line-before-third", "What is wrong with the second line, be it the last thing that is asked of it, is told before anything of the third.", log(FIRST, second(iat=AT - 1001), "x"), "keylog-time"),
]  # fmt: skip

SIGNATURES = (
    "s-plus-order",
    "r-small",
    "signer-weak",
    "signer-weak-order-8",
    "signer-weak-other-sign",
    "signer-not-reduced",
)


def cases() -> Iterator[Case]:
    """Give the cases of reading a key log."""
    for name, description, text, keys, floor in ACCEPTED:
        lines = text.split("\n")
        expect = {
            "identity": digest(lines[0]),
            "head": digest(lines[-2]),
            "keys": [kid(key) for key in keys],
            "floor": floor,
        }
        yield Case(name, description, "SPEC.md#verification-step-4", {"keys": text}, expect)
    for step, name, description, attack, code in REFUSED:
        text_or_bytes = {"keys": attack} if isinstance(attack, str) else {"base64": base64.b64encode(attack).decode()}
        if name in SIGNATURES:
            spec = "signature"
        elif "loose-bits" in name or "padded" in name or name == "padding":
            spec = "base64url"
        else:
            spec = f"verification-step-{step}"
        yield Case(f"step-{step}-{name}", description, f"SPEC.md#{spec}", text_or_bytes, {"step": step, "code": code})
