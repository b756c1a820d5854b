"""Waiting until a host serves what it was given: deploys take time, and nothing else tells that they have ended."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import click

from sayso.cli.web import published
from sayso.errors import FetchError

if TYPE_CHECKING:
    from sayso.publish.deployed import Findings
    from sayso.publish.folder import Signed

_PAUSES = (1.0, 2.0, 4.0, 8.0)
_LAST_PAUSE = 15.0
_NOBODY_THERE = ("network", "no-such-host", "timed-out")


def await_served(signed: Signed, via: str | None, at: int, wait: int, *, history: bool) -> Findings:
    """Ask for what is served until it is what was signed, at most so many seconds; gives what was found last."""
    begin, end = time.monotonic(), time.monotonic() + wait
    pauses = _pauses()
    while True:
        found = _look(signed, via, at, history=history)
        left = end - time.monotonic()
        if left <= 0 or not (found.wrong or found.unknown):
            _progress("")
            return found
        why = found.unknown.message if found.unknown else next(p.message for p in found.problems)
        _progress(f"waiting for {signed.payload.sub}, {time.monotonic() - begin:.0f} s: {why}")
        time.sleep(min(next(pauses), left))


def _look(signed: Signed, via: str | None, at: int, *, history: bool) -> Findings:
    """Ask for every file once; when all is as it was signed, verify it as a marketer does."""
    from sayso.publish.deployed import findings
    from sayso.publish.served import watched
    from sayso.reader.client import fetch

    base, ask = signed.payload.sub, published(signed.payload.sub, via)
    deciding, others = watched(signed, history=history)
    served: dict[str, bytes | FetchError | None] = {}
    for path in (*deciding, *others):
        try:
            served[path] = ask(path)
        except FetchError as error:
            served[path] = error
            if path == deciding[0] and error.code in _NOBODY_THERE:
                break  # every other file would only take as long to fail
    found = findings(signed, served, at, history=history)
    if not (found.wrong or found.unknown):
        fetch(base, at, _from(base, served))
    return found


def _from(base: str, served: Mapping[str, bytes | FetchError | None]) -> Callable[[str], bytes]:
    def get(url: str) -> bytes:
        answer = served[url.removeprefix(base)]
        assert isinstance(answer, bytes)  # else something would have been found
        return answer

    return get


def _pauses() -> Iterator[float]:
    yield from _PAUSES
    while True:
        yield _LAST_PAUSE


def _progress(text: str) -> None:
    """Write over the line of progress, where somebody looks at it; an empty text clears it."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text[:100]}", nl=False, err=True)
