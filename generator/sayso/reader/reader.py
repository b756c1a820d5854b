"""Reader: questions to a store, answered without the network (SPEC.md, Decisions)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from sayso.errors import DiskError, FetchError
from sayso.profile.addresses import canonical_base
from sayso.profile.model import Payload
from sayso.profile.policy import Decision, Request, decide
from sayso.reader import form
from sayso.reader.kept import payload_of

if TYPE_CHECKING:  # one question needs nothing of these
    from pathlib import Path

    from sayso.reader.audience import Audience
    from sayso.reader.said import Said
    from sayso.reader.store import Store

_VERSION = """SELECT digest, seen_at, profile FROM subjects JOIN documents
    ON subject = id AND +seen_at BETWEEN 0 AND 253402300799"""  # the plus: by number or address, not by age
MAX_PAYLOADS = 16  # that are kept in memory: more would be slower, since they leave the caches of the processor
TOGETHER = 256  # questions that are kept as evidence at once


class Reader:
    """Answers from the store in a file, which must be there. Raises DiskError where it cannot be read, FetchError where it is not.

    What was read is kept in memory, within bounds; what another process writes is seen at once.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = os.fspath(path)
        if not os.path.exists(self._path):  # noqa: PTH110 - `pathlib` takes longer to load than a question takes
            raise FetchError(
                "file-not-found", f"there is no store {path}", hint="sayso fetch BASE_URL --store FILE makes one"
            )
        self._file = self._open()
        self._payloads: dict[str, Payload] = {}
        self._said: Said | None = None

    def _open(self) -> sqlite3.Connection:
        try:
            file = form.connect(self._path)
            if form.of(file) == form.TODAY:
                return file
            file.close()
        except sqlite3.Error as error:
            raise self._unusable(error) from None
        with self._store():  # which brings it to the form of today, or refuses it
            return form.connect(self._path)

    def _store(self) -> Store:
        from pathlib import Path

        from sayso.reader.store import Store

        return Store(Path(self._path))

    def _unusable(self, error: sqlite3.Error) -> DiskError:
        return DiskError("store-unreadable", f"{self._path} cannot be used: {error}")

    def __enter__(self) -> Reader:
        """Give the reader, to be closed when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self._file.close()

    def ask(self, base: str, request: Request, at: int, *, evidence: bool = False) -> Decision:
        """Answer a request about the subject at a base URL, at an instant (seconds, UTC), from the last good version.

        With ``evidence`` question and answer are kept. Raises FetchError where no good version is in the store, RequestError
        for a request that is no question.
        """
        if evidence and (answer := self._ask_and_keep([(base, request)], at)[0]) is not None:
            return answer
        answer = self._answer(base, request, at)
        if answer is None:
            raise FetchError(
                "not-in-store",
                f"the store has no good version of {base}",
                hint="fetch it first: sayso fetch BASE_URL --store FILE",
            )
        return answer

    def ask_many(
        self, questions: Iterable[tuple[str, Request]], at: int, *, evidence: bool = False
    ) -> Iterator[Decision | None]:
        """Answer many questions, each a base URL and a request; None for a subject of which no good version is in the store."""
        rest = iter(questions)
        while some := list(islice(rest, TOGETHER)):
            if evidence:
                yield from self._ask_and_keep(some, at)
            else:
                yield from (self._answer(base, request, at) for base, request in some)

    def _answer(self, base: str, request: Request, at: int) -> Decision | None:
        row = self.one(f"{_VERSION} WHERE base = ?", (canonical_base(base),))
        return None if row is None else self._decide(row, request, at)

    def _ask_and_keep(self, questions: list[tuple[str, Request]], at: int) -> list[Decision | None]:
        """Answer questions while nobody else writes, and keep both as evidence."""
        with self._store() as store, store.transaction():
            answers = [self._answer(base, request, at) for base, request in questions]
            for (base, request), answer in zip(questions, answers, strict=True):
                seen = None if answer is None else store.get(canonical_base(base) or base)
                if answer is not None and seen is not None:
                    store.evidence.decided(seen.pin.base, at, request, answer, seen.at, seen.profile, seen.keys)
        return answers

    def audience(self, request: Request, at: int) -> Audience:
        """Give whom the company of a request may address at an instant; raises RequestError for one that is no question."""
        from sayso.reader.audience import Audience

        self.one("PRAGMA cache_size = -65536", ())  # KiB: what is counted once is counted again
        return Audience(self, request, at)

    def versions(self) -> Iterator[tuple[Payload, str, int]]:
        """Give the last good version of every subject, by base URL: what it says, its digest, and when it was seen."""
        self.one("PRAGMA mmap_size = 0", ())  # what is read once need not stay in memory
        for digest, seen_at, profile in self.rows(f"{_VERSION} ORDER BY base", {}):
            yield self._read(profile), digest, seen_at

    @contextmanager
    def still(self) -> Iterator[None]:
        """Read as if nobody wrote while the block runs; blocks within one are part of it."""
        if self._file.in_transaction:
            yield
            return
        try:
            self._file.execute("BEGIN")
            yield
        finally:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")

    def keep_audience(
        self, request: Request, at: int, allowed: int, reasons: Mapping[str, int], listed_sha256: bytes
    ) -> None:
        """Keep as evidence that an audience was asked for, how many were in it, and which list was given out."""
        with self._store() as store, store.transaction():
            store.evidence.audience(at, request, allowed, reasons, listed_sha256)

    def decide(self, subject: int, request: Request, at: int) -> Decision | None:
        """Decide about a subject by its number; None if it is not in the store any more."""
        row = self.one(f"{_VERSION} WHERE id = ?", (subject,))
        return None if row is None else self._decide(row, request, at)

    def _read(self, profile: bytes) -> Payload:
        try:
            return payload_of(profile)
        except (TypeError, AttributeError, IndexError, ValueError) as error:  # which those of msgspec are, too
            raise DiskError(
                "store-unreadable", f"{self._path} is damaged: {error}", hint="fetch into a new one"
            ) from None

    def _decide(self, version: tuple[str, int, bytes], request: Request, at: int) -> Decision:
        digest, seen_at, profile = version
        payload = self._payloads.get(digest)
        if payload is None:
            payload = self._read(profile)
            if len(self._payloads) >= MAX_PAYLOADS:
                del self._payloads[next(iter(self._payloads))]
            self._payloads[digest] = payload
        return decide(payload, request, at, digest=digest, fetched_at=seen_at)

    def company(self, domain: str) -> int | None:
        """Give the number that a company has in the store, if any profile names it."""
        row = self.one("SELECT id FROM companies WHERE domain = ?", (domain,))
        return row[0] if row else None

    @property
    def said(self) -> Said:
        """What stances and contact rules say, by their numbers."""
        if self._said is None:
            from sayso.reader.said import Said

            self._said = Said(self.rows)
        return self._said

    def rows(self, query: str, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        """Run a query; the rows come as they are read."""
        try:
            cursor = self._file.execute(query, values)
            try:
                for row in cursor:  # noqa: UP028 - `yield from` would close the cursor itself
                    yield row
            finally:
                with suppress(sqlite3.ProgrammingError):  # the reader may have been closed before
                    cursor.close()
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def one(self, query: str, values: tuple[Any, ...]) -> Any:
        """Run a query, and give its first row, if there is one."""
        try:
            return self._file.execute(query, values).fetchone()
        except sqlite3.Error as error:
            raise self._unusable(error) from None
