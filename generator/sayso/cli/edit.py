"""The command that opens a profile as a form in the browser: edit."""

from __future__ import annotations

import os
import shlex
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso.cli.output import clock_option, folder_argument
from sayso.cli.writing import complain_error, note
from sayso.errors import NotFound, SaysoError
from sayso.texts import LANGUAGES, gettext, language_of

if TYPE_CHECKING:
    from sayso.editor.terminal import Outcome


@click.command()
@folder_argument
@click.option("--port", type=click.IntRange(1, 65535), help="The port on this machine; one that is free, if not given.")
@click.option("--open/--no-open", "open_browser", default=True, show_default=True, help="Open it in a browser.")
@click.option(
    "--language", type=click.Choice([*LANGUAGES]), help="The language of the form; that of the terminal if not given."
)
@click.option("--no-input", is_flag=True, help="Never ask in the terminal: the form cannot have it sign.")
@clock_option
def edit(
    folder: Path,
    port: int | None,
    open_browser: bool,
    language: str | None,
    no_input: bool,
    clock: Callable[[], int],
) -> None:
    """Edit profile.yml as a form in the browser.

    Serves the form to this machine only, and to the one browser that opens the address. What you change is told in plain
    sentences before it is saved; the version before is kept in FOLDER/profile.yml.bak. To sign, the form asks in this
    terminal: your key and its passphrase never enter the page. Stop it with Ctrl-C.

    \b
    Example: sayso edit examples/consumer/ada
    """
    from sayso.cli.record import ledger
    from sayso.editor.desk import Desk
    from sayso.editor.guard import Guard
    from sayso.editor.rendering import again
    from sayso.editor.room import Room
    from sayso.editor.server import Server
    from sayso.editor.terminal import Terminal
    from sayso.publish.signing import prepare

    if not (folder / "profile.yml").exists():
        raise NotFound("file-not-found", f"there is no {folder / 'profile.yml'}", hint=f"make one: sayso init {folder}")
    said = language or language_of(os.environ)
    server = Server(port or 0, _tell_a_bug)
    guard = Guard(server.port, again(said), _tell_the_next)
    terminal = Terminal(there=not no_input and sys.stdin.isatty())
    room = Room(folder, clock, said, guard, terminal, lambda: prepare(folder, clock, ledger()))
    try:
        with server.serving(Desk(room).answer):
            note(f"the form, for this machine only (stop it with Ctrl-C): {guard.address}")
            if open_browser and _has_a_screen():
                webbrowser.open(guard.address)
            while True:
                terminal.wait()
                terminal.tell(_signed(folder, clock))
    except KeyboardInterrupt:
        name = shlex.quote(str(folder))
        note(f"stopped; next: sign what you saved (sayso sign {name}), and build it (sayso build {name})")


def _tell_the_next(address: str) -> None:
    note(f"the address was opened before; if that was you, open this one now, else stop with Ctrl-C: {address}")


def _tell_a_bug(error: Exception) -> None:
    note(f"this is a bug in sayso: {type(error).__name__}: {error}; the form is still open")


def _has_a_screen() -> bool:
    """Tell whether a browser would have a window: one that has none would take the terminal away."""
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _signed(folder: Path, clock: Callable[[], int]) -> Outcome:
    """Do here in the terminal what `sayso sign` does; gives what came of it."""
    from sayso.cli.confirm import confirm, keep_record, report_signed, show
    from sayso.cli.keyring import find_key, signer
    from sayso.cli.record import ledger
    from sayso.editor.terminal import Outcome
    from sayso.publish.signing import prepare
    from sayso.publish.signing import sign as sign_prepared

    try:
        prepared = prepare(folder, clock, ledger())
        found = find_key(prepared.keylog, None)
        show(prepared)
        _forget_what_was_typed()
        confirm(gettext("Sign this?"), yes=False, no_input=False)
        signed = sign_prepared(prepared, signer(found, prepared.keylog, None, no_input=False), keep_record)
        report_signed(prepared, signed, "text", folder)
    except SaysoError as error:
        complain_error(error)
        return Outcome("failed", error.message)
    except click.Abort:
        note("not signed; the form is still open")
        return Outcome("failed", "nothing was changed")
    return Outcome("done", str(signed.payload.sequence))


def _forget_what_was_typed() -> None:
    """Throw away what was typed before the question was asked: it is no answer to it."""
    try:
        import termios
    except ImportError:  # elsewhere than on Unix
        return
    termios.tcflush(sys.stdin, termios.TCIFLUSH)
