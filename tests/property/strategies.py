"""Profiles and questions made up at random, from few words, so that they meet."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sayso.profile.model import (
    GRANULARITIES,
    CompanyEntry,
    ContactRule,
    Grant,
    Named,
    Payload,
    Refusal,
    Revocation,
    Subject,
)
from sayso.profile.policy import Request

AT = 1_795_251_600
COMPANIES = ("a.example", "b.example", "c.example")
SIGNALS = ("purchase", "purchase.history", "purchase.elsewhere", "purchase.novel", "cart.contents", "browsing.pages")
PURPOSES = ("offers", "offers.personalised", "ads.suppression", "marketing.direct")
CHANNELS = ("email", "sms", "phone")
CATEGORIES = ("sg", "sg-4", "sg-4-1", "me", "ma")
DURATIONS = ("P1D", "P30D", "P1M", "P12M")
RATES = ("1/P1M", "2/P1M", "1/P1W")
INSTANTS = ("2026-01-01T00:00:00Z", "2026-11-21T09:00:00Z", "2026-11-21T09:00:01Z", "2027-01-01T00:00:00Z")


def some(words: tuple[str, ...], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(words), min_size=least, max_size=3, unique=True).map(
        lambda items: tuple(sorted(items))
    )


def perhaps(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


recipients = some(COMPANIES, 1) | st.just(("*",))
sharings = perhaps(
    st.sampled_from(["processors", "anonymised"]) | some(COMPANIES, 1).map(lambda names: Named(named=names))
)
grants = st.builds(
    Grant,
    id=st.just("g"),
    to=recipients,
    signals=some(SIGNALS, 1),
    purposes=some(PURPOSES, 1),
    channels=some(CHANNELS),
    categories=some(CATEGORIES),
    granularity=perhaps(st.sampled_from(GRANULARITIES)),
    lookback=perhaps(st.sampled_from(DURATIONS)),
    frequency=perhaps(st.sampled_from(RATES)),
    retention=perhaps(st.sampled_from(DURATIONS)),
    sharing=sharings,
    from_=perhaps(st.sampled_from(INSTANTS)),
    until=perhaps(st.sampled_from(INSTANTS)),
)
refusals = st.builds(
    Refusal,
    id=st.just("r"),
    to=recipients,
    signals=some(SIGNALS),
    purposes=some(PURPOSES),
    channels=some(CHANNELS),
    categories=some(CATEGORIES),
)
rules = st.lists(
    st.builds(ContactRule, channel=st.sampled_from(CHANNELS), never=st.booleans()),
    max_size=2,
    unique_by=lambda rule: rule.channel,
).map(tuple)
requests = st.builds(
    Request,
    company=st.sampled_from(COMPANIES),
    signal=st.sampled_from(SIGNALS),
    purpose=st.sampled_from(PURPOSES),
    channel=perhaps(st.sampled_from(CHANNELS)),
    category=perhaps(st.sampled_from(CATEGORIES)),
    granularity=perhaps(st.sampled_from(GRANULARITIES)),
    age=perhaps(st.sampled_from([0, 1, 29, 31, 400])),
    sharing=sharings | st.just("none"),
)


def numbered(items: list[Any]) -> tuple[Any, ...]:
    """Give each item an id of its own."""
    import msgspec

    return tuple(msgspec.structs.replace(item, id=f"{item.id}{number}") for number, item in enumerate(items))


payloads = st.builds(
    Payload,
    v=st.just(1),
    sub=st.just("https://ada.example/"),
    identity=st.just("A" * 43),
    key_event=st.just("A" * 43),
    sequence=st.integers(1, 2**53 - 1),
    previous=perhaps(st.just("A" * 43)),
    iat=st.just(AT - 10),
    exp=st.just(AT + 86_400 * 100),
    status=st.just("active"),
    vocabulary=st.just(1),
    subject=st.builds(Subject, name=perhaps(st.text(min_size=1, max_size=20))),
    companies=st.just(tuple(CompanyEntry(domain=name) for name in COMPANIES)),
    grants=st.lists(grants, max_size=4).map(numbered),
    refusals=st.lists(refusals, max_size=2).map(numbered),
    revocations=st.just(()) | st.just((Revocation(id="g9", to=("a.example",), revoked_at=AT - 5),)),
    channels=rules,
)
