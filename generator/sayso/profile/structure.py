"""The shape of a source: ``profile.schema.json`` applied, and its verdicts said in sentences with positions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError

from sayso import spec
from sayso.errors import Problem
from sayso.profile.nearest import nearest
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
    for error in _validator().iter_errors(source.data):
        for problem, mark in _problems(source, error):
            if mark not in seen:
                seen.add(mark)
                yield problem


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ARG001 - the signature jsonschema calls
    # Python's $ also matches before a final line feed; that of ECMA-262, which JSON Schema means, does not.
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


@cache
def _validator() -> Any:
    extend: Any = jsonschema.validators.extend
    extended = extend(jsonschema.Draft202012Validator, {"pattern": _pattern})
    return extended(spec.schema("profile"))


def _problems(source: Source, error: Any) -> Iterator[tuple[Problem, tuple[str, Path, object]]]:
    path: Path = tuple(error.absolute_path)
    rule, schema, value = error.validator, error.schema, error.instance
    where = source.position(path)
    if rule == "required":
        for name in (n for n in error.validator_value if n not in value):
            yield (
                Problem(
                    "missing-member",
                    f"{_place(path)} needs `{name}`",
                    *source.key_position(path),
                    _description(schema, name),
                ),
                ("missing", path, name),
            )
    elif rule == "additionalProperties":
        known = schema.get("properties", {})
        for name in (n for n in value if n not in known):
            yield (
                Problem(
                    "unknown-member",
                    f"{_place(path)} has no `{name}`",
                    *source.key_position((*path, name)),
                    nearest(name, known),
                ),
                ("unknown", path, name),
            )
    else:
        if "propertyNames" in error.absolute_schema_path:
            where = source.key_position((*path, value))
        code, message, hint = _verdict(str(rule), error, schema, value, path)
        yield Problem(code, message, *where, hint), (code, path, str(value))


def _verdict(rule: str, error: Any, schema: Any, value: Any, path: Path) -> tuple[str, str, str | None]:
    title = schema.get("title", "")
    expected = _as_hint(schema.get("description"))
    if rule == "type":
        wanted = " or ".join(
            _KINDS[kind]
            for kind in ([error.validator_value] if isinstance(error.validator_value, str) else error.validator_value)
        )
        hint = _type_hint(value, wanted, schema, path)
        return "wrong-type", f"{_place(path)} should be {wanted}, found {_found(value)}", hint
    if rule == "const":
        return (
            "unsupported-version",
            f"`{json.dumps(value)}` is not a version of the profile language that this release knows",
            "write sayso: 1",
        )
    if title in _UNKNOWN_WORD:
        words = schema.get("enum", spec.vocabulary().categories)
        every = "one of: " + ", ".join(words) if len(words) <= 12 else f"{expected}; the documentation lists them all"
        message = f"{_show(value)} is no {title.lower()} in the vocabulary"
        return _UNKNOWN_WORD[title], message, nearest(str(value), words) or every
    if rule == "enum":
        return (
            "value-not-allowed",
            f"{_show(value)} is not allowed here",
            "one of: " + ", ".join(map(str, error.validator_value)),
        )
    if rule == "pattern":
        return "bad-format", f"{_show(value)} is not {_article(title or 'value')}", expected
    if rule == "maxLength":
        return (
            "too-long",
            f"{_place(path)} has {len(value)} characters; {error.validator_value} are allowed",
            None,
        )
    if rule in ("minLength", "minItems"):
        return "empty", f"{_place(path)} is empty", "fill it in, or remove the key"
    if rule == "uniqueItems":
        return "repeated-item", f"{_place(path)} names something twice", "remove one of the two"
    if rule in ("minProperties", "maxProperties") and path == ("valid",):
        return (
            "valid-for-or-until",
            "valid needs either `for` or `until`, one of the two",
            "for example valid: {for: P6M}",
        )
    if rule == "minProperties":
        return "empty", f"{_place(path)} is empty", expected
    return "too-many", f"{_place(path)} has too many entries; {error.validator_value} are allowed", None


def _description(schema: Any, name: str) -> str | None:
    member = schema.get("properties", {}).get(name, {})
    definition = spec.schema("profile")["$defs"].get(member.get("$ref", "").rpartition("/")[2], {})
    return _as_hint(member.get("description") or definition.get("description"))


# What people write in the place of keys with values, and the member that they mean.
_WRITTEN_SHORT = {"me": "url", "valid": "for", "companies.*": "name"}


def _as_hint(description: str | None) -> str | None:
    return description[0].lower() + description[1:].removesuffix(".") if description else None


def _type_hint(value: Any, wanted: str, schema: Any, path: Path) -> str | None:
    """Say what to write in the place of a value of the wrong kind."""
    if not path:
        return "a profile begins with sayso: 1"
    if value is None:
        return "write {}" if path[0] == "companies" and len(path) == 2 else "fill it in, or remove the key"
    if isinstance(value, str) and (member := _WRITTEN_SHORT.get(str(path[0]) if len(path) == 1 else f"{path[0]}.*")):
        return f"write {{{member}: {value}}}"
    if wanted == "a list" and isinstance(value, str):
        return f"write [{value}]"
    if "text" in wanted and isinstance(value, int | float) and "pattern" not in schema:
        return "put it in quotes"
    return _as_hint(schema.get("description"))


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
