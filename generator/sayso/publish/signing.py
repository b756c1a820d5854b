"""Signing: a folder's first keys, and its next version (SPEC.md, Compiling; Key log)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sayso.disk import new_folder, only_one, read_file, write_new
from sayso.errors import NotSigned, Problem
from sayso.instants import rfc3339
from sayso.profile.check import ensure_valid
from sayso.profile.compile import Link, chain, compile_terms
from sayso.profile.model import Terms, encode
from sayso.publish.folder import Signed, read_keys, read_signed
from sayso.publish.source_file import read_source
from sayso.trust.envelope import MAX_BYTES, Signer, seal
from sayso.trust.keylog import KeyLog, first_line, read_keylog
from sayso.trust.keys import PublicKey
from sayso.trust.verify import TYP, verify


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


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is about to be signed, read once: the terms and their warnings, and the keys that they are signed under."""

    folder: Path
    name: str  # of the source
    warnings: tuple[Problem, ...]
    terms: Terms
    keys: bytes
    keylog: KeyLog
    before: bytes | None  # the version that it follows


def prepare(folder: Path, clock: Callable[[], int]) -> Prepared:
    """Read what is signed, then the clock (seconds, UTC), then check and compile ``profile.yml`` as of that instant.

    In this order, whoever signs at the same time from another place is met in ``sign``, and never taken for a clock that is
    behind. Raises InvalidProfile or SourceError for a source with errors, NotSigned where there are no keys or they do not fit,
    VerificationError for a key log that does not verify. Nothing is written, and no private key is needed.
    """
    source = read_source(folder)
    keys, before = read_keys(folder), _current(folder)
    at = clock()
    warnings = ensure_valid(source, at)
    terms = compile_terms(source, at)
    keylog = read_keylog(keys)
    if keylog.events[-1].sub != terms.sub:
        raise NotSigned(
            "keys-for-other-address",
            f"the keys were made for {keylog.events[-1].sub}, but the profile is for {terms.sub}",
            name=str(folder),
            hint="an identity belongs to one address: put the address back, or begin a new folder",
        )
    return Prepared(folder, source.name, warnings, terms, keys, keylog, before)


def _current(folder: Path) -> bytes | None:
    path = folder / "signed" / "profile.jwt"
    return read_file(path) if path.exists() else None


def sign(prepared: Prepared, signer: Signer) -> Signed:
    """Sign what was prepared as the next version, and put it in the place of the last one in ``signed/``.

    Raises NotSigned where the clock is behind the last version, or ``signed/`` is not what it was; VerificationError where
    it was tampered with; DiskError where somebody else is at work. Until all is written, nothing changes.
    """
    with only_one(prepared.folder):
        if (read_keys(prepared.folder), _current(prepared.folder)) != (prepared.keys, prepared.before):
            raise NotSigned(
                "signed-meanwhile",
                "somebody signed, or changed the keys, from another place meanwhile",
                name=str(prepared.folder),
                hint="look at what was signed, then try again",
            )
        return _sign(prepared, signer)


def _sign(prepared: Prepared, signer: Signer) -> Signed:
    folder, terms, keys, keylog, at = (
        prepared.folder,
        prepared.terms,
        prepared.keys,
        prepared.keylog,
        prepared.terms.iat,
    )
    last = read_signed(folder, terms.sub, None) if prepared.before is not None else None
    if last is not None and at < last.payload.iat:
        raise NotSigned(
            "clock-behind",
            f"the last version was signed at {rfc3339(last.payload.iat)}, and it is {rfc3339(at)}",
            name=str(folder),
            hint="set the clock right, or wait until then",
        )
    if last is None and any((folder / "signed" / "history").glob("*.jwt")):
        raise NotSigned(
            "version-missing",
            f"{folder / 'signed' / 'profile.jwt'} is gone, but there are earlier versions",
            name=str(folder),
            hint="put it back: a number that was given once is not given again",
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
            name=prepared.name,
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
