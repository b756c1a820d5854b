"""How words of the vocabulary bear on each other (SPEC.md, Decisions, steps 3 and 5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sayso.spec import Word

Words = Mapping[str, Word]
SCOPE = ("signals", "purposes", "channels", "categories")  # what grants and refusals are about, each a set of words
CATEGORY_PATTERN = r"^[a-z]{2}(?:-[1-9][0-9]{0,3}){0,7}\Z"


def parent(word: str) -> str | None:
    """Give the part before the dot, or None for a word without one."""
    head, dot, _ = word.partition(".")
    return head if dot else None


def refused(scope: Iterable[str], asked: str, words: Words) -> bool:
    """Tell whether a refusal on some words bears on a word that is asked for; no words are all words.

    It does if it names the word or its parent, or if the word is the parent of one that it names: asking for a parent asks
    for its children, those not known here included, and leaves out only those known to be named by themselves.
    """
    named = tuple(scope)
    return not named or any(
        word in (asked, parent(asked)) or (parent(word) == asked and not (word in words and words[word].explicit_only))
        for word in named
    )


def granted(scope: Iterable[str], asked: str, words: Words, version: int) -> bool:
    """Tell whether a grant of some words, written in a version of the vocabulary, covers a word that is asked for.

    It does if it names the word, or its parent, provided that the word is known, was known in that version, and is not one
    that must be named by itself.
    """
    if asked in scope:
        return True
    word = words.get(asked)
    return (
        word is not None
        and word.parent is not None
        and word.parent in scope
        and not word.explicit_only
        and word.since <= version
    )


def over(category: str) -> Iterator[str]:
    """Give every category that one lies under, itself first; there are eight at most."""
    while category:
        yield category
        category = category.rpartition("-")[0]


def within(category: str, other: str) -> bool:
    """Tell whether a product category is another one or lies under it (``sg-4-2`` lies under ``sg-4``)."""
    return category == other or category.startswith(other + "-")
