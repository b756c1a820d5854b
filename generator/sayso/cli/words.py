"""The command that tells what a profile can say: vocab."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.output import answer, format_option

if TYPE_CHECKING:
    from sayso.spec import Word

PARTS = ("signals", "purposes", "channels", "categories", "stages")


@click.command()
@click.argument("part", type=click.Choice(PARTS), required=False)
@click.option("--search", metavar="WORD", help="Only what has this in its key, label or meaning.")
@format_option
@click.pass_context
def vocab(ctx: click.Context, part: str | None, search: str | None, form: str) -> None:
    """Tell the words that a profile is written in, and what they mean.

    All of them, or one PART. Exit code 1 if nothing is found. As JSON also what each maps to in other vocabularies.

    \b
    Example: sayso vocab signals --search purchase
    """
    from sayso import spec

    known = spec.vocabulary()
    found = {
        name: {key: word for key, word in getattr(known, name).items() if _has(word, search)}
        for name in PARTS
        if part in (None, name)
    }
    result = {
        "vocabulary": known.version,
        **{name: [_data(word) for word in words.values()] for name, words in found.items()},
    }
    answer(form, result, _lines(found))
    ctx.exit(0 if any(found.values()) else 1)


def _has(word: Word, search: str | None) -> bool:
    return search is None or any(
        search.casefold() in text.casefold() for text in (word.key, word.label, word.definition)
    )


def _data(word: Word) -> dict[str, Any]:
    import msgspec

    return {name: value for name, value in msgspec.structs.asdict(word).items() if value not in (None, False, "", {})}


def _lines(found: Mapping[str, Mapping[str, Word]]) -> Iterator[str]:
    for name, words in found.items():
        if not words:
            continue
        yield f"{name}:"
        width = max(len(key) for key in words)
        for key, word in words.items():
            yield f"  {key:<{width}}  {word.label}"
            for line in _explanation(word):
                yield f"  {'':<{width}}    {line}"


def _explanation(word: Word) -> Iterator[str]:
    if word.definition:
        yield word.definition
    for holds, text in (
        (word.explicit_only, "must be named by itself: its parent does not imply it"),
        (word.open, "may be granted to everyone"),
        (word.sensitive, "may say something sensitive"),
        (word.deprecated, f"deprecated since version {word.deprecated} of the vocabulary"),
        (word.replaced_by, f"write {word.replaced_by} in its place"),
    ):
        if holds:
            yield f"({text})"
