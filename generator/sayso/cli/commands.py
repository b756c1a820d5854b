"""The commands by name, and the one place where a SaysoError of any of them is caught. They are loaded when they are called."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from typing import Any, NoReturn

import click

from sayso import __version__
from sayso.errors import SaysoError

OUR_BUG, INTERRUPTED = 70, 130

_COMMANDS = {
    "init": "init",
    "edit": "edit",
    "check": "check",
    "explain": "explain",
    "diff": "diff",
    "preview": "preview",
    "key": "keys",
    "sign": "author",
    "build": "author",
    "publish": "publish",
    "status": "status",
    "revoke": "author",
    "withdraw": "author",
    "history": "history",
    "restore": "restore",
    "monitor": "monitor",
    "fetch": "fetch",
    "verify": "verify",
    "ask": "ask",
    "audience": "audience",
    "export": "export",
    "evidence": "evidence",
    "pins": "pins",
    "vocab": "words",
    "schema": "schemas",
}


class _Commands(click.Group):
    """The commands by name, in the order in which a person needs them, each loaded from its module when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"sayso.cli.{_COMMANDS[cmd_name]}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SaysoError as error:
            from sayso.cli.output import report

            report(ctx, error)
            if ctx.params["traceback"]:
                traceback.print_exc()
            ctx.exit(error.exit_code)


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="sayso %(version)s")
@click.option("-vv", "--traceback", is_flag=True, help="Also show where an error arose.")
def cli(traceback: bool) -> None:
    """Say which companies may see which signals about you; sign it, publish it, let anyone check it.

    \b
    Exit codes: 0 yes or done · 1 no (problems found, not verified, not allowed)
      2 wrong usage · 3 could not find out or write · 4 partly · 70 our bug · 130 interrupted
    """
    del traceback  # read where errors are caught


def run(arguments: list[str]) -> NoReturn:
    """Run the command line and end the process with the exit code that README and ``--help`` promise."""
    try:
        code = cli.main(args=arguments, prog_name="sayso", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = 2
    except click.UsageError as error:
        _complain(error.format_message(), f"{error.ctx.command_path} --help" if error.ctx else "sayso --help")
        code = 2
    except click.ClickException as error:
        _complain(error.format_message())
        code = 1
    except (click.Abort, KeyboardInterrupt):
        _complain("interrupted")
        code = INTERRUPTED
    except Exception as error:
        _complain(
            f"this is a bug in sayso: {type(error).__name__}: {error}",
            "run it again as `sayso -vv ...` and report what that shows",
        )
        if {"-vv", "--traceback"} & {*arguments}:
            traceback.print_exc()
        code = OUR_BUG
    sys.exit(code if isinstance(code, int) else 0)


def _complain(message: str, hint: str | None = None) -> None:
    text = message.rstrip(".")
    click.echo(f"sayso: error: {text[:1].lower()}{text[1:]}", err=True)
    if hint:
        click.echo(f"sayso: hint: {hint}", err=True)
