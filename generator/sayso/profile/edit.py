"""Edit: parts of the text of a source are taken out or replaced, and nothing else in it changes by a byte.

A YAML library that reads and writes a file again gives a comment to whatever stands before it. Here a comment stays with
what it is about: the comment lines directly above an entry in its own column, those behind it, and those below it that
are indented deeper go with it. A comment above a blank line, and a ruled heading (``# --- outdoor ---``) with all above it,
are about more than one entry, and stay. PyYAML's events say where everything stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import yaml

from sayso.profile.source import Path, load

_BREAK = re.compile(r"\r\n|\r|\n")
_GAP = re.compile(r"(?:[ \t\r\n,]|#[^\r\n]*)*")  # what may stand between two entries
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")  # what may stand behind an entry in its line
_KEEPING = re.compile(r"[|>][1-9]?\+")  # begins a block scalar that the blank lines below it belong to
_RULED = re.compile(r"[-=*#~_]{2}|.*[-=*#~_]{2}$|yaml-language-server:")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_End: Any = yaml.CollectionEndEvent  # whose marks may be None, as far as the types know


def edited(data: bytes, remove: Collection[Path] = (), replace: Mapping[Path, Sequence[str]] | None = None) -> bytes:
    """Give the bytes of a source without some entries of its lists and mappings, and with other texts in the place of some.

    ``data`` is what ``load`` accepts, and the paths lead to entries of it. A list or mapping that would be left empty goes
    itself. Several texts in the place of one become entries of the list that it is in, or a list. Whether the result says
    what it should is for the caller to verify: in rare layouts it is not even YAML.
    """
    edit = _Edit(data)
    if remove:
        edit.remove(edit.root, (), {*remove})
    for path, texts in (replace or {}).items():
        edit.replace(path, texts)
    return edit.result()


def with_member(data: bytes, after: str, key: str, value: str) -> bytes:
    """Give the bytes of a source, which is a mapping, with one member more: in the line below the member ``after``."""
    edit = _Edit(data)
    edit.insert(edit.root.parts[after], key, value)
    return edit.result()


@dataclass(frozen=True, slots=True)
class _Node:
    """A value: where its dash or key begins (or itself, if it has none), where itself, and where it ends; in characters."""

    begin: int
    value: int
    end: int
    flow: bool = False  # in brackets
    parts: dict[str | int, _Node] = field(default_factory=dict)


class _Layout:
    """A text with its lines (from 0), and where in it every value stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in _BREAK.finditer(text))]
        if self.starts[-1] < len(text):
            self.starts.append(len(text))
        self.lines = len(self.starts) - 1
        self.held: dict[
            int, str
        ] = {}  # lines that a scalar continues in: a `block`, one that is `open` at its end, or ``
        self._events: Iterator[Any] = yaml.parse(text.encode(), Loader=_Loader)
        self.root = _Node(0, 0, 0)
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.root = self._node(next(self._events), None)

    def _node(self, event: Any, begin: int | None) -> _Node:
        value, end = event.start_mark.index, event.end_mark.index
        begin = value if begin is None else begin
        if isinstance(event, yaml.ScalarEvent):
            kind = "open" if _KEEPING.match(self.text, value) else "block" if event.style in ("|", ">") else ""
            if kind == "block":  # the parser counts the blank lines below to it
                end = value + len(self.text[value:end].rstrip(" \t\r\n"))
            self.held |= dict.fromkeys(range(self.line(value) + 1, self.last_line(value, end) + 1), kind)
            return _Node(begin, value, end)
        flow = self.text[value:end] in ("[", "{")
        parts: dict[str | int, _Node] = {}
        mapping, last = isinstance(event, yaml.MappingStartEvent), end if flow else value
        while not isinstance(event := next(self._events), _End):
            start = self.gap(last)
            name, event = (event.value, next(self._events)) if mapping else (len(parts), event)
            parts[name] = self._node(event, start)
            last = parts[name].end
        return _Node(begin, value, event.end_mark.index if flow else last, flow, parts)

    def gap(self, place: int) -> int:
        """Give the place of the first character from here on that is no white space, comma or comment."""
        match = _GAP.match(self.text, place)
        return match.end() if match else place

    def line(self, place: int) -> int:
        """Give the line of a character."""
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
        """Give the place behind the last character of a line."""
        return self.starts[line] + len(self.content(line))

    def blank(self, line: int) -> bool:
        """Tell whether a line is empty, and no part of a text."""
        return line not in self.held and not self.content(line).strip(" \t")

    def comment(self, line: int) -> int | None:
        """Give the column in which a line that is a comment begins, or None for another line."""
        content = self.content(line) if 0 <= line < self.lines and line not in self.held else ""
        bare = content.lstrip(" \t")
        return len(content) - len(bare) if bare.startswith("#") else None

    def ruled(self, line: int) -> bool:
        """Tell whether a comment is a heading, with decoration at an end, or speaks to the editor."""
        return _RULED.match(self.content(line).lstrip(" \t")[1:].strip()) is not None

    def comma(self, node: _Node) -> int | None:
        """Give the place of the comma behind an entry in brackets, if there is one."""
        match = _SPACE.match(self.text, node.end)
        place = match.end() if match else node.end
        return place if self.text[place : place + 1] == "," else None

    def tail(self, node: _Node) -> int:
        """Give the place behind an entry in brackets and its comma."""
        comma = self.comma(node)
        return node.end if comma is None else comma + 1

    def begins_line(self, node: _Node) -> bool:
        """Tell whether nothing stands before an entry in its line."""
        return not self.text[self.starts[self.line(node.begin)] : node.begin].strip(" \t")

    def alone(self, node: _Node) -> bool:
        """Tell whether an entry in brackets has its lines to itself."""
        tail = self.tail(node)
        same_line = self.line(tail - 1) == self.last_line(node.begin, node.end)
        return self.begins_line(node) and same_line and _REST.match(self.text, tail) is not None

    def above(self, node: _Node) -> int:
        """Give the first line of an entry with the comment that belongs to it."""
        line, column = self.line(node.begin), self.column(node.begin)
        while self.comment(line - 1) == column and not self.ruled(line - 1):
            line -= 1
        return line

    def below(self, node: _Node, after: _Node | None) -> int:
        """Give the last line of an entry with the comments below it that are indented deeper and not those of the next one."""
        last, column = self.last_line(node.begin, node.end), self.column(node.begin)
        line, end = last + 1, self.above(after) if after else self.lines
        while line < end and (self.blank(line) or (self.comment(line) or 0) > column):
            last = last if self.blank(line) else line
            line += 1
        return last


