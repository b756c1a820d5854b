"""Does every document that an old JSON Schema accepts stay accepted by a new one?

The answer errs on one side only: when nothing is reported, acceptance is preserved (JSON Schema 2020-12, ``format`` not
asserted). A pair of places that is under comparison is assumed to hold, which is right because no schema may refer to
itself without going down into the document; one that does is reported as unknown.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import unquote

Severity = Literal["breaking", "unknown"]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_STEPS = 50_000  # a comparison that takes more is given up
_KINDS = ("null", "boolean", "integer", "number", "string", "array", "object")
_NUMBERS = frozenset({"integer", "number"})  # here "number" stands for those that are not whole
_COUNTS = {
    "string": ("minLength", "maxLength", "characters"),
    "array": ("minItems", "maxItems", "items"),
    "object": ("minProperties", "maxProperties", "properties"),
}
_COUNT_KEYS = frozenset(key for low, high, _ in _COUNTS.values() for key in (low, high))
_LIMITS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_APPLIES = (
    {key: frozenset({kind}) for kind, (low, high, _) in _COUNTS.items() for key in (low, high)}
    | dict.fromkeys((*_LIMITS, "multipleOf"), _NUMBERS)
    | {key: frozenset({"array"}) for key in ("items", "uniqueItems")}
    | {"pattern": frozenset({"string"}), "dependentRequired": frozenset({"object"})}
    | {
        key: frozenset({"object"})
        for key in ("properties", "required", "additionalProperties", "propertyNames", "dependentSchemas")
    }
)
_ANNOTATIONS = frozenset(
    [
        "title",
        "description",
        "enumDescriptions",
        "examples",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "markdownDescription",
        "defaultSnippets",
        "format",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "$comment",
        "$id",
        "$schema",
        "$anchor",
        "$defs",
        "definitions",
    ]
)
_ENTANGLED = frozenset(
    [
        "patternProperties",
        "prefixItems",
        "contains",
        "minContains",
        "maxContains",
        "unevaluatedItems",
        "unevaluatedProperties",
    ]
)
_DROPPABLE = frozenset({"not", "multipleOf", "dependentRequired", "dependentSchemas", "$ref"})
_REASONED = frozenset(_APPLIES) - _DROPPABLE | frozenset(
    ["type", "enum", "const", "anyOf", "oneOf", "if", "then", "else"]
)
_FOREIGN = re.compile(
    r"\\[^dDwWsSbB\W]|\(\?[^:=!]|\{,|\[\^?[\[\]]|--|&&|~~|\|\||[+*?}]\+"
)  # what regex dialects read differently


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which the new schema may refuse what the old one accepts.

    ``breaking``: a document that this part of the old schema accepts is refused, as far as the part can be reached;
    ``unknown``: it cannot be told. ``path`` is a JSON pointer in the old schema.
    """

    severity: Severity
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A schema and where it stands; ``mark`` tells apart what is compared under the same path."""

    root: Mapping[str, Any]
    path: str
    schema: Any
    mark: str = ""


class _TooMuchError(Exception):
    """The comparison takes too many steps."""


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Give what may make a document that ``old`` accepts be refused by ``new``; nothing when there is no such document."""
    try:
        old, new = dict(old), dict(new)
        if _text(old) == _text(new):
            return ()
        if _opaque(old) or _opaque(new):
            return (Change("unknown", "", "another dialect, or references that depend on where a schema is used"),)
        found = _Comparison("$id" in old or "$id" in new).places(_Place(old, "", old), _Place(new, "", new))
    except (RecursionError, _TooMuchError):
        return (Change("unknown", "", "the schemas are too deep or too large to compare"),)
    best: dict[tuple[str, str], Change] = {}
    for change in found:
        key = change.path, change.message
        if key not in best or change.severity == "breaking":
            best[key] = change
    return tuple(best.values())


