"""The command that brings a lost ``signed/`` back: restore."""

from __future__ import annotations

from pathlib import Path

import click

from sayso.cli.output import answer, canonical_base_url, folder_argument, format_option
from sayso.cli.web import file_getter, via_option
from sayso.cli.writing import note


@click.command(short_help="Bring a lost signed/ back from what is published.")
@click.argument("base_url")
@folder_argument
@via_option
@format_option
def restore(base_url: str, folder: Path, via: str | None, form: str) -> None:
    """Bring FOLDER/signed/ back from what is published at BASE_URL.

    For when the folder was lost, or an old copy was put back. What is fetched is verified; that it has ended is no hindrance.
    profile.yml is not on the web, nor are your keys: bring back the one from a backup, and if the daily key is lost too,
    `sayso key recover` makes a new one with the recovery key.

    \b
    Example: sayso restore https://ada.example/ .
    """
    from sayso.cli.record import ledger
    from sayso.publish.restore import restore as restore_signed

    base = canonical_base_url(base_url)
    signed = restore_signed(folder, base, file_getter(base, via), ledger())
    result = {
        "sub": base,
        "sequence": signed.payload.sequence,
        "digest": signed.verified.digest,
        "identity": signed.payload.identity,
    }
    answer(form, result, [f"{folder / 'signed'} holds version {signed.payload.sequence} of {base} again"])
    note(f"next: see what you changed since, and sign it: sayso sign {folder}")
