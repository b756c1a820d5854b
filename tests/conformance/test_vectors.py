"""Every vector of profile_spec/vectors, run against this implementation."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jsonschema
import msgspec
import pytest

from sayso import spec
from sayso.canonical import encode
from sayso.errors import FetchError, InvalidProfile, Problem, RequestError, SourceError, VerificationError
from sayso.profile import model
from sayso.profile.check import check, ensure_valid
from sayso.profile.compile import Link, chain, compile_terms
from sayso.profile.policy import MISSES, Decision, Request, decide
from sayso.profile.source import load
from sayso.reader.client import fetch
from sayso.reader.http import Loopback, get
from sayso.trust.envelope import open_envelope
from sayso.trust.history import earlier
from sayso.trust.keylog import read_keylog
from sayso.trust.keys import Jwk, PublicKey
from sayso.trust.pins import MemoryPins, remember
from sayso.trust.verify import verify

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "profile_spec" / "vectors"


def vectors(kind: str) -> list[Any]:
    paths = sorted((VECTORS / kind).glob("*.json"))
    return [pytest.param(json.loads(path.read_text("utf-8")), id=path.stem) for path in paths]


def text_of(given: dict[str, Any]) -> bytes:
    return bytes_of(given, "text", "base64")


def bytes_of(given: dict[str, Any], text: str, binary: str) -> bytes:
    return given[text].encode() if text in given else base64.b64decode(given[binary], validate=True)


class Server(ThreadingHTTPServer):
    """A web server that answers as it is told to."""

    answers: dict[str, Any]
    asked: list[str]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        answer = self.server.answers[self.path]
        self.send_response(answer["status"])
        for name, value in {**answer["headers"], "Content-Length": str(len(answer["body"]))}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):  # a reader who has had enough goes away
            self.wfile.write(answer["body"].encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as running:
        running.answers, running.asked = {}, []
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


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
    groups = {"error": "check", "warning": "warning", "info": "info"}
    assert all(problem.code in spec.codes()[groups[problem.severity]] for problem in found)


@pytest.mark.parametrize("vector", vectors("compile"))
def test_compile(vector: dict[str, Any]) -> None:
    """A source is compiled into exactly these bytes, or not at all."""
    given = vector["input"]
    source = load(given["text"].encode())
    if "error" in vector["expect"]:
        with pytest.raises(InvalidProfile) as raised:
            ensure_valid(source, given["at"])
        assert raised.value.code == vector["expect"]["error"]
        return
    ensure_valid(source, given["at"])
    before = msgspec.convert(given["before"], model.Payload) if "before" in given else None
    payload = chain(compile_terms(source, given["at"]), Link(**given["link"]), before)
    assert encode(payload).decode() == vector["expect"]["payload"]
    assert model.decode(encode(payload)) == payload


@pytest.mark.parametrize("vector", vectors("canonical"))
def test_canonical(vector: dict[str, Any]) -> None:
    """JSON has exactly this canonical form, and the form has itself."""
    text = vector["expect"]["text"]
    assert encode(json.loads(vector["input"]["json"])).decode() == text
    assert encode(json.loads(text)).decode() == text


@pytest.mark.parametrize("vector", vectors("fetch"))
def test_fetch(vector: dict[str, Any], server: Server) -> None:
    """What a real server answers is refused as the vector says, and nothing is asked that need not be."""
    given = vector["input"]
    path = given["base"].partition("//")[2].partition("/")[2]
    server.answers = {f"/{path}{name}": answer for name, answer in given["answers"].items()}
    with pytest.raises(FetchError) as raised:
        fetch(given["base"], 0, partial(get, loopback=Loopback("127.0.0.1", server.server_port)))
    assert raised.value.code == vector["expect"]["code"]
    assert server.asked == ([] if vector["expect"]["code"] == "not-https" else [f"/{path}sayso/profile.jwt"])


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


def opened(given: dict[str, Any]) -> dict[str, Any]:
    """Open an envelope as one of this key; what a profile's steps 5 and 6 ask is asked of the one key that there is."""
    envelope = open_envelope(bytes_of(given, "token", "base64"), given["typ"])
    key = PublicKey.from_jwk(msgspec.convert(given["key"], Jwk))
    if envelope.kid != key.thumbprint:
        return {"step": 5, "code": "unknown-key"}
    if key.weak:
        return {"step": 5, "code": "weak-key"}
    if not envelope.signed_by(key):
        return {"step": 6, "code": "bad-signature"}
    payload = base64.b64encode(envelope.payload).decode()
    return {"payload_base64": payload, "digest": envelope.digest, "kid": envelope.kid}


