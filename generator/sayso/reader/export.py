"""Rows of permissions as CSV, JSON Lines, Parquet or DuckDB; the two last need libraries of their own, loaded when used."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from sayso.errors import RequestError
from sayso.instants import parse_rfc3339
from sayso.reader.permissions import COLUMNS, Permission

TABLE = "permissions"
GROUP = 10_000  # rows of a group in Parquet
STATEMENT = 1_000  # rows of a statement in DuckDB, which takes much memory for each
PIECE = 1_000  # rows of text that are written at once

_LISTS, _NUMBERS, _INSTANTS = ("categories", "grants"), ("sequence",), ("valid_until", "recheck_after", "fetched_at")
_OPTIONAL = (
    "channel", "categories", "except", "granularity", "lookback", "frequency", "retention", "contact_max", "quiet",
)  # fmt: skip

_instant = lru_cache(maxsize=2_000)(parse_rfc3339)


def csv_text(rows: Iterable[Permission]) -> Iterator[str]:
    """Give CSV (RFC 4180) with a header; lists have spaces between their parts, and what is not stated is empty.

    No cell begins in a way that a spreadsheet takes for a formula: the only text of which some do, the digest, says before
    it what it is.
    """
    rest = iter(rows)
    piece: list[tuple[str, ...]] = [COLUMNS]
    while piece:
        file = io.StringIO(newline="")
        csv.writer(file).writerows(piece)
        yield file.getvalue()
        piece = [tuple(map(_cell, COLUMNS, msgspec.structs.astuple(row))) for row in islice(rest, PIECE)]


def jsonl_text(rows: Iterable[Permission]) -> Iterator[str]:
    """Give JSON Lines: an object for each row, with every column in its place."""
    rest = iter(rows)
    while piece := list(islice(rest, PIECE)):
        yield "".join(f"{msgspec.json.encode(row).decode()}\n" for row in piece)


def write_parquet(path: Path, rows: Iterable[Permission]) -> None:
    """Write a Parquet file; raises RequestError where pyarrow is missing, and OSError."""
    pyarrow, parquet = _pyarrow()
    kinds = {name: pyarrow.list_(pyarrow.string()) for name in _LISTS}
    kinds |= dict.fromkeys(_NUMBERS, pyarrow.int64()) | dict.fromkeys(_INSTANTS, pyarrow.timestamp("ms", tz="UTC"))
    schema = pyarrow.schema(
        [pyarrow.field(name, kinds.get(name, pyarrow.string()), nullable=name in _OPTIONAL) for name in COLUMNS]
    )
    with parquet.ParquetWriter(path, schema) as file:
        for columns in _columns(rows, GROUP):
            arrays = [
                pyarrow.array([value * 1000 for value in values] if name in _INSTANTS else values, kinds.get(name))
                for name, values in zip(COLUMNS, columns, strict=True)
            ]
            file.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))


def write_duckdb(path: Path, rows: Iterable[Permission]) -> None:
    """Write a DuckDB file with one table, ``permissions``; raises RequestError where duckdb is missing, and OSError."""
    duckdb = _duckdb()
    kinds = (
        dict.fromkeys(_LISTS, "VARCHAR[]") | dict.fromkeys(_NUMBERS, "BIGINT") | dict.fromkeys(_INSTANTS, "TIMESTAMPTZ")
    )
    members = [f'"{name}" {kinds.get(name, "VARCHAR")}{"" if name in _OPTIONAL else " NOT NULL"}' for name in COLUMNS]
    parts = [_unnested(name, kinds.get(name, "VARCHAR"), place) for place, name in enumerate(COLUMNS, 1)]
    try:
        # It would fetch extensions from the network by itself, and keep most of the memory that there is.
        config = {"autoinstall_known_extensions": "false", "memory_limit": "64MB", "threads": "1"}
        with duckdb.connect(path, config=config) as file:
            file.execute(f"CREATE TABLE {TABLE} ({', '.join(members)})")
            for columns in _columns(rows, STATEMENT):
                file.execute(f"INSERT INTO {TABLE} SELECT {', '.join(parts)}", columns)
    except duckdb.Error as error:
        raise OSError(str(error).partition("\n")[0]) from None


def ensure_extra(form: str) -> None:
    """Raise RequestError where the library that a form needs is missing, before any work is done for it."""
    if form == "parquet":
        _pyarrow()
    if form == "duckdb":
        _duckdb()


def _cell(name: str, value: Any) -> str:
    if name == "digest":
        return f"sha-256:{value}"
    if name in _LISTS:
        return " ".join(value or ())
    return "" if value is None else str(value)


def _columns(rows: Iterable[Permission], number: int) -> Iterator[list[list[Any]]]:
    """Give the values of each column, of so many rows at a time; instants as seconds."""
    rest = iter(rows)
    while batch := list(islice(rest, number)):
        columns = map(list, zip(*map(msgspec.structs.astuple, batch), strict=True))
        yield [
            list(map(_instant, values)) if name in _INSTANTS else values
            for name, values in zip(COLUMNS, columns, strict=True)
        ]


def _unnested(name: str, kind: str, place: int) -> str:
    return f"to_timestamp(unnest(${place}::BIGINT[]))" if name in _INSTANTS else f"unnest(${place}::{kind}[])"


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow  # type: ignore[import-untyped]
        from pyarrow import parquet
    except ImportError as error:
        raise _missing("parquet", error) from None
    return pyarrow, parquet


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise _missing("duckdb", error) from None
    return duckdb


def _missing(extra: str, error: ImportError) -> RequestError:
    return RequestError(
        "extra-missing", f"{extra} cannot be written here: {error}".lower(), hint=f'pip install "sayso[{extra}]"'
    )
