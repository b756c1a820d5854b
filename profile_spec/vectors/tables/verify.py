"""Verification, one fault each: a profile that verifies, and what each attack changes."""

from __future__ import annotations

from collections.abc import Iterator

from tables.case import Case
from tables.signing import (
    A_GRANT,
    A_REFUSAL,
    AT,
    BASE,
    BODY,
    DAILY,
    FIRST,
    FLOOR,
    FLOORED,
    GOOD,
    HEAD,
    KEYS,
    SAME_KEY,
    SECOND_EVENT,
    SIGNATURE,
    SMALL_KEY,
    SPARE,
    THIEF,
    THIRD,
    TYP,
    Json,
    after_rotation,
    b64,
    by_weak_key,
    canonical,
    digest,
    event,
    header,
    line,
    log,
    loose_bits,
    payload,
    plus_order,
    raw,
    rotated,
    seal,
    second,
    signed,
    with_identity_r,
    with_signature,
)


def duplicate_member() -> bytes:
    """Write a member twice."""
    return canonical(payload()).replace(b'"status":"active"', b'"status":"withdrawn","status":"active"')


def weak_line(key: Json) -> str:
    """Make a first line that anybody can make."""
    return by_weak_key(canonical(event(DAILY, signer=key, keys=[key])), "sayso-keys+jwt", key)


WEAK_FIRST = line(event(DAILY, keys=[DAILY.jwk, SMALL_KEY]), DAILY)
SAME_FIRST = line(event(DAILY, keys=[DAILY.jwk, SAME_KEY]), DAILY)
ELSEWHERE = line(event(DAILY, sub="https://other.example/"), DAILY)
TWO_FLOORS = log(
    FIRST,
    second(SPARE, floor=FLOOR),
    line(
        event(
            THIRD, n=2, prev=digest(second(SPARE, floor=FLOOR)), floor={"sequence": 9, "digest": "A" * 43}, iat=AT - 100
        ),
        THIRD,
    ),
)

