"""Matches: which entries of a list or mapping are which in another one, and what differs between the two."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sayso.profile.source import Path

_NAMES = ("id", "topic")  # the members that name an entry of a list
_NAMED_FREELY = (("companies",), ("groups",))  # the mappings whose keys are names, not words of the language
_MANY = 2_500  # pairs, of which only those are looked at that stand near to one another
_NEAR = 20  # places


def alike(one: Any, other: Any) -> bool:
    """Tell whether two values are the same, a number never being a text, nor a yes a number; order counts in lists."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


def same_entries(old: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """Give for each entry of the new list the place of the old entry that it is, or None if it is none.

    Entries are the same that have the same id or topic, or that are the same text. An entry whose name is another one
    is the same if most of the rest is.
    """
    named: dict[Any, list[int]] = {}
    for place, item in enumerate(old):
        named.setdefault(_name(item), []).append(place)
    for places in named.values():
        places.reverse()
    found: list[int | None] = []
    for item in new:
        same = named.get(_name(item))
        found.append(same.pop() if same else None)
    left = {place: item for place, item in enumerate(old) if isinstance(item, dict)}
    for seen in found:
        left.pop(-1 if seen is None else seen, None)
    come = {place: item for place, item in enumerate(new) if found[place] is None and isinstance(item, dict)}
    beside = _neighbours(found, len(old))
    for place, was in _likest(
        {place: _rest(item) for place, item in left.items()},
        {place: _rest(item) for place, item in come.items()},
        beside,
    ).items():
        found[place] = was
    return found


def renamed(old: Mapping[str, Any], new: Mapping[str, Any], path: Path) -> dict[str, str]:
    """Give the old key for each key of a mapping that is another name for the same."""
    if path not in _NAMED_FREELY:
        return {}
    before, after = [*old], [*new]
    places = {key: place for place, key in enumerate(before)}
    found = [places.get(key) for key in after]
    left = {place: _as_rest(old[key]) for place, key in enumerate(before) if key not in new}
    come = {place: _as_rest(new[key]) for place, key in enumerate(after) if key not in old}
    pairs = _likest(left, come, _neighbours(found, len(old)))
    return {after[place]: before[was] for place, was in pairs.items()}


def staying(places: Sequence[int]) -> set[int]:
    """Give as many numbers as can be of a sequence that stand in rising order."""
    tops: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        at = bisect_left(tops, place)
        before[place] = tops[at - 1] if at else None
        tops[at : at + 1] = [place]
    stays: set[int] = set()
    last = tops[-1] if tops else None
    while last is not None:
        stays.add(last)
        last = before[last]
    return stays


def differences(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Give each place where two values differ: a path in the old one, what is there, and what is to be (``...``: nothing)."""
    if alike(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from differences(old.get(key, ...), new.get(key, ...), (*path, key))
    elif isinstance(old, list) and isinstance(new, list):
        found = same_entries(old, new)
        for place, item in enumerate(old):
            if place not in found:
                yield (*path, place), item, ...
        for place, was in enumerate(found):
            if was is None:
                yield path, ..., new[place]
            else:
                yield from differences(old[was], new[place], (*path, was))
        kept = [was for was in found if was is not None]
        if kept != sorted(kept):
            yield path, old, new
    else:
        yield path, old, new


def _name(item: Any) -> Any:
    if isinstance(item, dict):
        for member in _NAMES:
            if isinstance(item.get(member), str):
                return member, item[member]
    return json.dumps(item, sort_keys=True)


def _rest(item: Mapping[str, Any]) -> dict[str, str]:
    """Give the members of an entry but its name, in a form that compares."""
    naming = next((member for member in _NAMES if member in item), None)
    return {key: json.dumps(value, sort_keys=True) for key, value in item.items() if key != naming}


def _as_rest(value: Any) -> dict[str, str]:
    """Give a value of a mapping as members that compare: those that it has, or the texts in it."""
    if isinstance(value, dict):
        return _rest(value)
    items = value if isinstance(value, list) else [value]
    return {json.dumps(item, sort_keys=True): "" for item in items}


def _neighbours(found: Sequence[int | None], many: int) -> dict[tuple[str, int], int]:
    """Give for each place of the old and new list the old place of the nearest entry before it that is in both."""
    beside: dict[tuple[str, int], int] = {}
    last, both = -1, {place for place in found if place is not None}
    for place in range(many):
        beside["old", place] = last
        last = place if place in both else last
    last = -1
    for place, was in enumerate(found):
        beside["new", place] = last
        last = last if was is None else was
    return beside


def _likest(
    left: Mapping[int, dict[str, str]], come: Mapping[int, dict[str, str]], beside: Mapping[tuple[str, int], int]
) -> dict[int, int]:
    """Pair what came with what is left of the old that is most like it: half of it at least, and in its place or in much."""
    pairs = []
    many = len(left) * len(come) > _MANY
    for place, item in come.items():
        for was in range(place - _NEAR, place + _NEAR + 1) if many else left:
            if was not in left:
                continue
            other, here = left[was], beside["old", was] == beside["new", place]
            same = len(item.items() & other.items())
            share = same / len(item.keys() | other.keys()) if item or other else 1.0
            if share >= 0.5 and (here or same > 1):
                pairs.append((-share, not here, abs(place - was), place, was))
    found: dict[int, int] = {}
    taken: set[int] = set()
    for *_, place, was in sorted(pairs):
        if place not in found and was not in taken:
            found[place] = was
            taken.add(was)
    return found
