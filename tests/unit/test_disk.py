"""Reading and replacing files and folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sayso.disk import new_folder, read_file, write_over
from sayso.errors import DiskError, FetchError
from support import tree


def test_takes_the_place(tmp_path: Path) -> None:
    """A new folder takes the place of the old one wholly, and leaves nothing beside it."""
    target = tmp_path / "site"
    target.mkdir()
    (target / "old").write_text("old")
    with new_folder(target) as fresh:
        (fresh / "new").write_text("new")
    assert tree(tmp_path) == {"site/new": b"new"}


def test_a_failure_changes_nothing(tmp_path: Path) -> None:
    """When filling the new folder fails, the old one stands as it stood, and nothing lies about."""
    target = tmp_path / "site"
    target.mkdir()
    (target / "old").write_text("old")
    with pytest.raises(RuntimeError, match="half"), new_folder(target) as fresh:
        (fresh / "new").write_text("half")
        raise RuntimeError("half done")
    assert tree(tmp_path) == {"site/old": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_writing_over(tmp_path: Path) -> None:
    """A file is replaced, and a link followed; what is no file stays what it is."""
    target, link, loop, pipe = (tmp_path / name for name in ("target", "link", "loop", "pipe"))
    target.write_bytes(b"old")
    link.symlink_to(target)
    loop.symlink_to(loop)
    os.mkfifo(pipe)
    write_over(link, b"new")
    assert target.read_bytes() == b"new"
    assert link.is_symlink()
    write_over(tmp_path / ("n" * 250), b"long")
    before = sorted(path.name for path in tmp_path.iterdir())
    for place in (pipe, tmp_path, loop, tmp_path / "none" / "file"):
        with pytest.raises(DiskError):
            write_over(place, b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert pipe.is_fifo()


def test_reading_has_an_end() -> None:
    """A device that never ends is not a file that can be read."""
    with pytest.raises(FetchError, match="has more than"):
        read_file(Path("/dev/zero"))