# step, name, sentence, profile, key log, code ("" for one that verifies), and what else differs
TABLE: list[tuple[int, str, str, str, str, str, Json]] = [
    (0, "good", "The profile that the other cases change verifies.", GOOD, KEYS, "", {}),
    (0, "good-rotated", "So does one that is signed after a rotation.", after_rotation(rotated()), rotated(), "", {}),
    (0, "good-above-floor", "So does one that follows the floor.", after_rotation(FLOORED, sequence=4, previous=digest(GOOD)), FLOORED, "", {}),
    (0, "good-skew", "A clock that is five minutes ahead is forgiven.", GOOD, KEYS, "", {"at": AT - 300}),
    (0, "good-last-second", "A profile holds until its last second.", GOOD, KEYS, "", {"at": AT + 86_400 * 180 - 1}),
    (1, "large", "A profile of more than 256 KiB is refused.", GOOD + "A" * 262_144, KEYS, "too-large", {}),
    (1, "large-log", "A key log of more than 256 KiB is refused.", GOOD, KEYS + "A" * 262_144, "too-large", {}),
    (2, "two-segments", "Two segments are refused.", f"{HEAD}.{BODY}", KEYS, "not-three-segments", {}),
    (2, "four-segments", "Four segments are refused.", f"{GOOD}.", KEYS, "not-three-segments", {}),
    (2, "html", "A page in the place of the profile is malformed, not withdrawn.", "<!DOCTYPE html><p>Sign in to continue</p>", KEYS, "not-three-segments", {}),
    (2, "empty", "Nothing is no profile.", "", KEYS, "not-three-segments", {}),
    (2, "padding", "Padding is refused.", f"{GOOD}==", KEYS, "bad-base64url", {}),
    (2, "line-feed", "A line feed at the end is refused.", f"{GOOD}\n", KEYS, "bad-base64url", {}),
    (2, "space", "White space is refused.", f" {GOOD}", KEYS, "bad-base64url", {}),
    (2, "base64", "The other base64 alphabet is refused.", f"{HEAD}.{BODY}.{'+/' + SIGNATURE[2:]}", KEYS, "bad-base64url", {}),
    (2, "loose-bits", "Bits that decoding would drop are refused.", f"{HEAD}.{BODY}.{loose_bits(SIGNATURE)}", KEYS, "bad-base64url", {}),
    (2, "short-signature", "A signature of 63 bytes is refused.", with_signature(lambda data: data[:63]), KEYS, "bad-signature-length", {}),
    (3, "none", "alg none is refused.", header(alg="none"), KEYS, "bad-header", {}),
    (3, "hs256", "HS256 is refused.", header(alg="HS256"), KEYS, "bad-header", {}),
    (3, "eddsa", "EdDSA, the older name, is refused.", header(alg="EdDSA"), KEYS, "bad-header", {}),
    (3, "no-alg", "A missing alg is refused.", header(alg=None), KEYS, "bad-header", {}),
    (3, "jwk", "A key in the header is refused.", header(jwk=DAILY.jwk), KEYS, "bad-header", {}),
    (3, "jku", "An address of keys in the header is refused.", header(jku="https://thief.example/jwks.json"), KEYS, "bad-header", {}),
    (3, "crit", "crit is refused.", header(crit=["b64"], b64=False), KEYS, "bad-header", {}),
    (3, "typ", "A key event in the place of a profile is refused.", FIRST, KEYS, "bad-header", {}),
    (3, "order", "Another order of members is refused.", seal(canonical(payload()), TYP, DAILY, f'{{"typ":"{TYP}","alg":"Ed25519","kid":"{DAILY.kid}"}}'.encode()), KEYS, "bad-header", {}),
    (3, "header-space", "A space in the header is refused.", seal(canonical(payload()), TYP, DAILY, f'{{"alg":"Ed25519", "kid":"{DAILY.kid}","typ":"{TYP}"}}'.encode()), KEYS, "bad-header", {}),
    (4, "no-log", "An empty key log is refused.", GOOD, "", "keylog-lines", {}),
    (4, "no-line-feed", "A last line without its line feed is refused: it may be cut.", GOOD, FIRST, "keylog-lines", {}),
    (4, "carriage-return", "Carriage returns are refused.", GOOD, f"{FIRST}\r\n", "keylog-envelope", {}),
    (4, "long-log", "More than 64 lines are refused.", GOOD, log(*[FIRST] * 65), "keylog-lines", {}),
    (4, "profile-as-log", "A profile in the place of a key event is refused.", GOOD, log(GOOD), "keylog-envelope", {}),
    (4, "private", "A private key in the log is refused.", GOOD, log(line(event(DAILY, signer=DAILY.jwk | {"d": "A" * 43}), DAILY)), "keylog-event", {}),
    (4, "no-next", "A log that commits to no next key is refused.", GOOD, log(line(event(DAILY, next=[]), DAILY)), "keylog-event", {}),
    (4, "five-keys", "More than four keys are refused.", GOOD, log(line(event(DAILY, keys=[DAILY.jwk] * 5), DAILY)), "keylog-event", {}),
    (4, "signer-not-among", "The first signer is among its keys.", GOOD, log(line(event(DAILY, keys=[SPARE.jwk]), DAILY)), "keylog-signer", {}),
    (4, "other-kid", "The header names the signer.", GOOD, log(seal(canonical(event(DAILY)), "sayso-keys+jwt", DAILY, {"alg": "Ed25519", "kid": SPARE.kid, "typ": "sayso-keys+jwt"})), "keylog-signer", {}),
    (4, "thief-signs", "A line is signed by its signer.", GOOD, log(seal(canonical(event(DAILY)), "sayso-keys+jwt", THIEF, {"alg": "Ed25519", "kid": DAILY.kid, "typ": "sayso-keys+jwt"})), "keylog-signature", {}),
    (4, "thief-appends", "Nobody adds a line who was not announced.", GOOD, log(FIRST, line(SECOND_EVENT | {"signer": THIEF.jwk, "keys": [THIEF.jwk]}, THIEF)), "keylog-signer", {}),
    (4, "daily-appends", "The daily key does not add a line either.", GOOD, log(FIRST, line(SECOND_EVENT | {"signer": DAILY.jwk}, DAILY)), "keylog-signer", {}),
    (4, "weak-signer", "A log that anybody can sign, under a key of small order, is refused.", GOOD, log(weak_line(SMALL_KEY)), "weak-key", {}),
    (4, "non-canonical-signer", "So is one under the same key in its other encoding.", GOOD, log(weak_line(SAME_KEY)), "weak-key", {}),
    (4, "cut-in-front", "A log begins with its first line.", GOOD, log(second()), "keylog-chain", {}),
    (4, "reordered", "Lines come in their order.", GOOD, log(second(), FIRST), "keylog-chain", {}),
    (4, "wrong-prev", "A line names the digest of the one before.", GOOD, log(FIRST, second(prev="A" * 43)), "keylog-chain", {}),
    (4, "wrong-number", "A line has its number.", GOOD, log(FIRST, second(n=2)), "keylog-chain", {}),
    (4, "moved", "A log stays at its address.", GOOD, log(FIRST, second(sub="https://thief.example/")), "keylog-sub", {}),
    (4, "back-in-time", "Time does not run backwards in a log.", GOOD, log(FIRST, second(iat=AT - 2000)), "keylog-time", {}),
    (5, "thief-key", "A profile signed by a key that is not in the log is refused.", seal(canonical(payload()), TYP, THIEF), KEYS, "unknown-key", {}),
    (5, "old-key", "After a rotation the old key signs nothing.", after_rotation(rotated(), DAILY), rotated(), "unknown-key", {}),
    (5, "weak-key", "A key of small order signs nothing.", by_weak_key(canonical(payload(identity=digest(WEAK_FIRST), key_event=digest(WEAK_FIRST))), TYP, SMALL_KEY), log(WEAK_FIRST), "weak-key", {}),
    (5, "non-canonical-key", "A key in another than its one encoding signs nothing.", by_weak_key(canonical(payload(identity=digest(SAME_FIRST), key_event=digest(SAME_FIRST))), TYP, SAME_KEY), log(SAME_FIRST), "weak-key", {}),
    (6, "changed", "A changed payload is refused.", f"{HEAD}.{b64(canonical(payload(exp=AT + 86_400 * 181)))}.{SIGNATURE}", KEYS, "bad-signature", {}),
    (6, "flipped", "A changed signature is refused.", with_signature(lambda data: bytes([data[0] ^ 1]) + data[1:]), KEYS, "bad-signature", {}),
    (6, "s-plus-l", "S beyond the group order is refused.", with_signature(plus_order), KEYS, "bad-signature", {}),
    (6, "small-r", "R of small order is refused, though the equation holds.", with_identity_r(GOOD), KEYS, "bad-signature", {}),
    (7, "not-json", "A payload that is no JSON is refused.", raw(b"hello"), KEYS, "bad-payload", {}),
    (7, "space", "A space is refused.", raw(canonical(payload()) + b" "), KEYS, "bad-payload", {}),
    (7, "order", "Members out of order are refused.", raw(canonical(payload()).replace(b'"v":1,"vocabulary":1', b'"vocabulary":1,"v":1')), KEYS, "bad-payload", {}),
    (7, "duplicate", "A member that stands twice is refused.", raw(duplicate_member()), KEYS, "bad-payload", {}),
    (7, "escape", "An escape that need not be one is refused.", raw(canonical(payload()).replace(b"Ada", b"\\u0041da")), KEYS, "bad-payload", {}),
    (7, "surrogate", "A lone surrogate is refused.", raw(canonical(payload()).replace(b"Ada", b"\\ud800")), KEYS, "bad-payload", {}),
    (7, "utf16", "UTF-16 is refused.", raw(canonical(payload()).decode().encode("utf-16")), KEYS, "bad-payload", {}),
    (7, "mark", "A byte-order mark is refused.", raw(b"\xef\xbb\xbf" + canonical(payload())), KEYS, "bad-payload", {}),
    (7, "nan", "NaN is refused.", raw(canonical(payload()).replace(b'"sequence":3', b'"sequence":NaN')), KEYS, "bad-payload", {}),
    (7, "float", "A number with a fraction is refused.", raw(canonical(payload()).replace(b'"sequence":3', b'"sequence":3.0')), KEYS, "bad-payload", {}),
    (7, "big", "An integer that not every reader represents is refused.", raw(canonical(payload()).replace(b'"sequence":3', b'"sequence":9007199254740992')), KEYS, "bad-payload", {}),
    (7, "zero", "Versions are counted from one.", signed(sequence=0), KEYS, "bad-payload", {}),
    (7, "boolean", "true is not 1.", raw(canonical(payload()).replace(b'"v":1', b'"v":true')), KEYS, "bad-payload", {}),
    (7, "unknown-member", "A member that this version does not know is refused.", signed(consent="all"), KEYS, "bad-payload", {}),
    (7, "written-default", "A default is never written.", signed(refusals=[]), KEYS, "bad-payload", {}),
    (7, "missing", "A member that is required is required.", raw(canonical({name: value for name, value in payload().items() if name != "exp"})), KEYS, "bad-payload", {}),
    (7, "version", "Another version is refused.", signed(v=2), KEYS, "bad-payload", {}),
    (7, "depth", "What is nested where nothing nests is refused.", raw(canonical(payload()).replace(b'{"name":"Ada"}', b"[" * 20_000 + b"]" * 20_000)), KEYS, "bad-payload", {}),
    (7, "hour-24", "There is no hour 24.", signed(grants=[A_GRANT | {"until": "2027-02-01T24:00:00Z"}]), KEYS, "bad-payload", {}),
    (7, "leap-second", "A leap second is not written.", signed(grants=[A_GRANT | {"until": "2026-12-31T23:59:60Z"}]), KEYS, "bad-payload", {}),
    (7, "quiet", "Quiet hours are hours of the day.", signed(channels=[{"channel": "email", "quiet": "20:00-29:00 Europe/Dublin"}]), KEYS, "bad-payload", {}),
    (7, "no-such-instant", "An instant must exist.", signed(grants=[A_GRANT | {"until": "2027-02-30T00:00:00Z"}]), KEYS, "bad-payload", {}),
    (8, "copied", "A profile that was copied to another address is refused.", GOOD, KEYS, "wrong-address", {"base": "https://thief.example/"}),
    (7, "written-none", "None is not a sharing that is written.", signed(grants=[A_GRANT | {"sharing": "none"}]), KEYS, "bad-payload", {}),
    (7, "ext-number", "ext holds texts only.", signed(ext={"a": 1}), KEYS, "bad-payload", {}),
    (7, "word", "A word has its form.", signed(grants=[A_GRANT | {"signals": ["Cart Contents"]}]), KEYS, "bad-payload", {}),
    (7, "category", "A category has its one form.", signed(grants=[A_GRANT | {"categories": ["sg-04"]}]), KEYS, "bad-payload", {}),
    (7, "long-text", "A text has 500 characters at the most.", signed(subject={"name": "x" * 501}), KEYS, "bad-payload", {}),
    (7, "everyone-answers", "A want is not open to everyone.", signed(wants=[{"id": "w", "what": "Boots", "open_to": ["*"]}]), KEYS, "bad-payload", {}),
    (8, "log-of-another", "A key log of another address is refused.", signed(identity=digest(ELSEWHERE), key_event=digest(ELSEWHERE)), log(ELSEWHERE), "wrong-address", {}),
    (8, "other-path", "Another path is another address.", GOOD, KEYS, "wrong-address", {"base": "https://ada.example/x/"}),
    (8, "other-identity", "A profile of another identity is refused.", signed(identity="A" * 43), KEYS, "wrong-identity", {}),
    (8, "other-event", "A profile from before a rotation is refused after it, whoever signs it.", seal(canonical(payload()), TYP, SPARE), rotated(), "wrong-key-event", {}),
    (9, "future", "A profile from the future is refused.", GOOD, KEYS, "from-the-future", {"at": AT - 301}),
    (9, "backwards", "A profile that ends before it begins is refused.", signed(exp=AT), KEYS, "ends-before-it-begins", {}),
    (9, "long", "A profile that holds for more than 400 days is refused.", signed(exp=AT + 86_400 * 400 + 1), KEYS, "lives-too-long", {}),
    (9, "expired", "A profile that has ended is refused.", GOOD, KEYS, "expired", {"at": AT + 86_400 * 180}),
    (11, "below", "A version below the floor is refused.", after_rotation(FLOORED, sequence=2), FLOORED, "below-floor", {}),
    (11, "at", "No version at the number of the floor is accepted.", after_rotation(FLOORED), FLOORED, "below-floor", {}),
    (11, "follows-thief", "What follows a disowned version is refused.", after_rotation(FLOORED, sequence=4), FLOORED, "below-floor", {}),
    (11, "last-floor", "The last floor counts.", after_rotation(TWO_FLOORS, THIRD, sequence=4, previous=digest(GOOD)), TWO_FLOORS, "below-floor", {}),
    (12, "same-refusal", "Two refusals of one name are refused.", signed(refusals=[A_REFUSAL, A_REFUSAL]), KEYS, "duplicate-id", {}),
    (12, "same-revocation", "Two traces of one name are refused.", signed(revocations=[A_REFUSAL | {"revoked_at": AT}] * 2), KEYS, "duplicate-id", {}),
    (12, "same-channel", "Two rules for one channel are refused.", signed(channels=[{"channel": "email", "never": True}, {"channel": "email", "max": "1/P1M"}]), KEYS, "duplicate-id", {}),
    (12, "same-want", "Two wants of one name are refused.", signed(wants=[{"id": "w", "what": "Boots"}] * 2), KEYS, "duplicate-id", {}),
    (12, "dangling-want", "A company that may answer a want is listed.", signed(wants=[{"id": "w", "what": "Boots", "open_to": ["thief.example"]}]), KEYS, "dangling-reference", {}),
    (12, "same-grant", "Two grants of one name are refused.", signed(grants=[A_GRANT, A_GRANT]), KEYS, "duplicate-id", {}),
    (12, "same-company", "Two companies of one name are refused.", signed(companies=[{"domain": "shop.example"}, {"domain": "shop.example", "name": "Shop"}]), KEYS, "duplicate-id", {}),
    (12, "dangling", "A company that is granted something is listed.", signed(grants=[A_GRANT | {"to": ["thief.example"]}]), KEYS, "dangling-reference", {}),
    (12, "dangling-refusal", "So is one that is refused something.", signed(refusals=[{"id": "r", "to": ["thief.example"]}]), KEYS, "dangling-reference", {}),
]  # fmt: skip


# What is said elsewhere than in its step.
PLACES = {
    (2, "padding"): "base64url",
    (2, "loose-bits"): "base64url",
    (6, "s-plus-l"): "signature",
    (6, "small-r"): "signature",
    (7, "unknown-member"): "ext",
    (7, "ext-number"): "ext",
    (7, "order"): "canonical",
    (7, "written-default"): "canonical",
}


def cases() -> Iterator[Case]:
    """Give the cases of verifying."""
    for step, name, description, profile, keys, code, others in TABLE:
        given = {"profile": profile, "keys": keys, "base": BASE, "at": AT} | others
        if code:
            yield Case(
                f"step-{step}-{name}",
                description,
                f"SPEC.md#{PLACES.get((step, name), f'verification-step-{step}')}",
                given,
                {"step": step, "code": code},
            )
        else:
            expect = {"digest": digest(profile), "identity": digest(keys.splitlines()[0])}
            yield Case(name, description, "SPEC.md#verification", given, expect)
