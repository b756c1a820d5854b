"""Reading ``profile.yml``: apart from the rest of the folder, because checking a source needs no keys."""

from __future__ import annotations

from pathlib import Path

from sayso.disk import is_folder, read_file
from sayso.errors import FetchError
from sayso.profile.source import Source, load

SOURCE = "profile.yml"


def read_source(path: Path) -> Source:
    """Load a profile source; ``path`` is the file, or the folder that holds ``profile.yml``."""
    if is_folder(path):
        return load(read_text(path), str(path / SOURCE))
    return load(read_file(path), str(path))


def read_text(folder: Path) -> bytes:
    """Read the ``profile.yml`` of a folder; raises FetchError, which tells how to begin where there is none."""
    try:
        return read_file(folder / SOURCE)
    except FetchError as error:
        if error.code != "file-not-found":
            raise
        raise FetchError(error.code, error.message, hint=beginning(folder)) from None


def beginning(folder: Path) -> str:
    """Say what to do in a folder without a profile."""
    if (folder / "signed" / "profile.jwt").exists():
        return f"put {SOURCE} back, from where you keep copies"
    return f"begin a profile: sayso init {folder}; or name the folder that holds one"
