"""The words in which an author is told what a profile says: of companies, vocabulary, limits and time, in plain English.

What is given are parts of a sentence, which ``telling`` puts together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sayso import spec
from sayso.instants import DAY, duration, parse_rfc3339, rfc3339
from sayso.profile.model import EVERYONE, ContactRule, Grant, Named, Refusal, Want
from sayso.profile.stricter import LIMITS
from sayso.profile.words import CATEGORY_PATTERN

Part = str | tuple[str, ...]  # of a sentence; a tuple is a list, which is cut where there is no room

# Of each limit: what a company does within it, how a new grant begins to tell it, and the words for there being none.
_LIMITS = {
    "categories": ("use this permission", "", "about any product"),
    "granularity": ("see", "as ", "every detail"),
    "lookback": ("use data", "with data ", "of any age"),
    "frequency": ("make", "with ", "any number of contacts"),
    "retention": ("keep your data", "kept ", "without a stated limit"),
    "sharing": ("share your data", "shared ", "with nobody"),
    "from_": ("use this permission", "", "from the beginning"),
    "until": ("use this permission", "", "as long as the profile holds"),
}
_AS_FINE_AS = {
    "event": "every single event",
    "item": "single items",
    "category": "product categories only",
    "band": "rough bands only",
    "aggregate": "figures about many people only",
}
_SHARED_WITH = {
    "processors": "only with those who work for them",
    "anonymised": "also with others, once nobody can be recognised",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words for companies, whose names these are by domain, and for what they may do.

    Where all is told ``anew``, nothing was there before, and nothing is said to be so *now*, or not *any more*.
    """

    names: dict[str, str]
    anew: bool

    @property
    def now(self) -> str:
        """The word for what was not so before."""
        return "" if self.anew else "now "

    def company(self, domain: str) -> str:
        """Write a company with its domain, since a name alone could mislead."""
        name, address = self.names.get(domain), domain if len(domain) <= 80 else f"…{domain[-79:]}"
        return f"{_short(name)} ({address})" if name else address

    def may(self, to: Sequence[str], *does: Part) -> tuple[Part, ...]:
        """Say what is given to some companies, or to everyone."""
        return (*(("Every company",) if EVERYONE in to else self._who(to)), f" may {self.now}", *does)

    def may_no_longer(self, to: Sequence[str], *does: Part) -> tuple[Part, ...]:
        """Say what is lost; what everyone loses, some company may still be granted by name."""
        if EVERYONE in to:
            return ("Not every company may still ", *does)
        return (*self._who(to), " may no longer ", *does)

    def _who(self, to: Sequence[str]) -> tuple[Part, ...]:
        """Begin a sentence with companies, and with a capital letter."""
        names = tuple(map(self.company, to))
        begin = "" if names[0][0].isupper() else "The company " if len(names) == 1 else "The companies "
        return begin, names

    def within(self, grant: Grant) -> Iterator[Part]:
        """Tell the limits of a new grant, and what the author gets in return."""
        if not grant.channels:
            yield ", but not contact you"
        for member in LIMITS:
            if value := getattr(grant, member):
                yield f", {_LIMITS[member][1]}"
                yield from self.limit(member, value)
        if grant.in_return:
            yield f", in return for {quoted(grant.in_return)}"

    def limit(self, member: str, value: Any) -> tuple[Part, ...]:
        """Put a limit in words that follow on what a company ``does`` within it."""
        if not value:
            return (_LIMITS[member][2],)
        if member == "categories":
            return ("only about ", labels(member, value))
        if isinstance(value, Named):
            return ("only with ", tuple(map(self.company, value.named)))
        match member:
            case "granularity":
                return (_AS_FINE_AS[value],)
            case "lookback":
                return (f"of the last {length(value).removeprefix('1 ')}",)
            case "frequency":
                return (_rate(value),)
            case "retention":
                return (f"for {length(value)}",)
            case "from_":
                return (f"from {_moment(parse_rfc3339(value))} on",)
            case "until":
                return (f"until {last_moment(parse_rfc3339(value))}",)
        return (_SHARED_WITH[value],)

    def refused(self, refusal: Refusal) -> tuple[Part, ...]:
        """Say whom and what a refusal refuses."""
        parts: list[Part] = ["everyone" if EVERYONE in refusal.to else tuple(map(self.company, refusal.to)), ": "]
        for member, first, later in (
            ("signals", "seeing ", ""),
            ("purposes", "", " for "),
            ("channels", "reaching you ", " "),
            ("categories", "anything about ", " about "),
        ):
            if keys := getattr(refusal, member):
                parts += [later if len(parts) > 2 else first, labels(member, keys)]
        return (*parts, "everything") if len(parts) == 2 else tuple(parts)


