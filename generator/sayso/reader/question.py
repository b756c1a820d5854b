"""One question to a whole store: what ``decide`` says of clauses and stances, each asked as seldom as can be (decision 30).

What does not bear on the question is left out of a stance first, so that most stances become the same few.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from sayso.profile.limits import Limits
from sayso.profile.model import ContactRule, Refusal
from sayso.profile.policy import Request, bears, company_of, decide, miss_of
from sayso.profile.words import over
from sayso.reader.said import Said
from sayso.reader.stances import GIVEN, Stance, in_state

_MAX_KNOWN = 20_000  # answers that are kept in memory, of each kind
_LATEST = 1_000_000  # version of the vocabulary: a grant covers no less in a later one

DENIES = -1  # the kind of a stance that denies whatever was granted

State = tuple[int, int]  # of a grant: its clause, and whether it is given
Found = tuple[Limits, tuple[int, ...]]


class Question:
    """A request at an instant; raises RequestError for one that is no question.

    ``kinds(stances)`` gives numbers: stances of one kind do not differ in which grants allow; ``DENIES`` if none does.
    ``allowing(pairs)`` tells of clauses and kinds whether the grant, which is given, allows.
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
        self._reach = known(self._what_it_reaches)
        self._answer, self._alike, self.limits = known(self._decide), known(self._limits_alike), known(self._limits)

    def matching(self, clauses: list[int]) -> list[bool]:
        """Tell of grants whether they match, while they are given, in the vocabulary of some profile at least."""
        self._said.clauses.read(clauses)
        return [self._miss(clause, GIVEN, _LATEST) is None for clause in clauses]

    def kinds(self, stances: list[int]) -> list[int]:
        """Give the kinds of stances."""
        self._said.stances.read(stances)
        return [self._kind(stance) for stance in stances]

    def allowing(self, pairs: Iterable[tuple[int, int]]) -> list[bool]:
        """Tell whether a grant allows to a company with a stance of a kind, for each pair of both."""
        return [self._left(clause, kind) for clause, kind in pairs]

    def reason(self, stance: int, grants: list[State]) -> str:
        """Give the reason of an answer."""
        bearing = self._bearing(stance)
        near = {state for state in grants if self._miss(*state, bearing.vocabulary) != "not-declared"}
        return self._answer(bearing, tuple(sorted(near)))

    def _limits(self, stance: int, clauses: tuple[int, ...], rules: int) -> Found | None:
        channels = {self._request.channel, *(name for clause in clauses for name in self._said.grant(clause).channels)}
        concerned = tuple([rule for rule in self._said.rules[rules] if rule.channel in channels])
        bearing = self._bearing(stance)._replace(never=(), revoked=False)  # the rules say what is never to be used
        return self._alike(bearing, clauses, concerned)

    def _limits_alike(self, bearing: Stance, clauses: tuple[int, ...], rules: tuple[ContactRule, ...]) -> Found | None:
        terms = self._said.terms(bearing, [(clause, GIVEN) for clause in clauses], rules)
        answer = decide(terms, self._request, self._at)
        return None if answer.limits is None else (answer.limits, tuple([int(place) for place in answer.grants]))

    def _decide(self, bearing: Stance, grants: tuple[State, ...]) -> str:
        return decide(self._said.terms(bearing, grants), self._request, self._at).reasons[0]

    def _what_bears(self, number: int) -> Stance:
        stance, channel = self._said.stances[number], self._request.channel
        refusals = tuple([refusal for refusal in stance.refusals if self._how(refusal) != "not"])
        never = stance.never if channel is None else tuple([name for name in stance.never if name == channel])
        return stance._replace(refusals=refusals, never=never)

    def _kind_of(self, number: int) -> int:
        stance, channel = self._said.stances[number], self._request.channel
        if channel in stance.never:
            return DENIES
        refusals = []
        for refusal in stance.refusals:
            how = self._how(refusal)
            if how == "wholly":
                return DENIES
            if how != "not":
                refusals.append(refusal)
        alike = Stance(tuple(sorted(refusals)), stance.never if channel is None else (), False, stance.vocabulary)
        kind = self._kinds.setdefault(alike, len(self._stances))
        if kind == len(self._stances):
            self._stances.append(alike)
        return kind

    def _is_left(self, clause: int, kind: int) -> bool:
        stance = self._stances[kind]
        if self._miss(clause, GIVEN, stance.vocabulary) is not None:
            return False
        if not stance.never and not stance.refusals:
            return True
        channels, categories = self._reach(clause)
        never = tuple([name for name in stance.never if name in channels])
        takers = []
        for refusal in stance.refusals:  # which bears on the question in part
            closed, left_out = self._reach(refusal)
            if not channels.isdisjoint(closed) or not categories.isdisjoint(left_out):
                takers.append(refusal)
        if not never and not takers:
            return True
        return self._answer(stance._replace(refusals=tuple(takers), never=never), ((clause, GIVEN),)) == "granted"

    def _what_it_reaches(self, number: int) -> tuple[frozenset[str], frozenset[str]]:
        """Give the channels and categories of a clause; of a grant also the categories that those lie under."""
        item = self._said.clauses[number]
        categories = item.categories if isinstance(item, Refusal) else chain.from_iterable(map(over, item.categories))
        return frozenset(item.channels), frozenset(categories)

    def _how_refused(self, number: int) -> str:
        return bears(self._said.refusal(number), self.company, self._request)

    def _how_missed(self, number: int, state: int, vocabulary: int) -> str | None:
        grant = in_state(self._said.grant(number), state)
        return miss_of(grant, vocabulary, self.company, self._request, self._at)
