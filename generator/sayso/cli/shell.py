"""Commands as somebody types them into a shell."""

from __future__ import annotations

import shlex
from pathlib import Path


def place(folder: Path) -> str:
    """Give what a command on a folder ends with: its name behind a space, or nothing for the folder where one is."""
    name = str(folder)
    return "" if name == "." else " " + shlex.quote(f"./{name}" if name.startswith("-") else name)
