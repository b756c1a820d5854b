"""A store's answers are those of ``decide`` on each payload, for whatever profiles and however often they changed."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import msgspec
import pytest

import naive
from sayso.errors import FetchError, RequestError
from sayso.profile import model
from sayso.profile.model import Named, Payload
from sayso.profile.policy import Decision, Request, decide
from sayso.reader.reader import Reader
from sayso.reader.record import record_of_payload
from sayso.reader.store import Store
from sayso.trust.pin import Pin
from test_naive import DIGEST, made_payload, made_request

AT = naive.instant("2026-11-21T09:00:00Z")
DAY = 86_400
SUBJECTS = 60


@dataclass(frozen=True)
class Kept:
    """What a test wrote of one subject."""

    payload: Payload
    pin: Pin
    at: int


def digest_of(number: int) -> str:
    """Give a digest that no other version has."""
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")


def write(store: Store, kept: Kept, before: Kept | None) -> None:
    """Write a payload as if it had been verified; its signature is of no account here."""
    body = base64.urlsafe_b64encode(model.encode(kept.payload)).rstrip(b"=")
    record = record_of_payload(kept.pin, kept.payload, b"h." + body + b".s", b"keys", kept.at)
    assert store.write(record, before.pin if before else None)


def made(rng: Random, number: int, sequence: int) -> Kept:
    """Make up a version of a subject, fetched lately or long ago."""
    data = made_payload(rng, AT) | {"sub": f"https://s{number}.example/", "sequence": sequence}
    if number % 20 == 3:
        data |= {"status": "active", "iat": AT - DAY, "exp": AT}
    if number % 20 == 7:
        data |= {"exp": 2**32 + DAY}  # later than a span can be kept
    payload = msgspec.convert(data, Payload)
    pin = Pin(payload.sub, DIGEST, 0, DIGEST, sequence, digest_of(number * 1000 + sequence), payload.iat)
    at = AT - rng.choice([0, 0, 0, 60, DAY, 7 * DAY, 7 * DAY + 1, 30 * DAY])
    return Kept(payload, pin, at)


def wound(rng: Random, number: int) -> Kept:
    """Make up a version that grants so much to everyone, and names so many, that it has no spans."""
    kept = made(rng, number, 1)
    grant: dict[str, Any] = {"signals": ["purchase"], "purposes": ["offers"], "channels": ["email"]}
    grants = [
        grant | {"id": f"w{place}", "to": ["*"], "until": naive.as_text(AT + place * 60)} for place in range(-50, 51)
    ]
    refusals = [{"id": "w", "to": [f"c{place}.example" for place in range(50)]}]
    data = msgspec.to_builtins(kept.payload) | {
        "grants": grants, "refusals": refusals, "iat": AT - DAY, "exp": AT + DAY, "status": "active",
    }  # fmt: skip
    return Kept(msgspec.convert(data, Payload), replace(kept.pin, iat=AT - DAY), AT)


def expected(kept: Kept, request: Request) -> Decision:
    """Give the answer that the payload itself gives."""
    return decide(kept.payload, request, AT, digest=kept.pin.digest, fetched_at=kept.at)


def asked(rng: Random) -> Request:
    """Make up a request that is a question."""
    while True:
        data = made_request(rng)
        if isinstance(data.get("sharing"), dict):
            data["sharing"] = Named(tuple(data["sharing"]["named"]))
        request = Request(**data)
        try:
            decide(WHOLE, request, AT)
        except RequestError:
            continue
        return request


WHOLE = msgspec.convert(made_payload(Random(0), AT) | {"status": "active", "iat": AT, "exp": AT + 1}, Payload)


def test_the_store_answers_as_decide_does(tmp_path: Path) -> None:
    """Asked, counted, listed with limits, or counted by reason: a store of changing profiles says what each payload says."""
    seed = SystemRandom().getrandbits(64)
    rng, seen = Random(seed), Counter[str]()
    for turn in range(6):
        path = tmp_path / f"{turn}.sqlite"
        kept: dict[str, Kept] = {}
        with Store(path) as store:
            for number in range(SUBJECTS):
                subject = wound(rng, number) if number % 20 == 7 else made(rng, number, 1)
                write(store, subject, None)
                kept[subject.payload.sub] = subject
            for number in rng.sample(range(SUBJECTS), SUBJECTS // 2):
                base = f"https://s{number}.example/"
                if rng.random() < 0.2:
                    assert store.forget(base)
                    del kept[base]
                    continue
                later = made(rng, number, 2)
                write(store, later, kept[base])
                kept[base] = later
            store.failed("https://never.example/", AT, "no-such-host")
            store.failed(next(iter(kept)), AT, "timed-out")
        with Reader(path) as reader:
            for _ in range(40):
                request = asked(rng)
                told = f"seed {seed}: {request}"
                answers = {base: expected(subject, request) for base, subject in kept.items()}
                assert {base: reader.ask(base, request, AT) for base in kept} == answers, told
                audience = reader.audience(request, AT)
                allowed = {base: answer for base, answer in answers.items() if answer}
                listed = list(audience)
                assert len(listed) == audience.count() == len(allowed), told
                for item in listed:
                    answer = allowed[item.sub]
                    assert (item.limits, item.valid_until, item.recheck_after, item.sequence, item.digest) == (
                        answer.limits, answer.valid_until, answer.recheck_after, answer.sequence, answer.digest,
                    ), told  # fmt: skip
                reasons = Counter(answer.reasons[0] for answer in answers.values())
                assert audience.reasons() == dict(reasons), told
                seen.update(reasons)
            with pytest.raises(FetchError):
                reader.ask("https://never.example/", request, AT)
    assert seen["granted"] > 100, seen
    assert {"refused", "stale", "expired", "revoked", "grant-expired"} <= set(seen), seen


def test_what_is_forgotten_leaves_no_span(tmp_path: Path) -> None:
    """Of a subject that was changed many times and forgotten, no span, document or fetch is left."""
    rng = Random(1)
    with Store(tmp_path / "store.sqlite") as store:
        before = None
        for sequence in range(1, 30):
            later = made(rng, 1, sequence)
            write(store, later, before)
            before = later
        assert store.forget("https://s1.example/")
        for table in ("spans", "documents", "fetches", "subjects"):
            assert store.file.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,), table
