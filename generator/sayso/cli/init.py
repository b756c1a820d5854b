"""The command that begins a profile: init."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.output import answer, clock_option, format_option, passphrase_options
from sayso.cli.shell import place
from sayso.cli.writing import note, write
from sayso.texts import catalogue, gettext, known, language_of

if TYPE_CHECKING:
    from sayso.cli.first_keys import FirstKeys
    from sayso.cli.wanted import Wanted

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="Begin a profile: a few questions, and all its files.")
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--url", help="Where the profile will be, for example https://ada.example/.")
@click.option("--name", help="Your name or a pseudonym; may be empty.")
@click.option(
    "--language", "languages", multiple=True, help="A language that you want to be addressed in, the best first."
)
@click.option(
    "--start",
    type=click.Choice(["nothing", "service", "offers", "market"]),
    help="Share nothing; service only; offers from shops that you name; in the market for something.",
)
@click.option("--shop", "shops", multiple=True, metavar="DOMAIN", help="A shop, for a start that names some.")
@click.option("--want", metavar="TEXT", help="What you are looking for, for the start `market`.")
@click.option("--key", "key", metavar="new|later|FILE", help="Make keys, now or later, or sign with a key of yours.")
@click.option(
    "--recovery", "page", type=_FILE, help="Write the recovery key into this file, to be printed; else it is shown."
)
@click.option(
    "--host",
    type=click.Choice(["github", "gitlab", "netlify", "cloudflare", "none"]),
    help="Write the file that lets this host build and serve the site.",
)
@click.option("--install", metavar="SOURCE", help="What that file installs sayso from; this release if not given.")
@passphrase_options
@clock_option
@format_option
def init(folder: Path, clock: Callable[[], int], form: str, **options: Any) -> None:
    """Begin a profile in FOLDER: a few questions, and all its files.

    Asks at most six questions, and chooses nothing for you: your address, your name or a pseudonym, your language, where to
    begin, your keys, your host. Each is an option too. Then writes FOLDER/profile.yml with remarks, the schema for your
    editor, a .gitignore and the file for your host, and makes the keys: all of it, or nothing.

    \b
    Where to begin (--start), each with the agreement of IEEE 7012 that it resembles:
      nothing  nobody may see or use anything about you (none)
      service  the shops that you name may use your orders to serve you (SD-BASE)
      offers   they may also send you offers (SD-BASE-ATP, and more than the agreements can say)
      market   you say what you look for, and the shops that you name may answer (PDC-INTENT)

    \b
    Example: sayso init ada --url https://ada.example/ --start nothing --key later --no-input
    """
    _begin(folder, clock(), form, **options)


def _begin(
    folder: Path, at: int, form: str, *, install: str | None, passphrase_fd: int | None, no_input: bool, **options: Any
) -> None:
    from sayso.cli.first_files import first_files
    from sayso.cli.wanted import Given, wanted
    from sayso.profile.check import ensure_valid
    from sayso.profile.source import load
    from sayso.publish.begin import refuse_begun
    from sayso.publish.beginning import profile_text
    from sayso.publish.source_file import SOURCE

    refuse_begun(folder)
    found = wanted(folder, at, Given(**options, install=install, silent=no_input or not sys.stdin.isatty()))
    language = (*known(found.answers.languages), language_of(os.environ))[0]
    text = profile_text(found.answers, catalogue(language).gettext).encode()
    ensure_valid(load(text, str(folder / SOURCE)), at)
    new, changed = first_files(folder, found, text, install)
    keys = _write(folder, found, at, new, changed, passphrase_fd=passphrase_fd, no_input=no_input)
    _report(folder, found, keys, [*new], [*changed], form)


def _write(
    folder: Path,
    found: Wanted,
    at: int,
    new: dict[Path, bytes],
    changed: dict[Path, bytes],
    *,
    passphrase_fd: int | None,
    no_input: bool,
) -> FirstKeys | None:
    """Make the keys, write the files, and only then begin the key log: what fails before leaves nothing, and nothing comes after."""
    from sayso.cli.first_keys import first_keys, refuse_in_folder
    from sayso.cli.keyring import new_passphrase, open_key
    from sayso.cli.paper import Paper
    from sayso.publish.begin import written
    from sayso.publish.keys import begins_with, new_keys

    if found.key in ("later", "there"):
        with written(folder, new, changed):
            return None
    for file in (found.page, found.own):
        refuse_in_folder(folder, file)
    paper = Paper(found.page)
    paper.refuse_place(no_input=no_input)
    url = found.answers.url
    if found.own is not None:
        own = (found.own, open_key(found.own, passphrase_fd, no_input=no_input))
        made = first_keys(folder, url, at, paper, own=own)
    else:
        made = first_keys(folder, url, at, paper, secret=new_passphrase(passphrase_fd, no_input=no_input))
    with made as keys, written(folder, new, changed, stays=lambda: begins_with(folder, keys.line)):
        new_keys(folder, keys.line)
    return keys


def _report(
    folder: Path, wanted: Wanted, keys: FirstKeys | None, new: list[Path], changed: list[Path], form: str
) -> None:
    from sayso.publish.hosts import HOSTS

    commands = _next(folder, wanted)
    result: dict[str, Any] = {
        "folder": str(folder),
        "url": wanted.answers.url,
        "start": wanted.answers.start,
        "written": [str(path) for path in new],
        "changed": [str(path) for path in changed],
        "warnings": list(wanted.warnings),
        "host": None if wanted.host == "none" else wanted.host,
        "keys": keys.as_data() if keys else None,
        "next": commands,
    }
    write("", err=True)
    answer(
        form,
        result,
        [
            *(f"written       {path}" for path in new),
            *(f"one line more {path}" for path in changed),
            *(keys.lines() if keys else []),
        ],
    )
    if keys:
        keys.paper.remind()
    for step in HOSTS[wanted.host].next if wanted.host != "none" else ():
        note(f"to publish: {step}")
    note(gettext("next, one after the other:"))
    for command in commands:
        write(f"  {command}", err=True)


def _next(folder: Path, wanted: Wanted) -> list[str]:
    """Give the three commands that come next, as they are typed into a shell."""
    at = place(folder)
    key = f" --key {shlex.quote(str(wanted.own))}" if wanted.own else ""
    sign = f"sayso sign{at}{key}"
    if wanted.key == "later":
        return [f"sayso preview{at}", f"sayso key new{at} --recovery-words", sign]
    return [f"sayso preview{at}", sign, f"sayso build{at}"]
