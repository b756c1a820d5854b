"""The command ``sayso audience``: whom a company may address, of all whose profiles are in a store."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from sayso import spec
from sayso.cli.memory import store_option, store_path
from sayso.cli.output import answer, at_option, envelope, format_option
from sayso.cli.questions import question_options
from sayso.cli.writing import note, write, write_file

if TYPE_CHECKING:
    from sayso.reader.audience import Addressee


@click.command()
@question_options
@click.option("--count", "only_count", is_flag=True, help="Count, and list nobody.")
@click.option("--evidence", is_flag=True, help="Keep the question and its outcome as evidence.")
@store_option
@at_option
@format_option
@click.pass_context
def audience(
    ctx: click.Context,
    /,
    only_count: bool,
    evidence: bool,
    store_file: Path | None,
    at: int,
    form: str,
    **question: Any,
) -> None:
    """List who may be addressed, and how, of all whose profiles are in the store.

    Each line is a base URL with the limits to honour; as JSON, a line for each (NDJSON). How many may not, and why, is told at
    the end. Nobody is asked over the network: who was not fetched for 7 days is left out. Exit code 1 if it is nobody.

    \b
    Example: sayso audience --company northpeak.example --signal purchase.history \\
               --purpose offers.personalised --channel email --store store.sqlite
    """
    from sayso.cli.asking import request_of, warn_of_unknown_words
    from sayso.reader.reader import Reader

    request = request_of(**question)
    listed = hashlib.sha256()
    with Reader(store_path(store_file)) as reader:
        with reader.still():
            found = reader.audience(request, at)
            warn_of_unknown_words(request)
            for item in found if evidence or not only_count else ():
                listed.update(f"{item.sub}\n".encode())
                if not only_count:
                    _tell(item, form)
            reasons = dict(sorted(found.reasons().items(), key=lambda pair: (-pair[1], pair[0])))
        allowed = reasons.pop("granted", 0)
        if evidence:
            reader.keep_audience(request, at, allowed, reasons, listed.digest())
    if only_count:
        lines = (f"{number} may not: {spec.codes()['decision'][reason]}" for reason, number in reasons.items())
        answer(form, {"allowed": allowed, "reasons": reasons}, [f"{allowed} may be addressed", *lines])
    else:
        others = "".join(f"; {number} {reason}" for reason, number in reasons.items())
        note(f"{allowed} of {allowed + sum(reasons.values())} may be addressed{others}")
    ctx.exit(0 if allowed else 1)


def _tell(item: Addressee, form: str) -> None:
    from sayso.cli.asking import limit_text

    limits: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(item.limits))
    if form == "json":
        data = {
            "sub": item.sub,
            "limits": limits,
            "valid_until": item.valid_until,
            "recheck_after": item.recheck_after,
            "sequence": item.sequence,
            "digest": item.digest,
        }
        write_file(envelope(data, None, indent=None))
    else:
        write("  ".join([item.sub, *(f"{name} {limit_text(value)}" for name, value in limits.items())]))
