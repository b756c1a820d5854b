"""The command that shows a profile before it is signed: preview."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from sayso.cli.output import clock_option, folder_argument, report
from sayso.cli.writing import note
from sayso.errors import SaysoError


@click.command()
@folder_argument
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port on this machine."
)
@click.option("--open", "open_browser", is_flag=True, help="Also open it in a browser.")
@clock_option
@click.pass_context
def preview(ctx: click.Context, folder: Path, port: int, open_browser: bool, clock: Callable[[], int]) -> None:
    """Show what profile.yml would come to, before it is signed.

    Serves the pages to this machine only, marked as a preview, and builds them again whenever you save FOLDER/profile.yml.
    Stop it with Ctrl-C.

    \b
    Example: sayso preview examples/consumer/ada --open
    """
    from sayso.publish.preview import preview as serve

    def changed(error: SaysoError | None) -> None:
        if error is None:
            note("mended: the preview shows it")
        else:
            report(ctx, error)
            note("the preview stays as it was before")

    def ready(url: str) -> None:
        note(f"preview, not signed, for this machine only (stop it with Ctrl-C): {url}")

    try:
        serve(folder, port, clock, ready, changed, open_browser=open_browser)
    except KeyboardInterrupt:
        note("stopped")
        note(f"next: sign it, once it says what you mean: sayso sign {folder}")