class _Comparison:
    """One run: the pairs that are compared or assumed to hold, and the steps taken."""

    def __init__(self, named: bool) -> None:
        """Begin; ``named`` says that a document has an ``$id``, by which a remote reference might mean the document."""
        self.named = named
        self.seen: set[tuple[str, str, str, str]] = set()
        self.steps = 0

    def places(self, old: _Place, new: _Place) -> list[Change]:
        """Compare two schemas, each taken apart into parts that all hold together."""
        if _loops(old) or _loops(new):
            return [Change("unknown", old.path, "a reference leads back to itself")]
        befores, afters = _parts(old), _parts(new)
        if any(before.schema is False for before in befores):
            return []
        moved = _reference(old) is not None and _reference(old) != _reference(new)
        if moved:
            befores = [replace(before, mark=before.mark + old.path) for before in befores]
        found: list[Change] = []
        for after in afters:
            if len(befores) == 1:
                found += self.parts(befores[0], after)
            else:  # one part that gives what is wanted is enough; if none does, the parts together still may
                found += _soften(min((self.attempt(before, after) for before in befores), key=len))
        tops = {before.path for before in befores}
        return [replace(c, path=old.path) if moved and _below(c.path, tops) else c for c in found]

    def attempt(self, old: _Place, new: _Place) -> list[Change]:
        """Compare, and forget what was assumed if it fails."""
        before = set(self.seen)
        found = self.places(old, new)
        if found:
            self.seen = before
        return found

    def parts(self, old: _Place, new: _Place) -> list[Change]:
        """Compare two schemas that hold neither a local reference nor ``allOf``."""
        self.steps += 1
        if self.steps > _STEPS:
            raise _TooMuchError
        key = (old.path, old.mark, new.path, new.mark)
        if new.schema is True or (new.schema is not False and key in self.seen) or self.identical(old, new):
            return []
        self.seen.add(key)
        o, n = ({} if old.schema is True else old.schema), (new.schema if new.schema is not False else {"enum": []})
        if not (isinstance(o, dict) and isinstance(n, dict) and _well_formed(o) and _well_formed(n)):
            return [Change("unknown", old.path, "not a well-formed schema")]
        if not _ENTANGLED.isdisjoint({*o, *n}):
            return [Change("unknown", old.path, "changed beside a keyword that is not reasoned about")]
        old = replace(old, schema=o)
        for branches in (b for b in ("anyOf", "oneOf") if b in o):
            if not any(self.attempt(branch, new) for branch in _each(old, branches)):
                return []
        new = replace(new, schema=n)
        values = _values(o)
        listed, open_ = self.values(old, new, values) if values is not None else ([], True)
        if not open_:
            return listed
        kinds = {_kind(value) for value in values} if values else {kind for kind in _types(o) if not _void(old, kind)}
        if not kinds:
            return []
        found = self.kinds(old, new, kinds) if values is not None else self.keywords(old, new, kinds)
        found += self.branches(old, new) + self.condition(old, new) + self.others(old, new)
        return listed + (found if values is None else _soften(found))

    def keywords(self, old: _Place, new: _Place, kinds: set[str]) -> list[Change]:
        """Compare which values and types there may be, when old lists no values."""
        o, n = old.schema, new.schema
        hazy, allowed = _hazy(o), _listed(n)
        if allowed is not None:
            sure = "string" in kinds - hazy and "pattern" not in o and _range(old, "string")[1] > 1
            sure = sure or (bool(kinds & _NUMBERS - hazy) and not _LIMITS & set(o) and "multipleOf" not in o)
            sure = sure or not (allowed or hazy)
            message = f"only {len(allowed)} values are allowed now" if allowed else "nothing is allowed here any more"
            return [Change("breaking" if sure else "unknown", old.path, message)]
        found = []
        if gone := [kind for kind in _KINDS if kind in kinds - _types(n)]:
            words = ["number that is not whole" if k == "number" and "integer" in _types(n) else k for k in gone]
            named = ", ".join(f"`{word}`" for word in words)
            severity: Severity = "unknown" if hazy.issuperset(gone) else "breaking"
            found.append(Change(severity, old.path, f"no longer allowed as a type: {named}"))
        return found + self.kinds(old, new, kinds & _types(n))

    def kinds(self, old: _Place, new: _Place, kinds: set[str]) -> list[Change]:
        """Compare the keywords of each type that both allow."""
        hazy, found = _hazy(old.schema), []
        rules = {"string": self.string, "array": self.array, "object": self.object}
        for kind in (kind for kind in rules if kind in kinds):
            results = self.count(old, new, kind) + rules[kind](old, new)
            found += _soften(results) if kind in hazy else results
        if numbers := kinds & _NUMBERS:
            results = self.number(old, new, numbers)
            found += _soften(results) if numbers & hazy else results
        return found

    def values(self, old: _Place, new: _Place, values: list[Any]) -> tuple[list[Change], bool]:
        """Put the values that old lists to new; also say whether some value's fate is still open."""
        found: list[Change] = []
        open_ = False
        for value in values:
            was, is_ = _accepts(old, value), _accepts(new, value)
            name = f"word `{value}`" if isinstance(value, str) else f"value `{_text(value)}`"
            if was is not False and is_ is False:
                found.append(Change("breaking" if was else "unknown", old.path, f"the {name} is no longer allowed"))
            open_ = open_ or (was is not False and is_ is None)
        return found, open_

    def count(self, old: _Place, new: _Place, kind: str) -> list[Change]:
        """Compare how many characters, items or properties there may be."""
        (least, most), unit = _range(old, kind), _COUNTS[kind][2]
        low, high = new.schema.get(_COUNTS[kind][0], 0), new.schema.get(_COUNTS[kind][1], math.inf)
        found = []
        if low > least:
            found.append(Change("breaking", old.path, f"at least {low} {unit}, before {least}"))
        if high < most:
            before = "as many as wanted" if most == math.inf else most
            found.append(Change("breaking", old.path, f"at most {high} {unit}, before {before}"))
        return _soften(found) if "pattern" in old.schema and kind == "string" else found

    def number(self, old: _Place, new: _Place, kinds: set[str]) -> list[Change]:
        """Compare the limits of numbers."""
        whole = "number" not in kinds
        (low, high), (least, most) = _limits(old.schema, whole), _limits(new.schema, whole)
        found = []
        if least > low:
            found.append(Change("breaking", old.path, f"{_limit(least)} at least, before {_limit(low)}"))
        if most < high:
            found.append(Change("breaking", old.path, f"{_limit(most)} at most, before {_limit(high)}"))
        return _soften(found) if "multipleOf" in old.schema else found

    def string(self, old: _Place, new: _Place) -> list[Change]:
        """Compare patterns, by their text."""
        o, n = old.schema.get("pattern"), new.schema.get("pattern")
        if n is None or n == o:
            return []
        if o is not None:
            message = "another pattern: whether it accepts all that the old one did is not known"
            return [Change("unknown", old.path, message)]
        least, most = _range(old, "string")
        samples = (letter * int(max(least, min(1, most))) for letter in "~a0" if least < 1000)
        sure = any(_matches(n, sample) is False for sample in samples)
        return [Change("breaking" if sure else "unknown", old.path, "a pattern is asked for now")]

    def array(self, old: _Place, new: _Place) -> list[Change]:
        """Compare what the items must be."""
        most = _range(old, "array")[1]
        found: list[Change] = []
        if new.schema.get("uniqueItems") and not old.schema.get("uniqueItems") and most > 1:
            found.append(Change("breaking", old.path, "items may no longer occur twice"))
        if "items" in new.schema and most > 0:
            found += self.places(_under(old, "items"), _under(new, "items"))
        return found

    def object(self, old: _Place, new: _Place) -> list[Change]:
        """Compare which properties there must and may be, and what they hold."""
        o, n = old.schema, new.schema
        least, most = _range(old, "object")
        listed = o.get("properties", {})
        closed = o.get("additionalProperties", True) is False
        found: list[Change] = []
        for name in n.get("required", ()):
            if name not in o.get("required", ()) and not (closed and name in listed and least >= len(listed)):
                path = _at(old, "properties", name).path if name in listed else old.path
                found.append(Change("breaking", path, f"`{name}` is now required"))
        if most == 0:
            return found
        for name in {**listed, **n.get("properties", {})}:
            if _accepts(_under(old, "propertyNames"), name) is False:
                continue
            before, after = _member(old, name), _member(new, name)
            results = self.places(before, after)
            if results and after.schema is False:
                found.append(Change(results[0].severity, before.path, f"`{name}` is no longer allowed"))
            elif name in listed:
                found += results
            else:
                found += [replace(result, message=f"`{name}`: {result.message}") for result in results]
        names = _values(_under(old, "propertyNames").schema)
        if names is not None and all(name in listed for name in names if isinstance(name, str)):
            return found + self.names(old, new, closed)
        results = self.places(_under(old, "additionalProperties"), _under(new, "additionalProperties"))
        if results and n.get("additionalProperties") is False:
            results = [Change(results[0].severity, old.path, "other properties are no longer allowed")]
        return found + results + self.names(old, new, closed)

    def names(self, old: _Place, new: _Place, closed: bool) -> list[Change]:
        """Compare which names properties may have."""
        if "propertyNames" not in new.schema:
            return []
        before, after = _under(old, "propertyNames"), _under(new, "propertyNames")
        if closed:
            names = [name for name, value in old.schema.get("properties", {}).items() if value is not False]
            verdicts = {name: _accepts(after, name) for name in names if _accepts(before, name) is not False}
            return [
                Change(
                    "unknown" if verdict is None else "breaking", old.path, f"the name `{name}` is no longer allowed"
                )
                for name, verdict in verdicts.items()
                if not verdict
            ]
        if before.schema is True:
            before = replace(before, schema={"type": "string"})
        elif isinstance(before.schema, dict) and {"type", "$ref", "allOf"}.isdisjoint(before.schema):
            before = replace(before, schema=before.schema | {"type": "string"}, mark="name")
        return self.places(before, after)

    def branches(self, old: _Place, new: _Place) -> list[Change]:
        """Compare ``anyOf`` and ``oneOf``."""
        found = []
        if "anyOf" in new.schema:
            befores = [*_each(old, "anyOf")] or [replace(old, mark=old.mark + "+")]
            afters = [*_each(new, "anyOf")]
            if not all(any(not self.attempt(before, after) for after in afters) for before in befores):
                found.append(Change("unknown", old.path, "the choices of `anyOf` differ"))
        if "oneOf" in new.schema and not self.identical(_under(old, "oneOf"), _under(new, "oneOf")):
            befores, afters = [*_each(old, "oneOf")], [*_each(new, "oneOf")]
            apart = all(_apart(a, b) for i, a in enumerate(afters) for b in afters[:i])
            pairs = zip(befores, afters, strict=False)
            if len(befores) != len(afters) or not apart or any(self.attempt(*pair) for pair in pairs):
                found.append(Change("unknown", old.path, "the choices of `oneOf` differ"))
        return found

    def condition(self, old: _Place, new: _Place) -> list[Change]:
        """Compare ``if``, ``then`` and ``else``."""
        o, n = old.schema, new.schema
        if "if" not in n:
            return []
        if "if" not in o or not self.identical(_under(old, "if"), _under(new, "if")):
            whole = replace(old, mark=old.mark + "+")
            if any(self.attempt(whole, _under(new, key)) for key in ("then", "else")):
                return [Change("unknown", old.path, "the conditions of `if` differ")]
            return []
        found = [c for key in ("then", "else") for c in self.places(_under(old, key), _under(new, key))]
        by_type = isinstance(o["if"], dict) and set(o["if"]) == {"type"} and _well_formed(o["if"])
        about = _types(o["if"]) if by_type and "else" not in n else None
        sure = about and not any(
            about & _APPLIES.get(key, about) for key in set(o) - _ANNOTATIONS - {"type", "if", "then"}
        )
        return found if sure else _soften(found)

    def others(self, old: _Place, new: _Place) -> list[Change]:
        """Compare the keywords that are not reasoned about, by their text."""
        differing = [
            key
            for key in {**old.schema, **new.schema}
            if key not in _REASONED | _ANNOTATIONS
            and (key in new.schema or key not in _DROPPABLE)
            and _types(old.schema) & _APPLIES.get(key, frozenset(_KINDS))
            and not (key in old.schema and key in new.schema and self.identical(_only(old, key), _only(new, key)))
        ]
        return [Change("unknown", old.path, f"`{key}` differs, and is not reasoned about") for key in differing]

    def identical(self, old: _Place, new: _Place) -> bool:
        """Say whether two values have the same text, and so has all that they refer to."""
        todo, done = [(old, new)], set[str]()
        while todo:
            before, after = todo.pop()
            if _text(before.schema) != _text(after.schema):
                return False
            for reference in set(_references(before.schema)) - done:
                done.add(reference)
                if not reference.startswith("#"):
                    if self.named or not reference.partition("#")[0]:
                        return False
                    continue
                pair = _resolve(before.root, reference), _resolve(after.root, reference)
                if pair[0] is None or pair[1] is None:
                    return False
                todo.append((pair[0], pair[1]))
        return True


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _key(value: Any) -> object:
    """Give what two values share exactly when they are equal in JSON: 1 is 1.0, and not true."""
    if isinstance(value, list):
        return tuple(_key(item) for item in value)
    if isinstance(value, dict):
        return frozenset((name, _key(item)) for name, item in value.items())
    return (type(value) is bool, value)


