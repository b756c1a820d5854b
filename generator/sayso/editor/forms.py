"""The forms: one for each kind of entry, made from ``profile.schema.json``.

Values of controls come out of an entry, and an entry comes out of values. A form that comes back as it was shown gives the very
entry that it was made from, with all in it that it does not show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sayso import spec
from sayso.editor.controls import ABSENT, DURATION, QUIET, RATE, Choice, Kind, Listed, Many, Shared, Text
from sayso.editor.posting import Values

#: The sections of a profile, in the order in which a person thinks of them; and where in the schema an entry is described.
SECTIONS = {
    "me": "me",
    "valid": "valid",
    "companies": "company",
    "groups": "group",
    "grants": "grant",
    "refusals": "refusal",
    "channels": "contactRule",
    "wants": "want",
    "interests": "interest",
}
WHOLE = ("me", "valid")  # sections that are an entry themselves
KEYED = ("companies", "groups", "channels")  # sections whose entries have keys
LISTS = ("grants", "refusals", "wants", "interests")

# What a person may have written in the place of keys with values, and the member that it stands for.
_SHORT = {"me": "url", "companies": "name", "groups": "members", "channels": "rule", "interests": "topic"}
_ORDER = {
    "grants": ("to", "signals", "purposes", "channels"),
    "wants": ("what", "budget", "category", "open_to", "channels"),
}
_KINDS: dict[str, Kind] = {
    "day": Text("day"),
    "duration": DURATION,
    "rate": RATE,
    "recipients": Many("recipients"),
    "sharing": Shared(),
    "granularity": Choice(),
    "stage": Choice(),
    "category": Choice(),
}
_LONG = ("note", "in_return", "what")


@dataclass(frozen=True, slots=True)
class Field:
    """A member of an entry, and the control that it is changed with."""

    name: str
    kind: Kind
    required: bool

    def read(self, values: Values, before: Any) -> Any:
        """Give the value of the member: the very one before, if nothing was typed; raises ValueError for values of no form."""
        shown = self.kind.shown(before)
        if shown is None:
            return before
        nothing = ("",) if self.kind.look == "radio" else ()  # of a choice that is not made, browsers send nothing
        posted = {end: tuple(sorted({*values.get(self.name + end, nothing)})) for end in shown}
        if posted == dict(shown):
            return before
        if any(len(given) != 1 for end, given in posted.items() if end or not isinstance(self.kind, Many)):
            raise ValueError(f"{self.name} was not sent once")
        made = self.kind.made(posted, before, required=self.required)
        return before if type(made) is type(before) and made == before else made


@dataclass(frozen=True, slots=True)
class Form:
    """The form of an entry of a section."""

    section: str
    fields: tuple[Field, ...]
    order: tuple[str, ...]  # of the members, in the schema

    def members(self, entry: Any) -> dict[str, Any]:
        """Give the members of an entry, whatever was written in the place of it."""
        nothing = entry is ABSENT or entry is None
        if self.section == "channels":
            return {"rule": "limits", **(entry if isinstance(entry, dict) else {} if nothing else {"rule": entry})}
        if self.section == "groups":
            return {} if nothing else {"members": entry}
        found = dict(entry) if isinstance(entry, dict) else {}
        if isinstance(entry, str) and self.section in _SHORT:
            found = {_SHORT[self.section]: entry}
        if self.section == "valid":
            found = {"kind": "until" if "until" in found and "for" not in found else "for", **found}
        return found

    def unknown(self, entry: Any) -> tuple[str, ...]:
        """Give the members that the form does not know."""
        known = {field.name for field in self.fields}
        return tuple(name for name in self.members(entry) if name not in known)

    def values(self, entry: Any) -> Values:
        """Give what the controls show of an entry; a member that cannot be shown has none."""
        members, found = self.members(entry), {}
        for field in self.fields:
            for end, texts in (field.kind.shown(members.get(field.name, ABSENT)) or {}).items():
                found[field.name + end] = texts
        return found

    def held(self, entry: Any) -> tuple[str, ...]:
        """Give the members that no control can show: they stay as they are."""
        members = self.members(entry)
        return tuple(field.name for field in self.fields if field.kind.shown(members.get(field.name, ABSENT)) is None)

    def read(self, values: Values, before: Any) -> Any:
        """Give the entry that values make of one: that one itself, if they are those that it shows.

        Raises ValueError for values that no form of ours sends.
        """
        members = self.members(before)
        after = {name: value for name, value in members.items() if name not in values.get("drop", ())}
        changed = len(after) != len(members)
        for field in self.fields:
            was = members.get(field.name, ABSENT)
            value = field.read(values, was)
            if value is was:
                continue
            changed = True
            after.pop(field.name, None) if value is ABSENT else after.update({field.name: value})
        return self._entry(after) if changed or before is ABSENT else before

    def _entry(self, members: Mapping[str, Any]) -> Any:
        left = {name: value for name, value in members.items() if name not in ("rule", "kind")}
        if self.section == "channels":
            rule = members["rule"]
            return left if rule == "limits" else rule
        if self.section == "groups":
            return members.get("members", [])
        if self.section == "valid":
            left.pop("for" if members["kind"] == "until" else "until", None)
            left.setdefault(members["kind"], "")  # so that the field that was left empty is what is wrong
        return left


@cache
def form_of(section: str) -> Form:
    """Give the form of the entries of a section."""
    if section == "groups":
        return Form(section, (Field("members", Many("companies"), True),), ())
    schema = spec.schema("profile")
    described = schema["properties"][section] if section in WHOLE else schema["$defs"][SECTIONS[section]]
    required = described.get("required", ())
    names = dict.fromkeys((*_ORDER.get(section, ()), *(n for n in described["properties"] if n != "id")))
    fields = [Field(name, _kind(name, described["properties"][name]), name in required) for name in names]
    if section == "valid":
        fields.insert(0, Field("kind", Choice("radio"), True))
    if section == "channels":
        fields.insert(0, Field("rule", Choice("radio"), True))
    if "id" in described["properties"]:
        fields.append(Field("id", Text(), True))
    return Form(section, tuple(fields), tuple(described["properties"]))


def _kind(name: str, described: Mapping[str, Any]) -> Kind:
    """Choose the control of a member by what the schema says of its value."""
    refers = described.get("$ref", described.get("items", {}).get("$ref", "")).rpartition("/")[2]
    if refers == "language":
        return Listed()
    if "items" in described:
        return Many({"category": "categories"}.get(refers, f"{refers}s"))
    if name == "quiet":
        return QUIET
    if refers in _KINDS:
        return _KINDS[refers]
    return Choice("radio") if "enum" in described else Text("long" if name in _LONG else "text")


def entries(data: Any, section: str) -> Iterator[tuple[str, Any]]:
    """Give each entry of a section, with the text that names it in an address; none where it has another shape."""
    found = data.get(section) if isinstance(data, dict) else None
    if section in WHOLE:
        yield "", ABSENT if found is None else found
    elif section in KEYED and isinstance(found, dict):
        yield from found.items()
    elif section in LISTS and isinstance(found, list):
        yield from ((str(index), entry) for index, entry in enumerate(found))


def editable(data: Any, section: str) -> bool:
    """Tell whether a section has the shape that entries can be added to, or is not there yet."""
    if data is not None and not isinstance(data, dict):
        return False
    found = (data or {}).get(section)
    return found is None or section in WHOLE or isinstance(found, dict if section in KEYED else list)
