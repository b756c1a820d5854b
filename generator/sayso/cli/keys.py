"""The command group ``sayso key``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.output import answer, clock_option, folder_argument, format_option, passphrase_options
from sayso.cli.paper import Paper, paper_option
from sayso.cli.rotation import recover, rotate
from sayso.cli.writing import note

if TYPE_CHECKING:
    from sayso.trust.keylog import KeyLog


class _InOrder(click.Group):
    """Lists its commands in the order in which they were added, which is that in which they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)


@click.group(cls=_InOrder)
def key() -> None:
    """Make, show, replace and keep the keys that sign a profile."""


@key.command(short_help="Make the keys of a new identity.")
@folder_argument
@paper_option
@passphrase_options
@clock_option
@format_option
def new(
    folder: Path, paper: Paper, passphrase_fd: int | None, no_input: bool, clock: Callable[[], int], form: str
) -> None:
    """Make the keys of a new identity for FOLDER/profile.yml.

    The daily key signs; it stays on this computer, outside FOLDER, under a passphrase. The recovery key is the only thing
    that can ever put another key in its place: 24 words, in a file to print, or shown once to be written down. Whoever has
    them can do so. If the daily key is lost, they bring you back; if both are lost, nobody can speak for this address under
    this identity again.
    The passphrase comes from --passphrase-fd, else from the environment variable SAYSO_PASSPHRASE, else it is asked for.

    \b
    Example: sayso key new . --recovery /media/stick/recovery.txt
    """
    from sayso.cli.first_keys import first_keys
    from sayso.cli.keyring import new_passphrase
    from sayso.profile.check import ensure_valid
    from sayso.publish.keys import new_keys, refuse_second_identity
    from sayso.publish.source_file import read_source

    refuse_second_identity(folder)
    at, source = clock(), read_source(folder)
    ensure_valid(source, at)
    paper.refuse_place(no_input=no_input)
    secret = new_passphrase(passphrase_fd, no_input=no_input)
    with first_keys(folder, source.data["me"]["url"], at, paper, secret=secret) as keys:
        new_keys(folder, keys.line)
    answer(form, keys.as_data(), keys.lines())
    paper.remind()
    note(f"next: sayso sign {folder}")


@key.command(short_help="Show identity, keys, and where the private ones are.")
@folder_argument
@format_option
def show(folder: Path, form: str) -> None:
    """Show identity, keys, and where the private ones are.

    The fingerprint is for reading out, on the telephone for example, to somebody who wants to be sure.

    \b
    Example: sayso key show
    """
    from sayso.cli.agent import agent_key
    from sayso.cli.keyring import key_path
    from sayso.instants import rfc3339
    from sayso.publish.folder import read_keys
    from sayso.trust.keylog import fingerprint, read_keylog

    log = read_keylog(read_keys(folder))

    def place(kid: str) -> str | None:
        if key_path(kid).exists():
            return str(key_path(kid))
        return "ssh-agent" if agent_key({kid}) is not None else None

    events: list[dict[str, Any]] = [
        {"n": event.n, "iat": rfc3339(event.iat)} | ({"floor": event.floor.sequence} if event.floor else {})
        for event in log.events
    ]
    result: dict[str, Any] = {
        "sub": log.events[-1].sub,
        "identity": log.identity,
        "fingerprint": fingerprint(log.identity),
        "keys": [{"kid": kid, "private": place(kid)} for kid in log.keys],
        "recovery": list(log.events[-1].next),
        "events": events,
    }
    answer(form, result, _lines(log, result))
    if any(item["private"] is not None for item in result["keys"]):
        note(f"next: keep a copy of the daily key elsewhere: sayso key backup {folder} --to FILE")
    else:
        note(
            f"next: bring the daily key here, or, if it is lost, replace it: sayso key recover {folder} --recovery FILE"
        )


_WHERE = {None: "its private part is not on this computer", "ssh-agent": "ssh-agent holds it, and its file is not here"}


def _lines(log: KeyLog, result: dict[str, Any]) -> list[str]:
    lines = [
        f"address       {result['sub']}",
        f"identity      {result['identity']}",
        f"fingerprint   {result['fingerprint']}",
    ]
    for item in result["keys"]:
        lines.append(f"daily key     {item['kid']}")
        lines.append(f"              {_WHERE.get(item['private'], item['private'])}")
    made = result["events"][-1]["iat"]
    lines += [f"recovery key  {kid}, made {made}; it is on your paper, and not here" for kid in log.events[-1].next]
    for event in result["events"]:
        told = "first keys" if event["n"] == 0 else "new keys"
        floor = f"; of the old key, only versions up to {event['floor']} count" if "floor" in event else ""
        lines.append(f"{event['iat']}  {told}{floor}")
    return lines


@key.command(short_help="Change the passphrase of the daily key.")
@folder_argument
@click.option(
    "--new-passphrase-fd", type=click.IntRange(min=0), help="Read the new passphrase from this file descriptor."
)
@passphrase_options
@format_option
def passwd(folder: Path, new_passphrase_fd: int | None, passphrase_fd: int | None, no_input: bool, form: str) -> None:
    """Change the passphrase of the daily key.

    The key stays the same, and so does all that it signed. Copies of the file keep the old passphrase. The new one comes
    from --new-passphrase-fd, else from SAYSO_NEW_PASSPHRASE, else it is asked for.

    \b
    Example: sayso key passwd
    """
    from sayso.cli.keyring import daily_key_path, new_passphrase, open_key
    from sayso.disk import write_over
    from sayso.publish.folder import read_keys
    from sayso.trust.keylog import read_keylog

    path = daily_key_path(read_keylog(read_keys(folder)))
    private = open_key(path, passphrase_fd, no_input=no_input)
    secret = new_passphrase(new_passphrase_fd, no_input=no_input, variable="SAYSO_NEW_PASSPHRASE")
    write_over(path, private.to_openssh(secret), 0o600)
    answer(form, {"kid": private.public.thumbprint, "key": str(path)}, [f"{path} has a new passphrase"])
    note(
        f"next: make a new copy in the place of older ones, which keep the old passphrase: sayso key backup {folder} --to FILE"
    )


@key.command(short_help="Copy the daily key to another place.")
@folder_argument
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The new file.")
@format_option
def backup(folder: Path, target: Path, form: str) -> None:
    """Copy the daily key to another place, as it is: under its passphrase.

    Whoever has the copy and the passphrase can sign as you. The recovery key is not in it: that one you have on paper.

    \b
    Example: sayso key backup . --to /media/stick/daily.key
    """
    from sayso.cli.keyring import daily_key_path, refuse_place, store
    from sayso.disk import read_file
    from sayso.publish.folder import read_keys
    from sayso.trust.keylog import read_keylog

    path = daily_key_path(read_keylog(read_keys(folder)))
    refuse_place(target)
    store(target, read_file(path))
    answer(form, {"key": str(path), "copy": str(target)}, [f"copied to {target}"])
    note(f"next: to sign with it: sayso sign {folder} --key {target.resolve()}, with the passphrase of today")


key.add_command(rotate)
key.add_command(recover)