@pytest.mark.parametrize("vector", vectors("envelope"))
def test_envelope(vector: dict[str, Any]) -> None:
    """An envelope is opened as the vector says, or is refused at its step with its code."""
    try:
        outcome = opened(vector["input"])
    except VerificationError as error:
        outcome = {"step": error.step, "code": error.code}
    assert outcome == vector["expect"]


@pytest.mark.parametrize("vector", vectors("envelope"))
def test_weak_keys_verify_nothing(vector: dict[str, Any]) -> None:
    """A key verifies a signature if the vector accepts it, also where nobody asks before whether the key is weak."""
    given = vector["input"]
    key = PublicKey.from_jwk(msgspec.convert(given["key"], Jwk))
    with suppress(VerificationError):
        envelope = open_envelope(bytes_of(given, "token", "base64"), given["typ"])
        if envelope.kid == key.thumbprint:
            assert envelope.signed_by(key) == ("digest" in vector["expect"])


@pytest.mark.parametrize("vector", vectors("keylog"))
def test_keylog(vector: dict[str, Any]) -> None:
    """A key log is read as the vector says, or is refused at its step with its code."""
    try:
        log = read_keylog(bytes_of(vector["input"], "keys", "base64"))
    except VerificationError as error:
        assert {"step": error.step, "code": error.code} == vector["expect"], error
    else:
        assert {
            "identity": log.identity,
            "head": log.head,
            "keys": [PublicKey.from_jwk(jwk).thumbprint for jwk in log.events[-1].keys],
            "floor": msgspec.to_builtins(log.floor),
        } == vector["expect"]


@pytest.mark.parametrize("vector", vectors("verify"))
def test_verify(vector: dict[str, Any]) -> None:
    """A profile verifies as the vector says, or is refused at its step with its code."""
    given = vector["input"]
    profile, keys = (bytes_of(given, name, f"{name}_base64") for name in ("profile", "keys"))
    try:
        verified = verify(profile, keys, given["base"], given["at"])
    except VerificationError as error:
        assert {"step": error.step, "code": error.code} == vector["expect"], error
    else:
        assert {"digest": verified.digest, "identity": verified.keylog.identity} == vector["expect"]


@pytest.mark.parametrize("vector", vectors("pin"))
def test_pin(vector: dict[str, Any]) -> None:
    """A reader who has seen what the vector says takes the last document as it says, or refuses it."""
    given, pins = vector["input"], MemoryPins()
    for seen in given["seen"]:
        before = pins.get(given["base"])
        try:
            remember(pins, seen["profile"].encode(), seen["keys"].encode(), given["base"], seen["at"])
        except VerificationError as error:
            assert pins.get(given["base"]) == before or (error.code == "expired" and before is not None)
    try:
        verified = remember(pins, given["profile"].encode(), given["keys"].encode(), given["base"], given["at"])
    except VerificationError as error:
        assert {"step": error.step, "code": error.code} == vector["expect"], error
    else:
        outcome = {"digest": verified.digest, "identity": verified.keylog.identity, "missed": verified.missed}
        assert outcome == vector["expect"]


