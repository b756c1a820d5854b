"""The vocabulary is whole."""

from __future__ import annotations

import json
import re

from sayso import spec
from support import ROOT

WORDS = spec.vocabulary()


def test_how_many() -> None:
    """There are 33 signals, 19 purposes, 12 channels, 7 stages and 26 product categories."""
    counts = [sum(word.parent is not None for word in part.values()) for part in (WORDS.signals, WORDS.purposes)]
    assert counts == [33, 19]
    assert [len(part) for part in (WORDS.channels, WORDS.stages, WORDS.categories)] == [12, 7, 26]


def test_explicit_only() -> None:
    """Six signals are never implied by their parent."""
    assert {word.key for word in WORDS.signals.values() if word.explicit_only} == {
        "browsing.cross_site", "purchase.elsewhere", "messages.engagement", "profile.inferred", "device.identifiers", "location.precise",
    }  # fmt: skip


def test_flags() -> None:
    """Three purposes may be granted to everyone, and four product categories are sensitive."""
    assert {word.key for word in WORDS.purposes.values() if word.open} == {
        "intent.response",
        "ads.contextual",
        "ads.suppression",
    }
    assert {word.key for word in WORDS.categories.values() if word.sensitive} == {"ma", "rc", "hb", "bt"}


def test_parents_are_there() -> None:
    """A word with a dot has the part before it for its parent, and the parent has none itself."""
    for part in (WORDS.signals, WORDS.purposes):
        for word in part.values():
            if word.parent is not None:
                assert word.key.startswith(f"{word.parent}.")
                assert part[word.parent].parent is None


def test_every_word_says_what_it_means() -> None:
    """Every word has a label; all but parents and product categories have one sentence, and signals and purposes mappings."""
    for part in (WORDS.signals, WORDS.purposes, WORDS.channels, WORDS.stages):
        parents = {word.parent for word in part.values()}
        for word in part.values():
            assert word.label
            if word.key in parents:
                assert word.definition == ""
            else:
                assert re.fullmatch(r"[A-Z].*\.", word.definition), word.key
    assert all(word.label for word in WORDS.categories.values())
    assert all(word.mappings for part in (WORDS.signals, WORDS.purposes) for word in part.values() if word.parent)


def test_mappings_have_a_grade_where_one_is_known() -> None:
    """The mapping of every signal to DPV says how good it is."""
    grades = {word.mappings["dpv"]["match"] for word in WORDS.signals.values() if word.parent}
    assert grades == {"exact", "close", "broad"}


def test_versions() -> None:
    """A word came with this version of the vocabulary or an earlier one; one that is advised against came before that."""
    for part in (WORDS.signals, WORDS.purposes, WORDS.channels, WORDS.stages, WORDS.categories):
        for word in part.values():
            assert 1 <= word.since <= WORDS.version
            assert word.deprecated is None or word.since < word.deprecated <= WORDS.version
            assert word.replaced_by is None or (word.deprecated is not None and word.replaced_by in part)


def test_columns() -> None:
    """The files of the vocabulary have the columns that SPEC.md names, and no others; each mapping has its terms."""
    text = (ROOT / "profile_spec" / "SPEC.md").read_text("utf-8")
    section = text[text.index('<a id="vocabulary">') : text.index('<a id="schemas">')]
    columns = {
        name for row in re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE) for name in re.findall("`([a-z_]+)`", row)
    }
    for name in ("signals", "purposes", "channels", "stages", "categories"):
        part = json.loads((ROOT / "profile_spec" / "sayso_spec" / "vocabulary" / f"{name}.json").read_text("utf-8"))
        for word in (*part["terms"], *part.get("parents", ())):
            assert set(word) <= columns
            for mapping in word.get("mappings", {}).values():
                assert set(mapping) <= {"match", "terms"}
                assert mapping["terms"]


def test_deprecated_words_are_told() -> None:
    """Editors and the page of words say that a word is advised against, and what to write in its place."""
    import derive

    assert derive.deprecation({"key": "a"}) == ""
    assert derive.deprecation({"key": "a", "deprecated": 2}) == " Deprecated."
    assert derive.deprecation({"key": "a", "deprecated": 2, "replaced_by": "b"}) == " Deprecated: write b."
