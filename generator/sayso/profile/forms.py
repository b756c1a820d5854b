"""The forms of the texts in a payload: words, companies, ids, categories, durations, rates, instants (SPEC.md, Conventions).

The typed decoder sees to members, types and lengths. Patterns in it would take four times as long as all the rest, so they
are here: each text is looked at once, and what recurs from profile to profile is known already.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import TYPE_CHECKING

from sayso.instants import DURATION_PATTERN, INSTANT_PATTERN, RATE_PATTERN, exists
from sayso.profile.words import CATEGORY_PATTERN

if TYPE_CHECKING:
    from sayso.profile.model import Grant, Refusal, Terms

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PATTERNS = {
    "word": r"[a-z][a-z0-9_]{0,31}(?:\.[a-z][a-z0-9_]{0,31})?\Z",
    "company": rf"(?:{_LABEL}\.)+{_LABEL}\Z",
    "recipient": rf"(?:\*|(?:{_LABEL}\.)+{_LABEL})\Z",
    "id": r"[a-z0-9][a-z0-9-]{0,63}\Z",
    "category": CATEGORY_PATTERN,
    "duration": DURATION_PATTERN,
    "rate": RATE_PATTERN,
    "instant": INSTANT_PATTERN,
}
_FORMS = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}

MAX_KNOWN = 16_384  # texts of a kind, each of at most 253 characters
_known: dict[str, set[str | None]] = {kind: {None} for kind in _FORMS}


def check_forms(terms: Terms) -> None:
    """Raise ValueError where a text of some terms has not the form that its place asks for, or names no instant."""
    grants, refusals, wants = terms.grants, terms.refusals, terms.wants
    words, recipients, categories = set[str | None](), set[str | None](), set[str | None]()
    scopes: tuple[Grant | Refusal, ...] = (*grants, *refusals)
    words.update(
        *[scope.signals for scope in scopes],
        *[scope.purposes for scope in scopes],
        *[scope.channels for scope in scopes],
        [rule.channel for rule in terms.channels],
        [entry.stage for entry in terms.companies],
    )
    recipients.update(*[scope.to for scope in scopes], *[item.to for item in terms.revocations])
    categories.update(*[scope.categories for scope in scopes], [want.category for want in wants])
    companies = {entry.domain for entry in terms.companies}.union(
        *[want.open_to for want in wants],
        *[grant.sharing.named for grant in grants if grant.sharing and not isinstance(grant.sharing, str)],
    )
    ids = {scope.id for scope in scopes}.union([item.id for item in terms.revocations], [want.id for want in wants])
    _check("word", words)
    _check("recipient", recipients)
    _check("company", companies)
    _check("id", ids)
    _check("category", categories)
    _check("duration", {grant.lookback for grant in grants}.union([grant.retention for grant in grants]))
    _check("rate", {grant.frequency for grant in grants}.union([rule.max for rule in terms.channels]))
    _check(
        "instant",
        {grant.until for grant in grants}.union([grant.from_ for grant in grants], [want.until for want in wants]),
    )


def _check(kind: str, texts: Set[str | None]) -> None:
    known = _known[kind]
    if known.issuperset(texts):
        return
    for text in texts - known:
        if text is not None and not _has_form(kind, text):
            raise ValueError(f"`{text}` is not in the form of {'an' if kind in ('id', 'instant') else 'a'} {kind}")
    if len(known) > MAX_KNOWN:
        known.clear()
    known.update(texts)


def _has_form(kind: str, text: str) -> bool:
    return _FORMS[kind].match(text) is not None and (kind != "instant" or exists(text))
