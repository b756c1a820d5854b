"""What ``sayso publish --workflow`` does: writes a host's workflow into a repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sayso.cli.output import answer
from sayso.cli.writing import note, write_file
from sayso.errors import PublishError


def write_workflow(
    folder: Path, name: str, repository: Path | None, install: str | None, *, dry_run: bool, form: str
) -> None:
    """Write a host's workflow where the host looks for it, whole; show it only, for a dry run.

    Raises PublishError where another file stands there, or the folder cannot be named in a workflow.
    """
    from sayso.disk import read_file, write_new
    from sayso.publish.hosts import HOSTS

    host = HOSTS[name]
    path, content = planned(folder, name, repository, install)
    if dry_run and form == "text":
        write_file(content.decode().rstrip("\n"))
    there = read_file(path) if path.exists() else None
    if there is None and not dry_run:
        try:
            write_new(path, content)
        except FileExistsError:
            there = read_file(path)
    if there not in (None, content):
        raise is_another(path, folder, name)
    result: dict[str, Any] = {
        "target": "workflow",
        "place": str(path),
        "dry_run": dry_run,
        "added": [] if there == content else [host.file],
        "changed": [],
        "removed": [],
    }
    if dry_run:
        note(f"{path} {'is there already, just so' if there else 'would be written'}")
        answer(form, result, [])
        return
    answer(form, result, [f"{path} {'was there already, just so' if there else 'is written'}"])
    for step in host.next:
        note(f"next: {step}")


def planned(folder: Path, name: str, repository: Path | None, install: str | None) -> tuple[Path, bytes]:
    """Give where a host's workflow belongs, and what it says; the folder need not be there yet. Raises PublishError."""
    from sayso.publish.hosts import HOSTS, workflow

    top = _top(folder, repository)
    return top / HOSTS[name].file, workflow(name, folder.resolve().relative_to(top).as_posix(), top.name, install)


def is_another(path: Path, folder: Path, name: str) -> PublishError:
    """Say that another file stands where a host's workflow belongs."""
    return PublishError(
        "workflow-exists",
        f"{path} is there already, and says something else",
        hint=f"take over what you need from: sayso publish {folder} --workflow {name} --dry-run",
    )


def _top(folder: Path, repository: Path | None) -> Path:
    """Give the top of the repository; the folder itself, where there is none yet."""
    from sayso.publish.branch import find_repository

    try:
        top = (
            repository
            or find_repository(next(path for path in (folder, *folder.resolve().parents) if path.is_dir()))[0]
        )
    except PublishError:
        return folder.resolve()
    if not folder.resolve().is_relative_to(top.resolve()):
        raise PublishError("workflow-path", f"{folder} does not lie in {top}", hint="name the repository around it")
    return top.resolve()
