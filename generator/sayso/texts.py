"""The languages that pages and questions are written in: gettext catalogues, one for each but English, which is the source.

Signed files hold words of the vocabulary only; what they are called in a language is said here. The labels and definitions
of the vocabulary are messages too, each in the context of its kind.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

#: The languages that there are catalogues for, by tag (BCP 47), each by its own name.
LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "ar": "العربية"}
RIGHT_TO_LEFT = frozenset({"ar"})


@cache
def catalogue(language: str) -> NullTranslations:
    """Load the catalogue of one of ``LANGUAGES``."""
    if language == "en":
        return NullTranslations()
    place = files("sayso").joinpath("locales", language, "LC_MESSAGES", "sayso.mo")
    if not place.is_file():
        raise RuntimeError(f"the texts in {LANGUAGES[language]} are not compiled: install sayso again")
    with place.open("rb") as file:
        return GNUTranslations(file)


def known(tags: Iterable[str]) -> tuple[str, ...]:
    """Give those of some language tags that there is a catalogue for, in their order, without region or script."""
    bases = (re.split(r"[-_.@]", tag)[0].lower() for tag in tags)
    return tuple(dict.fromkeys(base for base in bases if base in LANGUAGES))


def language_of(environment: Mapping[str, str]) -> str:
    """Give the language that somebody's terminal speaks, as gettext has it: LANGUAGE, LC_ALL, LC_MESSAGES, LANG."""
    locale = next((text for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (text := environment.get(name))), "C")
    if locale.partition(".")[0] in ("C", "POSIX"):
        return "en"
    return (*known((*environment.get("LANGUAGE", "").split(":"), locale)), "en")[0]


def gettext(message: str) -> str:
    """Say something in the language of the terminal: what people are asked, and what they are told while they answer."""
    return catalogue(language_of(os.environ)).gettext(message)
