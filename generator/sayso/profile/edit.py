"""Edit: parts of the text of a source are taken out or replaced, and nothing else in it changes by a byte.

A YAML library that reads and writes a file again gives a comment to whatever stands before it. Here a comment stays
with what it is about: the comment lines directly above an entry in its own column, those behind it, and those below it
that are indented deeper go with it. A comment above a blank line, and a ruled heading (``# --- outdoor ---``) with all
above it, are about more than one entry, and stay.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from sayso.profile.cutting import Cutting
from sayso.profile.layout import Layout, Node
from sayso.profile.source import Path, load


def edited(data: bytes, remove: Collection[Path] = (), replace: Mapping[Path, Sequence[str]] | None = None) -> bytes:
    """Give the bytes of a source without some entries of its lists and mappings, and with other texts for some.

    ``data`` is what ``load`` accepts, and the paths lead to entries of it. A list or mapping that would be left empty
    goes itself. Several texts in the place of one become entries of the list that it is in, or a list. Whether the
    result says what it should is for the caller to verify: in rare layouts it is not even YAML.
    """
    edit = _Edit(data)
    if remove:
        edit.remove(edit.layout.root, (), {*remove})
    for path, texts in (replace or {}).items():
        edit.replace(path, texts)
    return edit.cutting.result()


def with_member(data: bytes, after: str, key: str, value: str) -> bytes:
    """Give the bytes of a source, which is a mapping, with one member more: in the line below the member ``after``."""
    edit = _Edit(data)
    edit.insert(edit.layout.root.parts[after], key, value)
    return edit.cutting.result()


class _Edit:
    """Works out from where things stand in a text which lines and characters of it are to go."""

    def __init__(self, data: bytes) -> None:
        self.layout = Layout(data)
        self.cutting = Cutting(self.layout)

    def remove(self, node: Node, path: Path, wanted: set[Path]) -> bool:
        """Take the wanted paths out of a list or mapping; tells whether nothing is left, so that it must go itself."""
        going = [
            (*path, name) in wanted or self.remove(part, (*path, name), wanted) for name, part in node.parts.items()
        ]
        if all(going):
            return bool(going)
        parts = [*node.parts.values()]
        take = self._take_from_brackets if node.flow else self._take_lines
        for goes, places in groupby(range(len(parts)), key=going.__getitem__):
            if goes:
                run = [*places]
                before = parts[run[0] - 1] if run[0] else None
                after = parts[run[-1] + 1] if run[-1] + 1 < len(parts) else None
                take([parts[place] for place in run], before, after)
        return False

    def replace(self, path: Path, texts: Sequence[str]) -> None:
        """Put texts in the place of one, in its quotes if it has any."""
        layout, parent = self.layout, self.layout.root
        for name in path[:-1]:
            parent = parent.parts[name]
        node = parent.parts[path[-1]]
        quote = layout.quote(node.value)
        words = [f"{quote}{text}{quote}" if quote else _as_scalar(text) for text in texts]
        if isinstance(path[-1], int):
            indent = " " * layout.column(node.begin)
            new = (", " if parent.flow else f"{layout.line_break}{indent}- ").join(words)
        else:
            new = words[0] if len(words) == 1 else f"[{', '.join(words)}]"
        self.cutting.cut(node.value, node.end, new)

    def insert(self, node: Node, key: str, value: str) -> None:
        """Put a member behind another one of the whole: in a line of its own, or within the brackets."""
        layout = self.layout
        if layout.root.flow:
            quote = layout.quote(node.begin)  # as in JSON
            self.cutting.cut(node.end, node.end, f", {quote}{key}{quote}: {quote}{value}{quote}")
            return
        line = layout.below(node, None)
        place = layout.starts[line + 1]
        new = " " * layout.column(node.begin) + f"{key}: {value}"
        ended = layout.line_end(line) < place
        self.cutting.cut(place, place, new + layout.line_break if ended else layout.line_break + new)

    def _take_lines(self, run: list[Node], before: Node | None, after: Node | None) -> None:
        """Take entries out with their lines; if the first one follows a dash, the next one then does."""
        layout = self.layout
        if after and not layout.begins_line(run[0]):
            self._join(run, after, layout.below(run[-1], after))
            return
        opening = after is not None and self._opens(run, before, after)
        for node, following in zip(run, [*run[1:], after], strict=True):
            self.cutting.drop(layout.above(node), layout.below(node, following), opening=opening and node is run[0])

    def _opens(self, run: list[Node], before: Node | None, after: Node) -> bool:
        """Tell whether the next entry is to stand directly below the key, or the heading, that these stand below."""
        layout = self.layout
        line = layout.above(run[0]) - 1
        if layout.comment(line) is None:
            return before is None
        if not layout.ruled(line) or layout.text[run[0].begin] != "-":  # what stands above a key is about that key
            return False
        return not layout.text[layout.line_end(layout.below(run[-1], after)) : after.begin].strip()

    def _take_from_brackets(self, run: list[Node], before: Node | None, after: Node | None) -> None:
        layout, first, last = self.layout, run[0], run[-1]
        if all(map(layout.alone, run)):
            self._take_lines(run, before, after)
            if before and not after:
                self._drop_comma(before, last)
        elif after:
            tail = layout.tail(last)
            if layout.line(after.begin) == layout.line(tail):
                self.cutting.cut(first.begin, after.begin)
            elif before and layout.line(before.end) == layout.line(first.begin):
                self.cutting.cut(layout.tail(before), tail)
            else:  # no other entry stands in these lines, so a comment there is about these
                self._join(run, after, max(layout.line(tail), layout.below(last, after)))
        elif before and "#" not in layout.text[before.end : first.begin]:
            self.cutting.cut(before.end, last.end)
        elif before:  # whose comment stays
            self.cutting.drop(layout.above(first), layout.line(first.begin) - 1)
            self.cutting.cut(self._trimmed(first.begin), layout.tail(last))
            self._drop_comma(before, last)

    def _drop_comma(self, before: Node, last: Node) -> None:
        """Cut the comma out behind an entry that becomes the last one; unless the one that was had a comma too."""
        place = self.layout.comma(before)
        if place is not None and self.layout.comma(last) is None:
            # A comment may follow at once, which only the comma keeps apart.
            self.cutting.cut(place, place + 1, " " if self.layout.text.startswith("#", place + 1) else "")

    def _join(self, run: list[Node], after: Node, line: int) -> None:
        """Cut entries out, up to a line's end, and let the next one, or its comment, stand in their place."""
        begin, end = run[0].begin, self.layout.line_end(line)
        if self.layout.text[end : after.begin].strip():
            self.cutting.cut(self._trimmed(begin), end)
        else:
            self.cutting.cut(begin, after.begin)

    def _trimmed(self, place: int) -> int:
        """Give the place where the white space before one begins."""
        return len(self.layout.text[:place].rstrip(" \t"))


def _as_scalar(text: str) -> str:
    """Write a name, in quotes if it would be read as something else without."""
    return text if load(text.encode()).data == text else f'"{text}"'
