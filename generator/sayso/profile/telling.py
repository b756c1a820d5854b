"""One change between two versions, and the sentence that tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sayso.profile.wording import Part, quoted

Kind = Literal["takes", "gives", "says"]
KINDS: tuple[Kind, ...] = ("takes", "gives", "says")  # what is lost comes first: nobody should overlook it
LONGEST = 400  # characters of a sentence


@dataclass(frozen=True, slots=True)
class Change:
    """One change: whether it permits more, less, or neither; the entry (``grants.offers``); a sentence without full stop."""

    kind: Kind
    what: str
    text: str


def told(kind: Kind, what: str, *parts: Part) -> Change:
    """Give a change, told in parts of a sentence."""
    return Change(kind, what, _sentence(parts))


def restated(
    what: str, called: str, old: str | None, new: str | None, end: str = "", now: str = "now "
) -> Iterator[Change]:
    """Tell that a text is another one now."""
    if old != new:
        change = f"is {now}{quoted(new, 90)}" if new else "is gone"
        yield told("says", what, f"{called} {change}", f" (before: {quoted(old, 90)})" if old else "", end)


def shifted(what: str, less: bool, more: bool, *parts: Part, end: str = "") -> Iterator[Change]:
    """Tell that a limit is another one now, as both if it is stricter in part and looser in part."""
    if less:
        yield told("takes", what, *parts, ", which in part is less" if more else "", end)
    if more:
        yield told("gives", what, *parts, ", which in part is more" if less else "", end)
    if not less and not more:
        yield told("says", what, *parts, end)


def _sentence(parts: Sequence[Part]) -> str:
    """Write a sentence, with as many items of its lists as there is room for."""
    text = ""
    for most in (12, 6, 3, 2, 1):
        text = "".join(part if isinstance(part, str) else _listed(part, most) for part in parts)
        if len(text) <= LONGEST:
            return text
    return text[: LONGEST - 1] + "…"


def _listed(items: tuple[str, ...], most: int) -> str:
    shown = items if len(items) <= most else (*items[:most], f"{len(items) - most} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
