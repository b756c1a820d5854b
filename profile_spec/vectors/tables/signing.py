"""Signing: keys made from public texts, envelopes, key logs, and signatures that no ordinary signer makes.

The keys are for these cases and for nothing else. The arithmetic of the curve is that of RFC 8032, section 5.1, in the
plainest form: it is there to make what `cryptography` rightly refuses to make.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

AT = 1_795_251_600  # 2026-11-21T09:00:00Z
BASE = "https://ada.example/"
ORDER = 2**252 + 27742317777372353535851937790883648493
Json = dict[str, Any]


def b64(data: bytes) -> str:
    """Encode as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def canonical(value: Any) -> bytes:
    """Encode as canonical JSON (the texts here are ASCII and the numbers small)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


class Key:
    """A key made from a public text."""

    def __init__(self, text: str) -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(
            hashlib.sha256(f"sayso public test key: {text}".encode()).digest()
        )
        self.jwk = jwk(self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
        self.kid = kid(self.jwk)


def jwk(raw: bytes) -> Json:
    """Write a public key as JSON."""
    return {"crv": "Ed25519", "kty": "OKP", "x": b64(raw)}


def kid(key: Json) -> str:
    """Give the thumbprint of a key."""
    return b64(hashlib.sha256(canonical(key)).digest())


DAILY, SPARE, THIRD, THIEF = (Key(f"vector {name}") for name in ("daily", "spare", "third", "thief"))


def seal(payload: bytes, typ: str, key: Key, header: Any = None) -> str:
    """Sign a payload; ``header`` replaces the right one."""
    right = {"alg": "Ed25519", "kid": key.kid, "typ": typ}
    head = header if isinstance(header, bytes) else canonical(header or right)
    message = f"{b64(head)}.{b64(payload)}"
    return f"{message}.{b64(key.private.sign(message.encode()))}"


def digest(token: str) -> str:
    """Give the digest of the signing input."""
    return b64(hashlib.sha256(token.rpartition(".")[0].encode()).digest())


def event(key: Key, **members: Any) -> Json:
    """Make a key event: the first one of Ada's log, changed as said."""
    return {
        "v": 1, "sub": BASE, "n": 0, "prev": None, "signer": key.jwk, "keys": [key.jwk], "next": [SPARE.kid], "iat": AT - 1000,
    } | members  # fmt: skip


def line(made: Json, key: Key, typ: str = "sayso-keys+jwt") -> str:
    """Sign a key event."""
    return seal(canonical(made), typ, key)


FIRST = line(event(DAILY), DAILY)
SECOND_EVENT = event(SPARE, n=1, prev=digest(FIRST), next=[THIRD.kid], iat=AT - 500)


def second(key: Key = SPARE, **members: Any) -> str:
    """Make the rotation to the spare key, changed as said."""
    return line(SECOND_EVENT | members, key)


def payload(**members: Any) -> Json:
    """Make a payload that verifies under the first key log, changed as said."""
    return {
        "v": 1, "sub": BASE, "identity": digest(FIRST), "key_event": digest(FIRST), "sequence": 3, "previous": "A" * 43,
        "iat": AT, "exp": AT + 86_400 * 180, "status": "active", "vocabulary": 1, "subject": {"name": "Ada"},
        "companies": [{"domain": "shop.example"}],
        "grants": [{"id": "g", "to": ["shop.example"], "signals": ["cart.contents"], "purposes": ["offers.personalised"], "channels": ["email"]}],
    } | members  # fmt: skip


TYP = "sayso-profile+jwt"
GOOD = seal(canonical(payload()), TYP, DAILY)
HEAD, BODY, SIGNATURE = GOOD.split(".")


def signed(**members: Any) -> str:
    """Sign a changed payload."""
    return seal(canonical(payload(**members)), TYP, DAILY)


def raw(data: bytes) -> str:
    """Sign bytes that are no canonical payload."""
    return seal(data, TYP, DAILY)


def header(**members: Any) -> str:
    """Sign under a changed header; None takes a member out."""
    right = {"alg": "Ed25519", "kid": DAILY.kid, "typ": TYP} | members
    return seal(canonical(payload()), TYP, DAILY, {name: value for name, value in right.items() if value is not None})


