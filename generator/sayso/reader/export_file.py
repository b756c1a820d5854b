"""A file that is written piece by piece, and is there whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sayso.disk import UNFINISHED
from sayso.errors import DiskError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a path to write at, in a folder beside; when the block ends well the file takes its place, else nothing changes.

    A link is followed, and the mode of what was there is kept; only its owner can read a new one, as it is with a store.
    Raises DiskError where the disk refuses, or something else than a file stands there.
    """
    target = Path(os.path.realpath(path))
    if os.path.lexists(target) and not target.is_file():
        raise DiskError("disk", f"{path} is not a file that could be replaced", hint="name a file")
    workshop = None
    try:
        workshop = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=target.parent))
        fresh = workshop / "fresh"
        yield fresh
        fresh.chmod(stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o600)
        _to_disk(fresh)
        fresh.replace(target)
        if os.name == "posix":  # elsewhere a folder cannot be opened
            with suppress(OSError):
                _to_disk(target.parent)
    except OSError as error:
        raise DiskError("disk", f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        if workshop is not None:
            shutil.rmtree(workshop, ignore_errors=True)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
