"""``explain`` says what ``decide`` says: neither more nor less."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random, SystemRandom

import msgspec
import pytest

import naive
from sayso.instants import parse_rfc3339
from sayso.profile.model import EVERYONE, Grant, Payload
from sayso.profile.policy import Decision, Request, decide
from sayso.profile.wording import Wording
from sayso.publish.explaining import Explained, explain, state_of
from sayso.publish.explanation import lines
from sayso.publish.overview import NOBODY
from sayso.texts import LANGUAGES
from test_naive import CATEGORIES, CHANNELS, COMPANIES, INSTANTS, PURPOSES, SIGNALS, made_payload

PROFILES = 250
DOMAINS = [EVERYONE, "a.example", "b.example", "shop.co.uk", "stranger.example"]
KINDS = (None, *CATEGORIES)

replace = msgspec.structs.replace
SEED = SystemRandom().getrandbits(64)


def cases(number: int) -> Iterator[tuple[Payload, int, str, Explained, Random]]:
    """Make up profiles that hold, and explain each to several companies; in each company's one form."""
    rng = Random(SEED)
    for _ in range(number):
        at = naive.instant(rng.choice(INSTANTS))
        payload = msgspec.convert(made_payload(rng, at), Payload)
        if state_of(payload, at) == "live":
            for domain in DOMAINS:
                yield payload, at, domain, explain(payload, domain, at), rng


def asked(payload: Payload, domain: str, at: int, *question: str | None) -> Decision:
    """Ask for a company, and for everyone as a company that nobody names."""
    signal, purpose, channel, category = question
    assert signal
    assert purpose
    return decide(payload, Request(NOBODY if domain == EVERYONE else domain, signal, purpose, channel, category), at)


def begin(grant: Grant, at: int) -> int:
    return max(at, parse_rfc3339(grant.from_) if grant.from_ else 0)


def test_what_is_claimed_is_permitted() -> None:
    """Every signal, purpose and channel that it claims is permitted, for some category that it claims, when it begins."""
    claims = 0
    for payload, at, domain, explained, _ in cases(PROFILES):
        for part in explained.permissions:
            for claim in product(part.covers, part.uses, part.channels or (None,)):
                claims += 1
                answers = [
                    asked(payload, domain, begin(part.grant, at), *claim, kind) for kind in (None, *part.categories)
                ]
                assert any(answers), (SEED, domain, part, claim)
    assert claims > PROFILES


def test_what_is_permitted_is_claimed() -> None:
    """Whatever is permitted, on a channel and about a category or not, is among what it claims."""
    permitted = 0
    for payload, at, domain, explained, rng in cases(PROFILES):
        questions = [*product(SIGNALS, PURPOSES, (None, *CHANNELS), KINDS)]
        for signal, purpose, channel, kind in rng.sample(questions, 150):
            if not asked(payload, domain, at, signal, purpose, channel, kind):
                continue
            permitted += 1
            assert any(
                signal in part.covers
                and purpose in part.uses
                and (channel is None or channel in part.channels)
                and (kind is None or not part.categories or any(naive_within(kind, one) for one in part.categories))
                for part in explained.permissions
            ), (SEED, domain, signal, purpose, channel, kind)
    assert permitted > PROFILES


def naive_within(kind: str, other: str) -> bool:
    """Tell whether a category lies under another."""
    return kind.split("-")[: len(other.split("-"))] == other.split("-")


def test_what_is_taken_away_is_told() -> None:
    """Where a grant alone would permit what all refusals and contact rules together do not, what takes it is told."""
    taken = 0
    for payload, at, domain, explained, rng in cases(PROFILES):
        for grant in payload.grants:
            if not {domain, EVERYONE} & {*grant.to}:
                continue
            alone = replace(payload, grants=(grant,))
            free = replace(alone, refusals=(), channels=())
            questions = [*product(grant.signals, grant.purposes, grant.channels or (None,), (None, *grant.categories))]
            for question in rng.sample(questions, min(20, len(questions))):
                now = begin(grant, at)
                if asked(free, domain, now, *question) and not asked(alone, domain, now, *question):
                    taken += 1
                    assert any(item.grant == grant for item in explained.taken), (SEED, domain, grant.id, question)
    assert taken > 20


def test_what_takes_takes_something() -> None:
    """What is told to take from a grant is a refusal to the company or a channel that is never to be used, and of the grant."""
    whole = 0
    for payload, _, domain, explained, _ in cases(PROFILES):
        for item in explained.taken:
            whole += item.whole
            assert item.whole == (not any(part.grant == item.grant for part in explained.permissions))
            if item.refusal is None:
                assert item.channel in item.grant.channels
                assert any(rule.never and rule.channel == item.channel for rule in payload.channels)
            else:
                (refusal,) = (each for each in payload.refusals if each.id == item.refusal.id)
                assert {domain, EVERYONE} & {*refusal.to}
                for member in ("channels", "categories"):
                    assert bool(getattr(item.refusal, member)) <= bool(getattr(refusal, member)), SEED
    assert whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_has_its_sentence(language: str) -> None:
    """In each language there is a sentence for each permission, which names the grant, and one that nothing else is permitted."""
    for payload, _, _, explained, _ in cases(40):
        said = lines(explained, Wording({}, language))
        permits = [line.text for line in said if line.kind == "may"]
        assert [text.rpartition("(")[2] for text in permits] == [f"{part.grant.id})" for part in explained.permissions]
        forbids = [line.text for line in said if line.kind == "may not"]
        for refusal in explained.refusals:
            assert any(text.endswith(f"({refusal.id})") for text in forbids)
        assert payload.grants or not permits
        assert all("%(" not in line.text for line in said)


def test_everybody_has_a_form() -> None:
    """The companies that are asked for are among those that profiles are made up with, and one is not."""
    assert {*DOMAINS} - {*COMPANIES} == {EVERYONE, "stranger.example"}
