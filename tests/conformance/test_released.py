"""What was promised is kept: documents of earlier releases are read as they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sayso import spec
from sayso.compatible import changes
from sayso.profile.check import check
from sayso.profile.compile import compile_terms
from sayso.profile.diff import differences
from sayso.profile.source import load
from sayso.trust.verify import verify
from support import AT, ROOT

RELEASED = ROOT / "profile_spec" / "released"
NAMES = sorted(path.name.removesuffix(".schema.json") for path in (RELEASED / "schemas").iterdir())
PROFILES = sorted((RELEASED / "profiles").iterdir())
#: Changes of which a comparison cannot tell whether they break, and a person has found that they do not.
LOOKED_AT: set[tuple[str, str, str]] = set()


@pytest.mark.parametrize("name", NAMES)
def test_schemas_accept_what_they_did(name: str) -> None:
    """No schema refuses a document that its released form accepts; a doubt is looked at by a person."""
    old, new = json.loads((RELEASED / "schemas" / f"{name}.schema.json").read_text("utf-8")), {**spec.schema(name)}
    for schema in (old, new) if name == "cli-output" else ():  # a document in it, which is compared by itself
        schema["$defs"] = {**schema["$defs"], "decision": {}}
        schema["allOf"] = json.loads(
            json.dumps(schema["allOf"]).replace("urn:sayso:schema:decision:1", "#/$defs/decision")
        )
    found = {(name, change.path, change.message) for change in changes(old, new)}
    assert found <= LOOKED_AT


def test_meanings_stay() -> None:
    """What a member of a payload means in linked data is what it meant; new members may come."""
    old = json.loads((RELEASED / "context.jsonld").read_text("utf-8"))
    assert _kept(old["@context"], json.loads(spec.schema_text("context"))["@context"])


def _kept(old: Any, new: Any) -> bool:
    if isinstance(old, dict):
        return isinstance(new, dict) and all(name in new and _kept(part, new[name]) for name, part in old.items())
    if isinstance(old, list):
        return isinstance(new, list) and len(old) == len(new) and all(map(_kept, old, new))
    return bool(old == new)


def test_no_schema_is_dropped() -> None:
    """Every schema that was released is still there, and every one that is there is guarded."""
    present = (ROOT / "profile_spec" / "sayso_spec" / "schemas").glob("*.schema.json")
    assert sorted(path.name.removesuffix(".schema.json") for path in present) == NAMES


@pytest.mark.parametrize("folder", PROFILES, ids=lambda folder: folder.name)
def test_profiles_say_what_they_said(folder: Path) -> None:
    """A profile of an earlier release is right, its signed form verifies, and the two say the same."""
    source = load((folder / "profile.yml").read_bytes())
    assert [problem for problem in check(source, AT) if problem.severity == "error"] == []
    base = source.data["me"]["url"]
    verified = verify((folder / "profile.jwt").read_bytes(), (folder / "keys.jsonl").read_bytes(), base, AT)
    assert not differences(verified.payload, compile_terms(source, verified.payload.iat), source)
