"""The shape of a source: ``profile.schema.json`` applied, and its verdicts said in sentences with positions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError

from sayso import spec
from sayso.errors import Problem
from sayso.profile import hints
from sayso.profile.nearest import Guesses
from sayso.profile.source import Path, Source

_KINDS = {
    "object": "keys with values",
    "array": "a list",
    "string": "text",
    "null": "nothing",
    "integer": "a number",
    "number": "a number",
    "boolean": "true or false",
}
_UNKNOWN_WORD = {title: f"unknown-{title.lower()}" for title in ("Signal", "Purpose", "Channel", "Stage", "Category")}


def check_structure(source: Source) -> Iterator[Problem]:
    """Give every place where the source has not the shape that the schema describes."""
    seen: set[tuple[str, Path, object]] = set()
    guess = Guesses()
    for error in _validator().iter_errors(source.data):
        for problem, mark in _problems(source, error, guess):
            if mark not in seen:
                seen.add(mark)
                yield problem


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ARG001 - the signature jsonschema calls
    if isinstance(instance, str) and not hints.matches(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _unique(validator: Any, unique: bool, instance: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ARG001
    # That of the library compares each item with each other one where it cannot sort them.
    if unique and isinstance(instance, list) and len({_mark(item) for item in instance}) < len(instance):
        yield ValidationError("not unique")


def _mark(item: Any) -> str:
    return item if isinstance(item, str) else f"\0{json.dumps(item, sort_keys=True)}"


@cache
def _validator() -> Any:
    extend: Any = jsonschema.validators.extend
    extended = extend(jsonschema.Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique})
    return extended(spec.schema("profile"))


def _problems(source: Source, error: Any, guess: Guesses) -> Iterator[tuple[Problem, tuple[str, Path, object]]]:
    path: Path = tuple(error.absolute_path)
    rule, schema, value = error.validator, error.schema, error.instance
    known = schema.get("properties", {})
    if rule == "required":
        meant = {hints.unknown_member(name, known, guess)[0] for name in value if name not in known}
        for name in (n for n in error.validator_value if n not in value and n not in meant):
            message, place = f"{_place(path)} needs `{name}`", source.key_position(path)
            yield Problem("missing-member", message, *place, hints.missing_member(name)), ("missing", path, name)
    elif rule == "additionalProperties":
        for name in (n for n in value if n not in known):
            message, hint = f"{_place(path)} has no `{name}`", hints.unknown_member(name, known, guess)[1]
            place = source.key_position((*path, name))
            yield Problem("unknown-member", message, *place, hint), ("unknown", path, name)
    else:
        where = source.position(path)
        if rule == "uniqueItems":
            path = _second(value, path)
            where = source.position(path)
        if "propertyNames" in error.absolute_schema_path:
            where = source.key_position((*path, value))
            schema = {**schema, "title": "Group name"} if path == ("groups",) else schema
        code, message, hint = _verdict(str(rule), error, schema, path, guess)
        yield Problem(code, message, *where, hint), (code, path, str(value))


def _second(items: list[Any], path: Path) -> Path:
    """Give the path of the first item that stands in a list for the second time."""
    seen: set[str] = set()
    for index, item in enumerate(items):
        if (mark := _mark(item)) in seen:
            return (*path, index)
        seen.add(mark)
    return path


def _verdict(rule: str, error: Any, schema: Any, path: Path, guess: Guesses) -> tuple[str, str, str | None]:
    title, value, limit = schema.get("title", ""), error.instance, error.validator_value
    expected = hints.as_hint(schema.get("description"))
    if rule == "type":
        wanted = " or ".join(_KINDS[kind] for kind in ([limit] if isinstance(limit, str) else limit))
        hint = hints.wrong_type(value, wanted, schema, path)
        return "wrong-type", f"{_place(path)} should be {wanted}, found {_found(value)}", hint
    if rule == "const":
        message = f"`{json.dumps(value)}` is not a version of the profile language that this release knows"
        return "unsupported-version", message, "write sayso: 1"
    if title in _UNKNOWN_WORD:
        message = f"{_show(value)} is no {title.lower()} in the vocabulary"
        return _UNKNOWN_WORD[title], message, hints.unknown_word(title, value, expected, guess)
    if rule == "enum":
        return "value-not-allowed", f"{_show(value)} is not allowed here", hints.one_of(title, limit)
    if rule == "pattern":
        hint = hints.bad_format(title, value, limit, expected)
        return "bad-format", f"{_show(value)} is not {_article(title or 'value')}", hint
    if rule == "maxLength":
        message = f"{_place(path)} has {len(value)} characters; {limit} are allowed"
        return "too-long", message, f"shorten it by {hints.count(len(value) - limit, 'character')}"
    if rule in ("minLength", "minItems"):
        return "empty", f"{_place(path)} is empty", "fill it in, or remove the key"
    if rule == "uniqueItems":
        again = _show(value[path[-1]]) if isinstance(path[-1], int) else "something"
        return "repeated-item", f"{again} stands here twice", "remove one of the two"
    if rule == "minProperties" and path == ("valid",):
        return "valid-for-or-until", "valid needs either `for` or `until`", "for example valid: {for: P6M}"
    if rule == "maxProperties" and path == ("valid",):
        if "for" in value and "until" in value:
            return "valid-for-or-until", "valid has both `for` and `until`", "remove one of the two"
        return "valid-for-or-until", "valid needs either `for` or `until`, and nothing else", "remove the rest"
    if rule == "minProperties":
        return "empty", f"{_place(path)} is empty", expected
    message = f"{_place(path)} has {len(value)} entries; {limit} are allowed"
    return "too-many", message, f"remove {len(value) - limit} of them"


def _place(path: Path) -> str:
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return f"`{text.removeprefix('.')}`" if text else "the profile"


def _found(value: Any) -> str:
    kind = {
        dict: "object",
        list: "array",
        str: "string",
        bool: "boolean",
        int: "integer",
        float: "number",
    }.get(type(value), "null")
    return _KINDS[kind] if kind in ("object", "array", "null") else _show(value)


def _show(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"


def _article(title: str) -> str:
    noun = title[0].lower() + title[1:]
    return noun if noun.endswith("hours") else f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
