"""Verification, one fault each, further: every level of the payload, every way to write JSON, and whose profile it is."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

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
    LARGEST_LOG,
    LINKS,
    LONGEST_HOST,
    SECOND_EVENT,
    SIGNATURE,
    SMALL,
    SPARE,
    THIEF,
    THIRD,
    TOO_LARGE_LOG,
    TOO_LONG_HOST,
    TYP,
    Json,
    after_rotation,
    b64,
    canonical,
    digest,
    event,
    header,
    line,
    log,
    loose_bits,
    payload,
    raw,
    rotated,
    seal,
    second,
    sign,
    signed,
    unb64,
)

DAY = 86_400
RIGHT = canonical(payload())


def text(value: Any) -> bytes:
    """Encode as canonical JSON what is not only ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def written(old: str | bytes, new: str | bytes, data: bytes = RIGHT) -> str:
    """Sign the payload with one place written differently."""
    old, new = (part.encode() if isinstance(part, str) else part for part in (old, new))
    assert data.count(old) == 1, (data.count(old), old)
    return raw(data.replace(old, new))


def name(characters: bytes) -> str:
    """Sign a payload whose subject's name is written so."""
    return written('"name":"Ada"', b'"name":"' + characters + b'"')


def ext(characters: str | bytes) -> str:
    """Sign a payload with an ext that is written so."""
    data = characters.encode() if isinstance(characters, str) else characters
    return written(b',"grants"', b',"ext":' + data + b',"grants"')


def without(member: str) -> str:
    """Sign a payload that lacks a member."""
    return raw(canonical({key: value for key, value in payload().items() if key != member}))


def grant(**members: Any) -> str:
    """Sign a payload whose grant is changed as said."""
    return signed(grants=[A_GRANT | members])


def bare_grant(member: str) -> str:
    """Sign a payload whose grant lacks a member."""
    return signed(grants=[{key: value for key, value in A_GRANT.items() if key != member}])


def refusal(**members: Any) -> str:
    """Sign a payload with a refusal, changed as said."""
    return signed(refusals=[A_REFUSAL | members])


def company(**members: Any) -> str:
    """Sign a payload whose company is changed as said."""
    return signed(companies=[{"domain": "shop.example"} | members])


def more_company(domain: str) -> str:
    """Sign a payload that lists another company, too."""
    return signed(companies=[{"domain": "shop.example"}, {"domain": domain}])


def revocation(**members: Any) -> str:
    """Sign a payload with a trace, changed as said."""
    return signed(revocations=[A_TRACE | members])


def rule(**members: Any) -> str:
    """Sign a payload with a contact rule, changed as said."""
    return signed(channels=[{"channel": "email"} | members])


def want(**members: Any) -> str:
    """Sign a payload with a want, changed as said."""
    return signed(wants=[{"id": "w", "what": "Boots"} | members])


def interest(**members: Any) -> str:
    """Sign a payload with an interest, changed as said."""
    return signed(interests=[{"topic": "sg", "level": "love"} | members])


def twice(old: str, new: str, **members: Any) -> str:
    """Sign a payload in which a member stands twice."""
    return written(old, new, canonical(payload(**members)))


def at(sub: str) -> tuple[str, str, str, Json]:
    """Publish a profile at an address that is not canonical, and sign everything for it."""
    return *of_address(sub), "wrong-address", {"base": sub}


def filled(length: int) -> bytes:
    """Make a payload of so many bytes, by filling ext."""
    names = [f"{number:03}" for number in range(195)]
    made = canonical(payload(ext=dict.fromkeys(names, "x" * 995)))
    rest = length - len(made) - len(',"zzz":""')
    assert 0 < rest <= 1000, rest
    return canonical(payload(ext=dict.fromkeys(names, "x" * 995) | {"zzz": "x" * rest}))


def of_address(sub: str, **members: Any) -> tuple[str, str]:
    """Make a profile and a key log of another address."""
    keys = line(event(DAILY, sub=sub), DAILY)
    return signed(sub=sub, identity=digest(keys), key_event=digest(keys), **members), log(keys)


A_TRACE = A_REFUSAL | {"revoked_at": AT}
OTHER_FIRST = line(event(DAILY, iat=AT - 999), DAILY)
OTHER_KEYS = log(OTHER_FIRST)
NO_URL, NO_SUB = line(event(DAILY, sub="ada.example"), DAILY), line(event(DAILY, sub=""), DAILY)
LINE_FEED = line(event(DAILY, sub=f"{BASE}\n"), DAILY)
STILL_DAILY = log(FIRST, second(keys=[DAILY.jwk]))
FOUR = line(event(DAILY, keys=[SPARE.jwk, THIRD.jwk, DAILY.jwk, THIEF.jwk]), DAILY)
RECOVERED = log(FIRST, second(keys=[THIRD.jwk]))
FLOORED_STILL_DAILY = log(FIRST, second(keys=[DAILY.jwk], floor=FLOOR))
HIGH = second(floor={"digest": "A" * 43, "sequence": 9})
LOWERED = log(FIRST, HIGH, line(SECOND_EVENT | {"signer": THIRD.jwk, "keys": [THIRD.jwk], "next": [SPARE.kid], "n": 2, "prev": digest(HIGH), "floor": FLOOR}, THIRD))  # fmt: skip
DOUBLE = [A_GRANT, A_GRANT]
END = AT + DAY * 180

