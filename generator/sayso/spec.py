"""The only reader of ``sayso_spec``: schemas, vocabulary and the list of codes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from pkgutil import get_data  # `importlib.resources` takes longer to load than all the rest
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


class Place(msgspec.Struct, frozen=True):
    """Where a purpose or a sharing has its place among the agreements of IEEE 7012.

    ``from_`` is the agreement that must be reached anyway for this one to add only what it says; ``only`` a part of the word
    that the agreement covers; ``outside`` that none of them says it.
    """

    agreement: str | None = None
    from_: str | None = msgspec.field(name="from", default=None)
    only: str | None = None
    outside: bool = False


class Rung(msgspec.Struct, frozen=True):
    """An agreement of IEEE 7012 by its id, and what it adds to those before it."""

    id: str
    adds: str


class Agreements(msgspec.Struct, frozen=True):
    """The agreements of IEEE 7012: those on a relationship, each of which permits what those before it do, and on contributions.

    ``purposes`` says for each mapping of a purpose where it has its place.
    """

    relationship: tuple[Rung, ...]
    contribution: tuple[Rung, ...]
    not_derived: tuple[Rung, ...]
    purposes: dict[str, Place]
    sharing: dict[str, Place]


class Vocabulary:
    """The words that profiles are written in, by key, each kind read when it is first asked for; parents stand among their words."""

    @cached_property
    def version(self) -> int:
        """The version of the vocabulary."""
        return max(_part(name).version for name in KINDS)

    @cached_property
    def signals(self) -> Mapping[str, Word]:
        """Categories of browsing and purchase data."""
        return _words("signals")

    @cached_property
    def purposes(self) -> Mapping[str, Word]:
        """What a signal may be used for."""
        return _words("purposes")

    @cached_property
    def channels(self) -> Mapping[str, Word]:
        """How the person is reached."""
        return _words("channels")

    @cached_property
    def stages(self) -> Mapping[str, Word]:
        """Where a relationship stands."""
        return _words("stages")

    @cached_property
    def categories(self) -> Mapping[str, Word]:
        """Product categories."""
        return _words("categories")


KINDS = ("signals", "purposes", "channels", "stages", "categories")


@cache
def vocabulary() -> Vocabulary:
    """Give the vocabulary that ships with this release."""
    return Vocabulary()


@cache
def _part(name: str) -> _File:
    return msgspec.json.decode(_read(f"vocabulary/{name}.json"), type=_File)


def _words(name: str) -> Mapping[str, Word]:
    part = _part(name)
    return {word.key: word for word in (*part.parents, *part.terms)}


@cache
def agreements() -> Agreements:
    """Load the agreements of IEEE 7012, as ids, and what they say of purposes and sharing."""
    return msgspec.json.decode(_read("vocabulary/agreements.json"), type=Agreements)


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
    data = get_data("sayso_spec", path)
    assert data is not None
    return data
