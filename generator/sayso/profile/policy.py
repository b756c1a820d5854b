"""Decide: may this company use this signal for this purpose? (SPEC.md, Decisions; the steps have its numbers.)

Pure, total and deterministic. Nothing that a reader does not understand turns a refusal into a permission: unknown words
match nothing but themselves, and a parent word never implies what came into the vocabulary after the profile was written.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from sayso import spec
from sayso.errors import RequestError
from sayso.instants import DAY, LAST_INSTANT, parse_rfc3339, rfc3339, seconds_back
from sayso.profile.addresses import a_label, registrable_domain
from sayso.profile.limits import Except, Limits, limits_of
from sayso.profile.model import (
    EVERYONE,
    GRANULARITIES,
    Grant,
    Granularity,
    Named,
    Payload,
    Refusal,
    Sharing,
    Terms,
)
from sayso.profile.sharing import no_wider
from sayso.profile.words import CATEGORY_PATTERN, granted, over, refused, within

FRESH_FOR = 86_400  # seconds: an answer is to be asked for again a day after the profile was fetched
STALE_AFTER = 7 * 86_400  # seconds: a profile that was not fetched for longer permits nothing

_CATEGORY = re.compile(CATEGORY_PATTERN)

Verdict = Literal["allow", "deny"]
Basis = Literal["standing-preference", "unsigned-draft"]

#: From the farthest miss to the nearest: what a grant for this company, signal and purpose failed on (step 6).
MISSES = (
    "not-declared",
    "revoked",
    "grant-expired",
    "grant-not-yet-valid",
    "channel-not-granted",
    "category-not-granted",
    "granularity-not-granted",
    "lookback-exceeded",
    "sharing-not-granted",
)


class Request(msgspec.Struct, frozen=True):
    """The question. ``age`` is that of the oldest data used, in days; None leaves a dimension open, and the answer limits it."""

    company: str
    signal: str
    purpose: str
    channel: str | None = None
    category: str | None = None
    granularity: Granularity | None = None
    age: int | None = None
    sharing: Sharing | Literal["none"] | None = None


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer, with stable reason codes, the grants it rests on, and the limits still to honour. Instants are RFC 3339, UTC.

    ``digest`` and ``sequence`` name the signed version that was asked; a draft has neither.
    """

    verdict: Verdict
    basis: Basis
    reasons: tuple[str, ...]
    evaluated_at: str
    valid_until: str
    recheck_after: str
    grants: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    limits: Limits | None = None
    sequence: int | None = None
    digest: str | None = None

    def __bool__(self) -> bool:
        """A decision is true when it allows: ``if decide(…)`` says what it seems to say."""
        return self.verdict == "allow"


def decide(
    terms: Terms, request: Request, at: int, *, digest: str | None = None, fetched_at: int | None = None
) -> Decision:
    """Answer a request at an instant (seconds, UTC).

    ``terms`` is a verified Payload, or the unsigned Terms of a draft; ``digest`` is that of the signed version;
    ``fetched_at`` the instant at which it was last fetched, or found unchanged (``at`` if not given). Raises RequestError for a company that is no
    domain, and for a category, granularity or sharing that is none; every other request has an answer.
    """

    def answer(
        verdict: Verdict,
        *reasons: str,
        grants: tuple[Grant, ...] = (),
        refusals: tuple[str, ...] = (),
        limits: Limits | None = None,
    ) -> Decision:
        end = min(terms.exp, min((_end(grant) for grant in grants), default=LAST_INSTANT))  # step 8
        return Decision(
            verdict=verdict,
            basis="standing-preference" if isinstance(terms, Payload) else "unsigned-draft",
            reasons=reasons,
            evaluated_at=rfc3339(at),
            valid_until=rfc3339(end),
            recheck_after=rfc3339(min(end, (at if fetched_at is None else fetched_at) + FRESH_FOR)),
            grants=tuple(grant.id for grant in grants),
            refusals=refusals,
            limits=limits,
            sequence=terms.sequence if isinstance(terms, Payload) else None,
            digest=digest,
        )

    # Step 1: the profile is live.
    if terms.status != "active":
        return answer("deny", "withdrawn")
    if at < terms.iat:
        return answer("deny", "not-yet-valid")
    if at >= terms.exp:
        return answer("deny", "expired")
    if fetched_at is not None and at > fetched_at + STALE_AFTER:
        return answer("deny", "stale")

    # Step 2: the request.
    company = company_of(request)

    # Step 3: refusals.
    bearing = [(refusal, bears(refusal, company, request)) for refusal in terms.refusals]
    whole = tuple(refusal.id for refusal, how in bearing if how == "wholly")
    if whole:
        return answer("deny", "refused", refusals=whole)
    narrowing = [refusal for refusal, how in bearing if how == "in part"]

    # Step 4: contact rules.
    never = {rule.channel for rule in terms.channels if rule.never}
    if request.channel in never:
        return answer("deny", "channel-refused")

    # Steps 5 and 6: the grants that match, or the nearest miss.
    matched: list[Grant] = []
    nearest = 1 if any(company in item.to or EVERYONE in item.to for item in terms.revocations) else 0
    for grant in terms.grants:
        miss = miss_of(grant, terms.vocabulary, company, request, at)
        if miss is None:
            matched.append(grant)
        else:
            nearest = max(nearest, MISSES.index(miss))
    if not matched:
        return answer("deny", MISSES[nearest])

    # Step 7: refusals and contact rules narrow what is left open, grant by grant.
    left: list[Grant] = []
    takers: set[str] = set()
    channels: dict[str, set[str]] = {name: set() for name in never}  # that are taken, and the refusals that take them
    for refusal in narrowing:
        for name in refusal.channels:
            channels.setdefault(name, set()).add(refusal.id)
    for grant in matched:
        kept, taken_by = _narrow(grant, narrowing, channels, request)
        if kept is None:
            takers |= taken_by
        else:
            left.append(kept)
    if not left:
        ids = tuple(refusal.id for refusal in narrowing if refusal.id in takers)
        return answer("deny", "refused" if ids else "channel-refused", refusals=ids)
    limits, used = limits_of(left, terms.channels, request.channel, request.category, at)
    exceptions = tuple(Except(channels=refusal.channels, categories=refusal.categories) for refusal in narrowing)
    limits = msgspec.structs.replace(limits, except_=exceptions)
    return answer("allow", "granted", grants=used, refusals=tuple(refusal.id for refusal in narrowing), limits=limits)


