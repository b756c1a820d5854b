"""The texts in other languages: complete, compiled, and none that is not among them."""

from __future__ import annotations

import re
import subprocess
import sys
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from catalogues import LOCALES, compiled, messages
from sayso import spec
from sayso.publish.page import render, render_head
from sayso.publish.pages import Page, Profile
from sayso.publish.shown import draft, of_signed, published
from sayso.publish.signing import prepare, sign
from sayso.publish.words import Words, words_in
from sayso.texts import LANGUAGES, RIGHT_TO_LEFT, catalogue, known, language_of
from sign_examples import public_test_key
from support import ADA, AT, CONSUMERS, ROOT, consumer, edit

CATALOGUES = sorted(LOCALES.glob("*/LC_MESSAGES/sayso.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


class Pseudo(NullTranslations):
    """A language in which every text says that it went through a catalogue."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - as gettext has it
        return f"⟦{message}⟧"


def test_every_language_has_a_catalogue() -> None:
    """There is a catalogue for each language but English, and for no other."""
    assert {path.parent.parent.name for path in CATALOGUES} == LANGUAGES.keys() - {"en"}
    assert LANGUAGES.keys() >= RIGHT_TO_LEFT


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_every_message_is_translated(path: Path) -> None:
    """Each message of code, templates and vocabulary has a translation in each form, with the same placeholders."""
    with path.open("rb") as file:
        found = read_po(file, locale=path.parent.parent.name)
    template = messages()
    assert {(m.id, m.context) for m in found} == {(m.id, m.context) for m in template}
    for message in found:
        if not message.id:
            continue
        forms = _texts(message.string)
        texts = _texts(message.id)
        assert len(forms) == (found.num_plurals if isinstance(message.id, tuple) else 1), message.id
        for form in forms:
            assert form, message.id
            missing = {*PLACEHOLDER.findall(texts[-1])} ^ {*PLACEHOLDER.findall(form)}
            assert missing <= ({"%(num)d", "%(num)s"} if len(forms) == 6 else set()), message.id  # Arabic has a dual
            assert form.endswith(" ") == texts[-1].endswith(" "), message.id


def _texts(message: object) -> tuple[str, ...]:
    return tuple(map(str, message)) if isinstance(message, tuple | list) else (str(message),)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_catalogues_are_compiled(path: Path) -> None:
    """What is loaded was compiled from the catalogue as it is now."""
    assert path.with_suffix(".mo").read_bytes() == compiled(path)


def test_catalogues_are_in_step() -> None:
    """Bringing the catalogues in step with code, templates and vocabulary changes nothing."""
    done = subprocess.run(
        [sys.executable, "generator/catalogues.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_every_word_of_the_vocabulary_has_a_label(language: str) -> None:
    """Each word of the vocabulary is called something in each language, which is not its English label but for a few."""
    words, english = words_in(language), words_in("en")
    known_words = spec.vocabulary()
    for naming, part in ((Words.signal, known_words.signals), (Words.purpose, known_words.purposes),
                         (Words.channel, known_words.channels), (Words.stage, known_words.stages),
                         (Words.category, known_words.categories)):  # fmt: skip
        same = [key for key in part if naming(words, key) == naming(english, key)]
        assert len(same) <= 5, same
    assert [
        key for key in known_words.signals if words.meaning(key) and words.meaning(key) == english.meaning(key)
    ] == []


@pytest.mark.parametrize("name", ["ada", "nothing", "withdrawn", "preview"])
def test_no_text_is_hard_coded(name: str, tmp_path: Path) -> None:
    """In a language that marks its texts, all that a person reads on the pages is marked, or is of the profile itself."""
    profile = _profile(name, tmp_path)
    words = Words("en", Pseudo())
    for card in (None, *profile.overview.cards):
        page = Page(words, card, "")
        html: str = render(page, profile, lambda path: path) + render_head(
            page, profile, lambda path: path, picture="", address="", unlisted=False
        )
        html = re.sub(
            r"<(code|svg|bdi|time)\b[^>]*>.*?</\1>", "", html, flags=re.DOTALL
        )  # of machines, and of the profile
        html = re.sub(r'<(p|dd|strong|li)[^>]* dir="auto">.*?</\1>', "", html, flags=re.DOTALL)
        html = re.sub(
            r"<dl class=\"digests\">.*?</dl>|<nav.*?</nav>|<a href=\"sayso/[^>]*>[a-z.]+</a>|<a href=\"@js/[^>]*>[a-z.]+</a>",
            "",
            html,
            flags=re.DOTALL,
        )
        texts = re.findall(r">([^<]+)<", html) + re.findall(
            r' (?:aria-label|title|alt|content|data-mark)="([^"]*)"', html
        )
        own = {profile.title, *profile.overview.names.values()}
        for text in (text for text in texts if text not in own):
            while (left := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
                text = left
            assert not re.search(
                r"[^\W\d_]{2,}", re.sub(r"https?://\S+|\bIE\b|English|Français|module|profile|noindex", "", text)
            ), text


def _profile(name: str, work: Path) -> Profile:
    if name == "preview":
        return draft(ADA, AT)
    if name == "withdrawn":
        ada = consumer(work)
        edit(ada / "profile.yml", "valid: {for: P6M}", "valid: {for: P6M}\nstatus: withdrawn")
        return of_signed(sign(prepare(ada, lambda: AT + 60), public_test_key("ada daily")))
    return published(CONSUMERS / name, AT)


@pytest.mark.parametrize(
    ("tags", "found"),
    [(["de-AT", "en"], ("de", "en")), (["fr_CA.UTF-8", "fr"], ("fr",)), (["pl", "zh-Hant"], ()), (["AR"], ("ar",)), (["de@euro"], ("de",))],
)  # fmt: skip
def test_known_languages(tags: list[str], found: tuple[str, ...]) -> None:
    """A region, a script or an encoding in a tag does not hide a language that there are texts for."""
    assert known(tags) == found


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "pl:fr"}, "fr"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "fr"}, "en"),
        ({"LANG": "pl_PL.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ar"}, "ar"),
    ],
)
def test_the_language_of_a_terminal(environment: dict[str, str], language: str) -> None:
    """The language of questions is chosen as gettext chooses it."""
    assert language_of(environment) == language
    assert catalogue(language) is catalogue(language)
