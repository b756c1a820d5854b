"""The text of a new profile: from every starting point, in every language, with whatever name."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sayso import spec
from sayso.errors import SourceError
from sayso.profile.check import check
from sayso.profile.compile import compile_terms
from sayso.profile.layout import Layout
from sayso.profile.model import Grant, Terms
from sayso.profile.scalars import flow, scalar
from sayso.profile.source import load
from sayso.profile.taking_back import revoke
from sayso.publish.beginning import Answers, problems, profile_text
from sayso.publish.homes import home
from sayso.publish.starts import starts
from sayso.texts import LANGUAGES, catalogue
from support import AT, ROOT

SHOPS = ("northpeak.example", "xn--bcher-kva.example", "1a.example")
NAMES = ("", "Ada", "no", "Null", "12", "1e3", "2026-11-21", "Ada: b # c", '"', "'", "\\", "- x", "آدا", "👩‍🚀", "a\tb", "~", "[x]", "&a", "!b", "%c", "@d", "`e`", "true", "…", "=")  # fmt: skip
WANT = 'boots: "EU 41" #1'


def answers(start: str, name: str = "", language: str = "en") -> Answers:
    """Give the answers of somebody who begins in one way, with as much as that has to know."""
    takes = starts(str)[start].takes
    return Answers(
        "https://ada.example/it's/", start, name, (language, "no"), SHOPS if takes != "nothing" else (), WANT if takes == "want" else ""
    )  # fmt: skip


def terms(said: Answers, language: str = "en") -> Terms:
    source = load(profile_text(said, catalogue(language).gettext).encode())
    assert check(source, AT) == ()
    return compile_terms(source, AT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("start", starts(str))
def test_every_text_says_what_was_answered(start: str, language: str) -> None:
    """In each language each starting point, with each strange name, makes a profile without a warning that says just that."""
    for name in NAMES:
        found = terms(answers(start, name, language), language)
        assert (found.sub, found.subject.name) == ("https://ada.example/it's/", name or None)
        assert found.subject.languages == (language, "no")
        assert found.exp - found.iat == 180 * 86_400
        assert [want.what for want in found.wants] == ([WANT] if start == "market" else [])


def granted(start: str) -> list[Grant]:
    return list(terms(answers(start)).grants)


def test_each_start_permits_what_its_sentence_says() -> None:
    """Nothing permits nothing; service, offers and market permit the shops that were named their purpose, by e-mail."""
    assert granted("nothing") == []
    purposes = {"service": ("service.delivery",), "offers": ("marketing.direct", "offers.personalised"), "market": ("intent.response",)}  # fmt: skip
    for start, wanted in purposes.items():
        [grant] = granted(start)
        assert set(grant.to) == set(SHOPS)
        assert tuple(sorted(grant.purposes)) == wanted
        assert tuple(grant.channels) == ("email",)
    assert granted("offers")[0].frequency == "2/P1M"


def test_each_start_resembles_the_agreements_of_its_purposes() -> None:
    """The agreement that a starting point resembles is that of its purposes in the vocabulary, and one that is in none is told."""
    ids = {"SD-BASE": "SD-BASE", "+ATP": "SD-BASE-ATP", "PDC-INTENT": "PDC-INTENT"}
    for name, start in starts(str).items():
        purposes = [purpose for grant in granted(name) for purpose in grant.purposes]
        words = [spec.vocabulary().purposes[purpose].mappings.get("ieee7012_agreement") for purpose in purposes]
        terms_of = [word["terms"][0] if word else "none" for word in words]
        found = [ids[term] for term in terms_of if term in ids] or ["none of its agreements"]
        assert re.findall(r"resembles (.*?)(?:,|$)", start.resembles) == found
        assert ("says more" in start.resembles) == any(term not in ids for term in terms_of)


def test_the_first_line_speaks_to_the_editor() -> None:
    """The first line of every text names the schema that lies beside it, as the documentation has it."""
    for start in starts(str):
        first = profile_text(answers(start), str).partition("\n")[0]
        assert first in (ROOT / "site" / "content" / "publish.md").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_is_well_formed(language: str) -> None:
    """No line is wider than an editor's window, ends in a space or holds a tab; nothing but remarks differs between languages."""
    for start in starts(str):
        text = profile_text(answers(start), catalogue(language).gettext)
        assert all(len(line) <= 105 and line == line.rstrip() and "\t" not in line for line in text.splitlines())
        assert re.search(r"[^\n]\n\Z", text)
        assert "\n\n\n" not in text
        bare = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
        assert bare == [
            line for line in profile_text(answers(start), str).splitlines() if not line.lstrip().startswith("#")
        ]


