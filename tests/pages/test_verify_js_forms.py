"""verify.js takes exactly the documents that Python takes: at the edge of every form, and with any value in any place."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from browser import chromium
from loopback_nginx import serve
from pages.verify_runner import as_vector, in_python, open_runner, write_runner
from sayso.errors import VerificationError
from sayso.trust.envelope import MAX_BYTES, open_envelope, seal
from sayso.trust.keylog import TYP as EVENT
from sayso.trust.keylog import read_keylog
from sayso.trust.verify import TYP as PROFILE
from sign_examples import public_test_key
from support import AT, consumer

Place = tuple[str | int, ...]
CHANGES = 200
KEY = public_test_key("ada daily")
FACE = "\U0001f600"  # one code point, two units of UTF-16, four bytes
LONG_LABEL = "a" * 63

# What is still taken, and the next that is not.
EDGES: list[tuple[Place, Any, Any]] = [
    (("subject", "name"), FACE * 500, FACE * 501),
    (("subject", "name"), "\n", ""),
    (("subject", "country"), "IE", "IEX"),
    (("subject", "languages", 0), "abcdefgh", "abcdefghi"),
    (("subject", "languages", 0), "en-abcdefgh", "en-abcdefghi"),
    (("subject", "languages", 0), "en-a-b-c-d-e", "en-a-b-c-d-e-f"),
    (("companies", 0, "stage"), f"{'a' * 32}.{'b' * 32}", "a" * 33),
    (("grants", 0, "categories", 0), "sg-9999", "sg-10000"),
    (("grants", 0, "categories", 0), "sg-1-1-1-1-1-1-1", "sg-1-1-1-1-1-1-1-1"),
    (("grants", 0, "lookback"), "P99Y", "P100Y"),
    (("grants", 0, "lookback"), "P999M", "P1000M"),
    (("grants", 0, "lookback"), "P999W", "P1000W"),
    (("grants", 0, "retention"), "P9999D", "P10000D"),
    (("grants", 0, "frequency"), "9999/P1D", "10000/P1D"),
    (("grants", 0, "from"), "1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z"),
    (("grants", 0, "until"), "2400-02-29T23:59:59Z", "2300-02-29T23:59:59Z"),
    (
        ("grants", 0, "sharing", "named", 0),
        f"{LONG_LABEL}.{LONG_LABEL}.{LONG_LABEL}.{'a' * 61}",
        f"{LONG_LABEL}.{LONG_LABEL}.{LONG_LABEL}.{'a' * 62}",
    ),
    (("grants", 0, "sharing", "named", 0), f"{LONG_LABEL}.a", f"{LONG_LABEL}a.a"),
    (("channels", 0, "quiet"), f"23:59-00:00 {'A' * 64}", f"23:59-00:00 {'A' * 65}"),
    (("ext", "a" * 100), "", None),
    (("ext", "x"), FACE * 1000, FACE * 1001),
    (("ext", "x"), "\n", "\ud800"),
    (("vocabulary",), 1_000_000, 1_000_001),
    (("sequence",), 2**53 - 1, 2**53),
    (("sequence",), 1, 0),
    (("revocations", 0, "revoked_at"), 253_402_300_799, 253_402_300_800),
]

VALUES: list[Any] = [
    *(None, True, False, 0, 1, -1, 64, 1.5, 2**53, [], [""], {}, {"a": "b"}, ["*"], ["a.b", "a.b"]),
    *("", "*", "a", "a.b", "a.b.c", "A", "é", "\u2028", "\x7f", "\0", "\ud800", "\\ud800", "x" * 65, "line\n"),
    *("P1D", "P0D", "1/P1D", "sg-1", "sg-0", "2028-02-29T00:00:00Z", "2027-02-29T00:00:00Z", "2027-01-01T24:00:00Z"),
    *(
        "none",
        "processors",
        {"named": ["a.b"]},
        {"named": []},
        "active",
        "event",
        "love",
        "en",
        "IE",
        "a-.b",
        "xn--a.b",
    ),
]
NAMES = (
    "__proto__",
    "constructor",
    "toString",
    "toJSON",
    "hasOwnProperty",
    "note",
    "floor",
    "ext",
    "never",
    "0",
    "é",
    "",
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("runner")
    write_runner(folder)
    with serve(folder) as address, chromium() as browser, browser.new_page() as page:
        yield open_runner(page, f"http://{address}")


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give a payload that has every kind of member, and the only event of its key log."""
    signed = consumer(tmp_path_factory.mktemp("ada")) / "signed"
    payload = json.loads(open_envelope((signed / "profile.jwt").read_bytes(), PROFILE).payload)
    event = json.loads(open_envelope((signed / "keys.jsonl").read_bytes().rstrip(), EVENT).payload)
    payload["ext"] = {"x": "y"}
    payload["revocations"] = [{"id": "old", "to": ["*"], "revoked_at": AT}]
    payload["grants"][0] |= {"sharing": {"named": ["a.b"]}, "from": "2026-12-01T00:00:00Z"}
    return payload, event


