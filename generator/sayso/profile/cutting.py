"""Cutting: which lines of a text go, and which characters are cut out or replaced; and the text that this makes of it.

What goes is told first, all of it, in places and lines of the text as it was. Blank lines are left for the end: how
many of them stay depends on which of their neighbours do.
"""

from __future__ import annotations

from sayso.profile.layout import Layout


class Cutting:
    """What is to go from a text, and to come."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._cuts: list[tuple[int, int, str]] = []
        self._gone: set[int] = set()
        self._openings: set[int] = set()

    def cut(self, begin: int, end: int, new: str = "") -> None:
        """Take the characters from a place up to another out, and put new ones there."""
        self._cuts.append((begin, end, new))

    def drop(self, first: int, last: int, *, opening: bool = False) -> None:
        """Take lines out, with the last one; no blank line is to take the place of an ``opening``."""
        self._gone.update(range(first, last + 1))
        if opening:
            self._openings.add(first)

    def result(self) -> bytes:
        """Give the bytes of the text as it is to be."""
        layout = self._layout
        self._close_gaps()
        cuts = [*self._cuts, *((layout.starts[line], layout.starts[line + 1], "") for line in self._gone)]
        pieces, place = [], 0
        for begin, end, new in sorted(cuts, key=lambda cut: cut[:2]):  # what comes to one place stays in its order
            if begin >= place:  # what begins within another cut went with it
                pieces += [layout.text[place:begin], new]
            place = max(place, end)
        text = "".join([*pieces, layout.text[place:]])
        last = max((line for line in range(layout.lines) if line not in self._gone), default=0)
        if last < layout.lines - 1 and layout.text[-1] not in "\r\n" and not layout.held.get(last):
            # The last line has no end, as before; unless it is that of a block, which the end is a part of.
            text = text[: -1 - text.endswith("\r\n")]
        return (layout.mark + text).encode()

    def _close_gaps(self) -> None:
        """Let the blank lines around lines that go be those on one side: the longer one, or below at the very end."""
        layout, end = self._layout, 0
        for line in sorted(self._gone):
            if line < end:  # is in the gap before
                continue
            begin = end = line
            while begin and layout.blank(begin - 1):
                begin -= 1
            while end < layout.lines and (end in self._gone or layout.blank(end)):
                end += 1
            low = end
            while low - 1 not in self._gone:
                low -= 1
            above, below = line - begin, end - low
            # Blank lines below an open block would become a part of it.
            opening = not above and (line in self._openings or layout.held.get(line - 1) == "open")
            if opening or (above >= below and end < layout.lines):
                below = 0
            else:
                above = 0
            self._gone.update(range(begin + above, end - below))
