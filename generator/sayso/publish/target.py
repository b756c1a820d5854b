"""What stands already where a site is to be put: what would change, what is not ours, and whether it is later.

Folders are read here; everything else is pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from sayso.errors import PublishError, VerificationError
from sayso.publish.folder import Signed
from sayso.publish.ledger import older_than
from sayso.trust.verify import verify_past


@dataclass(frozen=True, slots=True)
class Changes:
    """The paths of files that are new, have another content, or go."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether anything changes."""
        return bool(self.added or self.changed or self.removed)


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    """Compare two sites, each as path and digest of every file."""
    return Changes(
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(path for path in after.keys() & before.keys() if after[path] != before[path])),
        tuple(sorted(before.keys() - after.keys())),
    )


def digests(folder: Path) -> dict[str, str]:
    """Give path and digest of every file in a folder; nothing for one that is not there."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def not_ours(paths: Iterable[str], manifest: bytes | None, own: str) -> list[str]:
    """Give the files of a site that are none of those that sayso wrote; ``own`` is the path of the manifest itself."""
    try:
        known = json.loads(manifest)["files"] if manifest else []
        ours = {own, *known} if manifest else {*known}
    except (ValueError, KeyError, TypeError, RecursionError):
        ours = set()
    return sorted({*paths} - ours)


def places(base: str) -> tuple[str, ...]:
    """Give where the files of a profile may lie in a site: at its root, or below, as far as the base URL has folders."""
    parts = [part for part in urlsplit(base).path.split("/") if part]
    return tuple("".join(f"{part}/" for part in parts[at:]) for at in range(len(parts), -1, -1))


def refuse_to_go_back(signed: Signed, profile: bytes | None, keys: bytes | None, where: str, folder: Path) -> None:
    """Raise PublishError where what stands there is such that its readers would not accept what is to be published.

    What does not verify for this address is nothing that anybody accepted.
    """
    if profile is None or keys is None:
        return
    base, own = signed.payload.sub, signed.payload.sequence
    try:
        there = verify_past(profile, keys, base)
    except VerificationError:
        return
    error = older_than(there.pin, signed.verified)
    if error is None:
        return
    hint = f"bring the later one here: sayso restore {base} {folder}; if it is none of yours: sayso key recover"
    told = f"{where} has version {there.payload.sequence} of {base}, and readers who saw it will refuse version {own}"
    if error.code == "identity-changed":
        told, hint = f"{where} has {base} under another identity", "if you began anew, and want that: --force"
    raise PublishError("would-go-back", f"{told} ({error.code})", hint=hint)
