"""Places: new entries are put among those that stand in a text, and entries are moved with what is said about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from sayso.profile.cutting import Cutting
from sayso.profile.layout import Layout, Node
from sayso.profile.rewriting.matches import staying


class Unclear(Exception):
    """The text is such that nobody can tell what belongs to what."""


class Places:
    """Puts and moves entries of lists and mappings of a text."""

    def __init__(self, layout: Layout, cutting: Cutting) -> None:
        self._layout = layout
        self._cutting = cutting

    def put(self, around: Node, after: int | None, entries: Sequence[list[str]], apart: int, comma: str = ", ") -> None:
        """Put entries, written as lines, into a list or mapping: behind the entry at a place, or before them all."""
        parts = [*around.parts.values()]
        if around.flow:
            self._put_in_brackets(parts, after, [self._layout.line_break.join(rows) for rows in entries], comma)
        elif after is None and not self._layout.begins_line(parts[0]):
            begin, indent = parts[0].begin, " " * self._layout.column(parts[0].begin)
            text = "".join(self._ended(rows) + indent for rows in entries)
            self._cutting.cut(begin, begin, text)
        else:
            indent = " " * self._layout.column(parts[0].begin)
            self._put_lines(parts, after, [self._ended([indent + rows[0], *rows[1:]]) for rows in entries], apart)

    def apart(self, around: Node) -> int | None:
        """Tell how many blank lines stand between two entries, mostly; None where there are no two."""
        layout = self._layout
        counts: Counter[int] = Counter()
        for one, other in pairwise(around.parts.values()):
            begin = end = layout.below(one, other) + 1
            while end < layout.lines and layout.blank(end):
                end += 1
            counts[end - begin] += 1
        return max(counts, key=lambda blank: (counts[blank], blank)) if counts else None

    def move(self, around: Node, order: Sequence[int], apart: int) -> None:
        """Put the entries of a list in an order, which names all places; those that can stay where they are do."""
        layout, parts = self._layout, [*around.parts.values()]
        if around.flow:
            self._exchange(parts, order)
            return
        if not all(map(layout.begins_line, parts)):
            raise Unclear
        stays = staying(order)
        after: int | None = None
        units: list[str] = []
        for place in [*order, None]:
            if place is not None and place not in stays:
                first, last = self._lines(parts, place)
                units.append(self._ended([layout.text[layout.starts[first] : layout.line_end(last)]]))
                self._cutting.drop(first, last)
                continue
            if units:
                self._put_lines(parts, after, units, apart)
            after, units = place, []

    def _lines(self, parts: Sequence[Node], place: int) -> tuple[int, int]:
        """Give the first and last line of an entry with what is said about it."""
        following = parts[place + 1] if place + 1 < len(parts) else None
        return self._layout.above(parts[place]), self._layout.below(parts[place], following)

    def _ended(self, rows: list[str]) -> str:
        return self._layout.line_break.join([*rows, ""])

    def _put_lines(self, parts: Sequence[Node], after: int | None, units: Sequence[str], apart: int) -> None:
        """Put lines, each unit with the line break at its end, behind the lines of an entry, or before the first."""
        layout = self._layout
        blank = layout.line_break * apart
        if after is None:
            place = layout.starts[layout.above(parts[0])]
            self._cutting.cut(place, place, "".join(unit + blank for unit in units))
            return
        line = self._lines(parts, after)[1]
        place = layout.starts[line + 1]
        # A blank line below a block that keeps such lines would become a part of it.
        text = "".join(
            ("" if not number and layout.held.get(line) == "open" else blank) + unit
            for number, unit in enumerate(units)
        )
        if layout.line_end(line) == place:
            text = layout.line_break + text.removesuffix(layout.line_break)
        self._cutting.cut(place, place, text)

    def _put_in_brackets(self, parts: Sequence[Node], after: int | None, texts: Sequence[str], comma: str) -> None:
        layout, cut = self._layout, self._cutting.cut
        beside = parts[after or 0]
        if not layout.alone(beside):
            if after is None:
                cut(beside.begin, beside.begin, "".join(text + comma for text in texts))
            else:
                cut(beside.end, beside.end, "".join(comma + text for text in texts))
            return
        indent, first = " " * layout.column(beside.begin), after is None
        line = layout.above(beside) if first else self._lines(parts, after or 0)[1] + 1
        ends = ["," for _ in texts]
        if not first and layout.comma(beside) is None:
            cut(beside.end, beside.end, ",")
            ends[-1] = ""
        place = layout.starts[line]
        rows = (indent + text + end + layout.line_break for text, end in zip(texts, ends, strict=True))
        cut(place, place, "".join(rows))

    def _exchange(self, parts: Sequence[Node], order: Sequence[int]) -> None:
        """Put entries in brackets into one another's places, with their lines where each has its own."""
        layout, text = self._layout, self._layout.text
        if all(map(layout.alone, parts)):
            for slot, place in enumerate(order):
                if slot != place:
                    first, last = self._lines(parts, slot)
                    wanted = layout.comma(parts[slot]) is not None
                    self._cutting.cut(
                        layout.starts[first], layout.starts[last + 1], self._with_comma(parts, place, wanted)
                    )
            return
        end = layout.line_end(layout.line(parts[-1].end - 1))
        gaps = [text[one.end : other.begin] for one, other in pairwise(parts)]
        behind = re.split(r"[\]}]", text[parts[-1].end : end])[0]
        if "#" in "".join([*gaps, behind]):
            raise Unclear
        for slot, place in enumerate(order):
            if slot != place:
                self._cutting.cut(parts[slot].begin, parts[slot].end, text[parts[place].begin : parts[place].end])

    def _with_comma(self, parts: Sequence[Node], place: int, wanted: bool) -> str:
        """Give the lines of an entry with a comma behind it, or without."""
        layout, node = self._layout, parts[place]
        first, last = self._lines(parts, place)
        begin, end, comma = layout.starts[first], layout.starts[last + 1], layout.comma(node)
        if wanted == (comma is not None):
            return layout.text[begin:end]
        if comma is None:
            return f"{layout.text[begin : node.end]},{layout.text[node.end : end]}"
        rest = layout.text[comma + 1 : end]
        return layout.text[begin:comma] + (" " if rest.startswith("#") else "") + rest
