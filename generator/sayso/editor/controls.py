"""The kinds of controls: what each shows of a value, and which value is made of what was typed.

``shown`` gives texts by the end of a control's name (``.unit``), or None for a value that the control cannot show; such a
value stays as it is. ``made`` is only asked when the texts are others than those shown, so whatever nobody touches keeps its
spelling.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sayso import spec
from sayso.editor.posting import one_line_break

Shown = Mapping[str, tuple[str, ...]]


class _Absent:
    """Stands for a member that is not there."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Any = _Absent()

_DURATION = re.compile(r"P([0-9]+)([DWMY])")
_RATE = re.compile(r"([0-9]+)/P1([DWMY])")
_QUIET = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])-((?:[01][0-9]|2[0-3]):[0-5][0-9]) ([A-Za-z0-9_+/-]+)")
_BETWEEN = re.compile(r"[,;\s]+")


def as_text(value: Any) -> str | None:
    """Give the text of a value, none for nothing; None for what is more than one value."""
    if value is ABSENT or value is None:
        return ""
    if isinstance(value, str):
        return one_line_break(value)
    return json.dumps(value) if isinstance(value, bool | int | float) else None


def as_list(value: Any) -> list[str] | None:
    """Give the texts of a list of texts, or of one text in its place; None for what is neither."""
    if value is ABSENT or value is None:
        return []
    items = [value] if isinstance(value, str) else value
    return items if isinstance(items, list) and all(isinstance(item, str) for item in items) else None


@dataclass(frozen=True, slots=True)
class Text:
    """A text: on one line, or ``long``; ``look`` tells the template what is typed."""

    look: str = "text"

    def shown(self, value: Any) -> Shown | None:
        """Give the text."""
        text = as_text(value)
        return None if text is None else {"": (text,)}

    def made(self, posted: Shown, before: Any, *, required: bool) -> Any:
        """Give the text; an empty one is none, unless there must be one."""
        del before
        text = posted[""][0].strip()
        return text if text or required else ABSENT


@dataclass(frozen=True, slots=True)
class Choice(Text):
    """One of several words."""

    look: str = "choice"


@dataclass(frozen=True, slots=True)
class Many:
    """Several words of a kind: signals, purposes, channels, categories, companies or recipients."""

    of: str
    look: ClassVar[str] = "many"

    def shown(self, value: Any) -> Shown | None:
        """Give the words that are chosen, in no order."""
        items = as_list(value)
        if items is None:
            return None
        more = {".more": ("",)} if self.of == "categories" else {}
        return {"": tuple(sorted({one_line_break(item) for item in items})), **more}

    def made(self, posted: Shown, before: Any, *, required: bool) -> Any:
        """Give the words that stay in their order, and behind them the new ones in that of the vocabulary."""
        more = [word for word in _BETWEEN.split(posted.get(".more", ("",))[0]) if word]
        chosen = {*posted[""], *more}
        kept = [item for item in dict.fromkeys(as_list(before) or []) if one_line_break(item) in chosen]
        new = chosen - {one_line_break(item) for item in kept}
        order = {word: place for place, word in enumerate(getattr(spec.vocabulary(), self.of, ()))}
        words = [*kept, *sorted(new, key=lambda word: (order.get(word, len(order)), word))]
        if not words:
            return [] if required else ABSENT
        return words[0] if isinstance(before, str) and len(words) == 1 else words


@dataclass(frozen=True, slots=True)
class Listed:
    """Several texts in the order of their weight, with commas between them."""

    look: ClassVar[str] = "text"

    def shown(self, value: Any) -> Shown | None:
        """Give the texts on one line."""
        items = as_list(value)
        return None if items is None else {"": (", ".join(map(one_line_break, items)),)}

    def made(self, posted: Shown, before: Any, *, required: bool) -> Any:
        """Give a list of them."""
        del before
        items = [item for item in _BETWEEN.split(posted[""][0]) if item]
        return items if items or required else ABSENT


@dataclass(frozen=True, slots=True)
class Parts:
    """A text that is typed in parts where it has them: a duration, a rate, quiet hours; else as it is."""

    look: str
    names: tuple[str, ...]
    unit: str  # what the last part is before anything is chosen

    def shown(self, value: Any) -> Shown | None:
        """Give the parts, or the text."""
        text = as_text(value)
        if text is None:
            return None
        found = {"duration": _DURATION, "rate": _RATE, "quiet": _QUIET}[self.look].fullmatch(text)
        parts: Sequence[str] = found.groups() if found else (*("" for _ in self.names[1:]), self.unit)
        return (
            {"": (text,)}
            if text and not found
            else {name: (part,) for name, part in zip(self.names, parts, strict=True)}
        )

    def made(self, posted: Shown, before: Any, *, required: bool) -> Any:
        """Put the parts together again; without the first ones there is nothing."""
        del before
        if "" in posted:
            text = posted[""][0].strip()
        else:
            parts = [posted[name][0].strip() for name in self.names]
            form = {"duration": "P{}{}", "rate": "{}/P1{}", "quiet": "{}-{} {}"}[self.look]
            text = form.format(*parts) if any(parts[:-1]) else ""
        return text if text or required else ABSENT


@dataclass(frozen=True, slots=True)
class Shared:
    """With whom data may be shared: a word, or the companies that are named."""

    look: ClassVar[str] = "sharing"

    def shown(self, value: Any) -> Shown | None:
        """Give the word, and the companies."""
        if isinstance(value, dict):
            named = as_list(value.get("named"))
            known = value.keys() == {"named"} and named is not None and isinstance(value["named"], list)
            return {"": ("named",), ".named": (", ".join(named or []),)} if known else None
        text = as_text(value)
        return None if text is None else {"": (text or "none",), ".named": ("",)}

    def made(self, posted: Shown, before: Any, *, required: bool) -> Any:
        """Give the word, or the companies; that it is shared with nobody need not be written."""
        del required
        word = posted[""][0]
        if word == "named":
            return {"named": [name for name in _BETWEEN.split(posted[".named"][0]) if name]}
        return ABSENT if word == "none" and before is ABSENT else word


Kind = Text | Many | Listed | Parts | Shared

DURATION = Parts("duration", (".number", ".unit"), "M")
RATE = Parts("rate", (".count", ".unit"), "M")
QUIET = Parts("quiet", (".begin", ".end", ".zone"), "")
