"""The laws of telling what changed, on made-up pairs of versions."""

from __future__ import annotations

import operator
import os
import subprocess
import sys
import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso import spec
from sayso.profile.changes import KINDS, LONGEST, changes
from sayso.profile.model import CompanyEntry, ContactRule, Grant, Interest, Payload, Subject, Terms, Want
from sayso.profile.policy import Request, decide
from strategies import (
    AT,
    CATEGORIES,
    CHANNELS,
    COMPANIES,
    DURATIONS,
    INSTANTS,
    RATES,
    grants,
    payloads,
    perhaps,
    refusals,
    requests,
    rules,
    some,
)

replace = msgspec.structs.replace
MANY = settings(max_examples=100, deadline=None)
CHAIN = {"identity", "key_event", "sequence", "previous"}

texts = st.text(min_size=1, max_size=9) | st.sampled_from(["boots", "Boots.", "é" * 500])
companies = st.tuples(
    *(
        st.builds(CompanyEntry, domain=st.just(name), name=perhaps(texts), stage=perhaps(st.sampled_from(["try", "buy"])), note=perhaps(texts))
        for name in COMPANIES
    )
)  # fmt: skip
subjects = st.builds(
    Subject,
    name=perhaps(texts),
    languages=st.permutations(["en", "fr", "ga"]).map(lambda tags: tuple(tags[:2])),
    country=perhaps(st.sampled_from(["IE", "FR"])),
)
contact_rules = st.lists(
    st.builds(
        ContactRule,
        channel=st.sampled_from(CHANNELS),
        never=st.booleans(),
        max=perhaps(st.sampled_from(RATES)),
        quiet=perhaps(st.sampled_from(["20:00-08:00 Europe/Dublin", "21:00-08:00 Europe/Dublin", "20:00-08:00 UTC"])),
    ),
    max_size=3,
    unique_by=lambda rule: rule.channel,
).map(tuple)
wants = st.lists(
    st.builds(
        Want,
        id=st.sampled_from(["boots", "lamp", "tent"]),
        what=texts,
        category=perhaps(st.sampled_from(CATEGORIES)),
        budget=perhaps(texts),
        until=perhaps(st.sampled_from(INSTANTS)),
        open_to=some(COMPANIES),
    ),
    max_size=3,
    unique_by=lambda want: want.id,
).map(tuple)
interests = st.lists(
    st.builds(
        Interest, topic=st.sampled_from(["sg", "golf", "trail running"]), level=st.sampled_from(["love", "like"])
    ),
    max_size=3,
    unique_by=lambda interest: interest.topic,
).map(tuple)


def answer(want: Want, channels: tuple[str, ...]) -> Grant:
    """Make the grant that compiling makes of a want."""
    categories = (want.category,) if want.category else ()
    return Grant(
        id=f"want-{want.id}", to=want.open_to, signals=("intent.declared",), purposes=("intent.response",),
        channels=channels, categories=categories, until=want.until,
    )  # fmt: skip


@st.composite
def versions(draw: st.DrawFn) -> Payload:
    """Make up a version of which every part may have something."""
    payload = draw(payloads)
    wanted = draw(wants)
    answers = tuple(answer(want, draw(some(CHANNELS))) for want in wanted if want.open_to)
    noted = tuple(
        replace(grant, note=draw(perhaps(texts)), in_return=draw(perhaps(texts))) if draw(st.booleans()) else grant
        for grant in payload.grants
    )
    return replace(
        payload,
        iat=draw(st.sampled_from([AT - 10, AT])),
        exp=AT + 86_400 * draw(st.sampled_from([1, 100, 300])),
        status=draw(st.sampled_from(["active"] * 5 + ["withdrawn"])),
        vocabulary=draw(st.integers(1, spec.vocabulary().version)),
        subject=draw(subjects),
        companies=draw(companies),
        grants=(*noted, *answers),
        channels=draw(contact_rules),
        wants=wanted,
        interests=draw(interests),
        ext=draw(st.dictionaries(st.sampled_from("ab"), st.text(max_size=5))),
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Payload, Payload]:
    """Make up two versions: one and another, or one and what a few edits make of it."""
    before = draw(versions())
    if draw(st.booleans()):
        return before, draw(versions())
    now = before
    for _ in range(draw(st.integers(1, 3))):
        now = edited(draw, now)
    return before, now


def members(entries: st.SearchStrategy[Any], *names: str) -> dict[str, st.SearchStrategy[Any]]:
    """Give what makes up some members of an entry."""
    return {name: entries.map(operator.attrgetter(name)) for name in names}


