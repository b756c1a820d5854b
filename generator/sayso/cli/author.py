"""The author's commands: sign, revoke, withdraw, build."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.confirm import confirm, keep_record, report_signed, show, yes_option
from sayso.cli.output import answer, at_option, clock_option, folder_argument, format_option, passphrase_options
from sayso.cli.writing import note
from sayso.errors import DiskError, NotSigned
from sayso.texts import gettext

if TYPE_CHECKING:
    from sayso.profile.model import Terms


def _signing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    key = click.option(
        "--key",
        "key_file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The private key, if it is neither in ssh-agent nor where `sayso key new` put it.",
    )
    return key(yes_option(passphrase_options(clock_option(format_option(command)))))


@click.command()
@folder_argument
@_signing_options
def sign(folder: Path, **options: Any) -> None:
    """Sign profile.yml as the next version.

    Checks FOLDER/profile.yml, shows what is different from the last version, asks, and writes FOLDER/signed/. Nothing is
    written unless all is well. The key is one that ssh-agent holds, or a file; its passphrase comes from --passphrase-fd,
    else from the environment variable SAYSO_PASSPHRASE, else it is asked for.

    \b
    Example: sayso sign examples/consumer/ada
    """
    _sign(folder, None, lambda _: False, lambda _: (), **options)


@click.command()
@click.argument("what", metavar="COMPANY|GRANT", required=False)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@click.option("--all", "everything", is_flag=True, help="Take back every grant.")
@_signing_options
def revoke(what: str | None, folder: Path | None, everything: bool, **options: Any) -> None:
    """Take back what was granted, and sign.

    Takes one grant, all that a company was granted by name, or with --all every grant out of FOLDER/profile.yml, with its
    comments, and nothing else; then signs as `sayso sign` does. What is granted to everyone only a refusal takes from one.

    \b
    Example: sayso revoke northpeak.example
    """
    from sayso.profile.taking_back import revoke as revoke_in
    from sayso.profile.taking_back import still_allowed, terms_without

    if everything and what is not None and folder is None:
        folder, what = Path(what), None
    if everything == (what is not None):
        raise click.UsageError("name a company or a grant, or use --all")
    folder = folder or Path()
    if not folder.is_dir():
        raise click.UsageError(f"there is no folder {folder}")
    name = str(folder / "profile.yml")
    _sign(
        folder,
        lambda data, at: revoke_in(data, what, at, name),
        lambda signed: terms_without(signed, what) != signed,
        lambda terms: [f"note: {told}" for told in still_allowed(terms, what)],
        **options,
    )


@click.command()
@folder_argument
@_signing_options
def withdraw(folder: Path, **options: Any) -> None:
    """Take back everything, and sign.

    Puts the line `status: withdrawn` into FOLDER/profile.yml, then signs as `sayso sign` does: what is signed says that all
    is withdrawn, and nothing else. Take the line away and sign again to come back.

    \b
    Example: sayso withdraw
    """
    from sayso.profile.taking_back import withdraw as withdraw_in

    name = str(folder / "profile.yml")
    told = (
        "readers learn of it when it is published; to come back, take the line `status: withdrawn` away and sign again"
    )
    _sign(
        folder,
        lambda data, at: withdraw_in(data, at, name),
        lambda signed: signed.status == "active",
        lambda _: [told],
        **options,
    )


def _sign(
    folder: Path,
    rewrite: Callable[[bytes, int], bytes] | None,
    still_signed: Callable[[Terms], bool],
    remarks: Callable[[Terms], Iterable[str]],
    *,
    key_file: Path | None,
    passphrase_fd: int | None,
    yes: bool,
    no_input: bool,
    clock: Callable[[], int],
    form: str,
) -> None:
    """Sign a folder, with remarks on what was signed.

    Where the source says already what a rewriting would make it say, and what is signed does not, it is signed as it is.
    """
    from sayso.cli.keyring import find_key, signer
    from sayso.cli.record import ledger
    from sayso.publish.signing import prepare
    from sayso.publish.signing import sign as sign_prepared

    try:
        prepared = prepare(folder, clock, ledger(), rewrite=rewrite)
    except NotSigned as error:
        if error.code not in ("already-withdrawn", "nothing-to-revoke"):
            raise
        prepared = prepare(folder, clock, ledger())
        if prepared.last is None or not still_signed(prepared.last.payload):
            raise
        note(
            f"{prepared.source.name} says so already, but version {prepared.last.payload.sequence}, which is signed, does not"
        )
    found = find_key(prepared.keylog, key_file)
    show(prepared)  # before anybody is asked for a passphrase
    confirm(gettext("Sign this?"), yes=yes, no_input=no_input)
    signed = sign_prepared(prepared, signer(found, prepared.keylog, passphrase_fd, no_input=no_input), keep_record)

    def say_remarks() -> None:
        for remark in remarks(signed.payload):
            note(remark)

    report_signed(prepared, signed, form, folder, say_remarks)


@click.command()
@folder_argument
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the site goes; FOLDER/public if not given.",
)
@click.option("--history", is_flag=True, help="Also publish the earlier versions that are kept, whole.")
@click.option("--unlisted", is_flag=True, help="Ask search engines to leave the pages out.")
@at_option
@format_option
def build(folder: Path, output: Path | None, history: bool, unlisted: bool, at: int, form: str) -> None:
    """Build the site from what is signed.

    Refuses when FOLDER/profile.yml says something else than FOLDER/signed/, and names the lines. A site that was there before
    is replaced only when the new one is whole. Of earlier versions only the digests are published, unless --history says
    otherwise. --history and --unlisted can be had for good: `history: true` under the plugin in FOLDER/mkdocs.yml.

    \b
    Example: sayso build examples/consumer/ada --output build/ada
    """
    from sayso.cli.record import ledger
    from sayso.publish.ledger import older_than
    from sayso.publish.site import build as build_site

    target = output or folder / "public"
    signed = build_site(folder, target, at, history=history, unlisted=unlisted)
    try:
        entry = ledger().last(signed.payload.identity)
    except DiskError:
        entry = None  # a site can be built without it, as CI does
    if entry is not None and older_than(entry, signed.verified):
        note(
            f"warning: this computer signed version {entry.sequence} last, and this is version {signed.payload.sequence}:"
            " readers who saw that one will refuse this"
        )
    count = sum(path.is_file() for path in target.rglob("*"))
    result = {
        "output": str(target),
        "files": count,
        "sub": signed.payload.sub,
        "sequence": signed.payload.sequence,
    }
    answer(
        form,
        result,
        [f"built {target}: {count} files, version {signed.payload.sequence} of {signed.payload.sub}"],
    )
    note(f"next: put what is in {target} on the web at {signed.payload.sub}: sayso publish --help tells how")
