"""The command ``sayso fetch``: one profile, or as many as a list has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sayso.cli.memory import no_store_option, store_option
from sayso.cli.output import answer, at_option_or_now, format_option_of
from sayso.cli.web import via_option
from sayso.cli.writing import note
from sayso.errors import PublishError

_FOR_LISTS = ("anew", "handed_over", "at_once", "per_host", "rate")
_FETCHED = ("profile.jwt", "profile.json", "keys.jsonl")


@click.command()
@click.argument("base_urls", nargs=-1, metavar="[BASE_URL]...")
@click.option(
    "--from", "lists", multiple=True, metavar="FILE|-", help="Fetch what this list names, one address a line."
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the files of the one profile, once verified, in this folder.",
)
@store_option
@no_store_option
@click.option("--evidence", is_flag=True, help="Keep each fetch as evidence in the store.")
@click.option("--anew", is_flag=True, help="Do not go on with a run of the same list that was broken off.")
@click.option("--handed-over", is_flag=True, help="The people gave you these addresses: do not ask robots.txt.")
@click.option("--contact", help="Tell every host how to reach you: an e-mail address or a URL.")
@click.option("--at-once", type=click.IntRange(1, 256), default=64, show_default=True, help="Profiles over all hosts.")
@click.option("--per-host", type=click.IntRange(1, 100), default=4, show_default=True, help="Profiles of one host.")
@click.option(
    "--rate",
    type=click.FloatRange(0),
    default=20,
    show_default=True,
    help="Requests a second to one host; 0 is no bound.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be fetched, and ask nobody.")
@via_option
@at_option_or_now
@format_option_of("text", "json")
@click.pass_context
def fetch(
    ctx: click.Context,
    /,
    base_urls: tuple[str, ...],
    lists: tuple[str, ...],
    into: Path | None,
    store_file: Path | None,
    no_store: bool,
    via: str | None,
    at: int | None,
    form: str,
    **how: Any,
) -> None:
    """Fetch the profile published at BASE_URL and verify it; or many.

    It is compared with what was seen of it before, and remembered (what a server on this machine pretends to be only if --store
    names a file). Nothing is kept unless it verifies. Exit code 1 for a profile that does not verify, 3 for one that could
    not be had.

    Of several addresses, or with --from or --evidence, the outcome of each is written as a line of JSON (NDJSON), unless
    --format text is given. The options --anew, --handed-over, --at-once, --per-host and --rate are for these.
    Broken off, the same command goes on where it was. Exit code 4 if some are verified and some are not; if none is, 3 where
    one could not be had, and 1 otherwise.

    \b
    Example: sayso fetch https://ada.example/ --into ada
    Example: sayso fetch --from addresses.txt --store store.sqlite
    """
    if not base_urls and not lists:
        raise click.UsageError("name an address, or a list of them with --from")
    if lists or len(base_urls) > 1 or how["evidence"] or how["dry_run"]:
        from sayso.cli.fetch_many import fetch_many

        if into is not None or no_store:
            raise click.UsageError("--into and --no-store go with one address")
        explicit = ctx.get_parameter_source("form") is not click.core.ParameterSource.DEFAULT
        ctx.exit(
            fetch_many(base_urls, lists, store_file, via, at, form if explicit or how["dry_run"] else "json", **how)
        )
    if any(ctx.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT for name in _FOR_LISTS):
        raise click.UsageError(
            "--anew, --handed-over, --at-once, --per-host and --rate go with several addresses, or --from"
        )
    _fetch_one(base_urls[0], into, store_file, via, at, form, no_store=no_store, contact=how["contact"])


def _fetch_one(
    url: str,
    into: Path | None,
    store_file: Path | None,
    via: str | None,
    at: int | None,
    form: str,
    *,
    no_store: bool,
    contact: str | None,
) -> None:
    import time

    from sayso.cli.fetching import fetch_one, summary, summary_lines

    if into is not None:
        _refuse_to_overwrite(into)
    fetched = fetch_one(
        url, via, int(time.time()) if at is None else at, store_file, no_store=no_store, contact=contact
    )
    if into is not None:
        from sayso.disk import new_folder

        contents = (fetched.profile, fetched.verified.envelope.payload, fetched.keys)
        with new_folder(into) as fresh:
            for name, content in zip(_FETCHED, contents, strict=True):
                (fresh / name).write_bytes(content)
    result = summary(fetched.verified)
    answer(form, result, summary_lines(result))
    if into is not None:
        note(f"kept in {into}")


def _refuse_to_overwrite(into: Path) -> None:
    """Only what was fetched before may be replaced: neither other files nor an author's own ``signed/``."""
    authors = (into.resolve().parent / "profile.yml").exists()
    if into.exists() and (authors or not {path.name for path in into.iterdir()} <= {*_FETCHED}):
        raise PublishError(
            "would-overwrite",
            f"{into} holds other files than those of a fetched profile",
            hint="choose a new or empty folder with --into",
        )
