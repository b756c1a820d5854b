"""What ``sayso publish`` does with a folder and with a branch, and what it says of it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.cli.confirm import confirm
from sayso.cli.output import answer, complain, envelope, note, problem_data, write, write_file
from sayso.cli.waiting import await_served
from sayso.cli.web import published
from sayso.errors import FetchError, PublishError
from sayso.texts import gettext

if TYPE_CHECKING:
    from sayso.publish.branch import Branch
    from sayso.publish.deployed import Findings
    from sayso.publish.folder import Signed
    from sayso.publish.target import Changes

WAIT_FOR_A_FOLDER, WAIT_FOR_A_BRANCH = 5, 120  # seconds
_SHOWN = 20  # files of each kind, for people


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, whatever the target."""

    folder: Path
    history: bool
    cname: bool
    force: bool
    dry_run: bool
    wait: int | None
    verify: bool
    yes: bool
    no_input: bool
    via: str | None
    at: int
    form: str


def to_folder(asked: Wish, target: Path) -> int:
    """Put the site into a folder, in one step; gives the exit code."""
    from sayso.publish.folder import publication
    from sayso.publish.manifest import MANIFEST
    from sayso.publish.target import changes, digests, not_ours, refuse_to_go_back

    signed = publication(asked.folder, asked.at)
    before = digests(target)
    if not asked.force:
        profile, keys = (_content(target / path) for path in ("sayso/profile.jwt", "sayso/keys.jsonl"))
        refuse_to_go_back(signed, profile, keys, str(target), asked.folder)
        _refuse_to_go_back_on_the_web(signed, asked)
    if asked.dry_run:
        _refuse_what_is_not_ours(
            not_ours(before, _content(target / MANIFEST), MANIFEST), str(target), "choose a new folder"
        )
        with tempfile.TemporaryDirectory(prefix="sayso-publish-") as made:
            _build(asked, Path(made) / "site")
            after = digests(Path(made) / "site")
    else:
        _build(asked, target)
        after = digests(target)
    history = (target / "sayso" / "history").is_dir()
    return _report(asked, _Done("folder", str(target), signed, changes(before, after), history, WAIT_FOR_A_FOLDER))


def to_branch(asked: Wish, name: str, remote: str, repository: Path) -> int:
    """Push the site to a branch, after a question; gives the exit code."""
    from sayso.publish.branch import open_branch
    from sayso.publish.folder import publication
    from sayso.publish.target import refuse_to_go_back

    signed = publication(asked.folder, asked.at)
    place, may_ask = f"{remote}/{name}", not asked.no_input and sys.stdin.isatty()
    with (
        open_branch(repository, remote, name, may_ask=may_ask) as branch,
        tempfile.TemporaryDirectory(prefix="sayso-publish-") as made,
    ):
        if not asked.force:
            profile, keys = branch.read("sayso/profile.jwt"), branch.read("sayso/keys.jsonl")
            refuse_to_go_back(signed, profile, keys, place, asked.folder)
            _refuse_to_go_back_on_the_web(signed, asked)
        site = Path(made) / "site"
        _build(asked, site)
        if not asked.force:
            _refuse_what_the_branch_would_lose(branch, site, place)
        commit = branch.commit(site, f"Publish version {signed.payload.sequence} of {signed.payload.sub}")
        if commit.changes and not asked.dry_run:
            _show(commit.changes)
            confirm(gettext("Push this to %(place)s?") % {"place": place}, yes=asked.yes, no_input=asked.no_input)
            commit.push(force=asked.force)
        history = (site / "sayso" / "history").is_dir()
    return _report(asked, _Done("branch", place, signed, commit.changes, history, WAIT_FOR_A_BRANCH))


def _build(asked: Wish, output: Path) -> None:
    from sayso.publish.site import build

    build(asked.folder, output, asked.at, history=asked.history, cname=asked.cname)


def _content(path: Path) -> bytes | None:
    from sayso.disk import read_file

    return read_file(path) if path.is_file() else None


def _refuse_to_go_back_on_the_web(signed: Signed, asked: Wish) -> None:
    """Refuse where a later version is served; that it cannot be found out is told, and hinders nothing."""
    from sayso.publish.served import KEYS, PROFILE
    from sayso.publish.target import refuse_to_go_back

    if not asked.verify:
        return
    base = signed.payload.sub
    ask = published(base, asked.via)
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


@dataclass(frozen=True, slots=True)
class _Done:
    """What was done, or would be."""

    target: str
    place: str
    signed: Signed
    changes: Changes
    history: bool
    wait: int


def _report(asked: Wish, done: _Done) -> int:
    """Say what was done, see what is served, and say that; gives the exit code."""
    payload, changes = done.signed.payload, done.changes
    result: dict[str, Any] = {
        "target": done.target,
        "place": done.place,
        "sub": payload.sub,
        "sequence": payload.sequence,
        "dry_run": asked.dry_run,
        "added": [*changes.added],
        "changed": [*changes.changed],
        "removed": [*changes.removed],
    }
    counted = f"{len(changes.added)} files added, {len(changes.changed)} changed, {len(changes.removed)} removed"
    did = "would hold" if asked.dry_run else "holds"
    lines = [f"{done.place} {did} version {payload.sequence} of {payload.sub}: {counted}"]
    if asked.dry_run or not asked.verify:
        answer(asked.form, result, [*lines, *(_listed(changes) if asked.dry_run else ())])
        if not asked.dry_run:
            note(f"next: see that it is served: sayso monitor {asked.folder}")
        return 0
    wait = done.wait if asked.wait is None else asked.wait
    found = await_served(done.signed, asked.via, asked.at, wait, history=done.history)
    return _report_served(
        asked, done, result | {"problems": [_said(problem) for problem in found.problems]}, lines, found
    )


def _report_served(asked: Wish, done: _Done, result: dict[str, Any], lines: list[str], found: Findings) -> int:
    base, unknown = done.signed.payload.sub, None if found.wrong else found.unknown
    result |= {"served": "otherwise" if found.wrong else "unknown" if unknown else "as-signed"}
    if unknown is not None and asked.form == "json":
        error = {"code": unknown.code, "message": unknown.message}
        write_file(envelope(result, error | ({"hint": unknown.hint} if unknown.hint else {})))
    else:
        answer(asked.form, result, [*lines, *(f"{problem.code} {problem.message}" for problem in found.problems)])
    for hint in (
        dict.fromkeys(problem.hint for problem in found.problems if problem.hint) if asked.form == "text" else ()
    ):
        note(f"hint: {hint}")
    if unknown is not None:
        complain(unknown.code, unknown.message, unknown.hint)
        note(f"it is published; whether it is served is not known: ask later: sayso monitor {asked.folder}")
        return unknown.exit_code
    if found.wrong:
        note(f"{base} serves something else than was signed; ask again: sayso monitor {asked.folder}")
        return 1
    note(f"{base} serves version {done.signed.payload.sequence}, as it was signed")
    return 0


def _said(problem: Any) -> dict[str, Any]:
    return {name: value for name, value in problem_data(problem).items() if name not in ("line", "column")}


def _show(changes: Changes) -> None:
    for line in _listed(changes):
        write(line, err=True)


def _listed(changes: Changes) -> Iterable[str]:
    """Name the files, each with a mark; of many only some."""
    for mark, paths in (("+", changes.added), ("=", changes.changed), ("-", changes.removed)):
        yield from (f"  {mark} {path}" for path in paths[:_SHOWN])
        if len(paths) > _SHOWN:
            yield f"  {mark} and {len(paths) - _SHOWN} more"
