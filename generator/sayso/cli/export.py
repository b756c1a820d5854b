"""The command ``sayso export``: the permissions of all in a store as a table, or what a consent tool is to be told."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.memory import store_option, store_path
from sayso.cli.output import PARTLY, at_option, format_option_of
from sayso.cli.writing import note, write_file
from sayso.errors import RequestError
from sayso.profile.hints import count

if TYPE_CHECKING:
    from sayso.reader.consent import Mapping
    from sayso.reader.permissions import Permission
    from sayso.reader.reader import Reader

_TOOLS = ("segment", "rudderstack", "google-consent-mode", "adobe-xdm")


@click.command()
@click.option(
    "--company",
    "names",
    multiple=True,
    metavar="DOMAIN",
    help="Only this company; may be given several times. Grants to everyone count, too.",
)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write here, whole or not at all.")
@click.option("--view", type=click.Choice(_TOOLS), help="What this tool is to be told of each person (JSON Lines).")
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --view: a mapping of your own.",
)
@store_option
@at_option
@format_option_of("csv", "jsonl", "parquet", "duckdb")
@click.pass_context
def export(
    ctx: click.Context,
    /,
    names: tuple[str, ...],
    output: Path | None,
    view: str | None,
    mapping_file: Path | None,
    store_file: Path | None,
    at: int,
    form: str,
) -> None:
    """Export what is permitted, of all whose profiles are in the store.

    Each row says that a company may use a signal for a purpose: on a channel, or without contact where there is none; with the
    limits to honour. What is refused, has ended or was not fetched for 7 days has no row. Parquet and DuckDB need --output.

    With --view it is a line for every person, those who permit nothing too, in the shape of the tool. Exit code 4 if somebody
    had to be left out.

    \b
    Example: sayso export --store store.sqlite --company northpeak.example --format parquet \\
               --output permissions.parquet
    """
    if view is not None:
        if ctx.get_parameter_source("form") is click.core.ParameterSource.DEFAULT:
            form = "jsonl"
        if form != "jsonl" or len(names) != 1:
            raise click.UsageError("--view goes with --format jsonl, and with one --company")
    elif mapping_file is not None:
        raise click.UsageError("--mapping goes with --view")
    if output is None and form in ("parquet", "duckdb"):
        raise click.UsageError(f"--format {form} goes with --output")
    store = store_path(store_file)
    if output is not None and output.exists() and store.exists() and output.samefile(store):
        raise click.UsageError("--output would overwrite the store")
    from sayso.reader.export import ensure_extra
    from sayso.reader.reader import Reader

    ensure_extra(form)
    companies = [_company(name) for name in names]
    left_out: list[str] = []
    with Reader(store) as reader, reader.still():
        if view is not None:
            with closing(_lines(reader, _mapping(view, mapping_file), companies[0], at)) as lines:
                _write_text(lines, output)
        else:
            with closing(_rows(reader, companies or None, at, left_out)) as rows:
                _write_table(rows, output, form)
    ctx.exit(PARTLY if left_out else 0)


def _company(name: str) -> str:
    from sayso.profile.policy import Request, company_of

    return company_of(Request(name, "", ""))


def _mapping(tool: str, file: Path | None) -> Mapping:
    from sayso.disk import read_file
    from sayso.reader.consent import builtin, read_mapping

    if file is None:
        return builtin(tool)
    mapping = read_mapping(read_file(file))
    if mapping.target != tool:
        raise RequestError(
            "bad-mapping", f"mapping: target: it is for {mapping.target}", hint=f"--view {mapping.target}"
        )
    return mapping


def _rows(reader: Reader, companies: list[str] | None, at: int, left_out: list[str]) -> Generator[Permission]:
    """Give the rows of everybody, and note in ``left_out`` who had to be; how many there were is said at the end."""
    from sayso.profile.policy import STALE_AFTER
    from sayso.reader.permissions import permissions

    people = number = stale = 0
    for payload, digest, seen_at in reader.versions():
        rows = permissions(payload, at, digest=digest, fetched_at=seen_at, companies=companies)
        if rows is None:
            left_out.append(payload.sub)
            note(f"warning: {payload.sub} permits too much to be listed; ask for single companies with --company")
            continue
        stale += at > seen_at + STALE_AFTER
        before = number
        for row in rows:
            number += 1
            yield row
        people += number > before
    note(f"{count(number, 'permission')} of {count(people, 'person', 'people')}")
    if stale:
        note(
            f"{count(stale, 'person was', 'people were')} not fetched for 7 days, and left out: fetch, and export again"
        )


def _lines(reader: Reader, mapping: Mapping, company: str, at: int) -> Generator[str]:
    import msgspec

    from sayso.reader.export_view import told

    number = 0
    for payload, digest, seen_at in reader.versions():
        number += 1
        line = told(mapping, payload, company, at, digest=digest, fetched_at=seen_at)
        yield f"{msgspec.json.encode(line).decode()}\n"
    note(count(number, "person", "people"))


def _write_table(rows: Iterator[Permission], output: Path | None, form: str) -> None:
    from sayso.disk import whole_file
    from sayso.reader import export as forms

    if form == "csv":
        _write_text(forms.csv_text(rows), output)
    elif form == "jsonl":
        _write_text(forms.jsonl_text(rows), output)
    else:
        assert output is not None
        write = forms.write_parquet if form == "parquet" else forms.write_duckdb
        with whole_file(output) as fresh:
            write(fresh, rows)


def _write_text(pieces: Iterable[str], output: Path | None) -> None:
    """Write text that ends with a line feed: to a file, or to standard output."""
    from sayso.disk import whole_file

    place: Any = nullcontext() if output is None else whole_file(output)
    with place as fresh:
        if fresh is None:
            for piece in pieces:
                write_file(piece.removesuffix("\n"))
        else:
            with fresh.open("wb") as file:
                file.writelines(piece.encode() for piece in pieces)
