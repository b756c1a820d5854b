"""What the numbers in a store stand for: clauses, stances, contact rules. What was read is kept in memory, within bounds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from sayso.errors import DiskError
from sayso.profile.model import ContactRule, Grant, Refusal, Terms
from sayso.reader.stances import Stance, clause, in_state, terms

T = TypeVar("T")
Rows = Callable[[str, Mapping[str, Any]], Iterable[tuple[Any, ...]]]  # runs a query

_MAX_KNOWN = 50_000  # that are kept in memory, of each table
_rules = msgspec.json.Decoder(tuple[ContactRule, ...])
_stance = msgspec.msgpack.Decoder(Stance)


class Numbered(Generic[T]):
    """What a table says under its numbers."""

    def __init__(self, rows: Rows, table: str, read: Callable[[bytes], T]) -> None:
        self._rows, self._read, self._known = rows, read, dict[int, T]()
        self._query = f"SELECT it.id, said FROM json_each(:numbers) CROSS JOIN {table} AS it ON it.id = value"

    def __getitem__(self, number: int) -> T:
        """Give what stands under a number; raises DiskError where there is nothing."""
        if number not in self._known:
            self.read([number])
        return self._known[number]

    def read(self, numbers: list[int]) -> None:
        """Read what will be asked for, in one go."""
        wanted = [number for number in numbers if number not in self._known]
        if len(self._known) + len(wanted) > _MAX_KNOWN:
            self._known, wanted = {}, numbers
        if not wanted:
            return
        try:
            rows = self._rows(self._query, {"numbers": json.dumps(wanted)})
            self._known.update((number, self._read(text)) for number, text in rows)
        except (TypeError, ValueError) as error:  # which those of msgspec are, too
            raise _damaged(error) from None
        if wanted[-1] not in self._known:
            raise _damaged(f"nothing stands under {wanted[-1]}")


class Said:
    """What is said under a number in each of the tables."""

    def __init__(self, rows: Rows) -> None:
        self.clauses = Numbered(rows, "clauses", clause)
        self.stances = Numbered(rows, "stances", _stance.decode)
        self.rules = Numbered(rows, "rules", _rules.decode)

    def terms(
        self, stance: Stance, grants: Iterable[tuple[int, int]], rules: tuple[ContactRule, ...] | None = None
    ) -> Terms:
        """Give terms that answer for a stance and grants (clause and state), whose ids are their places; with contact rules."""
        granted = [
            msgspec.structs.replace(in_state(self.grant(number), state), id=str(place))
            for place, (number, state) in enumerate(grants)
        ]
        return terms(stance, tuple(granted), tuple([self.refusal(number) for number in stance.refusals]), rules)

    def grant(self, number: int) -> Grant:
        """Give a clause that is a grant."""
        found = self.clauses[number]
        if not isinstance(found, Grant):
            raise _damaged(f"clause {number} is no grant")
        return found

    def refusal(self, number: int) -> Refusal:
        """Give a clause that is a refusal."""
        found = self.clauses[number]
        if not isinstance(found, Refusal):
            raise _damaged(f"clause {number} is no refusal")
        return found


def _damaged(why: object) -> DiskError:
    return DiskError("store-unreadable", f"the store is damaged: {why}", hint="fetch into a new one")
