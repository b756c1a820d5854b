"""What is signed verifies, and nothing else does."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso import canonical
from sayso.errors import SaysoError, VerificationError
from sayso.profile import model
from sayso.profile.check import check
from sayso.profile.compile import Link, chain, compile_terms
from sayso.profile.model import Payload
from sayso.profile.source import load
from sayso.trust import base64url
from sayso.trust.envelope import open_envelope, seal
from sayso.trust.keyfile import PrivateKey
from sayso.trust.keylog import Floor, first_line, next_line, read_keylog
from sayso.trust.verify import TYP, verify
from strategies import AT, payloads
from support import ADA, BASE
from support import AT as SIGNED_AT

KEY, SPARE = PrivateKey(bytes(range(32))), PrivateKey(b"2" * 32)
SIGNED = ADA / "signed"


@given(payloads)
@settings(deadline=None)
def test_canonical_form_is_a_fixed_point(payload: Payload) -> None:
    """Encoding, decoding and encoding again gives the same bytes, and the same value."""
    data = model.encode(payload)
    assert model.decode(data) == payload
    assert model.encode(model.decode(data)) == data


@given(st.binary(max_size=200))
def test_an_envelope_gives_back_what_was_sealed(data: bytes) -> None:
    """Opening gives the bytes that were sealed, under the key that sealed them and no other."""
    envelope = open_envelope(seal(data, TYP, KEY), TYP)
    assert (envelope.payload, envelope.kid) == (data, KEY.public.thumbprint)
    assert envelope.signed_by(KEY.public)
    assert not envelope.signed_by(PrivateKey(bytes(32)).public)


@given(st.binary(max_size=100))
def test_base64url_has_one_form(data: bytes) -> None:
    """Of all texts only the one that encoding gives decodes to some bytes."""
    text = base64url.encode(data)
    assert base64url.decode(text) == data
    for other in (text + b"=", b" " + text, text + b"\n"):
        with pytest.raises(ValueError):  # noqa: PT011 - the texts differ
            base64url.decode(other)


@pytest.mark.parametrize("name", ["profile.jwt", "keys.jsonl"])
def test_every_changed_byte_is_refused(name: str) -> None:
    """Change any one byte of a signed file, in two ways each: it is refused, and by nothing but a VerificationError."""
    files = {part: (SIGNED / part).read_bytes() for part in ("profile.jwt", "keys.jsonl")}
    verify(files["profile.jwt"], files["keys.jsonl"], BASE, SIGNED_AT)
    chance = random.Random(7)
    original = files[name]
    for place in range(len(original)):
        for change in {1, chance.randrange(1, 256)}:
            files[name] = original[:place] + bytes([original[place] ^ change]) + original[place + 1 :]
            with pytest.raises(VerificationError):
                verify(files["profile.jwt"], files["keys.jsonl"], BASE, SIGNED_AT)


def rotated() -> tuple[bytes, bytes]:
    """Give a profile that was signed after a rotation, and its key log of two lines, in which a floor is set."""
    keys = first_line(BASE, KEY, [SPARE.public], SIGNED_AT)
    log = read_keylog(keys)
    terms = model.decode(open_envelope((SIGNED / "profile.jwt").read_bytes(), TYP).payload)
    members = {"identity": log.identity, "key_event": log.head, "sequence": 1, "previous": None}
    first = seal(model.encode(msgspec.structs.replace(terms, **members)), TYP, KEY)
    floor = Floor(sequence=1, digest=open_envelope(first, TYP).digest)
    keys += next_line(log, SPARE, [KEY.public], [PrivateKey(b"3" * 32).public], SIGNED_AT, floor)
    log = read_keylog(keys)
    members |= {"key_event": log.head, "sequence": 2, "previous": floor.digest}
    return seal(model.encode(msgspec.structs.replace(terms, **members)), TYP, KEY), keys


@pytest.mark.parametrize("name", ["profile.jwt", "keys.jsonl"])
def test_twenty_thousand_random_changes_are_refused(name: str) -> None:
    """Change, take out or put in random bytes of a signed profile, and of a key log, 20,000 times: a SaysoError each time."""
    files = dict(zip(("profile.jwt", "keys.jsonl"), rotated(), strict=True))
    verify(files["profile.jwt"], files["keys.jsonl"], BASE, SIGNED_AT)
    original, chance = files[name], random.Random(20_000)
    refused = 0
    while refused < 20_000:
        data = bytearray(original)
        for _ in range(chance.randrange(1, 5)):
            place, length = chance.randrange(len(data)), chance.choice((0, 1, 1, 1, 4, 40))
            new = bytes(chance.randrange(256) for _ in range(chance.choice((0, 1, 1, 1, 4))))
            if chance.random() < 0.3:  # bytes that stand elsewhere in the file
                begin = chance.randrange(len(original))
                new = original[begin : begin + chance.choice((1, 4, 43, 200))]
            data[place : place + length] = new
        files[name] = bytes(data)
        if files[name] == original:
            continue
        with pytest.raises(SaysoError):
            verify(files["profile.jwt"], files["keys.jsonl"], BASE, SIGNED_AT)
        refused += 1


def test_cut_and_doubled_files_are_refused() -> None:
    """A file that is cut short or that stands twice is refused."""
    profile, keys = (SIGNED / "profile.jwt").read_bytes(), (SIGNED / "keys.jsonl").read_bytes()
    for length in range(0, len(profile), 7):
        with pytest.raises(VerificationError):
            verify(profile[:length], keys, BASE, SIGNED_AT)
    for length in range(len(keys)):
        with pytest.raises(VerificationError):
            verify(profile, keys[:length], BASE, SIGNED_AT)
    for pair in ((profile + profile, keys), (profile, keys + keys), (keys, profile)):
        with pytest.raises(VerificationError):
            verify(*pair, BASE, SIGNED_AT)


def test_mutated_sources_end_in_answers() -> None:
    """Change bytes of the demo source 3,000 times: it is refused with positions, or checked, or compiled and canonical."""
    original = (ADA / "profile.yml").read_bytes()
    chance = random.Random(11)
    link = Link(identity="A" * 43, key_event="A" * 43, sequence=1, previous=None)
    compiled = 0
    for _ in range(3000):
        data = bytearray(original)
        for _ in range(chance.randrange(1, 4)):
            place = chance.randrange(len(data))
            data[place : place + chance.randrange(3)] = bytes(chance.randrange(256) for _ in range(chance.randrange(3)))
        try:
            source = load(bytes(data))
        except SaysoError as error:
            assert error.problems  # type: ignore[attr-defined]  # a SourceError has them
            continue
        if not any(problem.severity == "error" for problem in check(source, AT)):
            payload = chain(compile_terms(source, AT), link)
            assert model.decode(model.encode(payload)) == payload
            compiled += 1
    assert compiled > 100


@given(st.binary(max_size=300))
def test_noise_is_not_canonical(data: bytes) -> None:
    """Bytes that are no payload are refused, and by nothing but NotCanonical."""
    with pytest.raises(canonical.NotCanonical):
        model.decode(data)
