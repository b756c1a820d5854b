"""Values: lists and mappings written as lines, in the manner of their models, the nodes that play the same part in the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sayso.profile.layout import Layout
from sayso.profile.rewriting.manners import Brackets, Manners, Models
from sayso.profile.rewriting.order import in_order
from sayso.profile.rewriting.scalars import scalar
from sayso.profile.source import Path

_SHORT = 100  # characters that a mapping may have in one line, where nothing tells how it is to stand


class Writer:
    """Writes values for one text; lines come without their line breaks."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.manners = Manners(layout)

    def in_lines(self, value: Any, models: Models, path: Path) -> bool:
        """Tell whether a value is to stand in lines of its own, outside of any brackets."""
        if not value or not isinstance(value, (list, dict)):
            return False
        if like := self.manners.like(value, models):
            return not like[0].flow
        if isinstance(value, dict) and (len(path) == 1 or isinstance(path[-1], int)):
            return len(path) == 1 or len(self._in_one_line(value, path)) > _SHORT
        return isinstance(value, list) and any(isinstance(item, dict) for item in value) and len(path) == 1

    def lines(self, value: Any, models: Models, path: Path, column: int) -> list[str]:
        """Write a list or mapping as lines whose dashes or keys stand in a column."""
        like = self.manners.like(value, models)
        rows: list[str] = []
        if isinstance(value, dict):
            for key in in_order(value, path):
                these = self.manners.member(key, like, path)
                rows += _indented(self.member(key, value[key], these, like[:1], (*path, key), column), column)
        else:
            these = self.manners.parts(like)
            for place, item in enumerate(value):
                rows += _indented(self.item(item, these, (*path, place), column), column)
        return rows

    def item(self, value: Any, models: Models, path: Path, column: int) -> list[str]:
        """Write an entry of a list with its dash, which stands in a column; the first line comes without what indents it."""
        model = next((model for model in models if self.layout.text[model.begin] == "-"), None)
        own_line = model is not None and self.layout.line(model.begin) != self.layout.line(model.value)
        gap = 2 if model is None else max(2, self.layout.column(model.value) - self.layout.column(model.begin))
        if not self.in_lines(value, models, path):
            rows = self.in_brackets(value, models, path, column)
            return ["-" + " " * (1 if own_line else gap - 1) + rows[0], *rows[1:]]
        rows = self.lines(value, models, path, column + gap)
        return ["-", *rows] if own_line else ["-" + " " * (gap - 1) + rows[0].lstrip(" "), *rows[1:]]

    def member(self, key: str, value: Any, models: Models, beside: Models, path: Path, column: int) -> list[str]:
        """Write a member of a mapping outside of brackets, as ``item`` does; ``beside`` is the mapping, or one like it."""
        head = self.manners.key(key, beside, flow=False)
        if not self.in_lines(value, models, path):
            rows = self.in_brackets(value, models, path, column)
            return [head + rows[0], *rows[1:]]
        return [head.rstrip(), *self.lines(value, models, path, column + self.manners.deeper(value, models))]

    def in_brackets(self, value: Any, models: Models, path: Path, indent: int, *, flow: bool = False) -> list[str]:
        """Write any value, a list or mapping in brackets; ``indent`` is how far the line is indented where it begins."""
        if not isinstance(value, (list, dict)):
            return [scalar(value, self.manners.quoted(value, models), flow=flow)]
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        if not value:
            return [opening + closing]
        like = [model for model in self.manners.like(value, models) if model.flow]
        style = self.manners.brackets(like) if like else self.manners.usual(type(value))
        if (
            not like
            and self.manners.spread is not None
            and any(isinstance(item, (list, dict)) for item in _items(value))
        ):
            style = Brackets(step=self.manners.spread)
        inner = indent if style.step is None else indent + style.step
        parts: list[list[str]] = []
        if isinstance(value, dict):
            sample = like[:1] or [model for model in models if self.manners.kind(model) is dict][:1]
            sample = sample or [self.layout.root] * self.layout.root.flow
            for key in in_order(value, path):
                rows = self.in_brackets(
                    value[key], self.manners.member(key, like, path), (*path, key), inner, flow=True
                )
                parts.append([self.manners.key(key, sample, flow=True) + rows[0], *rows[1:]])
        else:
            these = self.manners.parts(like or self.manners.like(value, models))
            parts = [
                self.in_brackets(item, these, (*path, place), inner, flow=True) for place, item in enumerate(value)
            ]
        return _bracketed(opening, closing, parts, style, indent)

    def _in_one_line(self, value: Any, path: Path) -> str:
        return self.in_brackets(value, (), path, 0)[0]


def _items(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _indented(rows: list[str], column: int) -> list[str]:
    return [" " * column + rows[0], *rows[1:]]


def _bracketed(opening: str, closing: str, parts: list[list[str]], style: Brackets, indent: int) -> list[str]:
    """Put entries, each of one line or several, into brackets."""
    if style.step is None:
        text = [opening + style.pad]
        for place, rows in enumerate(parts):
            text[-1] += (style.comma if place else "") + rows[0]
            text += rows[1:]
        text[-1] += style.pad + closing
        return text
    lines = [opening]
    for place, rows in enumerate(parts):
        comma = "," if style.trailing or place + 1 < len(parts) else ""
        lines += [" " * (indent + style.step) + rows[0], *rows[1:]]
        lines[-1] += comma
    if style.closes is None:
        lines[-1] += closing
    else:
        lines.append(" " * (indent + style.closes) + closing)
    return lines
