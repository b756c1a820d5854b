"""One change between two versions, and the sentence that tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from sayso.profile.wording import Part, Said, Wording

Kind = Literal["takes", "gives", "says"]
KINDS: tuple[Kind, ...] = ("takes", "gives", "says")  # what is lost comes first: nobody should overlook it
LONGEST = 400  # characters of a sentence
_ANY = 1_000_000  # items of a list: all of them


@dataclass(frozen=True, slots=True)
class Change:
    """One change: whether it permits more, less, or neither; the entry (``grants.offers``); a sentence without full stop."""

    kind: Kind
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells changes in the words of a language.

    Where all is told ``anew``, nothing was there before, and nothing is said to be so *now*, or not *any more*.
    """

    words: Wording
    anew: bool

    def told(self, kind: Kind, what: str, said: Said | str) -> Change:
        """Give a change, told in a sentence."""
        return Change(
            kind, what, written(said if isinstance(said, Said) else Said("%(text)s", {"text": said}), self.words)
        )

    def restated(
        self, what: str, called: Part, old: str | None, new: str | None, end: str = "", *, anew: bool = False
    ) -> Iterator[Change]:
        """Tell that a text is another one now; ``called`` says of what."""
        if old == new:
            return
        _, quoted = self.words.texts.gettext, self.words.quoted
        values: dict[str, Part] = {"what": called, "old": quoted(old or "", 90), "new": quoted(new or "", 90)}
        if new is None:
            form = _("%(what)s is gone (before: %(old)s)")
        elif anew:
            form = _("%(what)s is %(new)s")
        else:
            form = _("%(what)s is now %(new)s (before: %(old)s)") if old else _("%(what)s is now %(new)s")
        yield self.told("says", what, Said(form, values, end=end))

    def shifted(self, what: str, less: bool, more: bool, said: Said) -> Iterator[Change]:
        """Tell that a limit is another one now, as both if it is stricter in part and looser in part."""
        _ = self.words.texts.gettext
        if less:
            yield self.told("takes", what, _with(said, _("which in part is less")) if more else said)
        if more:
            yield self.told("gives", what, _with(said, _("which in part is more")) if less else said)
        if not less and not more:
            yield self.told("says", what, said)


def _with(said: Said, clause: str) -> Said:
    return replace(said, clauses=(*said.clauses, clause))


def written(said: Said, words: Wording, *, whole: bool = False) -> str:
    """Write a sentence; if not ``whole``, with as many items of its lists as there is room for."""
    if whole:
        return _part(said, words, _ANY)
    text, room = "", LONGEST if words.language == "en" else LONGEST * 3 // 2  # most languages need more words
    for most in (12, 6, 3, 2, 1):
        text = _part(said, words, most)
        if len(text) <= room:
            return text
    return text[: room - 1] + "…"


def _part(part: Part, words: Wording, most: int) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, tuple):
        return listed(part, words, most)
    text = part.form % {name: _part(value, words, most) for name, value in part.values.items()}
    clauses = (_part(clause, words, most) for clause in part.clauses)
    return words.texts.pgettext("list", ", ").join((text, *clauses)) + part.end


def listed(items: tuple[str, ...], words: Wording, most: int = 12) -> str:
    """Write a list with "and" before its last item; what there are more than ``most`` is counted."""
    if not items:
        return ""
    rest = len(items) - most
    more = words.texts.ngettext("%(num)d more", "%(num)d more", rest) % {"num": rest}
    *first, last = items if rest <= 0 else (*items[:most], more)
    return words.both((words.texts.pgettext("list", ", ").join(first), last)) if first else last
