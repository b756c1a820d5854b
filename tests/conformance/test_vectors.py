"""Every vector of profile_spec/vectors, run against this implementation."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from sayso import spec
from sayso.canonical import encode
from sayso.errors import Problem, RequestError, SourceError, VerificationError
from sayso.profile import model
from sayso.profile.check import check
from sayso.profile.policy import MISSES, Decision, Request, decide
from sayso.profile.source import load
from sayso.trust.verify import verify

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "profile_spec" / "vectors"


def vectors(kind: str) -> list[Any]:
    paths = sorted((VECTORS / kind).glob("*.json"))
    return [pytest.param(json.loads(path.read_text("utf-8")), id=path.stem) for path in paths]


def text_of(given: dict[str, Any]) -> bytes:
    return given["text"].encode() if "text" in given else base64.b64decode(given["base64"])


def place(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "line": problem.line, "column": problem.column}


@pytest.mark.parametrize("vector", vectors("source"))
def test_source(vector: dict[str, Any]) -> None:
    """Source text is read as the vector says, or its first problem is the vector's."""
    try:
        source = load(text_of(vector["input"]))
    except SourceError as error:
        assert place(error.problems[0]) == vector["expect"].get("problem"), error.problems
    else:
        assert {"data": source.data} == vector["expect"]


@pytest.mark.parametrize("vector", vectors("check"))
def test_check(vector: dict[str, Any]) -> None:
    """A source has exactly the problems that the vector names, where it names them."""
    found = check(load(text_of(vector["input"])), vector["input"]["at"])
    assert [place(problem) for problem in found] == vector["expect"]["problems"], found


@pytest.mark.parametrize("vector", vectors("decide"))
def test_decide(vector: dict[str, Any]) -> None:
    """A decision has every member that the vector names, with the same value."""
    payload = msgspec.convert(vector["input"]["payload"], model.Payload)
    request = Request(**vector["input"]["request"])
    if isinstance(request.sharing, dict):
        request = msgspec.structs.replace(request, sharing=model.Named(named=tuple(request.sharing["named"])))
    at, fetched_at = vector["input"]["at"], vector["input"].get("fetched_at")
    if "error" in vector["expect"]:
        with pytest.raises(RequestError) as raised:
            decide(payload, request, at)
        assert raised.value.code == vector["expect"]["error"]
        return
    decision = msgspec.json.decode(msgspec.json.encode(decide(payload, request, at, fetched_at=fetched_at)))
    assert {name: decision.get(name) for name in vector["expect"]} == vector["expect"]
    assert decision["basis"] == "standing-preference"


@pytest.mark.parametrize("vector", vectors("decide"))
def test_decide_payload_is_canonical(vector: dict[str, Any]) -> None:
    """The payload of a decision vector is one that could be signed."""
    payload = msgspec.convert(vector["input"]["payload"], model.Payload)
    assert model.decode(encode(payload)) == payload


@pytest.mark.parametrize("vector", vectors("verify"))
def test_verify(vector: dict[str, Any]) -> None:
    """A profile verifies as the vector says, or is refused at its step with its code."""
    given = vector["input"]
    try:
        verified = verify(given["profile"].encode(), given["keys"].encode(), given["base"], given["at"])
    except VerificationError as error:
        assert {"step": error.step, "code": error.code} == vector["expect"], error
    else:
        assert {"digest": verified.digest, "identity": verified.keylog.identity} == vector["expect"]


def all_vectors() -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(VECTORS.glob("*/*.json"))]


def test_vectors_have_their_schema() -> None:
    """Every vector is of the form that vectors.schema.json describes, under an id of its own."""
    validator = jsonschema.Draft202012Validator(json.loads((VECTORS / "vectors.schema.json").read_text("utf-8")))
    every = all_vectors()
    for vector in every:
        validator.validate(vector)
    assert len({vector["id"] for vector in every}) == len(every)


def test_vectors_point_into_the_specification() -> None:
    """Every vector names a place that SPEC.md has."""
    text = (ROOT / "profile_spec" / "SPEC.md").read_text("utf-8")
    anchors = set(re.findall(r'<a id="([a-z0-9-]+)">', text))
    assert {vector["spec"].removeprefix("SPEC.md#") for vector in all_vectors()} <= anchors


def test_every_code_is_hit() -> None:
    """Each code of source, check, verification and decision is expected by a vector, and no other code is."""
    hit: dict[str, set[str]] = {"source": set(), "check": set(), "decide": set(), "verify": set()}
    for vector in all_vectors():
        expect = vector["expect"]
        problems = [*expect.get("problems", ()), *([expect["problem"]] if "problem" in expect else ())]
        codes = [problem["code"] for problem in problems] + expect.get("reasons", []) + [expect.get("code")]
        hit[vector["kind"]] |= {code for code in codes if code}
    listed = spec.codes()
    assert hit["source"] == set(listed["source"])
    assert hit["check"] == set(listed["check"]) - {"invalid-profile"}  # it stands for the others
    assert hit["verify"] == set(listed["verification"])
    assert hit["decide"] == set(listed["decision"])
    asked = {vector["expect"]["error"] for vector in all_vectors() if "error" in vector["expect"]}
    assert asked == set(listed["request"]) - {
        "bad-base-url",
        "not-loopback",
        "not-a-source",
        "not-a-schema",
        "signed-ahead",
    }  # of the command line
    assert set(MISSES) < hit["decide"]


def test_generators_leave_no_difference() -> None:
    """The vectors and the schema are what their generators write."""
    for script in ("profile_spec/vectors/generate.py", "profile_spec/derive.py"):
        done = subprocess.run(
            [sys.executable, script, "--check"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_decision_members() -> None:
    """A decision has the members that SPEC.md names, and no others."""
    names = {field.encode_name for field in msgspec.structs.fields(Decision)}
    text = (ROOT / "profile_spec" / "SPEC.md").read_text("utf-8")
    section = text[text.index('<a id="decision">') : text.index('<a id="decision-step-1">')]
    assert names == set(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE))
