"""The library decides as a plain re-statement of SPEC.md does: on the vectors, and on made-up profiles and questions."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import msgspec
import pytest

import naive
from sayso import spec
from sayso.errors import RequestError
from sayso.profile.model import Named, Payload
from sayso.profile.policy import Request, decide

Json = dict[str, Any]

VECTORS = Path(__file__).parents[2] / "profile_spec" / "vectors" / "decide"
PAIRS = 20_000
DAY = 86_400
LAST = 253_402_300_799
DIGEST = "A" * 43

# The first words of each list come up most, so that grants, refusals, rules and questions meet.
COMPANIES = ["a.example", "b.example", "c.example", "shop.co.uk", "xn--mnchen-3ya.example", "www.a.example", "co.uk"]
SIGNALS = ["purchase.history", "purchase", "purchase.elsewhere", "purchase.novel", "browsing.cross_site", "novel"]
PURPOSES = ["offers.personalised", "offers", "ads.suppression", "ads", "offers.novel", "purchase.elsewhere"]
CHANNELS = ["email", "sms", "phone", "email.novel"]
CATEGORIES = ["sg-4", "sg", "sg-4-1", "sg-41", "me", "me-1", "zz"]
LEVELS = ["event", "item", "category", "band", "aggregate"]
DURATIONS = [
    "P30D",
    "P1M",
    "P31D",
    "P4W",
    "P2M",
    "P60D",
    "P1Y",
    "P12M",
    "P365D",
    "P1Y1M1W1D",
    "P90Y",
    "P99Y999M999W9999D",
]
RATES = ["1/P1M", "12/P1Y", "12/P360D", "1/P30D", "1/P1W", "1/P7D", "2/P2M", "4/P1M", "1/P1M1D", "9999/P99Y"]
QUIET = ["20:00-08:00 Europe/Dublin", "22:00-06:00 UTC"]
AGES = [0, 30, 31, 29, 28, 32, 27, 59, 60, 61, 62, 365, 366, 364, 404, 405, 406, 25_000, 100_000]
INSTANTS = ["2026-11-21T09:00:00Z", "2027-03-01T00:00:00Z", "2028-02-29T12:00:00Z", "2028-03-31T23:59:59Z"]
EDGES = ["1970-01-01T00:00:00Z", "9999-12-31T23:59:58Z"]

ASKED_COMPANIES = [*COMPANIES, "A.Example", "www.a.example.", "x.y.b.example", "München.example", "WWW.Shop.co.uk"]
NO_COMPANIES = ["", "example", "a..example", "a.example..", "-a.example", "a_b.example", "10.0.0.1", "a.example/"]
ASKED_SIGNALS = [*SIGNALS, "purchase.history.x", "purchase.", ".history", "Purchase", "browsing", ""]
ASKED_PURPOSES = [*PURPOSES, "offers.personalised.x", "Offers", "data.sale"]
NO_CATEGORIES = ["", "SG", "sg-04", "sg-0", "sg-10000", "sg-", "s", "sg-1-1-1-1-1-1-1-1", "sg\n"]
NO_SHARINGS: list[Any] = ["", "world", "None", {"named": ["example"]}, {"named": ["a.example", "b_.example"]}]


def one(rng: Random, things: list[Any]) -> Any:
    """Draw from a list, more often from its beginning."""
    return things[int(len(things) * rng.random() ** 4)]


def some(rng: Random, words: list[str], least: int = 0, most: int = 3) -> list[str]:
    """Draw a sorted list without repeats."""
    return sorted({one(rng, words) for _ in range(rng.randint(least, most))})


def kept(**members: Any) -> Json:
    """Put together an object without the members that are empty."""
    return {name.removesuffix("_"): value for name, value in members.items() if value not in (None, [])}


def recipients(rng: Random) -> list[str]:
    """Draw those whom a grant, refusal or revocation is for."""
    return ["*"] if rng.random() < 0.3 else some(rng, COMPANIES, 1)


def sharing(rng: Random) -> Any:
    """Draw a sharing that a grant may have."""
    return rng.choice(["processors", "anonymised", {"named": some(rng, COMPANIES, 1)}])


def near(rng: Random, at: int, steps: list[int]) -> int:
    """Draw an instant some steps away."""
    return min(max(at + rng.choice(steps), 0), LAST)


def made_payload(rng: Random, at: int) -> Json:
    """Make up a payload, most often one that is live."""

    def perhaps(chance: float, value: Any) -> Any:
        return value if rng.random() < chance else None

    def bound() -> Any:
        return perhaps(0.1, naive.as_text(near(rng, at, [-DAY, -1, 0, 1, 3600, 40 * DAY])))

    live = rng.random() < 0.97
    return {
        "v": 1,
        "sub": "https://ada.example/",
        "identity": DIGEST,
        "key_event": DIGEST,
        "sequence": rng.randint(1, 2**53 - 1),
        "previous": None,
        "iat": near(rng, at, [-DAY, -1, 0] if live else [-DAY, 0, 1, 500]),
        "exp": near(rng, at, [1, 3600, DAY, DAY + 1, 100 * DAY] if live else [-DAY, -1, 0, 1]),
        "status": "active" if live else rng.choice(["active", "withdrawn"]),
        "vocabulary": rng.choice([1, 2, 1_000_000]),
        "subject": {},
        **kept(
            grants=[
                kept(
                    id=f"g{number}",
                    to=recipients(rng),
                    signals=some(rng, SIGNALS, 1),
                    purposes=some(rng, PURPOSES, 1),
                    channels=some(rng, CHANNELS),
                    categories=perhaps(0.5, some(rng, CATEGORIES)),
                    granularity=perhaps(0.3, rng.choice(LEVELS)),
                    lookback=perhaps(0.3, one(rng, DURATIONS)),
                    frequency=perhaps(0.3, rng.choice(RATES)),
                    retention=perhaps(0.3, rng.choice(DURATIONS)),
                    sharing=perhaps(0.5, sharing(rng)),
                    from_=bound(),
                    until=bound(),
                )
                for number in range(rng.randint(0, 6))
            ],
            refusals=[
                kept(
                    id=f"r{number}",
                    to=recipients(rng),
                    signals=perhaps(0.4, some(rng, SIGNALS)),
                    purposes=perhaps(0.4, some(rng, PURPOSES)),
                    channels=perhaps(0.7, some(rng, CHANNELS)),
                    categories=perhaps(0.7, some(rng, CATEGORIES)),
                )
                for number in range(rng.choice([0, 0, 1, 2, 3]))
            ],
            revocations=[
                {"id": f"g{number + 9}", "to": recipients(rng), "revoked_at": near(rng, at, [-5, 0])}
                for number in range(rng.choice([0, 0, 1, 2]))
            ],
            channels=[
                kept(
                    channel=channel,
                    never=perhaps(0.4, True),
                    max=perhaps(0.4, rng.choice(RATES)),
                    quiet=perhaps(0.4, rng.choice(QUIET)),
                )
                for channel in perhaps(0.5, some(rng, CHANNELS)) or []
            ],
        ),
    }


def made_request(rng: Random) -> Json:
    """Make up a question, most often one in good form, that leaves much open."""

    def perhaps(chance: float, good: Any, bad: list[Any] | None = None) -> Any:
        return rng.choice(bad) if bad and rng.random() < 0.01 else good if rng.random() < chance else None

    return kept(
        company=perhaps(1, one(rng, ASKED_COMPANIES), NO_COMPANIES),
        signal=one(rng, ASKED_SIGNALS),
        purpose=one(rng, ASKED_PURPOSES),
        channel=perhaps(0.4, one(rng, [*CHANNELS, "post", ""])),
        category=perhaps(0.4, one(rng, CATEGORIES), NO_CATEGORIES),
        granularity=perhaps(0.2, rng.choice(LEVELS), ["", "week", "Event"]),
        age=perhaps(0.3, one(rng, AGES)),
        sharing=perhaps(0.2, rng.choice(["none", sharing(rng)]), NO_SHARINGS),
    )


def by_the_library(payload: Json, request: Json, at: int, fetched_at: int | None, digest: str | None) -> Json:
    """Decide by the library, and give the decision as it is written."""
    asked = Request(**request)
    if isinstance(asked.sharing, dict):
        asked = msgspec.structs.replace(asked, sharing=Named(named=tuple(asked.sharing["named"])))
    try:
        decision = decide(msgspec.convert(payload, Payload), asked, at, fetched_at=fetched_at, digest=digest)
    except RequestError as error:
        return {"error": error.code}
    written: Json = msgspec.json.decode(msgspec.json.encode(decision))
    return written


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in sorted(VECTORS.glob("*.json"))])
def test_naive_keeps_the_vectors(path: Path) -> None:
    """The naive decision has every member that the vector names, with the same value."""
    vector = json.loads(path.read_text("utf-8"))
    given, expect = vector["input"], vector["expect"]
    decision = naive.decide(given["payload"], given["request"], given["at"], given.get("fetched_at"))
    assert {name: decision.get(name) for name in expect} == expect


def test_the_library_decides_as_the_naive_one() -> None:
    """On many made-up pairs both decide alike, to the last member, and every reason comes up."""
    seed = SystemRandom().getrandbits(64)
    rng, seen = Random(seed), Counter[str]()
    for _ in range(PAIRS):
        at = naive.instant(one(rng, INSTANTS) if rng.random() < 0.98 else rng.choice(EDGES))
        given: Json = {
            "payload": made_payload(rng, at),
            "request": made_request(rng),
            "at": at,
            "fetched_at": rng.choice([None, None, max(at - 3600, 0), max(at - rng.randrange(604_000, 605_600), 0)]),
            "digest": rng.choice([None, DIGEST]),
        }
        expected, decided = naive.decide(**given), by_the_library(**given)
        assert decided == expected, f"seed {seed}: {json.dumps(given)}"
        seen.update(expected.get("reasons") or [expected["error"]])
    asked = {"bad-company", "bad-category", "bad-granularity", "bad-sharing"}
    assert set(seen) == set(spec.codes()["decision"]) | asked, f"seed {seed}: {seen}"
    assert seen["granted"] >= PAIRS / 10, f"seed {seed}: {seen}"
