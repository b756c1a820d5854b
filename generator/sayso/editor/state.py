"""A version of ``profile.yml``: its bytes, what they say, what is wrong with them, and what they come to."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sayso.editor.problems import Placed, placed
from sayso.errors import SourceError
from sayso.profile.changes import Change, changes
from sayso.profile.compile import compile_terms
from sayso.profile.model import Terms
from sayso.profile.source import Source, load


@dataclass(frozen=True, slots=True)
class State:
    """``source`` is None where the text cannot be read, ``terms`` where there are mistakes in what it says."""

    text: bytes
    source: Source | None
    problems: tuple[Placed, ...]
    terms: Terms | None

    @property
    def digest(self) -> str:
        """Give a name for these bytes."""
        return digest_of(self.text)

    @property
    def data(self) -> Any:
        """Give what the text says; nothing, where it cannot be read."""
        return self.source.data if self.source else None

    @property
    def errors(self) -> tuple[Placed, ...]:
        """Give what hinders signing."""
        return tuple(item for item in self.problems if item.is_error)


def digest_of(text: bytes) -> str:
    """Give a name for some bytes."""
    return sha256(text).hexdigest()[:32]


def state_of(text: bytes, name: str, at: int) -> State:
    """Read the bytes of a profile as of an instant; whatever is wrong with them is told, and nothing is raised."""
    try:
        source = load(text, name)
    except SourceError as error:
        return State(text, None, tuple(Placed(problem, None) for problem in error.problems), None)
    problems = placed(source, at)
    right = isinstance(source.data, dict) and not any(item.is_error for item in problems)
    return State(text, source, problems, compile_terms(source, at) if right else None)


def new_errors(before: State, after: State) -> tuple[Placed, ...]:
    """Give the errors of a version that the one before did not have."""
    left = [item.mark for item in before.errors]
    found = []
    for item in after.errors:
        if item.mark in left:
            left.remove(item.mark)
        else:
            found.append(item)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version changes of the one before: sentences, where both can be compiled, and lines (``-``, ``+`` or a space)."""

    sentences: tuple[Change, ...]
    lines: tuple[tuple[str, str], ...]
    told: bool  # whether the sentences tell it, and not the lines alone
    anew: bool  # whether they tell all that the later version says

    @classmethod
    def between(cls, before: State, after: State, language: str) -> Difference:
        """Compare two versions, and tell it in a language."""
        lines = tuple(_lines(before.text, after.text))
        if after.terms is None:
            return cls((), lines, False, False)
        return cls(changes(before.terms, after.terms, language), lines, True, before.terms is None)


def _lines(before: bytes, after: bytes) -> Iterator[tuple[str, str]]:
    old, new = (text.decode("utf-8", "replace").splitlines() for text in (before, after))
    for line in list(difflib.unified_diff(old, new, lineterm="", n=1))[2:]:
        yield ("…", "") if line.startswith("@@") else (line[0], line[1:])
