"""The tables of a store, and how an older file becomes one of today (decision 30).

``PRAGMA user_version`` says which form a file has. Each migration is one transaction: a file has its old form or the next.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from sayso.errors import DiskError
from sayso.reader import evidence_log, form

_CONTRADICTIONS = """CREATE TABLE contradictions (
    base TEXT NOT NULL, code TEXT NOT NULL,
    identity TEXT NOT NULL, line INTEGER NOT NULL, key_event TEXT NOT NULL, sequence INTEGER NOT NULL,
    digest TEXT NOT NULL, iat INTEGER NOT NULL, profile BLOB NOT NULL, keys BLOB NOT NULL, at INTEGER NOT NULL,
    other_profile BLOB NOT NULL, other_keys BLOB NOT NULL, other_at INTEGER NOT NULL,
    UNIQUE (base, digest, key_event, other_profile, other_keys)
) STRICT"""

TABLES = (
    # An address: what came of the last fetch, and, unless `identity` is null, the pin and what the last good version says.
    """CREATE TABLE subjects (
    id INTEGER PRIMARY KEY AUTOINCREMENT, base TEXT NOT NULL UNIQUE, tried_at INTEGER, outcome TEXT,
    identity TEXT, line INTEGER, key_event TEXT, sequence INTEGER, digest TEXT, iat INTEGER, exp INTEGER, status TEXT,
    seen_at INTEGER, rules INTEGER REFERENCES rules
) STRICT""",
    "CREATE INDEX subjects_by_age ON subjects (seen_at)",
    # What a host calls a last good version's files, who holds its spans (null if they are too many), and, since they are long, last
    # the exact bytes.
    """CREATE TABLE documents (
    subject INTEGER PRIMARY KEY REFERENCES subjects,
    profile_etag TEXT, profile_modified TEXT, keys_etag TEXT, keys_modified TEXT, holders BLOB,
    profile BLOB NOT NULL, keys BLOB NOT NULL
) STRICT""",
    "CREATE INDEX documents_without_spans ON documents (subject) WHERE holders IS NULL",
    "CREATE TABLE companies (id INTEGER PRIMARY KEY, domain TEXT NOT NULL UNIQUE) STRICT",
    "CREATE TABLE rules (id INTEGER PRIMARY KEY, said BLOB NOT NULL UNIQUE) STRICT",
    "CREATE TABLE clauses (id INTEGER PRIMARY KEY, said BLOB NOT NULL UNIQUE) STRICT",
    "CREATE TABLE stances (id INTEGER PRIMARY KEY, said BLOB NOT NULL UNIQUE) STRICT",
    # What subjects say to a company, together (``parts``).
    "CREATE TABLE spans (part INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT",
    "CREATE TABLE fetches (subject INTEGER NOT NULL REFERENCES subjects, at INTEGER NOT NULL, outcome TEXT NOT NULL) STRICT",
    # The list that is being fetched, until all of it is done.
    "CREATE TABLE runs (list TEXT PRIMARY KEY, begun_at INTEGER NOT NULL) STRICT",
    _CONTRADICTIONS,
    *evidence_log.TABLES,
)


def open_file(
    path: Path, migrate: Callable[[sqlite3.Connection, list[tuple[object, ...]]], None]
) -> sqlite3.Connection:
    """Open a store, made if the file is empty, and brought to today's form; ``migrate`` takes the pins of form 1 in.

    Raises sqlite3.Error, and DiskError for a file that is not ours.
    """
    file = form.connect(str(path))
    try:
        if form.of(file) != form.TODAY:
            _bring_up(file, path, migrate)
        file.execute("PRAGMA synchronous = FULL")
        file.execute("PRAGMA cache_size = -65536")
        file.execute("PRAGMA wal_autocheckpoint = 8000")  # pages: 32 MB
    except BaseException:
        file.close()
        raise
    return file


def _bring_up(
    file: sqlite3.Connection, path: Path, migrate: Callable[[sqlite3.Connection, list[tuple[object, ...]]], None]
) -> None:
    file.execute("BEGIN")  # else it could be half of what was there and half of what somebody makes of it
    try:
        _refuse_foreign(file, path)
    finally:
        if file.in_transaction:
            file.execute("ROLLBACK")
    _share(file)
    file.execute("BEGIN IMMEDIATE")
    try:
        _refuse_foreign(file, path)  # somebody else may have been at it meanwhile
        old = form.of(file)
        if old < form.TODAY:
            pins = file.execute("SELECT * FROM pins").fetchall() if old == 1 else []
            if old == 1:
                file.execute("DROP TABLE pins")
                file.execute("ALTER TABLE contradictions RENAME TO old")
            for statement in TABLES:
                file.execute(statement)
            if old == 1:
                file.execute("INSERT INTO contradictions SELECT * FROM old")
                file.execute("DROP TABLE old")
                migrate(file, pins)
            file.execute(f"PRAGMA user_version = {form.TODAY}")
        file.execute("COMMIT")
    except BaseException:
        if file.in_transaction:
            file.execute("ROLLBACK")
        raise


def _share(file: sqlite3.Connection) -> None:
    """Let several read beside one that writes; SQLite does not wait by itself for who makes the same file at the same time."""
    end = time.monotonic() + form.PATIENCE
    while True:
        try:
            file.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
        time.sleep(0.01)


def _refuse_foreign(file: sqlite3.Connection, path: Path) -> None:
    found, tables = form.of(file), file.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
    if found > form.TODAY:
        raise DiskError("store-unreadable", f"{path} was written by a later sayso", hint="use that one")
    if found == 0 and tables:
        raise DiskError("store-unreadable", f"{path} is another program's", hint="name a file of its own")
