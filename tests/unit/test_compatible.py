"""Whether a new schema still accepts what an old one did."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from sayso.compatible import Change, changes
from support import ROOT

PROFILE: dict[str, Any] = json.loads(
    (ROOT / "profile_spec" / "sayso_spec" / "schemas" / "profile.schema.json").read_text("utf-8")
)
TEXT: dict[str, Any] = {"type": "string"}
CLOSED: dict[str, Any] = {"additionalProperties": False}
A: dict[str, Any] = {"properties": {"a": TEXT}}
LIST: dict[str, Any] = {"$defs": {"n": {"properties": {"v": {"maxLength": 5}, "k": {"$ref": "#/$defs/n"}}}}}
TOLD = [{"type": "object", "required": ["t"], "properties": {"t": {"const": word}}} for word in "xyz"]


def of(name: str, schema: Any) -> dict[str, Any]:
    return {"$ref": "#/$defs/d", "$defs": {"d": {"properties": {name: schema}}}}


@pytest.mark.parametrize(
    ("old", "new", "severities", "path"),
    [
        ({"title": "a"}, {"title": "b", "x": 1, "description": "c"}, "u", ""),
        ({"title": "a", "default": 1}, {"title": "b", "format": "uri"}, "", ""),
        ({"type": "integer"}, {"type": "number"}, "", ""),
        ({"type": "number"}, {"type": "integer"}, "b", ""),
        ({"type": ["string", "array"]}, TEXT, "b", ""),
        (TEXT, {"type": ["string", "array"]}, "", ""),
        ({"enum": ["a", "b"]}, {"enum": ["b", "a", "c"]}, "", ""),
        ({"enum": ["a", "b", "c"]}, {"enum": ["a"]}, "bb", ""),
        ({"enum": ["a", 1], "type": "string"}, {"const": "a"}, "", ""),
        ({"const": 1}, {"const": True}, "b", ""),
        ({"enum": ["ab", "cd"]}, {"type": "string", "pattern": "^[a-d]+$", "maxLength": 2}, "u", ""),
        ({"enum": ["ab", "cd"]}, {"pattern": "^a"}, "u", ""),
        (TEXT, {"enum": ["a", "b"]}, "b", ""),
        ({"properties": {"a": TEXT}}, {"properties": {"a": TEXT}, "required": ["a"]}, "b", ""),
        ({"required": ["a", "b"]}, {"required": ["b"]}, "", ""),
        (CLOSED | A, CLOSED, "b", "/properties/a"),
        (CLOSED | A, CLOSED | {"properties": {"a": TEXT, "b": TEXT}}, "", ""),
        (A, {"properties": {"a": TEXT, "b": TEXT}}, "b", "/additionalProperties"),
        (A, A | CLOSED, "b", ""),
        (
            A | {"additionalProperties": TEXT},
            A | {"additionalProperties": {"minLength": 1}},
            "b",
            "/additionalProperties",
        ),
        ({"propertyNames": {"enum": ["a", "b"]}}, {"propertyNames": {"enum": ["a"]}}, "b", "/propertyNames"),
        ({"items": TEXT}, {"items": {"type": "string", "maxLength": 3}}, "b", "/items"),
        ({}, {"uniqueItems": True}, "b", ""),
        ({"maxLength": 500}, {"maxLength": 300}, "b", ""),
        ({"type": "integer"}, {"type": "integer", "maxLength": 3}, "", ""),
        ({"pattern": "^a"}, {"pattern": "^[ab]"}, "u", ""),
        ({"pattern": "^a"}, {}, "", ""),
        (TEXT, {"type": "string", "pattern": "^a"}, "u", ""),
        ({"minimum": 0}, {"exclusiveMinimum": 0}, "u", ""),
        ({"minimum": 0}, {"minimum": 1}, "b", ""),
        ({"enum": [1, 2]}, {"enum": [2.0, 1.0]}, "", ""),
        ({"anyOf": [TEXT, {"const": 1}]}, {"anyOf": [{"type": "integer"}, TEXT]}, "", ""),
        ({"anyOf": [TEXT, {"const": 1}]}, {"anyOf": [TEXT, {"const": 2}]}, "u", ""),
        ({"oneOf": TOLD[:2]}, {"oneOf": [TOLD[0], TOLD[1] | {"title": "y"}]}, "u", ""),
        ({"oneOf": TOLD[:2]}, {"oneOf": TOLD[1:]}, "u", ""),
        ({"oneOf": [{"const": 1}, {"const": 2}]}, {"oneOf": [{"type": "integer"}, {"type": "number"}]}, "u", ""),
        ({"not": {"const": 1}}, {"not": {"const": 2}}, "u", ""),
        ({"if": TEXT, "then": {"enum": ["a"]}}, {"if": TEXT, "then": {"enum": ["a", "b"]}}, "", ""),
        ({"if": TEXT, "then": {"enum": ["a", "b"]}}, {"if": TEXT, "then": {"enum": ["a"]}}, "u", "/then"),
        (of("a", TEXT), of("a", {"type": "string", "minLength": 1}), "b", "/$defs/d/properties/a"),
        (of("a", {"$ref": "#/$defs/d"}), of("a", {"$ref": "#/$defs/d"}) | {"title": "t"}, "", ""),
        (LIST | {"$ref": "#/$defs/n"}, json.loads(json.dumps(LIST).replace("5", "9")) | {"$ref": "#/$defs/n"}, "", ""),
        ({"$ref": "https://a.example/"}, {"$ref": "https://a.example/", "title": "t"}, "u", ""),
        ({"$ref": "https://a.example/"}, {"$ref": "https://b.example/"}, "u", ""),
        ({"$ref": "#"}, {"$ref": "#", "title": "t"}, "u", ""),
        ({"properties": {"a": False}} | CLOSED, CLOSED, "", ""),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, {}, "u", ""),
    ],
)
def test_one_change(old: dict[str, Any], new: dict[str, Any], severities: str, path: str | None) -> None:
    """Each difference has its severity and its place; what only widens has none."""
    found = changes(old, new)
    assert "".join(change.severity[0] for change in found) == severities, found
    assert path is None or {change.path for change in found} <= {path}


def profile() -> dict[str, Any]:
    return copy.deepcopy(PROFILE)


def test_the_profile_and_itself() -> None:
    """Nothing has changed where nothing has; new texts for people and a new optional property change nothing either."""
    wider = profile()
    wider["title"] = "another"
    wider["properties"]["more"] = {"$ref": "#/$defs/text"}
    assert changes(PROFILE, profile()) == changes(PROFILE, wider) == ()


@pytest.mark.parametrize("name", ["signal", "channel", "stage"])
def test_a_word_is_taken_away(name: str) -> None:
    """It is told once, where the words stand, from wherever they are referred to; giving one is no change."""
    new = profile()
    word = new["$defs"][name]["enum"].pop()
    change = Change("breaking", f"/$defs/{name}", f"`{word}` is no longer allowed")
    assert changes(PROFILE, new) == (change,)
    assert changes(new, PROFILE) == ()


def test_what_is_said() -> None:
    """Each change is one sentence for a person."""
    new = profile()
    new["$defs"]["text"]["maxLength"] = 300
    new["$defs"]["want"]["required"].append("budget")
    del new["properties"]["me"]["properties"]["country"]
    new["$defs"]["day"]["pattern"] = "^[0-9-]{10}$"
    assert {(change.severity, change.path, change.message) for change in changes(PROFILE, new)} == {
        ("breaking", "/$defs/text", "at most 300 characters, before 500"),
        ("breaking", "/$defs/want", "`budget` is now required"),
        ("breaking", "/properties/me/properties/country", "`country` is no longer allowed"),
        ("unknown", "/$defs/day", "`pattern` is another: whether it takes all that was valid is not known"),
    }


def test_too_deep() -> None:
    """A schema that is nested without measure is given up, not followed."""
    schema: dict[str, Any] = {}
    for _ in range(5000):
        schema = {"items": schema}
    assert [change.severity for change in changes(schema, {"items": {}})] == ["unknown"]


STRINGS: dict[str, dict[str, Any]] = {
    "anchor": {"properties": {"x": {"$ref": "#foo"}}, "$defs": {"a": {"$anchor": "foo", "type": "string"}}},
    "own id": {"$id": "urn:x", "properties": {"x": {"$ref": "urn:x#/$defs/a"}}, "$defs": {"a": {"type": "string"}}},
    "fragment": {
        "properties": {"x": {"$ref": "urn:y#/$defs/a"}},
        "$defs": {"d": {"$id": "urn:y", "$defs": {"a": {"type": "string"}}}},
    },
    "relative id": {
        "$id": "https://a.example/s",
        "$ref": "https://a.example/t",
        "$defs": {"a": {"$id": "t", "type": "string"}},
    },
    "one to another": {
        "properties": {"x": {"$ref": "urn:y"}},
        "$defs": {"d": {"$id": "urn:y", "$ref": "urn:z"}, "e": {"$id": "urn:z", "type": "string"}},
    },
    "deep id": {"properties": {"x": {"$id": "urn:y", "$ref": "#/$defs/t", "$defs": {"t": {"type": "string"}}}}},
    "into a document": {
        "properties": {"x": {"$ref": "#/$defs/d/$defs/a"}},
        "$defs": {"d": {"$id": "urn:y", "$defs": {"a": {"$ref": "#/$defs/t"}, "t": {"type": "string"}}}},
    },
    "dynamic": {
        "properties": {"x": {"$dynamicRef": "#foo"}},
        "$defs": {"a": {"$dynamicAnchor": "foo", "type": "string"}},
    },
    "percent": {"properties": {"x": {"$ref": "#/$defs/a%20b"}}, "$defs": {"a%20b": {}, "a b": {"type": "string"}}},
}


@pytest.mark.parametrize("name", STRINGS)
def test_references_that_are_not_followed(name: str) -> None:
    """Where a reference could mean something else than what a plain pointer means, nothing is promised."""
    new = json.loads(json.dumps(STRINGS[name]).replace('"string"', '"integer"'))
    assert [change.severity for change in changes(STRINGS[name], new)] == ["unknown"]


def test_listed_objects() -> None:
    """What is asked of listed values counts also where only a keyword beside it is gone."""
    old = {"enum": [{"a": 1}], "properties": {"a": True}, "additionalProperties": False}
    new = {"enum": [{"a": 1}], "additionalProperties": False}
    assert [change.severity for change in changes(old, new)] == ["unknown"]


def test_too_many_steps() -> None:
    """Choices within choices are given up after a while."""
    old: dict[str, Any] = {"$defs": {"n0": {"type": "string"}}, "$ref": "#/$defs/n30"}
    for number in range(1, 31):
        old["$defs"][f"n{number}"] = {"anyOf": [{"items": {"$ref": f"#/$defs/n{number - 1}"}}] * 3}
    new = json.loads(json.dumps(old).replace('"string"', '"integer"'))
    assert {change.severity for change in changes(old, new)} == {"unknown"}
