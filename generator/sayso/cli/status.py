"""The command that tells how a folder stands: status."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso.cli import shell
from sayso.cli.output import at_option, envelope, folder_argument, format_option
from sayso.cli.web import via_option
from sayso.cli.writing import complain, note, write, write_file
from sayso.errors import FetchError, NotSigned, Problem, PublishError, SourceError, VerificationError

if TYPE_CHECKING:
    from sayso.cli.standing_words import Told
    from sayso.publish.folder import Signed
    from sayso.publish.live import Live
    from sayso.publish.standing import Edited

_STDOUT = Path("-")
_PATIENCE = 60.0  # seconds until what is served counts as not found out
_CALENDAR = b"BEGIN:VCALENDAR"


@click.command(short_help="Tell what is live, what is not signed, what ends, who holds what.")
@folder_argument
@click.option(
    "--within",
    type=click.IntRange(0, 400),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="Tell what ends within so many days.",
)
@click.option("--offline", is_flag=True, help="Do not ask what is served.")
@click.option("--quiet", is_flag=True, help="Say nothing where all is well, for a scheduled job.")
@click.option(
    "--calendar",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.ics",
    help="Also write the days on which something ends as a calendar; - is standard output.",
)
@via_option
@at_option
@format_option
@click.pass_context
def status(
    ctx: click.Context,
    folder: Path,
    within: int,
    offline: bool,
    quiet: bool,
    calendar: Path | None,
    via: str | None,
    at: int,
    form: str,
) -> None:
    """Tell how your profile stands: what is live, what is signed and not published, what is edited and not signed, what ends, and which companies hold what.

    Asks the host for what is served, as a marketer would, unless --offline says not to. Exit code 0 if all is well; 1 if
    something wants doing: not published, not signed, an error in FOLDER/profile.yml, something else served than was signed,
    or an end within the days; 3 if nothing is known to want doing, but what is served could not be found out. What wants
    doing comes last, each with the command for it. A calendar that is taken in again moves what moved.

    \b
    Example: sayso status examples/consumer/ada --offline
    Example: sayso status --quiet --calendar sayso.ics
    """
    from sayso.cli.standing_data import standing_data
    from sayso.cli.standing_words import Told
    from sayso.publish.standing import Standing

    if calendar == _STDOUT and form == "json":
        raise click.UsageError("standard output cannot hold both JSON and a calendar: name a file for it")
    signed, has_keys = _signed(folder, at)
    source = _edited(folder, signed, at)
    standing = Standing(signed, has_keys, source, _live(signed, via, at, offline=offline), at, within)
    told = Told(standing, folder)
    if calendar is not None:
        _write_calendar(told, calendar)
    unknown = standing.live.unknown
    code = 1 if standing.wants_doing else unknown.exit_code if unknown else 0
    if form == "json":
        error = {"code": unknown.code, "message": unknown.message} if unknown and code != 1 else None
        if error and unknown and unknown.hint:
            error["hint"] = unknown.hint
        write_file(envelope(standing_data(told, calendar), error))
    elif code or not quiet:
        _tell(told, aside=calendar == _STDOUT)
    ctx.exit(code)


def _signed(folder: Path, at: int) -> tuple[Signed | None, bool]:
    """Read what is signed, if anything is, and tell whether there are keys.

    Raises as ``read_signed`` does, FetchError where it may not be looked at, and VerificationError where it is from the future.
    """
    from sayso.instants import rfc3339
    from sayso.publish.folder import address_of_keys, read_signed
    from sayso.trust.verify import MAX_CLOCK_SKEW

    home = folder / "signed"
    has_keys = _is_there(home / "keys.jsonl")
    if not _is_there(home / "profile.jwt"):
        if _is_there(home / "history.json"):
            hint = (
                f"get it back, from where you keep copies, or from the web: sayso restore BASE_URL{shell.place(folder)}"
            )
            raise NotSigned("history-broken", f"{home / 'profile.jwt'} is gone", name=str(folder), hint=hint)
        return None, has_keys
    signed = read_signed(folder, address_of_keys(folder), None)
    if signed.payload.iat > at + MAX_CLOCK_SKEW:  # then no end could be told, and what is served would seem wrong
        told = f"what is signed is from {rfc3339(signed.payload.iat)}, and it is {rfc3339(at)}"
        raise VerificationError("from-the-future", told, step=9, hint="set the clock of this computer right")
    return signed, has_keys


def _is_there(path: Path) -> bool:
    """Tell whether a file is there; raises FetchError where that may not be looked at."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise FetchError("file-unreadable", f"{path} cannot be read: {error.strerror}") from None
    return True


def _edited(folder: Path, signed: Signed | None, at: int) -> Edited:
    from sayso.publish.source_file import SOURCE, read_source
    from sayso.publish.standing import Edited, edited
    from sayso.texts import language_of

    try:
        source = read_source(folder) if _is_there(folder / SOURCE) else None
        return edited(source, signed, at, language_of(os.environ))
    except SourceError as error:
        return Edited("broken", error.problems)


def _live(signed: Signed | None, via: str | None, at: int, *, offline: bool) -> Live:
    from sayso.cli.looking import judge, served_now
    from sayso.publish.live import Live, live

    if signed is None or offline:
        return Live("not-asked")
    served = served_now(signed, via, history=False, patience=_PATIENCE)
    try:
        return live(signed, served, judge(signed, served, at, history=False))
    except VerificationError as error:
        return Live("wrong", problems=(Problem(error.code, error.message, hint=error.hint),))


def _write_calendar(told: Told, place: Path) -> None:
    """Write the calendar, whole or not at all; raises NotSigned where nothing ends, PublishError in the place of something else."""
    from sayso.disk import read_file, write_over
    from sayso.publish.calendar import calendar

    signed, days = told.standing.signed, tuple(told.days())
    if signed is None or not days:
        raise NotSigned(
            "nothing-ends",
            "nothing is signed that ends, so there is no calendar to write",
            name=str(told.folder),
            hint=f"see how it stands: sayso status{shell.place(told.folder)}",
        )
    content = calendar(days, signed.payload.sequence, signed.payload.iat)
    if place == _STDOUT:
        write_file(content.decode().removesuffix("\n"))
        return
    if os.path.lexists(place) and place.is_file() and not (read_file(place) or _CALENDAR).startswith(_CALENDAR):
        raise PublishError("would-overwrite", f"{place} is there already, and is no calendar", hint="name another file")
    write_over(place, content)


def _tell(told: Told, *, aside: bool) -> None:
    """Write it for people: what is found on stdout, unless that is taken, and what to do on stderr."""
    standing = told.standing
    for line in told.lines():
        write(line, err=aside)
    if standing.live.unknown is not None:
        unknown = standing.live.unknown
        complain(unknown.code, unknown.message, unknown.hint)
    for hint in dict.fromkeys(problem.hint for problem in standing.live.problems if problem.hint):
        note(f"hint: {hint}")
    for _, text, command in told.deeds():
        note(f"next: {text}: {command}")
    if (more := told.more()) is not None:
        note(f"next: {more}")
