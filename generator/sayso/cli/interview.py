"""Questions at a terminal, one after the other: each is told with its number, and asked until its answer can be taken."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import click

from sayso.cli.writing import write

Taken = TypeVar("Taken")

_WIDTH = 78


class Again(Exception):
    """An answer that cannot be taken; says what is wrong with it, and perhaps what to do."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Interview:
    """An interview of so many questions; everything is shown on stderr."""

    def __init__(self, questions: int) -> None:
        self._number = 0
        self._all = questions

    def ask(
        self, heading: str, lines: Iterable[str], prompt: str, take: Callable[[str], Taken], suggested: str = ""
    ) -> Taken:
        """Ask a question until ``take`` makes something of what was typed; raises click.Abort where nobody goes on.

        Enter alone gives ``suggested``, or an empty text, which ``take`` need not accept either.
        """
        self._number += 1
        write("", err=True)
        show(f"{self._number}/{self._all}  {heading}")
        for line in lines:
            show(line, "     ")
        return complete(prompt, take, suggested)


def complete(prompt: str, take: Callable[[str], Taken], suggested: str = "") -> Taken:
    """Ask on, without a new number, until an answer can be taken."""
    while True:
        said: str = click.prompt(prompt, default=suggested, show_default=bool(suggested), err=True)
        try:
            return take(said.strip())
        except Again as error:
            show(error.message)
            if error.hint:
                show(error.hint)


def choice(said: str, names: Sequence[str]) -> tuple[str | None, str]:
    """Give which of several things somebody chose by its number, in any digits, and what follows it; None for no such number."""
    number, _, rest = said.partition(" ")
    number = number.rstrip(".):")
    place = int(number) if number.isdecimal() else 0
    return (names[place - 1] if 0 < place <= len(names) else None), rest.strip()


def show(text: str, indent: str = "") -> None:
    """Show a text in lines that a narrow terminal holds; what follows a first word and two spaces stands below itself."""
    word, gap, rest = text.partition("  ")
    hanging = indent + " " * (len(word) + 2) if gap and len(word) <= 12 else indent
    lines = textwrap.wrap(
        text if not gap else f"{word}  {rest.strip()}",
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in lines:
        write(line, err=True)
