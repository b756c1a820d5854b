"""Memory: one reader is shown one document after another of the same address, and what it makes of the last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tables.case import Case
from tables.signing import (
    A_GRANT,
    AT,
    BASE,
    DAILY,
    SPARE,
    THIEF,
    THIRD,
    TYP,
    Json,
    Key,
    b64,
    canonical,
    digest,
    event,
    line,
    log,
    payload,
    seal,
    sign,
)

DAY = 86_400
LATER = AT + 10 * DAY  # when the reader looks, unless said otherwise
END = AT + 180 * DAY  # when the versions end
FOURTH = Key("vector fourth")


class Log(NamedTuple):
    """A key log, and the key that signs under it."""

    lines: tuple[str, ...]
    key: Key

    @property
    def text(self) -> str:
        """The file."""
        return log(*self.lines)

    @property
    def head(self) -> str:
        """The digest of the last line."""
        return digest(self.lines[-1])

    def then(self, key: Key, *announced: Key, keys: tuple[Key, ...] = (), **members: Any) -> Log:
        """Add a line by an announced key; its own key is current unless others are given, of which the first signs."""
        current = keys or (key,)
        made = event(
            key,
            n=len(self.lines),
            prev=self.head,
            keys=[one.jwk for one in current],
            next=[one.kid for one in announced],
            iat=AT - 900 + len(self.lines),
        )
        return Log((*self.lines, line(made | members, key)), current[0])


class Shown(NamedTuple):
    """A profile that a reader is shown, its key log, and when."""

    profile: str
    keys: Log
    at: int = LATER

    @property
    def digest(self) -> str:
        """The digest of the version."""
        return digest(self.profile)

    def when(self, at: int) -> Shown:
        """Show it at another time."""
        return self._replace(at=at)


def start(key: Key, *announced: Key, **members: Any) -> Log:
    """Make a log of one line."""
    return Log((line(event(key, next=[one.kid for one in announced]) | members, key),), key)


def version(
    number: int, keys: Log, previous: Shown | str | None = None, key: Key | None = None, **members: Any
) -> Shown:
    """Sign a version under a log; without a word about what it follows it names a version that nobody has seen."""
    follows = previous.digest if isinstance(previous, Shown) else previous or "A" * 43
    link = {"identity": digest(keys.lines[0]), "key_event": keys.head, "sequence": number, "previous": follows}
    made = payload(iat=AT + number % 1000 * 60, exp=END) | link | members
    return Shown(seal(canonical(made), TYP, key or keys.key), keys)


def floor(of: Shown, number: int) -> Json:
    """Set the floor at a version."""
    return {"floor": {"digest": of.digest, "sequence": number}}


ONE = start(DAILY, SPARE, THIRD)
TWO = ONE.then(SPARE, FOURTH)  # a rotation
THREE = TWO.then(FOURTH, THIRD)  # and another
STILL = ONE.then(SPARE, FOURTH, keys=(DAILY,))  # a line that leaves the daily key in its place
OTHER_TWO = ONE.then(THIRD, FOURTH)  # another second line, by another announced key
NEW = start(THIRD, FOURTH)  # another identity
BOTH = start(DAILY, SPARE, keys=[DAILY.jwk, THIRD.jwk])  # two keys are current

V3 = version(3, ONE)
T3 = version(3, TWO)
V4 = version(4, ONE, V3)
T4 = version(4, TWO, V3)
V5 = version(5, ONE, V4)
V6 = version(6, ONE, V5)
WITHDRAWN = version(5, ONE, V4, status="withdrawn")
OTHER_V3 = version(3, ONE, grants=[A_GRANT | {"to": ["*"]}])
OTHER_V4 = version(4, ONE, V3, grants=[A_GRANT | {"to": ["*"]}])
V3_AGAIN = V3._replace(
    profile=f"{V3.profile.rpartition('.')[0]}.{b64(sign(DAILY, V3.profile.rpartition('.')[0].encode()))}"
)
NEW_V4 = version(4, NEW, V3)

# The thief of the daily key signs the highest number that there is, as late as a reader lets it.
HIGHEST = 2**53 - 1
THEFT = version(HIGHEST, ONE, iat=AT + 9 * DAY)
RECOVERED = ONE.then(SPARE, FOURTH, **floor(V3, 3))
FOUR_AGAIN = version(4, RECOVERED, V3)
RECOVERED_LATER = TWO.then(FOURTH, THIRD, **floor(V3, 3))
RECOVERED_AND_ON = RECOVERED.then(FOURTH, THIRD)
ABOVE = ONE.then(SPARE, FOURTH, floor={"digest": "B" * 42 + "A", "sequence": 9})
LOWERED = ABOVE.then(FOURTH, THIRD, **floor(V3, 3))  # a second floor that is lower than the first
FLOORED_FIRST = start(DAILY, SPARE, THIRD, floor={"digest": V3.digest, "sequence": 3})
FLOORED_ON = FLOORED_FIRST.then(SPARE, FOURTH)
F5 = version(5, FLOORED_FIRST)
R5 = version(5, RECOVERED, FOUR_AGAIN)


def bad(number: int, **members: Any) -> Shown:
    """Sign a version that is right but for what is said."""
    return version(number, ONE, **members)


FORGED = Shown(seal(canonical(payload(identity=digest(ONE.lines[0]), key_event=ONE.head, sequence=9, exp=END)), TYP, THIEF, {"alg": "Ed25519", "kid": DAILY.kid, "typ": TYP}), ONE)  # fmt: skip
NINE = version(9, ONE)
PADDED = Shown(f"{NINE.profile}==", ONE)
UNDER_EDDSA = Shown(seal(canonical(payload(identity=digest(ONE.lines[0]), key_event=ONE.head, sequence=9, exp=END)), TYP, DAILY, {"alg": "EdDSA", "kid": DAILY.kid, "typ": TYP}), ONE)  # fmt: skip
BY_THIEF = version(9, ONE, key=THIEF)
BROKEN_LOG = version(9, ONE.then(THIEF, THIEF))

# name, sentence, what the reader is shown in turn, and how many versions it has missed before the last
ACCEPTED: list[tuple[str, str, list[Shown], int]] = [
    ("first", "Without a pin the first version that is seen passes, whatever its number.", [V3], 0),
    ("first-highest", "So it does with the highest number that there is.", [THEFT], 0),
    ("next", "The next version follows the pinned one.", [V3, V4], 0),
    ("next-and-next", "A version that passes takes the place of the pin.", [V3, V4, V5], 0),
    ("again", "The pinned version may be seen again.", [V3, V3], 0),
    ("again-other-signature", "The pinned version is the same under another signature of its key.", [V3, V3_AGAIN], 0),
    ("again-earlier", "The reader's clock may go back.", [V3, V3.when(AT + DAY)], 0),
    ("one-missed", "A version that was missed is no fault.", [V3, V5], 1),
    ("missed-of-any-parent", "What a version follows is not compared where one was missed.", [V3, version(6, ONE)], 2),
    ("missed-most", "As many may be missed as there are numbers.", [V3, version(HIGHEST, ONE)], HIGHEST - 4),
    ("missed-since-the-last", "What was missed is counted from the last that passed.", [V3, V5, V6], 0),
    ("same-second", "Two versions may be of the same second.", [V3, version(4, ONE, V3, iat=AT + 180)], 0),
    ("withdrawn", "A withdrawal is a version like others.", [V3, V4, WITHDRAWN], 0),
    ("withdrawn-and-back", "After a withdrawal a later version may be active.", [V3, V4, WITHDRAWN, version(6, ONE, WITHDRAWN)], 0),
    ("after-the-end", "The version after one that has ended passes.", [V3, V3.when(END), version(4, ONE, V3, iat=END, exp=END + DAY).when(END)], 0),
    ("other-current-key", "The next version may be signed by another current key.", [version(3, BOTH), version(4, BOTH, version(3, BOTH), THIRD)], 0),
    ("rotated", "A key log may grow, and the chain of versions goes on.", [V3, T4], 0),
    ("rotated-twice", "It may grow by more than a line.", [V3, version(4, THREE, V3)], 0),
    ("rotated-and-missed", "Versions may be missed over a rotation.", [V3, version(7, TWO)], 3),
    ("rotated-after", "After a rotation the new line is pinned, and the next version under it passes.", [V3, T4, version(5, TWO, T4)], 0),
    # A floor in a later line.
    ("recovery", "After a floor in a later line the version after it passes, though a thief's far higher one was pinned.", [V3, THEFT, FOUR_AGAIN], 0),
    ("recovery-first-seen", "So it does where the reader never saw anything but the thief's.", [THEFT, FOUR_AGAIN], 0),
    ("recovery-missed", "Versions after the floor are not counted as missed.", [THEFT, version(7, RECOVERED)], 0),
    ("recovery-in-time", "The instant of the pinned version is not compared either.", [THEFT, version(4, RECOVERED, V3, iat=AT)], 0),
    ("recovery-same-number", "Nor is a version of the same number.", [THEFT, version(HIGHEST, RECOVERED)], 0),
    ("recovery-next-number", "Nor what the next number follows.", [V5, version(6, RECOVERED)], 0),
    ("recovery-second-line-on", "The floor may be in any later line.", [THEFT, version(4, RECOVERED_LATER, V3)], 0),
    ("recovery-not-last-line", "The line with the floor need not be the last.", [THEFT, version(4, RECOVERED_AND_ON, V3)], 0),
    ("recovery-above", "A floor in a later line may lie above the pinned version.", [V3, version(10, ONE.then(SPARE, FOURTH, floor={"digest": "B" * 42 + "A", "sequence": 9}), "B" * 42 + "A")], 0),
    ("recovery-and-on", "After a recovery the chain goes on from the version that was taken.", [THEFT, FOUR_AGAIN, R5], 0),
    ("recovery-and-missed", "After a recovery, too, what is missed is counted.", [THEFT, FOUR_AGAIN, version(7, RECOVERED)], 2),
    ("lower-floor", "Of two floors in later lines the last counts, though it is lower.", [THEFT, version(4, LOWERED, V3)], 0),
    ("lower-floor-and-on", "So it does where the first of them was pinned.", [version(10, ABOVE, "B" * 42 + "A"), version(4, LOWERED, V3)], 0),
    ("lower-floor-above", "A version far above the lower floor need not follow the higher one.", [V3, version(10, LOWERED)], 0),
    ("new-floor", "A second floor in a still later line frees from the pin again.", [FOUR_AGAIN, R5, version(5, RECOVERED.then(FOURTH, THIRD, **floor(FOUR_AGAIN, 4)), FOUR_AGAIN)], 0),
]  # fmt: skip

# name, what it is, what is refused: each is shown after version 3, and version 4 passes nevertheless
LEFT: list[tuple[str, str, Shown]] = [
    ("segments", "A document that is no envelope", Shown("<!DOCTYPE html>", ONE)),
    ("base64url", "A document with padding", PADDED),
    ("header", "A document under another header", UNDER_EDDSA),
    ("broken-log", "A document with a key log that does not hold", BROKEN_LOG),
    ("no-log", "A document without its key log", Shown(NINE.profile, Log((), DAILY))),
    ("other-key", "A document by a key that is not in the log", BY_THIEF),
    ("forged", "A forged document", FORGED),
    ("payload", "A document that is no profile", bad(9, consent="all")),
    ("address", "A document of another address", bad(9, sub="https://eve.example/")),
    ("identity", "A document of another log", bad(9, identity="A" * 43)),
    ("key-event", "A document under another state of the log", bad(9, key_event="A" * 43)),
    ("future", "A document from the future", bad(9, iat=LATER + 301)),
    ("too-long", "A document that holds too long", bad(9, exp=AT + 401 * DAY)),
    ("other-identity", "A document of another identity", version(9, NEW)),
    ("rollback", "An earlier document", version(2, ONE)),
    ("equivocation", "A second document of the same number", OTHER_V3),
    ("fork", "A document that follows another", version(4, ONE)),
    ("back-in-time", "A document of a later number that is older", bad(9, iat=AT)),
    ("floor", "A document below the floor of a later line", version(2, RECOVERED)),
    ("same-name", "A document in which two things have one name", bad(9, grants=[A_GRANT, A_GRANT])),
    ("dangling", "A document that names a company that it does not list", bad(9, companies=[{"domain": "a.example"}])),
]  # fmt: skip

# name, sentence, what the reader is shown in turn: the last passes
LEFT_OTHERWISE: list[tuple[str, str, list[Shown]]] = [
    ("first-ended", "A first document that has ended is not remembered.", [version(9, NEW, exp=LATER), V3]),
    ("first-same-name", "A first document that is refused by the last step is not remembered.", [version(9, NEW, grants=[A_GRANT, A_GRANT]), V3]),
    ("log-behind", "A document under a log that is behind leaves the memory as it was.", [T3, version(9, ONE), version(4, TWO, T3)]),
    ("log-forked", "A document under a log that forks leaves the memory as it was.", [T3, version(9, OTHER_TWO), version(4, TWO, T3)]),
    ("ended-and-forked", "A document that has ended and does not follow is not remembered.", [V3, version(4, ONE, exp=LATER), V4]),
    ("ended-and-dangling", "Nor is one that has ended and is refused by the last step.", [V3, version(4, ONE, V3, exp=LATER, companies=[{"domain": "a.example"}]), V4]),
    ("log-forked-longer", "So it does where the log is longer.", [T3, version(9, OTHER_TWO.then(FOURTH, SPARE)), version(4, TWO, T3)]),
]  # fmt: skip

# step, name, sentence, what the reader is shown in turn, code
REFUSED: list[tuple[int, str, str, list[Shown], str]] = [
    (9, "pinned-has-ended", "The pinned version ends like any other.", [V3, V3.when(END)], "expired"),
    (9, "next-has-ended", "So does one that would follow it.", [V3, V4.when(END)], "expired"),
    (10, "ended-takes-back", "A later version that has ended takes the place of the earlier one.", [V3, version(4, ONE, V3, exp=LATER), V3], "rollback"),
    (10, "ended-later-takes-back", "So does one of a later number.", [V3, version(9, ONE, exp=LATER), V4], "rollback"),
    (10, "ended-under-rotation", "So does its key log.", [V3, version(9, TWO, exp=LATER), version(9, ONE)], "keylog-behind"),
    (10, "ended-under-floor", "Also where that has grown by a floor.", [V3, version(4, RECOVERED, V3, exp=LATER), V3], "keylog-behind"),
    # Whose it is.
    (10, "new-log", "A new log at the same address is another identity.", [V3, NEW_V4], "identity-changed"),
    (10, "new-log-same-keys", "A new log of the same keys is another identity, too.", [V3, version(4, start(DAILY, SPARE, THIRD, iat=AT - 999), V3)], "identity-changed"),
    (10, "new-log-grown", "So is a new log of more lines.", [V3, version(4, NEW.then(FOURTH, THIRD), V3)], "identity-changed"),
    (10, "new-log-floor", "A floor in the log of another identity frees from nothing.", [V3, version(4, NEW.then(FOURTH, THIRD, **floor(V3, 3)), V3)], "identity-changed"),
    (10, "new-log-twice", "Another identity is refused however often it is seen.", [V3, NEW_V4, NEW_V4], "identity-changed"),
    # The key log.
    (10, "log-cut", "A log that lacks its last line is behind.", [T3, version(4, ONE, T3)], "keylog-behind"),
    (10, "log-cut-after-rotation", "The line that came with the last version is pinned, too.", [V3, T4, version(5, ONE, T4)], "keylog-behind"),
    (10, "log-cut-by-two", "A log that lacks two lines is behind.", [version(3, THREE), version(4, ONE, version(3, THREE))], "keylog-behind"),
    (10, "log-cut-floor", "A floor in what is left of a log frees from nothing.", [version(4, FLOORED_ON, V3), version(5, FLOORED_FIRST, version(4, FLOORED_ON, V3))], "keylog-behind"),
    (10, "log-forked", "Another line of the same number is a fork, though its signer was announced.", [T3, version(4, OTHER_TWO, T3)], "keylog-forked"),
    (10, "log-forked-and-grown", "So it is where more lines follow.", [T3, version(4, OTHER_TWO.then(FOURTH, SPARE), T3)], "keylog-forked"),
    (10, "log-forked-below", "So it is where the fork lies before the pinned line.", [version(3, THREE), version(4, STILL.then(FOURTH, THIRD), version(3, THREE))], "keylog-forked"),
    (10, "log-forked-same-signer", "So it is where both lines are by one signer.", [T3, version(4, STILL, T3)], "keylog-forked"),
    (10, "log-forked-floor", "A floor in the line that forks frees from nothing.", [T4, version(4, RECOVERED, V3)], "keylog-forked"),
    (10, "log-forked-floor-later", "Nor does a floor after the fork.", [T4, version(4, OTHER_TWO.then(FOURTH, SPARE, **floor(V3, 3)), V3)], "keylog-forked"),
    # The version.
    (10, "rollback", "An earlier version is refused.", [V3, V4, V3], "rollback"),
    (10, "rollback-far", "So is one that is far earlier.", [V6, version(1, ONE, iat=AT + 360)], "rollback"),
    (10, "rollback-same-second", "So is one of the same second.", [V4, version(3, ONE, iat=AT + 240)], "rollback"),
    (10, "rollback-later-signed", "So is one of a lower number that was signed later.", [V5, version(4, ONE, V3, iat=AT + DAY)], "rollback"),
    (10, "rollback-over-missed", "So is one that was missed.", [V3, V5, version(4, ONE, V3, iat=AT + 300)], "rollback"),
    (10, "rollback-withdrawn", "A withdrawal is not undone by the version before.", [V4, WITHDRAWN, version(4, ONE, V3, iat=AT + 300)], "rollback"),
    (10, "rollback-to-withdrawn", "Nor does an earlier withdrawal come back.", [V4, WITHDRAWN, version(6, ONE, WITHDRAWN), WITHDRAWN], "rollback"),
    (10, "rollback-rotated", "An earlier version is refused under a log that has grown, too.", [V5, version(4, TWO, V3, iat=AT + 300)], "rollback"),
    (10, "rollback-after-theft", "Without a floor a thief's high number keeps the reader from all below.", [V3, THEFT, version(4, ONE, V3, iat=AT + 9 * DAY)], "rollback"),
    (10, "rollback-after-theft-rotated", "A rotation without a floor does not help.", [V3, THEFT, version(4, TWO, V3, iat=AT + 9 * DAY)], "rollback"),
    (10, "equivocation", "Another version of the pinned number is refused.", [V3, OTHER_V3], "equivocation"),
    (10, "equivocation-of-the-last", "Another version of the last number is refused.", [V3, V4, OTHER_V4], "equivocation"),
    (10, "equivocation-parent", "Two versions differ where they only follow different ones.", [V4, version(4, ONE, "B" * 42 + "A")], "equivocation"),
    (10, "equivocation-later", "Two versions differ where only their instants do.", [V3, version(3, ONE, iat=AT + 181)], "equivocation"),
    (10, "equivocation-withdrawn", "A withdrawal has a number of its own.", [V5, WITHDRAWN], "equivocation"),
    (10, "equivocation-other-key", "The same payload signed by another current key is another version.", [version(3, BOTH), version(3, BOTH, key=THIRD)], "equivocation"),
    (10, "equivocation-rotated", "The same signed anew under a log that has grown is another version.", [V3, T3], "equivocation"),
    (10, "equivocation-highest", "The highest number is like others.", [THEFT, version(HIGHEST, ONE, iat=AT + 9 * DAY + 1)], "equivocation"),
    (10, "forked", "The next version follows the pinned one.", [V3, version(4, ONE)], "forked"),
    (10, "forked-null", "It does not follow nothing.", [V3, Shown(seal(canonical(payload(identity=digest(ONE.lines[0]), key_event=ONE.head, sequence=4, previous=None, iat=AT + 240, exp=END)), TYP, DAILY), ONE)], "forked"),
    (10, "forked-from-second", "It does not follow another version of the pinned number.", [V3, version(4, ONE, OTHER_V3)], "forked"),
    (10, "forked-from-one-before", "It does not follow the version before the pinned one.", [V3, V4, version(5, ONE, V3)], "forked"),
    (10, "forked-first", "The second version follows the first.", [version(1, ONE), version(2, ONE)], "forked"),
    (10, "forked-rotated", "It follows it under a log that has grown, too.", [V3, version(4, TWO)], "forked"),
    (10, "forked-withdrawn", "A withdrawal follows it, too.", [V3, version(4, ONE, status="withdrawn")], "forked"),
    (10, "back-in-time", "The next version is not older than the pinned one.", [V3, version(4, ONE, V3, iat=AT + 179)], "back-in-time"),
    (10, "back-in-time-missed", "Nor is a later one.", [V3, version(6, ONE, iat=AT + 179)], "back-in-time"),
    (10, "back-in-time-rotated", "Nor is one under a log that has grown.", [V3, version(4, TWO, V3, iat=AT + 179)], "back-in-time"),
    # A floor that is not in a later line.
    (10, "floor-of-pinned-line", "A floor of the pinned line itself frees from nothing.", [THEFT, FOUR_AGAIN, R5, version(4, RECOVERED, V3, iat=AT + 300)], "rollback"),
    (10, "floor-before-pinned-line", "A floor before the pinned line frees from nothing.", [F5, version(4, FLOORED_FIRST, V3, iat=AT + 300)], "rollback"),
    (10, "floor-before-new-line", "A new line without a floor frees from nothing, though one before has a floor.", [F5, version(4, FLOORED_ON, V3, iat=AT + 300)], "rollback"),
    (10, "floor-already-seen", "A floor that was seen does not free from what was seen after it.", [THEFT, FOUR_AGAIN, version(4, RECOVERED, V3, iat=AT + 241)], "equivocation"),
    # After a floor in a later line.
    (11, "theft-below", "A version below the floor is refused, whatever was pinned.", [THEFT, version(2, RECOVERED)], "below-floor"),
    (11, "theft-at", "So is any at the number of the floor.", [THEFT, version(3, RECOVERED)], "below-floor"),
    (11, "theft-follows", "So is one that follows another version than that of the floor.", [THEFT, version(4, RECOVERED)], "below-floor"),
    (11, "below-after-recovery", "The floor holds also where nothing was pinned.", [version(2, RECOVERED)], "below-floor"),
    (11, "above-pinned", "A floor above the pinned version makes all below void.", [V3, version(8, ONE.then(SPARE, FOURTH, floor={"digest": "B" * 42 + "A", "sequence": 9}))], "below-floor"),
    (11, "last-floor-counts", "Of two floors in later lines the last counts.", [THEFT, version(4, RECOVERED.then(FOURTH, THIRD, floor={"digest": "B" * 42 + "A", "sequence": 9}), V3)], "below-floor"),
    (11, "lower-floor-at", "Of two floors the last counts, though it is lower: at its number nothing is accepted.", [THEFT, version(3, LOWERED)], "below-floor"),
    (11, "lower-floor-follows", "What is numbered after the last floor follows it, though it is lower than another.", [THEFT, version(4, LOWERED)], "below-floor"),
    # More than one fault: that of the earliest step, and within a step the first that it names.
    (8, "key-event-before-identity", "A key event that is not of the log is told before another identity than the pinned one.", [V3, version(4, NEW, V3, key_event="A" * 43)], "wrong-key-event"),
    (9, "ended-before-rollback", "That a document has ended is told before its being an earlier one.", [V4, version(3, ONE, exp=LATER)], "expired"),
    (9, "ended-before-log", "So it is before a key log that is behind.", [T3, version(4, ONE, T3, exp=LATER)], "expired"),
    (10, "identity-before-log", "Another identity is told before a key log that is behind.", [T3, version(4, NEW, T3)], "identity-changed"),
    (10, "identity-before-version", "Another identity is told before an earlier version.", [V3, version(2, NEW)], "identity-changed"),
    (10, "log-behind-before-version", "A key log that is behind is told before an earlier version.", [version(5, TWO), version(4, ONE)], "keylog-behind"),
    (10, "log-forked-before-version", "A key log that forks is told before an earlier version.", [version(5, TWO), version(4, OTHER_TWO)], "keylog-forked"),
    (10, "rollback-before-time", "An earlier version is told before its being older.", [V5, version(4, ONE, iat=AT)], "rollback"),
    (10, "equivocation-before-time", "Another version of the pinned number is told before its being older.", [V3, version(3, ONE, iat=AT)], "equivocation"),
    (10, "forked-before-time", "A version that does not follow the pinned one is told before its being older.", [V3, version(4, ONE, iat=AT)], "forked"),
    (10, "rollback-before-floor", "An earlier version is told before its being below a floor of the pinned line.", [F5, version(2, FLOORED_FIRST, iat=AT + 300)], "rollback"),
    (10, "forked-before-whole", "A version that does not follow the pinned one is told before two grants of one name.", [V3, version(4, ONE, grants=[A_GRANT, A_GRANT])], "forked"),
    (11, "floor-before-whole", "A version below the floor is told before two grants of one name.", [THEFT, version(2, RECOVERED, grants=[A_GRANT, A_GRANT])], "below-floor"),
    # What is refused does not move the pin forward either.
    (10, "left-fork", "What follows a refused document is a fork.", [V3, OTHER_V3, version(4, ONE, OTHER_V3)], "forked"),
    (10, "left-rollback", "A refused document of an earlier number does not open the way for the ones after it.", [V5, V3, version(4, ONE, V3, iat=AT + 300)], "rollback"),
    (10, "left-equivocation", "A refused document is refused again.", [V3, OTHER_V3, OTHER_V3], "equivocation"),
    (10, "left-log", "A refused document does not unpin the key log.", [T4, version(9, ONE), version(5, ONE, T4)], "keylog-behind"),
]  # fmt: skip


def given(shown: list[Shown]) -> Json:
    """Give what the reader is shown as the input of a vector."""
    *seen, last = [{"profile": one.profile, "keys": one.keys.text, "at": one.at} for one in shown]
    return {"base": BASE, **last, "seen": seen}


def cases() -> Iterator[Case]:
    """Give the cases of remembering."""
    for name, description, shown, missed in ACCEPTED:
        expect = {"digest": shown[-1].digest, "identity": digest(shown[-1].keys.lines[0]), "missed": missed}
        yield Case(f"good-{name}", description, "SPEC.md#pins", given(shown), expect)
    for name, description, refused in LEFT:
        expect = {"digest": V4.digest, "identity": digest(ONE.lines[0]), "missed": 0}
        sentence = f"{description} leaves the memory as it was."
        yield Case(f"left-{name}", sentence, "SPEC.md#pins-kept", given([V3, refused, V4]), expect)
    for name, description, shown in LEFT_OTHERWISE:
        expect = {"digest": shown[-1].digest, "identity": digest(shown[-1].keys.lines[0]), "missed": 0}
        yield Case(f"left-{name}", description, "SPEC.md#pins-kept", given(shown), expect)
    for step, name, description, shown, code in REFUSED:
        spec = "pins-kept" if name.startswith("left-") else f"verification-step-{step}"
        yield Case(f"step-{step}-{name}", description, f"SPEC.md#{spec}", given(shown), {"step": step, "code": code})
