"""Which value each problem of ``check`` is about, so that it can be shown beside its field."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from sayso.errors import Problem
from sayso.profile.check import check
from sayso.profile.source import Path, Position, Source

_NEEDS = re.compile(r"needs `([a-z_]+)`$")


@dataclass(frozen=True, slots=True)
class Placed:
    """A problem, and the path of the value, or of the ``key``, that it is about; None for one of the text as a whole."""

    problem: Problem
    path: Path | None
    key: bool = False
    missing: bool = False  # whether it is that nothing was written where something is needed

    @property
    def is_error(self) -> bool:
        """Tell whether it hinders signing."""
        return self.problem.severity == "error"

    @property
    def mark(self) -> tuple[str, str]:
        """What stays of it when lines move: to tell a problem that is new from one that was there."""
        return self.problem.code, re.sub(r"line [0-9]+|\[[0-9]+\]", "", self.problem.message)

    def within(self, section: str, entry: str | int | None) -> bool:
        """Tell whether it is about an entry, or about a section that is one."""
        start = (section,) if entry is None else (section, entry)
        return self.path is not None and self.path[: len(start)] == start


def placed(source: Source, at: int) -> tuple[Placed, ...]:
    """Give every problem of a source as read at an instant, each with the path of its value.

    A problem has a line and a column; several values may begin at one. So the source is checked with columns that number
    its values, and the problems get the true ones back.
    """
    found: list[tuple[Path, Position]] = []

    def numbered(path: Path, position: Position) -> Position:
        found.append((path, position))
        return position[0], len(found)

    values = {path: numbered(path, position) for path, position in source.values.items()}
    keys = {path: numbered(path, position) for path, position in source.keys.items()}
    problems = check(Source(source.name, source.data, values, keys), at)
    return tuple(sorted((_placed(problem, found, source) for problem in problems), key=_order))


def _placed(problem: Problem, found: list[tuple[Path, Position]], source: Source) -> Placed:
    if not 0 < problem.column <= len(found):
        return Placed(problem, None)
    (path, (line, column)), key = found[problem.column - 1], problem.column > len(source.values)
    said: Any = path[-1] if key else reduce(lambda data, name: data[name], path, source.data)
    if problem.code == "missing-member" and (member := _NEEDS.search(problem.message)):
        path = (*path, member[1])
    return Placed(replace(problem, line=line, column=column), path, key, said == "" or problem.code == "missing-member")


def _order(item: Placed) -> Position:
    return item.problem.line, item.problem.column
