"""Steps: the kinds of change that lead from a source to what it is to say, each made by lines on the text as it is.

Each step takes the bytes, what they say and what is wanted, and gives other bytes, or the same where it has nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sayso.profile.cutting import Cutting
from sayso.profile.edit import edited
from sayso.profile.layout import Layout, Node
from sayso.profile.rewriting.matches import alike, renamed, same_entries
from sayso.profile.rewriting.order import in_order, order_of
from sayso.profile.rewriting.places import Places
from sayso.profile.rewriting.replacing import Replacing
from sayso.profile.rewriting.scalars import scalar
from sayso.profile.rewriting.values import Writer
from sayso.profile.source import Path


def with_values(data: bytes, says: Any, wanted: Any) -> bytes:
    """Write other values, and other names, where there are some."""
    layout = Layout(data)
    cutting, writer = Cutting(layout), Writer(layout)
    replacing = Replacing(layout, cutting, writer)

    def walk(node: Node, old: Any, new: Any, path: Path, flow: bool) -> None:
        if alike(old, new):
            return
        within = flow or node.flow
        if old and isinstance(old, dict) and isinstance(new, dict):
            names = renamed(old, new, path)
            pairs: list[tuple[Any, Any]] = [(names.get(key, key), key) for key in new if names.get(key, key) in old]
            for key, other in pairs:
                if key != other:
                    begin, end = node.parts[key].key
                    cutting.cut(begin, end, scalar(other, layout.quote(begin), flow=within, key=True))
        elif old and isinstance(old, list) and isinstance(new, list):
            pairs = [(was, place) for place, was in enumerate(same_entries(old, new)) if was is not None]
        else:
            pairs = []
        for was, place in pairs:
            walk(node.parts[was], old[was], new[place], (*path, was), within)
        if not pairs and not (path == () and isinstance(new, dict)):
            replacing.replace(node, old, new, path, flow=flow)

    walk(layout.root, says, wanted, (), False)
    return cutting.result()


def without_rest(data: bytes, says: Any, wanted: Any) -> bytes:
    """Take out what is not wanted."""
    remove: list[Path] = []
    for path, old, new in _pairs(says, wanted):
        if isinstance(old, dict):
            remove += [(*path, key) for key in old if key not in new]
        else:
            stays = {*same_entries(old, new)}
            remove += [(*path, place) for place in range(len(old)) if place not in stays]
    return edited(data, remove) if remove else data


def in_wanted_order(data: bytes, says: Any, wanted: Any) -> bytes:
    """Put the entries of lists into the order that is wanted."""
    moves = []
    for path, old, new in _pairs(says, wanted):
        if isinstance(old, list):
            order = [place for place in same_entries(old, new) if place is not None]
            if order != sorted(order):
                moves.append((path, order))
    if not moves:
        return data
    layout = Layout(data)
    cutting = Cutting(layout)
    places = Places(layout, cutting)
    for path, order in reversed(moves):
        around = layout.root
        for name in path:
            around = around.parts[name]
        places.move(around, order, places.apart(around) or 0)
    return cutting.result()


def with_new(data: bytes, says: Any, wanted: Any) -> bytes:
    """Write what is not there yet."""
    come = [(path, old, new) for path, old, new in _pairs(says, wanted) if len(new) > len(old)]
    if not come:
        return data
    layout = Layout(data)
    cutting = Cutting(layout)
    coming = _Coming(layout, cutting, Writer(layout))
    for path, old, new in reversed(come):  # what is deeper comes first where both come to one place
        coming.put(path, old, new)
    return cutting.result()


class _Coming:
    """Writes the entries that come to a list or mapping in the manner of the nearest ones of their kind."""

    def __init__(self, layout: Layout, cutting: Cutting, writer: Writer) -> None:
        self._layout = layout
        self._writer = writer
        self._manners = writer.manners
        self._places = Places(layout, cutting)

    def put(self, path: Path, old: Any, new: Any) -> None:
        """Put what is new into the list or mapping at a path."""
        trail = [self._layout.root]
        for name in path:
            trail.append(trail[-1].parts[name])
        around, beside = trail[-1], trail[-2:-1]
        siblings = [around, *(part for node in beside for part in node.parts.values())]
        comma = self._manners.comma(siblings, type(old))
        behind = _behind_members(old, new, path) if isinstance(old, dict) else _behind_entries(old, new)
        for after, names in behind.items():
            entries = [self._written(around, siblings, (*path, name), new[name], after) for name in names]
            self._places.put(around, after, entries, self._apart(around, [new[name] for name in names]), comma)

    def _written(self, around: Node, beside: list[Node], path: Path, value: Any, after: int | None) -> list[str]:
        """Write an entry that comes to stand behind another one, at a path of its own."""
        writer, manners, parts, name = self._writer, self._manners, [*around.parts.values()], path[-1]
        if isinstance(name, int):
            here = 0 if after is None else after + 1
            models = [*reversed(parts[:here]), *parts[here:]]
        else:
            models = manners.models(path)
        if around.flow:
            rows = writer.in_brackets(value, models, path, manners.line_indent(parts[after or 0].begin), flow=True)
            key = "" if isinstance(name, int) else manners.key(name, beside if len(parts) < 2 else [around], flow=True)
            return [key + rows[0], *rows[1:]]
        column = self._layout.column(parts[0].begin)
        if isinstance(name, int):
            return writer.item(value, models, path, column)
        return writer.member(name, value, models, [around], path, column)

    def _apart(self, around: Node, values: list[Any]) -> int:
        """Tell how many blank lines part new entries from those that are there."""
        layout, whole = self._layout, around is self._layout.root
        if whole and not any(isinstance(value, (list, dict)) for value in values):
            return 0
        blank = self._places.apart(around)
        if blank is None and not around.flow and not whole:
            first = next(iter(around.parts.values()))
            if layout.line(first.begin) != layout.last_line(first.begin, first.end):
                return min(1, self._places.apart(layout.root) or 0)
        return blank or 0


def _pairs(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Give the lists and mappings that are in both values and differ, each with its path in the old one; what is around first."""
    if alike(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        pairs: list[tuple[Any, Any]] = [(key, key) for key in old if key in new]
    elif isinstance(old, list) and isinstance(new, list):
        pairs = [(was, place) for place, was in enumerate(same_entries(old, new)) if was is not None]
    else:
        return
    if old and new:
        yield path, old, new
    for was, place in pairs:
        yield from _pairs(old[was], new[place], (*path, was))


def _behind_entries(old: list[Any], new: list[Any]) -> dict[int | None, list[int]]:
    """Give the places of the entries that are new, by the old place of the one that they come behind; None at the front."""
    behind: dict[int | None, list[int]] = {}
    after: int | None = None
    for place, was in enumerate(same_entries(old, new)):
        if was is None:
            behind.setdefault(after, []).append(place)
        else:
            after = was
    return behind


def _behind_members(old: dict[str, Any], new: dict[str, Any], path: Path) -> dict[int | None, list[str]]:
    """Give the keys that are new, by the place of the one that they come behind: in the schema's order, or as wanted."""
    behind: dict[int | None, list[str]] = {}
    places = {key: place for place, key in enumerate(old)}
    known = {key: place for place, key in enumerate(order_of(path))}
    after: int | None = None
    for key in in_order(new, path):
        if key not in places:
            behind.setdefault(after, []).append(key)
        elif key in known or not known:
            after = places[key]
    return behind


STEPS: tuple[Callable[[bytes, Any, Any], bytes], ...] = (with_values, without_rest, in_wanted_order, with_new)
