"""One step: what somebody asks to be changed in a profile, and the data that it comes to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sayso.editor.controls import ABSENT, as_list
from sayso.editor.forms import KEYED, LISTS, SECTIONS, WHOLE, editable, entries, form_of
from sayso.editor.posting import Values, one
from sayso.editor.renaming import renamed

FORMS = ("edit", "add")  # steps that have a form
MOVES = {"up": -1, "down": 1}
NAMED = ("companies", "groups")  # sections whose keys a person chooses, and may choose again
ALL = (*FORMS, "remove", *MOVES, "withdraw", "return", "undo")
_ODD = re.compile(r"[^a-z0-9]+")


class Gone(Exception):
    """The entry that a step is about is not there."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done with which entry, and what was typed."""

    what: str
    section: str = ""
    entry: str = ""
    values: Values = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Give the key that was typed for its entry; nothing, where none can be."""
        return self.values.get("key", ("",))[0].strip()

    @property
    def place(self) -> str | int | None:
        """Give the last part of the path of its entry; None for a section that is one."""
        if self.section in WHOLE or not self.section:
            return None
        return int(self.entry) if self.section in LISTS else self.entry


def step_of(values: Values) -> Step:
    """Read a step from a form; raises ValueError for one that there is not."""
    what, section, entry = one(values, "step"), one(values, "section", ""), one(values, "entry", "")
    where = {"edit": SECTIONS, **dict.fromkeys(("add", "remove"), (*KEYED, *LISTS)), **dict.fromkeys(MOVES, LISTS)}
    if what not in ALL or section not in where.get(what, ("",)):
        raise ValueError(f"there is no step {what} in {section}")
    if section in LISTS and what != "add" and not re.fullmatch("[0-9]{1,6}", entry):
        raise ValueError(f"{entry} is no entry")
    return Step(what, section, entry, values)


def entry_of(data: Any, step: Step) -> Any:
    """Give the entry that a step is about, ABSENT for a new one; raises Gone."""
    if step.what == "add":
        if not editable(data, step.section):
            raise Gone
        return ABSENT
    for name, entry in entries(data, step.section):
        if name == step.entry:
            return entry
    if step.section in WHOLE and data is None:
        return ABSENT
    raise Gone


def wanted(data: Any, step: Step) -> Any:
    """Give the data of a profile after a step; what it does not touch is the same object as before.

    Raises Gone where the entry is not there, ValueError for values of no form of ours.
    """
    whole = {"sayso": 1} if data is None else data
    if not isinstance(whole, dict):
        raise Gone
    if step.what == "withdraw":
        return {**whole, "status": "withdrawn"}
    if step.what == "return":
        return {name: value for name, value in whole.items() if name != "status"}
    entry = entry_of(data, step)
    if step.what == "edit" and step.section in NAMED and step.key not in ("", step.entry):
        moved = renamed(whole, step.section, step.entry, step.key) if step.key not in whole[step.section] else whole
        key = step.key if moved is not whole else step.entry
        return wanted(moved, replace(step, entry=key, values={**step.values, "key": (key,)}))
    if step.section in WHOLE:
        before = {} if entry is ABSENT else entry  # a section of which nothing is said is not there
        after = form_of(step.section).read(step.values, before)
        return data if after is before else {**whole, step.section: after}
    items = whole.get(step.section)
    changed = _keyed(items, step, entry) if step.section in KEYED else _listed(items, step, entry, whole)
    if changed is items:
        return data
    if not changed:
        return {name: value for name, value in whole.items() if name != step.section}
    return {**whole, step.section: changed}


def _keyed(items: Any, step: Step, entry: Any) -> Any:
    if step.what == "remove":
        return {name: value for name, value in items.items() if name != step.entry}
    after = form_of(step.section).read(step.values, entry)
    if after is entry:
        return items
    if step.what == "add":
        return {**(items or {}), step.key: (items or {}).get(step.key, after)}
    return {**items, step.entry: after}


def _listed(items: Any, step: Step, entry: Any, whole: dict[str, Any]) -> Any:
    if step.what == "add":
        form = form_of(step.section)
        new = form.read(step.values, ABSENT)
        if "id" in form.order and not new.get("id"):
            new["id"] = fresh_id(step.section, new, whole)
        return [*(items or []), {name: new[name] for name in form.order if name in new}]
    place = int(step.entry)
    if step.what == "remove":
        return [*items[:place], *items[place + 1 :]]
    if step.what in MOVES:
        other = place + MOVES[step.what]
        if not 0 <= other < len(items):
            return items
        moved = list(items)
        moved[place], moved[other] = moved[other], moved[place]
        return moved
    after = form_of(step.section).read(step.values, entry)
    return items if after is entry else [*items[:place], after, *items[place + 1 :]]


def fresh_id(section: str, entry: dict[str, Any], data: dict[str, Any]) -> str:
    """Make an id of what an entry says: of companies and purposes, or of the first words of a want."""
    if section == "wants":
        parts: Iterable[str] = str(entry.get("what", "")).split()[:3]
    else:
        to, purposes = as_list(entry.get("to")) or [], as_list(entry.get("purposes")) or []
        parts = [*(["no"] if section == "refusals" else []), *(name.split(".")[0] for name in (*to[:1], *purposes[:1]))]
    name = _ODD.sub("-", "-".join(parts).lower()).strip("-")[:50].strip("-") or section.removesuffix("s")
    taken = {str(item.get("id")) for part in LISTS for _, item in entries(data, part) if isinstance(item, dict)}
    number, fresh = 1, name
    while fresh in taken or f"want-{fresh}" in taken:
        number += 1
        fresh = f"{name}-{number}"
    return fresh


def rebased(step: Step, before: Any, now: Any) -> Step:
    """Give a step that was begun on the data before as one on the data now: what was typed wins, the rest is as it is now.

    An entry that is gone meanwhile becomes a new one, so that nothing typed is lost; what has no form is not done then:
    Gone is raised.
    """
    form = form_of(step.section)
    entry = entry_of(before, step)
    if step.what not in FORMS:
        place = _found(step, entry, now)
        if place is None:
            raise Gone
        return replace(step, entry=place)
    typed = form.members(form.read(step.values, entry))
    if step.what == "add":
        return step
    place = _found(step, entry, now)
    here = entry_of(now, replace(step, entry=place)) if place is not None else ABSENT
    was, members = form.members(entry), dict(form.members(here))
    for name in {*typed, *was}:
        if typed.get(name, ABSENT) != was.get(name, ABSENT):
            members.pop(name, None) if name not in typed else members.update({name: typed[name]})
    values = {**form.values(typed if place is None else _as_entry(form.section, members))}
    if "key" in step.values:
        values["key"] = step.values["key"]
    if place is None:
        return Step("add", step.section, "", {"key": (step.entry,), **values})
    return replace(step, entry=place, values=values)


def _as_entry(section: str, members: dict[str, Any]) -> Any:
    if section == "groups":
        return members.get("members", [])
    return members


def _found(step: Step, entry: Any, now: Any) -> str | None:
    """Find an entry again: by its key, else by its id, else by its place if it is as it was."""
    there = dict(entries(now, step.section))
    if step.section not in LISTS:
        return step.entry if step.entry in there else None
    name = entry.get("id", entry.get("topic")) if isinstance(entry, dict) else None
    same = [
        place for place, item in there.items() if isinstance(item, dict) and item.get("id", item.get("topic")) == name
    ]
    if name is not None and same:
        return step.entry if step.entry in same else same[0]
    return step.entry if there.get(step.entry, ABSENT) == entry else None
