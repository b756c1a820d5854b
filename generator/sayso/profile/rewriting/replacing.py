"""Replacing: one value of a text put in the place of another, in the manner of the old one where it can be."""

from __future__ import annotations

from typing import Any

from sayso.profile.cutting import Cutting
from sayso.profile.layout import Layout, Node
from sayso.profile.rewriting.scalars import in_block, remark_of_block, scalar
from sayso.profile.rewriting.values import Writer
from sayso.profile.source import Path


class Replacing:
    """Replaces values of a text."""

    def __init__(self, layout: Layout, cutting: Cutting, writer: Writer) -> None:
        self._layout = layout
        self._cutting = cutting
        self._writer = writer
        self._manners = writer.manners

    def replace(self, node: Node, old: Any, new: Any, path: Path, *, flow: bool) -> None:
        """Put a value into the place of the one that a node is; ``flow`` tells whether that is within brackets."""
        block = not flow and isinstance(old, str) and self._layout.text[node.value] in "|>"
        if not isinstance(new, (list, dict)) and not node.parts and not node.flow:
            if block:
                self._replace_block(node, str(old), new)
            else:
                self._write(node, scalar(new, self._layout.quote(node.value), flow=flow))
            return
        models = [node, *self._manners.models(path)]
        if node.flow and not node.parts and type(new) is type(old) and "#" in self._layout.text[node.value : node.end]:
            text = self._layout.line_break.join(self._writer.in_brackets(new, models, path, 0, flow=flow))
            self._cutting.cut(node.value + 1, node.value + 1, text[1:-1])  # before the remark that stands there
            return
        if not flow and self._writer.in_lines(new, models, path):
            self._write_lines(node, new, models, path, self._end_of_block(node) if block else node.end)
            return
        indent = self._manners.line_indent(node.begin)
        text = self._layout.line_break.join(self._writer.in_brackets(new, models, path, indent, flow=flow))
        if block:
            end = self._end_of_block(node)
            self._cutting.cut(node.value, end, text + remark_of_block(self._layout.text[node.value : end]))
        elif node.parts and not node.flow and self._layout.begins_line(self._parts(node)[0]):
            for first, last in self._lines(node):
                self._cutting.drop(first, last)
            self._cutting.cut(node.mark, node.mark, f" {text}")
        else:
            self._write(node, text)

    def _write(self, node: Node, text: str) -> None:
        """Put text where a value stands, or is to stand."""
        self._cutting.cut(node.value, node.end, text if node.end > node.value else f" {text}")

    def _replace_block(self, node: Node, old: str, new: Any) -> None:
        """Put another text into a block, or in quotes, and what is no text without any, in the place of the block."""
        layout, end = self._layout, self._end_of_block(node)
        chars = layout.text[node.value : end]
        block = None
        if isinstance(new, str):
            block = in_block(chars, old, new, layout.line_break, last=end == len(layout.text))
        self._cutting.cut(node.value, end, scalar(new, '"') + remark_of_block(chars) if block is None else block)

    def _end_of_block(self, node: Node) -> int:
        """Give the end of the last line of a block that has a word."""
        layout = self._layout
        return layout.line_end(layout.line(node.value + len(layout.text[node.value : node.end].rstrip(" \t\r\n")) - 1))

    def _write_lines(self, node: Node, new: Any, models: list[Node], path: Path, end: int) -> None:
        """Put a list or mapping that stands in lines where another one did, or below the key that leads to it."""
        layout, parts = self._layout, self._parts(node)
        if node.parts and not node.flow:
            rows = self._writer.lines(new, models, path, layout.column(parts[0].begin))
            if not layout.begins_line(parts[0]):
                self._cutting.cut(node.value, node.end, layout.line_break.join(rows).lstrip(" "))
                return
            (first, last), *others = self._lines(node)
            begin, end = layout.starts[first], layout.starts[last + 1]
            ended = [""] if layout.line_end(last) < end else []
            self._cutting.cut(begin, end, layout.line_break.join([*rows, *ended]))
            for first, last in others:
                self._cutting.drop(first, last)
            return
        rows = self._writer.lines(new, models, path, layout.column(node.begin) + self._manners.deeper(new, models))
        begin = node.value if layout.text[node.mark : node.value].strip(" ") else node.mark
        self._cutting.cut(begin, end)
        end = layout.line_end(layout.line(end - 1))
        self._cutting.cut(end, end, layout.line_break.join(["", *rows]))

    def _parts(self, node: Node) -> list[Node]:
        return [*node.parts.values()]

    def _lines(self, node: Node) -> list[tuple[int, int]]:
        """Give the first and last line of each entry, with what is said about it."""
        parts = self._parts(node)
        return [
            (self._layout.above(part), self._layout.below(part, after))
            for part, after in zip(parts, [*parts[1:], None], strict=True)
        ]
