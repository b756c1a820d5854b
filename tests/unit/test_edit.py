"""What goes from a text goes with what is said about it, and every other byte stays."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from sayso.profile.edit import edited, with_member
from sayso.profile.source import Path, load

# what is in the text; what is removed; the text, with ⟦ and ⟧ around all that goes
REMOVED: list[tuple[str, list[Path], str]] = [
    # lists of one entry in a line
    ("the first entry", [("g", 0)], "g:\n⟦  - a\n⟧  - b\n  - c\nh: 1\n"),
    ("the last entry", [("g", 2)], "g:\n  - a\n  - b\n⟦  - c\n⟧h: 1\n"),
    ("two entries apart", [("g", 0), ("g", 2)], "g:\n⟦  - a\n⟧  - b\n⟦  - c\n⟧"),
    ("two entries together", [("g", 1), ("g", 2)], "g:\n  - a\n⟦  - b\n  - c\n⟧  - d\n"),
    ("the only entry", [("g", 0)], "⟦g:\n  - a\n⟧h: 1\n"),
    ("all entries", [("g", 0), ("g", 1)], "h: 1\n⟦g:\n  - a\n  - b\n⟧"),
    ("nothing", [], "g:\n  - a # b\n\n\n\n# c"),
    ("entries in the column of the key", [("g", 1)], "g:\n- a\n⟦# about b\n- b\n⟧# about c\n- c\n# about h\nh: 1\n"),
    ("the last one in the column of the key", [("g", 1)], "g:\n- a\n⟦- b\n⟧# about h\nh: 1\n"),
    ("a dash in a line of its own", [("g", 0)], "g:\n⟦  -\n    id: a\n    to: b\n⟧  -\n    id: c\n"),
    ("a dash in a line with a comment", [("g", 1)], "g:\n  - id: a\n⟦  - # the second\n    id: b\n⟧"),
    ("a mark of an explicit key", [("g", 1)], "? g\n: - a\n⟦  - b\n⟧? h\n: 1\n"),
    ("quoted entries", [("g", 0)], "g:\n⟦  - {'id': \"a # no\"}  # a\n⟧  - {'id': \"b\"}\n"),
    ("tabs before comments", [("g", 0)], "g:\t# all\n⟦  - a\t# a\n⟧  - b\t# b\n"),
    ("an indented whole", [("g",)], "  h: 1\n⟦  # about g\n  g: 2\n⟧  i: 3\n"),
    ("markers of the document", [("g", 1)], "%YAML 1.2\n---\ng:\n  - a\n⟦  - b\n⟧...\n"),
    # comments
    ("a comment above", [("g", 1)], "g:\n  # about a\n  - a\n⟦  # about b\n  # more about b\n  - b\n⟧  # about c\n  - c\n"),
    ("a comment above the first", [("g", 0)], "g:\n⟦  # about a\n  - a\n⟧  # about b\n  - b\n"),
    ("a comment behind", [("g", 0)], "g:\n⟦  - id: a  # one\n    to: b  # two\n⟧  - id: c  # three\n"),
    ("comments within and below", [("g", 0)], "g:\n⟦  - id: a\n    # within\n    to: b\n    # below\n      # deeper\n⟧  # about c\n  - id: c\n"),
    ("a comment below, after a blank line", [("g", 0)], "g:\n⟦  - id: a\n\n    # to: b\n⟧  - id: c\n"),
    ("a comment above a blank line", [("g", 1)], "g:\n  - a\n\n  # about all below\n\n⟦  - b\n⟧  - c\n"),
    ("one comment above and one below a blank line", [("g", 1)], "g:\n  - a\n  # about all below\n\n⟦  # about b\n  - b\n⟧  - c\n"),
    ("a comment right under the key, above a blank line", [("g", 0)], "g:\n  # about all\n\n⟦  - a\n⟧  - b\n"),
    ("a comment in another column", [("g", 1)], "g:\n  - a\n# about something\n⟦  - b\n⟧  - c\n"),
    ("a comment at the very end", [("g", 1)], "g:\n  - a\n⟦  - b\n⟧  # the end\n"),
    ("a deeper comment at the very end", [("g", 1)], "g:\n  - a\n⟦  - b\n    # of b\n⟧# the end"),
    ("a comment about the next section", [("g", 1)], "g:\n  - a\n⟦  - b\n⟧# about h\nh: 1\n"),
    ("a ruled heading", [("g", 0)], "g:\n  # --- one ---\n⟦  - a\n⟧  # --- two ---\n  - b\n"),
    ("a ruled heading with more above and below", [("g", 0)], "g:\n  # above\n  # ====\n⟦  # about a\n  - a\n⟧  - b\n"),
    ("a heading of number signs", [("g", 0)], "g:\n  ########\n  # above\n  #######\n⟦  - a\n⟧  - b\n"),
    ("a heading that is ruled at its end", [("g", 0)], "g:\n  # one *****\n⟦  - a\n⟧  - b\n"),
    ("a comment with one hyphen", [("g", 0)], "g:\n⟦  # - one - \n  - a\n⟧  - b\n"),
    ("a heading above an entry, blank lines between", [("g", 0)], "g:\n  # --- one ---\n⟦  - a\n\n⟧  - b\n\n  - c\n"),
    ("a heading above the only entry below it", [("g", 1)], "g:\n  - a\n\n  # --- two ---\n⟦  - b\n⟧\n  # --- three ---\n  - c\n"),
    ("a heading above the last entry", [("g", 1)], "g:\n  - a\n\n  # --- two ---\n⟦  - b\n⟧\nh: 1\n"),
    # blank lines
    ("blank lines between, the first", [("g", 0)], "g:\n⟦  - a\n\n⟧  - b\n\n  - c\n"),
    ("blank lines between, one in the middle", [("g", 1)], "g:\n  - a\n\n⟦  - b\n\n⟧  - c\n"),
    ("blank lines between, two in the middle", [("g", 1), ("g", 2)], "g:\n  - a\n\n⟦  - b\n\n  - c\n\n⟧  - d\n"),
    ("blank lines between, the last", [("g", 1)], "g:\n  - a\n⟦\n  - b\n⟧\n\nh: 1\n"),
    ("blank lines between, the last in the text", [("g", 1)], "g:\n  - a\n⟦\n  - b\n⟧"),
    ("blank lines at the end of the text", [("g", 1)], "g:\n  - a\n⟦\n\n  - b\n⟧\n"),
    ("a blank line above only", [("g", 1)], "g:\n  - a\n\n⟦  - b\n⟧  - c\n"),
    ("a blank line below only", [("g", 1)], "g:\n  - a\n⟦  - b\n⟧\n  - c\n"),
    ("a blank line of spaces", [("g", 1)], "g:\n  - a\n   \n⟦  - b\n\n⟧  - c\n"),
    # sections
    ("a section", [("g",)], "f: 1\n\n⟦# about g\ng:\n  # --- one ---\n  - a\n  # end of g\n\n⟧# about h\nh: 1\n"),
    ("a section below a ruled heading", [("g",)], "f: 1\n\n# --- g ---\n⟦g: [a]\n⟧\nh: 1\n"),
    ("the first section", [("g",)], "⟦g: [a]\n\n⟧h: 1\n"),
    ("the last section", [("g",)], "f: 1\n⟦\n# about g\ng:\n  - a\n⟧"),
    ("a word to the editor", [("g",)], "# yaml-language-server: $schema=x\n⟦g: [a]\n⟧h: 1\n"),
    # texts in lines
    ("a block that looks like comments", [("g", 1)], "g:\n  - note: |\n      # no comment\n\n      x\n⟦  - note: >-\n      # no comment\n      - y\n⟧  - id: c\n"),
    ("a block and a blank line", [("g", 1)], "g:\n  - note: |\n      x\n\n⟦  - id: b\n\n⟧  - id: c\n"),
    ("a block that goes, and a blank line", [("g", 0)], "g:\n⟦  - note: |\n      x\n\n⟧  - id: b\n"),
    ("a block that keeps blank lines", [("g", 1)], "g:\n  - note: |+\n      x\n\n\n⟦  - id: b\n\n⟧  - id: c\n"),
    ("a block that keeps blank lines, and goes", [("g", 1)], "g:\n  - id: a\n\n⟦  - note: |2+\n        x\n\n\n⟧  - id: c\n"),
    ("a block that keeps its blank lines only", [("g", 1)], "g:\n  - note: |+\n      x\n\n⟦  - id: b\n\n\n⟧  - id: c\n"),
    ("a text in quotes that looks like a comment", [("g", 1)], "g:\n  - 'x\n  # no comment'\n⟦  - b\n⟧  - c\n"),
    ("a text in quotes over lines", [("g", 0)], "g:\n⟦  - note: 'x\n\n      # no comment\n      y'\n⟧  - id: b\n"),
    ("a plain text over lines", [("g", 1)], "g:\n  - note: x\n\n      y\n⟦  - note: x\n      y  # here\n⟧"),
    # ends of lines
    ("line ends of Windows", [("g", 1)], "g:\r\n  - a\r\n\r\n⟦  # about b\r\n  - b\r\n\r\n⟧  - c\r\n"),
    ("line ends of old", [("g", 1)], "g:\r  - a\r⟦  # about b\r  - b\r⟧  - c\r"),
    ("a byte-order mark", [("g", 0)], "\ufeffg:\n⟦  - ä # é\n⟧  - b\n"),
    ("a byte-order mark above what goes", [("g",)], "\ufeff⟦g: 1\n⟧h: 2\n"),
    ("no end of the last line", [("g", 0)], "g:\n⟦  - a\n⟧  - b"),
    ("no end of the last line, which goes", [("g", 1)], "g:\n  - a⟦\n\n  # about b\n  - b⟧"),
    ("no end of the last line of Windows", [("g", 1)], "g:\r\n  - a⟦\r\n  - b⟧"),
    ("no end of the last line below a block", [("g", 1)], "g:\n  - |\n    a\n⟦  - b⟧"),
    # members
    ("a member in the middle", [("g", 0, "b")], "g:\n  - a: 1\n⟦    # about b\n    b: [\n      2]  # b\n⟧    # about c\n    c: 3\n"),
    ("the last member", [("g", 0, "b")], "g:\n  - a: 1\n⟦    b: 2\n⟧\n  - a: 3\n"),
    ("the member behind the dash", [("g", 0, "a")], "g:\n  - ⟦a: 1  # a\n    ⟧b: 2\n"),
    ("two members behind the dash", [("g", 0, "a"), ("g", 0, "b")], "g:\n  - ⟦a: 1\n    # about b\n    b:\n      - 2\n      # below\n\n    ⟧c: 3\n"),
    ("a member behind the dash above a comment", [("g", 0, "a")], "g:\n  -⟦ a: 1  # a⟧\n    # about b\n    b: 2\n"),
    ("all members", [("g", 0, "a"), ("g", 0, "b")], "g:\n⟦  - a: 1\n    b: 2\n⟧  - a: 3\n"),
    # brackets in a line
    ("the first in brackets", [("g", 0)], "g: [⟦a, ⟧b, c]  # all\n"),
    ("one in brackets", [("g", 1)], "g: [ a, ⟦b, ⟧c ]\n"),
    ("the last in brackets", [("g", 2)], "g: [ a, b⟦, c⟧ ]\n"),
    ("the last in brackets, with a comma", [("g", 1)], "g: [a⟦, b⟧, ]\n"),
    ("all but one in brackets", [("g", 0), ("g", 2), ("g", 3)], "g: [⟦a, ⟧b⟦, c, d⟧]\n"),
    ("without spaces", [("g", 0), ("h", "b")], '{"g":[⟦"a",⟧"b"],"h":{"a":1⟦,"b":{"c":[2]}⟧}}'),
    ("members in brackets", [("g", 0, "b"), ("g", 0, "c")], "g:\n  - {a: 1⟦, b: [2, 3], c: 'x, y'⟧}\n  - {a: 4}\n"),
    ("the first member in brackets", [("g", "a")], "g: {⟦a: 1, ⟧b: 2}\n"),
    ("an entry that is in brackets", [("g", 0)], "g:\n⟦  - {a: 1,\n     b: 2}  # here\n⟧  - {a: 3}\n"),
    ("all in brackets", [("g", 0), ("g", 1)], "f: 1\n⟦g: [a,\n  b]\n⟧h: 1\n"),
    ("a section of a whole in brackets", [("g",)], "{f: 1, ⟦g: [a, b], ⟧h: 2}\n"),
    # brackets over lines
    ("lines in brackets", [("g", 1)], "g: [\n  a,\n⟦  # about b\n  b,  # b\n⟧  # about c\n  c\n]\n"),
    ("the first line in brackets", [("g", 0)], "g: [\n⟦  a,\n\n⟧  b,\n]\n"),
    ("the last line in brackets", [("g", 1)], "g: [\n  a⟦,⟧  # a\n⟦  b  # b\n⟧]\n"),
    ("the last line in brackets, with a comma", [("g", 1)], "g: [\n  a,\n⟦  b,\n⟧]\n"),
    ("ragged lines in brackets", [("g", 0)], "g: [\n⟦  a,\n⟧    # about b\n    b\n]\n"),
    ("beside the opening bracket", [("g", 0)], "g: [⟦{a: 1},  # a\n    ⟧{a: 2}]\n"),
    ("beside the opening bracket, above a comment", [("g", 0)], "g: [⟦{a: 1},  # a⟧\n    # about b\n    {a: 2}]\n"),
    ("beside the closing bracket", [("g", 1)], "g: [{a: 1}⟦,\n    {a: 2}⟧]  # all\n"),
    ("beside the closing bracket, below a comment", [("g", 1)], "g: [a⟦,⟧  # a\n⟦    # about b\n⟧⟦    b⟧]\n"),
    ("several in a line", [("g", 1)], "g: [a, ⟦b, ⟧c,  # some\n  d, e]\n"),
    ("the last of several in a line", [("g", 1)], "g: [a,⟦ b,⟧  # some\n  c, d]\n"),
    ("some in two lines", [("g", 1), ("g", 2)], "g: [a,⟦ b,\n  c,⟧\n  d]\n"),
    ("the first two of a line", [("g", 0), ("g", 1)], "g: [⟦a, b,\n  ⟧c]\n"),
    ("commas that lead", [("g", 1)], "g: [ a\n   , ⟦b  # b\n   , ⟧c\n   ]\n"),
    ("a comma in a line of its own", [("g", 0)], "g: [\n  ⟦a\n  ,\n  ⟧b\n]\n"),
    ("tabs in brackets", [("g", 0)], 'g: [\n⟦\t"a",\n⟧\t"b"\n\t]\n'),
    ("an entry over lines, the next beside it", [("g", 0)], "g: [⟦{a: 1,\n  b: 2}, ⟧{a: 3,\n  b: 4}]\n"),
]  # fmt: skip

# what is in the text; what is replaced, and by what; the text before and after
REPLACED: list[tuple[str, Path, list[str], str, str]] = [
    ("a text by one", ("to",), ["a.example"], "to: outdoor  # who\n", "to: a.example  # who\n"),
    ("a text by several", ("to",), ["a.example", "b.example"], "to:\toutdoor", "to:\t[a.example, b.example]"),
    ("in its quotes", ("to",), ["a.example", "b.example"], "{'to': 'outdoor'}", "{'to': ['a.example', 'b.example']}"),
    ("in brackets", ("to", 1), ["a", "b"], 'to: ["x", "outdoor",\n  y]\n', 'to: ["x", "a", "b",\n  y]\n'),
    ("in lines", ("to", 0), ["a", "b"], "to:\n  - outdoor  # c\n  - x\n", "to:\n  - a\n  - b  # c\n  - x\n"),
    ("in lines of Windows", ("to", 0), ["a", "b"], "to:\r\n- outdoor", "to:\r\n- a\r\n- b"),
    ("in a block", ("to",), ["a", "b"], "to: >-\n  outdoor\n\nx: 1\n", "to: [a, b]\n\nx: 1\n"),
    ("in a line of its own", ("to",), ["a"], "to:\n  outdoor\n", "to:\n  a\n"),
    ("by what looks like a number", ("to",), ["1.e5"], "to: outdoor\n", 'to: "1.e5"\n'),
    ("behind a mark", ("ö",), ["ü"], "\ufeffö: ä\n", "\ufeffö: ü\n"),
]

# what is in the text; the text, with ⟦ and ⟧ around all that comes
INSERTED = [
    ("a first key", "sayso: 1  # the first\n⟦status: withdrawn\n⟧me: x\n"),
    ("a later key", "me: x\nsayso: 1\n⟦status: withdrawn\n⟧\nvalid: y\n"),
    ("a last key", "me: x\nsayso: 1⟦\nstatus: withdrawn⟧"),
    ("a last key with an end", "me: x\nsayso: 1\n⟦status: withdrawn\n⟧"),
    ("a value in the next line", "sayso:\n  1\n  # one\n⟦status: withdrawn\n⟧me: x\n"),
    ("line ends of Windows", "\ufeffsayso: 1\r\n⟦status: withdrawn\r\n⟧me: x\r\n"),
    ("an indented whole", "---\n  me: x\n  sayso: 1\n⟦  status: withdrawn\n⟧...\n"),
    ("a quoted key", '"sayso": 1\n⟦status: withdrawn\n⟧me: x\n'),
    ("an explicit key", "? sayso\n: 1\n⟦status: withdrawn\n⟧? me\n: x\n"),
    ("brackets", "{sayso: 1⟦, status: withdrawn⟧, me: x}\n"),
    ("quotes in brackets", '{\n  "me": "x",\n  "sayso": 1⟦, "status": "withdrawn"⟧ # v\n}\n'),
]


def without(data: Any, paths: list[Path]) -> Any:
    """Give data without what paths lead to, or a list or mapping that would be left empty."""
    data = copy.deepcopy(data)
    for path in sorted(paths, key=lambda path: (len(path), *map(str, path)), reverse=True):
        for length in range(len(path), 0, -1):
            around = data
            for name in path[: length - 1]:
                around = around[name]
            del around[path[length - 1]]
            if around:
                break
    return data


@pytest.mark.parametrize(("paths", "text"), [case[1:] for case in REMOVED], ids=[case[0] for case in REMOVED])
def test_what_goes(paths: list[Path], text: str) -> None:
    """What is removed goes with what is said about it, and nothing else; the rest says the same."""
    before, after = re.sub("[⟦⟧]", "", text).encode(), re.sub("⟦[^⟧]*⟧", "", text).encode()
    assert edited(before, paths) == after
    assert load(after).data == without(load(before).data, paths)


@pytest.mark.parametrize(("path", "texts", "before", "after"), [case[1:] for case in REPLACED], ids=[case[0] for case in REPLACED])  # fmt: skip
def test_what_is_replaced(path: Path, texts: list[str], before: str, after: str) -> None:
    """Texts stand in the place of one in the way in which it stood there."""
    assert edited(before.encode(), replace={path: texts}) == after.encode()
    value = load(after.encode()).data[path[0]]
    assert value == texts[0] if isinstance(value, str) else {*texts} <= {*value}


@pytest.mark.parametrize("text", [case[1] for case in INSERTED], ids=[case[0] for case in INSERTED])
def test_what_comes(text: str) -> None:
    """A member comes right below another one."""
    before, after = re.sub("⟦[^⟧]*⟧", "", text).encode(), re.sub("[⟦⟧]", "", text).encode()
    assert with_member(before, "sayso", "status", "withdrawn") == after
    assert load(after).data == load(before).data | {"status": "withdrawn"}


def test_a_comment_right_behind_a_comma() -> None:
    """A comment stays one when the comma before it goes."""
    assert edited(b"to: [\n  a,# a\n  b\n]\n", [("to", 1)]) == b"to: [\n  a # a\n]\n"


def test_both_at_once() -> None:
    """Something may go, and its neighbours be replaced, in one list."""
    before = b"to: [a, x, b, y, c]\n"
    assert edited(before, [("to", 0), ("to", 2), ("to", 4)], {("to", 1): ["u", "v"], ("to", 3): ["w"]}) == (
        b"to: [u, v, w]\n"
    )
