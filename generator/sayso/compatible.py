"""Does a new JSON Schema accept every document that an old one accepted?

The answer errs on one side only: where nothing is reported, everything that was valid is valid. It follows the two schemas
side by side, in the keywords that ours are written in (JSON Schema 2020-12; ``format`` is taken for a remark), and does not
know about any other keyword that differs. Two places that refer to themselves are taken to agree while they are compared:
each turn goes deeper into the document, which has an end.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

_STEPS = 20_000
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REMARKS = {
    "$anchor", "$comment", "$defs", "$id", "$schema", "default", "defaultSnippets", "definitions", "deprecated", "description",
    "enumDescriptions", "examples", "format", "markdownDescription", "readOnly", "title", "writeOnly",
}  # fmt: skip
_ENTANGLED = {"contains", "patternProperties", "prefixItems", "unevaluatedItems", "unevaluatedProperties"}
_ALL_TYPES = {"null", "boolean", "integer", "number", "string", "array", "object"}
_SISTERS = {
    "minimum": "exclusiveMinimum",
    "exclusiveMinimum": "minimum",
    "maximum": "exclusiveMaximum",
    "exclusiveMaximum": "maximum",
}
_LEAST = {
    "minLength": "characters",
    "minItems": "items",
    "minProperties": "members",
    "minimum": "",
    "exclusiveMinimum": "",
}
_MOST = {
    "maxLength": "characters",
    "maxItems": "items",
    "maxProperties": "members",
    "maximum": "",
    "exclusiveMaximum": "",
}
_CONCERNS = {
    name: types
    for names, types in (
        ("minLength maxLength pattern", {"string"}),
        ("minItems maxItems items uniqueItems", {"array"}),
        ("minimum maximum exclusiveMinimum exclusiveMaximum", {"integer", "number"}),
        ("minProperties maxProperties required properties additionalProperties propertyNames", {"object"}),
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Change:
    """Something by which a document that was valid may not be so any more.

    ``breaking`` where such documents exist, as far as this place can be reached at all; ``unknown`` where that cannot be
    told. ``path`` is a JSON pointer into the old schema.
    """

    severity: Literal["breaking", "unknown"]
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A schema within a document; ``via`` are the references that led here without going deeper into the data."""

    root: Any
    path: str
    schema: Any
    via: tuple[str, ...] = ()

    def part(self, *keys: str | int, default: Any = True) -> _Place:
        """Give the schema that holds for a part of the data."""
        return replace(self.beside(*keys, default=default), via=())

    def beside(self, *keys: str | int, default: Any = True) -> _Place:
        """Give a schema that holds for the same data."""
        found: Any = self.schema
        for key in keys:
            found = found.get(key, default) if isinstance(found, dict) else found[int(key)]
        return replace(self, path="/".join([self.path, *(_escaped(key) for key in keys)]), schema=found)


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Give what may make a document that ``old`` accepts be refused by ``new``; nothing, where there is no such document.

    Both are schemas by their metaschema; what cannot be followed all the same is unknown.
    """
    try:
        if _text(old) == _text(new):
            return ()
        if any(schema.get("$schema", _DIALECT) != _DIALECT for schema in (old, new)):
            return (Change("unknown", "", "one of the two is in another dialect than JSON Schema 2020-12"),)
        if not all(_can_be_followed(schema) for schema in (old, new)):
            return (Change("unknown", "", "one of the two has references that are not followed here"),)
        found = _Comparison().compare(_Place(old, "", dict(old)), _Place(new, "", dict(new)))
        return tuple(dict.fromkeys(found))
    except (_TooMuchError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError):
        return (Change("unknown", "", "one of the two is not a schema that can be followed"),)


class _TooMuchError(Exception):
    """The comparison has taken more steps than schemas for people need."""


class _Comparison:
    """One comparison, which remembers the pairs of places that it has seen."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, str, int, str]] = set()
        self._steps = 0

    def compare(self, old: _Place, new: _Place) -> Iterator[Change]:
        """Give the changes between two places that hold for the same data."""
        self._steps += 1
        if self._steps > _STEPS:
            raise _TooMuchError
        old, new = _resolved(old), _resolved(new)
        pair = (id(old.root), old.path, id(new.root), new.path)
        if pair in self._seen or new.schema is True or old.schema is False:
            return
        self._seen.add(pair)
        if new.schema is False:
            yield Change("breaking", old.path, "nothing is allowed here any more")
            return
        old = replace(old, schema={} if old.schema is True else old.schema)
        before = {name for name in old.schema if name not in _REMARKS}
        if _ENTANGLED & {*old.schema, *new.schema} and not (
            old.schema.keys() == new.schema.keys() and all(_same(old, new, name) for name in new.schema)
        ):
            yield Change("unknown", old.path, "something is another beside a keyword that reaches into others")
            return
        listed = _values(old.schema)
        if listed is not None:
            listed = [value for value in listed if _types(old.schema) & _types_of(value)]
        found = self._listed(old, new, listed) if listed is not None else self._keywords(old, new)
        known = {"type", "enum", "const", *_CONCERNS}
        for change in found:  # what old says in other words may rule such documents out
            yield change if before <= known else replace(change, severity="unknown")

    def holds(self, old: _Place, new: _Place) -> bool:
        """Tell whether there is no change between two places; what was taken for granted is forgotten if there is."""
        before = set(self._seen)
        if any(True for _ in self.compare(old, new)):
            self._seen = before
            return False
        return True

    def _listed(self, old: _Place, new: _Place, values: list[Any]) -> Iterator[Change]:
        """Compare where the old schema lists its values."""
        listed, types = _values(new.schema), _types(new.schema)
        allowed = None if listed is None else {_text(value) for value in listed}
        for value in values:
            if (allowed is not None and _text(value) not in allowed) or not types & _types_of(value):
                told = value if isinstance(value, str) else _text(value)
                yield Change("breaking", old.path, f"`{told}` is no longer allowed")
        before, after = ({*place.schema} - _REMARKS - {"enum", "const", "type"} for place in (old, new))
        if after and (before != after or not all(_same(old, new, name) for name in after)):
            yield Change("unknown", old.path, "more may be asked of the listed values than before")

    def _keywords(self, old: _Place, new: _Place) -> Iterator[Change]:
        types = _types(old.schema)
        if types - _types(new.schema):
            gone = ", ".join(sorted(types - _types(new.schema)))
            yield Change("breaking", old.path, f"no longer allowed as a type: {gone}")
        if _values(new.schema) is not None:
            yield Change("breaking", old.path, "only listed values are allowed now")
        for name, value in new.schema.items():
            if name in _REMARKS or name in ("type", "enum", "const") or not types & _CONCERNS.get(name, types):
                continue
            if name in _LEAST or name in _MOST:
                yield from _bound(old, name, value)
            elif name == "required":
                for member in [member for member in value if member not in old.schema.get(name, ())]:
                    yield Change("breaking", old.path, f"`{member}` is now required")
            elif name == "uniqueItems":
                if value and not old.schema.get(name):
                    yield Change("breaking", old.path, "nothing may stand twice any more")
            elif name in ("properties", "additionalProperties"):
                yield from self._members(old, new)
            elif name == "items":
                yield from self.compare(old.part(name), new.part(name))
            elif name == "propertyNames":
                names = old.part(name, default={"type": "string"})
                yield from self.compare(names, new.part(name))
            elif name in ("anyOf", "allOf"):
                yield from self._choices(old, new, name)
            elif name == "then" or name == "else":
                if "if" in new.schema and _same(old, new, "if"):
                    yield from self.compare(old.beside(name), new.beside(name))
            elif name == "if":
                if not _same(old, new, name) and {"then", "else"} & {*new.schema}:
                    yield Change("unknown", old.path, "the condition of `if` is another")
            elif not _same(old, new, name):
                yield Change(
                    "unknown", old.path, f"`{name}` is another: whether it takes all that was valid is not known"
                )

    def _members(self, old: _Place, new: _Place) -> Iterator[Change]:
        listed = dict.fromkeys([*old.schema.get("properties", {}), *new.schema.get("properties", {})])
        for name in listed:
            before, after = (
                place.part("properties", name)
                if name in place.schema.get("properties", {})
                else place.part("additionalProperties")
                for place in (old, new)
            )
            if before.schema is not False and after.schema is False:
                yield Change("breaking", before.path, f"`{name}` is no longer allowed")
            else:
                yield from self.compare(before, after)
        before, after = old.part("additionalProperties"), new.part("additionalProperties")
        if before.schema is not False and after.schema is False:
            yield Change("breaking", old.path, "other members are no longer allowed")
        else:
            yield from self.compare(before, after)

    def _choices(self, old: _Place, new: _Place, name: str) -> Iterator[Change]:
        """Compare ``anyOf``: each old choice lies in a new one; or ``allOf``: each new demand follows from an old one."""
        afters = [new.beside(name, index) for index in range(len(new.schema[name]))]
        befores = [old.beside(name, index) for index in range(len(old.schema.get(name, ())))]
        if name == "anyOf":
            fine = bool(befores) and all(any(self.holds(before, after) for after in afters) for before in befores)
        else:
            rest = replace(
                old, schema={key: value for key, value in old.schema.items() if key != name}, path=f"{old.path}/~"
            )
            fine = all(any(self.holds(before, after) for before in (*befores, rest)) for after in afters)
        if not fine:
            yield Change("unknown", old.path, f"`{name}` is another: whether it takes all that was valid is not known")


