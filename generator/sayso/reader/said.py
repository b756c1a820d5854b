"""What the numbers in a store stand for: clauses, stances, contact rules. What was read is kept in memory, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import msgspec

from sayso.profile.model import ContactRule, Grant, Refusal, Terms
from sayso.reader.stances import GIVEN, Stance, clause, terms

_rules = msgspec.json.Decoder(tuple[ContactRule, ...])
_stance = msgspec.msgpack.Decoder(Stance)


class Said:
    """What is said under a number; ``one`` gives the first row of a query."""

    def __init__(self, one: Callable[[str, tuple[int]], Any]) -> None:
        self._one = one
        self.clause = lru_cache(maxsize=50_000)(self._clause)
        self.stance = lru_cache(maxsize=50_000)(self._stance)
        self.rules = lru_cache(maxsize=50_000)(self._rules)

    def terms(
        self, stance: Stance, grants: Iterable[tuple[int, int]], rules: tuple[ContactRule, ...] | None = None
    ) -> Terms:
        """Give terms that answer for a stance and grants (clause and state), whose ids are their places; with contact rules."""
        granted: Any = [msgspec.structs.replace(self.clause(*key), id=str(place)) for place, key in enumerate(grants)]
        refused: Any = [self.clause(number) for number in stance.refusals]
        return terms(stance, tuple(granted), tuple(refused), rules)

    def _clause(self, number: int, state: int = GIVEN) -> Grant | Refusal:
        return clause(self._one("SELECT said FROM clauses WHERE id = ?", (number,))[0], state)

    def _stance(self, number: int) -> Stance:
        return _stance.decode(self._one("SELECT said FROM stances WHERE id = ?", (number,))[0])

    def _rules(self, number: int) -> tuple[ContactRule, ...]:
        return _rules.decode(self._one("SELECT said FROM rules WHERE id = ?", (number,))[0])
