"""What is shown before anything is signed, the question, and what is said after: the same for every command that signs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.output import answer, show_problems
from sayso.cli.writing import note, write
from sayso.errors import DiskError, RequestError, SaysoError
from sayso.instants import rfc3339
from sayso.texts import gettext, language_of

if TYPE_CHECKING:
    from sayso.publish.folder import Signed
    from sayso.publish.signing import Prepared

MARKS = {"takes": "-", "gives": "+", "says": "="}


def yes_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--yes``: the answer to the question, for those who cannot be asked."""
    return click.option("--yes", is_flag=True, help="Do it without asking.")(command)


def confirm(question: str, *, yes: bool, no_input: bool) -> None:
    """Ask somebody at a terminal; raises RequestError where nobody can be asked, SaysoError for a no."""
    if yes:
        return
    if no_input or not sys.stdin.isatty():
        raise RequestError("confirm", "nobody is here to say yes to this", hint="look at it, then add --yes")
    # note: the letters that stand for yes and for no
    for_yes, for_no = gettext("y"), gettext("n")
    while True:
        prompt = f"{question} [{for_yes}/{for_no.upper()}]"
        said = click.prompt(prompt, default="", show_default=False, err=True).strip().lower()
        if said in (for_yes, "y", "yes"):
            return
        if said in ("", for_no, "n", "no"):
            raise SaysoError("not-confirmed", "nothing was changed")
        write(gettext("please answer %(yes)s or %(no)s") % {"yes": for_yes, "no": for_no}, err=True)


def show(prepared: Prepared) -> None:
    """Show warnings, and in plain sentences of the terminal's language what will be different from the version before."""
    from sayso.profile.changes import changes

    show_problems(prepared.source.name, prepared.warnings, err=True)
    language = language_of(os.environ)
    last, found = prepared.last, changes(prepared.last.payload if prepared.last else None, prepared.terms, language)
    if last is None:
        note(gettext("the first version says:"))
    else:
        number_and_day = {"number": last.payload.sequence, "day": rfc3339(last.payload.iat)}
        different = gettext("what is different from version %(number)d, signed %(day)s:")
        note(
            (different if found else gettext("nothing is different from version %(number)d, signed %(day)s"))
            % number_and_day
        )
    for change in found:
        write(f"  {MARKS[change.kind]} {change.text}", err=True)


def keep_record(signed: Signed) -> None:
    """Note in the ledger what was signed; that it could not be is told, and takes nothing from what was signed."""
    from sayso.cli.record import ledger

    try:
        ledger().note(signed)
    except DiskError as error:
        number = signed.payload.sequence
        note(f"warning: version {number} is signed, but not in the record of this computer: {error.message}")


def report_signed(
    prepared: Prepared,
    signed: Signed,
    form: str,
    folder: Path,
    remarks: Callable[[], None] = lambda: None,
    **more: Any,
) -> None:
    """Answer with what was signed, make remarks, and say what to do next."""
    payload = signed.payload
    lost = [item.id for item in payload.revocations if item.revoked_at == payload.iat]
    result: dict[str, Any] = {
        "sub": payload.sub,
        "sequence": payload.sequence,
        "digest": signed.verified.digest,
        "identity": payload.identity,
        "status": payload.status,
        "iat": rfc3339(payload.iat),
        "exp": rfc3339(payload.exp),
        "revoked": lost,
        "changes": [{"kind": change.kind, "what": change.what, "text": change.text} for change in prepared.changes],
        **more,
    }
    lines = [f"signed version {payload.sequence} of {payload.sub}", f"holds until {rfc3339(payload.exp)}"]
    answer(form, result, [*lines, *(f"taken back: {grant}" for grant in lost)])
    remarks()
    note(f"next: look at it (sayso build {folder}), and put it on the web (sayso publish --help)")
