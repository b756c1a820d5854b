"""Audience: whom may a company address, for one signal and one purpose, and how? (decision 30)

The question is put once to each clause and each kind of stance, and the subjects are found by their spans. A profile that has
too many for spans is asked itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from sayso.errors import DiskError
from sayso.instants import rfc3339
from sayso.profile.limits import Limits
from sayso.profile.model import EVERYONE
from sayso.profile.policy import FRESH_FOR, STALE_AFTER, Decision, Request
from sayso.reader.parts import first_subject, holder, part_of, parts_of
from sayso.reader.question import Question
from sayso.reader.spans import Column, Spans, read
from sayso.reader.stances import AHEAD, ENDED, GIVEN

if TYPE_CHECKING:
    from sayso.reader.reader import Reader

_numbers = msgspec.json.Decoder(list[int])

_PARTS = "SELECT part FROM spans WHERE part BETWEEN :low AND :high"
_SPANS = "SELECT part, entries FROM spans WHERE part BETWEEN :low AND :high"
_SUBJECTS = """SELECT subjects.id, base, sequence, digest, seen_at, rules
    FROM json_each(:subjects) CROSS JOIN subjects ON subjects.id = value WHERE seen_at >= :oldest"""
_STALE = "SELECT group_concat(id) FROM subjects WHERE seen_at < :oldest"
_SILENT = """SELECT group_concat(id) FROM subjects
    WHERE status <> 'active' OR iat > :at OR exp <= :at OR seen_at < :oldest"""
# Of the silent ones, by the first reason that holds (SPEC.md, Decisions, step 1).
_WHY = """SELECT CASE WHEN status <> 'active' THEN 'withdrawn' WHEN iat > :at THEN 'not-yet-valid'
        WHEN exp <= :at THEN 'expired' WHEN seen_at < :oldest THEN 'stale' END AS reason, COUNT(*)
    FROM subjects WHERE identity IS NOT NULL AND reason IS NOT NULL GROUP BY reason"""
_SILENT_REASONS = frozenset({"withdrawn", "not-yet-valid", "expired", "stale"})


@dataclass(frozen=True, slots=True)
class Addressee:
    """A subject that may be addressed, the limits to honour, and the version that says so. Instants are RFC 3339, UTC."""

    sub: str
    limits: Limits
    valid_until: str
    recheck_after: str
    sequence: int
    digest: str


class Audience:
    """The answer of a store to one request at one instant; counted or listed when asked.

    Raises RequestError for a request that is no question, and DiskError where the store cannot be read.
    """

    def __init__(self, reader: Reader, request: Request, at: int) -> None:
        self._reader, self._request, self._at = reader, request, at
        self._question = Question(reader.said, request, at)
        own, everyones = reader.company(self._question.company), reader.company(EVERYONE)
        # Whose spans answer, and whose speak for the subject in the place of those.
        self._companies = [(company, but) for company, but in ((own, None), (everyones, own)) if company is not None]

    def count(self) -> int:
        """Count those who may be addressed."""
        with self._reader.still():
            stale, number = self._marked(self._subjects(_STALE)), 0
            for company, but in self._companies:
                allowed = self._allowed(self._spans(company, granted=True)) & ~stale
                if but is not None and allowed.any():
                    allowed &= ~self._spoken(but)
                number += int(np.count_nonzero(allowed))
            return number + sum(bool(answer) for _, answer in self._direct())

    def __iter__(self) -> Iterator[Addressee]:
        """List those who may be addressed, in no order."""
        for company, but in self._companies:
            low, high = parts_of(holder(company, granted=True))
            for (part,) in list(self._rows(_PARTS, low=low, high=high)):
                yield from self._listed(part, but)
        for base, answer in self._direct():
            if answer:
                yield _addressee(base, answer)

    def reasons(self) -> Mapping[str, int]:
        """Count every subject of which a good version is known by the reason of its answer; ``granted`` are those who may."""
        with self._reader.still():
            counted = Counter(dict(self._rows(_WHY)))
            silent = self._marked(self._subjects(_SILENT))
            for company, but in self._companies:
                counted.update(self._reasons(company, ~(silent | self._spoken(but))))
            counted.update(
                answer.reasons[0] for _, answer in self._direct() if answer.reasons[0] not in _SILENT_REASONS
            )
        return {reason: number for reason, number in counted.items() if number}

    def _reasons(self, company: int, who: Column) -> Counter[str]:
        """Count by reason those who say something to a company, of some who are not silent."""
        counted: Counter[str] = Counter()
        for stance, number in enumerate(np.bincount(self._spans(company, granted=False).of(who).stance).tolist()):
            if number:
                counted[self._question.reason(stance, [])] += number
        spans = self._spans(company, granted=True).of(who)
        allowed = self._allowed(spans)
        counted["granted"] += int(np.count_nonzero(allowed))
        rest = spans.of(~allowed).in_order()
        states = np.where(rest.until <= self._at, ENDED, np.where(rest.since > self._at, AHEAD, GIVEN))
        rows = zip(*(column.tolist() for column in (rest.subject, rest.stance, rest.clause, states)), strict=True)
        for _, said in groupby(rows, itemgetter(0)):
            _, stances, *grants = zip(*said, strict=True)
            counted[self._question.reason(stances[0], list(zip(*grants, strict=True)))] += 1
        return counted

    def _listed(self, part: int, but: int | None) -> Iterator[Addressee]:
        with self._reader.still():  # so that what is put together is of one version
            matching = self._read(part, part).holding(self._at).matching(self._question)
            who = np.setdiff1d(matching.allowing(self._question).subject, self._spoken_in(part, but))
            spans = matching.where(np.isin(matching.subject, who)).in_order()
            rows = {row[0]: row[1:] for row in self._rows(_SUBJECTS, subjects=json.dumps(who.tolist()))}
        columns = (spans.subject, spans.clause, spans.stance, spans.until)
        for subject, said in groupby(zip(*(column.tolist() for column in columns), strict=True), itemgetter(0)):
            if subject in rows:
                _, clauses, stances, ends = zip(*said, strict=True)
                base, sequence, digest, seen_at, rules = rows[subject]
                found = self._question.limits(stances[0], clauses, rules)
                if found is not None:
                    limits, places = found
                    end = min(ends[place] for place in places)
                    yield Addressee(
                        base, limits, rfc3339(end), rfc3339(min(end, seen_at + FRESH_FOR)), sequence, digest
                    )

    def _direct(self) -> Iterator[tuple[str, Decision]]:
        query = "SELECT id, base FROM documents JOIN subjects ON id = subject WHERE holders IS NULL"
        for subject, base in self._rows(query):
            answer = self._reader.decide(subject, self._request, self._at)
            if answer is not None:  # nobody forgot it meanwhile
                yield base, answer

    def _spans(self, company: int, *, granted: bool) -> Spans:
        return self._read(*parts_of(holder(company, granted=granted)))

    def _read(self, low: int, high: int) -> Spans:
        return read(self._rows(_SPANS, low=low, high=high))

    def _allowed(self, spans: Spans) -> Column:
        """Tell of each subject whether it allows."""
        return self._marked(spans.holding(self._at).matching(self._question).allowing(self._question).subject)

    def _spoken(self, company: int | None) -> Column:
        """Tell of each subject whether it says something to a company by name."""
        found = [] if company is None else [self._spans(company, granted=granted).subject for granted in (False, True)]
        return self._marked(*found)

    def _spoken_in(self, part: int, company: int | None) -> Column:
        """Give the subjects, of those in a part, that say something to a company by name."""
        first = first_subject(part)
        places = [] if company is None else [part_of(holder(company, granted=yes), first) for yes in (False, True)]
        return np.concatenate([np.array([], np.int64), *(self._read(place, place).subject for place in places)])

    def _marked(self, *subjects: Column) -> Column:
        """Give a truth for each number that a subject can have: whether it is among some."""
        marks = np.zeros((self._reader.one("SELECT MAX(id) FROM subjects", ())[0] or 0) + 1, bool)
        try:
            for each in subjects:
                marks[each] = True
        except IndexError as error:
            raise DiskError("store-unreadable", f"the store is damaged: {error}", hint="fetch into a new one") from None
        return marks

    def _subjects(self, query: str) -> Column:
        """Give numbers that SQLite writes as text, which is faster than giving them as rows."""
        text = next(self._rows(query))[0] or ""
        return np.array(_numbers.decode(f"[{text}]"), np.int64)

    def _rows(self, query: str, **values: Any) -> Iterator[tuple[Any, ...]]:
        return self._reader.rows(query, {"at": self._at, "oldest": self._at - STALE_AFTER, **values})


def _addressee(base: str, answer: Decision) -> Addressee:
    assert answer.limits is not None
    assert answer.sequence is not None
    assert answer.digest is not None
    return Addressee(base, answer.limits, answer.valid_until, answer.recheck_after, answer.sequence, answer.digest)
