"""Where private keys lie and how they are opened: ssh-agent, files in the user's configuration folder, passphrases.

A passphrase comes from ``--passphrase-fd``, else from SAYSO_PASSPHRASE (set but empty is an error), else from the terminal.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path

import click
import platformdirs

from sayso.cli.agent import AgentKey, agent_key
from sayso.cli.writing import write
from sayso.disk import write_new
from sayso.errors import KeyFileError
from sayso.texts import gettext
from sayso.trust.envelope import Signer
from sayso.trust.keyfile import PrivateKey
from sayso.trust.keylog import KeyLog
from sayso.trust.keys import PublicKey

VARIABLE = "SAYSO_PASSPHRASE"
_LONGEST = 1000  # bytes; OpenSSH takes no more than 1,023
_DOCS_DIR = re.compile(r"^docs_dir: *['\"]?([^'\"#\n]+?)/?['\"]? *(?:#.*)?$", re.MULTILINE)


def key_path(thumbprint: str) -> Path:
    """Give the place of a private key, named by its thumbprint."""
    return platformdirs.user_config_path("sayso") / "keys" / f"{thumbprint}.key"


def store(path: Path, data: bytes) -> None:
    """Write a private key that only its owner may read; raises KeyFileError rather than overwrite anything."""
    try:
        write_new(path, data, 0o600)
    except FileExistsError:
        raise _exists(path) from None


def forget(path: Path) -> None:
    """Take away a key file that came to nothing, if it was written; what hinders that is no news."""
    with suppress(OSError):
        path.unlink()


def refuse_place(path: Path) -> None:
    """Raise KeyFileError where a private key cannot be put: a file that is there, no folder, or a folder that is published."""
    refuse_public_place(path)
    if not path.resolve().parent.is_dir():
        raise KeyFileError("no-such-folder", f"there is no folder {path.parent}", hint="is the stick mounted?")
    if os.path.lexists(path):
        raise _exists(path)


def refuse_public_place(path: Path) -> None:
    """Raise KeyFileError for a path in a consumer's folder, in a built site, or among the pages that MkDocs makes one from."""
    place = path.resolve()
    for folder in place.parents:
        is_published = any((folder / name).exists() for name in ("profile.yml", "sayso/manifest.json"))
        if is_published or place.is_relative_to(folder / _docs(folder)):
            raise KeyFileError("key-in-folder", f"{path} lies in a folder that you publish", hint="keep keys elsewhere")


def _docs(folder: Path) -> str:
    """Give the folder with the pages, as a mkdocs.yml names it; where there is no such file, what no path lies in."""
    try:
        found = _DOCS_DIR.search((folder / "mkdocs.yml").read_text("utf-8", "replace"))
    except OSError:
        return "\0"
    return found[1] if found else "docs"


def _exists(path: Path) -> KeyFileError:
    return KeyFileError("key-exists", f"{path} exists already", hint="a key is never overwritten: name a new file")


def find_key(keylog: KeyLog, key_file: Path | None) -> AgentKey | Path:
    """Give the key that signs under a key log: the file that was named, else what ssh-agent holds, else the file that lies here.

    Raises KeyFileError where there is none.
    """
    if key_file is not None:
        return key_file
    return agent_key(keylog.keys) or daily_key_path(keylog)


def signer(found: AgentKey | Path, keylog: KeyLog, passphrase_fd: int | None, *, no_input: bool) -> Signer:
    """Make a found key ready to sign; raises KeyFileError."""
    if isinstance(found, AgentKey):
        return found
    key = open_key(found, passphrase_fd, no_input=no_input)
    if key.public.thumbprint not in keylog.keys:
        earlier = {PublicKey.from_jwk(jwk).thumbprint for event in keylog.events for jwk in event.keys}
        hint = "it was replaced: use the new one" if key.public.thumbprint in earlier else None
        raise KeyFileError("key-of-another", f"{found} is not the key of this profile", hint=hint)
    return key


