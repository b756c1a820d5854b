"""Waiting until a host serves what it was given: deploys take time, and nothing else tells that they have ended."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from sayso.cli.looking import look

if TYPE_CHECKING:
    from sayso.publish.deployed import Findings
    from sayso.publish.folder import Signed

_PAUSES = (1.0, 2.0, 4.0, 8.0)
_LAST_PAUSE = 15.0


def await_served(signed: Signed, via: str | None, at: int, wait: int, *, history: bool) -> Findings:
    """Ask for what is served until it is what was signed, at most so many seconds; gives what was found last."""
    begin, end = time.monotonic(), time.monotonic() + wait
    pauses = _pauses()
    while True:
        found = look(signed, via, at, history=history)
        left = end - time.monotonic()
        if left <= 0 or not (found.wrong or found.unknown):
            _progress("")
            return found
        why = found.unknown.message if found.unknown else next(p.message for p in found.problems)
        _progress(f"waiting for {signed.payload.sub}, {time.monotonic() - begin:.0f} s: {why}")
        time.sleep(min(next(pauses), left))


def _pauses() -> Iterator[float]:
    yield from _PAUSES
    while True:
        yield _LAST_PAUSE


def _progress(text: str) -> None:
    """Write over the line of progress, where somebody looks at it; an empty text clears it."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text[:100]}", nl=False, err=True)
