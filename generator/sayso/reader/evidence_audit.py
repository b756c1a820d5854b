"""Audit: read a log of evidence from its first line to its last, and do over what can be done over.

Lines go in one after the other, and what a line cites is asked for when it is needed, so memory stays flat. A log that was
cut at its end, or written anew as a whole, is only told from the true one by a head that was written down elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from sayso import canonical
from sayso.reader.evidence import TOOL, AnyLine, AudienceLine, DecisionLine, FetchLine, Head, Line, digest_of, read
from sayso.reader.evidence_redo import OTHER_VERSION, Exhibit, Finding, redo

MAX_FINDINGS = 100  # that are kept whole; the others are counted
KINDS: dict[type, str] = {FetchLine: "fetch", DecisionLine: "decision", AudienceLine: "audience"}

_object = msgspec.json.Decoder(dict[str, Any])


@dataclass(slots=True)
class Findings:
    """What came of an audit: the first findings and all of them by code, the head, the lines by kind, how many were done again."""

    head: Head | None = None
    first: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    redone: int = 0

    @property
    def wrong(self) -> bool:
        """Whether something is wrong, and not only done otherwise by another version of sayso."""
        return any(code != OTHER_VERSION for code in self.counts)

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it if it is one of the first."""
        self.counts[finding.code] += 1
        if len(self.first) < MAX_FINDINGS:
            self.first.append(finding)

    def misfiled(self, n: int | None) -> None:
        """Add that the tables keep a line under another number, address or time than its own, if they do."""
        if n is not None:
            _stop("evidence-chain", n, "it is filed under another number, address or time than its own", self)


def verify_log(lines: Iterable[bytes], exhibit: Exhibit, noted: Head | None = None) -> Findings:
    """Verify the lines of a log: their chain, what they cite, and again each fetch and each decision.

    ``exhibit`` gives the file of a digest; ``noted`` is a head that was written down before, and has to be in the chain.
    """
    findings, expected, reached = Findings(), 0, noted is None
    for data in lines:
        before = findings.head
        head = Head(before.count + 1 if before else 1, digest_of(data))
        findings.head = head
        reached = reached or head == noted
        line = _read(data)
        if line is None:
            _stop("evidence-line", expected, "it is no line that sayso writes", findings)
        else:
            if (line.n, line.prev) != (expected, before.digest if before else None):
                _stop("evidence-chain", line.n, "it does not follow the line before it", findings)
            expected = line.n
            _again(line, exhibit, findings)
        expected += 1
    if noted is not None and not reached:
        _stop("evidence-head", noted.count - 1, "the line that was written down elsewhere is not there", findings)
    return findings


def _again(line: AnyLine | Line, exhibit: Exhibit, findings: Findings) -> None:
    if not isinstance(line, AnyLine):
        _stop("evidence-other-version", line.n, f"{line.tool} wrote it, and {TOOL} cannot read it", findings)
        return
    findings.kinds[KINDS[type(line)]] += 1
    done = redo(line, exhibit)
    if isinstance(done, Finding):
        findings.add(done)
    else:
        findings.redone += done == "redone"


def _read(data: bytes) -> AnyLine | Line | None:
    """Read a line; of one that another version wrote, with members or kinds that we do not know, only its beginning."""
    try:
        return read(data)
    except canonical.NotCanonical:
        pass
    try:
        members = canonical.decode(data, _object)
        line = msgspec.convert(members | {"kind": "Line"}, Line)
    except (canonical.NotCanonical, msgspec.ValidationError):
        return None
    return None if line.tool == TOOL else line


def _stop(code: str, n: int, message: str, findings: Findings) -> None:
    findings.add(Finding(code, n, message))
