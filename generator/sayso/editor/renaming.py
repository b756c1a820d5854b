"""Giving a company or a group another key, wherever a profile names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sayso.profile.addresses import a_label

_HOLDERS = (("grants", "to"), ("refusals", "to"), ("wants", "open_to"))


def renamed(data: dict[str, Any], section: str, old: str, new: str) -> dict[str, Any]:
    """Give the data with another key for an entry of ``companies`` or ``groups``, and the new name wherever the old one stood.

    What names it nowhere is the same object as before.
    """
    label = a_label(old) if section == "companies" else None

    def name(text: Any) -> Any:
        same = text == old or (label is not None and isinstance(text, str) and a_label(text) == label)
        return new if same else text

    def names(value: Any) -> Any:
        if not isinstance(value, list):
            return name(value)
        fresh = [name(item) for item in value]
        return value if all(was is now for was, now in zip(value, fresh, strict=True)) else fresh

    after = {**data, section: {new if key == old else key: entry for key, entry in data[section].items()}}
    for part, member in _HOLDERS:
        after = _with(after, part, lambda entry, member=member: _put(entry, member, names))  # type: ignore[misc]  # each its own
    if section == "companies":
        after = _with(after, "grants", lambda entry: _put(entry, "sharing", lambda value: _put(value, "named", names)))
        groups = after.get("groups")
        if isinstance(groups, dict):
            after["groups"] = {key: names(members) for key, members in groups.items()}
    return after


def _with(data: dict[str, Any], part: str, change: Callable[[Any], Any]) -> dict[str, Any]:
    """Give the data with each entry of a list changed."""
    entries = data.get(part)
    return {**data, part: [change(entry) for entry in entries]} if isinstance(entries, list) else data


def _put(entry: Any, member: str, change: Callable[[Any], Any]) -> Any:
    """Give an entry with one member changed; itself, if that is as it was, or there is none."""
    if not isinstance(entry, dict) or member not in entry:
        return entry
    value = change(entry[member])
    return entry if value is entry[member] else {**entry, member: value}
