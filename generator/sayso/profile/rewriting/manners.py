"""Manners: how the lists, mappings and texts of a source are written: brackets, quotes, indentation, spaces around signs.

A model is a node of the text that plays the same part as something that is to be written: an entry of the same list, a
member of the same name in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sayso.profile.layout import Layout, Node
from sayso.profile.rewriting.order import order_of
from sayso.profile.rewriting.scalars import scalar
from sayso.profile.source import Path

Models = Sequence[Node]

_ENOUGH = 40  # models that are asked


@dataclass(frozen=True, slots=True)
class Brackets:
    """How a list or mapping in brackets is written; ``step`` is how far its lines are indented, None in one line."""

    pad: str = ""
    comma: str = ", "
    step: int | None = None
    closes: int | None = 0  # how far the closing bracket is indented; None where it follows the last entry
    trailing: bool = False


class Manners:
    """The manners of one text."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        root = layout.root
        keys = [layout.quote(part.key[0]) for part in root.parts.values()]
        self._quote = '"' if root.flow and keys and all(keys) else ""  # as in JSON
        self._usual: dict[type, Brackets] = {}
        self.spread = self.brackets([root]).step if root.flow and root.parts else None
        for node in _all(root):  # the first of each kind that stands in one line
            if node.flow and node.parts and self.kind(node) not in self._usual:
                style = self.brackets([node])
                if style.step is None and (
                    len(node.parts) > 1 or not layout.text[node.value + 1 : node.end].strip("}]")
                ):
                    self._usual[self.kind(node)] = style
        inner = [
            (part, next(iter(part.parts.values()))) for part in root.parts.values() if part.parts and not part.flow
        ]
        below = [(layout.text[first.begin] == "-", self._indent(first) - self._indent(part)) for part, first in inner]
        self._dash = next((step for dash, step in below if dash), 2)
        self._step = next((step for dash, step in below if not dash and step > 0), self._dash or 2)

    def models(self, path: Path) -> list[Node]:
        """Give what plays the part of a member in the mappings beside its own, the nearest first, and then beside itself."""
        above = [self._layout.root]
        for name in path[:-1]:
            above.append(above[-1].parts[name])
        found: list[Node] = []
        if len(path) > 1:
            siblings = [*above[-2].parts.values()]
            here = [*above[-2].parts].index(path[-2])
            found += self.named(str(path[-1]), [*reversed(siblings[:here]), *siblings[here + 1 :]])
        if not order_of(path[:-1]):  # any name may stand here, so that its neighbours are like it
            found += [part for name, part in above[-1].parts.items() if name != path[-1]]
        return found

    def kind(self, node: Node) -> type:
        """Tell what a node is: a list, a mapping (dict), or a text or the like (str)."""
        if node.parts:
            return dict if isinstance(next(iter(node.parts)), str) else list
        return {"[": list, "{": dict}.get(self._layout.text[node.value : node.value + 1], str) if node.flow else str

    def named(self, key: str, models: Models) -> list[Node]:
        """Give the members of a name in some mappings."""
        return [*islice((model.parts[key] for model in models if key in model.parts), _ENOUGH)]

    def member(self, key: str, models: Models, path: Path) -> list[Node]:
        """Give the models of a member: those of its name, or any where the names are free."""
        return self.named(key, models) or ([] if order_of(path) else self.parts(models))

    def like(self, value: Any, models: Models) -> list[Node]:
        """Give the models that are lists or mappings as the value is, and not empty."""
        return [model for model in models[:_ENOUGH] if model.parts and self.kind(model) is type(value)]

    def parts(self, models: Models) -> list[Node]:
        """Give what is in some lists or mappings."""
        return [*islice((part for model in models for part in model.parts.values()), _ENOUGH)]

    def deeper(self, value: Any, models: Models) -> int:
        """Tell how many columns the lines of a value stand behind the key that leads to it."""
        if like := [model for model in self.like(value, models) if not model.flow]:
            return self._indent(next(iter(like[0].parts.values()))) - self._indent(like[0])
        return self._dash if isinstance(value, list) else self._step

    def key(self, key: str, beside: Models, *, flow: bool) -> str:
        """Write a key with its colon and the spaces around it, as those of the members beside it are."""
        layout = self._layout
        members = self.parts([model for model in beside if self.kind(model) is dict])
        quotes = {layout.quote(part.key[0]) for part in members}
        quote = quotes.pop() if len(quotes) == 1 else "" if members else self._quote
        word = scalar(key, quote, flow=flow, key=True)
        inline = [
            part for part in members if layout.line(part.key[0]) == layout.line(part.value) and part.value > part.mark
        ]
        explicit = any(layout.text[part.begin] == "?" for part in members)
        if explicit or not members:
            return f"{word}: "
        before, after = "", " "
        widths = {part.key[1] - part.key[0] for part in members}
        to_colon = {part.mark - 1 - part.key[0] for part in members}
        if len(to_colon) == 1 and len(widths) > 1:
            before = " " * (to_colon.pop() - len(word))
        elif inline:
            before = layout.text[inline[0].key[1] : inline[0].mark - 1]
        to_value = {part.value - part.key[0] for part in inline}
        if len(to_value) == 1 and len({part.mark - part.key[0] for part in inline}) > 1:
            after = " " * max(1, to_value.pop() - len(word) - len(before) - 1)
        elif inline:
            after = layout.text[inline[0].mark : inline[0].value]
            after = (
                " "
                if after.strip(" ") or (not flow and len(after) > 1 and (len(to_value) > 1 or len(inline) == 1))
                else after
            )
        elif flow and quote and members[0].value == members[0].mark:
            after = ""
        return f"{word}{'' if before.strip(' ') else before}:{after}"

    def comma(self, models: Models, kind: type) -> str:
        """Give a comma and what stands behind it in the line, in brackets that are like those of models."""
        like = [model for model in models if model.flow and len(model.parts) > 1]
        return (self.brackets(like) if like else self.usual(kind)).comma

    def quoted(self, value: Any, models: Models) -> str:
        """Give the quote that the nearest model has, or all scalars of this text have."""
        if not isinstance(value, str):
            return ""
        model = next((model for model in models if self.kind(model) is str and model.end > model.value), None)
        return self._quote if model is None else self._layout.quote(model.value)

    def usual(self, kind: type) -> Brackets:
        """Tell how a list or mapping is written that stands in one line, where nothing is like it."""
        return self._usual.get(kind, Brackets())

    def brackets(self, models: Models) -> Brackets:
        """Tell how the first model, which is in brackets, is written."""
        layout, node = self._layout, models[0]
        parts = [*islice(node.parts.values(), 2)]
        last = next(reversed(node.parts.values()))
        pad = layout.text[node.value + 1 : parts[0].begin]
        comma = self.usual(self.kind(node)).comma
        if len(parts) == 2 and (place := layout.comma(parts[0])) is not None:
            behind = layout.text[place + 1 : parts[1].begin]
            comma = f",{behind}" if not behind.strip(" ") else comma
        if layout.line(parts[0].begin) == layout.line(node.value):
            return Brackets("" if pad.strip(" ") else pad, comma)
        indent, close = self.line_indent(node.value), node.end - 1
        own_line = not layout.text[layout.starts[layout.line(close)] : close].strip(" \t")
        return Brackets(
            comma=comma,
            step=max(0, layout.column(parts[0].begin) - indent),
            closes=max(0, layout.column(close) - indent) if own_line else None,
            trailing=layout.comma(last) is not None,
        )

    def _indent(self, node: Node) -> int:
        return self._layout.column(node.begin)

    def line_indent(self, place: int) -> int:
        """Tell how far the line of a character is indented."""
        content = self._layout.content(self._layout.line(place))
        return len(content) - len(content.lstrip(" "))


def _all(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts.values():
        yield from _all(part)
