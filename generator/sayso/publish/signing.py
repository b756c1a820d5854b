"""Signing: the next version of a folder (SPEC.md, Compiling).

What is to be signed is read and checked first (``prepare``), so that it can be shown; ``sign`` then writes all of it, or
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sayso.disk import new_folder, only_one, read_file, tidy_after_kill, write_over
from sayso.errors import NotSigned, Problem
from sayso.instants import rfc3339
from sayso.profile.changes import Change, changes
from sayso.profile.check import ensure_valid
from sayso.profile.compile import Link, chain, compile_terms
from sayso.profile.model import Payload, Terms, encode
from sayso.profile.source import Source, load
from sayso.publish.folder import Past, Signed, copy_signed, lay_out, not_kept, read_keys, read_signed
from sayso.publish.ledger import Ledger, refuse_old_copy
from sayso.publish.source_file import SOURCE, read_text
from sayso.trust.envelope import MAX_BYTES, Signer, seal
from sayso.trust.keylog import KeyLog, read_keylog
from sayso.trust.verify import TYP, Verified, verify


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is about to be signed, read once: what it says, the version that it follows, and the keys that it is signed under."""

    folder: Path
    source: Source
    text: bytes | None  # of profile.yml, where that is to be written too
    warnings: tuple[Problem, ...]
    terms: Terms
    last: Signed | None
    keys: bytes
    keylog: KeyLog
    found: tuple[bytes, bytes, bytes | None]  # source, key log and profile, when all this was read
    disowned: tuple[Verified, ...] = ()  # versions that a floor takes out of the chain

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is different from the version that it follows, in plain sentences."""
        return changes(self.last.payload if self.last else None, self.terms)


def prepare(
    folder: Path,
    clock: Callable[[], int],
    ledger: Ledger | None = None,
    *,
    rewrite: Callable[[bytes, int], bytes] | None = None,
    disown: bool = False,
    back_to: int | None = None,
) -> Prepared:
    """Read what is signed, then the clock (seconds, UTC), then check and compile ``profile.yml`` as of that instant.

    In this order, whoever signs at the same time from another place is met in ``sign``, and never taken for a clock that is
    behind. ``rewrite`` gives another text for the source, to be signed and written in its place. With ``disown``, versions
    that were signed after the last one will be disowned; ``back_to`` is the number of that one, if not the current. Without a
    ``ledger``, a number may be given again. Raises InvalidProfile or SourceError for a source with errors; NotSigned where
    there are no keys, they do not fit, the clock is behind, or the number was given before; VerificationError where
    ``signed/`` was tampered with. Nothing is written, and no private key is needed.
    """
    with only_one(folder) as alone:
        if alone:
            tidy_after_kill(folder / "signed")
        found = _found(folder)
        _, keys, before = found
        keylog = read_keylog(keys)
        last = read_signed(folder, keylog.events[-1].sub, None) if before is not None else None
    at = clock()
    name, text = str(folder / SOURCE), None
    if rewrite is not None:
        text = rewrite(found[0], at)
    source = load(found[0] if text is None else text, name)
    warnings = ensure_valid(source, at)
    terms = compile_terms(source, at)
    if keylog.events[-1].sub != terms.sub:
        raise NotSigned(
            "keys-for-other-address",
            f"the keys were made for {keylog.events[-1].sub}, but the profile is for {terms.sub}",
            name=str(folder),
            hint="an identity belongs to one address: put the address back, or begin a new folder",
        )
    if last is None and any((folder / "signed" / "history").glob("*.jwt")):
        raise NotSigned(
            "version-missing",
            f"{folder / 'signed' / 'profile.jwt'} is gone, but there are earlier versions",
            name=str(folder),
            hint="put it back: a number that was given once is not given again",
        )
    if ledger is not None:
        refuse_old_copy(folder, last, ledger.last(keylog.identity), disown=disown)
    disowned: tuple[Verified, ...] = ()
    if last is not None and back_to is not None:
        then = last.as_of(back_to)
        if then is None:
            raise not_kept(folder, back_to)
        last, disowned = then, last.versions[: last.payload.sequence - back_to]
    begin = max(keylog.events[-1].iat, last.payload.iat if last else 0)
    if at < begin:
        raise NotSigned(
            "clock-behind",
            f"the last version or key is from {rfc3339(begin)}, and it is {rfc3339(at)}",
            name=str(folder),
            hint="set the clock right, or wait until then",
        )
    return Prepared(folder, source, text, warnings, terms, last, keys, keylog, found, disowned)


def _found(folder: Path) -> tuple[bytes, bytes, bytes | None]:
    path = folder / "signed" / "profile.jwt"
    return read_text(folder), read_keys(folder), read_file(path) if path.exists() else None


def sign(prepared: Prepared, signer: Signer, note: Callable[[Signed], None] = lambda _: None) -> Signed:
    """Sign what was prepared as the next version, and put it in the place of the last one in ``signed/``.

    ``note`` is told what was signed before anybody else can sign: it keeps the ledger, and raises nothing.
    Raises NotSigned where ``signed/`` is not what it was, or the version is too large; DiskError where somebody else is at
    work or the disk refuses. Until all is written, nothing changes.
    """
    folder, last = prepared.folder, prepared.last
    with only_one(folder):
        if _found(folder) != prepared.found:
            raise NotSigned(
                "signed-meanwhile",
                f"{folder / SOURCE} was changed, or somebody signed from another place, meanwhile",
                name=str(folder),
                hint="look at what is there, then try again",
            )
        payload = _payload(prepared)
        token = seal(encode(payload), TYP, signer)
        if len(token) > MAX_BYTES:
            raise NotSigned(
                "too-large-to-sign",
                f"signed, the profile would have {len(token)} bytes; {MAX_BYTES} are allowed",
                name=prepared.source.name,
                hint="name fewer companies in each grant, or write fewer grants",
            )
        # Nobody else shall be the first to find out.
        verified = verify(token, prepared.keys, payload.sub, payload.iat, last.verified.pin if last else None)
        history = (*(last.history if last else ()), Past(payload.sequence, verified.digest, payload.iat))
        signed = Signed(verified, prepared.keys, history, last.versions if last else ())
        _write(prepared, signed)
        note(signed)
    return signed


def _payload(prepared: Prepared) -> Payload:
    last = prepared.last
    link = Link(
        identity=prepared.keylog.identity,
        key_event=prepared.keylog.head,
        sequence=last.payload.sequence + 1 if last else 1,
        previous=last.verified.digest if last else None,
    )
    return chain(prepared.terms, link, last.payload if last else None)


def _write(prepared: Prepared, signed: Signed) -> None:
    """Write the source first, if it is to be: killed in between, it says less than what is signed, and `build` refuses."""
    folder = prepared.folder
    source = folder / SOURCE
    try:
        if prepared.text is not None:
            write_over(source, prepared.text)
        with new_folder(folder / "signed") as fresh:
            copy_signed(folder, fresh)
            for version in prepared.disowned:
                (fresh / "history" / f"{version.payload.sequence}.jwt").unlink(missing_ok=True)
            lay_out(fresh, signed, [version.envelope.token for version in prepared.disowned])
    except BaseException:
        if prepared.text is not None and _found(folder)[1:] == prepared.found[1:]:  # else it is signed all the same
            write_over(source, prepared.found[0])
        raise
