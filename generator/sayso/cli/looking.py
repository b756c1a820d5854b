"""Looking at what a host serves, as a marketer does: what ``monitor`` and ``publish`` have in common."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sayso.cli.web import file_getter
from sayso.errors import FetchError, TimedOut

if TYPE_CHECKING:
    from sayso.publish.deployed import Findings
    from sayso.publish.folder import Signed

_NOBODY_THERE = ("network", "no-such-host", "timed-out")


def look(signed: Signed, via: str | None, at: int, *, history: bool) -> Findings:
    """Ask for every file once; when all is as it was signed, verify it as a marketer does."""
    return judge(signed, served_now(signed, via, history=history), at, history=history)


def served_now(
    signed: Signed, via: str | None, *, history: bool, patience: float = math.inf
) -> Mapping[str, bytes | FetchError | None]:
    """Ask for every file once: its content, None where nothing is, or why it could not be had.

    After so many seconds no other file is asked for.
    """
    from sayso.publish.served import watched

    ask = file_getter(signed.payload.sub, via)
    deciding, others = watched(signed, history=history)
    served: dict[str, bytes | FetchError | None] = {}
    end = time.monotonic() + patience
    for path in (*deciding, *others):
        if time.monotonic() > end:
            told = f"the files at {signed.payload.sub} did not come within {patience:g} seconds"
            served[path] = TimedOut("timed-out", told, hint="try again later")
            break
        try:
            served[path] = ask(path)
        except FetchError as error:
            served[path] = error
            if error.code in _NOBODY_THERE:
                break  # every other file would only take as long to fail
    return served


def judge(signed: Signed, served: Mapping[str, bytes | FetchError | None], at: int, *, history: bool) -> Findings:
    """Tell what is wrong with what is served; when all is as it was signed, verify it as a marketer does."""
    from sayso.publish.deployed import findings
    from sayso.reader.client import fetch

    base, found = signed.payload.sub, findings(signed, served, at, history=history)
    if not (found.wrong or found.unknown):
        fetch(base, at, _from(base, served))
    return found


def _from(base: str, served: Mapping[str, bytes | FetchError | None]) -> Callable[[str], bytes]:
    def get(url: str) -> bytes:
        answer = served[url.removeprefix(base)]
        assert isinstance(answer, bytes)  # else something would have been found
        return answer

    return get