def with_signature(change: Callable[[bytes], bytes]) -> str:
    """Change the bytes of the signature."""
    data = base64.urlsafe_b64decode(SIGNATURE + "==")
    return f"{HEAD}.{BODY}.{b64(change(data))}"


def log(*lines: str) -> str:
    """Put lines together into a key log."""
    return "".join(f"{text}\n" for text in lines)


LINKS = [Key(f"vector link {number}") for number in range(66)]


def long_log(sub: str, *floors: int) -> str:
    """Make a log of 64 lines, each of which has a key of its own and announces the next; the last ones set these floors."""
    lines: list[str] = []
    for number in range(64):
        key, following = LINKS[number : number + 2]
        prev = digest(lines[-1]) if lines else None
        place = number - 64 + len(floors)
        floor = {"floor": {"digest": "A" * 43, "sequence": floors[place]}} if place >= 0 else {}
        made = event(key, sub=sub, n=number, prev=prev, next=[following.kid], iat=AT - 1000 + number, **floor)
        lines.append(line(made, key))
    return log(*lines)


# A key log of as many bytes as a file may have, and one of a byte more; nothing else is wrong with either.
LARGEST_FLOOR = 10**13
LARGEST_LOG = long_log("\1" * 430, 1, 1, 1, 1, 1, LARGEST_FLOOR)
TOO_LARGE_LOG = long_log("\1" * 430 + "xxxx", 1, 1, 10**7)
assert (len(LARGEST_LOG), len(TOO_LARGE_LOG)) == (262_144, 262_145)

# A host of as many characters as one may have, and one of a character more.
LONGEST_HOST, TOO_LONG_HOST = (".".join(["a" * 63] * 3 + ["a" * length, "example"]) for length in (53, 54))
assert (len(LONGEST_HOST), len(TOO_LONG_HOST)) == (253, 254)


def rotated(floor: Json | None = None) -> str:
    """Make a log that has rotated to the spare key."""
    members: Json = {"floor": floor} if floor else {}
    return log(FIRST, second(SPARE, **members))


def after_rotation(keys: str, key: Key = SPARE, **members: Any) -> str:
    """Sign a payload under a rotated log."""
    head = digest(keys.splitlines()[-1])
    return seal(canonical(payload(key_event=head, **members)), TYP, key)


def plus_order(data: bytes) -> bytes:
    """Add the group order to S: another signature for the same message, if S were not bounded."""
    return data[:32] + (int.from_bytes(data[32:], "little") + ORDER).to_bytes(32, "little")


def loose_bits(text: str) -> str:
    """Set a bit of the last character that decoding would drop."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + letters[letters.index(text[-1]) | 1]


IDENTITY_POINT = bytes([1]) + bytes(31)
SAME_POINT = ((1 << 255) - 18).to_bytes(32, "little")  # the identity point in its other encoding, y = p + 1
SMALL_KEY, SAME_KEY = jwk(IDENTITY_POINT), jwk(SAME_POINT)


def scalar(key: Key) -> int:
    """Give the secret scalar of a key (RFC 8032, section 5.1.5)."""
    half = hashlib.sha512(key.private.private_bytes_raw()).digest()[:32]
    return (int.from_bytes(half, "little") & ((1 << 254) - 8)) | (1 << 254)


def with_identity_r(token: str) -> str:
    """Sign anew with R the identity point: the equation holds, and only the rule on R refuses it."""
    message = token.rpartition(".")[0].encode()
    public = base64.urlsafe_b64decode(DAILY.jwk["x"] + "=")
    challenge = int.from_bytes(hashlib.sha512(IDENTITY_POINT + public + message).digest(), "little") % ORDER
    s = challenge * scalar(DAILY) % ORDER
    return f"{message.decode()}.{b64(IDENTITY_POINT + s.to_bytes(32, 'little'))}"


def by_weak_key(payload: bytes, typ: str, key: Json) -> str:
    """Sign without any secret, by the identity point: R and S of another key satisfy the equation for every message."""
    message = f"{b64(canonical({'alg': 'Ed25519', 'kid': kid(key), 'typ': typ}))}.{b64(payload)}"
    r = base64.urlsafe_b64decode(THIEF.jwk["x"] + "=")
    return f"{message}.{b64(r + (scalar(THIEF) % ORDER).to_bytes(32, 'little'))}"


def unb64(text: str) -> bytes:
    """Decode base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


