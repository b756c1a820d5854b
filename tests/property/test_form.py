"""The form: what nobody touches stays, whatever the file looks like; what somebody changes is what changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.editor.controls import ABSENT, Many
from sayso.editor.forms import LISTS, SECTIONS, Form, entries, form_of
from sayso.editor.posting import Values, values_of
from sayso.editor.steps import Step, fresh_id, rebased, wanted
from sayso.errors import SourceError
from sayso.profile.rewriting import rewritten
from sayso.profile.source import load
from support import ADA, CONSUMERS, ROOT

FILES = sorted(
    [*CONSUMERS.glob("*/profile.yml"), *(ROOT / "tests").glob("broken/*.yml"), *(ROOT / "tests").glob("styles/*.yml")]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def read(path: Path) -> Any:
    """Load a file, or give nothing for one that cannot be read."""
    try:
        return load(path.read_bytes()).data
    except SourceError:
        return None


def as_browser_sends(values: Values) -> Values:
    """Give values as they come back from a browser, which ends lines in its own way."""
    from urllib.parse import quote_plus

    pairs = ((name, value.replace("\n", "\r\n")) for name, given in values.items() for value in given)
    return values_of("&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode())


def edits(data: Any) -> Iterator[Step]:
    """Give a step for each entry that changes nothing of it."""
    for section in SECTIONS:
        for name, entry in entries(data, section):
            yield Step("edit", section, name, as_browser_sends(form_of(section).values(entry)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_form_that_comes_back_as_it_was_changes_nothing(path: Path) -> None:
    """Of every file, right or wrong, in every style, the form of every entry posted untouched gives the very same data."""
    data = read(path)
    for step in edits(data):
        assert wanted(data, step) is data, (step.section, step.entry)


@given(st.sampled_from([*SECTIONS]), VALUES, st.data())
def test_whatever_stands_in_the_place_of_an_entry(section: str, entry: Any, data: st.DataObject) -> None:
    """An entry of any shape, and members of any shape, come through a form untouched as they are."""
    form = form_of(section)
    assert form.read(as_browser_sends(form.values(entry)), entry) is entry
    names = [field.name for field in form.fields] + ["ext", "typo"]
    members = data.draw(st.dictionaries(st.sampled_from(names), VALUES))
    assert form.read(as_browser_sends(form.values(members)), members) is members


@given(st.data())
def test_one_field_changes_one_member(data: st.DataObject) -> None:
    """A text typed into one field changes that member of that entry, and nothing else in the profile."""
    before = load((ADA / "profile.yml").read_bytes()).data
    steps = [step for step in edits(before) if step.section not in ("channels", "valid", "groups")]
    step = data.draw(st.sampled_from(steps))
    form = form_of(step.section)
    field = data.draw(
        st.sampled_from([f for f in form.fields if not isinstance(f.kind, Many) and f.name in step.values])
    )
    typed = data.draw(st.text(st.characters(categories=["L", "N"]), min_size=1).map(lambda text: f"x{text}"))
    after = wanted(before, Step("edit", step.section, step.entry, {**step.values, field.name: (typed,)}))
    was, now = (dict(entries(found, step.section))[step.entry] for found in (before, after))
    assert {name for name in {*was, *now} if was.get(name) != now.get(name)} == {field.name}
    for section in SECTIONS:
        for name, entry in entries(after, section):
            assert (section, name) == (step.section, step.entry) or entry is dict(entries(before, section))[name]


@given(st.data())
def test_words_are_chosen(data: st.DataObject) -> None:
    """Words that stay chosen keep their order, and new ones follow; of a choice that is left nothing else is lost."""
    form, entry = form_of("grants"), load((ADA / "profile.yml").read_bytes()).data["grants"][0]
    known = ["purchase.history", "browsing.products", "cart", "location.precise", "media.consumption"]
    chosen = data.draw(st.lists(st.sampled_from(known), unique=True, min_size=1))
    after = form.read({**form.values(entry), "signals": tuple(chosen)}, entry)
    assert sorted(after["signals"]) == sorted(chosen)
    stayed = [word for word in after["signals"] if word in entry["signals"]]
    assert stayed == [word for word in entry["signals"] if word in chosen]
    assert after["signals"][: len(stayed)] == stayed
    assert {name: value for name, value in after.items() if name != "signals"} == {
        name: value for name, value in entry.items() if name != "signals"
    }


@given(st.sampled_from([*SECTIONS]), st.dictionaries(st.text(max_size=12), st.tuples(st.text(max_size=12))))
def test_a_strange_form_is_refused_or_read(section: str, values: Values) -> None:
    """Whatever is sent in the place of a form either makes an entry, or is refused as no form of ours."""
    form: Form = form_of(section)
    nothing: tuple[Any, ...] = (ABSENT, {})
    for before in nothing:
        try:
            form.read(values, before)
        except ValueError as error:
            assert re.search("was not sent once", str(error))


def test_a_new_entry_has_an_id_of_its_own() -> None:
    """An id that is made names what the entry says, and is none that there is."""
    data = load((ADA / "profile.yml").read_bytes()).data
    entry = {"to": ["northpeak.example"], "purposes": ["offers.personalised"]}
    assert fresh_id("grants", entry, data) == "northpeak-offers-2"
    assert fresh_id("refusals", {"to": "everyone"}, data) == "no-everyone"
    assert fresh_id("wants", {"what": "A (quiet) lamp, please"}, data) == "a-quiet-lamp"
    assert fresh_id("wants", {"what": "灯"}, data) == "want"


def test_what_was_typed_is_put_on_top_of_what_changed_meanwhile() -> None:
    """After a conflict, fields that were touched have what was typed, and all others what stands in the file now."""
    before = load((ADA / "profile.yml").read_bytes()).data
    now = {**before, "grants": [{**before["grants"][0], "note": "from elsewhere"}, *before["grants"][1:]]}
    now["grants"] = [before["grants"][3], *now["grants"]]  # and it moved
    values = {**form_of("grants").values(before["grants"][0]), "in_return": ("a boot",)}
    step = rebased(Step("edit", "grants", "0", values), before, now)
    assert step.entry == "1"
    after = wanted(now, step)["grants"][1]
    assert (after["note"], after["in_return"]) == ("from elsewhere", "a boot")
    gone = {**before, "grants": before["grants"][1:]}
    again = rebased(Step("edit", "grants", "0", values), before, gone)
    assert again.what == "add"
    anew = wanted(gone, again)["grants"][-1]
    assert {**anew, "signals": {*anew["signals"]}} == {
        **{name: value for name, value in before["grants"][0].items() if name != "sharing"},  # none is what it means
        "signals": {*before["grants"][0]["signals"]},
        "in_return": "a boot",
    }


@pytest.mark.parametrize("section", LISTS)
def test_moving_and_taking_away(section: str) -> None:
    """What is moved down and up again, or added and taken away, leaves the data as it was."""
    before = load((ADA / "profile.yml").read_bytes()).data
    down = wanted(before, Step("down", section, "0"))
    assert down[section][0] is before[section][1]
    assert wanted(down, Step("up", section, "1")) == before
    less = wanted(before, Step("remove", section, "1"))
    assert less[section] == [before[section][0], *before[section][2:]]


@pytest.mark.parametrize("path", sorted(CONSUMERS.glob("*/profile.yml")), ids=lambda path: path.parent.name)
def test_every_step_can_be_written_by_lines(path: Path) -> None:
    """Each entry of an example can be taken away, and gets a remark, in the text: it says then what was wanted."""
    text = path.read_bytes()
    data = load(text).data
    for step in edits(data):
        if step.section in LISTS:
            after = wanted(data, Step("remove", step.section, step.entry))
            assert load(rewritten(text, after)).data == after
        if "note" in form_of(step.section).values(ABSENT):
            after = wanted(data, Step("edit", step.section, step.entry, {**step.values, "note": ("said: so # far",)}))
            assert load(rewritten(text, after)).data == after
