"""The canonical form: JSON in any spelling, and the one spelling that is signed."""

from __future__ import annotations

from collections.abc import Iterator

from tables.case import Case

# name, sentence, JSON as somebody may write it, its canonical form
TABLE = [
    ("order", "Members are sorted by their names.", '{"b": 1, "a": 2, "B": 3, "_": 4, "aa": 5}', '{"B":3,"_":4,"a":2,"aa":5,"b":1}'),
    ("order-inside", "Members of members are sorted too, and lists keep their order.", '{"a": [{"z": 1, "y": 2}, 3, 1]}', '{"a":[{"y":2,"z":1},3,1]}'),
    ("space", "There is no white space.", '{ "a" : [ 1 , 2 ] ,\n\t"b" : { } }', '{"a":[1,2],"b":{}}'),
    ("short-escapes", "Seven characters have a short escape.", '"\\u0022\\u005c\\u0008\\u0009\\u000a\\u000c\\u000d"', '"\\"\\\\\\b\\t\\n\\f\\r"'),
    ("control", "Other controls are escaped in small hexadecimal.", '"\\u0000\\u001F\\u000B"', '"\\u0000\\u001f\\u000b"'),
    ("slash", "A slash is not escaped.", '"a\\/b"', '"a/b"'),
    ("letters", "Every other character stands for itself.", '"\\u0061\\u00e9\\u20ac\\u007f\\u2028"', '"a\u00e9\u20ac\u007f\u2028"'),
    ("beyond", "A character beyond U+FFFF stands for itself.", '"\\ud83e\\udd7e"', '"\U0001f97e"'),
    ("words", "Words are in small letters.", "[true, false, null]", "[true,false,null]"),
    ("integers", "Integers are written without sign or zeros in front.", "[0, -1, 9007199254740991, -9007199254740991]", "[0,-1,9007199254740991,-9007199254740991]"),
    ("empty", "Empty lists, objects and texts stay.", '{"c": "", "b": {}, "a": []}', '{"a":[],"b":{},"c":""}'),
    ("not-normalised", "Text is not normalised.", '"e\\u0301 \\u00e9"', '"e\u0301 \u00e9"'),
]  # fmt: skip


def cases() -> Iterator[Case]:
    """Give the cases of the canonical form."""
    for name, description, text, canonical in TABLE:
        yield Case(name, description, "SPEC.md#canonical", {"json": text}, {"text": canonical})
