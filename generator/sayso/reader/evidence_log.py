"""The evidence in the reader's store: two tables, to which lines and the files that they cite are only ever added.

The store opens the file and begins and ends each transaction, so that what is known and the evidence of it land together.
Whoever adds a line holds the right to write already (``BEGIN IMMEDIATE``); so two processes never write the same number.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from sayso.errors import DiskError
from sayso.instants import LAST_INSTANT, rfc3339
from sayso.profile.policy import Decision, Request
from sayso.reader.evidence import TOOL, AnyLine, Asked, AudienceLine, DecisionLine, FetchLine, Head, digest_of, write
from sayso.trust import base64url

TABLES: tuple[str, ...] = (
    "CREATE TABLE exhibits (sha256 BLOB PRIMARY KEY NOT NULL, bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE evidence (n INTEGER PRIMARY KEY, base TEXT, at INTEGER NOT NULL, line TEXT NOT NULL) STRICT",
    "CREATE INDEX evidence_of ON evidence (base, at)",
    # An accident is stopped here; malice, which can drop a trigger, shows in the chain. REPLACE fires no DELETE trigger.
    *(
        f"CREATE TRIGGER {table}_{name} BEFORE {event} BEGIN SELECT RAISE(ABORT, 'to {table} is only added'); END"
        for table, there in (
            ("exhibits", "EXISTS (SELECT 1 FROM exhibits WHERE sha256 = NEW.sha256)"),
            ("evidence", "EXISTS (SELECT 1 FROM evidence WHERE n = NEW.n)"),
        )
        for name, event in (
            ("stays", f"UPDATE ON {table}"),
            ("remains", f"DELETE ON {table}"),
            ("is_new", f"INSERT ON {table} WHEN {there}"),
        )
    ),
)
_MISFILED = """SELECT n FROM evidence WHERE CASE WHEN json_valid(line) THEN
    n IS NOT json_extract(line, '$.n') OR base IS NOT json_extract(line, '$.base')
    OR at IS NOT CAST(strftime('%s', json_extract(line, '$.at')) AS INTEGER) END LIMIT 1"""


class Version(Protocol):
    """Which version was seen; a ``Pin`` says it."""

    @property
    def digest(self) -> str:
        """The digest that names the version."""
        ...

    @property
    def sequence(self) -> int:
        """Its number."""
        ...

    @property
    def identity(self) -> str:
        """Whose it is."""
        ...


class EvidenceLog:
    """The log in an open file. Adding raises RequestError for what no file can hold, everything DiskError where the file fails."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._file = connection

    def fetched(
        self, base: str, at: int, outcome: str, profile: bytes | None, keys: bytes | None, version: Version | None
    ) -> None:
        """Add that a base URL was asked at an instant: ``verified``, ``unchanged``, or the code of the error.

        ``profile`` and ``keys`` are the exact bytes that the outcome is about, where they are to be kept; ``version`` says
        which one they are, if they verify.
        """
        members: dict[str, Any] = {"base": base, "outcome": outcome}
        if version is not None:
            members |= {"digest": version.digest, "sequence": version.sequence, "identity": version.identity}
        self._add(FetchLine, at, members, profile, keys)

    def decided(
        self, base: str, at: int, request: Request, decision: Decision, fetched_at: int, profile: bytes, keys: bytes
    ) -> None:
        """Add how a question was answered, from the files that were last fetched, or found unchanged, at ``fetched_at``."""
        members = {"request": Asked.of(request), "answer": decision, "fetched_at": rfc3339(fetched_at), "base": base}
        self._add(DecisionLine, at, members, profile, keys)

    def audience(
        self, at: int, request: Request, allowed: int, reasons: Mapping[str, int], listed_sha256: bytes
    ) -> None:
        """Add that a question was put to all profiles: how many allow it, how many have which reason, and who was given out.

        ``listed_sha256`` is over the base URLs that were given out, each ended by a line feed.
        """
        listed = base64url.encode(listed_sha256).decode()
        members = {"request": Asked.of(request), "allowed": allowed, "reasons": dict(reasons), "sha256": listed}
        self._add(AudienceLine, at, members)

    def lines(self) -> Iterator[bytes]:
        """Give the bytes of every line, the first one first."""
        return self._column("SELECT CAST(line AS BLOB) FROM evidence ORDER BY n")

    def about(self, base: str | None, begin: int = 0, end: int = LAST_INSTANT) -> Iterator[bytes]:
        """Give the lines from one instant through another, about a base URL or, if none is given, all."""
        if base is None:
            query = "SELECT CAST(line AS BLOB) FROM evidence WHERE at BETWEEN ? AND ? ORDER BY n"
            return self._column(query, (begin, end))
        query = "SELECT CAST(line AS BLOB) FROM evidence WHERE base = ? AND at BETWEEN ? AND ? ORDER BY n"
        return self._column(query, (base, begin, end))

    def before(self, base: str, at: int) -> Iterator[bytes]:
        """Give the lines about a base URL at or before an instant, the one that was written last first."""
        query = "SELECT CAST(line AS BLOB) FROM evidence WHERE base = ? AND at <= ? ORDER BY n DESC"
        return self._column(query, (base, at))

    def head(self) -> Head | None:
        """Give what an auditor writes down elsewhere, since whoever owns the file can write all of it anew; None if it is empty."""
        with self._failures():
            n, digest = self._end()
        return None if digest is None else Head(n, digest)

    def exhibit(self, name: str) -> bytes | None:
        """Give the file of a digest."""
        with self._failures():
            found = self._file.execute(
                "SELECT bytes FROM exhibits WHERE sha256 = ?", (base64url.decode(name.encode()),)
            ).fetchone()
        return found and bytes(found[0])

    def exhibits(self) -> Iterator[bytes]:
        """Give every file that is kept."""
        return self._column("SELECT bytes FROM exhibits")

    def misfiled(self) -> int | None:
        """Give the first line that would not be found where it should be, by its number, its base URL or its time."""
        return next(self._column(_MISFILED), None)

    @contextmanager
    def still(self) -> Iterator[None]:
        """Read as if nobody added anything while the block runs."""
        with self._failures():
            self._file.execute("BEGIN")
            try:
                yield
            finally:
                self._file.execute("ROLLBACK")

    def _add(
        self,
        kind: Callable[..., AnyLine],
        at: int,
        members: dict[str, Any],
        profile: bytes | None = None,
        keys: bytes | None = None,
    ) -> None:
        files = {}
        for name, data in (("profile", profile), ("keys", keys)):
            if data is not None:
                digest = hashlib.sha256(data).digest()
                files[digest] = data
                members[name] = base64url.encode(digest).decode()
        try:
            n, prev = self._end()
            line = write(kind(n=n, prev=prev, at=rfc3339(at), tool=TOOL, **members))
            if files:
                self._keep(files)
            self._file.execute("INSERT INTO evidence VALUES (?, ?, ?, ?)", (n, members.get("base"), at, line.decode()))
        except sqlite3.Error as error:
            raise _unusable(error) from None

    def _end(self) -> tuple[int, str | None]:
        """Give the number that the next line has, and the digest of the last."""
        last = self._file.execute("SELECT n, CAST(line AS BLOB) FROM evidence ORDER BY n DESC LIMIT 1").fetchone()
        return (last[0] + 1, digest_of(last[1])) if last else (0, None)

    def _keep(self, files: Mapping[bytes, bytes]) -> None:
        known = "SELECT COUNT(*) FROM exhibits WHERE sha256 IN (?, ?)"
        if self._file.execute(known, (*files, *files)[:2]).fetchone()[0] == len(files):
            return
        for digest, data in files.items():
            if self._file.execute(known, (digest, digest)).fetchone()[0] == 0:
                self._file.execute("INSERT INTO exhibits VALUES (?, ?)", (digest, data))

    def _column(self, query: str, values: Any = ()) -> Iterator[Any]:
        with self._failures():
            for row in self._file.execute(query, values):
                yield row[0]

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _unusable(error) from None


def _unusable(error: sqlite3.Error) -> DiskError:
    return DiskError("store-unreadable", f"the evidence cannot be used: {error}")
