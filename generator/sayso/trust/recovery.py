"""The recovery key on paper: the 32 bytes of an Ed25519 seed as 24 words (BIP 39, the English list), and a page to print.

The words are the key itself, not a passphrase from which one is derived; the last one holds a checksum of 8 bits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from mnemonic import Mnemonic

from sayso.errors import KeyFileError
from sayso.instants import rfc3339
from sayso.profile.nearest import nearest_word
from sayso.trust.keylog import fingerprint

WORDS = 24
_PAIR = re.compile(r"([0-9]{1,2})[\W_]+([a-z]+)")
_ROW = re.compile(r"[\W_]*(?:[0-9]{1,2}[\W_]+[a-z]+[\W_]*)+")

PAGE_TITLE = "SAYSO RECOVERY KEY for "
_PAGE = f"""\
{PAGE_TITLE}{{sub}}

Whoever has these words can take your place. Without them nobody can replace a lost or stolen daily key, not even you.
Print this page or copy it by hand, keep it where you keep what must not be lost, and delete the file.

{{rows}}

fingerprint of the identity   {{fingerprint}}
made                          {{made}}

If the daily key was lost or stolen:   sayso key recover FOLDER --recovery NEWPAGE
If it is only to be replaced:          sayso key rotate FOLDER --recovery NEWPAGE
Type the words when asked. They can be used once; NEWPAGE is the next recovery key. You also need the folder signed/:
if it is lost, what is published brings it back:   sayso restore {{sub}} FOLDER
"""


def to_words(seed: bytes) -> tuple[str, ...]:
    """Write a seed of 32 bytes as 24 words."""
    return tuple(_list().to_mnemonic(seed).split(" "))


def from_words(words: Sequence[str]) -> bytes:
    """Read a seed from its 24 words, in capitals or small letters; raises KeyFileError, which tells places and never words."""
    words = [word.lower() for word in words]
    if len(words) != WORDS:
        raise KeyFileError("recovery-words", f"a recovery key has {WORDS} words, these are {len(words)}")
    for place, word in enumerate(words, 1):
        if not is_word(word):
            raise KeyFileError("recovery-words", f"word {place} is not in the list of words", hint="compare it again")
    try:
        return bytes(_list().to_entropy(words))
    except ValueError:
        raise KeyFileError(
            "recovery-words",
            "these words do not belong together",
            hint="one of them is another word, or two are in each other's place",
        ) from None


def is_word(word: str) -> bool:
    """Tell whether a word, in small letters, is one of the list."""
    return word in _list().wordlist


def nearest(word: str) -> str | None:
    """Give the word of the list that is nearest to one that is none."""
    return nearest_word(word, _list().wordlist)


def page(seed: bytes, sub: str, identity: str, at: int) -> str:
    """Write the page that holds a recovery key, for an identity at an address, made at an instant."""
    words = to_words(seed)
    rows = "\n".join(
        "   ".join(f"{place + 1:>2} {words[place]:<8}" for place in range(row, row + 4)).rstrip()
        for row in range(0, WORDS, 4)
    )
    return _PAGE.format(sub=sub, rows=rows, fingerprint=fingerprint(identity), made=rfc3339(at))


def read_page(text: str, name: str = "the page") -> bytes:
    """Read the seed from such a page, as it was written or typed again, or from a text of 24 words; raises KeyFileError.

    Where every word has its number, the numbers say the order.
    """
    lines = [line.lower() for line in text.splitlines()]
    pairs = [pair for line in lines if _ROW.fullmatch(line) for pair in _PAIR.findall(line)]
    by_number = {int(number): word for number, word in pairs}
    if len(pairs) == WORDS and sorted(by_number) == [*range(1, WORDS + 1)]:
        return from_words([by_number[number] for number in range(1, WORDS + 1)])
    words = re.findall(r"[a-z]+", "\n".join(lines))
    if pairs or len(words) != WORDS:
        raise KeyFileError("recovery-words", f"{name} is no page of a recovery key, with its {WORDS} words")
    return from_words(words)


@cache
def _list() -> Mnemonic:
    return Mnemonic("english")
