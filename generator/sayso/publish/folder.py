"""A consumer's folder: ``profile.yml`` and what ``sayso sign`` writes into ``signed/``.

signed/profile.jwt     the signed profile        signed/keys.jsonl     the key log
signed/profile.json    its payload, to read      signed/history.json   number, digest and instant of every version
signed/history/        the versions before it, ``<sequence>.jwt``: they may be taken away, the rest may not
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec

from sayso.disk import UNFINISHED, read_file
from sayso.errors import DiskError, NotSigned, VerificationError
from sayso.instants import Instant
from sayso.profile.check import ensure_valid
from sayso.profile.compile import compile_terms
from sayso.profile.diff import differences
from sayso.profile.model import Payload
from sayso.publish.source_file import SOURCE, read_source
from sayso.trust.history import earlier
from sayso.trust.keylog import Digest, read_keylog
from sayso.trust.verify import Verified, verify, verify_past


class Past(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version in ``history.json``: its number, its digest, and the instant at which it was signed."""

    sequence: Annotated[int, msgspec.Meta(ge=1)]
    digest: Digest
    iat: Instant


class History(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``history.json`` holds: every version in the chain, the first one first."""

    versions: tuple[Past, ...]

    def encode(self) -> bytes:
        """Give the bytes of the file."""
        return msgspec.json.format(msgspec.json.encode(self, order="sorted"), indent=2) + b"\n"


@dataclass(frozen=True, slots=True)
class Signed:
    """What ``signed/`` holds: the current version, verified, the bytes of the key log, and the versions before it."""

    verified: Verified
    keys: bytes
    history: tuple[Past, ...]  # every version, the current one last
    earlier: tuple[Verified, ...]  # those that are kept, the latest first, back to the first that is not

    @property
    def payload(self) -> Payload:
        """What is signed."""
        return self.verified.payload

    @property
    def versions(self) -> tuple[Verified, ...]:
        """The current version and the earlier ones that are kept, the latest first."""
        return (self.verified, *self.earlier)

    def as_of(self, sequence: int) -> Signed | None:
        """Give the folder as it was when a version was the last one; None if that is not kept."""
        place = self.payload.sequence - sequence
        if not 0 <= place < len(self.versions):
            return None
        return Signed(self.versions[place], self.keys, self.history[:sequence], self.versions[place + 1 :])

    def held_at(self, at: int) -> Past | None:
        """Give the version that was the last one at an instant; None before the first."""
        return next((past for past in reversed(self.history) if past.iat <= at), None)

    @property
    def profile(self) -> bytes:
        """The exact bytes of the signed profile."""
        return self.verified.envelope.token


def read_keys(folder: Path) -> bytes:
    """Read the key log of a folder; raises NotSigned where there is none yet."""
    path = folder / "signed" / "keys.jsonl"
    if not path.exists():
        begin = "key new {} --recovery FILE" if (folder / SOURCE).exists() else "init {}"
        raise NotSigned(
            "no-keys",
            f"{folder} has no key log yet",
            name=str(folder),
            hint=f"if you had keys, get signed/ back: sayso restore BASE_URL {folder}; if not: sayso {begin.format(folder)}",
        )
    return read_file(path)


def address_of_keys(folder: Path) -> str:
    """Give the address that the keys of a folder were made for; raises as ``read_signed`` does."""
    try:
        return read_keylog(read_keys(folder)).events[-1].sub
    except VerificationError as error:
        raise _for_the_author(error, folder) from None


def read_signed(folder: Path, base: str, at: int | None) -> Signed:
    """Read ``signed/`` and verify it as a stranger would; ``at`` is None for a version that need not hold any more.

    Raises NotSigned where nothing is signed yet or the history is broken, VerificationError where it is not what it should be.
    """
    path = folder / "signed" / "profile.jwt"
    keys = read_keys(folder)
    if not path.exists():
        raise NotSigned(
            "not-signed",
            f"{folder} has no signed version yet",
            name=str(folder),
            hint=f"sign it first: sayso sign {folder}",
        )
    profile = read_file(path)
    try:
        verified = verify_past(profile, keys, base) if at is None else verify(profile, keys, base, at)
    except VerificationError as error:
        raise _for_the_author(error, folder) from None
    kept = _earlier(folder, verified)
    return Signed(verified, keys, _history(folder, verified, kept), kept)


def _for_the_author(error: VerificationError, folder: Path) -> VerificationError:
    """Say the same thing to somebody who can do something about it."""
    hints = {
        "expired": f"sign it again: sayso sign {folder}",
        "wrong-address": "an identity belongs to one address: put the address back, or begin a new folder",
        "from-the-future": "this computer's clock is behind the one that signed",
    }
    hint = hints.get(error.code, f"put {folder / 'signed'} back as `sayso sign` wrote it")
    return VerificationError(error.code, f"{folder / 'signed'}: {error.message}", step=error.step, hint=hint)


def _earlier(folder: Path, verified: Verified) -> tuple[Verified, ...]:
    """Read the earlier versions that are kept, back to the first that is not."""

    def body(sequence: int) -> bytes | None:
        path = _body(folder, sequence)
        return read_file(path) if path.exists() else None

    found: list[Verified] = []
    try:
        found.extend(earlier(verified, body))
    except VerificationError:
        path = _body(folder, verified.payload.sequence - len(found) - 1)
        raise _broken(path, folder, "is not the version that the next one follows") from None
    return tuple(found)


def _history(folder: Path, verified: Verified, kept: tuple[Verified, ...]) -> tuple[Past, ...]:
    path = folder / "signed" / "history.json"
    if path.exists():
        return read_history(read_file(path), verified, kept, path, folder)
    if verified.payload.sequence > 1:
        raise _broken(path, folder, "is gone")
    return (Past(1, verified.digest, verified.payload.iat),)


def read_history(
    data: bytes, verified: Verified, kept: tuple[Verified, ...], path: Path | str, folder: Path
) -> tuple[Past, ...]:
    """Read which versions there were; the current one, those that are kept, and those that they name must be among them.

    Raises NotSigned, which says ``path`` for what was read.
    """
    current = Past(verified.payload.sequence, verified.digest, verified.payload.iat)
    try:
        versions = msgspec.json.decode(data, type=History).versions
    except (msgspec.MsgspecError, UnicodeError):
        raise _broken(path, folder, "is not what sayso wrote there") from None
    if [version.sequence for version in versions] != [*range(1, current.sequence + 1)] or versions[-1] != current:
        raise _broken(path, folder, "does not lead to the current version")
    for version in (verified, *kept):
        payload = version.payload
        if versions[payload.sequence - 1] != Past(payload.sequence, version.digest, payload.iat):
            raise _broken(path, folder, f"has another version {payload.sequence} than the one that is kept")
        if payload.sequence > 1 and versions[payload.sequence - 2].digest != payload.previous:
            raise _broken(path, folder, f"has another version {payload.sequence - 1} than the next one follows")
    return versions


def _body(folder: Path, sequence: int) -> Path:
    return folder / "signed" / "history" / f"{sequence}.jwt"


def copy_signed(folder: Path, fresh: Path) -> None:
    """Copy what lies in ``signed/``, but for what was being written when something was killed; links stay links.

    Raises DiskError for a folder in it that is a link: what is behind it is not ours to change.
    """
    for path in (folder / "signed" / "history", folder / "signed" / "disowned"):
        if path.is_symlink():
            raise DiskError("disk", f"{path} is a link", hint="put the folder itself there")
    unfinished = shutil.ignore_patterns(f"{UNFINISHED}*")
    shutil.copytree(folder / "signed", fresh, symlinks=True, ignore=unfinished, dirs_exist_ok=True)


def lay_out(fresh: Path, signed: Signed, disowned: Iterable[bytes]) -> None:
    """Write what a folder holds from now on into a copy of what it held; disowned versions are kept apart, as evidence."""
    put(fresh / "profile.jwt", signed.profile)
    put(fresh / "profile.json", signed.verified.envelope.payload)
    put(fresh / "keys.jsonl", signed.keys)
    put(fresh / "history.json", History(signed.history).encode())
    for version in signed.earlier:
        put(fresh / "history" / f"{version.payload.sequence}.jwt", version.envelope.token)
    for token in disowned:
        put(fresh / "disowned" / f"{sha256(token).hexdigest()[:32]}.jwt", token)


def not_kept(folder: Path, sequence: int) -> NotSigned:
    """Give the error for a version of which the body is needed, and is not there."""
    return NotSigned(
        "version-not-kept",
        f"{folder / 'signed'} does not have version {sequence} whole",
        name=str(folder),
        hint=f"put {sequence}.jwt and those after it back into history/, if you have them; sayso history {folder} lists them",
    )


def put(path: Path, content: bytes) -> None:
    """Write a file in a folder that nobody else knows yet; what a link there points to is left alone."""
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def _broken(path: Path | str, folder: Path, why: str) -> NotSigned:
    hint = "put back the file that `sayso sign` wrote" + (", or take it away" if str(path).endswith(".jwt") else "")
    return NotSigned("history-broken", f"{path} {why}", name=str(folder), hint=hint)


def publication(folder: Path, at: int) -> Signed:
    """Give what a folder publishes at an instant: its signed version, provided that it says what ``profile.yml`` says.

    Raises SourceError or InvalidProfile for the source, NotSigned with every line that differs, and VerificationError for a
    signed version that a stranger would not accept now.
    """
    source = read_source(folder)
    ensure_valid(source, at)
    signed = read_signed(folder, source.data["me"]["url"], at)
    found = differences(signed.payload, compile_terms(source, signed.payload.iat), source)
    if found:
        raise NotSigned(
            "differs-from-signed",
            f"{source.name} says something else than what is signed (version {signed.payload.sequence})",
            name=source.name,
            problems=found,
            hint=f"sign it, then build again: sayso sign {folder}",
        )
    return signed