def _bound(old: _Place, name: str, value: float) -> Iterator[Change]:
    """Compare how much of something there may be; the other bound on the same side may say enough already."""
    before = old.schema.get(name, (-math.inf if name.lower().endswith("imum") else 0) if name in _LEAST else math.inf)
    said = "" if math.isinf(before) else f", before {before}"
    severity: Literal["breaking", "unknown"] = "unknown" if _SISTERS.get(name) in old.schema else "breaking"
    if name in _LEAST and value > before:
        yield Change(severity, old.path, f"at least {value} {_LEAST[name]}".rstrip() + said)
    elif name in _MOST and value < before:
        yield Change(severity, old.path, f"at most {value} {_MOST[name]}".rstrip() + said)


def _resolved(place: _Place) -> _Place:
    """Follow references; one with other keywords beside it is a demand among several."""
    while isinstance(place.schema, dict) and "$ref" in place.schema:
        target = place.schema["$ref"]
        beside = {name: value for name, value in place.schema.items() if name != "$ref"}
        if not beside.keys() <= _REMARKS:
            # At the end, so that the places of the other demands stay what pointers mean by them.
            return replace(place, schema={**beside, "allOf": [*beside.get("allOf", ()), {"$ref": target}]})
        if target in place.via:
            raise ValueError("a reference that leads back to itself")
        place = _Place(place.root, target[1:], _lookup(place.root, target), (*place.via, target))
    return place