def test_a_want_without_shops_can_be_opened_as_the_remark_says() -> None:
    """With the # and one space taken away from the lines that the remark is about, a shop may answer."""
    text = profile_text(Answers("https://ada.example/", "market", want="boots"), str)
    assert terms(Answers("https://ada.example/", "market", want="boots")).grants == ()
    for line in ("companies:", "  northpeak.example: {}", "open_to: [northpeak.example]", "channels: [email]"):
        assert text.count(f"# {line}") == 1
        text = text.replace(f"# {line}", line)
    source = load(text.encode())
    assert check(source, AT) == ()
    assert [grant.to for grant in compile_terms(source, AT).grants] == [("northpeak.example",)]


def test_it_can_be_taken_back_by_line() -> None:
    """What the text grants can be taken back from one shop, and then from all, by `sayso revoke`."""
    data = profile_text(answers("offers"), str).encode()
    Layout(data)
    data = revoke(data, "northpeak.example", AT, "profile.yml")
    assert [grant.to for grant in compile_terms(load(data), AT).grants] == [tuple(sorted(SHOPS[1:]))]
    data = revoke(data, None, AT, "profile.yml")
    assert compile_terms(load(data), AT).grants == ()


def test_many_shops_stand_below_each_other() -> None:
    """Shops that do not fit into one line stand in one line each, and are all permitted."""
    shops = tuple(f"shop-number-{number}.example" for number in range(20))
    found = terms(Answers("https://ada.example/", "offers", shops=shops))
    assert set(found.grants[0].to) == set(shops)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_is_read_back(text: str) -> None:
    """A text that a source may have is read back as it is, by our loader and by PyYAML alone, in a list too."""
    try:
        found = load(f"- {scalar(text)}\n- {flow((text, 'x'))}\n".encode()).data
    except SourceError as error:
        assert {problem.code for problem in error.problems} <= {"source-character"}
        return
    assert found == [text, [text, "x"]]
    assert yaml.safe_load(f"a: {scalar(text)}") == {"a": text}


@pytest.mark.parametrize("text", ["\x07", "a\u202eb", "\udcff", "x" * 5000, "ada@ada.example"])
def test_what_cannot_be_a_name_is_told(text: str) -> None:
    """A name with controls, of bytes that are no text, too long, or with an e-mail address, is a problem, and no bug."""
    assert any(
        found.severity == "error" for found in problems(Answers("https://ada.example/", "nothing", name=text), AT)
    )


@pytest.mark.parametrize(
    ("typed", "url", "warnings"),
    [
        ("ada.example", "https://ada.example/", 0),
        ("HTTP://Ada.Example", "https://ada.example/", 0),
        ("https://ada.example/index.html", "https://ada.example/", 0),
        ("ada.github.io", "https://ada.github.io/", 0),
        ("ada.github.io/profile", "https://ada.github.io/profile/", 2),
        ("ada.gitlab.io/profile/", "https://ada.gitlab.io/profile/", 2),
        ("https://people.example/ada", "https://people.example/ada/", 2),
        ("github.io", "https://github.io/", 1),
        ("netlify.app/ada", "https://netlify.app/ada/", 1),
        ("co.uk", "https://co.uk/", 1),
        ("https://github.com/ada", "https://github.com/ada/", 1),
        ("bücher.example", "https://xn--bcher-kva.example/", 0),
    ],
)
def test_an_address_is_made_the_one_form(typed: str, url: str, warnings: int) -> None:
    """An address is taken as it may be typed, and where it is no origin root, or somebody else's, that is told."""
    found = home(typed, str)
    assert found is not None
    assert (found.url, len(found.warnings)) == (url, warnings)


@pytest.mark.parametrize("typed", ["", "ada", "https://", "ada.example/?x", "ada@ada.example", "127.0.0.1", "ftp://ada.example/", "ada.example:8080"])  # fmt: skip
def test_no_address_is_none(typed: str) -> None:
    """What cannot be the address of a profile is none."""
    assert home(typed, str) is None
