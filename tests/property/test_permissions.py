"""The rows that are exported are the answers of ``decide`` that say yes: none too many, none too few, with the same limits."""

from __future__ import annotations

import csv
import time
from collections import Counter
from itertools import product
from random import Random, SystemRandom
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive
from sayso import spec
from sayso.profile import forms
from sayso.profile.addresses import registrable_domain
from sayso.profile.limits import Limits
from sayso.profile.model import ContactRule, Grant, Named, Payload, QuietText, Subject, Url
from sayso.profile.policy import Decision, Request, decide
from sayso.reader.export import csv_text
from sayso.reader.permissions import COLUMNS, Permission, permissions
from test_naive import CHANNELS, DIGEST, PURPOSES, SIGNALS, made_payload

AT = naive.instant("2026-11-21T09:00:00Z")
DAY = 86_400
PROFILES = 400
MANY_WORDS = tuple(f"w{number}" for number in range(2_000))
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")

Key = tuple[str, str, str, str | None]


def made(rng: Random) -> Payload:
    """Make up a payload."""
    return msgspec.convert(made_payload(rng, AT), Payload)


def rows_of(
    payload: Payload, at: int = AT, fetched_at: int = AT, companies: list[str] | None = None
) -> list[Permission]:
    rows = permissions(payload, at, digest=DIGEST, fetched_at=fetched_at, companies=companies)
    assert rows is not None
    return list(rows)


def key_of(row: Permission) -> Key:
    return row.company, row.signal, row.purpose, row.channel


def sentences(payload: Payload, companies: set[str]) -> set[Key]:
    """Give every question that can be put together from the words of a profile, those under them, and some others."""

    def words(kind: str, others: list[str]) -> set[str]:
        said = {word for grant in payload.grants for word in getattr(grant, kind)} | set(others)
        return said | {word for word in getattr(spec.vocabulary(), kind) if word.partition(".")[0] in said}

    return set(product(companies, words("signals", SIGNALS), words("purposes", PURPOSES), [*CHANNELS, "post", None]))


def same_limits(row: Permission, limits: Limits) -> None:
    """Say that a row has the limits of an answer, each of them."""
    told = msgspec.json.decode(msgspec.json.encode(limits))
    contact = {rule["channel"]: rule for rule in told.pop("contact", [])}.get(row.channel, {})
    channels = told.pop("channels", None)
    assert (channels is None) == (row.channel is not None)
    sharing: Any = {"named": row.sharing.split(",")} if "." in row.sharing else row.sharing
    found = {
        "categories": list(row.categories or ()), "except": msgspec.json.decode(row.except_ or "[]"), "sharing": sharing,
        "granularity": row.granularity, "lookback": row.lookback, "frequency": row.frequency, "retention": row.retention,
    }  # fmt: skip
    assert {name: value for name, value in found.items() if value} == told
    assert {"max": row.contact_max, "quiet": row.quiet} == {"max": contact.get("max"), "quiet": contact.get("quiet")}


def same_answer(row: Permission, payload: Payload, answer: Decision, fetched_at: int) -> None:
    assert answer.limits is not None
    same_limits(row, answer.limits)
    assert (row.grants, row.valid_until, row.recheck_after) == (answer.grants, answer.valid_until, answer.recheck_after)
    assert (row.sub, row.sequence, row.digest) == (payload.sub, answer.sequence, answer.digest)
    assert row.fetched_at == naive.as_text(fetched_at)


def test_rows_are_the_answers_that_say_yes() -> None:
    """Of all questions that the words of a profile make, those that are allowed have a row each, sorted, with the same limits."""
    seed = SystemRandom().getrandbits(64)
    rng, seen = Random(seed), Counter[str]()
    for number in range(PROFILES):
        payload, fetched_at = made(rng), AT - rng.choice([0, 0, 60, DAY, 7 * DAY, 7 * DAY + 1])
        named = {name for grant in payload.grants for name in grant.to if registrable_domain(name) == name}
        chosen = None if number % 3 else ["a.example", "never-named.example"]
        companies = named if chosen is None else set(chosen)
        rows = rows_of(payload, AT, fetched_at, chosen)
        keys = [key_of(row) for row in rows]
        assert len(keys) == len(set(keys)), seed
        assert keys == sorted(keys, key=lambda key: (*key[:3], key[3] or "")), seed
        for row in rows:
            answer = decide(payload, Request(*key_of(row)), AT, digest=DIGEST, fetched_at=fetched_at)
            assert answer, (seed, row)
            same_answer(row, payload, answer, fetched_at)
        allowed = set()
        for key in sentences(payload, companies):
            answer = decide(payload, Request(*key), AT, fetched_at=fetched_at)
            seen[answer.reasons[0]] += 1
            if answer:
                allowed.add(key)
        assert allowed == set(keys), (seed, number)
    assert seen["granted"] > 1000, seen
    assert {"refused", "stale", "channel-not-granted", "grant-expired", "grant-not-yet-valid"} <= set(seen), seen


