"""The nearest known word to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], *, closely: bool = False) -> str | None:
    """Give the hint that names the known word nearest to a mistyped one, or None when none is near.

    ``closely`` is for names, where half the letters in common are chance and a wrong guess does harm.
    """
    found = get_close_matches(word, list(known), n=1, cutoff=0.85 if closely else 0.6)
    return f"did you mean `{found[0]}`?" if found else None
