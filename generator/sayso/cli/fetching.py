"""What the commands share that fetch one profile or verify files: with the store, and what is said of the outcome."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.cli.memory import memory
from sayso.cli.output import canonical_base_url
from sayso.cli.web import getter
from sayso.cli.writing import note

if TYPE_CHECKING:
    from sayso.reader.client import Fetched
    from sayso.trust.pin import Pin
    from sayso.trust.verify import Verified


def fetch_one(
    url: str, via: str | None, at: int, store_file: Path | None, *, no_store: bool, contact: str | None = None
) -> Fetched:
    """Fetch with the memory; what a server on this machine pretends to be is not remembered, unless a file for it is named."""
    from sayso.reader.client import fetch as fetch_profile

    base, get = canonical_base_url(url), getter(via, contact)
    with memory(store_file, none=no_store or (via is not None and store_file is None)) as pins:
        seen = pins.get(base) if pins is not None else None
        fetched = fetch_profile(base, at, get, pins)
    _tell_what_lies_between(seen.pin if seen else None, fetched.verified)
    return fetched


def _tell_what_lies_between(pin: Pin | None, verified: Verified) -> None:
    from sayso.profile.hints import count

    if verified.missed:
        note(f"note: {count(verified.missed, 'version')} between the one that was seen last and this were never seen")
    if pin is not None and verified.keylog.disowned(pin.line, pin.sequence, pin.digest):
        note(
            f"note: the person put new keys in the place of the old ones; version {pin.sequence}, which you saw, does not count"
        )


def summary(verified: Verified) -> dict[str, Any]:
    """Give what a verified profile is, as JSON data."""
    from sayso.instants import rfc3339
    from sayso.trust.keylog import fingerprint

    payload = verified.payload
    return {
        "sub": payload.sub,
        "identity": payload.identity,
        "fingerprint": fingerprint(payload.identity),
        "sequence": payload.sequence,
        "digest": verified.digest,
        "kid": verified.kid,
        "status": payload.status,
        "iat": rfc3339(payload.iat),
        "exp": rfc3339(payload.exp),
        "grants": len(payload.grants),
        "refusals": len(payload.refusals),
        "missed": verified.missed,
    }


def summary_lines(data: dict[str, Any]) -> list[str]:
    """Give the same for people."""
    from sayso.profile.hints import count

    return [
        f"verified     {data['sub']}, version {data['sequence']}, {data['status']}",
        f"holds        {data['iat']} to {data['exp']}",
        f"identity     {data['identity']}",
        f"fingerprint  {data['fingerprint']}",
        f"digest       {data['digest']}",
        f"says         {count(data['grants'], 'grant')}, {count(data['refusals'], 'refusal')}",
    ]
