"""Looking at what a host serves, as a marketer does: what ``monitor`` and ``publish`` have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sayso.cli.web import file_getter
from sayso.errors import FetchError

if TYPE_CHECKING:
    from sayso.publish.deployed import Findings
    from sayso.publish.folder import Signed

_NOBODY_THERE = ("network", "no-such-host", "timed-out")


def look(signed: Signed, via: str | None, at: int, *, history: bool) -> Findings:
    """Ask for every file once; when all is as it was signed, verify it as a marketer does."""
    from sayso.publish.deployed import findings
    from sayso.publish.served import watched
    from sayso.reader.client import fetch

    base, ask = signed.payload.sub, file_getter(signed.payload.sub, via)
    deciding, others = watched(signed, history=history)
    served: dict[str, bytes | FetchError | None] = {}
    for path in (*deciding, *others):
        try:
            served[path] = ask(path)
        except FetchError as error:
            served[path] = error
            if error.code in _NOBODY_THERE:
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
