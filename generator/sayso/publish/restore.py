"""Getting ``signed/`` back from what is published: after a lost computer, or when a backup was too old."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sayso.disk import new_folder, only_one, read_file, tidy_after_kill
from sayso.errors import NotSigned, VerificationError
from sayso.publish.folder import Past, Signed, copy_signed, lay_out, put, read_history, read_keys
from sayso.publish.ledger import Ledger, older_than
from sayso.trust.envelope import open_envelope
from sayso.trust.history import earlier
from sayso.trust.keylog import read_keylog
from sayso.trust.verify import TYP, Verified, verify_past

#: Gives a published file by its path below the base URL; None where it is not there.
Published = Callable[[str], bytes | None]


def restore(folder: Path, base: str, published: Published, ledger: Ledger) -> Signed:
    """Put what is published at a base URL into ``signed/``, verified (though it may have ended), and give it.

    Earlier versions that are published, or there already, are kept; what is there and not in the chain is put aside. Raises
    NotSigned for what is not published as a whole, or does not go on from what is there or was signed on this computer;
    VerificationError for what does not verify; DiskError.
    """
    with only_one(folder) as alone:
        if alone:
            tidy_after_kill(folder / "signed")
        profile, keys, list_of_versions = (
            _needed(published, name, base, folder) for name in ("profile.jwt", "keys.jsonl", "history.json")
        )
        verified = verify_past(profile, keys, base)
        here = _tokens_here(folder)
        listed = read_history(list_of_versions, verified, (), base, folder)
        own = _proven_here(folder, base, here)
        _refuse_to_go_back(folder, own[0] if own else None, verified, ledger)
        for version in own:
            _refuse_another_past(folder, version, verified, listed)

        def token_of(sequence: int) -> bytes | None:
            digest = listed[sequence - 1].digest
            if digest in here:
                return here[digest]
            token = published(f"sayso/history/{sequence}.jwt")
            return token if token is not None and _digest(token) == digest else None

        kept = tuple(earlier(verified, token_of))
        signed = Signed(verified, keys, read_history(list_of_versions, verified, kept, base, folder), kept)
        with new_folder(folder / "signed") as fresh:
            if (folder / "signed").exists():
                copy_signed(folder, fresh)
            _sort_out(fresh, signed, here)
    return signed


def _needed(published: Published, name: str, base: str, folder: Path) -> bytes:
    content = published(f"sayso/{name}")
    if content is None:
        raise _refused(folder, f"{base}sayso/{name} is not published", "ask whoever has a copy of the folder")
    return content


def _refuse_to_go_back(folder: Path, last: Verified | None, verified: Verified, ledger: Ledger) -> None:
    """An identity is never overwritten, and nothing is replaced by what is older, or by what does not follow it."""
    entry = ledger.last(verified.keylog.identity)
    hint = "publish the later one, or move signed/ away if it is not yours"
    if (folder / "signed" / "keys.jsonl").exists():
        own = read_keylog(read_keys(folder))
        if verified.keylog.digests[: len(own.digests)] != own.digests:
            raise _refused(
                folder, "what is published has another identity, or an older key log, than what is here", hint
            )
    if last is not None and (error := older_than(last.pin, verified)) is not None:
        raise _refused(folder, f"what is published does not go on from what is here: {error.message}", hint)
    if entry is not None and (error := older_than(entry, verified)) is not None:
        raise _refused(
            folder, f"what is published does not go on from what this computer signed: {error.message}", hint
        )


def _proven_here(folder: Path, base: str, here: dict[str, bytes]) -> list[Verified]:
    """Give the version that is the last one in the folder, and those before it that it proves."""
    if not (folder / "signed" / "profile.jwt").exists():
        return []
    chain = [verify_past(read_file(folder / "signed" / "profile.jwt"), read_keys(folder), base)]
    with suppress(VerificationError):
        for version in earlier(chain[0], lambda _: here.get(chain[-1].payload.previous or "")):
            chain.append(version)
    return chain


def _refuse_another_past(folder: Path, own: Verified, verified: Verified, listed: tuple[Past, ...]) -> None:
    """The published list of versions is not signed: what is here and proven must stand in it, unless a floor disowns it."""
    past = Past(own.payload.sequence, own.digest, own.payload.iat)
    disowned = verified.keylog.disowned(own.pin.line, past.sequence, past.digest)
    if not disowned and listed[past.sequence - 1 : past.sequence] != (past,):
        raise _refused(
            folder,
            f"the published list of versions has another version {past.sequence} than is here",
            "somebody may have changed it: publish what is here",
        )


def _tokens_here(folder: Path) -> dict[str, bytes]:
    """Give every version that lies in the folder, by its digest; what is none is passed over."""
    signed = folder / "signed"
    tokens = [read_file(path) for path in (signed / "profile.jwt", *signed.glob("history/*.jwt")) if path.is_file()]
    return {digest: token for token in tokens if (digest := _digest(token)) is not None}


def _digest(token: bytes) -> str | None:
    try:
        return open_envelope(token, TYP).digest
    except VerificationError:
        return None


def _sort_out(fresh: Path, signed: Signed, here: dict[str, bytes]) -> None:
    """Put every version that lay in the folder where it belongs; nothing is thrown away, not even what is none."""
    numbers = {past.digest: past.sequence for past in signed.history}
    others = [token for digest, token in here.items() if digest not in numbers]
    for path in sorted(fresh.glob("history/*.jwt")):
        if _digest(path.read_bytes()) is None:
            others.append(path.read_bytes())
        path.unlink()
    lay_out(fresh, signed, others)
    for digest in here.keys() & numbers.keys() - {signed.verified.digest}:
        put(fresh / "history" / f"{numbers[digest]}.jwt", here[digest])


def _refused(folder: Path, message: str, hint: str) -> NotSigned:
    return NotSigned("restore-refused", message, name=str(folder), hint=hint)
