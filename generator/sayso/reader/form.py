"""The form of a store's file, and how every one of them is opened (decision 30)."""

from __future__ import annotations

import sqlite3

TODAY = 2  # what ``PRAGMA user_version`` says
PATIENCE = 30.0  # seconds to wait for another process that writes
_MAPPED = 1 << 30  # bytes that are read without copying


def connect(path: str) -> sqlite3.Connection:
    """Open a file; the caller begins and ends transactions. Raises sqlite3.Error."""
    file = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    file.execute(f"PRAGMA mmap_size = {_MAPPED}")
    file.execute("PRAGMA trusted_schema = OFF")  # somebody else may have made the file
    return file


def of(file: sqlite3.Connection) -> int:
    """Give the form that a file has: 0 for one that is empty or another program's, as one with views must be."""
    if file.execute("SELECT 1 FROM sqlite_master WHERE type = 'view'").fetchone():
        return 0
    return int(file.execute("PRAGMA user_version").fetchone()[0])
