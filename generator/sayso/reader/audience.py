"""Audience: whom may a company address, for one signal and one purpose, and how? (decision 30)

The question is put once to each clause and each stance, and the subjects are found by their spans. A profile that has too
many for spans is asked itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import msgspec

from sayso.instants import rfc3339
from sayso.profile.limits import Limits
from sayso.profile.model import EVERYONE
from sayso.profile.policy import FRESH_FOR, STALE_AFTER, Decision, Request
from sayso.reader.question import Question

if TYPE_CHECKING:
    from sayso.reader.reader import Reader

_decoder = msgspec.json.Decoder(list[int])
_FIRST_SLICES = 5  # the list begins with one subject in 2⁵, then come as many again, and so on

# Every clause that a company has from anybody, each found by one step in the index.
_CLAUSES = """WITH RECURSIVE found (clause) AS (
    SELECT MIN(clause) FROM spans WHERE company = :company AND clause > 0
    UNION ALL SELECT (SELECT MIN(clause) FROM spans WHERE company = :company AND clause > found.clause)
    FROM found WHERE clause IS NOT NULL
) SELECT clause FROM found WHERE clause IS NOT NULL"""
_SUBJECTS = """SELECT stance, group_concat(subject) FROM spans
    WHERE company = :company AND clause = :clause AND until > :at AND since <= :at GROUP BY stance"""
_LISTED = """SELECT subject, clause, stance, until, base, sequence, digest, seen_at, rules
    FROM spans CROSS JOIN subjects ON id = subject
    WHERE company = :company AND clause IN (SELECT value FROM json_each(:clauses)) AND until > :at AND since <= :at
    AND subject > :low AND subject <= :high"""
_UNGRANTED = """SELECT stance, COUNT(*) FROM spans
    WHERE company = :company AND clause = 0 AND until > :at AND since <= :at
    AND subject NOT IN (SELECT id FROM subjects WHERE seen_at < :oldest)"""
_GRANTED = """SELECT subject, stance, clause, CASE WHEN until <= :at THEN 1 WHEN since > :at THEN 2 ELSE 0 END
    FROM spans CROSS JOIN subjects ON id = subject
    WHERE company = :company AND clause > 0 AND iat <= :at AND exp > :at AND seen_at >= :oldest"""
_OTHERS = " AND subject NOT IN (SELECT subject FROM spans WHERE company = :but)"
# Of those that do not speak at all, by the first reason that holds (SPEC.md, Decisions, step 1).
_DEAD = """SELECT reason, COUNT(*) FROM (
    SELECT CASE WHEN status <> 'active' THEN 'withdrawn' WHEN iat > :at THEN 'not-yet-valid' WHEN exp <= :at THEN 'expired'
        WHEN seen_at < :oldest THEN 'stale' END AS reason
    FROM subjects WHERE identity IS NOT NULL
) WHERE reason IS NOT NULL GROUP BY reason"""
_DEAD_REASONS = frozenset({"withdrawn", "not-yet-valid", "expired", "stale"})


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
        self._parts = [(company, but) for company, but in ((own, None), (everyones, own)) if company is not None]

    def count(self) -> int:
        """Count those who may be addressed."""
        with self._reader.still():
            number = sum(len(self._subjects(company, but)) for company, but in self._parts)
            return number + sum(bool(answer) for _, answer in self._direct())

    def __iter__(self) -> Iterator[Addressee]:
        """List those who may be addressed, in no order."""
        last = self._reader.one("SELECT MAX(id) FROM subjects", ())[0] or 0
        edges = [0, *(last >> shift for shift in range(_FIRST_SLICES, -1, -1))]
        for company, but in self._parts:
            if clauses := self._matching(company):
                for low, high in pairwise(edges):
                    yield from self._listed(company, but, clauses, low, high)
        for base, answer in self._direct():
            if answer:
                yield _addressee(base, answer)

    def reasons(self) -> Mapping[str, int]:
        """Count every subject of which a good version is known by the reason of its answer; ``granted`` are those who may."""
        with self._reader.still():
            return self._reasons()

    def _reasons(self) -> Mapping[str, int]:
        question = self._question
        counted = Counter(dict(self._rows(_DEAD)))
        for company, but in self._parts:
            others = "" if but is None else _OTHERS
            for stance, number in self._rows(_UNGRANTED + others + " GROUP BY 1", company=company, but=but):
                counted[question.reason(stance, [])] += number
            rows = self._rows(_GRANTED + others + " ORDER BY 1", company=company, but=but)
            for _, spans in groupby(rows, itemgetter(0)):
                said = [span[1:] for span in spans]
                counted[question.reason(said[0][0], [(clause, state) for _, clause, state in said])] += 1
        counted.update(answer.reasons[0] for _, answer in self._direct() if answer.reasons[0] not in _DEAD_REASONS)
        return {reason: number for reason, number in counted.items() if number}

    def _matching(self, company: int) -> list[int]:
        return [number for (number,) in self._rows(_CLAUSES, company=company) if self._question.matches(number)]

    def _subjects(self, company: int, but: int | None) -> set[int]:
        """Give the subjects that allow; SQLite writes their numbers as text, which is faster than giving them as rows."""
        allowed = [
            subjects
            for clause in self._matching(company)
            for stance, subjects in self._rows(_SUBJECTS, company=company, clause=clause)
            if self._question.allows(clause, stance)
        ]
        found = set(_numbers(",".join(allowed)))
        if found:
            found.difference_update(self._all("SELECT group_concat(id) FROM subjects WHERE seen_at < :oldest"))
        if found and but is not None:
            found.difference_update(self._all("SELECT group_concat(subject) FROM spans WHERE company = :but", but=but))
        return found

    def _all(self, query: str, **values: Any) -> list[int]:
        return _numbers(next(self._rows(query, **values))[0] or "")

    def _listed(self, company: int, but: int | None, clauses: list[int], low: int, high: int) -> Iterator[Addressee]:
        query = _LISTED + ("" if but is None else _OTHERS) + " ORDER BY subject, place"
        rows = self._rows(query, company=company, but=but, clauses=json.dumps(clauses), low=low, high=high)
        for _, spans in groupby(rows, itemgetter(0)):
            said = list(spans)  # one statement, so that they are of one version
            numbers, stances, ends = zip(*(span[1:4] for span in said), strict=True)
            base, sequence, digest, seen_at, rules = said[0][4:]
            if seen_at + STALE_AFTER < self._at:
                continue
            found = self._question.limits(stances[0], numbers, rules)
            if found is not None:
                limits, places = found
                end = min(ends[place] for place in places)
                yield Addressee(base, limits, rfc3339(end), rfc3339(min(end, seen_at + FRESH_FOR)), sequence, digest)

    def _direct(self) -> Iterator[tuple[str, Decision]]:
        for subject, base in self._rows(
            "SELECT id, base FROM documents JOIN subjects ON id = subject WHERE spans IS NULL"
        ):
            answer = self._reader.decide(subject, self._request, self._at)
            if answer is not None:  # nobody forgot it meanwhile
                yield base, answer

    def _rows(self, query: str, **values: Any) -> Iterator[tuple[Any, ...]]:
        return self._reader.rows(query, {"at": self._at, "oldest": self._at - STALE_AFTER, **values})


def _numbers(text: str) -> list[int]:
    return _decoder.decode(f"[{text}]")


def _addressee(base: str, answer: Decision) -> Addressee:
    assert answer.limits is not None
    assert answer.sequence is not None
    assert answer.digest is not None
    return Addressee(base, answer.limits, answer.valid_until, answer.recheck_after, answer.sequence, answer.digest)
