"""The forms of the texts in a payload: words, companies, ids, categories, durations, rates, instants (SPEC.md, Conventions).

The typed decoder sees to members, types and lengths. Patterns in it would take four times as long as all the rest, so they
are here: a text that was found right is known, and what recurs from profile to profile is looked at once.
"""

from __future__ import annotations

import re
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
_known: dict[str, set[str | None]] = {kind: {None} for kind in _FORMS}  # a member that is absent has no form


def check_forms(terms: Terms) -> None:
    """Raise ValueError where a text of some terms has not the form that its place asks for, or names no instant."""
    words, ids, companies = _known["word"], _known["id"], _known["company"]
    recipients, categories = _known["recipient"], _known["category"]
    durations, rates, instants = _known["duration"], _known["rate"], _known["instant"]
    scopes: tuple[Grant | Refusal, ...] = (*terms.grants, *terms.refusals)
    for scope in scopes:
        if scope.id not in ids:
            _learn("id", (scope.id,))
        if not recipients.issuperset(scope.to):
            _learn("recipient", scope.to)
        if not (
            words.issuperset(scope.signals) and words.issuperset(scope.purposes) and words.issuperset(scope.channels)
        ):
            _learn("word", (*scope.signals, *scope.purposes, *scope.channels))
        if not categories.issuperset(scope.categories):
            _learn("category", scope.categories)
    for grant in terms.grants:
        if grant.lookback not in durations or grant.retention not in durations:
            _learn("duration", (grant.lookback, grant.retention))
        if grant.frequency not in rates:
            _learn("rate", (grant.frequency,))
        if grant.from_ not in instants or grant.until not in instants:
            _learn("instant", (grant.from_, grant.until))
        if grant.sharing and not isinstance(grant.sharing, str):
            _learn("company", grant.sharing.named)
    for entry in terms.companies:
        if entry.domain not in companies:
            _learn("company", (entry.domain,))
        if entry.stage not in words:
            _learn("word", (entry.stage,))
    for item in terms.revocations:
        _learn("id", (item.id,))
        _learn("recipient", item.to)
    for rule in terms.channels:
        if rule.channel not in words or rule.max not in rates:
            _learn("word", (rule.channel,))
            _learn("rate", (rule.max,))
    for want in terms.wants:
        if want.id not in ids or want.category not in categories or want.until not in instants:
            _learn("id", (want.id,))
            _learn("category", (want.category,))
            _learn("instant", (want.until,))
        if not companies.issuperset(want.open_to):
            _learn("company", want.open_to)


def _learn(kind: str, texts: tuple[str | None, ...]) -> None:
    """Check texts, and know them from now on; raises ValueError."""
    known = _known[kind]
    for text in texts:
        if text is not None and text not in known:
            if _FORMS[kind].match(text) is None or (kind == "instant" and not exists(text)):
                raise ValueError(f"`{text}` is not in the form of {'an' if kind in ('id', 'instant') else 'a'} {kind}")
            if len(known) > MAX_KNOWN:
                known.clear()
                known.add(None)
            known.add(text)
