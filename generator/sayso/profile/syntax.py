"""What is wrong with a text that is not YAML: PyYAML's complaint turned into the slip that is behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

Position = tuple[int, int]  # line and column, both from 1
Fault = tuple[str | None, str, Position]  # what is wrong (None: as PyYAML says), what to do, where

_CLOSES = {"[": "]", "{": "}", '"': '"', "'": "'"}
_NO_SPACE = re.compile(r"(?<![:/\w.-])[\w.-]+:[^\s:]")
_LOOK = "look above it too: an open quote or bracket, a colon without a space, or another indentation"
_APART = "this line is indented otherwise than those above it that it belongs to"


def syntax_fault(error: Any, text: str) -> tuple[str, str, Position]:
    """Give what is wrong, what to do, and where: often the slip stands before the place where PyYAML stumbles."""
    problem, context = error.problem or "", error.context or ""
    at = _position(error.problem_mark or error.context_mark)
    start = _position(error.context_mark or error.problem_mark)
    fault, hint, place = _fault(problem, context, at, start, text.splitlines())
    return fault or " ".join(part for part in (context, problem) if part), hint, place


def last_word(before: str) -> str | None:
    """Give the word of a line after which something stands; None at the beginning of the line."""
    words = re.findall(r"\w+", before[-80:].rpartition("\n")[2])
    return words[-1][-30:] if words else None


def _fault(problem: str, context: str, at: Position, start: Position, rows: Sequence[str]) -> Fault:
    row, first = _row(rows, at), _row(rows, start)
    before, here, opener = row[: at[1] - 1], row[at[1] - 1 : at[1]], first[start[1] - 1 : start[1]]
    if "\t" in row[: len(row) - len(row.lstrip())] or here == "\t":
        return None, "a tab stands here: indent with spaces", at
    if "cannot start any token" in problem or ("node content" in problem and here in (",", "]", "}")):
        return None, f"a text cannot begin with {here}: put it in quotes", at
    if context and opener in ("&", "*", "!", "|", ">"):
        return None, f"a text cannot begin with {opener}: put it in quotes", start
    if "unknown escape" in problem:
        return None, "write \\\\ for a backslash, or single quotes around the text", at
    if "while scanning a quoted scalar" in context:
        return "what begins here is not closed", f"close it with {opener}", start
    if "simple key" in context:
        space = _NO_SPACE.search(first)
        return None, "put a space after the colon" if space else "a key is followed by a colon and a space", start
    if _dash(row):
        return None, "put a space after the dash", (at[0], _indent(row) + 1)
    if "flow" in context:
        return _in_brackets(before, here, opener, at, start, rows) if opener in _CLOSES else (None, _LOOK, at)
    if "mapping values" in problem:
        return _second_colon(before, at, rows)
    if hint := _ended(before, here):
        return None, hint, at
    if not before.strip(" -"):
        return _APART, "put as many spaces before it as before those", at
    if "block sequence entries" in problem:
        return None, "begin the list in a line of its own", at
    return None, _LOOK, at


def _in_brackets(before: str, here: str, opener: str, at: Position, start: Position, rows: Sequence[str]) -> Fault:
    first = _row(rows, start)
    quote_open = at[0] > start[0] and first.count('"') % 2 == 1
    if before.endswith("'") and here.isalnum():
        return None, "an apostrophe ends the quotes: use double quotes", at
    if quote_open or (at[0] > start[0] and _indent(_row(rows, at)) <= _indent(first.replace("- ", "  ", 1))):
        hint = 'a quote in this line is not closed: add "' if quote_open else f"close it with {_CLOSES[opener]}"
        return "what begins here is not closed", hint, start
    if here == ":":
        return None, "put a comma before this key, or the text in quotes if the colon belongs to it", at
    return None, f"put a comma before this, or close what is open with {_CLOSES[opener]}", at


def _second_colon(before: str, at: Position, rows: Sequence[str]) -> Fault:
    """Explain a colon that makes no key: of two in a line, or of a line that goes on with the text above it."""
    if re.search(r":\s", before):
        return None, "a colon stands in this text: put the text in quotes", at
    number = next((n for n in range(at[0] - 1, 0, -1) if _row(rows, (n, 1)).strip()), at[0])
    above = _row(rows, (number, 1))
    if _dash(above):
        return None, "put a space after the dash", (number, _indent(above) + 1)
    if (found := _NO_SPACE.search(above)) and not re.search(r":\s", above):
        return None, "put a space after the colon", (number, found.start() + 1)
    return _APART, "put as many spaces before it as before those", (at[0], len(before) - len(before.lstrip()) + 1)


def _ended(before: str, here: str) -> str | None:
    """Explain what comes after quotes or brackets that have ended."""
    last = before.rstrip()[-1:]
    if last in ("]", "}"):
        return "the brackets end before this: put the whole text in quotes"
    if last not in ('"', "'"):
        return None
    if before.count(last) % 2:
        return "these quotes begin in a line above: close them there"
    if before.endswith("'") and here.isalnum():
        return "an apostrophe ends the quotes: use double quotes"
    return "the quotes end before this: put the whole text in quotes"


def _dash(row: str) -> bool:
    return re.match(r" *-[^\s-]", row) is not None


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


def _row(rows: Sequence[str], at: Position) -> str:
    return rows[at[0] - 1] if at[0] <= len(rows) else ""


def _position(mark: Any) -> Position:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
