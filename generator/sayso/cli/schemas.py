"""The commands for whoever checks with other tools: schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sayso.cli.output import answer, format_option
from sayso.cli.writing import note, write_file
from sayso.errors import RequestError

NAMES = ("profile", "payload", "key-event", "decision", "cli-output", "context")


class _Schemas(click.Group):
    """A command for every schema, named like it, and ``diff``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*NAMES, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _one(cmd_name) if cmd_name in NAMES else super().get_command(ctx, cmd_name)


@click.group(cls=_Schemas, invoke_without_command=True)
@click.pass_context
def schema(ctx: click.Context) -> None:
    """Give the schemas of what sayso reads and writes.

    \b
    Example: sayso schema profile --write profile.schema.json
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _one(name: str) -> click.Command:
    """Make the command that gives one schema."""

    def command(file: Path | None, draft7: bool = False) -> None:
        from sayso import spec
        from sayso.disk import write_over

        text = spec.schema_text(f"draft-07/{name}" if draft7 else name)
        if file is None:
            write_file(text.removesuffix("\n"))
        else:
            write_over(file, text.encode())
            note(f"wrote {file}")

    options = [
        click.Option(
            ["--write", "file"], type=click.Path(path_type=Path, dir_okay=False), help="Write it into this file."
        )
    ]
    if name == "profile":
        options.append(click.Option(["--draft7"], is_flag=True, help="In draft-07 of JSON Schema, for older editors."))
    return click.Command(name, callback=command, params=[*options], help=_HELP[name])


_HELP = {
    "profile": "The source: what people write (JSON Schema 2020-12).",
    "payload": "What is signed.",
    "key-event": "A line of the key log.",
    "decision": "The answer to a question.",
    "cli-output": "What the commands write with --format json.",
    "context": "What a payload means as linked data (JSON-LD).",
}


@schema.command(short_help="Tell whether one accepts all that another one did.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Let a doubt count as a no.")
@format_option
@click.pass_context
def diff(ctx: click.Context, old: Path, new: Path, strict: bool, form: str) -> None:
    """Tell whether every document that was valid by schema OLD is valid by NEW.

    Exit code 0 for yes, 1 for no. Where it cannot be told, that is a warning.

    \b
    Example: sayso schema diff released/profile.schema.json profile.schema.json
    """
    from sayso.compatible import changes
    from sayso.profile.hints import count

    found = changes(_read(old), _read(new))
    broken = [change for change in found if change.severity == "breaking"]
    result: dict[str, Any] = {
        "compatible": not broken,
        "changes": [{"severity": change.severity, "path": change.path, "message": change.message} for change in found],
    }
    answer(form, result, (f"{change.path or '/'}: {change.message} ({change.severity})" for change in found))
    doubts = len(found) - len(broken)
    verdict = "not all that was valid is valid now" if broken else "all that was valid is valid now"
    if doubts and not broken:
        verdict += f", as far as can be told ({count(doubts, 'doubt')})"
    note(verdict)
    ctx.exit(1 if broken or (strict and doubts) else 0)


def _read(path: Path) -> dict[str, Any]:
    import jsonschema
    import msgspec

    from sayso.disk import read_file

    try:
        found: dict[str, Any] = msgspec.json.decode(read_file(path), type=dict[str, Any])
        if isinstance(found.get("$schema", ""), str):
            jsonschema.validators.validator_for(found).check_schema(found)
        else:
            raise jsonschema.SchemaError("`$schema` is not text")
    except (msgspec.MsgspecError, UnicodeError, RecursionError, jsonschema.SchemaError) as error:
        reason = error.message if isinstance(error, jsonschema.SchemaError) else str(error)
        raise RequestError(
            "not-a-schema", f"{path} is not a JSON Schema: {reason}", hint="name two JSON Schemas"
        ) from None
    return found