BAD = "bad-payload"
# step, name, sentence, profile, key log, code ("" for one that verifies), and what else differs
TABLE: list[tuple[int, str, str, str | bytes, str | bytes, str, Json]] = [
    # What verifies.
    (0, "good-largest", "A profile of 262,143 bytes verifies; its payload cannot be larger.", raw(filled(196_446)), KEYS, "", {}),
    (0, "good-withdrawn", "A profile that is withdrawn verifies.", signed(status="withdrawn"), KEYS, "", {}),
    (0, "good-first-version", "The first version follows none.", signed(sequence=1, previous=None), KEYS, "", {}),
    (0, "good-highest-sequence", "2^53-1 is a number of a version.", signed(sequence=2**53 - 1), KEYS, "", {}),
    (0, "good-other-vocabulary", "A version of the vocabulary that the reader does not know is legal.", signed(vocabulary=1_000_000), KEYS, "", {}),
    (0, "good-400-days", "A profile may hold for 400 days.", signed(exp=AT + DAY * 400), KEYS, "", {}),
    (0, "good-one-second", "A profile may hold for a second.", signed(exp=AT + 1), KEYS, "", {}),
    (0, "good-nameless", "Nothing need be said of the subject.", signed(subject={}), KEYS, "", {}),
    (0, "good-bare", "Nothing need be granted, and nobody listed.", raw(canonical({key: value for key, value in payload().items() if key not in ("companies", "grants")})), KEYS, "", {}),
    (0, "good-everyone", "A grant may be to everyone.", grant(to=["*"]), KEYS, "", {}),
    (0, "good-unlisted-revocation", "A trace may name a company that is not listed any more.", revocation(to=["gone.example"]), KEYS, "", {}),
    (0, "good-unlisted-sharing", "A company that data is shared with need not be listed.", grant(sharing={"named": ["other.example"]}), KEYS, "", {}),
    (0, "good-same-id", "A grant and a refusal may have one name.", refusal(id="g"), KEYS, "", {}),
    (0, "good-same-interest", "Interests have no names that could be the same.", signed(interests=[{"topic": "sg", "level": "love"}] * 2), KEYS, "", {}),
    (0, "good-unsorted-list", "That lists are sorted is not checked.", grant(signals=["purchase.history", "cart.contents"]), KEYS, "", {}),
    (0, "good-unknown-word", "A word that the vocabulary does not have is legal.", grant(signals=["novel.word"], purposes=["novel"]), KEYS, "", {}),
    (0, "good-longest-domain", "A domain may have labels of 63 characters.", more_company("a" * 63 + ".example"), KEYS, "", {}),
    (0, "good-a-label", "A domain is in A-label form.", more_company("xn--mnchen-3ya.example"), KEYS, "", {}),
    (0, "good-last-time", "The last instant exists.", grant(until="9999-12-31T23:59:59Z"), KEYS, "", {}),
    (0, "good-leap-day", "29 February exists in a leap year.", grant(until="2028-02-29T00:00:00Z"), KEYS, "", {}),
    (0, "good-letters", "Letters beyond ASCII are written as they are.", raw(text(payload(subject={"name": "Zoë Łukasz 山 🦉"}))), KEYS, "", {}),
    (0, "good-500-letters", "A text has 500 code points at the most, of whatever length in bytes.", raw(text(payload(subject={"name": "🦉" * 500}))), KEYS, "", {}),
    (0, "good-not-normalised", "A text is not normalised.", raw(text(payload(subject={"name": "Zoe\u0308"}))), KEYS, "", {}),
    (0, "good-line-separator", "U+2028 and U+2029 are written as they are.", raw(text(payload(subject={"name": "A\u2028d\u2029a"}))), KEYS, "", {}),
    (0, "good-delete", "U+007F is written as it is.", raw(text(payload(subject={"name": "A\u007fda"}))), KEYS, "", {}),
    (0, "good-mark-within", "U+FEFF within a text is a character like others.", raw(text(payload(subject={"name": "A\ufeffda"}))), KEYS, "", {}),
    (0, "good-short-escapes", "Five control characters have short escapes, and the others small hexadecimal digits.", name(b"\\b\\t\\n\\f\\r\\u000b\\u001f\\\"\\\\/"), KEYS, "", {}),
    (0, "good-ext", "ext holds texts that this version does not know.", signed(ext={"color": "green", "x": "1"}), KEYS, "", {}),
    (0, "good-ext-longest", "A name in ext has 100 characters at the most, a value 1,000.", signed(ext={"n" * 100: "v" * 1000}), KEYS, "", {}),
    (0, "good-ext-letters", "A value in ext may have letters beyond ASCII.", raw(text(payload(ext={"a": "é🦉"}))), KEYS, "", {}),
    (0, "good-ext-printable", "A name in ext may have any printable character of ASCII.", signed(ext={" ~\"\\{}[]:,'<&": "x"}), KEYS, "", {}),
    (0, "good-ext-numbers", "Names in ext are sorted as texts, numbers too.", ext('{"1":"x","10":"x","9":"x"}'), KEYS, "", {}),
    (0, "good-ext-capitals", "Capitals come before small letters.", ext('{"B":"x","_":"x","a":"x"}'), KEYS, "", {}),
    (0, "good-ext-proto", "A name in ext that means something in a language means nothing here.", ext('{"__proto__":"x","constructor":"x","toString":"x"}'), KEYS, "", {}),
    (0, "good-second-key", "Any of the current keys signs.", signed(identity=digest(FOUR), key_event=digest(FOUR)), log(FOUR), "", {}),
    (0, "good-other-nonce", "Another signature by the same key makes no other version.", f"{HEAD}.{BODY}.{b64(sign(DAILY, f'{HEAD}.{BODY}'.encode()))}", KEYS, "", {}),
    (0, "good-same-key-after-rotation", "A key that a later line names goes on to sign.", after_rotation(STILL_DAILY, DAILY), STILL_DAILY, "", {}),
    (0, "good-far-above-floor", "A version far above the floor need not follow it.", after_rotation(FLOORED, sequence=9), FLOORED, "", {}),
    (0, "good-path", "A profile may be published below a path.", *of_address("https://ada.example/~ada/x/"), "", {"base": "https://ada.example/~ada/x/"}),
    (0, "good-path-letters", "A path may have every letter that a segment is made of.", *of_address("https://ada.example/Az09_~!$&'()*+,;=:@.-/.../"), "", {"base": "https://ada.example/Az09_~!$&'()*+,;=:@.-/.../"}),
    (0, "good-ext-empty-value", "A text in ext may be empty, and is written all the same.", signed(ext={"a": ""}), KEYS, "", {}),
    (0, "good-ext-empty-values", "So may all of them.", signed(ext={"a": "", "b": ""}), KEYS, "", {}),
    (0, "good-everyone-and-company", "That everyone stands alone is not checked.", grant(to=["*", "shop.example"]), KEYS, "", {}),
    (0, "good-refusal-everyone-and-company", "Nor is it in a refusal.", refusal(to=["*", "shop.example"]), KEYS, "", {}),
    (0, "good-repeated", "That a list names nothing twice is not checked.", grant(to=["shop.example"] * 2, signals=["cart.contents"] * 2), KEYS, "", {}),
    (0, "good-ends-before-it-begins", "That a grant ends after it begins is not checked.", grant(**{"from": "2027-02-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}), KEYS, "", {}),
    (0, "good-ends-as-it-begins", "Nor that it does not end as it begins.", grant(**{"from": "2027-02-01T00:00:00Z", "until": "2027-02-01T00:00:00Z"}), KEYS, "", {}),
    (0, "good-outlives-profile", "Nor that it ends with the profile.", grant(until="2999-01-01T00:00:00Z"), KEYS, "", {}),
    (0, "good-unknown-time-zone", "That a time zone exists is not checked.", rule(quiet="20:00-08:00 Mars/Olympus"), KEYS, "", {}),
    (0, "good-unknown-country", "That a country or language exists is not checked.", signed(subject={"country": "ZZ", "languages": ["zz-QQ"]}), KEYS, "", {}),
    (0, "good-public-suffix", "That a domain is registrable is not checked.", more_company("co.uk"), KEYS, "", {}),
    (0, "good-domain-of-digits", "A domain is checked by its letters alone.", more_company("192.0.2.1"), KEYS, "", {}),
    (0, "good-many", "How many entries a list has is not checked.", signed(interests=[{"topic": "sg", "level": "love"}] * 1001), KEYS, "", {}),
    (0, "good-want-named-as-grant", "A want and a grant may have one name.", want(id="g"), KEYS, "", {}),
    (0, "good-want-of-64", "The name of a want, too, has 64 characters at the most.", want(id="w" * 64), KEYS, "", {}),
    (0, "good-revocation-named-as-grant", "A trace and a grant may have one name.", revocation(id="g"), KEYS, "", {}),
    (0, "good-first-follows", "Without a pin it is not checked that the first version follows none.", signed(sequence=1), KEYS, "", {}),
    (0, "good-ninth-follows-none", "Nor that a later one follows one.", signed(sequence=9, previous=None), KEYS, "", {}),
    (0, "good-lower-floor", "The last floor counts, not the highest: a version that follows a lower one verifies.", after_rotation(LOWERED, THIRD, sequence=4, previous=digest(GOOD)), LOWERED, "", {}),
    (0, "good-after-higher-floor", "A version need not follow a higher floor that is not the last.", after_rotation(LOWERED, THIRD, sequence=10, previous="B" * 42 + "A"), LOWERED, "", {}),
    (0, "good-host-of-253", "A host has 253 characters at the most.", *of_address(f"https://{LONGEST_HOST}/"), "", {"base": f"https://{LONGEST_HOST}/"}),
    (0, "good-domain-of-253", "So has a domain.", more_company(LONGEST_HOST), KEYS, "", {}),
    (0, "good-longest-duration", "A duration has 99 years, 999 months, 999 weeks and 9999 days at the most.", grant(lookback="P99Y999M999W9999D"), KEYS, "", {}),
    (0, "good-highest-rate", "A rate is 9999 in such a duration at the most.", grant(frequency="9999/P99Y999M999W9999D"), KEYS, "", {}),
    (0, "good-category-9999", "A number in a category is 9999 at the most.", grant(categories=["sg-9999"]), KEYS, "", {}),
    (0, "good-first-time", "The first instant exists as text, too.", grant(**{"from": "1970-01-01T00:00:00Z"}), KEYS, "", {}),
    (0, "good-longest-language", "A language has 8 letters and 5 further subtags of 8 letters or digits at the most.", signed(subject={"languages": ["abcdefgh" + "-a1b2c3d4" * 5]}), KEYS, "", {}),
    (0, "good-zone-of-64", "The name of a time zone has 64 characters at the most.", rule(quiet="20:00-08:00 " + "A" * 64), KEYS, "", {}),
    (0, "good-ext-line-feed", "A value in ext may end with a line feed.", signed(ext={"a": "b\n"}), KEYS, "", {}),
    (0, "good-ext-line-feed-within", "It may have a line feed within.", signed(ext={"a": "b\nc"}), KEYS, "", {}),
    (0, "good-ext-1000-letters", "A value in ext has 1,000 code points at the most, of whatever length in bytes.", raw(text(payload(ext={"a": "🦉" * 1000}))), KEYS, "", {}),
    # Sizes and form of the files.
    (1, "log-262145-bytes", "A key log of 262,145 bytes is too large, and nothing else is wrong with it.", GOOD, TOO_LARGE_LOG, "too-large", {}),
    (2, "262144-bytes", "A profile of 262,144 bytes is looked at, though none that is right has as many.", raw(filled(196_446)) + "A", KEYS, "bad-signature-length", {}),
    (1, "one-byte-more", "A payload of one byte more makes a profile that is too large.", raw(filled(196_447)), KEYS, "too-large", {}),
    (2, "mark", "A byte-order mark is refused.", "\ufeff" + GOOD, KEYS, "bad-base64url", {}),
    (2, "utf16", "UTF-16 is refused.", b"\xff\xfe" + GOOD.encode("utf-16-le"), KEYS, "bad-base64url", {}),
    (2, "not-utf8", "A byte that is no character is refused.", GOOD.encode() + b"\xff", KEYS, "bad-base64url", {}),
    (2, "json", "The JSON form of JWS is refused.", json.dumps({"payload": BODY, "protected": HEAD, "signature": GOOD.rpartition(".")[2]}), KEYS, "not-three-segments", {}),
    (2, "payload-alone", "The payload itself, which is published too, is no profile.", RIGHT.decode(), KEYS, "not-three-segments", {}),
    (2, "unsecured", "An unsecured JWS has no signature.", f"{b64(canonical({'alg': 'none', 'kid': DAILY.kid, 'typ': TYP}))}.{BODY}.", KEYS, "bad-signature-length", {}),
    (3, "thief-jwk", "A key that the profile brings along is refused.", seal(RIGHT, TYP, THIEF, {"alg": "Ed25519", "jwk": THIEF.jwk, "kid": THIEF.kid, "typ": TYP}), KEYS, "bad-header", {}),
    (3, "zip", "A compressed payload is refused.", header(zip="DEF"), KEYS, "bad-header", {}),
    (3, "b64", "A payload that is not encoded is refused.", header(b64=False), KEYS, "bad-header", {}),
    (3, "kid-loose-bits", "A thumbprint in the header is in the form of a digest.", header(kid=loose_bits(DAILY.kid)), KEYS, "bad-header", {}),
    (3, "jwt", "The type of any JWT is refused.", header(typ="JWT"), KEYS, "bad-header", {}),
    (4, "log-not-utf8", "A key log with a byte that is no character is refused.", GOOD, b"\xff" + KEYS.encode(), "keylog-envelope", {}),
    (4, "log-utf16", "A key log in UTF-16 is refused.", GOOD, KEYS.encode("utf-16-le") + b"\n", "keylog-envelope", {}),
    (4, "log-html", "A page in the place of the key log is refused.", GOOD, "<!DOCTYPE html>\n<p>Sign in to continue</p>\n", "keylog-envelope", {}),
    (4, "jwks", "A JWK set in the place of the key log is refused.", GOOD, json.dumps({"keys": [DAILY.jwk]}) + "\n", "keylog-envelope", {}),
    (4, "attacker-appends", "A line that an attacker appends makes the whole log void, though the profile's key is of the line before.", GOOD, log(FIRST, second(THIEF, signer=THIEF.jwk, keys=[THIEF.jwk])), "keylog-signer", {}),
    # Key and signature.
    (5, "announced-key", "A key that is only announced signs nothing yet.", seal(RIGHT, TYP, SPARE), KEYS, "unknown-key", {}),
    (5, "recovery-key", "The key that signed the last line signs no profile unless it is among its keys.", after_rotation(RECOVERED, SPARE), RECOVERED, "unknown-key", {}),
    (5, "key-of-other-log", "A key of another log signs nothing.", seal(canonical(payload(identity=digest(OTHER_FIRST), key_event=digest(OTHER_FIRST))), TYP, THIRD), OTHER_KEYS, "unknown-key", {}),
    (6, "thief-in-other-name", "A thief's signature in another's name is refused.", seal(RIGHT, TYP, THIEF, {"alg": "Ed25519", "kid": DAILY.kid, "typ": TYP}), KEYS, "bad-signature", {}),
    (6, "other-current-key", "A signature by another of the current keys than the named one is refused.", seal(canonical(payload(identity=digest(FOUR), key_event=digest(FOUR))), TYP, SPARE, {"alg": "Ed25519", "kid": DAILY.kid, "typ": TYP}), log(FOUR), "bad-signature", {}),
    (6, "signature-of-another", "The signature of another version is refused.", f"{HEAD}.{BODY}.{signed(sequence=4).rpartition('.')[2]}", KEYS, "bad-signature", {}),
    (6, "detached", "A payload that is kept elsewhere is refused.", f"{HEAD}..{GOOD.rpartition('.')[2]}", KEYS, "bad-signature", {}),
    (6, "all-zero", "A signature of zeros is refused.", f"{HEAD}.{BODY}.{b64(bytes(64))}", KEYS, "bad-signature", {}),
    (6, "small-r-order-8", "R of order 8 is refused, though the equation holds with cofactor.", f"{HEAD}.{BODY}.{b64(sign(DAILY, f'{HEAD}.{BODY}'.encode(), 0, SMALL['order-8']))}", KEYS, "bad-signature", {}),
    # JSON: what is no object, or more than one.
    (7, "empty", "An empty payload is refused.", raw(b""), KEYS, BAD, {}),
    (7, "null", "A payload that is null is refused.", raw(b"null"), KEYS, BAD, {}),
    (7, "list", "A payload that is a list is refused.", raw(b"[" + RIGHT + b"]"), KEYS, BAD, {}),
    (7, "text", "A payload that is a text is refused.", raw(json.dumps(RIGHT.decode()).encode()), KEYS, BAD, {}),
    (7, "no-members", "A payload without members is refused.", raw(b"{}"), KEYS, BAD, {}),
    (7, "two-objects", "Two payloads are refused.", raw(RIGHT * 2), KEYS, BAD, {}),
    (7, "cut", "A payload that is cut is refused.", raw(RIGHT[:-1]), KEYS, BAD, {}),
    (7, "trailing-comma", "A comma after the last member is refused.", written('"vocabulary":1}', '"vocabulary":1,}'), KEYS, BAD, {}),
    (7, "comment", "A comment is refused.", raw(RIGHT + b"/**/"), KEYS, BAD, {}),
    (7, "single-quotes", "Single quotation marks are refused.", written('"Ada"', "'Ada'"), KEYS, BAD, {}),
    (7, "bare-name", "A name without quotation marks is refused.", written('"v":1', "v:1"), KEYS, BAD, {}),
    # JSON: white space and order.
    (7, "space-in-front", "A space in front is refused.", raw(b" " + RIGHT), KEYS, BAD, {}),
    (7, "space-after-colon", "A space after a colon is refused.", written('"v":1', '"v": 1'), KEYS, BAD, {}),
    (7, "space-in-list", "A space in a list is refused.", written('["email"]', '["email" ]'), KEYS, BAD, {}),
    (7, "line-feed", "A line feed at the end is refused.", raw(RIGHT + b"\n"), KEYS, BAD, {}),
    (7, "tab", "A tab is refused.", written(',"v":1', ',\t"v":1'), KEYS, BAD, {}),
    (7, "nul", "U+0000 at the end is refused.", raw(RIGHT + b"\0"), KEYS, BAD, {}),
    (7, "order-in-grant", "Members out of order are refused in a grant.", written('"channels":["email"],"id":"g"', '"id":"g","channels":["email"]'), KEYS, BAD, {}),
    (7, "order-in-ext", "Names out of order are refused in ext.", ext('{"b":"x","a":"x"}'), KEYS, BAD, {}),
    (7, "order-of-numbers", "Names in ext are not sorted as numbers.", ext('{"9":"x","10":"x"}'), KEYS, BAD, {}),
    (7, "order-of-case", "Names in ext are not sorted without regard to case.", ext('{"a":"x","B":"x"}'), KEYS, BAD, {}),
    # JSON: members that stand twice.
    (7, "twice-in-whole", "A member that stands twice is refused, the right one first.", written('"status":"active"', '"status":"active","status":"withdrawn"'), KEYS, BAD, {}),
    (7, "twice-the-same", "A member that stands twice is refused, though both say the same.", written('"v":1', '"v":1,"v":1'), KEYS, BAD, {}),
    (7, "twice-escaped", "So it is where one is written with an escape.", written('"v":1', '"v":1,"\\u0076":1'), KEYS, BAD, {}),
    (7, "twice-in-subject", "A member that stands twice is refused in the subject.", written('"name":"Ada"', '"name":"Eve","name":"Ada"'), KEYS, BAD, {}),
    (7, "twice-in-company", "A member that stands twice is refused in a company.", written('"domain":"shop.example"', '"domain":"thief.example","domain":"shop.example"'), KEYS, BAD, {}),
    (7, "twice-in-grant", "A member that stands twice is refused in a grant.", written('"id":"g"', '"id":"h","id":"g"'), KEYS, BAD, {}),
    (7, "twice-in-sharing", "A member that stands twice is refused in a sharing.", twice('"named":["shop.example"]', '"named":["thief.example"],"named":["shop.example"]', grants=[A_GRANT | {"sharing": {"named": ["shop.example"]}}]), KEYS, BAD, {}),
    (7, "twice-in-refusal", "A member that stands twice is refused in a refusal.", twice('"id":"r"', '"id":"s","id":"r"', refusals=[A_REFUSAL]), KEYS, BAD, {}),
    (7, "twice-in-revocation", "A member that stands twice is refused in a trace.", twice(f'"revoked_at":{AT}', f'"revoked_at":0,"revoked_at":{AT}', revocations=[A_TRACE]), KEYS, BAD, {}),
    (7, "twice-in-channel", "A member that stands twice is refused in a contact rule.", twice('"max":"1/P1M"', '"max":"9/P1M","max":"1/P1M"', channels=[{"channel": "email", "max": "1/P1M"}]), KEYS, BAD, {}),
    (7, "twice-in-want", "A member that stands twice is refused in a want.", twice('"what":"Boots"', '"what":"Shoes","what":"Boots"', wants=[{"id": "w", "what": "Boots"}]), KEYS, BAD, {}),
    (7, "twice-in-interest", "A member that stands twice is refused in an interest.", twice('"level":"love"', '"level":"like","level":"love"', interests=[{"topic": "sg", "level": "love"}]), KEYS, BAD, {}),
    (7, "twice-in-ext", "A name that stands twice is refused in ext.", ext('{"a":"x","a":"y"}'), KEYS, BAD, {}),
    # JSON: numbers.
    (7, "infinity", "Infinity is refused.", written('"sequence":3', '"sequence":Infinity'), KEYS, BAD, {}),
    (7, "minus-infinity", "-Infinity is refused.", written('"sequence":3', '"sequence":-Infinity'), KEYS, BAD, {}),
    (7, "exponent", "A number with an exponent is refused.", written('"v":1', '"v":1e0'), KEYS, BAD, {}),
    (7, "exponent-plus", "So it is with a sign.", written('"sequence":3', '"sequence":3E+0'), KEYS, BAD, {}),
    (7, "huge-exponent", "A number that is only short as it is written is refused.", written('"sequence":3', '"sequence":1e999999999'), KEYS, BAD, {}),
    (7, "fraction", "A number with half a second is refused.", written(f'"iat":{AT}', f'"iat":{AT}.5'), KEYS, BAD, {}),
    (7, "leading-zero", "A leading zero is refused.", written('"sequence":3', '"sequence":03'), KEYS, BAD, {}),
    (7, "plus", "A plus sign is refused.", written('"sequence":3', '"sequence":+3'), KEYS, BAD, {}),
    (7, "hexadecimal", "Hexadecimal digits are refused.", written('"sequence":3', '"sequence":0x3'), KEYS, BAD, {}),
    (7, "minus-zero", "0 has no sign.", written(f'"iat":{AT}', '"iat":-0'), KEYS, BAD, {}),
    (7, "minus-one", "No version has a negative number.", signed(sequence=-1), KEYS, BAD, {}),
    (7, "2-to-the-64", "2^64+3 is not 3.", signed(sequence=2**64 + 3), KEYS, BAD, {}),
    (7, "1000-digits", "A number of 1,000 digits is refused.", written('"sequence":3', '"sequence":' + "9" * 1000), KEYS, BAD, {}),
    (7, "100000-digits", "A number of 100,000 digits is refused.", written('"sequence":3', '"sequence":' + "9" * 100_000), KEYS, BAD, {}),
    (7, "iat-before-1970", "No instant is before 1970.", signed(iat=-1), KEYS, BAD, {}),
    (7, "exp-after-9999", "No instant is after the year 9999.", signed(exp=253_402_300_800), KEYS, BAD, {}),
    (7, "iat-milliseconds", "An instant in milliseconds is refused.", signed(iat=AT * 1000), KEYS, BAD, {}),
    (7, "revoked-at-late", "No instant of a trace is after the year 9999.", revocation(revoked_at=253_402_300_800), KEYS, BAD, {}),
    (7, "vocabulary-zero", "The vocabulary's versions are counted from one.", signed(vocabulary=0), KEYS, BAD, {}),
    (7, "vocabulary-high", "No version of the vocabulary is above 1,000,000.", signed(vocabulary=1_000_001), KEYS, BAD, {}),
    # JSON: encodings.
    (7, "utf16-le", "UTF-16 is refused without a mark, too.", raw(RIGHT.decode().encode("utf-16-le")), KEYS, BAD, {}),
    (7, "utf16-be", "So it is with the other order of bytes.", raw(RIGHT.decode().encode("utf-16-be")), KEYS, BAD, {}),
    (7, "utf16-be-mark", "So it is with the other order of bytes and a mark.", raw(b"\xfe\xff" + RIGHT.decode().encode("utf-16-be")), KEYS, BAD, {}),
    (7, "utf32-le", "UTF-32 is refused.", raw(RIGHT.decode().encode("utf-32-le")), KEYS, BAD, {}),
    (7, "utf32-be-mark", "UTF-32 is refused with a mark, too.", raw(b"\0\0\xfe\xff" + RIGHT.decode().encode("utf-32-be")), KEYS, BAD, {}),
    (7, "latin-1", "A letter in Latin-1 is refused.", name(b"Zo\xeb"), KEYS, BAD, {}),
    (7, "cut-letter", "A letter of which a byte is missing is refused.", name(b"Zo\xc3"), KEYS, BAD, {}),
    (7, "stray-byte", "A byte that continues no letter is refused.", name(b"Ad\x80a"), KEYS, BAD, {}),
    (7, "overlong", "A letter in two bytes that has one is refused.", name(b"\xc1\x81da"), KEYS, BAD, {}),
    (7, "overlong-nul", "U+0000 in two bytes is refused.", name(b"Ada\xc0\x80"), KEYS, BAD, {}),
    (7, "overlong-three", "A solidus in three bytes is refused.", name(b"\xe0\x80\xafda"), KEYS, BAD, {}),
    (7, "surrogate-bytes", "A surrogate in three bytes is refused.", name(b"Ada\xed\xa0\x80"), KEYS, BAD, {}),
    (7, "surrogate-pair-bytes", "A letter as two surrogates of three bytes each is refused.", name(b"\xed\xa0\xbe\xed\xb6\x89"), KEYS, BAD, {}),
    (7, "beyond-unicode", "What lies beyond U+10FFFF is refused.", name(b"Ada\xf4\x90\x80\x80"), KEYS, BAD, {}),
    (7, "five-bytes", "A letter of five bytes is refused.", name(b"Ada\xf8\x88\x80\x80\x80"), KEYS, BAD, {}),
    # JSON: escapes and control characters.
    (7, "escaped-slash", "A solidus is not escaped.", written('"https://ada.example/"', '"https:\\/\\/ada.example\\/"'), KEYS, BAD, {}),
    (7, "escaped-member", "A name is not escaped.", written('"status"', '"st\\u0061tus"'), KEYS, BAD, {}),
    (7, "escaped-letter", "A letter beyond ASCII is not escaped.", name(b"Zo\\u00eb"), KEYS, BAD, {}),
    (7, "escaped-pair", "A letter beyond U+FFFF is not escaped.", name(b"\\ud83e\\udd89"), KEYS, BAD, {}),
    (7, "escaped-separator", "U+2028 is not escaped.", name(b"Ada\\u2028"), KEYS, BAD, {}),
    (7, "escaped-delete", "U+007F is not escaped.", name(b"Ada\\u007f"), KEYS, BAD, {}),
    (7, "long-escape", "A control character that has a short escape has no other.", name(b"Ada\\u000a"), KEYS, BAD, {}),
    (7, "capital-escape", "Hexadecimal digits of an escape are small.", name(b"Ada\\u001F"), KEYS, BAD, {}),
    (7, "escaped-quote", "A quotation mark has its short escape.", name(b"Ada\\u0022"), KEYS, BAD, {}),
    (7, "unknown-escape", "There are no other escapes.", name(b"\\x41da"), KEYS, BAD, {}),
    (7, "high-surrogate", "A high surrogate alone is refused.", name(b"Ada\\ud83e"), KEYS, BAD, {}),
    (7, "low-surrogate", "A low surrogate alone is refused.", name(b"Ada\\udd89"), KEYS, BAD, {}),
    (7, "turned-surrogates", "Two surrogates the wrong way round are refused.", name(b"\\udd89\\ud83e"), KEYS, BAD, {}),
    (7, "surrogate-in-ext", "A surrogate alone is refused in ext, too.", ext(b'{"a":"\\ud800"}'), KEYS, BAD, {}),
    (7, "control-character", "A control character is escaped.", name(b"Ada\x01"), KEYS, BAD, {}),
    (7, "control-line-feed", "A line feed in a text is escaped.", name(b"A\nda"), KEYS, BAD, {}),
    (7, "control-tab", "A tab in a text is escaped.", name(b"A\tda"), KEYS, BAD, {}),
    (7, "control-nul", "U+0000 in a text is escaped.", name(b"Ada\x00"), KEYS, BAD, {}),
    # JSON: depth.
    (7, "deep-objects", "Objects of many levels are refused.", written('{"name":"Ada"}', '{"a":' * 20_000 + "1" + "}" * 20_000), KEYS, BAD, {}),
    (7, "deep-unknown", "What is nested in an unknown member is refused.", written('"v":1', '"unknown":' + "[" * 60_000 + "]" * 60_000 + ',"v":1'), KEYS, BAD, {}),
    (7, "deep-ext", "What is nested in ext is refused.", ext('{"a":' + "[" * 20_000 + "]" * 20_000 + "}"), KEYS, BAD, {}),
    (7, "deep-ext-objects", "So are objects of many levels.", ext('{"a":' * 20_000 + '"x"' + "}" * 20_000), KEYS, BAD, {}),
    (7, "deep-whole", "A payload that is nothing but levels is refused.", raw(b"[" * 20_000 + b"]" * 20_000), KEYS, BAD, {}),
    # Values of another kind.
    (7, "exp-text", "A number is not written as a text.", signed(exp=str(AT + DAY)), KEYS, BAD, {}),
    (7, "iat-day", "An instant of the whole is a number, not a text.", signed(iat="2026-11-21T09:00:00Z"), KEYS, BAD, {}),
    (7, "version-text", "The version is a number.", signed(v="1"), KEYS, BAD, {}),
    (7, "id-number", "A text is not written as a number.", grant(id=1), KEYS, BAD, {}),
    (7, "status-true", "The status is a word.", signed(status=True), KEYS, BAD, {}),
    (7, "sequence-true", "true is no number.", signed(sequence=True), KEYS, BAD, {}),
    (7, "never-one", "1 is not true.", rule(never=1), KEYS, BAD, {}),
    (7, "never-text", "A text is not true.", rule(never="true"), KEYS, BAD, {}),
    (7, "subject-list", "The subject is no list.", signed(subject=[]), KEYS, BAD, {}),
    (7, "subject-text", "The subject is no text.", signed(subject="Ada"), KEYS, BAD, {}),
    (7, "subject-null", "The subject is not null.", signed(subject=None), KEYS, BAD, {}),
    (7, "companies-object", "The companies are a list.", signed(companies={"shop.example": {}}), KEYS, BAD, {}),
    (7, "companies-texts", "A company is an object.", signed(companies=["shop.example"]), KEYS, BAD, {}),
    (7, "grants-object", "The grants are a list.", signed(grants=A_GRANT), KEYS, BAD, {}),
    (7, "grants-null", "No grant is null.", signed(grants=[A_GRANT, None]), KEYS, BAD, {}),
    (7, "to-text", "Who may is a list, also of one.", grant(to="shop.example"), KEYS, BAD, {}),
    (7, "signals-text", "Signals are a list.", grant(signals="cart.contents"), KEYS, BAD, {}),
    (7, "sharing-list", "A sharing with companies is an object.", grant(sharing=["shop.example"]), KEYS, BAD, {}),
    (7, "named-text", "The companies of a sharing are a list.", grant(sharing={"named": "shop.example"}), KEYS, BAD, {}),
    (7, "ext-list", "ext is an object.", ext("[]"), KEYS, BAD, {}),
    (7, "ext-object", "ext has no objects.", ext('{"a":{}}'), KEYS, BAD, {}),
    (7, "ext-value-list", "ext has no lists.", ext('{"a":["x"]}'), KEYS, BAD, {}),
    (7, "ext-true", "ext has no booleans.", ext('{"a":true}'), KEYS, BAD, {}),
    # What is absent is left out, and what is there is not empty.
    (7, "null-companies", "A list that is absent is not null.", signed(companies=None), KEYS, BAD, {}),
    (7, "null-ext", "ext that is absent is not null.", ext("null"), KEYS, BAD, {}),
    (7, "null-in-ext", "What is absent in ext is not null.", ext('{"a":null}'), KEYS, BAD, {}),
    (7, "null-name", "A name that is absent is not null.", signed(subject={"name": None}), KEYS, BAD, {}),
    (7, "null-granularity", "A limit that is absent is not null.", grant(granularity=None), KEYS, BAD, {}),
    (7, "null-until", "An end that is absent is not null.", grant(until=None), KEYS, BAD, {}),
    (7, "exp-null", "A member that is always there is not null.", signed(exp=None), KEYS, BAD, {}),
    (7, "empty-ext", "An empty ext is left out.", ext("{}"), KEYS, BAD, {}),
    (7, "empty-channels", "An empty list of channels is left out.", grant(channels=[]), KEYS, BAD, {}),
    (7, "empty-categories", "An empty list of categories is left out: it is not that of no category.", grant(categories=[]), KEYS, BAD, {}),
    (7, "empty-scope", "An empty list of signals is left out of a refusal.", refusal(signals=[]), KEYS, BAD, {}),
    (7, "empty-languages", "An empty list of languages is left out.", signed(subject={"languages": []}), KEYS, BAD, {}),
    (7, "empty-open-to", "An empty list of those who may answer is left out.", want(open_to=[]), KEYS, BAD, {}),
    (7, "empty-grants", "An empty list of grants is left out.", signed(grants=[]), KEYS, BAD, {}),
    (7, "written-never", "never that is false is left out.", rule(never=False), KEYS, BAD, {}),
    (7, "empty-name", "A text is not empty.", signed(subject={"name": ""}), KEYS, BAD, {}),
    (7, "to-nobody", "A grant is to somebody.", grant(to=[]), KEYS, BAD, {}),
    (7, "no-signals", "A grant names a signal.", grant(signals=[]), KEYS, BAD, {}),
    (7, "no-purposes", "A grant names a purpose.", grant(purposes=[]), KEYS, BAD, {}),
    (7, "refusal-to-nobody", "A refusal is to somebody.", refusal(to=[]), KEYS, BAD, {}),
    (7, "revocation-to-nobody", "A trace is of somebody.", revocation(to=[]), KEYS, BAD, {}),
    (7, "named-nobody", "A sharing with companies names one.", grant(sharing={"named": []}), KEYS, BAD, {}),
    (7, "no-version", "A payload has its version.", without("v"), KEYS, BAD, {}),
    (7, "no-previous", "previous is written also where it is null.", without("previous"), KEYS, BAD, {}),
    (7, "no-subject", "subject is written also where it is empty.", without("subject"), KEYS, BAD, {}),
    (7, "no-status", "A payload has its status.", without("status"), KEYS, BAD, {}),
    (7, "no-identity", "A payload says whose it is.", without("identity"), KEYS, BAD, {}),
    (7, "grant-without-id", "A grant has its name.", bare_grant("id"), KEYS, BAD, {}),
    (7, "grant-without-purposes", "A grant says what for.", bare_grant("purposes"), KEYS, BAD, {}),
    (7, "revocation-without-time", "A trace says since when.", signed(revocations=[A_REFUSAL]), KEYS, BAD, {}),
    # Members that nobody knows.
    (7, "unknown-in-subject", "A member that nobody knows is refused in the subject.", signed(subject={"name": "Ada", "email": "x"}), KEYS, BAD, {}),
    (7, "unknown-in-company", "A member that nobody knows is refused in a company.", company(vat="x"), KEYS, BAD, {}),
    (7, "unknown-in-grant", "A member that nobody knows is refused in a grant: it might narrow it.", grant(only_on="monday"), KEYS, BAD, {}),
    (7, "unknown-in-sharing", "A member that nobody knows is refused in a sharing.", grant(sharing={"named": ["shop.example"], "until": "x"}), KEYS, BAD, {}),
    (7, "unknown-in-refusal", "A member that nobody knows is refused in a refusal.", refusal(unless="x"), KEYS, BAD, {}),
    (7, "unknown-in-revocation", "A member that nobody knows is refused in a trace.", revocation(why="x"), KEYS, BAD, {}),
    (7, "unknown-in-channel", "A member that nobody knows is refused in a contact rule.", rule(days="x"), KEYS, BAD, {}),
    (7, "unknown-in-want", "A member that nobody knows is refused in a want.", want(size="42"), KEYS, BAD, {}),
    (7, "unknown-in-interest", "A member that nobody knows is refused in an interest.", interest(since="x"), KEYS, BAD, {}),
    (7, "source-member", "A member of a source is none of a payload.", signed(valid={"for": "P6M"}), KEYS, BAD, {}),
    (7, "other-case", "A member is told apart by its case.", signed(Status="active"), KEYS, BAD, {}),
    (7, "jwt-claim", "A claim of JWT that is not described is refused.", signed(nbf=AT), KEYS, BAD, {}),
    (7, "context", "A payload has no context of JSON-LD.", signed(**{"@context": "https://thief.example/"}), KEYS, BAD, {}),
    (7, "proto", "A member is refused also where it means something in a language.", raw(b'{"__proto__":{},' + RIGHT[1:]), KEYS, BAD, {}),
    (7, "ext-long-name", "A name in ext has 100 characters at the most.", signed(ext={"n" * 101: "x"}), KEYS, BAD, {}),
    (7, "ext-long-value", "A value in ext has 1,000 characters at the most.", signed(ext={"a": "v" * 1001}), KEYS, BAD, {}),
    (7, "ext-1001-letters", "1,001 code points are too many for a value in ext.", raw(text(payload(ext={"a": "🦉" * 1001}))), KEYS, BAD, {}),
    (7, "ext-letters-in-name", "A name in ext is printable ASCII.", raw(text(payload(ext={"é": "x"}))), KEYS, BAD, {}),
    (7, "ext-control-in-name", "A name in ext has no control character.", ext('{"a\\n":"x"}'), KEYS, BAD, {}),
    (7, "ext-delete-in-name", "U+007F is not printable.", ext(b'{"a\x7f":"x"}'), KEYS, BAD, {}),
    # Words and forms.
    (7, "status-unknown", "A status that nobody knows is refused.", signed(status="paused"), KEYS, BAD, {}),
    (7, "status-capital", "A status is written small.", signed(status="Active"), KEYS, BAD, {}),
    (7, "sharing-unknown", "A sharing that nobody knows is refused.", grant(sharing="partners"), KEYS, BAD, {}),
    (7, "granularity-unknown", "A granularity that nobody knows is refused.", grant(granularity="session"), KEYS, BAD, {}),
    (7, "level-unknown", "A level that nobody knows is refused.", interest(level="hate"), KEYS, BAD, {}),
    (7, "previous-empty", "A digest is not empty.", signed(previous=""), KEYS, BAD, {}),
    (7, "previous-short", "A digest has 43 characters.", signed(previous="A" * 42), KEYS, BAD, {}),
    (7, "previous-long", "A digest has 43 characters, not 44.", signed(previous="A" * 44), KEYS, BAD, {}),
    (7, "previous-padded", "A digest has no padding.", signed(previous="A" * 43 + "="), KEYS, BAD, {}),
    (7, "previous-loose-bits", "A digest is in its one form.", signed(previous="A" * 42 + "B"), KEYS, BAD, {}),
    (7, "previous-base64", "A digest is in base64url.", signed(previous="+" + "A" * 42), KEYS, BAD, {}),
    (7, "previous-hex", "A digest is not in hexadecimal digits.", signed(previous="0" * 64), KEYS, BAD, {}),
    (7, "previous-number", "A digest is a text.", signed(previous=2), KEYS, BAD, {}),
    (7, "previous-line-feed", "A digest is followed by nothing.", signed(previous="A" * 43 + "\n"), KEYS, BAD, {}),
    (7, "identity-loose-bits", "The identity is in its one form.", signed(identity=loose_bits(digest(FIRST))), KEYS, BAD, {}),
    (7, "identity-hex", "The identity is not in hexadecimal digits.", signed(identity=unb64(digest(FIRST)).hex()), KEYS, BAD, {}),
    (7, "key-event-null", "The key event is not null.", signed(key_event=None), KEYS, BAD, {}),
    (7, "sub-http", "An address is one of https.", *of_address("http://ada.example/"), BAD, {"base": "http://ada.example/"}),
    (7, "sub-no-slash", "An address ends with a solidus.", *of_address("https://ada.example"), BAD, {"base": "https://ada.example"}),
    (7, "sub-query", "So it does with a query.", *of_address("https://ada.example/?x"), BAD, {"base": "https://ada.example/?x"}),
    (7, "sub-501", "An address has 500 characters at the most.", signed(sub="https://ada.example/" + "a" * 480 + "/"), KEYS, BAD, {}),
    (7, "id-capital", "An id is written small.", grant(id="G"), KEYS, BAD, {}),
    (7, "id-hyphen", "An id does not begin with a hyphen.", grant(id="-g"), KEYS, BAD, {}),
    (7, "id-long", "An id has 64 characters at the most.", grant(id="g" * 65), KEYS, BAD, {}),
    (7, "id-line-feed", "An id is followed by nothing.", grant(id="g\n"), KEYS, BAD, {}),
    (7, "domain-capital", "A domain is written small.", more_company("Other.example"), KEYS, BAD, {}),
    (7, "domain-u-label", "A domain is in A-label form, not in another.", raw(text(payload(companies=[{"domain": "shop.example"}, {"domain": "münchen.example"}]))), KEYS, BAD, {}),
    (7, "domain-dot", "A domain has no dot at its end.", more_company("other.example."), KEYS, BAD, {}),
    (7, "domain-one-label", "A domain has two labels.", more_company("localhost"), KEYS, BAD, {}),
    (7, "domain-long-label", "A label has 63 characters at the most.", more_company("a" * 64 + ".example"), KEYS, BAD, {}),
    (7, "domain-long", "A domain has 253 characters at the most.", more_company(".".join(["a" * 61] * 4) + ".example"), KEYS, BAD, {}),
    (7, "domain-of-254", "254 characters are too many for a domain.", more_company(TOO_LONG_HOST), KEYS, BAD, {}),
    (7, "domain-hyphen", "A label does not end with a hyphen.", more_company("other-.example"), KEYS, BAD, {}),
    (7, "domain-underscore", "A label has no underscore.", more_company("my_shop.example"), KEYS, BAD, {}),
    (7, "domain-port", "A domain has no port.", more_company("other.example:443"), KEYS, BAD, {}),
    (7, "domain-url", "A domain is no URL.", more_company("https://other.example/"), KEYS, BAD, {}),
    (7, "domain-wildcard", "A domain has no wildcard.", more_company("*.example"), KEYS, BAD, {}),
    (7, "domain-everyone", "Everyone is no company.", more_company("*"), KEYS, BAD, {}),
    (7, "named-everyone", "A sharing does not name everyone.", grant(sharing={"named": ["*"]}), KEYS, BAD, {}),
    (7, "word-three-parts", "A word has two parts at the most.", grant(signals=["cart.contents.x"]), KEYS, BAD, {}),
    (7, "word-empty-part", "No part of a word is empty.", grant(signals=["cart."]), KEYS, BAD, {}),
    (7, "word-long", "A part of a word has 32 characters at the most.", grant(signals=["c" * 33]), KEYS, BAD, {}),
    (7, "word-wildcard", "A word has no wildcard.", grant(signals=["cart.*"]), KEYS, BAD, {}),
    (7, "category-capital", "A category is written small.", grant(categories=["SG"]), KEYS, BAD, {}),
    (7, "category-deep", "A category has seven numbers at the most.", grant(categories=["sg" + "-1" * 8]), KEYS, BAD, {}),
    (7, "category-10000", "A number in a category is not above 9999.", grant(categories=["sg-10000"]), KEYS, BAD, {}),
    (7, "duration-100-years", "A duration has no more than 99 years.", grant(lookback="P100Y"), KEYS, BAD, {}),
    (7, "duration-1000-months", "A duration has no more than 999 months.", grant(lookback="P1000M"), KEYS, BAD, {}),
    (7, "duration-1000-weeks", "A duration has no more than 999 weeks.", grant(retention="P1000W"), KEYS, BAD, {}),
    (7, "duration-10000-days", "A duration has no more than 9999 days.", grant(retention="P10000D"), KEYS, BAD, {}),
    (7, "duration-zero", "A duration is not zero.", grant(lookback="P0D"), KEYS, BAD, {}),
    (7, "duration-hours", "A duration has no hours.", grant(lookback="PT24H"), KEYS, BAD, {}),
    (7, "duration-order", "A duration has its parts in order.", grant(retention="P1D1M"), KEYS, BAD, {}),
    (7, "rate-zero", "A rate is not zero.", grant(frequency="0/P1M"), KEYS, BAD, {}),
    (7, "rate-high", "A rate is 9999 at the most.", rule(max="10000/P1M"), KEYS, BAD, {}),
    (7, "time-offset", "An instant is in UTC.", grant(until="2027-02-01T00:00:00+00:00"), KEYS, BAD, {}),
    (7, "time-small", "T and Z are capitals.", grant(until="2027-02-01t00:00:00z"), KEYS, BAD, {}),
    (7, "time-space", "T stands between day and hour.", grant(until="2027-02-01 00:00:00Z"), KEYS, BAD, {}),
    (7, "time-fraction", "An instant has whole seconds.", grant(until="2027-02-01T00:00:00.5Z"), KEYS, BAD, {}),
    (7, "time-day", "A day is no instant.", grant(until="2027-02-01"), KEYS, BAD, {}),
    (7, "time-before-1970", "No instant is before 1970, as text neither.", grant(**{"from": "1969-12-31T23:59:59Z"}), KEYS, BAD, {}),
    (7, "time-no-leap-day", "29 February does not exist in other years.", want(until="2027-02-29T00:00:00Z"), KEYS, BAD, {}),
    (7, "time-month-13", "There is no month 13.", grant(until="2027-13-01T00:00:00Z"), KEYS, BAD, {}),
    (7, "country-small", "A country is two capitals.", signed(subject={"country": "ie"}), KEYS, BAD, {}),
    (7, "country-three", "A country has no third capital.", signed(subject={"country": "IEX"}), KEYS, BAD, {}),
    (7, "language-of-9", "A language has no more than 8 letters in its first subtag.", signed(subject={"languages": ["abcdefghi"]}), KEYS, BAD, {}),
    (7, "language-subtag-of-9", "A language has no more than 8 letters in a further subtag.", signed(subject={"languages": ["en-abcdefghi"]}), KEYS, BAD, {}),
    (7, "language-six-subtags", "A language has no more than 5 further subtags.", signed(subject={"languages": ["en-a1-b1-c1-d1-e1-f1"]}), KEYS, BAD, {}),
    (7, "zone-of-65", "The name of a time zone has no more than 64 characters.", rule(quiet="20:00-08:00 " + "A" * 65), KEYS, BAD, {}),
    (7, "language-underscore", "A language has no underscore.", signed(subject={"languages": ["en_GB"]}), KEYS, BAD, {}),
    (7, "501-letters", "A text has 500 characters at the most, in the note of a grant, too.", grant(note="x" * 501), KEYS, BAD, {}),
    # Whose profile it is.
    (8, "other-host", "Another host is another address.", GOOD, KEYS, "wrong-address", {"base": "https://eve.example/"}),
    (8, "sub-domain", "A sub-domain is another address.", GOOD, KEYS, "wrong-address", {"base": "https://www.ada.example/"}),
    (8, "above", "What a path is below is another address.", *of_address("https://ada.example/x/"), "wrong-address", {}),
    (8, "trailing-dot", "A dot at the end of the host makes another address.", GOOD, KEYS, "wrong-address", {"base": "https://ada.example./"}),
    (8, "http", "Another scheme makes another address.", GOOD, KEYS, "wrong-address", {"base": "http://ada.example/"}),
    (8, "upper-case", "Capitals make another address.", GOOD, KEYS, "wrong-address", {"base": "https://ADA.example/"}),
    (8, "port", "A port makes another address, also the usual one.", GOOD, KEYS, "wrong-address", {"base": "https://ada.example:443/"}),
    (8, "no-slash", "An address without its last solidus is another one.", GOOD, KEYS, "wrong-address", {"base": "https://ada.example"}),
    (8, "query", "A query makes another address.", GOOD, KEYS, "wrong-address", {"base": "https://ada.example/?x"}),
    (8, "only-profile-elsewhere", "A profile that speaks for another address is refused, though its log does not.", signed(sub="https://eve.example/"), KEYS, "wrong-address", {}),
    (8, "log-without-url", "A key log whose sub is no URL is of another address.", signed(identity=digest(NO_URL), key_event=digest(NO_URL)), log(NO_URL), "wrong-address", {}),
    (8, "log-without-address", "So is one whose sub is empty.", signed(identity=digest(NO_SUB), key_event=digest(NO_SUB)), log(NO_SUB), "wrong-address", {}),
    (8, "log-line-feed", "So is one whose sub is the address and a line feed.", signed(identity=digest(LINE_FEED), key_event=digest(LINE_FEED)), log(LINE_FEED), "wrong-address", {}),
    (8, "log-262144-bytes", "A key log of 262,144 bytes is read to its end, where its keys and its address stand.", seal(canonical(payload(identity=digest(LARGEST_LOG.splitlines()[0]), key_event=digest(LARGEST_LOG.splitlines()[-1]))), TYP, LINKS[63]), LARGEST_LOG, "wrong-address", {}),
    (8, "sub-port", "An address with a port is not canonical, though everything is signed for it.", *at("https://ada.example:443/")),
    (8, "sub-other-port", "Nor is one with another port.", *at("https://ada.example:8443/")),
    (8, "sub-empty-port", "Nor is one with a colon and no port.", *at("https://ada.example:/")),
    (8, "sub-user", "Nor is one with a user.", *at("https://ada@ada.example/")),
    (8, "sub-query-slash", "Nor is one with a query.", *at("https://ada.example/?x/")),
    (8, "sub-empty-query", "Nor is one with an empty query.", *at("https://ada.example/?/")),
    (8, "sub-fragment", "Nor is one with a fragment.", *at("https://ada.example/#x/")),
    (8, "sub-capitals", "Nor is one with capitals in its host.", *at("https://ADA.example/")),
    (8, "sub-dot-segment", "Nor is one with a dot segment.", *at("https://ada.example/./")),
    (8, "sub-two-dots", "Nor is one with a segment of two dots.", *at("https://ada.example/x/../")),
    (8, "sub-empty-segment", "Nor is one with an empty segment.", *at("https://ada.example//")),
    (8, "sub-empty-segment-within", "Nor is one with an empty segment within.", *at("https://ada.example/x//y/")),
    (8, "sub-percent", "Nor is one with a percent-encoded letter.", *at("https://ada.example/%61/")),
    (8, "sub-percent-needed", "Nor is one with a letter that only percent-encoding can write.", *at("https://ada.example/%C3%A9/")),
    (8, "sub-backslash", "Nor is one with a letter that no segment has.", *at("https://ada.example/a\\b/")),
    (8, "sub-ip", "Nor is one with an IP address.", *at("https://192.0.2.1/")),
    (8, "sub-ipv6", "Nor is one with an IPv6 address.", *at("https://[2001:db8::1]/")),
    (8, "sub-one-label", "Nor is one with a host of one label.", *at("https://localhost/")),
    (8, "sub-dot-behind", "Nor is one with a dot behind its host.", *at("https://ada.example./")),
    (8, "sub-underscore", "Nor is one with an underscore in its host.", *at("https://my_site.example/")),
    (8, "sub-hyphen", "Nor is one with a label that ends with a hyphen.", *at("https://ada-.example/")),
    (8, "sub-long-host", "Nor is one with a host of 254 characters.", *at(f"https://{TOO_LONG_HOST}/")),
    (8, "sub-long-label", "Nor is one with a label of 64 characters.", *at(f"https://{'a' * 64}.example/")),
    (8, "floor-itself", "The version that the floor names is itself of an earlier line.", GOOD, FLOORED_STILL_DAILY, "wrong-key-event", {}),
    (8, "log-of-same-keys", "Another log of the same keys is another identity.", signed(key_event=digest(OTHER_FIRST)), OTHER_KEYS, "wrong-identity", {}),
    (8, "identity-of-last-line", "The identity is the digest of the first line, not of the last.", after_rotation(rotated(), identity=digest(second())), rotated(), "wrong-identity", {}),
    (8, "identity-of-key", "The identity is no thumbprint of a key.", signed(identity=DAILY.kid), KEYS, "wrong-identity", {}),
    (8, "key-event-of-other-log", "The key event is of this log.", signed(key_event=digest(OTHER_FIRST)), KEYS, "wrong-key-event", {}),
    (8, "key-event-of-first-line", "The key event is the last line, not the first.", seal(RIGHT, TYP, DAILY), STILL_DAILY, "wrong-key-event", {}),
    (8, "key-event-to-come", "The key event is not a line that is not there.", signed(key_event=digest(second())), KEYS, "wrong-key-event", {}),
    # Time.
    (9, "far-future", "A profile from the year 9999 is refused.", signed(iat=253_402_300_798, exp=253_402_300_799), KEYS, "from-the-future", {}),
    (9, "ends-before", "A profile that ends a second before it begins is refused.", signed(exp=AT - 1), KEYS, "ends-before-it-begins", {}),
    (9, "endless", "A profile that holds until the year 9999 is refused.", signed(exp=253_402_300_799), KEYS, "lives-too-long", {}),
    (9, "ended-long-ago", "A profile of 1970 has ended.", signed(iat=0, exp=DAY), KEYS, "expired", {}),
    (9, "withdrawn-ended", "A withdrawn profile ends like others.", signed(status="withdrawn", exp=AT + 10), KEYS, "expired", {"at": AT + 10}),
    # The floor.
    (11, "first-below", "The first version stands no more than others below the floor.", after_rotation(FLOORED, sequence=1, previous=None), FLOORED, "below-floor", {}),
    (11, "follows-nothing", "The version after the floor follows it.", after_rotation(FLOORED, sequence=4, previous=None), FLOORED, "below-floor", {}),
    (11, "floor-of-first-line", "A floor of the first line counts.", signed(identity=digest(line(event(DAILY, floor=FLOOR), DAILY)), key_event=digest(line(event(DAILY, floor=FLOOR), DAILY)), sequence=2), log(line(event(DAILY, floor=FLOOR), DAILY)), "below-floor", {}),
    (11, "at-lower-floor", "Of two floors the last counts, though it is lower: at its number nothing is accepted.", after_rotation(LOWERED, THIRD), LOWERED, "below-floor", {}),
    (11, "follows-other-than-lower-floor", "What is numbered after the last floor follows it, though it is lower than another.", after_rotation(LOWERED, THIRD, sequence=4), LOWERED, "below-floor", {}),
    # The whole.
    (12, "withdrawn-same-grant", "A withdrawn profile is as whole as others: two grants of one name are refused.", signed(status="withdrawn", grants=DOUBLE), KEYS, "duplicate-id", {}),
    (12, "withdrawn-same-revocation", "So are two traces of one name.", signed(status="withdrawn", revocations=[A_TRACE, A_TRACE]), KEYS, "duplicate-id", {}),
    (12, "withdrawn-dangling", "So is a company in it that is not listed.", signed(status="withdrawn", grants=[A_GRANT | {"to": ["thief.example"]}]), KEYS, "dangling-reference", {}),
    (12, "everyone-and-dangling", "That everyone is granted something does not list a company.", grant(to=["*", "thief.example"]), KEYS, "dangling-reference", {}),
    (12, "third-company", "Two companies of one name are refused, though another stands between.", signed(companies=[{"domain": "shop.example"}, {"domain": "a.example"}, {"domain": "shop.example", "name": "Shop"}]), KEYS, "duplicate-id", {}),
    (12, "grants-differ", "Two grants of one name are refused, whatever they say.", signed(grants=[A_GRANT, A_GRANT | {"to": ["*"]}]), KEYS, "duplicate-id", {}),
    (12, "dangling-parent", "That a company is listed says nothing about its sub-domain.", grant(to=["www.shop.example"]), KEYS, "dangling-reference", {}),
    (12, "dangling-second", "Every company that is granted something is listed.", grant(to=["shop.example", "thief.example"]), KEYS, "dangling-reference", {}),
    (12, "dangling-none-listed", "Where nobody is listed nobody is granted anything.", without("companies"), KEYS, "dangling-reference", {}),
    # More than one fault: that of the earliest step, and within a step the first that it names.
    (1, "size-before-segments", "The sizes of both files are asked before what is in them.", "<!DOCTYPE html>", KEYS + "A" * 262_144, "too-large", {}),
    (2, "segments-before-alphabet", "That there are four segments is told before padding.", f"{GOOD}==.", KEYS, "not-three-segments", {}),
    (2, "alphabet-before-length", "Padding is told before a signature that is too short.", f"{HEAD}=.{BODY}.{b64(bytes(63))}", KEYS, "bad-base64url", {}),
    (2, "segments-before-log", "A profile that is no envelope is told before a key log that is none.", f"{HEAD}.{BODY}", "", "not-three-segments", {}),
    (3, "header-before-log", "A header that is not right is told before a key log that is not.", header(alg="none"), "", "bad-header", {}),
    (4, "log-before-key", "A key log that is not right is told before a key that is not in it.", seal(RIGHT, TYP, THIEF), FIRST, "keylog-lines", {}),
    (4, "log-before-payload", "So it is before a payload that is no profile.", raw(b"hello"), log(FIRST, second(iat=AT - 2000)), "keylog-time", {}),
    (5, "key-before-payload", "A key that is not in the log is told before a payload that is no profile.", seal(b"hello", TYP, THIEF), KEYS, "unknown-key", {}),
    (5, "key-before-key-event", "That the floor's version is of an old key is told before its being of an old line.", GOOD, FLOORED, "unknown-key", {}),
    (6, "signature-before-payload", "A signature that does not verify is told before a payload that is no profile.", f"{HEAD}.{b64(b'hello')}.{SIGNATURE}", KEYS, "bad-signature", {}),
    (7, "payload-before-address", "A payload that is no profile is told before another address.", signed(consent="all"), KEYS, BAD, {"base": "https://eve.example/"}),
    (7, "payload-before-time", "So it is before the end.", signed(consent="all"), KEYS, BAD, {"at": END}),
    (8, "address-before-identity", "Another address is told before another identity.", signed(identity="A" * 43), KEYS, "wrong-address", {"base": "https://eve.example/"}),
    (8, "address-of-log-before-identity", "So it is where only the key log is of another address.", GOOD, log(line(event(DAILY, sub="https://eve.example/"), DAILY)), "wrong-address", {}),
    (8, "identity-before-key-event", "Another identity is told before another key event.", GOOD, OTHER_KEYS, "wrong-identity", {}),
    (8, "key-event-before-time", "Another key event is told before the end.", signed(key_event="A" * 43), KEYS, "wrong-key-event", {"at": END}),
    (9, "future-before-backwards", "That a profile is from the future is told before its ending as it begins.", signed(exp=AT), KEYS, "from-the-future", {"at": AT - 301}),
    (9, "future-before-long", "That a profile is from the future is told before its holding too long.", signed(exp=AT + DAY * 401), KEYS, "from-the-future", {"at": AT - 301}),
    (9, "backwards-before-ended", "That a profile ends before it begins is told before its having ended.", signed(exp=AT - 1), KEYS, "ends-before-it-begins", {"at": END}),
    (9, "long-before-ended", "That a profile holds too long is told before its having ended.", signed(exp=AT + DAY * 401), KEYS, "lives-too-long", {"at": AT + DAY * 401}),
    (9, "ended-before-floor", "That a profile has ended is told before its being below the floor.", after_rotation(FLOORED, sequence=2), FLOORED, "expired", {"at": END}),
    (9, "ended-before-whole", "That a profile has ended is told before two grants of one name.", signed(grants=DOUBLE), KEYS, "expired", {"at": END}),
    (11, "floor-before-whole", "That a profile is below the floor is told before two grants of one name.", after_rotation(FLOORED, sequence=2, grants=DOUBLE), FLOORED, "below-floor", {}),
    (12, "name-before-reference", "Two things of one name are told before a company that is not listed.", signed(grants=[A_GRANT | {"to": ["thief.example"]}, A_GRANT], wants=[{"id": "w", "what": "Boots"}] * 2), KEYS, "duplicate-id", {}),
]  # fmt: skip


def place(step: int, case: str) -> str:
    """Give the anchor in SPEC.md that says so."""
    if step == 2 and case in ("mark", "utf16", "not-utf8"):
        return "base64url"
    if step == 7 and case.startswith(
        ("ext-", "unknown-in-", "null-in-ext", "other-case", "jwt-claim", "proto", "source-member", "context")
    ):
        return "ext"
    if step == 7 and case.startswith(("order-", "empty-", "null-", "written-", "escaped-", "space-")):
        return "canonical"
    if case in ("good-host-of-253", "good-domain-of-253", "sub-long-host", "domain-of-254"):
        return "companies"
    return f"verification-step-{step}" if step else "verification"


def given(profile: str | bytes, keys: str | bytes) -> Json:
    """Give text as text, and what is no text as base64."""
    files: Json = {}
    for member, data in (("profile", profile), ("keys", keys)):
        if isinstance(data, str):
            files[member] = data
        else:
            files[f"{member}_base64"] = base64.b64encode(data).decode()
    return files


def cases() -> Iterator[Case]:
    """Give the further cases of verifying."""
    for step, case, description, profile, keys, code, others in TABLE:
        files = given(profile, keys) | {"base": BASE, "at": AT} | others
        spec = f"SPEC.md#{place(step, case)}"
        if code:
            yield Case(f"step-{step}-{case}", description, spec, files, {"step": step, "code": code})
        else:
            assert isinstance(profile, str)
            assert isinstance(keys, str)
            expect = {"digest": digest(profile), "identity": digest(keys.splitlines()[0])}
            yield Case(case, description, spec, files, expect)
