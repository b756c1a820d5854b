"""The keys of a folder: the first ones, and those that take their place (SPEC.md, Key log)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sayso.disk import only_one, read_file, tidy_after_kill, write_new
from sayso.errors import KeyFileError, NotSigned
from sayso.instants import rfc3339
from sayso.publish.signing import Prepared
from sayso.trust.envelope import Signer
from sayso.trust.keylog import MAX_EVENTS, Floor, next_line, read_keylog
from sayso.trust.keys import PublicKey


def new_keys(folder: Path, line: bytes) -> None:
    """Begin the key log of a folder with its first line.

    Raises NotSigned where there is a key log already: an identity is never overwritten.
    """
    with only_one(folder) as alone:
        if alone:
            tidy_after_kill(folder / "signed")
        refuse_second_identity(folder)
        try:
            write_new(folder / "signed" / "keys.jsonl", line, 0o644)
        except FileExistsError:  # where there is no lock
            refuse_second_identity(folder)
            raise


def begins_with(folder: Path, line: bytes) -> bool:
    """Tell whether the key log of a folder begins with a line, whatever went wrong meanwhile."""
    path = folder / "signed" / "keys.jsonl"
    return path.exists() and read_file(path).startswith(line)


def refuse_second_identity(folder: Path) -> None:
    """Raise NotSigned where a folder has a key log already."""
    if (folder / "signed" / "keys.jsonl").exists():
        raise NotSigned(
            "has-keys",
            f"{folder} has its keys already",
            name=str(folder),
            hint=f"to replace the daily key: sayso key rotate {folder} --recovery FILE",
        )


def with_new_key(
    prepared: Prepared, recovery: Signer, daily: PublicKey, next_recovery: Sequence[PublicKey], *, disown: bool
) -> Prepared:
    """Give what was prepared, to be signed by a new daily key that the recovery key puts in the place of the old one.

    With ``disown``, the version that it follows becomes the floor: whatever else was signed with the old key does not count.
    Raises KeyFileError for a recovery key that the key log did not announce, NotSigned where there have been too many.
    """
    log = prepared.keylog
    if recovery.public.thumbprint not in log.events[-1].next:
        raise KeyFileError(
            "recovery-unknown",
            "this is not the recovery key of this identity",
            hint=f"take the page that says: made {rfc3339(log.events[-1].iat)}; a recovery key can be used once",
        )
    if len(log.events) == MAX_EVENTS:
        raise NotSigned(
            "too-many-keys",
            f"the key log has {MAX_EVENTS} lines already",
            name=str(prepared.folder),
            hint="no key of this identity can be replaced any more: begin a new identity in a new folder",
        )
    last = prepared.last if disown else None
    floor = Floor(sequence=last.payload.sequence, digest=last.verified.digest) if last else None
    keys = prepared.keys + next_line(log, recovery, [daily], next_recovery, prepared.terms.iat, floor)
    return replace(prepared, keys=keys, keylog=read_keylog(keys))
