"""One question to a whole store: what ``decide`` says of clauses and stances, each asked as seldom as can be (decision 30).

What does not bear on the question is left out of a stance first, so that most stances become the same few.
"""

from __future__ import annotations

from functools import lru_cache

from sayso.profile.limits import Limits
from sayso.profile.model import ContactRule, Grant, Refusal
from sayso.profile.policy import Request, bears, company_of, decide, miss_of
from sayso.profile.words import over
from sayso.reader.said import Said
from sayso.reader.stances import GIVEN, Stance

_MAX_KNOWN = 20_000  # answers that are kept in memory, of each kind
_LATEST = 1_000_000  # version of the vocabulary: a grant covers no less in a later one

State = tuple[int, int]  # of a grant: its clause, and whether it is given
Found = tuple[Limits, tuple[int, ...]]


class Question:
    """A request at an instant; raises RequestError for one that is no question.

    ``allows(clause, stance)`` tells whether a grant that is given allows, to a company with a stance.
    ``limits(stance, clauses, rules)`` gives the limits of a yes that grants give together, in the author's order, with the
    subject's contact rules, and the places of those that it rests on; None where the answer is no.
    ``reason(stance, grants)`` gives the reason of the answer to a company with a stance and grants in their states.
    """

    def __init__(self, said: Said, request: Request, at: int) -> None:
        self._said, self._request, self._at = said, request, at
        self.company = company_of(request)
        self._kinds: dict[Stance, int] = {}  # stances of which no two differ in whether a grant allows
        self._stances: list[Stance] = []
        known = lru_cache(maxsize=_MAX_KNOWN)
        self._how, self._miss = known(self._how_refused), known(self._how_missed)
        self._bearing, self._kind, self._left = known(self._what_bears), known(self._kind_of), known(self._is_left)
        self._answer, self._alike, self.limits = known(self._decide), known(self._limits_alike), known(self._limits)

    def matches(self, clause: int) -> bool:
        """Tell whether a grant matches, while it is given, in the vocabulary of some profile at least."""
        return self._miss(clause, GIVEN, _LATEST) is None

    def allows(self, clause: int, stance: int) -> bool:
        """Tell whether a grant that is given allows."""
        kind = self._kind(stance)
        return kind is not None and self._left(clause, kind)

    def reason(self, stance: int, grants: list[State]) -> str:
        """Give the reason of an answer."""
        bearing = self._bearing(stance)
        near = {state for state in grants if self._miss(*state, bearing.vocabulary) != "not-declared"}
        return self._answer(bearing, tuple(sorted(near)))

    def _limits(self, stance: int, clauses: tuple[int, ...], rules: int) -> Found | None:
        channels = {self._request.channel, *(name for clause in clauses for name in self._grant(clause).channels)}
        concerned = tuple([rule for rule in self._said.rules(rules) if rule.channel in channels])
        bearing = self._bearing(stance)._replace(never=(), revoked=False)  # the rules say what is never to be used
        return self._alike(bearing, clauses, concerned)

    def _limits_alike(self, bearing: Stance, clauses: tuple[int, ...], rules: tuple[ContactRule, ...]) -> Found | None:
        terms = self._said.terms(bearing, [(clause, GIVEN) for clause in clauses], rules)
        answer = decide(terms, self._request, self._at)
        return None if answer.limits is None else (answer.limits, tuple([int(place) for place in answer.grants]))

    def _decide(self, bearing: Stance, grants: tuple[State, ...]) -> str:
        return decide(self._said.terms(bearing, grants), self._request, self._at).reasons[0]

    def _what_bears(self, number: int) -> Stance:
        stance, channel = self._said.stance(number), self._request.channel
        refusals = tuple([refusal for refusal in stance.refusals if self._how(refusal) != "not"])
        never = stance.never if channel is None else tuple([name for name in stance.never if name == channel])
        return stance._replace(refusals=refusals, never=never)

    def _kind_of(self, number: int) -> int | None:
        """Give the number of the kind of a stance; None for one that denies whatever was granted."""
        bearing = self._bearing(number)
        if self._request.channel in bearing.never or any(
            self._how(refusal) == "wholly" for refusal in bearing.refusals
        ):
            return None
        alike = bearing._replace(refusals=tuple(sorted(bearing.refusals)), revoked=False)
        if alike not in self._kinds:
            self._kinds[alike] = len(self._stances)
            self._stances.append(alike)
        return self._kinds[alike]

    def _is_left(self, clause: int, kind: int) -> bool:
        """Tell whether a grant matches, and not all of it is taken away by a kind of stance."""
        stance, grant = self._stances[kind], self._grant(clause)
        if self._miss(clause, GIVEN, stance.vocabulary) is not None:
            return False
        never = tuple([name for name in stance.never if name in grant.channels])
        takers = tuple([refusal for refusal in stance.refusals if self._takes(refusal, grant)])
        if not never and not takers:
            return True
        return self._answer(stance._replace(refusals=takers, never=never), ((clause, GIVEN),)) == "granted"

    def _takes(self, number: int, grant: Grant) -> bool:
        """Tell whether a refusal that bears on the question in part can take something away from a grant."""
        refusal = self._refusal(number)
        if not set(refusal.channels).isdisjoint(grant.channels):
            return True
        named = set(refusal.categories)
        return bool(named) and any(not named.isdisjoint(over(category)) for category in grant.categories)

    def _how_refused(self, number: int) -> str:
        return bears(self._refusal(number), self.company, self._request)

    def _how_missed(self, number: int, state: int, vocabulary: int) -> str | None:
        return miss_of(self._grant(number, state), vocabulary, self.company, self._request, self._at)

    def _grant(self, number: int, state: int = GIVEN) -> Grant:
        grant = self._said.clause(number, state)
        assert isinstance(grant, Grant)
        return grant

    def _refusal(self, number: int) -> Refusal:
        refusal = self._said.clause(number)
        assert isinstance(refusal, Refusal)
        return refusal
