"""What a profile permits, as rows of a table: each row is an answer of ``decide`` that says yes.

A table of grants would show what a refusal takes back, and would not show what a parent word covers. So every question that a
grant could answer is asked, and what is denied has no row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Literal, NamedTuple

import msgspec

from sayso import spec
from sayso.instants import rfc3339
from sayso.profile.addresses import registrable_domain
from sayso.profile.limits import Limits
from sayso.profile.model import EVERYONE, Grant, Granularity, Named, Payload, Refusal
from sayso.profile.policy import Decision, Request, decide
from sayso.profile.words import granted

MAX_WORK = 20_000_000  # words to be looked at for one profile; honest ones take some ten thousand
_QUESTION = 50  # words that a question without any takes as long as


class Permission(msgspec.Struct, frozen=True, gc=False, rename={"except_": "except"}):
    """A company may use a signal for a purpose: on a channel, or without contact where that is None.

    Of the limits, None is not stated: any category, no exception, the signal's own level, no end to the look-back, and so on.
    ``sharing`` is written as a request is at the command line, ``except_`` as JSON; instants are RFC 3339, UTC.
    """

    sub: str
    company: str
    signal: str
    purpose: str
    channel: str | None
    categories: tuple[str, ...] | None
    except_: str | None
    granularity: Granularity | None
    lookback: str | None
    frequency: str | None
    retention: str | None
    sharing: str
    contact_max: str | None
    quiet: str | None
    grants: tuple[str, ...]
    valid_until: str
    recheck_after: str
    sequence: int
    digest: str
    fetched_at: str


#: The names of the columns, in their order; both are stable.
COLUMNS = Permission.__struct_encode_fields__


def permissions(
    payload: Payload, at: int, *, digest: str, fetched_at: int, companies: Collection[str] | None = None
) -> Iterator[Permission] | None:
    """Give the rows of a verified profile at an instant, sorted; None for one that would take more than ``MAX_WORK``.

    ``digest`` and ``fetched_at`` are those of the version. Without ``companies``, which are registrable domains, it is every
    company that a grant names.
    """
    if companies is None:
        named = {name for grant in payload.grants for name in grant.to} - {EVERYONE}
        companies = {name for name in named if registrable_domain(name) == name}  # nobody can ask as another
    grants, refusals = _Places.of(payload.grants), _Places.of(payload.refusals)
    every = len(payload.channels)
    asked = [_number(grant, payload.vocabulary) for grant in payload.grants]
    words = [[_words(item) for item in items] for items in (payload.grants, payload.refusals)]
    work = sum(
        grants.total(asked, name) * (_QUESTION + every + grants.total(words[0], name) + refusals.total(words[1], name))
        for name in companies
    )
    if work > MAX_WORK:
        return None
    said = (_said_to(name, payload, grants.to(name), refusals.to(name)) for name in sorted(companies))
    return (row for terms in said for row in _rows(terms, at, digest, fetched_at))


class _Places(NamedTuple):
    """The places of what is said to each company, and of what is said to everyone."""

    own: Mapping[str, list[int]]
    everyones: list[int]

    @classmethod
    def of(cls, said: Iterable[Grant | Refusal]) -> _Places:
        own: dict[str, list[int]] = {}
        everyones = []
        for place, item in enumerate(said):
            if EVERYONE in item.to:
                everyones.append(place)
            else:
                for company in set(item.to):
                    own.setdefault(company, []).append(place)
        return cls(own, everyones)

    def to(self, company: str) -> list[int]:
        return sorted((*self.own.get(company, ()), *self.everyones))

    def total(self, numbers: list[int], company: str) -> int:
        return sum(numbers[place] for place in (*self.own.get(company, ()), *self.everyones))


def _said_to(company: str, payload: Payload, grants: list[int], refusals: list[int]) -> Payload:
    """Leave out what is not said to a company: it bears on no answer that is a yes."""
    return msgspec.structs.replace(
        payload,
        grants=tuple(msgspec.structs.replace(payload.grants[place], to=(company,)) for place in grants),
        refusals=tuple(msgspec.structs.replace(payload.refusals[place], to=(company,)) for place in refusals),
        revocations=(),
    )


def _words(item: Grant | Refusal) -> int:
    return len(item.signals) + len(item.purposes) + len(item.channels) + len(item.categories)


def _number(grant: Grant, vocabulary: int) -> int:
    signals, purposes = _reach(grant, vocabulary)
    return len(signals) * len(purposes) * (len(grant.channels) + 1)


def _rows(said: Payload, at: int, digest: str, fetched_at: int) -> Iterator[Permission]:
    """Ask all that the grants to one company could answer."""
    asked = {
        (signal, purpose, channel)
        for grant in said.grants
        for signal, purpose, channel in product(*_reach(grant, said.vocabulary), ("", *grant.channels))
    }
    for signal, purpose, channel in sorted(asked):
        request = Request(said.grants[0].to[0], signal, purpose, channel or None)
        answer = decide(said, request, at, digest=digest, fetched_at=fetched_at)
        if answer.limits is not None:
            yield _row(said, request, answer, answer.limits, rfc3339(fetched_at))


def _reach(grant: Grant, vocabulary: int) -> tuple[frozenset[str], frozenset[str]]:
    return _covered("signals", grant.signals, vocabulary), _covered("purposes", grant.purposes, vocabulary)


@lru_cache(maxsize=2_000)
def _covered(kind: Literal["signals", "purposes"], scope: tuple[str, ...], vocabulary: int) -> frozenset[str]:
    """Give the words that a grant of some words covers: themselves, and those known here that lie under one of them."""
    words = getattr(spec.vocabulary(), kind)
    return frozenset(scope).union(word for word in words if granted(scope, word, words, vocabulary))


def _row(said: Payload, request: Request, answer: Decision, limits: Limits, fetched_at: str) -> Permission:
    rule = next((rule for rule in limits.contact if rule.channel == request.channel), None)
    return Permission(
        said.sub,
        request.company,
        request.signal,
        request.purpose,
        request.channel,
        limits.categories or None,
        msgspec.json.encode(limits.except_).decode() if limits.except_ else None,
        limits.granularity,
        limits.lookback,
        limits.frequency,
        limits.retention,
        ",".join(limits.sharing.named) if isinstance(limits.sharing, Named) else limits.sharing,
        rule.max if rule else None,
        rule.quiet if rule else None,
        answer.grants,
        answer.valid_until,
        answer.recheck_after,
        said.sequence,
        answer.digest or "",
        fetched_at,
    )
