"""What ``sayso publish`` says of what it did, and of what the host made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sayso.cli.order import Order
from sayso.cli.output import answer, envelope
from sayso.cli.waiting import await_served
from sayso.cli.writing import complain, note, problem_data, write, write_file
from sayso.profile.hints import count

if TYPE_CHECKING:
    from sayso.publish.deployed import Findings
    from sayso.publish.folder import Signed
    from sayso.publish.target import Changes

_SHOWN = 20  # files of each kind, for people


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, or would be."""

    target: str
    place: str
    signed: Signed
    changes: Changes
    wait: int


def report(asked: Order, done: Done) -> int:
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
    counted = (
        f"{count(len(changes.added), 'file')} added, {len(changes.changed)} changed, {len(changes.removed)} removed"
    )
    did = "would hold" if asked.dry_run else "holds"
    lines = [f"{done.place} {did} version {payload.sequence} of {payload.sub}: {counted}"]
    if asked.dry_run or not asked.verify:
        answer(asked.form, result, [*lines, *(_listed(changes) if asked.dry_run else ())])
        if asked.dry_run:
            note("next: do it, with the same command without --dry-run")
        else:
            note(f"next: see that it is served: sayso monitor {asked.folder}")
        return 0
    wait = done.wait if asked.wait is None else asked.wait
    found = await_served(done.signed, asked.via, asked.at, wait, history=asked.history)
    return _report_served(
        asked, done, result | {"problems": [_said(problem) for problem in found.problems]}, lines, found
    )


def _report_served(asked: Order, done: Done, result: dict[str, Any], lines: list[str], found: Findings) -> int:
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
    note(f"next: see now and then how it stands: sayso status {asked.folder}")
    return 0


def _said(problem: Any) -> dict[str, Any]:
    return {name: value for name, value in problem_data(problem).items() if name not in ("line", "column")}


def show(changes: Changes) -> None:
    """Show what would change, on stderr."""
    for line in _listed(changes):
        write(line, err=True)


def _listed(changes: Changes) -> Iterable[str]:
    """Name the files, each with a mark; of many only some."""
    for mark, paths in (("+", changes.added), ("=", changes.changed), ("-", changes.removed)):
        yield from (f"  {mark} {path}" for path in paths[:_SHOWN])
        if len(paths) > _SHOWN:
            yield f"  {mark} and {len(paths) - _SHOWN} more"