def _kind(value: Any) -> str:
    """Give the type of a value; "number" is one that is not whole."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, int | float):
        return "integer" if value == value // 1 else "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _soften(found: list[Change]) -> list[Change]:
    return [replace(change, severity="unknown") for change in found]


def _below(path: str, tops: set[str]) -> bool:
    return any(path == top or path.startswith(top + "/") for top in tops)


def _walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Give every member of every object in a value."""
    if isinstance(value, dict):
        yield from value.items()
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _walk(item)


def _references(value: Any) -> Iterator[str]:
    return (member for name, member in _walk(value) if name == "$ref" and isinstance(member, str))


def _opaque(root: Mapping[str, Any]) -> bool:
    """Say whether a document is of another dialect, or has references that depend on where a schema stands."""
    members = [(name, value) for name, value in _walk(root) if isinstance(value, str)]
    dynamic = {"$dynamicRef", "$dynamicAnchor", "$recursiveRef"}
    return any(name in dynamic or (name == "$schema" and value.rstrip("#") != DIALECT) for name, value in members) or [
        name for name, _ in members
    ].count("$id") > int(isinstance(root.get("$id"), str))


def _at(place: _Place, *steps: str | int) -> _Place:
    """Go down to what is there."""
    schema, path = place.schema, place.path
    for step in steps:
        schema, path = schema[step], path + "/" + str(step).replace("~", "~0").replace("/", "~1")
    return _Place(place.root, path, schema)