def daily_key_path(keylog: KeyLog) -> Path:
    """Give the place of a private key that signs under a key log; raises KeyFileError where there is none here."""
    path = next((key_path(name) for name in sorted(keylog.keys) if key_path(name).exists()), None)
    if path is None:
        raise KeyFileError(
            "key-not-here",
            "the private key of this profile is not on this computer",
            hint="sign where it is, or name its file with --key; if it is lost: sayso key recover FOLDER --recovery FILE",
        )
    return path


def open_key(path: Path, passphrase_fd: int | None, *, no_input: bool) -> PrivateKey:
    """Read a private key from an OpenSSH key file, with its passphrase; raises KeyFileError."""
    refuse_public_place(path)
    try:
        data = path.read_bytes()
        mode = path.stat().st_mode
    except OSError as error:
        raise KeyFileError("key-unreadable", f"{path} cannot be read: {error.strerror}") from None
    if os.name == "posix" and mode & 0o077:
        raise KeyFileError("key-open-to-others", f"{path} can be read by others", hint=f"close it: chmod 600 {path}")
    try:
        return PrivateKey.from_openssh(data, None, str(path))
    except KeyFileError as error:
        if error.code != "key-needs-passphrase":
            raise
    for attempts_left in (2, 1, 0):
        secret, typed = passphrase(
            passphrase_fd, gettext("passphrase for %(file)s") % {"file": path}, no_input=no_input
        )
        try:
            return PrivateKey.from_openssh(data, secret, str(path))
        except KeyFileError as error:
            if not (typed and attempts_left and error.code == "key-wrong-passphrase"):
                raise
            write(
                gettext("that does not open it; tries that are left: %(number)d") % {"number": attempts_left}, err=True
            )
    raise AssertionError("the last attempt raises")


def passphrase(
    descriptor: int | None, prompt: str, *, no_input: bool, again: bool = False, variable: str = VARIABLE
) -> tuple[bytes, bool]:
    """Get a passphrase from the first source that there is, and whether somebody typed it.

    Raises KeyFileError where there is none.
    """
    if descriptor is not None:
        try:
            with os.fdopen(descriptor, "rb") as file:
                return file.read(4096).removesuffix(b"\n"), False
        except OSError as error:
            raise KeyFileError(
                "no-passphrase", f"file descriptor {descriptor} cannot be read: {error.strerror}"
            ) from None
    if variable in os.environ:
        if not os.environ[variable]:
            raise KeyFileError("no-passphrase", f"{variable} is empty", hint="unset it, or put the passphrase into it")
        return os.fsencode(os.environ[variable]), False
    if no_input or not sys.stdin.isatty():
        option = "--passphrase-fd" if variable == VARIABLE else "--new-passphrase-fd"
        raise KeyFileError("no-passphrase", "a passphrase is needed", hint=f"use {option}, or set {variable}")
    while True:
        text: str = click.prompt(prompt, hide_input=True, default="", show_default=False, err=True)
        if not text:
            write(gettext("it cannot be empty"), err=True)
        elif (
            again
            and click.prompt(gettext("the same again"), hide_input=True, default="", show_default=False, err=True)
            != text
        ):
            write(gettext("these two are not the same"), err=True)
        else:
            return text.encode(), True


def new_passphrase(descriptor: int | None, *, no_input: bool, variable: str = VARIABLE) -> bytes:
    """Get a passphrase for a new key file; raises KeyFileError where there is none, or an empty one."""
    secret, _ = passphrase(descriptor, gettext("new passphrase"), no_input=no_input, again=True, variable=variable)
    if len(secret) > _LONGEST:
        raise KeyFileError("no-passphrase", f"a passphrase has {_LONGEST} bytes at most")
    if not secret:
        raise KeyFileError("no-passphrase", "an empty passphrase would leave your key open to everybody")
    return secret
