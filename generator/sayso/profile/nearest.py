"""The nearest known word to a mistyped one."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def nearest_word(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Give the known word nearest to a mistyped one, capitals or not, or None when none is near."""
    from difflib import get_close_matches  # most profiles have no slip in them

    spelled = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), spelled, n=1, cutoff=cutoff)
    return spelled[found[0]] if found else None


def did_you_mean(word: str | None) -> str | None:
    """Give the hint that names a word, or None for none."""
    return f"did you mean `{word}`?" if word else None


class Guesses:
    """Looks for the nearest word a few times only: it takes time, and nobody reads more hints than that."""

    def __init__(self, left: int = 20, work: int = 4_000_000) -> None:
        self._left = left
        self._work = work  # comparing takes the square of the length, for each word that is known
        self._known: dict[str, str | None] = {}

    def __call__(self, word: str, known: Collection[str], *, cutoff: float = 0.6, kind: str = "") -> str | None:
        """Give the nearest word of a kind, or None when none is near or enough has been looked for."""
        key = f"{kind} {word}"
        work = len(known) * len(word) ** 2
        if key not in self._known and self._left and work <= self._work:
            self._left, self._work = self._left - 1, self._work - work
            self._known[key] = nearest_word(word, known, cutoff=cutoff)
        return self._known.get(key)
