"""The keys of a new identity: made and kept so that a failure leaves none that nobody needs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sayso.cli.keyring import forget, key_path, store
from sayso.cli.paper import Paper
from sayso.errors import KeyFileError
from sayso.publish.keys import begins_with
from sayso.trust.keyfile import PrivateKey
from sayso.trust.keylog import fingerprint, first_line, read_keylog


@dataclass(frozen=True, slots=True)
class FirstKeys:
    """The first keys of an identity: the line that begins its key log, and where they lie."""

    line: bytes
    identity: str
    kid: str
    path: Path
    paper: Paper

    def as_data(self) -> dict[str, Any]:
        """Say what they are, for a program."""
        return {
            "identity": self.identity,
            "fingerprint": fingerprint(self.identity),
            "kid": self.kid,
            "key": str(self.path),
            **self.paper.as_data(),
        }

    def lines(self) -> list[str]:
        """Say what they are."""
        return [
            f"identity      {self.identity}",
            f"fingerprint   {fingerprint(self.identity)}",
            f"daily key     {self.path}",
            f"recovery key  {self.paper}",
        ]


@contextmanager
def first_keys(
    folder: Path, sub: str, at: int, paper: Paper, *, secret: bytes = b"", own: tuple[Path, PrivateKey] | None = None
) -> Iterator[FirstKeys]:
    """Make the keys for an address and keep them; the block puts the line into the key log of the folder.

    The daily key gets ``secret`` for a passphrase, unless it is one's ``own``, which stays where it is. Where the block fails
    before the line stands, what was made is taken away: keys without a log are nobody's. Raises KeyFileError, DiskError.
    """
    daily, seed = own[1] if own else PrivateKey(os.urandom(32)), os.urandom(32)
    line = first_line(sub, daily, [PrivateKey(seed).public], at)
    identity = read_keylog(line).identity
    path = own[0] if own else key_path(daily.public.thumbprint)
    try:
        paper.keep(seed, sub, identity, at)
        if own is None:
            store(path, daily.to_openssh(secret))
        yield FirstKeys(line, identity, daily.public.thumbprint, path, paper)
    except BaseException:
        if not begins_with(folder, line):
            paper.forget()
            if own is None:
                forget(path)
        raise


def refuse_in_folder(folder: Path, file: Path | None) -> None:
    """Raise KeyFileError for the file of a key in a folder that is to be published."""
    if file is not None and file.resolve().is_relative_to(folder.resolve()):
        raise KeyFileError("key-in-folder", f"{file} lies in a folder that you publish", hint="keep keys elsewhere")
