"""Where no change is reported between two schemas, none refuses what was accepted."""

from __future__ import annotations

import copy
import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from sayso.compatible import changes

REMOTE = "https://e.example/s"
REGISTRY: Registry[Any] = Registry().with_resource(REMOTE, DRAFT202012.create_resource({"type": "string"}))
NAMES = ("a", "b", "ab")
PATTERNS = ("^a", "b$", "^[ab]*$", "")
KINDS = ("null", "boolean", "integer", "number", "string", "array", "object")
scalars = st.sampled_from([None, True, False, 0, 1, 1.0, 2, 1.5, 2.5, -1, "", "a", "b", "ab", "aab"])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from((*NAMES, "c")), inner, max_size=3),
    max_leaves=5,
)
BASE: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    1.0,
    2,
    3,
    4,
    9,
    -1,
    -9,
    0.5,
    1.5,
    2.5,
    "",
    "a",
    "b",
    "ab",
    "aab",
    "abab",
    "~",
]
COMMON: list[Any] = [*BASE, *([value] for value in BASE), [], {}, [0, 1, 2], [1, 1], ["a", "a"], ["a", 1], [1, "a"]]
COMMON += [{name: value} for name in (*NAMES, "c") for value in [*BASE[::2], 1, "a", [], [1], {}, {"a": 1}, {"a": "a"}]]
COMMON += [
    {name: value for name, value in zip(NAMES, three, strict=True) if value is not None}
    for three in itertools.product((None, 1, "a"), repeat=3)
]
COMMON += [{"a": 1, "c": 1}, {"a": 0, "b": 0}, {"a": True, "c": "a", "b": "b"}]
small, limits = st.integers(0, 3), st.sampled_from([-1, 0, 0.5, 1, 1.5, 2])
names = st.lists(st.sampled_from(NAMES), max_size=2, unique=True)
references = st.sampled_from(["#/$defs/x", "#/$defs/y"]) | st.sampled_from(["#", "#/$defs/gone", REMOTE])
simple = st.fixed_dictionaries({}, optional={"type": st.sampled_from(KINDS), "maxLength": small, "minimum": limits})


def keywords(inner: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    """Give for each keyword what may stand under it."""
    several = st.lists(inner, min_size=1, max_size=2)
    return {
        "type": st.sampled_from(KINDS) | st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True),
        "enum": st.lists(values, max_size=4),
        "const": values,
        "properties": st.dictionaries(st.sampled_from(NAMES), inner, max_size=2),
        "required": names,
        "additionalProperties": inner,
        "propertyNames": simple | inner,
        "items": inner,
        "pattern": st.sampled_from(PATTERNS),
        "uniqueItems": st.booleans(),
        "$ref": references,
        "anyOf": several,
        "oneOf": several,
        "allOf": several,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
        "prefixItems": several,
        "contains": inner,
        "patternProperties": st.dictionaries(st.sampled_from(PATTERNS), inner, max_size=1),
        "unevaluatedProperties": st.booleans(),
        "unevaluatedItems": st.booleans(),
        "dependentSchemas": st.dictionaries(st.sampled_from(NAMES), inner, max_size=1),
        "dependentRequired": st.dictionaries(st.sampled_from(NAMES), names, max_size=1),
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "title": st.sampled_from(["s", "t"]),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), small),
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), limits),
    }


@st.composite
def mappings(draw: st.DrawFn, inner: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Draw a schema of a few keywords; the commoner ones more often, and those of one type together."""
    known = keywords(inner)
    group = draw(
        st.sampled_from(
            [
                ["properties", "required", "additionalProperties", "propertyNames", "minProperties", "maxProperties"],
                ["items", "uniqueItems", "minItems", "maxItems", "type", "enum"],
                ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "type", "enum"],
                ["pattern", "minLength", "maxLength", "type", "const", "enum"],
                ["$ref", "anyOf", "oneOf", "allOf", "type", "properties"],
                ["if", "then", "else", "type", "enum", "properties"],
                sorted(known),
            ]
        )
    )
    return {key: draw(known[key]) for key in draw(st.lists(st.sampled_from(group), max_size=4, unique=True))}


schemas = st.recursive(st.booleans() | simple, lambda inner: mappings(inner) | st.booleans(), max_leaves=5)
documents = mappings(schemas)


@st.composite
def roots(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a schema with two definitions, often one that is reached."""
    root: dict[str, Any] = draw(documents) | {"$defs": {"x": draw(schemas), "y": draw(schemas)}}
    if draw(st.booleans()):
        root["properties"] = root.get("properties", {}) | {"a": {"$ref": "#/$defs/x"}}
    return root


TOGETHER = (
    ("properties", "required", "additionalProperties", "propertyNames", "minProperties", "maxProperties"),
    ("properties", "patternProperties", "additionalProperties", "unevaluatedProperties", "$ref", "anyOf"),
    ("items", "uniqueItems", "minItems", "maxItems"),
    ("items", "prefixItems", "contains", "unevaluatedItems", "allOf"),
    ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "type", "multipleOf"),
    ("pattern", "minLength", "maxLength", "type", "enum"),
    ("enum", "const", "type"),
    ("oneOf",),
    ("anyOf", "allOf", "$ref", "not", "type"),
    ("if", "then", "else", "type"),
)
leaves = (
    st.booleans()
    | st.builds(lambda kind: {"type": kind}, st.sampled_from(KINDS))
    | st.builds(lambda value: {"const": value}, scalars)
    | simple
    | st.builds(lambda name, leaf: {"properties": {name: leaf}}, st.sampled_from(NAMES), simple)
)


