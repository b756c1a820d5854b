"""What the numbers in a store stand for: clauses, stances, contact rules. What was read is kept in memory, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from sayso.errors import DiskError
from sayso.profile.model import ContactRule, Grant, Refusal, Terms
from sayso.reader.stances import GIVEN, Stance, clause, terms

T = TypeVar("T")

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
        return self._read("clauses", number, lambda text: clause(text, state))

    def _stance(self, number: int) -> Stance:
        return self._read("stances", number, _stance.decode)

    def _rules(self, number: int) -> tuple[ContactRule, ...]:
        return self._read("rules", number, _rules.decode)

    def _read(self, table: str, number: int, read: Callable[[bytes], T]) -> T:
        row = self._one(f"SELECT said FROM {table} WHERE id = ?", (number,))
        try:
            return read(row[0])
        except (TypeError, msgspec.MsgspecError) as error:
            raise DiskError("store-unreadable", f"the store is damaged: {error}", hint="fetch into a new one") from None