@pytest.mark.parametrize(
    ("change", "at", "fetched_at"),
    [
        ({"status": "withdrawn"}, AT, AT),
        ({}, AT + DAY, AT + DAY),
        ({}, AT - 2, AT - 2),
        ({}, AT + 10, AT + 9 - 7 * DAY),
        ({"refusals": [{"id": "r", "to": ["*"]}]}, AT, AT),
        ({"channels": [{"channel": "email", "never": True}]}, AT, AT),
    ],
)
def test_what_is_over_or_refused_has_no_row(change: dict[str, Any], at: int, fetched_at: int) -> None:
    """A profile that is withdrawn, over, not yet valid, stale, or refuses what it grants has no row; else it would have some."""
    said = payload_with(Grant("g", ("a.example",), ("purchase",), ("offers",), ("email",)))
    assert {row.signal for row in rows_of(said)} > {"purchase", "purchase.history"}
    changed = msgspec.convert(msgspec.to_builtins(said) | change, Payload)
    assert rows_of(changed, at, fetched_at) == []


def payload_with(*grants: Grant, rules: tuple[ContactRule, ...] = ()) -> Payload:
    """Make a profile with these grants, from a second ago to a day ahead."""
    return Payload(
        v=1, sub="https://ada.example/", iat=AT - 1, exp=AT + DAY, status="active", vocabulary=1, subject=Subject(),
        identity=DIGEST, key_event=DIGEST, sequence=1, previous=None, grants=grants, channels=rules,
    )  # fmt: skip


def test_a_parent_does_not_imply_what_must_be_named() -> None:
    """A grant of a parent word has rows for the children that it covers, and none for those that must be named by themselves."""
    signals = {row.signal for row in rows_of(payload_with(Grant("g", ("a.example",), ("purchase",), ("offers",))))}
    children = {key: word for key, word in spec.vocabulary().signals.items() if word.parent == "purchase"}
    assert signals == {"purchase"} | {key for key, word in children.items() if not word.explicit_only}
    assert any(word.explicit_only for word in children.values())


@pytest.mark.parametrize(
    "grants",
    [
        [Grant("g", ("a.example",), MANY_WORDS, MANY_WORDS, MANY_WORDS)],
        [Grant(f"g{number}", ("*",), ("purchase",), ("offers",), ("email",)) for number in range(2_000)]
        + [Grant("h", tuple(f"c{number}.example" for number in range(10_000)), ("cart",), ("ads",))],
        [Grant(f"g{number}", ("a.example",), (f"w{number}",), ("offers",)) for number in range(5_000)],
    ],
)
def test_a_profile_cannot_keep_an_export_busy(grants: list[Grant]) -> None:
    """A profile that is made to multiply is told to be too much before any of it is asked."""
    begin = time.process_time()
    assert permissions(payload_with(*grants), AT, digest=DIGEST, fetched_at=AT) is None
    assert time.process_time() - begin < 30


def test_a_generous_profile_is_not_too_much() -> None:
    """Ten companies that may do everything on every channel have all their rows."""
    known = spec.vocabulary()
    signals, purposes = (tuple(key for key in part if "." in key) for part in (known.signals, known.purposes))
    grants = [
        Grant(f"g{number}", (f"c{number}.example",), signals, purposes, tuple(known.channels)) for number in range(10)
    ]
    rows = permissions(payload_with(*grants), AT, digest=DIGEST, fetched_at=AT)
    assert rows is not None
    expected = len(signals) * len(purposes) * (len(known.channels) + 1)
    assert sum(1 for row in rows if row.company == "c7.example") == expected


@given(st.data())
def test_no_form_begins_a_formula(data: st.DataObject) -> None:
    """Nothing of a profile that goes into a table begins as a formula does; only the digest may."""
    annotated: tuple[Any, ...] = (QuietText, Url)
    patterns = [*forms._PATTERNS.values(), *(kind.__metadata__[0].pattern for kind in annotated)]
    drawn = data.draw(st.sampled_from(patterns).flatmap(lambda pattern: st.from_regex(rf"\A(?:{pattern})")))
    assert not drawn.startswith(FORMULAS)
    assert drawn[0].isalnum() or drawn == "*"


def test_no_cell_begins_a_formula() -> None:
    """No cell of a CSV begins as a formula does, though a digest may begin with a minus sign, and texts come back as they are."""
    rng, number = Random(3), 0
    digest = "-" + "A" * 42
    for _ in range(60):
        payload = made(rng)
        rows = permissions(payload, AT, digest=digest, fetched_at=AT)
        assert rows is not None
        expected = list(rows)
        header, *cells = csv.reader("".join(csv_text(expected)).splitlines())
        assert tuple(header) == COLUMNS
        assert [row[COLUMNS.index("digest")] for row in cells] == [f"sha-256:{digest}"] * len(expected)
        assert not [cell for row in cells for cell in row if cell.startswith(FORMULAS)]
        number += len(cells)
    assert number > 100


def test_sharing_is_written_as_it_is_asked() -> None:
    """Named companies are written as ``sayso ask --sharing`` takes them."""
    grant = Grant("g", ("a.example",), ("cart",), ("offers",), sharing=Named(("b.example", "c.example")))
    assert {row.sharing for row in rows_of(payload_with(grant))} == {"b.example,c.example"}
