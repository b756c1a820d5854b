"""Where private keys lie and how they are opened: files in the user's configuration folder, and passphrases.

A passphrase comes from ``--passphrase-fd``, else from SAYSO_PASSPHRASE (set but empty means: none), else from the terminal.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import platformdirs

from sayso.disk import write_new
from sayso.errors import KeyFileError
from sayso.trust.keyfile import PrivateKey
from sayso.trust.keylog import KeyLog

VARIABLE = "SAYSO_PASSPHRASE"


def key_path(thumbprint: str) -> Path:
    """Give the place of a private key, named by its thumbprint."""
    return platformdirs.user_config_path("sayso") / "keys" / f"{thumbprint}.key"


def store(path: Path, data: bytes) -> None:
    """Write a private key that only its owner may read; raises KeyFileError rather than overwrite anything."""
    try:
        write_new(path, data, 0o600)
    except FileExistsError:
        raise KeyFileError(
            "key-exists", f"{path} exists already", hint="a key is never overwritten: name another file"
        ) from None


def signer_for(keylog: KeyLog, key_file: Path | None, passphrase_fd: int | None, *, no_input: bool) -> PrivateKey:
    """Open the private key that signs under a key log; raises KeyFileError."""
    current = {key.thumbprint for key in keylog.current_keys}
    path = key_file or next((key_path(name) for name in sorted(current) if key_path(name).exists()), None)
    if path is None:
        raise KeyFileError(
            "key-not-here",
            "the private key of this profile is not on this computer",
            hint="sign where `sayso key new` was run, or name the file with --key",
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise KeyFileError("key-unreadable", f"{path} cannot be read: {error.strerror}") from None
    try:
        key = PrivateKey.from_openssh(data, None, str(path))
    except KeyFileError as error:
        if error.code != "key-needs-passphrase":
            raise
        key = PrivateKey.from_openssh(
            data, passphrase(passphrase_fd, f"passphrase for {path}", no_input=no_input), str(path)
        )
    if key.public.thumbprint not in current:
        raise KeyFileError("key-of-another", f"{path} is not the key of this profile")
    return key


def passphrase(descriptor: int | None, prompt: str, *, no_input: bool, confirm: bool = False) -> bytes:
    """Get a passphrase from the first source that there is; raises KeyFileError where there is none."""
    if descriptor is not None:
        try:
            with os.fdopen(descriptor, "rb") as file:
                return file.read(4096).removesuffix(b"\n")
        except OSError as error:
            raise KeyFileError(
                "no-passphrase", f"file descriptor {descriptor} cannot be read: {error.strerror}"
            ) from None
    if VARIABLE in os.environ:
        return os.fsencode(os.environ[VARIABLE])
    if no_input or not sys.stdin.isatty():
        raise KeyFileError("no-passphrase", "a passphrase is needed", hint=f"use --passphrase-fd, or set {VARIABLE}")
    text: str = click.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True)
    return text.encode()
