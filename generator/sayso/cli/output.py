"""What every command shares: options, the clock, and how answers, problems and errors are said."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from sayso.cli import writing
from sayso.cli.writing import complain_error, error_data, write, write_file
from sayso.errors import Problem, ProfileError, RequestError, SaysoError, Severity
from sayso.instants import end_of_day, parse_rfc3339

PARTLY = 4  # exit code: some of what was asked for was done, and some was not

_FORMAT, _COMMAND = "sayso.format", "sayso.command"


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one file; ``readable`` is False where the only problem is that it could not be had."""

    name: str
    problems: tuple[Problem, ...]
    readable: bool = True

    def count(self, severity: Severity) -> int:
        """Count the problems of one severity."""
        return sum(problem.severity == severity for problem in self.problems)


class InstantType(click.ParamType[int]):
    """An instant; a day stands for its first one, or for its last."""

    name = "instant"

    def __init__(self, *, day_is_its_end: bool = False) -> None:
        self._end = day_is_its_end

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Give the instant that a text stands for, in seconds."""
        if isinstance(value, int):
            return value
        try:
            begin = parse_rfc3339(value)
            if self._end and len(value) == len("2026-11-21"):
                return max(begin, min(end_of_day(value) - 1, int(time.time())))  # today has not ended yet
            return begin
        except ValueError:
            self.fail(f"`{value}` is no instant; write 2026-11-21T12:00:00Z, or a day", param, ctx)


_AT: dict[str, Any] = {
    "type": InstantType(),
    "show_default": "now",
    "metavar": "INSTANT",
    "help": "Take this instant for now (RFC 3339, or a day).",
}


def at_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--at``: the instant to take for now; the clock is read once, here."""
    option = click.option("--at", default=lambda: int(time.time()), **_AT)
    return option(command)


def at_option_or_now(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--at`` where much time may pass: without it the clock is read when something happens."""
    return click.option("--at", default=None, **_AT)(command)


def at_option_without_default(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add ``--at`` where an instant is asked about, and not taken for now; a day is asked about as it ended."""
    return click.option("--at", default=None, type=InstantType(day_is_its_end=True), metavar="INSTANT", help=text)


def clock_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--at`` to a command that signs, and reads the clock later: it gets ``clock``, which gives the instant to take for now."""

    def clock(ctx: click.Context, param: click.Parameter, value: int | None) -> Callable[[], int]:
        from sayso.trust.verify import MAX_CLOCK_SKEW

        del param
        if value is not None and value > time.time() + MAX_CLOCK_SKEW and not ctx.resilient_parsing:
            raise RequestError("signed-ahead", "nothing can be signed as of the future", hint="choose an earlier --at")
        return lambda: int(time.time()) if value is None else value

    option = click.option("--at", "clock", callback=clock, **_AT)
    return option(command)


def format_option_of(*forms: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add ``--format`` with these forms, the first being the default; errors of the command follow ``json`` too."""

    def keep(ctx: click.Context, param: click.Parameter, value: str) -> str:
        del param
        ctx.meta[_FORMAT] = value
        ctx.meta[_COMMAND] = ctx.command_path.removeprefix("sayso ")
        return value

    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        callback=keep,
        is_eager=True,
        help="How to write the answer.",
    )


format_option = format_option_of("text", "json")


def folder_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add FOLDER: the consumer's folder, the current one if not given."""
    argument = click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".")
    return argument(command)


def passphrase_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--passphrase-fd`` and ``--no-input``: where a passphrase comes from, and that nobody is to be asked for it."""
    descriptor = click.option(
        "--passphrase-fd", type=click.IntRange(min=0), help="Read the passphrase from this file descriptor."
    )
    silent = click.option("--no-input", is_flag=True, help="Never ask; fail instead.")
    return descriptor(silent(command))


def canonical_base_url(url: str) -> str:
    """Give the base URL that somebody means; raises RequestError where that cannot be the address of a profile."""
    from sayso.profile.addresses import canonical_base

    base = canonical_base(url)
    if base is None:
        raise RequestError(
            "bad-base-url",
            f"`{url}` cannot be the address of a profile",
            hint="an address looks like https://ada.example/ or https://people.example/ada/",
        )
    return base


def answer(form: str, result: Mapping[str, Any], lines: Iterable[str]) -> None:
    """Write the answer of a command: ``result`` as JSON, or the lines."""
    if form == "json":
        write_file(envelope(result, None))
    else:
        for line in lines:
            write(line)


def envelope(result: Mapping[str, Any] | None, error: Mapping[str, Any] | None, *, indent: int | None = 2) -> str:
    """Give the JSON of an answer, of an error, or of an error with what was found all the same."""
    return writing.envelope(click.get_current_context().meta.get(_COMMAND), result, error, indent=indent)


def show_problems(name: str, problems: Iterable[Problem], *, err: bool) -> None:
    """Write problems as ``path:line:column: code message``, each with its hint on the line below."""
    for problem in problems:
        severity = "" if problem.severity == "error" else f" ({problem.severity})"
        place = f"{name}:{problem.line}:{problem.column}" if problem.line else name
        write(f"{place}: {problem.code} {problem.message}{severity}", err=err)
        if problem.hint:
            write(f"    hint: {problem.hint}", err=err)


def report(ctx: click.Context, error: SaysoError) -> None:
    """Say an error: one line and a hint on stderr, the problems before it, and for JSON readers the envelope on stdout."""
    if ctx.meta.get(_FORMAT) == "json":
        write_file(envelope(None, error_data(error)))
    elif isinstance(error, ProfileError):
        show_problems(error.name, error.problems, err=True)
    complain_error(error)
