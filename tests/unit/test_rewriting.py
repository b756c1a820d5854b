"""What is wanted of a text is written into it as its author would have, and nothing else is touched."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from sayso.errors import NotSigned, SourceError
from sayso.profile.rewriting import rewritten
from sayso.profile.rewriting.matches import alike, same_entries, staying
from sayso.profile.source import load

Change = Callable[[Any], object]


def put(*path: str | int, to: Any) -> Change:
    """Make what sets a value at a path."""

    def change(data: Any) -> None:
        for name in path[:-1]:
            data = data[name]
        data[path[-1]] = to

    return change


def drop(*path: str | int) -> Change:
    """Make what deletes what is at a path."""

    def change(data: Any) -> None:
        for name in path[:-1]:
            data = data[name]
        del data[path[-1]]

    return change


def add(*path: str | int, at: int, new: Any) -> Change:
    """Make what inserts an entry into the list at a path."""

    def change(data: Any) -> None:
        for name in path:
            data = data[name]
        data.insert(at, new)

    return change


def move(section: str, place: int, to: int) -> Change:
    """Make what moves an entry of a section."""
    return lambda data: data[section].insert(to, data[section].pop(place))


def both(*changes: Change) -> Change:
    """Make what does several things."""
    return lambda data: [change(data) for change in changes]


# what is in the text; what is done; the text before and after
CASES: list[tuple[str, Change, str, str]] = [
    # values
    ("a plain value", put("a", to="y z"), "a:   x  # c\n", "a:   y z  # c\n"),
    ("a plain value that needs quotes", put("a", to="y: z"), "a: x # c\n", 'a: "y: z" # c\n'),
    ("a plain value in brackets", put("a", "b", to="y, z"), "a: {b: x}\n", 'a: {b: "y, z"}\n'),
    ("a single-quoted value", put("a", to="it's # 1"), "a: 'x'\n", "a: 'it''s # 1'\n"),
    ("a single-quoted value that cannot be", put("a", to="x\ny"), "a: 'x'\n", 'a: "x\\ny"\n'),
    ("a double-quoted value", put("a", to='"\\\t'), 'a: "x"\n', 'a: "\\"\\\\\\t"\n'),
    ("a number that is a text", put("a", to="12"), "a: x\n", 'a: "12"\n'),
    ("a text that is a number", put("a", to=12), 'a: "12"\n', "a: 12\n"),
    ("what only looks like a yes", put("a", to="no"), "a: x\n", "a: no\n"),
    ("null", put("a", to=None), "a: x  # c\nb: 1\n", "a: null  # c\nb: 1\n"),
    ("a value where there was none", put("a", to="x"), "a:  # c\nb: 1\n", "a: x  # c\nb: 1\n"),
    ("a value below its key", put("a", to="y"), "a:\n  x # c\n", "a:\n  y # c\n"),
    ("a folded value", put("a", to="y"), "a: x\n  and x  # c\n", "a: y  # c\n"),
    ("a literal block", put("a", to="x\n y\n"), "a: |  # c\n    one\n    two\n\nb: 1\n", "a: |  # c\n    x\n     y\n\nb: 1\n"),
    ("a literal block without an end", put("a", to="x"), "a: |\n  one\n\nb: 1\n", "a: |-\n  x\n\nb: 1\n"),
    ("a block that keeps what is below", put("a", to="x\n"), "a: |+\n  one\n\nb: 1\n", "a: |\n  x\n\nb: 1\n"),
    ("a block that cannot say it", put("a", to=" x"), "a: |  # c\n  one\nb: 1\n", 'a: " x"  # c\nb: 1\n'),
    ("a folded block", put("a", to="one two three\nfour\n"), "a: >\n  one two\n  one\n", "a: >\n  one two\n  three\n\n  four\n"),
    ("a block at the end", put("a", to="x\ny"), "a: |\n  one", "a: |\n  x\n  y"),
    # lists and mappings in the place of other values
    ("a text to a list", put("a", to=["x", "y z"]), "a: x  # c\n", "a: [x, y z]  # c\n"),
    ("a list to a text", put("a", to="x"), "a:  # c\n  - x\n  - y\nb: 1\n", "a: x  # c\nb: 1\n"),
    ("a list that is emptied", put("a", to=[]), "a:  # c\n  # x\n  - x\n  - y  # y\nb: 1\n", "a: []  # c\nb: 1\n"),
    ("brackets that are emptied", put("a", to={}), "a: { x: 1 }  # c\n", "a: {}  # c\n"),
    ("all other words", put("a", to=["u", "v"]), "a:\n  - 'x'\n  - 'y'\nb: 1\n", "a:\n  - 'u'\n  - 'v'\nb: 1\n"),
    ("all other words at the end", put("a", to=["u"]), "a:\n- x\n- y", "a:\n- u"),
    ("all other words in a list of one at the end", put("a", to=["u"]), "b: 1\na:\n- x", "b: 1\na:\n- u"),
    ("empty brackets with a remark", put("companies", to={"x": {}}), "companies: {\n  # none\n}\n", "companies: {x: {}\n  # none\n}\n"),
    (
        "an empty section that comes to have entries",
        put("refusals", to=[{"to": "everyone", "id": "no"}]),
        "refusals: []  # c\n# about wants\nwants: []\n",
        "refusals:  # c\n  - {id: no, to: everyone}\n# about wants\nwants: []\n",
    ),
    # entries that go and come
    ("a word less", drop("a", 0), "a:\n  # x\n  - x\n  # y\n  - y\n", "a:\n  # y\n  - y\n"),
    ("a word more", add("a", at=1, new="z"), 'a: ["x", "y"]\n', 'a: ["x", "z", "y"]\n'),
    ("a first word", add("a", at=0, new="z"), "a:\n  # x\n  - x\n", "a:\n  - z\n  # x\n  - x\n"),
    ("a last word", add("a", at=1, new="z"), "a:\n  - x # x\n    # x\n# about b\nb: 1", "a:\n  - x # x\n    # x\n  - z\n# about b\nb: 1"),
    ("a last word without an end", add("a", at=1, new="z"), "a:\r\n- x", "a:\r\n- x\r\n- z"),
    ("a word in a line of brackets", add("a", at=1, new="z"), "a: [\n  x, # x\n  y\n]\n", "a: [\n  x, # x\n  z,\n  y\n]\n"),
    ("a last word in a line of brackets", add("a", at=1, new="z"), "a: [\n  x # x\n]\n", "a: [\n  x, # x\n  z\n]\n"),
    (
        "an entry like its siblings",
        add("grants", at=1, new={"note": "n", "to": ["a", "b"], "id": "two"}),
        'grants:\n\n  -   id: "one"\n      to:\n      - a\n\n# about all\nrefusals: []\n',
        'grants:\n\n  -   id: "one"\n      to:\n      - a\n\n  -   id: "two"\n      to:\n      - a\n      - b\n      note: n\n\n# about all\nrefusals: []\n',
    ),
    (
        "a blank line as between siblings",
        add("wants", at=2, new={"id": "c"}),
        "wants:\n  - id: a\n\n  - id: b\n",
        "wants:\n  - id: a\n\n  - id: b\n\n  - id: c\n",
    ),
    ("a member in the schema's order", put("me", "name", to="Ada"), "me: {url: x, country: IE}\n", "me: {url: x, name: Ada, country: IE}\n"),
    ("an aligned member", put("me", "name", to="Ada"), "me:\n  url:     x\n  country: IE\n", "me:\n  url:     x\n  name:    Ada\n  country: IE\n"),
    ("a company", put("companies", "z", to={"name": "Z"}), "companies:\n    'a': {'name': 'A'}\n", "companies:\n    'a': {'name': 'A'}\n    'z': {'name': 'Z'}\n"),
    (
        "a section between others",
        put("groups", to={"g": ["x"]}),
        "companies:\n  x: {}\n\n# about grants\ngrants: []\n",
        "companies:\n  x: {}\n\ngroups:\n  g: [x]\n\n# about grants\ngrants: []\n",
    ),
    ("status", put("status", to="withdrawn"), "sayso: 1\n\nme: {}\n", "sayso: 1\nstatus: withdrawn\n\nme: {}\n"),
    ("a section of JSON", put("valid", to={"for": "P6M"}), '{"sayso": 1,\n "me": {"url": "x"}}', '{"sayso": 1,\n "me": {"url": "x"}, "valid": {"for": "P6M"}}'),
    ("another way to say it", put("valid", to={"until": "d"}), "valid: {for: P6M}  # c\n", "valid: {until: d}  # c\n"),
    # entries that move
    ("an entry up", move("wants", 2, 0), "wants:\n  - id: a\n  # b\n  - id: b\n  # c\n  - id: c # c\n", "wants:\n  # c\n  - id: c # c\n  - id: a\n  # b\n  - id: b\n"),
    ("an entry down, without an end", move("wants", 0, 1), "wants:\n# a\n- id: a\n- id: b", "wants:\n- id: b\n# a\n- id: a"),
    ("words in brackets", lambda data: data["a"].reverse(), "a: [x,  y, z]\n", "a: [z,  y, x]\n"),
    ("lines in brackets", lambda data: data["a"].reverse(), "a: [\n  # x\n  x,\n  y  # y\n]\n", "a: [\n  y,  # y\n  # x\n  x\n]\n"),
    ("a heading stays", move("wants", 1, 0), "wants:\n  # --- h ---\n  - id: a\n\n  # b\n  - id: b\n", "wants:\n  # --- h ---\n  # b\n  - id: b\n\n  - id: a\n"),
    ("a block to and from the end", move("wants", 1, 0), "wants:\n- id: a\n- id: b\n  what: |\n    x", "wants:\n- id: b\n  what: |-\n    x\n- id: a"),
    # other names
    ("an id", put("grants", 1, "id", to="x"), "grants:\n# a\n- id: a\n# b\n- id: b\n  to: c\n", "grants:\n# a\n- id: a\n# b\n- id: x\n  to: c\n"),
    ("a domain", put("companies", to={"z": {"name": "A"}}), "companies:\n  # a\n  a: {name: A}  # a\n", "companies:\n  # a\n  z: {name: A}  # a\n"),
    (
        "an entry for another",
        both(drop("wants", 0), add("wants", at=0, new={"id": "b", "what": "hat", "until": "d"})),
        "wants:\n  # a\n  - {id: a, what: boots}\n  - {id: c, what: coat}\n",
        "wants:\n  - {id: b, what: hat, until: d}\n  - {id: c, what: coat}\n",
    ),
    (
        "several things at once",
        both(put("grants", 2, "to", to="z"), drop("grants", 0), move("grants", 1, 0), add("grants", at=2, new={"id": "n"})),
        "grants:\n  # a\n  - id: a\n    to: x\n\n  # b\n  - id: b\n    to: y\n\n  # c\n  - id: c\n    to: x\n",
        "grants:\n  # c\n  - id: c\n    to: z\n\n  # b\n  - id: b\n    to: y\n\n  - id: n\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "before", "after"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_written(change: Change, before: str, after: str) -> None:
    """A change is written where and as it belongs, remarks stay with what they are about, and all else is as it was."""
    wanted = copy.deepcopy(load(before.encode()).data)
    change(wanted)
    assert rewritten(before.encode(), wanted).decode() == after
    assert alike(load(after.encode()).data, wanted)


@pytest.mark.parametrize("text", ["a:  {b: 1 , c: [ ]}  # c\n\n\n", "\ufeffa: >+\r\n  x\r\n\r\n", "{}", "a: 1.50"])
def test_nothing(text: str) -> None:
    """Where nothing differs, not a byte does."""
    assert rewritten(text.encode(), load(text.encode()).data) == text.encode()


@pytest.mark.parametrize(("old", "new"), [(1, 1.0), (1, True), ("1", 1), ("", None), ([], {}), (None, [])])
def test_what_is_not_the_same(old: Any, new: Any) -> None:
    """Values of different kinds are never taken for the same, and each is written as what it is."""
    assert not alike({"a": [old]}, {"a": [new]})
    after = rewritten(b"a: x\n", {"a": new})
    assert alike(load(after).data, {"a": new})
    assert alike(load(rewritten(after, {"a": old})).data, {"a": old})


def test_refused() -> None:
    """Where remarks in brackets may be about any of several entries, moving one is left to the author, and said so."""
    text = b"wants: [{id: a}, {id: b},  # which\n  {id: c, what: x}]\n"
    with pytest.raises(NotSigned) as refusal:
        rewritten(text, {"wants": [{"id": "c", "what": "y"}, {"id": "a"}, {"id": "b"}]}, "my.yml")
    error = refusal.value
    assert (error.code, error.message) == ("cannot-edit", "my.yml could not be edited safely")
    assert error.hint == (
        "change it by hand: line 2: wants > c > what is to be y, not x; line 1: the entries of wants are to stand in another order"
    )
    assert [problem.line for problem in error.problems] == [2, 1]


def test_refused_in_words() -> None:
    """The hint says of each of the first differences what is to come, to go and to be, and how many more there are."""
    text = b"wants: [{id: a, to: [x, z]}, {id: b, what: w},  # which\n  {id: c}]\ngroups: {g: 1}\n"
    wanted = {"wants": [{"id": "c"}, {"id": "a", "to": ["z"]}, {"id": "d" * 80}], "groups": {"g": 2, "h": []}}
    with pytest.raises(NotSigned) as refusal:
        rewritten(text, wanted)
    messages = [problem.message for problem in refusal.value.problems]
    assert messages == [
        "wants > b is to go",
        "wants > a > to > x is to go",
        f'wants is to have {{"id": "{"d" * 49}...',
        "the entries of wants are to stand in another order",
        "groups > g is to be 2, not 1",
        "groups > h is to have []",
    ]
    assert refusal.value.hint is not None
    assert refusal.value.hint.endswith("; and 3 more")


@pytest.mark.parametrize(
    ("value", "code"),
    [("\u202e", "source-character"), ("x" * 300_000, "source-too-large"), ([1] * 20_001, "yaml-nodes")],
)
def test_what_no_source_may_have(value: Any, code: str) -> None:
    """What no text of a source may have is said to be that, since nobody could write it by hand."""
    with pytest.raises(SourceError) as refusal:
        rewritten(b"a: x\n", {"a": value})
    assert refusal.value.code == code


def test_a_broken_character() -> None:
    """Half a character, which no text can hold, is refused like what cannot be edited."""
    with pytest.raises(NotSigned):
        rewritten(b"a: x\n", {"a": "\ud800"})


def test_same_entries() -> None:
    """Entries are known by their names, wherever they stand; by most of the rest, where they stand, if the name is new."""
    old = [{"id": "a", "x": 1}, {"id": "b", "x": 1, "y": 2}, {"id": "c", "z": 3}]
    assert same_entries(old, [old[2], old[0]]) == [2, 0]
    assert same_entries(old, [old[0], {"id": "n", "x": 1, "y": 2}, old[2]]) == [0, 1, 2]
    assert same_entries(old, [old[0], {"id": "n", "x": 1, "y": 9, "w": 1}, old[2]]) == [0, None, 2]
    assert same_entries(["x", "x", "y"], ["y", "x", "z", "x"]) == [2, 0, None, 1]
    many = [{"id": f"a{n}", "x": n} for n in range(60)]
    assert same_entries(many, [item | {"id": f"b{n}"} for n, item in enumerate(many)]) == [*range(60)]


def test_staying() -> None:
    """As many entries as can be stay where they are when others are moved."""
    assert staying([3, 0, 1, 2, 4]) == {0, 1, 2, 4}
    assert staying([]) == set()