def _narrow(
    grant: Grant, narrowing: list[Refusal], taken: dict[str, set[str]], request: Request
) -> tuple[Grant | None, set[str]]:
    """Give what is left of a matching grant for an open request, and the ids of the refusals that took something of it.

    ``taken`` are the channels that refusals and contact rules take, each with the ids of those refusals.
    """
    takers: set[str] = set()
    channels, gone = grant.channels, False
    if request.channel is None and channels:
        takers.update(*(taken[name] for name in channels if name in taken))
        channels = tuple(name for name in channels if name not in taken)
        gone = not channels
    if request.category is None and grant.categories:
        whole = [refusal for refusal in narrowing if request.channel or not refusal.channels]
        named = {name for refusal in whole for name in refusal.categories}
        if all(not named.isdisjoint(over(category)) for category in grant.categories):
            lying = {name for category in grant.categories for name in over(category)}
            takers |= {refusal.id for refusal in whole if not lying.isdisjoint(refusal.categories)}
            gone = True
    return (None if gone else msgspec.structs.replace(grant, channels=channels)), takers


def company_of(request: Request) -> str:
    """Give the registrable A-label domain that a request means (step 2); raises RequestError for one that is no question.

    A category in another spelling would slip past a refusal, so it is no question at all; nor is an unknown level.
    """
    domain = registrable_domain(request.company)
    if domain is None:
        raise RequestError(
            "bad-company",
            f"`{request.company}` is not a company's domain",
            hint="a company is named by its registrable domain, for example northpeak.example",
        )
    if request.category is not None and not _CATEGORY.fullmatch(request.category):
        raise RequestError(
            "bad-category", f"`{request.category}` is not a product category", hint="for example sg or sg-4-2"
        )
    if request.granularity is not None and request.granularity not in GRANULARITIES:
        raise RequestError(
            "bad-granularity", f"`{request.granularity}` is no granularity", hint="one of: " + ", ".join(GRANULARITIES)
        )
    named = request.sharing.named if isinstance(request.sharing, Named) else None
    known = isinstance(request.sharing, Named) or request.sharing in (None, "none", "processors", "anonymised")
    if not known or named == () or any(a_label(name) != name for name in named or ()):
        text = request.sharing if named is None else ", ".join(named)
        raise RequestError("bad-sharing", f"`{text}` is no sharing", hint="none, processors, anonymised, or domains")
    return domain


def bears(refusal: Refusal, company: str, request: Request) -> Literal["wholly", "in part", "not"]:
    """Tell whether a refusal bears on a request (step 3)."""
    words = spec.vocabulary()
    if not (
        (company in refusal.to or EVERYONE in refusal.to)
        and refused(refusal.signals, request.signal, words.signals)
        and refused(refusal.purposes, request.purpose, words.purposes)
    ):
        return "not"
    whole = True
    if refusal.channels and request.channel not in refusal.channels:
        if request.channel is not None:
            return "not"
        whole = False
    if refusal.categories and not (
        request.category and any(within(request.category, named) for named in refusal.categories)
    ):
        # A category that holds a refused one is touched in part, like an open one.
        if request.category is not None and not any(within(named, request.category) for named in refusal.categories):
            return "not"
        whole = False
    return "wholly" if whole else "in part"


def miss_of(grant: Grant, vocabulary: int, company: str, request: Request, at: int) -> str | None:
    """Give None for a grant, written in a version of the vocabulary, that matches a request, else what it fails on (steps 5, 6)."""
    words = spec.vocabulary()
    if not (
        (company in grant.to or EVERYONE in grant.to)
        and granted(grant.signals, request.signal, words.signals, vocabulary)
        and granted(grant.purposes, request.purpose, words.purposes, vocabulary)
    ):
        return "not-declared"
    now = rfc3339(at)
    if grant.until is not None and now >= grant.until:
        return "grant-expired"
    if grant.from_ is not None and now < grant.from_:
        return "grant-not-yet-valid"
    if request.channel is not None and request.channel not in grant.channels:
        return "channel-not-granted"
    if (
        request.category is not None
        and grant.categories
        and not any(within(request.category, named) for named in grant.categories)
    ):
        return "category-not-granted"
    if (
        request.granularity is not None
        and grant.granularity is not None
        and GRANULARITIES.index(request.granularity) < GRANULARITIES.index(grant.granularity)
    ):
        return "granularity-not-granted"
    if request.age is not None and grant.lookback is not None and request.age * DAY > seconds_back(grant.lookback, at):
        return "lookback-exceeded"
    if request.sharing is not None and not no_wider(
        None if request.sharing == "none" else request.sharing, grant.sharing
    ):
        return "sharing-not-granted"
    return None


def _end(grant: Grant) -> int:
    return LAST_INSTANT if grant.until is None else parse_rfc3339(grant.until)
