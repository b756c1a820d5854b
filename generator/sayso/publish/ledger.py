"""The ledger: which number this computer gave last, by identity, so that a restored backup does not give it again.

It lies beside the private keys, not beside ``signed/``: a backup of the one is not a backup of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from sayso.disk import read_file, write_over
from sayso.errors import DiskError
from sayso.publish.folder import Signed
from sayso.trust.keylog import Digest


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Number and digest of the last version that was signed here."""

    sequence: Annotated[int, msgspec.Meta(ge=1)]
    digest: Digest


@dataclass(frozen=True, slots=True)
class Ledger:
    """A folder with a file for each identity."""

    folder: Path

    def last(self, identity: str) -> Entry | None:
        """Give what was signed last under an identity; raises DiskError where that cannot be read."""
        path = self._path(identity)
        if not path.exists():
            return None
        try:
            return msgspec.json.decode(read_file(path), type=Entry)
        except (msgspec.MsgspecError, UnicodeError):
            raise DiskError(
                "ledger-unreadable",
                f"{path} is not what sayso wrote there",
                hint="if signed/ is the last version that you signed, remove the file",
            ) from None

    def note(self, signed: Signed) -> None:
        """Write down what was signed; raises DiskError."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DiskError("disk", f"{self.folder} cannot be made: {error.strerror}") from None
        entry = Entry(signed.payload.sequence, signed.verified.digest)
        write_over(self._path(signed.payload.identity), msgspec.json.encode(entry) + b"\n", 0o600)

    def _path(self, identity: str) -> Path:
        return self.folder / f"{identity}.json"
