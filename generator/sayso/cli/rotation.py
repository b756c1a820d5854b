"""Putting a new daily key in the place of the old one: rotate, recover."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sayso.cli.confirm import confirm, keep_record, report_signed, show, yes_option
from sayso.cli.output import clock_option, folder_argument, format_option, passphrase_options
from sayso.cli.paper import Paper, paper_option, recovery_key
from sayso.cli.writing import note
from sayso.texts import gettext


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    source = click.option(
        "--from-recovery",
        "old",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The page of the recovery key that you have; if not given, its words are asked for.",
    )
    return folder_argument(source(paper_option(yes_option(passphrase_options(clock_option(format_option(command)))))))


@click.command(short_help="Put a new daily key in the place of the old one.")
@_options
def rotate(folder: Path, **options: Any) -> None:
    """Put a new daily key in the place of the old one, and sign.

    This needs the recovery key, and uses it up: you get a new one. From now on the old daily key signs nothing; what it
    signed stands. Readers follow by themselves. FOLDER/profile.yml is signed with the new key, as by `sayso sign`.

    \b
    Example: sayso key rotate . --from-recovery recovery.txt --recovery recovery-2.txt
    """
    _replace(folder, disown=False, back_to=None, **options)


@click.command(short_help="Come back after the daily key was lost or stolen.")
@_options
@click.option(
    "--last-own",
    "back_to",
    type=click.IntRange(min=1),
    metavar="N",
    help="The last version that is yours; the one in FOLDER/signed/ if not given.",
)
def recover(folder: Path, back_to: int | None, **options: Any) -> None:
    """Come back after the daily key was lost or stolen.

    As `sayso key rotate`, and besides: what the old daily key signed after your last version does not count any more, for
    every reader who fetches what you publish now. Whoever holds the recovery key can do the same: if that one was stolen
    too, be quick.

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
    paper: Paper,
    passphrase_fd: int | None,
    yes: bool,
    no_input: bool,
    clock: Callable[[], int],
    form: str,
) -> None:
    from sayso.cli.keyring import forget, key_path, new_passphrase, store
    from sayso.cli.record import ledger
    from sayso.publish.folder import read_keys
    from sayso.publish.keys import with_new_key
    from sayso.publish.signing import prepare, sign
    from sayso.trust.keyfile import PrivateKey
    from sayso.trust.keylog import read_keylog

    paper.refuse_place(no_input=no_input)
    prepared = prepare(folder, clock, ledger(), disown=disown, back_to=back_to)
    recovery = PrivateKey(recovery_key(old, no_input=no_input))
    daily, seed = PrivateKey(os.urandom(32)), os.urandom(32)
    ready = with_new_key(prepared, recovery, daily.public, [PrivateKey(seed).public], disown=disown)
    show(ready)
    note("the old daily key signs nothing from now on; your recovery key is used up, and you get a new one")
    if disown and ready.last is not None:
        last = ready.last.payload.sequence
        note(f"version {last} is taken for the last one that is yours; what the old key signed after it will not count")
        note("if it is not: say no, and name the one that is with --last-own (`sayso history` lists them)")
    confirm(gettext("Put new keys in the place of the old ones, and sign this?"), yes=yes, no_input=no_input)
    secret = new_passphrase(passphrase_fd, no_input=no_input)
    path = key_path(daily.public.thumbprint)
    try:
        paper.keep(seed, ready.terms.sub, ready.keylog.identity, ready.terms.iat)
        store(path, daily.to_openssh(secret))
        signed = sign(ready, daily, keep_record)
    except BaseException:
        # Whatever went wrong: keys that the key log names by now are the only ones that there are.
        if daily.public.thumbprint in read_keylog(read_keys(folder)).keys:
            note("the new keys are in place all the same")
            paper.remind()
        else:
            paper.forget()
            forget(path)
        raise

    def remarks() -> None:
        paper.remind()
        note("destroy the old recovery page; until you publish, readers still believe the old key")

    made = {"kid": daily.public.thumbprint, "key": str(path), **paper.as_data()}
    report_signed(ready, signed, form, folder, remarks, **made)
