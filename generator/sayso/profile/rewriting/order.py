"""Order: which members the schema of a profile names for a mapping, and in which order they are to be written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sayso.profile.source import Path
from sayso.spec import schema


def in_order(members: Iterable[str], path: Path) -> list[str]:
    """Give the members of a mapping at a path in the order of the schema; what it does not name stays behind them."""
    known = {key: place for place, key in enumerate(order_of(path))}
    return sorted(members, key=lambda key: known.get(key, len(known)))


def order_of(path: Path) -> list[str]:
    """Give the members that the schema names for the mapping at a path, in its order."""
    whole = schema("profile")
    node: Any = whole
    for name in path:
        node = node.get("items", {}) if isinstance(name, int) else _member(node, name)
        while "$ref" in node and "properties" not in node:
            node = whole["$defs"][node["$ref"].rpartition("/")[2]]
    names = [*node.get("properties", {})]
    if not path:  # the first lines say what this is, and whether it holds
        names.remove("status")
        names.insert(1, "status")
    return names


def _member(node: Any, name: str) -> Any:
    others = node.get("additionalProperties")
    return node.get("properties", {}).get(name) or (others if isinstance(others, dict) else {})