@pytest.mark.parametrize("vector", vectors("history"))
def test_history(vector: dict[str, Any]) -> None:
    """Earlier versions are proven from the one that verifies as the vector says, or the first that is wrong is refused."""
    given = vector["input"]
    current = verify(given["profile"].encode(), given["keys"].encode(), given["base"], given["at"])
    there = {int(number): token.encode() for number, token in given["versions"].items()}
    try:
        proven = list(earlier(current, there.get))
    except VerificationError as error:
        assert {"step": error.step, "code": error.code} == vector["expect"], error
    else:
        assert {"digests": [version.digest for version in proven]} == vector["expect"]


def all_vectors() -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(VECTORS.glob("*/*.json"))]


def test_vectors_have_their_schema() -> None:
    """Every vector is of the form that vectors.schema.json describes, under an id of its own."""
    validator = jsonschema.Draft202012Validator(json.loads((VECTORS / "vectors.schema.json").read_text("utf-8")))
    every = all_vectors()
    for vector in every:
        validator.validate(vector)
    assert len({vector["id"] for vector in every}) == len(every)


def test_no_vector_has_two_problems_at_one_place() -> None:
    """The order of problems at one place is nobody's business, so no vector depends on it."""
    for vector in all_vectors():
        places = [(problem["line"], problem["column"]) for problem in vector["expect"].get("problems", ())]
        assert len({*places}) == len(places), vector["id"]


def test_vectors_point_into_the_specification() -> None:
    """Every vector names a place that SPEC.md has."""
    text = (ROOT / "profile_spec" / "SPEC.md").read_text("utf-8")
    anchors = set(re.findall(r'<a id="([a-z0-9-]+)">', text))
    assert {vector["spec"].removeprefix("SPEC.md#") for vector in all_vectors()} <= anchors


def test_every_must_has_a_vector() -> None:
    """Each passage of SPEC.md that says MUST begins with an anchor, and a vector points to it."""
    text = (ROOT / "profile_spec" / "SPEC.md").read_text("utf-8")
    pointed = {vector["spec"].removeprefix("SPEC.md#") for vector in all_vectors()}
    text = re.sub(r"\n#+ .*\n\n", "\n", text)  # an anchor may stand before the heading
    passages = [part for part in re.split(r"\n\s*\n|\n(?=<a id)", text) if "MUST" in part and "RFC 2119" not in part]
    assert len(passages) >= 8
    for passage in passages:
        anchor = re.match(r'<a id="([a-z0-9-]+)">', passage)
        assert anchor, passage
        assert anchor[1] in pointed, anchor[1]


def test_every_code_is_hit() -> None:
    """Each code of source, check, verification and decision is expected by a vector, and no other code is."""
    hit: dict[str, set[str]] = defaultdict(set)
    for vector in all_vectors():
        expect = vector["expect"]
        problems = [*expect.get("problems", ()), *([expect["problem"]] if "problem" in expect else ())]
        codes = [problem["code"] for problem in problems] + expect.get("reasons", []) + [expect.get("code")]
        hit[vector["kind"]] |= {code for code in codes if code}
    listed = spec.codes()
    assert hit["source"] == set(listed["source"])
    advice = {*listed["warning"], *listed["info"]}
    assert hit["check"] == {*listed["check"], *advice} - {"invalid-profile"}  # it stands for the others
    assert hit["fetch"] < set(listed["fetch"])
    assert hit["envelope"] | hit["keylog"] | hit["verify"] | hit["pin"] | hit["history"] == set(listed["verification"])
    assert hit["decide"] == set(listed["decision"])
    asked = {
        vector["expect"]["error"]
        for vector in all_vectors()
        if vector["kind"] == "decide" and "error" in vector["expect"]
    }
    assert asked == set(listed["request"]) - {
        "bad-base-url",
        "not-loopback",
        "not-a-source",
        "not-a-schema",
        "signed-ahead",
        "answer-needed",
        "bad-answer",
        "no-such-version",
        "confirm",
        "no-terminal",
        "recovery-needed",
        "not-yet",
        "bad-mapping",
        "extra-missing",
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