@st.composite
def twins(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw two schemas of keywords that touch one another, most of them the same in both."""
    known = keywords(leaves)
    x = draw(leaves)
    old: dict[str, Any] = {"$defs": {"x": x, "y": True}}
    new: dict[str, Any] = {"$defs": {"x": draw(leaves) if draw(st.booleans()) else x, "y": True}}
    keys = draw(st.sampled_from(TOGETHER))
    for key in draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True)):
        strategy = st.just("#/$defs/x") if key == "$ref" else known[key]
        value = draw(strategy)
        fate = draw(st.sampled_from(["same", "same", "old", "new", "other", "other"]))
        old |= {key: value} if fate != "new" else {}
        new |= {key: draw(strategy) if fate == "other" else value} if fate != "old" else {}
    return old, new


def within(value: Any) -> list[Any]:
    """Give all lists and objects of a document."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value] * isinstance(value, dict | list) + [part for item in inner for part in within(item)]


@st.composite
def mutants(draw: st.DrawFn, root: dict[str, Any]) -> dict[str, Any]:
    """Draw a schema that differs in one place, or two."""
    root = copy.deepcopy(root)
    known = keywords(schemas)
    for _ in range(draw(st.integers(1, 2))):
        place: Any = draw(st.sampled_from(within(root)))
        chance = draw(st.booleans())
        if isinstance(place, list):
            if place and chance:
                place.pop(draw(st.integers(0, len(place) - 1)))
            else:
                place.append(draw(values))
        elif place and chance:
            key = draw(st.sampled_from(sorted(place)))
            if key in known and draw(st.booleans()):
                place[key] = draw(known[key])
            elif key != "$defs":
                del place[key]
        else:
            key = draw(st.sampled_from(sorted(known)))
            place[key] = draw(known[key])
    return root


def accepts(judge: Draft202012Validator, value: Any) -> bool | None:
    """Ask the judge; no verdict on what is no schema, or has references that lead nowhere or back."""
    try:
        return judge.is_valid(value)
    except Exception:
        return None


def preserved(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Let the judge look for a document that was valid and is not, where no change is reported."""
    if not changes(old, new):
        before, after = (Draft202012Validator(schema, registry=REGISTRY) for schema in (old, new))
        for value in COMMON:
            assert accepts(before, value) is not True or accepts(after, value) is not False, (old, new, value)


@given(st.data())
@settings(deadline=None, max_examples=250)
def test_no_change_means_that_acceptance_is_preserved(data: st.DataObject) -> None:
    """If nothing is reported, every document that the old schema accepts is accepted by the new one."""
    old = data.draw(roots())
    preserved(old, data.draw(mutants(old) if data.draw(st.integers(0, 5)) else roots()))


@given(twins())
@settings(deadline=None, max_examples=700)
def test_keywords_that_touch_one_another(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """If nothing is reported between two schemas that differ in a keyword or two, acceptance is preserved."""
    preserved(*pair)


@given(roots(), st.sampled_from(["title", "description", "$comment"]))
@settings(deadline=None)
def test_a_remark_changes_nothing(schema: dict[str, Any], note: str) -> None:
    """Between a schema and itself with another remark, nothing is said to break."""
    noted = copy.deepcopy(schema) | {note: "another"}
    assert [change for change in changes(schema, noted) if change.severity == "breaking"] == []


def test_silence_is_not_rare() -> None:
    """Of pairs that differ, many are found to be fine: to doubt everything would be sound, and of no use."""
    silent = []

    @given(twins())
    @settings(deadline=None, max_examples=400, database=None)
    def look(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
        if pair[0] != pair[1]:
            silent.append(not changes(*pair))

    look()
    assert silent.count(True) > len(silent) / 10
