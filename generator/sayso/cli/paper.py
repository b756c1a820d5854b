"""Recovery keys and people: pages that are written and read, words that are shown and typed."""

from __future__ import annotations

import re
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from sayso.cli.writing import note, write
from sayso.errors import KeyFileError, RequestError
from sayso.texts import gettext


@dataclass(slots=True)
class Paper:
    """Where a new recovery key goes: a file to print, or, without one, the eyes of somebody at the terminal."""

    file: Path | None
    written: bool = field(default=False, init=False)

    def __str__(self) -> str:
        """Say where it is."""
        return str(self.file) if self.file else "24 words, which you wrote down"

    def as_data(self) -> dict[str, Any]:
        """Say where it is, for a program."""
        return {"recovery": str(self.file) if self.file else None}

    def refuse_place(self, *, no_input: bool) -> None:
        """Raise KeyFileError where the file cannot be, RequestError where words could not be shown."""
        from sayso.cli.keyring import refuse_place

        if self.file is not None:
            refuse_place(self.file)
        elif no_input or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise RequestError(
                "no-terminal", "the words can only be shown to somebody at a terminal", hint="use --recovery FILE"
            )

    def keep(self, seed: bytes, sub: str, identity: str, at: int) -> None:
        """Write the page, or show the words until they were written down."""
        from sayso.cli.keyring import store
        from sayso.trust.recovery import page, to_words

        if self.file is None:
            _show(to_words(seed))
            return
        store(self.file, page(seed, sub, identity, at).encode())
        self.written = True

    def forget(self) -> None:
        """Take away the page of a key that came to nothing, or say so of the words."""
        if self.written and self.file is not None:
            self.file.unlink(missing_ok=True)
        elif self.file is None:
            note("nothing was changed; words that were shown are void")

    def remind(self) -> None:
        """Say what is to be done with it now."""
        if self.file is not None:
            note(f"print {self.file} and take it off this computer: it is the only way back if the daily key is lost")
        else:
            note("keep the paper where nobody finds it but you, and clear this screen")


def paper_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--recovery`` and ``--recovery-words``: where a new recovery key goes; it comes as ``paper``."""

    def target(ctx: click.Context, param: click.Parameter, value: Path | None) -> Paper:
        del param
        if (value is None) != ctx.params.pop("words"):  # which is read before, and not given on
            raise click.UsageError("say where the new recovery key goes: --recovery FILE, or --recovery-words")
        return Paper(value)

    words = click.option(
        "--recovery-words", "words", is_flag=True, is_eager=True, help="Show the new recovery key, to be written down."
    )
    file = click.option(
        "--recovery",
        "paper",
        type=click.Path(path_type=Path, dir_okay=False),
        callback=target,
        help="Write the new recovery key into this file, to be printed.",
    )
    return file(words(command))


def recovery_key(page: Path | None, *, no_input: bool) -> bytes:
    """Give the seed of a recovery key, from its page or from what somebody types; raises KeyFileError, RequestError."""
    from sayso.disk import read_file
    from sayso.trust.recovery import from_words, read_page

    if page is not None:
        try:
            return read_page(read_file(page).decode("utf-8-sig"), str(page))
        except UnicodeDecodeError:
            raise KeyFileError("recovery-words", f"{page} is no page of a recovery key") from None
    if no_input or not sys.stdin.isatty():
        raise RequestError(
            "recovery-needed", "the recovery key that you have is needed", hint="use --from-recovery FILE"
        )
    return from_words(_ask())


def _show(words: tuple[str, ...]) -> None:
    write(
        gettext(
            "These 24 words are your recovery key. If this computer or your daily key is lost, only they bring you back."
        ),
        err=True,
    )
    write(
        gettext("Whoever has them can take your place. Write them on paper, in this order: they are not shown again."),
        err=True,
    )
    for row in range(0, len(words), 4):
        write("   ".join(f"{place + 1:>2} {words[place]:<8}" for place in range(row, row + 4)), err=True)
    for place in sorted(secrets.SystemRandom().sample(range(len(words)), 2)):
        while (
            click.prompt(gettext("To be sure: word %(number)d is") % {"number": place + 1}, err=True).strip().lower()
            != words[place]
        ):
            write(gettext("that is another word: look at what you wrote down"), err=True)


def _ask() -> list[str]:
    """Let somebody type the words, one after another or several at once, with or without their numbers."""
    from sayso.profile.nearest import did_you_mean
    from sayso.trust.recovery import WORDS, is_word, nearest

    words: list[str] = []
    write(gettext("Type the words of your recovery key, as many in a line as you like."), err=True)
    while len(words) < WORDS:
        asked = gettext("word %(number)d of %(all)d") % {"number": len(words) + 1, "all": WORDS}
        for word in re.findall(r"[a-z]+", click.prompt(asked, err=True).lower()):
            if not is_word(word):
                hint = did_you_mean(nearest(word))
                told = gettext("word %(number)d is not in the list of words") % {"number": len(words) + 1}
                write(told + (f": {hint}" if hint else ""), err=True)
                break
            words.append(word)
    return words
