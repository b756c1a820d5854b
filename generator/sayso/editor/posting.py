"""Reading what a form sends: strictly, and no more than a form of ours can hold."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

MAX_BODY = 1024 * 1024  # bytes: four times what a profile may have
MAX_FIELDS = 5000

Values = Mapping[str, tuple[str, ...]]  # of the controls of a form, by name


def values_of(text: bytes) -> Values:
    """Read the body of a form, or the query of an address; raises ValueError for what no form of ours sends."""
    found: dict[str, tuple[str, ...]] = {}
    pairs = parse_qsl(
        text.decode("ascii"),
        keep_blank_values=True,
        strict_parsing=bool(text),
        errors="strict",
        max_num_fields=MAX_FIELDS,
    )
    for name, value in pairs:
        found[name] = (*found.get(name, ()), one_line_break(value))
    return found


def one(values: Values, name: str, default: str | None = None) -> str:
    """Give the one value of a control; raises ValueError where there is none, or more."""
    given = values.get(name, () if default is None else (default,))
    if len(given) != 1:
        raise ValueError(f"{name} was sent {len(given)} times")
    return given[0]


def one_line_break(text: str) -> str:
    """Give a text with line feeds alone: browsers send others than they were given."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
