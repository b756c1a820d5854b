"""Prove: what a reader knew of a subject at an instant, from the lines and the files that it kept.

A proof is as good as the log that it is taken from: whoever is to rely on it verifies the whole log first.
"""

from __future__ import annotations

from dataclasses import dataclass

from sayso.canonical import NotCanonical
from sayso.errors import DiskError, FetchError, VerificationError
from sayso.instants import parse_rfc3339, rfc3339
from sayso.profile.policy import STALE_AFTER, Decision, Request, decide
from sayso.reader.evidence import GOOD, AnyLine, DecisionLine, FetchLine, read
from sayso.reader.evidence_log import EvidenceLog
from sayso.reader.evidence_redo import Finding, files_of, redo
from sayso.trust.verify import Verified, verify_past


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of a base URL at an instant, verified again.

    ``seen`` is the last good fetch, or that of a later version which had ended; ``version`` the line that cites the files,
    which is ``seen`` or one before it; ``failed`` what was tried in vain since; ``decisions`` what was decided until then, the first one first.
    """

    at: int
    seen: FetchLine
    version: FetchLine
    verified: Verified
    failed: tuple[FetchLine, ...]
    decisions: tuple[DecisionLine, ...]

    @property
    def seen_at(self) -> int:
        """The instant of the last good fetch."""
        return parse_rfc3339(self.seen.at)

    @property
    def fresh(self) -> bool:
        """Whether that was recent enough for anything to be permitted."""
        return self.at <= self.seen_at + STALE_AFTER

    def decide(self, request: Request) -> Decision:
        """Answer a request as of the instant; raises RequestError as ``policy.decide`` does."""
        return decide(self.verified.payload, request, self.at, digest=self.verified.digest, fetched_at=self.seen_at)


def prove(log: EvidenceLog, base: str, at: int) -> Known | Finding:
    """Give what was known of a base URL at an instant, or what is wrong with the line that says it.

    Raises FetchError where nothing was known yet, DiskError where the log cannot be read.
    """
    seen: FetchLine | None = None
    version: FetchLine | None = None
    failed: list[FetchLine] = []
    decisions: list[DecisionLine] = []
    later: DecisionLine | None = None  # decided after the last fetch that was kept
    for line in map(_read, log.before(base, at)):
        if isinstance(line, DecisionLine):
            decisions.append(line)
            later = later or (line if seen is None else None)
        elif isinstance(line, FetchLine) and version is None:
            if line.outcome in GOOD or _took_back(line, log):
                seen = seen or line
                named = seen.digest in (None, line.digest)
                version = line if named and line.profile and line.keys else None
            elif seen is None:
                failed.append(line)
    if seen is None or version is None:
        told = f"nothing of {base} was known at {rfc3339(at)}"
        raise FetchError("nothing-known", told, hint=f"sayso evidence show --subject {base} shows every line about it")
    if later is not None and (later.profile, later.keys) != (version.profile, version.keys):
        return Finding("evidence-fetch", later.n, "it was decided from a version whose fetch was not kept as evidence")
    done, files = redo(version, log.exhibit), files_of(version, log.exhibit)
    if isinstance(done, Finding):
        return done
    if isinstance(files, Finding):
        return files
    verified = verify_past(files[0] or b"", files[1] or b"", base)
    return Known(at, seen, version, verified, tuple(reversed(failed)), tuple(reversed(decisions)))


def _took_back(line: FetchLine, log: EvidenceLog) -> bool:
    """Tell whether a version that had ended took the place of the one before it: the line names it, and its files are there."""
    if line.outcome != "expired" or not (line.profile and line.keys and line.digest):
        return False
    files = files_of(line, log.exhibit)
    if isinstance(files, Finding):
        return False
    try:
        return verify_past(files[0] or b"", files[1] or b"", line.base).digest == line.digest
    except VerificationError:
        return False


def _read(data: bytes) -> AnyLine:
    try:
        return read(data)
    except NotCanonical:
        raise DiskError(
            "evidence-line",
            "a line of the evidence is none that this sayso writes",
            hint="sayso evidence verify names it",
        ) from None
