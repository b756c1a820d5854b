"""Reading and writing ``profile.yml``: whole or not at all, with the version before beside it, and never over another's change."""

from __future__ import annotations

import stat
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from sayso.disk import only_one, read_file, write_over
from sayso.editor.state import digest_of
from sayso.errors import DiskError
from sayso.publish.source_file import SOURCE

BACKUP = f"{SOURCE}.bak"
_MOST = 64  # versions of each kind that are remembered


class Changed(Exception):
    """The file is another one than the change was made from."""


def current(folder: Path) -> bytes:
    """Read the file; raises FetchError."""
    return read_file(folder / SOURCE)


def kept(folder: Path) -> bytes | None:
    """Read the version before the last change; None where there is none that can be read."""
    path = folder / BACKUP
    return read_file(path) if path.is_file() and not path.is_symlink() else None


def save(folder: Path, base: str, text: bytes) -> None:
    """Put a text in the place of the one with a digest, which is kept beside it.

    Raises Changed where another one stands there, and then writes nothing; DiskError where the disk refuses or somebody
    else is at work in the folder.
    """
    path, backup = folder / SOURCE, folder / BACKUP
    with only_one(folder):
        before = read_file(path)
        if digest_of(before) != base:
            raise Changed
        if before != text:
            if backup.is_symlink():  # a folder of somebody else's may lead to any file
                raise DiskError("disk", f"{backup} is a link, which is not followed", hint="take it away")
            write_over(backup, before, stat.S_IMODE(path.stat().st_mode))
            write_over(path, text)


class Shelf:
    """The last versions that were shown, by digest: drafts to preview, and apart from them those of the file, to compare with."""

    def __init__(self) -> None:
        self._drafts: OrderedDict[str, bytes] = OrderedDict()
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def put(self, digest: str, text: bytes, *, on_disk: bool) -> None:
        """Remember a version."""
        texts = self._files if on_disk else self._drafts
        with self._lock:
            texts[digest] = text
            texts.move_to_end(digest)
            while len(texts) > _MOST:
                texts.popitem(last=False)

    def file(self, digest: str) -> bytes | None:
        """Give a version that was on the disk."""
        with self._lock:
            return self._files.get(digest)

    def any(self, digest: str) -> bytes | None:
        """Give a version, whether it was ever on the disk or not."""
        with self._lock:
            return self._files.get(digest, self._drafts.get(digest))
