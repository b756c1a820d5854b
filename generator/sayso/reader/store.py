"""Pins in an SQLite file: a reader's memory that outlives the process and is shared by several (SPEC.md, Pins).

What is read and written is done in one transaction each; a pin is only replaced by who knows the one that is there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sayso.disk import make_folder
from sayso.errors import DiskError
from sayso.trust.pin import Pin
from sayso.trust.pins import MAX_CONTRADICTIONS, Contradiction, Seen

_FORM = 1  # of the file, as `PRAGMA user_version` says it
_PATIENCE = 30.0  # seconds to wait for another process
_SEEN = "identity, line, key_event, sequence, digest, iat, profile, keys, at"
_TABLES = (
    """CREATE TABLE pins (
    base TEXT PRIMARY KEY, identity TEXT NOT NULL, line INTEGER NOT NULL, key_event TEXT NOT NULL, sequence INTEGER NOT NULL,
    digest TEXT NOT NULL, iat INTEGER NOT NULL, profile BLOB NOT NULL, keys BLOB NOT NULL, at INTEGER NOT NULL
)""",
    """CREATE TABLE contradictions (
    base TEXT NOT NULL, code TEXT NOT NULL,
    identity TEXT NOT NULL, line INTEGER NOT NULL, key_event TEXT NOT NULL, sequence INTEGER NOT NULL,
    digest TEXT NOT NULL, iat INTEGER NOT NULL, profile BLOB NOT NULL, keys BLOB NOT NULL, at INTEGER NOT NULL,
    other_profile BLOB NOT NULL, other_keys BLOB NOT NULL, other_at INTEGER NOT NULL,
    UNIQUE (base, digest, key_event, other_profile, other_keys)
)""",
)


class SqlitePins:
    """Pins in a file, which is made if it is not there. Raises DiskError where it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._failures():
            make_folder(path.parent, 0o700)
            if not path.exists():
                path.touch(mode=0o600)
            self._file = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        try:
            with self._failures():
                self._begin()
        except BaseException:
            self._file.close()
            raise

    def _begin(self) -> None:
        """Make the tables in a file that is new; refuse one that is not ours."""
        if self._form() == _FORM:
            return
        self._file.execute("BEGIN IMMEDIATE")  # somebody else may be making them now
        form, tables = self._form(), self._file.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
        if form == 0 and not tables:
            for statement in _TABLES:
                self._file.execute(statement)
            self._file.execute(f"PRAGMA user_version = {_FORM}")
        self._file.execute("COMMIT")
        if form not in (0, _FORM):
            raise DiskError("pins-unreadable", f"{self._path} was written by a later sayso", hint="use that one")
        if form == 0 and tables:
            raise DiskError("pins-unreadable", f"{self._path} is another program's", hint="name a file of its own")

    def _form(self) -> int:
        return int(self._file.execute("PRAGMA user_version").fetchone()[0])

    def __enter__(self) -> SqlitePins:
        """Give the memory, to be closed when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    def get(self, base: str) -> Seen | None:
        """Give what was last seen at a base URL."""
        with self._failures():
            row = self._file.execute(f"SELECT {_SEEN} FROM pins WHERE base = ?", (base,)).fetchone()
        return _seen(base, row) if row else None

    def put(self, seen: Seen, before: Pin | None) -> bool:
        """Keep what was seen in the place of a pin, or of none; False, and nothing kept, where another one is there now."""
        pin = seen.pin
        row = (pin.base, *_row(seen))
        if before is None:
            statement = f"INSERT OR IGNORE INTO pins (base, {_SEEN}) VALUES ({', '.join('?' * 10)})"
            values: tuple[Any, ...] = row
        else:
            names = ", ".join(f"{name} = ?" for name in _SEEN.split(", "))
            statement = f"UPDATE pins SET {names} WHERE base = ? AND identity = ? AND key_event = ? AND digest = ?"
            values = (*row[1:], pin.base, before.identity, before.key_event, before.digest)
        with self._failures():
            return self._file.execute(statement, values).rowcount == 1

    def keep(self, contradiction: Contradiction) -> None:
        """Keep both sides of a contradiction, the first ``MAX_CONTRADICTIONS`` of a code and a subject."""
        base = contradiction.seen.pin.base
        values = (
            base,
            contradiction.code,
            *_row(contradiction.seen),
            contradiction.profile,
            contradiction.keys,
            contradiction.at,
        )
        with self._failures():
            self._file.execute(
                f"INSERT OR IGNORE INTO contradictions (base, code, {_SEEN}, other_profile, other_keys, other_at)"
                f" SELECT {', '.join('?' * 14)} WHERE (SELECT COUNT(*) FROM contradictions WHERE base = ? AND code = ?) < {MAX_CONTRADICTIONS}",
                (*values, base, contradiction.code),
            )

    def contradictions(self, base: str) -> tuple[Contradiction, ...]:
        """Give what was kept of a base URL, the first one first."""
        with self._failures():
            rows = self._file.execute(
                f"SELECT code, {_SEEN}, other_profile, other_keys, other_at FROM contradictions WHERE base = ? ORDER BY rowid",
                (base,),
            ).fetchall()
        return tuple(Contradiction(row[0], _seen(base, row[1:10]), *row[10:]) for row in rows)

    def bases(self) -> tuple[str, ...]:
        """Give every base URL that has a pin, sorted."""
        with self._failures():
            return tuple(row[0] for row in self._file.execute("SELECT base FROM pins ORDER BY base"))

    def forget(self, base: str) -> bool:
        """Forget the pin of a base URL, as somebody decided; tells whether there was one. Contradictions stay."""
        with self._failures():
            return self._file.execute("DELETE FROM pins WHERE base = ?", (base,)).rowcount == 1

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise DiskError("pins-unreadable", f"{self._path} cannot be used: {error}") from None


def _row(seen: Seen) -> tuple[Any, ...]:
    pin = seen.pin
    return (pin.identity, pin.line, pin.key_event, pin.sequence, pin.digest, pin.iat, seen.profile, seen.keys, seen.at)


def _seen(base: str, row: tuple[Any, ...]) -> Seen:
    return Seen(Pin(base, *row[:6]), *row[6:])
