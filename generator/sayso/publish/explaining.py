"""What a company may do, and what it may not, as a person would ask about it: the facts, of which each is an answer of ``decide``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from msgspec.structs import replace

from sayso import spec
from sayso.instants import parse_rfc3339, rfc3339
from sayso.profile.agreements import Agreed
from sayso.profile.model import EVERYONE, CompanyEntry, ContactRule, Grant, Refusal, Revocation, Terms, Want
from sayso.profile.policy import Request, decide
from sayso.profile.words import refused, within
from sayso.publish.overview import NOBODY, Permission, agreements_of, named, permissions, with_implied

State = Literal["live", "withdrawn", "ended", "early"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What takes from a grant: a refusal, of which ``refusal`` is as much as concerns the grant, or a channel never to be used.

    ``whole`` tells that nothing of the grant is left.
    """

    grant: Grant
    refusal: Refusal | None
    channel: str | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """What a profile comes to for one company at an instant; ``entry`` is None for one that it does not list.

    ``domain`` is ``*`` for what holds for everyone. ``rules`` are the contact rules that bear on it, ``ended`` its grants that
    are over, ``wants`` by the id of the grant that stands for each.
    """

    domain: str
    entry: CompanyEntry | None
    permissions: tuple[Permission, ...]
    taken: tuple[Taken, ...]
    refusals: tuple[Refusal, ...]
    rules: tuple[ContactRule, ...]
    ended: tuple[Grant, ...]
    revoked: tuple[Revocation, ...]
    agreed: Agreed
    wants: dict[str, Want]

    @property
    def named(self) -> bool:
        """Whether a grant names it, whatever is left of it."""
        grants = (*(part.grant for part in self.permissions), *(item.grant for item in self.taken), *self.ended)
        return any(self.domain in grant.to for grant in grants)


def state_of(terms: Terms, at: int) -> State:
    """Tell whether a profile says anything at an instant; nothing is permitted by one that does not."""
    if terms.status != "active":
        return "withdrawn"
    if at < terms.iat:
        return "early"
    return "live" if at < terms.exp else "ended"


def explain(terms: Terms, domain: str, at: int) -> Explained:
    """Give what a company may do at an instant, and what it may not; ``domain`` is registrable, or ``*`` for everyone."""
    found = permissions(terms, domain, at)
    grants = tuple(grant for grant in terms.grants if domain in grant.to or EVERYONE in grant.to)
    over = tuple(grant for grant in grants if grant.until and grant.until <= rfc3339(at))
    company = NOBODY if domain == EVERYONE else domain
    taken = tuple(item for grant in grants if grant not in over for item in _taken(grant, company, terms, at, found))
    named_channels = {channel for grant in grants for channel in grant.channels}
    return Explained(
        domain=domain,
        entry=next((entry for entry in terms.companies if entry.domain == domain), None),
        permissions=found,
        taken=taken,
        refusals=tuple(item for item in terms.refusals if domain in item.to or EVERYONE in item.to),
        rules=tuple(
            rule for rule in terms.channels if rule.never or rule.channel in named_channels or domain == EVERYONE
        ),
        ended=over,
        revoked=tuple(item for item in terms.revocations if domain in item.to or EVERYONE in item.to),
        agreed=agreements_of(found),
        wants={f"want-{want.id}": want for want in terms.wants},
    )


def _taken(grant: Grant, company: str, terms: Terms, at: int, found: Iterable[Permission]) -> Iterator[Taken]:
    """Give what refusals and contact rules take from a grant, each taken by itself."""
    whole = not any(part.grant == grant for part in found)
    open_terms = replace(terms, grants=(grant,), refusals=(), channels=())
    for refusal in terms.refusals:
        if company in refusal.to or EVERYONE in refusal.to:
            lost = _lost(grant, refusal, company, open_terms, at)
            if lost is not None:
                yield Taken(grant, lost, None, whole)
    for rule in terms.channels:
        if rule.never and rule.channel in grant.channels:
            yield Taken(grant, None, rule.channel, whole)


def _lost(grant: Grant, refusal: Refusal, company: str, terms: Terms, at: int) -> Refusal | None:
    """Give as much of a refusal as takes something from a grant; None if it takes nothing.

    Asked is about each word that the grant gives and the refusal names, and of the categories about those that either names.
    Of what the refusal names none, one word stands for all.
    """
    begin = max(at, parse_rfc3339(grant.from_) if grant.from_ else 0)
    refusing = replace(terms, refusals=(refusal,))
    words = spec.vocabulary()
    given, used = with_implied(grant.signals, words.signals), with_implied(grant.purposes, words.purposes)
    channels: tuple[str | None, ...] = tuple(name for name in grant.channels if name in refusal.channels)
    asked = product(
        [signal for signal in given if refused(refusal.signals, signal, words.signals)]
        if refusal.signals
        else given[:1],
        [each for each in used if refused(refusal.purposes, each, words.purposes)] if refusal.purposes else used[:1],
        channels if refusal.channels and grant.channels else grant.channels[:1] or (None,),
        dict.fromkeys((None, *grant.categories, *refusal.categories)) if refusal.categories else (None,),
    )
    gone = [
        question
        for question in asked
        if decide(terms, request := Request(company, *question), begin) and not decide(refusing, request, begin)
    ]
    if not gone:
        return None
    signals, purposes, ways, categories = (dict.fromkeys(filter(None, some)) for some in zip(*gone, strict=True))
    return replace(
        refusal,
        signals=named(signals, words.signals) if refusal.signals else (),
        purposes=named(purposes, words.purposes) if refusal.purposes else (),
        channels=tuple(ways) if refusal.channels else (),
        categories=tuple(one for one in categories if _concerned(one, refusal)) if refusal.categories else (),
    )


def _concerned(category: str, refusal: Refusal) -> bool:
    return any(within(category, one) for one in refusal.categories)
