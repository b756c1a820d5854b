"""Layout: where everything stands in the text of a source: values, lines, and the comments that are about an entry.

PyYAML's events say where values stand, and leave out comments, commas and blank lines: those are found in the text.
A place is a number of characters, a line one of lines, and a column one of characters in a line; all count from 0.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

_BREAK = re.compile(r"\r\n|\r|\n")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_GAP = re.compile(r"(?:[ \t\r\n,]|#[^\r\n]*)*")  # what may stand between two entries
_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")  # what may stand behind an entry in its line
_KEEPING = re.compile(r"[|>][1-9]?\+")  # begins a block scalar that the blank lines below it belong to
_RULED = re.compile(r"[-=*#~_]{2}|.*[-=*#~_]{2}$|yaml-language-server:")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_End: Any = yaml.CollectionEndEvent  # whose marks may be None, as far as the types know


@dataclass(frozen=True, slots=True)
class Node:
    """A value: the places where its dash or key begins (or itself, if it has none), where itself, and where it ends."""

    begin: int
    value: int
    end: int
    flow: bool = False  # in brackets
    parts: dict[str | int, Node] = field(default_factory=dict)
    key: tuple[int, int] = (0, 0)  # where the text of its key begins and ends
    mark: int = 0  # the place behind the colon or dash that leads to it


class Layout:
    """A text, and where in it everything stands. It is made from the bytes of a source that ``load`` accepts."""

    def __init__(self, data: bytes) -> None:
        text = data.decode("utf-8")
        self.mark = "\ufeff" if text.startswith("\ufeff") else ""  # which the parser does not count
        self.text = text = text.removeprefix(self.mark)
        breaks = [*_BREAK.finditer(text)]
        self.line_break = breaks[0].group() if breaks else "\n"
        self.starts = [0, *(match.end() for match in breaks)]  # of every line, and the end of the text
        if self.starts[-1] < len(text):
            self.starts.append(len(text))
        self.lines = len(self.starts) - 1
        # The lines that a scalar continues in: one that is "open" at its end, another "block", or one that is neither.
        self.held: dict[int, str] = {}
        self.root = Node(0, 0, 0)
        self._events: Iterator[Any] = yaml.parse(text.encode(), Loader=_Loader)
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.root = self._node(next(self._events), 0, (0, 0), 0)

    def _node(self, event: Any, begin: int, key: tuple[int, int], mark: int) -> Node:
        """Read the events up to the end of the value that one begins; its dash or key begins at ``begin``."""
        value, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.ScalarEvent):
            kind = "open" if _KEEPING.match(self.text, value) else "block" if event.style in ("|", ">") else ""
            if kind == "block":  # the parser counts the blank lines below to it
                end = value + len(self.text[value:end].rstrip(" \t\r\n"))
            self.held |= dict.fromkeys(range(self.line(value) + 1, self.last_line(value, end) + 1), kind)
            return Node(begin, value, end, key=key, mark=mark)
        # The style of the event tells less: in `[a: b]` the pair is "flow", and has no brackets.
        flow = self.text[value:end] in ("[", "{")
        mapping, last = isinstance(event, yaml.MappingStartEvent), end if flow else value
        parts: dict[str | int, Node] = {}
        name: str | int
        while not isinstance(event := next(self._events), _End):
            start = self._behind(_GAP, last)
            if mapping:
                name, key_text = event.value, (event.start_mark.index, event.end_mark.index)
                colon = self._behind(_SPACE, key_text[1])
                behind = colon + 1 if self.text.startswith(":", colon) else key_text[1]
                event = next(self._events)
            else:
                name, key_text, behind = len(parts), (start, start), start if flow else start + 1
            parts[name] = self._node(event, start, key_text, behind)
            last = parts[name].end
        # A block ends where its last part does: the event that ends it comes only where the next thing begins.
        return Node(begin, value, event.end_mark.index if flow else last, flow, parts, key, mark)

    def _behind(self, pattern: re.Pattern[str], place: int) -> int:
        """Give the place behind what matches a pattern here."""
        match = pattern.match(self.text, place)
        return match.end() if match else place

    def line(self, place: int) -> int:
        """Give the line of a character; that of the end of the text is the last one."""
        return min(bisect_right(self.starts, place), self.lines) - 1

    def last_line(self, begin: int, end: int) -> int:
        """Give the line that something ends in; the line feed of a block may be its last character."""
        return self.line(max(begin, end - 1))

    def column(self, place: int) -> int:
        """Tell how many characters stand before one in its line."""
        return place - self.starts[self.line(place)]

    def content(self, line: int) -> str:
        """Give a line without its line break."""
        return self.text[self.starts[line] : self.starts[line + 1]].rstrip("\r\n")

    def line_end(self, line: int) -> int:
        """Give the place behind the last character of a line, where its line break is, if it has one."""
        return self.starts[line] + len(self.content(line))

    def blank(self, line: int) -> bool:
        """Tell whether a line is empty, and no part of a scalar."""
        return line not in self.held and not self.content(line).strip(" \t")

    def comment(self, line: int) -> int | None:
        """Give the column in which a line that is a comment begins, or None for another line, or for none (-1)."""
        content = "" if line < 0 or line in self.held else self.content(line)
        bare = content.lstrip(" \t")
        return len(content) - len(bare) if bare.startswith("#") else None

    def ruled(self, line: int) -> bool:
        """Tell whether a comment is a heading, with decoration at an end, or speaks to the editor."""
        return _RULED.match(self.content(line).lstrip(" \t")[1:].strip()) is not None

    def above(self, node: Node) -> int:
        """Give the first line of an entry with the comment that belongs to it."""
        line, column = self.line(node.begin), self.column(node.begin)
        while self.comment(line - 1) == column and not self.ruled(line - 1):
            line -= 1
        return line

    def below(self, node: Node, after: Node | None) -> int:
        """Give the last line of an entry with the comments below it that are indented deeper; but those of the next."""
        last, column = self.last_line(node.begin, node.end), self.column(node.begin)
        for line in range(last + 1, self.above(after) if after else self.lines):
            if (self.comment(line) or 0) > column:
                last = line
            elif not self.blank(line):
                break
        return last

    def begins_line(self, node: Node) -> bool:
        """Tell whether nothing stands before an entry in its line."""
        return not self.text[self.starts[self.line(node.begin)] : node.begin].strip(" \t")

    def comma(self, node: Node) -> int | None:
        """Give the place of the comma behind an entry in brackets, or None if there is none."""
        place = self._behind(_SPACE, node.end)
        return place if self.text.startswith(",", place) else None

    def tail(self, node: Node) -> int:
        """Give the place behind an entry in brackets and its comma."""
        comma = self.comma(node)
        return node.end if comma is None else comma + 1

    def alone(self, node: Node) -> bool:
        """Tell whether an entry in brackets has its lines, with its comma, to itself."""
        tail = self.tail(node)
        same_line = self.line(tail - 1) == self.last_line(node.begin, node.end)
        return self.begins_line(node) and same_line and _REST.match(self.text, tail) is not None

    def quote(self, place: int) -> str:
        """Give the quote that begins at a place, or nothing."""
        return self.text[place] if self.text[place] in "'\"" else ""
