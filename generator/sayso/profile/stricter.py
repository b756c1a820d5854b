"""What permits more than what: of two grants, of two refusals, and of the quiet hours of two contact rules.

A grant is looked at in the version that says it, whose beginning, end and vocabulary bear on what it permits.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from msgspec.structs import replace

from sayso import spec
from sayso.instants import DAY, parse_rfc3339, per_day, seconds_ahead, seconds_back
from sayso.profile.limits import covers
from sayso.profile.model import EVERYONE, GRANULARITIES, Grant, Refusal, Terms
from sayso.profile.sharing import no_wider
from sayso.profile.words import SCOPE, granted, parent, within

Said = tuple[Grant, Terms]  # a grant, in the version that says it

#: The members of a grant that limit what is done by it; what is not stated does not limit.
LIMITS = ("categories", "granularity", "lookback", "frequency", "retention", "sharing", "from_", "until")
_BY_THE_CALENDAR = ("lookback", "retention")
_DAYS = 400  # that are looked at, at most: a profile holds no longer


def end_of(grant: Grant, terms: Terms) -> int:
    """Give the instant at which a grant ends: its own end, and that of its version at the latest."""
    return min(terms.exp, parse_rfc3339(grant.until)) if grant.until else terms.exp


def without(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Give what one list names beyond another, of recipients or of channels."""
    others = {*other}
    if EVERYONE in others:
        return ()
    return (EVERYONE,) if EVERYONE in one else tuple(name for name in one if name not in others)


def common(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Give the recipients that two lists have in common."""
    if EVERYONE in one or EVERYONE in other:
        return tuple(one if EVERYONE in other else other)
    others = {*other}
    return tuple(name for name in one if name in others)


def words_beyond(member: str, one: Said, other: Said) -> tuple[tuple[str, bool], ...]:
    """Name the words, signals or purposes, that one grant covers and another does not.

    A word stands for those below it. With each comes whether the other grant covers some of those below it.
    """
    words = getattr(spec.vocabulary(), member)

    def covered(grant: Grant, terms: Terms) -> set[str]:
        named = getattr(grant, member)
        return {*named, *(key for key in words if granted(named, key, words, terms.vocabulary))}

    rest = covered(*other)
    more, in_part = covered(*one) - rest, {parent(key) for key in rest}
    return tuple(
        (key, key in in_part)
        for key in sorted(more)
        if not granted(more - {key}, key, words, one[1].vocabulary)  # else it goes without saying
    )


def may_be_closed(grant: Grant, terms: Terms) -> bool:
    """Tell whether contact rules, and refusals to a company of a grant, may close all channels that it names."""
    closed = {rule.channel for rule in terms.channels if rule.never}
    for refusal in terms.refusals:
        if common(refusal.to, grant.to):
            closed |= {*refusal.channels}
    return {*grant.channels} <= closed


def permits_more(member: str, one: Said, other: Said, at: int) -> bool:
    """Tell whether one grant permits at an instant, as far as one limit goes, something that another does not."""
    if member == "categories":
        return not covers(other[0].categories, one[0].categories)
    if member == "sharing":
        return not no_wider(one[0].sharing, other[0].sharing)
    return _measure(member, *one, at) > _measure(member, *other, at)


def permits_more_some_day(member: str, one: Said, other: Said) -> bool:
    """Tell the same of any day on which both versions hold: whether P1M is longer than P30D depends on the day."""
    begin = max(one[1].iat, other[1].iat)
    end = max(begin + 1, min(one[1].exp, other[1].exp))
    days = (*range(begin, end, DAY)[:_DAYS], end - 1) if member in _BY_THE_CALENDAR else (begin,)
    return any(permits_more(member, one, other, at) for at in days)


def _measure(member: str, grant: Grant, terms: Terms, at: int) -> float:
    """Give a limit as a number at an instant: the more, the more it permits."""
    match member:
        case "granularity":
            return -GRANULARITIES.index(grant.granularity) if grant.granularity else 0
        case "from_":
            return -max(parse_rfc3339(grant.from_), at) if grant.from_ else -at
        case "until":
            return end_of(grant, terms)
        case "frequency":
            return per_day(grant.frequency) if grant.frequency else inf
        case "lookback":
            return seconds_back(grant.lookback, at) if grant.lookback else inf
    return seconds_ahead(grant.retention, at) if grant.retention else inf


def refuses_more(one: Refusal, other: Refusal) -> bool:
    """Tell whether a refusal refuses something that another does not."""

    def beyond(words: Sequence[str], others: Sequence[str]) -> bool:
        return bool(others) and not (words and all(word in others or parent(word) in others for word in words))

    return (
        bool(without(one.to, other.to))
        or beyond(one.signals, other.signals)
        or beyond(one.purposes, other.purposes)
        or bool(other.channels and not (one.channels and {*one.channels} <= {*other.channels}))
        or not covers(other.categories, one.categories)
        # Asked without channel and category, a refusal closes the channels that it names, whatever its categories.
        or bool(one.channels and not other.channels and other.categories)
    )


def refused_beyond(one: Refusal, other: Refusal) -> Refusal | None:
    """Give what one refusal refuses and another leaves alone, if that can be told by a few names of one list."""
    lists = ((member, getattr(one, member), getattr(other, member)) for member in ("to", *SCOPE))
    differing = [(member, mine, theirs) for member, mine, theirs in lists if mine != theirs]
    member, mine, theirs = differing[0]
    names = tuple(name for name in mine if name not in theirs)
    # What the names hold beside themselves must not be among what is left.
    mixed = any(name == EVERYONE or parent(left) == name or within(left, name) for left in theirs for name in names)
    return None if len(differing) > 1 or mixed or not names or not theirs else replace(one, **{member: names})


def quiet_minutes(quiet: str | None) -> set[tuple[str, int]]:
    """Give the minutes of the day that are quiet, each with the time zone."""
    if quiet is None:
        return set()
    hours, zone = quiet.split(" ")
    begin, end = (int(time[:2]) * 60 + int(time[3:]) for time in hours.split("-"))
    return {(zone, (begin + minute) % 1440) for minute in range((end - begin) % 1440)}
