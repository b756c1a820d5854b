"""The command that tells what a profile said: history."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.output import answer, at_option_without_default, folder_argument, format_option
from sayso.cli.writing import note
from sayso.errors import RequestError

if TYPE_CHECKING:
    from sayso.publish.folder import Signed


@click.command(short_help="List the versions of a profile; tell what it said on a day.")
@folder_argument
@at_option_without_default(
    "Tell what the profile said at this instant (RFC 3339, or at the end of a day), and prove it."
)
@format_option
def history(folder: Path, at: int | None, form: str) -> None:
    """List the versions of a profile, or tell what it said at an instant and prove it.

    The proof is a chain: every version holds the digest of the one before, and the last one is signed by the present key.
    Exit code 1 if the profile said nothing at that instant; an error if the version that held then is not kept any more.

    \b
    Example: sayso history examples/consumer/ada --at 2026-12-24
    """
    from sayso.instants import rfc3339
    from sayso.publish.folder import read_keys, read_signed
    from sayso.trust.keylog import read_keylog

    if at is not None and at > time.time():
        raise RequestError("not-yet", f"{rfc3339(at)} is still to come", hint="what holds then can still be changed")
    base = read_keylog(read_keys(folder)).events[-1].sub
    signed = read_signed(folder, base, None)
    if at is None:
        _list(signed, form)
        note(f"next: see what it said on a day, and prove it: sayso history {folder} --at DAY")
    else:
        _tell(signed, folder, at, form)


def _list(signed: Signed, form: str) -> None:
    from collections import Counter

    from sayso.instants import rfc3339
    from sayso.profile.changes import changes

    kept = {version.payload.sequence: version.payload for version in signed.versions}
    versions: list[dict[str, Any]] = []
    lines = []
    for past in signed.history:
        payload, before = kept.get(past.sequence), kept.get(past.sequence - 1)
        item = {"sequence": past.sequence, "digest": past.digest, "iat": rfc3339(past.iat), "kept": payload is not None}
        told = "only the digest is kept"
        if payload is not None:
            item["status"] = told = payload.status
            if before is not None:
                kinds = Counter(change.kind for change in changes(before, payload))
                told += f", gives {kinds['gives']}, takes {kinds['takes']}"
        versions.append(item)
        lines += [f"{past.sequence:>4}  {item['iat']}  {told}", f"      {past.digest}"]
    answer(form, {"sub": signed.payload.sub, "versions": versions}, lines)


def _tell(signed: Signed, folder: Path, at: int, form: str) -> None:
    from sayso.cli.tongue import spoken
    from sayso.instants import rfc3339
    from sayso.profile.changes import changes
    from sayso.publish.folder import not_kept

    past = signed.held_at(at)
    result: dict[str, Any] = {"sub": signed.payload.sub, "at": rfc3339(at), "proven": past is not None}
    if past is None:
        answer(form, result, [f"at {rfc3339(at)} nothing had been signed yet"])
        click.get_current_context().exit(1)
    then = signed.as_of(past.sequence)
    if then is None:
        raise not_kept(folder, past.sequence)
    ended = at >= then.payload.exp
    chain = [item.digest for item in reversed(signed.versions[: signed.payload.sequence - past.sequence + 1])]
    result |= {
        "sequence": past.sequence,
        "digest": past.digest,
        "iat": rfc3339(past.iat),
        "exp": rfc3339(then.payload.exp),
        "status": then.payload.status,
        "ended": ended,
        "said": [change.text for change in changes(None, then.payload)],
        "chain": chain,
    }
    lines = [
        f"at {rfc3339(at)} version {past.sequence} held"
        if not ended
        else f"at {rfc3339(at)} version {past.sequence} had ended",
        f"  signed {rfc3339(past.iat)}, until {rfc3339(then.payload.exp)}, digest {past.digest}",
        *(f"  {change.text}" for change in changes(None, then.payload, spoken())),
    ]
    answer(form, result, lines)
    links = len(chain) - 1
    note(
        f"proven: version {signed.payload.sequence} is signed by the present key"
        + (f", and leads back to it in {links} step{'s' if links > 1 else ''}" if links else "")
    )
    note(f"next: see all versions: sayso history {folder}")
    click.get_current_context().exit(1 if ended else 0)
