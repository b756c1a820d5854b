"""Many spans as columns, so that all of them are looked at together; what is asked of a clause or a stance is asked once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sayso.errors import DiskError
from sayso.reader.parts import ENTRY, first_subject
from sayso.reader.question import DENIES, Question

_TABLE = 1 << 24  # up to here numbers are looked up in a table, which is fast; beyond it would be too large

Column = NDArray[Any]


class Spans(NamedTuple):
    """Spans as they are kept (``parts.ENTRY``), in rows of four bytes a column, and beside them the number of the subject of each."""

    rows: Column
    subject: Column

    @property
    def since(self) -> Column:
        """From when they hold."""
        return self.rows[:, 0]

    @property
    def until(self) -> Column:
        """When they hold no more."""
        return self.rows[:, 1]

    @property
    def clause(self) -> Column:
        """The numbers of their grants."""
        return self.rows[:, 2]

    @property
    def stance(self) -> Column:
        """The numbers of their stances."""
        return self.rows[:, 3]

    def where(self, which: Column) -> Spans:
        """Give some of them, by truth or by place."""
        places = np.flatnonzero(which) if which.dtype == bool else which  # found once for both
        return Spans(self.rows.take(places, axis=0), self.subject.take(places))

    def holding(self, at: int) -> Spans:
        """Give those that hold at an instant."""
        return self.where((self.until > at) & (self.since <= at))

    def of(self, subjects: Column) -> Spans:
        """Give those of some subjects, by the truth at their numbers."""
        return self.where(subjects[self.subject])

    def in_order(self) -> Spans:
        """Give them by subject, and of each in the author's order."""
        return self.where(np.lexsort((self.rows[:, 4] >> 16, self.subject)))

    def matching(self, question: Question) -> Spans:
        """Give those whose grant matches a question, while it is given."""
        return self.where(_answers(self.clause, question.matching) > 0)

    def allowing(self, question: Question) -> Spans:
        """Give, of those that match, those whose grant alone would be a yes."""
        kinds = _answers(self.stance, question.kinds)
        left, kinds = self.where(kinds != DENIES), kinds[kinds != DENIES]
        width, clauses = int(kinds.max(initial=0)) + 1, list[int]()

        def place(numbers: list[int]) -> range:
            clauses.extend(numbers)
            return range(len(numbers))

        def allowed(pairs: list[int]) -> list[bool]:
            return question.allowing((clauses[pair // width], pair % width) for pair in pairs)

        return left.where(_answers(_answers(left.clause, place) * width + kinds, allowed) > 0)


def read(parts: Iterable[tuple[int, bytes]]) -> Spans:
    """Read parts, each with its number. Raises DiskError for what is none."""
    numbers, entries = zip(*parts, strict=True) if (parts := list(parts)) else ((), ())
    if any(len(each) % ENTRY.size for each in entries):
        raise DiskError("store-unreadable", "the store is damaged: a part of it was cut", hint="fetch into a new one")
    rows = np.frombuffer(b"".join(entries), "<u4").reshape(-1, ENTRY.size // 4)
    firsts = np.array([first_subject(number) for number in numbers], np.int64)
    subjects = np.repeat(firsts, [len(each) // ENTRY.size for each in entries]) + (rows[:, 4] & 0xFFFF)
    return Spans(rows, subjects)


def _answers(numbers: Column, answers: Callable[[list[int]], Sequence[int]]) -> Column:
    """Answer each number; they are asked about together, in ascending order, and each once."""
    last = int(numbers.max(initial=0))
    if last >= _TABLE:
        found, places = np.unique(numbers, return_inverse=True)
        return np.array(answers(found.tolist()))[places]
    there = np.zeros(last + 1, bool)
    there[numbers] = True
    found = np.flatnonzero(there)
    table = np.zeros(last + 1, np.int64)
    table[found] = answers(found.tolist())
    return table[numbers]
