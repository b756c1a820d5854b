"""The author's commands: sign, build."""

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
    folder_argument,
    format_option,
    note,
    passphrase_options,
    show_problems,
)


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
