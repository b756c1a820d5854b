"""The two things done with a disk: reading a file that somebody named, and replacing a folder so that it is always whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sayso.errors import FetchError


def read_file(path: Path) -> bytes:
    """Read a file that somebody named; raises FetchError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FetchError("file-not-found", f"there is no file {path}") from None
    except OSError as error:
        raise FetchError("file-unreadable", f"{path} cannot be read: {error.strerror}") from None


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder to fill beside ``target``; when the block ends well it takes its place, else nothing changes.

    Both lie on one file system, so that the swap is two renames. If the second one fails, the old folder is put back.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        fresh, old = workshop / "new", workshop / "old"
        fresh.mkdir()
        yield fresh
        if target.exists():
            target.rename(old)
        try:
            fresh.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