class _Edit:
    """What is to change in a text: lines that go, and places that are cut out or replaced."""

    def __init__(self, data: bytes) -> None:
        text = data.decode("utf-8")
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""  # which the parser does not count
        self._text = text.removeprefix(self._mark)
        self._layout = _Layout(self._text)
        self._gone: set[int] = set()
        self._openings: set[int] = set()  # lines among them that no blank line is to take the place of
        self._cuts: list[tuple[int, int, str]] = []
        self.root = self._layout.root

    def remove(self, node: _Node, path: Path, wanted: set[Path]) -> bool:
        """Take the wanted paths out of a list or mapping; tells whether nothing is left of it, so that it must go itself."""
        going = [
            (*path, name) in wanted or self.remove(part, (*path, name), wanted) for name, part in node.parts.items()
        ]
        if all(going):
            return bool(going)
        parts = [*node.parts.values()]
        for goes, places in groupby(range(len(parts)), key=going.__getitem__):
            if goes:
                run = [*places]
                before = parts[run[0] - 1] if run[0] else None
                after = parts[run[-1] + 1] if run[-1] + 1 < len(parts) else None
                take = self._take_from_brackets if node.flow else self._take_lines
                take([parts[place] for place in run], before, after)
        return False

    def replace(self, path: Path, texts: Sequence[str]) -> None:
        """Put texts in the place of one, in its quotes if it has any."""
        parent = self.root
        for name in path[:-1]:
            parent = parent.parts[name]
        node = parent.parts[path[-1]]
        quote = self._text[node.value] if self._text[node.value] in "'\"" else ""
        words = [f"{quote}{text}{quote}" if quote else _as_scalar(text) for text in texts]
        if isinstance(path[-1], int):
            indent = " " * self._layout.column(node.begin)
            new = (", " if parent.flow else f"{self._line_break()}{indent}- ").join(words)
        else:
            new = words[0] if len(words) == 1 else f"[{', '.join(words)}]"
        self._cuts.append((node.value, node.end, new))

    def insert(self, node: _Node, key: str, value: str) -> None:
        """Put a member behind another one of the whole: in a line of its own, or within the brackets."""
        layout = self._layout
        if self.root.flow:
            quote = self._text[node.begin] if self._text[node.begin] in "'\"" else ""  # as in JSON
            new = f", {quote}{key}{quote}: {quote}{value}{quote}"
            self._cuts.append((node.end, node.end, new))
            return
        line = layout.below(node, None)
        new = " " * layout.column(node.begin) + f"{key}: {value}"
        place = layout.starts[line + 1]
        ended = place > layout.line_end(line)
        self._cuts.append((place, place, new + self._line_break() if ended else self._line_break() + new))

    def result(self) -> bytes:
        """Give the text as it is to be."""
        layout = self._layout
        self._close_gaps()
        cuts = [*self._cuts, *((layout.starts[line], layout.starts[line + 1], "") for line in self._gone)]
        pieces, place = [], 0
        for begin, end, new in sorted(cuts):
            if begin >= place:
                pieces += [self._text[place:begin], new]
            place = max(place, end)
        text = "".join([*pieces, self._text[place:]])
        last = max((line for line in range(layout.lines) if line not in self._gone), default=0)
        ended = layout.starts[last + 1] > layout.line_end(last)
        if last < layout.lines - 1 and ended and self._text[-1] not in "\r\n" and not layout.held.get(last):
            # The last line has no end, as before; unless it is that of a block, which the end is a part of.
            text = text[: -1 - text.endswith("\r\n")]
        return (self._mark + text).encode()

    def _take_lines(self, run: list[_Node], before: _Node | None, after: _Node | None) -> None:
        layout = self._layout
        if after and not layout.begins_line(run[0]):  # a mapping that begins behind a dash
            self._join(run, after, layout.below(run[-1], after))
            return
        if after and self._opens(run, before, after):
            self._openings.add(layout.above(run[0]))
        for node, following in zip(run, [*run[1:], after], strict=True):
            self._gone.update(range(layout.above(node), layout.below(node, following) + 1))

    def _opens(self, run: list[_Node], before: _Node | None, after: _Node) -> bool:
        """Tell whether the next entry is to stand directly below the key, or the heading, that the first of these stands below."""
        layout = self._layout
        line = layout.above(run[0]) - 1
        if layout.comment(line) is None:
            return before is None
        if not layout.ruled(line) or self._text[run[0].begin] != "-":  # what stands above a key is about that key
            return False
        return not self._text[layout.line_end(layout.below(run[-1], after)) : after.begin].strip()

    def _take_from_brackets(self, run: list[_Node], before: _Node | None, after: _Node | None) -> None:
        layout, first, last = self._layout, run[0], run[-1]
        comma = layout.comma(before) if before and not after and layout.comma(last) is None else None
        tail = layout.tail(last)
        if all(map(layout.alone, run)):
            self._take_lines(run, before, after)
            self._drop_comma(comma)
        elif after is None and before:
            if "#" not in self._text[before.end : first.begin]:
                self._cuts.append((before.end, last.end, ""))
                return
            self._gone.update(range(layout.above(first), layout.line(first.begin)))
            self._cuts.append((self._trimmed(first.begin), tail, ""))
            self._drop_comma(comma)
        elif after and layout.line(after.begin) == layout.line(tail):
            self._cuts.append((first.begin, after.begin, ""))
        elif before and layout.line(before.end) == layout.line(first.begin):
            self._cuts.append((layout.tail(before), tail, ""))
        elif after:  # no other entry stands in these lines, so a comment there is about these
            self._join(run, after, max(layout.line(tail), layout.below(last, after)))

    def _drop_comma(self, place: int | None) -> None:
        if place is not None:  # a comment may follow at once, which only the comma keeps apart
            self._cuts.append((place, place + 1, " " if self._text[place + 1 : place + 2] == "#" else ""))

    def _join(self, run: list[_Node], after: _Node, line: int) -> None:
        """Cut entries out, up to a line's end, and let the next one stand in their place; below its comment, if it has one."""
        begin, end = run[0].begin, self._layout.line_end(line)
        if self._text[end : after.begin].strip():
            self._cuts.append((self._trimmed(begin), end, ""))
        else:
            self._cuts.append((begin, after.begin, ""))

    def _trimmed(self, place: int) -> int:
        """Give the place where the white space before one begins."""
        return len(self._text[:place].rstrip(" \t"))

    def _close_gaps(self) -> None:
        """Let the blank lines around lines that go be those on one side of them: the longer one."""
        layout = self._layout
        line = 0
        while line < layout.lines:
            if line not in self._gone:
                line += 1
                continue
            begin = end = line
            while begin and layout.blank(begin - 1):
                begin -= 1
            while end < layout.lines and (end in self._gone or layout.blank(end)):
                end += 1
            low = end
            while layout.blank(low - 1) and low - 1 not in self._gone:
                low -= 1
            opening = begin == line and (line in self._openings or layout.held.get(line - 1) == "open")
            kept = line - begin if end < layout.lines and line - begin >= end - low else 0
            below = end - low if not kept and not opening else 0
            self._gone.update(range(begin + kept, end - below))
            line = end

    def _line_break(self) -> str:
        found = _BREAK.search(self._text)
        return found.group() if found else "\n"


def _as_scalar(text: str) -> str:
    """Write a name, in quotes if it would be read as something else without."""
    return text if load(text.encode()).data == text else f'"{text}"'
