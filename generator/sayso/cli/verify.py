"""The command ``sayso verify``: files that somebody has, offline."""

from __future__ import annotations

from pathlib import Path

import click

from sayso.cli.memory import memory
from sayso.cli.output import answer, at_option, canonical_base_url, format_option


@click.command()
@click.option("--profile", type=click.Path(path_type=Path), required=True, help="The signed profile, profile.jwt.")
@click.option("--keys", type=click.Path(path_type=Path), required=True, help="Its key log, keys.jsonl.")
@click.option("--base", required=True, help="The base URL that the two files came from.")
@click.option(
    "--store",
    "store_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Compare with what this SQLite file remembers, and remember there; otherwise nothing is.",
)
@at_option
@format_option
def verify(profile: Path, keys: Path, base: str, store_file: Path | None, at: int, form: str) -> None:
    """Verify files that you have, offline.

    Runs the numbered steps of SPEC.md; the tenth, which compares with what was seen before, if --store names a memory. Exit
    code 1, with the step and a code, for files that must not be trusted.

    \b
    Example: sayso verify --profile profile.jwt --keys keys.jsonl --base https://ada.example/
    """
    from sayso.cli.fetching import summary, summary_lines
    from sayso.disk import read_file
    from sayso.trust.pins import remember
    from sayso.trust.verify import verify as verify_bytes

    files = (read_file(profile), read_file(keys), canonical_base_url(base), at)
    with memory(store_file, none=store_file is None) as store:
        verified = verify_bytes(*files) if store is None else remember(store, *files)
    result = summary(verified)
    answer(form, result, summary_lines(result))
