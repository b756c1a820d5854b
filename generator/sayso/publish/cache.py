"""What takes long to make and depends on nothing else than its name, kept among the user's caches: compiled templates, QR codes.

What is there is believed, so it must be the user's alone; each release has folders of its own. Where nothing can be kept,
everything is made anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import jinja2
import platformdirs
from jinja2.bccache import Bucket

from sayso import __version__
from sayso.disk import make_folder, write_over
from sayso.errors import DiskError


def compiled_templates() -> jinja2.BytecodeCache | None:
    """Give the place for compiled templates: compiling them takes longer than all else that a build does."""
    folder = _folder("templates")
    return None if folder is None else _Templates(str(folder))


class _Templates(jinja2.FileSystemBytecodeCache):
    """That of Jinja, but one that fails does not hinder anything."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # whatever half a file makes of unpickling
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def qr_code(text: str, make: Callable[[str], str]) -> str:
    """Give the picture that ``make`` makes of a text: loading what draws it takes a tenth of a build."""
    folder = _folder("qr")
    if folder is None:
        return make(text)
    path = folder / f"{sha256(text.encode()).hexdigest()}.svg"
    with suppress(OSError, UnicodeError):
        if (kept := path.read_text("utf-8")).endswith("</svg>"):
            return kept
    picture = make(text)
    with suppress(DiskError):
        write_over(path, picture.encode(), 0o600)
    return picture


@cache
def _folder(name: str) -> Path | None:
    folder = platformdirs.user_cache_path("sayso") / f"{name}-{__version__}-jinja-{jinja2.__version__}"
    try:
        make_folder(folder, 0o700)
        found = folder.stat()
    except OSError:
        return None
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
        return None
    return folder if os.access(folder, os.W_OK) else None