def _under(place: _Place, key: str) -> _Place:
    """Give the schema under a keyword; one that accepts everything if the keyword is missing."""
    return _at(place, key) if key in place.schema else replace(place, schema=True, mark=key)


def _only(place: _Place, key: str) -> _Place:
    return replace(place, schema={key: place.schema[key]})


def _member(place: _Place, name: str) -> _Place:
    """Give what a property by that name must be."""
    listed = name in place.schema.get("properties", {})
    return _at(place, "properties", name) if listed else _under(place, "additionalProperties")


def _each(place: _Place, key: str) -> Iterator[_Place]:
    return (_at(place, key, index) for index in range(len(place.schema.get(key, ()))))


def _reference(place: _Place) -> str | None:
    reference = place.schema.get("$ref") if isinstance(place.schema, dict) else None
    return reference if isinstance(reference, str) else None


def _resolve(root: Mapping[str, Any], reference: str) -> _Place | None:
    """Find what a reference within the document means."""
    place = _Place(root, "", root)
    if reference != "#" and not reference.startswith("#/"):
        return None
    for step in unquote(reference).split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(place.schema, dict) and step in place.schema:
            place = _at(place, step)
        elif isinstance(place.schema, list) and step in map(str, range(len(place.schema))):
            place = _at(place, int(step))
        else:
            return None
    return place


