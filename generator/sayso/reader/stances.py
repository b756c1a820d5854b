"""What a profile says to each company, over time: the form in which a store finds an audience (decision 30).

A *clause* is a grant or a refusal without its id, its companies, its texts and its times. A *stance* is all but the grants
that a subject's profile has for one company. A *span* is the stretch of time in which one grant to it holds. Many subjects
share a clause and a stance, and ``decide`` answers a question once for all of them: what is left out has no bearing on
verdict, reasons and limits, save the contact rules, which ``Record`` keeps beside.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from sayso.instants import LAST_INSTANT, parse_rfc3339, rfc3339
from sayso.profile.model import (
    EVERYONE,
    ContactRule,
    Grant,
    Granularity,
    Payload,
    Refusal,
    Revocation,
    Sharing,
    Subject,
    Terms,
)

MAX_SPANS = 5_000  # of a profile; what has more is asked itself, and has no spans
MAX_REFUSALS = 50_000  # in all its stances, likewise
LATEST = 2**32 - 1  # instant at which a profile with spans can end, in 2106: it is kept in four bytes

GIVEN, ENDED, AHEAD = 0, 1, 2  # the states of a grant


class _Granted(msgspec.Struct, frozen=True, array_like=True, tag="g", gc=False):
    signals: tuple[str, ...]
    purposes: tuple[str, ...]
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    granularity: Granularity | None
    lookback: str | None
    frequency: str | None
    retention: str | None
    sharing: Sharing | None


class _Refused(msgspec.Struct, frozen=True, array_like=True, tag="r", gc=False):
    signals: tuple[str, ...]
    purposes: tuple[str, ...]
    channels: tuple[str, ...]
    categories: tuple[str, ...]


class Stance(NamedTuple):
    """Refusals in the author's order; channels never to be used; whether a grant was taken back; the vocabulary's version."""

    refusals: tuple[int, ...]
    never: tuple[str, ...]
    revoked: bool
    vocabulary: int


class Span(NamedTuple):
    """In ``since`` ≤ t < ``until`` (instants) a company has a grant, which is a clause and stands at a place among its grants.

    The company ``*`` is every one that has no span. A company without grants has one span, without a clause.
    """

    company: str
    clause: int | None
    stance: int
    since: int
    until: int
    place: int


class Spans(NamedTuple):
    """The spans of a profile, which name clauses and stances by their places; stances name clauses alike."""

    clauses: tuple[bytes, ...] = ()
    stances: tuple[Stance, ...] = ()
    spans: tuple[Span, ...] = ()


_instant = lru_cache(maxsize=4096)(parse_rfc3339)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Granted | _Refused)


def spans(payload: Payload) -> Spans | None:
    """Give the spans of a payload; None if they are too many, or end too late.

    A profile that is withdrawn has none. Each company that is named has its own, and everyone else some together.
    """
    if payload.status != "active" or payload.exp <= payload.iat:
        return Spans()
    if payload.exp > LATEST:
        return None
    clauses: dict[bytes, int] = {}
    stances: dict[Stance, int] = {}
    granted = [
        (clauses.setdefault(_grant_text(grant), len(clauses)), *_times(grant, payload)) for grant in payload.grants
    ]
    refused = [clauses.setdefault(_refusal_text(refusal), len(clauses)) for refusal in payload.refusals]
    never = tuple(sorted(rule.channel for rule in payload.channels if rule.never))
    grants_to, refusals_to = _by_company(payload.grants), _by_company(payload.refusals)
    revoked = {company for item in payload.revocations for company in item.to}

    made: list[Span] = []
    size = 0
    for company in sorted({EVERYONE, *grants_to, *refusals_to, *revoked}):
        refusals = tuple([refused[place] for place in _with_everyones(refusals_to, company)])
        back = company in revoked or EVERYONE in revoked
        stance = stances.setdefault(Stance(refusals, never, back, payload.vocabulary), len(stances))
        mine = _with_everyones(grants_to, company)
        size += len(refusals)
        if len(made) + len(mine) >= MAX_SPANS or size > MAX_REFUSALS:
            return None
        if not mine:
            made.append(Span(company, None, stance, payload.iat, payload.exp, 0))
        for place, number in enumerate(mine):
            what, since, until = granted[number]
            made.append(Span(company, what, stance, since, until, place))
    return Spans(tuple(clauses), tuple(stances), tuple(made))


def clause(text: bytes) -> Grant | Refusal:
    """Read a clause, to everyone, as a grant that is given or a refusal."""
    said = _decoder.decode(text)
    if isinstance(said, _Refused):
        return Refusal("r", (EVERYONE,), said.signals, said.purposes, said.channels, said.categories)
    return Grant(
        "g",
        (EVERYONE,),
        said.signals,
        said.purposes,
        said.channels,
        said.categories,
        said.granularity,
        said.lookback,
        said.frequency,
        said.retention,
        said.sharing,
    )


def in_state(grant: Grant, state: int) -> Grant:
    """Give a grant as one in a state, at any time."""
    if state == GIVEN:
        return grant
    return replace(grant, until=rfc3339(0)) if state == ENDED else replace(grant, from_=rfc3339(LAST_INSTANT))


def terms(
    stance: Stance,
    grants: tuple[Grant, ...],
    refusals: tuple[Refusal, ...],
    rules: tuple[ContactRule, ...] | None = None,
) -> Terms:
    """Give terms that answer for a stance, of which the refusals were read, and some grants.

    With the subject's contact ``rules`` the limits of an answer are whole; without, only the verdict and its reason count.
    """
    return Terms(
        v=1,
        sub="https://subject.invalid/",
        iat=0,
        exp=LAST_INSTANT,
        status="active",
        vocabulary=stance.vocabulary,
        subject=_NOBODY,
        grants=grants,
        refusals=refusals,
        revocations=_TAKEN_BACK if stance.revoked else (),
        channels=tuple(ContactRule(name, never=True) for name in stance.never) if rules is None else rules,
    )


_NOBODY = Subject()
_TAKEN_BACK = (Revocation("g", (EVERYONE,), 0),)


def _grant_text(grant: Grant) -> bytes:
    return _encoder.encode(
        _Granted(
            grant.signals,
            grant.purposes,
            grant.channels,
            grant.categories,
            grant.granularity,
            grant.lookback,
            grant.frequency,
            grant.retention,
            grant.sharing,
        )
    )


def _refusal_text(refusal: Refusal) -> bytes:
    return _encoder.encode(_Refused(refusal.signals, refusal.purposes, refusal.channels, refusal.categories))


def _times(grant: Grant, payload: Payload) -> tuple[int, int]:
    """Give when a grant holds; while the profile does, it is ahead before that, and ended after."""
    since = payload.iat if grant.from_ is None else max(_instant(grant.from_), payload.iat)
    return since, payload.exp if grant.until is None else min(_instant(grant.until), payload.exp)


def _by_company(said: Iterable[Grant | Refusal]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, item in enumerate(said):
        for company in dict.fromkeys(item.to):
            places.setdefault(company, []).append(place)
    return places


def _with_everyones(places: dict[str, list[int]], company: str) -> list[int]:
    """Give the places of what is said to a company, and of what is said to everyone."""
    own, everyones = places.get(company, []), places.get(EVERYONE, [])
    if company == EVERYONE or not everyones:
        return own
    return sorted({*own, *everyones})
