"""The command group ``sayso key``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sayso.cli.output import answer, at_option, folder_argument, format_option, note, passphrase_options


@click.group()
def key() -> None:
    """Make the keys that sign a profile."""


@key.command()
@folder_argument
@click.option(
    "--recovery",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Where to write the recovery key: a file to keep elsewhere, such as on a memory stick.",
)
@passphrase_options
@at_option
@format_option
def new(folder: Path, recovery: Path, passphrase_fd: int | None, no_input: bool, at: int, form: str) -> None:
    """Make the keys of a new identity for FOLDER/profile.yml.

    The daily key signs; it stays on this computer, outside FOLDER. The recovery key is the only one that can ever replace
    it (this edition makes it, and a later one uses it): keep its file elsewhere, and do not lose it. Both open with one passphrase. If both are lost, nobody can speak for this address under this identity again.
    The passphrase comes from --passphrase-fd, else from the environment variable SAYSO_PASSPHRASE, else it is asked for.

    \b
    Example: sayso key new . --recovery /media/stick/sayso-recovery.key
    """
    from sayso.cli.keyring import key_path, passphrase, store
    from sayso.errors import KeyFileError
    from sayso.profile.check import ensure_valid
    from sayso.publish.signing import new_keys, refuse_second_identity
    from sayso.publish.source_file import read_source
    from sayso.trust.keyfile import PrivateKey

    source = read_source(folder)
    ensure_valid(source, at)
    refuse_second_identity(folder)
    if recovery.resolve().is_relative_to(folder.resolve()):
        raise KeyFileError(
            "key-in-folder",
            f"{recovery} lies in the folder that you publish",
            hint="keep the recovery key elsewhere",
        )
    if not recovery.resolve().parent.is_dir():
        raise KeyFileError(
            "no-such-folder", f"there is no folder {recovery.parent} for the recovery key", hint="is the stick mounted?"
        )
    if recovery.exists():
        raise KeyFileError(
            "key-exists", f"{recovery} exists already", hint="a key is never overwritten: name another file"
        )
    secret = passphrase(passphrase_fd, "new passphrase for your keys", no_input=no_input, confirm=True)
    if not secret:
        raise KeyFileError("no-passphrase", "an empty passphrase would leave your keys open to everybody")
    daily, spare = PrivateKey(os.urandom(32)), PrivateKey(os.urandom(32))
    path = key_path(daily.public.thumbprint)
    written: list[Path] = []
    try:
        for file, private in ((recovery, spare), (path, daily)):
            store(file, private.to_openssh(secret))
            written.append(file)
        identity = new_keys(folder, source.data["me"]["url"], daily, [spare.public], at)
    except BaseException:
        for file in written:  # keys without a log are nobody's
            file.unlink(missing_ok=True)
        raise
    result = {
        "identity": identity,
        "kid": daily.public.thumbprint,
        "key": str(path),
        "recovery": str(recovery),
    }
    answer(form, result, [f"identity      {identity}", f"daily key     {path}", f"recovery key  {recovery}"])
    note("take the recovery key off this computer: it is the only way back if the daily key is lost or stolen")
    note(f"next: sayso sign {folder}")
