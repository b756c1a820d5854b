"""Which pages a profile has: for each language a first one and one for each company; where they stand, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlsplit

from sayso.profile.model import Terms
from sayso.publish.folder import Signed
from sayso.publish.overview import Card, Overview
from sayso.publish.words import Words, words_in
from sayso.texts import LANGUAGES, known


@dataclass(frozen=True)
class Profile:
    """What the pages show: the terms of a signed version, or of a preview that is not signed; and in which languages."""

    terms: Terms
    signed: Signed | None
    languages: tuple[str, ...]

    @cached_property
    def overview(self) -> Overview:
        """What it comes to, company by company."""
        return Overview(self.terms)

    @property
    def title(self) -> str:
        """The subject's name, or the address where there is none."""
        return self.terms.subject.name or self.host

    @property
    def host(self) -> str:
        """The address, as people say it."""
        parts = urlsplit(self.terms.sub)
        return parts.netloc + parts.path.rstrip("/")

    @property
    def state(self) -> str:
        """``live``, ``withdrawn`` or ``preview``."""
        if self.signed is None:
            return "preview"
        return "live" if self.terms.status == "active" else "withdrawn"

    def in_languages(self, wanted: Iterable[str]) -> Profile:
        """Give the same in other languages; in the same ones, if none are wanted."""
        return replace(self, languages=languages(self.terms, tuple(wanted)))

    def home(self, language: str) -> str:
        """Give the place of the first page in a language: a language that is not the first has a folder of its own."""
        return "" if language == self.languages[0] else f"{language}/"


@dataclass(frozen=True)
class Page:
    """One page: the first one, or that of a company, in a language; ``place`` is its folder below the base URL."""

    words: Words
    card: Card | None
    place: str


def languages(terms: Terms, wanted: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Give the languages of the pages: those asked for, else the subject's, as far as there are texts; English if none.

    Who has withdrawn says nothing of languages: then it is told in all of them.
    """
    if terms.status == "withdrawn" and not wanted:
        return tuple(LANGUAGES)
    return known(wanted or terms.subject.languages) or ("en",)


def pages(profile: Profile) -> Iterator[Page]:
    """Give every page of a profile, the first one first."""
    for language in profile.languages:
        home, words = profile.home(language), words_in(language)
        yield Page(words, None, home)
        for card in profile.overview.cards:
            yield Page(words, card, home + place_of(card))


def place_of(card: Card) -> str:
    """Give the place of a company's page below that of the first one."""
    return f"companies/{card.entry.domain if card.entry else 'everyone'}/"


def page_title(page: Page, profile: Profile) -> str:
    """Give the title of a page, which is plain text."""
    gettext, name = page.words.texts.gettext, profile.title
    if page.card is not None:
        name = page.card.entry.name or page.card.entry.domain if page.card.entry else gettext("Every company")
    if profile.state == "withdrawn":
        return gettext("Withdrawn: %(name)s") % {"name": name}
    return gettext("Preview: %(name)s") % {"name": name} if profile.state == "preview" else name


def alternates(page: Page, profile: Profile) -> list[tuple[str, str, str]]:
    """Give tag, name and place of the same page in each language."""
    rest = page.place.removeprefix(profile.home(page.words.language))
    return [(tag, LANGUAGES[tag], profile.home(tag) + rest) for tag in profile.languages]