SCOPE = ("to", "signals", "purposes", "channels", "categories")
LIMITS = ("granularity", "lookback", "frequency", "retention", "sharing", "from_", "until")
GRANT = members(grants, *SCOPE, *LIMITS)
REFUSAL = members(refusals, *SCOPE)
GRANT_TOO = {"id": st.sampled_from(["g0", "g9"]), "in_return": perhaps(texts), "note": perhaps(texts)}
REFUSAL_TOO = {"id": st.sampled_from(["r0", "r9"]), "note": perhaps(texts)}
SECTIONS = ("grants", "refusals", "channels", "wants", "interests", "companies", "subject", "ext", "exp")


def edited(draw: st.DrawFn, payload: Payload) -> Payload:
    """Change one thing in a version: a member of an entry, or the order or number of entries, or a section."""
    section = draw(st.sampled_from(("grants", "refusals", *SECTIONS)))
    entries = getattr(payload, section)
    how = draw(st.sampled_from(["member", "member", "order", "one less", "section"]))
    if section in ("grants", "refusals") and entries and how == "member":
        place = draw(st.integers(0, len(entries) - 1))
        ways = GRANT | GRANT_TOO if section == "grants" else REFUSAL | REFUSAL_TOO
        member, values = draw(st.sampled_from([*ways.items()]))
        value = draw(values)
        if member == "id" and value in [entry.id for entry in entries]:
            return payload
        entries = (*entries[:place], replace(entries[place], **{member: value}), *entries[place + 1 :])
    elif isinstance(entries, tuple) and how == "order":
        entries = tuple(draw(st.permutations(entries)))
    elif isinstance(entries, tuple) and entries and how == "one less":
        entries = entries[:-1]
    else:
        entries = getattr(draw(versions()), section)
    return replace(payload, **{section: entries})


def said(payload: Terms) -> dict[str, Any]:
    """Give what a version says, without what may differ without the author's doing."""
    left_out = {"iat", "vocabulary", "revocations"}
    return {name: getattr(payload, name) for name in Terms.__struct_fields__ if name not in left_out}


@MANY
@given(pairs())
def test_nothing_changes_silently(pair: tuple[Payload, Payload]) -> None:
    """There are changes if, and only if, two versions say something else."""
    before, now = pair
    assert (changes(before, now) == ()) == (said(before) == said(now))
    assert changes(before, before) == ()


@MANY
@given(pairs(), requests, st.integers(0, 86_400 * 120))
def test_what_decisions_turn_on_is_told(pair: tuple[Payload, Payload], request: Request, later: int) -> None:
    """A no that becomes a yes is among what gives, and a yes that becomes a no among what takes."""
    before, now = pair
    at = AT + later % (min(before.exp, now.exp) - AT)  # while both hold
    kinds = {change.kind for change in changes(before, now)}
    verdicts = [decide(payload, request, at).verdict for payload in pair]
    assert verdicts != ["deny", "allow"] or "gives" in kinds
    assert verdicts != ["allow", "deny"] or "takes" in kinds


BLANK = Terms(
    v=1, sub="https://ada.example/", iat=AT, exp=AT + 86_400 * 100, status="active", vocabulary=1, subject=Subject()
)


@st.composite
def close_calls(draw: st.DrawFn) -> tuple[Terms, Terms, Request]:
    """Make up a grant that answers a request, or lacks little, and change one member of it or of a refusal that bears on it."""
    request, member = draw(requests), draw(st.sampled_from((*SCOPE, *LIMITS)))
    named = (request.channel,) if request.channel else ()
    wide = Grant(id="fit", to=("*",), signals=(request.signal,), purposes=(request.purpose,), channels=named)
    also = draw(st.sampled_from(("channels", "categories", *LIMITS)))
    fitting = replace(wide, **{also: draw(GRANT[also])})
    payload = replace(BLANK, grants=(fitting,))
    if member in SCOPE:  # what is about the same as refusals and contact rules
        bearing = replace(draw(refusals), id="r", to=("*",), signals=(), purposes=())
        what: str = draw(st.sampled_from(["no refusal", "a refusal", "a refusal that changes"]))
        payload = replace(payload, refusals=(bearing,) * (what != "no refusal"), channels=draw(rules))
        if what == "a refusal that changes":
            other = draw(REFUSAL[member].filter(lambda value: value != getattr(bearing, member)))
            return payload, replace(payload, refusals=(replace(bearing, **{member: other}),)), request
    other = draw(GRANT[member].filter(lambda value: value != getattr(fitting, member)))
    return payload, replace(payload, grants=(replace(fitting, **{member: other}),)), request


