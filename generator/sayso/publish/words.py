"""The words of the page in one language: of the vocabulary, of days and durations, of limits and lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from gettext import NullTranslations

from sayso import spec
from sayso.instants import duration, parse_rfc3339, rfc3339
from sayso.profile.agreements import Agreed
from sayso.profile.limit_words import fineness
from sayso.profile.model import EVERYONE, Named, Refusal, Sharing
from sayso.texts import LANGUAGES, RIGHT_TO_LEFT, catalogue


@dataclass(frozen=True, slots=True)
class Words:
    """Says things in a language (a tag of ``texts.LANGUAGES``)."""

    language: str
    texts: NullTranslations

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``, as HTML has it."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def signal(self, key: str) -> str:
        """Name a signal."""
        return self._label("signal", spec.vocabulary().signals, key)

    def meaning(self, key: str) -> str:
        """Say what a signal means, as the person would; nothing for an unknown one."""
        word = spec.vocabulary().signals.get(key)
        return self.texts.pgettext("signal", word.definition) if word and word.definition else ""

    def purpose(self, key: str) -> str:
        """Name a purpose."""
        return self._label("purpose", spec.vocabulary().purposes, key)

    def channel(self, key: str) -> str:
        """Name a channel."""
        return self._label("channel", spec.vocabulary().channels, key)

    def stage(self, key: str) -> str:
        """Name a stage of a relationship."""
        return self._label("stage", spec.vocabulary().stages, key)

    def category(self, key: str) -> str:
        """Name a product category by the one that it lies under: the vocabulary names no others."""
        label = self._label("category", spec.vocabulary().categories, key[:2])
        # note: a product category that has only a number, below one that has a name
        return (
            label if len(key) == 2 else self.texts.gettext("part of %(label)s (%(key)s)") % {"label": label, "key": key}
        )

    def _label(self, kind: str, words: Mapping[str, spec.Word], key: str) -> str:
        return self.texts.pgettext(kind, words[key].label) if key in words else key

    def day(self, text: str) -> str:
        """Write the day (UTC) of an instant that is given as text."""
        year, month, day = text[:10].split("-")
        # note: a date; change the order as the language has it
        form = self.texts.gettext("%(day)s %(month)s %(year)s")
        return form % {"day": int(day), "month": _months(self.texts.gettext)[int(month) - 1], "year": year}

    def instant(self, at: int) -> str:
        """Write the day of an instant."""
        return self.day(rfc3339(at))

    def last_day(self, text: str) -> str:
        """Write the last day before an instant that is given as text."""
        return self.instant(parse_rfc3339(text) - 1)

    def duration(self, text: str) -> str:
        """Write a duration, ``P6M``."""
        span, ngettext = duration(text), self.texts.ngettext
        years, months = divmod(span.months, 12)
        weeks = span.days // 7 if span.days % 7 == 0 and span.days <= 56 else 0
        days = 0 if weeks else span.days
        parts = (
            (years, ngettext("%(num)d year", "%(num)d years", years)),
            (months, ngettext("%(num)d month", "%(num)d months", months)),
            (weeks, ngettext("%(num)d week", "%(num)d weeks", weeks)),
            (days, ngettext("%(num)d day", "%(num)d days", days)),
        )
        # note: what stands between the items of a list
        return self.texts.pgettext("list", ", ").join(form % {"num": count} for count, form in parts if count)

    def rate(self, text: str) -> str:
        """Write how often, ``2/P1M``."""
        number, span = text.split("/")
        count, ngettext = int(number), self.texts.ngettext
        forms = {
            "P1D": ngettext("%(num)d time a day", "%(num)d times a day", count),
            "P1W": ngettext("%(num)d time a week", "%(num)d times a week", count),
            "P1M": ngettext("%(num)d time a month", "%(num)d times a month", count),
            "P1Y": ngettext("%(num)d time a year", "%(num)d times a year", count),
        }
        other = ngettext("%(num)d time in %(span)s", "%(num)d times in %(span)s", count)
        return forms.get(span, other) % {"num": count, "span": self.duration(span)}

    def list(self, items: Iterable[str]) -> str:
        """Put things after each other, which may have commas themselves."""
        return " · ".join(items)

    def quiet(self, text: str) -> str:
        """Write quiet hours, ``20:00-08:00 Europe/Dublin``."""
        hours, _, zone = text.partition(" ")
        begin, _, end = hours.partition("-")
        form = self.texts.gettext("not from %(begin)s to %(end)s (time of %(zone)s)")
        return form % {"begin": begin, "end": end, "zone": f"\u2068{zone}\u2069"}

    def granularity(self, key: str) -> str:
        """Say how fine data may be."""
        return fineness(self.texts, key)

    def tag(self, language: str) -> str:
        """Name a language by its own name, where there are texts in it."""
        return LANGUAGES.get(language, language)

    def level(self, key: str) -> str:
        """Say how much somebody cares."""
        pgettext = self.texts.pgettext
        return {
            "love": pgettext("interest", "love it"),
            "like": pgettext("interest", "like it"),
            "dislike": pgettext("interest", "rather not"),
        }[key]

    def sharing(self, value: Sharing | None) -> str:
        """Say with whom data may be shared."""
        _ = self.texts.gettext
        if isinstance(value, Named):
            return _("only with %(companies)s") % {
                "companies": self.list(f"\u2068{name}\u2069" for name in value.named)
            }
        return {
            None: _("with nobody"),
            "processors": _("only with those who work for the company"),
            "anonymised": _("also with others, once nobody can be recognised"),
        }[value]

    def outside(self, found: Agreed) -> tuple[str, ...]:
        """Name what the standard agreements cannot say, or only in part."""
        _ = self.texts.gettext
        partly = _("%(purpose)s (but for the company's own advertising)")
        sharing = {
            "anonymised": _("sharing once nobody can be recognised, without the profiling that comes with it there"),
            "named": _("sharing with companies that are named"),
        }
        return (
            *map(self.purpose, found.outside),
            *(partly % {"purpose": self.purpose(key)} for key in found.partly),
            *(sharing[kind] for kind in found.sharing),
        )

    def recipients(self, to: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
        """Name companies, or everyone."""
        domains = tuple(to)
        return (self.texts.gettext("Everyone"),) if EVERYONE in domains else tuple(names.get(d, d) for d in domains)

    def scope(self, refusal: Refusal) -> tuple[str, ...]:
        """Say what a refusal is about: signals, purposes, channels, categories, each only if it names some."""
        parts = (
            (refusal.signals, self.signal),
            (refusal.purposes, self.purpose),
            (refusal.channels, self.channel),
            (refusal.categories, self.category),
        )
        said = tuple(self.list(map(name, keys)) for keys, name in parts if keys)
        return said or (self.texts.gettext("anything at all"),)


def words_in(language: str) -> Words:
    """Give the words of a language."""
    return Words(language, catalogue(language))


def _months(_: Callable[[str], str]) -> tuple[str, ...]:
    return (
        _("January"), _("February"), _("March"), _("April"), _("May"), _("June"),
        _("July"), _("August"), _("September"), _("October"), _("November"), _("December"),
    )  # fmt: skip
