"""The ledger: what this computer signed last, by identity, so that no number is given twice after a backup was put back.

It lies beside the private keys, not beside ``signed/``: a backup of the one is not a backup of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from sayso.disk import make_folder, read_file, write_over
from sayso.errors import DiskError, FetchError, NotSigned
from sayso.publish.folder import Signed
from sayso.trust.keylog import Digest, KeyLog


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last version that was signed here, and the line of the key log that it was signed under."""

    line: Annotated[int, msgspec.Meta(ge=0)]
    key_event: Digest
    sequence: Annotated[int, msgspec.Meta(ge=1)]
    digest: Digest


@dataclass(frozen=True, slots=True)
class Ledger:
    """A folder with a file for each identity."""

    folder: Path

    def last(self, identity: str) -> Entry | None:
        """Give what was signed last under an identity; raises DiskError where that cannot be read."""
        path = self._path(identity)
        try:
            return msgspec.json.decode(read_file(path), type=Entry)
        except FetchError as error:
            if error.code == "file-not-found":
                return None
            raise DiskError("ledger-unreadable", error.message, hint="see who owns it") from None
        except (msgspec.MsgspecError, UnicodeError):
            raise DiskError(
                "ledger-unreadable",
                f"{path} is not what sayso wrote there",
                hint="if signed/ is the last version that you signed, remove the file",
            ) from None

    def note(self, signed: Signed) -> None:
        """Write down what was signed; raises DiskError."""
        pin = signed.verified.pin
        try:
            make_folder(self.folder, 0o700)
        except OSError as error:
            raise DiskError("disk", f"{self.folder} cannot be made: {error.strerror}") from None
        entry = Entry(line=pin.line, key_event=pin.key_event, sequence=pin.sequence, digest=pin.digest)
        write_over(self._path(pin.identity), msgspec.json.encode(entry) + b"\n", 0o600)

    def _path(self, identity: str) -> Path:
        return self.folder / f"{identity}.json"


def refuse_old_copy(folder: Path, keylog: KeyLog, last: Signed | None, entry: Entry | None, *, disown: bool) -> None:
    """Raise NotSigned where ``signed/`` is an older copy than what this computer signed last.

    A number that is given again, to another version, looks like a forgery to readers; so does a second line of the key log
    under one number. With ``disown`` the later versions, under the same line, are to be disowned.
    """
    if entry is None:
        return
    here = f"version {last.payload.sequence}" if last else "no version"
    if keylog.digests[entry.line : entry.line + 1] != (entry.key_event,):
        raise _old_copy(
            folder, f"keys were replaced on this computer since, and {folder / 'signed'} does not know of it"
        )
    if len(keylog.digests) > entry.line + 1:
        return  # keys were replaced elsewhere since
    found = (last.payload.sequence, last.verified.digest) if last else (0, "")
    if found == (entry.sequence, entry.digest) or found[0] > entry.sequence or (disown and last):
        return
    if found[0] == entry.sequence:
        here = f"another {here}"
    raise _old_copy(folder, f"this computer signed version {entry.sequence} last, but {folder / 'signed'} holds {here}")


def _old_copy(folder: Path, message: str) -> NotSigned:
    hint = f"get the later one back, from where you keep copies, or from the web: sayso restore BASE_URL {folder}"
    return NotSigned("sequence-reused", message, name=str(folder), hint=hint)
