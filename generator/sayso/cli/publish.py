"""The command that puts a site on the web: publish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sayso.cli.confirm import yes_option
from sayso.cli.deploy import WAIT_FOR_A_BRANCH, WAIT_FOR_A_FOLDER, to_branch, to_folder
from sayso.cli.order import Order
from sayso.cli.output import at_option, folder_argument, format_option
from sayso.cli.web import via_option
from sayso.cli.workflow import write_workflow


@click.command(short_help="Put the site on the web, and see that it is served.")
@folder_argument
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), help="Put the site into this folder, whole.")
@click.option("--branch", metavar="NAME", help="Push the site to this branch, such as gh-pages.")
@click.option(
    "--workflow",
    type=click.Choice(["github", "gitlab", "netlify", "cloudflare"]),
    help="Write the file that lets this host build and serve the site.",
)
@click.option("--remote", default="origin", show_default=True, help="The remote to push to.")
@click.option(
    "--repository",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The git repository; the one around FOLDER if not given.",
)
@click.option("--install", metavar="SOURCE", help="What a workflow installs sayso from; this release if not given.")
@click.option("--history", is_flag=True, help="Also publish the earlier versions that are kept, whole.")
@click.option("--unlisted", is_flag=True, help="Ask search engines to leave the pages out.")
@click.option("--cname", is_flag=True, help="Add the file by which GitHub Pages knows a domain of your own.")
@click.option("--force", is_flag=True, help="Replace a later version, and on a branch what sayso did not build.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--wait",
    type=click.IntRange(min=0),
    metavar="SECONDS",
    help=f"How long the host may take; {WAIT_FOR_A_BRANCH} for a branch and {WAIT_FOR_A_FOLDER} for a folder if not given.",
)
@click.option("--no-verify", "verify", is_flag=True, flag_value=False, default=True, help="Do not ask the host.")
@yes_option
@click.option("--no-input", is_flag=True, help="Never ask; fail instead.")
@via_option
@at_option
@format_option
def publish(
    to: Path | None,
    branch: str | None,
    workflow: str | None,
    remote: str,
    repository: Path | None,
    install: str | None,
    **options: Any,
) -> None:
    """Put the site on the web, and see that it is served as it was signed.

    Builds as `sayso build` does, and puts the site into a folder (--to), or pushes it to a branch of a git repository
    (--branch); or writes the file that lets a host do so on every push (--workflow). Then asks the host for the files, as
    a marketer would. Exit code 0 if it serves what is signed, 1 if something else, 3 if that could not be found out.

    \b
    Example: sayso publish examples/consumer/ada --to build/ada --dry-run
    """
    if sum(given is not None for given in (to, branch, workflow)) != 1:
        raise click.UsageError("give one of --to, --branch and --workflow")
    asked = Order(**options)
    if workflow is not None:
        write_workflow(asked.folder, workflow, repository, install, dry_run=asked.dry_run, form=asked.form)
    elif to is not None:
        click.get_current_context().exit(to_folder(asked, to))
    elif branch is not None:
        click.get_current_context().exit(to_branch(asked, branch, remote, repository or asked.folder))
