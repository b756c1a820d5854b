"""A run over a list of addresses, which goes on where it was when it is broken off."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from sayso.errors import DiskError
from sayso.reader.store import NO_MARKS, Marks, Store
from sayso.trust.pin import Pin

RESUMED_FOR = 20 * 3600  # seconds: a run that began earlier is begun anew, so that a daily one is


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an address: ``verified``, ``unchanged``, or the code of an error with its message.

    ``sequence`` and ``digest`` are those of the last good version, if there is one; ``earlier`` tells that it was done
    before the run was broken off.
    """

    base: str
    outcome: str
    sequence: int | None = None
    digest: str | None = None
    missed: int = 0
    message: str | None = None
    hint: str | None = None
    step: int | None = None
    earlier: bool = False

    @property
    def good(self) -> bool:
        """Tell whether the profile is verified, now or again."""
        return self.outcome in ("verified", "unchanged")


@dataclass(frozen=True, slots=True)
class Left:
    """An address that is not done: its pin, if it has one, and what its host called the files of that version."""

    base: str
    pin: Pin | None
    marks: Marks


class Run:
    """One run over a list of base URLs, in their one form; those that are there twice count once.

    The list is kept in a temporary table, so memory does not grow with it. Everything here raises DiskError where the store
    fails.
    """

    def __init__(self, store: Store, bases: Iterable[str], at: int, *, anew: bool = False) -> None:
        self._store, self._file = store, store.file
        with self._failures():
            # A run writes far more than it reads again: what is mapped, or kept, of the file would only grow with it.
            self._file.execute("PRAGMA mmap_size = 0")
            self._file.execute("PRAGMA cache_size = -4096")  # 4 MB
            self._keep(bases)
            self.total = self._count("SELECT COUNT(*) FROM temp.wanted")
            digest = hashlib.sha256()
            for (base,) in self._file.execute("SELECT base FROM temp.wanted ORDER BY base"):
                digest.update(base.encode() + b"\n")
            self._list = digest.hexdigest()
            row = self._file.execute("SELECT begun_at FROM runs WHERE list = ?", (self._list,)).fetchone()
        resumed = row is not None and not anew and at - RESUMED_FOR <= row[0] <= at
        self.begun_at: int = row[0] if resumed else at
        with self._failures():  # what another run does from now on is not told as done before
            self._file.execute("DROP TABLE IF EXISTS temp.finished")
            self._file.execute("CREATE TEMP TABLE finished (base TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")
            if resumed:
                done = "SELECT base FROM temp.wanted JOIN subjects USING (base) WHERE tried_at >= ?"
                self._file.execute(f"INSERT INTO temp.finished {done}", (self.begun_at,))
        self.done = self._count("SELECT COUNT(*) FROM temp.finished")

    def begin(self) -> None:
        """Note that the run has begun."""
        with self._store.transaction():
            self._file.execute("INSERT OR REPLACE INTO runs VALUES (?, ?)", (self._list, self.begun_at))

    def end(self) -> None:
        """Note that all is done."""
        with self._store.transaction():
            self._file.execute("DELETE FROM runs WHERE list = ?", (self._list,))

    def known(self) -> int:
        """Count the addresses of which a good version is known."""
        return self._count("SELECT COUNT(*) FROM temp.wanted JOIN subjects USING (base) WHERE identity IS NOT NULL")

    def earlier(self) -> Iterator[list[Result]]:
        """Give what was done before the run was broken off."""
        last: tuple[int, str] = (-1, "")
        while rows := self._rows(  # an ended profile that is as it was is kept as unchanged, and told as expired
            "SELECT turn, base, CASE WHEN outcome = 'unchanged' AND exp <= tried_at THEN 'expired' ELSE outcome END,"
            " sequence, digest FROM temp.wanted JOIN subjects USING (base)"
            " WHERE (turn, base) > (?, ?) AND base IN (SELECT base FROM temp.finished) ORDER BY turn, base LIMIT 1000",
            *last,
        ):
            last = rows[-1][:2]
            yield [
                Result(base, outcome, sequence, digest, message=_EARLIER, hint=_ANEW, earlier=True)
                for _, base, outcome, sequence, digest in rows
            ]

    def left(self) -> Iterator[Left]:
        """Give the addresses that are not done yet, those of a host far apart, with what is known of them a moment before."""
        last: tuple[int, str] = (-1, "")
        while rows := self._rows(
            "SELECT turn, base, identity, line, key_event, sequence, digest, iat,"
            " profile_etag, profile_modified, keys_etag, keys_modified"
            " FROM temp.wanted LEFT JOIN subjects USING (base) LEFT JOIN documents ON subject = id"
            " WHERE (turn, base) > (?, ?) AND base NOT IN (SELECT base FROM temp.finished) ORDER BY turn, base LIMIT 256",
            *last,
        ):
            last = rows[-1][:2]
            for _, base, *known in rows:
                yield Left(base, *_known(base, known))

    def _keep(self, bases: Iterable[str]) -> None:
        """Keep the list; nobody else waits for it, however slowly it comes."""
        self._file.execute("DROP TABLE IF EXISTS temp.wanted")
        self._file.execute(
            "CREATE TEMP TABLE wanted (base TEXT PRIMARY KEY, turn INTEGER NOT NULL) STRICT, WITHOUT ROWID"
        )
        self._file.execute("CREATE INDEX temp.in_turn ON wanted (turn, base)")
        self._file.execute("BEGIN")
        try:  # in an order that has nothing to do with hosts, so that none is asked for much at once
            rows = ((base, crc32(base.encode())) for base in bases)
            self._file.executemany("INSERT OR IGNORE INTO temp.wanted VALUES (?, ?)", rows)
        finally:
            self._file.execute("COMMIT")

    def _rows(self, query: str, *values: int | str) -> list[tuple[Any, ...]]:
        with self._failures():
            return self._file.execute(query, values).fetchall()

    def _count(self, query: str, *values: int) -> int:
        return int(self._rows(query, *values)[0][0])

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise DiskError("store-unreadable", f"{self._store.path} cannot be used: {error}") from None


def _known(base: str, row: list[Any]) -> tuple[Pin | None, Marks]:
    return (None, NO_MARKS) if row[0] is None else (Pin(base, *row[:6]), Marks(*row[6:]))


_EARLIER = "so it was found before the run was broken off"
_ANEW = "--anew asks for it again"
