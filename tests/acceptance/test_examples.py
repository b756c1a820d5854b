"""The example folders are right, signed, and show the whole language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sayso import check, load, verify
from sayso.spec import schema
from sign_examples import sign_example
from support import ADA, AT, CONSUMERS, consumer, tree

NAMES = [path.name for path in sorted(CONSUMERS.iterdir())]


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_right(name: str) -> None:
    """An example has neither error nor warning, and what is signed verifies, at the instant at which it was signed."""
    folder = CONSUMERS / name
    source = load((folder / "profile.yml").read_bytes())
    assert [problem for problem in check(source, AT) if problem.severity != "info"] == []
    signed = folder / "signed"
    files = (signed / "profile.jwt").read_bytes(), (signed / "keys.jsonl").read_bytes()
    assert verify(*files, source.data["me"]["url"], AT).payload.sequence == 1


@pytest.mark.parametrize("name", NAMES)
def test_signing_again_gives_the_same(name: str, tmp_path: Path) -> None:
    """The same source, clock and keys give the same bytes: what is committed is what ``make examples`` writes."""
    copy = consumer(tmp_path, name, signed=False)
    sign_example(copy)
    assert tree(copy / "signed") == tree(CONSUMERS / name / "signed")


def members(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(name for item in value.values() for name in members(item))}
    return {name for item in value for name in members(item)} if isinstance(value, list) else set()


def test_the_demo_uses_every_member() -> None:
    """Ada's profile uses every member of the schema but the one that withdraws it, for a dozen companies in three groups."""
    data = load((ADA / "profile.yml").read_bytes()).data
    tree = schema("profile")
    names = {
        name
        for part in (tree, tree["properties"]["me"], *tree["$defs"].values())
        for name in part.get("properties", {})
    }
    assert names - members(data) == {"status"}
    assert len(data["companies"]) == 12
    assert len(data["groups"]) == 3
    assert 15 <= len(data["grants"]) <= 20
    assert all(domain.endswith(".example") for domain in data["companies"])


def test_every_field_is_valid_with_another_checker(tmp_path: Path) -> None:
    """check-jsonschema, which shares nothing with us but the schema, accepts the examples and refuses a slip."""
    import subprocess
    import sys

    path = tmp_path / "schema.json"
    path.write_text(json.dumps(schema("profile")))
    command = [str(Path(sys.executable).parent / "check-jsonschema"), "--schemafile", str(path)]
    good = [str(CONSUMERS / name / "profile.yml") for name in NAMES]
    assert subprocess.run([*command, *good], capture_output=True, check=False).returncode == 0
    bad = tmp_path / "bad.yml"
    bad.write_text((ADA / "profile.yml").read_text("utf-8").replace("store.visits", "store.visit"))
    assert subprocess.run([*command, str(bad)], capture_output=True, check=False).returncode == 1
