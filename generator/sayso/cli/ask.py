"""The command ``sayso ask``: of a published profile, of a store, or of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.memory import no_store_option, store_option_of
from sayso.cli.output import answer, at_option, canonical_base_url, format_option
from sayso.cli.questions import question_options
from sayso.cli.web import via_option
from sayso.cli.writing import note
from sayso.disk import is_folder

if TYPE_CHECKING:
    from sayso.profile.policy import Decision, Request


@click.command()
@click.argument("target", metavar="BASE_URL|PROFILE.yml|FOLDER")
@question_options
@store_option_of(
    "Ask this store, without the network; else the profile is fetched now, and remembered in your own data folder."
)
@no_store_option
@click.option("--live", is_flag=True, help="With --store: fetch the profile now, and remember it there.")
@click.option("--evidence", is_flag=True, help="With --store: keep the question and its answer as evidence.")
@via_option
@at_option
@format_option
@click.pass_context
def ask(
    ctx: click.Context,
    /,
    target: str,
    store_file: Path | None,
    no_store: bool,
    live: bool,
    evidence: bool,
    via: str | None,
    at: int,
    form: str,
    **question: Any,
) -> None:
    """Ask: may this company use this signal for this purpose?

    Asks the profile published at BASE_URL, fetched and verified now as by `sayso fetch`; with --store the one that was
    fetched last, without the network. Or your own PROFILE.yml before you sign it; or a FOLDER that `sayso fetch --into` made.
    Exit code 0 for yes, 1 for no.

    \b
    Example: sayso ask https://ada.example/ --company northpeak.example \\
               --signal purchase.history --purpose offers.personalised --channel email
    """
    from sayso.cli.asking import decision_data, decision_lines, request_of, warn_of_unknown_words

    request = request_of(**question)
    path = Path(target)
    local = path.exists() or path.suffix in (".yml", ".yaml")
    if local and (via or store_file or no_store or live or evidence):
        raise click.UsageError("--store, --no-store, --live, --evidence and --unsafe-http-via go with a base URL")
    if (live or evidence) and store_file is None:
        raise click.UsageError("--live and --evidence go with --store")
    if store_file is not None and no_store:
        raise click.UsageError("use either --store or --no-store")
    if store_file is not None and via and not live:
        raise click.UsageError("--unsafe-http-via goes with --live, or without --store")
    if local:
        fetched_files = is_folder(path) and (path / "profile.jwt").exists()
        decision = _of_folder(path, request, at) if fetched_files else _of_source(path, request, at)
    else:
        base = canonical_base_url(target)
        if store_file is None or live:
            from sayso.cli.fetching import fetch_one

            fetched = fetch_one(base, via, at, store_file, no_store=no_store)
            decision = _decide(fetched.verified, request, at)
        if store_file is not None:
            from sayso.reader.reader import Reader

            with Reader(store_file) as reader:
                decision = reader.ask(base, request, at, evidence=evidence)
    warn_of_unknown_words(request)
    data = decision_data(decision)
    answer(form, data, decision_lines(decision, data, request))
    ctx.exit(0 if decision else 1)


def _decide(verified: Any, request: Request, at: int) -> Decision:
    from sayso.profile.policy import decide

    return decide(verified.payload, request, at, digest=verified.digest)


def _of_source(path: Path, request: Request, at: int) -> Decision:
    """Ask what an author wrote."""
    from sayso.errors import RequestError
    from sayso.profile.check import ensure_valid
    from sayso.profile.compile import compile_terms
    from sayso.profile.policy import decide
    from sayso.publish.source_file import read_source

    if path.suffix in (".jwt", ".json"):
        raise RequestError(
            "not-a-source",
            f"{path} is no profile.yml",
            hint="ask the folder that it lies in, if its keys.jsonl is there too, or the base URL that it was fetched from",
        )
    source = read_source(path)
    ensure_valid(source, at)
    return decide(compile_terms(source, at), request, at)


def _of_folder(folder: Path, request: Request, at: int) -> Decision:
    """Ask the signed files in a folder, verified under the address that they name."""
    from sayso.disk import read_file
    from sayso.trust.envelope import open_envelope
    from sayso.trust.keylog import fingerprint
    from sayso.trust.verify import TYP, payload_in, verify

    profile, keys = read_file(folder / "profile.jwt"), read_file(folder / "keys.jsonl")
    base = payload_in(open_envelope(profile, TYP)).sub
    verified = verify(profile, keys, base, at)
    note(f"note: the files speak for {base}, fingerprint {fingerprint(verified.payload.identity)}")
    return _decide(verified, request, at)