def does(member: str) -> str:
    """Say what a company does within a limit."""
    return _LIMITS[member][0]


def purpose_of(grant: Grant, want: Want | None) -> tuple[Part, ...]:
    """Say what a grant is for, or one that stands for a want."""
    about: tuple[Part, ...] = ("see ", labels("signals", grant.signals), ", for ", labels("purposes", grant.purposes))
    if want:
        about = (f"make you offers for {quoted(want.what)}",)
    return (*about, ", ", labels("channels", grant.channels)) if grant.channels else about


def rule(contact: ContactRule) -> tuple[str, str]:
    """Say how often, and when, a contact rule permits to contact the author."""
    return (
        _rate(contact.max) if contact.max else "any number of contacts",
        f"only outside the hours {contact.quiet}" if contact.quiet else "at any hour",
    )


def bracket(what: str) -> str:
    """Give the id of an entry (``grants.offers``) for the end of a sentence."""
    return f" ({what.partition('.')[2]})"


def labels(member: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Give the labels of words as one says them to the author: "what I asked for" is "what you asked for"."""
    if member == "categories":
        return tuple(map(category, keys))
    words = getattr(spec.vocabulary(), member)
    said = (_to_you(words[key].label) if key in words else key for key in keys)
    return tuple(f"by {label}" if member == "channels" and label[:3] not in ("in ", "on ") else label for label in said)


def category(key: str) -> str:
    """Write a product category by the label of the one that it lies under: the vocabulary names no others."""
    known = spec.vocabulary().categories
    label = known[key[:2]].label if key[:2] in known else key[:2]
    return label if len(key) == 2 else f"part of {label} ({key})"


def topic(text: str) -> str:
    """Write what an interest is in: a product category, or words of the author."""
    return category(text) if re.match(CATEGORY_PATTERN, text) else _short(text)


def quoted(text: str, most: int = 60) -> str:
    """Write a text of the author, or as much of it as there is room for."""
    return f"“{_short(text, most)}”"


def last_moment(at: int) -> str:
    """Write an end that is not included: at midnight it is the end of the day before."""
    return f"the end of {rfc3339(at - 1)[:10]}" if at % DAY == 0 else _moment(at)


def length(text: str, years_from: int = 24) -> str:
    """Write a duration (``P6M``) in words, in years if it has so many months."""
    span = duration(text)
    years, months = divmod(span.months, 12) if span.months >= years_from else (0, span.months)
    weeks = span.days // 7 if span.days % 7 == 0 and span.days <= 56 else 0
    counts = ((years, "year"), (months, "month"), (weeks, "week"), (0 if weeks else span.days, "day"))
    return " and ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in counts if count)


def _rate(text: str) -> str:
    count, span = text.split("/")
    each = {"1 day": "a day", "1 week": "a week", "1 month": "a month", "12 months": "a year"}
    return f"at most {count} contact{'' if count == '1' else 's'} {each.get(length(span), f'in {length(span)}')}"


def _moment(at: int) -> str:
    text = rfc3339(at)
    return text[:10] if at % DAY == 0 else f"{text[:10]} {text[11:19].removesuffix(':00')} UTC"


def _to_you(label: str) -> str:
    return re.sub(r"\b(I|me|my)\b", lambda mine: "your" if mine[0] == "my" else "you", label[0].lower() + label[1:])


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
