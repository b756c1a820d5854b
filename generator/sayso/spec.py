"""The only reader of ``sayso_spec``: schemas, vocabulary and the list of codes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


class Word(msgspec.Struct, frozen=True):
    """One word of the vocabulary, or the parent of several.

    ``explicit_only`` words are never implied by their parent; ``open`` purposes may be granted to everyone;
    ``sensitive`` categories may say things about health, belief, family or private life. ``since`` is the vocabulary version it came with.
    """

    key: str
    label: str
    definition: str = ""
    parent: str | None = None
    since: int = 1
    deprecated: int | None = None
    replaced_by: str | None = None
    explicit_only: bool = False
    sensitive: bool = False
    open: bool = False
    extension: bool = False
    mappings: dict[str, dict[str, Any]] = {}


class _File(msgspec.Struct, frozen=True):
    vocabulary: str
    version: int
    terms: list[Word]
    parents: list[Word] = []
    source: str = ""


class Vocabulary(msgspec.Struct, frozen=True):
    """The words that profiles are written in, by key; parents stand among the words that they hold."""

    version: int
    signals: Mapping[str, Word]
    purposes: Mapping[str, Word]
    channels: Mapping[str, Word]
    stages: Mapping[str, Word]
    categories: Mapping[str, Word]


@cache
def vocabulary() -> Vocabulary:
    """Load the vocabulary that ships with this release."""
    decoder = msgspec.json.Decoder(_File)
    parts = {
        name: decoder.decode(_read(f"vocabulary/{name}.json"))
        for name in ("signals", "purposes", "channels", "stages", "categories")
    }
    words = {name: {word.key: word for word in (*part.parents, *part.terms)} for name, part in parts.items()}
    return Vocabulary(version=max(part.version for part in parts.values()), **words)


@cache
def schema(name: str) -> dict[str, Any]:
    """Load one JSON Schema by its short name, for example ``profile`` (do not change what you get: it is shared)."""
    loaded: dict[str, Any] = msgspec.json.decode(_read(f"schemas/{name}.schema.json"))
    return loaded


def schema_text(name: str) -> str:
    """Give the text of a schema by its short name; ``context`` is the JSON-LD context, and ``draft-07/profile`` an older form."""
    return _read("context.jsonld" if name == "context" else f"schemas/{name}.schema.json").decode()


@cache
def codes() -> dict[str, dict[str, str]]:
    """Load the list of codes: group, then code, then one sentence that says what it means."""
    return msgspec.json.decode(_read("codes.json"), type=dict[str, dict[str, str]])


def _read(path: str) -> bytes:
    return files("sayso_spec").joinpath(path).read_bytes()
