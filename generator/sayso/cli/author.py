"""The author's commands: check, sign, build."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sayso.cli.output import (
    answer,
    at_option,
    clock_option,
    fail,
    folder_argument,
    format_option,
    note,
    passphrase_options,
    problem_data,
    show_problems,
)


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@at_option
@format_option
@click.pass_context
def check(ctx: click.Context, path: Path, at: int, form: str) -> None:
    """Tell everything that is wrong with a profile, with its lines.

    PATH is a profile.yml or the folder that holds it. Exit code 1 if there is an error; a warning is none.

    \b
    Example: sayso check examples/consumer/ada
    """
    from sayso.errors import InvalidProfile, SourceError
    from sayso.profile.check import check as check_source
    from sayso.publish.source_file import SOURCE, read_source

    name = str(path / SOURCE if path.is_dir() else path)
    try:
        problems = check_source(read_source(path), at)
    except SourceError as error:
        problems = error.problems
    errors = sum(problem.severity == "error" for problem in problems)
    if form == "json" and errors:
        fail(InvalidProfile("invalid-profile", f"{name} has {_count(errors, 'error')}", name=name, problems=problems))
    elif form == "json":
        answer(
            form,
            {"path": name, "errors": errors, "problems": [problem_data(problem) for problem in problems]},
            (),
        )
    show_problems(name, problems if form == "text" else (), err=False)
    note(f"{name}: {_count(errors, 'error')}, {_count(len(problems) - errors, 'warning')}")
    ctx.exit(1 if errors else 0)


@click.command()
@folder_argument
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The private key, if it is not where `sayso key new` put it.",
)
@passphrase_options
@clock_option
@format_option
def sign(
    folder: Path,
    key_file: Path | None,
    passphrase_fd: int | None,
    no_input: bool,
    clock: Callable[[], int],
    form: str,
) -> None:
    """Sign profile.yml as the next version.

    Checks FOLDER/profile.yml and writes FOLDER/signed/. Nothing is written unless all is well. The passphrase comes from
    --passphrase-fd, else from the environment variable SAYSO_PASSPHRASE, else it is asked for.

    \b
    Example: sayso sign examples/consumer/ada
    """
    from sayso.cli.keyring import signer_for
    from sayso.errors import RequestError
    from sayso.instants import rfc3339
    from sayso.publish.signing import prepare
    from sayso.publish.signing import sign as sign_prepared
    from sayso.trust.verify import MAX_CLOCK_SKEW

    if clock() > time.time() + MAX_CLOCK_SKEW:
        raise RequestError("signed-ahead", "nothing can be signed as of the future", hint="choose an earlier --at")
    prepared = prepare(folder, clock)
    show_problems(prepared.name, prepared.warnings, err=True)  # before anybody is asked for a passphrase
    signed = sign_prepared(prepared, signer_for(prepared.keylog, key_file, passphrase_fd, no_input=no_input))
    payload = signed.payload
    result: dict[str, Any] = {
        "sub": payload.sub,
        "sequence": payload.sequence,
        "digest": signed.verified.digest,
        "identity": payload.identity,
        "iat": rfc3339(payload.iat),
        "exp": rfc3339(payload.exp),
    }
    lost = [(item.id, item.to) for item in payload.revocations if item.revoked_at == payload.iat]
    result["revoked"] = [grant for grant, _ in lost]
    lines = [f"signed version {payload.sequence} of {payload.sub}", f"holds until {rfc3339(payload.exp)}"]
    answer(form, result, [*lines, *(f"taken back: {grant} ({', '.join(to)})" for grant, to in lost)])
    note(f"next: sayso build {folder}")


@click.command()
@folder_argument
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the site goes; FOLDER/public if not given.",
)
@at_option
@format_option
def build(folder: Path, output: Path | None, at: int, form: str) -> None:
    """Build the site from what is signed.

    Refuses when FOLDER/profile.yml says something else than FOLDER/signed/, and names the lines. A site that was there before
    is replaced only when the new one is whole.

    \b
    Example: sayso build examples/consumer/ada --output build/ada
    """
    from sayso.publish.site import build as build_site

    target = output or folder / "public"
    signed = build_site(folder, target, at)
    count = sum(path.is_file() for path in target.rglob("*"))
    result = {
        "output": str(target),
        "files": count,
        "sub": signed.payload.sub,
        "sequence": signed.payload.sequence,
    }
    answer(
        form,
        result,
        [f"built {target}: {count} files, version {signed.payload.sequence} of {signed.payload.sub}"],
    )
    note(f"next: put what is in {target} on the web at {signed.payload.sub}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
