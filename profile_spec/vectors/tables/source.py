"""Source text: what strict YAML is, and what is refused where."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tables.case import Case

READ = [
    ("no-is-text", "NO, on and yes are what people typed, not booleans.", "a: NO\nb: on\nc: yes\n", {"a": "NO", "b": "on", "c": "yes"}),
    ("time-is-text", "A time of day is text.", "a: 12:30\n", {"a": "12:30"}),
    ("leading-zero-is-text", "A number with a leading zero is text.", "a: 010\n", {"a": "010"}),
    ("day-is-text", "A day is text.", "a: 2027-05-31\n", {"a": "2027-05-31"}),
    ("core-words", "Null, booleans and integers are those of the YAML 1.2 core schema.", "a: ~\nb: true\nc: -7\nd:\n", {"a": None, "b": True, "c": -7, "d": None}),
    ("quoted-is-text", "What is quoted is text.", "a: \"1\"\nb: 'true'\n", {"a": "1", "b": "true"}),
    ("first-mark", "A byte-order mark at the very beginning is skipped.", "\ufeffa: x\n", {"a": "x"}),
    ("floats", "Floats are those of the YAML 1.2 core schema, with digits.", "a: 1.5\nb: .5\nc: 1e3\nd: 2.\n", {"a": 1.5, "b": 0.5, "c": 1000.0, "d": 2.0}),
    ("other-numbers-are-text", "Other spellings of numbers are text.", "a: 0x1F\nb: 0o14\nc: 1_000\nd: .inf\ne: .nan\nf: 1.2.3\n", {"a": "0x1F", "b": "0o14", "c": "1_000", "d": ".inf", "e": ".nan", "f": "1.2.3"}),
    ("signs", "An integer may have a sign.", "a: +1\nb: -12\nc: 0\n", {"a": 1, "b": -12, "c": 0}),
    ("capital-words", "Three spellings of each word are known, and no other.", "a: True\nb: FALSE\nc: Null\nd: tRUE\n", {"a": True, "b": False, "c": None, "d": "tRUE"}),
    ("folded-text", "Folded text joins its lines.", "a: >-\n  x\n  y\n", {"a": "x y"}),
    ("flow", "Flow and block style say the same.", "{a: [1, {b: c}]}\n", {"a": [1, {"b": "c"}]}),
    ("quoted-merge-key", "A merge key in quotes is a key like others.", '"<<": 1\n', {"<<": 1}),
    ("nothing", "A file without a document is null.", "# nothing\n", None),
    ("long-integer", "Digits of more than 17 characters are a float.", "a: 12345678901234567\nb: 100000000000000000\n", {"a": 12345678901234567, "b": 1e17}),
    ("level-20", "Level 20 may be reached.", "[" * 20 + "a" + "]" * 20 + "\n", [[[[[[[[[[[[[[[[[[[["a"]]]]]]]]]]]]]]]]]]]]),
    ("comments", "Comments are no content.", "# one\na: b # two\n", {"a": "b"}),
    ("block-text", "Block text keeps its line feeds.", "a: |\n  x\n  y\n", {"a": "x\ny\n"}),
]  # fmt: skip

REFUSED = [
    ("duplicate-key", "A key that stands twice is refused, at the second.", "a: 1\nb: 2\na: 3\n", "yaml-duplicate-key", 3, 1),
    ("duplicate-key-quoted", "Quoting does not make another key.", "a: 1\n\"a\": 3\n", "yaml-duplicate-key", 2, 1),
    ("anchor", "An anchor is refused.", "a: &x 1\n", "yaml-anchor", 1, 4),
    ("alias", "An alias is refused.", "a: *x\n", "yaml-alias", 1, 4),
    ("merge-key", "A merge key is refused.", "a: {<<: {b: 1}}\n", "yaml-merge-key", 1, 5),
    ("tag", "A tag is refused.", "a: !!str 1\n", "yaml-tag", 1, 4),
    ("own-tag", "A tag of one's own is refused.", "a: !deny x\n", "yaml-tag", 1, 4),
    ("two-documents", "A second document is refused.", "a: 1\n---\nb: 2\n", "yaml-documents", 2, 1),
    ("number-key", "A key that is a number is refused.", "1: a\n", "yaml-key", 1, 1),
    ("null-key", "A key that is null is refused.", "~: a\n", "yaml-key", 1, 1),
    ("list-key", "A key that is a list is refused.", "? [a]\n: b\n", "yaml-key", 1, 3),
    ("too-deep", "Nesting beyond 20 levels is refused.", "[" * 22 + "]" * 22 + "\n", "yaml-depth", 1, 22),
    ("too-many", "More than 20,000 values are refused.", "[" + "1," * 20_001 + "]\n", "yaml-nodes", 1, 40_000),
    ("too-large", "More than 256 KiB are refused.", "# " + "x" * 262_144, "source-too-large", 0, 0),
    ("override", "A direction-changing character is refused.", "a: x\u202ey\n", "source-character", 1, 5),
    ("override-escaped", "A direction-changing character is refused when written as an escape, too.", 'a: "\\u202e"\n', "source-character", 1, 4),
    ("mark-in-the-middle", "A byte-order mark in the middle is refused.", "a: x\n\ufeffb: y\n", "source-character", 2, 1),
    ("control", "A control character is refused.", "a: x\x07\n", "source-character", 1, 5),
    ("line-separator", "A line separator is refused: editors and parsers count lines differently there.", "a: x\u2028b: y\n", "source-character", 1, 5),
    ("surrogate", "Half of a surrogate pair is no character.", 'a: "\\ud83d"\n', "yaml-syntax", 1, 7),
    ("second-mark", "A second byte-order mark is one in the middle.", "\ufeff\ufeffa: x\n", "source-character", 1, 1),
    ("syntax", "What is not YAML is refused.", "a: [1\n", "yaml-syntax", 1, 4),
]  # fmt: skip


def cases() -> Iterator[Case]:
    """Give the cases of reading source text."""
    for name, description, text, data in READ:
        yield Case(f"read-{name}", description, "SPEC.md#scalars", {"text": text}, {"data": data})
    for name, description, text, code, line, column in REFUSED:
        expect = {"problem": {"code": code, "line": line, "column": column}}
        place = "yaml" if code.startswith("yaml-") else "source-text"
        yield Case(f"refuse-{name}", description, f"SPEC.md#{place}", {"text": text}, expect)
    largest = "a: x\n# " + "y" * 262_137
    assert len(largest) == 262_144
    yield Case(
        "read-262144-bytes", "262,144 bytes are read.", "SPEC.md#source-text", {"text": largest}, {"data": {"a": "x"}}
    )
    yield Case(
        "refuse-262145-bytes",
        "262,145 bytes are refused.",
        "SPEC.md#source-text",
        {"text": f"{largest}y"},
        {"problem": {"code": "source-too-large", "line": 0, "column": 0}},
    )
    not_utf8 = base64.b64encode(b"a: 1\nb: \xff\n").decode()
    utf16 = base64.b64encode("a: 1\n".encode("utf-16")).decode()
    expect = {"problem": {"code": "source-encoding", "line": 2, "column": 4}}
    yield Case(
        "refuse-not-utf8", "Bytes that are not UTF-8 are refused.", "SPEC.md#source-text", {"base64": not_utf8}, expect
    )
    expect = {"problem": {"code": "source-encoding", "line": 1, "column": 1}}
    yield Case("refuse-utf16", "UTF-16 is refused.", "SPEC.md#source-text", {"base64": utf16}, expect)