@settings(MANY, max_examples=400)
@given(close_calls(), st.integers(AT, AT + 86_400 * 99))
def test_what_decisions_turn_on_is_told_of_one_member(case: tuple[Terms, Terms, Request], at: int) -> None:
    """The same holds where a single member of a grant or a refusal changed, whichever, and both ways."""
    before, now, request = case
    for pair in ((before, now), (now, before)):
        kinds = {change.kind for change in changes(*pair)}
        verdicts = [decide(payload, request, at).verdict for payload in pair]
        assert verdicts != ["deny", "allow"] or "gives" in kinds
        assert verdicts != ["allow", "deny"] or "takes" in kinds


@MANY
@given(st.none() | versions(), versions())
def test_the_form_of_sentences(before: Payload | None, now: Payload) -> None:
    """A sentence is short, begins with a capital, ends without a full stop, and has no control character of its own."""
    found = changes(before, now)
    written = str([said(payload) for payload in (before, now) if payload is not None])
    for change in found:
        assert len(change.text) <= LONGEST
        assert change.text[0].isupper()
        assert not change.text.endswith(".")
        for character in change.text:
            if unicodedata.category(character) in ("Cc", "Cf"):
                assert character in written or repr(character)[1:-1] in written
    assert [change.kind for change in found] == sorted((change.kind for change in found), key=KINDS.index)
    assert found == changes(before, now)


@given(versions())
def test_a_first_version_is_told_whole(now: Payload) -> None:
    """Of a first version every grant, refusal, want and contact rule is told, and nothing of an entry that is not there."""
    if now.status == "active":
        told = {change.what for change in changes(None, now)}
        answers = {f"want-{want.id}" for want in now.wants}
        names = {f"grants.{grant.id}" for grant in now.grants if grant.id not in answers}
        names |= {f"refusals.{refusal.id}" for refusal in now.refusals}
        names |= {f"wants.{want.id}" for want in now.wants} | {f"channels.{rule.channel}" for rule in now.channels}
        rest = {"valid", "me", "companies", "interests", "ext", *(f"companies.{name}" for name in COMPANIES)}
        assert names <= told <= names | rest


@settings(MANY, max_examples=40)
@given(pairs())
def test_what_a_version_carries_of_its_chain_is_no_change(pair: tuple[Payload, Payload]) -> None:
    """Neither the place in the chain, nor the moment, nor traces of what was taken back are changes."""
    before, now = pair
    later = replace(
        before, iat=before.iat + 1, revocations=now.revocations, **{name: getattr(now, name) for name in CHAIN}
    )
    assert changes(before, later) == ()


CODE = """
import sys, msgspec
from sayso.profile.changes import changes
from sayso.profile.model import Terms
before, now = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Terms])
print([*changes(None, now), *changes(before, now), *changes(now, before)])
"""


def test_the_hash_seed_changes_nothing() -> None:
    """The same two versions give the same list whatever Python's hash seed."""
    words = ("purchase.history", "browsing.pages", "cart.contents", "search.queries", "device.basic")
    names = tuple(f"shop-{number}.example" for number in range(9))
    grant = Grant(
        id="g", to=names, signals=words, purposes=("offers.personalised", "marketing.direct"), channels=CHANNELS
    )
    before = replace(
        BLANK,
        companies=tuple(CompanyEntry(domain=name) for name in names),
        grants=(grant,),
        interests=tuple(Interest(topic=name, level="like") for name in words),
        ext=dict.fromkeys("abcdef", "x"),
    )
    now = replace(
        before, companies=(), interests=(), grants=(replace(grant, to=names[:1], signals=("purchase",)),), ext={}
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", CODE],
            input=msgspec.json.encode([before, now]),
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(told) == 1


@pytest.mark.parametrize("span", DURATIONS)
def test_lengths_that_depend_on_the_day(span: str) -> None:
    """A month against 30 days is more on some days and less on others, and is told as both."""
    grant = Grant(id="g", to=("*",), signals=("cart",), purposes=("ads.suppression",), lookback="P1M")
    before = replace(BLANK, grants=(grant,))
    kinds = [change.kind for change in changes(before, replace(before, grants=(replace(grant, lookback=span),)))]
    assert kinds == {"P1D": ["takes"], "P30D": ["takes", "gives"], "P1M": [], "P12M": ["gives"]}[span]
