"""A reader's memory of subjects: a protocol, its simplest keeping, and verifying with it (SPEC.md, Pins).

Whatever keeps the pins, the rule is one: what is refused changes nothing, and nobody's later pin is ever overwritten by an
earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sayso.errors import DiskError, VerificationError
from sayso.trust.pin import Pin
from sayso.trust.verify import Verified, verify, verify_ended

#: Refusals that prove, by two valid signatures, that somebody contradicted themselves.
CONTRADICTIONS = frozenset({"keylog-forked", "equivocation", "forked"})
MAX_CONTRADICTIONS = 16  # of one code that are kept of one subject: a thief could make any number
_ATTEMPTS = 100  # to keep what was seen, while others do the same


@dataclass(frozen=True, slots=True)
class Seen:
    """A pin, the very bytes that it stands for, and the instant at which they were last seen."""

    pin: Pin
    profile: bytes
    keys: bytes
    at: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two documents of one subject that cannot both be right: what was pinned, and what was refused for it at an instant."""

    code: str
    seen: Seen
    profile: bytes
    keys: bytes
    at: int


class Pins(Protocol):
    """Where pins are kept, by base URL. What may go wrong in there is a DiskError."""

    def get(self, base: str) -> Seen | None:
        """Give what was last seen at a base URL."""
        ...

    def put(self, seen: Seen, before: Pin | None) -> bool:
        """Keep what was seen in the place of a pin, or of none; False, and nothing kept, where another one is there now."""
        ...

    def keep(self, contradiction: Contradiction) -> None:
        """Keep both sides of a contradiction, the first ``MAX_CONTRADICTIONS`` of a code and a subject."""
        ...


class MemoryPins:
    """Pins that are forgotten with the process."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}
        self._kept: dict[str, tuple[Contradiction, ...]] = {}

    def get(self, base: str) -> Seen | None:
        """Give what was last seen at a base URL."""
        return self._seen.get(base)

    def put(self, seen: Seen, before: Pin | None) -> bool:
        """Keep what was seen in the place of a pin, or of none; False, and nothing kept, where another one is there now."""
        there = self._seen.get(seen.pin.base)
        if (there.pin if there else None) != before:
            return False
        self._seen[seen.pin.base] = seen
        return True

    def keep(self, contradiction: Contradiction) -> None:
        """Keep both sides of a contradiction, the first ``MAX_CONTRADICTIONS`` of a code and a subject."""
        kept = self.contradictions(contradiction.seen.pin.base)
        count = sum(other.code == contradiction.code for other in kept)
        if count < MAX_CONTRADICTIONS and not any(same(contradiction, other) for other in kept):
            self._kept[contradiction.seen.pin.base] = (*kept, contradiction)

    def contradictions(self, base: str) -> tuple[Contradiction, ...]:
        """Give what was kept of a base URL."""
        return self._kept.get(base, ())


def same(one: Contradiction, other: Contradiction) -> bool:
    """Tell whether two contradictions are between the same documents, whenever they were seen."""
    return (one.seen.pin, one.profile, one.keys) == (other.seen.pin, other.profile, other.keys)


def remember(pins: Pins, profile: bytes, keys: bytes, base: str, at: int) -> Verified:
    """Verify the bytes of a profile and its key log with what is remembered of their base URL, and remember them.

    Raises VerificationError as ``verify`` does; then the memory is as it was, save that contradictions are kept, and that a
    later version which has ended takes the place of the earlier one.
    """
    for _ in range(_ATTEMPTS):
        seen = pins.get(base)
        before = seen.pin if seen else None
        verified, error = judge(profile, keys, base, at, before)
        if error is not None and seen is not None and error.code in CONTRADICTIONS:
            pins.keep(Contradiction(error.code, seen, profile, keys, at))
        if verified is None or pins.put(Seen(verified.pin, profile, keys, at), before):
            if error is not None:
                raise error
            assert verified is not None
            return verified
    raise DiskError("store-unreadable", f"what is remembered of {base} cannot be replaced", hint="try again later")


def judge(
    profile: bytes, keys: bytes, base: str, at: int, before: Pin | None
) -> tuple[Verified | None, VerificationError | None]:
    """Verify, and give the version that is to be remembered, if any, and the error, if there is one.

    Both, where a version that follows the pinned one has ended: it is refused, and what it took back stays taken back.
    """
    try:
        return verify(profile, keys, base, at, before), None
    except VerificationError as error:
        if error.code != "expired" or before is None:
            return None, error
        try:
            ended = verify_ended(profile, keys, base, before)
        except VerificationError:
            return None, error
        return (None if ended.pin == before else ended), error
