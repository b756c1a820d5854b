"""Canonical bytes (SPEC.md, Canonical form): one reading for every signed document.

The form is RFC 8785 restricted to ASCII member names and to integers within ±(2^53-1). Since it is unique, strictness
needs no strict parser: decode with a typed decoder, encode again, compare the bytes. Duplicate members, NaN, UTF-16,
byte-order marks, odd escapes, spaces and unknown members all fall out of that one comparison.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="sorted")


class NotCanonical(ValueError):
    """The bytes are not the canonical form of any document of the wanted type."""


def encode(value: object) -> bytes:
    """Give the canonical bytes of a typed value made of structs, lists, dicts, strings, booleans, None and integers."""
    return _encoder.encode(value)


def decode(data: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """Decode canonical bytes into the decoder's type.

    Raises NotCanonical when the bytes are not JSON of that type, or not in the one form that it has.
    """
    try:
        value = decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise NotCanonical(str(error)) from error
    if encode(value) != data:
        raise NotCanonical("the document is not in canonical form")
    return value
