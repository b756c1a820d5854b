"""Scalars: one value as the characters that stand for it in the text of a source, in the style that it is to have."""

from __future__ import annotations

import json
import re
from typing import Any

from sayso.errors import SourceError
from sayso.profile.source import load

_SAFE = re.compile(r"[a-z][a-z0-9_]*(?:[ .-][a-z0-9_]+)*")  # save for the words of load, read back without a trial
_WORDS = frozenset({"null", "true", "false"})
_HEADER = re.compile(r"([|>])([1-9]?)([-+]?)([1-9]?)([ \t]*(?:#[^\r\n]*)?)$")
_BETWEEN_WORDS = re.compile(r"(?<=\S) (?=\S)")


def scalar(value: Any, quote: str = "", *, flow: bool = False, key: bool = False) -> str:
    """Give the characters of a text, number, yes, no or null, which ``load`` reads back as what it was.

    A text stands in its ``quote``, or in none where it can; else in double quotes. ``flow`` tells whether it comes to
    stand within brackets, ``key`` whether it is one.
    """
    if not isinstance(value, str):
        return json.dumps(value)
    if quote == "'" and not re.search(r"[\r\n]", value):
        return "'" + value.replace("'", "''") + "'"
    if not quote and _plain(value, flow, key):
        return value
    return json.dumps(value, ensure_ascii=False)  # a string of JSON is one of YAML


def _plain(text: str, flow: bool, key: bool) -> bool:
    """Tell whether a text is read as what it is without quotes."""
    if _SAFE.fullmatch(text) and text not in _WORDS:
        return True
    if not text or "\n" in text or "\r" in text:
        return False
    line = f"{text}: 0" if key else text
    wanted: Any = {text: 0} if key else text
    try:
        # A key stands at the very beginning of a line, a text never does.
        if load((line if key else f"- {line}").encode()).data != (wanted if key else [wanted]):
            return False
        return not flow or load(f"[{{{line}}}]".encode() if key else f"[{line}]".encode()).data == [wanted]
    except (SourceError, UnicodeEncodeError):
        return False


def in_block(old: str, said: str, new: str, line_break: str, *, last: bool) -> str | None:
    """Give a block scalar, up to the end of its last line with a word, for another text; None where it cannot say it.

    ``old`` are the characters of the block so far, up to there, and ``said`` is what it said. ``last`` tells whether no
    line break follows it. Its style, indentation and remark stay, and what it says of its end where that is still so.
    """
    first, *rows = old.splitlines()
    header = _HEADER.match(first)
    filled = [row for row in rows if row.strip(" \t")]
    body = new.rstrip("\n")
    if header is None or not filled or not body or "\r" in new:
        return None
    style, digit, ending, late_digit, remark = header.groups()
    paragraphs = body.split("\n")
    if any(row and not row.strip(" \t") for row in paragraphs):
        return None
    opens = next(row for row in paragraphs if row)
    if (style == ">" and any(row[:1] in (" ", "\t") for row in paragraphs)) or (
        opens[0] in " \t" and not (digit or late_digit)
    ):
        return None
    said_first = next((row for row in said.split("\n") if row.strip(" \t")), "")
    indent = " " * (_lead(filled[0]) - _lead(said_first))
    new_ending = _ending(ending, len(said) - len(said.rstrip("\n")), len(new) - len(body), last)
    if new_ending is None:
        return None
    if style == ">":
        width = max(map(len, filled)) - len(indent) if len(filled) > 1 else None
        paragraphs = _folded(paragraphs, width)
    lines = [f"{style}{digit}{new_ending}{late_digit}{remark}", *(indent + row if row else "" for row in paragraphs)]
    return line_break.join(lines)


def remark_of_block(old: str) -> str:
    """Give the remark behind the mark that begins a block scalar, with the space before it."""
    header = _HEADER.match(old.splitlines()[0])
    return header[5] if header else ""


def _lead(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


def _ending(old: str, ended: int, ends: int, last: bool) -> str | None:
    """Give what a block says of its end, for a text that ends in some line breaks; it ended in ``ended`` before."""
    if ends == ended:
        return old
    if ends > 1 or (ends == 1 and last):
        return None
    return "" if ends == 1 else "-"


def _folded(paragraphs: list[str], width: int | None) -> list[str]:
    """Break lines between words as wide as they were; an empty line between two is what a line break is read from."""
    rows: list[str] = []
    begun = False
    for paragraph in paragraphs:
        if not paragraph:
            rows.append("")
            continue
        if begun:
            rows.append("")
        begun = True
        row = ""
        for word in _BETWEEN_WORDS.split(paragraph):
            if row and width is not None and len(row) + 1 + len(word) > width:
                rows.append(row)
                row = word
            else:
                row = f"{row} {word}" if row else word
        rows.append(row)
    return rows
