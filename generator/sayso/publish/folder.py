"""A consumer's folder: ``profile.yml`` and what ``sayso sign`` writes into ``signed/``.

signed/profile.jwt     the signed profile        signed/keys.jsonl   the key log
signed/profile.json    its payload, to read      signed/history/     the versions before it, ``<sequence>.jwt``
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sayso.canonical import NotCanonical
from sayso.disk import read_file
from sayso.errors import NotSigned, VerificationError
from sayso.profile.check import ensure_valid
from sayso.profile.compile import compile_terms
from sayso.profile.diff import differences
from sayso.profile.model import Payload, decode
from sayso.publish.source_file import read_source
from sayso.trust.envelope import open_envelope
from sayso.trust.verify import TYP, Verified, verify, verify_past


@dataclass(frozen=True, slots=True)
class Signed:
    """What ``signed/`` holds: the exact bytes, verified; ``history`` gives sequence and digest of each version, the current one last."""

    profile: bytes
    keys: bytes
    verified: Verified
    history: tuple[tuple[int, str], ...]

    @property
    def payload(self) -> Payload:
        """What is signed."""
        return self.verified.payload


def read_keys(folder: Path) -> bytes:
    """Read the key log of a folder; raises NotSigned where there is none yet."""
    path = folder / "signed" / "keys.jsonl"
    if not path.exists():
        raise NotSigned(
            "no-keys",
            f"{folder} has no key log yet",
            name=str(folder),
            hint=f"put signed/ back if you had one; else make your keys: sayso key new {folder} --recovery FILE",
        )
    return read_file(path)


def read_signed(folder: Path, base: str, at: int | None) -> Signed:
    """Read ``signed/`` and verify it as a stranger would; ``at`` is None for a version that need not hold any more.

    Raises NotSigned where nothing is signed yet, VerificationError where it is not what it should be.
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
    return Signed(profile, keys, verified, _history(folder, verified))


def _for_the_author(error: VerificationError, folder: Path) -> VerificationError:
    """Say the same thing to somebody who can do something about it."""
    hints = {
        "expired": f"sign it again: sayso sign {folder}",
        "wrong-address": "an identity belongs to one address: put the address back, or begin a new folder",
        "from-the-future": "this computer's clock is behind the one that signed",
    }
    hint = hints.get(error.code, f"put {folder / 'signed'} back as `sayso sign` wrote it")
    return VerificationError(error.code, f"{folder / 'signed'}: {error.message}", step=error.step, hint=hint)


def _history(folder: Path, verified: Verified) -> tuple[tuple[int, str], ...]:
    """Walk from the current version back through those that are kept, each of which names the one before it."""
    found = [(verified.payload.sequence, verified.digest)]
    previous = verified.payload.previous
    while found[-1][0] > 1 and (path := folder / "signed" / "history" / f"{found[-1][0] - 1}.jwt").exists():
        try:
            envelope = open_envelope(read_file(path), TYP)
            payload = decode(envelope.payload)
        except (VerificationError, NotCanonical):
            raise _broken(path, folder) from None
        if envelope.digest != previous:
            raise _broken(path, folder)
        found.append((found[-1][0] - 1, envelope.digest))
        previous = payload.previous
    return tuple(reversed(found))


def _broken(path: Path, folder: Path) -> NotSigned:
    return NotSigned(
        "history-broken",
        f"{path} is not the version that the next one follows",
        name=str(folder),
        hint="put back the file that `sayso sign` wrote, or take it away",
    )


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
