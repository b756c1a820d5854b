"""The files of a folder that is begun: the profile, the schema for an editor, what git leaves out, the file for a host."""

from __future__ import annotations

import os
from pathlib import Path

from sayso.cli.wanted import Wanted
from sayso.cli.workflow import is_another, planned
from sayso.disk import read_file
from sayso.publish.begin import with_ignored
from sayso.publish.beginning import SCHEMA
from sayso.publish.source_file import SOURCE
from sayso.spec import schema_text


def first_files(
    folder: Path, found: Wanted, text: bytes, install: str | None
) -> tuple[dict[Path, bytes], dict[Path, bytes]]:
    """Give the files to write, new ones and ones that change; raises PublishError where another workflow stands."""

    def content(path: Path) -> bytes | None:
        return read_file(path) if os.path.lexists(path) else None

    new, changed = {folder / SOURCE: text}, {}
    if content(folder / SCHEMA) is None:
        new[folder / SCHEMA] = schema_text("profile").encode()
    if found.host != "none":
        path, workflow = planned(folder, found.host, None, install)
        if content(path) not in (None, workflow):
            raise is_another(path, folder, found.host)
        if content(path) is None:
            new[_below(folder, path)] = workflow
    ignored = folder / ".gitignore"
    before = content(ignored)
    if before is None:
        new[ignored] = with_ignored(None)
    elif with_ignored(before) != before:
        changed[ignored] = with_ignored(before)
    return new, changed


def _below(folder: Path, path: Path) -> Path:
    """Name a file as the folder that it lies in was named."""
    home = folder.resolve()
    return folder / path.relative_to(home) if path.is_relative_to(home) else path
