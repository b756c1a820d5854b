"""Redo: take the files that a line of the evidence cites, verify and decide again as of its time, and compare.

Not everything can be done over. What the network answered is gone. A refusal by a pin rests on what was seen before, so only
the other steps are taken again. ``unchanged`` says that the host had nothing newer, which nobody can ask it again: there the
files are verified as such, whether they still held or not, which is for the decisions to say. Of an audience there is only
the count: the profiles that it was chosen from are others by now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sayso import spec
from sayso.errors import MAX_SENTENCE, RequestError, VerificationError
from sayso.instants import parse_rfc3339
from sayso.profile.policy import decide
from sayso.reader.evidence import GOOD, TOOL, AnyLine, DecisionLine, FetchLine, digest_of
from sayso.trust.verify import Verified, verify, verify_past

#: Refusals by step 10, which compares with what was seen before.
BY_PIN = frozenset(
    {"identity-changed", "keylog-behind", "keylog-forked", "rollback", "equivocation", "forked", "back-in-time"}
)
OTHER_VERSION = "evidence-other-version"

#: Gives the file of a digest, if it is there.
Exhibit = Callable[[str], bytes | None]
Done = Literal["redone", "not-redone"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: a code, the number of the line (the first is 0), and a sentence."""

    code: str
    n: int
    message: str

    def __post_init__(self) -> None:
        """Cut what nobody would read: a log that somebody else wrote may hold anything."""
        object.__setattr__(self, "message", self.message[:MAX_SENTENCE])


def redo(line: AnyLine, exhibit: Exhibit) -> Finding | Done:
    """Do again what a line says was done, and tell whether that could be, or what is wrong."""
    if not isinstance(line, FetchLine | DecisionLine):
        return "not-redone"
    files = files_of(line, exhibit)
    if isinstance(files, Finding):
        return files
    return _fetch_again(line, *files) if isinstance(line, FetchLine) else _decide_again(line, *files)


def files_of(line: FetchLine | DecisionLine, exhibit: Exhibit) -> tuple[bytes | None, bytes | None] | Finding:
    """Give the profile and the key log that a line cites, each where it does, or what is wrong with one."""
    found: list[bytes | None] = []
    for kind, name in (("profile", line.profile), ("key log", line.keys)):
        data = None if name is None else exhibit(name)
        if name is not None and data is None:
            return problem("evidence-exhibit", line, f"the {kind} {name} is not there")
        if data is not None and digest_of(data) != name:
            return problem("evidence-exhibit", line, f"the {kind} {name} is another one")
        found.append(data)
    return found[0], found[1]


def problem(code: str, line: AnyLine, message: str) -> Finding:
    """Say what is wrong with a line; what another version of sayso may see otherwise is not held against it."""
    if code in ("evidence-fetch", "evidence-decision") and line.tool != TOOL:
        return Finding(OTHER_VERSION, line.n, f"{message}; but {line.tool} wrote the line, and this is {TOOL}")
    return Finding(code, line.n, message)


def _fetch_again(line: FetchLine, profile: bytes | None, keys: bytes | None) -> Finding | Done:
    at = parse_rfc3339(line.at)
    if profile is None or keys is None:
        if line.outcome == "verified":
            return problem("evidence-fetch", line, "it names no files that could have verified")
        return "not-redone"
    seen: Verified | None = None
    refusal: VerificationError | None = None
    try:
        seen = (
            verify_past(profile, keys, line.base)
            if line.outcome == "unchanged"
            else verify(profile, keys, line.base, at)
        )
    except VerificationError as error:
        refusal = error
    told = f"refused with {refusal.code}: {refusal.message}" if refusal else "verified"
    if line.outcome in GOOD:
        if seen is None:
            return problem("evidence-fetch", line, f"the files are {told}")
        if (line.digest, line.sequence, line.identity) != (seen.digest, seen.payload.sequence, seen.payload.identity):
            return problem("evidence-fetch", line, "the files are those of another version than it names")
        return "redone"
    if line.outcome in BY_PIN:
        if refusal is not None and refusal.step < 10:
            return problem("evidence-fetch", line, f"the files are {told} before they come to step 10")
        return "not-redone"
    if line.outcome not in spec.codes()["verification"]:
        return "not-redone"
    if refusal is None or refusal.code != line.outcome:
        return problem("evidence-fetch", line, f"it says {line.outcome}, but the files are {told}")
    return "redone"


def _decide_again(line: DecisionLine, profile: bytes | None, keys: bytes | None) -> Finding | Done:
    try:
        seen = verify_past(profile or b"", keys or b"", line.base)
        answer = decide(
            seen.payload,
            line.request.request,
            parse_rfc3339(line.at),
            digest=seen.digest,
            fetched_at=parse_rfc3339(line.fetched_at),
        )
    except (VerificationError, RequestError) as error:
        return problem("evidence-decision", line, f"from these files there is no answer: {error.message}")
    if answer != line.answer:
        told = f"{answer.verdict} ({', '.join(answer.reasons)})"
        return problem("evidence-decision", line, f"the same question to the same files is answered otherwise: {told}")
    return "redone"
