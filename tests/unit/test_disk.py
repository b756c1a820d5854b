"""Replacing a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.disk import new_folder
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
