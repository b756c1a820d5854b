"""A consumer's folder: ``profile.yml`` and what ``sayso sign`` writes into ``signed/``.

signed/profile.jwt     the signed profile        signed/keys.jsonl   the key log
signed/profile.json    its payload, to read      signed/history/     the versions before it, ``<sequence>.jwt``
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sayso.disk import new_folder, only_one, read_file, write_new
from sayso.errors import NotSigned
from sayso.profile.check import ensure_valid
from sayso.profile.compile import Link, chain, compile_terms
from sayso.profile.diff import differences
from sayso.profile.model import Payload, decode, encode
from sayso.publish.source_file import read_source
from sayso.trust.envelope import MAX_BYTES, Signer, open_envelope, seal
from sayso.trust.keylog import first_line, read_keylog
from sayso.trust.keys import PublicKey
from sayso.trust.verify import TYP, Verified, verify


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
            hint=f"make your keys first: sayso key new {folder}",
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
    verified = verify(profile, keys, base, at)
    return Signed(profile, keys, verified, _history(folder, verified))


def _history(folder: Path, verified: Verified) -> tuple[tuple[int, str], ...]:
    """Walk from the current version back through those that are kept, each of which names the one before it."""
    found = [(verified.payload.sequence, verified.digest)]
    previous = verified.payload.previous
    while found[-1][0] > 1 and (path := folder / "signed" / "history" / f"{found[-1][0] - 1}.jwt").exists():
        envelope = open_envelope(read_file(path), TYP)
        if envelope.digest != previous:
            raise NotSigned(
                "history-broken",
                f"{path} is not the version that the next one follows",
                name=str(folder),
                hint="put back the file that `sayso sign` wrote, or take it away",
            )
        found.append((found[-1][0] - 1, envelope.digest))
        previous = decode(envelope.payload).previous
    return tuple(reversed(found))


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


def new_keys(folder: Path, sub: str, daily: Signer, spare: Sequence[PublicKey], at: int) -> str:
    """Begin the key log of a folder, and give the identity that it makes; ``spare`` keys alone may ever replace the daily one.

    Raises NotSigned where there is a key log already: an identity is never overwritten.
    """
    line = first_line(sub, daily, spare, at)
    try:
        write_new(folder / "signed" / "keys.jsonl", line)
    except FileExistsError:
        raise _has_keys(folder) from None
    return read_keylog(line).identity


def refuse_second_identity(folder: Path) -> None:
    """Raise NotSigned where a folder has a key log already."""
    if (folder / "signed" / "keys.jsonl").exists():
        raise _has_keys(folder)


def _has_keys(folder: Path) -> NotSigned:
    return NotSigned(
        "has-keys",
        f"{folder} has its keys already",
        name=str(folder),
        hint="those who know you would not know you again under new ones",
    )


def sign(folder: Path, signer: Signer, at: int) -> Signed:
    """Compile ``profile.yml``, sign it as the next version, and put it in the place of the last one in ``signed/``.

    Raises InvalidProfile or SourceError for a source with errors, NotSigned where the keys do not fit or the clock is behind
    the last version, VerificationError where ``signed/`` was tampered with. Until all is written, nothing changes.
    """
    with only_one(folder):
        return _sign(folder, signer, at)


def _sign(folder: Path, signer: Signer, at: int) -> Signed:
    source = read_source(folder)
    ensure_valid(source, at)
    keys = read_keys(folder)
    keylog = read_keylog(keys)
    terms = compile_terms(source, at)
    if keylog.events[-1].sub != terms.sub:
        raise NotSigned(
            "keys-for-other-address",
            f"the keys were made for {keylog.events[-1].sub}, but the profile is for {terms.sub}",
            name=str(folder),
            hint="an identity belongs to one address: put the address back, or begin a new folder",
        )
    last = read_signed(folder, terms.sub, None) if (folder / "signed" / "profile.jwt").exists() else None
    if last is not None and at < last.payload.iat:
        raise NotSigned(
            "clock-behind",
            "this computer's clock is behind the last signed version",
            name=str(folder),
            hint="set the clock right",
        )
    link = Link(
        identity=keylog.identity,
        key_event=keylog.head,
        sequence=last.payload.sequence + 1 if last else 1,
        previous=last.verified.digest if last else None,
    )
    payload = chain(terms, link, last.payload if last else None)
    body = encode(payload)
    token = seal(body, TYP, signer)
    if len(token) > MAX_BYTES:
        raise NotSigned(
            "too-large-to-sign",
            f"signed, the profile would have {len(token)} bytes; {MAX_BYTES} are allowed",
            name=source.name,
            hint="name fewer companies in each grant, or write fewer grants",
        )
    verified = verify(token, keys, terms.sub, at)  # nobody else shall be the first to find out
    with new_folder(folder / "signed") as fresh:
        shutil.copytree(folder / "signed", fresh, dirs_exist_ok=True)
        (fresh / "profile.jwt").write_bytes(token)
        (fresh / "profile.json").write_bytes(body)
        if last is not None:
            (fresh / "history").mkdir(exist_ok=True)
            (fresh / "history" / f"{last.payload.sequence}.jwt").write_bytes(last.profile)
    return Signed(token, keys, verified, (*(last.history if last else ()), (payload.sequence, verified.digest)))
