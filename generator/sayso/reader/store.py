"""The store: one SQLite file with all that a reader remembers and is asked about (SPEC.md, Pins; decision 30).

Pins, exact signed bytes and what they say are written in one transaction each; a pin is only replaced by who knows the one
that is there. Several processes may read while one writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from sayso.disk import make_folder
from sayso.errors import DiskError
from sayso.reader import parts, tables
from sayso.reader.evidence_log import EvidenceLog
from sayso.reader.record import Record, record_of_payload
from sayso.reader.stances import Spans
from sayso.trust.envelope import open_envelope
from sayso.trust.pin import Pin
from sayso.trust.pins import MAX_CONTRADICTIONS, Contradiction, Seen
from sayso.trust.verify import TYP, payload_in

_PIN = "identity, line, key_event, sequence, digest, iat"
_SEEN = f"{_PIN}, profile, keys, seen_at"
_MAX_KNOWN = 50_000  # ids that are kept in memory, of each table

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[int]).decode


@dataclass(frozen=True, slots=True)
class Marks:
    """What a host calls the two files of a version (RFC 9110, sections 8.8.2 and 8.8.3), for asking whether they changed."""

    profile_etag: str | None = None
    profile_modified: str | None = None
    keys_etag: str | None = None
    keys_modified: str | None = None


NO_MARKS = Marks()


class Store:
    """A store in a file, which is made if it is not there. Raises DiskError where it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[str, dict[str | bytes, int]] = {
            name: {} for name in ("companies", "rules", "clauses", "stances")
        }
        self._pending: dict[
            int, dict[int, bytes]
        ] = {}  # by part and subject: spans that the transaction has still to write
        self._rewritten: set[int] = set()  # subjects that may have others in the file
        with self._failures():
            make_folder(path.parent, 0o700)
            if not path.exists():
                path.touch(mode=0o600)
            self.file = tables.open_file(path, self._take_in)

    def __enter__(self) -> Store:
        """Give the store, to be closed when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.file.close()

    @cached_property
    def evidence(self) -> EvidenceLog:
        """The log of what was fetched and decided."""
        return EvidenceLog(self.file)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all that a block does, or nothing of it; blocks within one are part of it."""
        with self._failures():
            if self.file.in_transaction:
                yield
                return
            self.file.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.write_spans()
                self.file.execute("COMMIT")
            except BaseException:
                if self.file.in_transaction:  # SQLite may have rolled back by itself
                    self.file.execute("ROLLBACK")
                self._nothing_pending()
                for known in self._known.values():
                    known.clear()  # ids that were given in vain
                raise

    def get(self, base: str) -> Seen | None:
        """Give the last good version that was seen at a base URL."""
        with self._failures():
            row = self.file.execute(
                f"SELECT {_SEEN} FROM subjects JOIN documents ON subject = id WHERE base = ? AND identity IS NOT NULL",
                (base,),
            ).fetchone()
        return Seen(Pin(base, *row[:6]), *row[6:]) if row else None

    def pin(self, base: str) -> tuple[Pin, Marks] | None:
        """Give the pin of a base URL and what the host calls its files, without their bytes."""
        with self._failures():
            row = self.file.execute(
                f"SELECT {_PIN}, profile_etag, profile_modified, keys_etag, keys_modified"
                " FROM subjects JOIN documents ON subject = id WHERE base = ? AND identity IS NOT NULL",
                (base,),
            ).fetchone()
        return (Pin(base, *row[:6]), Marks(*row[6:])) if row else None

    def put(self, seen: Seen, before: Pin | None) -> bool:
        """Keep what was seen in the place of a pin, or of none; False, and nothing kept, where another one is there now."""
        return self.write(_record(seen), before)

    def write(self, record: Record, before: Pin | None, marks: Marks = NO_MARKS) -> bool:
        """Keep a good version in the place of a pin, or of none; False, and nothing kept, where another one is there now."""
        pin = record.pin
        with self.transaction():
            row = self.file.execute(f"SELECT id, {_PIN} FROM subjects WHERE base = ?", (pin.base,)).fetchone()
            there = Pin(pin.base, *row[1:]) if row and row[1] is not None else None
            if there != before:
                return False
            values = (
                record.at, "verified", pin.identity, pin.line, pin.key_event, pin.sequence, pin.digest, pin.iat,
                record.exp, record.status, record.at, self._ids("rules", "said", (record.rules,))[0],
            )  # fmt: skip
            if row:
                subject = row[0]
                self.file.execute(
                    "UPDATE subjects SET tried_at = ?, outcome = ?, identity = ?, line = ?, key_event = ?, sequence = ?,"
                    " digest = ?, iat = ?, exp = ?, status = ?, seen_at = ?, rules = ? WHERE id = ?",
                    (*values, subject),
                )
                self._forget_spans(subject)
            else:
                subject = self.file.execute(
                    "INSERT INTO subjects (base, tried_at, outcome, identity, line, key_event, sequence, digest, iat, exp,"
                    " status, seen_at, rules) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (pin.base, *values),
                ).lastrowid
            entries = None if record.spans is None else self._entries(record.spans, subject)
            for holder, said in (entries or {}).items():
                self._pending.setdefault(parts.part_of(holder, subject), {})[subject] = bytes(said)
            self.file.execute(
                f"INSERT {'OR REPLACE ' if row else ''}INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    subject, marks.profile_etag, marks.profile_modified, marks.keys_etag, marks.keys_modified,
                    None if entries is None else _encode([*entries]), record.profile, record.keys,
                ),
            )  # fmt: skip
            self.file.execute("INSERT INTO fetches VALUES (?, ?, 'verified')", (subject, record.at))
        return True

    def unchanged(self, base: str, at: int) -> bool | None:
        """Note that the last good version of a base URL was found unchanged at an instant; tells whether it still holds.

        None, and nothing noted, where somebody forgot it meanwhile.
        """
        with self.transaction():
            row = self.file.execute(
                "UPDATE subjects SET tried_at = ?, seen_at = ?, outcome = 'unchanged'"
                " WHERE base = ? AND identity IS NOT NULL RETURNING id, exp",
                (at, at, base),
            ).fetchone()
            if row is None:
                return None
            self.file.execute("INSERT INTO fetches VALUES (?, ?, 'unchanged')", (row[0], at))
        return bool(at < row[1])

    def failed(self, base: str, at: int, code: str) -> None:
        """Note that a fetch ended in an error; what is known of the subject stays as it was."""
        with self.transaction():
            self.file.execute(
                "INSERT INTO subjects (base, tried_at, outcome) VALUES (?, ?, ?)"
                " ON CONFLICT (base) DO UPDATE SET tried_at = excluded.tried_at, outcome = excluded.outcome",
                (base, at, code),
            )
            self._log(base, at, code)

    def keep(self, contradiction: Contradiction) -> None:
        """Keep both sides of a contradiction, the first ``MAX_CONTRADICTIONS`` of a code and a subject."""
        seen, base = contradiction.seen, contradiction.seen.pin.base
        pin = seen.pin
        values = (
            base, contradiction.code, pin.identity, pin.line, pin.key_event, pin.sequence, pin.digest, pin.iat,
            seen.profile, seen.keys, seen.at, contradiction.profile, contradiction.keys, contradiction.at,
        )  # fmt: skip
        with self._failures():
            self.file.execute(
                f"INSERT OR IGNORE INTO contradictions SELECT {', '.join('?' * 14)}"
                f" WHERE (SELECT COUNT(*) FROM contradictions WHERE base = ? AND code = ?) < {MAX_CONTRADICTIONS}",
                (*values, base, contradiction.code),
            )

    def contradictions(self, base: str) -> tuple[Contradiction, ...]:
        """Give what was kept of a base URL, the first one first."""
        with self._failures():
            rows = self.file.execute(
                f"SELECT code, {_PIN}, profile, keys, at, other_profile, other_keys, other_at FROM contradictions"
                " WHERE base = ? ORDER BY rowid",
                (base,),
            ).fetchall()
        return tuple(Contradiction(row[0], Seen(Pin(base, *row[1:7]), *row[7:10]), *row[10:]) for row in rows)

    def pins(self) -> Iterator[tuple[Pin, int]]:
        """Give every pin and the instant at which its version was last seen, by base URL."""
        with self._failures():
            for base, *row in self.file.execute(
                f"SELECT base, {_PIN}, seen_at FROM subjects WHERE identity IS NOT NULL ORDER BY base"
            ):
                yield Pin(base, *row[:6]), row[6]

    def forget(self, base: str) -> bool:
        """Forget a subject, as somebody decided; tells whether a good version was known. Contradictions and evidence stay."""
        with self.transaction():
            row = self.file.execute("SELECT id, identity FROM subjects WHERE base = ?", (base,)).fetchone()
            if row is None:
                return False
            self._forget_spans(row[0])
            for statement in (
                "DELETE FROM documents WHERE subject = ?",
                "DELETE FROM fetches WHERE subject = ?",
                "DELETE FROM subjects WHERE id = ?",
            ):
                self.file.execute(statement, (row[0],))
            return row[1] is not None

    def _take_in(self, file: sqlite3.Connection, pins: list[tuple[Any, ...]]) -> None:
        """Write the pins of a file of form 1."""
        self.file = file
        for base, *row in pins:
            self.write(_record(Seen(Pin(base, *row[:6]), *row[6:])), None)
        self.write_spans()

    def write_spans(self) -> None:
        """Write the spans of a transaction: so a part is written once, however many of its profiles are."""
        for part in sorted(self._pending):
            said = self._pending[part]
            row = self.file.execute("SELECT entries FROM spans WHERE part = ?", (part,)).fetchone()
            entries = row[0] if row else b""
            if entries and (rewritten := self._rewritten & said.keys()):
                entries = parts.without(entries, rewritten)
            if entries := b"".join((entries, *said.values())):
                self.file.execute("INSERT OR REPLACE INTO spans VALUES (?, ?)", (part, entries))
            elif row:
                self.file.execute("DELETE FROM spans WHERE part = ?", (part,))
        self._nothing_pending()

    def _nothing_pending(self) -> None:
        self._pending.clear()
        self._rewritten.clear()

    def _forget_spans(self, subject: int) -> None:
        row = self.file.execute("SELECT holders FROM documents WHERE subject = ?", (subject,)).fetchone()
        self._rewritten.add(subject)
        for holder in _decode(row[0]) if row and row[0] else ():
            self._pending.setdefault(parts.part_of(holder, subject), {})[subject] = b""

    def _entries(self, spans: Spans, subject: int) -> dict[int, bytearray]:
        """Give the spans of a subject by holder; companies, clauses and stances get their numbers here."""
        clauses = self._ids("clauses", "said", spans.clauses)
        said = [
            _encode(stance._replace(refusals=tuple([clauses[place] for place in stance.refusals])))
            for stance in spans.stances
        ]
        stances = self._ids("stances", "said", said)
        names = tuple({span.company for span in spans.spans})
        companies = dict(zip(names, self._ids("companies", "domain", names), strict=True))
        entries: dict[int, bytearray] = {}
        for span in spans.spans:
            holder = parts.holder(companies[span.company], granted=span.clause is not None)
            clause = 0 if span.clause is None else clauses[span.clause]
            entries.setdefault(holder, bytearray()).extend(parts.entry(span, clause, stances[span.stance], subject))
        return entries

    def _ids(self, table: str, column: str, values: Sequence[str | bytes]) -> list[int]:
        known = self._known[table]
        return [known.get(value) or self._id(table, column, value) for value in values]

    def _id(self, table: str, column: str, value: str | bytes) -> int:
        known = self._known[table]
        row = self.file.execute(f"SELECT id FROM {table} WHERE {column} = ?", (value,)).fetchone()
        if row is None:
            row = (self.file.execute(f"INSERT INTO {table} ({column}) VALUES (?)", (value,)).lastrowid,)
        if len(known) >= _MAX_KNOWN:
            known.clear()
        number = known[value] = int(row[0])
        return number

    def _log(self, base: str, at: int, outcome: str) -> None:
        self.file.execute("INSERT INTO fetches SELECT id, ?, ? FROM subjects WHERE base = ?", (at, outcome, base))

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise DiskError("store-unreadable", f"{self.path} cannot be used: {error}") from None


def _record(seen: Seen) -> Record:
    payload = payload_in(open_envelope(seen.profile, TYP))
    return record_of_payload(seen.pin, payload, seen.profile, seen.keys, seen.at)