KEYS = log(FIRST)
FLOOR = {"sequence": 3, "digest": digest(GOOD)}
FLOORED = rotated(FLOOR)
A_GRANT = payload()["grants"][0]
A_REFUSAL = {"id": "r", "to": ["shop.example"]}

# The curve: a point is its two coordinates.
PRIME = 2**255 - 19
D = -121665 * pow(121666, -1, PRIME) % PRIME
Point = tuple[int, int]
ZERO = (0, 1)


def x_of(y: int, sign: int) -> int | None:
    """Give the x coordinate that belongs to y, if there is one; where x is 0, the sign does not matter."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if (x * x - square) % PRIME:
        return None
    return x if x % 2 == sign else -x % PRIME


def point(encoded: bytes) -> Point:
    """Decode a point in any encoding."""
    number = int.from_bytes(encoded, "little")
    y = number % (1 << 255) % PRIME
    x = x_of(y, number >> 255)
    assert x is not None
    return x, y


def encoding(of: Point) -> bytes:
    """Encode a point in its one form."""
    return (of[1] | (of[0] & 1) << 255).to_bytes(32, "little")


def add(a: Point, b: Point) -> Point:
    """Add two points."""
    both = D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + a[1] * b[0]) * pow(1 + both, -1, PRIME)
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - both, -1, PRIME)
    return x % PRIME, y % PRIME


def times(number: int, of: Point) -> Point:
    """Multiply a point by a number."""
    result = ZERO
    while number:
        if number & 1:
            result = add(result, of)
        of, number = add(of, of), number >> 1
    return result


BASE_POINT = point((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))
ORDER_8 = point(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"))


def wide(y: int, sign: int = 0) -> bytes:
    """Encode a y coordinate as it stands, with a sign."""
    return (y | sign << 255).to_bytes(32, "little")


# Every encoding of the eight points of small order that fits 256 bits, under a name for each.
SMALL = {
    "zero": wide(1), "zero-other-sign": wide(1, 1), "zero-not-reduced": wide(PRIME + 1), "zero-not-reduced-other-sign": wide(PRIME + 1, 1),
    "order-2": wide(PRIME - 1), "order-2-other-sign": wide(PRIME - 1, 1),
    "order-4": wide(0), "order-4-minus": wide(0, 1), "order-4-not-reduced": wide(PRIME), "order-4-not-reduced-minus": wide(PRIME, 1),
    "order-8": encoding(ORDER_8), "order-8-times-3": encoding(times(3, ORDER_8)),
    "order-8-times-5": encoding(times(5, ORDER_8)), "order-8-times-7": encoding(times(7, ORDER_8)),
}  # fmt: skip


def challenge(r: bytes, public: bytes, message: bytes, before: bytes = b"") -> int:
    """Give the number that a signature binds R, key and message by (RFC 8032, section 5.1.6)."""
    return int.from_bytes(hashlib.sha512(before + r + public + message).digest(), "little") % ORDER


def sign(key: Key, message: bytes, nonce: int = 2**200, r: bytes | None = None, before: bytes = b"") -> bytes:
    """Sign with a nonce of one's own; ``r`` stands in the place of the point that belongs to it."""
    r = r or encoding(times(nonce, BASE_POINT))
    s = (nonce + challenge(r, unb64(key.jwk["x"]), message, before) * scalar(key)) % ORDER
    return r + s.to_bytes(32, "little")


def forge(public: bytes, message: bytes, secret: int = 0, *, divisible: bool = True) -> bytes:
    """Sign by a key that has a part of small order, of which ``secret`` is the scalar of the other part.

    The small part of the equation vanishes where the challenge is divisible by 8, and it does not matter whether the
    challenge was reduced first where that is so before and after: nonces are tried until it is (or until neither is).
    """
    nonce, at = 1, BASE_POINT
    while True:
        whole = int.from_bytes(hashlib.sha512(encoding(at) + public + message).digest(), "little")
        if (whole % 8 == 0) == (whole % ORDER % 8 == 0) == divisible:
            s = (nonce + whole * secret) % ORDER
            return encoding(at) + s.to_bytes(32, "little")
        nonce, at = nonce + 1, add(at, BASE_POINT)
