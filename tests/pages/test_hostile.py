"""A text of a profile is text: whatever it looks like, it comes out as it was written, and does nothing."""

from __future__ import annotations

import importlib.util
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page

from pages.hostile import FIELDS, REFUSED, TEXTS, filled, harmless, profile_of
from pages.https import Web, web
from pages.profiles import PROFILES, Profile, written
from pages.visit import Visit, addresses, collapsed, visit
from sayso import spec
from sayso.errors import SourceError
from sayso.profile.source import load
from support import AT

#: The tree of elements with the names of their attributes; of addresses and policies also what they are.
STRUCTURE = """() => [...document.querySelectorAll('*')].map(e => {
  let depth = 0;
  for (let p = e; p; p = p.parentElement) depth++;
  const fixed = ['href', 'src', 'action', 'http-equiv', 'target', 'rel'].map(a => e.getAttribute(a)).filter(v => v !== null);
  return `${depth} ${e.tagName} ${e.getAttributeNames().sort().join(' ')} ${fixed.join(' ')}`;
})"""
#: A site of somebody's own, in which as many things as possible read Markdown in their own way.
OWN_SITE: Mapping[str, Any] = {
    "site_name": "A site of my own",
    "theme": {"name": "mkdocs"},
    "plugins": ["sayso", "search"],
    "markdown_extensions": ["extra", "toc", "admonition", "sane_lists", "smarty", "wikilinks", "meta", "nl2br"],
}
PYMDOWNX = ["pymdownx.snippets", "pymdownx.superfences", "pymdownx.magiclink", "pymdownx.emoji", "pymdownx.critic"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with web(tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture(scope="module")
def harmless_pages(served: Web, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Give the structure of every page of a profile whose texts mean nothing to any program."""
    texts = harmless()
    profile = published(served, tmp_path_factory.mktemp("harmless"), "harmless", texts["name"], [texts])
    return {address.removeprefix(profile.base): page for address, _, page in walk(served, profile)}


def published(web: Web, work: Path, host: str, name: str, texts: list[dict[str, str]]) -> Profile:
    base = f"https://{host}.example/"
    profile = Profile(host, base, lambda work: written(work, host, profile_of(base, name, texts)))
    profile.built(work, web.folder(base))
    return profile


def walk(web: Web, profile: Profile) -> Iterator[tuple[str, Page, list[str]]]:
    """Visit every page of a site; gives its address, the page itself, and its structure, with the host left out."""
    with visit(web, AT + 3_600) as seen:
        for address in addresses(web.folder(profile.base), profile.base, most=100):
            seen.go(address)
            yield address, seen.page, structure_of(seen.page, profile)
        assert_quiet(seen, profile)


def assert_quiet(seen: Visit, profile: Profile) -> None:
    assert seen.faults == []
    assert seen.foreign(profile.base) == []


def assert_no_dialog(seen: Visit) -> None:
    assert not [fault for fault in seen.faults if fault.startswith(("alert", "confirm", "prompt"))]


def structure_of(page: Page, profile: Profile) -> list[str]:
    found: list[str] = page.evaluate(STRUCTURE)
    return [line.replace(profile.base, "https://HOST/") for line in found]


def readable(page: Page) -> str:
    """Give what a person can read on a page, folded parts too."""
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    return plain(page.evaluate("document.body.innerText"))


def plain(text: str) -> str:
    return unicodedata.normalize("NFC", collapsed(text))


def unread(texts: Iterable[str], read: Iterable[str]) -> list[str]:
    everything = "\n".join(read)
    return [text for text in texts if plain(text) not in everything]


def test_there_is_a_hostile_text_for_every_field() -> None:
    """The fields tried here are as many as the schema has places for a free text, and the texts keep its limit."""
    places = json.dumps(json.loads(spec.schema_text("profile"))).count('"#/$defs/text"')
    assert len(FIELDS) == places
    assert max(len(text) for item in TEXTS.values() for text in filled(item).values()) <= 500


@pytest.mark.parametrize("text", TEXTS)
def test_it_comes_out_as_text(text: str, served: Web, harmless_pages: dict[str, list[str]], tmp_path: Path) -> None:
    """In every field a text is read as it was written, and no page has another element or attribute than with harmless words."""
    texts = filled(TEXTS[text])
    profile = published(served, tmp_path, f"text-{text}", texts["name"], [texts])
    read, titles = [], {}
    for address, page, structure in walk(served, profile):
        place = address.removeprefix(profile.base)
        assert structure == harmless_pages[place], f"{address}: {difference(structure, harmless_pages[place])}"
        read.append(readable(page))
        titles[place] = plain(page.title())
    assert unread(texts.values(), read) == []
    assert plain(texts["name"]) in titles[""]
    assert len(titles) == len(harmless_pages)


def difference(one: list[str], other: list[str]) -> str:
    more, less = Counter(one) - Counter(other), Counter(other) - Counter(one)
    return f"more {dict(more)}, less {dict(less)}"


@pytest.mark.parametrize("character", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("how", ["as it is", "escaped"])
def test_what_hides_text_is_refused(character: str, how: str) -> None:
    """A character that hides or turns round what one reads is in no profile, however it is written in the source."""
    shown = json.dumps(f"a{character}b", ensure_ascii=how == "escaped")
    text = f'{{sayso: 1, me: {{url: "https://ada.example/", name: {shown}}}, valid: {{for: P6M}}}}'
    if how == "escaped" or character >= " ":
        assert load(text.replace(shown, '"ab"').encode()).data["me"]["name"] == "ab"
    with pytest.raises(SourceError) as raised:
        load(text.replace("\\u0000", "\\0").encode())
    assert {problem.code for problem in raised.value.problems} <= {"source-character", "yaml-syntax"}


@pytest.fixture(scope="module")
def own_sites(served: Web, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Profile]:
    """Build two sites of one's own, with a theme and extensions that are not ours: one hostile, one harmless."""
    extensions = PYMDOWNX if importlib.util.find_spec("pymdownx") else []
    settings = {**OWN_SITE, "markdown_extensions": [*OWN_SITE["markdown_extensions"], *extensions]}
    names = {"hostile": filled(TEXTS["end-of-title"])["name"], "harmless": "harmless name"}
    texts = {
        "hostile": [filled(text) for text in TEXTS.values()],
        "harmless": [harmless(number) for number, _ in enumerate(TEXTS)],
    }

    def made(work: Path, host: str) -> Path:
        base = f"https://own-{host}.example/"
        folder = written(work, host, profile_of(base, names[host], texts[host]))
        (folder / "docs").mkdir()
        (folder / "docs" / "notes.md").write_text("# Notes\n\nSome *harmless* words of my own.\n")
        (folder / "mkdocs.yml").write_text(yaml.safe_dump({**settings, "site_url": base}))
        return folder

    profiles = {host: Profile(host, f"https://own-{host}.example/", partial(made, host=host)) for host in names}
    for profile in profiles.values():
        profile.built(tmp_path_factory.mktemp("own"), served.folder(profile.base))
    return profiles


def test_it_is_text_in_another_theme(served: Web, own_sites: dict[str, Profile]) -> None:
    """In a site with another theme and Markdown extensions every text is read as it was written, and adds no element."""
    read: dict[str, list[str]] = {}
    structures: dict[str, list[list[str]]] = {}
    for host, profile in own_sites.items():
        read[host], structures[host] = [], []
        with visit(served, AT + 3_600, scripts=False) as seen:
            for address in addresses(served.folder(profile.base), profile.base, most=100):
                seen.go(address)
                read[host].append(readable(seen.page))
                structures[host].append(structure_of(seen.page, profile))
    for hostile, meek in zip(structures["hostile"], structures["harmless"], strict=True):
        assert hostile == meek, difference(hostile, meek)
    texts = [item for text in TEXTS.values() for field, item in filled(text).items() if field != "name"]
    assert unread([*texts, filled(TEXTS["end-of-title"])["name"]], read["hostile"]) == []


def test_nothing_happens_in_another_theme(served: Web, own_sites: dict[str, Profile]) -> None:
    """With that theme's own scripts running, its pages do and ask for the same as with harmless words."""
    asked: dict[str, set[str]] = {}
    for host, profile in own_sites.items():
        with visit(served, AT + 3_600) as seen:
            for address in addresses(served.folder(own_sites["harmless"].base), profile.base, most=1):
                seen.go(address)
            asked[host] = {request.replace(profile.base, "https://HOST/") for request in seen.requests}
            assert_no_dialog(seen)
    assert asked["hostile"] == asked["harmless"]


def test_a_search_finds_it_as_text(served: Web, own_sites: dict[str, Profile]) -> None:
    """The index of a search is data that holds the texts, and a search in the page shows them as text."""
    index = (served.folder(own_sites["hostile"].base) / "search" / "search_index.json").read_text("utf-8")
    indexed = plain(" ".join(entry["text"] for entry in json.loads(index)["docs"]))
    for text in ("script", "template-expression", "entities"):
        assert plain(filled(TEXTS[text])["companynote"]) in indexed
    with visit(served, AT + 3_600) as seen:
        seen.go(own_sites["hostile"].base + "search.html?q=companynote")
        results = seen.page.locator("#mkdocs-search-results")
        results.locator("article").first.wait_for(state="attached")
        inside = results.evaluate("e => [...new Set([...e.querySelectorAll('*')].map(e => e.tagName))].sort()")
        assert inside == ["A", "ARTICLE", "H3", "P"]
        assert_no_dialog(seen)


def test_all_texts_at_once(served: Web, tmp_path: Path) -> None:
    """With all texts in one profile each of them is read on one of its pages."""
    profile = PROFILES["hostile"]
    profile.built(tmp_path, served.folder(profile.base))
    read = [readable(page) for _, page, _ in walk(served, profile)]
    texts = [item for text in TEXTS.values() for field, item in filled(text).items() if field != "name"]
    assert unread(texts, read) == []
