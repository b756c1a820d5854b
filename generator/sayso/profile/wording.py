"""The words in which an author is told what a profile says: of vocabulary, limits and time, in the author's language.

What is given are parts of a sentence, which ``sentences`` puts into whole ones. Every message is a phrase or a sentence by
itself, with names for what stands in it, so that a language may put them in its own order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from gettext import NullTranslations

from sayso import spec
from sayso.instants import DAY, duration, parse_rfc3339, rfc3339
from sayso.profile.model import EVERYONE, ContactRule
from sayso.profile.words import CATEGORY_PATTERN
from sayso.texts import catalogue


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence or a phrase: a form in some language, and what stands in its places.

    ``clauses`` follow after commas, and ``end`` at the very end. A tuple is a list, which is cut where there is no room.
    """

    form: str
    values: Mapping[str, Part] = field(default_factory=dict)
    clauses: tuple[Part, ...] = ()
    end: str = ""


Part = str | tuple[str, ...] | Said
Parts = Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a language (a tag of ``texts.LANGUAGES``); ``names`` are those of companies, by domain."""

    names: Mapping[str, str]
    language: str = "en"

    @property
    def texts(self) -> NullTranslations:
        """The catalogue of the language."""
        return catalogue(self.language)

    def company(self, domain: str) -> str:
        """Write a company with its domain, since a name alone could mislead."""
        name, address = self.names.get(domain), domain if len(domain) <= 80 else f"…{domain[-79:]}"
        return f"{short(name)} ({address})" if name else address

    def companies(self, to: Iterable[str]) -> tuple[str, ...] | str:
        """Write companies, or everyone."""
        domains = tuple(to)
        return self.texts.pgettext("whom", "everyone") if EVERYONE in domains else tuple(map(self.company, domains))

    def labels(self, member: str, keys: Iterable[str]) -> tuple[str, ...]:
        """Give the labels of words as one says them to the author: "what I asked for" is "what you asked for".

        A language of which that cannot be made by itself puts them in quotes, as the names that they are.
        """
        if member == "categories":
            return tuple(map(self.category, keys))
        if member == "channels":
            return tuple(map(self.way, keys))
        words = getattr(spec.vocabulary(), member)
        return tuple(self._label(member[:-1], words[key].label) if key in words else key for key in keys)

    def _label(self, kind: str, label: str) -> str:
        # note: a word of the vocabulary in a sentence; in quotes, where the language cannot put it there as it is
        form = self.texts.pgettext("word of the vocabulary", "%(label)s")
        return form % {"label": _to_you(label) if self.language == "en" else self.texts.pgettext(kind, label)}

    def category(self, key: str) -> str:
        """Write a product category by the label of the one that it lies under: the vocabulary names no others."""
        known = spec.vocabulary().categories
        label = self.texts.pgettext("category", known[key[:2]].label) if key[:2] in known else key[:2]
        if len(key) > 2:
            return self.texts.pgettext("in a sentence", "part of %(label)s (%(key)s)") % {"label": label, "key": key}
        return self.texts.pgettext("word of the vocabulary", "%(label)s") % {"label": label}

    def topic(self, text: str) -> str:
        """Write what an interest is in: a product category, or words of the author."""
        return self.category(text) if re.match(CATEGORY_PATTERN, text) else short(text)

    def quoted(self, text: str, most: int = 60) -> str:
        """Write a text of the author, or as much of it as there is room for."""
        return self.texts.gettext("“%(text)s”") % {"text": short(text, most)}

    def last_moment(self, at: int) -> str:
        """Write an end that is not included: at midnight it is the end of the day before."""
        if at % DAY:
            return self.moment(at)
        return self.texts.gettext("the end of %(day)s") % {"day": rfc3339(at - 1)[:10]}

    def moment(self, at: int) -> str:
        """Write an instant, as a day if it is the first one of it."""
        text = rfc3339(at)
        return text[:10] if at % DAY == 0 else f"{text[:10]} {text[11:19].removesuffix(':00')} UTC"

    def until(self, text: str) -> str:
        """Write the end, given as text, of something that does not include it."""
        return self.last_moment(parse_rfc3339(text))

    def day(self, at: int) -> str:
        """Write the day (UTC) of an instant."""
        return rfc3339(at)[:10]

    def length(self, text: str, years_from: int = 24) -> str:
        """Write a duration (``P6M``) in words, in years if it has so many months."""
        span, ngettext = duration(text), self.texts.ngettext
        years, months = divmod(span.months, 12) if span.months >= years_from else (0, span.months)
        weeks = span.days // 7 if span.days % 7 == 0 and span.days <= 56 else 0
        days = 0 if weeks else span.days
        counts = (
            (years, ngettext("%(num)d year", "%(num)d years", years)),
            (months, ngettext("%(num)d month", "%(num)d months", months)),
            (weeks, ngettext("%(num)d week", "%(num)d weeks", weeks)),
            (days, ngettext("%(num)d day", "%(num)d days", days)),
        )
        return self.both([form % {"num": count} for count, form in counts if count])

    def both(self, items: Iterable[str]) -> str:
        """Write two things or more with "and" between them."""
        first, *rest = items
        for item in rest:
            first = self.texts.pgettext("list", "%(first)s and %(last)s") % {"first": first, "last": item}
        return first

    def rate(self, text: str | None) -> str:
        """Write how often a company may make contact, ``2/P1M``."""
        if text is None:
            return self.texts.gettext("any number of contacts")
        number, span = text.split("/")
        count, ngettext, months, days = int(number), self.texts.ngettext, duration(span).months, duration(span).days
        forms = {
            (0, 1): ngettext("at most %(num)d contact a day", "at most %(num)d contacts a day", count),
            (0, 7): ngettext("at most %(num)d contact a week", "at most %(num)d contacts a week", count),
            (1, 0): ngettext("at most %(num)d contact a month", "at most %(num)d contacts a month", count),
            (12, 0): ngettext("at most %(num)d contact a year", "at most %(num)d contacts a year", count),
        }
        other = ngettext("at most %(num)d contact in %(span)s", "at most %(num)d contacts in %(span)s", count)
        return forms.get((months, days), other) % {"num": count, "span": self.length(span)}

    def level(self, key: str) -> str:
        """Say how much somebody cares."""
        pgettext = self.texts.pgettext
        return {
            "love": pgettext("how much", "love"),
            "like": pgettext("how much", "like"),
            "dislike": pgettext("how much", "dislike"),
        }[key]

    def rule(self, contact: ContactRule) -> tuple[str, str]:
        """Say how often, and when, a contact rule permits to contact the author."""
        outside = self.texts.gettext("only outside the hours %(hours)s") % {"hours": contact.quiet}
        return self.rate(contact.max), outside if contact.quiet else self.texts.gettext("at any hour")

    def way(self, channel: str) -> str:
        """Say how somebody is reached on a channel."""
        pgettext = self.texts.pgettext
        known = {
            "email": pgettext("way", "by e-mail"),
            "sms": pgettext("way", "by text message"),
            "messaging": pgettext("way", "by chat app"),
            "push": pgettext("way", "by push notification"),
            "in_app": pgettext("way", "in the app"),
            "on_site": pgettext("way", "on the web site"),
            "phone": pgettext("way", "by phone call"),
            "post": pgettext("way", "by letter post"),
            "ads_display": pgettext("way", "by advertising elsewhere"),
            "ads_social": pgettext("way", "by advertising on social platforms"),
            "in_store": pgettext("way", "in the shop"),
            "agent": pgettext("way", "by your software agent"),
        }
        return known.get(channel) or pgettext("way", "by %(channel)s") % {"channel": channel}


def bracket(what: str) -> str:
    """Give the id of an entry (``grants.offers``) for the end of a sentence."""
    return f" ({what.partition('.')[2]})"


def short(text: str, most: int = 60) -> str:
    """Give a text, or as much of it as there is room for."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _to_you(label: str) -> str:
    return re.sub(r"\b(I|me|my)\b", lambda mine: "your" if mine[0] == "my" else "you", label[0].lower() + label[1:])
