"""The schemas say what the code accepts and gives, no more and no less."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso import spec
from sayso.errors import SourceError
from sayso.instants import LAST_INSTANT
from sayso.profile.forms import check_forms
from sayso.profile.model import Payload
from sayso.profile.policy import Decision, Request, decide
from sayso.profile.source import load
from sayso.trust.keylog import KeyEvent
from strategies import AT, payloads, requests
from support import ROOT, validator

JUNK: list[Any] = [
    None, "", "x", "*", "a\n", "A.example", "a.example", "purchase.history", "P1M", "2/P1M", "sg-4", "sg-04", "never", "processors",
    "2026-11-21T09:00:00Z", "2026-11-21T24:00:00Z", "20:00-08:00 Europe/Dublin", "x" * 500, "x" * 501, "x" * 1000, "x" * 1001, "a" * 64, "a" * 65, "a-", ".a", "A", "ab.c.d", "1/P0D", "P1Y1Y", "IE", "ie", "en-", "a." * 126 + "a", "a." * 127 + "a", "\U0001f600" * 500, "A" * 43, "A" * 42 + "B",
    "https://ada.example/", "https://ada.example", 0, 1, 2, -1, 2**53 - 1, 2**53, LAST_INSTANT, LAST_INSTANT + 1, True, False, [], {}, ["*"], ["email"],
    [None], {"named": []}, {"named": ["a.example"]}, {"a": "b"}, {"": "b"}, {"a": 1}, {"channel": "email"},
]  # fmt: skip
NAMES = [
    "ext",
    "note",
    "from",
    "until",
    "never",
    "name",
    "unknown",
    "revocations",
    "sharing",
    "floor",
    "quiet",
    "stage",
]
ID = "A" * 43
SCOPE = {"channels": ["email"], "categories": ["sg-4"]}
FULL: dict[str, Any] = {
    "v": 1, "sub": "https://ada.example/", "iat": AT, "exp": AT + 86_400, "status": "active", "vocabulary": 1, "identity": ID, "key_event": ID,
    "sequence": 2, "previous": ID, "ext": {"a": "b"},
    "subject": {"name": "Ada", "languages": ["en", "pt-BR"], "country": "IE"},
    "companies": [{"domain": "a.example", "name": "A", "stage": "buy", "note": "n"}],
    "grants": [
        {"id": "g", "to": ["a.example"], "signals": ["purchase.history"], "purposes": ["offers"], **SCOPE, "granularity": "band", "lookback": "P1Y",
         "frequency": "2/P1M", "retention": "P90D", "sharing": {"named": ["b.example"]}, "from": "2026-11-21T09:00:00Z", "until": "2026-12-21T09:00:00Z",
         "in_return": "x", "note": "y"},
        {"id": "h", "to": ["*"], "signals": ["cart"], "purposes": ["ads"], "sharing": "anonymised"},
    ],
    "refusals": [{"id": "r", "to": ["*"], "signals": ["cart"], "purposes": ["data.sale"], **SCOPE, "note": "n"}],
    "revocations": [{"id": "o", "to": ["b.example"], "revoked_at": AT}],
    "channels": [{"channel": "email", "never": True}, {"channel": "sms", "max": "2/P1M", "quiet": "20:00-08:00 Europe/Dublin"}],
    "wants": [{"id": "w", "what": "x", "category": "sg", "budget": "1", "until": "2026-12-01T00:00:00Z", "open_to": ["a.example"]}],
    "interests": [{"topic": "sg", "level": "love"}],
}  # fmt: skip
KEY = {"crv": "Ed25519", "kty": "OKP", "x": "A" * 43}
EVENT: dict[str, Any] = {
    "v": 1, "sub": "https://ada.example/", "n": 0, "prev": None, "signer": KEY, "keys": [KEY], "next": ["A" * 43], "iat": AT,
    "floor": {"sequence": 1, "digest": "A" * 43},
}  # fmt: skip


def containers(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [value, *(found for item in inner for found in containers(item))]
    return []


def changes(document: Any) -> Iterator[Any]:
    """Give a document with one thing changed: every value for every other, every member gone, new members everywhere."""
    changed = copy.deepcopy(document)
    yield changed
    for place in containers(changed):
        keys: list[Any] = [*place] if isinstance(place, dict) else [*range(len(place))]
        for key in keys:
            before = place[key]
            for junk in JUNK:
                place[key] = junk
                yield changed
            place[key] = before
        for key in [key for key in keys if isinstance(place, dict)]:
            before = place.pop(key)
            yield changed
            place[key] = before
        for name in NAMES:
            if isinstance(place, dict) and name not in place:
                place[name] = "x"
                yield changed
                del place[name]


def accepted(document: Any, kind: Any) -> bool:
    try:
        value = msgspec.json.decode(json.dumps(document).encode(), type=kind)
        if kind is Payload:
            check_forms(value)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("name", "kind", "document"),
    [("payload", Payload, FULL), ("key-event", KeyEvent, EVENT)],
    ids=["payload", "key event"],
)
def test_model_and_schema(name: str, kind: Any, document: Any) -> None:
    """The typed model and the schema accept and refuse the same documents: some thousand, each with one change."""
    verdicts = []
    for changed in changes(document):
        verdicts.append(accepted(changed, kind))
        assert validator(name).is_valid(changed) == verdicts[-1], json.dumps(changed)
    assert len(verdicts) > 900
    assert 0.03 < verdicts.count(True) / len(verdicts) < 0.9


@pytest.mark.parametrize(("name", "kind"), [("payload", Payload), ("key-event", KeyEvent), ("decision", Decision)])
def test_members(name: str, kind: Any) -> None:
    """A schema has the members of the type that it describes, at its top."""
    fields = msgspec.structs.fields(kind)
    assert {field.encode_name for field in fields} == set(spec.schema(name)["properties"])
    if name != "decision":
        assert {field.encode_name for field in fields if field.required} == set(spec.schema(name)["required"])


@settings(max_examples=400, deadline=None)
@given(payloads, requests, st.booleans())
def test_decision(payload: Payload, request: Request, signed: bool) -> None:
    """Every decision has the form that decision.schema.json describes."""
    answer = decide(payload, request, AT, digest="A" * 43 if signed else None)
    validator("decision").validate(json.loads(msgspec.json.encode(answer)))


def sources() -> list[bytes]:
    texts = [path.read_bytes() for path in sorted((ROOT / "tests" / "broken").glob("*.yml"))]
    texts += [path.read_bytes() for path in sorted((ROOT / "examples" / "consumer").glob("*/profile.yml"))]
    for kind in ("check", "compile"):
        for path in sorted((ROOT / "profile_spec" / "vectors" / kind).glob("*.json")):
            texts.append(json.loads(path.read_text("utf-8"))["input"]["text"].encode())
    return texts


def test_draft_07_says_the_same() -> None:
    """The copy of the source schema in draft-07 has the same verdict as the schema on every source that we have."""
    verdicts = []
    for text in sources():
        try:
            data = load(text).data
        except SourceError:
            continue
        verdicts.append(validator("profile").is_valid(data))
        assert validator("draft-07/profile").is_valid(data) == verdicts[-1], text
    assert verdicts.count(True) > 50
    assert verdicts.count(False) > 40
