"""What a case is."""

from __future__ import annotations

from typing import Any, NamedTuple


class Case(NamedTuple):
    """One vector: its name within its kind, one sentence, the place in SPEC.md, what goes in, and what must come out."""

    name: str
    description: str
    spec: str
    given: dict[str, Any]
    expect: dict[str, Any]
