"""History: earlier versions, each proven from the one that follows it, and the first that is not what it should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tables.case import Case
from tables.pin import DAY, END, FOURTH, LATER, ONE, OTHER_TWO, STILL, THREE, TWO, Log, Shown, floor, start
from tables.signing import (
    A_GRANT,
    AT,
    BASE,
    DAILY,
    SMALL_KEY,
    SPARE,
    THIEF,
    THIRD,
    TYP,
    Json,
    Key,
    b64,
    by_weak_key,
    canonical,
    digest,
    loose_bits,
    payload,
    seal,
    sign,
    unb64,
)


def made(number: int, keys: Log, after: Shown | str | None, **members: Any) -> Json:
    """Make the payload of a version that follows another one, or none, changed as said."""
    previous = after.digest if isinstance(after, Shown) else after
    link = {"identity": digest(keys.lines[0]), "key_event": keys.head, "sequence": number, "previous": previous}
    return payload(iat=AT + number * 60, exp=END) | link | members


def version(number: int, keys: Log, after: Shown | str | None, key: Key | None = None, **members: Any) -> Shown:
    """Sign a version under a log."""
    return Shown(seal(canonical(made(number, keys, after, **members)), TYP, key or keys.key), keys)


def written(data: bytes, header: bytes | Json | None = None) -> Shown:
    """Sign bytes as they are, under a header that may be another."""
    return Shown(seal(data, TYP, DAILY, header), ONE)


def ends(of: Shown, signature: bytes) -> Shown:
    """Put another signature under a version; its digest stays."""
    return of._replace(profile=f"{of.profile.rpartition('.')[0]}.{b64(signature)}")


V1 = version(1, ONE, None)
V2 = version(2, ONE, V1)
V3 = version(3, ONE, V2)
V4 = version(4, ONE, V3)
V5 = version(5, ONE, V4)
T3 = version(3, TWO, V2)
T4 = version(4, TWO, V3)
T5 = version(5, TWO, T4)
OTHER_V3 = version(3, ONE, V2, grants=[A_GRANT | {"to": ["*"]}])
END_OF_V3 = unb64(V3.profile.rpartition(".")[2])
MESSAGE_OF_V3 = V3.profile.rpartition(".")[0].encode()
RIGHT_V3 = made(3, ONE, V2)
ROOTLESS = version(4, ONE, None)

# Two keys are current, one of them weak.
BOTH = start(DAILY, SPARE, keys=[DAILY.jwk, THIRD.jwk])
WEAK = start(DAILY, SPARE, keys=[DAILY.jwk, SMALL_KEY])
BOTH_3 = version(3, BOTH, None, THIRD)
WEAK_3 = Shown(by_weak_key(canonical(made(3, WEAK, None)), TYP, SMALL_KEY), WEAK)

# Somebody else at another address, and Ada under another log.
EVE = start(THIEF, SPARE, sub="https://eve.example/")
EVE_3 = version(3, EVE, None, sub="https://eve.example/")
NEW = start(THIRD, FOURTH)
NEW_3 = version(3, NEW, V2)

# A thief of the daily key signed a version 3, 4 and 5 after version 2 or 3; the floor is version 3.
RECOVERED = ONE.then(SPARE, FOURTH, **floor(V3, 3))
R4 = version(4, RECOVERED, V3)
R5 = version(5, RECOVERED, R4)
THEFT_4 = version(4, ONE, V3, grants=[A_GRANT | {"to": ["*"]}])
THEFT_5 = version(5, ONE, THEFT_4)
CARELESS_4 = version(4, RECOVERED, OTHER_V3)
# A second recovery, to a floor that is lower than the first, and one that is higher.
LOWERED = RECOVERED.then(FOURTH, THIRD, **floor(V2, 2))
R6 = version(6, RECOVERED, THEFT_5)
RAISED = RECOVERED.then(FOURTH, THIRD, **floor(R6, 6))


def after(of: Shown, number: int = 4, keys: Log | None = None) -> Shown:
    """Give the version that verifies, as the next one after another."""
    return version(number, keys or of.keys, of)


# name, sentence, the version that verifies, what is there, and what is proven
PROVEN: list[tuple[str, str, Shown, Mapping[int, Shown | str], list[Shown]]] = [
    ("none-there", "Where no earlier version is there, none is proven, and nothing is wrong.", V4, {}, []),
    ("first", "Before a first version that follows none there is none.", V1, {}, []),
    ("first-that-follows", "A first version that says it follows one ends the chain where that is not there.", version(1, ONE, "A" * 43), {}, []),
    ("one", "An earlier version is proven by its digest in the one that follows it.", V4, {3: V3}, [V3]),
    ("three", "So is the one before that, and so on back to the first.", V4, {3: V3, 2: V2, 1: V1}, [V3, V2, V1]),
    ("from-within", "What is there of later versions is not asked.", V3, {5: "x", 4: "<!DOCTYPE html>", 3: "x", 2: V2, 1: V1}, [V2, V1]),
    ("gap", "The first version that is not there ends the chain; what lies beyond is not proven.", V5, {4: V4, 2: V2, 1: V1}, [V4]),
    ("gap-at-once", "So it does at once where it is the next.", V5, {3: V3, 2: V2, 1: V1}, []),
    ("gap-before-fault", "What lies beyond a gap is not looked at.", V5, {4: V4, 2: "<!DOCTYPE html>"}, [V4]),
    ("follows-none", "A version that follows none ends the chain, whatever its number, and whatever is there.", ROOTLESS, {3: V3, 2: V2}, []),
    ("follows-none-earlier", "So does an earlier one.", version(5, ONE, ROOTLESS), {4: ROOTLESS, 3: V3}, [ROOTLESS]),
    ("same-second", "Two versions may be of the same second.", version(4, ONE, V3, iat=AT + 180), {3: V3}, [V3]),
    ("ended", "A version that has ended is proven all the same.", after(version(3, ONE, V2, exp=LATER - 1)), {3: version(3, ONE, V2, exp=LATER - 1), 2: V2}, [version(3, ONE, V2, exp=LATER - 1), V2]),
    ("long", "So is one that holds for more than 400 days: step 9 is not taken.", after(version(3, ONE, V2, exp=AT + DAY * 500)), {3: version(3, ONE, V2, exp=AT + DAY * 500)}, [version(3, ONE, V2, exp=AT + DAY * 500)]),
    ("withdrawn", "A withdrawn version is a version like others.", after(version(3, ONE, V2, status="withdrawn")), {3: version(3, ONE, V2, status="withdrawn"), 2: V2}, [version(3, ONE, V2, status="withdrawn"), V2]),
    ("other-signature", "A version is the same under another signature of its key.", V4, {3: ends(V3, sign(DAILY, MESSAGE_OF_V3))}, [V3]),
    ("other-current-key", "Each of the keys that were current may have signed.", version(4, BOTH, BOTH_3), {3: BOTH_3}, [BOTH_3]),
    ("rotated", "A version of before a rotation is proven by the keys of then.", T4, {3: V3, 2: V2, 1: V1}, [V3, V2, V1]),
    ("rotated-same-key", "A key that a later line names again has signed under both.", version(4, STILL, V3), {3: V3, 2: V2}, [V3, V2]),
    ("rotated-twice", "So is one of before two.", version(5, THREE, T4), {4: T4, 3: V3, 2: V2}, [T4, V3, V2]),
    ("rotated-line-unused", "A line of the log under which nothing was signed is no hindrance.", version(4, THREE, V3), {3: V3, 2: V2}, [V3, V2]),
    ("rotated-late", "A version may be younger than the line that replaced its keys.", version(4, ONE.then(SPARE, FOURTH, iat=AT + 100), V3), {3: V3}, [V3]),
    ("recovered", "The version that a floor names is proven, and those before it are.", R4, {3: V3, 2: V2, 1: V1}, [V3, V2, V1]),
    ("recovered-and-on", "A floor does not bear on what was signed under its own line.", R5, {4: R4, 3: V3, 2: V2}, [R4, V3, V2]),
    ("recovered-twice", "Before two floors a version is proven that neither disowns.", version(3, LOWERED, V2), {2: V2, 1: V1}, [V2, V1]),
]  # fmt: skip

EDDSA = {"alg": "EdDSA", "kid": DAILY.kid, "typ": TYP}
SPACED = written(canonical(RIGHT_V3) + b" ")
UNKNOWN = version(3, ONE, V2, consent="all")
WRITTEN = version(3, ONE, V2, refusals=[])
UNDER_EDDSA = written(canonical(RIGHT_V3), EDDSA)
LOOSE_KID = written(canonical(RIGHT_V3), EDDSA | {"alg": "Ed25519", "kid": loose_bits(DAILY.kid)})
KEY_EVENT = Shown(ONE.lines[0], ONE)
BY_SPARE = version(3, ONE, V2, SPARE)
BY_THIEF = version(3, ONE, V2, THIEF)
OLD_KEY = version(4, TWO, V3, DAILY)
OLDER_KEY = version(4, THREE, V3, SPARE)
FORGED = Shown(seal(canonical(RIGHT_V3), TYP, THIEF, EDDSA | {"alg": "Ed25519"}), ONE)
UNDER_LATER = version(3, TWO, V2)
UNDER_NONE = version(3, ONE, V2, key_event="A" * 43)
UNDER_SIBLING = version(3, ONE, V2, key_event=OTHER_TWO.head)
SAME_NUMBER = version(4, ONE, V3)
SKIPPED = version(2, ONE, V1)
ELSEWHERE = version(3, ONE, V2, sub="https://eve.example/")
OTHER_IDENTITY = version(3, ONE, V2, identity="A" * 43)
YOUNGER = version(3, ONE, V2, iat=AT + 241)
TWICE = version(3, ONE, V2, grants=[A_GRANT, A_GRANT])
DANGLING = version(3, ONE, V2, companies=[{"domain": "a.example"}])
YOUNGER_THEFT = version(4, ONE, V3, iat=AT + 301)
THEFT_WITH_TWO = version(4, ONE, V3, grants=[A_GRANT, A_GRANT])
UNDER_NONE_BY_THIEF = version(3, ONE, V2, THIEF, key_event="A" * 43)
BY_THIEF_ELSEWHERE = version(3, ONE, V2, THIEF, sub="https://eve.example/")
YOUNGER_ELSEWHERE = version(3, ONE, V2, sub="https://eve.example/", iat=AT + 241)

# step, name, sentence, the version that verifies, what is there, code
REFUSED: list[tuple[int, str, str, Shown, Mapping[int, Shown | str], str]] = [
    # Form.
    (2, "empty", "A file that is there and empty is no version.", V4, {3: ""}, "not-three-segments"),
    (2, "html", "A page in the place of a version is none.", V4, {3: "<!DOCTYPE html>"}, "not-three-segments"),
    (2, "line-feed", "A line feed behind a version is refused, though the digest is not of it.", V4, {3: f"{V3.profile}\n"}, "bad-base64url"),
    (2, "space", "White space before a version is refused.", V4, {3: f" {V3.profile}"}, "bad-base64url"),
    (2, "padding", "Padding of the signature is refused, though the digest is not of it.", V4, {3: f"{V3.profile}=="}, "bad-base64url"),
    (2, "short-signature", "A signature of 63 bytes is refused.", V4, {3: ends(V3, END_OF_V3[:63])}, "bad-signature-length"),
    (3, "eddsa", "Another header is refused, though the version that follows names this one.", after(UNDER_EDDSA), {3: UNDER_EDDSA}, "bad-header"),
    (3, "kid-loose-bits", "A thumbprint in the header is in the form of a digest.", after(LOOSE_KID), {3: LOOSE_KID}, "bad-header"),
    (3, "key-event", "A line of the key log is no version, though the version that follows names it.", after(KEY_EVENT), {3: KEY_EVENT}, "bad-header"),
    # The chain.
    (10, "swapped", "A version in the place of another number's is refused.", V5, {4: V3, 3: V3}, "forked"),
    (10, "itself", "So is the version itself in the place of the one before.", V5, {4: V5}, "forked"),
    (10, "other-version", "So is another version of the same number.", V4, {3: OTHER_V3}, "forked"),
    (10, "other-key-log", "So is a version of the same person under another key log.", V4, {3: NEW_3}, "forked"),
    (10, "other-person", "So is one of another person.", V4, {3: EVE_3}, "forked"),
    (10, "other-current-key", "The same payload signed by another current key is another version.", version(4, BOTH, BOTH_3), {3: version(3, BOTH, None)}, "forked"),
    (10, "far", "What is wrong with an earlier version is found where those between are right.", V5, {4: V4, 3: V3, 2: V3}, "forked"),
    # The line of the key log.
    (8, "line-after", "A version is not of a later line than the one that follows it.", version(5, TWO, version(4, ONE, UNDER_LATER)), {4: version(4, ONE, UNDER_LATER), 3: UNDER_LATER}, "wrong-key-event"),
    (8, "line-of-none", "A version is of a line of the key log.", after(UNDER_NONE), {3: UNDER_NONE}, "wrong-key-event"),
    (8, "line-of-sibling", "A line that could have been is no line of the key log.", after(UNDER_SIBLING), {3: UNDER_SIBLING}, "wrong-key-event"),
    # Key and signature.
    (5, "later-key", "A key of a later line has not signed an earlier version.", version(4, TWO, BY_SPARE), {3: BY_SPARE}, "unknown-key"),
    (5, "old-key", "A key that was replaced signs nothing under the line that replaced it.", version(5, TWO, OLD_KEY), {4: OLD_KEY}, "unknown-key"),
    (5, "old-key-of-two", "So it is in a longer log.", version(5, THREE, OLDER_KEY), {4: OLDER_KEY}, "unknown-key"),
    (5, "announced-key", "A key that was only announced has signed nothing.", after(BY_SPARE), {3: BY_SPARE}, "unknown-key"),
    (5, "thief", "A key that is in no line has signed nothing.", after(BY_THIEF), {3: BY_THIEF}, "unknown-key"),
    (5, "weak-key", "A weak key has signed nothing.", after(WEAK_3), {3: WEAK_3}, "weak-key"),
    (6, "flipped", "A signature that does not verify is refused, though the digest, which is not of it, is right.", V4, {3: ends(V3, bytes([END_OF_V3[0] ^ 1]) + END_OF_V3[1:])}, "bad-signature"),
    (6, "of-another", "So is the signature of another version.", V4, {3: ends(V3, unb64(V2.profile.rpartition(".")[2]))}, "bad-signature"),
    (6, "forged", "So is a thief's in another's name, though the version that follows names this one.", after(FORGED), {3: FORGED}, "bad-signature"),
    # The payload.
    (7, "space", "An earlier payload is canonical, too.", after(SPACED), {3: SPACED}, "bad-payload"),
    (7, "unknown-member", "A member that nobody knows is refused in an earlier version, too.", after(UNKNOWN), {3: UNKNOWN}, "bad-payload"),
    (7, "written-default", "A default is not written in an earlier version either.", after(WRITTEN), {3: WRITTEN}, "bad-payload"),
    # Whose it is, and its place.
    (8, "same-number", "The number of the version before is one less, not the same.", version(4, ONE, SAME_NUMBER, iat=AT + 300), {3: SAME_NUMBER}, "wrong-identity"),
    (8, "number-skipped", "Nor is it two less.", after(SKIPPED), {3: SKIPPED}, "wrong-identity"),
    (8, "address", "The version before is of the same address.", after(ELSEWHERE), {3: ELSEWHERE}, "wrong-identity"),
    (8, "identity", "The version before is of the same identity.", after(OTHER_IDENTITY), {3: OTHER_IDENTITY}, "wrong-identity"),
    (10, "younger", "The version before is not younger.", after(YOUNGER), {3: YOUNGER}, "back-in-time"),
    # Floors.
    (11, "theft", "A version above a floor that was set later is not proven, though a careless one follows it.", version(6, RECOVERED, THEFT_5), {5: THEFT_5, 4: THEFT_4, 3: V3}, "below-floor"),
    (11, "at-floor", "Another version of the floor's number is not proven.", version(5, RECOVERED, CARELESS_4), {4: CARELESS_4, 3: OTHER_V3}, "below-floor"),
    (11, "lower-floor", "What a second floor disowns is not proven, though it was right under the first.", version(6, LOWERED, R5), {5: R5, 4: R4, 3: V3}, "below-floor"),
    (11, "lower-floor-before-both", "So it is with a version from before both.", version(4, LOWERED, V3), {3: V3, 2: V2}, "below-floor"),
    (11, "every-floor", "What one of two floors disowns is not proven, though the last lies above it.", version(7, RAISED, R6), {6: R6, 5: THEFT_5}, "below-floor"),
    # The whole.
    (12, "same-name", "Two things of an earlier version have not the same name.", after(TWICE), {3: TWICE, 2: V2}, "duplicate-id"),
    (12, "dangling", "An earlier version names listed companies only.", after(DANGLING), {3: DANGLING, 2: V2}, "dangling-reference"),
    # More than one fault: the first in the order of History.
    (2, "form-before-chain", "What is no envelope is told before what is another version.", V4, {3: f"{OTHER_V3.profile}=="}, "bad-base64url"),
    (3, "header-before-chain", "Another header is told before another version.", V4, {3: UNDER_EDDSA}, "bad-header"),
    (10, "chain-before-key", "Another version is told before a key that has not signed it.", V4, {3: BY_THIEF}, "forked"),
    (8, "line-before-key", "A line that is not of the key log is told before a key that is of none.", after(UNDER_NONE_BY_THIEF), {3: UNDER_NONE_BY_THIEF}, "wrong-key-event"),
    (5, "key-before-address", "A key that has not signed is told before another address.", after(BY_THIEF_ELSEWHERE), {3: BY_THIEF_ELSEWHERE}, "unknown-key"),
    (8, "address-before-time", "Another address is told before a version that is younger.", after(YOUNGER_ELSEWHERE), {3: YOUNGER_ELSEWHERE}, "wrong-identity"),
    (10, "time-before-floor", "A version that is younger is told before one that was disowned.", version(5, RECOVERED, YOUNGER_THEFT), {4: YOUNGER_THEFT}, "back-in-time"),
    (11, "floor-before-whole", "A version that was disowned is told before two things of one name.", version(5, RECOVERED, THEFT_WITH_TWO), {4: THEFT_WITH_TWO}, "below-floor"),
]  # fmt: skip


def given(current: Shown, there: Mapping[int, Shown | str]) -> Json:
    """Give a version that verifies, and the earlier ones that are there, as the input of a vector."""
    tokens = {number: one if isinstance(one, str) else one.profile for number, one in there.items()}
    return {
        "base": BASE,
        "at": LATER,
        "profile": current.profile,
        "keys": current.keys.text,
        "versions": {str(number): token for number, token in tokens.items()},
    }


def cases() -> Iterator[Case]:
    """Give the cases of proving earlier versions."""
    for name, description, current, there, proven in PROVEN:
        expect: Json = {"digests": [one.digest for one in proven]}
        yield Case(f"good-{name}", description, "SPEC.md#history", given(current, there), expect)
    for step, name, description, current, there, code in REFUSED:
        refused = {"step": step, "code": code}
        yield Case(f"step-{step}-{name}", description, "SPEC.md#history", given(current, there), refused)