def _lookup(root: Any, pointer: str) -> Any:
    """Give what a JSON pointer means in a document; raises LookupError for nothing."""
    found = root
    for key in pointer.split("/")[1:]:
        found = found[key.replace("~1", "/").replace("~0", "~")]
    return found


def _can_be_followed(root: Mapping[str, Any]) -> bool:
    """Tell whether all references of a document are plain pointers into it, whatever else they could be."""
    todo: list[Any] = [*root.values(), {key: root[key] for key in root if key != "$id"}]
    while todo:
        part = todo.pop()
        if isinstance(part, list):
            todo += part
        elif isinstance(part, dict):
            todo += part.values()
            target = part.get("$ref", "#")
            if {"$id", "$anchor", "$dynamicAnchor", "$dynamicRef"} & part.keys() or not isinstance(target, str):
                return False
            if not (target == "#" or target.startswith("#/")) or "%" in target:
                return False
    return True


def _same(old: _Place, new: _Place, name: str) -> bool:
    """Tell whether a keyword has the same text in both, and refers to nothing that may have changed."""
    text = _text(new.schema[name])
    return name in old.schema and _text(old.schema[name]) == text and '"$ref"' not in text


def _types(schema: Mapping[str, Any]) -> set[str]:
    named = schema.get("type", [*_ALL_TYPES])
    types = {named} if isinstance(named, str) else {*named}
    return types | ({"integer"} if "number" in types else set())


def _types_of(value: Any) -> set[str]:
    if isinstance(value, bool) or value is None:
        return {"null" if value is None else "boolean"}
    if isinstance(value, int | float):
        return {"integer", "number"} if value == int(value) else {"number"}
    return {"string"} if isinstance(value, str) else {"array"} if isinstance(value, list) else {"object"}


def _values(schema: Mapping[str, Any]) -> list[Any] | None:
    """Give the values that a schema lists, or None where it does not."""
    if "const" in schema:
        return [schema["const"]] if "enum" not in schema or _among(schema["const"], schema["enum"]) else []
    return list(schema["enum"]) if "enum" in schema else None


def _among(value: Any, values: list[Any]) -> bool:
    return any(_text(value) == _text(other) for other in values)  # in Python, 1 is True


def _text(value: Any) -> str:
    return json.dumps(_whole(value), sort_keys=True)


def _whole(value: Any) -> Any:
    """Write 1.0 as 1, which is the same number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _whole(part) for name, part in value.items()}
    return [_whole(part) for part in value] if isinstance(value, list) else value


def _escaped(key: str | int) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
