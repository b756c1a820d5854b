"""Recovery keys as words, and the fingerprint that is read out."""

from __future__ import annotations

import hashlib
import random

import pytest

from sayso.errors import KeyFileError
from sayso.trust import base64url
from sayso.trust.keylog import fingerprint
from sayso.trust.recovery import from_words, nearest, page, read_page, to_words

# Entropy and words as BIP 39 prints them among its test vectors.
KNOWN = {
    "00" * 32: "abandon " * 23 + "art",
    "7f" * 32: "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title",
    "80" * 32: "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless",
    "ff" * 32: "zoo " * 23 + "vote",
}  # fmt: skip


@pytest.mark.parametrize("seed", KNOWN)
def test_known_words(seed: str) -> None:
    """The words are those of BIP 39, there and back."""
    assert " ".join(to_words(bytes.fromhex(seed))) == KNOWN[seed].strip()
    assert from_words(KNOWN[seed].split()).hex() == seed


def test_every_page_is_read_back() -> None:
    """Whatever the key, its page gives it back: no other line of the page is taken for words."""
    chance = random.Random(39)
    for _ in range(300):
        seed = chance.randbytes(32)
        identity = base64url.encode(chance.randbytes(32)).decode()
        assert read_page(page(seed, "https://ada.example/", identity, chance.randrange(2**33))) == seed


def test_a_word_that_is_none() -> None:
    """Of a word that is mistyped the place is told, and not the word: what is said may be written down somewhere."""
    words = KNOWN["80" * 32].split()
    words[2] = "cagee"
    with pytest.raises(KeyFileError) as raised:
        from_words(words)
    assert (raised.value.code, raised.value.message) == ("recovery-words", "word 3 is not in the list of words")
    assert nearest("cagee") == "cage"


def test_fingerprint() -> None:
    """A fingerprint is the digest as a number modulo 10^40, in eight groups of five digits."""
    digest = hashlib.sha256(b"anything").digest()
    number = 0
    for byte in digest:
        number = number * 256 + byte
    digits = fingerprint(base64url.encode(digest).decode()).split(" ")
    assert [len(group) for group in digits] == [5] * 8
    assert int("".join(digits)) == number % 10**40
    assert fingerprint("A" * 43) == " ".join(["00000"] * 8)
