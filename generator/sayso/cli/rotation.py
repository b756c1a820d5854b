"""Putting a new daily key in the place of the old one, and where recovery keys are kept: rotate, recover."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.author import refuse_future
from sayso.cli.confirm import confirm, report_signed, show, yes_option
from sayso.cli.output import clock_option, folder_argument, format_option, note, passphrase_options, write
from sayso.errors import KeyFileError, RequestError

if TYPE_CHECKING:
    from sayso.trust.keyfile import PrivateKey


@dataclass(frozen=True, slots=True)
class Recovery:
    """Where a new recovery key goes: a file to print, or, without one, the eyes of somebody at the terminal."""

    file: Path | None

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
                "confirm", "the words can only be shown to somebody at a terminal", hint="use --recovery FILE"
            )

    @contextmanager
    def kept(self, seed: bytes, sub: str, identity: str, at: int) -> Iterator[None]:
        """Write the key, or show it until it was written down; the file is taken away if the block fails."""
        from sayso.cli.keyring import store
        from sayso.trust.recovery import page, to_words

        if self.file is None:
            _show_words(to_words(seed))
            yield
            return
        store(self.file, page(seed, sub, identity, at).encode())
        try:
            yield
        except BaseException:
            self.file.unlink(missing_ok=True)
            raise

    def remind(self) -> None:
        """Say what is to be done with it now."""
        if self.file is not None:
            note(f"print {self.file} and take it off this computer: it is the only way back if the daily key is lost")


def _show_words(words: tuple[str, ...]) -> None:
    write("Write these words down, in this order. They are not shown again.", err=True)
    for row in range(0, len(words), 4):
        write("   ".join(f"{place + 1:>2} {words[place]:<8}" for place in range(row, row + 4)), err=True)
    for place in sorted(secrets.SystemRandom().sample(range(len(words)), 2)):
        while click.prompt(f"To be sure: what is word {place + 1}?", err=True).strip().lower() != words[place]:
            write("That is another word: look at what you wrote down.", err=True)


def recovery_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--recovery`` and ``--recovery-words``: where a new recovery key goes; it comes as ``recovery``."""

    def target(ctx: click.Context, param: click.Parameter, value: Path | None) -> Recovery:
        del param
        if (value is None) != ctx.params.pop("recovery_words"):
            raise click.UsageError("use either --recovery FILE or --recovery-words")
        return Recovery(value)

    words = click.option(
        "--recovery-words", is_flag=True, is_eager=True, help="Show the new recovery key as words, to be written down."
    )
    file = click.option(
        "--recovery",
        type=click.Path(path_type=Path, dir_okay=False),
        callback=target,
        help="Write the new recovery key into this file, to be printed.",
    )
    return file(words(command))


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    source = click.option(
        "--from-recovery",
        "old",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The file of the recovery key; if not given, its words are asked for.",
    )
    return folder_argument(
        source(recovery_options(yes_option(passphrase_options(clock_option(format_option(command))))))
    )


@click.command()
@_options
def rotate(folder: Path, **options: Any) -> None:
    """Put a new daily key in the place of the old one, and sign.

    This needs the recovery key, and uses it up: you get a new one. From now on the old daily key signs nothing; what it
    signed stands. Readers follow by themselves. FOLDER/profile.yml is signed with the new key, as by `sayso sign`.

    \b
    Example: sayso key rotate . --from-recovery recovery.txt --recovery recovery-2.txt
    """
    _replace(folder, disown=False, back_to=None, **options)


@click.command()
@_options
@click.option(
    "--last-own",
    "back_to",
    type=click.IntRange(min=1),
    metavar="N",
    help="The last version that is yours; the one in signed/ if not given.",
)
def recover(folder: Path, back_to: int | None, **options: Any) -> None:
    """Come back after the daily key was lost or stolen.

    As `sayso key rotate`, and besides: whatever the old daily key signed after your last version does not count any more,
    here and with every reader. Others who hold the recovery key could do the same: if that one was stolen too, be quick.

    \b
    Example: sayso key recover . --from-recovery recovery.txt --recovery recovery-2.txt
    """
    _replace(folder, disown=True, back_to=back_to, **options)


def _replace(
    folder: Path,
    *,
    disown: bool,
    back_to: int | None,
    old: Path | None,
    recovery: Recovery,
    passphrase_fd: int | None,
    yes: bool,
    no_input: bool,
    clock: Callable[[], int],
    form: str,
) -> None:
    from sayso.cli.keyring import key_path, ledger, new_passphrase, store
    from sayso.publish.keys import with_new_key
    from sayso.publish.signing import prepare, sign
    from sayso.trust.keyfile import PrivateKey

    refuse_future(clock)
    recovery.refuse_place(no_input=no_input)
    prepared = prepare(folder, clock, None if disown else ledger(), back_to=back_to)
    show(prepared)
    note("the old daily key signs nothing from now on, and the old recovery key is used up")
    if disown and prepared.last is not None:
        note(
            f"version {prepared.last.payload.sequence} is the last one of yours: what the old key signed after it does not count"
        )
    confirm("Put new keys in the place of the old ones, and sign this?", yes=yes, no_input=no_input)
    recovery_key = _recovery_key(old, no_input=no_input)
    daily, seed = PrivateKey(os.urandom(32)), os.urandom(32)
    ready = with_new_key(prepared, recovery_key, daily.public, [PrivateKey(seed).public], disown=disown)
    secret = new_passphrase(passphrase_fd, no_input=no_input)
    path = key_path(daily.public.thumbprint)
    with recovery.kept(seed, ready.terms.sub, ready.keylog.identity, ready.terms.iat):
        store(path, daily.to_openssh(secret))
        try:
            signed = sign(ready, daily, ledger())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    report_signed(ready, signed, form, folder, kid=daily.public.thumbprint, key=str(path), **recovery.as_data())
    recovery.remind()


def _recovery_key(file: Path | None, *, no_input: bool) -> PrivateKey:
    """Read a recovery key from its page, or from what somebody types."""
    from sayso.disk import read_file
    from sayso.trust.keyfile import PrivateKey
    from sayso.trust.recovery import from_words, read_page

    if file is not None:
        try:
            text = read_file(file).decode("utf-8")
        except UnicodeDecodeError:
            raise KeyFileError("recovery-words", f"{file} holds no recovery key") from None
        return PrivateKey(read_page(text))
    if no_input or not sys.stdin.isatty():
        raise RequestError("confirm", "the recovery key is needed", hint="use --from-recovery FILE")
    return PrivateKey(from_words(click.prompt("the 24 words of your recovery key", hide_input=True, err=True).split()))
