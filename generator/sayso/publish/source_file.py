"""Reading ``profile.yml``: apart from the rest of the folder, because checking a source needs no keys."""

from __future__ import annotations

from pathlib import Path

from sayso.disk import is_folder, read_file
from sayso.profile.source import Source, load

SOURCE = "profile.yml"


def read_source(path: Path) -> Source:
    """Load a profile source; ``path`` is the file, or the folder that holds ``profile.yml``."""
    file = path / SOURCE if is_folder(path) else path
    return load(read_file(file), str(file))
