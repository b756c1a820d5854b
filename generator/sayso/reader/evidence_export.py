"""Export: a log of evidence and all that it cites as one file, for who has nothing else.

The file has one JSON object a line: first every exhibit, then the lines of the log, byte for byte.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from sayso import canonical
from sayso.errors import DiskError, PublishError
from sayso.profile.model import Digest
from sayso.reader.evidence import digest_of
from sayso.reader.evidence_log import EvidenceLog
from sayso.reader.evidence_redo import Exhibit
from sayso.trust import base64url

MAX_LINE = 1024 * 1024  # bytes: more than any that is written
_EXHIBIT = b'{"bytes":'


class _Exhibit(msgspec.Struct, frozen=True):
    """A file, in base64url, and its SHA-256."""

    bytes: str
    sha256: Digest
    kind: Literal["exhibit"] = "exhibit"


_decoder = msgspec.json.Decoder(_Exhibit)


def export(log: EvidenceLog) -> Iterator[bytes]:
    """Give the lines of the file, without line feeds, as the log is when the first one is asked for."""
    with log.still():
        for data in log.exhibits():
            yield canonical.encode(_Exhibit(base64url.encode(data).decode(), digest_of(data)))
        yield from log.lines()


def save(log: EvidenceLog, path: Path) -> None:
    """Write the file, which is not there yet and which only its owner can read.

    Raises PublishError where something is there, DiskError where the disk refuses; then no file is left.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        raise PublishError("would-overwrite", f"{path} is there already", hint="name a new file") from None
    except OSError as error:
        raise DiskError("disk", f"{path} cannot be written: {error.strerror}") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            for line in export(log):
                file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise DiskError("disk", f"{path} cannot be written: {error.strerror}") from None
        raise


@contextmanager
def exported(file: BinaryIO) -> Iterator[tuple[Iterator[bytes], Exhibit]]:
    """Give the lines of the log in an open file, and what finds the exhibits that stand before them.

    The exhibits are put aside on the disk as the lines are read. Nothing is believed here: what is no exhibit is given as a
    line, and an exhibit by the digest that it claims.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as aside:  # a file without a name, gone with the connection
        aside.execute("CREATE TABLE exhibits (sha256 TEXT PRIMARY KEY, bytes BLOB)")
        aside.execute("BEGIN")

        def lines() -> Iterator[bytes]:
            while line := file.readline(MAX_LINE):
                line = line.removesuffix(b"\n")
                found = _exhibit_in(line)
                if found is None:
                    yield line
                else:
                    aside.execute("INSERT OR IGNORE INTO exhibits VALUES (?, ?)", found)

        def exhibit(name: str) -> bytes | None:
            row = aside.execute("SELECT bytes FROM exhibits WHERE sha256 = ?", (name,)).fetchone()
            return None if row is None else bytes(row[0])

        try:
            yield lines(), exhibit
        except sqlite3.Error as error:
            raise DiskError("disk", f"the exhibits cannot be put aside: {error}") from None


def _exhibit_in(line: bytes) -> tuple[str, bytes] | None:
    if not line.startswith(_EXHIBIT):
        return None
    try:
        found = canonical.decode(line, _decoder)
        return found.sha256, base64url.decode(found.bytes.encode())
    except ValueError:  # NotCanonical is one
        return None