def written(document: Any) -> bytes:
    """Write a document as canonical form has it, but for what has none."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.replace("\ud800", "\\ud800").encode()


def with_value(document: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    """Give a copy in which a place has another value."""
    changed = copy.deepcopy(document)
    inside: Any = changed
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    return changed


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Give every place in a document."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in steps:
        yield (*place, step)
        yield from places(part, (*place, step))


def signed_by_ada(payload: dict[str, Any], event: dict[str, Any]) -> tuple[bytes, bytes]:
    """Sign a payload and the event of its key log, whatever they say."""
    keys = seal(written(event), EVENT, KEY) + b"\n"
    try:
        identity = read_keylog(keys).identity
    except VerificationError:
        identity = payload["identity"]
    named = {name: identity for name in ("identity", "key_event") if payload.get(name) is not None}
    return seal(written(payload | named), PROFILE, KEY), keys


def in_page(page: Page, cases: list[tuple[bytes, bytes]]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = page.evaluate("(some) => run(some)", [as_vector(*case) for case in cases])
    return told


def test_every_edge(page: Page, documents: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """The page takes the last value that a form allows, and refuses the next one, as Python does."""
    payload, event = documents
    cases = [signed_by_ada(with_value(payload, place, value), event) for place, *values in EDGES for value in values]
    told, wanted = in_page(page, cases), [in_python(*case) for case in cases]
    assert ["digest" in outcome for outcome in wanted] == [True, False] * len(EDGES)
    assert told == wanted


def test_the_largest_files(page: Page, documents: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Files of exactly the largest size are read, and files of one byte more are not."""
    profile, keys = signed_by_ada(*documents)
    for size, step in ((MAX_BYTES, 2), (MAX_BYTES + 1, 1)):
        [told] = in_page(page, [(profile.ljust(size, b"A"), keys)])
        assert (told["step"], told) == (step, in_python(profile.ljust(size, b"A"), keys))
        [told] = in_page(page, [(profile, keys.ljust(size, b"\n"))])
        assert (told["step"], told) == (4 if step == 2 else 1, in_python(profile, keys.ljust(size, b"\n")))


def test_a_line_feed_in_an_address(page: Page, documents: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """The address in a key log may be any text, a line feed too, and is refused only where it is compared."""
    payload, event = documents
    cases = [
        signed_by_ada(payload, event | {"sub": sub})
        for sub in ("a\nb", FACE * 500, FACE * 501, "https://ada.example/\n")
    ]
    told = in_page(page, cases)
    assert [outcome["step"] for outcome in told] == [8, 8, 4, 8]
    assert told == [in_python(*case) for case in cases]


@pytest.mark.parametrize("which", ["payload", "event"])
def test_any_value_in_any_place(page: Page, documents: tuple[dict[str, Any], dict[str, Any]], which: str) -> None:
    """A validly signed document with some value changed, added or dropped has the same fate in the page as in Python."""
    seed = random.SystemRandom().getrandbits(64)
    dice = random.Random(seed)
    document = documents[which == "event"]
    cases: list[tuple[bytes, bytes]] = []
    for _ in range(CHANGES):
        place = dice.choice([*places(document)])
        if dice.random() < 0.2:
            place = (*place[:-1], dice.choice(NAMES)) if isinstance(place[-1], str) else place
        changed = with_value(document, place, dice.choice(VALUES))
        cases.append(signed_by_ada(*((documents[0], changed) if which == "event" else (changed, documents[1]))))
    wanted = [in_python(*case) for case in cases]
    assert any("digest" in outcome for outcome in wanted) or which == "event", f"seed {seed}"
    assert len({outcome.get("code") for outcome in wanted}) >= 2, f"seed {seed}"
    assert in_page(page, cases) == wanted, f"seed {seed}"
