"""What ``sayso publish`` does with a folder and with a branch, and what it says of it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.cli.confirm import confirm
from sayso.cli.order import Order
from sayso.cli.published import Done, report, show
from sayso.cli.web import file_getter
from sayso.cli.writing import note
from sayso.errors import FetchError, PublishError
from sayso.texts import gettext

if TYPE_CHECKING:
    from sayso.publish.branch import Branch
    from sayso.publish.folder import Signed

WAIT_FOR_A_FOLDER, WAIT_FOR_A_BRANCH = 5, 120  # seconds


def to_folder(asked: Order, target: Path) -> int:
    """Put the site into a folder, in one step; gives the exit code."""
    from sayso.publish.folder import publication
    from sayso.publish.site import refuse_to_overwrite
    from sayso.publish.target import changes, digests

    refuse_to_overwrite(target, asked.folder)
    signed = publication(asked.folder, asked.at)
    if not asked.force:
        _refuse_to_go_back(signed, lambda path: _content(target / path), str(target), asked)
    before = digests(target)
    with tempfile.TemporaryDirectory(prefix="sayso-publish-") as made:
        place = Path(made) / "site" if asked.dry_run else target
        _build(asked, place, signed)
        after = digests(place)
    return report(asked, Done("folder", str(target), signed, changes(before, after), WAIT_FOR_A_FOLDER))


def to_branch(asked: Order, name: str, remote: str, repository: Path) -> int:
    """Push the site to a branch, after a question; gives the exit code."""
    from sayso.publish.branch import open_branch
    from sayso.publish.folder import publication

    signed = publication(asked.folder, asked.at)
    place, may_ask = f"{remote}/{name}", not asked.no_input and sys.stdin.isatty()
    with (
        open_branch(repository, remote, name, may_ask=may_ask) as branch,
        tempfile.TemporaryDirectory(prefix="sayso-publish-") as made,
    ):
        if not asked.force:
            _refuse_to_go_back(signed, branch.read, place, asked)
        site = Path(made) / "site"
        _build(asked, site, signed)
        if not asked.force:
            _refuse_what_the_branch_would_lose(branch, site, place)
        commit = branch.commit(site, f"Publish version {signed.payload.sequence} of {signed.payload.sub}")
        if commit.changes and not asked.dry_run:
            show(commit.changes)
            confirm(gettext("Push this to %(place)s?") % {"place": place}, yes=asked.yes, no_input=asked.no_input)
            commit.push()
    return report(asked, Done("branch", place, signed, commit.changes, WAIT_FOR_A_BRANCH))


def _build(asked: Order, output: Path, signed: Signed) -> None:
    from sayso.publish.site import build

    build(
        asked.folder,
        output,
        asked.at,
        history=asked.history,
        cname=asked.cname,
        unlisted=asked.unlisted,
        signed=signed,
    )


def _content(path: Path) -> bytes | None:
    from sayso.disk import read_file

    return read_file(path) if path.is_file() else None


def _refuse_to_go_back(signed: Signed, there: Callable[[str], bytes | None], place: str, asked: Order) -> None:
    """Refuse where a later version is at the target, or is served; that the web cannot be asked is told, and hinders nothing."""
    from sayso.publish.served import KEYS, PROFILE
    from sayso.publish.target import places, refuse_to_go_back

    base = signed.payload.sub
    for below in places(base):
        refuse_to_go_back(signed, there(below + PROFILE), there(below + KEYS), place, asked.folder)
    if not asked.verify:
        return
    ask = file_getter(base, asked.via)
    try:
        profile, keys = ask(PROFILE), ask(KEYS)
    except FetchError as error:
        note(f"warning: it could not be found out what is served now: {error.message}")
        return
    refuse_to_go_back(signed, profile, keys, base, asked.folder)


def _refuse_what_the_branch_would_lose(branch: Branch, site: Path, place: str) -> None:
    from sayso.publish.manifest import MANIFEST
    from sayso.publish.target import not_ours

    if branch.read("CNAME") is not None and not (site / "CNAME").exists():
        _refuse_what_is_not_ours(["CNAME"], place, "to keep your domain: --cname; to let it go: --force")
    foreign = not_ours(branch.files(), branch.read(MANIFEST), MANIFEST)
    lost = [path for path in foreign if (branch.read(path) or b"").strip() != (_content(site / path) or b"").strip()]
    _refuse_what_is_not_ours(
        lost, place, "choose another branch; or replace what is there, which its history keeps: --force"
    )


def _refuse_what_is_not_ours(paths: list[str], place: str, hint: str) -> None:
    if paths:
        raise PublishError(
            "would-overwrite", f"{place} holds {paths[0]}, which is no file of a site that sayso built", hint=hint
        )