def _parts(place: _Place) -> list[_Place]:
    """Take a schema apart into those that must all hold: what it refers to, what ``allOf`` lists, and the rest."""
    schema = place.schema
    if not isinstance(schema, dict) or not _well_formed(schema) or not _ENTANGLED.isdisjoint(schema):
        return [place]
    target = _resolve(place.root, schema["$ref"]) if "$ref" in schema else None
    parts = _parts(target) if target else []
    for branch in _each(place, "allOf"):
        parts += _parts(branch)
    rest = {
        key: value
        for key, value in schema.items()
        if key not in _ANNOTATIONS and key != "allOf" and (key != "$ref" or target is None)
    }
    return [*parts, replace(place, schema=rest)] if rest or not parts else parts


def _beside(place: _Place) -> Iterator[_Place]:
    """Give the schemas that apply to the same value."""
    schema = place.schema
    if isinstance(schema, dict) and _well_formed(schema):
        target = _resolve(place.root, schema["$ref"]) if "$ref" in schema else None
        yield from [target] if target else []
        for key in ("allOf", "anyOf", "oneOf"):
            yield from _each(place, key)
        yield from (_at(place, key) for key in ("not", "if", "then", "else") if key in schema)
        yield from (_at(place, "dependentSchemas", name) for name in schema.get("dependentSchemas", {}))


