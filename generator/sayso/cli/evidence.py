"""The command group ``sayso evidence``: what was fetched and decided, verified again from stored bytes alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.evidence_words import (
    audit_data,
    audit_lines,
    finding_data,
    finding_line,
    known_data,
    known_lines,
    line_for_people,
)
from sayso.cli.memory import store_option, store_path
from sayso.cli.output import (
    InstantType,
    answer,
    at_option_without_default,
    canonical_base_url,
    format_option,
    format_option_of,
)
from sayso.cli.writing import note, write, write_file
from sayso.errors import FetchError
from sayso.instants import LAST_INSTANT

if TYPE_CHECKING:
    from sayso.reader.evidence import Head
    from sayso.reader.evidence_audit import Findings
    from sayso.reader.evidence_log import EvidenceLog


class _HeadType(click.ParamType["Head"]):
    """A head, as ``COUNT:DIGEST``."""

    name = "head"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        from sayso.reader.evidence import Head

        try:
            return value if isinstance(value, Head) else Head.read(value)
        except ValueError:
            self.fail(f"`{value}` is no head; write it as `sayso evidence verify` gives it, COUNT:DIGEST", param, ctx)


@click.group(short_help="Show and prove what was fetched and decided.")
def evidence() -> None:
    """Show and prove what was fetched and decided, from what --evidence kept; the network is not asked."""


@evidence.command()
@store_option
@click.option(
    "--file", type=click.Path(path_type=Path, dir_okay=False), help="Verify what `export` wrote, and nothing else."
)
@click.option(
    "--head",
    "noted",
    type=_HeadType(),
    metavar="COUNT:DIGEST",
    help="A head that you wrote down: it must still be in the log.",
)
@format_option
@click.pass_context
def verify(ctx: click.Context, store_file: Path | None, file: Path | None, noted: Head | None, form: str) -> None:
    """Verify the whole log, offline: its chain, the files it cites, and again each fetch and each decision.

    Ends with the head, the number of lines and the digest of the last one. Write it down where the owner of the store cannot
    change it: nothing else tells a log that was cut short, or written anew as a whole. The first line has the number 0. Exit
    code 1 if something is wrong; 3 if there is nothing to verify, or only another version of sayso comes to another result.

    \b
    Example: sayso evidence verify
    """
    from sayso.reader.evidence_audit import verify_log

    if file is not None:
        if store_file is not None:
            raise click.UsageError("use either --store or --file")
        findings = _verify_file(file, noted)
    else:
        with _log(store_file) as log, log.still():
            findings = verify_log(log.lines(), log.exhibit, noted)
            findings.misfiled(log.misfiled())
    answer(form, audit_data(findings), audit_lines(findings))
    if findings.head is None:
        note("nothing is kept as evidence here; --evidence with fetch, ask and audience keeps it")
    ctx.exit(1 if findings.wrong else 3 if findings.counts or findings.head is None else 0)


@evidence.command()
@click.option("--subject", metavar="BASE_URL", help="Only what is about this profile.")
@click.option(
    "--from",
    "begin",
    type=InstantType(),
    metavar="INSTANT",
    default=0,
    show_default="the first",
    help="Only from this instant on.",
)
@click.option(
    "--until",
    "end",
    type=InstantType(day_is_its_end=True),
    metavar="INSTANT",
    default=LAST_INSTANT,
    show_default="the last",
    help="Only until this instant.",
)
@store_option
@format_option_of("text", "ndjson")
def show(subject: str | None, begin: int, end: int, store_file: Path | None, form: str) -> None:
    """Show the lines: what was fetched, decided and given out, and when.

    With --format ndjson, the very bytes of each line.

    \b
    Example: sayso evidence show --subject https://ada.example/ --from 2026-11-01
    """
    base = None if subject is None else canonical_base_url(subject)
    shown = 0
    with _log(store_file) as log:
        for data in log.about(base, begin, end):
            shown += 1
            if form == "ndjson":
                write_file(data.decode("utf-8", "replace"))
            else:
                write(line_for_people(data))
    if not shown:
        note("there is no such line")


@evidence.command()
@click.option("--subject", metavar="BASE_URL", required=True, help="The profile.")
@at_option_without_default("The instant that is asked about; a day as it ended.  [required]")
@click.option("--company", help="Also answer a question as of then: who asks, a company's domain.")
@click.option("--signal", help="What it would see.")
@click.option("--purpose", help="What for.")
@click.option("--channel", help="How it would reach the person.")
@click.option("--category", help="About which product category.")
@store_option
@format_option
@click.pass_context
def prove(
    ctx: click.Context, /, subject: str, at: int | None, store_file: Path | None, form: str, **question: Any
) -> None:
    """Prove what was known of a profile at an instant, verified again now, and what was decided about it until then.

    With a question, the answer as of that instant; the exit code then is 0 for yes, 1 for no. Exit code 1 also if the files
    do not verify, 3 if nothing was known. Verify the log, too: a proof is as good as its chain.

    \b
    Example: sayso evidence prove --subject https://ada.example/ --at 2026-11-21T12:00:00Z \\
               --company northpeak.example --signal purchase.history --purpose offers.personalised
    """
    from sayso.profile.policy import Request
    from sayso.reader.evidence_proof import prove as prove_from
    from sayso.reader.evidence_redo import Finding

    if at is None:
        raise click.UsageError("missing option --at")
    asked = [question[name] is not None for name in ("company", "signal", "purpose")]
    if not all(asked) and any(value is not None for value in question.values()):
        raise click.UsageError("a question needs --company, --signal and --purpose")
    with _log(store_file) as log, log.still():
        known = prove_from(log, canonical_base_url(subject), at)
    if isinstance(known, Finding):
        answer(form, {"finding": finding_data(known)}, [finding_line(known)])
        ctx.exit(1)
    decision = known.decide(Request(**question)) if all(asked) else None
    answer(form, known_data(known, decision), known_lines(known, decision))
    ctx.exit(0 if decision is None or decision else 1)


@evidence.command()
@click.option("--into", metavar="FILE|-", required=True, help="The new file to write, or - for standard output.")
@store_option
def export(into: str, store_file: Path | None) -> None:
    """Export the log and all files that it cites as one file, for who has nothing else.

    It holds every profile that was seen: treat it as you treat the store. `sayso evidence verify --file FILE` verifies it.

    \b
    Example: sayso evidence export --into evidence.ndjson
    """
    from sayso.reader.evidence_export import export as lines_of
    from sayso.reader.evidence_export import save

    with _log(store_file) as log:
        if into == "-":
            for data in lines_of(log):
                write_file(data.decode("utf-8", "replace"))
            return
        save(log, Path(into))
        head = log.head()
    note(f"written into {into}; " + (f"its head is {head}" if head else "the log is empty"))


@contextmanager
def _log(store_file: Path | None) -> Iterator[EvidenceLog]:
    """Open the evidence in a store that is there."""
    from sayso.reader.store import Store

    path = store_path(store_file)
    if not path.exists():
        raise FetchError("file-not-found", f"there is no file {path}", hint="name the store with --store")
    with Store(path) as store:
        yield store.evidence


def _verify_file(file: Path, noted: Head | None) -> Findings:
    from sayso.reader.evidence_audit import verify_log
    from sayso.reader.evidence_export import exported

    try:
        with file.open("rb") as opened, exported(opened) as (lines, exhibit):
            return verify_log(lines, exhibit, noted)
    except FileNotFoundError:
        raise FetchError("file-not-found", f"there is no file {file}") from None
    except OSError as error:
        raise FetchError("file-unreadable", f"{file} cannot be read: {error.strerror}") from None
