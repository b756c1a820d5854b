"""The ledger: what this computer signed last, by identity, so that no number is given twice after a backup was put back.

It lies beside the private keys, not beside ``signed/``: a backup of the one is not a backup of the other. An entry is a pin,
and is compared as any reader compares theirs (step 10).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from sayso.disk import make_folder, read_file, write_over
from sayso.errors import DiskError, FetchError, NotSigned, VerificationError
from sayso.publish.folder import Signed
from sayso.trust.pin import Pin, missed_since
from sayso.trust.verify import Verified

#: What a subject may leave behind on purpose, by a floor: versions, but not lines of the key log.
_OF_VERSIONS = {"rollback", "equivocation", "forked", "back-in-time"}


@dataclass(frozen=True, slots=True)
class Ledger:
    """A folder with a file for each identity."""

    folder: Path

    def last(self, identity: str) -> Pin | None:
        """Give what was signed last under an identity; raises DiskError where that cannot be read."""
        path = self._path(identity)
        try:
            pin = msgspec.json.decode(read_file(path), type=Pin)
            if pin.identity != identity:
                raise msgspec.ValidationError("it is of another identity")
            return pin
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
        write_over(self._path(pin.identity), msgspec.json.encode(pin) + b"\n", 0o600)

    def _path(self, identity: str) -> Path:
        return self.folder / f"{identity}.json"


def older_than(entry: Pin, found: Verified) -> VerificationError | None:
    """Tell whether a version is older than what this computer signed last, or another one; how, if so."""
    try:
        missed_since(entry, found.keylog, found.payload, found.digest)
    except VerificationError as error:
        return error
    return None


def refuse_old_copy(folder: Path, last: Signed | None, entry: Pin | None, *, disown: bool) -> None:
    """Raise NotSigned where ``signed/`` is an older copy than what this computer signed last.

    A number that is given again, to another version, looks like a forgery to readers; so does a second line of the key log
    under one number. With ``disown`` the later versions are to be disowned.
    """
    if entry is None:
        return
    error = older_than(entry, last.verified) if last else None
    if last is not None and (error is None or (disown and error.code in _OF_VERSIONS)):
        return
    here = f"version {last.payload.sequence}" if last else "no version"
    if error is not None and error.code == "equivocation":
        here = f"another {here}"
    if error is not None and error.code not in _OF_VERSIONS:
        here = f"an older key log, and {here}"
    raise NotSigned(
        "sequence-reused",
        f"this computer signed version {entry.sequence} last, but {folder / 'signed'} holds {here}",
        name=str(folder),
        hint=f"get the later one back, from where you keep copies, or from the web: sayso restore BASE_URL {folder}",
    )