def _loops(place: _Place, above: tuple[str, ...] = ()) -> bool:
    """Say whether a schema comes back to itself without going down into the value."""
    return place.path in above or any(_loops(other, (*above, place.path)) for other in _beside(place))


def _well_formed(schema: dict[str, Any]) -> bool:
    """Say whether the keywords that are reasoned about hold what they should; the schemas within are looked at later."""
    return all(_fits(key, value) for key, value in schema.items())


def _fits(key: str, value: Any) -> bool:
    if key == "type":
        names = value if isinstance(value, list) else [value]
        return bool(names) and all(isinstance(name, str) and name in _KINDS for name in names)
    if key in _COUNT_KEYS | _LIMITS:
        number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
        return number and not isinstance(value, bool) and (key in _LIMITS or (value >= 0 and value == value // 1))
    if key in ("anyOf", "allOf", "oneOf"):
        return isinstance(value, list) and bool(value)
    if key in ("items", "additionalProperties", "propertyNames", "not", "if", "then", "else"):
        return isinstance(value, dict | bool)
    if key == "required":
        return isinstance(value, list) and all(isinstance(name, str) for name in value)
    wanted = {
        "enum": list,
        "properties": dict,
        "dependentSchemas": dict,
        "uniqueItems": bool,
        "pattern": str,
        "$ref": str,
    }
    return isinstance(value, wanted.get(key, object))


def _types(schema: dict[str, Any]) -> frozenset[str]:
    named = schema.get("type", _KINDS)
    names = frozenset([named] if isinstance(named, str) else named)
    return names | _NUMBERS if "number" in names else names


def _listed(schema: Any) -> list[Any] | None:
    """Give the values that ``const`` or ``enum`` leaves; nothing when there is neither."""
    if not isinstance(schema, dict):
        return None
    enum = schema.get("enum") if isinstance(schema.get("enum"), list) else None
    return [schema["const"]] if "const" in schema else enum


def _values(schema: Any) -> list[Any] | None:
    """Give all values that a schema may accept, if it is seen that they are few."""
    listed = _listed(schema)
    if listed is None and isinstance(schema, dict) and _well_formed(schema) and _types(schema) <= {"null", "boolean"}:
        return [value for value in (None, False, True) if _kind(value) in _types(schema)]
    return listed


def _finite(place: _Place) -> float:
    """Give how many different values a place accepts at most."""
    parts = _parts(place)
    found = [len({_key(v) for v in values}) for part in parts if (values := _values(part.schema)) is not None]
    return 0 if any(part.schema is False for part in parts) else min(found, default=math.inf)


def _range(place: _Place, kind: str) -> tuple[float, float]:
    """Give the least and the largest number of characters, items or properties."""
    schema = place.schema
    least, most = schema.get(_COUNTS[kind][0], 0), schema.get(_COUNTS[kind][1], math.inf)
    if kind == "array":
        different = _finite(_under(place, "items"))
        most = min(most, different) if schema.get("uniqueItems") or not different else most
    if kind == "object":
        least = max(least, len(set(schema.get("required", ()))))
        most = min(most, _finite(_under(place, "propertyNames")))
        if schema.get("additionalProperties") is False:
            most = min(most, sum(value is not False for value in schema.get("properties", {}).values()))
    return least, most


def _limits(schema: dict[str, Any], whole: bool) -> tuple[tuple[float, bool], tuple[float, bool]]:
    """Give the lower limit and whether it is excluded, the upper one and whether it is included."""
    low = max((schema.get("minimum", -math.inf), False), (schema.get("exclusiveMinimum", -math.inf), True))
    high = min((schema.get("maximum", math.inf), True), (schema.get("exclusiveMaximum", math.inf), False))
    if whole and low[0] != -math.inf:
        low = (math.floor(low[0]) + 1 if low[1] else math.ceil(low[0]), False)
    if whole and high[0] != math.inf:
        high = (math.floor(high[0]) if high[1] else math.ceil(high[0]) - 1, True)
    return low, high


def _limit(limit: tuple[float, bool]) -> str:
    return "any number" if math.isinf(limit[0]) else str(limit[0])


def _void(place: _Place, kind: str) -> bool:
    """Say whether it is seen that a place accepts no value of a type."""
    if kind in _COUNTS:
        least, most = _range(place, kind)
        return least > most
    if kind in _NUMBERS:
        (low, out), (high, included) = _limits(place.schema, kind == "integer")
        return low > high or (low == high and (out or not included))
    return False


def _hazy(schema: dict[str, Any]) -> frozenset[str]:
    """Give the types whose values further keywords may narrow, so that no breach is sure."""
    if not {"anyOf", "oneOf", "not", "$ref", "dependentSchemas"}.isdisjoint(schema):
        return frozenset(_KINDS)
    condition = schema.get("if", False)
    if isinstance(condition, dict) and set(condition) == {"type"} and "else" not in schema and _well_formed(condition):
        return _types(condition)
    return frozenset(_KINDS if "if" in schema else ())


def _apart(one: _Place, other: _Place) -> bool:
    """Say whether no value is accepted by both, which types, listed values or a property that tells must show."""
    for a in _parts(one):
        for b in _parts(other):
            if not (isinstance(a.schema, dict) and isinstance(b.schema, dict)):
                continue
            if not (_well_formed(a.schema) and _well_formed(b.schema)):
                continue
            values, others = _values(a.schema), _values(b.schema)
            if values is not None and others is not None and {*map(_key, values)}.isdisjoint(map(_key, others)):
                return True
            shared = _types(a.schema) & _types(b.schema)
            if not shared:
                return True
            telling = {*a.schema.get("required", ())} & {*b.schema.get("required", ())}
            telling &= {*a.schema.get("properties", {})} & {*b.schema.get("properties", {})}
            if shared == {"object"} and any(_apart(_member(a, name), _member(b, name)) for name in telling):
                return True
    return False


def _matches(pattern: str, text: str) -> bool | None:
    """Say whether a pattern is found in a text; nothing when dialects of patterns may differ on it."""
    if _FOREIGN.search(pattern) or not (pattern.isascii() and text.isascii() and (text.isprintable() or not text)):
        return None
    try:
        return re.search(pattern, text) is not None
    except (re.error, OverflowError, Warning):
        return None


def _every(verdicts: Iterator[bool | None]) -> bool | None:
    got = set(verdicts)
    return False if False in got else None if None in got else True


def _accepts(place: _Place, value: Any) -> bool | None:
    """Say whether a place accepts a value; nothing when that is not decided here."""
    if isinstance(place.schema, bool):
        return place.schema
    if not isinstance(place.schema, dict) or not _well_formed(place.schema):
        return None
    return _every(_verdict(place, key, value) for key in place.schema if key not in _ANNOTATIONS)


def _verdict(place: _Place, key: str, value: Any) -> bool | None:
    """Say what one keyword of a place says of a value."""
    kind, argument = _kind(value), place.schema[key]
    if kind not in _APPLIES.get(key, frozenset(_KINDS)) or (key in ("then", "else") and "if" not in place.schema):
        return True
    if key == "type":
        return kind in _types(place.schema)
    if key in ("enum", "const"):
        return _key(value) in {_key(item) for item in (argument if key == "enum" else [argument])}
    if key == "pattern":
        return _matches(argument, value)
    if key in _COUNT_KEYS:
        return bool(len(value) >= argument if key.startswith("min") else len(value) <= argument)
    if key in _LIMITS:
        (low, out), (high, included) = _limits({key: argument}, whole=False)
        return bool((value > low if out else value >= low) and (value <= high if included else value < high))
    if key == "required":
        return all(name in value for name in argument)
    if key == "$ref":
        target = _resolve(place.root, argument)
        return _accepts(target, value) if target else None
    if key == "allOf":
        return _every(_accepts(branch, value) for branch in _each(place, key))
    if key == "anyOf":
        verdicts = {_accepts(branch, value) for branch in _each(place, key)}
        return True if True in verdicts else None if None in verdicts else False
    return None
