"""The command that looks after a published profile: monitor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sayso.cli.output import answer, at_option, canonical_base_url, format_option
from sayso.cli.web import via_option
from sayso.cli.writing import note, problem_data
from sayso.disk import is_folder
from sayso.errors import RequestError


@click.command(short_help="Compare what is served with what is signed.")
@click.argument("base_url", required=False)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@via_option
@at_option
@format_option
@click.pass_context
def monitor(ctx: click.Context, base_url: str | None, folder: Path | None, via: str | None, at: int, form: str) -> None:
    """Compare what is served at BASE_URL with what is signed in FOLDER.

    For a scheduled job. Exit code 0 if what you signed last is served, every file that machines read; 1 if something else is: an older
    version, one that you did not sign, one that ended; 3 if it could not be found out. That it ends within 30 days is told,
    and is no fault. Without BASE_URL the address is that of FOLDER.

    \b
    Example: sayso monitor https://ada.example/ examples/consumer/ada
    """
    from sayso.cli.looking import look
    from sayso.publish.folder import read_keys, read_signed
    from sayso.trust.keylog import read_keylog

    if folder is None and base_url is not None and is_folder(Path(base_url)):
        folder, base_url = Path(base_url), None
    folder = folder or Path()
    own = read_keylog(read_keys(folder)).events[-1].sub
    base = own if base_url is None else canonical_base_url(base_url)
    if base != own:
        raise RequestError("bad-base-url", f"{folder} is not for {base}", hint=f"it is for {own}")
    signed = read_signed(folder, base, None)
    seen = look(signed, via, at, history=False)
    if seen.unknown is not None and not seen.wrong:
        raise seen.unknown
    found = seen.problems
    result: dict[str, Any] = {
        "sub": base,
        "sequence": signed.payload.sequence,
        "problems": [
            {name: value for name, value in problem_data(problem).items() if name not in ("line", "column")}
            for problem in found
        ],
    }
    answer(form, result, [f"{problem.code} {problem.message}" + _mark(problem.severity) for problem in found])
    if form == "text":
        for hint in dict.fromkeys(problem.hint for problem in found if problem.hint):
            note(f"hint: {hint}")
    if not seen.wrong:
        note(f"{base} serves version {signed.payload.sequence}, as it was signed")
        note(f"next: see what ends, and who holds what: sayso status {folder}")
    ctx.exit(1 if seen.wrong else 0)


def _mark(severity: str) -> str:
    return "" if severity == "error" else f" ({severity})"
