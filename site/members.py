"""What the schema of a profile says about its members, in the few words of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

WORD_LISTS = ("signals", "purposes", "channels", "categories", "stages")
_LISTED = {
    "signal": "signals",
    "purpose": "purposes",
    "channel": "channels",
    "category": "categories",
    "stage": "stages",
}


class Member(NamedTuple):
    """A member of a mapping; ``words`` is the word list that its values are from, if there is one."""

    name: str
    required: bool
    form: str
    words: str | None
    meaning: str


class Mapping(NamedTuple):
    """A mapping that a profile is made of: the member that holds it, or each entry of that member, and its own members."""

    name: str
    is_entry: bool
    meaning: str
    members: list[Member]


def mappings(tree: dict[str, Any]) -> Iterator[Mapping]:
    """Give the whole, the mappings in it, and those that its lists and mappings are made of."""
    kinds: dict[str, Any] = {name: kind for name, kind in tree["$defs"].items() if "properties" in kind}
    yield Mapping("", False, tree["description"], _members(tree, tree))
    for name, part in tree["properties"].items():
        entry = part.get("items", part.get("additionalProperties"))
        target = entry["$ref"].rpartition("/")[2] if isinstance(entry, dict) and "$ref" in entry else None
        if "properties" in part:
            yield Mapping(name, False, part["description"], _members(part, tree))
        elif target in kinds:
            yield Mapping(name, True, kinds[target]["description"], _members(kinds.pop(target), tree))
    for name, kind in kinds.items():
        yield Mapping(name, False, kind["description"], _members(kind, tree))


def _members(kind: dict[str, Any], tree: dict[str, Any]) -> list[Member]:
    return [
        Member(name, name in kind.get("required", ()), *_form(part, tree), _resolved(part, tree)["description"])
        for name, part in kind["properties"].items()
    ]


def _resolved(part: dict[str, Any], tree: dict[str, Any]) -> dict[str, Any]:
    return {**tree["$defs"][part["$ref"].rpartition("/")[2]], **part} if "$ref" in part else part


def _form(part: dict[str, Any], tree: dict[str, Any]) -> tuple[str, str | None]:
    """Say in a few words what a member holds, and which word list its values are from."""
    whole = _resolved(part, tree)
    title = str(whole.get("title", "text")).lower()
    words = _LISTED.get(title)
    if "const" in whole:
        return str(whole["const"]), None
    if "then" in whole:
        return f"{' or '.join(whole['then']['enum'])}, or a mapping", None
    if "array" in whole.get("type", ()):
        each, words = _form(whole["items"], tree)
        several = f"list of {each}s".replace("ys", "ies")
        return (several if whole["type"] == "array" else f"{each}, or {several}"), words
    if whole.get("type") == "object":
        return "mapping", None
    if "enum" in whole and words is None:
        return " or ".join(map(str, whole["enum"])), None
    return title, words


def forms(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the kinds of values that are described by their form alone: no words, no mappings, no lists."""
    seen = {"Category"}
    for kind in tree["$defs"].values():
        if "title" in kind and "enum" not in kind and kind["title"] not in seen:
            seen.add(kind["title"])
            yield kind


def choices(tree: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Give the short lists of values that are no word lists, with what each value means."""
    if isinstance(tree, dict):
        if "enumDescriptions" in tree and tree["title"].lower() not in _LISTED:
            yield tree["title"], list(zip(tree["enum"], tree["enumDescriptions"], strict=True))
        for part in tree.values():
            yield from choices(part)
