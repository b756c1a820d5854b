"""The page says what ``decide`` says: neither more nor less."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings

from sayso import spec
from sayso.instants import parse_rfc3339
from sayso.profile.model import Grant, Payload
from sayso.profile.policy import Request, decide
from sayso.publish.overview import NOBODY, Card, Overview
from strategies import CATEGORIES, CHANNELS, PURPOSES, SIGNALS, payloads


def starts(payload: Payload) -> set[int]:
    """Give the instants at which something of a profile may begin."""
    return {payload.iat, *(max(payload.iat, parse_rfc3339(grant.from_)) for grant in payload.grants if grant.from_)}


def company_of(card: Card) -> str:
    return card.entry.domain if card.entry else NOBODY


@settings(max_examples=60, deadline=None)
@given(payloads)
def test_what_the_page_claims_is_allowed(payload: Payload) -> None:
    """Each signal of a card is allowed for each of its purposes, and on each of its channels, when it begins."""
    for card in Overview(payload).cards:
        for part in card.permissions:
            at = max(payload.iat, parse_rfc3339(part.grant.from_) if part.grant.from_ else 0)
            for signal, purpose in product(part.covers, part.purposes):
                wanted: list[str | None] = [*part.channels] or [None]
                kinds = (None, *part.categories)
                for channel in wanted:
                    asked = [Request(company_of(card), signal, purpose, channel, kind) for kind in kinds]
                    assert any(decide(payload, request, at) for request in asked), (part, asked)
                for kind in part.categories:
                    asked = [
                        Request(company_of(card), signal, purpose, channel, kind) for channel in (None, *part.channels)
                    ]
                    assert any(decide(payload, request, at) for request in asked), (part, asked)


@settings(max_examples=60, deadline=None)
@given(payloads)
def test_what_is_allowed_is_on_the_page(payload: Payload) -> None:
    """Whatever is allowed, on a channel and for a category or not, has its signal on the card, for a purpose that covers it."""
    known = spec.vocabulary().purposes
    cards = {company_of(card): card for card in Overview(payload).cards}
    at = payload.iat
    for card in cards.values():
        asked = product(SIGNALS, PURPOSES, (None, *CHANNELS), (None, *CATEGORIES))
        for signal, purpose, channel, category in asked:
            decision = decide(payload, Request(company_of(card), signal, purpose, channel, category), at)
            if not decision:
                continue
            parent = known[purpose].parent if purpose in known else None
            everyone = cards.get(NOBODY)
            parts = (*card.permissions, *(everyone.permissions if everyone else ()))
            assert any(signal in part.covers and {purpose, parent} & {*part.purposes} for part in parts), (
                signal,
                purpose,
                channel,
                category,
            )


def test_a_parent_of_which_a_part_is_refused() -> None:
    """Where a word is granted and one that it holds is refused, the card names the others."""
    from strategies import AT

    payload = payload_with(
        Grant(id="g", to=("a.example",), signals=("purchase",), purposes=("offers.personalised",), channels=("email",)),
        AT,
    )
    (card,) = Overview(payload).cards
    named = {signal for part in card.permissions for signal in part.signals}
    assert "purchase" not in named
    assert "purchase.history" not in named
    assert {"purchase.categories", "purchase.returns"} <= named


def payload_with(grant: Grant, at: int) -> Payload:
    from sayso.profile.model import CompanyEntry, Refusal, Subject

    return Payload(
        v=1, sub="https://ada.example/", identity="A" * 43, key_event="A" * 43, sequence=1, previous=None, iat=at,
        exp=at + 86_400, status="active", vocabulary=1, subject=Subject(), companies=(CompanyEntry(domain="a.example"),),
        grants=(grant,), refusals=(Refusal(id="r", to=("*",), signals=("purchase.history",)),),
    )  # fmt: skip
