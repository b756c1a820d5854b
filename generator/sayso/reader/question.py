"""One question to a whole store: what ``decide`` says of clauses and stances, each asked as seldom as can be (decision 30).

What does not bear on the question is left out of a stance first, so that most stances become the same few.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from sayso.profile.limits import Limits
from sayso.profile.model import ContactRule, Grant
from sayso.profile.policy import Request, bears, company_of, decide, miss_of
from sayso.reader.said import Said
from sayso.reader.stances import GIVEN, Stance

_MAX_KNOWN = 20_000  # answers that are kept in memory, of each kind
_LATEST = 1_000_000  # version of the vocabulary: a grant covers no less in a later one


Found = tuple[Limits, tuple[int, ...]]


class _Bearing(NamedTuple):
    """What of a stance bears on a question; whether it denies whatever was granted; what it may take out of a grant."""

    stance: Stance
    blocked: bool
    channels: frozenset[str]
    categories: bool


class Question:
    """A request at an instant; raises RequestError for one that is no question."""

    def __init__(self, said: Said, request: Request, at: int) -> None:
        self._said, self._request, self._at = said, request, at
        self.company = company_of(request)
        known = lru_cache(maxsize=_MAX_KNOWN)
        self._bears, self._bearing, self._misses = known(self._bears_how), known(self._what_bears), known(self._miss)
        self._answer, self._alike, self.limits = known(self._decide), known(self._limits_alike), known(self._limits)

    def matches(self, clause: int) -> bool:
        """Tell whether a grant matches, while it is given, in the vocabulary of some profile at least."""
        return self._misses(clause, GIVEN, _LATEST) is None

    def allows(self, clause: int, stance: int) -> bool:
        """Tell whether a grant that matches and is given allows, to a company with a stance."""
        bearing = self._bearing(stance)
        if bearing.blocked or self._misses(clause, GIVEN, bearing.stance.vocabulary) is not None:
            return False
        grant = self._grant(clause)
        channel_left = not grant.channels or not bearing.channels.issuperset(grant.channels)
        if channel_left and not (bearing.categories and grant.categories):
            return True
        return self._answer(bearing.stance, ((clause, GIVEN),)) == "granted"

    def reason(self, stance: int, grants: tuple[tuple[int, int], ...]) -> str:
        """Give the reason of the answer to a company with a stance and grants (clause and state)."""
        bearing = self._bearing(stance).stance
        near = [key for key in grants if self._misses(*key, bearing.vocabulary) != "not-declared"]
        return self._answer(bearing, tuple(sorted(set(near))))

    def _limits(self, stance: int, clauses: tuple[int, ...], rules: int) -> Found | None:
        """Give the limits of a yes, and on which of the grants it rests, by their places; None where the answer is no.

        ``clauses`` are the grants that match and are given, in the author's order; ``rules`` the subject's contact rules.
        """
        channels = {self._request.channel, *(name for number in clauses for name in self._grant(number).channels)}
        concerned = tuple(rule for rule in self._said.rules(rules) if rule.channel in channels)
        bearing = self._bearing(stance).stance._replace(
            never=(), revoked=False
        )  # the rules say what is never to be used
        return self._alike(bearing, clauses, concerned)

    def _limits_alike(self, bearing: Stance, clauses: tuple[int, ...], rules: tuple[ContactRule, ...]) -> Found | None:
        grants = [(clause, GIVEN) for clause in clauses]
        answer = decide(self._said.terms(bearing, grants, rules), self._request, self._at)
        return None if answer.limits is None else (answer.limits, tuple(int(place) for place in answer.grants))

    def _decide(self, bearing: Stance, grants: tuple[tuple[int, int], ...]) -> str:
        return decide(self._said.terms(bearing, grants), self._request, self._at).reasons[0]

    def _what_bears(self, number: int) -> _Bearing:
        stance, request = self._said.stance(number), self._request
        how = {number: self._bears(number) for number in stance.refusals}
        refusals: Any = [self._said.clause(number) for number in how if how[number] == "in part"]
        never = (
            stance.never if request.channel is None else tuple(name for name in stance.never if name == request.channel)
        )
        return _Bearing(
            stance._replace(refusals=tuple(number for number in stance.refusals if how[number] != "not"), never=never),
            "wholly" in how.values() or request.channel in never,
            frozenset((*never, *(name for refusal in refusals for name in refusal.channels))),
            any(refusal.categories for refusal in refusals),
        )

    def _bears_how(self, number: int) -> str:
        refusal: Any = self._said.clause(number)
        return bears(refusal, self.company, self._request)

    def _miss(self, number: int, state: int, vocabulary: int) -> str | None:
        grant: Any = self._said.clause(number, state)
        return miss_of(grant, vocabulary, self.company, self._request, self._at)

    def _grant(self, number: int) -> Grant:
        grant = self._said.clause(number)
        assert isinstance(grant, Grant)
        return grant
